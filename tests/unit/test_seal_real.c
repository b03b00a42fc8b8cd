/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading real code: every Mach-O and bundle of ../shared/real against its tables. Intact ones pass, changed ones are
 * refused where the README there says so, and identifiers, teams, flags and cdhashes are those of the tables.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "format/macho.h"
#include "in_arena.h"
#include "seal/code.h"
#include "shared_files.h"

Suite *seal_real_suite(void);

static const struct code_options options = {
    .deep = true,
    .strict = true,
    .restrict_symlinks = true,
    .restrict_sideband = true,
    .check_pages = true,
    .check_resources = true,
    .collect_all = true,
    .now = 1767225600, /* 2026-01-01 */
    .arch = "arm64",
};

static struct code *read_code(struct arena *a, const char *path)
{
    struct code *code;
    int error;
    char real[4096];
    if (!realpath(path, real))
        return NULL;
    const char *copy = arena_strdup(a, real);
    struct code_input in = {fs_disk(a), copy, path_base(copy)};
    ck_assert_int_eq(code_read(a, &in, &options, &code, &error), DS_OK);
    return code;
}

/* The slice of C, or of code in it, that has CDHASH; NULL: none. */
static const struct slice *find_slice(struct arena *a, const struct code *c, const char *cdhash)
{
    const struct slice *found = NULL;
    for (size_t i = 0; i < c->slice_count; i++)
        for (size_t k = 0; k < c->slices[i].sig.directory_count; k++) {
            const struct codedir *cd = &c->slices[i].sig.directories[k];
            if (strcmp(bytes_hex(a, bytes_of(cd->cdhash, 20)), cdhash) == 0)
                return &c->slices[i];
        }
    for (size_t i = 0; i < c->child_count && !found; i++)
        found = find_slice(a, c->children[i], cdhash);
    return found;
}

/* What both tables say of slices; a file of several has several values in a column, such as "sha1 | sha256". */
struct columns {
    const char *filetype, *platform, *timestamp, *hash_types, *version, *flags, *identifier, *team;
};

static const char *hash_types(struct arena *a, const struct signature *sig)
{
    const char *text = "";
    for (size_t i = 0; i < sig->directory_count; i++)
        text = arena_printf(a, "%s%s%s", text, i ? "+" : "",
                            digest_name((enum digest_type)sig->directories[i].hash_type));
    return text;
}

/* VALUE is in the column TEXT; no value is where the column is empty, or has several. */
static void check_column(const char *path, const char *text, const char *value)
{
    bool good = *value ? strstr(text, value) != NULL : !*text || strchr(text, '|');
    ck_assert_msg(good, "%s: %s, not %s", path, value, text);
}

static void check_columns(struct arena *a, const char *path, const struct slice *s,
                          const struct columns *c)
{
    const struct codedir *cd = s->sig.chosen;
    bool stamped = s->sig.timestamp != WHEN_NONE, mac = s->platform == 1;
    const char *type = s->filetype == 11 ? "KEXT" : macho_filetype_name(s->filetype);
    ck_assert_msg(strstr(c->filetype, type) != NULL, "%s: file type %s", path, type);
    ck_assert_msg(!s->platform || (strstr(c->platform, "macOS") != NULL) == mac ||
                      strchr(c->platform, '|'),
                  "%s: platform %u", path, s->platform);
    ck_assert_msg(s->sig.chain_count == 0 || (strcmp(c->timestamp, "timestamp") == 0) == stamped,
                  "%s: time stamp", path);
    check_column(path, c->hash_types, hash_types(a, &s->sig));
    check_column(path, c->version, arena_printf(a, "0x%x", cd->version));
    check_column(path, c->flags, arena_printf(a, "0x%x", cd->flags));
    check_column(path, c->identifier, cd->identifier);
    check_column(path, c->team, cd->team ? cd->team : "");
}

/* LIST: "a,b | c". */
static void check_cdhashes(struct arena *a, const struct code *c, char *list,
                           const struct columns *columns)
{
    for (char *at = strtok(list, ", |"); at; at = strtok(NULL, ", |")) {
        const struct slice *s = find_slice(a, c, at);
        ck_assert_msg(s != NULL, "%s: no cdhash %s", c->path, at);
        check_columns(a, c->path, s, columns);
    }
}

static const char *first_id(const struct code *c)
{
    return c->outcome.first ? finding_row(c->outcome.first->id)->id : "";
}

/* -- single files */

static const struct {
    const char *path, *first; /* what codesign would say of those that are not valid */
} refused_files[] = {
    {"macho/fuse-libosxfuse-4arch.dylib", "CD-PAGE-HASH"},
    {"macho/zsign-sample.dylib", "SIG-NO-CMS"},
    {"macho/active-win-main", "SLICE-UNSIGNED"},
    {"macho/fsevents.node", "SLICE-UNSIGNED"},
    {"macho/libnut.node", "SLICE-UNSIGNED"},
    /* main executables away from their bundles */
    {"macho/google-notifier-2009", "INFO-PLIST-MODIFIED"},
    {"macho/open-in-music-app", "INFO-PLIST-MODIFIED"},
    {"macho/open-in-music-safari-appex", "INFO-PLIST-MODIFIED"},
    {"macho/plaid-LinkKit-ios-arm64", "INFO-PLIST-MODIFIED"},
    {"macho/sourcefinagler-Sparkle", "INFO-PLIST-MODIFIED"},
    {"macho/tauri-test.framework-test", "INFO-PLIST-MODIFIED"},
};

static const char *expected_first(const char *path, const char *signer)
{
    for (size_t i = 0; i < sizeof refused_files / sizeof *refused_files; i++)
        if (strcmp(refused_files[i].path, path) == 0)
            return refused_files[i].first;
    return strcmp(signer, "none") == 0 ? "SIG-UNSIGNED" : "";
}

enum {
    PATH,
    FILETYPE = 5,
    PLATFORM,
    SIGNER,
    TIMESTAMP,
    HASH_TYPES = 10,
    VERSION,
    FLAGS,
    ENTITLEMENTS,
    DER,
    TEAM,
    IDENTIFIER,
    CDHASH,
    CHECK_PAGES,
    CHECK_SLOTS,
    CHECK_CMS,
    CHECK_CHAIN,
    FIELDS = 26
};

/* What was found there by other means: pages, blobs, the message and where its chain leads. */
static void check_checks(const struct code *c, char **row)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        const struct signature *sig = &c->slices[i].sig;
        if (!sig->chosen)
            continue;
        ck_assert_int_eq(c->slices[i].page_mismatch, text_starts(row[CHECK_PAGES], "BAD"));
        ck_assert_msg(sig->cms_valid == text_starts(row[CHECK_CMS], "ok"), "%s: CMS", row[PATH]);
        ck_assert_msg((sig->anchor != ANCHOR_NONE) == (strcmp(row[CHECK_CHAIN], "Apple") == 0),
                      "%s: chain", row[PATH]);
    }
    ck_assert_int_eq(findings_find(c->findings, FINDING_CD_SPECIAL_SLOT) != NULL,
                     text_starts(row[CHECK_SLOTS], "BAD"));
}

static void check_file(struct arena *a, char **row)
{
    struct code *c = read_code(a, shared_path(a, arena_printf(a, "real/%s", row[PATH])));
    ck_assert_ptr_nonnull(c);
    ck_assert_msg(strcmp(first_id(c), expected_first(row[PATH], row[SIGNER])) == 0,
                  "%s: first is %s", row[PATH], first_id(c));
    ck_assert_msg(c->static_valid == (*first_id(c) == '\0'), "%s", row[PATH]);
    const struct signature *sig = code_signature(c);
    if (!sig || !sig->chosen)
        return;
    const struct columns columns = {row[FILETYPE], row[PLATFORM], row[TIMESTAMP],  row[HASH_TYPES],
                                    row[VERSION],  row[FLAGS],    row[IDENTIFIER], row[TEAM]};
    ck_assert_str_eq(sig->chosen->identifier, row[IDENTIFIER]);
    ck_assert_msg(sig->has_der_entitlements == (strcmp(row[DER], "DER") == 0), "%s", row[PATH]);
    ck_assert_msg(!sig->entitlements ||
                      sig->entitlements->count == strtoul(row[ENTITLEMENTS], NULL, 10),
                  "%s: entitlements", row[PATH]);
    check_cdhashes(a, c, row[CDHASH], &columns);
    check_checks(c, row);
}

static enum ds_status check_files(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    char *row[FIELDS];
    if (!shared_read(a, "real/manifest.tsv", &table))
        return DS_OK;
    while (shared_row(a, &table, row, FIELDS) == FIELDS)
        if (text_starts(row[PATH], "macho/"))
            check_file(a, row);
    return DS_OK;
}

ARENA_TEST(files, check_files)

/* -- bundles */

#define PLACE "seal_real.tmp"

static const struct {
    const char *name, *first,
        *where; /* where: path of the object that the first error lies in, "" for the bundle */
} bundles[] = {
    {"DetoxXCUITestRunner-Runner.app", "", ""},
    {"IOAHCIBlockStorage.kext", "SEAL-RULES-WEAK", ""},
    {"MIDI Player.app", "SEAL-RESOURCE-MISSING",
     "/Contents/PlugIns/MIDI Player Quick Look Extension.appex"},
    {"MediaMate.app", "BUNDLE-FORMAT", ""}, /* cut down to its binaries */
    {"OSXServer.iaplugin", "SEAL-RULES-WEAK", ""},
    {"appium-DTMobileISShim.dSYM", "SIG-UNSIGNED", ""},
    {"fastlane-very-capable-app.app", "", ""},
    {"google-notifier-quick-add.plugin", "CD-PAGE-HASH", ""},
    {"iterm-ColorPicker.framework", "", ""},
    {"iterm-CoreParse.framework", "", ""},
    {"karabiner-VirtualHIDDevice-v061000.kext", "", ""},
    {"karabiner-manager-1.6.0.app", "", ""},
    {"karabiner-manager-7.3.0.app", "", ""},
    {"node-notifier-terminal-notifier.app", "SIG-UNSIGNED", ""},
    {"op-sqlite-sqlitevec-tvos-arm64.framework", "", ""},
    {"osx-notifier-info.app", "SEAL-V1-ONLY", ""},
    {"osxfuse-10.11.kext", "", ""},
    {"osxfuse-10.5.kext", "", ""},
    {"signapple-universal-signed.app", "", ""},
    {"signapple-universal-unsigned.app", "SEAL-DIRECTORY-MODIFIED", ""},
    {"sparkle-CodeSignedBoth.bundle", "", ""},
    {"sparkle-CodeSignedInvalid.bundle", "INFO-PLIST-MODIFIED", ""},
    {"sparkle-CodeSignedOldED.bundle", "", ""},
    {"sparkle-CodeSignedOnly.bundle", "", ""},
    {"sparkle2-jyutping-Installer.xpc", "", ""},
    {"sparkle2-jyutping-Updater.app", "", ""},
    {"sparkle2-scroll-reverser-Downloader.xpc", "", ""},
    {"sparkle2-scroll-reverser-Installer.xpc", "", ""},
    {"sparkle2-scroll-reverser-Updater.app", "", ""},
};

static bool unpack(struct arena *a, const char *name)
{
    const char *archive = shared_path(a, arena_printf(a, "real/bundles/%s.tar.gz", name));
    if (access(archive, R_OK) != 0)
        return false;
    mkdir(PLACE, 0755);
    return system(arena_printf(a, "tar -xzf '%s' -C " PLACE, archive)) == 0;
}

/* Code that the table of members lists is found, with its hashes. */
static void check_members(struct arena *a, const struct code *c, struct bytes table)
{
    char *row[15];
    const char *archive = arena_printf(a, "bundles/%s.tar.gz", c->name);
    while (shared_row(a, &table, row, 15) >= 14)
        if (strcmp(row[0], archive) == 0 && strcmp(row[2], "macho") == 0)
            check_cdhashes(a, c, row[13],
                           &(const struct columns){row[4], row[5], row[7], row[8], row[9], row[10],
                                                   row[11], row[12]});
}

struct job {
    struct arena *a;
    size_t i;
};

static enum ds_status run_bundle(void *arg)
{
    struct job *job = arg;
    struct arena *a = job->a;
    struct bytes table;
    const char *name = bundles[job->i].name;
    if (!unpack(a, name) || !shared_read(a, "real/contents.tsv", &table))
        return DS_OK;
    const struct code *c = read_code(a, arena_printf(a, PLACE "/%s", name));
    ck_assert_msg(strcmp(first_id(c), bundles[job->i].first) == 0, "%s: first is %s", name,
                  first_id(c));
    ck_assert_int_eq(c->static_valid, *first_id(c) == '\0');
    if (c->outcome.first)
        ck_assert_str_eq(c->outcome.where->path,
                         arena_printf(a, "%s%s", name, bundles[job->i].where));
    check_members(a, c, table);
    return DS_OK;
}

START_TEST(bundle)
{
    struct job job = {arena_new(0), (size_t)_i};
    ck_assert_int_eq(arena_run(job.a, run_bundle, &job), DS_OK);
    arena_free(job.a);
}
END_TEST

static void clean(void)
{
    if (system("rm -rf " PLACE) != 0)
        ck_abort_msg("cannot remove " PLACE);
}

Suite *seal_real_suite(void)
{
    Suite *s = suite_create("seal_real");
    TCase *t = tcase_create("real");
    tcase_add_unchecked_fixture(t, NULL, clean);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, files);
    tcase_add_loop_test(t, bundle, 0, (int)(sizeof bundles / sizeof *bundles));
    suite_add_tcase(s, t);
    return s;
}
