/* SPDX-License-Identifier: Apache-2.0 */
/* Judgements as text (report/text.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "report/text.h"
#include "report/wrap.h"

struct writer {
    struct buf *out;
    struct text_style style;
};

#define RED    "31;1"
#define GREEN  "32;1"
#define YELLOW "33;1"
#define DIM    "2"
#define BOLD   "1"

static void coloured(const struct writer *w, const char *colour, const char *text)
{
    if (w->style.colour && colour)
        buf_printf(w->out, "\033[%sm%s\033[0m", colour, text);
    else
        buf_str(w->out, text);
}

static const char *outcome_colour(enum outcome o)
{
    return o == OUTCOME_ACCEPTED ? GREEN : o >= OUTCOME_REFUSED ? RED : YELLOW;
}

static const char *severity_colour(enum severity s)
{
    return s >= SEVERITY_REFUSED ? RED : s >= SEVERITY_WARN ? YELLOW : DIM;
}

static const char *evidence_text(char grade)
{
    switch (grade) {
    case 'A': return "A, documented by Apple";
    case 'B': return "B, reverse-engineered in public";
    case 'C': return "C, observed in reports";
    case 'D': return "D, inferred";
    default: return "none";
    }
}

static void first_line(const struct writer *w, const char *path, const struct judgement *j)
{
    buf_printf(w->out, "%s: ", path);
    coloured(w, outcome_colour(j->outcome), outcome_name(j->outcome));
    if (j->deciding)
        buf_printf(w->out, " at %s: %s", stage_name(j->deciding->stage),
                   finding_row(j->deciding->id)->id);
    buf_byte(w->out, '\n');
    if (j->deciding)
        wrap_text(w->out, "  ", finding_message(w->out->arena, j->deciding));
}

/* One line for all stages with the same result. */
static void stages_with(const struct writer *w, const struct judgement *j, enum stage_result result)
{
    bool any = false;
    for (int i = 0; i < STAGE_COUNT; i++) {
        if (j->stages[i] != result)
            continue;
        if (!any)
            buf_printf(w->out, "  %-10s", stage_result_name(result));
        buf_printf(w->out, " %s", stage_name((enum stage)i));
        any = true;
    }
    if (any)
        buf_byte(w->out, '\n');
}

static void stages(const struct writer *w, const struct judgement *j)
{
    buf_str(w->out, "\nStages, in the Mac's order:\n");
    stages_with(w, j, STAGE_PASSED);
    stages_with(w, j, STAGE_DEGRADED);
    stages_with(w, j, STAGE_UNDECIDED);
    stages_with(w, j, STAGE_REFUSED);
    for (int i = 0; w->style.verbose && i < STAGE_COUNT; i++)
        if (j->stages[i] == STAGE_SKIPPED)
            buf_printf(w->out, "  skipped    %s%s%s\n", stage_name((enum stage)i),
                       j->skipped[i] ? ": " : "", j->skipped[i] ? j->skipped[i] : "");
}

static void place(const struct writer *w, const struct finding *f)
{
    const struct place *at = &f->place;
    buf_printf(w->out, "    in %s", at->path ? at->path : "(no file)");
    if (at->arch && *at->arch)
        buf_printf(w->out, ", slice %s", at->arch);
    if (at->slot != PLACE_NONE)
        buf_printf(w->out, at->slot >= 0x1000 ? ", slot 0x%llx" : ", slot %lld",
                   (long long)at->slot);
    if (at->offset != PLACE_NONE)
        buf_printf(w->out, ", offset 0x%llx", (unsigned long long)at->offset);
    buf_byte(w->out, '\n');
}

static void log_lines(const struct writer *w, const struct finding *f)
{
    for (size_t i = 0; i < f->log.n; i++) {
        const struct log_line *line = &f->log.at[i];
        buf_printf(w->out, "    %s ", line->noise ? "noise |" : "  log |");
        if (line->process)
            buf_printf(w->out, "%s: ", line->process);
        coloured(w, line->noise ? DIM : NULL, line->text);
        buf_byte(w->out, '\n');
    }
}

static bool is_text(const char *s)
{
    return s && *s && strcmp(s, "-") != 0;
}

/* What is no fault needs no fix: the catalogue says "Nothing" there. */
static bool has_fix(const struct finding *f)
{
    return is_text(f->fix) && f->severity >= SEVERITY_WARN && strncmp(f->fix, "Nothing", 7) != 0;
}

static void finding(const struct writer *w, const struct finding *f)
{
    buf_str(w->out, "\n");
    coloured(w, severity_colour(f->severity), severity_name(f->severity));
    buf_str(w->out, " ");
    coloured(w, BOLD, finding_row(f->id)->id);
    buf_printf(w->out, "  (%s", stage_name(f->stage));
    if (is_text(f->rule))
        buf_printf(w->out, ", rule %s", f->rule);
    if (f->has_code)
        buf_printf(w->out, ", code %lld", (long long)f->code);
    buf_printf(w->out, ", evidence %c)\n", f->evidence ? f->evidence : '-');
    wrap_text(w->out, "    ", finding_message(w->out->arena, f));
    place(w, f);
    log_lines(w, f);
    if (has_fix(f))
        wrap_text(w->out, "    fix: ", f->fix);
}

static void questions(const struct writer *w, const struct judgement *j)
{
    for (size_t i = 0; i < j->questions.n; i++) {
        const struct question *q = &j->questions.at[i];
        if (i == 0)
            buf_str(w->out, "\nNot on disk, so asked:\n");
        buf_printf(w->out, "  %s %s  (%s, rule %s)%s\n", q->blocks ? "?" : "-",
                   finding_row(q->finding->id)->id, stage_name(q->finding->stage), q->finding->rule,
                   q->blocks ? "" : ", does not stand in the way");
        wrap_text(w->out, "      ", q->text ? q->text : finding_row(q->finding->id)->title);
    }
}

static bool is_question(const struct judgement *j, const struct finding *f)
{
    for (size_t i = 0; i < j->questions.n; i++)
        if (j->questions.at[i].finding == f)
            return true;
    return false;
}

static void basis(const struct writer *w, const struct judgement *j)
{
    buf_str(w->out, "\n");
    if (j->evidence)
        buf_printf(w->out, "Evidence for this outcome: %s.\n", evidence_text(j->evidence));
    for (size_t i = 0; i < j->assumptions.n; i++)
        buf_printf(w->out, "%s%s%s", i ? ", " : "Assumed: ", j->assumptions.at[i],
                   i + 1 == j->assumptions.n ? ".\n" : "");
    if (j->test_identity)
        buf_str(w->out, "Test identities: signed by the forge's own root, which no Mac trusts.\n");
}

void text_judgement(struct buf *out, const char *path, const struct judgement *j,
                    struct text_style style)
{
    const struct writer w = {.out = out, .style = style};
    first_line(&w, path, j);
    if (style.quiet)
        return;
    stages(&w, j);
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (!is_question(j, j->findings.list.at[i]))
            finding(&w, j->findings.list.at[i]);
    questions(&w, j);
    basis(&w, j);
}
