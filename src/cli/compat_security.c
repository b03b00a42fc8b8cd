/* SPDX-License-Identifier: Apache-2.0 */
/*
 * security: the one command of Apple's tool that belongs here, `security cms -D`: the content of a CMS message, as
 * people use it to read provisioning profiles (codesign-output-corrections.md M1). Signatures are not judged by it.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "crypto/cms.h"

enum { SUCCESS = 0, FAILURE = 1, USAGE = 2 };

struct decoding {
    struct cli *cli;
    const char *input, *output; /* NULL: standard streams */
    bool decode, quiet;
};

static int usage(struct cli *cli)
{
    fputs("Usage: security cms -D [-i infile] [-o outfile] [-n]\n"
          "    -D           decode a CMS message\n"
          "    -i infile    use infile as source of data (default: stdin)\n"
          "    -o outfile   use outfile as destination of data (default: stdout)\n"
          "    -n           suppress output of content\n",
          cli->err);
    return USAGE;
}

/* The value of the option at *I: the next word. */
static const char *value_of(int argc, char **argv, int *i)
{
    return *i + 1 < argc ? argv[++*i] : NULL;
}

static bool take(struct decoding *d, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    if (strcmp(word, "-D") == 0)
        return d->decode = true;
    if (strcmp(word, "-n") == 0)
        return d->quiet = true;
    if (strcmp(word, "-i") == 0)
        return (d->input = value_of(argc, argv, i)) != NULL;
    if (strcmp(word, "-o") == 0)
        return (d->output = value_of(argc, argv, i)) != NULL;
    /* Numbers and usages that decoding does not depend on. */
    if (strcmp(word, "-h") == 0 || strcmp(word, "-u") == 0)
        return value_of(argc, argv, i) != NULL;
    return false;
}

static int complain(struct cli *cli, const char *action, const char *path, int error)
{
    fprintf(cli->err, "security: unable to open \"%s\" for %s: %s\n", path, action,
            strerror(error));
    return FAILURE;
}

static int read_input(const struct decoding *d, struct bytes *out)
{
    struct cli *cli = d->cli;
    char *path;
    int error;
    if (!d->input)
        return cli_read(cli, "-", out) ? SUCCESS : FAILURE;
    error = fs_resolve(cli->fs, cli->arena, cli_path(cli, d->input), NULL, &path);
    if (!error && fs_map(cli->fs, cli->arena, path, out, &error) == DS_OK)
        return SUCCESS;
    return complain(cli, "reading", d->input, error ? error : EIO);
}

static int write_content(const struct decoding *d, struct bytes content)
{
    struct cli *cli = d->cli;
    FILE *to = d->output ? fopen(cli_path(cli, d->output), "wb") : cli->out;
    if (!to)
        return complain(cli, "writing", d->output, errno);
    bool written = fwrite(content.p, 1, content.n, to) == content.n;
    if (d->output)
        written &= fclose(to) == 0;
    return written ? SUCCESS : FAILURE;
}

static int decode(const struct decoding *d)
{
    struct bytes message;
    struct cms cms;
    const char *why;
    int status = read_input(d, &message);
    if (status != SUCCESS)
        return status;
    if (!cms_parse(d->cli->arena, message, &cms, &why)) {
        fputs("security: problem decoding\n", d->cli->err);
        return FAILURE;
    }
    return d->quiet ? SUCCESS : write_content(d, cms.content);
}

static int security(struct cli *cli, int argc, char **argv)
{
    struct decoding d = {.cli = cli};
    if (argc < 2 || strcmp(argv[1], "cms") != 0)
        return usage(cli);
    for (int i = 2; i < argc; i++)
        if (!take(&d, argc, argv, &i))
            return usage(cli);
    return d.decode ? decode(&d) : usage(cli);
}

extern const struct command_spec cmd_security;
const struct command_spec cmd_security = {
    .synopsis = "cms -D [-i infile] [-o outfile]",
    .run = security,
    .raw = true,
};
