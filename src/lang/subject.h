/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subject: what evaluation asks of a piece of code (requirement-language.md §4.1), in base types alone. What
 * is simple is plain data; certificates answer through functions, so that this layer sees none.
 *
 * Invariants. (1) A zeroed subject is code of which everything is known, and there is nothing: no
 * CodeDirectory, no chain, no dictionaries, no service that says yes. (2) A fact in `unknown` makes what
 * depends on it undecided, whatever its member holds. (3) All that is pointed to outlives the evaluation.
 */
#ifndef DS_LANG_SUBJECT_H
#define DS_LANG_SUBJECT_H

#include "base/value.h"
#include "base/verdict.h"

enum subject_fact {
    FACT_NONE,
#define FACT(id, name, what) FACT_##id,
#include "lang/facts.def"
#undef FACT
    FACT_COUNT
};
#define FACT_BIT(fact) (1u << (fact))

/* "notarized"; "whether a notarization ticket exists for the code"; the fact of a name, FACT_NONE. */
const char *subject_fact_name(enum subject_fact fact);
const char *subject_fact_text(enum subject_fact fact);
enum subject_fact subject_fact_of(const char *name);

/* Trust settings of a certificate (§4.7). */
enum trust_setting {
    TRUST_UNSPECIFIED = 0, /* none, or "unspecified" */
    TRUST_ROOT,
    TRUST_AS_ROOT,
    TRUST_DENY,
    TRUST_UNKNOWN, /* nobody told us */
};

enum fragment_kind { FRAGMENT_CODE, FRAGMENT_ANCHOR }; /* subreq/NAME, anchorreq/NAME */

struct subject;

/* Questions about certificate INDEX of the chain, always below chain_count; 0 is the leaf. */
struct subject_ops {
    /* SHA-1 of the DER, 20 bytes. */
    const uint8_t *(*sha1)(const struct subject *s, size_t index);
    /* The last subject attribute of that type (content octets), decoded to UTF-8; false: none, or undecodable. */
    bool (*field)(const struct subject *s, size_t index, struct bytes type, struct bytes *text);
    bool (*has_extension)(const struct subject *s, size_t index, struct bytes oid);
    bool (*has_policy)(const struct subject *s, size_t index, struct bytes oid);
    /* The date in an extension, seconds since 2001, never 0; false: no such extension, or no valid date in it. */
    bool (*date)(const struct subject *s, size_t index, struct bytes oid, int64_t *seconds);
    /* The N-th mail address: rfc822 names of subjectAltName, then emailAddress attributes; false behind the last. */
    bool (*email)(const struct subject *s, size_t index, size_t n, struct bytes *text);
    /* The subject as a name for people: "Developer ID Application: …". May be NULL: no names are shown. */
    const char *(*name)(const struct subject *s, size_t index);
    /* May be NULL: no settings at all. */
    enum trust_setting (*trust)(const struct subject *s, size_t index);
    /* The requirement stored under NAME; false: none. May be NULL: there are none, as in what Apple publishes. */
    bool (*fragment)(const struct subject *s, enum fragment_kind kind, struct bytes name,
                     struct bytes *blob);
};

struct subject {
    const struct subject_ops *ops; /* may be NULL when there is no chain */
    const void *self;              /* the ops' own */

    unsigned unknown; /* FACT_BITs */

    bool has_directory; /* of the chosen CodeDirectory: */
    struct bytes identifier, cdhash;
    uint8_t platform;
    bool has_package_checksum; /* a package under assessment, which has no CodeDirectory */

    size_t chain_count;
    bool apple_anchor; /* the last certificate is one of Apple's roots (§4.6) */

    const struct value *info, *entitlements; /* NULL: none */

    bool notarized, legacy_listed, in_trust_cache, apple_internal, force_platform;
    bool has_timestamp;
    double timestamp; /* secure, seconds since 2001 */

    /* Switches. */
    /* Before macOS 26 `anchor apple` asked for no marker in the leaf (§4.6, §9) */
    bool old_anchor_apple;
    bool
        unread_operands; /* without a CodeDirectory the reference leaves the operands of `identifier` and
                              `cdhash` unread, and what follows is read from inside them (§4.8); off: skipped */
};

static inline bool subject_unknown(const struct subject *s, enum subject_fact fact)
{
    return (s->unknown & FACT_BIT(fact)) != 0;
}

/* The subject attributes of certificates that requirements can name. */
enum subject_field {
#define FIELD(id, name, oid, phrase) FIELD_##id,
#include "lang/fields.def"
#undef FIELD
    FIELD_COUNT
};

/* The attribute of the name "subject.OU" (exactly), FIELD_COUNT when there is none; its type; its phrase. */
enum subject_field subject_field_of(struct bytes name);
struct bytes subject_field_type(enum subject_field field);
const char *subject_field_name(enum subject_field field);
const char *subject_field_phrase(enum subject_field field);

/* Certificate SLOT of the chain as an index (§4.1): negative slots count from the root; false: none there. */
bool subject_slot(const struct subject *s, int32_t slot, size_t *index);

#endif
