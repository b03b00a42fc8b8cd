/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profile: what taskgated-helper makes of a provisioning profile (launch-policy.md §3.6, §3.7, §6): whether
 * it may authorise this code at all, and which claim it covers, value by value. Pure: facts in, answers out;
 * policy/amfi.c turns them into findings, the command `profile match` into a table.
 */
#ifndef DS_POLICY_PROFILE_H
#define DS_POLICY_PROFILE_H

#include "policy/entitlement.h"
#include "policy/host.h"
#include "policy/match.h"

enum profile_kind {
    PROFILE_DEVELOPMENT,  /* ProvisionedDevices */
    PROFILE_DEVELOPER_ID, /* ProvisionsAllDevices, for the Mac */
    PROFILE_ENTERPRISE,   /* the same, for other platforms */
    PROFILE_STORE         /* neither */
};
const char *profile_kind_name(enum profile_kind kind); /* "Developer ID" … */
enum profile_kind profile_kind_of(const struct profile *p);

/* The code a profile is held against, and the Mac it happens on. */
struct profile_holder {
    const struct value *claims;  /* a dictionary, NULL: nothing is claimed */
    const char *code_identifier; /* of the CodeDirectory */
    const char *team;            /* of the CodeDirectory, NULL: none */
    struct bytes leaf;           /* DER of the signing certificate, {NULL,0}: not looked at */
    enum signer_kind signer;
    uint32_t platform; /* LC_BUILD_VERSION: 1 macOS, 2 iOS, 6 Catalyst, 10 DriverKit */
    const struct host *host;
    const struct switches *switches;
};

/* C as a holder; CLAIMS are those that count (policy/judging.h, code_claims()). */
struct profile_holder profile_holder_of(const struct code *c, const struct value *claims,
                                        const struct host *host, const struct switches *switches);

/* What a fault does to a profile: a dropped one is no candidate; a void one is, and grants nothing. */
enum profile_effect { PROFILE_DROPS, PROFILE_VOIDS, PROFILE_WARNS };

struct profile_fault {
    enum finding_id id; /* AMFI-PROFILE-… */
    enum profile_effect effect;
    const char *detail;
};

/* The checks V1 to V7 and HM1, in their order; all that failed, the first is the cause. */
struct profile_check {
    struct profile_fault_vec VEC_OF(struct profile_fault) faults;
    bool dropped, is_void; /* by the first fault that does either */
    bool asks_device;      /* the device list decides, and the host has no identifier */
    enum profile_kind kind;
    const char *name, *app_id, *team; /* "" when the profile has none */
    const struct value *grants;       /* Entitlements; NULL when there are none */
};

void profile_check(struct arena *a, const struct profile *p, const struct profile_holder *holder,
                   struct profile_check *out);

/* One value of a claim: an item of a list, or the value itself. */
struct claim_item {
    const char *text;       /* the claimed value */
    const char *covered_by; /* the granted value, "team prefix" …; NULL: not covered */
};

struct claim_match {
    const char *key;
    const struct value *claim, *grant; /* grant NULL: the profile has no such key */
    enum claim_class class;
    bool needs;   /* soft or hard: a profile is consulted for it */
    bool covered; /* true also when none is needed */
    struct match match;
    struct claim_item_vec VEC_OF(struct claim_item) items;
};

struct profile_match {
    struct claim_match_vec VEC_OF(struct claim_match) claims; /* in the order claimed */
    size_t hard, soft, uncovered_hard, uncovered_soft;        /* counts */
    char grade;                /* the weakest on the way, 'A' when nothing was compared */
    bool routes[SWITCH_COUNT]; /* switches that answered */
    struct name_vec listed;    /* what the log prints as unsatisfied */
};

/* GRANTS may be NULL: nothing is granted, as by a void profile. */
void profile_match(struct arena *a, const struct profile_holder *holder, const struct value *grants,
                   struct profile_match *out);

/* The application identifier that HOLDER has for the match: claimed, or the one assumed for it; NULL: none. */
const char *profile_app_id(struct arena *a, const struct profile_holder *holder);
/* Mac or iOS spelling, as HOLDER's platform has it. */
const char *profile_app_id_key(const struct profile_holder *holder);

#endif
