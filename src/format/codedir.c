/* SPDX-License-Identifier: Apache-2.0 */
/* CodeDirectory: see codedir.h. The checks stand in the reference's order; the first broken one is reported. */
#include "format/codedir.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"

#define VERSION_EARLIEST 0x20001u
#define VERSION_LATEST   0x2f000u /* compatibility ceiling (§4.2) */
#define HAS_SCATTER      0x20100u
#define HAS_TEAM         0x20200u
#define HAS_LIMIT_64     0x20300u
#define HAS_EXEC_SEG     0x20400u
#define HAS_RUNTIME      0x20500u
#define HAS_LINKAGE      0x20600u

#define LENGTH_LEAST 96 /* whatever the version (§3.4) */
#define SCATTER_SIZE 24

static void read_base(struct cursor *c, struct codedir *cd)
{
    cd->flags = cursor_be32(c);
    cd->hash_offset = cursor_be32(c);
    cd->ident_offset = cursor_be32(c);
    cd->special_slots = cursor_be32(c);
    cd->code_slots = cursor_be32(c);
    cd->code_limit = cursor_be32(c);
    cd->hash_size = cursor_u8(c);
    cd->hash_type = cursor_u8(c);
    cd->platform = cursor_u8(c);
    cd->page_shift = cursor_u8(c);
    cursor_skip(c, 4); /* spare2 */
}

/* Fields of a later version than the directory's own count as 0. */
static void read_later(struct cursor *c, struct codedir *cd)
{
    if (cd->version >= HAS_SCATTER)
        cd->scatter_offset = cursor_be32(c);
    if (cd->version >= HAS_TEAM)
        cd->team_offset = cursor_be32(c);
    if (cd->version >= HAS_LIMIT_64) {
        cursor_skip(c, 4); /* spare3 */
        uint64_t limit = cursor_be64(c);
        cd->code_limit = limit ? limit : cd->code_limit;
    }
    if (cd->version >= HAS_EXEC_SEG) {
        cd->exec_seg_base = cursor_be64(c);
        cd->exec_seg_limit = cursor_be64(c);
        cd->exec_seg_flags = cursor_be64(c);
    }
    if (cd->version >= HAS_RUNTIME) {
        cd->runtime = cursor_be32(c);
        cd->pre_encrypt_offset = cursor_be32(c);
    }
    if (cd->version >= HAS_LINKAGE) {
        cd->linkage_hash_type = cursor_u8(c);
        cd->linkage_app_type = cursor_u8(c);
        cd->linkage_app_subtype = cursor_be16(c);
        cd->linkage_offset = cursor_be32(c);
        cd->linkage_size = cursor_be32(c);
    }
}

static const char *text_at(const struct codedir *cd, uint32_t offset)
{
    struct cursor c = cursor_of(cd->blob, 0);
    struct bytes text = cursor_cstring_at(&c, offset);
    return c.failed ? NULL : (const char *)text.p;
}

/* COUNT hashes at OFFSET lie inside the directory. */
static bool array_fits(const struct codedir *cd, uint64_t offset, uint64_t count)
{
    struct bytes array;
    return bytes_part(cd->blob, offset, count * cd->hash_size, &array);
}

/* Step 5: the array of all slots, special ones before hashOffset. */
static bool slots_fit(const struct codedir *cd)
{
    int64_t start = (int64_t)cd->hash_offset - (int64_t)cd->hash_size * cd->special_slots;
    return start >= 8 &&
           array_fits(cd, (uint64_t)start, (uint64_t)cd->special_slots + cd->code_slots);
}

/* Step 7: every element inside, and the slots they cover in the arrays. Sum 0 would mean slot -1. */
static bool scatter_fits(const struct codedir *cd)
{
    struct cursor c = cursor_of(cd->blob, 0);
    uint64_t sum = 0;
    cursor_seek(&c, cd->scatter_offset);
    for (;;) {
        struct cursor one = cursor_child(&c, SCATTER_SIZE);
        uint32_t count = cursor_be32(&one);
        if (one.failed)
            return false;
        if (count == 0)
            return sum != 0;
        sum += count;
        if (!array_fits(cd, cd->hash_offset, sum))
            return false;
        if (cd->pre_encrypt_offset && !array_fits(cd, cd->pre_encrypt_offset, sum))
            return false;
    }
}

/* Step 8: page size, signing limit and number of code slots belong together. */
static const char *limit_fault(const struct codedir *cd)
{
    uint64_t limit = cd->code_limit;
    if (cd->page_shift == 0)
        return cd->code_slots == (limit ? 1 : 0)
                   ? NULL
                   : "an unlimited page asks for one code slot, or none when nothing is signed";
    if (limit == 0)
        return "the signed range is empty but has pages";
    if (cd->page_shift > 63)
        return "the page size is not a number of 64 bits"; /* undefined in the reference (§4.3) */
    return ((limit - 1) >> cd->page_shift) + 1 == cd->code_slots
               ? NULL
               : "the number of code slots does not cover the signed range";
}

/* Steps 3 to 8 of §4.3; NULL or the first rule broken. */
static const char *first_fault(struct codedir *cd)
{
    cd->identifier = text_at(cd, cd->ident_offset);
    if (!cd->identifier)
        return "the identifier does not end inside the directory";
    if (cd->team_offset) {
        cd->team = text_at(cd, cd->team_offset);
        if (!cd->team)
            return "the team identifier does not end inside the directory";
    }
    if (!slots_fit(cd))
        return "the hash slots do not lie inside the directory";
    if (cd->pre_encrypt_offset && !array_fits(cd, cd->pre_encrypt_offset, cd->code_slots))
        return "the pre-encryption hashes do not lie inside the directory";
    if (cd->scatter_offset && !scatter_fits(cd))
        return "the scatter vectors do not lie inside the directory or its slots";
    return limit_fault(cd);
}

unsigned codedir_rank(uint8_t hash_type)
{
    switch (hash_type) {
    case DIGEST_SHA384: return 4;
    case DIGEST_SHA256: return 3;
    case DIGEST_SHA256_TRUNCATED: return 2;
    case DIGEST_SHA1: return 1;
    default: return 0;
    }
}

static void compute_cdhash(struct codedir *cd)
{
    if (codedir_rank(cd->hash_type) == 0)
        return;
    cd->cdhash_full_size = digest_of((enum digest_type)cd->hash_type, cd->blob, cd->cdhash_full);
    memcpy(cd->cdhash, cd->cdhash_full, sizeof cd->cdhash);
}

static bool refuse(struct findings *f, struct place at, const char *why)
{
    finding_add(f, FINDING_CD_FORMAT, at, "%s", why);
    return false;
}

bool codedir_parse(struct bytes blob, uint32_t slot, struct findings *f, struct place at,
                   struct codedir *out)
{
    struct cursor c = cursor_of(blob, 0);
    *out = (struct codedir){.blob = blob, .superblob_slot = slot};
    at.slot = slot;
    uint32_t magic = cursor_be32(&c), length = cursor_be32(&c);
    out->version = cursor_be32(&c);
    read_base(&c, out);
    if (magic != CD_MAGIC)
        return refuse(f, at, arena_printf(f->arena, "the magic is 0x%08x", magic));
    if (length != blob.n || blob.n < LENGTH_LEAST)
        return refuse(f, at,
                      arena_printf(f->arena,
                                   "it claims %u bytes and has %zu, at least %d are needed", length,
                                   blob.n, LENGTH_LEAST));
    compute_cdhash(out);
    if (out->version < VERSION_EARLIEST || out->version > VERSION_LATEST) {
        finding_add(f, FINDING_CD_VERSION, at, "version 0x%x is not between 0x%x and 0x%x",
                    out->version, VERSION_EARLIEST, VERSION_LATEST);
        return false;
    }
    read_later(&c, out);
    const char *why = first_fault(out);
    return why ? refuse(f, at, why) : true;
}

/* -- Slots ---------------------------------------------------------------------------------------------- */

/* The N bytes from slot SLOT on of the array that begins with slot 0 at OFFSET. */
static struct bytes slot_bytes(const struct codedir *cd, uint32_t offset, int64_t slot, size_t n)
{
    struct bytes found = {NULL, 0};
    int64_t at = (int64_t)offset + slot * cd->hash_size;
    if (at >= 8)
        (void)bytes_part(cd->blob, (uint64_t)at, n, &found);
    return found;
}

struct bytes codedir_special(const struct codedir *cd, uint32_t s)
{
    if (s == 0 || s > cd->special_slots)
        return (struct bytes){NULL, 0};
    return slot_bytes(cd, cd->hash_offset, -(int64_t)s, cd->hash_size);
}

struct bytes codedir_page(const struct codedir *cd, uint32_t i)
{
    if (i >= cd->code_slots)
        return (struct bytes){NULL, 0};
    return slot_bytes(cd, cd->hash_offset, i, cd->hash_size);
}

struct bytes codedir_pre_encrypt(const struct codedir *cd, uint32_t i)
{
    if (i >= cd->code_slots || cd->pre_encrypt_offset == 0)
        return (struct bytes){NULL, 0};
    return slot_bytes(cd, cd->pre_encrypt_offset, i, cd->hash_size);
}

bool codedir_binds(const struct codedir *cd, uint32_t s)
{
    return !bytes_zero(codedir_special(cd, s));
}

bool codedir_matches(const struct codedir *cd, int64_t slot, struct bytes digest)
{
    bool inside = slot < 0 ? -slot <= (int64_t)cd->special_slots : slot < (int64_t)cd->code_slots;
    return inside && digest.n != 0 &&
           bytes_equal(slot_bytes(cd, cd->hash_offset, slot, digest.n), digest);
}

void codedir_scatters(struct arena *a, const struct codedir *cd, struct codedir_scatter_vec *out)
{
    struct cursor c = cursor_of(cd->blob, 0);
    cursor_seek(&c, cd->scatter_offset);
    while (cd->scatter_offset != 0) {
        struct cursor one = cursor_child(&c, SCATTER_SIZE);
        struct codedir_scatter s;
        s.count = cursor_be32(&one);
        s.base = cursor_be32(&one);
        s.target_offset = cursor_be64(&one);
        if (one.failed || s.count == 0)
            return;
        vec_push(a, out, s);
    }
}

/* -- Text ----------------------------------------------------------------------------------------------- */

static const struct {
    uint32_t value;
    const char *name;
    bool settable;
} flag_rows[] = {
#define CD_FLAG_ROW(value, name, settable) {value, name, settable},
#include "format/codedir.def"
#undef CD_FLAG_ROW
};

#define FLAG_ROWS (sizeof flag_rows / sizeof *flag_rows)

char *codedir_flags_text(struct arena *a, uint32_t flags)
{
    struct buf text = {.arena = a};
    uint32_t rest = flags;
    const char *comma = "";
    buf_printf(&text, "0x%x(", flags);
    for (size_t i = 0; i < FLAG_ROWS; i++) {
        if (!(rest & flag_rows[i].value))
            continue;
        buf_printf(&text, "%s%s", comma, flag_rows[i].name);
        rest &= ~flag_rows[i].value;
        comma = ",";
    }
    if (rest)
        buf_str(&text, ",???");
    buf_str(&text, flags == 0 ? "none)" : ")");
    return arena_strdup(a, buf_cstr(&text));
}

uint32_t codedir_flag(const char *name, bool *settable)
{
    for (size_t i = 0; i < FLAG_ROWS; i++) {
        if (strcmp(flag_rows[i].name, name) != 0)
            continue;
        if (settable)
            *settable = flag_rows[i].settable;
        return flag_rows[i].value;
    }
    return 0;
}

char *codedir_exec_flags_text(struct arena *a, uint64_t flags)
{
    static const struct {
        uint64_t value;
        const char *name;
    } rows[] = {
#define EXEC_FLAG_ROW(value, name) {value, name},
#include "format/codedir.def"
#undef EXEC_FLAG_ROW
    };
    struct buf text = {.arena = a};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(flags & rows[i].value))
            continue;
        buf_printf(&text, text.n ? ", %s" : "%s", rows[i].name);
        flags &= ~rows[i].value;
    }
    if (flags)
        buf_printf(&text, text.n ? ", 0x%llx" : "0x%llx", (unsigned long long)flags);
    return arena_strdup(a, text.n ? buf_cstr(&text) : "none");
}
