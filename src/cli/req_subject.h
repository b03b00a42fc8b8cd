/* SPDX-License-Identifier: Apache-2.0 */
/* What a requirement is evaluated for: signed code on disk, or facts in JSON; and the facts that are assumed. */
#ifndef DS_CLI_REQ_SUBJECT_H
#define DS_CLI_REQ_SUBJECT_H

#include "cli/req.h"
#include "lang/eval.h"
#include "seal/code.h"

struct req_subject_options {
    const char *facts, *base, *macos;
    struct name_vec assume;
};

extern const struct option_row req_subject_rows[];

/*
 * The subject that OPTIONS and PATH (NULL: none given) name. EXIT_ACCEPTED, or another exit status after a
 * complaint. Without either, *OUT is untouched and *GIVEN false.
 */
int req_subject(struct cli *cli, const struct req_subject_options *options, const char *path,
                struct subject *out, bool *given);

/* The signed code at PATH; NULL after a complaint. */
const struct code *req_code(struct cli *cli, const char *path);

/* Exit status of an evaluation. */
int req_exit(const struct req_result *r);
/* "true", "false: …", "undecided: notarized …", "error: …" */
const char *req_result_text(struct arena *a, const struct req_result *r);

#endif
