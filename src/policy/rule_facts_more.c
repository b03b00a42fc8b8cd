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

/* -- requirements stated for peers (XP-01) */

static bool is_requirement_text(const char *s)
{
    static const char *const marks[] = {"anchor apple",  "certificate leaf", "certificate 1",
                                        "identifier \"", "anchor trusted",   "cdhash H\""};

    for (size_t i = 0; s && i < sizeof marks / sizeof *marks; i++)
        if (strstr(s, marks[i]))
            return true;
    return false;
}

static void add_requirement(struct arena *a, struct value *list, const char *s, const char *where)
{
    struct value *item = value_dict(a);

    for (size_t i = 0; i < list->count; i++)
        if (strcmp(value_get_cstr(list->items[i], "text"), s) == 0)
            return;
    set_text(a, item, "text", s);
    set_text(a, item, "where", where);
    value_append(a, list, item);
}

/* Texts in V that look like requirements; KEY is the entry of the property list they stand under. */
static void find_requirements(struct arena *a, struct value *list, const struct value *v,
                              const char *key)
{
    if (value_is(v, VALUE_STRING) && is_requirement_text(value_cstr(v)))
        add_requirement(a, list, value_cstr(v), key);
    if (!value_is(v, VALUE_ARRAY) && !value_is(v, VALUE_DICT))
        return;
    for (size_t i = 0; i < v->count; i++)
        find_requirements(a, list, v->items[i], key);
}

/* The keys of SMJobBless have rules of their own. */
static bool is_smjobbless_key(const char *key)
{
    return strcmp(key, "SMPrivilegedExecutables") == 0 || strcmp(key, "SMAuthorizedClients") == 0;
}

static void find_in_plist(struct arena *a, struct value *list, const struct value *plist)
{
    for (size_t i = 0; value_is(plist, VALUE_DICT) && i < plist->count; i++) {
        const char *key = (const char *)plist->keys[i].name.p;
        if (!is_smjobbless_key(key))
            find_requirements(a, list, plist->items[i], key);
    }
}

/* Whether S stands among what SMJobBless reads of C's embedded property lists, which lie in the executable as text. */
static bool is_embedded_text(const struct slice *slice, const char *s)
{
    const struct value *clients = value_get(slice->info_section, "SMAuthorizedClients");

    return value_has_string(clients, s);
}

struct value *facts_requirements(struct arena *a, const struct code *c)
{
    const struct slice *s = code_main_slice(c);
    struct value *list = value_array(a);

    find_in_plist(a, list, c->info);
    for (size_t i = 0; i < c->plain.n; i++)
        find_in_plist(a, list, c->plain.at[i].plist);
    for (size_t i = 0; s && i < s->requirement_strings.n; i++)
        if (!is_embedded_text(s, s->requirement_strings.at[i]))
            add_requirement(a, list, s->requirement_strings.at[i], "executable");
    return list;
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
