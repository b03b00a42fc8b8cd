/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eval: see eval.h. One function an opcode. Evaluation is what moves the read position, so every function
 * reads all its operands before it looks at facts. After an error nothing more is read.
 */
#include "lang/eval.h"

#include "base/limits.h"
#include "lang/match.h"
#include "lang/unicode.h"

/* Seconds since 2001 of the `legacy` policy (§4.5): 2019-04-08 and 2019-06-01. */
#define ACCOUNT_CUT_OFF   576374400
#define TIMESTAMP_CUT_OFF 581040000

#define OCTETS(text)          ((struct bytes){(const uint8_t *)(text), sizeof(text) - 1})
#define OID_ACCOUNT_DATE      OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x01\x21") /* …100.6.1.33 */
#define OID_SOFTWARE          OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x16")     /* …100.6.22 */
#define OID_SOFTWARE_INTERNAL OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x16\x01") /* …100.6.22.1 */

struct evaluator {
    struct arena *arena;
    const struct subject *s;
    struct cursor c;
    enum req_status error;
    bool too_deep;           /* the error is about nesting */
    struct req_trace *trace; /* NULL: none wanted */
    struct req_step seen;    /* what the leaf under way saw, for the trace */
    unsigned fragment;
};

/* -- Answers */

struct answer {
    enum verdict verdict;
    enum subject_fact fact; /* undecided: what is missing */
};

static struct answer known(bool b)
{
    return (struct answer){verdict_of(b), FACT_NONE};
}

static struct answer unknown(enum subject_fact fact)
{
    return (struct answer){VERDICT_UNDECIDED, fact};
}

/* B, unless FACT is unknown. */
static struct answer told(const struct evaluator *e, enum subject_fact fact, bool b)
{
    return subject_unknown(e->s, fact) ? unknown(fact) : known(b);
}

/* V of operands A and B; the fact is that of the first undecided one. */
static struct answer of_two(enum verdict v, struct answer a, struct answer b)
{
    if (v != VERDICT_UNDECIDED)
        return (struct answer){v, FACT_NONE};
    return unknown(a.verdict == VERDICT_UNDECIDED ? a.fact : b.fact);
}

static struct answer both(struct answer a, struct answer b)
{
    return of_two(verdict_and(a.verdict, b.verdict), a, b);
}

static struct answer either(struct answer a, struct answer b)
{
    return of_two(verdict_or(a.verdict, b.verdict), a, b);
}

static struct answer fail(struct evaluator *e, enum req_status error)
{
    if (e->error == REQ_OK)
        e->error = error;
    return known(false);
}

/* -- What a leaf saw */

static void saw(struct evaluator *e, enum req_seen seen)
{
    e->seen.seen = seen;
}

static void saw_bytes(struct evaluator *e, enum req_seen seen, struct bytes bytes)
{
    e->seen.seen = seen;
    e->seen.bytes = bytes;
}

static void saw_number(struct evaluator *e, enum req_seen seen, int64_t number)
{
    e->seen.seen = seen;
    e->seen.number = number;
}

/* -- CodeDirectory */

/*
 * Operand of `identifier` and `cdhash`. Without a CodeDirectory the reference does not read it, and reads
 * what follows from inside it (§4.8): followed only when the subject asks for that.
 */
static bool directory_operand(struct evaluator *e, struct bytes *operand)
{
    if (e->s->has_directory || !e->s->unread_operands || subject_unknown(e->s, FACT_DIRECTORY))
        *operand = req_data(&e->c);
    if (!e->s->has_directory)
        saw(e, SEEN_NO_DIRECTORY);
    return e->s->has_directory;
}

static struct answer identifier(struct evaluator *e)
{
    struct bytes wanted;
    if (!directory_operand(e, &wanted))
        return told(e, FACT_DIRECTORY, false);
    saw_bytes(e, SEEN_TEXT, e->s->identifier);
    return told(e, FACT_DIRECTORY, bytes_equal(wanted, e->s->identifier));
}

static struct answer cdhash(struct evaluator *e)
{
    struct bytes wanted;
    if (!directory_operand(e, &wanted))
        return told(e, FACT_DIRECTORY, false);
    saw_bytes(e, SEEN_HASH, e->s->cdhash);
    return told(e, FACT_DIRECTORY, bytes_equal(wanted, e->s->cdhash));
}

static struct answer platform(struct evaluator *e)
{
    int32_t wanted = (int32_t)req_word(&e->c);
    if (e->s->has_directory)
        saw_number(e, SEEN_NUMBER, e->s->platform);
    else
        saw(e, SEEN_NO_DIRECTORY);
    return told(e, FACT_DIRECTORY, e->s->has_directory && e->s->platform == wanted);
}

/* -- Dictionaries */

static struct answer dictionary(struct evaluator *e, const struct value *dict, struct bytes key,
                                const struct req_matcher *m)
{
    const struct value *v = value_get_bytes(dict, unicode_of_bytes(e->arena, key));
    saw(e, !dict ? SEEN_NO_DICTIONARY : !v ? SEEN_ABSENT : SEEN_VALUE);
    e->seen.value = v;
    return known(req_match_value(e->arena, m, v));
}

static struct answer info(struct evaluator *e, struct bytes key, const struct req_matcher *m)
{
    struct answer a = dictionary(e, e->s->info, key, m);
    return subject_unknown(e->s, FACT_INFO) ? unknown(FACT_INFO) : a;
}

static struct answer entitlement(struct evaluator *e, struct bytes key, const struct req_matcher *m)
{
    struct answer a = dictionary(e, e->s->entitlements, key, m);
    return subject_unknown(e->s, FACT_ENTITLEMENTS) ? unknown(FACT_ENTITLEMENTS) : a;
}

static struct answer info_match(struct evaluator *e)
{
    struct bytes key = req_data(&e->c);
    struct req_matcher m = req_read_match(e->arena, &e->c);
    return info(e, key, &m);
}

static struct answer entitlement_match(struct evaluator *e)
{
    struct bytes key = req_data(&e->c);
    struct req_matcher m = req_read_match(e->arena, &e->c);
    return entitlement(e, key, &m);
}

/* The old form, which only blobs made by hand or long ago hold. */
static struct answer info_equal(struct evaluator *e)
{
    struct bytes key = req_data(&e->c);
    struct req_matcher m = {.number = MATCH_EQUAL,
                            .text = unicode_of_bytes(e->arena, req_data(&e->c))};
    return info(e, key, &m);
}

/* -- Certificates */

/* The certificate of SLOT; false, and said, when there is none. */
static bool certificate(struct evaluator *e, int32_t slot, size_t *index)
{
    const struct subject *s = e->s;
    if (subject_unknown(s, FACT_CHAIN))
        return false;
    if (!subject_slot(s, slot, index)) {
        saw(e, SEEN_NO_CERTIFICATE);
        return false;
    }
    if (e->trace && s->ops->name)
        e->seen.certificate = s->ops->name(s, *index);
    return true;
}

static struct answer anchor_hash(struct evaluator *e)
{
    int32_t slot = (int32_t)req_word(&e->c);
    struct bytes wanted = req_data(&e->c);
    size_t index;
    if (!e->c.failed && wanted.n != 20)
        return fail(e, REQ_INVALID);
    if (!certificate(e, slot, &index))
        return told(e, FACT_CHAIN, false);
    struct bytes hash = bytes_of(e->s->ops->sha1(e->s, index), 20);
    saw_bytes(e, SEEN_HASH, hash);
    return known(bytes_equal(hash, wanted));
}

/* The `email` of programs made by hand: all mail addresses, as an array that may be empty (§4.5). */
static bool match_emails(struct evaluator *e, size_t index, const struct req_matcher *m)
{
    struct bytes text;
    size_t n = 0;
    bool any = false;
    saw(e, SEEN_EMAILS);
    for (; e->s->ops->email(e->s, index, n, &text); n++) {
        any |= req_match_text(m, text);
        if (n == 0)
            e->seen.bytes = text;
    }
    e->seen.number = (int64_t)n;
    return any || req_match_value(e->arena, m, &(struct value){.type = VALUE_ARRAY});
}

/* A missing certificate or attribute is false, whatever the match: `absent` is never true here (§4.5). */
static struct answer field(struct evaluator *e)
{
    int32_t slot = (int32_t)req_word(&e->c);
    struct bytes name = req_data(&e->c), text;
    struct req_matcher m = req_read_match(e->arena, &e->c);
    size_t index;
    if (!certificate(e, slot, &index))
        return told(e, FACT_CHAIN, false);
    if (bytes_is(name, "email"))
        return known(match_emails(e, index, &m));
    enum subject_field f = subject_field_of(name);
    bool found = f != FIELD_COUNT && e->s->ops->field(e->s, index, subject_field_type(f), &text);
    if (!found) {
        saw(e, f == FIELD_COUNT ? SEEN_NOT_A_FIELD : SEEN_ABSENT);
        return known(false);
    }
    saw_bytes(e, SEEN_TEXT, text);
    return known(req_match_text(&m, text));
}

static bool has_extension(const struct subject *s, size_t index, struct bytes oid)
{
    return s->ops->has_extension(s, index, oid);
}

static bool has_policy(const struct subject *s, size_t index, struct bytes oid)
{
    return s->ops->has_policy(s, index, oid);
}

/* What only is there or not counts as `true` or as absent. */
static struct answer presence(struct evaluator *e,
                              bool (*has)(const struct subject *, size_t, struct bytes))
{
    static const struct value yes = {.type = VALUE_BOOL, .boolean = true};
    int32_t slot = (int32_t)req_word(&e->c);
    struct bytes oid = req_data(&e->c);
    struct req_matcher m = req_read_match(e->arena, &e->c);
    size_t index;
    if (!certificate(e, slot, &index))
        return told(e, FACT_CHAIN, false);
    bool there = has(e->s, index, oid);
    saw(e, there ? SEEN_PRESENT : SEEN_ABSENT);
    return known(req_match_value(e->arena, &m, there ? &yes : NULL));
}

/* Unlike the others, a missing certificate is a missing date here: `absent` is true (§4.5). */
static struct answer date_extension(struct evaluator *e)
{
    int32_t slot = (int32_t)req_word(&e->c);
    struct bytes oid = req_data(&e->c);
    struct req_matcher m = req_read_match(e->arena, &e->c);
    size_t index;
    int64_t seconds;
    bool there = certificate(e, slot, &index);
    if (!there || !e->s->ops->date(e->s, index, oid, &seconds)) {
        if (there)
            saw(e, SEEN_ABSENT);
        return told(e, FACT_CHAIN, req_match_value(e->arena, &m, NULL));
    }
    saw_number(e, SEEN_DATE, seconds);
    struct value date = {.type = VALUE_DATE, .real = (double)seconds};
    return known(req_match_value(e->arena, &m, &date));
}

/* -- Trust settings (§4.7) */

static enum trust_setting setting(const struct evaluator *e, size_t index)
{
    if (subject_unknown(e->s, FACT_TRUST_SETTINGS))
        return TRUST_UNKNOWN;
    return e->s->ops->trust ? e->s->ops->trust(e->s, index) : TRUST_UNSPECIFIED;
}

static struct answer trusted(struct evaluator *e)
{
    size_t index;
    if (!certificate(e, (int32_t)req_word(&e->c), &index))
        return told(e, FACT_CHAIN, false);
    enum trust_setting t = setting(e, index);
    if (t == TRUST_UNKNOWN)
        return unknown(FACT_TRUST_SETTINGS);
    return known(t == TRUST_ROOT || t == TRUST_AS_ROOT);
}

/* From the leaf on, the first certificate with a setting decides. */
static struct answer anchor_trusted(struct evaluator *e)
{
    for (size_t i = 0; i < e->s->chain_count; i++) {
        enum trust_setting t = setting(e, i);
        if (t == TRUST_UNKNOWN)
            return unknown(FACT_TRUST_SETTINGS);
        if (t != TRUST_UNSPECIFIED)
            return told(e, FACT_CHAIN, t != TRUST_DENY);
    }
    return told(e, FACT_CHAIN, false);
}

/* -- Apple's anchors (§4.6) */

static struct answer apple_generic(struct evaluator *e)
{
    const struct subject *s = e->s;
    if (subject_unknown(s, FACT_CHAIN))
        return unknown(FACT_CHAIN);
    if (s->chain_count == 0) {
        saw(e, SEEN_NO_CERTIFICATE);
        return known(false);
    }
    if (e->trace && s->ops->name)
        e->seen.certificate = s->ops->name(s, s->chain_count - 1);
    return told(e, FACT_ANCHOR, s->apple_anchor);
}

static bool field_is(const struct subject *s, size_t index, enum subject_field f, const char *text)
{
    struct bytes found;
    return s->ops->field(s, index, subject_field_type(f), &found) && bytes_is(found, text);
}

/* Issued by Apple's own intermediate, and since macOS 26 with its marker in the leaf. */
static struct answer apple_software(struct evaluator *e)
{
    const struct subject *s = e->s;
    size_t ca;
    if (!subject_slot(s, -2, &ca) ||
        !field_is(s, ca, FIELD_CN, "Apple Code Signing Certification Authority") ||
        !field_is(s, ca, FIELD_O, "Apple Inc."))
        return known(false);
    if (s->old_anchor_apple || s->ops->has_extension(s, 0, OID_SOFTWARE))
        return known(true);
    return both(known(s->ops->has_extension(s, 0, OID_SOFTWARE_INTERNAL)),
                told(e, FACT_INTERNAL, s->apple_internal));
}

static struct answer anchor_apple(struct evaluator *e)
{
    const struct subject *s = e->s;
    struct answer cached = told(e, FACT_TRUST_CACHE, s->in_trust_cache);
    struct answer forced = both(told(e, FACT_INTERNAL, s->apple_internal),
                                told(e, FACT_FORCED_PLATFORM, s->force_platform));
    struct answer rooted = apple_generic(e);
    if (!s->has_directory)
        cached = told(e, FACT_DIRECTORY, false);
    struct answer signed_so = rooted.verdict == VERDICT_YES  ? apple_software(e)
                              : rooted.verdict == VERDICT_NO ? forced
                                                             : rooted;
    return either(cached, signed_so);
}

/* -- Services */

/* There is a hash that a service could look up: of the CodeDirectory, or of a package. */
static struct answer lookup(struct evaluator *e, enum subject_fact fact, bool answer)
{
    if (!e->s->has_directory && !e->s->has_package_checksum) {
        saw(e, SEEN_NO_DIRECTORY);
        return told(e, FACT_DIRECTORY, false);
    }
    return told(e, fact, answer);
}

static struct answer notarized(struct evaluator *e)
{
    return lookup(e, FACT_NOTARIZED, e->s->notarized);
}

/* Signed with a Developer ID before notarization was asked for, or listed as such. */
static struct answer legacy(struct evaluator *e)
{
    const struct subject *s = e->s;
    size_t leaf;
    int64_t account;
    if (!certificate(e, REQ_SLOT_LEAF, &leaf))
        return told(e, FACT_CHAIN, false);
    if (s->ops->has_extension(s, leaf, OID_ACCOUNT_DATE) &&
        (!s->ops->date(s, leaf, OID_ACCOUNT_DATE, &account) || account >= ACCOUNT_CUT_OFF))
        return known(false);
    struct answer early =
        told(e, FACT_TIMESTAMP, s->has_timestamp && s->timestamp < TIMESTAMP_CUT_OFF);
    return either(early, lookup(e, FACT_LEGACY_LISTED, s->legacy_listed));
}

/* -- Stored requirements */

static struct req_result run(struct evaluator *e, struct bytes blob);

/* A requirement of the system's own, in the same context; a missing or damaged one is false. */
static struct answer named(struct evaluator *e, enum fragment_kind kind)
{
    const struct subject *s = e->s;
    struct bytes name = req_data(&e->c), blob, whole;
    bool there = !e->c.failed && s->ops && s->ops->fragment &&
                 s->ops->fragment(s, kind, name, &blob) && req_open(blob, &whole) == REQ_OK;
    saw(e, there ? SEEN_PRESENT : SEEN_ABSENT);
    if (!there)
        return told(e, FACT_FRAGMENTS, false);
    if (e->fragment == LIMIT_REQ_FRAGMENTS)
        return fail(e, REQ_INVALID);
    struct evaluator inner = *e;
    inner.fragment++;
    struct req_result r = run(&inner, blob);
    if (r.error != REQ_OK)
        return fail(e, r.error);
    return (struct answer){r.verdict, r.fact};
}

/* -- Nodes */

static struct answer expression(struct evaluator *e, unsigned depth);

/* An opcode nobody knows: its flags say what it is worth (§3.5). */
static struct answer unknown_opcode(struct evaluator *e, uint32_t word, unsigned depth)
{
    if (!(word & (REQ_FLAG_FALSE | REQ_FLAG_SKIP)))
        return fail(e, REQ_UNIMPLEMENTED);
    cursor_skip(&e->c, req_word(&e->c));
    if (e->c.failed)
        return fail(e, REQ_INVALID);
    return word & REQ_FLAG_FALSE ? known(false) : expression(e, depth + 1);
}

static struct answer operation(struct evaluator *e, uint32_t word, unsigned depth)
{
    struct answer a, b;
    switch (REQ_OPCODE(word)) {
    case OP_NEVER: return known(false);
    case OP_ALWAYS: return known(true);
    case OP_IDENTIFIER: return identifier(e);
    case OP_ANCHOR_APPLE: return anchor_apple(e);
    case OP_ANCHOR_HASH: return anchor_hash(e);
    case OP_INFO_EQUAL: return info_equal(e);
    case OP_AND:
        a = expression(e, depth + 1);
        b = expression(e, depth + 1);
        return both(a, b);
    case OP_OR:
        a = expression(e, depth + 1);
        b = expression(e, depth + 1);
        return either(a, b);
    case OP_CDHASH: return cdhash(e);
    case OP_NOT:
        a = expression(e, depth + 1);
        return (struct answer){verdict_not(a.verdict), a.fact};
    case OP_INFO: return info_match(e);
    case OP_FIELD: return field(e);
    case OP_TRUSTED: return trusted(e);
    case OP_ANCHOR_TRUSTED: return anchor_trusted(e);
    case OP_EXTENSION: return presence(e, has_extension);
    case OP_APPLE_GENERIC: return apple_generic(e);
    case OP_ENTITLEMENT: return entitlement_match(e);
    case OP_POLICY: return presence(e, has_policy);
    case OP_NAMED_ANCHOR: return named(e, FRAGMENT_ANCHOR);
    case OP_NAMED_CODE: return named(e, FRAGMENT_CODE);
    case OP_PLATFORM: return platform(e);
    case OP_NOTARIZED: return notarized(e);
    case OP_DATE_EXTENSION: return date_extension(e);
    case OP_LEGACY: return legacy(e);
    default: return unknown_opcode(e, word, depth);
    }
}

static size_t open_step(struct evaluator *e, uint32_t at, uint32_t word, unsigned depth)
{
    if (!e->trace)
        return 0;
    e->seen = (struct req_step){.at = at, .word = word, .depth = depth, .fragment = e->fragment};
    vec_push(e->arena, &e->trace->steps, e->seen);
    return e->trace->steps.n - 1;
}

/* Operators saw nothing themselves: only a leaf's own record is taken. */
static void close_step(struct evaluator *e, size_t number, struct answer a)
{
    if (!e->trace)
        return;
    struct req_step *step = &e->trace->steps.at[number];
    if (e->seen.at == step->at && e->seen.fragment == step->fragment)
        *step = e->seen;
    step->verdict = a.verdict;
    step->fact = a.verdict == VERDICT_UNDECIDED ? a.fact : FACT_NONE;
}

static struct answer expression(struct evaluator *e, unsigned depth)
{
    if (e->error != REQ_OK)
        return known(false);
    e->too_deep = depth >= LIMIT_REQ_EVAL_DEPTH;
    if (e->too_deep)
        return fail(e, REQ_INVALID);
    uint32_t at = (uint32_t)e->c.at, word = req_word(&e->c);
    if (e->c.failed)
        return fail(e, REQ_INVALID);
    size_t step = open_step(e, at, word, depth);
    struct answer a = operation(e, word, depth);
    if (e->c.failed)
        a = fail(e, REQ_INVALID);
    close_step(e, step, a);
    return a;
}

static struct req_result run(struct evaluator *e, struct bytes blob)
{
    struct bytes whole;
    struct req_result r = {.error = req_open(blob, &whole)};
    e->c = req_program(blob);
    if (r.error == REQ_OK && req_kind(blob) != REQ_KIND_EXPRESSION)
        r.error = REQ_UNSUPPORTED; /* matched by a library nobody published (§4.9) */
    if (r.error != REQ_OK)
        return r;
    e->error = REQ_OK;
    struct answer a = expression(e, 1);
    r.error = e->error;
    r.too_deep = e->too_deep;
    if (r.error != REQ_OK)
        return r;
    r.verdict = a.verdict;
    r.fact = a.fact;
    r.missing = a.verdict == VERDICT_UNDECIDED ? subject_fact_name(a.fact) : NULL;
    return r;
}

struct req_result req_eval(struct arena *a, struct bytes blob, const struct subject *s,
                           struct req_trace *trace)
{
    struct evaluator e = {.arena = a, .s = s, .trace = trace};
    if (trace)
        *trace = (struct req_trace){0};
    return run(&e, blob);
}
