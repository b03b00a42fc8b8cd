/* SPDX-License-Identifier: Apache-2.0 */
/* Directory: see directory.h. */
#include "forge/directory.h"

#include <string.h>

#include "base/buf.h"

/* The newest fields a directory of VERSION has end here. */
static size_t header_size(uint32_t version)
{
    static const struct {
        uint32_t version;
        size_t size;
    } rows[] = {{0x20600, 112}, {0x20500, 96}, {0x20400, 88},
                {0x20300, 64},  {0x20200, 52}, {0x20100, 48}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (version >= rows[i].version)
            return rows[i].size;
    return 44;
}

static uint32_t version_of(const struct directory *d)
{
    if (d->version)
        return d->version;
    if (d->runtime)
        return 0x20500;
    if (d->exec_limit)
        return 0x20400;
    return d->team ? 0x20200 : 0x20100;
}

static const char *team_of(const struct directory *d)
{
    return version_of(d) >= 0x20200 ? d->team : NULL;
}

static uint32_t special_count(const struct directory *d)
{
    uint32_t n = SPECIAL_SLOTS - 1;

    while (n > 0 && !d->special[n].p)
        n--;
    return n;
}

static uint32_t page_count(const struct directory *d)
{
    if (d->code.n == 0)
        return 0;
    return d->page_shift ? (uint32_t)(((d->code.n - 1) >> d->page_shift) + 1) : 1;
}

size_t directory_size(const struct directory *d)
{
    size_t names = strlen(d->identifier) + 1 + (team_of(d) ? strlen(team_of(d)) + 1 : 0);

    return header_size(version_of(d)) + names +
           (special_count(d) + page_count(d)) * digest_size(d->digest);
}

/* The fields up to the version's end (§4.1), from offset 12 on. */
static void put_header(struct buf *b, const struct directory *d)
{
    size_t header = header_size(version_of(d)), ident = strlen(d->identifier) + 1;
    size_t team = team_of(d) ? strlen(team_of(d)) + 1 : 0, size = digest_size(d->digest);

    buf_be32(b, d->flags);
    buf_be32(b, (uint32_t)(header + ident + team + special_count(d) * size));
    buf_be32(b, (uint32_t)header);
    buf_be32(b, special_count(d));
    buf_be32(b, page_count(d));
    buf_be32(b, (uint32_t)d->code.n);
    buf_byte(b, (uint8_t)size);
    buf_byte(b, (uint8_t)d->digest);
    buf_byte(b, 0);
    buf_byte(b, (uint8_t)d->page_shift);
    buf_be32(b, 0); /* spare2 */
    buf_be32(b, 0); /* scatter */
    buf_be32(b, team ? (uint32_t)(header + ident) : 0);
    buf_be32(b, 0); /* spare3 */
    buf_be64(b, 0); /* codeLimit64 */
    buf_be64(b, d->exec_base);
    buf_be64(b, d->exec_limit);
    buf_be64(b, d->exec_flags);
    buf_be32(b, d->runtime);
    buf_be32(b, 0);  /* pre-encrypt hashes */
    buf_zero(b, 16); /* linkage */
}

static void put_digest(struct buf *b, enum digest_type type, struct bytes content)
{
    uint8_t out[DIGEST_MAX];
    size_t n = digest_of(type, content, out);

    buf_put(b, bytes_of(out, n));
}

static void put_hashes(struct buf *b, const struct directory *d)
{
    size_t page = d->page_shift ? (size_t)1 << d->page_shift : d->code.n;

    for (uint32_t slot = special_count(d); slot > 0; slot--) {
        if (d->special[slot].p)
            put_digest(b, d->digest, d->special[slot]);
        else
            buf_zero(b, digest_size(d->digest));
    }
    for (size_t at = 0; at < d->code.n; at += page) {
        size_t n = d->code.n - at < page ? d->code.n - at : page;

        put_digest(b, d->digest, bytes_of(d->code.p + at, n));
    }
}

struct bytes directory_make(struct arena *a, const struct directory *d)
{
    struct buf b = {.arena = a};

    buf_be32(&b, 0xfade0c02);
    buf_be32(&b, (uint32_t)directory_size(d));
    buf_be32(&b, version_of(d));
    put_header(&b, d);
    b.n = header_size(version_of(d)); /* what the version does not have is cut off */
    buf_put(&b, bytes_of(d->identifier, strlen(d->identifier) + 1));
    if (team_of(d))
        buf_put(&b, bytes_of(team_of(d), strlen(team_of(d)) + 1));
    put_hashes(&b, d);
    return buf_bytes(&b);
}
