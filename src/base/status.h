/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: whether *we* could work. What is wrong with the input is a finding (base/finding.h), never a
 * status. Every function that can fail for our own reasons returns one of these.
 */
#ifndef DS_BASE_STATUS_H
#define DS_BASE_STATUS_H

enum ds_status {
    DS_OK = 0,
    DS_NOMEM,       /* an allocation failed */
    DS_LIMIT,       /* a limit of base/limits.h was met; the message names it */
    DS_IO,          /* the file system refused; errno is kept beside it where a caller needs it */
    DS_INVALID,     /* the caller's arguments make no sense */
    DS_PARSE,       /* text of ours (case, rules, facts) does not parse; a diagnostic says where */
    DS_UNSUPPORTED, /* a library we build on cannot do this */
};

/* A short English phrase for STATUS, never NULL. */
const char *status_text(enum ds_status status);

#endif
