/* SPDX-License-Identifier: Apache-2.0 */
/* Container: see container.h. */
#include "forge/container.h"

#include <string.h>

#include "base/text.h"
#include "forge/cms_write.h"
#include "forge/entitle_write.h"
#include "forge/make.h"
#include "forge/pack.h"
#include "forge/sign.h"
#include "forge/ticket_write.h"
#include "forge/udif_write.h"

/* --- flat packages (appendix C.1) ------------------------------------------------------------------------- */

#define XAR_HEADER    28u
#define CHECKSUM_SIZE 20u
#define RSA_SIZE      256u
#define CMS_SIZE      12288u

/* A file of the package. */
struct part {
    const char *name;
    struct bytes content;
    size_t offset; /* in the heap */
};

struct package {
    struct forge *f;
    struct item *item;
    struct part parts[2];
    size_t count;
    size_t heap; /* where parts begin: behind checksum and signatures */
};

static const char *package_info(struct forge *f, const struct item *item, size_t files)
{
    return arena_printf(f->a,
                        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                        "<pkg-info format-version=\"2\" identifier=\"%s\" version=\"1.0\" "
                        "install-location=\"/\" auth=\"root\">\n"
                        "    <payload numberOfFiles=\"%zu\" installKBytes=\"1\"/>\n"
                        "</pkg-info>\n",
                        item->identifier, files);
}

static const char *base64(struct arena *a, struct bytes content)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buf b = {.arena = a};

    for (size_t i = 0; i < content.n; i += 3) {
        size_t left = content.n - i;
        uint32_t v = (uint32_t)content.p[i] << 16;

        v |= left > 1 ? (uint32_t)content.p[i + 1] << 8 : 0;
        v |= left > 2 ? content.p[i + 2] : 0;
        buf_byte(&b, (uint8_t)digits[v >> 18]);
        buf_byte(&b, (uint8_t)digits[v >> 12 & 63]);
        buf_byte(&b, left > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
        buf_byte(&b, left > 2 ? (uint8_t)digits[v & 63] : '=');
    }
    return buf_cstr(&b);
}

static void put_signature(struct buf *b, const struct package *p, const char *element,
                          const char *style)
{
    const struct identity *id = p->item->signer;
    bool rsa = strcmp(style, "RSA") == 0;

    buf_printf(b, "  <%s style=\"%s\">\n   <offset>%u</offset>\n   <size>%u</size>\n", element,
               style, rsa ? CHECKSUM_SIZE : CHECKSUM_SIZE + RSA_SIZE, rsa ? RSA_SIZE : CMS_SIZE);
    buf_str(b, "   <KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\n    <X509Data>\n");
    for (size_t i = 0; i < id->count; i++)
        buf_printf(b, "     <X509Certificate>%s</X509Certificate>\n",
                   base64(p->f->a, id->chain[i].der));
    buf_printf(b, "    </X509Data>\n   </KeyInfo>\n  </%s>\n", element);
}

static void put_part(struct buf *b, const struct package *p, size_t i)
{
    const struct part *part = &p->parts[i];
    struct arena *a = p->f->a;
    const char *sum = bytes_hex(a, digest_bytes(a, DIGEST_SHA1, part->content));

    buf_printf(b,
               "  <file id=\"%zu\">\n   <name>%s</name>\n   <type>file</type>\n   <data>\n"
               "    <length>%zu</length>\n    <offset>%zu</offset>\n    <size>%zu</size>\n"
               "    <encoding style=\"application/octet-stream\"/>\n"
               "    <archived-checksum style=\"sha1\">%s</archived-checksum>\n"
               "    <extracted-checksum style=\"sha1\">%s</extracted-checksum>\n"
               "   </data>\n  </file>\n",
               i + 1, part->name, part->content.n, part->offset, part->content.n, sum, sum);
}

/* The table of contents; it names places in the heap, not their content, so it can be written first. */
static struct bytes contents(const struct package *p)
{
    struct buf b = {.arena = p->f->a};

    buf_printf(&b,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xar>\n <toc>\n"
               "  <creation-time>2025-12-16T12:00:00</creation-time>\n"
               "  <checksum style=\"sha1\">\n   <offset>0</offset>\n   <size>%u</size>\n"
               "  </checksum>\n",
               CHECKSUM_SIZE);
    if (p->item->signer) {
        put_signature(&b, p, "signature", "RSA");
        put_signature(&b, p, "x-signature", "CMS");
    }
    for (size_t i = 0; i < p->count; i++)
        put_part(&b, p, i);
    buf_str(&b, " </toc>\n</xar>\n");
    return buf_bytes(&b);
}

static void add_part(struct package *p, const char *name, struct bytes content)
{
    size_t at =
        p->count ? p->parts[p->count - 1].offset + p->parts[p->count - 1].content.n : p->heap;

    p->parts[p->count++] = (struct part){name, content, at};
}

/* Checksum, and the signatures over it, each at its place. */
static void put_heap(struct buf *b, const struct package *p, struct bytes checksum)
{
    const struct identity *id = p->item->signer;
    struct cms_order order = {.signer = id,
                              .digest = DIGEST_SHA1,
                              .content_type = OID_CMS_DATA,
                              .content = checksum,
                              .has_time = true,
                              .stamped = true};

    buf_put(b, checksum);
    if (id) {
        struct bytes cms = cms_write(p->f->a, &order);

        if (cms.n > CMS_SIZE || !key_is_rsa(id->chain[0].key))
            forge_refuse(p->f, p->item->spec, "a package's signature does not fit its place");
        /* The digest that is signed is that of the checksum: the second of the two variants known. */
        buf_put(b, key_sign(p->f->a, id->chain[0].key, DIGEST_SHA1, checksum));
        buf_put(b, cms);
        buf_zero(b, CMS_SIZE - cms.n);
    }
    for (size_t i = 0; i < p->count; i++)
        buf_put(b, p->parts[i].content);
}

static struct bytes write_package(struct package *p)
{
    struct arena *a = p->f->a;
    struct bytes toc = contents(p), packed = pack_zlib(a, toc);
    struct buf b = {.arena = a};

    p->item->checksum = digest_bytes(a, DIGEST_SHA1, packed);
    buf_str(&b, "xar!");
    buf_be16(&b, XAR_HEADER);
    buf_be16(&b, 1);
    buf_be64(&b, packed.n);
    buf_be64(&b, toc.n);
    buf_be32(&b, 1); /* SHA-1 */
    buf_put(&b, packed);
    put_heap(&b, p, p->item->checksum);
    return buf_bytes(&b);
}

static void make_package(struct forge *f, struct item *item)
{
    struct pack_member_vec members = pack_collect(f, item->path);
    struct package p = {.f = f, .item = item};

    p.heap = CHECKSUM_SIZE + (item->signer ? RSA_SIZE + CMS_SIZE : 0);
    add_part(&p, "PackageInfo", bytes_str(package_info(f, item, members.n)));
    add_part(&p, "Payload", pack_gzip(f->a, pack_cpio(f, &members)));
    make_replace(f, item, write_package(&p));
}

/* Records behind the archive (§9.4): a terminator, then the ticket and its record. */
static void put_record(struct buf *b, unsigned type, size_t size)
{
    buf_str(b, "t8lr");
    buf_put(b, bytes_of("\x01\x00", 2));
    buf_byte(b, (uint8_t)type);
    buf_byte(b, 0);
    buf_le32(b, (uint32_t)size);
    buf_zero(b, 4);
}

static struct bytes stapled_package(struct forge *f, struct bytes file, struct bytes ticket)
{
    struct buf b = {.arena = f->a};

    buf_put(&b, file);
    put_record(&b, 1, 0);
    buf_put(&b, ticket);
    put_record(&b, 2, ticket.n);
    return buf_bytes(&b);
}

/* --- all of them ------------------------------------------------------------------------------------------ */

void container_make(struct forge *f, struct item *item)
{
    if (item->kind == ITEM_PKG) {
        make_package(f, item);
    } else if (item->kind == ITEM_DMG) {
        udif_make(f, item);
    } else {
        struct pack_member_vec members = pack_collect(f, item->path);
        make_replace(f, item, pack_zip(f, &members));
    }
}

void container_sign(struct forge *f, struct item *item)
{
    if (item->kind == ITEM_DMG)
        udif_sign(f, item);
    else if (item->kind == ITEM_ZIP)
        forge_refuse(f, item->spec, "a zip archive cannot be signed");
}

void container_staple(struct forge *f, struct item *item)
{
    struct bytes ticket = ticket_write(f, item);

    if (item->kind == ITEM_PKG)
        make_replace(f, item, stapled_package(f, make_read(f, item->path), ticket));
    else if (item->kind == ITEM_DMG)
        udif_staple(f, item, ticket);
    else
        forge_refuse(f, item->spec, "a zip archive carries no ticket");
}
