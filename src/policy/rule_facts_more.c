/* SPDX-License-Identifier: Apache-2.0 */
/* Facts made of several others: providers, plain files, stated requirements, scripts, other copies. */
#include "policy/rule_facts_more.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static void set_text(struct arena *a, struct value *dict, const char *key, const char *text)
{
    if (text)
        value_set(a, dict, key, value_string(a, text));
}

/* -- plain files */

struct value *facts_files(struct arena *a, const struct code *c)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < c->plain.n; i++) {
        const struct plain_file *f = &c->plain.at[i];
        struct value *item = value_dict(a);

        set_text(a, item, "path", f->path);
        set_text(a, item, "name", path_base(f->path));
        set_text(a, item, "folder", path_dir(a, f->path));
        if (f->plist)
            value_set(a, item, "plist", f->plist);
        value_set(a, item, "executable", value_bool(a, f->executable));
        value_set(a, item, "quarantined", value_bool(a, f->quarantined));
        value_append(a, list, item);
    }
    return list;
}

/* -- Network Extension providers (subsystem-checks.md §1) */

#define NE_POINTS "com.apple.networkextension."

static void add_provider(struct arena *a, struct value *list, const char *point, const char *class)
{
    struct value *item = value_dict(a);

    set_text(a, item, "point", point);
    set_text(a, item, "kind", text_starts(point, NE_POINTS) ? point + strlen(NE_POINTS) : "");
    set_text(a, item, "class", class);
    value_append(a, list, item);
}

struct value *facts_providers(struct arena *a, const struct code *c)
{
    const struct value *classes =
        value_get(value_get(c->info, "NetworkExtension"), "NEProviderClasses");
    const struct value *extension = value_get(c->info, "NSExtension");
    const char *point = value_get_cstr(extension, "NSExtensionPointIdentifier");
    struct value *list = value_array(a);

    if (point && text_starts(point, NE_POINTS))
        add_provider(a, list, point, value_get_cstr(extension, "NSExtensionPrincipalClass"));
    for (size_t i = 0; value_is(classes, VALUE_DICT) && i < classes->count; i++)
        add_provider(a, list, (const char *)classes->keys[i].name.p, value_cstr(classes->items[i]));
    return list;
}

/* -- requirements stated for others (XP-01, SB-01, SB-02) */

struct stating {
    struct arena *a;
    struct value *list;
    const char *use;   /* "xpc", "helper", "client" */
    const char *where; /* key of the property list, "executable" */
};

/* How a requirement begins. ASSUMPTION(XP-STRINGS): which strings of an executable count as one. */
static bool begins_requirement(const char *s)
{
    static const char *const words[] = {
        "identifier ", "anchor ",      "certificate ", "cert ",         "(",        "!",
        "info[",       "entitlement[", "cdhash ",      "designated =>", "notarized"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_starts(s, words[i]))
            return true;
    return false;
}

static bool names_something(const char *s)
{
    static const char *const marks[] = {"anchor ", "certificate ", "identifier ", "cdhash "};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strstr(s, marks[i]))
            return true;
    return false;
}

/* A piece that the program puts together with others: format strings, open quotes, a dangling operator. */
static bool is_fragment(const char *s)
{
    size_t quotes = 0;

    for (const char *at = s; *at; at++)
        quotes += *at == '"';
    return quotes % 2 || strchr(s, '%') || strstr(s, "\\(") || text_ends(s, " ") ||
           text_ends(s, "=") || text_ends(s, " and") || text_ends(s, " or");
}

static void state(struct stating *t, const char *s)
{
    struct value *item;

    for (size_t i = 0; i < t->list->count; i++)
        if (strcmp(value_get_cstr(t->list->items[i], "text"), s) == 0)
            return;
    item = value_dict(t->a);
    set_text(t->a, item, "text", s);
    set_text(t->a, item, "where", t->where);
    set_text(t->a, item, "use", t->use);
    value_append(t->a, t->list, item);
}

static void state_guessed(struct stating *t, const char *s)
{
    if (s && begins_requirement(s) && names_something(s) && !is_fragment(s))
        state(t, s);
}

/* Texts in V that look like requirements. */
static void state_plist(struct stating *t, const struct value *v)
{
    state_guessed(t, value_cstr(v));
    for (size_t i = 0; v && (v->type == VALUE_ARRAY || v->type == VALUE_DICT) && i < v->count; i++)
        state_plist(t, v->items[i]);
}

/* The texts of KEY, which are requirements whatever they look like. */
static void state_key(struct stating *t, const struct value *plist, const char *key)
{
    const struct value *v = value_get(plist, key);

    t->where = key;
    for (size_t i = 0; v && (v->type == VALUE_ARRAY || v->type == VALUE_DICT) && i < v->count; i++)
        if (value_cstr(v->items[i]))
            state(t, value_cstr(v->items[i]));
}

static void state_others(struct stating *t, const struct value *plist)
{
    for (size_t i = 0; value_is(plist, VALUE_DICT) && i < plist->count; i++) {
        t->where = (const char *)plist->keys[i].name.p;
        state_plist(t, plist->items[i]);
    }
}

struct value *facts_requirements(struct arena *a, const struct code *c)
{
    const struct slice *s = code_main_slice(c);
    struct stating t = {.a = a, .list = value_array(a), .use = "helper"};

    state_key(&t, c->info, "SMPrivilegedExecutables");
    t.use = "client";
    state_key(&t, s ? s->info_section : c->info, "SMAuthorizedClients");
    t.use = "xpc";
    state_others(&t, c->info);
    for (size_t i = 0; i < c->plain.n; i++)
        state_others(&t, c->plain.at[i].plist);
    t.where = "executable";
    for (size_t i = 0; s && i < s->requirement_strings.n; i++)
        state_guessed(&t, s->requirement_strings.at[i]);
    return t.list;
}

/* -- scripts that overwrite in place (UP-03) */

struct line {
    const char *at;
    size_t n;
};

static bool next_line(struct bytes text, size_t *at, struct line *out)
{
    const char *start = (const char *)text.p + *at;
    const char *end;

    if (*at >= text.n)
        return false;
    end = memchr(start, '\n', text.n - *at);
    *out = (struct line){start, end ? (size_t)(end - start) : text.n - *at};
    *at += out->n + 1;
    return true;
}

/* The line with its blanks and a leading sudo taken off. */
static char *command_of(struct arena *a, struct line l)
{
    char *s;

    while (l.n && (*l.at == ' ' || *l.at == '\t'))
        l.at++, l.n--;
    while (l.n && strchr(" \t\r;", l.at[l.n - 1]))
        l.n--;
    s = arena_strndup(a, l.at, l.n);
    return text_starts(s, "sudo ") ? s + 5 : s;
}

static const char *last_word(const char *command)
{
    const char *blank = strrchr(command, ' ');

    return blank ? blank + 1 : command;
}

/* Files that are certainly no code. */
static bool is_data_name(const char *word)
{
    static const char *const ends[] = {".plist", ".conf", ".json", ".txt", ".png",
                                       ".icns",  ".html", ".xml",  ".md",  ".yaml"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (text_ends(word, ends[i]))
            return true;
    return false;
}

static bool copies_over(const char *command)
{
    return (text_starts(command, "cp ") || text_starts(command, "/bin/cp ")) &&
           !is_data_name(last_word(command));
}

/* Some other line takes the target away first, or moves what was copied into its place. */
static bool is_renamed(struct arena *a, struct bytes text, const char *target)
{
    struct line l;
    size_t at = 0;

    while (next_line(text, &at, &l)) {
        const char *command = command_of(a, l);
        bool clears = text_starts(command, "rm ") || text_starts(command, "/bin/rm ") ||
                      text_starts(command, "mv ") || text_starts(command, "/bin/mv ");
        if (clears && strstr(command, target))
            return true;
    }
    return false;
}

static void find_copies(struct arena *a, struct value *list, const struct plain_file *f)
{
    struct line l;
    size_t at = 0;

    while (next_line(f->head, &at, &l)) {
        const char *command = command_of(a, l);
        struct value *item;
        if (!copies_over(command) || is_renamed(a, f->head, last_word(command)))
            continue;
        item = value_dict(a);
        set_text(a, item, "path", f->path);
        set_text(a, item, "line", command);
        value_append(a, list, item);
    }
}

struct value *facts_scripts(struct arena *a, const struct code *c)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < c->plain.n; i++)
        if (!c->plain.at[i].macho && c->plain.at[i].head.n)
            find_copies(a, list, &c->plain.at[i]);
    return list;
}

/* -- other copies */

struct value *facts_copies(struct arena *a, const struct host *host, const struct code *c)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < host->installed.n; i++) {
        const struct installed_copy *copy = &host->installed.at[i];
        struct value *item = value_dict(a);
        const char *own = c->identifier;

        if (!own || !copy->identifier || strcmp(own, copy->identifier) != 0)
            continue;
        set_text(a, item, "identifier", copy->identifier);
        set_text(a, item, "platform", copy->platform);
        set_text(a, item, "version", copy->version);
        set_text(a, item, "signer", copy->signer);
        value_append(a, list, item);
    }
    return list;
}
