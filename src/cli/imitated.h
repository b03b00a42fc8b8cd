/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Mac whose command lines are imitated: codesign, spctl, pkgutil as one release prints them. They follow macOS 27
 * unless a case or an option of ours names another release (codesign-output-corrections.md, marks V).
 */
#ifndef DS_CLI_IMITATED_H
#define DS_CLI_IMITATED_H

#include "cli/cli.h"
#include "policy/host.h"

/* ASSUMPTION(imitated-newest): newer than the newest that rules describe, as the corrections are. */
#define IMITATED_NEWEST MACOS(27, 0, 0)

/*
 * Take our own options out of ARGV: --allow-test-root, --macos VERSION, --host-arch ARCH, --assume FACT=yes|no, --date
 * DATE. They must be written in full, so that no short form of Apple's options becomes unclear. Then *HOST is the Mac:
 * its `macos` is the release that is imitated. EXIT_ACCEPTED, or EXIT_USAGE after a complaint.
 */
int imitated_take(struct cli *cli, int *argc, char **argv, struct host *host);

#endif
