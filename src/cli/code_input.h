/* SPDX-License-Identifier: Apache-2.0 */
/* Operands that are signed things: path → facts. */
#ifndef DS_CLI_CODE_INPUT_H
#define DS_CLI_CODE_INPUT_H

#include "cli/cli.h"
#include "policy/host.h"

/* What `check` validates with: everything, all faults collected. */
struct code_options code_options_for(const struct cli *cli, const struct host *host);

/* The facts of OPERAND; NULL after a complaint (exit status EXIT_TROUBLE). */
struct code *cli_code(struct cli *cli, const char *operand, const struct code_options *options);
/* The same, but what cannot be read is code of which nothing else is known (code_unreadable()); never NULL. */
struct code *cli_code_or_fault(struct cli *cli, const char *operand,
                               const struct code_options *options);
/*
 * The same, as it lies in the app around it, where there is one: subsystems ask for that. Its parent is then set, and its
 * path begins with the app's name.
 */
struct code *cli_code_in_place(struct cli *cli, const char *operand,
                               const struct code_options *options);

/* The graver of two exit statuses: trouble, then refused, undecided, requirement, accepted. */
int exit_worse(int a, int b);

#endif
