/* SPDX-License-Identifier: Apache-2.0 */
/* Known: see known.h. */
#include "crypto/known.h"

#include <string.h>

#include "base/arena.h"

static const struct row {
    const char *sha256, *sha1, *serial; /* hex, as are the names, the key and the identifiers */
    const char *from, *to;              /* ISO dates */
    const char *markers;                /* dotted, blank-separated */
    const char *subject, *issuer;       /* whole Names; issuer "": the subject */
    const char *spki, *key_id, *authority_key_id;
} rows[] = {
#define APPLE_CERT(name, sha256, sha1, serial, from, to, markers, subject, issuer, spki, key_id, \
                   authority_key_id)                                                             \
    {sha256, sha1, serial, from, to, markers, subject, issuer, spki, key_id, authority_key_id},
#include "crypto/apple_certs.def"
#undef APPLE_CERT
};
#define ROWS (sizeof rows / sizeof *rows)

/* B is what the hex digits of TEXT say. */
static bool is_hex(struct bytes b, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(text) != 2 * b.n)
        return false;
    for (size_t i = 0; i < b.n; i++)
        if (text[2 * i] != digits[b.p[i] >> 4] || text[2 * i + 1] != digits[b.p[i] & 15])
            return false;
    return true;
}

static struct bytes hex(struct arena *a, const char *text)
{
    struct bytes out = {NULL, 0};
    bytes_unhex(a, bytes_str(text), &out);
    return out;
}

bool cert_is_known(const struct cert *c)
{
    for (size_t i = 0; i < ROWS; i++)
        if (is_hex(bytes_of(c->sha256, sizeof c->sha256), rows[i].sha256))
            return true;
    return false;
}

/* Marker extensions hold NULL. */
static void add_markers(struct arena *a, const char *text, struct cert *c)
{
    static const uint8_t null[] = {0x05, 0x00};
    while (*text) {
        size_t n = strcspn(text, " ");
        struct cert_extension e = {.value = bytes_of(null, sizeof null)};
        if (oid_parse(a, arena_strndup(a, text, n), &e.oid))
            vec_push(a, &c->extensions, e);
        text += n + (text[n] == ' ');
    }
}

static const struct cert *stand_in(struct arena *a, const struct row *row)
{
    struct cert *c = arena_new_of(a, struct cert);
    c->subject = hex(a, row->subject);
    c->issuer = *row->issuer ? hex(a, row->issuer) : c->subject;
    c->serial = hex(a, row->serial);
    c->spki = hex(a, row->spki);
    c->subject_key_id = hex(a, row->key_id);
    c->authority_key_id = hex(a, row->authority_key_id);
    memcpy(c->sha256, hex(a, row->sha256).p, sizeof c->sha256);
    memcpy(c->sha1, hex(a, row->sha1).p, sizeof c->sha1);
    c->has_basic_constraints = c->is_ca = true;
    c->path_length = -1;
    c->not_before = c->not_after = WHEN_NONE;
    when_parse_iso(bytes_str(row->from), &c->not_before);
    when_parse_iso(bytes_str(row->to), &c->not_after);
    add_markers(a, row->markers, c);
    cert_read_subject(a, c);
    return c;
}

const struct cert *known_issuer(struct arena *a, const struct cert *c, size_t *at)
{
    for (; *at < ROWS; ++*at)
        if (is_hex(c->issuer, rows[*at].subject))
            return stand_in(a, &rows[(*at)++]);
    return NULL;
}
