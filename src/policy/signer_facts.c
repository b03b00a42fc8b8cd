/* SPDX-License-Identifier: Apache-2.0 */
/* Signer facts: see signer_facts.h. */
#include "policy/signer_facts.h"

#include <string.h>

#include "base/arena.h"

#define MARKERS      3
#define MARKER_VALUE "\x05" /* NULL, then its length 0: what Apple's markers hold */

enum authority {
    AUTHORITY_NONE,
    AUTHORITY_OWN,
    AUTHORITY_WWDR,
    AUTHORITY_DEVELOPER_ID,
    AUTHORITY_APPLE_CODE
};

struct kind_row {
    const char *word;
    enum signer_kind kind;
    const char *common_name;
    enum authority authority;
    bool developer, hardened;
    enum oid_id markers[MARKERS];
};

static const struct kind_row kinds[] = {
#define SIGNER(word, kind, name, authority, developer, hardened, ...) \
    {word, SIGNER_##kind, name, AUTHORITY_##authority, developer, hardened, {__VA_ARGS__}},
#include "policy/signer_facts.def"
#undef SIGNER
};

#define KINDS (sizeof kinds / sizeof *kinds)

static const struct kind_row *row_of(enum signer_kind kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

bool signer_kind_find(const char *word, enum signer_kind *out)
{
    *out = strcmp(word, "adhoc") == 0 ? SIGNER_ADHOC : SIGNER_NONE;
    if (*out == SIGNER_ADHOC || strcmp(word, "none") == 0)
        return true;
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

const char *signer_kind_word(enum signer_kind kind)
{
    const struct kind_row *row = row_of(kind);

    if (row)
        return row->word;
    return kind == SIGNER_ADHOC ? "adhoc" : kind == SIGNER_NONE ? "none" : "other";
}

const char *signer_kind_words(struct arena *a)
{
    const char *words = "adhoc none";

    for (size_t i = 0; i < KINDS; i++)
        words = arena_printf(a, "%s %s", words, kinds[i].word);
    return words;
}

bool signer_has_team(enum signer_kind kind)
{
    const struct kind_row *row = row_of(kind);

    return row && row->developer;
}

bool signer_hardens(enum signer_kind kind)
{
    const struct kind_row *row = row_of(kind);

    return row && row->hardened;
}

/* -- presumed certificates */

static void add_attribute(struct arena *a, struct cert *c, enum oid_id type, const char *text)
{
    vec_push(a, &c->attributes,
             (struct cert_attribute){.oid = oid_bytes(a, type),
                                     .tag = 12, /* UTF8String */
                                     .raw = bytes_str(text),
                                     .text = bytes_str(text),
                                     .decoded = true});
}

/* The account date (6.1.33) holds a UTF8String of a time; a day after notarization became a duty. */
static void add_marker(struct arena *a, struct cert *c, enum oid_id marker)
{
    static const char date[] = "\x0c\x0f"
                               "20200101000000Z",
                      null[] = MARKER_VALUE;
    bool dated = marker == OID_APPLE_DEVID_DATE;

    vec_push(a, &c->extensions,
             (struct cert_extension){.oid = oid_bytes(a, marker),
                                     .value = dated ? bytes_of(date, sizeof date - 1)
                                                    : bytes_of(null, sizeof null)});
}

/* The bytes of a certificate nobody has: they only tell it from others, as in the list of a profile. */
static struct cert *presume_cert(struct arena *a, const char *common_name, const char *team)
{
    struct cert *c = arena_new_of(a, struct cert);

    c->der = bytes_str(arena_printf(a, "presumed: %s %s", common_name, team ? team : ""));
    c->common_name = common_name;
    c->name_decodable = true;
    c->team = c->first_unit = team;
    c->not_before = c->not_after = WHEN_NONE;
    c->path_length = -1;
    if (team)
        add_attribute(a, c, OID_NAME_UID, team);
    add_attribute(a, c, OID_NAME_CN, common_name);
    if (team)
        add_attribute(a, c, OID_NAME_OU, team);
    return c;
}

/* 2 N hex digits to N bytes. */
static void from_hex(const char *hex, uint8_t *out, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 |
                           (strchr(digits, hex[2 * i + 1]) - digits));
}

static struct cert *apple_root(struct arena *a)
{
    static const struct {
        const char *name, *sha256, *sha1;
    } roots[] = {
#define ANCHOR(id, name, sha256, sha1) {name, sha256, sha1},
#include "crypto/anchors.def"
#undef ANCHOR
    };
    struct cert *c = presume_cert(a, roots[0].name, NULL);

    from_hex(roots[0].sha256, c->sha256, sizeof c->sha256);
    from_hex(roots[0].sha1, c->sha1, sizeof c->sha1);
    return c;
}

static struct cert *authority_cert(struct arena *a, enum authority authority)
{
    static const struct {
        const char *name;
        enum oid_id marker;
    } rows[] = {
        [AUTHORITY_NONE] = {"", OID_UNKNOWN},
        [AUTHORITY_OWN] = {"Example Certification Authority", OID_UNKNOWN},
        [AUTHORITY_WWDR] = {"Apple Worldwide Developer Relations Certification Authority",
                            OID_APPLE_WWDR},
        [AUTHORITY_DEVELOPER_ID] = {"Developer ID Certification Authority", OID_APPLE_DEVID_CA},
        [AUTHORITY_APPLE_CODE] = {"Apple Code Signing Certification Authority", OID_UNKNOWN},
    };
    struct cert *c = presume_cert(a, rows[authority].name, NULL);

    if (rows[authority].marker != OID_UNKNOWN)
        add_marker(a, c, rows[authority].marker);
    return c;
}

/* LEAF, its authority and the root; fewer for authorities of one's own. */
static const struct cert **presume_chain(struct arena *a, struct cert *leaf,
                                         enum authority authority, size_t *count)
{
    const struct cert **chain = arena_array(a, 3, const struct cert *);

    chain[0] = leaf;
    *count = authority == AUTHORITY_NONE ? 1 : authority == AUTHORITY_OWN ? 2 : 3;
    if (*count > 1)
        chain[1] = authority_cert(a, authority);
    if (*count > 2)
        chain[2] = apple_root(a);
    return chain;
}

static struct cert *presume_leaf(struct arena *a, const struct signer_choice *who,
                                 const struct kind_row *row)
{
    const char *developer = who->name ? who->name : "Example";
    const char *team = row->developer ? who->team : NULL;
    struct cert *leaf;

    if (!row->developer)
        developer = "";
    leaf = presume_cert(a,
                        team && *row->common_name
                            ? arena_printf(a, "%s%s (%s)", row->common_name, developer, team)
                            : arena_printf(a, "%s%s", row->common_name, developer),
                        team);
    leaf->organisation = row->developer ? developer : NULL;
    if (leaf->organisation)
        add_attribute(a, leaf, OID_NAME_O, developer);
    for (size_t i = 0; i < MARKERS && row->markers[i] != OID_UNKNOWN; i++)
        add_marker(a, leaf, row->markers[i]);
    leaf->has_key_usage = true;
    leaf->key_usage = 1;
    vec_push(a, &leaf->usages,
             oid_bytes(a, row->kind == SIGNER_DEVELOPER_ID_INSTALLER ? OID_APPLE_EKU_INSTALLER
                                                                     : OID_EKU_CODE_SIGNING));
    return leaf;
}

void signer_presume(struct arena *a, const struct signer_choice *who, struct signature *sig)
{
    const struct kind_row *row = row_of(who->kind);
    bool apples = row && row->authority >= AUTHORITY_WWDR;

    if (!row)
        return;

    sig->chain = presume_chain(a, presume_leaf(a, who, row), row->authority, &sig->chain_count);
    sig->anchor = apples ? ANCHOR_APPLE : ANCHOR_NONE;
    sig->chain_trusted = apples;
    sig->signer = who->kind;
    sig->presumed = true;
    sig->revocation = (struct revocation){.when = WHEN_NONE};
}

void signer_copy(const struct signature *source, struct signature *sig)
{
    sig->chain = source->chain;
    sig->chain_count = source->chain_count;
    sig->anchor = source->anchor;
    sig->chain_trusted = source->chain_trusted;
    sig->signer = source->signer;
    sig->presumed = source->presumed;
    sig->revocation = source->revocation;
}

const struct cert **profile_signer_presume(struct arena *a, size_t *count)
{
    struct cert *leaf = presume_cert(a, "Mac Provisioning Profile Signing", NULL);

    add_marker(a, leaf, OID_APPLE_PROFILE_MAC);
    leaf->has_key_usage = true;
    leaf->key_usage = 1;
    return presume_chain(a, leaf, AUTHORITY_WWDR, count);
}
