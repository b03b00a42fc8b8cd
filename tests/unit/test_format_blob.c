/* SPDX-License-Identifier: Apache-2.0 */
/* SuperBlobs, detached signatures and CodeDirectories: every rule of static-validation.md §3 and §4.3. */
#include <check.h>

#include "blob_bytes.h"
#include "format/codedir.h"
#include "format/macho.h"
#include "format/superblob.h"
#include "in_arena.h"
#include "shared_files.h"

Suite *format_blob_suite(void);

static const struct place here = {.path = "x", .slot = PLACE_NONE, .offset = 0x1000};

/* -- SuperBlob ------------------------------------------------------------------------------------------ */

static struct buf sample(struct arena *a)
{
    struct buf cd = codedir_bytes(a, 2, 32), cms = blob_bytes(a, BLOB_WRAPPER, bytes_str("cms")),
               ent = blob_bytes(a, BLOB_ENTITLEMENTS, bytes_str("<plist/>")),
               bad = blob_bytes(a, 0x12345678, bytes_str("x"));
    struct blob_part parts[] = {
        {0, buf_bytes(&cd)},       {5, buf_bytes(&ent)}, {2, {NULL, 0}},
        {2, buf_bytes(&bad)},      {4, buf_bytes(&bad)}, {0x10000, buf_bytes(&cms)},
        {0x9999, buf_bytes(&bad)}, {5, buf_bytes(&bad)}};
    return superblob_bytes(a, BLOB_SIGNATURE, parts, 8);
}

static enum ds_status lookups(void *arg)
{
    struct arena *a = arg;
    struct findings f = {.arena = a};
    struct superblob s;
    struct bytes content;
    struct buf b = sample(a);
    buf_str(&b, "padding");
    ck_assert(superblob_parse(flush(a, buf_bytes(&b)), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_uint_eq(s.blob.n, b.n - 7);
    ck_assert_int_eq(superblob_component(&s, 0, &f, here, &content), COMPONENT_PRESENT);
    ck_assert_uint_eq(blob_magic(content), BLOB_CODE_DIRECTORY);
    ck_assert_int_eq(superblob_component(&s, 5, &f, here, &content), COMPONENT_PRESENT);
    ck_assert(bytes_is(blob_payload(content), "<plist/>"));
    ck_assert_int_eq(superblob_component(&s, 2, &f, here, &content),
                     COMPONENT_ABSENT); /* the first entry wins */
    ck_assert_int_eq(superblob_component(&s, 7, &f, here, &content), COMPONENT_ABSENT);
    ck_assert_int_eq(superblob_component(&s, 0x10000, &f, here, &content), COMPONENT_PRESENT);
    ck_assert(bytes_is(content, "cms"));
    ck_assert_uint_eq(f.list.n, 0);
    ck_assert_int_eq(superblob_component(&s, 4, &f, here, &content), COMPONENT_BROKEN);
    ck_assert_int_eq(findings_find(&f, FINDING_SIG_SLOT_WRAPPER)->place.slot, 4);
    ck_assert_str_eq(slot_title(a, 7), "DER entitlements");
    ck_assert_str_eq(slot_title(a, 0x77), "slot 0x77");
    ck_assert_str_eq(slot_component(0x1000), "CodeRequirements-1");
    ck_assert_ptr_null(slot_component(0x10002));
    ck_assert_ptr_null(slot_component(0x77));
    return DS_OK;
}

ARENA_TEST(slots_are_looked_up, lookups)

static const struct {
    const char *what;
    size_t at;
    uint32_t value;
    enum finding_id finding;
} superblob_rows[] = {
    {"magic", 0, BLOB_DETACHED, FINDING_SIG_FORMAT},
    {"length beyond the area", 4, 0x7fffffff, FINDING_SIG_FORMAT},
    {"length below 12", 4, 11, FINDING_SIG_FORMAT},
    {"length cuts the last blob", 4, 0x60, FINDING_SIG_FORMAT},
    {"count too large", 8, 0x7fffffff, FINDING_SIG_FORMAT},
    {"index wraps", 8, 0x20000000, FINDING_SIG_FORMAT},
    {"blob inside the index", 16, 12, FINDING_SIG_FORMAT},
    {"blob beyond the end", 16, 0xfffffff0, FINDING_SIG_FORMAT},
    {"absent blob", 16, 0, FINDING_NONE},
    {"blob length", 12 + 64 + 4, 0xffffffff, FINDING_SIG_FORMAT},
    {"blob shorter than its header", 12 + 64 + 4, 7, FINDING_SIG_FORMAT},
};

static enum ds_status superblobs(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof superblob_rows / sizeof *superblob_rows; i++) {
        struct findings f = {.arena = a};
        struct superblob s;
        struct buf b = sample(a);
        poke(&b, superblob_rows[i].at, 4, superblob_rows[i].value);
        bool good = superblob_parse(flush(a, buf_bytes(&b)), BLOB_SIGNATURE, &f, here, &s);
        ck_assert_msg(good == (superblob_rows[i].finding == FINDING_NONE), "%s",
                      superblob_rows[i].what);
        ck_assert_msg(good || f.list.at[0]->id == superblob_rows[i].finding, "%s",
                      superblob_rows[i].what);
    }
    /* More entries than this program keeps. */
    struct findings f = {.arena = a};
    struct superblob s;
    struct blob_part *parts = arena_array(a, 5000, struct blob_part);
    struct buf b = superblob_bytes(a, BLOB_SIGNATURE, parts, 5000);
    ck_assert(!superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert(findings_find(&f, FINDING_INPUT_LIMIT));
    return DS_OK;
}

ARENA_TEST(superblobs_are_checked, superblobs)

static enum ds_status strict(void *arg)
{
    struct arena *a = arg;
    struct findings f = {.arena = a};
    struct superblob s;
    struct buf x = blob_bytes(a, BLOB_WRAPPER, bytes_str("x")),
               y = blob_bytes(a, BLOB_WRAPPER, bytes_str("yy"));
    struct blob_part parts[] = {{2, buf_bytes(&x)}, {0, buf_bytes(&y)}};
    struct buf b = superblob_bytes(a, BLOB_SIGNATURE, parts, 2);
    ck_assert(superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_ptr_null(superblob_strict_fault(a, &s));
    buf_str(&b, "!");
    buf_set_be32(&b, 4, (uint32_t)b.n);
    ck_assert(superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_str_eq(superblob_strict_fault(a, &s), "bytes follow the last blob");
    parts[1].blob = (struct bytes){NULL, 0};
    b = superblob_bytes(a, BLOB_SIGNATURE, parts, 2);
    ck_assert(superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_ptr_nonnull(superblob_strict_fault(a, &s));
    b = superblob_bytes(a, BLOB_SIGNATURE, parts, 1);
    poke(&b, 24, 4, 8); /* a blob of 8 bytes leaves one behind it */
    ck_assert(superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_ptr_nonnull(superblob_strict_fault(a, &s));
    b = superblob_bytes(a, BLOB_SIGNATURE, parts, 0);
    ck_assert(superblob_parse(buf_bytes(&b), BLOB_SIGNATURE, &f, here, &s));
    ck_assert_ptr_null(superblob_strict_fault(a, &s));
    return DS_OK;
}

ARENA_TEST(disk_images_are_strict, strict)

static enum ds_status detached(void *arg)
{
    struct arena *a = arg;
    struct findings f = {.arena = a};
    struct detached d;
    struct bytes content;
    struct buf x = blob_bytes(a, BLOB_WRAPPER, bytes_str("arm")),
               y = blob_bytes(a, BLOB_WRAPPER, bytes_str("all"));
    struct blob_part arm = {0x10000, buf_bytes(&x)},
                     global[] = {{0x10000, buf_bytes(&y)}, {0x10001, buf_bytes(&y)}};
    struct buf one = superblob_bytes(a, BLOB_SIGNATURE, &arm, 1),
               all = superblob_bytes(a, BLOB_SIGNATURE, global, 2);
    struct blob_part parts[] = {{CPU_ARM64, buf_bytes(&one)}, {0, buf_bytes(&all)}};
    struct buf file = superblob_bytes(a, BLOB_DETACHED, parts, 2);
    ck_assert(detached_parse(flush(a, buf_bytes(&file)), CPU_ARM64, &f, here, &d));
    ck_assert_int_eq(detached_component(&d, 0x10000, &f, here, &content), COMPONENT_PRESENT);
    ck_assert(bytes_is(content, "arm"));
    ck_assert_int_eq(detached_component(&d, 0x10001, &f, here, &content), COMPONENT_PRESENT);
    ck_assert(bytes_is(content, "all"));
    ck_assert_int_eq(detached_component(&d, 5, &f, here, &content), COMPONENT_ABSENT);
    ck_assert_uint_eq(f.list.n, 0);
    ck_assert(!detached_parse(buf_bytes(&file), CPU_X86_64, &f, here, &d));
    ck_assert(!detached_parse(buf_bytes(&file), 0, &f, here, &d));
    ck_assert(!detached_parse(bytes_of(file.p, 20), CPU_ARM64, &f, here, &d));
    ck_assert(!detached_parse(bytes_of(all.p, 20), CPU_ARM64, &f, here, &d));
    ck_assert(!detached_parse(bytes_str("neither"), CPU_ARM64, &f, here, &d));
    ck_assert(detached_parse(buf_bytes(&all), 0, &f, here, &d) && !d.has_arch);
    parts[1].type = 9;
    file = superblob_bytes(a, BLOB_DETACHED, parts, 2);
    ck_assert(!detached_parse(buf_bytes(&file), CPU_ARM64, &f, here, &d));
    parts[0].blob = buf_bytes(&x);
    file = superblob_bytes(a, BLOB_DETACHED, parts, 2);
    ck_assert(!detached_parse(buf_bytes(&file), CPU_ARM64, &f, here, &d));
    for (size_t i = 0; i < f.list.n; i++)
        ck_assert_int_eq(f.list.at[i]->id, FINDING_SIG_DETACHED);
    return DS_OK;
}

ARENA_TEST(detached_signatures, detached)

/* -- CodeDirectory -------------------------------------------------------------------------------------- */

static enum ds_status directory(void *arg)
{
    struct arena *a = arg;
    struct findings f = {.arena = a};
    struct codedir cd;
    struct codedir_scatter_vec scatter = {0};
    struct buf b = codedir_bytes(a, 2, 32);
    uint8_t page[32];
    ck_assert(codedir_parse(flush(a, buf_bytes(&b)), 0, &f, here, &cd));
    ck_assert_str_eq(cd.identifier, "com.example.id");
    ck_assert_str_eq(cd.team, "TEAM123456");
    ck_assert_uint_eq(cd.version, 0x20500);
    ck_assert_uint_eq(cd.code_limit, 0x1800);
    ck_assert_uint_eq(cd.exec_seg_limit, 0x4000);
    ck_assert_uint_eq(cd.exec_seg_flags, 0x11);
    ck_assert_uint_eq(cd.runtime, 0x0d0100);
    ck_assert_uint_eq(cd.cdhash_full_size, 32);
    ck_assert(memcmp(cd.cdhash, cd.cdhash_full, 20) == 0 && !bytes_zero(bytes_of(cd.cdhash, 20)));
    ck_assert_uint_eq(codedir_special(&cd, 7).p[0], 1);
    ck_assert_uint_eq(codedir_special(&cd, 1).p[31], 7);
    ck_assert_uint_eq(codedir_page(&cd, 1).p[0], 9);
    ck_assert(codedir_binds(&cd, 1) && !codedir_binds(&cd, 3) && !codedir_binds(&cd, 8));
    ck_assert_uint_eq(codedir_special(&cd, 0).n, 0);
    ck_assert_uint_eq(codedir_page(&cd, 2).n, 0);
    ck_assert_uint_eq(codedir_pre_encrypt(&cd, 1).n, 32);
    ck_assert_uint_eq(codedir_pre_encrypt(&cd, 2).n, 0);
    memset(page, 9, sizeof page);
    ck_assert(codedir_matches(&cd, 1, bytes_of(page, 32)) &&
              !codedir_matches(&cd, 0, bytes_of(page, 32)));
    ck_assert(codedir_matches(&cd, 1, bytes_of(page, 20)) &&
              !codedir_matches(&cd, 2, bytes_of(page, 20)));
    memset(page, 1, sizeof page);
    ck_assert(codedir_matches(&cd, -7, bytes_of(page, 32)) &&
              !codedir_matches(&cd, -8, bytes_of(page, 32)));
    codedir_scatters(a, &cd, &scatter);
    ck_assert(scatter.n == 1 && scatter.at[0].base == 5 && scatter.at[0].target_offset == 0x4000);
    ck_assert_str_eq(codedir_flags_text(a, cd.flags), "0x10000(runtime)");
    ck_assert_str_eq(codedir_flags_text(a, 0), "0x0(none)");
    ck_assert_str_eq(codedir_flags_text(a, 0x20006), "0x20006(adhoc,linker-signed,??"
                                                     "?)");
    bool settable = true;
    ck_assert_uint_eq(codedir_flag("adhoc", &settable), 2);
    ck_assert(!settable && codedir_flag("nothing", NULL) == 0);
    ck_assert_str_eq(codedir_exec_flags_text(a, 0x21), "main binary, debugger");
    ck_assert_str_eq(codedir_exec_flags_text(a, 0x1002), "0x1002");
    ck_assert_str_eq(codedir_exec_flags_text(a, 0), "none");
    return DS_OK;
}

ARENA_TEST(directory_fields, directory)

/* Layout of codedir_bytes with SHA-256. */
enum { IDENT = 96, TEAM = 111, PRE = 122, SCATTER = 186, SLOTS = 234, HASHES = 458, LENGTH = 522 };

static const struct {
    const char *what;
    size_t at, n;
    uint64_t value;
    enum finding_id finding;
} codedir_rows[] = {
    {"magic", 0, 4, 0xfade0c01, FINDING_CD_FORMAT},
    {"length", 4, 4, LENGTH - 1, FINDING_CD_FORMAT},
    {"version too old", 8, 4, 0x20000, FINDING_CD_VERSION},
    {"version too new", 8, 4, 0x2f001, FINDING_CD_VERSION},
    {"newest version", 8, 4, 0x2f000, FINDING_NONE},
    {"oldest version", 8, 4, 0x20001, FINDING_NONE},
    {"between versions", 8, 4, 0x20123, FINDING_NONE},
    {"identifier beyond", 20, 4, LENGTH, FINDING_CD_FORMAT},
    {"identifier without end", 20, 4, LENGTH - 4, FINDING_CD_FORMAT},
    {"identifier at 0", 20, 4, 0, FINDING_NONE}, /* the kernel's rule, not this one's */
    {"team beyond", 48, 4, 0xffffffff, FINDING_CD_FORMAT},
    {"no team", 48, 4, 0, FINDING_NONE},
    {"hashes end one late", 16, 4, HASHES + 1, FINDING_CD_FORMAT},
    {"hashes anywhere", 16, 4, HASHES - 1, FINDING_NONE},
    {"hashes begin too early", 16, 4, 7 * 32 + 7, FINDING_CD_FORMAT},
    {"hashes begin at 8", 16, 4, 7 * 32 + 8, FINDING_NONE},
    {"special slots", 24, 4, 0xffffffff, FINDING_CD_FORMAT},
    {"special slots to byte 8", 24, 4, 14, FINDING_NONE},
    {"special slots to byte -22", 24, 4, 15, FINDING_CD_FORMAT},
    {"code slots", 28, 4, 3, FINDING_CD_FORMAT},
    {"code slots fewer", 28, 4, 1, FINDING_CD_FORMAT},
    {"no hash size", 36, 1, 0, FINDING_NONE}, /* only a stride */
    {"large hash size", 36, 1, 255, FINDING_CD_FORMAT},
    {"pre-encryption beyond", 92, 4, LENGTH - 63, FINDING_CD_FORMAT},
    {"pre-encryption at the end", 92, 4, LENGTH - 64, FINDING_NONE},
    {"scatter beyond", 44, 4, LENGTH - 23, FINDING_CD_FORMAT},
    {"scatter empty", 44, 4, SCATTER + 24, FINDING_CD_FORMAT},
    {"scatter covers too much", SCATTER, 4, 3, FINDING_CD_FORMAT},
    {"no scatter", 44, 4, 0, FINDING_NONE},
    {"limit 0", 32, 4, 0, FINDING_CD_FORMAT},
    {"limit one page more", 32, 4, 0x2001, FINDING_CD_FORMAT},
    {"limit a whole page", 32, 4, 0x2000, FINDING_NONE},
    {"limit in 64 bits", 56, 8, 0x100000000, FINDING_CD_FORMAT},
    {"limit in 64 bits wins", 56, 8, 0x1234, FINDING_NONE},
    {"page size 64", 39, 1, 64, FINDING_CD_FORMAT},
    {"unlimited page with two slots", 39, 1, 0, FINDING_CD_FORMAT},
    {"unusable digest", 37, 1, 5, FINDING_NONE}, /* the choice among directories refuses it */
};

static enum ds_status rules(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof codedir_rows / sizeof *codedir_rows; i++) {
        struct findings f = {.arena = a};
        struct codedir cd;
        struct buf b = codedir_bytes(a, 2, 32);
        ck_assert_uint_eq(b.n, LENGTH);
        poke(&b, codedir_rows[i].at, codedir_rows[i].n, codedir_rows[i].value);
        bool good = codedir_parse(flush(a, buf_bytes(&b)), 0x1000, &f, here, &cd);
        ck_assert_msg(good == (codedir_rows[i].finding == FINDING_NONE), "%s: %s",
                      codedir_rows[i].what, good ? "" : f.list.at[0]->detail);
        ck_assert_msg(good || (f.list.n == 1 && f.list.at[0]->id == codedir_rows[i].finding), "%s",
                      codedir_rows[i].what);
    }
    /* One page or none without a page size. */
    struct findings f = {.arena = a};
    struct codedir cd;
    struct buf b = codedir_bytes(a, 1, 20);
    poke(&b, 39, 1, 0), poke(&b, 28, 4, 1), poke(&b, 44, 4, 0);
    ck_assert(codedir_parse(buf_bytes(&b), 0, &f, here, &cd));
    poke(&b, 28, 4, 0), poke(&b, 32, 4, 0);
    ck_assert(codedir_parse(buf_bytes(&b), 0, &f, here, &cd));
    ck_assert(!codedir_parse(bytes_of(b.p, 95), 0, &f, here, &cd));
    return DS_OK;
}

ARENA_TEST(directory_rules, rules)

static enum ds_status hostile(void *arg)
{
    static const uint32_t values[] = {0, 1, 0x7fffffff, 0xffffffff};
    struct arena *a = arg;
    struct buf b = codedir_bytes(a, 3, 20);
    for (size_t n = 0; n < b.n; n += 7) {
        struct arena *each = arena_child(a);
        struct findings f = {.arena = each};
        struct codedir cd;
        ck_assert(!codedir_parse(flush(each, bytes_of(b.p, n)), 0, &f, here, &cd) && f.list.n == 1);
        arena_child_free(each);
    }
    for (size_t i = 0; i < 4 * b.n; i++) {
        struct arena *each = arena_child(a);
        struct findings f = {.arena = each};
        struct codedir cd;
        struct codedir_scatter_vec scatter = {0};
        struct buf changed = {.arena = each};
        buf_put(&changed, buf_bytes(&b));
        poke(&changed, i / 4 < b.n - 4 ? i / 4 : b.n - 4, 4, values[i % 4]);
        if (codedir_parse(flush(each, buf_bytes(&changed)), 0, &f, here, &cd))
            (void)codedir_matches(&cd, -1, bytes_of(cd.cdhash, 20));
        (void)codedir_special(&cd, 1), (void)codedir_page(&cd, 0),
            (void)codedir_pre_encrypt(&cd, 0);
        codedir_scatters(each, &cd, &scatter);
        arena_child_free(each);
    }
    return DS_OK;
}

ARENA_TEST(hostile_directories, hostile)

/* -- Real files ----------------------------------------------------------------------------------------- */

struct seen {
    struct buf hashes, types, versions, flags, identifiers, teams;
};

static void add(struct buf *to, const char *separator, const char *text)
{
    if (to->n)
        buf_str(to, separator);
    buf_str(to, text);
}

/* All directories of a slice, slot 0 first. */
static void look_at_slice(struct arena *a, const struct macho_slice *s, struct seen *seen)
{
    struct findings f = {.arena = a};
    struct superblob super;
    struct codedir cd;
    struct bytes blob;
    struct buf hashes = {.arena = a}, types = {.arena = a}, versions = {.arena = a};
    if (!s->has_signature)
        return;
    ck_assert(superblob_parse(macho_signature_area(s), BLOB_SIGNATURE, &f, here, &super));
    for (uint32_t slot = 0; slot < 0x1005; slot = slot ? slot + 1 : 0x1000) {
        if (superblob_component(&super, slot, &f, here, &blob) == COMPONENT_ABSENT)
            break;
        ck_assert(codedir_parse(blob, slot, &f, here, &cd));
        ck_assert_uint_eq(cd.code_limit, s->limit);
        add(&hashes, ",", bytes_hex(a, bytes_of(cd.cdhash, 20)));
        add(&types, "+", digest_name((enum digest_type)cd.hash_type));
        add(&versions, "+", arena_printf(a, "0x%x", cd.version));
    }
    if (hashes.n == 0)
        return;
    add(&seen->hashes, " | ", buf_cstr(&hashes));
    seen->types = types;
    seen->versions = versions;
    seen->flags.n = seen->identifiers.n = seen->teams.n = 0;
    buf_str(&seen->flags, codedir_flags_text(a, cd.flags));
    buf_str(&seen->identifiers, cd.identifier);
    buf_str(&seen->teams, cd.team ? cd.team : "");
    ck_assert_uint_eq(f.list.n, 0);
}

static void compare_with_manifest(struct arena *a, char **row)
{
    struct findings f = {.arena = a};
    struct bytes data;
    struct macho m;
    struct seen seen = {{.arena = a}, {.arena = a}, {.arena = a},
                        {.arena = a}, {.arena = a}, {.arena = a}};
    ck_assert(shared_read(a, arena_printf(a, "real/%s", row[0]), &data));
    ck_assert(macho_parse(a, data, &f, place_path(row[0]), &m));
    for (size_t i = 0; i < m.count; i++)
        look_at_slice(a, &m.slices[i], &seen);
    ck_assert_str_eq(buf_cstr(&seen.hashes), row[17]);
    ck_assert_str_eq(buf_cstr(&seen.types), row[10]);
    ck_assert_str_eq(buf_cstr(&seen.versions), row[11]);
    ck_assert_str_eq(buf_cstr(&seen.teams), row[15]);
    if (seen.flags.n && !strstr(row[12], "|") && strcmp(row[12], "0x0") != 0)
        ck_assert_str_eq(buf_cstr(&seen.flags), row[12]);
    if (seen.identifiers.n && !strstr(row[16], "|"))
        ck_assert_str_eq(buf_cstr(&seen.identifiers), row[16]);
}

static enum ds_status real(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    char *row[20];
    if (!shared_read(a, "real/manifest.tsv", &table))
        return DS_OK;
    while (shared_row(a, &table, row, 20) == 20)
        if (strncmp(row[0], "macho/", 6) == 0)
            compare_with_manifest(a, row);
    return DS_OK;
}

ARENA_TEST(real_directories, real)

Suite *format_blob_suite(void)
{
    Suite *suite = suite_create("blob");
    TCase *tc = tcase_create("blob");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, slots_are_looked_up);
    tcase_add_test(tc, superblobs_are_checked);
    tcase_add_test(tc, disk_images_are_strict);
    tcase_add_test(tc, detached_signatures);
    tcase_add_test(tc, directory_fields);
    tcase_add_test(tc, directory_rules);
    tcase_add_test(tc, hostile_directories);
    tcase_add_test(tc, real_directories);
    suite_add_tcase(suite, tc);
    return suite;
}
