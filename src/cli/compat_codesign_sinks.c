/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codesign --display: what goes to files or standard output: certificates, requirements, entitlements, the list of files
 * (static-validation.md §8.4, corrections E1 to E6).
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/compat_codesign.h"
#include "crypto/known.h"
#include "format/entitle.h"
#include "format/plist.h"
#include "format/superblob.h"

FILE *codesign_open(struct codesign *s, const char *path, const char *mode)
{
    if (strcmp(path, "-") == 0)
        return s->cli->out;
    FILE *to = fopen(cli_path(s->cli, path), mode);
    if (!to)
        fprintf(s->cli->err, "%s: %s\n", path, strerror(errno));
    return to;
}

void codesign_close(struct codesign *s, FILE *to)
{
    if (to && to != s->cli->out)
        fclose(to);
}

static int stop(struct codesign *s, int status)
{
    s->stop = true;
    return status;
}

/* Send BYTES to PATH. */
static int send(struct codesign *s, const char *path, const char *mode, struct bytes bytes)
{
    FILE *to = codesign_open(s, path, mode);
    if (!to)
        return stop(s, CODESIGN_FAILED);
    fwrite(bytes.p, 1, bytes.n, to);
    codesign_close(s, to);
    return CODESIGN_FINE;
}

/* -- certificates and directory */

static int send_certificates(struct codesign *s, const struct signature *sig)
{
    for (size_t i = 0; s->certificates && i < sig->chain_count && sig->directory_valid; i++) {
        if (cert_is_stand_in(sig->chain[i])) {
            cli_say(s->cli, "\"%s\" is not in the signature, and not extracted",
                    sig->chain[i]->common_name);
            continue;
        }
        int status = send(s, arena_printf(s->cli->arena, "%s%zu", s->certificates, i), "w",
                          sig->chain[i]->der);
        if (status)
            return status;
    }
    return CODESIGN_FINE;
}

static int send_directory(struct codesign *s, const struct signature *sig)
{
    if (!s->directory || !sig->has_cms)
        return CODESIGN_FINE;
    return send(s, s->directory, "w", sig->chosen->blob);
}

/* -- requirements */

static int send_requirements(struct codesign *s, const struct signature *sig)
{
    if (!s->requirements)
        return CODESIGN_FINE;
    FILE *to = codesign_open(s, s->requirements, "w");
    if (!to)
        return stop(s, CODESIGN_FAILED);
    const char *text = sig->requirements_text;
    if (text && *text)
        fprintf(to, text_ends(text, "\n") ? "%s" : "%s\n", text);
    if (!sig->dr_explicit && sig->dr_text)
        fprintf(to, "# designated => %s\n", sig->dr_text);
    codesign_close(s, to);
    return CODESIGN_FINE;
}

/* -- entitlements */

static void indent(FILE *to, unsigned depth)
{
    while (depth-- > 0)
        fputc('\t', to);
}

/* The typed dump; false when a value has no tag. */
static void put_typed(FILE *to, const struct value *v, unsigned depth);

static void put_dictionary(FILE *to, const struct value *v, unsigned depth)
{
    indent(to, depth);
    fputs("[Dict]\n", to);
    for (size_t i = 0; i < v->count; i++) {
        indent(to, depth + 1);
        fprintf(to, "[Key] %s\n", (const char *)v->keys[i].name.p);
        indent(to, depth + 1);
        fputs("[Value]\n", to);
        put_typed(to, v->items[i], depth + 2);
    }
}

static void put_typed(FILE *to, const struct value *v, unsigned depth)
{
    if (v->type == VALUE_DICT) {
        put_dictionary(to, v, depth);
        return;
    }
    indent(to, depth);
    if (v->type == VALUE_BOOL)
        fprintf(to, "[Bool] %s\n", v->boolean ? "true" : "false");
    else if (v->type == VALUE_INT)
        fprintf(to, "[Int] %lld\n", (long long)v->integer);
    else if (v->type == VALUE_STRING)
        fprintf(to, "[String] %s\n", (const char *)v->bytes.p);
    else
        fputs("[Array]\n", to);
    for (size_t i = 0; v->type == VALUE_ARRAY && i < v->count; i++)
        put_typed(to, v->items[i], depth + 1);
}

static bool is_container(const struct value *v)
{
    return v->type == VALUE_ARRAY || v->type == VALUE_DICT;
}

/* Keys in the order of DER, whichever form they came from. */
static const struct value *in_order(struct arena *a, const struct value *v)
{
    struct entitle_der der;
    struct bytes bytes;
    if (v && entitle_der_encode(a, v, &bytes, NULL) && entitle_der_parse(a, bytes, &der))
        return der.dict;
    return v;
}

/* Arrays of unlike simple values cannot be dumped (E4). */
static bool is_uniform(const struct value *v)
{
    const struct value *first = NULL;
    for (size_t i = 0; is_container(v) && i < v->count; i++) {
        const struct value *item = v->items[i];
        if (!is_uniform(item))
            return false;
        if (v->type == VALUE_DICT || is_container(item))
            continue;
        if (first && first->type != item->type)
            return false;
        first = item;
    }
    return true;
}

/* Lower case since macOS 26 (E3). */
static void warn(struct codesign *s, const char *text)
{
    fprintf(s->cli->err, "%carning: %s\n", s->mac.macos < MACOS(26, 0, 0) ? 'W' : 'w', text);
}

/* "-" without the colon of old; warns of it, once a run. */
static const char *destination(struct codesign *s, bool *xml)
{
    const char *to = s->entitlements;
    *xml = s->xml;
    if (*to != ':')
        return to;
    if (!s->colon_warned) {
        warn(s, "Specifying ':' in the path is deprecated and will not work in a future release");
        *xml = true;
    }
    s->colon_warned = true;
    return to + 1;
}

/* The blob whose content counts is there and the one that was signed. */
static bool is_sound(const struct code *c, const struct signature *sig)
{
    int64_t slot = sig->has_der_entitlements ? SLOT_ENTITLEMENTS_DER : SLOT_ENTITLEMENTS;
    if (!sig->directory_valid)
        return false;
    for (size_t i = 0; i < c->findings->list.n; i++) {
        const struct finding *f = c->findings->list.at[i];
        if (f->id == FINDING_CD_SPECIAL_SLOT && f->place.slot == slot)
            return false;
    }
    return true;
}

static void warn_invalid(struct codesign *s)
{
    warn(s, "binary contains an invalid entitlements blob. The OS will ignore these entitlements.");
}

static int send_typed(struct codesign *s, const char *path, const struct value *v)
{
    FILE *to = codesign_open(s, path, "a");
    if (!to)
        return stop(s, CODESIGN_FAILED);
    if (v)
        put_typed(to, v, 0);
    codesign_close(s, to);
    return v ? CODESIGN_FINE : stop(s, CODESIGN_DATA);
}

static int send_xml(struct codesign *s, const char *path, const struct value *v)
{
    if (v)
        return send(s, path, "a", plist_write_xml(s->cli->arena, v, true));
    warn_invalid(s);
    return CODESIGN_FINE;
}

static int send_der(struct codesign *s, const char *path, const struct signature *sig)
{
    struct bytes der = blob_payload(sig->entitlements_der);
    if (!sig->has_der_entitlements && sig->entitlements)
        (void)entitle_der_encode(s->cli->arena, sig->entitlements, &der, NULL);
    return der.n ? send(s, path, "a", der) : CODESIGN_FINE;
}

/* Before macOS 12: the bytes of the signed XML, behind a colon without the blob's header, and no check (§8.4). */
static int send_raw(struct codesign *s, const struct signature *sig)
{
    bool headless = *s->entitlements == ':';
    struct bytes blob = sig->entitlements_xml;
    if (!sig->has_xml_entitlements)
        return CODESIGN_FINE;
    return send(s, s->entitlements + headless, "a", headless ? blob_payload(blob) : blob);
}

static int send_entitlements(struct codesign *s, const struct code *c, const struct signature *sig)
{
    bool xml, some = sig->has_der_entitlements || sig->has_xml_entitlements;
    if (!s->entitlements)
        return CODESIGN_FINE;
    if (s->mac.macos < MACOS(12, 0, 0))
        return send_raw(s, sig);
    const char *path = destination(s, &xml);
    if (!some)
        return CODESIGN_FINE;
    if (!is_sound(c, sig)) {
        warn_invalid(s);
        return CODESIGN_FINE;
    }
    if (!sig->entitlements && !sig->has_der_entitlements)
        return CODESIGN_FINE;
    if (s->der)
        return send_der(s, path, sig);
    if (xml)
        return send_xml(s, path, sig->entitlements);
    if (sig->entitlements && !is_uniform(sig->entitlements))
        return stop(s, CODESIGN_DATA);
    return send_typed(s, path, in_order(s->cli->arena, sig->entitlements));
}

int codesign_sinks(struct codesign *s, const char *operand, const struct code *code)
{
    const struct signature *sig = code_signature(code);
    (void)operand;
    int status = send_certificates(s, sig);
    if (!status)
        status = send_directory(s, sig);
    if (!status)
        status = send_requirements(s, sig);
    return status ? status : send_entitlements(s, code, sig);
}

/* -- the list of files */

/* A file of _CodeSignature as the Mac writes its path: behind the version's dot (E6). */
static const char *signature_file(struct arena *a, const struct code *c, const char *name)
{
    const char *path = path_join(a, c->signature_files, name);
    const char *base = text_ends(c->shown, "/.") ? path_dir(a, c->shown) : NULL;
    const char *rest = base ? path_relative(codesign_path(a, c, path), base) : NULL;
    return rest ? arena_printf(a, "%s/%s", c->shown, rest) : path;
}

static void put_signature_files(struct codesign *s, FILE *to, const struct code *c)
{
    static const uint32_t slots[] = {
#define SLOT(name, number, form, component, title) number,
#include "format/slots.def"
#undef SLOT
    };
    const struct signature *sig = code_signature(c);
    bool files = sig && strcmp(sig->location, "bundle files") == 0;
    struct arena *a = s->cli->arena;
    for (size_t i = 0; c->signature_files && i < sizeof slots / sizeof *slots; i++) {
        const char *name = slot_component(slots[i]), *rest;
        if (!name || (!files && slots[i] != SLOT_RESOURCES))
            continue;
        rest = path_relative(path_join(a, c->signature_files, name), c->path);
        if (rest && fs_exists(s->cli->fs, path_join(a, c->fs_path, rest)))
            fprintf(to, "%s\n", signature_file(a, c, name));
    }
}

int codesign_file_list(struct codesign *s, const char *operand, const struct code *code)
{
    (void)operand;
    if (!s->file_list)
        return CODESIGN_FINE;
    FILE *to = codesign_open(s, s->file_list, "a");
    if (!to)
        return stop(s, CODESIGN_FAILED);
    fprintf(to, "%s\n", codesign_path(s->cli->arena, code, code->executable));
    put_signature_files(s, to, code);
    codesign_close(s, to);
    return CODESIGN_FINE;
}
