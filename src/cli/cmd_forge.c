/* SPDX-License-Identifier: Apache-2.0 */
/* forge: build the bundle a case describes, with throwaway identities. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "forge/case.h"
#include "forge/forge.h"

struct forge_options {
    const char *directory, *variant;
};

static const struct option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(struct forge_options, directory), "DIR",
     "where to write it (default: only show what it would be)", NULL},
    {"variant", 0, OPTION_TEXT, offsetof(struct forge_options, variant), "NAME",
     "this variant (default: the case without changes)", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"Options", rows, 0},
    {0},
};

static int complain(struct cli *cli, const char *file, const struct value_error *e)
{
    const char *hint =
        e->suggestion ? arena_printf(cli->arena, "; did you mean '%s'?", e->suggestion) : "";
    return cli_trouble(cli, "%s:%u:%u: %s%s", file, e->span.line, e->span.column, e->message, hint);
}

static const struct case_variant *pick(const struct case_file *c, const char *name)
{
    for (size_t i = 0; i < c->variants.n; i++)
        if (strcmp(c->variants.at[i].name ? c->variants.at[i].name : "", name ? name : "") == 0)
            return &c->variants.at[i];
    return NULL;
}

static void print_tree(struct cli *cli, const struct forged *forged)
{
    for (size_t i = 0; i < forged->notes.n; i++) {
        const struct forge_note *note = &forged->notes.at[i];
        fprintf(cli->out, "%*s%s: %s\n", (int)(2 * note->depth), "", note->path, note->text);
    }
    fputs("Test identities: signed by the forge's own root, which no Mac trusts.\n", cli->out);
}

static int forge(struct cli *cli, int argc, char **argv)
{
    struct forge_options options = {0};
    struct name_vec files = {0};
    struct case_file c;
    struct forged forged = {0};
    struct bytes text;
    struct value_error error = {0};
    int status = options_parse(cli, argc, argv, &options, &files), failed = 0;
    if (status != EXIT_ACCEPTED)
        return status;
    if (files.n != 1)
        return cli_usage(cli, "one CASE, please");
    if (!cli_read(cli, files.at[0], &text))
        return EXIT_TROUBLE;
    if (case_read(cli->arena, text, &c, &error) != DS_OK)
        return complain(cli, files.at[0], &error);
    const struct case_variant *variant = pick(&c, options.variant);
    if (!variant)
        return cli_usage(cli, "%s has no variant '%s'", files.at[0], options.variant);
    if (forge_build(cli->arena, variant->doc, &forged, &error) != DS_OK)
        return complain(cli, files.at[0], &error);
    if (options.directory && fs_write(forged.fs, "/", options.directory, &failed) != DS_OK)
        return cli_trouble(cli, "%s: %s", options.directory, strerror(failed));
    print_tree(cli, &forged);
    return EXIT_ACCEPTED;
}

const struct command_spec cmd_forge = {
    .synopsis = "[options] CASE",
    .about = "Builds what CASE describes and signs it with identities made for this: deterministic "
             "bytes, good for tests\n"
             "and lessons and for nothing else. No Mac trusts them; `dryseal check "
             "--allow-test-root` does.",
    .examples = "  dryseal forge -o out corpus/cases/ne/devid-appex.yaml\n"
                "  dryseal check --allow-test-root out/Example.app\n",
    .options = groups,
    .run = forge,
};
