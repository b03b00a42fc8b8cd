/* SPDX-License-Identifier: Apache-2.0 */
/* Options that describe the imagined Mac and answer what is not on disk; the names are those of a case's `host`. */
#ifndef DS_CLI_HOST_OPTIONS_H
#define DS_CLI_HOST_OPTIONS_H

#include "cli/cli.h"
#include "policy/host.h"

struct host_options {
    const char *macos, *arch, *date, *device, *location, *launched_by, *sip, *developer_mode;
    const char *min_evidence;
    bool quarantine, first_launch;
    struct name_vec assume, switches;
};

extern const struct option_row host_option_rows[];

/* The host that OPTIONS describe, over what *HOST holds. EXIT_ACCEPTED, or EXIT_USAGE after a complaint. */
int host_from_options(struct cli *cli, const struct host_options *options, struct host *host);

#endif
