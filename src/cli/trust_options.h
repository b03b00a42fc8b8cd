/* SPDX-License-Identifier: Apache-2.0 */
/* Options that hand over what a Mac has of its own or asks a server for: roots, certificates, lists of revoked ones. */
#ifndef DS_CLI_TRUST_OPTIONS_H
#define DS_CLI_TRUST_OPTIONS_H

#include "cli/cli.h"
#include "crypto/store.h"

struct trust_options {
    struct name_vec roots, certificates, crls, ocsps; /* files; of `certificates` also folders */
};

extern const struct option_row trust_option_rows[];

/*
 * Read the files of OPTIONS, of the case that runs, and of the data directory. *STORE is NULL when there are none.
 * EXIT_ACCEPTED, or EXIT_TROUBLE after a complaint.
 */
int trust_from_options(struct cli *cli, const struct trust_options *options,
                       const struct trust_store **store);

/* True when somebody handed over lists or responses. */
bool trust_has_records(const struct trust_store *store);

/*
 * The same options among those of Apple's tools: taken out of ARGV, spelled in full, so that no short form of Apple's own
 * becomes unclear. False after a complaint: a value is missing.
 */
bool trust_take_words(struct cli *cli, int *argc, char **argv, struct trust_options *out);

#endif
