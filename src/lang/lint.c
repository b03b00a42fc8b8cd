/* SPDX-License-Identifier: Apache-2.0 */
/* Lint: see lint.h; lint_source.c looks at the text. */
#include "config.h"

#include "lang/lint.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/oid.h"
#include "lang/explain.h"
#include "lang/solve.h"

static const struct {
    const char *name;
    enum lint_severity severity;
    const char *text, *advice;
} rows[] = {
#define LINT(id, name, severity, what, advice) {name, LINT_##severity, what, advice},
#include "lang/lint.def"
#undef LINT
};

const char *req_lint_name(enum lint_id id)
{
    return rows[id].name;
}

enum lint_severity req_lint_severity(enum lint_id id)
{
    return rows[id].severity;
}

const char *req_lint_severity_name(enum lint_severity severity)
{
    static const char *const names[] = {"note", "warning", "wrong"};
    return names[severity];
}

const char *req_lint_text(enum lint_id id)
{
    return rows[id].text;
}

const char *req_lint_advice(enum lint_id id)
{
    return rows[id].advice;
}

struct linter {
    struct arena *a;
    struct bytes blob;
    struct req_lint_vec *out;
    bool undecided; /* the solver gave up somewhere */
};

static const char *text_of(struct linter *l, const struct req_node *n)
{
    struct req_explained *e;
    struct buf b = {.arena = l->a};
    if (n->count == 0)
        return req_node_text(l->a, l->blob, n);
    e = req_explain(l->a, l->blob, n, NULL);
    for (size_t i = 0; i < e->parts.n; i++) {
        const struct req_explained *part = e->parts.at[i];
        buf_str(&b, i == 0 ? "" : n->opcode == OP_AND ? " and " : " or ");
        buf_str(&b, part->parts.n ? "(…)" : part->text);
    }
    return n->opcode == OP_NOT ? arena_printf(l->a, "! %s", buf_cstr(&b)) : buf_cstr(&b);
}

static void add(struct linter *l, enum lint_id id, const char *part)
{
    vec_push(l->a, l->out, (struct req_lint){id, part});
}

static void add_node(struct linter *l, enum lint_id id, const struct req_node *n)
{
    add(l, id, text_of(l, n));
}

/* -- Parts alone */

static bool text_is_boolean(struct bytes text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "YES", "NO", "1", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bytes_is(text, words[i]))
            return true;
    return false;
}

/* $(NAME), ${NAME} */
static bool has_variable(struct bytes text)
{
    for (size_t i = 0; i + 1 < text.n; i++)
        if (text.p[i] == '$' && (text.p[i + 1] == '(' || text.p[i + 1] == '{'))
            return true;
    return false;
}

static bool has_star(struct bytes text)
{
    return text.n > 1 && (text.p[0] == '*' || text.p[text.n - 1] == '*');
}

/* Markers of Apple's: 1.2.840.113635.100.6.1.* of leaves, …6.2.* of those who issue them. */
static bool marker_misplaced(const struct req_node *n)
{
    static const char arc[] = "\x2a\x86\x48\x86\xf7\x63\x64\x06";
    if (!bytes_starts(n->data, bytes_of(arc, 8)) || n->data.n < 10)
        return false;
    bool leaf = n->data.p[8] == 1, issuer = n->data.p[8] == 2;
    return (leaf && n->slot != REQ_SLOT_LEAF) ||
           (issuer && (n->slot == REQ_SLOT_LEAF || n->slot == REQ_SLOT_ROOT));
}

static void lint_oid(struct linter *l, const struct req_node *n)
{
    if (n->data.n == 0)
        add_node(l, LINT_ID_NO_OID, n);
    else if (n->opcode != OP_DATE_EXTENSION && n->match != MATCH_EXISTS && n->match != MATCH_ABSENT)
        add_node(l, LINT_ID_PRESENCE_VALUE, n);
    else if (n->opcode == OP_EXTENSION && marker_misplaced(n))
        add_node(l, LINT_ID_MARKER_SLOT, n);
}

static void lint_match(struct linter *l, const struct req_node *n)
{
    bool part = n->match >= MATCH_CONTAINS && n->match <= MATCH_ENDS;
    if (part && n->operand.n == 0)
        add_node(l, LINT_ID_EMPTY_OPERAND, n);
    if (n->match == MATCH_EQUAL && has_star(n->operand))
        add_node(l, LINT_ID_QUOTED_STAR, n);
    if (n->match == MATCH_EQUAL && text_is_boolean(n->operand) &&
        (n->opcode == OP_ENTITLEMENT || n->opcode == OP_INFO))
        add_node(l, LINT_ID_BOOLEAN_TEXT, n);
    if (n->match >= MATCH_ON && n->match <= MATCH_ON_OR_AFTER && n->date == 0)
        add_node(l, LINT_ID_DATE_2001, n);
}

static void lint_field(struct linter *l, const struct req_node *n)
{
    if (subject_field_of(n->data) == FIELD_COUNT && !bytes_is(n->data, "email"))
        add_node(l, LINT_ID_FIELD, n);
    else if (n->match == MATCH_ABSENT)
        add_node(l, LINT_ID_FIELD_ABSENT, n);
    if (bytes_is(n->data, "subject.CN") && n->slot == REQ_SLOT_LEAF && n->match == MATCH_EQUAL)
        add_node(l, LINT_ID_CN_PIN, n);
}

static bool lint_part(void *self, const struct req_node *n)
{
    struct linter *l = self;
    if (has_variable(n->data) || has_variable(n->operand))
        add_node(l, LINT_ID_VARIABLE, n);
    switch (n->opcode) {
    case OP_IDENTIFIER:
        if (has_star(n->data))
            add_node(l, LINT_ID_QUOTED_STAR, n);
        break;
    case OP_FIELD: lint_field(l, n); break;
    case OP_EXTENSION:
    case OP_POLICY:
    case OP_DATE_EXTENSION: lint_oid(l, n); break;
    case OP_CDHASH: add_node(l, LINT_ID_CDHASH_PIN, n); break;
    case OP_NAMED_ANCHOR:
    case OP_NAMED_CODE: add_node(l, LINT_ID_STORED, n); break;
    case OP_PLATFORM:
        if (n->slot < 0 || n->slot > 255)
            add_node(l, LINT_ID_PLATFORM, n);
        break;
    default: break;
    }
    if (req_has_match(n) && n->opcode != OP_EXTENSION && n->opcode != OP_POLICY)
        lint_match(l, n);
    return true;
}

/* -- Parts beside others */

static enum solved solve(struct linter *l, const struct req_goal *goal)
{
    struct arena *scratch = arena_child(l->a);
    enum solved solved = req_solve(scratch, goal).solved;
    arena_child_free(scratch);
    l->undecided |= solved == SOLVED_UNKNOWN;
    return solved;
}

static bool never(struct linter *l, const struct req_node *n)
{
    return solve(l, &(struct req_goal){.holds = n}) == SOLVED_NO;
}

static bool always(struct linter *l, const struct req_node *n)
{
    return solve(l, &(struct req_goal){.fails = n}) == SOLVED_NO;
}

/* Something of N was said before, and says it better. */
static bool was_told(const struct linter *l, const struct req_node *n)
{
    const char *text = n->count == 0 ? req_node_text(l->a, l->blob, n) : "";
    for (size_t i = 0; i < l->out->n; i++) {
        enum lint_severity severity = rows[l->out->at[i].id].severity;
        if (*text && severity == LINT_WRONG && l->out->at[i].id != LINT_ID_VARIABLE &&
            strcmp(l->out->at[i].part, text) == 0)
            return true;
    }
    return false;
}

/* The outermost parts that are never or always true. True when N itself is one. */
static bool lint_constant(struct linter *l, const struct req_node *n)
{
    bool told = was_told(l, n);
    if (told || never(l, n)) {
        if (!told)
            add_node(l, LINT_ID_NEVER, n);
        return true;
    }
    if (always(l, n)) {
        add_node(l, LINT_ID_ALWAYS, n);
        return true;
    }
    return false;
}

struct operands VEC_OF(const struct req_node *);

/* Operands of a chain of N's operator. */
static void flatten(struct arena *a, const struct req_node *n, uint32_t op, struct operands *out)
{
    if (n->opcode != op) {
        vec_push(a, out, n);
        return;
    }
    flatten(a, n->child[0], op, out);
    flatten(a, n->child[1], op, out);
}

/* All of V but number SKIP, joined by OP; NULL entries are left out. */
static struct req_node *join(struct arena *a, const struct operands *v, size_t skip, uint32_t op)
{
    struct req_node *all = NULL;
    for (size_t i = 0; i < v->n; i++) {
        if (i == skip || !v->at[i])
            continue;
        struct req_node *part = arena_copy(a, v->at[i], sizeof *part), *both;
        if (!all) {
            all = part;
            continue;
        }
        both = arena_new_of(a, struct req_node);
        *both = (struct req_node){.opcode = op, .word = op, .count = 2, .child = {all, part}};
        all = both;
    }
    return all;
}

/* An operand that follows from the others (`and`), or that the others follow from (`or`), does nothing. */
static void lint_redundant(struct linter *l, struct operands *v, uint32_t op)
{
    for (size_t i = v->n; i-- > 0;) {
        struct req_node *others = join(l->a, v, i, op);
        if (!v->at[i] || !others)
            continue;
        struct req_goal goal = {.holds = op == OP_AND ? others : v->at[i],
                                .fails = op == OP_AND ? v->at[i] : others};
        if (solve(l, &goal) != SOLVED_NO)
            continue;
        add_node(l, LINT_ID_REDUNDANT, v->at[i]);
        v->at[i] = NULL;
    }
}

/* N is neither never nor always true. */
static void lint_operands(struct linter *l, const struct req_node *n)
{
    struct operands v = {0};
    if (n->count == 0)
        return;
    if (n->count == 2)
        flatten(l->a, n, n->opcode, &v);
    else
        vec_push(l->a, &v, n->child[0]);
    for (size_t i = 0; i < v.n; i++) {
        const struct req_node *part = v.at[i];
        if (part->opcode == OP_ALWAYS || part->opcode == OP_NEVER || lint_constant(l, part))
            v.at[i] = NULL;
        else
            lint_operands(l, part);
    }
    if (n->count == 2)
        lint_redundant(l, &v, n->opcode);
}

/* -- Who can satisfy it? */

/* Without anything that only a particular signer, or a Mac's owner, could bring about. */
static enum verdict unanchored(void *self, const struct req_node *n)
{
    (void)self;
    switch (n->opcode) {
    case OP_ANCHOR_APPLE:
    case OP_APPLE_GENERIC:
    case OP_ANCHOR_HASH:
    case OP_CDHASH:
    case OP_TRUSTED:
    case OP_ANCHOR_TRUSTED:
    case OP_NAMED_ANCHOR:
    case OP_NAMED_CODE:
    case OP_NOTARIZED:
    case OP_LEGACY: return VERDICT_NO;
    default: return VERDICT_UNDECIDED;
    }
}

/* Leaves that Apple signs software of others with: what has them came through its store. */
static bool is_store_marker(const struct req_node *n)
{
    static const enum oid_id markers[] = {OID_APPLE_MAC_STORE,        OID_APPLE_MAC_STORE_TEST,
                                          OID_APPLE_STORE_DEV_SUBMIT, OID_APPLE_STORE_SUBMIT_TEST,
                                          OID_APPLE_TVOS_STORE,       OID_APPLE_TVOS_STORE_TEST,
                                          OID_APPLE_TESTFLIGHT,       OID_APPLE_TESTFLIGHT_TEST};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (n->opcode == OP_EXTENSION && n->slot == REQ_SLOT_LEAF && oid_is(n->data, markers[i]))
            return true;
    return false;
}

/* With a certificate from Apple, but not a particular one. */
static enum verdict any_developer(void *self, const struct req_node *n)
{
    enum verdict v = unanchored(self, n);
    if (n->opcode == OP_APPLE_GENERIC || n->opcode == OP_NOTARIZED || n->opcode == OP_LEGACY)
        return VERDICT_UNDECIDED;
    if ((n->opcode == OP_FIELD && n->match != MATCH_EXISTS) || is_store_marker(n))
        return VERDICT_NO;
    return v;
}

static enum verdict any_program(void *self, const struct req_node *n)
{
    (void)self;
    bool names = n->opcode == OP_IDENTIFIER || n->opcode == OP_CDHASH ||
                 ((n->opcode == OP_INFO || n->opcode == OP_INFO_EQUAL) &&
                  bytes_is(n->data, "CFBundleIdentifier"));
    return names ? VERDICT_NO : VERDICT_UNDECIDED;
}

static void lint_signer(struct linter *l, const struct req_node *root)
{
    struct req_goal goal = {.holds = root, .want = unanchored};
    if (solve(l, &goal) == SOLVED_YES) {
        add(l, LINT_ID_ANYONE, "");
        return; /* the rest does not matter then */
    }
    goal.want = any_developer;
    if (solve(l, &goal) == SOLVED_YES)
        add(l, LINT_ID_NO_TEAM, "");
    goal.want = any_program;
    if (solve(l, &goal) == SOLVED_YES)
        add(l, LINT_ID_NO_IDENTIFIER, "");
}

static bool count_part(void *self, const struct req_node *n)
{
    (void)n;
    ++*(size_t *)self;
    return true;
}

void req_lint_program(struct arena *a, struct bytes blob, struct req_lint_vec *out)
{
    struct linter l = {.a = a, .blob = blob, .out = out};
    struct req_node *root;
    size_t parts = 0;
    enum req_status status = req_tree(a, blob, &root);
    if (status != REQ_OK) {
        add(&l, status == REQ_INVALID ? LINT_ID_TOO_DEEP : LINT_ID_NO_EVALUATION, "");
        return;
    }
    req_each(root, count_part, &parts);
    req_each(root, lint_part, &l);
    if (parts > LIMIT_REQ_LINT_PARTS) {
        add(&l, LINT_ID_UNDECIDED, "");
        return;
    }
    if (!lint_constant(&l, root)) {
        lint_operands(&l, root);
        lint_signer(&l, root);
    }
    if (l.undecided)
        add(&l, LINT_ID_UNDECIDED, "");
}
