/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signer facts: the certificates of a signature that nobody has made yet. A what-if that changes the signer needs a chain, so
 * that requirement expressions and profiles have something to be held against: it is taken from code that is already signed
 * so, or else presumed, with the names, markers and root that Apple gives to that kind.
 */
#ifndef DS_POLICY_SIGNER_FACTS_H
#define DS_POLICY_SIGNER_FACTS_H

#include "seal/code.h"

/* A kind as cases and edits call it: "developer-id"; false when WORD is none. "adhoc" and "none" are kinds. */
bool signer_kind_find(const char *word, enum signer_kind *out);
/* The word of KIND: "developer-id" … "adhoc", "none"; "other" for what no edit can make. */
const char *signer_kind_word(enum signer_kind kind);
/* All words, blank-separated, for hints. */
const char *signer_kind_words(struct arena *a);

/* Whether the kind's leaf carries a team; whether Xcode hardens code that it signs. */
bool signer_has_team(enum signer_kind kind);
bool signer_hardens(enum signer_kind kind);

/* Who signs. */
struct signer_choice {
    enum signer_kind kind;
    const char *team;          /* NULL: none */
    const char *name;          /* the developer's; NULL: "Example" */
    const struct code *others; /* more code whose signer is at hand, NULL: none */
    bool fresh;                /* a new certificate, even where one of the kind signs already */
};

/* Fill signer, chain, anchor and the states that go with them; the chain is presumed. Not for adhoc and none. */
void signer_presume(struct arena *a, const struct signer_choice *who, struct signature *sig);
/* The same, taken from SOURCE, whose signer is the one wanted. */
void signer_copy(const struct signature *source, struct signature *sig);

/* The signer of provisioning profiles, presumed. */
const struct cert **profile_signer_presume(struct arena *a, size_t *count);

#endif
