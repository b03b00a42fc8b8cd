/* SPDX-License-Identifier: Apache-2.0 */
/* profile: provisioning profiles, one part a file. */
#include "config.h"

#include "cli/cmd_profile.h"

static const struct command parts[] = {
    {.name = "show", .summary = "what it says, and who signed it", .spec = &profile_show_spec},
    {.name = "match",
     .summary = "which claim is covered by what, value by value",
     .spec = &profile_match_spec},
    {0},
};

const struct command_spec cmd_profile = {
    .synopsis = "PART [options] [OPERAND...]",
    .about = "Provisioning profiles as taskgated-helper reads them; dryseal-policy(7) tells how a "
             "Mac decides.",
    .examples = "  dryseal profile show My.provisionprofile\n"
                "  dryseal profile match My.app\n",
    .parts = parts,
};
