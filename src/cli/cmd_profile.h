/* SPDX-License-Identifier: Apache-2.0 */
/* profile: its parts, one a file (cmd_profile_*.c). */
#ifndef DS_CLI_CMD_PROFILE_H
#define DS_CLI_CMD_PROFILE_H

#include "cli/cli.h"

extern const struct command_spec profile_show_spec;
extern const struct command_spec profile_match_spec;

#endif
