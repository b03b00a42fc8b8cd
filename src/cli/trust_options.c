/* SPDX-License-Identifier: Apache-2.0 */
/* Options that hand over certificates and records of revocation (cli/trust_options.h). */
#include "config.h"

#include "cli/trust_options.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "format/trust_file.h"

#define AT(field) offsetof(struct trust_options, field)

const struct option_row trust_option_rows[] = {
    {"trusted-root", 0, OPTION_LIST, AT(roots), "FILE",
     "certificates that the Mac trusts as it trusts Apple's roots", NULL},
    {"certificates", 0, OPTION_LIST, AT(certificates), "PATH",
     "certificates, or a folder of them, to complete chains with", NULL},
    {"crl", 0, OPTION_LIST, AT(crls), "FILE", "lists of revoked certificates", NULL},
    {"ocsp", 0, OPTION_LIST, AT(ocsps), "FILE", "responses about certificates", NULL},
    {0},
};

/* -- files */

struct reading {
    struct cli *cli;
    struct trust_store *store;
    size_t read;
};

static bool read_file(struct reading *r, enum trust_file kind, const char *path)
{
    struct bytes file;
    const char *why;
    if (!cli_read(r->cli, path, &file))
        return false;
    r->read++;
    if (trust_file_read(r->cli->arena, kind, file, r->store, &why))
        return true;
    cli_say(r->cli, "%s: %s", path, why);
    return false;
}

static bool read_files(struct reading *r, enum trust_file kind, const struct name_vec *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        if (!read_file(r, kind, paths->at[i]))
            return false;
    return true;
}

/* -- folders */

static bool is_certificate(const char *name)
{
    static const char *const suffixes[] = {".cer", ".crt", ".der", ".pem"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (text_ends(name, suffixes[i]))
            return true;
    return false;
}

static bool read_folder(struct reading *r, const char *folder)
{
    struct cli *cli = r->cli;
    struct name_vec names = {0};
    int error = 0;
    if (fs_list(cli->fs, cli->arena, folder, &names, &error) != DS_OK) {
        cli_say(cli, "%s: %s", folder, strerror(error));
        return false;
    }
    for (size_t i = 0; i < names.n; i++)
        if (is_certificate(names.at[i]) &&
            !read_file(r, TRUST_CERTIFICATES, path_join(cli->arena, folder, names.at[i])))
            return false;
    return true;
}

static bool read_certificates(struct reading *r, const struct name_vec *paths)
{
    for (size_t i = 0; i < paths->n; i++) {
        const char *path = cli_path(r->cli, paths->at[i]);
        bool folder = fs_is_dir(r->cli->fs, path);
        if (!(folder ? read_folder(r, path) : read_file(r, TRUST_CERTIFICATES, paths->at[i])))
            return false;
    }
    return true;
}

/* Certificates that whoever installed the program put beside it; there need be none. */
static bool read_data_directory(struct reading *r)
{
    return !fs_is_dir(r->cli->fs, CERTIFICATES_DIR) || read_folder(r, CERTIFICATES_DIR);
}

static bool read_all(struct reading *r, const struct trust_options *o)
{
    return read_files(r, TRUST_ROOTS, &o->roots) && read_certificates(r, &o->certificates) &&
           read_files(r, TRUST_CRLS, &o->crls) && read_files(r, TRUST_OCSP, &o->ocsps);
}

int trust_from_options(struct cli *cli, const struct trust_options *options,
                       const struct trust_store **store)
{
    struct reading r = {.cli = cli, .store = arena_new_of(cli->arena, struct trust_store)};
    *store = NULL;
    if (!read_all(&r, options) || (cli->trust && !read_all(&r, cli->trust)) ||
        !read_data_directory(&r))
        return EXIT_TROUBLE;
    if (r.read)
        *store = r.store;
    return EXIT_ACCEPTED;
}

bool trust_has_records(const struct trust_store *store)
{
    return store && store->records.crls.n + store->records.ocsps.n != 0;
}

/* -- among Apple's options */

/* The list that "--NAME" or "--NAME=VALUE" is for; *VALUE is NULL when the next word is it. */
static struct name_vec *list_for(struct trust_options *o, const char *word, const char **value)
{
    for (const struct option_row *row = trust_option_rows; row->name; row++) {
        size_t n = strlen(row->name);
        if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, row->name, n) != 0 ||
            (word[2 + n] && word[2 + n] != '='))
            continue;
        *value = word[2 + n] ? word + 3 + n : NULL;
        return (struct name_vec *)(void *)((char *)o + row->at);
    }
    return NULL;
}

bool trust_take_words(struct cli *cli, int *argc, char **argv, struct trust_options *out)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        const char *value = NULL;
        struct name_vec *list = i ? list_for(out, argv[i], &value) : NULL;
        if (list && !value && i + 1 == *argc) {
            cli_say(cli, "%s: a file is missing", argv[i]);
            return false;
        }
        if (list)
            vec_push(cli->arena, list, value ? value : argv[++i]);
        else
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}
