/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as Apple's tools take them: getopt_long() of macOS, with its complaints, which are not those of other
 * systems (codesign-output-corrections.md O2). Long names may be cut short while they stay clear; operands may stand
 * between options; "--" ends them.
 */
#ifndef DS_CLI_BSD_OPTIONS_H
#define DS_CLI_BSD_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

struct arena;

enum bsd_value { BSD_NONE, BSD_REQUIRED, BSD_OPTIONAL };

struct bsd_option {
    const char *name; /* NULL ends the list */
    enum bsd_value value;
    int id; /* a letter, or a number above 255 */
};

struct bsd_options {
    struct arena *arena;
    FILE *err;
    char **argv;
    int argc;
    const char *letters; /* "a:dv": a colon behind a letter that needs a value */
    const struct bsd_option *options;
    /* Since the last bsd_option_next(): */
    const char *value; /* NULL: none */
    bool unwanted; /* a value for an option that takes none: complained about, the option counts */
    /* In use: */
    int at;              /* argv[at] is next; start with 0 */
    const char *cluster; /* letters left of "-abc" */
    char **operands;     /* room for argc, filled as they are met */
    int operand_count;
};

#define BSD_END  (-1)
#define BSD_FAIL (-2) /* complained about: usage follows */

/* The id of the next option, BSD_END or BSD_FAIL. */
int bsd_option_next(struct bsd_options *o);

#endif
