/* SPDX-License-Identifier: Apache-2.0 */
/* What a case expects against what came (cli/expect.h): one row a key. A row makes what came as a value and says whether it
 * agrees. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/expect.h"

struct compare {
    struct arena *a;
    const struct value *want;
    const struct case_outcome *o;
    const struct finding *deciding; /* NULL when nothing decided */
    struct value *got;
};

static struct value *text(struct compare *c, const char *s)
{
    return s ? value_string(c->a, s) : value_null(c->a);
}

/* WANT as text, also when it was written as a number or word. */
static const char *want_text(struct compare *c, const struct value *want)
{
    return want->bytes.p ? bytes_cstr(c->a, want->bytes) : "";
}

static size_t want_count(const struct compare *c)
{
    return c->want->type == VALUE_ARRAY ? c->want->count : 1;
}

static const char *want_at(struct compare *c, size_t i)
{
    return want_text(c, c->want->type == VALUE_ARRAY ? c->want->items[i] : c->want);
}

/* GOT is the wanted text, or one of a list. */
static bool is_one(struct compare *c, const char *got)
{
    c->got = text(c, got);
    if (!got)
        return c->want->type == VALUE_NULL;
    for (size_t i = 0; i < want_count(c); i++)
        if (strcmp(want_at(c, i), got) == 0)
            return true;
    return false;
}

static bool verdict(struct compare *c)
{
    return is_one(c, c->o->judged ? outcome_name(c->o->judgement.outcome) : NULL);
}

static bool stage(struct compare *c)
{
    return is_one(c, c->deciding ? stage_name(c->deciding->stage) : NULL);
}

static bool finding(struct compare *c)
{
    return is_one(c, c->deciding ? finding_row(c->deciding->id)->id : NULL);
}

static bool at(struct compare *c)
{
    return is_one(c, c->deciding ? c->deciding->place.path : NULL);
}

static bool evidence(struct compare *c)
{
    const char grade[2] = {c->o->judgement.evidence, '\0'};
    return is_one(c, arena_strdup(c->a, grade));
}

static bool is_number(struct compare *c, int64_t got)
{
    c->got = value_int(c->a, got);
    for (size_t i = 0; i < want_count(c); i++) {
        const struct value *w = c->want->type == VALUE_ARRAY ? c->want->items[i] : c->want;
        if (w->type == VALUE_INT && w->integer == got)
            return true;
    }
    return false;
}

/* ALTERNATIVE is one of a row's codes: "-413 AppleMobileFileIntegrityError", "exit 3", "EBADEXEC POSIX". */
static bool is_code(struct compare *c, const struct value *want, const char *alternative)
{
    const char *word = arena_strndup(c->a, alternative, strcspn(alternative, " "));
    int64_t number;

    if (text_starts(alternative, "exit "))
        word = alternative += strlen("exit ");
    if (want->type == VALUE_INT)
        return finding_code_number(alternative, &number) && want->integer == number;
    return strcmp(want_text(c, want), word) == 0 || strcmp(want_text(c, want), alternative) == 0;
}

/* One of the codes that the vocabulary gives the deciding finding, "; " between them. */
static bool is_code_of_row(struct compare *c, const struct value *want)
{
    const char *rest = finding_row(c->deciding->id)->code;

    for (;;) {
        size_t n = strcspn(rest, ";");
        if (is_code(c, want, arena_strndup(c->a, rest, n)))
            return true;
        if (!rest[n])
            return false;
        rest += n + strspn(rest + n, "; ");
    }
}

static bool code(struct compare *c)
{
    const struct finding *f = c->deciding;
    int64_t usual;

    c->got = f && f->has_code ? value_int(c->a, f->code) : value_null(c->a);
    if (!f)
        return c->want->type == VALUE_NULL;
    if (f->has_code && is_number(c, f->code))
        return true;
    /* A code of this very case leaves no choice; the usual one stands for all that were seen. */
    if (f->has_code && finding_code_number(finding_row(f->id)->code, &usual) && usual != f->code)
        return false;
    for (size_t i = 0; i < want_count(c); i++)
        if (is_code_of_row(c, c->want->type == VALUE_ARRAY ? c->want->items[i] : c->want))
            return true;
    return !f->has_code && c->want->type == VALUE_NULL;
}

static bool exit_status(struct compare *c)
{
    return is_number(c, c->o->exit_status);
}

/* The ids of everything that was found, and of the causes a log names. */
static void found_ids(struct compare *c)
{
    c->got = value_array(c->a);
    for (size_t i = 0; i < c->o->judgement.findings.list.n; i++)
        value_append(c->a, c->got,
                     text(c, finding_row(c->o->judgement.findings.list.at[i]->id)->id));
    for (size_t i = 0; i < c->o->log.causes.n; i++)
        value_append(c->a, c->got, text(c, finding_row(c->o->log.causes.at[i])->id));
}

static bool also(struct compare *c)
{
    found_ids(c);
    /* A line that several faults share names the others as alternatives. */
    for (size_t i = 0; i < c->o->log.possible.n; i++)
        value_append(c->a, c->got, text(c, finding_row(c->o->log.possible.at[i])->id));
    for (size_t i = 0; i < want_count(c); i++)
        if (!value_has_string(c->got, want_at(c, i)))
            return false;
    return true;
}

static bool not_found(struct compare *c)
{
    found_ids(c);
    for (size_t i = 0; i < want_count(c); i++)
        if (value_has_string(c->got, want_at(c, i)))
            return false;
    return true;
}

/* Every wanted text occurs in some item of GOT. */
static bool occur(struct compare *c)
{
    for (size_t i = 0; i < want_count(c); i++) {
        size_t k = 0;
        while (k < c->got->count && !strstr(value_cstr(c->got->items[k]), want_at(c, i)))
            k++;
        if (k == c->got->count)
            return false;
    }
    return true;
}

/* The wanted texts occur one after the other, on the same line or on later ones. */
static bool occur_in_order(struct compare *c)
{
    const char *rest = "";
    for (size_t i = 0; i < c->got->count; i++)
        rest = arena_printf(c->a, "%s%s\n", rest, value_cstr(c->got->items[i]));
    for (size_t i = 0; i < want_count(c); i++) {
        const char *found = strstr(rest, want_at(c, i));
        if (!found)
            return false;
        rest = found + strlen(want_at(c, i));
    }
    return true;
}

static void add_lines(struct compare *c, const struct finding *f, bool noise_only)
{
    for (size_t i = 0; i < f->log.n; i++) {
        const struct log_line *line = &f->log.at[i];
        if (!noise_only || line->noise)
            value_append(c->a, c->got,
                         text(c, line->process
                                     ? arena_printf(c->a, "%s: %s", line->process, line->text)
                                     : line->text));
    }
}

static void log_lines(struct compare *c, bool noise_only)
{
    c->got = value_array(c->a);
    for (size_t i = 0; i < c->o->judgement.findings.list.n; i++)
        add_lines(c, c->o->judgement.findings.list.at[i], noise_only);
}

static bool log_in_order(struct compare *c)
{
    log_lines(c, false);
    return occur_in_order(c);
}

static bool noise(struct compare *c)
{
    log_lines(c, true);
    for (size_t i = 0; i < c->o->log.matches.n; i++)
        if (c->o->log.matches.at[i].row->kind == LOG_KIND_noise)
            value_append(c->a, c->got, value_string_bytes(c->a, c->o->log.matches.at[i].text));
    return occur(c);
}

/* What decided must name it; where nothing did, some finding. */
static bool names(struct compare *c)
{
    c->got = value_array(c->a);
    for (size_t i = 0; i < c->o->judgement.findings.list.n; i++) {
        const struct finding *f = c->o->judgement.findings.list.at[i];
        if (c->deciding && f != c->deciding)
            continue;
        value_append(c->a, c->got, text(c, finding_message(c->a, f)));
        if (f->place.path)
            value_append(c->a, c->got, text(c, f->place.path));
    }
    return occur(c);
}

static bool fix(struct compare *c)
{
    c->got = value_array(c->a);
    for (size_t i = 0; i < c->o->judgement.findings.list.n; i++) {
        const struct finding *f = c->o->judgement.findings.list.at[i];
        if (f->fix && (f == c->deciding || !c->deciding))
            value_append(c->a, c->got, text(c, f->fix));
    }
    return occur(c);
}

static bool questions(struct compare *c)
{
    c->got = value_array(c->a);
    for (size_t i = 0; i < c->o->judgement.questions.n; i++) {
        const struct question *q = &c->o->judgement.questions.at[i];
        value_append(
            c->a, c->got,
            text(c, arena_printf(c->a, "%s: %s", finding_row(q->finding->id)->id, q->text)));
    }
    return occur(c);
}

/* S without blanks and newlines at its end. */
static const char *trimmed(struct compare *c, const char *s)
{
    size_t n = strlen(s);
    while (n && strchr(" \n", s[n - 1]))
        n--;
    return arena_strndup(c->a, s, n);
}

/* Equal but for the end, and for what marks of the wanted text stand for. */
static bool same_output(struct compare *c, const char *got)
{
    c->got = text(c, got);
    return got && text_fits(trimmed(c, got), trimmed(c, want_text(c, c->want)));
}

static bool standard_output(struct compare *c)
{
    return same_output(c, c->o->out);
}

static bool standard_error(struct compare *c)
{
    return same_output(c, c->o->err);
}

static bool repair(struct compare *c)
{
    if (!c->o->repairs)
        return false;
    c->got = repair_tree(c->a, c->o->repairs);
    return repair_is_found(c->a, &c->o->input, c->o->repairs, c->want);
}

static const struct row {
    const char *key;
    bool (*agrees)(struct compare *c);
} rows[] = {
    {"verdict", verdict},
    {"stage", stage},
    {"finding", finding},
    {"at", at},
    {"also", also},
    {"not", not_found},
    {"names", names},
    {"code", code},
    {"exit", exit_status},
    {"log", log_in_order},
    {"noise", noise},
    {"fix", fix},
    {"questions", questions},
    {"evidence", evidence},
    {"repair", repair},
    {"stdout", standard_output},
    {"stderr", standard_error},
};

static void compare_key(struct arena *a, const char *key, struct compare *c,
                        struct expectation *out)
{
    const struct row *row = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].key, key) == 0)
            row = &rows[i];
    c->got = NULL;
    bool agrees = row && row->agrees(c);
    value_set(a, out->got, key, c->got ? c->got : value_null(a));
    if (!agrees)
        vec_push(a, &out->failed, key);
}

void expect_compare(struct arena *a, const struct value *expect, const struct case_outcome *outcome,
                    struct expectation *out)
{
    struct compare c = {.a = a, .o = outcome, .deciding = outcome->judgement.deciding};
    *out = (struct expectation){.got = value_dict(a)};
    for (size_t i = 0; expect && expect->type == VALUE_DICT && i < expect->count; i++) {
        c.want = expect->items[i];
        compare_key(a, (const char *)expect->keys[i].name.p, &c, out);
    }
    if (outcome->trouble) {
        value_set(a, out->got, "trouble", value_string(a, outcome->trouble));
        vec_push(a, &out->failed, "trouble");
    }
    out->met = out->failed.n == 0;
}
