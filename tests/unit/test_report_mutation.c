/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutations: what `show --coverage` says of a byte is tried. A bit changed in a byte that is sealed is refused, and for a
 * fault of the right kind; one that nothing protects changes no verdict; one of the form may do either, but never lets
 * other code pass. Bytes are sampled: the ends of each range and some between, the same ones every time.
 */
#include <stdio.h>

#include "base/buf.h"
#include "forge_text.h"
#include "format/archive.h"
#include "report/coverage_files.h"
#include "seal/profile.h"
#include "seal/ticket.h"
#include "shared_files.h"

Suite *report_mutation_suite(void);

struct subject {
    struct arena *a;
    struct fs *fs;
    const char *top;       /* the item that is judged */
    bool test_root;        /* it is forged */
    int64_t now;           /* when it is judged */
    unsigned samples;      /* bytes of each range */
    struct bytes file;     /* the file that is changed, its bytes ours */
    struct bytes identity; /* of the code as it was */
    size_t tried;
    void (*change)(struct subject *s, const char *name, struct bytes content);
    struct name_vec unprotected; /* files of a bundle, without the first slash */
    struct buf faults;           /* one line each */
};

/* -- the verdict */

/* What the signature is about. Nothing holds the directory of ad hoc code, so it may be about anything. */
static struct bytes identity_of(const struct code *c)
{
    if (c->package)
        return c->package->checksum;
    const struct signature *sig = code_signature(c);
    return sig && sig->primary && !sig->adhoc ? bytes_of(sig->primary->cdhash, 20)
                                              : bytes_of(NULL, 0);
}

/* The code at the top, read and validated as strictly as there is. */
static struct code *read_top(const struct subject *s, struct arena *a)
{
    struct code_options options = code_options_thorough();
    struct code_input in = {s->fs, s->top, path_base(s->top)};
    struct code *code = NULL;
    int error;
    options.allow_test_root = s->test_root;
    options.now = s->now;
    options.arch = "arm64";
    ck_assert_int_eq(code_read(a, &in, &options, &code, &error), DS_OK);
    if (!code)
        abort();
    return code;
}

static bool is_intact(const struct code *c)
{
    const struct signature *sig = code_signature(c);
    return c->static_valid && sig && sig->core_valid;
}

/* Findings that may be meant when bytes so called are changed, by the beginnings of their names. */
static const struct {
    const char *what;
    const char *findings[8];
} kinds[] = {
    {"code pages", {"CD-PAGE-HASH", "MACHO-", "FAT-", "CD-LIMIT", "SIG-"}},
    {"code directory", {"CD-", "SIG-", "CMS-", "INFO-", "SEAL-"}},
    {"CodeDirectory", {"CD-", "SIG-", "CMS-", "INFO-", "SEAL-"}},
    {"alternate", {"CD-", "SIG-", "CMS-", "INFO-", "SEAL-"}},
    {"gap", {"FAT-"}},
    {"CMS", {"CMS-", "CHAIN-", "TIMESTAMP-", "TEAM-", "SIG-", "PKG-"}},
    {"time stamp", {"CMS-", "CHAIN-", "TIMESTAMP-"}},
    {"data", {"CD-PAGE-HASH", "DMG-", "SIG-"}},
    {"trailer", {"CD-", "DMG-", "SIG-"}},
    {"table", {"PKG-"}},
    {"checksum", {"PKG-", "CMS-"}},
};

static bool starts_any(const char *name, const char *const *prefixes)
{
    for (size_t i = 0; i < 8 && prefixes[i]; i++)
        if (text_starts(name, prefixes[i]))
            return true;
    return false;
}

/* Some refusing finding of C is of a kind that fits WHAT. */
static bool is_right(const struct code *c, const char *what)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!text_starts(what, kinds[k].what))
            continue;
        for (size_t i = 0; i < c->findings->list.n; i++)
            if (c->findings->list.at[i]->severity >= SEVERITY_REFUSED &&
                starts_any(finding_row(c->findings->list.at[i]->id)->id, kinds[k].findings))
                return true;
        return false;
    }
    return true;
}

/* -- one byte */

static const char *names(const struct code *c)
{
    enum finding_id id = forge_refusal(c);
    return id == FINDING_NONE ? "accepted" : finding_row(id)->id;
}

/* What is wrong with what the coverage says; NULL when it holds. */
static const char *fault(const struct subject *s, const struct code *c, const struct range *r)
{
    const struct signature *sig = code_signature(c);
    bool gone = !sig || !sig->present; /* it is not even signed code any more */
    switch (r->guard) {
    case GUARD_SEALED:
        if (is_intact(c))
            return "can be changed";
        return gone || is_right(c, r->what) ? NULL : "is refused for another fault";
    case GUARD_NOTHING: return is_intact(c) ? NULL : "is looked at";
    case GUARD_FORM: break;
    }
    return is_intact(c) && !bytes_equal(identity_of(c), s->identity) ? "lets other code pass"
                                                                     : NULL;
}

static void judge(struct subject *s, const struct code *c, const struct range *r, uint64_t at)
{
    const char *what = fault(s, c, r);
    if (what)
        buf_printf(&s->faults, "byte %#llx of %s (%s) %s: %s\n", (unsigned long long)at, r->what,
                   r->by ? r->by : "-", what, names(c));
}

static void change(struct subject *s, const struct range *r, uint64_t at)
{
    struct arena *scratch = arena_child(s->a);
    uint8_t *byte = (uint8_t *)(uintptr_t)s->file.p + at, was = *byte;
    *byte ^= at % 2 ? 0x01 : 0x40;
    judge(s, read_top(s, scratch), r, at);
    *byte = was;
    arena_child_free(scratch);
    s->tried++;
}

/* A ticket is no part of what static validation looks at (appendix A.3). */
static bool is_elsewhere(const struct range *r)
{
    return text_starts(r->what, "ticket");
}

static void change_range(struct subject *s, const struct range *r)
{
    uint64_t before = UINT64_MAX;
    for (unsigned i = 0; i < s->samples && !is_elsewhere(r); i++) {
        uint64_t at = r->offset + (r->size - 1) * i / (s->samples - 1);
        if (at != before)
            change(s, r, at);
        before = at;
    }
}

/* -- one file */

/* PATH's bytes become ours. */
static void take_file(struct subject *s, const char *path)
{
    struct bytes file;
    struct node node;
    int error;
    ck_assert_int_eq(fs_map(s->fs, s->a, path, &file, &error), DS_OK);
    ck_assert_int_eq(fs_stat(s->fs, path, &node, &error), DS_OK);
    s->file = bytes_of(arena_copy(s->a, file.p, file.n), file.n);
    ck_assert_int_eq(fs_add_file(s->fs, path, node.mode, s->file), DS_OK);
}

static const char *main_file(struct arena *a, const struct code *c)
{
    const char *inside = c->executable ? path_relative(c->executable, c->path) : NULL;
    return inside ? path_join(a, c->fs_path, inside) : c->fs_path;
}

static void judge_length(struct subject *s, const char *path, struct bytes file, bool refused)
{
    struct arena *scratch = arena_child(s->a);
    ck_assert_int_eq(fs_add_file(s->fs, path, 0755, file), DS_OK);
    const struct code *c = read_top(s, scratch);
    if (is_intact(c) == refused)
        buf_printf(&s->faults, "%s as %zu bytes: %s\n", path, file.n, names(c));
    arena_child_free(scratch);
}

/* A byte more, a byte less: behind a package anything may follow, as tickets do. */
static void change_length(struct subject *s, const struct code *c)
{
    const char *path = main_file(s->a, c);
    uint8_t *longer = arena_alloc(s->a, s->file.n + 1);
    memcpy(longer, s->file.p, s->file.n);
    longer[s->file.n] = 0;
    judge_length(s, path, bytes_of(longer, s->file.n + 1), c->kind != CODE_PKG);
    if (c->kind != CODE_PKG)
        judge_length(s, path, bytes_of(longer, s->file.n - 1), true);
    ck_assert_int_eq(fs_add_file(s->fs, path, 0755, s->file), DS_OK);
}

/* Every range of the main file, the bytes of which sum up. */
static void change_code(struct subject *s, const struct code *c)
{
    struct coverage coverage;
    uint64_t sum = 0;
    s->identity = identity_of(c);
    take_file(s, main_file(s->a, c));
    coverage_of(s->a, c, s->file, &coverage);
    for (size_t i = 0; i < coverage.ranges.n; i++) {
        ck_assert(coverage.ranges.at[i].offset == sum);
        sum += coverage.ranges.at[i].size;
        change_range(s, &coverage.ranges.at[i]);
    }
    ck_assert(sum == s->file.n);
    change_length(s, c);
    ck_assert_uint_gt(s->tried, s->samples);
}

static void forge(struct forge_work *w, struct subject *s)
{
    forge_must_read(w);
    forge_must_build(w, 0);
    *s = (struct subject){.a = w->a,
                          .fs = w->out.fs,
                          .top = w->out.tops.at[0],
                          .test_root = true,
                          .now = w->out.signed_at,
                          .samples = 6,
                          .faults = {.arena = w->a}};
}

static void change_forged(struct forge_work *w)
{
    struct subject s;
    forge(w, &s);
    const struct code *c = read_top(&s, w->a);
    ck_assert_msg(is_intact(c), "%s: %s", w->text, names(c));
    change_code(&s, c);
    ck_assert_msg(s.faults.n == 0, "%s%s", w->text, buf_cstr(&s.faults));
}

#define SIGNERS                                                            \
    "signers:\n"                                                           \
    "  us: { kind: developer-id, team: TEAMID1234, name: Example Corp }\n" \
    "  bare: { kind: developer-id, timestamp: no }\n"                      \
    "  curve: { kind: developer-id, key: ec }\n"                           \
    "  pkg: { kind: developer-id-installer }\n"                            \
    "  other: { kind: third-party, name: Third }\n"                        \
    "code:\n  "

static const char *const items[] = {
    "tool: { signer: us, identifier: com.example.tool, entitlements: { a.b: true } }",
    "tool: { signer: bare }",
    "tool: { signer: curve }",
    "tool: { signer: other }",
    "tool: { signer: adhoc }",
    "tool: { signer: us, archs: [arm64, x86_64], hash-types: [sha1, sha256] }",
    "tool: { signer: us, hash-types: [sha1, sha256], cms: { cdhash-lists: none } }",
    "tool: { signer: us, constraints: { self: { team-identifier: T } } }",
    "A.app: { signer: us, identifier: com.example.a, info: { A: b } }",
    "D.dmg: { signer: us, contains: { A.app: {} } }",
    "P.pkg: { signer: pkg, contains: { A.app: { signer: us } } }",
};

START_TEST(bytes_of_code)
{
    char text[2048];
    snprintf(text, sizeof text, SIGNERS "%s\n", items[_i]);
    forge_work(text, change_forged);
}
END_TEST

/* -- real files, when they are there: those that are intact and small enough to be read some hundred times */

#define LARGEST (600u << 10)

static const char *const folders[] = {"real/macho", "real/dmg", "real/pkg"};

static void change_real(struct subject *s, const char *name, struct bytes content)
{
    struct arena *scratch = arena_child(s->a), *a = s->a;
    s->a = scratch;
    s->fs = fs_memory(scratch);
    s->top = arena_printf(scratch, "/%s", name);
    s->tried = 0;
    ck_assert_int_eq(fs_add_file(s->fs, s->top, 0755, content), DS_OK);
    const struct code *c = read_top(s, scratch);
    if (is_intact(c))
        change_code(s, c);
    s->a = a;
    arena_child_free(scratch);
}

static enum ds_status change_folder(void *arg)
{
    struct subject *s = arg;
    const char *folder = s->top;
    struct fs *disk = fs_disk(s->a);
    struct name_vec names = {0};
    struct bytes content;
    char real[4096];
    int error;
    if (!realpath(shared_path(s->a, folder), real) ||
        fs_list(disk, s->a, real, &names, &error) != DS_OK)
        return DS_OK;
    for (size_t i = 0; i < names.n; i++)
        if (shared_read(s->a, arena_printf(s->a, "%s/%s", folder, names.at[i]), &content) &&
            content.n <= LARGEST) {
            size_t before = s->faults.n;
            s->change(s, names.at[i], content);
            if (s->faults.n > before)
                buf_printf(&s->faults, "in %s\n", names.at[i]);
        }
    return DS_OK;
}

START_TEST(bytes_of_real_code)
{
    struct arena *a = arena_new(0);
    struct subject s = {.a = a, .top = folders[_i], .now = 1767225600, .samples = 3};
    s.faults.arena = a;
    s.change = change_real;
    ck_assert_int_eq(arena_run(a, change_folder, &s), DS_OK);
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
    arena_free(a);
}
END_TEST

/* -- messages that protect themselves */

typedef bool sound_function(struct arena *a, struct bytes file, bool test_root);

static bool profile_sound(struct arena *a, struct bytes file, bool test_root)
{
    struct profile p;
    profile_read(a, file, test_root, &p);
    return p.is_cms && p.signature_valid && p.anchor != ANCHOR_NONE && p.plist;
}

static bool ticket_sound(struct arena *a, struct bytes file, bool test_root)
{
    struct ticket_facts t;
    ticket_read(a, file, test_root, &t);
    return t.valid;
}

static void change_message_byte(struct subject *s, const struct range *r, uint64_t at,
                                sound_function *sound)
{
    struct arena *scratch = arena_child(s->a);
    uint8_t *byte = (uint8_t *)(uintptr_t)s->file.p + at, was = *byte;
    *byte ^= at % 2 ? 0x01 : 0x40;
    bool good = sound(scratch, s->file, s->test_root);
    if (r->guard == GUARD_SEALED ? good : r->guard == GUARD_NOTHING && !good)
        buf_printf(&s->faults, "byte %#llx of %s %s\n", (unsigned long long)at, r->what,
                   good ? "can be changed" : "is looked at");
    *byte = was;
    arena_child_free(scratch);
    s->tried++;
}

static void change_message(struct subject *s, struct bytes file, sound_function *sound)
{
    struct coverage coverage;
    s->file = bytes_of(arena_copy(s->a, file.p, file.n), file.n);
    if (!sound(s->a, s->file, s->test_root))
        return;
    ck_assert(coverage_of_message(s->a, s->file, &coverage));
    for (size_t i = 0; i < coverage.ranges.n; i++) {
        const struct range *r = &coverage.ranges.at[i];
        for (unsigned k = 0; k < s->samples; k++)
            change_message_byte(s, r, r->offset + (r->size - 1) * k / (s->samples - 1), sound);
    }
}

static void change_stapled(struct forge_work *w)
{
    static const struct {
        const char *path;
        sound_function *sound;
    } messages[] = {{"/A.app/Contents/embedded.provisionprofile", profile_sound},
                    {"/A.app/Contents/CodeResources", ticket_sound}};
    struct subject s;
    struct bytes file;
    int error;
    forge(w, &s);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(fs_map(s.fs, w->a, messages[i].path, &file, &error), DS_OK);
        change_message(&s, file, messages[i].sound);
        ck_assert_uint_gt(s.tried, s.samples);
        s.tried = 0;
    }
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
}

START_TEST(bytes_of_messages)
{
    forge_work(SIGNERS "A.app: { signer: us, identifier: com.example.a, ticket: stapled, "
                       "entitlements: { com.apple.developer.networking.networkextension: "
                       "[packet-tunnel-provider-systemextension] } }\n",
               change_stapled);
}
END_TEST

static enum ds_status change_real_messages(void *arg)
{
    static const struct {
        const char *name;
        sound_function *sound;
    } messages[] = {
        {"real/profiles/kdrive-developer-id.provisionprofile", profile_sound},
        {"real/profiles/fastlane-appstore-2015.mobileprovision", profile_sound},
        {"real/profiles/mcp-panel-appstore.provisionprofile", profile_sound},
        {"real/tickets/iterm2-Contents-CodeResources.ticket", ticket_sound},
    };
    struct subject *s = arg;
    struct bytes file;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (shared_read(s->a, messages[i].name, &file))
            change_message(s, file, messages[i].sound);
    return DS_OK;
}

START_TEST(bytes_of_real_messages)
{
    struct arena *a = arena_new(0);
    struct subject s = {.a = a, .samples = 5, .faults = {.arena = a}};
    ck_assert_int_eq(arena_run(a, change_real_messages, &s), DS_OK);
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
    arena_free(a);
}
END_TEST

/* -- a bundle: each file and link of it, removed, changed, led elsewhere; and something added beside it */

/* Files of C and of the code in it that the coverage says nothing protects. */
static void find_unprotected(const struct subject *s, const struct code *c, struct name_vec *out)
{
    struct file_coverage coverage;
    if (c->is_bundle)
        coverage_of_files(s->a, s->fs, c, &coverage);
    for (size_t i = 0; c->is_bundle && i < coverage.files.n; i++)
        if (!coverage.files.at[i].by)
            vec_push(s->a, out, coverage.files.at[i].path);
    for (size_t i = 0; i < c->child_count; i++)
        if (c->children[i]->reached)
            find_unprotected(s, c->children[i], out);
}

/* Tickets are looked at by others. */
static bool is_unsealed(const struct subject *s, const char *path)
{
    for (size_t i = 0; i < s->unprotected.n; i++)
        if (strcmp(s->unprotected.at[i], path + 1) == 0)
            return true;
    return strcmp(path, "/A.app/Contents/CodeResources") == 0;
}

static void expect(struct subject *s, const char *path, const char *what, bool refused)
{
    struct arena *scratch = arena_child(s->a);
    const struct code *c = read_top(s, scratch);
    if (is_intact(c) == refused)
        buf_printf(&s->faults, "%s %s: %s\n", path, what, names(c));
    arena_child_free(scratch);
    s->tried++;
}

/* Load commands of an image, which its first page holds, or the zeros behind a universal header. */
#define IN_THE_COMMANDS 0x40

static void change_content(struct subject *s, const char *path)
{
    take_file(s, path);
    if (s->file.n == 0)
        return;
    size_t at = s->file.n > 2 * IN_THE_COMMANDS ? IN_THE_COMMANDS : s->file.n / 2;
    uint8_t *byte = (uint8_t *)(uintptr_t)s->file.p + at;
    *byte ^= 1;
    expect(s, path, "changed", !is_unsealed(s, path));
    *byte ^= 1;
}

static void change_bundle_file(struct subject *s, const char *path, struct node node)
{
    struct bytes whole;
    int error;
    change_content(s, path);
    whole = s->file;
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
    expect(s, path, "removed", !is_unsealed(s, path));
    ck_assert_int_eq(fs_add_link(s->fs, path, "/usr/lib/dyld"), DS_OK);
    bool harmless = is_unsealed(s, path) && !text_ends(path, "/.DS_Store"); /* -67012 */
    expect(s, path, "replaced by a link", !harmless);
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
    ck_assert_int_eq(fs_add_file(s->fs, path, node.mode, whole), DS_OK);
    ck_assert_int_eq(fs_stat(s->fs, path, &node, &error), DS_OK);
}

/* Links at the top of a framework must lead right, but need not be there (§1.7). */
static bool is_shortcut(struct arena *a, const char *path)
{
    return text_ends(path_dir(a, path), ".framework");
}

static void change_bundle_link(struct subject *s, const char *path)
{
    char *target;
    int error;
    ck_assert_int_eq(fs_readlink(s->fs, s->a, path, &target, &error), DS_OK);
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
    expect(s, path, "removed", !is_shortcut(s->a, path));
    ck_assert_int_eq(fs_add_link(s->fs, path, "elsewhere"), DS_OK);
    expect(s, path, "led elsewhere", true);
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
    ck_assert_int_eq(fs_add_file(s->fs, path, 0644, bytes_str("a file")), DS_OK);
    expect(s, path, "replaced by a file", true);
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
    ck_assert_int_eq(fs_add_link(s->fs, path, target), DS_OK);
}

static void add_beside(struct subject *s, const char *dir)
{
    const char *path = path_join(s->a, dir, "added");
    ck_assert_int_eq(fs_add_file(s->fs, path, 0644, bytes_str("new")), DS_OK);
    expect(s, path, "added", true);
    ck_assert_int_eq(fs_remove(s->fs, path), DS_OK);
}

/* How one file of a bundle is tried. */
typedef void file_trial(struct subject *s, const char *path, struct node node);

static void change_tree(struct subject *s, const char *dir, file_trial *change_file)
{
    struct name_vec names = {0};
    struct node node;
    int error;
    ck_assert_int_eq(fs_list(s->fs, s->a, dir, &names, &error), DS_OK);
    add_beside(s, dir);
    for (size_t i = 0; i < names.n; i++) {
        const char *path = path_join(s->a, dir, names.at[i]);
        ck_assert_int_eq(fs_stat(s->fs, path, &node, &error), DS_OK);
        if (node.kind == NODE_DIR)
            change_tree(s, path, change_file);
        else if (node.kind == NODE_LINK)
            change_bundle_link(s, path);
        else
            change_file(s, path, node);
    }
}

static void change_bundle(struct forge_work *w)
{
    struct subject s;
    forge(w, &s);
    const struct code *c = read_top(&s, w->a);
    ck_assert_msg(is_intact(c), "%s", names(c));
    find_unprotected(&s, c, &s.unprotected);
    ck_assert_uint_ge(s.unprotected.n, 2); /* PkgInfo, .DS_Store */
    change_tree(&s, s.top, change_bundle_file);
    ck_assert(is_intact(read_top(&s, w->a)));
    ck_assert_uint_gt(s.tried, 60);
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
}

START_TEST(files_of_a_bundle)
{
    forge_work(SIGNERS "A.app:\n"
                       "    signer: us\n"
                       "    identifier: com.example.a\n"
                       "    ticket: stapled\n"
                       "    files:\n"
                       "      Contents/Resources/a.txt: { text: hello }\n"
                       "      Contents/PkgInfo: { text: APPLxxxx }\n"
                       "      Contents/Resources/.DS_Store: { text: x }\n"
                       "      Contents/Resources/link: { link: a.txt }\n"
                       "      Contents/Library/LaunchDaemons/x.plist: { plist: { Label: x } }\n"
                       "    contains:\n"
                       "      Contents/Frameworks/Kit.framework: { files: { "
                       "Versions/A/Resources/k: { text: k } } }\n"
                       "      Contents/MacOS/helper: { kind: tool }\n"
                       "      Contents/PlugIns/E.appex: { extension-point: a.b }\n"
                       "      Contents/XPCServices/X.xpc: {}\n",
               change_bundle);
}
END_TEST

/* -- real bundles: something changed in each file, something added to each folder */

#define MOST_FILES 60

static void count_files(const struct fs *fs, struct arena *a, const char *dir, size_t *n)
{
    struct name_vec names = {0};
    int error;
    ck_assert_int_eq(fs_list((struct fs *)(uintptr_t)fs, a, dir, &names, &error), DS_OK);
    for (size_t i = 0; i < names.n; i++) {
        const char *path = path_join(a, dir, names.at[i]);
        if (fs_is_dir((struct fs *)(uintptr_t)fs, path))
            count_files(fs, a, path, n);
        ++*n;
    }
}

/* Tickets, and parts of signatures, whose bytes are tried above. */
static bool is_own_signature(const char *path)
{
    return text_ends(path, "/Contents/CodeResources") ||
           (strstr(path, "/_CodeSignature/") && !text_ends(path, "/CodeResources"));
}

static void change_real_file(struct subject *s, const char *path, struct node node)
{
    (void)node;
    if (!is_unsealed(s, path) && !is_own_signature(path))
        change_content(s, path);
}

static void change_real_bundle(struct subject *s, const char *name, struct bytes content)
{
    struct arena *scratch = arena_child(s->a), *a = s->a;
    struct findings ignored = {.arena = scratch};
    struct name_vec tops = {0};
    uint64_t left = UINT64_C(1) << 28;
    size_t files = 0;
    int error;
    s->a = scratch;
    s->fs = fs_memory(scratch);
    struct unpacking u = {.a = scratch, .fs = s->fs, .dir = "/", .f = &ignored, .left = &left};
    ck_assert_msg(archive_unpack(&u, content), "%s", name);
    ck_assert_int_eq(fs_list(s->fs, scratch, "/", &tops, &error), DS_OK);
    s->top = path_join(scratch, "/", tops.at[0]);
    count_files(s->fs, scratch, "/", &files);
    const struct code *c = read_top(s, scratch);
    s->unprotected = (struct name_vec){0};
    find_unprotected(s, c, &s->unprotected);
    if (files <= MOST_FILES && is_intact(c))
        change_tree(s, s->top, change_real_file);
    s->a = a;
    arena_child_free(scratch);
}

START_TEST(files_of_real_bundles)
{
    struct arena *a = arena_new(0);
    struct subject s = {.a = a, .top = "real/bundles", .now = 1767225600};
    s.faults.arena = a;
    s.change = change_real_bundle;
    ck_assert_int_eq(arena_run(a, change_folder, &s), DS_OK);
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
    arena_free(a);
}
END_TEST

/* -- archives: nothing of a zip protects what is in it but the code's own signatures */

static const char *first_cdhash(struct arena *a, const struct code *c)
{
    if (identity_of(c).n)
        return bytes_hex(a, identity_of(c));
    for (size_t i = 0; i < c->child_count; i++)
        if (first_cdhash(a, c->children[i]))
            return first_cdhash(a, c->children[i]);
    return NULL;
}

static bool all_intact(const struct code *c)
{
    for (size_t i = 0; i < c->child_count; i++)
        if (!c->children[i]->static_valid)
            return false;
    return c->child_count != 0;
}

static void change_archive(struct forge_work *w)
{
    struct subject s;
    forge(w, &s);
    const struct code *c = read_top(&s, w->a);
    const char *cdhash = first_cdhash(w->a, c);
    ck_assert(all_intact(c) && cdhash);
    take_file(&s, s.top);
    for (size_t at = 0; at < s.file.n; at += 1 + s.file.n / 400) {
        struct arena *scratch = arena_child(w->a);
        uint8_t *byte = (uint8_t *)(uintptr_t)s.file.p + at;
        *byte ^= 0x10;
        c = read_top(&s, scratch);
        const char *now = all_intact(c) ? first_cdhash(scratch, c) : NULL;
        if (now && strcmp(now, cdhash) != 0)
            buf_printf(&s.faults, "byte %#zx lets other code pass\n", at);
        *byte ^= 0x10;
        arena_child_free(scratch);
    }
    ck_assert_msg(s.faults.n == 0, "%s", buf_cstr(&s.faults));
}

START_TEST(bytes_of_archives)
{
    forge_work(SIGNERS "A.zip: { contains: { A.app: { signer: us } } }\n", change_archive);
}
END_TEST

Suite *report_mutation_suite(void)
{
    Suite *s = suite_create("report_mutation");
    TCase *t = tcase_create("mutation");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, bytes_of_code, 0, sizeof items / sizeof *items);
    tcase_add_loop_test(t, bytes_of_real_code, 0, sizeof folders / sizeof *folders);
    tcase_add_test(t, bytes_of_messages);
    tcase_add_test(t, bytes_of_real_messages);
    tcase_add_test(t, files_of_a_bundle);
    tcase_add_test(t, files_of_real_bundles);
    tcase_add_test(t, bytes_of_archives);
    suite_add_tcase(s, t);
    return s;
}
