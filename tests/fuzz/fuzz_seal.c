/* SPDX-License-Identifier: Apache-2.0 */
/* CodeResources: its entries, and its rules on paths of every usual kind. */
#include "fuzz_run.h"
#include "seal/sealed.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    static const char *const paths[] = {"Info.plist", "Resources/de.lproj/a", "MacOS/x", ""};
    struct sealed sealed;
    struct bytes hash;
    const char *why;
    if (sealed_read(a, data, &sealed) != SEALED_OK)
        return DS_OK;
    for (size_t i = 0; i < sealed.items.n; i++)
        (void)sealed_hash(&sealed.items.at[i].entry, DIGEST_SHA256, &hash);
    (void)rules_weakness(a, sealed.rules, sealed.version, "Resources/");
    if (rules_read(a, sealed.rules, bytes_str("MacOS/x"), &sealed.matcher, &why) == RULES_OK)
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
            (void)rules_include(&sealed.matcher, bytes_str(paths[i]));
    return DS_OK;
}

FUZZ(work)
