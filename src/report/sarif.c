/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF 2.1.0 (report/reports.h; OASIS, "Static Analysis Results Interchange Format"). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/reports.h"

static void set_text(struct arena *a, struct value *to, const char *key, const char *text)
{
    if (text && *text && strcmp(text, "-") != 0)
        value_set(a, to, key, value_string(a, text));
}

/* {"text": TEXT}, SARIF's message object. */
static struct value *message(struct arena *a, const char *text)
{
    struct value *v = value_dict(a);
    set_text(a, v, "text", text);
    return v;
}

static const char *level(enum severity severity)
{
    return severity >= SEVERITY_REFUSED ? "error" : severity >= SEVERITY_WARN ? "warning" : "note";
}

static struct value *rule(struct arena *a, enum finding_id id)
{
    const struct finding_row *row = finding_row(id);
    struct value *v = value_dict(a), *properties = value_dict(a);
    const char evidence[2] = {row->evidence, '\0'};
    set_text(a, v, "id", row->id);
    value_set(a, v, "shortDescription", message(a, row->title));
    if (strcmp(row->fix, "-") != 0)
        value_set(a, v, "help", message(a, row->fix));
    set_text(a, properties, "evidence", evidence);
    set_text(a, properties, "rules", row->rules);
    value_set(a, v, "properties", properties);
    return v;
}

/* The file of a finding, seen from where the command ran: what is inside REPORT's item lies beside it. */
static const char *uri(struct arena *a, const struct report *report, const struct finding *f)
{
    const char *inside =
        f->place.path ? path_relative(f->place.path, path_base(report->path)) : NULL;
    return inside ? path_join(a, report->path, inside) : report->path;
}

static struct value *location(struct arena *a, const char *file)
{
    struct value *artifact = value_dict(a), *physical = value_dict(a), *v = value_dict(a);
    set_text(a, artifact, "uri", file);
    value_set(a, physical, "artifactLocation", artifact);
    value_set(a, v, "physicalLocation", physical);
    return v;
}

static struct value *properties(struct arena *a, const struct finding *f)
{
    struct value *v = value_dict(a), *log = value_array(a);
    const char evidence[2] = {f->evidence, '\0'};
    set_text(a, v, "stage", stage_name(f->stage));
    set_text(a, v, "severity", severity_name(f->severity));
    set_text(a, v, "evidence", evidence);
    set_text(a, v, "arch", f->place.arch);
    if (f->has_code)
        value_set(a, v, "code", value_int(a, f->code));
    for (size_t i = 0; i < f->log.n; i++)
        value_append(a, log, value_string(a, f->log.at[i].text));
    if (log->count)
        value_set(a, v, "log", log);
    return v;
}

static struct value *result(struct arena *a, const struct report *report, const struct finding *f)
{
    struct value *v = value_dict(a), *locations = value_array(a);
    set_text(a, v, "ruleId", finding_row(f->id)->id);
    set_text(a, v, "level", level(f->severity));
    value_set(a, v, "message", message(a, finding_message(a, f)));
    value_append(a, locations, location(a, uri(a, report, f)));
    value_set(a, v, "locations", locations);
    value_set(a, v, "properties", properties(a, f));
    return v;
}

struct value *sarif_tree(struct arena *a, const struct report_vec *reports)
{
    struct value *v = value_dict(a), *runs = value_array(a), *run = value_dict(a);
    struct value *tool = value_dict(a), *driver = value_dict(a);
    struct value *rules = value_array(a), *results = value_array(a);
    bool *used = arena_array(a, FINDING_COUNT, bool);
    for (size_t i = 0; i < reports->n; i++) {
        const struct findings *all = &reports->at[i].judgement->findings;
        for (size_t k = 0; k < all->list.n; k++) {
            const struct finding *f = all->list.at[k];
            if (!used[f->id])
                value_append(a, rules, rule(a, f->id));
            used[f->id] = true;
            value_append(a, results, result(a, &reports->at[i], f));
        }
    }
    set_text(a, driver, "name", "dryseal");
    set_text(a, driver, "version", PACKAGE_VERSION);
    value_set(a, driver, "rules", rules);
    value_set(a, tool, "driver", driver);
    value_set(a, run, "tool", tool);
    value_set(a, run, "results", results);
    value_append(a, runs, run);
    set_text(a, v, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    set_text(a, v, "version", "2.1.0");
    value_set(a, v, "runs", runs);
    return v;
}
