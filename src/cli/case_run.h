/* SPDX-License-Identifier: Apache-2.0 */
/* Case run: build what a case's document describes, in memory, and put it before the command the case names. */
#ifndef DS_CLI_CASE_RUN_H
#define DS_CLI_CASE_RUN_H

#include "cli/cli.h"
#include "policy/judge.h"
#include "policy/log.h"
#include "policy/repair.h"

struct case_outcome {
    const char *trouble; /* it could not be built or run, and why; NULL otherwise */
    bool judged;         /* check, verify, notary, sign: `judgement` is there */
    struct judgement judgement;
    const struct repairs *repairs; /* the case expects a repair, or asks for one; NULL otherwise */
    struct judge_input input;      /* what was judged, where `repairs` is there */
    bool explained;                /* explain-log: `log` is there */
    struct log_report log;
    int exit_status;
    const char *out, *err; /* what a command line printed, NULL when none was run */
    struct name_vec paths; /* what was judged, in the forged file system */
};

/* Run DOC, a document of case_read(). */
void case_run(struct cli *cli, const struct value *doc, struct case_outcome *out);

#endif
