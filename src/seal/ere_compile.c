/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ere, first half: from the text of a POSIX extended regular expression to an automaton (ere.h). A recursive
 * descent, one function per grammar rule, builds a tree; a second walk writes the instructions.
 */
#include "seal/ere.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "seal/ere_program.h"

#define MAX_DEPTH  200 /* parentheses in parentheses; real rules have two */
#define MAX_STACK  8   /* repetitions of a repetition */
#define MAX_REPEAT 255 /* RE_DUP_MAX of POSIX */
#define UNLIMITED  (-1)

enum tree_type { TREE_EMPTY, TREE_SET, TREE_ASSERT, TREE_BOTH, TREE_EITHER, TREE_REPEAT };

struct tree {
    enum tree_type type;
    uint16_t op, x; /* TREE_SET: x is the set; TREE_ASSERT: the instruction */
    int min, max;   /* TREE_REPEAT */
    struct tree *left, *right;
};

struct parser {
    struct arena *a; /* for the tree */
    struct ere *ere;
    struct bytes text;
    size_t at;
    unsigned depth;
    struct set_vec VEC_OF(struct ere_set) sets;
    const char *error;
};

static struct tree *parse_alternation(struct parser *p);

static bool more(const struct parser *p)
{
    return !p->error && p->at < p->text.n;
}

static bool peek(const struct parser *p, char c)
{
    return more(p) && p->text.p[p->at] == (uint8_t)c;
}

static bool take(struct parser *p, char c)
{
    if (!peek(p, c))
        return false;
    p->at++;
    return true;
}

static struct tree *fail(struct parser *p, const char *error)
{
    if (!p->error)
        p->error = error;
    return arena_new_of(p->a, struct tree);
}

static struct tree *node(struct parser *p, enum tree_type type, struct tree *left,
                         struct tree *right)
{
    struct tree *t = arena_new_of(p->a, struct tree);
    t->type = type;
    t->left = left;
    t->right = right;
    return t;
}

static struct tree *node_set(struct parser *p, struct ere_set set)
{
    struct tree *t = node(p, TREE_SET, NULL, NULL);
    for (size_t i = 0; i < p->sets.n; i++)
        if (memcmp(&p->sets.at[i], &set, sizeof set) == 0) {
            t->x = (uint16_t)i;
            return t;
        }
    t->x = (uint16_t)p->sets.n;
    vec_push(p->a, &p->sets, set);
    return t;
}

static struct tree *node_byte(struct parser *p, uint8_t byte)
{
    struct ere_set set = {{0}};
    ere_set_add(&set, byte);
    return node_set(p, set);
}

static struct tree *node_assert(struct parser *p, enum ere_op op, uint16_t kind)
{
    struct tree *t = node(p, TREE_ASSERT, NULL, NULL);
    t->op = (uint16_t)op;
    t->x = kind;
    return t;
}

/* ---- classes of bytes, in the C locale ---- */

static bool is_between(uint8_t c, uint8_t low, uint8_t high)
{
    return c >= low && c <= high;
}

static bool is_alpha(uint8_t c)
{
    return is_between(c | 0x20, 'a', 'z');
}

static bool is_digit(uint8_t c)
{
    return is_between(c, '0', '9');
}

static bool is_alnum(uint8_t c)
{
    return is_alpha(c) || is_digit(c);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_cntrl(uint8_t c)
{
    return c < 0x20 || c == 0x7f;
}

static bool is_graph(uint8_t c)
{
    return is_between(c, 0x21, 0x7e);
}

static bool is_lower(uint8_t c)
{
    return is_between(c, 'a', 'z');
}

static bool is_print(uint8_t c)
{
    return is_between(c, 0x20, 0x7e);
}

static bool is_punct(uint8_t c)
{
    return is_graph(c) && !is_alnum(c);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || is_between(c, '\t', '\r');
}

static bool is_upper(uint8_t c)
{
    return is_between(c, 'A', 'Z');
}

static bool is_xdigit(uint8_t c)
{
    return is_digit(c) || is_between(c | 0x20, 'a', 'f');
}

static bool is_word(uint8_t c)
{
    return is_alnum(c) || c == '_';
}

static const struct byte_class {
    const char *name;
    bool (*has)(uint8_t c);
} byte_classes[] = {
    {"alnum", is_alnum}, {"alpha", is_alpha}, {"blank", is_blank}, {"cntrl", is_cntrl},
    {"digit", is_digit}, {"graph", is_graph}, {"lower", is_lower}, {"print", is_print},
    {"punct", is_punct}, {"space", is_space}, {"upper", is_upper}, {"xdigit", is_xdigit},
};

static void add_class(struct ere_set *set, bool (*has)(uint8_t), bool wanted)
{
    for (unsigned c = 0; c < 256; c++)
        if (has((uint8_t)c) == wanted)
            ere_set_add(set, (uint8_t)c);
}

static bool add_named_class(struct ere_set *set, struct bytes name)
{
    for (size_t i = 0; i < sizeof byte_classes / sizeof *byte_classes; i++)
        if (bytes_is(name, byte_classes[i].name)) {
            add_class(set, byte_classes[i].has, true);
            return true;
        }
    return false;
}

/* ---- bracket expressions ---- */

/* The text up to "KIND]" behind "[KIND" (KIND is one of : = .); the parser stands behind '['. */
static struct bytes parse_bracket_name(struct parser *p)
{
    uint8_t kind = p->text.p[p->at++];
    size_t begin = p->at;
    for (; p->at + 1 < p->text.n; p->at++)
        if (p->text.p[p->at] == kind && p->text.p[p->at + 1] == ']') {
            struct bytes name = bytes_of(p->text.p + begin, p->at - begin);
            p->at += 2;
            return name;
        }
    fail(p, "a [:class:] in brackets is not closed");
    return bytes_of(NULL, 0);
}

/* One byte that may begin or end a range: itself, or [.x.]. */
static uint8_t parse_range_end(struct parser *p)
{
    if (!more(p)) {
        fail(p, "'[' is not closed");
        return 0;
    }
    if (p->text.p[p->at] != '[' || p->at + 1 >= p->text.n || p->text.p[p->at + 1] != '.')
        return p->text.p[p->at++];
    p->at++;
    struct bytes name = parse_bracket_name(p);
    if (name.n != 1)
        fail(p, "unknown collating element");
    return name.n == 1 ? name.p[0] : 0;
}

/* True when "[:" or "[=" stands here: a class, not the beginning of a range. */
static bool parse_bracket_class(struct parser *p, struct ere_set *set)
{
    if (p->text.p[p->at] != '[' || p->at + 1 >= p->text.n)
        return false;
    uint8_t kind = p->text.p[p->at + 1];
    if (kind != ':' && kind != '=')
        return false;
    p->at++;
    struct bytes name = parse_bracket_name(p);
    if (kind == ':' && !p->error && !add_named_class(set, name))
        fail(p, "unknown class of characters");
    if (kind == '=' && !p->error && name.n != 1)
        fail(p, "unknown equivalence class");
    if (kind == '=' && !p->error)
        ere_set_add(set, name.p[0]);
    return true;
}

static void parse_range(struct parser *p, struct ere_set *set)
{
    uint8_t low = parse_range_end(p), high = low;
    if (peek(p, '-') && p->at + 1 < p->text.n && p->text.p[p->at + 1] != ']') {
        p->at++;
        high = parse_range_end(p);
    }
    if (high < low)
        fail(p, "a range in brackets ends before it begins");
    for (unsigned c = low; c <= high && !p->error; c++)
        ere_set_add(set, (uint8_t)c);
}

/* bracket := '[' '^'? ']'? (class | range)* ']'    (a first ']' is ordinary, as is '\') */
static struct tree *parse_bracket(struct parser *p)
{
    struct ere_set set = {{0}};
    bool negated = take(p, '^');
    if (take(p, ']'))
        p->at--, parse_range(p, &set);
    while (more(p) && !peek(p, ']'))
        if (!parse_bracket_class(p, &set))
            parse_range(p, &set);
    if (!take(p, ']'))
        return fail(p, "'[' is not closed");
    for (size_t i = 0; negated && i < 8; i++)
        set.bits[i] = ~set.bits[i];
    return node_set(p, set);
}

/* ---- the rest of the grammar ---- */

static struct tree *parse_escape_class(struct parser *p, bool (*has)(uint8_t), bool wanted)
{
    struct ere_set set = {{0}};
    add_class(&set, has, wanted);
    return node_set(p, set);
}

/* escape := '\' any */
static struct tree *parse_escape(struct parser *p)
{
    if (!more(p))
        return fail(p, "a backslash ends the expression");
    uint8_t c = p->text.p[p->at++];
    switch (c) {
    case 'w': return parse_escape_class(p, is_word, true);
    case 'W': return parse_escape_class(p, is_word, false);
    case 's': return parse_escape_class(p, is_space, true);
    case 'S': return parse_escape_class(p, is_space, false);
    case 'd': return parse_escape_class(p, is_digit, true);
    case 'D': return parse_escape_class(p, is_digit, false);
    case '<': return node_assert(p, ERE_WORD, ERE_WORD_START);
    case '>': return node_assert(p, ERE_WORD, ERE_WORD_STOP);
    case 'b': return node_assert(p, ERE_WORD, ERE_WORD_EDGE);
    case 'B': return node_assert(p, ERE_WORD, ERE_WORD_INSIDE);
    default: return node_byte(p, c);
    }
}

static struct tree *parse_any(struct parser *p)
{
    struct ere_set set;
    memset(&set, 0xff, sizeof set);
    return node_set(p, set);
}

static struct tree *parse_group(struct parser *p)
{
    if (++p->depth > MAX_DEPTH)
        return fail(p, "parentheses are nested too deeply");
    struct tree *t = parse_alternation(p);
    p->depth--;
    return take(p, ')') ? t : fail(p, "'(' is not closed");
}

/* atom := '(' alternation ')' | bracket | '.' | '^' | '$' | escape | byte */
static struct tree *parse_atom(struct parser *p)
{
    uint8_t c = p->text.p[p->at++];
    switch (c) {
    case '(': return parse_group(p);
    case '[': return parse_bracket(p);
    case '.': return parse_any(p);
    case '^': return node_assert(p, ERE_BEGIN, 0);
    case '$': return node_assert(p, ERE_END, 0);
    case '\\': return parse_escape(p);
    case '*':
    case '+':
    case '?':
    case '{': return fail(p, "a repetition has nothing to repeat");
    default: return node_byte(p, c);
    }
}

static int parse_number(struct parser *p, int fallback)
{
    if (!more(p) || !is_digit(p->text.p[p->at]))
        return fallback;
    int n = 0;
    while (more(p) && is_digit(p->text.p[p->at]) && n <= MAX_REPEAT)
        n = n * 10 + (p->text.p[p->at++] - '0');
    return n;
}

/* interval := '{' number? (',' number?)? '}'    behind the brace */
static void parse_interval(struct parser *p, int *min, int *max)
{
    *min = parse_number(p, UNLIMITED);
    *max = *min;
    if (take(p, ','))
        *max = parse_number(p, UNLIMITED);
    else if (*min == UNLIMITED)
        fail(p, "an interval has no number");
    if (*min == UNLIMITED)
        *min = 0;
    if (!take(p, '}'))
        fail(p, "an interval is not closed");
    if (*min > MAX_REPEAT || *max > MAX_REPEAT || (*max != UNLIMITED && *max < *min))
        fail(p, "an interval's numbers are out of range");
}

static bool parse_repetition(struct parser *p, int *min, int *max)
{
    *min = 0;
    *max = UNLIMITED;
    if (take(p, '*'))
        return true;
    if (take(p, '+')) {
        *min = 1;
        return true;
    }
    if (take(p, '?')) {
        *max = 1;
        return true;
    }
    if (!take(p, '{'))
        return false;
    parse_interval(p, min, max);
    return true;
}

/* piece := atom (repetition '?'?)*    ASSUMPTION(ere-nongreedy): the second '?' only asks for less */
static struct tree *parse_piece(struct parser *p)
{
    struct tree *t = parse_atom(p);
    int min, max;
    for (unsigned n = 0; more(p) && parse_repetition(p, &min, &max); n++) {
        if (n == MAX_STACK)
            return fail(p, "repetitions are stacked too deeply");
        take(p, '?');
        t = node(p, TREE_REPEAT, t, NULL);
        t->min = min;
        t->max = max;
    }
    return t;
}

/* branch := piece*    an unmatched ')' at the top is ordinary */
static struct tree *parse_branch(struct parser *p)
{
    struct tree *first = node(p, TREE_EMPTY, NULL, NULL), **last = &first;
    while (more(p) && !peek(p, '|') && !(p->depth > 0 && peek(p, ')'))) {
        *last = node(p, TREE_BOTH, parse_piece(p), *last);
        last = &(*last)->right;
    }
    return first;
}

/* alternation := branch ('|' branch)* */
static struct tree *parse_alternation(struct parser *p)
{
    struct tree *first = parse_branch(p), **last = &first;
    while (take(p, '|')) {
        *last = node(p, TREE_EITHER, *last, parse_branch(p));
        last = &(*last)->right;
    }
    return first;
}

/* ---- writing instructions ---- */

static void emit(struct parser *p, const struct tree *t);

static uint16_t put(struct parser *p, enum ere_op op, uint16_t x)
{
    struct ere *e = p->ere;
    if (e->length == ERE_MAX_CODE - 1) {
        fail(p, "the expression is too large");
        return 0;
    }
    e->code[e->length] = (struct ere_code){.op = (uint8_t)op, .x = x};
    return (uint16_t)e->length++;
}

/* Body as often as it must occur. A body that writes nothing is not repeated: {255} may nest. */
static void emit_times(struct parser *p, const struct tree *body, int times)
{
    for (int i = 0; i < times && !p->error; i++) {
        size_t before = p->ere->length;
        emit(p, body);
        if (p->ere->length == before)
            return;
    }
}

static void emit_star(struct parser *p, const struct tree *body)
{
    uint16_t split = put(p, ERE_SPLIT, 0);
    p->ere->code[split].x = (uint16_t)p->ere->length;
    emit(p, body);
    put(p, ERE_JUMP, split);
    p->ere->code[split].y = (uint16_t)p->ere->length;
}

static void emit_optional(struct parser *p, const struct tree *body, int times)
{
    uint16_t splits[MAX_REPEAT];
    int n = 0;
    for (; n < times && n < MAX_REPEAT && !p->error; n++) {
        splits[n] = put(p, ERE_SPLIT, 0);
        p->ere->code[splits[n]].x = (uint16_t)p->ere->length;
        emit(p, body);
    }
    while (n-- > 0)
        p->ere->code[splits[n]].y = (uint16_t)p->ere->length;
}

static void emit_repeat(struct parser *p, const struct tree *t)
{
    emit_times(p, t->left, t->min);
    if (t->max == UNLIMITED)
        emit_star(p, t->left);
    else
        emit_optional(p, t->left, t->max - t->min);
}

static void emit_either(struct parser *p, const struct tree *t)
{
    uint16_t split = put(p, ERE_SPLIT, 0);
    p->ere->code[split].x = (uint16_t)p->ere->length;
    emit(p, t->left);
    uint16_t jump = put(p, ERE_JUMP, 0);
    p->ere->code[split].y = (uint16_t)p->ere->length;
    emit(p, t->right);
    p->ere->code[jump].x = (uint16_t)p->ere->length;
}

static void emit(struct parser *p, const struct tree *t)
{
    for (; t->type == TREE_BOTH && !p->error; t = t->right)
        emit(p, t->left);
    if (p->error)
        return;
    switch (t->type) {
    case TREE_EMPTY:
    case TREE_BOTH: return;
    case TREE_SET: put(p, ERE_SET, t->x); return;
    case TREE_ASSERT:
        put(p, (enum ere_op)t->op, t->x);
        p->ere->has_words |= t->op == ERE_WORD;
        return;
    case TREE_EITHER: emit_either(p, t); return;
    case TREE_REPEAT: emit_repeat(p, t); return;
    }
}

/* ---- finishing ---- */

/* Split every class by one set: the bytes of it that lie in the set move to a class of their own. */
static void split_classes(struct ere *e, const struct ere_set *set)
{
    uint8_t moved[256] = {0}; /* old class → new class, which is never 0 */
    bool stays[256] = {false};
    for (unsigned c = 0; c < 256; c++)
        if (!ere_set_has(set, (uint8_t)c))
            stays[e->classes[c]] = true;
    for (unsigned c = 0; c < 256; c++) {
        uint8_t k = e->classes[c];
        if (!ere_set_has(set, (uint8_t)c) || !stays[k])
            continue;
        if (!moved[k])
            moved[k] = (uint8_t)e->class_count++;
        e->classes[c] = moved[k];
    }
}

/* Bytes that lie in the same sets get the same class. */
static void make_classes(struct ere *e)
{
    e->class_count = 1;
    for (size_t i = 0; i < e->set_count; i++)
        split_classes(e, &e->sets[i]);
    for (unsigned c = 0; c < 256; c++)
        e->examples[e->classes[c]] = (uint8_t)c;
}

static void make_scratch(struct arena *a, struct ere *e)
{
    e->list = arena_array(a, e->length, uint16_t);
    e->other = arena_array(a, e->length, uint16_t);
    e->mark = arena_array(a, e->length, uint32_t);
    e->stack = arena_array(a, 2 * e->length + 2, uint16_t);
}

static struct ere *finish(struct arena *a, struct parser *p)
{
    struct ere *e = p->ere, *out = arena_new_of(a, struct ere);
    put(p, ERE_ACCEPT, 0);
    *out = *e;
    out->arena = a;
    out->code = arena_copy(a, e->code, e->length * sizeof *e->code);
    out->set_count = p->sets.n;
    out->sets = arena_copy(a, p->sets.at, p->sets.n * sizeof *p->sets.at);
    make_classes(out);
    make_scratch(a, out);
    return out;
}

struct ere *ere_compile(struct arena *a, struct bytes pattern, const char **error)
{
    if (pattern.n > LIMIT_REGEX_BYTES) {
        *error = "the expression is too long";
        return NULL;
    }
    struct arena *work = arena_child(a);
    struct parser p = {.a = work, .text = pattern, .ere = arena_new_of(work, struct ere)};
    p.ere->code = arena_array(work, ERE_MAX_CODE, struct ere_code);
    struct tree *t = parse_alternation(&p);
    if (!p.error)
        emit(&p, t);
    struct ere *out = p.error ? NULL : finish(a, &p);
    *error = p.error;
    arena_child_free(work);
    return out;
}

struct bytes ere_escape(struct arena *a, struct bytes text)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] && strchr("\\[]{}().+*?^$|", text.p[i]))
            buf_byte(&b, '\\');
        buf_byte(&b, text.p[i]);
    }
    return bytes_of(buf_cstr(&b), b.n);
}
