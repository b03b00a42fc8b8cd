/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER values: what the readers of entitlements and of profiles share. Both tell the first fault alone, go on after one that
 * only breaks the canonical form, and stop at one that leaves nothing to read.
 */
#ifndef DS_FORMAT_DER_VALUE_H
#define DS_FORMAT_DER_VALUE_H

#include "base/der.h"
#include "base/value.h"

struct der_reader {
    struct arena *a;
    unsigned depth;    /* of values in values */
    const char *fault; /* the first; NULL: none */
    uint64_t fault_at; /* offset in the input */
};

/* Remember the first fault. */
void der_fault(struct der_reader *r, uint64_t at, const char *why);
/* The same, for what cannot be read: NULL. */
struct value *der_unreadable(struct der_reader *r, uint64_t at, const char *why);

/* The next element, whose length must be in its shortest form. */
bool der_read(struct der_reader *r, struct cursor *c, struct der *out);

/* A number of at most 64 bits; a longer form than need be is no fault here. */
struct value *der_read_integer(struct der_reader *r, const struct der *d);
struct value *der_read_text(struct der_reader *r, const struct der *d);

#endif
