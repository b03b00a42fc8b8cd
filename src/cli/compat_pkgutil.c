/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pkgutil: `pkgutil --check-signature`, for packages and bundles, in the words of macOS 12 and later
 * (codesign-output-corrections.md P1 to P3).
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "cli/code_input.h"

enum { SUCCESS = 0, FAILURE = 1 };

#define LINE  "       ------------------------------------------------------------------------\n"
#define BYTES 22 /* of a fingerprint in its first line */

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

static const char *trusted_status(const struct signature *sig)
{
    switch (sig->signer) {
    case SIGNER_APPLE: return "signed Apple Software";
    case SIGNER_APPLE_DEVELOPMENT:
    case SIGNER_MAC_DEVELOPMENT:
        return "signed by a developer certificate issued by Apple (Development)";
    default: return "signed by a developer certificate issued by Apple for distribution";
    }
}

/* *TRUSTED: a Mac would install it. */
static const char *status_of(const struct code *c, bool *trusted)
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
    return trusted_status(sig);
}

/* -- chain */

static void put_pairs(FILE *to, const uint8_t *bytes, size_t n)
{
    fputs("          ", to);
    for (size_t i = 0; i < n; i++)
        fprintf(to, " %02X", bytes[i]);
    fputc('\n', to);
}

static void put_certificate(struct cli *cli, size_t n, const struct cert *cert)
{
    fprintf(cli->out, "    %zu. %s\n", n, cert->common_name);
    if (cert->not_after != WHEN_NONE)
        fprintf(cli->out, "       Expires: %s\n", date_text(cli->arena, cert->not_after));
    fputs("       SHA256 Fingerprint:\n", cli->out);
    put_pairs(cli->out, cert->sha256, BYTES);
    put_pairs(cli->out, cert->sha256 + BYTES, sizeof cert->sha256 - BYTES);
}

static void put_chain(struct cli *cli, const struct signature *sig)
{
    fputs("   Certificate Chain:\n", cli->out);
    for (size_t i = 0; i < sig->chain_count; i++) {
        if (i)
            fputs(LINE, cli->out);
        put_certificate(cli, i + 1, sig->chain[i]);
    }
}

/* -- one operand */

/* A bundle is called by its name without the extension. */
static const char *shown_name(struct arena *a, const struct code *c)
{
    const char *dot = strrchr(c->name, '.');
    return c->is_bundle && dot ? arena_strndup(a, c->name, (size_t)(dot - c->name)) : c->name;
}

static int check(struct cli *cli, const char *operand)
{
    struct host host = host_default(cli->now);
    struct code_options how = code_options_for(cli, &host);
    const struct code *c = cli_code(cli, operand, &how);
    bool trusted;
    if (!c)
        return FAILURE;
    const struct signature *sig = code_signature(c);
    fprintf(cli->out, "Package \"%s\":\n   Status: %s\n", shown_name(cli->arena, c),
            status_of(c, &trusted));
    if (!sig || sig->chain_count == 0)
        return FAILURE;
    if (c->ticket.valid && c->ticket.lists_this)
        fputs("   Notarization: trusted by the Apple notary service\n", cli->out);
    if (sig->timestamp != WHEN_NONE)
        fprintf(cli->out, "   Signed with a trusted timestamp on: %s\n",
                date_text(cli->arena, sig->timestamp));
    put_chain(cli, sig);
    return trusted ? SUCCESS : FAILURE;
}

static int pkgutil(struct cli *cli, int argc, char **argv)
{
    int status = SUCCESS;
    if (argc < 3 || strcmp(argv[1], "--check-signature") != 0)
        return usage(cli);
    for (int i = 2; i < argc; i++)
        if (check(cli, argv[i]) != SUCCESS)
            status = FAILURE;
    return status;
}

extern const struct command_spec cmd_pkgutil;
const struct command_spec cmd_pkgutil = {
    .synopsis = "--check-signature PATH...",
    .run = pkgutil,
    .raw = true,
};
