/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host: the imagined Mac that meets the code, and the answers that are not on disk (case-format.md `host`,
 * launch-policy.md §3.9). Plain data with defaults; nothing here reads a clock or a file.
 */
#ifndef DS_POLICY_HOST_H
#define DS_POLICY_HOST_H

#include "base/value.h"
#include "base/vec.h"
#include "base/verdict.h"
#include "base/when.h"
#include "seal/code.h"

enum launcher {
    LAUNCHED_BY_FINDER,
    LAUNCHED_BY_TERMINAL,
    LAUNCHED_BY_XCODE,
    LAUNCHED_BY_LAUNCHD,
    LAUNCHED_BY_UPDATER
};

#define MACOS(major, minor, patch) \
    ((uint32_t)(major) << 16 | (uint32_t)(minor) << 8 | (uint32_t)(patch))

struct installed_copy {
    const char *identifier, *platform, *version, *signer;
};

struct host {
    uint32_t macos;   /* MACOS(15, 3, 0); default: newest known */
    const char *arch; /* "arm64" or "x86_64" */
    int64_t date;     /* now */
    const char *udid; /* NULL: unknown */
    bool sip, developer_mode, rosetta;
    /* Directory that holds the top-level item: "/Applications"; NULL: unknown */
    const char *location;
    bool quarantine, first_launch;
    enum launcher launched_by;
    enum verdict notarized, user_approved, mdm_allows,
        store_accepts; /* assumptions; undecided = unanswered */
    /* Leaf serials (hex), SHA-256 (hex) or common names of revoked certificates */
    struct name_vec revoked;
    bool revocation_known; /* `revoked` was given: certificates not in it are not revoked */
    struct installed_vec VEC_OF(struct installed_copy) installed;
    bool installed_known;         /* `installed` was given: there are no other copies */
    const struct value *switches; /* launch-policy §3.9: switch name → value; NULL: all defaults */
    char min_evidence;            /* rules weaker than this become notes; 'D' by default */
};

/* The defaults: newest macOS, arm64, SIP on, in /Applications, started from the Finder, nothing assumed. */
struct host host_default(int64_t now);

/*
 * Read `host:` of a case, or facts in JSON, into *HOST (which holds the defaults). DS_PARSE with a message
 * naming the key in *ERROR when a key or value is unknown.
 */
enum ds_status host_read(struct arena *a, const struct value *v, struct host *host,
                         struct value_error *error);

/* One option, as on the command line: "macos", "15.3"; "assume", "notarized=yes"; the same keys as in cases. */
enum ds_status host_set(struct arena *a, struct host *host, const char *key, const char *text,
                        struct value_error *error);

/* "15.3" → MACOS(15,3,0); false when it is no version. And back. */
bool macos_parse(const char *text, uint32_t *out);
char *macos_text(struct arena *a, uint32_t version);

#endif
