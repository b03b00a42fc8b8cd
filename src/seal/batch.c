/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batch: sealed files hashed together. One thread opens the files of a batch, then all take turns at hashing them, each
 * file once for all digest types; the results come out in the order of the scan. Nothing is allocated by the others.
 *
 * A file that lies in a bundle which is sealed as mere files is sealed there as well: what it hashes to is kept, and no file
 * is read twice however many seals list it.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/text.h"
#include "seal/resources.h"

#define BATCH_FILES  512
#define BATCH_BYTES  ((uint64_t)16 << 20)
#define THREAD_BYTES ((uint64_t)1 << 20) /* less is not worth a thread */

/* What a file was found to hash to. */
struct hashed {
    uint64_t identity[3]; /* device, inode and size: the key */
    enum digest_type type[DIGEST_SET_MOST];
    size_t count;
    struct bytes digests;
    bool macho;
};

struct turns {
    struct batch *batch;
    atomic_size_t next;
};

/* One thread's own. */
struct hasher {
    struct turns *turns;
    struct digest_set *set;
};

/* -- files hashed before */

static const struct hashed *find_hashed(struct reader *r, const struct wanted *w)
{
    const uint64_t identity[] = {w->node.device, w->node.inode, w->node.size};
    const struct hashed *h = index_find(&r->hashed, bytes_of(identity, sizeof identity));
    if (!h || h->count != w->count)
        return NULL;
    for (size_t i = 0; i < h->count; i++)
        if (h->type[i] != w->type[i])
            return NULL;
    return h;
}

static void keep_hashed(struct reader *r, const struct wanted *w)
{
    struct hashed *h = arena_new_of(r->a, struct hashed);
    struct bytes key = bytes_of(h->identity, sizeof h->identity);
    h->identity[0] = w->node.device;
    h->identity[1] = w->node.inode;
    h->identity[2] = w->node.size;
    h->count = w->count;
    memcpy(h->type, w->type, sizeof h->type);
    h->digests = bytes_copy(r->a, bytes_of(w->digests, w->digests_size));
    h->macho = w->macho;
    if (!index_find(&r->hashed, key))
        index_add(&r->hashed, key, h);
}

/* -- hashing */

static void hash_one(struct digest_set *set, struct wanted *w)
{
    if (w->error != 0 || w->known)
        return;
    w->macho = macho_sniff(w->content) == MACHO_YES;
    w->digests_size = digest_set_of(set, w->type, w->count, w->content, w->digests);
}

static void *hash_turns(void *arg)
{
    const struct hasher *h = arg;
    struct batch *b = h->turns->batch;
    size_t i;
    while ((i = atomic_fetch_add(&h->turns->next, 1)) < b->list.n)
        hash_one(h->set, &b->list.at[i]);
    return NULL;
}

static size_t thread_count(const struct batch *b)
{
    unsigned wanted = b->r->options->threads;
    long processors = wanted ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = processors > 0 ? (size_t)processors : 1, worth = b->bytes / THREAD_BYTES + 1;
    n = n < worth ? n : worth;
    return n < READER_THREADS ? n : READER_THREADS;
}

/* This thread works too; a thread that cannot be made is not missed. */
static void hash_all(struct batch *b)
{
    pthread_t thread[READER_THREADS];
    struct hasher hashers[READER_THREADS];
    size_t started = 0, threads = thread_count(b);
    struct turns turns = {.batch = b};
    atomic_init(&turns.next, 0);
    for (size_t i = 0; i < threads; i++) {
        if (!b->r->digests[i])
            b->r->digests[i] = digest_set_new(b->r->a);
        hashers[i] = (struct hasher){&turns, b->r->digests[i]};
    }
    while (started + 1 < threads &&
           pthread_create(&thread[started], NULL, hash_turns, &hashers[started + 1]) == 0)
        started++;
    hash_turns(&hashers[0]);
    while (started > 0)
        pthread_join(thread[--started], NULL);
}

/* -- a batch */

static void open_file(struct batch *b, struct arena *a, struct wanted *w)
{
    const char *path = path_join(a, b->base, (const char *)w->item->path.p);
    w->known = find_hashed(b->r, w);
    if (w->known || fs_map(b->r->fs, a, path, &w->content, &w->error) == DS_OK)
        w->error = 0;
    else if (w->error == 0)
        w->error = EIO;
}

/* Compare what the file hashes to with what was sealed. */
static void settle(struct reader *r, struct wanted *w)
{
    const struct hashed *known = w->known;
    struct bytes digests = known ? known->digests : bytes_of(w->digests, w->digests_size);
    w->item->hashed = w->error == 0;
    w->item->macho = known ? known->macho : w->macho;
    if (w->error != 0)
        return;
    w->differs = digests.n == 0;
    for (size_t i = 0, at = 0; i < w->count && !w->differs; i++) {
        size_t n = digest_size(w->type[i]);
        w->differs = w->hash[i].n < n ||
                     !bytes_equal(bytes_of(digests.p + at, n), bytes_of(w->hash[i].p, n));
        at += n;
    }
    if (w->keep && !known && digests.n)
        keep_hashed(r, w);
}

void batch_flush(struct batch *b)
{
    struct arena *a = arena_child(b->r->a);
    for (size_t i = 0; i < b->list.n; i++)
        open_file(b, a, &b->list.at[i]);
    hash_all(b);
    arena_child_free(a);
    for (size_t i = 0; i < b->list.n; i++) {
        settle(b->r, &b->list.at[i]);
        b->take(b->self, &b->list.at[i]);
    }
    b->list.n = 0;
    b->bytes = 0;
}

void batch_add(struct batch *b, const struct wanted *w)
{
    vec_push(b->a, &b->list, *w);
    b->bytes += w->node.size;
    if (b->list.n >= BATCH_FILES || b->bytes >= BATCH_BYTES)
        batch_flush(b);
}
