/* SPDX-License-Identifier: Apache-2.0 */
/* Host: reading the imagined Mac from a case, from JSON facts and from options (case-format.md `host`). */
#include "policy/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/switches.h"

/* What is being read. */
struct reader {
    struct arena *arena;
    struct host *host;
    struct value_error *error;
};

struct host host_default(int64_t now)
{
    return (struct host){.macos = MACOS(26, 5, 2), /* the newest release described */
                         .arch = "arm64",
                         .date = now,
                         .sip = true,
                         .location = "/Applications",
                         .launched_by = LAUNCHED_BY_FINDER,
                         .notarized = VERDICT_UNDECIDED,
                         .user_approved = VERDICT_UNDECIDED,
                         .mdm_allows = VERDICT_UNDECIDED,
                         .store_accepts = VERDICT_UNDECIDED,
                         .min_evidence = 'D'};
}

bool macos_parse(const char *text, uint32_t *out)
{
    uint32_t part[3] = {0};
    const char *p = text;

    for (int i = 0; i < 3; i++) {
        char *end;
        unsigned long n = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0x100;

        if (n > (i ? 0xff : 0xffff) || (i == 0 && n > 0xff))
            return false;
        part[i] = (uint32_t)n;
        p = end;
        if (*p == '\0') {
            *out = MACOS(part[0], part[1], part[2]);
            return part[0] > 0;
        }
        if (*p++ != '.')
            return false;
    }
    return false;
}

char *macos_text(struct arena *a, uint32_t version)
{
    unsigned major = version >> 16, minor = version >> 8 & 0xff, patch = version & 0xff;

    if (patch)
        return arena_printf(a, "%u.%u.%u", major, minor, patch);
    return arena_printf(a, "%u.%u", major, minor);
}

static enum ds_status refuse(struct reader *r, const struct value *v, const char *message)
{
    *r->error = (struct value_error){.message = message, .span = v->span};
    return DS_PARSE;
}

/* yes/no, on/off, true/false as a word or as a boolean. */
static bool parse_flag(const struct value *v, bool *out)
{
    const char *s = value_cstr(v);
    static const char *const words[] = {"no", "off", "false", "0", "yes", "on", "true", "1"};

    if (value_is(v, VALUE_BOOL)) {
        *out = v->boolean;
        return true;
    }
    for (size_t i = 0; s && i < 8; i++) {
        if (strcmp(s, words[i]) == 0) {
            *out = i >= 4;
            return true;
        }
    }
    return false;
}

static enum ds_status read_flag(struct reader *r, const struct value *v, bool *out)
{
    return parse_flag(v, out) ? DS_OK : refuse(r, v, "on or off is expected");
}

/* An answer: yes or no; null leaves it open. */
static enum ds_status read_answer(struct reader *r, const struct value *v, enum verdict *out)
{
    bool yes;
    const char *s = value_cstr(v);

    if (value_is(v, VALUE_NULL) ||
        (s && (strcmp(s, "unknown") == 0 || strcmp(s, "undecided") == 0))) {
        *out = VERDICT_UNDECIDED;
        return DS_OK;
    }
    if (!parse_flag(v, &yes))
        return refuse(r, v, "yes, no or unknown is expected");
    *out = verdict_of(yes);
    return DS_OK;
}

/* A number such as 15.3 reads as the text it was written as. */
static const char *scalar_text(struct arena *a, const struct value *v)
{
    if (value_is(v, VALUE_INT))
        return arena_printf(a, "%lld", (long long)v->integer);
    if (value_is(v, VALUE_REAL))
        return arena_printf(a, "%g", v->real);
    return value_cstr(v);
}

static enum ds_status read_text(struct reader *r, const struct value *v, const char **out)
{
    const char *s = scalar_text(r->arena, v);

    if (!s)
        return refuse(r, v, "a text is expected");
    *out = arena_strdup(r->arena, s);
    return DS_OK;
}

static enum ds_status read_macos(struct reader *r, const struct value *v)
{
    const char *s = scalar_text(r->arena, v);

    if (!s || !macos_parse(s, &r->host->macos))
        return refuse(r, v, "a macOS version such as 15.3 is expected");
    return DS_OK;
}

static enum ds_status read_arch(struct reader *r, const struct value *v)
{
    const char *s = value_cstr(v);

    if (!s || (strcmp(s, "arm64") != 0 && strcmp(s, "arm64e") != 0 && strcmp(s, "x86_64") != 0))
        return refuse(r, v, "arm64 or x86_64 is expected");
    r->host->arch = arena_strdup(r->arena, strcmp(s, "arm64e") == 0 ? "arm64" : s);
    return DS_OK;
}

static enum ds_status read_date(struct reader *r, const struct value *v)
{
    const char *s = value_cstr(v);

    if (value_is(v, VALUE_DATE)) {
        r->host->date = when_from_2001((int64_t)v->real);
        return DS_OK;
    }
    if (!s || !when_parse_iso(bytes_str(s), &r->host->date))
        return refuse(r, v, "a date such as 2026-01-15 is expected");
    return DS_OK;
}

static enum ds_status read_launcher(struct reader *r, const struct value *v)
{
    static const char *const names[] = {"finder", "terminal", "xcode", "launchd", "updater"};
    const char *s = value_cstr(v);

    for (int i = 0; s && i < 5; i++) {
        if (strcmp(names[i], s) == 0) {
            r->host->launched_by = (enum launcher)i;
            return DS_OK;
        }
    }
    return refuse(r, v, "finder, terminal, xcode, launchd or updater is expected");
}

/* A dictionary's entry is a key and its reader. */
struct key {
    const char *name;
    enum ds_status (*read)(struct reader *r, const struct value *v);
};

static enum ds_status unknown_key(struct reader *r, const struct value *dict, size_t i,
                                  const struct key *keys, size_t n)
{
    const char *names[24], *name = (const char *)dict->keys[i].name.p;

    for (size_t k = 0; k < n; k++)
        names[k] = keys[k].name;
    *r->error = (struct value_error){.message = arena_printf(r->arena, "unknown key '%s'", name),
                                     .suggestion = text_suggest(name, names, n),
                                     .span = dict->keys[i].span};
    return DS_PARSE;
}

static enum ds_status read_keys(struct reader *r, const struct value *dict, const struct key *keys,
                                size_t n)
{
    if (value_is(dict, VALUE_NULL))
        return DS_OK;
    if (!value_is(dict, VALUE_DICT))
        return refuse(r, dict, "a mapping is expected");
    for (size_t i = 0; i < dict->count; i++) {
        size_t k = 0;
        enum ds_status status;

        while (k < n && strcmp(keys[k].name, (const char *)dict->keys[i].name.p) != 0)
            k++;
        if (k == n)
            return unknown_key(r, dict, i, keys, n);
        status = keys[k].read(r, dict->items[i]);
        if (status != DS_OK)
            return status;
    }
    return DS_OK;
}

/* -- host.assume */

static enum ds_status read_notarized(struct reader *r, const struct value *v)
{
    return read_answer(r, v, &r->host->notarized);
}

static enum ds_status read_user_approved(struct reader *r, const struct value *v)
{
    return read_answer(r, v, &r->host->user_approved);
}

static enum ds_status read_mdm(struct reader *r, const struct value *v)
{
    return read_answer(r, v, &r->host->mdm_allows);
}

static enum ds_status read_store(struct reader *r, const struct value *v)
{
    return read_answer(r, v, &r->host->store_accepts);
}

/* Names in a list or comma-separated text; "no" and [] say that nothing is revoked. */
static enum ds_status read_revoked(struct reader *r, const struct value *v)
{
    const char *s = value_cstr(v);
    bool flag;

    r->host->revoked = (struct name_vec){0};
    r->host->revocation_known = !value_is(v, VALUE_NULL);
    if (value_is(v, VALUE_NULL) || (parse_flag(v, &flag) && !flag))
        return DS_OK;
    if (s) {
        for (const char *p = s, *end; *p; p = *end ? end + 1 : end) {
            end = p + strcspn(p, ",");
            if (end > p)
                vec_push(r->arena, &r->host->revoked,
                         arena_strndup(r->arena, p, (size_t)(end - p)));
        }
        return DS_OK;
    }
    if (!value_is(v, VALUE_ARRAY))
        return refuse(r, v, "a list of signers or serial numbers is expected");
    for (size_t i = 0; i < v->count; i++) {
        const char *name = scalar_text(r->arena, v->items[i]);

        if (!name)
            return refuse(r, v->items[i], "a signer or serial number is expected");
        vec_push(r->arena, &r->host->revoked, arena_strdup(r->arena, name));
    }
    return DS_OK;
}

static const struct key assume_keys[] = {
    {"notarized", read_notarized}, {"user-approved", read_user_approved},
    {"mdm-profile", read_mdm},     {"store", read_store},
    {"revoked", read_revoked},
};

/* null takes every answer back. */
static enum ds_status read_assume(struct reader *r, const struct value *v)
{
    if (value_is(v, VALUE_NULL)) {
        r->host->notarized = r->host->user_approved = VERDICT_UNDECIDED;
        r->host->mdm_allows = r->host->store_accepts = VERDICT_UNDECIDED;
        r->host->revocation_known = false;
        r->host->revoked = (struct name_vec){0};
        return DS_OK;
    }
    return read_keys(r, v, assume_keys, sizeof assume_keys / sizeof *assume_keys);
}

/* -- host.installed */

static enum ds_status read_copy(struct reader *r, const struct value *v)
{
    static const char *const names[] = {"identifier", "platform", "version", "signer"};
    struct installed_copy copy = {0};
    const char **members[] = {&copy.identifier, &copy.platform, &copy.version, &copy.signer};

    if (!value_is(v, VALUE_DICT))
        return refuse(r, v, "a mapping with identifier, platform, version, signer is expected");
    for (size_t i = 0; i < v->count; i++) {
        size_t k = 0;
        enum ds_status status;

        while (k < 4 && strcmp(names[k], (const char *)v->keys[i].name.p) != 0)
            k++;
        if (k == 4) {
            const struct key keys[] = {
                {names[0], NULL}, {names[1], NULL}, {names[2], NULL}, {names[3], NULL}};

            return unknown_key(r, v, i, keys, 4);
        }
        status = read_text(r, v->items[i], members[k]);
        if (status != DS_OK)
            return status;
    }
    vec_push(r->arena, &r->host->installed, copy);
    return DS_OK;
}

static enum ds_status read_installed(struct reader *r, const struct value *v)
{
    r->host->installed = (struct installed_vec){0};
    r->host->installed_known = !value_is(v, VALUE_NULL);
    if (value_is(v, VALUE_NULL))
        return DS_OK;
    if (!value_is(v, VALUE_ARRAY))
        return refuse(r, v, "a list of installed copies is expected");
    for (size_t i = 0; i < v->count; i++) {
        enum ds_status status = read_copy(r, v->items[i]);

        if (status != DS_OK)
            return status;
    }
    return DS_OK;
}

/* -- host */

static enum ds_status read_udid(struct reader *r, const struct value *v)
{
    if (value_is(v, VALUE_NULL)) {
        r->host->udid = NULL;
        return DS_OK;
    }
    return read_text(r, v, &r->host->udid);
}

static enum ds_status read_location(struct reader *r, const struct value *v)
{
    if (value_is(v, VALUE_NULL)) {
        r->host->location = NULL;
        return DS_OK;
    }
    return read_text(r, v, &r->host->location);
}

static enum ds_status read_sip(struct reader *r, const struct value *v)
{
    return read_flag(r, v, &r->host->sip);
}

static enum ds_status read_developer_mode(struct reader *r, const struct value *v)
{
    return read_flag(r, v, &r->host->developer_mode);
}

static enum ds_status read_rosetta(struct reader *r, const struct value *v)
{
    return read_flag(r, v, &r->host->rosetta);
}

static enum ds_status read_quarantine(struct reader *r, const struct value *v)
{
    return read_flag(r, v, &r->host->quarantine);
}

static enum ds_status read_first_launch(struct reader *r, const struct value *v)
{
    return read_flag(r, v, &r->host->first_launch);
}

static enum ds_status read_switches(struct reader *r, const struct value *v)
{
    struct switches unused;
    enum ds_status status;

    if (value_is(v, VALUE_NULL)) {
        r->host->switches = NULL;
        return DS_OK;
    }
    status = switches_read(r->arena, v, &unused, r->error);
    if (status == DS_OK)
        r->host->switches = value_clone(r->arena, v);
    return status;
}

static enum ds_status read_min_evidence(struct reader *r, const struct value *v)
{
    const char *s = value_cstr(v);

    if (!s || strlen(s) != 1 || *s < 'A' || *s > 'D')
        return refuse(r, v, "A, B, C or D is expected");
    r->host->min_evidence = *s;
    return DS_OK;
}

static const struct key host_keys[] = {
    {"macos", read_macos},
    {"arch", read_arch},
    {"date", read_date},
    {"udid", read_udid},
    {"sip", read_sip},
    {"developer-mode", read_developer_mode},
    {"rosetta", read_rosetta},
    {"location", read_location},
    {"quarantine", read_quarantine},
    {"launched-by", read_launcher},
    {"first-launch", read_first_launch},
    {"assume", read_assume},
    {"installed", read_installed},
    {"switches", read_switches},
    {"min-evidence", read_min_evidence},
};

enum ds_status host_read(struct arena *a, const struct value *v, struct host *host,
                         struct value_error *error)
{
    struct reader r = {a, host, error};

    if (!v)
        return DS_OK;
    return read_keys(&r, v, host_keys, sizeof host_keys / sizeof *host_keys);
}

/* KEY "assume" and "switches" take NAME=VALUE; NAME alone means yes. */
static struct value *option_value(struct arena *a, const char *text)
{
    const char *equals = strchr(text, '=');
    struct value *dict = value_dict(a);
    const char *name = equals ? arena_strndup(a, text, (size_t)(equals - text)) : text;

    value_set(a, dict, name, value_string(a, equals ? equals + 1 : "yes"));
    return dict;
}

/* Switches of several options add up. */
static struct value *option_switches(struct arena *a, const struct host *host, const char *text)
{
    struct value *all = host->switches ? value_clone(a, host->switches) : value_dict(a);
    struct value *one = option_value(a, text);

    value_set(a, all, (const char *)one->keys[0].name.p, one->items[0]);
    return all;
}

enum ds_status host_set(struct arena *a, struct host *host, const char *key, const char *text,
                        struct value_error *error)
{
    struct value *dict = value_dict(a);

    if (strcmp(key, "assume") == 0)
        value_set(a, dict, key, option_value(a, text));
    else if (strcmp(key, "switches") == 0 || strcmp(key, "switch") == 0)
        value_set(a, dict, "switches", option_switches(a, host, text));
    else
        value_set(a, dict, key, value_string(a, text));
    return host_read(a, dict, host, error);
}
