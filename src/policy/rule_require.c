/* SPDX-License-Identifier: Apache-2.0 */
/* Rule requirements: compiling and evaluating Apple's own language for the rule book. */
#include "policy/rule_require.h"

#include <string.h>

#include "base/arena.h"
#include "lang/compile.h"

static void say(struct rule_scope *s, const char *key, const char *text)
{
    value_set(s->j->a, s->said, key, value_string(s->j->a, text));
}

enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob)
{
    (void)s;
    (void)c;
    (void)blob;
    return VERDICT_UNDECIDED;
}

static struct req_compiled compile(struct rule_scope *s, const char *text)
{
    struct req_options options = {.mode = REQ_SINGLE};

    return req_compile(s->j->a, bytes_str(text), &options);
}

enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text)
{
    struct req_compiled compiled = compile(s, text);

    return compiled.ok ? require_meets(s, c, compiled.blob) : VERDICT_NO;
}

enum verdict require_compiles(struct rule_scope *s, const char *text)
{
    struct req_compiled compiled = compile(s, text);
    struct bytes error;

    if (compiled.ok)
        return VERDICT_YES;
    error = req_errors_text(s->j->a, &compiled.errors);
    while (error.n && error.p[error.n - 1] == '\n')
        error.n--;
    say(s, "error", bytes_cstr(s->j->a, error));
    return VERDICT_NO;
}
