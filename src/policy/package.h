/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Package: code in another form, with all that belongs to it. A Network Extension provider (subsystem-checks.md §1.4,
 * §1.5, §2) as system extension or app extension: place and file name, Info.plist, values of the entitlement on both
 * sides, the app's claims, profiles that fit. A bare tool in a bundle shaped like an app, where a profile has its
 * place (ES-01).
 */
#ifndef DS_POLICY_PACKAGE_H
#define DS_POLICY_PACKAGE_H

#include "policy/host.h"

/* What was packed: `app` (NULL: none) has changed as well and needs a new signature. */
struct packed {
    struct code *provider, *app;
    const char *why; /* it could not be done */
};

/*
 * WORD: "system-extension", "app-extension" or "app". *OUT says which code has changed; false, with `why`, when C is
 * no such thing.
 */
bool package_as(struct arena *a, struct code *c, const char *word, const struct host *host,
                struct packed *out);

/* Both sides' values and profiles in the form of the channel that the app is signed for. */
void package_for_channel(struct arena *a, struct code *c, const struct host *host);

#endif
