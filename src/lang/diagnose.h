/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnose: an error of requirement text for people: the line, a caret under what does not fit, what would have
 * fitted, and what was probably meant (lang/advise.h). The reference's own messages are in lang/error.h.
 *
 *     my.req:1:29: unexpected '-'
 *         identifier com.example.my-tool and anchor apple
 *                                  ^
 *         expected "and", "or", ';' or the end
 *         hint: a name with '-' in it needs quotes: "com.example.my-tool"
 */
#ifndef DS_LANG_DIAGNOSE_H
#define DS_LANG_DIAGNOSE_H

#include "base/buf.h"
#include "lang/error.h"

struct req_diagnosis {
    uint32_t line,
        column; /* physical, in bytes from 1 (the reference's own do not count all newlines) */
    size_t at, length;    /* what does not fit, in the text */
    const char *message;  /* what was found: "unexpected '-'" */
    const char *expected; /* "\"and\", \"or\" or the end"; NULL when nothing in particular was */
    const char *hint;     /* NULL: none */
};

struct req_diagnosis req_diagnose(struct arena *a, struct bytes text,
                                  const struct req_error *error);

/* D as shown above; NAME is what the text is called. */
void req_put_diagnosis(struct buf *b, const char *name, struct bytes text,
                       const struct req_diagnosis *d);

#endif
