/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codesign: Apple's command line for verifying and displaying (static-validation.md §8, with the corrections of
 * codesign-output-corrections.md, which follow macOS 27), and for a dry run of signing. Nothing is signed.
 */
#ifndef DS_CLI_COMPAT_CODESIGN_H
#define DS_CLI_COMPAT_CODESIGN_H

#include "cli/cli.h"
#include "cli/imitated.h"
#include "lang/parse.h"
#include "seal/code.h"

enum codesign_operation {
    CODESIGN_NONE,
    CODESIGN_VERIFY,
    CODESIGN_DISPLAY,
    CODESIGN_HOSTS,
    CODESIGN_SIGN,
    CODESIGN_CONSTRAINT,
    CODESIGN_OTHER
};

enum {
    CODESIGN_FINE = 0,
    CODESIGN_FAILED = 1,
    CODESIGN_USAGE = 2,
    CODESIGN_UNMET = 3,
    CODESIGN_DATA = 65 /* entitlements that cannot be printed typed (E4) */
};

struct codesign {
    struct cli *cli;
    struct host mac; /* whose codesign this is */
    enum codesign_operation operation;
    unsigned verbose;
    bool strict_off;    /* --no-strict: whatever other words say */
    unsigned long slot; /* --signature-slot: which of several signatures, from 1 */
    bool numeric, stop; /* stop: an operand ended the run */
    struct code_options options;
    const char *requirement; /* -R as given, NULL: none */
    struct bytes test;       /* compiled */
    const char *requirements, *entitlements, *file_list, *directory, *certificates; /* sinks */
    bool xml, der, colon_warned;
    const char *identity, *identifier, *flags; /* -s, -i, -o */
    bool force, dry;
    struct value *claims; /* of the entitlements to sign with, NULL: none */
};

/* Fills C from the command line; CODESIGN_FINE, or the exit status after a complaint. */
int codesign_options(struct codesign *c, int argc, char **argv, char ***operands);

/* What signing asks for before it looks at operands; false after a complaint. */
bool codesign_sign_prepare(struct codesign *s);
/* As one operand is signed, up to the point where something would be written. */
int codesign_sign(struct codesign *s, const char *operand, struct code *code);
/* A property list as a launch constraint. */
int codesign_validate_constraint(struct codesign *s, const char *operand);

/* A requirement, or a set of them, as TEXT; false after a complaint. The result is in C->test. */
bool codesign_compile(struct codesign *c, struct bytes text, enum req_mode mode);
/* The file OPERAND, or standard input for "-"; false after a complaint in the Mac's words. */
bool codesign_read(struct codesign *c, const char *operand, struct bytes *out);

/* One operand each: 0 or the exit status. CODE was read with the operand's real path as its name. */
int codesign_verify(struct codesign *c, const char *operand, const struct code *code);
int codesign_display(struct codesign *c, const char *operand, const struct code *code);
/* What --display sends to files or standard output; 0 or the exit status. Certificates, requirements and
 * entitlements come first, the list of files last. */
int codesign_sinks(struct codesign *c, const char *operand, const struct code *code);
int codesign_file_list(struct codesign *c, const char *operand, const struct code *code);

/* "OPERAND: text of the status", its number first when that was asked for. */
void codesign_say_status(struct codesign *c, const char *operand, int64_t status);

/* What C is, as displayed and told after signing. */
const char *codesign_format(const struct codesign *s, const struct code *c);

/* REPORTED, a path of C or of what lies in it, as the Mac writes it: by Versions/Current. */
const char *codesign_path(struct arena *a, const struct code *c, const char *reported);

/* The destination of a sink: standard output for "-", else a file opened in MODE; NULL after a complaint. */
FILE *codesign_open(struct codesign *c, const char *path, const char *mode);
void codesign_close(struct codesign *c, FILE *to);

#endif
