/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages: every code page against every directory of a usable type (static-validation.md §4.6). Page size, number and
 * limit come from the chosen directory alone; each page is read once and hashed for all of them. Several threads
 * share the pages of a large file; they allocate nothing.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "seal/core.h"

#define PAGES_PER_TURN       64
#define THREADS_MOST         16
#define BYTES_WORTH_A_THREAD (4u << 20)

struct hashing {
    struct bytes code;
    const struct codedir *chosen;
    const struct codedir *usable[4];
    size_t usable_count;
    atomic_uint next;      /* first page nobody has taken */
    atomic_uint first_bad; /* lowest page that differs, UINT_MAX: none */
};

/* One thread's own. */
struct worker {
    struct hashing *h;
    struct digester *digester[4]; /* of usable[…]; made beforehand: threads allocate nothing */
};

static uint64_t page_bytes(const struct codedir *cd)
{
    return cd->page_shift ? (uint64_t)1 << cd->page_shift : cd->code_limit;
}

/* Page I as it is on disk; shorter at the limit and at the end of the file. */
static struct bytes page_at(const struct hashing *h, uint32_t i)
{
    uint64_t size = page_bytes(h->chosen), start = size * i, end = start + size;
    if (end > h->chosen->code_limit)
        end = h->chosen->code_limit;
    if (end > h->code.n)
        end = h->code.n;
    return start < end ? bytes_of(h->code.p + start, (size_t)(end - start))
                       : bytes_of(h->code.p, 0);
}

static bool page_holds(const struct worker *w, uint32_t i)
{
    struct bytes page = page_at(w->h, i);
    uint8_t digest[DIGEST_MAX];
    for (size_t k = 0; k < w->h->usable_count; k++) {
        const struct codedir *cd = w->h->usable[k];
        digester_begin(w->digester[k]);
        digester_update(w->digester[k], page);
        size_t n = digester_finish(w->digester[k], digest);
        if (n == 0 || i >= cd->code_slots || !codedir_matches(cd, i, bytes_of(digest, n)))
            return false;
    }
    return true;
}

static void lower(atomic_uint *least, unsigned value)
{
    unsigned now = atomic_load(least);
    while (value < now && !atomic_compare_exchange_weak(least, &now, value)) {
    }
}

static void *hash_pages(void *arg)
{
    const struct worker *w = arg;
    struct hashing *h = w->h;
    for (;;) {
        unsigned from = atomic_fetch_add(&h->next, PAGES_PER_TURN);
        if (from >= h->chosen->code_slots || from > atomic_load(&h->first_bad))
            return NULL;
        for (unsigned i = from; i < from + PAGES_PER_TURN && i < h->chosen->code_slots; i++)
            if (!page_holds(w, i)) {
                lower(&h->first_bad, i);
                break;
            }
    }
}

static unsigned thread_count(const struct core *c, const struct codedir *cd)
{
    uint64_t worth = cd->code_limit / BYTES_WORTH_A_THREAD + 1;
    long processors =
        c->options->threads ? (long)c->options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t n = processors > 0 ? (uint64_t)processors : 1;
    n = n < worth ? n : worth;
    return n < THREADS_MOST ? (unsigned)n : THREADS_MOST;
}

static struct worker *make_workers(struct arena *a, struct hashing *h, unsigned n)
{
    struct worker *workers = arena_array(a, n, struct worker);
    for (unsigned i = 0; i < n; i++) {
        workers[i].h = h;
        for (size_t k = 0; k < h->usable_count; k++)
            workers[i].digester[k] = digester_new(a, (enum digest_type)h->usable[k]->hash_type);
    }
    return workers;
}

/* This thread works too; a thread that cannot be made is not missed. */
static void hash_all(struct arena *a, struct hashing *h, unsigned threads)
{
    pthread_t thread[THREADS_MOST];
    struct arena *scratch = arena_child(a);
    struct worker *workers = make_workers(scratch, h, threads);
    unsigned started = 0;
    while (started + 1 < threads &&
           pthread_create(&thread[started], NULL, hash_pages, &workers[started + 1]) == 0)
        started++;
    hash_pages(&workers[0]);
    while (started > 0)
        pthread_join(thread[--started], NULL);
    arena_child_free(scratch);
}

bool pages_check(struct core *c, struct signature *sig)
{
    struct hashing h = {.code = c->code, .chosen = sig->chosen};
    atomic_init(&h.next, 0);
    atomic_init(&h.first_bad, UINT32_MAX);
    for (size_t i = 0; i < sig->directory_count; i++)
        if (codedir_rank(sig->directories[i].hash_type) && h.usable_count < 4)
            h.usable[h.usable_count++] = &sig->directories[i];
    hash_all(c->a, &h, thread_count(c, sig->chosen));
    uint32_t bad = atomic_load(&h.first_bad);
    if (bad == UINT32_MAX)
        return true;
    struct place at = c->at;
    at.offset = (int64_t)(c->code_offset + page_bytes(sig->chosen) * bad);
    if (c->slice) {
        c->slice->page_mismatch = true;
        c->slice->first_bad_page = bad;
    }
    finding_add(c->f, FINDING_CD_PAGE_HASH, at, "page %u at offset 0x%llx (of %u pages) differs",
                bad, (unsigned long long)at.offset, sig->chosen->code_slots);
    return false;
}
