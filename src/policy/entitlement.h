/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entitlement: what is known of each key (launch-policy.md §5, entitlements.def) and what the kernel makes of
 * it (§3.2, kernel_tables.def). The catalogue is knowledge for people and hints; the kernel tables decide.
 */
#ifndef DS_POLICY_ENTITLEMENT_H
#define DS_POLICY_ENTITLEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a row's key is compared. */
enum key_match { KEY_EXACT, KEY_PREFIX, KEY_ANY };

/* A row of the catalogue; all text static, "-" for nothing. */
struct entitlement_row {
    const char *key;
    enum key_match match;
    const char *platform;   /* "macOS", "iOS/Catalyst" … */
    const char *class_name; /* kernel table: unrestricted, sandbox, soft, hard, none */
    const char *restricted; /* no, yes, soft, private */
    const char *type, *rule;
    const char *dev, *devid, *mas; /* which profile kind may authorise it: y n ? np n/a - */
    const char *subsystem, *notes;
    char grade;
    const char *dist, *sources;
};

size_t entitlement_count(void);
const struct entitlement_row *entitlement_at(size_t i);

/* The row in force for KEY on the Mac, or on iOS-style platforms: exact, else longest prefix, else the last resort. */
const struct entitlement_row *entitlement_find(const char *key, bool ios_style);
/* A known key near KEY, NULL when none is. */
const char *entitlement_suggest(const char *key);

/* The kernel's tables, in the order they are asked. */
enum kernel_table {
    KERNEL_SOFT,       /* restricted, but never kills */
    KERNEL_SANDBOX,    /* not restricted, sets CS_KILL */
    KERNEL_FREE,       /* anybody's */
    KERNEL_EXEMPT,     /* hard, without CS_RESTRICT */
    KERNEL_WAIVED,     /* hard only while SIP is on */
    KERNEL_SYSEXT,     /* system-extension claims … */
    KERNEL_SYSEXT_JIT, /* … of which these may use JIT */
    KERNEL_RELAX,      /* hardened-runtime relaxations … */
    KERNEL_RELAX_JIT,  /* … of which these are JIT */
    KERNEL_JIT_SPECIAL /* no flags when SIP file protection is off */
};

/* True when KEY is in TABLE on MACOS. */
bool kernel_has_key(enum kernel_table table, const char *key, uint32_t macos);

/* What a claim of KEY is to the kernel. */
enum claim_class { CLAIM_SOFT, CLAIM_SANDBOX, CLAIM_FREE, CLAIM_WAIVED, CLAIM_HARD };
enum claim_class claim_classify(const char *key, uint32_t macos, bool sip);
const char *claim_class_name(enum claim_class c);

#endif
