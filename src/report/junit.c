/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML and GitHub's workflow commands (report/reports.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "report/markup.h"
#include "report/reports.h"

static void attribute(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, " %s=\"", name);
    markup_text(out, text);
    buf_str(out, "\"");
}

static void failure(struct buf *out, const struct finding *f)
{
    buf_str(out, "      <failure");
    attribute(out, "type", finding_row(f->id)->id);
    attribute(out, "message", finding_message(out->arena, f));
    buf_str(out, ">");
    if (f->place.path)
        markup_text(out, arena_printf(out->arena, "in %s\n", f->place.path));
    for (size_t i = 0; i < f->log.n; i++)
        markup_text(out, arena_printf(out->arena, "%s\n", f->log.at[i].text));
    if (f->fix && strcmp(f->fix, "-") != 0)
        markup_text(out, arena_printf(out->arena, "fix: %s\n", f->fix));
    buf_str(out, "</failure>\n");
}

static void test_case(struct buf *out, const struct report *r, enum stage stage)
{
    const struct judgement *j = r->judgement;
    buf_str(out, "    <testcase");
    attribute(out, "classname", r->path);
    attribute(out, "name", stage_name(stage));
    buf_str(out, ">\n");
    for (size_t i = 0; i < j->findings.list.n; i++) {
        const struct finding *f = j->findings.list.at[i];
        if (f->stage == stage && (f->severity >= SEVERITY_REFUSED || f->blocks))
            failure(out, f);
    }
    if (j->stages[stage] == STAGE_SKIPPED) {
        buf_str(out, "      <skipped");
        if (j->skipped[stage])
            attribute(out, "message", j->skipped[stage]);
        buf_str(out, "/>\n");
    }
    buf_str(out, "    </testcase>\n");
}

static int stages_with(const struct judgement *j, enum stage_result result)
{
    int n = 0;
    for (int s = 0; s < STAGE_COUNT; s++)
        n += j->stages[s] == result;
    return n;
}

void junit_text(struct buf *out, const struct report_vec *reports)
{
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t i = 0; i < reports->n; i++) {
        const struct report *r = &reports->at[i];
        int failures =
            stages_with(r->judgement, STAGE_REFUSED) + stages_with(r->judgement, STAGE_UNDECIDED);
        buf_str(out, "  <testsuite");
        attribute(out, "name", r->path);
        buf_printf(out, " tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n", STAGE_COUNT, failures,
                   stages_with(r->judgement, STAGE_SKIPPED));
        for (int s = 0; s < STAGE_COUNT; s++)
            test_case(out, r, (enum stage)s);
        buf_str(out, "  </testsuite>\n");
    }
    buf_str(out, "</testsuites>\n");
}

/* TEXT as data of a workflow command; as a property, where ':' and ',' end it. */
static void command_text(struct buf *out, const char *text, bool property)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            buf_printf(out, "%%%02X", c);
        else
            buf_byte(out, c);
    }
}

static void workflow_command(struct buf *out, const struct report *r, const struct finding *f)
{
    const char *word = f->severity >= SEVERITY_REFUSED             ? "error"
                       : f->severity >= SEVERITY_WARN || f->blocks ? "warning"
                                                                   : "notice";
    buf_printf(out, "::%s file=", word);
    command_text(out, r->path, true);
    buf_str(out, ",title=");
    command_text(out, finding_row(f->id)->id, true);
    buf_str(out, "::");
    if (f->place.path)
        command_text(out, arena_printf(out->arena, "%s: ", f->place.path), false);
    command_text(out, finding_message(out->arena, f), false);
    buf_byte(out, '\n');
}

void github_text(struct buf *out, const struct report_vec *reports)
{
    for (size_t i = 0; i < reports->n; i++) {
        const struct findings *all = &reports->at[i].judgement->findings;
        for (size_t k = 0; k < all->list.n; k++)
            if (all->list.at[k]->severity > SEVERITY_NOISE)
                workflow_command(out, &reports->at[i], all->list.at[k]);
    }
}
