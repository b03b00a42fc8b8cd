/* SPDX-License-Identifier: Apache-2.0 */
/* Sign: see sign.h. A signature is a set of slots; the CMS comes last, since it covers the directories. */
#include "forge/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "forge/cms_write.h"
#include "forge/designate.h"
#include "forge/directory.h"
#include "forge/entitle_write.h"
#include "format/codedir.h"
#include "format/entitle.h"
#include "format/plist.h"

#define SLOT_ALTERNATE 0x1000u
#define SLOT_CMS       0x10000u
#define CMS_RESERVE    18000u
#define DIRECTORIES    SIGN_DIGESTS

#define MACOS_10_11_4 0x000a0b04u
#define IOS_11        0x000b0000u

/* One signature under way. */
struct signer {
    struct forge *f;
    struct item *item;
    const struct sign_with *with;
    struct image_map map; /* cputype 0: no image */
    bool image;
    enum digest_type types[DIRECTORIES]; /* slot 0 first */
    size_t count;
    struct bytes slots[SPECIAL_SLOTS];     /* hashed, by number */
    bool stored[SPECIAL_SLOTS];            /* also in the SuperBlob */
    struct bytes directories[DIRECTORIES]; /* in order of types */
    struct bytes cms;
};

static const struct value *spec_of(const struct signer *s, const char *key)
{
    return value_get(s->item->spec, key);
}

/* --- fields ----------------------------------------------------------------------------------------------- */

static enum digest_type digest_named(const char *name)
{
    static const char *const names[] = {"",       "sha1",  "sha256", "sha256-truncated",
                                        "sha384", "sha512"};
    for (int i = 1; i < 6; i++)
        if (strcmp(names[i], name) == 0)
            return (enum digest_type)i;
    return DIGEST_SHA256;
}

/* A slice for a system that knows SHA-1 alone (§11.2). */
static bool wants_sha1(struct bytes slice)
{
    struct image_map map;

    if (!image_read(slice, &map))
        return false;
    return (map.platform == PLATFORM_MACOS && map.minos < MACOS_10_11_4) ||
           (map.platform == PLATFORM_IOS && map.minos < IOS_11);
}

size_t sign_digests(struct forge *f, const struct item *item, struct bytes file,
                    enum digest_type out[SIGN_DIGESTS])
{
    struct name_vec names = item_texts(f, item->spec, "hash-types");
    struct bytes *slices;
    size_t count = 0, n = image_slices(f->a, file, &slices);
    bool old = false;

    for (size_t i = 0; i < names.n && count < SIGN_DIGESTS; i++)
        out[count++] = digest_named(names.at[i]);
    if (count)
        return count;
    for (size_t i = 0; i < n; i++)
        old = old || wants_sha1(slices[i]);
    if (old && item->mode != MODE_LINKER)
        out[count++] = DIGEST_SHA1;
    out[count++] = DIGEST_SHA256;
    return count;
}

static uint32_t named_flag(struct signer *s, const char *name, const struct value *v)
{
    static const struct {
        const char *name;
        uint32_t value;
    } rows[] = {
#define CD_FLAG_ROW(value, name, settable) {name, value},
#include "format/codedir.def"
#undef CD_FLAG_ROW
    };
    const char *names[sizeof rows / sizeof *rows];
    char *end;
    unsigned long number = strtoul(name, &end, 0);

    if (*name >= '0' && *name <= '9' && *end == '\0')
        return (uint32_t)number;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
        names[i] = rows[i].name;
    }
    *s->f->error =
        (struct value_error){arena_printf(s->f->a, "there is no flag '%s'", name),
                             text_suggest(name, names, sizeof rows / sizeof *rows), v->span};
    arena_fail(s->f->a, DS_PARSE);
}

static uint32_t choose_flags(struct signer *s)
{
    struct name_vec names = item_texts(s->f, s->item->spec, "flags");
    uint32_t flags = 0;
    bool hardened = s->item->signer && identity_hardened(s->item->signer) && s->image;

    if (case_flag(spec_of(s, "hardened-runtime"), hardened))
        flags |= CD_FLAG_RUNTIME;
    if (s->item->mode == MODE_ADHOC || s->item->mode == MODE_LINKER)
        flags |= CD_FLAG_ADHOC;
    if (s->item->mode == MODE_LINKER)
        flags |= CD_FLAG_LINKER_SIGNED;
    for (size_t i = 0; i < names.n; i++)
        flags |= named_flag(s, names.at[i], spec_of(s, "flags"));
    return flags;
}

/* What the executable's segment may do follows from kind and claims (§11.2). */
static uint64_t choose_exec_flags(struct signer *s)
{
    static const struct {
        const char *key;
        uint64_t flag;
    } rows[] = {{"com.apple.security.get-task-allow", 0x10},
                {"get-task-allow", 0x10},
                {"run-unsigned-code", 0x10},
                {"com.apple.private.cs.debugger", 0x20},
                {"dynamic-codesigning", 0x40},
                {"com.apple.private.skip-library-validation", 0x80},
                {"com.apple.private.amfi.can-load-cdhash", 0x100},
                {"com.apple.private.amfi.can-execute-cdhash", 0x200}};
    uint64_t flags = s->map.filetype == FILETYPE_EXECUTE ? 1 : 0, given;

    if (case_number(spec_of(s, "exec-seg-flags"), false, &given))
        return given;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (value_is_true(value_get(s->item->claims, rows[i].key)))
            flags |= rows[i].flag;
    return flags;
}

static unsigned choose_page_shift(struct signer *s)
{
    uint64_t given;
    unsigned shift = 0;

    if (!case_number(spec_of(s, "page-size"), false, &given))
        return s->image ? image_page_shift(s->map.cputype) : 0;
    while (shift < 63 && UINT64_C(1) << shift < given)
        shift++;
    if (given && UINT64_C(1) << shift != given)
        forge_refuse(s->f, spec_of(s, "page-size"), "a page size is a power of two, or 0");
    return given ? shift : 0;
}

static struct directory plan_directory(struct signer *s, struct bytes code, size_t i)
{
    struct directory d = {.identifier = s->item->code_identifier,
                          .team = s->item->mode == MODE_LINKER ? NULL : s->item->team,
                          .digest = s->types[i],
                          .code = code,
                          .flags = choose_flags(s),
                          .page_shift = choose_page_shift(s)};
    uint64_t version;

    if (case_number(spec_of(s, "cd-version"), false, &version))
        d.version = (uint32_t)version;
    memcpy(d.special, s->slots, sizeof d.special);
    if (s->image && s->map.platform) {
        d.exec_base = s->map.text_offset;
        d.exec_limit = s->map.text_size;
        d.exec_flags = choose_exec_flags(s);
    }
    if (d.flags & CD_FLAG_RUNTIME)
        d.runtime = s->map.sdk;
    return d;
}

/* --- slots ------------------------------------------------------------------------------------------------ */

static void store(struct signer *s, unsigned slot, struct bytes content)
{
    s->slots[slot] = content;
    s->stored[slot] = true;
}

/* {hex: …} as bytes; false when V is not that. */
static bool hex_content(struct signer *s, const struct value *v, struct bytes *out)
{
    const char *text = item_text(s->f, v, "hex");

    if (!text)
        return false;
    if (!bytes_unhex(s->f->a, bytes_str(text), out))
        forge_refuse(s->f, v, "'hex' must be pairs of hexadecimal digits");
    return true;
}

/* The content of slot 5; false when there is to be none. */
static bool xml_content(struct signer *s, struct bytes *out)
{
    const struct value *v = spec_of(s, "entitlements-xml");
    const char *word = case_word(s->f->a, v);

    if (word && strcmp(word, "none") == 0)
        return false;
    if (word) {
        *out = bytes_str(word);
        return true;
    }
    if (hex_content(s, v, out))
        return true;
    const struct value *dict = value_is(v, VALUE_DICT) ? v : s->item->claims;
    if (!dict)
        return false;
    *out = plist_write_xml(s->f->a, dict, false);
    return true;
}

/* The content of slot 7; from the XML of the case where only that is given and AMFI can read it, as codesign does. */
static bool der_content(struct signer *s, struct bytes xml, struct bytes *out)
{
    const struct value *v = spec_of(s, "entitlements-der");
    const char *word = case_word(s->f->a, v);
    const struct value *dict = s->item->claims;

    if (word && strcmp(word, "none") == 0)
        return false;
    if (hex_content(s, v, out))
        return true;
    if (value_is(v, VALUE_DICT))
        dict = v;
    else if (!dict && xml.n)
        dict = entitle_xml(s->f->a, xml, NULL);
    return dict && entitle_der(s->f->a, dict, out);
}

static void add_entitlements(struct signer *s)
{
    struct bytes xml = {0}, der;

    if (xml_content(s, &xml))
        store(s, 5, blob_make(s->f->a, BLOB_ENTITLEMENTS, xml));
    if (der_content(s, xml, &der))
        store(s, 7, blob_make(s->f->a, BLOB_ENTITLEMENTS_DER, der));
}

static void add_constraints(struct signer *s)
{
    static const char *const names[] = {"self", "parent", "responsible", "library"};
    struct arena *a = s->f->a;

    for (unsigned i = 0; i < 4; i++) {
        const struct value *reqs = value_get(spec_of(s, "constraints"), names[i]);
        struct value *whole = value_dict(a);
        struct bytes der;

        if (!value_is(reqs, VALUE_DICT))
            continue;
        value_set(a, whole, "ccat", value_int(a, 0));
        value_set(a, whole, "comp", value_int(a, 1));
        value_set(a, whole, "reqs", value_clone(a, reqs));
        value_set(a, whole, "vers", value_int(a, 1));
        if (value_get(reqs, "reqs"))
            whole = value_clone(a, reqs);
        if (!entitle_der(a, whole, &der))
            forge_refuse(s->f, reqs, "a launch constraint holds what DER cannot");
        store(s, 8 + i, blob_make(a, BLOB_CONSTRAINT, der));
    }
}

static void fill_slots(struct signer *s, struct bytes code)
{
    struct bytes set = designate_set(s->f, s->item);

    if (s->item->mode == MODE_LINKER)
        return;
    if (s->with->bundle)
        s->slots[1] = s->with->info;
    else if (s->map.info_size)
        bytes_part(code, s->map.info_offset, s->map.info_size, &s->slots[1]);
    s->slots[3] = s->with->seal;
    s->slots[6] = s->with->rep;
    if (set.n)
        store(s, 2, set);
    add_entitlements(s);
    add_constraints(s);
}

/* --- the CMS ---------------------------------------------------------------------------------------------- */

/* Truncated SHA-256 counts in full here (§5.3). */
static struct bytes full_hash(struct signer *s, size_t i)
{
    bool cut = s->types[i] == DIGEST_SHA256_TRUNCATED;

    return digest_bytes(s->f->a, cut ? DIGEST_SHA256 : s->types[i], s->directories[i]);
}

static struct bytes cut_hash(struct signer *s, size_t i)
{
    return bytes_of(full_hash(s, i).p, 20);
}

/* Numbers of the directories by ascending digest type. */
static void sort_directories(const struct signer *s, size_t order[DIRECTORIES])
{
    for (size_t i = 0; i < s->count; i++) {
        size_t at = i;
        while (at > 0 && s->types[order[at - 1]] > s->types[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

/* How many of the directories the attributes list; one more than there are for `extra`. */
static size_t listed(const struct signer *s, const char *how)
{
    if (strcmp(how, "missing") == 0)
        return s->count - 1;
    return strcmp(how, "extra") == 0 ? s->count + 1 : s->count;
}

/* Attribute 9.1: { cdhashes = (data, …) }. */
static struct bytes hashes_plist(struct signer *s, const size_t *order, const char *how)
{
    struct arena *a = s->f->a;
    struct value *dict = value_dict(a), *list = value_array(a);
    struct der_list values = {0};

    for (size_t i = 0; i < listed(s, how); i++)
        value_append(a, list,
                     value_data(a, i < s->count
                                       ? cut_hash(s, order[i])
                                       : digest_bytes(a, DIGEST_SHA1, bytes_str("extra"))));
    value_set(a, dict, "cdhashes", list);
    struct bytes text =
        strcmp(how, "empty") == 0 ? bytes_of(NULL, 0) : plist_write_xml(a, dict, false);
    vec_push(a, &values, der_wrap(a, DER_OCTET_STRING, text));
    return cms_attribute(a, OID_APPLE_CDHASHES_PLIST, &values);
}

static struct bytes hash_entry(struct arena *a, enum oid_id algorithm, struct bytes digest)
{
    return DER(a, TAG_SEQUENCE, der_oid(a, algorithm), der_wrap(a, DER_OCTET_STRING, digest));
}

/* Attribute 9.2: the whole digests, the strongest first. */
static struct bytes hashes_set(struct signer *s, const size_t *order, const char *how)
{
    struct arena *a = s->f->a;
    struct der_list values = {0};

    if (strcmp(how, "broken") == 0) {
        vec_push(a, &values, der_integer(a, 1));
        return cms_attribute(a, OID_APPLE_CDHASHES, &values);
    }
    for (size_t i = listed(s, how); i-- > 0;) {
        if (i >= s->count) {
            struct bytes extra = digest_bytes(a, DIGEST_SHA256, bytes_str("extra"));
            vec_push(a, &values, hash_entry(a, OID_SHA256, extra));
            continue;
        }
        enum digest_type type = s->types[order[i]];
        enum oid_id algorithm = type == DIGEST_SHA1     ? OID_SHA1
                                : type == DIGEST_SHA384 ? OID_SHA384
                                : type == DIGEST_SHA512 ? OID_SHA512
                                                        : OID_SHA256;
        vec_push(a, &values, hash_entry(a, algorithm, full_hash(s, order[i])));
    }
    return cms_attribute(a, OID_APPLE_CDHASHES, &values);
}

static void make_cms(struct signer *s)
{
    const char *how = item_text(s->f, spec_of(s, "cms"), "cdhash-lists");
    size_t order[DIRECTORIES] = {0};
    struct cms_order cms = {.signer = s->item->signer,
                            .digest = DIGEST_SHA256,
                            .content_type = OID_CMS_DATA,
                            .content = s->directories[0],
                            .has_time = true,
                            .stamped = true};

    s->cms = bytes_of(NULL, 0);
    cms.odd = cms_odd_named(item_text(s->f, spec_of(s, "cms"), "message"));
    if (!s->item->signer || cms.odd == CMS_ODD_EMPTY)
        return;
    how = how ? how : "ok";
    sort_directories(s, order);
    if (strcmp(how, "none") != 0) {
        vec_push(s->f->a, &cms.between, hashes_set(s, order, how));
        vec_push(s->f->a, &cms.between, hashes_plist(s, order, how));
    }
    s->cms = cms_write(s->f->a, &cms);
}

/* --- the SuperBlob ---------------------------------------------------------------------------------------- */

struct entry {
    uint32_t type;
    struct bytes blob;
};

/* Everything in index order (§11.3). */
static size_t list_blobs(struct signer *s, struct entry out[DIRECTORIES + SPECIAL_SLOTS + 1])
{
    size_t n = 0;

    out[n++] = (struct entry){0, s->directories[0]};
    for (uint32_t i = 1; i < SPECIAL_SLOTS; i++)
        if (s->stored[i])
            out[n++] = (struct entry){i, s->slots[i]};
    for (uint32_t i = 1; i < s->count; i++)
        out[n++] = (struct entry){SLOT_ALTERNATE + i - 1, s->directories[i]};
    if (s->item->mode != MODE_LINKER)
        out[n++] = (struct entry){SLOT_CMS, blob_make(s->f->a, BLOB_WRAPPER, s->cms)};
    return n;
}

static struct bytes join_blobs(struct arena *a, const struct entry *entries, size_t n)
{
    struct buf b = {.arena = a};
    size_t at = 12 + 8 * n;

    buf_zero(&b, 8);
    buf_be32(&b, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        buf_be32(&b, entries[i].type);
        buf_be32(&b, (uint32_t)at);
        at += entries[i].blob.n;
    }
    for (size_t i = 0; i < n; i++)
        buf_put(&b, entries[i].blob);
    buf_set_be32(&b, 0, BLOB_SIGNATURE);
    buf_set_be32(&b, 4, (uint32_t)b.n);
    return buf_bytes(&b);
}

/* Room to reserve: all but the CMS is known to the byte. */
static uint32_t signature_room(struct signer *s, struct bytes code)
{
    size_t n = 12 + 8 * (s->count + SPECIAL_SLOTS + 1) + 8;

    for (size_t i = 0; i < s->count; i++) {
        struct directory d = plan_directory(s, code, i);
        n += directory_size(&d);
    }
    for (size_t i = 0; i < SPECIAL_SLOTS; i++)
        n += s->stored[i] ? s->slots[i].n : 0;
    n += s->item->signer ? CMS_RESERVE : 0;
    return (uint32_t)((n + 15) / 16 * 16);
}

/* Directories over CODE, then everything that depends on them. */
static struct bytes seal_code(struct signer *s, struct bytes code)
{
    struct entry entries[DIRECTORIES + SPECIAL_SLOTS + 1];

    for (size_t i = 0; i < s->count; i++) {
        struct directory d = plan_directory(s, code, i);
        s->directories[i] = directory_make(s->f->a, &d);
    }
    make_cms(s);
    return join_blobs(s->f->a, entries, list_blobs(s, entries));
}

/* --- what the item learns --------------------------------------------------------------------------------- */

/* The directory a verifier chooses (§3.4): SHA-384, SHA-256, truncated SHA-256, SHA-1. */
static size_t chosen(const struct signer *s)
{
    static const int rank[] = {[DIGEST_SHA1] = 1,
                               [DIGEST_SHA256] = 3,
                               [DIGEST_SHA256_TRUNCATED] = 2,
                               [DIGEST_SHA384] = 4,
                               [DIGEST_SHA512] = 0};
    size_t best = 0;

    for (size_t i = 1; i < s->count; i++)
        if (rank[s->types[i]] > rank[s->types[best]])
            best = i;
    return best;
}

static void note_hashes(struct signer *s, bool main_slice)
{
    size_t order[DIRECTORIES] = {0};

    sort_directories(s, order);
    if (main_slice)
        s->item->cdhash = cut_hash(s, chosen(s));
    for (size_t i = 0; i < s->count; i++)
        vec_push(s->f->a, &s->item->cdhashes, cut_hash(s, order[i]));
}

static struct signer begin(struct forge *f, struct item *item, struct bytes file,
                           const struct sign_with *with)
{
    struct signer s = {.f = f, .item = item, .with = with};

    s.count = sign_digests(f, item, file, s.types);
    return s;
}

/* One slice, signed. */
static struct bytes sign_slice(struct signer *s, struct bytes slice, bool main_slice)
{
    struct buf out = {.arena = s->f->a};
    struct bytes code = image_prepare(s->f->a, slice, 0);

    s->image = image_read(code, &s->map);
    fill_slots(s, code);
    uint32_t room = signature_room(s, code);
    code = image_prepare(s->f->a, slice, room);
    struct bytes blob = seal_code(s, code);
    if (blob.n > room)
        forge_refuse(s->f, s->item->spec, "the signature does not fit the room reserved for it");
    buf_put(&out, code);
    buf_put(&out, blob);
    buf_zero(&out, room - blob.n);
    note_hashes(s, main_slice);
    return buf_bytes(&out);
}

static bool is_host_arch(struct forge *f, struct bytes slice)
{
    uint32_t cputype, subtype;
    struct image_map map;

    return image_arch(f->arch, &cputype, &subtype) && image_read(slice, &map) &&
           map.cputype == cputype;
}

/* The slice a Mac takes first: the host's kind, else the first. */
static size_t main_slice(struct forge *f, const struct bytes *slices, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_host_arch(f, slices[i]))
            return i;
    return 0;
}

struct bytes sign_images(struct forge *f, struct item *item, struct bytes file,
                         const struct sign_with *with)
{
    struct bytes *slices;
    size_t n = image_slices(f->a, file, &slices), main = main_slice(f, slices, n);
    size_t *offsets = arena_array(f->a, n, size_t);

    item->cdhashes.n = 0;
    for (size_t i = 0; i < n; i++) {
        struct signer s = begin(f, item, file, with);
        slices[i] = sign_slice(&s, slices[i], i == main);
    }
    return n == 1 ? slices[0] : image_join(f->a, slices, n, offsets);
}

struct bytes sign_whole(struct forge *f, struct item *item, struct bytes file,
                        const struct sign_with *with)
{
    struct signer s = begin(f, item, file, with);

    item->cdhashes.n = 0;
    fill_slots(&s, file);
    struct bytes blob = seal_code(&s, file);
    note_hashes(&s, true);
    return blob;
}

struct component_vec sign_components(struct forge *f, struct item *item, struct bytes file,
                                     const struct sign_with *with)
{
    static const struct {
        unsigned slot;
        const char *name;
    } rows[] = {{2, "CodeRequirements"},       {5, "CodeEntitlements"},
                {7, "CodeEntitlementDER"},     {8, "LaunchConstraintSelf"},
                {9, "LaunchConstraintParent"}, {10, "LaunchConstraintResponsible"},
                {11, "LibraryConstraint"}};
    struct signer s = begin(f, item, file, with);
    struct component_vec out = {0};

    item->cdhashes.n = 0;
    fill_slots(&s, file);
    seal_code(&s, file);
    note_hashes(&s, true);
    vec_push(f->a, &out, (struct component){"CodeDirectory", s.directories[0]});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (s.stored[rows[i].slot])
            vec_push(f->a, &out, (struct component){rows[i].name, s.slots[rows[i].slot]});
    for (size_t i = 1; i < s.count; i++)
        vec_push(
            f->a, &out,
            (struct component){arena_printf(f->a, "CodeRequirements-%zu", i), s.directories[i]});
    vec_push(f->a, &out, (struct component){"CodeSignature", s.cms});
    return out;
}
