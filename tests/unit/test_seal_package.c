/* SPDX-License-Identifier: Apache-2.0 */
/* Packages and archives read as code: the real packages by the manifest, damage, what is found inside. */
#include <check.h>

#include "base/text.h"
#include "flush.h"
#include "format/xar.h"
#include "in_arena.h"
#include "seal/code.h"
#include "seal/profile.h"
#include "seal/ticket.h"
#include "shared_files.h"

Suite *seal_package_suite(void);

static const struct code_options options = {.deep = true,
                                            .strict = true,
                                            .check_pages = true,
                                            .check_resources = true,
                                            .collect_all = true,
                                            .now = 1767225600 /* 2026-01-01 */,
                                            .arch = "arm64"};

static struct code *read_bytes(struct arena *a, struct bytes file, const char *name)
{
    struct fs *fs = fs_memory(a);
    const char *path = arena_printf(a, "/%s", name);
    struct code_input in = {.fs = fs, .path = path, .reported = name};
    struct code *c = NULL;
    int error;
    ck_assert_int_eq(fs_add_file(fs, path, 0644, file), DS_OK);
    ck_assert_int_eq(code_read(a, &in, &options, &c, &error), DS_OK);
    return c;
}

enum { PATH = 0, SIGNER = 7, RSA = 19, CMS = 20, CHAIN = 21, NOTE = 25, ALL };

static void check_signature(const struct code *c, char **row)
{
    const struct signature *sig = &c->slices[0].sig;
    bool is_signed = strcmp(row[SIGNER], "none") != 0;
    ck_assert_msg(sig->present == is_signed, "%s", row[PATH]);
    ck_assert_msg(c->package->checksum.n == 20 && c->package->hash_type == 1, "%s", row[PATH]);
    if (!is_signed)
        return;
    ck_assert_msg(sig->core_valid && sig->cms_valid && sig->chain_trusted, "%s", row[PATH]);
    ck_assert_msg(c->package->has_rsa && c->package->rsa_valid, "%s: RSA", row[PATH]);
    ck_assert_int_eq(sig->signer, SIGNER_DEVELOPER_ID_INSTALLER);
    ck_assert_str_eq(sig->chain[0]->common_name, row[SIGNER]);
    ck_assert(sig->timestamp != WHEN_NONE);
}

static void check_real(struct arena *a, char **row)
{
    struct bytes file;
    ck_assert(shared_read(a, arena_printf(a, "real/%s", row[PATH]), &file));
    struct code *c = read_bytes(a, file, path_base(row[PATH]));
    ck_assert_int_eq(c->kind, CODE_PKG);
    for (size_t i = 0; i < c->findings->list.n; i++)
        ck_assert_msg(c->findings->list.at[i]->severity < SEVERITY_WARN, "%s: %s", row[PATH],
                      c->findings->list.at[i]->detail);
    check_signature(c, row);
    bool stapled = strstr(row[NOTE], "stapled=True") != NULL;
    ck_assert_msg(c->ticket.valid == stapled && c->ticket.lists_this == stapled, "%s: %s",
                  row[PATH], c->ticket.error);
    for (size_t i = 0; i < c->child_count && stapled; i++)
        ck_assert_msg(c->children[i]->static_valid && c->children[i]->parent == c, "%s",
                      c->children[i]->path);
    ck_assert_msg(c->child_count > 0 || !stapled, "%s is empty", row[PATH]);
}

static enum ds_status real_rows(void *arg)
{
    struct bytes table;
    char *row[32];
    if (!shared_read(arg, "real/manifest.tsv", &table))
        return DS_OK;
    for (size_t n; (n = shared_row(arg, &table, row, 32)) > 0;) {
        struct arena *a = arena_child(arg);
        if (n >= ALL && text_starts(row[PATH], "pkg/"))
            check_real(a, row);
        arena_child_free(a);
    }
    return DS_OK;
}

/* -- damage: one bit in each part */

static bool refused(struct arena *arg, struct bytes file, size_t at, enum finding_id id)
{
    struct arena *a = arena_child(arg);
    uint8_t *copy = flush_copy(file.p, file.n);
    arena_defer(a, free, copy - 1);
    copy[at] ^= 1;
    struct code *c = read_bytes(a, bytes_of(copy, file.n), "x.pkg");
    bool found = findings_find(c->findings, id) != NULL && !c->static_valid;
    arena_child_free(a);
    return found;
}

static enum ds_status damaged(void *arg)
{
    struct bytes file;
    struct xar x;
    const char *why;
    if (!shared_read(arg, "real/pkg/JQ-1.6-UNIVERSAL.pkg", &file))
        return DS_OK;
    ck_assert(xar_parse(arg, file, &x, &why));
    size_t heap = (size_t)(x.checksum.p - file.p),
           member = (size_t)(x.files.at[0].archived.p - file.p);
    ck_assert(refused(arg, file, 30, FINDING_PKG_FORMAT));
    ck_assert(refused(arg, file, heap, FINDING_PKG_CHECKSUM));
    ck_assert(refused(arg, file, member, FINDING_PKG_CHECKSUM));
    for (size_t n = 0; n < file.n; n += 20011) {
        struct arena *a = arena_child(arg);
        uint8_t *copy = flush_copy(file.p, n);
        arena_defer(a, free, copy - 1);
        (void)read_bytes(a, bytes_of(copy, n), "x.pkg");
        arena_child_free(a);
    }
    return DS_OK;
}

/* -- archives */

static enum ds_status archives(void *arg)
{
    struct bytes file;
    if (!shared_read(arg, "real/ipa/very-capable-app.ipa", &file))
        return DS_OK;
    struct code *c = read_bytes(arg, file, "x.ipa");
    ck_assert_int_eq(c->kind, CODE_ARCHIVE);
    ck_assert_uint_eq(c->child_count, 1);
    const struct code *app = c->children[0];
    ck_assert_str_eq(app->path, "x.ipa/Payload/very-capable-app.app");
    ck_assert_int_eq(app->kind, CODE_APP);
    ck_assert(app->static_valid && app->reached && app->profile && app->profile->sealed);
    ck_assert_str_eq(app->code_identifier, "org.fastlane.very-capable-app");
    return DS_OK;
}

/* -- memory that runs out: each reader, with every allocation failing in turn (in growing steps) */

struct starving {
    struct arena *a;
    struct bytes file;
    const char *name;
};

static enum ds_status read_starving(void *arg)
{
    struct starving *s = arg;
    struct profile p;
    struct ticket_facts t;
    if (text_ends(s->name, "provisionprofile"))
        profile_read(s->a, s->file, false, &p);
    else if (text_ends(s->name, ".ticket"))
        ticket_read(s->a, s->file, false, &t);
    else
        (void)read_bytes(s->a, s->file, s->name);
    return DS_OK;
}

static void starve(struct bytes file, const char *name)
{
    enum ds_status status = DS_NOMEM;
    for (size_t n = 1; status != DS_OK; n += 1 + n / 8) {
        struct starving s = {arena_new(0), file, name};
        arena_fail_after(s.a, n);
        status = arena_run(s.a, read_starving, &s);
        ck_assert(status == DS_OK || status == DS_NOMEM);
        arena_free(s.a);
    }
}

static enum ds_status starved(void *arg)
{
    static const char *const files[] = {
        "real/profiles/osquery-developer-id.provisionprofile",
        "real/tickets/iterm2-Contents-CodeResources.ticket",
        "real/pkg/MacAppOnly.pkg",
        "real/ipa/very-capable-app.ipa",
        "real/dmg/IntuneMAMConfigurator.dmg",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes file;
        if (shared_read(arg, files[i], &file))
            starve(file, path_base(files[i]));
    }
    return DS_OK;
}

ARENA_TEST(real_packages_are_read, real_rows)
ARENA_TEST(damaged_packages_are_refused, damaged)
ARENA_TEST(archives_are_opened, archives)
ARENA_TEST(memory_may_run_out, starved)

Suite *seal_package_suite(void)
{
    Suite *s = suite_create("seal_package");
    TCase *t = tcase_create("package");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, real_packages_are_read);
    tcase_add_test(t, damaged_packages_are_refused);
    tcase_add_test(t, archives_are_opened);
    tcase_add_test(t, memory_may_run_out);
    suite_add_tcase(s, t);
    return s;
}
