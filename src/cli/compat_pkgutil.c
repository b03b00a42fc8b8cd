/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pkgutil: `pkgutil --check-signature`, for packages and bundles, in the words of macOS 12 and later, or of older ones
 * where one is named (codesign-output-corrections.md P1 to P3).
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "cli/code_input.h"
#include "cli/imitated.h"

enum { SUCCESS = 0, FAILURE = 1 };

#define DASHES "-----------------------------------------------------------------------------"
#define BYTES  22 /* of a fingerprint in its first line */

/* One run: 10.14 and before had a layout of their own (P2). */
struct pkgutil {
    struct cli *cli;
    struct host host;
    bool old;
};

static int usage(struct cli *cli)
{
    fputs("Usage: pkgutil --check-signature PKGPATH...\n", cli->err);
    return FAILURE;
}

/* "2023-06-11 23:33:47 +0000" */
static const char *date_text(struct arena *a, int64_t when)
{
    struct civil c = when_to_civil(when);
    return arena_printf(a, "%04lld-%02d-%02d %02d:%02d:%02d +0000", (long long)c.year, c.month,
                        c.day, c.hour, c.minute, c.second);
}

/* -- status */

static bool expired(const struct code *c)
{
    return findings_find(c->findings, FINDING_CHAIN_EXPIRED) != NULL;
}

static const char *trusted_status(const struct pkgutil *p, const struct signature *sig)
{
    if (p->old && sig->signer != SIGNER_APPLE)
        return "signed by a certificate trusted by Mac OS X";
    switch (sig->signer) {
    case SIGNER_APPLE: return "signed Apple Software";
    case SIGNER_APPLE_DEVELOPMENT:
    case SIGNER_MAC_DEVELOPMENT:
        return "signed by a developer certificate issued by Apple (Development)";
    default: return "signed by a developer certificate issued by Apple for distribution";
    }
}

/* *TRUSTED: a Mac would install it. */
static const char *status_of(const struct pkgutil *p, const struct code *c, bool *trusted)
{
    const struct signature *sig = code_signature(c);
    *trusted = false;
    if (!sig || !sig->present || sig->chain_count == 0)
        return "no signature";
    if (!sig->cms_valid && !(c->package && c->package->rsa_valid))
        return "package is invalid (checksum did not verify)";
    if (findings_find(c->findings, FINDING_PKG_CHECKSUM))
        return "package is invalid (checksum did not verify)";
    if (expired(c))
        return "signed by a certificate that has since expired";
    if (!sig->chain_trusted || sig->anchor == ANCHOR_NONE)
        return "signed by untrusted certificate";
    *trusted = true;
    return trusted_status(p, sig);
}

/* -- chain */

static void put_pairs(FILE *to, const char *before, const uint8_t *bytes, size_t n)
{
    fputs(before, to);
    for (size_t i = 0; i < n; i++)
        fprintf(to, " %02X", bytes[i]);
    fputc('\n', to);
}

static void put_certificate(const struct pkgutil *p, size_t n, const struct cert *cert)
{
    struct cli *cli = p->cli;
    fprintf(cli->out, "    %zu. %s\n", n, cert->common_name);
    if (p->old) {
        put_pairs(cli->out, "       SHA1 fingerprint:", cert->sha1, sizeof cert->sha1);
        return;
    }
    if (cert->not_after != WHEN_NONE)
        fprintf(cli->out, "       Expires: %s\n", date_text(cli->arena, cert->not_after));
    fputs("       SHA256 Fingerprint:\n", cli->out);
    put_pairs(cli->out, "          ", cert->sha256, BYTES);
    put_pairs(cli->out, "          ", cert->sha256 + BYTES, sizeof cert->sha256 - BYTES);
}

static void put_chain(const struct pkgutil *p, const struct signature *sig)
{
    fputs("   Certificate Chain:\n", p->cli->out);
    for (size_t i = 0; i < sig->chain_count; i++) {
        if (i)
            fprintf(p->cli->out, "       %.*s\n", p->old ? 77 : 72, DASHES);
        put_certificate(p, i + 1, sig->chain[i]);
    }
}

/* -- one operand */

/* A bundle is called by its name without the extension. */
static const char *shown_name(struct arena *a, const struct code *c)
{
    const char *dot = strrchr(c->name, '.');
    return c->is_bundle && dot ? arena_strndup(a, c->name, (size_t)(dot - c->name)) : c->name;
}

/* What lies between the status and the chain. */
static void put_notary(const struct pkgutil *p, const struct code *c, const struct signature *sig)
{
    bool noted = p->host.macos >= MACOS(12, 0, 0) && c->ticket.valid && c->ticket.lists_this;
    if (noted)
        fputs("   Notarization: trusted by the Apple notary service\n", p->cli->out);
    if (!p->old && sig->timestamp != WHEN_NONE)
        fprintf(p->cli->out, "   Signed with a trusted timestamp on: %s\n",
                date_text(p->cli->arena, sig->timestamp));
}

static int check(const struct pkgutil *p, const char *operand)
{
    struct cli *cli = p->cli;
    struct code_options how = code_options_for(cli, &p->host);
    const char *path = cli_path(cli, operand);
    const struct code_input in = {cli->fs, path, path_base(path)};
    struct code *c;
    int error = 0;
    bool trusted;
    if (code_read(cli->arena, &in, &how, &c, &error) != DS_OK) {
        /* ASSUMPTION(pkgutil-missing) */
        fprintf(cli->err, "Could not open package: %s\n", operand);
        return FAILURE;
    }
    const struct signature *sig = code_signature(c);
    fprintf(cli->out, "Package \"%s\":\n   Status: %s\n", shown_name(cli->arena, c),
            status_of(p, c, &trusted));
    if (!sig || sig->chain_count == 0)
        return FAILURE;
    put_notary(p, c, sig);
    put_chain(p, sig);
    return trusted ? SUCCESS : FAILURE;
}

static int pkgutil(struct cli *cli, int argc, char **argv)
{
    struct pkgutil p = {.cli = cli};
    int status = SUCCESS;
    if (imitated_take(cli, &argc, argv, &p.host) != EXIT_ACCEPTED || argc < 3 ||
        strcmp(argv[1], "--check-signature") != 0)
        return usage(cli);
    p.old = p.host.macos < MACOS(10, 15, 0);
    for (int i = 2; i < argc; i++)
        if (check(&p, argv[i]) != SUCCESS)
            status = FAILURE;
    return status;
}

extern const struct command_spec cmd_pkgutil;
const struct command_spec cmd_pkgutil = {
    .synopsis = "--check-signature PATH...",
    .run = pkgutil,
    .raw = true,
};
