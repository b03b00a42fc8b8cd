/* SPDX-License-Identifier: Apache-2.0 */
/* codesign: operands and what becomes of them (compat_codesign.h); options are in compat_codesign_options.c. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "cli/compat_codesign.h"

/* Before 10.11 the text of two statuses did not say what is obsolete about the envelope (corrections §7). */
static const char *words_of(const struct codesign *s, int64_t status)
{
    bool envelope = status == errSecCSWeakResourceRules || status == errSecCSWeakResourceEnvelope;
    if (envelope && s->mac.macos < MACOS(10, 11, 0))
        return "resource envelope is obsolete";
    return osstatus_text(s->cli->arena, status);
}

/* And an app was a bundle like any other (D11). */
const char *codesign_format(const struct codesign *s, const struct code *c)
{
    bool app = text_starts(c->format, "app bundle") && s->mac.macos < MACOS(10, 11, 0);
    return app ? c->format + strlen("app ") : c->format;
}

void codesign_say_status(struct codesign *s, const char *operand, int64_t status)
{
    if (s->numeric)
        fprintf(s->cli->out, "%lld\n", (long long)status);
    fprintf(s->cli->err, "%s: %s\n", operand, words_of(s, status));
}

const char *codesign_path(struct arena *a, const struct code *c, const char *reported)
{
    const char *version = path_relative(c->root, c->fs_path);
    const char *rest = version ? path_relative(reported, path_join(a, c->path, version)) : NULL;
    return rest ? path_join(a, path_dir(a, c->shown), rest) : reported;
}

/* Digits name a running process, and there is none here. */
static bool is_process(const char *operand)
{
    const char *digits = operand + (*operand == '+');
    return isdigit((unsigned char)*digits) && strtol(digits, NULL, 10) != 0 &&
           digits[strspn(digits, "0123456789")] == '\0';
}

static struct code *read_operand(struct codesign *s, const char *operand)
{
    struct code *code;
    char *real;
    struct cli *cli = s->cli;
    int error = fs_resolve(cli->fs, cli->arena, cli_path(cli, operand), NULL, &real);
    struct code_input in = {cli->fs, real, real};
    if (error == 0 && code_read(cli->arena, &in, &s->options, &code, &error) == DS_OK)
        return code;
    codesign_say_status(s, operand, OSSTATUS_ERRNO + (error ? error : EIO));
    return NULL;
}

/* ASSUMPTION(codesign-hosts): nothing runs here, so every process is one that is gone. */
static int run_operand(struct codesign *s, const char *operand)
{
    bool path = s->operation == CODESIGN_SIGN || s->operation == CODESIGN_CONSTRAINT;
    if ((is_process(operand) && !path) || s->operation == CODESIGN_HOSTS) {
        codesign_say_status(s, operand, errSecCSNoSuchCode);
        return CODESIGN_FAILED;
    }
    if (s->operation == CODESIGN_CONSTRAINT)
        return codesign_validate_constraint(s, operand);
    struct code *code = read_operand(s, operand);
    if (!code)
        return CODESIGN_FAILED;
    if (s->operation == CODESIGN_SIGN)
        return codesign_sign(s, operand, code);
    /* Packages and archives are plain files to codesign, whatever lies in them. */
    if (code->kind == CODE_PKG || code->kind == CODE_ARCHIVE) {
        codesign_say_status(s, operand, errSecCSUnsigned);
        return CODESIGN_FAILED;
    }
    /* A file has one signature (D9), so that any other is one that is not there. */
    if (s->slot != 1) {
        codesign_say_status(s, operand, errSecCSUnsigned);
        return CODESIGN_FAILED;
    }
    return s->operation == CODESIGN_DISPLAY ? codesign_display(s, operand, code)
                                            : codesign_verify(s, operand, code);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct codesign s = {.cli = cli};
    char **operands;
    int status = codesign_options(&s, argc, argv, &operands);
    if (status != CODESIGN_FINE)
        return status;
    for (; *operands && !s.stop; operands++) {
        int one = run_operand(&s, *operands);
        status = status ? status : one;
    }
    return status;
}

extern const struct command_spec cmd_codesign;
const struct command_spec cmd_codesign = {
    .synopsis = "-v|-d [options] PATH...",
    .run = run,
    .raw = true,
};
