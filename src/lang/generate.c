/* SPDX-License-Identifier: Apache-2.0 */
/* Generate: see generate.h. One function a rule of the grammar (requirement-language.md §2.2). */
#include "config.h"

#include "lang/generate.h"

#include "base/arena.h"
#include "lang/lex.h"
#include "lang/program.h"

#define DEPTH 5

struct generator generator_of(struct arena *a, uint64_t seed, uint64_t number)
{
    return (struct generator){a, seed * UINT64_C(0x9e3779b97f4a7c15) ^
                                     number * UINT64_C(0xd1342543de82ef95)};
}

/* SplitMix64. */
static uint64_t next(struct generator *g)
{
    uint64_t z = g->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t generator_below(struct generator *g, uint32_t n)
{
    return (uint32_t)((next(g) >> 32) * n >> 32);
}

static bool one_in(struct generator *g, uint32_t n)
{
    return generator_below(g, n) == 0;
}

#define PICK(g, list) ((list)[generator_below((g), sizeof(list) / sizeof *(list))])

/* -- Words */

/* A blank, or what stands for one. */
static void blank(struct generator *g, struct buf *b)
{
    static const char *const odd[] = {"\n",     "\t",         "  ",      " /* x */ ",
                                      "/****/", "/* a ***/ ", " // y\n", " # z\n"};
    buf_str(b, one_in(g, 8) ? PICK(g, odd) : " ");
}

/* "=", "==" or nothing. */
static void equals(struct generator *g, struct buf *b)
{
    static const char *const forms[] = {" ", " = ", " == ", "="};
    buf_str(b, PICK(g, forms));
}

static void bare_word(struct generator *g, struct buf *b)
{
    static const char *const words[] = {"a",       "foo",         "com.example.app", "x.1",
                                        "X9",      "notarised",   "apple.foo",       "trusted1",
                                        "leaf.cn", "genericname", "Z.99.y"};
    buf_str(b, PICK(g, words));
}

/* A string: keywords, digits first, quotes, blanks, control bytes, other scripts, nothing, a long one. */
static void string(struct generator *g, struct buf *b)
{
    static const char *const texts[] = {"",
                                        "a b",
                                        "or",
                                        "1ABCDE",
                                        "com.example.my-app",
                                        "Jo \\\"X\\\" Doe",
                                        "\xc3\xa9",
                                        "a\nb",
                                        "a\tb",
                                        "10",
                                        "1.10",
                                        "ABCDE12345",
                                        "*",
                                        "a*",
                                        "\x01",
                                        "\xe2\x82",
                                        "\xf0\x9f\x98\x80",
                                        "/* no */",
                                        "timestamp",
                                        "\357\273\277x"};
    buf_byte(b, '"');
    if (one_in(g, 30))
        for (uint32_t n = 200 + generator_below(g, 120); n > 0; n--)
            buf_byte(b, (uint8_t)('a' + n % 26));
    else
        buf_str(b, PICK(g, texts));
    buf_byte(b, '"');
}

static void name(struct generator *g, struct buf *b)
{
    if (one_in(g, 2))
        bare_word(g, b);
    else
        string(g, b);
}

static void hex_digits(struct generator *g, struct buf *b, uint32_t n)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    while (n-- > 0)
        buf_byte(b, (uint8_t)digits[generator_below(g, 22)]);
}

static void hash(struct generator *g, struct buf *b)
{
    buf_str(b, "H\"");
    hex_digits(g, b, 40);
    buf_byte(b, '"');
}

static void value(struct generator *g, struct buf *b)
{
    if (!one_in(g, 6)) {
        name(g, b);
        return;
    }
    buf_str(b, "0x");
    hex_digits(g, b, 2 + 2 * generator_below(g, 6));
}

static void number(struct generator *g, struct buf *b)
{
    static const char *const odd[] = {
        "0", "00", "1", "13", "255", "256", "2147483648", "4294967295", "99999999999999999999"};
    buf_str(b, PICK(g, odd));
}

static void date(struct generator *g, struct buf *b)
{
    static const char *const odd[] = {"20190408000000Z",
                                      "20000229000000Z",
                                      "19000229000000Z",
                                      "20161231235960Z",
                                      "20190408000000",
                                      "190408000000Z",
                                      "20190408120000+0130",
                                      "00000101000000Z",
                                      "99991231235959Z",
                                      "201904080000000",
                                      "x"};
    buf_printf(b, "timestamp \"%s\"", PICK(g, odd));
}

/* -- Parts */

static void match(struct generator *g, struct buf *b)
{
    static const char *const orders[] = {" < ", " > ", " <= ", " >= ", " = ", " == ", "<", ">="};
    switch (generator_below(g, 8)) {
    case 0: break;
    case 1: buf_str(b, " exists"); break;
    case 2: buf_str(b, " absent"); break;
    case 3:
        buf_str(b, one_in(g, 2) ? " = " : "==");
        buf_str(b, one_in(g, 3) ? "*" : "");
        value(g, b);
        buf_str(b, one_in(g, 3) ? " *" : "");
        break;
    case 4:
        buf_str(b, " ~ ");
        value(g, b);
        break;
    case 5:
        buf_str(b, PICK(g, orders));
        date(g, b);
        break;
    default:
        buf_str(b, PICK(g, orders));
        value(g, b);
        break;
    }
}

static void slot(struct generator *g, struct buf *b)
{
    static const char *const slots[] = {"leaf", "root", "0",  "1",          "2",
                                        "-1",   "- 2",  "-0", "4294967295", "7"};
    buf_str(b, PICK(g, slots));
}

static void certificate_key(struct generator *g, struct buf *b)
{
    static const char *const keys[] = {"subject.CN",
                                       "subject.OU",
                                       "subject.O",
                                       "subject.C-OU",
                                       "subject.X",
                                       "field.1",
                                       "field.1.2",
                                       "policy.1.2.3.4",
                                       "extension.2.5.29.15",
                                       "field.2.999.3",
                                       "field.1.2.840.113635.100.6.1.13",
                                       "field.1.2.840.113635.100.6.2.6",
                                       "timestamp.1.2.840.113635.100.6.1.33",
                                       "field.1.2.18446744073709551616"};
    const char *key = PICK(g, keys);
    bool quoted = one_in(g, 4) || strchr(key, '-');
    buf_printf(b, quoted ? "[\"%s\"]" : "[%s]", key);
}

static void certificate(struct generator *g, struct buf *b)
{
    static const char *const fixed[] = {"anchor apple",   "anchor apple generic",
                                        "anchor trusted", "anchor generic apple",
                                        "cert trusted",   "certificate trusted"};
    uint32_t kind = generator_below(g, 6);
    if (kind == 0) {
        buf_str(b, PICK(g, fixed));
        return;
    }
    if (kind == 1) {
        buf_str(b, "anchor");
        equals(g, b);
        hash(g, b);
        return;
    }
    buf_str(b, one_in(g, 2) ? "cert " : "certificate ");
    slot(g, b);
    if (kind == 2) {
        buf_str(b, " trusted");
    } else if (kind == 3) {
        equals(g, b);
        hash(g, b);
    } else {
        certificate_key(g, b);
        match(g, b);
    }
}

static void keyed(struct generator *g, struct buf *b, const char *word)
{
    buf_printf(b, "%s[", word);
    name(g, b);
    buf_byte(b, ']');
    match(g, b);
}

static void leaf(struct generator *g, struct buf *b)
{
    static const char *const constants[] = {"always", "true",      "never",
                                            "false",  "notarized", "legacy"};
    switch (generator_below(g, 9)) {
    case 0: buf_str(b, PICK(g, constants)); break;
    case 1:
        buf_str(b, "identifier");
        equals(g, b);
        name(g, b);
        break;
    case 2:
        buf_str(b, "cdhash ");
        hash(g, b);
        break;
    case 3:
        buf_str(b, "platform = ");
        number(g, b);
        break;
    case 4:
        buf_byte(b, '(');
        name(g, b);
        buf_byte(b, ')');
        break;
    case 5: keyed(g, b, "entitlement"); break;
    case 6: keyed(g, b, "info"); break;
    default: certificate(g, b); break;
    }
}

static void expression(struct generator *g, struct buf *b, unsigned depth)
{
    uint32_t kind = depth == 0 ? 0 : generator_below(g, 6);
    if (kind <= 1) {
        leaf(g, b);
    } else if (kind == 2) {
        buf_str(b, one_in(g, 2) ? "!" : "! ");
        expression(g, b, 0);
    } else if (kind == 3) {
        buf_byte(b, '(');
        expression(g, b, depth - 1);
        buf_byte(b, ')');
    } else {
        expression(g, b, depth - 1);
        blank(g, b);
        buf_str(b, kind == 4 ? "and" : "or");
        blank(g, b);
        expression(g, b, depth - 1);
    }
}

static void set(struct generator *g, struct buf *b)
{
    static const char *const tags[] = {"host",   "guest", "designated", "library",
                                       "plugin", "3",     "0",          "4294967295"};
    for (uint32_t n = 1 + generator_below(g, 3); n > 0; n--) {
        buf_printf(b, "%s => ", PICK(g, tags));
        expression(g, b, 2);
        buf_str(b, one_in(g, 4) ? ";; " : "\n");
    }
}

struct bytes generate_text(struct generator *g)
{
    struct buf b = {.arena = g->a};
    if (one_in(g, 8))
        set(g, &b);
    else
        expression(g, &b, generator_below(g, DEPTH));
    if (one_in(g, 12))
        buf_byte(&b, ';');
    return buf_bytes(&b);
}

/* -- Damage */

static struct bytes some_token(struct generator *g)
{
    int kind = (int)generator_below(g, TOKEN_KINDS);
    static const char *const odd[] = {"&&",      "||",    "'",  "\xe2\x80\x9c", "\r\n", "\\",
                                      "H\"12\"", "0xabc", "/x", "/* **/",       "\xff", "_",
                                      ",",       "\"",    "- ", "=>",           "[",    "]"};
    if (one_in(g, 2))
        return bytes_str(PICK(g, odd));
    return bytes_str(token_name((enum token_kind)kind));
}

/* A span of TEXT is replaced by a token, by nothing, or by itself twice. */
static struct bytes damage_once(struct generator *g, struct bytes text)
{
    struct buf b = {.arena = g->a};
    struct bytes head, span, tail;
    uint32_t from = generator_below(g, (uint32_t)text.n + 1);
    uint32_t n = generator_below(g, 8);
    if (n > text.n - from)
        n = (uint32_t)text.n - from;
    bytes_part(text, 0, from, &head);
    bytes_part(text, from, n, &span);
    bytes_part(text, from + n, text.n - from - n, &tail);
    uint32_t kind = generator_below(g, 4);
    buf_put(&b, head);
    if (kind <= 1)
        buf_put(&b, kind == 0 ? some_token(g) : span);
    if (kind == 1)
        buf_put(&b, span);
    if (kind == 3)
        buf_byte(&b, (uint8_t)generator_below(g, 256));
    buf_put(&b, tail);
    return buf_bytes(&b);
}

struct bytes generate_damage(struct generator *g, struct bytes text)
{
    for (uint32_t n = 1 + generator_below(g, 3); n > 0; n--)
        text = damage_once(g, text);
    return text;
}

/* -- Binaries */

static void put_data(struct generator *g, struct buf *b)
{
    static const char *const texts[] = {"",           "a",        "com.example",
                                        "subject.OU", "email",    "\x2a\x03",
                                        "\x80\x01",   "\xff\xff", "12345678901234567890"};
    struct bytes data = bytes_str(PICK(g, texts));
    buf_be32(b, (uint32_t)data.n + (one_in(g, 60) ? 1000 : 0));
    buf_put(b, data);
    buf_zero(b, (4 - data.n % 4) % 4);
}

static void put_match(struct generator *g, struct buf *b)
{
    uint32_t match = generator_below(g, MATCH_COUNT + 2);
    const struct req_match_row *row = req_match_row(match);
    buf_be32(b, match);
    if (row && row->operand == OPERAND_DATE)
        buf_be64(b, one_in(g, 3) ? next(g) : 576374400);
    else if (!row || row->operand == OPERAND_DATA)
        put_data(g, b);
}

static void put_operands(struct generator *g, struct buf *b, enum req_shape shape)
{
    static const uint32_t slots[] = {0, 1, 2, 0xffffffff, 0xfffffffe, 0x80000000, 99};
    bool slot = shape == SHAPE_SLOT_HASH || shape == SHAPE_FIELD_MATCH ||
                shape == SHAPE_OID_MATCH || shape == SHAPE_SLOT || shape == SHAPE_NUMBER;
    if (slot)
        buf_be32(b, PICK(g, slots));
    if (shape == SHAPE_HASH || shape == SHAPE_SLOT_HASH) {
        buf_be32(b, 20);
        for (int i = 0; i < 5; i++)
            buf_be32(b, (uint32_t)next(g));
    } else if (shape != SHAPE_NONE && shape != SHAPE_SLOT && shape != SHAPE_NUMBER) {
        put_data(g, b);
    }
    if (shape == SHAPE_KEY_VALUE)
        put_data(g, b);
    if (shape == SHAPE_KEY_MATCH || shape == SHAPE_FIELD_MATCH || shape == SHAPE_OID_MATCH)
        put_match(g, b);
}

static void put_program(struct generator *g, struct buf *b, unsigned depth)
{
    uint32_t op = generator_below(g, OP_COUNT + 2);
    const struct req_op_row *row = req_op_row(op);
    bool operators = row && (row->shape == SHAPE_ONE || row->shape == SHAPE_TWO);
    if (operators && depth == 0) {
        op = OP_ALWAYS;
        row = req_op_row(op);
        operators = false;
    }
    if (!row) {
        static const uint32_t flags[] = {REQ_FLAG_FALSE, REQ_FLAG_SKIP, 0,
                                         REQ_FLAG_FALSE | REQ_FLAG_SKIP};
        buf_be32(b, PICK(g, flags) | op);
        buf_be32(b, 4 * generator_below(g, 3));
        return;
    }
    buf_be32(b, op | (one_in(g, 30) ? REQ_FLAG_SKIP : 0));
    for (int n = operators ? (row->shape == SHAPE_TWO ? 2 : 1) : 0; n > 0; n--)
        put_program(g, b, depth - 1);
    if (!operators)
        put_operands(g, b, row->shape);
}

struct bytes generate_binary(struct generator *g)
{
    struct buf b = {.arena = g->a};
    buf_be32(&b, one_in(g, 50) ? REQ_MAGIC_SET : REQ_MAGIC);
    buf_be32(&b, 0);
    buf_be32(&b, one_in(g, 40) ? generator_below(g, 4) : REQ_KIND_EXPRESSION);
    put_program(g, &b, generator_below(g, DEPTH));
    if (one_in(g, 12))
        b.n -= generator_below(g, 12);
    if (one_in(g, 20))
        buf_be32(&b, (uint32_t)next(g));
    buf_set_be32(&b, 4, (uint32_t)b.n + (one_in(g, 40) ? 1 : 0));
    return buf_bytes(&b);
}
