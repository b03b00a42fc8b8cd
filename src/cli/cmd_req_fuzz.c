/* SPDX-License-Identifier: Apache-2.0 */
/* req generate, fuzz and reduce: requirements at random, through another program, and shrunk. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/req.h"
#include "lang/generate.h"
#include "lang/print.h"
#include "lang/reduce.h"

#define REDUCE_RUNS 20000 /* runs of the command; each takes milliseconds */

struct fuzz_options {
    bool valid, mutate, binary;
    const char *seed, *count, *against, *check, *output;
};
#define AT(field) offsetof(struct fuzz_options, field)

#define KIND_ROWS                                                                              \
    {"valid", 0, OPTION_FLAG, AT(valid), NULL, "texts that compile (the default)", NULL},      \
        {"mutate", 0, OPTION_FLAG, AT(mutate), NULL, "the same, damaged", NULL},               \
        {"binary", 0, OPTION_FLAG, AT(binary), NULL, "binaries, in hex", NULL},                \
        {"seed", 0, OPTION_TEXT, AT(seed), "N", "what they are made from (default: 1)", NULL}, \
    {                                                                                          \
        "count", 0, OPTION_TEXT, AT(count), "N", "how many (default: 100)", NULL               \
    }

static const struct option_row generate_rows[] = {KIND_ROWS, {0}};
static const struct option_row fuzz_rows[] = {KIND_ROWS,
                                              {"against", 0, OPTION_TEXT, AT(against), "COMMAND",
                                               "what is compared; {} stands for the input file",
                                               NULL},
                                              {0}};
static const struct option_row reduce_rows[] = {
    {"check", 0, OPTION_TEXT, AT(check), "COMMAND",
     "what must keep failing in the same way; {} stands for the input file", NULL},
    {"output", 'o', OPTION_TEXT, AT(output), "FILE", "write the result there", NULL},
    {0}};
static const struct option_group generate_groups[] = {{"Options", generate_rows, 0}, {0}};
static const struct option_group fuzz_groups[] = {{"Options", fuzz_rows, 0}, {0}};
static const struct option_group reduce_groups[] = {{"Options", reduce_rows, 0}, {0}};

/* -- Inputs */

static uint64_t number(const char *text, uint64_t fallback)
{
    return text ? strtoull(text, NULL, 0) : fallback;
}

static struct bytes input_of(struct arena *a, const struct fuzz_options *o, uint64_t i)
{
    struct generator g = generator_of(a, number(o->seed, 1), i);
    if (o->binary)
        return generate_binary(&g);
    struct bytes text = generate_text(&g);
    return o->mutate ? generate_damage(&g, text) : text;
}

/* As a line that --batch reads: binaries in hex, texts with escapes. */
static const char *line_of(struct arena *a, const struct fuzz_options *o, struct bytes input)
{
    struct buf b = {.arena = a};
    if (o->binary)
        return bytes_hex(a, input);
    for (size_t i = 0; i < input.n; i++) {
        uint8_t c = input.p[i];
        if (c == '\\' || c == '\n' || c == '\t' || c == '\r')
            buf_printf(&b, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : '\\');
        else if (c < 0x20 || c >= 0x7f)
            buf_printf(&b, "\\x%02x", c);
        else
            buf_byte(&b, c);
    }
    return buf_cstr(&b);
}

static int generate(struct cli *cli, int argc, char **argv)
{
    struct fuzz_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (operands.n)
        return cli_usage(cli, "'%s': no operands", operands.at[0]);
    for (uint64_t i = 0; i < number(o.count, 100); i++) {
        struct arena *a = arena_child(cli->arena);
        fprintf(cli->out, "%s\n", line_of(a, &o, input_of(a, &o, i)));
        arena_child_free(a);
    }
    return EXIT_ACCEPTED;
}

/* -- Running another program */

struct runner {
    struct cli *cli;
    const char *command; /* with {} */
    char *file;          /* a temporary file */
};

static void remove_file(void *p)
{
    unlink(p);
}

static bool runner_of(struct cli *cli, const char *command, struct runner *out)
{
    const char *folder = getenv("TMPDIR");
    char *file = arena_printf(cli->arena, "%s/dryseal-req.XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(file);
    if (fd < 0)
        return false;
    close(fd);
    arena_defer(cli->arena, remove_file, file);
    *out = (struct runner){cli, command, file};
    return true;
}

/* COMMAND with each {} replaced by the file. */
static const char *command_line(struct arena *a, const struct runner *r)
{
    struct buf b = {.arena = a};
    const char *at = r->command;
    for (const char *mark; (mark = strstr(at, "{}")) != NULL; at = mark + 2) {
        buf_put(&b, bytes_of(at, (size_t)(mark - at)));
        buf_printf(&b, "'%s'", r->file);
    }
    buf_str(&b, at);
    return buf_cstr(&b);
}

/* The exit status of the command over INPUT, and what it printed; -1 when it could not be run. */
static int run_over(struct arena *a, const struct runner *r, struct bytes input, struct bytes *out)
{
    struct buf b = {.arena = a};
    FILE *to = fopen(r->file, "wb");
    bool written = to && fwrite(input.p, 1, input.n, to) == input.n;
    if (to && fclose(to) != 0)
        written = false;
    const char *line = arena_printf(a, "{ %s\n} 2>/dev/null", command_line(a, r));
    FILE *from = written ? popen(line, "r") : NULL;
    if (!from)
        return -1;
    uint8_t *room = buf_reserve(&b, 1 << 20);
    b.n = fread(room, 1, 1 << 20, from);
    *out = buf_bytes(&b);
    return pclose(from);
}

/* -- fuzz */

/* What `req compile FILE`, or `req print FILE`, would print; nothing when it refuses. */
static struct bytes ours(struct arena *a, const struct fuzz_options *o, struct bytes input)
{
    struct bytes text = {NULL, 0};
    if (o->binary) {
        (void)req_print(a, input, &text);
        return text;
    }
    struct req_compiled c = req_compile(a, input, NULL);
    return c.ok ? bytes_str(bytes_hex(a, c.blob)) : text;
}

static struct bytes trimmed(struct bytes text)
{
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
        text.n--;
    return text;
}

/* True when both agree: the same output, or both refuse. */
static bool agrees(struct arena *a, const struct fuzz_options *o, const struct runner *r,
                   struct bytes input)
{
    struct bytes theirs = {NULL, 0}, mine = trimmed(ours(a, o, input));
    int status = run_over(a, r, input, &theirs);
    if (status != 0)
        theirs.n = 0;
    if (bytes_equal(mine, trimmed(theirs)))
        return true;
    fprintf(r->cli->out, "%s\n  ours:   %s\n  theirs: %s\n", line_of(a, o, input),
            mine.n ? bytes_printable(a, mine, 400) : "(refused)",
            theirs.n ? bytes_printable(a, trimmed(theirs), 400) : "(refused)");
    return false;
}

static int fuzz(struct cli *cli, int argc, char **argv)
{
    struct fuzz_options o = {0};
    struct name_vec operands = {0};
    struct runner r;
    uint64_t differences = 0;
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (!o.against || operands.n)
        return cli_usage(cli, "--against 'COMMAND {}': what is to be compared?");
    if (!runner_of(cli, o.against, &r))
        return cli_trouble(cli, "cannot make a temporary file: %s", strerror(errno));
    for (uint64_t i = 0; i < number(o.count, 100); i++) {
        struct arena *a = arena_child(cli->arena);
        differences += !agrees(a, &o, &r, input_of(a, &o, i));
        arena_child_free(a);
    }
    fprintf(cli->out, "%llu inputs, %llu differences\n", (unsigned long long)number(o.count, 100),
            (unsigned long long)differences);
    return differences ? EXIT_REFUSED : EXIT_ACCEPTED;
}

/* -- reduce */

struct reduction {
    struct runner runner;
    int status; /* of the command over the whole input */
};

static bool still_fails(void *self, struct bytes input)
{
    struct reduction *x = self;
    struct arena *a = arena_child(x->runner.cli->arena);
    struct bytes out;
    bool same = run_over(a, &x->runner, input, &out) == x->status;
    arena_child_free(a);
    return same;
}

static int put_result(struct cli *cli, const char *name, struct bytes result)
{
    if (!name) {
        fwrite(result.p, 1, result.n, cli->out);
        return EXIT_ACCEPTED;
    }
    FILE *to = fopen(cli_path(cli, name), "wb");
    bool written = to && fwrite(result.p, 1, result.n, to) == result.n;
    if (to && fclose(to) != 0)
        written = false;
    return written ? EXIT_ACCEPTED : cli_trouble(cli, "%s: %s", name, strerror(errno));
}

static int reduce_one(struct cli *cli, int argc, char **argv)
{
    struct fuzz_options o = {0};
    struct name_vec operands = {0};
    struct reduction x;
    struct bytes input, out;
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (!o.check || operands.n != 1)
        return cli_usage(cli, "--check 'COMMAND {}' FILE: what keeps failing, on what?");
    if (!cli_read(cli, operands.at[0], &input))
        return EXIT_TROUBLE;
    if (!runner_of(cli, o.check, &x.runner))
        return cli_trouble(cli, "cannot make a temporary file: %s", strerror(errno));
    x.status = run_over(cli->arena, &x.runner, input, &out);
    if (x.status == 0)
        return cli_usage(cli, "the command does not fail on the whole input");
    return put_result(cli, o.output, reduce(cli->arena, input, still_fails, &x, REDUCE_RUNS));
}

const struct command_spec req_generate_spec = {
    .synopsis = "[options]",
    .about = "Prints requirements made at random, one a line, in the form that the --batch "
             "commands read: texts with\nthe escapes \\n \\t \\r \\\\ \\xHH, binaries in hex. The "
             "same seed gives the same lines.",
    .examples = "  dryseal req generate --seed 7 --count 1000 | dryseal req compile --batch\n",
    .options = generate_groups,
    .run = generate,
};

const struct command_spec req_fuzz_spec = {
    .synopsis = "--against 'COMMAND {}' [options]",
    .about = "Gives generated texts to COMMAND, which prints their binary form in hex, or with "
             "--binary binaries, of\nwhich it prints the text, and compares with what we make of "
             "them; both may refuse.\nExit status: 0 no difference, 1 differences.",
    .examples = "  dryseal req fuzz --mutate --against 'csreq -r {} -b out && xxd -p -c 0 out'\n"
                "  dryseal req fuzz --binary --against 'csreq -r {} -t'\n",
    .options = fuzz_groups,
    .run = fuzz,
};

const struct command_spec req_reduce_spec = {
    .synopsis = "--check 'COMMAND {}' [-o FILE] FILE",
    .about = "Shrinks FILE as long as COMMAND fails on it with the same status.",
    .examples = "  dryseal req reduce --check 'my-compiler {}' crash.req\n",
    .options = reduce_groups,
    .run = reduce_one,
};
