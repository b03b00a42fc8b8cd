/* SPDX-License-Identifier: Apache-2.0 */
/* What check shares with commands that judge too (replay, whatif): a request is parsed once and judged path by path, or
 * several paths as one. */
#ifndef DS_CLI_CMD_CHECK_H
#define DS_CLI_CMD_CHECK_H

#include "cli/host_options.h"
#include "cli/output.h"
#include "cli/trust_options.h"
#include "policy/judge.h"

struct check_options {
    struct host_options host;
    struct output_options output;
    struct trust_options trust;
    const char *requirement, *replaces, *peer, *detached, *resource, *trust_mode;
    struct name_vec rules, profiles;
    bool notary, sign, deep, strict, check_expiration, check_revocation, like_codesign, test_root;
};

struct check_request {
    struct check_options options;
    struct host host;
    struct name_vec paths;
    bool static_only;          /* verify: strict and deep only when asked for, as codesign does */
    enum stage only;           /* as in struct judge_input */
    const struct rules *rules; /* NULL: the built-in book */
    struct bytes demanded;     /* -R, compiled; n 0: none */
    struct bytes detached;     /* the file of --detached; n 0: none */
    const struct trust_store *store; /* what the options of `trust` hand over, NULL: nothing */
    struct profile_vec profiles;     /* installed on the Mac */
    const struct req_error_vec *demanded_errors; /* or why it does not compile */
};

/* The options of `check` that say what to run, by the members of struct check_options. */
extern const struct option_row check_option_rows[];

/* Fill a request whose host, paths and stages hold the defaults from the running command's words. */
int check_parse(struct cli *cli, int argc, char **argv, struct check_request *r);

/* The same when R's options and paths are filled already. */
int check_prepare(struct cli *cli, struct check_request *r);

/* The facts of PATHS, as one input that is to be judged as R says. EXIT_TROUBLE after a complaint when one cannot be read. */
int check_read(struct cli *cli, const struct check_request *r, const struct name_vec *paths,
               struct judge_input *in);

/* Judge PATHS as one input. EXIT_TROUBLE after a complaint when one cannot be read; else judgement_exit(). */
int check_judge(struct cli *cli, const struct check_request *r, const struct name_vec *paths,
                struct judgement *out);

/* Accepted and degraded (it runs) are success; what could not be read is trouble; -R alone has a status of its own. */
int judgement_exit(const struct judgement *j);

#endif
