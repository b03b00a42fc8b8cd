/* SPDX-License-Identifier: Apache-2.0 */
/* Xar: see xar.h. */
#include "format/xar.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/archive.h"
#include "format/base64.h"
#include "format/xml.h"
#include "format/zlib_stream.h"

#define MAGIC        "xar!"
#define HEADER       28u
#define TRAILER_WORD "t8lr"
#define TRAILER      16u
#define TYPE_END     1u
#define TYPE_TICKET  2u

struct parsing {
    struct arena *a;
    struct xar *out;
    struct bytes heap;
    const char *why;
    unsigned depth;
};

static bool refuse(struct parsing *p, const char *why)
{
    p->why = why;
    return false;
}

bool xar_sniff(struct bytes file)
{
    return bytes_starts(file, bytes_str(MAGIC));
}

/* -- values of the table */

static bool number(const char *text, uint64_t *out)
{
    *out = 0;
    if (!text || *text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || *out > UINT64_MAX / 10 - 9)
            return false;
        *out = *out * 10 + (uint64_t)(*text - '0');
    }
    return true;
}

/* The heap's bytes at the node's offset; the length has one of two names. */
static bool part(struct parsing *p, const struct xml_node *node, const char *length,
                 struct bytes *out)
{
    uint64_t offset, size;
    if (!number(xml_child_text(node, "offset"), &offset) ||
        !number(xml_child_text(node, length), &size))
        return refuse(p, "a part has no offset or no size");
    return bytes_part(p->heap, offset, size, out) ? true : refuse(p, "a part lies beyond the end");
}

static enum digest_type digest_named(const char *style)
{
    static const struct {
        const char *name;
        enum digest_type type;
    } rows[] = {{"sha1", DIGEST_SHA1},
                {"sha256", DIGEST_SHA256},
                {"sha512", DIGEST_SHA512},
                {"md5", DIGEST_MD5}};
    for (size_t i = 0; style && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(style, rows[i].name) == 0)
            return rows[i].type;
    return DIGEST_NONE;
}

/* -- checksum and signatures */

static bool read_checksum(struct parsing *p, const struct xml_node *toc)
{
    const struct xml_node *node = xml_child(toc, "checksum");
    if (!node)
        return refuse(p, "the table names no checksum");
    p->out->digest = digest_named(xml_attribute(node, "style"));
    if (p->out->digest == DIGEST_NONE)
        return refuse(p, "the checksum is of an unknown kind");
    return part(p, node, "size", &p->out->checksum);
}

static void read_certificate(struct parsing *p, const char *text, struct xar_signature *out)
{
    struct cert *cert = arena_new_of(p->a, struct cert);
    struct bytes der;
    if (out->certs.n < LIMIT_CERTS && base64_decode(p->a, bytes_str(text), &der) &&
        cert_parse(p->a, der, cert))
        vec_push(p->a, &out->certs, cert);
}

static bool read_signature(struct parsing *p, const struct xml_node *toc, const char *name,
                           struct xar_signature *out)
{
    const struct xml_node *node = xml_child(toc, name);
    const struct xml_node *data = xml_child(xml_child(node, "KeyInfo"), "X509Data");
    const char *style = xml_attribute(node, "style");
    bool cms = out == &p->out->cms;
    if (!node || !style || strcmp(style, cms ? "CMS" : "RSA") != 0)
        return true;
    out->present = true;
    for (size_t i = 0; data && i < data->children.n; i++)
        if (strcmp(data->children.at[i]->name, "X509Certificate") == 0)
            read_certificate(p, data->children.at[i]->text, out);
    return part(p, node, "size", &out->data);
}

/* -- members */

static bool read_data(struct parsing *p, const struct xml_node *data, struct xar_file *out)
{
    const struct xml_node *checksum = xml_child(data, "archived-checksum");
    const char *encoding = xml_attribute(xml_child(data, "encoding"), "style");
    out->has_data = true;
    out->encoding = encoding ? encoding : "application/octet-stream";
    out->archived_digest = digest_named(xml_attribute(checksum, "style"));
    if (checksum && !bytes_unhex(p->a, bytes_str(checksum->text), &out->archived_checksum))
        return refuse(p, "a checksum is no hex");
    if (!number(xml_child_text(data, "size"), &out->size))
        return refuse(p, "a member has no size");
    return part(p, data, "length", &out->archived);
}

static bool read_files(struct parsing *p, const struct xml_node *parent, const char *dir);

static bool read_file(struct parsing *p, const struct xml_node *node, const char *dir)
{
    const char *name = xml_child_text(node, "name"), *type = xml_child_text(node, "type");
    const char *mode = xml_child_text(node, "mode");
    const struct xml_node *data = xml_child(node, "data");
    struct xar_file file = {.mode = mode ? (uint32_t)strtoul(mode, NULL, 8) & 07777 : 0644};
    if (!name || *name == '\0' || strchr(name, '/') || strcmp(name, "..") == 0 ||
        strcmp(name, ".") == 0)
        return refuse(p, "a member's name is missing, or leads elsewhere");
    file.path = path_join(p->a, dir, name);
    file.is_dir = type && strcmp(type, "directory") == 0;
    if (type && strcmp(type, "symlink") == 0)
        file.link = xml_child_text(node, "link");
    if (data && !read_data(p, data, &file))
        return false;
    vec_push(p->a, &p->out->files, file);
    return read_files(p, node, file.path);
}

static bool read_files(struct parsing *p, const struct xml_node *parent, const char *dir)
{
    bool good = true;
    for (size_t i = 0; good && i < parent->children.n; i++)
        if (strcmp(parent->children.at[i]->name, "file") == 0)
            good = read_file(p, parent->children.at[i], dir);
    return good;
}

/* -- the whole */

static bool read_table(struct parsing *p, struct bytes plain)
{
    const struct xml_node *root = xml_parse(p->a, plain, &p->why), *toc;
    if (!root)
        return false;
    toc = xml_child(root, "toc");
    if (!toc)
        return refuse(p, "there is no table of contents");
    return read_checksum(p, toc) && read_signature(p, toc, "signature", &p->out->rsa) &&
           read_signature(p, toc, "x-signature", &p->out->cms) && read_files(p, toc, "");
}

static bool read_header(struct parsing *p, struct bytes file, struct bytes *plain)
{
    struct cursor c = cursor_of(file, 0);
    cursor_skip(&c, 4);
    uint16_t header = cursor_be16(&c), version = cursor_be16(&c);
    uint64_t packed = cursor_be64(&c), size = cursor_be64(&c);
    if (c.failed || header < HEADER || version != 1)
        return refuse(p, "its header is not of version 1");
    cursor_seek(&c, header);
    p->out->table = cursor_bytes(&c, packed);
    p->heap = cursor_rest(&c);
    if (c.failed || size > LIMIT_XAR_TABLE)
        return refuse(p, "its table of contents is cut off, or too large");
    if (!zlib_expand(p->a, p->out->table, size, plain) || plain->n != size)
        return refuse(p, "its table of contents does not expand to the stated size");
    return true;
}

bool xar_parse(struct arena *a, struct bytes file, struct xar *out, const char **why)
{
    struct parsing p = {.a = a, .out = out};
    struct bytes plain;
    *out = (struct xar){.digest = DIGEST_NONE};
    bool good = xar_sniff(file) ? read_header(&p, file, &plain) && read_table(&p, plain)
                                : refuse(&p, "it does not begin with " MAGIC);
    out->ticket = xar_find_ticket(file);
    *why = p.why;
    return good;
}

bool xar_table_holds(const struct xar *x)
{
    uint8_t digest[DIGEST_MAX];
    size_t n = digest_of(x->digest, x->table, digest);
    return n != 0 && bytes_equal(bytes_of(digest, n), x->checksum);
}

bool xar_file_holds(const struct xar_file *file)
{
    uint8_t digest[DIGEST_MAX];
    if (!file->has_data || file->archived_checksum.n == 0)
        return true;
    size_t n = digest_of(file->archived_digest, file->archived, digest);
    return n != 0 && bytes_equal(bytes_of(digest, n), file->archived_checksum);
}

bool xar_file_content(struct arena *a, const struct xar_file *file, uint64_t most,
                      struct bytes *out)
{
    *out = bytes_of(NULL, 0);
    if (!file->has_data || file->size > most)
        return false;
    if (strcmp(file->encoding, "application/octet-stream") == 0) {
        *out = file->archived;
        return file->archived.n == file->size;
    }
    bool good = strcmp(file->encoding, "application/x-gzip") == 0
                    ? zlib_expand(a, file->archived, file->size, out)
                    : archive_expand(a, file->archived, file->size, out);
    return good && out->n == file->size;
}

/* -- behind the heap: 16-byte records, little-endian, each behind its data, the last at the end of the file (§9.4) */

struct bytes xar_find_ticket(struct bytes file)
{
    uint64_t end = file.n;
    struct bytes data;
    while (end >= TRAILER) {
        struct cursor c = cursor_of(file, 0);
        cursor_seek(&c, end - TRAILER);
        bool record = bytes_is(cursor_bytes(&c, 4), TRAILER_WORD);
        (void)cursor_le16(&c); /* version: not checked */
        uint16_t type = cursor_le16(&c);
        uint32_t length = cursor_le32(&c);
        if (!record || type == 0 || type == TYPE_END || length > end - TRAILER ||
            !bytes_part(file, end - TRAILER - length, length, &data))
            break;
        if (type == TYPE_TICKET)
            return data;
        end -= TRAILER + length;
    }
    return bytes_of(NULL, 0);
}
