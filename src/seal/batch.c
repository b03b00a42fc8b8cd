/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batch: sealed files hashed together. One thread opens the files of a batch, then all take turns at hashing them, each
 * file once for every digest type; the results come out in the order of the scan. Nothing is allocated by the others.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/text.h"
#include "seal/resources.h"

#define BATCH_FILES  512
#define BATCH_BYTES  ((uint64_t)64 << 20)
#define THREADS_MOST 16
#define THREAD_BYTES ((uint64_t)1 << 20) /* less is not worth a thread */

struct turns {
    struct batch *batch;
    atomic_size_t next;
};

/* Read once, for the seal and for the search of code. */
static void hash_one(struct wanted *w)
{
    uint8_t digest[DIGEST_MAX];
    w->item->hashed = w->error == 0;
    w->item->macho = macho_sniff(w->content) == MACHO_YES;
    for (size_t i = 0; i < w->count && w->error == 0; i++) {
        size_t n = digest_of(w->type[i], w->content, digest);
        if (n == 0 || w->hash[i].n < n ||
            !bytes_equal(bytes_of(digest, n), bytes_of(w->hash[i].p, n)))
            w->differs = true;
    }
}

static void *hash_turns(void *arg)
{
    struct turns *t = arg;
    size_t i;
    while ((i = atomic_fetch_add(&t->next, 1)) < t->batch->list.n)
        hash_one(&t->batch->list.at[i]);
    return NULL;
}

static size_t thread_count(const struct batch *b)
{
    unsigned wanted = b->r->options->threads;
    long processors = wanted ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = processors > 0 ? (size_t)processors : 1, worth = b->bytes / THREAD_BYTES + 1;
    n = n < worth ? n : worth;
    return n < THREADS_MOST ? n : THREADS_MOST;
}

static void hash_all(struct batch *b)
{
    pthread_t thread[THREADS_MOST];
    size_t started = 0, threads = thread_count(b);
    struct turns turns = {.batch = b};
    atomic_init(&turns.next, 0);
    while (started + 1 < threads && pthread_create(&thread[started], NULL, hash_turns, &turns) == 0)
        started++;
    hash_turns(&turns);
    while (started > 0)
        pthread_join(thread[--started], NULL);
}

static void open_file(struct batch *b, struct arena *a, struct wanted *w)
{
    const char *path = path_join(a, b->base, (const char *)w->item->path.p);
    if (fs_map(b->r->fs, a, path, &w->content, &w->error) == DS_OK)
        w->error = 0;
    else if (w->error == 0)
        w->error = EIO;
}

void batch_flush(struct batch *b)
{
    struct arena *a = arena_child(b->r->a);
    for (size_t i = 0; i < b->list.n; i++)
        open_file(b, a, &b->list.at[i]);
    hash_all(b);
    arena_child_free(a);
    for (size_t i = 0; i < b->list.n; i++)
        b->take(b->self, &b->list.at[i]);
    b->list.n = 0;
    b->bytes = 0;
}

void batch_add(struct batch *b, const struct wanted *w)
{
    vec_push(b->r->a, &b->list, *w);
    b->bytes += w->size;
    if (b->list.n >= BATCH_FILES || b->bytes >= BATCH_BYTES)
        batch_flush(b);
}
