/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fit: the provisioning profile that Apple would give to a piece of code as it is: for its signer's channel, team, certificate
 * and identifier, granting what that channel can grant of its claims (launch-policy.md §4.9) and nothing else. So a claim that
 * no such profile can hold stays unsatisfied, as it would in the developer account.
 */
#ifndef DS_POLICY_FIT_H
#define DS_POLICY_FIT_H

#include "policy/host.h"

/* Embed it in C, with the claims it brings along; false, with *WHY, when code like C has no profile. */
bool profile_fit(struct arena *a, struct code *c, const struct host *host, const char **why);

/* C's claims of its own identifiers, made to agree with team and identifier. */
void claim_identifiers(struct arena *a, struct code *c);

/* Set a claim in every slice of C; NULL takes it away. The values that others share stay as they are. */
void claim_set(struct arena *a, struct code *c, const char *key, struct value *v);

/* The NetworkExtension values of the other channel: with "-systemextension" or without. V is not changed. */
struct value *ne_values(struct arena *a, const struct value *v, bool suffixed);

#define KEY_APP_ID   "com.apple.application-identifier"
#define KEY_TEAM_ID  "com.apple.developer.team-identifier"
#define KEY_GROUPS   "com.apple.security.application-groups"
#define KEY_KEYCHAIN "keychain-access-groups"
#define KEY_NE       "com.apple.developer.networking.networkextension"
#define KEY_SANDBOX  "com.apple.security.app-sandbox"
#define KEY_INSTALL  "com.apple.developer.system-extension.install"

#endif
