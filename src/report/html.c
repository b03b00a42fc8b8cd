/* SPDX-License-Identifier: Apache-2.0 */
/* Judgements as one HTML file that needs nothing else (report/reports.h): for people who were sent a link, not a terminal. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "report/markup.h"
#include "report/reports.h"

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>dryseal report</title>\n"
    "<style>\n"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 "
    "1rem; color: #222; }\n"
    "h1 { font-size: 1.4rem; overflow-wrap: anywhere; }\n"
    "pre { background: #f4f4f4; padding: .5rem; overflow-x: auto; margin: .5rem 0; }\n"
    "pre.noise { color: #777; }\n"
    "ol.stages { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem; }\n"
    "ol.stages li, .badge { border-radius: .3rem; padding: .1rem .5rem; font-size: .85rem; }\n"
    ".passed, .accepted { background: #d8f0d8; } .skipped, .info, .noise-badge { background: #eee; "
    "color: #666; }\n"
    ".refused, .fatal, .invalid { background: #f8d0d0; } .undecided, .degraded, .warn { "
    "background: #fbe9b7; }\n"
    "section { border-top: 1px solid #ddd; padding: .5rem 0; } .place { color: #666; "
    "overflow-wrap: anywhere; }\n"
    "@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } pre { "
    "background: #262626; }\n"
    "  .badge, ol.stages li { color: #111; } section { border-color: #333; } .place { color: #999; "
    "} }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n";

static void element(struct buf *out, const char *open, const char *text, const char *close)
{
    buf_str(out, open);
    markup_text(out, text);
    buf_str(out, close);
}

static void stage_strip(struct buf *out, const struct judgement *j)
{
    buf_str(out, "<ol class=\"stages\">\n");
    for (int s = 0; s < STAGE_COUNT; s++) {
        const char *result = stage_result_name(j->stages[s]);
        buf_printf(out, "<li class=\"%s\" title=\"%s: ", result, result);
        markup_text(out, j->skipped[s] ? j->skipped[s] : stage_about((enum stage)s));
        buf_printf(out, "\">%s</li>\n", stage_name((enum stage)s));
    }
    buf_str(out, "</ol>\n");
}

static void log_lines(struct buf *out, const struct finding *f, bool noise)
{
    size_t n = 0;
    for (size_t i = 0; i < f->log.n; i++) {
        const struct log_line *line = &f->log.at[i];
        if (line->noise != noise)
            continue;
        if (n++ == 0)
            buf_str(out, noise ? "<pre class=\"noise\">" : "<pre>");
        if (line->process)
            element(out, "", line->process, ": ");
        element(out, "", line->text, "\n");
    }
    if (n)
        buf_str(out, "</pre>\n");
}

static void finding(struct buf *out, const struct finding *f)
{
    const char *severity =
        f->severity == SEVERITY_NOISE ? "noise-badge" : severity_name(f->severity);
    buf_printf(out, "<section id=\"%s\">\n<h2><span class=\"badge %s\">%s</span> %s</h2>\n",
               finding_row(f->id)->id, severity, severity_name(f->severity),
               finding_row(f->id)->id);
    element(out, "<p>", finding_message(out->arena, f), "</p>\n");
    element(out, "<p class=\"place\">", f->place.path ? f->place.path : "", "");
    if (f->place.arch && *f->place.arch)
        element(out, ", slice ", f->place.arch, "");
    buf_printf(out, " · %s · evidence %c", stage_name(f->stage), f->evidence ? f->evidence : '-');
    if (f->has_code)
        buf_printf(out, " · code %lld", (long long)f->code);
    buf_str(out, "</p>\n");
    log_lines(out, f, false);
    log_lines(out, f, true);
    if (f->severity >= SEVERITY_WARN && f->fix && strcmp(f->fix, "-") != 0)
        element(out, "<p><strong>Fix:</strong> ", f->fix, "</p>\n");
    buf_str(out, "</section>\n");
}

static void questions(struct buf *out, const struct judgement *j)
{
    if (j->questions.n)
        buf_str(out, "<h2>Not on disk, so asked</h2>\n<ul>\n");
    for (size_t i = 0; i < j->questions.n; i++) {
        const struct question *q = &j->questions.at[i];
        element(out, "<li>", q->text ? q->text : finding_row(q->finding->id)->title, "");
        buf_str(out, q->blocks ? " <strong>(needed for a verdict)</strong></li>\n" : "</li>\n");
    }
    if (j->questions.n)
        buf_str(out, "</ul>\n");
}

static bool is_question(const struct finding *f)
{
    return strncmp(finding_row(f->id)->id, "ASK-", 4) == 0;
}

static void report(struct buf *out, const struct report *r)
{
    const struct judgement *j = r->judgement;
    const char *outcome = outcome_name(j->outcome);
    element(out, "<article>\n<h1>", r->path, "");
    buf_printf(out, " <span class=\"badge %s\">%s</span></h1>\n", outcome, outcome);
    if (j->deciding)
        element(out, "<p>", finding_message(out->arena, j->deciding), "</p>\n");
    stage_strip(out, j);
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (!is_question(j->findings.list.at[i]))
            finding(out, j->findings.list.at[i]);
    questions(out, j);
    if (j->test_identity)
        buf_str(out,
                "<p>Test identities: signed by the forge's own root, which no Mac trusts.</p>\n");
    buf_str(out, "</article>\n");
}

void html_text(struct buf *out, const struct report_vec *reports)
{
    buf_str(out, head);
    for (size_t i = 0; i < reports->n; i++)
        report(out, &reports->at[i]);
    buf_printf(out, "<footer><p>dryseal %s, a dry run of macOS code signing</p></footer>\n",
               PACKAGE_VERSION);
    buf_str(out, "</body>\n</html>\n");
}
