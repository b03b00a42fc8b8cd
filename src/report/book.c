/* SPDX-License-Identifier: Apache-2.0 */
/* The rule book and the entitlement catalogue, shown (report/book.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "policy/host.h"
#include "policy/vocabulary.h"
#include "report/book.h"
#include "report/wrap.h"

static const char *evidence_phrase(char grade)
{
    static const char *const phrase[] = {"documented by Apple", "reverse-engineered in public",
                                         "observed in reports", "inferred"};

    return grade >= 'A' && grade <= 'D' ? phrase[grade - 'A'] : "unknown";
}

static bool is_said(const char *text)
{
    return text && *text && strcmp(text, "-") != 0;
}

/* -- rules */

void text_rule_line(struct buf *out, const struct rule *rule, const struct rule *before)
{
    if (!before || before->stage != rule->stage)
        buf_printf(out, "%s%s: %s\n", before ? "\n" : "", stage_name(rule->stage),
                   stage_about(rule->stage));
    buf_printf(out, "  %-20s %c %-8s %s\n", rule->id, rule->evidence, severity_name(rule->severity),
               rule->title);
}

static void text_versions(struct buf *out, const struct rule *rule)
{
    if (!rule->since && !rule->until)
        return;
    buf_str(out, "  macOS:     ");
    if (rule->since)
        buf_printf(out, "from %s on%s", macos_text(out->arena, rule->since),
                   rule->until ? ", " : "");
    if (rule->until)
        buf_printf(out, "before %s", macos_text(out->arena, rule->until));
    buf_str(out, "\n");
}

static void text_stanza(struct buf *out, struct bytes stanza)
{
    size_t start = 0;

    for (size_t i = 0; i < stanza.n; i++) {
        if (stanza.p[i] != '\n')
            continue;
        buf_printf(out, "    %.*s\n", (int)(i - start), (const char *)stanza.p + start);
        start = i + 1;
    }
}

void text_rule(struct buf *out, const struct rule *rule)
{
    const struct finding_row *row = finding_row(rule->finding);

    buf_printf(out, "%s: %s\n", rule->id, rule->title);
    buf_printf(out, "  stage:     %s (%s)\n", stage_name(rule->stage), stage_about(rule->stage));
    buf_printf(out, "  otherwise: %s, %s\n", row->id, severity_name(rule->severity));
    wrap_text(out, "             ", row->title);
    if (is_said(row->code))
        buf_printf(out, "  code:      %s\n", row->code);
    if (is_said(row->mac_text))
        wrap_text(out, "  the Mac:   ", row->mac_text);
    buf_printf(out, "  evidence:  %c, %s\n", rule->evidence, evidence_phrase(rule->evidence));
    wrap_text(out, "  source:    ", rule->source);
    wrap_text(out, "  fix:       ", rule->fix ? rule->fix : row->fix);
    text_versions(out, rule);
    buf_printf(out, "  in %s:\n\n", rule->book);
    text_stanza(out, rule->stanza);
}

static void set_text(struct arena *a, struct value *v, const char *key, const char *text)
{
    value_set(a, v, key, is_said(text) ? value_string(a, text) : value_null(a));
}

static void set_version(struct arena *a, struct value *v, const char *key, uint32_t version)
{
    set_text(a, v, key, version ? macos_text(a, version) : NULL);
}

struct value *tree_rule(struct arena *a, const struct rule *rule)
{
    const struct finding_row *row = finding_row(rule->finding);
    struct value *v = value_dict(a);

    set_text(a, v, "id", rule->id);
    set_text(a, v, "rule", rule->spec);
    set_text(a, v, "book", rule->book);
    set_text(a, v, "stage", stage_name(rule->stage));
    set_text(a, v, "finding", row->id);
    set_text(a, v, "severity", severity_name(rule->severity));
    set_text(a, v, "code", row->code);
    set_text(a, v, "title", rule->title);
    set_text(a, v, "evidence", arena_printf(a, "%c", rule->evidence));
    set_text(a, v, "source", rule->source);
    set_text(a, v, "fix", rule->fix ? rule->fix : row->fix);
    set_version(a, v, "since", rule->since);
    set_version(a, v, "until", rule->until);
    value_set(a, v, "stanza", value_string_bytes(a, rule->stanza));
    return v;
}

/* -- the vocabulary */

void text_vocabulary(struct buf *out)
{
    for (size_t i = 0; i < vocabulary_count(); i++) {
        struct vocabulary_row row = vocabulary_at(i);
        if (row.heading)
            buf_printf(out, "%s%s\n", i ? "\n" : "", row.heading);
        buf_printf(out, "  %-20s %s\n", row.name, row.about);
        if (row.words)
            wrap_text(out, "                       one of: ", row.words);
    }
}

struct value *tree_vocabulary(struct arena *a)
{
    struct value *v = value_array(a);
    const char *heading = NULL;

    for (size_t i = 0; i < vocabulary_count(); i++) {
        struct vocabulary_row row = vocabulary_at(i);
        struct value *item = value_dict(a);
        heading = row.heading ? row.heading : heading;
        set_text(a, item, "part", heading);
        set_text(a, item, "name", row.name);
        set_text(a, item, "about", row.about);
        set_text(a, item, "words", row.words);
        value_append(a, v, item);
    }
    return v;
}

/* -- entitlements */

static void text_field(struct buf *out, const char *head, const char *text)
{
    if (is_said(text))
        wrap_text(out, head, text);
}

void text_entitlement(struct buf *out, const struct entitlement_row *row)
{
    buf_printf(out, "%s\n", row->key);
    text_field(out, "  platform:    ", row->platform);
    text_field(out, "  kernel:      ", row->class_name);
    text_field(out, "  restricted:  ", row->restricted);
    text_field(out, "  value:       ", row->type);
    text_field(out, "  rule:        ", row->rule);
    buf_printf(out, "  profiles:    development %s, Developer ID %s, store %s\n", row->dev,
               row->devid, row->mas);
    text_field(out, "  subsystem:   ", row->subsystem);
    text_field(out, "  notes:       ", row->notes);
    buf_printf(out, "  evidence:    %c, %s\n", row->grade, evidence_phrase(row->grade));
}

struct value *tree_entitlement(struct arena *a, const struct entitlement_row *row)
{
    struct value *v = value_dict(a);

    set_text(a, v, "key", row->key);
    set_text(a, v, "platform", row->platform);
    set_text(a, v, "class", row->class_name);
    set_text(a, v, "restricted", row->restricted);
    set_text(a, v, "type", row->type);
    set_text(a, v, "rule", row->rule);
    set_text(a, v, "development", row->dev);
    set_text(a, v, "developer_id", row->devid);
    set_text(a, v, "store", row->mas);
    set_text(a, v, "subsystem", row->subsystem);
    set_text(a, v, "notes", row->notes);
    set_text(a, v, "evidence", arena_printf(a, "%c", row->grade));
    return v;
}
