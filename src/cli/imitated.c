/* SPDX-License-Identifier: Apache-2.0 */
/* The Mac whose command lines are imitated (cli/imitated.h). */
#include "config.h"

#include "cli/imitated.h"

#include <string.h>

#include "base/text.h"

struct words {
    struct cli *cli;
    struct host *host;
    char **argv;
    int argc, at;
    int status;
};

/* The value of option NAME at the present word, attached or the next word; NULL when another word stands there. */
static const char *value_of(struct words *w, const char *name)
{
    const char *word = w->argv[w->at];
    size_t n = strlen(name);
    if (!text_starts(word, name))
        return NULL;
    if (word[n] == '=')
        return word + n + 1;
    return word[n] == '\0' && w->at + 1 < w->argc ? w->argv[++w->at] : NULL;
}

static void set(struct words *w, const char *key, const char *value)
{
    struct value_error error = {0};
    if (host_set(w->cli->arena, w->host, key, value, &error) != DS_OK)
        w->status = cli_usage(w->cli, "%s %s: %s", key, value, error.message);
}

/* Takes the present word if it is an option of ours. */
static bool take(struct words *w)
{
    static const struct {
        const char *option, *key;
    } rows[] = {
        {"--macos", "macos"}, {"--host-arch", "arch"}, {"--assume", "assume"}, {"--date", "date"}};
    if (strcmp(w->argv[w->at], "--allow-test-root") == 0)
        return w->cli->allow_test_root = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = value_of(w, rows[i].option);
        if (!value)
            continue;
        set(w, rows[i].key, value);
        return true;
    }
    return false;
}

int imitated_take(struct cli *cli, int *argc, char **argv, struct host *host)
{
    struct words w = {.cli = cli, .host = host, .argv = argv, .argc = *argc};
    uint32_t described = host_default(cli->now).macos;
    int kept = 0;
    *host = cli->host ? *cli->host : host_default(cli->now);
    if (host->macos == described)
        host->macos = IMITATED_NEWEST;
    for (; w.at < w.argc && w.status == EXIT_ACCEPTED; w.at++)
        if (!take(&w))
            argv[kept++] = argv[w.at];
    argv[kept] = NULL;
    *argc = kept;
    return w.status;
}
