/* SPDX-License-Identifier: Apache-2.0 */
/* req diff: what tells two requirements apart. */
#include "config.h"

#include "base/arena.h"
#include "cli/req.h"
#include "lang/compare.h"
#include "report/json.h"

struct diff_options {
    const char *format;
};

static const struct option_row rows[] = {
    {"format", 0, OPTION_TEXT, offsetof(struct diff_options, format), "FORMAT",
     "how to print (default: text)", "text json"},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

static const char *sentence(enum req_relation r)
{
    switch (r) {
    case RELATION_EQUIVALENT: return "equivalent: the same code satisfies both";
    case RELATION_STRICTER: return "the first is stricter: what satisfies it satisfies the second";
    case RELATION_WEAKER: return "the first is weaker: what satisfies the second satisfies it";
    case RELATION_DIFFERENT: return "different: each admits code that the other refuses";
    case RELATION_UNDECIDED: return "undecided";
    }
    return "";
}

static void put_side(struct buf *b, const char *title, const struct req_solution *s)
{
    struct buf shape = {.arena = b->arena};
    if (s->solved == SOLVED_NO)
        return;
    buf_printf(b, "\n%s:\n", title);
    if (s->solved == SOLVED_UNKNOWN) {
        buf_printf(b, "  not decided: %s\n", s->why_not);
        return;
    }
    shape_put(&shape, s->shape);
    for (char *line = (char *)shape.p, *end; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        buf_printf(b, "  %.*s\n", (int)(end - line), line);
    }
}

static struct value *side(struct arena *a, const struct req_solution *s)
{
    struct buf shape = {.arena = a};
    struct value *v = value_dict(a), *lines = value_array(a);
    value_set(a, v, "exists",
              s->solved == SOLVED_UNKNOWN ? value_null(a) : value_bool(a, s->solved == SOLVED_YES));
    if (s->solved == SOLVED_UNKNOWN)
        value_set(a, v, "why_not", value_string(a, s->why_not));
    if (s->solved != SOLVED_YES)
        return v;
    shape_put(&shape, s->shape);
    for (char *line = strtok((char *)shape.p, "\n"); line; line = strtok(NULL, "\n"))
        value_append(a, lines, value_string(a, line));
    value_set(a, v, "witness", lines);
    return v;
}

static const char *report(struct arena *a, const struct req_comparison *c, bool json)
{
    struct buf b = {.arena = a};
    if (!json) {
        buf_printf(&b, "%s\n", sentence(c->relation));
        put_side(&b, "satisfies only the first, for instance", &c->only_a);
        put_side(&b, "satisfies only the second, for instance", &c->only_b);
        return buf_cstr(&b);
    }
    struct value *v = value_dict(a);
    value_set(a, v, "relation", value_string(a, req_relation_name(c->relation)));
    value_set(a, v, "only_first", side(a, &c->only_a));
    value_set(a, v, "only_second", side(a, &c->only_b));
    return arena_printf(a, "%s\n", json_text(a, v, true));
}

static int tree_of(struct cli *cli, const char *operand, struct req_node **out)
{
    struct requirement r;
    int status = requirement_need(cli, operand, REQ_SINGLE, &r);
    if (status != EXIT_ACCEPTED)
        return status;
    enum req_status error = req_tree(cli->arena, r.blob, out);
    if (error == REQ_OK)
        return EXIT_ACCEPTED;
    return cli_trouble(cli, "%s: cannot be evaluated: %s", r.name, req_status_text(error));
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct diff_options o = {0};
    struct name_vec operands = {0};
    struct req_node *x, *y;
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status == EXIT_ACCEPTED && operands.n != 2)
        return cli_usage(cli, "which two requirements? each =TEXT, FILE or -");
    if (status == EXIT_ACCEPTED)
        status = tree_of(cli, operands.at[0], &x);
    if (status == EXIT_ACCEPTED)
        status = tree_of(cli, operands.at[1], &y);
    if (status != EXIT_ACCEPTED)
        return status;
    struct req_comparison c = req_compare(cli->arena, x, y);
    fputs(report(cli->arena, &c, o.format && strcmp(o.format, "json") == 0), cli->out);
    if (c.relation == RELATION_UNDECIDED)
        return EXIT_UNDECIDED;
    return c.relation == RELATION_EQUIVALENT ? EXIT_ACCEPTED : EXIT_REFUSED;
}

const struct command_spec req_diff_spec = {
    .synopsis = "[options] REQUIREMENT REQUIREMENT",
    .about = "Tells whether two requirements admit the same code, or one is stricter, with code "
             "that shows the\ndifference. What was not proved is not claimed.\n"
             "Exit status: 0 equivalent, 1 not, 4 undecided.",
    .examples = "  dryseal req diff '=anchor apple' '=anchor apple generic'\n",
    .options = groups,
    .run = run,
};
