/* SPDX-License-Identifier: Apache-2.0 */
/* Claims against a profile (report/matched.h). */
#include "config.h"

#include "base/arena.h"
#include "report/matched.h"
#include "report/wrap.h"

static bool is_usable(const struct profile_check *check)
{
    return !check->dropped && !check->is_void && !check->asks_device;
}

bool matched_covers(const struct matched *m)
{
    return is_usable(m->check) && !m->match->uncovered_hard && !m->match->uncovered_soft;
}

static const char *effect_name(enum profile_effect effect)
{
    static const char *const names[] = {"dropped", "void", "warning"};

    return names[effect];
}

/* -- a tree */

static struct value *text_or_null(struct arena *a, const char *s)
{
    return s && *s ? value_string(a, s) : value_null(a);
}

static struct value *tree_fault(struct arena *a, const struct profile_fault *fault)
{
    struct value *v = value_dict(a);
    const struct finding_row *row = finding_row(fault->id);

    value_set(a, v, "finding", value_string(a, row->id));
    value_set(a, v, "effect", value_string(a, effect_name(fault->effect)));
    value_set(a, v, "message", value_string(a, fault->detail ? fault->detail : row->title));
    return v;
}

static struct value *tree_values(struct arena *a, const struct claim_match *cm)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < cm->items.n; i++) {
        struct value *v = value_dict(a);

        value_set(a, v, "value", value_string(a, cm->items.at[i].text));
        value_set(a, v, "covered_by", text_or_null(a, cm->items.at[i].covered_by));
        value_append(a, list, v);
    }
    return list;
}

static struct value *tree_claim(struct arena *a, const struct claim_match *cm)
{
    struct value *v = value_dict(a);
    char grade[2] = {cm->match.grade, '\0'};

    value_set(a, v, "key", value_string(a, cm->key));
    value_set(a, v, "class", value_string(a, claim_class_name(cm->class)));
    value_set(a, v, "covered", value_bool(a, cm->covered));
    value_set(a, v, "why", value_string(a, cm->match.why));
    value_set(a, v, "evidence", value_string(a, grade));
    value_set(a, v, "values", tree_values(a, cm));
    return v;
}

struct value *tree_matched(struct arena *a, const struct matched *m)
{
    struct value *v = value_dict(a), *faults = value_array(a), *claims = value_array(a),
                 *listed = value_array(a);

    for (size_t i = 0; i < m->check->faults.n; i++)
        value_append(a, faults, tree_fault(a, &m->check->faults.at[i]));
    for (size_t i = 0; i < m->match->claims.n; i++)
        value_append(a, claims, tree_claim(a, &m->match->claims.at[i]));
    for (size_t i = 0; i < m->match->listed.n; i++)
        value_append(a, listed, value_string(a, m->match->listed.at[i]));
    value_set(a, v, "path", value_string(a, m->path));
    value_set(a, v, "profile", value_string(a, m->profile));
    value_set(a, v, "name", text_or_null(a, m->check->name));
    value_set(a, v, "kind", value_string(a, profile_kind_name(m->check->kind)));
    value_set(a, v, "team", text_or_null(a, m->check->team));
    value_set(a, v, "app_id", text_or_null(a, m->check->app_id));
    value_set(a, v, "usable",
              m->check->asks_device ? value_null(a) : value_bool(a, is_usable(m->check)));
    value_set(a, v, "covers", value_bool(a, matched_covers(m)));
    value_set(a, v, "faults", faults);
    value_set(a, v, "unsatisfied", listed);
    value_set(a, v, "claims", claims);
    return v;
}

/* -- for people */

static void text_fault(struct buf *out, const struct profile_fault *fault)
{
    const struct finding_row *row = finding_row(fault->id);

    buf_printf(out, "  %-8s %s\n", effect_name(fault->effect), row->id);
    wrap_text(out, "           ",
              fault->detail ? arena_printf(out->arena, "%s: %s", row->title, fault->detail)
                            : row->title);
}

static void text_claim(struct buf *out, const struct claim_match *cm)
{
    buf_printf(out, "%s %s (%s)\n", cm->covered ? "+" : "-", cm->key, claim_class_name(cm->class));
    for (size_t i = 0; i < cm->items.n; i++) {
        const struct claim_item *item = &cm->items.at[i];

        buf_printf(out, "    %s, %s%s\n", item->text,
                   !item->covered_by ? "not covered"
                   : cm->needs       ? "covered by "
                                     : "",
                   item->covered_by ? item->covered_by : "");
    }
    if (!cm->covered)
        wrap_text(out, "    why: ", cm->match.why);
}

static const char *summary(const struct matched *m)
{
    if (m->check->dropped)
        return "the profile is not eligible";
    if (m->check->is_void)
        return "the profile grants this code nothing";
    if (m->match->uncovered_hard)
        return "the process would be killed";
    if (m->match->uncovered_soft)
        return "it runs, but its claims count as unproven";
    return m->check->asks_device ? "covered, if this Mac is one of the profile's devices"
                                 : "everything is covered";
}

void text_matched(struct buf *out, const struct matched *m, struct text_style style)
{
    buf_printf(out, "%s: %s\n", m->path, summary(m));
    if (style.quiet)
        return;
    buf_printf(out, "profile \"%s\" (%s, team %s, %s)\n", m->check->name,
               profile_kind_name(m->check->kind), m->check->team, m->check->app_id);
    for (size_t i = 0; i < m->check->faults.n; i++)
        text_fault(out, &m->check->faults.at[i]);
    if (m->match->claims.n)
        buf_str(out, "\n");
    for (size_t i = 0; i < m->match->claims.n; i++)
        text_claim(out, &m->match->claims.at[i]);
}
