/* SPDX-License-Identifier: Apache-2.0 */
/* Operands: paths and files that a command line names. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "cli/cli.h"

char *cli_path(struct cli *cli, const char *operand)
{
    const char *whole = *operand == '/' ? operand : path_join(cli->arena, cli->cwd, operand);
    return path_normal(cli->arena, whole);
}

static bool read_stream(struct cli *cli, struct bytes *out)
{
    struct buf b = {.arena = cli->arena};
    for (;;) {
        size_t room = 65536;
        size_t n = fread(buf_reserve(&b, room), 1, room, cli->in);
        b.n += n;
        if (n < room)
            break;
    }
    buf_reserve(&b, 1)[0] = '\0';
    *out = buf_bytes(&b);
    return !ferror(cli->in);
}

int cli_map(struct cli *cli, const char *operand, struct bytes *out)
{
    char *path = NULL;
    int error = fs_resolve(cli->fs, cli->arena, cli_path(cli, operand), NULL, &path);
    if (!error && fs_map(cli->fs, cli->arena, path, out, &error) == DS_OK)
        return 0;
    return error ? error : EIO;
}

bool cli_read(struct cli *cli, const char *operand, struct bytes *out)
{
    if (strcmp(operand, "-") == 0) {
        if (read_stream(cli, out))
            return true;
        cli_say(cli, "cannot read standard input");
        return false;
    }
    int error = cli_map(cli, operand, out);
    if (error)
        cli_say(cli, "%s: %s", operand, strerror(error));
    return error == 0;
}
