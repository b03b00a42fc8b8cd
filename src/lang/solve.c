/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solve: see solve.h. For every length of chain that could make a difference, atoms are given answers one after the
 * other; a branch ends as soon as the goal is reached or out of reach, or the atoms about one thing exclude each other.
 */
#include "config.h"

#include "lang/solve.h"

#include "base/arena.h"
#include "base/limits.h"
#include "lang/eval.h"
#include "lang/match.h"
#include "lang/unicode.h"

/* -- Formulas: trees over numbered atoms */

struct formula {
    uint32_t opcode; /* OP_AND, OP_OR, OP_NOT; else an atom */
    size_t atom;
    struct formula *child[2];
};

/* What an atom asks about. */
enum topic {
    TOPIC_NEVER, /* its answer is fixed: `fixed` */
    TOPIC_IDENTIFIER,
    TOPIC_CDHASH,
    TOPIC_PLATFORM,
    TOPIC_INFO,
    TOPIC_ENTITLEMENT,
    TOPIC_SHA1,
    TOPIC_FIELD,
    TOPIC_EXTENSION,
    TOPIC_POLICY,
    TOPIC_DATE,
    TOPIC_TRUST,
    TOPIC_CHAIN_TRUST,
    TOPIC_GENERIC,
    TOPIC_APPLE,
    TOPIC_NOTARIZED,
    TOPIC_LEGACY,
    TOPIC_NAMED,
    TOPIC_UNKNOWN, /* nothing we can think up */
};

struct atom {
    const struct req_node *node;
    struct bytes program; /* opcode and operands, a requirement of its own */
    enum topic topic;
    enum verdict fixed;
    size_t index; /* of the certificate */
    struct bytes key;
    enum verdict answer; /* VERDICT_UNDECIDED: not given yet */
    enum verdict wanted; /* by the goal */
};

struct solver {
    struct arena *a;
    const struct req_goal *goal;
    struct atom_vec VEC_OF(struct atom) atoms;
    struct formula *holds, *fails;
    size_t chain; /* length under trial */
    unsigned steps;
    const char *doubt; /* why a branch could not be decided, NULL: all were */
    struct shape *found;
};

/* An atom as a requirement of one part. */
static struct bytes program_of(struct arena *a, const struct req_node *n)
{
    struct buf b = {.arena = a};
    const struct req_match_row *row = req_match_row(n->match);
    enum req_shape shape = req_node_shape(n);
    bool slot = shape == SHAPE_SLOT_HASH || shape == SHAPE_FIELD_MATCH ||
                shape == SHAPE_OID_MATCH || shape == SHAPE_SLOT || shape == SHAPE_NUMBER;
    buf_be32(&b, n->word);
    if (slot)
        buf_be32(&b, (uint32_t)n->slot);
    if (shape != SHAPE_NONE && shape != SHAPE_SLOT && shape != SHAPE_NUMBER) {
        buf_be32(&b, (uint32_t)n->data.n);
        buf_put(&b, n->data);
        buf_zero(&b, (4 - n->data.n % 4) % 4);
    }
    if (req_has_match(n) && shape != SHAPE_KEY_VALUE)
        buf_be32(&b, n->match);
    if (req_has_match(n) && row && row->operand == OPERAND_DATE) {
        buf_be64(&b, (uint64_t)n->date);
    } else if (req_has_match(n) && (!row || row->operand == OPERAND_DATA)) {
        buf_be32(&b, (uint32_t)n->operand.n);
        buf_put(&b, n->operand);
        buf_zero(&b, (4 - n->operand.n % 4) % 4);
    }
    return buf_bytes(&b);
}

static size_t atom_of(struct solver *s, const struct req_node *n)
{
    struct bytes program = program_of(s->a, n);
    for (size_t i = 0; i < s->atoms.n; i++)
        if (bytes_equal(s->atoms.at[i].program, program))
            return i;
    enum verdict wanted = s->goal->want ? s->goal->want(s->goal->self, n) : VERDICT_UNDECIDED;
    vec_push(s->a, &s->atoms,
             (struct atom){
                 .node = n, .program = program, .answer = VERDICT_UNDECIDED, .wanted = wanted});
    return s->atoms.n - 1;
}

static struct formula *formula_of(struct solver *s, const struct req_node *n)
{
    struct formula *f = arena_new_of(s->a, struct formula);
    f->opcode = n->opcode;
    if (n->count == 0)
        f->atom = atom_of(s, n);
    if (n->count == 1 && n->opcode != OP_NOT)
        return formula_of(s, n->child[0]); /* an unknown opcode that is passed over */
    for (unsigned i = 0; i < n->count; i++)
        f->child[i] = formula_of(s, n->child[i]);
    return f;
}

static enum verdict value_of(const struct solver *s, const struct formula *f)
{
    if (!f->child[0])
        return s->atoms.at[f->atom].answer;
    enum verdict first = value_of(s, f->child[0]);
    if (f->opcode == OP_NOT)
        return verdict_not(first);
    enum verdict second = value_of(s, f->child[1]);
    return f->opcode == OP_AND ? verdict_and(first, second) : verdict_or(first, second);
}

/* -- Topics, for one length of chain */

static void fix(struct atom *t, bool answer)
{
    t->topic = TOPIC_NEVER;
    t->fixed = verdict_of(answer);
}

static void about(struct atom *t, enum topic topic, struct bytes key)
{
    t->topic = topic;
    t->key = key;
}

/* A match that holds for no text, date or presence at all is fixed. */
static void about_presence(struct atom *t, enum topic topic)
{
    if (t->node->match == MATCH_EXISTS || t->node->match == MATCH_ABSENT)
        about(t, topic, t->node->data);
    else
        fix(t, false);
}

static void about_field(struct atom *t)
{
    enum subject_field field = subject_field_of(t->node->data);
    if (bytes_is(t->node->data, "email"))
        t->topic = TOPIC_UNKNOWN;
    else if (field == FIELD_COUNT || t->node->match == MATCH_ABSENT)
        fix(t, false);
    else
        about(t, TOPIC_FIELD, subject_field_type(field));
}

static void about_certificate(struct solver *s, struct atom *t)
{
    const struct req_node *n = t->node;
    const struct subject chain = {.chain_count = s->chain};
    if (!subject_slot(&chain, n->slot, &t->index)) {
        fix(t, n->opcode == OP_DATE_EXTENSION && n->match == MATCH_ABSENT);
        return;
    }
    switch (n->opcode) {
    case OP_ANCHOR_HASH: about(t, TOPIC_SHA1, bytes_of(NULL, 0)); break;
    case OP_FIELD: about_field(t); break;
    case OP_EXTENSION: about_presence(t, TOPIC_EXTENSION); break;
    case OP_POLICY: about_presence(t, TOPIC_POLICY); break;
    case OP_DATE_EXTENSION: about(t, TOPIC_DATE, n->data); break;
    default: about(t, TOPIC_TRUST, bytes_of(NULL, 0)); break;
    }
}

static void about_chain(const struct solver *s, struct atom *t, enum topic topic)
{
    if (s->chain == 0)
        fix(t, false);
    else
        about(t, topic, bytes_of(NULL, 0));
}

static void bind(struct solver *s, struct atom *t)
{
    const struct req_node *n = t->node;
    struct bytes none = {NULL, 0};
    t->index = 0;
    switch (n->opcode) {
    case OP_NEVER: fix(t, false); break;
    case OP_ALWAYS: fix(t, true); break;
    case OP_IDENTIFIER: about(t, TOPIC_IDENTIFIER, none); break;
    case OP_ANCHOR_APPLE: about(t, TOPIC_APPLE, none); break;
    case OP_CDHASH: about(t, TOPIC_CDHASH, none); break;
    case OP_INFO_EQUAL:
    case OP_INFO: about(t, TOPIC_INFO, unicode_of_bytes(s->a, n->data)); break;
    case OP_ENTITLEMENT: about(t, TOPIC_ENTITLEMENT, unicode_of_bytes(s->a, n->data)); break;
    case OP_ANCHOR_HASH:
    case OP_FIELD:
    case OP_EXTENSION:
    case OP_POLICY:
    case OP_DATE_EXTENSION:
    case OP_TRUSTED: about_certificate(s, t); break;
    case OP_ANCHOR_TRUSTED: about_chain(s, t, TOPIC_CHAIN_TRUST); break;
    case OP_APPLE_GENERIC: about_chain(s, t, TOPIC_GENERIC); break;
    case OP_LEGACY: about_chain(s, t, TOPIC_LEGACY); break;
    case OP_NAMED_ANCHOR:
    case OP_NAMED_CODE:
        about(t, TOPIC_NAMED, n->data);
        t->index = n->opcode == OP_NAMED_CODE ? FRAGMENT_CODE : FRAGMENT_ANCHOR;
        break;
    case OP_PLATFORM: about(t, TOPIC_PLATFORM, none); break;
    case OP_NOTARIZED: about(t, TOPIC_NOTARIZED, none); break;
    default: fix(t, false); break; /* unknown, and marked to count as false */
    }
}

static bool same_topic(const struct atom *x, const struct atom *y)
{
    return x->topic == y->topic && x->index == y->index && bytes_equal(x->key, y->key);
}

/* -- Values for the atoms of one topic */

/* One equality that holds fixes the value; else any value that is none of the others. */
static enum solved solve_equal(struct arena *a, const struct wanted_vec *w, const char *other,
                               struct bytes *out)
{
    bool fixed = false;
    *out = bytes_str(other);
    for (size_t i = 0; i < w->n; i++)
        if (w->at[i].holds) {
            if (fixed)
                return SOLVED_NO;
            fixed = true;
            *out = w->at[i].atom->data;
        }
    for (size_t i = 0, tries = 0; i < w->n && !fixed; i++)
        if (bytes_equal(*out, w->at[i].atom->data)) {
            *out = bytes_str(arena_printf(a, "%s%zu", other, ++tries));
            i = SIZE_MAX; /* from the start */
        }
    return SOLVED_YES;
}

static enum solved solve_hash(struct arena *a, const struct wanted_vec *w, uint8_t filler,
                              struct bytes *out)
{
    uint8_t *other = arena_alloc(a, 20);
    bool fixed = false;
    memset(other, filler, 20);
    *out = bytes_of(other, 20);
    for (size_t i = 0; i < w->n; i++) {
        if (!w->at[i].holds)
            continue;
        if (fixed || w->at[i].atom->data.n != 20)
            return SOLVED_NO;
        fixed = true;
        *out = w->at[i].atom->data;
    }
    for (size_t i = 0; i < w->n && !fixed; i++)
        if (bytes_equal(*out, w->at[i].atom->data))
            return SOLVED_UNKNOWN;
    return SOLVED_YES;
}

static enum solved solve_platform(const struct wanted_vec *w, int *out)
{
    for (*out = 0; *out < 256; ++*out) {
        bool fits = true;
        for (size_t i = 0; i < w->n; i++)
            fits &= w->at[i].holds == (w->at[i].atom->slot == *out);
        if (fits)
            return SOLVED_YES;
    }
    return SOLVED_NO;
}

/* There or not; both answers must agree, since the certificate is there. */
static enum solved solve_presence(const struct wanted_vec *w, bool *out)
{
    *out = w->at[0].holds == (w->at[0].atom->match == MATCH_EXISTS);
    for (size_t i = 1; i < w->n; i++)
        if (*out != (w->at[i].holds == (w->at[i].atom->match == MATCH_EXISTS)))
            return SOLVED_NO;
    return SOLVED_YES;
}

/* No attribute at all, or a text. */
static enum solved solve_field(struct arena *a, const struct wanted_vec *w, bool *there,
                               struct bytes *out)
{
    *there = false;
    for (size_t i = 0; i < w->n; i++)
        *there |= w->at[i].holds;
    return *there ? solve_text(a, w, out) : SOLVED_YES;
}

static void put_text_of(struct arena *a, struct shape_text_vec *v, struct bytes key,
                        struct bytes text, int64_t number)
{
    vec_push(a, v, (struct shape_text){key, text, number});
}

static enum solved give_dictionary(struct arena *a, struct value *dict, struct bytes key,
                                   const struct wanted_vec *w)
{
    struct value *v = NULL;
    enum solved solved = solve_value(a, w, &v);
    if (solved == SOLVED_YES && v)
        value_add(a, dict, key, v);
    return solved;
}

static enum solved give_presence(struct arena *a, struct shape_text_vec *v, struct bytes oid,
                                 const struct wanted_vec *w)
{
    bool there = false;
    enum solved solved = solve_presence(w, &there);
    if (solved == SOLVED_YES && there)
        put_text_of(a, v, oid, bytes_of(NULL, 0), 1);
    return solved;
}

static enum solved give_sha1(struct arena *a, struct shape_cert *c, size_t index,
                             const struct wanted_vec *w)
{
    struct bytes hash;
    enum solved solved = solve_hash(a, w, (uint8_t)(0xc0 + index), &hash);
    if (solved != SOLVED_YES)
        return solved;
    memcpy(c->sha1, hash.p, 20);
    c->sha1_matters = true;
    return SOLVED_YES;
}

static enum solved give_certificate(struct solver *s, struct shape *shape, const struct atom *t,
                                    const struct wanted_vec *w)
{
    struct shape_cert *c = &shape->certs[t->index];
    struct bytes text;
    bool there;
    double seconds;
    enum solved solved;
    switch (t->topic) {
    case TOPIC_SHA1: return give_sha1(s->a, c, t->index, w);
    case TOPIC_EXTENSION: return give_presence(s->a, &c->extensions, t->key, w);
    case TOPIC_POLICY: return give_presence(s->a, &c->policies, t->key, w);
    case TOPIC_FIELD:
        solved = solve_field(s->a, w, &there, &text);
        if (solved == SOLVED_YES && there)
            put_text_of(s->a, &c->fields, t->key, text, 0);
        return solved;
    case TOPIC_DATE:
        solved = solve_date(w, true, &there, &seconds);
        if (solved == SOLVED_YES && there)
            put_text_of(s->a, &c->dates, t->key, bytes_of(NULL, 0), (int64_t)seconds);
        return solved;
    default: c->trust = w->at[0].holds ? TRUST_ROOT : TRUST_UNSPECIFIED; return SOLVED_YES;
    }
}

static const uint8_t always_blob[] = {0xfa, 0xde, 0x0c, 0, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1};

static enum solved give_identifier(struct solver *s, struct shape *shape,
                                   const struct wanted_vec *w)
{
    shape->identifier_matters = true;
    return solve_equal(s->a, w, "com.example.other", &shape->subject.identifier);
}

static enum solved give_cdhash(struct solver *s, struct shape *shape, const struct wanted_vec *w)
{
    shape->cdhash_matters = true;
    return solve_hash(s->a, w, 0xcd, &shape->subject.cdhash);
}

static enum solved give_platform(struct shape *shape, const struct wanted_vec *w)
{
    int platform = 0;
    enum solved solved = solve_platform(w, &platform);
    shape->platform_matters = true;
    shape->subject.platform = (uint8_t)platform;
    return solved;
}

/* Give SHAPE what the atoms W, all of T's topic, want. */
static enum solved give(struct solver *s, struct shape *shape, const struct atom *t,
                        const struct wanted_vec *w)
{
    struct subject *subject = &shape->subject;
    bool holds = w->at[0].holds;
    switch (t->topic) {
    case TOPIC_IDENTIFIER: return give_identifier(s, shape, w);
    case TOPIC_CDHASH: return give_cdhash(s, shape, w);
    case TOPIC_PLATFORM: return give_platform(shape, w);
    case TOPIC_INFO: return give_dictionary(s->a, shape->info, t->key, w);
    case TOPIC_ENTITLEMENT: return give_dictionary(s->a, shape->entitlements, t->key, w);
    case TOPIC_GENERIC:
        subject->apple_anchor = holds;
        shape->anchor_matters = true;
        return SOLVED_YES;
    case TOPIC_APPLE: subject->in_trust_cache = holds; return SOLVED_YES;
    case TOPIC_NOTARIZED: subject->notarized = holds; return SOLVED_YES;
    case TOPIC_LEGACY: subject->legacy_listed = holds; return SOLVED_YES;
    case TOPIC_CHAIN_TRUST: return SOLVED_YES; /* settle_trust() */
    case TOPIC_NAMED:
        if (holds)
            put_text_of(s->a, &shape->named[t->index], t->key,
                        bytes_of(always_blob, sizeof always_blob), 0);
        return SOLVED_YES;
    case TOPIC_NEVER: return SOLVED_YES;
    case TOPIC_UNKNOWN: return SOLVED_UNKNOWN;
    default: return give_certificate(s, shape, t, w);
    }
}

/* All atoms of T's topic that have an answer. */
static struct wanted_vec group_of(const struct solver *s, const struct atom *t)
{
    struct wanted_vec w = {0};
    for (size_t i = 0; i < s->atoms.n; i++) {
        const struct atom *u = &s->atoms.at[i];
        if (u->answer != VERDICT_UNDECIDED && same_topic(t, u))
            vec_push(s->a, &w, (struct wanted){u->node, u->answer == VERDICT_YES});
    }
    return w;
}

/* -- Realising a set of answers */

/* `anchor trusted` goes by the first certificate with a setting (§4.7). */
static enum solved settle_trust(struct solver *s, struct shape *shape)
{
    enum verdict wanted = VERDICT_UNDECIDED;
    bool *bound = arena_array(s->a, shape->count, bool);
    size_t first = shape->count;
    for (size_t i = 0; i < s->atoms.n; i++) {
        const struct atom *t = &s->atoms.at[i];
        if (t->topic == TOPIC_CHAIN_TRUST)
            wanted = t->answer;
        if (t->topic == TOPIC_TRUST && t->answer != VERDICT_UNDECIDED)
            bound[t->index] = true;
    }
    for (size_t i = shape->count; i-- > 0;)
        if (shape->certs[i].trust == TRUST_ROOT)
            first = i;
    if (wanted == VERDICT_UNDECIDED || (first < shape->count) == (wanted == VERDICT_YES))
        return SOLVED_YES;
    if (wanted == VERDICT_NO) {
        if (first == 0)
            return SOLVED_NO;
        shape->certs[0].trust = TRUST_DENY;
        return SOLVED_YES;
    }
    for (size_t i = shape->count; i-- > 0;)
        if (!bound[i]) {
            shape->certs[i].trust = TRUST_ROOT;
            return SOLVED_YES;
        }
    return SOLVED_NO;
}

/* Whether T is the first atom of its topic that has an answer. */
static bool leads_topic(const struct solver *s, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (s->atoms.at[i].answer != VERDICT_UNDECIDED &&
            same_topic(&s->atoms.at[i], &s->atoms.at[number]))
            return false;
    return s->atoms.at[number].answer != VERDICT_UNDECIDED;
}

/* The proof: every atom, evaluated on what was thought up, gives the answer it was given. */
static bool verified(struct solver *s, struct shape *shape)
{
    const struct subject *subject = shape_subject(shape);
    for (size_t i = 0; i < s->atoms.n; i++) {
        const struct atom *t = &s->atoms.at[i];
        struct buf b = {.arena = s->a};
        if (t->answer == VERDICT_UNDECIDED)
            continue;
        buf_be32(&b, REQ_MAGIC);
        buf_be32(&b, (uint32_t)(REQ_HEADER + t->program.n));
        buf_be32(&b, REQ_KIND_EXPRESSION);
        buf_put(&b, t->program);
        struct req_result r = req_eval(s->a, buf_bytes(&b), subject, NULL);
        if (r.error != REQ_OK || r.verdict != t->answer)
            return false;
    }
    return true;
}

/* The goal is reached by the answers so far: is there code that gives them? */
static void realise(struct solver *s)
{
    struct shape *shape = shape_new(s->a, s->chain);
    for (size_t i = 0; i < s->chain; i++)
        memset(shape->certs[i].sha1, (int)(0xa0 + i), 20);
    for (size_t i = 0; i < s->atoms.n; i++) {
        if (!leads_topic(s, i))
            continue;
        struct wanted_vec w = group_of(s, &s->atoms.at[i]);
        enum solved solved = give(s, shape, &s->atoms.at[i], &w);
        if (solved == SOLVED_UNKNOWN)
            s->doubt = "no value was found for a comparison, and none was ruled out";
        if (solved != SOLVED_YES)
            return;
    }
    if (settle_trust(s, shape) != SOLVED_YES)
        return;
    if (verified(s, shape))
        s->found = shape;
    else
        s->doubt = "parts depend on each other in a way that was not taken apart";
}

/* -- Search */

static void search(struct solver *s);

static bool possible(struct solver *s, const struct atom *t)
{
    struct wanted_vec w = group_of(s, t);
    struct shape *scratch = shape_new(s->a, s->chain);
    return give(s, scratch, t, &w) != SOLVED_NO;
}

static void try_answer(struct solver *s, struct atom *t, enum verdict answer)
{
    if (s->found || (t->wanted != VERDICT_UNDECIDED && t->wanted != answer))
        return;
    t->answer = answer;
    if (possible(s, t))
        search(s);
    t->answer = VERDICT_UNDECIDED;
}

static void search(struct solver *s)
{
    enum verdict holds = s->holds ? value_of(s, s->holds) : VERDICT_YES;
    enum verdict fails = s->fails ? value_of(s, s->fails) : VERDICT_NO;
    size_t next = 0;
    if (s->found || holds == VERDICT_NO || fails == VERDICT_YES)
        return;
    if (s->steps++ > LIMIT_REQ_SOLVE_STEPS) {
        s->doubt = "there are too many cases";
        return;
    }
    while (next < s->atoms.n && (s->atoms.at[next].answer != VERDICT_UNDECIDED ||
                                 (holds == VERDICT_YES && fails == VERDICT_NO &&
                                  s->atoms.at[next].wanted == VERDICT_UNDECIDED)))
        next++;
    if (next == s->atoms.n) {
        realise(s);
        return;
    }
    try_answer(s, &s->atoms.at[next], VERDICT_YES);
    try_answer(s, &s->atoms.at[next], VERDICT_NO);
}

/* The longest chain that can make a difference: from there on slots counted from both ends do not meet. */
static size_t longest_chain(struct solver *s)
{
    int64_t front = 0, back = 0;
    for (size_t i = 0; i < s->atoms.n; i++) {
        const struct req_node *n = s->atoms.at[i].node;
        enum req_shape shape = req_node_shape(n);
        if (shape != SHAPE_SLOT_HASH && shape != SHAPE_FIELD_MATCH && shape != SHAPE_OID_MATCH &&
            shape != SHAPE_SLOT)
            continue;
        if (n->slot >= 0 && n->slot + (int64_t)1 > front)
            front = n->slot + (int64_t)1;
        if (n->slot < 0 && -(int64_t)n->slot > back)
            back = -(int64_t)n->slot;
    }
    if (front + back <= LIMIT_REQ_SOLVE_CHAIN)
        return front + back > 1 ? (size_t)(front + back) : 1;
    s->doubt = "certificates far from leaf and root are asked for";
    return LIMIT_REQ_SOLVE_CHAIN;
}

/* Answers that the length of the chain alone decides, and those that are fixed anyway. */
static bool begin(struct solver *s, size_t chain)
{
    bool fits = true;
    s->chain = chain;
    s->steps = 0;
    for (size_t i = 0; i < s->atoms.n; i++) {
        struct atom *t = &s->atoms.at[i];
        bind(s, t);
        t->answer = t->topic == TOPIC_NEVER ? t->fixed : VERDICT_UNDECIDED;
        fits &= t->answer == VERDICT_UNDECIDED || t->wanted == VERDICT_UNDECIDED ||
                t->wanted == t->answer;
    }
    return fits;
}

struct req_solution req_solve(struct arena *a, const struct req_goal *goal)
{
    struct solver s = {.a = a, .goal = goal};
    struct req_solution out = {0};
    if (goal->holds)
        s.holds = formula_of(&s, goal->holds);
    if (goal->fails)
        s.fails = formula_of(&s, goal->fails);
    size_t longest = longest_chain(&s), usual = 3;
    for (size_t i = 0; i <= longest + 1 && !s.found; i++) {
        size_t chain = i == 0 ? usual : longest + 1 - i; /* the usual length first, none last */
        if (begin(&s, chain))
            search(&s);
    }
    out.solved = s.found ? SOLVED_YES : s.doubt ? SOLVED_UNKNOWN : SOLVED_NO;
    out.shape = s.found;
    out.why_not = s.doubt;
    return out;
}
