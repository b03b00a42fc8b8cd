/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Round trips: what the forge writes, the readers, which share no code with it, find valid; what it damages they refuse
 * for the damage; and the same case always gives the same bytes.
 */
#include <stdio.h>

#include "forge_text.h"

Suite *forge_round_suite(void);

#define SIGNERS                                                                          \
    "signers:\n"                                                                         \
    "  us: { kind: developer-id, team: TEAMID1234, name: Example Corp }\n"               \
    "  them: { kind: developer-id, team: OTHERTEAM1, name: Other Corp }\n"               \
    "  kext: { kind: developer-id-kext }\n"                                              \
    "  dev: { kind: apple-development, name: Jo Example }\n"                             \
    "  mac: { kind: mac-development }\n"                                                 \
    "  store: { kind: mac-app-store }\n"                                                 \
    "  upload: { kind: apple-distribution }\n"                                           \
    "  beta: { kind: testflight }\n"                                                     \
    "  house: { kind: enterprise }\n"                                                    \
    "  apple: { kind: apple }\n"                                                         \
    "  other: { kind: third-party, name: Third }\n"                                      \
    "  self: { kind: self-signed, name: Self }\n"                                        \
    "  curve: { kind: developer-id, key: ec, timestamp: no }\n"                          \
    "  g3: { kind: developer-id, root: apple-g3 }\n"                                     \
    "  own: { kind: developer-id, root: own, team: TEAMID1234 }\n"                       \
    "profiles:\n  p: { kind: developer-id }\n"                                           \
    "  q: { kind: development, devices: [A], der: no, name: Q, platform: [OSX, iOS] }\n" \
    "code:\n"

/* One item each; every one must be valid in every respect. */
static const char *const valid[] = {
    "tool: { signer: us, identifier: com.example.tool }",
    "tool: { signer: adhoc }",
    "tool: { signer: linker }",
    "tool: { signer: us, archs: [arm64, x86_64], hash-types: [sha1, sha256] }",
    "tool: { signer: us, archs: [x86_64], minos: \"10.9\", sdk: \"10.12\" }",
    "tool: { signer: us, hash-types: [sha384, sha256-truncated] }",
    "tool: { signer: us, page-size: 4096, cd-version: 0x20400 }",
    "tool: { signer: us, info-section: { CFBundleIdentifier: a.b }, launchd-section: { L: x } "
    "}",
    "tool: { signer: us, requirements: 'host => anchor apple library => always' }",
    "tool: { signer: us, constraints: { self: { team-identifier: T }, library: { a: { $in: [1] "
    "} } "
    "} }",
    "tool: { signer: us, cms: { cdhash-lists: none }, flags: [library-validation, kill] }",
    "run.sh: { signer: us }",
    "note.txt: { signer: us, text: signed }",
    "A.app: { signer: us, contains: { Contents/MacOS/a.json: { kind: data, signer: us } } }",
    "lib.dylib: { signer: us }",
    "A.bundle: { signer: us }",
    "A.plugin: { signer: us, principal-class: P }",
    "A.kext: { signer: kext }",
    "A.xpc: { signer: us }",
    "A.dext: { signer: us, entitlements: { com.apple.developer.driverkit: true } }",
    "A.appex: { signer: us, extension-point: a.b, principal-class: C, classes: [C] }",
    "a.b.systemextension: { signer: us }",
    "Kit.framework: { signer: us, files: { Versions/A/Resources/a: { text: x } },"
    " contains: { Versions/A/XPCServices/S.xpc: {} } }",
    "A.app: { signer: us, seal: default, ticket: stapled }",
    "A.app: { signer: dev, entitlements: { com.apple.developer.x: 1 } }",
    "A.app: { signer: mac, profile: q }",
    "A.app: { signer: store, entitlements: { com.apple.developer.x: 1 } }",
    "A.app: { signer: upload, entitlements: { keychain-access-groups: [a] } }",
    "A.app: { signer: beta }",
    "A.app: { signer: house, platform: ios }",
    "A.app: { signer: apple }",
    "A.app: { signer: other }",
    "A.app: { signer: self }",
    "A.app: { signer: curve }",
    "A.app: { signer: g3 }",
    "A.app: { signer: own }",
    "A.app: { signer: adhoc, hardened-runtime: yes }",
    "A.app: { signer: us, platform: catalyst, profile: p }",
    "A.app: { signer: dev, platform: ios, files: { a.txt: { text: a } },"
    " contains: { Frameworks/K.framework: {}, PlugIns/P.appex: { extension-point: x } } }",
    "A.app: { signer: us, archs: [arm64, x86_64], files: { Contents/Resources/a: { size: 5000 "
    "},"
    " Contents/Resources/en.lproj/b: { hex: \"00\" }, Contents/Resources/l: { link: a },"
    " Contents/Library/LaunchAgents/x.plist: { plist: { Label: x } } }, contains: {"
    " Contents/MacOS/helper: { signer: adhoc }, Contents/MacOS/h.sh: {},"
    " Contents/Frameworks/l.dylib: { hash-types: [sha1, sha384] },"
    " Contents/Frameworks/Kit.framework: { signer: them },"
    " Contents/PlugIns/A.appex: { extension-point: c }, Contents/XPCServices/A.xpc: {},"
    " Contents/Resources/d.zip: { contains: { B.app: {} } }, Contents/Resources/e: { kind: "
    "data },"
    " Contents/Library/SystemExtensions/a.b.systemextension: {},"
    " Contents/Library/LoginItems/A.app: {} } }",
    "a.dmg: { signer: us, ticket: stapled, contains: { A.app: {} } }",
    "a.dmg: { signer: adhoc }",
    "tool: { signer: us, archs: [i386, armv7, arm64_32, arm64e, x86_64h], imports: [_a] }",
    "A.bundle: { signer: us, executable: none, hash-types: [sha1, sha256],"
    " files: { Contents/Resources/a: { text: a } } }",
    "A.app: { signer: us, contains: { Contents/PlugIns/B.bundle: { executable: none } } }",
};

static void must_be_valid(struct forge_work *w)
{
    forge_must_read(w);
    forge_must_build(w, 0);
    struct code *code = forge_code(w, 0);
    enum finding_id id = forge_refusal(code);

    ck_assert_msg(id == FINDING_NONE, "%s: %s", w->text, finding_row(id)->id);
    ck_assert(code->static_valid);
}

START_TEST(forged_code_is_valid)
{
    char text[8192];

    snprintf(text, sizeof text, "%s  %s\n", SIGNERS, valid[_i]);
    forge_work(text, must_be_valid);
}
END_TEST

#define APP                                                                                       \
    "  A.app: { signer: us, archs: [arm64, x86_64], hash-types: [sha1, sha256],"                  \
    " entitlements: { com.apple.developer.x: true }, files: { Contents/Resources/a: { text: a }," \
    " Contents/Resources/b: { link: a } }, contains: { Contents/Frameworks/K.framework: {} } }\n" \
    "  t: { signer: us, archs: [arm64] }\n  u: { signer: us, archs: [x86_64] }\n"                 \
    "after-signing:\n  - "

static const struct {
    const char *step;
    enum finding_id first; /* FINDING_NONE: still valid */
    unsigned item;         /* which top-level item is looked at */
} damage[] = {
    {"flip: { path: A.app, page: 1 }", FINDING_CD_PAGE_HASH, 0},
    {"flip: { path: A.app, page: 3, arch: x86_64 }", FINDING_CD_PAGE_HASH, 0},
    {"flip: { path: t, at: 0x4100, mask: 0x80 }", FINDING_CD_PAGE_HASH, 1},
    {"flip: { path: t, slot: requirements }", FINDING_CD_SPECIAL_SLOT, 1},
    {"flip: { path: A.app, slot: entitlements }", FINDING_CD_SPECIAL_SLOT, 0},
    {"flip: { path: A.app, slot: entitlements-der }", FINDING_CD_SPECIAL_SLOT, 0},
    {"flip: { path: t, field: codeLimit, set: 0 }", FINDING_CD_FORMAT, 1},
    {"flip: { path: t, field: identifier }", FINDING_CMS_DIGEST_MISMATCH, 1},
    {"drop-slot: { path: A.app, slot: 0x1000 }", FINDING_CMS_CDHASHES, 0},
    {"drop-slot: { path: t, slot: cms }", FINDING_SIG_NO_CMS, 1},
    {"append: { path: t, text: x }", FINDING_MACHO_STRICT, 1},
    {"truncate: { path: t, to: -16 }", FINDING_MACHO_STRICT, 1},
    {"add: { path: A.app/Contents/Resources/x, text: x }", FINDING_SEAL_RESOURCE_ADDED, 0},
    {"change: { path: A.app/Contents/Resources/a, text: x }", FINDING_SEAL_RESOURCE_MODIFIED, 0},
    {"remove: A.app/Contents/Resources/b", FINDING_SEAL_RESOURCE_MISSING, 0},
    {"link: { path: A.app/Contents/Resources/b, to: ./a }", FINDING_SEAL_RESOURCE_MODIFIED, 0},
    {"unlink-to-copy: A.app/Contents/Resources/b", FINDING_SEAL_RESOURCE_MODIFIED, 0},
    {"flip: { path: A.app, slot: info }", FINDING_INFO_PLIST_MODIFIED, 0},
    {"flip: { path: A.app, slot: resources }", FINDING_SEAL_DIRECTORY_MODIFIED, 0},
    {"replace-info: { path: A.app, CFBundleVersion: \"2\" }", FINDING_INFO_PLIST_MODIFIED, 0},
    {"edit-profile: { path: A.app, Name: other }", FINDING_SEAL_RESOURCE_MODIFIED, 0},
    {"rename: { from: A.app, to: B.app }", FINDING_NONE, 0},
    {"mode: { path: A.app/Contents/Resources/a, mode: 0755 }", FINDING_NONE, 0},
    {"resign: { path: A.app, signer: adhoc }", FINDING_NONE, 0},
    {"resign: { path: A.app/Contents/Frameworks/K.framework, signer: them }", FINDING_NONE, 0},
    {"resign: { path: A.app/Contents/Frameworks/K.framework, signer: them, keep-outer: yes }",
     FINDING_NESTED_REQUIREMENT, 0},
    {"lipo: { path: t, from: u }", FINDING_NONE, 1},
};

static size_t which;

static void must_be_refused(struct forge_work *w)
{
    forge_must_read(w);
    forge_must_build(w, 0);
    enum finding_id id = forge_refusal(forge_code(w, damage[which].item));

    ck_assert_msg(id == damage[which].first, "%s: %s", damage[which].step,
                  id == FINDING_NONE ? "valid" : finding_row(id)->id);
}

START_TEST(damage_is_found)
{
    char text[8192];

    which = (size_t)_i;
    snprintf(text, sizeof text, "%s%s%s\n", SIGNERS, APP, damage[_i].step);
    forge_work(text, must_be_refused);
}
END_TEST

/* Everything below PATH of both file systems is the same. */
static void must_equal(struct forge_work *w, struct fs *one, struct fs *two, const char *path)
{
    struct name_vec a = {0}, b = {0};
    struct node node;
    struct bytes x = {0}, y = {0};
    int error;

    ck_assert_int_eq(fs_stat(one, path, &node, &error), DS_OK);
    if (node.kind == NODE_FILE) {
        ck_assert_int_eq(fs_map(one, w->a, path, &x, &error), DS_OK);
        ck_assert_int_eq(fs_map(two, w->a, path, &y, &error), DS_OK);
        ck_assert_msg(bytes_equal(x, y), "%s differs", path);
    }
    if (node.kind != NODE_DIR)
        return;
    ck_assert_int_eq(fs_list(one, w->a, path, &a, &error), DS_OK);
    ck_assert_int_eq(fs_list(two, w->a, path, &b, &error), DS_OK);
    ck_assert_uint_eq(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        must_equal(w, one, two, path_join(w->a, path, a.at[i]));
}

static void must_repeat(struct forge_work *w)
{
    struct fs *first;

    forge_must_read(w);
    forge_must_build(w, 0);
    first = w->out.fs;
    forge_must_build(w, 0);
    must_equal(w, first, w->out.fs, "/");
}

START_TEST(same_case_same_bytes)
{
    forge_work(SIGNERS "  A.app: { signer: curve, entitlements: { com.apple.developer.x: 1 } }\n"
                       "  b.pkg: { contains: { A.app: { signer: us, ticket: stapled } } }\n",
               must_repeat);
}
END_TEST

/* One build in which the N-th allocation fails, in an arena of its own. */
static enum ds_status build_starved(void *arg)
{
    struct forge_work *w = arg;

    return forge_build(w->a, w->file.variants.at[0].doc, &w->out, &w->error);
}

static void starve(struct forge_work *w)
{
    enum ds_status status = DS_NOMEM;

    forge_must_read(w);
    for (size_t n = 1; n < 40000 && status != DS_OK; n = n * 4 / 3 + 1) {
        struct forge_work one = {.a = arena_child(w->a), .file = w->file};

        arena_fail_after(w->a, n);
        status = arena_run(w->a, build_starved, &one);
        arena_fail_after(w->a, 0);
        ck_assert_msg(status == DS_NOMEM || status == DS_OK, "allocation %zu: %d", n, status);
        arena_child_free(one.a);
    }
}

START_TEST(allocations_may_fail)
{
    forge_work(SIGNERS "  A.app: { signer: curve, entitlements: { com.apple.developer.x: 1 },"
                       " contains: { Contents/MacOS/a.sh: {} } }\n"
                       "  b.pkg: { contains: { t: { signer: us } } }\n"
                       "after-signing:\n  - resign: { path: A.app, signer: us }\n",
               starve);
}
END_TEST

Suite *forge_round_suite(void)
{
    Suite *suite = suite_create("forge_round");
    TCase *tc = tcase_create("forge_round");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, forged_code_is_valid, 0, sizeof valid / sizeof *valid);
    tcase_add_loop_test(tc, damage_is_found, 0, sizeof damage / sizeof *damage);
    tcase_add_test(tc, same_case_same_bytes);
    tcase_add_test(tc, allocations_may_fail);
    suite_add_tcase(suite, tc);
    return suite;
}
