/* SPDX-License-Identifier: Apache-2.0 */
/* Ticket write: see ticket_write.h. All integers are little-endian. */
#include "forge/ticket_write.h"

#include "base/text.h"
#include "forge/container.h"

#define TICKET_SIGNATURE 72u
#define ENTRY_SHA1       1u
#define ENTRY_SHA256     2u

/* The chosen cdhash of ITEM and of all inside it. */
static void list_hashes(struct arena *a, const struct item *item, struct der_list *out)
{
    if (item->cdhash.n)
        vec_push(a, out, item->cdhash);
    for (size_t i = 0; i < item->cdhashes.n; i++)
        if (!bytes_equal(item->cdhashes.at[i], item->cdhash))
            vec_push(a, out, item->cdhashes.at[i]);
    for (size_t i = 0; i < item->children.n; i++)
        list_hashes(a, item->children.at[i], out);
}

static struct bytes signed_list(struct forge *f, const struct item *item)
{
    struct buf b = {.arena = f->a};
    struct der_list hashes = {0};

    list_hashes(f->a, item, &hashes);
    buf_str(&b, "g8tk");
    buf_put(&b, bytes_of("\x02\x00\x14\x00", 4)); /* version 2, hashes of 20 bytes */
    buf_le32(&b, (uint32_t)hashes.n + (item->checksum.n ? 1 : 0));
    buf_le32(&b, 0);
    buf_le64(&b, (uint64_t)f->signed_at);
    if (item->checksum.n) {
        buf_byte(&b, ENTRY_SHA1);
        buf_put(&b, item->checksum);
    }
    for (size_t i = 0; i < hashes.n; i++) {
        buf_byte(&b, ENTRY_SHA256);
        buf_put(&b, hashes.at[i]);
    }
    return buf_bytes(&b);
}

/* The root comes along: readers cannot know it, as they know Apple's. */
static struct bytes certificate_bag(struct arena *a, const struct identity *signer)
{
    return DER(a, TAG_SEQUENCE, signer->chain[0].der, signer->chain[1].der, signer->chain[2].der);
}

struct bytes ticket_write(struct forge *f, const struct item *item)
{
    struct identity *signer = identity_service(&f->pki, SERVICE_TICKET);
    struct bytes bag = certificate_bag(f->a, signer), list = signed_list(f, item), signature;
    struct buf b = {.arena = f->a};

    buf_str(&b, "s8ch");
    buf_le32(&b, 1);
    buf_le32(&b, (uint32_t)bag.n);
    buf_le32(&b, (uint32_t)list.n);
    buf_put(&b, bag);
    buf_put(&b, list);
    signature = key_sign(f->a, signer->chain[0].key, DIGEST_SHA256, buf_bytes(&b));
    buf_put(&b, signature);
    buf_zero(&b, signature.n < TICKET_SIGNATURE ? TICKET_SIGNATURE - signature.n : 0);
    return buf_bytes(&b);
}

void ticket_staple(struct forge *f, struct item *item)
{
    const char *path = path_join(f->a, item->base, "CodeResources");

    if (item->row->shape == SHAPE_ARCHIVE) {
        container_staple(f, item);
        return;
    }
    if (item->row->shape != SHAPE_BUNDLE)
        forge_refuse(f, item->spec, "a %s carries no ticket", item->row->word);
    forge_wrote(f, fs_add_file(f->fs, path, 0644, ticket_write(f, item)), path);
}
