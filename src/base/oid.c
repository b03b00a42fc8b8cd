/* SPDX-License-Identifier: Apache-2.0 */
/* OIDs: the table of oids.def, and both text forms. */
#include "base/oid.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define OID_MAX 32 /* content octets of the longest row, with room */

static const struct {
    const char *dotted, *name;
} rows[OID_COUNT] = {
    [OID_UNKNOWN] = {"", "unknown"},
#define OID(id, dotted, name) {dotted, name},
#include "base/oids.def"
#undef OID
};

const char *oid_dotted(enum oid_id id)
{
    return rows[id].dotted;
}

const char *oid_name(enum oid_id id)
{
    return rows[id].name;
}

/* Append VALUE in base 128; the number of octets, 0 when there is no room. */
static size_t put_base128(uint8_t *to, size_t room, uint64_t value)
{
    size_t n = 1;
    for (uint64_t v = value >> 7; v; v >>= 7)
        n++;
    if (n > room)
        return 0;
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)((value >> 7 * (n - 1 - i) & 0x7f) | (i + 1 < n ? 0x80 : 0));
    return n;
}

static bool take_arc(const char **s, uint64_t *out)
{
    if (**s < '0' || **s > '9')
        return false;
    *out = 0;
    for (; **s >= '0' && **s <= '9'; ++*s) {
        if (*out > (UINT64_MAX - 9) / 10)
            return false;
        *out = *out * 10 + (uint64_t)(**s - '0');
    }
    return true;
}

/* Content octets of DOTTED into TO; their number, 0 when DOTTED is malformed or too long. */
static size_t encode(const char *dotted, uint8_t *to, size_t room)
{
    uint64_t first, second;
    const char *s = dotted;
    if (!take_arc(&s, &first) || first > 2 || *s++ != '.' || !take_arc(&s, &second))
        return 0;
    if ((first < 2 && second > 39) || second > UINT64_MAX - 80)
        return 0;
    size_t n = put_base128(to, room, first * 40 + second);
    while (n != 0 && *s) {
        uint64_t arc;
        if (*s++ != '.' || !take_arc(&s, &arc))
            return 0;
        size_t more = put_base128(to + n, room - n, arc);
        n = more ? n + more : 0;
    }
    return n;
}

struct bytes oid_bytes(struct arena *a, enum oid_id id)
{
    uint8_t raw[OID_MAX];
    size_t n = encode(rows[id].dotted, raw, sizeof raw);
    return bytes_copy(a, bytes_of(raw, n));
}

bool oid_is(struct bytes der, enum oid_id id)
{
    uint8_t raw[OID_MAX];
    size_t n = encode(rows[id].dotted, raw, sizeof raw);
    return n != 0 && bytes_equal(der, bytes_of(raw, n));
}

enum oid_id oid_find(struct bytes der)
{
    for (int i = OID_UNKNOWN + 1; i < OID_COUNT; i++)
        if (oid_is(der, (enum oid_id)i))
            return (enum oid_id)i;
    return OID_UNKNOWN;
}

char *oid_text(struct arena *a, struct bytes der)
{
    struct buf b = {.arena = a};
    uint64_t value = 0;
    bool first = true;
    for (size_t i = 0; i < der.n; i++) {
        value = value << 7 | (der.p[i] & 0x7f);
        if (der.p[i] & 0x80)
            continue;
        if (first) {
            uint64_t q1 = value / 40 < 2 ? value / 40 : 2;
            buf_printf(&b, "%" PRIu64 ".%" PRIu64, q1, value - q1 * 40);
        } else {
            buf_printf(&b, ".%" PRIu64, value);
        }
        first = false;
        value = 0;
    }
    return arena_strdup(a, buf_cstr(&b));
}

bool oid_parse(struct arena *a, const char *dotted, struct bytes *out)
{
    size_t room = strlen(dotted) + 2;
    uint8_t *raw = arena_alloc(a, room);
    size_t n = encode(dotted, raw, room);
    *out = bytes_of(raw, n);
    return n != 0;
}
