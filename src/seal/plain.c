/* SPDX-License-Identifier: Apache-2.0 */
/* Plain: see plain.h. */
#include "seal/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/macho.h"
#include "format/plist.h"

/* Where launchd jobs and privileged helpers belong. */
static const char *const job_places[] = {"Library/LaunchDaemons/", "Library/LaunchAgents/"};
static const char *const helper_places[] = {"Library/LaunchServices/",
                                            "Library/PrivilegedHelperTools/"};

/* PATH goes through one of N PLACES: below Contents, or below the payload of a package. */
static bool lies_in(const char *path, const char *const *places, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *at = strstr(path, places[i]);
        if (at && (at == path || at[-1] == '/'))
            return true;
    }
    return false;
}

#define LIES_IN(path, places) lies_in((path), (places), sizeof(places) / sizeof *(places))

/* The value of com.apple.quarantine; NULL when FS_PATH has none. */
static const char *quarantine_of(struct arena *a, struct fs *fs, const char *fs_path)
{
    struct xattr_vec attributes = {0};
    int error;
    if (fs_xattrs(fs, a, fs_path, &attributes, &error) != DS_OK)
        return NULL;
    for (size_t i = 0; i < attributes.n; i++)
        if (strcmp(attributes.at[i].name, "com.apple.quarantine") == 0)
            return bytes_cstr(a, attributes.at[i].value);
    return NULL;
}

bool plain_quarantined(struct arena *a, struct fs *fs, const char *fs_path)
{
    return quarantine_of(a, fs, fs_path) != NULL;
}

bool plain_hard_quarantined(struct arena *a, struct fs *fs, const char *fs_path)
{
    static const unsigned long hard = 0x4; /* ASSUMPTION(quarantine-hard) */
    const char *value = quarantine_of(a, fs, fs_path);
    return value && (strtoul(value, NULL, 16) & hard);
}

/* -- what a file is */

struct looking {
    struct arena *a; /* for what is kept */
    struct fs *fs;
    struct code *c;
    const char *path; /* relative to the bundle */
    const char *fs_path;
    struct node node;
};

/* At most MOST bytes of the file, mapped as long as A lives; {NULL,0} when it cannot be read. */
static struct bytes content(const struct looking *l, struct arena *a, size_t most)
{
    struct bytes whole;
    int error;
    if (fs_map(l->fs, a, l->fs_path, &whole, &error) != DS_OK)
        return bytes_of(NULL, 0);
    return bytes_of(whole.p, whole.n < most ? whole.n : most);
}

static struct plain_file *record(const struct looking *l)
{
    struct arena *scratch = arena_child(l->a);
    struct plain_file file = {.path = arena_strdup(l->a, l->path)};
    file.executable = (l->node.mode & 0111) != 0;
    file.quarantined = plain_quarantined(scratch, l->fs, l->fs_path);
    file.macho = macho_sniff(content(l, scratch, LIMIT_PLAIN_HEAD)) != MACHO_NO;
    arena_child_free(scratch);
    vec_push(l->a, &l->c->plain, file);
    return &l->c->plain.at[l->c->plain.n - 1];
}

/* A property list that would start something, wherever it lies. */
static bool is_job(const struct value *plist)
{
    static const char *const keys[] = {"BundleProgram", "Program", "ProgramArguments"};
    if (!value_get_cstr(plist, "Label"))
        return false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (value_get(plist, keys[i]))
            return true;
    return false;
}

static bool holds_job(const struct looking *l)
{
    struct arena *scratch = arena_child(l->a);
    bool job = l->node.size <= LIMIT_PLAIN_HEAD &&
               is_job(plist_parse(scratch, content(l, scratch, LIMIT_PLAIN_HEAD), NULL));
    arena_child_free(scratch);
    return job;
}

static void look_plist(const struct looking *l)
{
    if (LIES_IN(l->path, job_places) || holds_job(l))
        record(l)->plist = plist_parse(l->a, content(l, l->a, SIZE_MAX), NULL);
}

static bool named_like_script(const char *path)
{
    static const char *const words[] = {"sh", "command", "zsh",  "bash",       "py",
                                        "rb", "pl",      "tool", "preinstall", "postinstall"};
    const char *suffix = path_extension(path), *base = path_base(path);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(suffix, words[i]) == 0 || strcmp(base, words[i]) == 0)
            return true;
    return false;
}

static void look_script(const struct looking *l)
{
    struct arena *scratch = arena_child(l->a);
    bool script = bytes_starts(content(l, scratch, 2), bytes_str("#!"));
    arena_child_free(scratch);
    if (script)
        record(l)->head = content(l, l->a, LIMIT_PLAIN_HEAD);
}

void plain_look(struct arena *a, struct fs *fs, struct code *c, const struct plain_candidate *file)
{
    const struct looking l = {a, fs, c, file->path, file->fs_path, file->node};
    if (strcmp(path_extension(l.path), "plist") == 0)
        look_plist(&l);
    else if (LIES_IN(l.path, helper_places))
        record(&l);
    else if ((l.node.mode & 0111) != 0 || named_like_script(l.path))
        look_script(&l);
}

/* -- programs of jobs */

static bool recorded(const struct code *c, const char *path)
{
    for (size_t i = 0; i < c->plain.n; i++)
        if (strcmp(c->plain.at[i].path, path) == 0)
            return true;
    return false;
}

static void add_program(struct arena *a, struct fs *fs, struct code *c, const char *program)
{
    char *path = path_normal(a, program);
    struct looking l = {.a = a, .fs = fs, .c = c, .path = path};
    int error;
    if (*program == '/' || text_starts(path, "..") || recorded(c, path))
        return;
    l.fs_path = path_join(a, c->fs_path, path);
    if (fs_stat(fs, l.fs_path, &l.node, &error) == DS_OK && l.node.kind == NODE_FILE)
        record(&l);
}

void plain_programs(struct arena *a, struct fs *fs, struct code *c)
{
    size_t n = c->plain.n;
    for (size_t i = 0; i < n; i++) {
        const char *program = value_get_cstr(c->plain.at[i].plist, "BundleProgram");
        if (program)
            add_program(a, fs, c, program);
    }
}
