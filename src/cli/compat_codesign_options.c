/* SPDX-License-Identifier: Apache-2.0 */
/* codesign: its options (static-validation.md §8.1, corrections O1 to O8). */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "cli/bsd_options.h"
#include "cli/compat_codesign.h"
#include "cli/req.h"
#include "cli/trust_options.h"
#include "format/arch.h"

enum {
    VERIFY = 256,
    VERBOSE,
    ALL_SLICES,
    BUNDLE_VERSION,
    DEEP,
    STRICT,
    NO_STRICT,
    IGNORE_RESOURCES,
    CHECK_EXPIRATION,
    CHECK_REVOCATION,
    SIGNATURE_SLOT,
    CONTINUE,
    NUMERIC,
    ENTITLEMENTS,
    EXTRACT,
    FILE_LIST,
    DIRECTORY,
    XML,
    DER,
    DRY,
    CONSTRAINT,
    ACCEPTED, /* taken, without effect on reading */
    CHANGES   /* signatures that are there: not for us */
};

static const struct bsd_option long_options[] = {
    {"verify", BSD_NONE, VERIFY},
    {"verbose", BSD_OPTIONAL, VERBOSE},
    {"display", BSD_NONE, 'd'},
    {"dump", BSD_NONE, 'd'},
    {"architecture", BSD_REQUIRED, 'a'},
    {"all-architectures", BSD_NONE, ALL_SLICES},
    {"bundle-version", BSD_REQUIRED, BUNDLE_VERSION},
    {"deep", BSD_NONE, DEEP},
    {"deep-verify", BSD_NONE, DEEP},
    {"strict", BSD_OPTIONAL, STRICT},
    {"no-strict", BSD_NONE, NO_STRICT},
    {"ignore-resources", BSD_NONE, IGNORE_RESOURCES},
    {"check-expiration", BSD_NONE, CHECK_EXPIRATION},
    {"expired", BSD_NONE, CHECK_EXPIRATION},
    {"check-revocation", BSD_NONE, CHECK_REVOCATION},
    {"revoked", BSD_NONE, CHECK_REVOCATION},
    {"check-notarization", BSD_NONE, ACCEPTED},
    {"signature-slot", BSD_REQUIRED, SIGNATURE_SLOT},
    {"test-requirement", BSD_REQUIRED, 'R'},
    {"requirements", BSD_REQUIRED, 'r'},
    {"detached", BSD_REQUIRED, 'D'},
    {"continue", BSD_NONE, CONTINUE},
    {"numeric-errors", BSD_NONE, NUMERIC},
    {"entitlements", BSD_REQUIRED, ENTITLEMENTS},
    {"extract-certificates", BSD_OPTIONAL, EXTRACT},
    {"file-list", BSD_REQUIRED, FILE_LIST},
    {"codedirectory", BSD_REQUIRED, DIRECTORY},
    {"xml", BSD_NONE, XML},
    {"der", BSD_NONE, DER},
    {"resource-rules", BSD_REQUIRED, ACCEPTED},
    {"sign", BSD_REQUIRED, 's'},
    {"force", BSD_NONE, 'f'},
    {"identifier", BSD_REQUIRED, 'i'},
    {"options", BSD_REQUIRED, 'o'},
    {"pagesize", BSD_REQUIRED, 'P'},
    {"hosts", BSD_NONE, 'h'},
    {"prefix", BSD_REQUIRED, ACCEPTED},
    {"remove-signature", BSD_NONE, CHANGES},
    {"dryrun", BSD_NONE, DRY},
    {"keychain", BSD_REQUIRED, ACCEPTED},
    {"digest-algorithm", BSD_REQUIRED, ACCEPTED},
    {"preserve-metadata", BSD_OPTIONAL, ACCEPTED},
    {"timestamp", BSD_OPTIONAL, ACCEPTED},
    {"runtime-version", BSD_REQUIRED, ACCEPTED},
    {"generate-pre-encrypt-hashes", BSD_NONE, ACCEPTED},
    {"generate-entitlement-der", BSD_NONE, ACCEPTED},
    {"force-library-entitlements", BSD_NONE, ACCEPTED},
    {"strip-disallowed-xattrs", BSD_NONE, ACCEPTED},
    {"single-threaded-signing", BSD_NONE, ACCEPTED},
    {"legacy-signing", BSD_NONE, ACCEPTED},
    {"no-legacy-signing", BSD_NONE, ACCEPTED},
    {"launch-constraint-self", BSD_REQUIRED, ACCEPTED},
    {"launch-constraint-parent", BSD_REQUIRED, ACCEPTED},
    {"launch-constraint-responsible", BSD_REQUIRED, ACCEPTED},
    {"library-constraint", BSD_REQUIRED, ACCEPTED},
    {"validate-constraint", BSD_NONE, CONSTRAINT},
    {"verify-resource", BSD_NONE, CONSTRAINT},
    {"merge-detached-certificates", BSD_NONE, CHANGES},
    {"input-detached-certificates", BSD_REQUIRED, ACCEPTED},
    {"output-detached-certificates", BSD_REQUIRED, ACCEPTED},
    {NULL, BSD_NONE, 0},
};

static int usage(struct codesign *s)
{
    fputs("Usage: codesign -s identity [-fv*] [-o flags] [-r reqs] [-i ident] path ... # sign\n"
          "       codesign -v [-v*] [-R=<req string>|-R <req file path>] path|[+]pid ... # verify\n"
          "       codesign -d [options] path ... # display contents\n"
          "       codesign -h pid ... # display hosting paths\n"
          "       codesign --validate-constraint path ... # check the supplied constraint plist\n"
          "       codesign --merge-detached-certificates --input-detached-certificates path ... "
          "--output-detached-certificates path # merge detached certificate files\n",
          s->cli->err);
    return CODESIGN_USAGE;
}

/* -- strictness */

#define BIT_STRICT   0x010u
#define BIT_SYMLINKS 0x080u
#define BIT_SIDEBAND 0x200u

static void add_strictness(struct codesign *s, unsigned long bits)
{
    s->options.strict |= (bits & BIT_STRICT) != 0;
    s->options.restrict_symlinks |= (bits & BIT_SYMLINKS) != 0;
    s->options.restrict_sideband |= (bits & BIT_SIDEBAND) != 0;
}

/* A number, or a word that may be cut short (O7). ASSUMPTION(codesign-strict-word): another word ends the run. */
static bool take_strictness(struct codesign *s, const char *word)
{
    static const struct {
        const char *name;
        unsigned bits;
    } words[] = {{"all", BIT_STRICT | BIT_SYMLINKS | BIT_SIDEBAND},
                 {"symlinks", BIT_SYMLINKS},
                 {"sideband", BIT_SIDEBAND},
                 {"none", 0}};
    if (*word >= '0' && *word <= '9') {
        add_strictness(s, strtoul(word, NULL, 0) & 0xffffffff);
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!*word || !text_starts(words[i].name, word))
            continue;
        add_strictness(s, words[i].bits);
        s->strict_off |= words[i].bits == 0;
        return true;
    }
    fprintf(s->cli->err, "invalid strict option - %s\n", word);
    return false;
}

/* -- values */

static bool take_arch(struct codesign *s, const char *name)
{
    struct arch arch;
    if (arch_parse(name, &arch)) {
        s->options.only_arch = name;
        return true;
    }
    fprintf(s->cli->err, "%s: unknown architecture\n", name);
    return false;
}

bool codesign_read(struct codesign *s, const char *operand, struct bytes *out)
{
    if (strcmp(operand, "-") == 0)
        return cli_read(s->cli, operand, out);
    int error = cli_map(s->cli, operand, out);
    if (error)
        fprintf(s->cli->err, "%s: %s\n", operand, strerror(error));
    return error == 0;
}

bool codesign_compile(struct codesign *s, struct bytes text, enum req_mode mode)
{
    struct arena *a = s->cli->arena;
    struct req_files files = {.cli = s->cli};
    struct req_options options = {mode, req_file_sha1, &files};
    struct req_compiled r = req_compile(a, req_tool_text(a, text), &options);
    if (r.ok) {
        s->test = r.blob;
        return true;
    }
    struct bytes errors = req_errors_text(a, &r.errors);
    codesign_say_status(s, "error", REQ_INVALID);
    fputs("Requirement syntax error(s):\n", s->cli->err);
    fwrite(errors.p, 1, errors.n, s->cli->err);
    return false;
}

/* -R: "=TEXT", or a file of text or of one binary requirement. */
static bool read_requirement(struct codesign *s)
{
    struct bytes content, program;
    if (*s->requirement == '=')
        return codesign_compile(s, bytes_str(s->requirement + 1), REQ_SINGLE);
    if (!codesign_read(s, s->requirement, &content))
        return false;
    if (content.n == 0 || content.p[0] != 0xfa)
        return codesign_compile(s, content, REQ_SINGLE);
    s->test = content;
    enum req_status status = req_open(content, &program);
    if (status == REQ_OK)
        return true;
    codesign_say_status(s, "error", status);
    return false;
}

/* -- the table's letters and numbers */

static bool take_reading(struct codesign *s, int id, const char *value)
{
    switch (id) {
    case 'a': return take_arch(s, value);
    case ALL_SLICES: s->options.only_arch = NULL; return true;
    case BUNDLE_VERSION: s->options.bundle_version = value; return true;
    case DEEP: s->options.deep = true; return true;
    case STRICT: return take_strictness(s, value ? value : "all");
    case NO_STRICT: s->strict_off = true; return true;
    case IGNORE_RESOURCES: s->options.check_resources = false; return true;
    case CHECK_EXPIRATION: s->options.check_expiration = true; return true;
    case CHECK_REVOCATION: s->options.check_revocation = true; return true;
    case SIGNATURE_SLOT: s->slot = strtoul(value, NULL, 0); return true;
    case 'D': return codesign_read(s, value, &s->options.detached);
    case 'R': s->requirement = value; return true;
    case NUMERIC: s->numeric = true; return true;
    default: return true;
    }
}

static bool take_sink(struct codesign *s, int id, const char *value)
{
    switch (id) {
    case 'r': s->requirements = value; return true;
    case EXTRACT: s->certificates = value ? value : "codesign"; return true;
    case FILE_LIST: s->file_list = value; return true;
    case DIRECTORY: s->directory = value; return true;
    case XML: s->xml = true; return true;
    case DER: s->der = true; return true;
    case ENTITLEMENTS:
        s->entitlements = value;
        if (*value)
            return true;
        fputs("Missing entitlements file path\n", s->cli->err);
        return false;
    default: return true;
    }
}

static void take_signing(struct codesign *s, int id, const char *value)
{
    switch (id) {
    case 's': s->identity = value; break;
    case 'i': s->identifier = value; break;
    case 'o': s->flags = value; break;
    case 'f': s->force = true; break;
    case DRY: s->dry = true; break;
    default: break;
    }
}

/* What the option asks for; CODESIGN_NONE: it only says how. The last one given counts. */
static enum codesign_operation operation_of(int id)
{
    switch (id) {
    case VERIFY: return CODESIGN_VERIFY;
    case 'd': return CODESIGN_DISPLAY;
    case 'h': return CODESIGN_HOSTS;
    case 's': return CODESIGN_SIGN;
    case CONSTRAINT: return CODESIGN_CONSTRAINT;
    case CHANGES: return CODESIGN_OTHER;
    default: return CODESIGN_NONE;
    }
}

static int take_all(struct codesign *s, struct bsd_options *o)
{
    int id;
    while ((id = bsd_option_next(o)) != BSD_END) {
        if (id == BSD_FAIL)
            return usage(s);
        if (id == 'v' || (id == VERBOSE && !o->value))
            s->verbose++;
        else if (id == VERBOSE)
            s->verbose = (unsigned)strtoul(o->value, NULL, 0);
        enum codesign_operation operation = operation_of(id);
        s->operation = operation != CODESIGN_NONE ? operation : s->operation;
        take_signing(s, id, o->value);
        if (!take_reading(s, id, o->value) || !take_sink(s, id, o->value))
            return CODESIGN_FAILED;
    }
    return CODESIGN_FINE;
}

/* What follows once all options are known. */
static int settle(struct codesign *s, const struct bsd_options *o)
{
    if (s->operation == CODESIGN_NONE && s->verbose > 0) {
        s->operation = CODESIGN_VERIFY;
        s->verbose--;
    }
    if (s->operation == CODESIGN_NONE || o->operand_count == 0)
        return usage(s);
    if (s->operation == CODESIGN_OTHER) {
        cli_say(s->cli, "this is not a signer: no signature is removed or merged here");
        return CODESIGN_FAILED;
    }
    if (s->operation == CODESIGN_SIGN)
        return codesign_sign_prepare(s) ? CODESIGN_FINE : CODESIGN_FAILED;
    if (s->strict_off)
        s->options.strict = s->options.restrict_symlinks = s->options.restrict_sideband = false;
    if (s->operation == CODESIGN_DISPLAY)
        s->options.check_resources = s->options.strict = false;
    return s->requirement && !read_requirement(s) ? CODESIGN_FAILED : CODESIGN_FINE;
}

int codesign_options(struct codesign *s, int argc, char **argv, char ***operands)
{
    struct trust_options trust = {0};
    int status = imitated_take(s->cli, &argc, argv, &s->mac);
    if (status == EXIT_ACCEPTED && !trust_take_words(s->cli, &argc, argv, &trust))
        status = CODESIGN_USAGE;
    struct bsd_options o = {.arena = s->cli->arena,
                            .err = s->cli->err,
                            .argc = argc,
                            .argv = argv,
                            .letters = "a:dD:fhi:o:P:r:R:s:v",
                            .options = long_options};
    s->slot = 1;
    s->options = (struct code_options){.strict = true,
                                       .plain_containers = true,
                                       .check_pages = true,
                                       .check_resources = true,
                                       .collect_all = true,
                                       .allow_test_root = s->cli->allow_test_root,
                                       .now = s->mac.date,
                                       .arch = s->mac.arch};
    if (status == EXIT_ACCEPTED &&
        trust_from_options(s->cli, &trust, &s->options.store) != EXIT_ACCEPTED)
        status = CODESIGN_FAILED;
    if (status == EXIT_ACCEPTED)
        status = take_all(s, &o);
    *operands = o.operands;
    return status ? status : settle(s, &o);
}
