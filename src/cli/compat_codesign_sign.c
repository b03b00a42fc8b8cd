/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codesign --sign, dry: what signing would complain about, in its words (static-validation.md §8.5,
 * codesign-output-corrections.md G1, G2). No key is at hand but that of ad hoc signatures, which is none, and no file is
 * changed: without --dryrun a run that would succeed ends in a complaint of ours (ASSUMPTION(sign-dry)).
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/compat_codesign.h"
#include "format/entitle.h"
#include "policy/judge.h"

/* -- before any operand */

/* Hexadecimal digits of SHA-1 name a certificate itself. */
static bool is_hash(const char *identity)
{
    size_t n = 0;
    while (isxdigit((unsigned char)identity[n]))
        n++;
    return n == 40 && identity[n] == '\0';
}

static bool find_identity(struct codesign *s)
{
    if (strcmp(s->identity, "-") == 0)
        return true;
    if (is_hash(s->identity))
        fputs("error: The specified item could not be found in the keychain.\n", s->cli->err);
    else
        fprintf(s->cli->err, "%s: no identity found\n", s->identity);
    return false;
}

static bool read_requirements(struct codesign *s)
{
    struct bytes content;
    const char *given = s->requirements;
    bool good = !given;
    if (given && *given == '=')
        good = codesign_compile(s, bytes_str(given + 1), REQ_SET);
    else if (given && codesign_read(s, given, &content))
        good = (content.n && content.p[0] == 0xfa) || codesign_compile(s, content, REQ_SET);
    if (good)
        return true;
    fputs("invalid requirement specification\n", s->cli->err);
    return false;
}

/* Numbers, or prefixes of names with commas between them (§0.2). */
static bool are_flags(const char *text)
{
    static const struct {
        const char *name;
        bool given; /* by who signs */
    } flags[] = {
#define CD_FLAG_ROW(id, name, given) {name, given},
#include "format/codedir.def"
#undef CD_FLAG_ROW
    };
    if (isdigit((unsigned char)*text))
        return true;
    for (size_t n; *text; text += n + (text[n] == ',')) {
        bool known = false;
        n = strcspn(text, ",");
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
            known |= flags[i].given && n > 0 && strncmp(flags[i].name, text, n) == 0;
        if (!known)
            return false;
    }
    return true;
}

static bool read_flags(struct codesign *s)
{
    if (!s->flags || are_flags(s->flags))
        return true;
    codesign_say_status(s, "error", errSecCSInvalidFlags);
    return false;
}

/* The reader is AMFI's, stricter than that of other property lists (subsystem-checks.md EB-01). */
static bool read_entitlements(struct codesign *s)
{
    struct arena *a = s->cli->arena;
    struct bytes text;
    const char *error;
    if (!s->entitlements)
        return true;
    if (cli_map(s->cli, s->entitlements, &text) != 0) {
        fprintf(s->cli->err, "%s: cannot read entitlement data\n", s->entitlements);
        return false;
    }
    s->claims = entitle_xml(a, text, &error);
    if (!s->claims)
        fprintf(s->cli->err, "Failed to parse entitlements: AMFIUnserializeXML: %s\n", error);
    return s->claims != NULL;
}

bool codesign_sign_prepare(struct codesign *s)
{
    s->options.restrict_sideband = true;
    return read_flags(s) && read_requirements(s) && find_identity(s) && read_entitlements(s);
}

/* -- one operand */

static bool is_signed(const struct code *c, bool by_linker_too)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        const struct signature *sig = &c->slices[i].sig;
        bool by_linker = sig->chosen && (sig->chosen->flags & CD_FLAG_LINKER_SIGNED);
        if (sig->present && (by_linker_too || !by_linker))
            return true;
    }
    return false;
}

/* What the present signature claims is not what will be signed. */
static bool is_about_old_claims(enum finding_id id)
{
    return id == FINDING_ENT_XML || id == FINDING_ENT_UNENCODABLE || id == FINDING_SIGN_LV_I386;
}

/* What stands in the way: the first that signing refuses; NULL when nothing does. */
static const struct finding *obstacle(struct codesign *s, struct code *c)
{
    struct judgement *j = arena_new_of(s->cli->arena, struct judgement);
    struct judge_input in = {
        .tops = &c, .top_count = 1, .host = &s->mac, .run_sign = true, .only = STAGE_SIGN};
    if (judge(s->cli->arena, &in, j) != DS_OK)
        return NULL;
    for (size_t i = 0; i < j->findings.list.n; i++) {
        const struct finding *f = j->findings.list.at[i];
        if (f->severity >= SEVERITY_REFUSED && !is_about_old_claims(f->id))
            return f;
    }
    return NULL;
}

static int64_t status_of(const struct finding *f)
{
    if (f->id == FINDING_SIGN_NO_ROOM)
        return errSecCSSignatureInvalid;
    return f->has_code ? f->code : errSecCSUnsigned;
}

/* A fault of nested code, or of what lies where code belongs, is told with its path; that of a resource is not. */
static const struct code *owner_of(const struct code *c, const char *path)
{
    for (size_t i = 0; i < c->child_count; i++)
        if (path_below(path, c->children[i]->path))
            return owner_of(c->children[i], path);
    return c;
}

static int refuse(struct codesign *s, const char *operand, const struct code *c,
                  const struct finding *f)
{
    const char *path = f->place.path ? f->place.path : c->path;
    const struct code *owner = owner_of(c, path);
    codesign_say_status(s, operand, status_of(f));
    if (f->id == FINDING_NESTED_DATA_FILE || (f->id == FINDING_BUNDLE_FORMAT && path != c->path))
        fprintf(s->cli->err, "In subcomponent: %s\n", path);
    else if (owner != c)
        fprintf(s->cli->err, "In subcomponent: %s\n", owner->path);
    if (f->id == FINDING_BUNDLE_XATTR && s->verbose >= 1)
        fprintf(s->cli->out, "file with invalid attached data: Disallowed xattr %s found on %s\n",
                f->detail, path);
    return CODESIGN_FAILED;
}

/* Given, or what Info.plist says, or the file's name (§11.1, without what makes ad hoc names distinct). */
static const char *identifier_of(const struct codesign *s, const struct code *c)
{
    if (s->identifier)
        return s->identifier;
    if (c->identifier)
        return c->identifier;
    const char *dot = strrchr(c->name, '.');
    return dot && dot[1] && !isdigit((unsigned char)dot[1])
               ? arena_strndup(s->cli->arena, c->name, (size_t)(dot - c->name))
               : c->name;
}

static bool can_encode(const struct codesign *s)
{
    struct bytes der;
    return !s->claims || entitle_der_encode(s->cli->arena, s->claims, &der, NULL);
}

int codesign_sign(struct codesign *s, const char *operand, struct code *code)
{
    if (!s->force && is_signed(code, false)) {
        fprintf(s->cli->err, "%s: is already signed\n", operand);
        return CODESIGN_FAILED;
    }
    if (s->force && is_signed(code, true))
        fprintf(s->cli->err, "%s: replacing existing signature\n", operand);
    const struct finding *f = obstacle(s, code);
    if (f)
        return refuse(s, operand, code, f);
    if (!can_encode(s)) {
        codesign_say_status(s, operand, errSecCSInvalidEntitlements);
        return CODESIGN_FAILED;
    }
    if (!s->dry) {
        cli_say(s->cli, "%s: nothing stands in the way, but this is not a signer", operand);
        return CODESIGN_FAILED;
    }
    if (s->verbose >= 1)
        fprintf(s->cli->err, "%s: signed %s [%s]\n", operand, codesign_format(s, code),
                identifier_of(s, code));
    return CODESIGN_FINE;
}
