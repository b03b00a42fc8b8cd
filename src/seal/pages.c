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

static bool page_holds(const struct hashing *h, uint32_t i)
{
    struct bytes page = page_at(h, i);
    uint8_t digest[DIGEST_MAX];
    for (size_t k = 0; k < h->usable_count; k++) {
        const struct codedir *cd = h->usable[k];
        size_t n = digest_of((enum digest_type)cd->hash_type, page, digest);
        if (i >= cd->code_slots || !codedir_matches(cd, i, bytes_of(digest, n)))
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
    struct hashing *h = arg;
    for (;;) {
        unsigned from = atomic_fetch_add(&h->next, PAGES_PER_TURN);
        if (from >= h->chosen->code_slots || from > atomic_load(&h->first_bad))
            return NULL;
        for (unsigned i = from; i < from + PAGES_PER_TURN && i < h->chosen->code_slots; i++)
            if (!page_holds(h, i)) {
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

/* This thread works too; a thread that cannot be made is not missed. */
static void hash_all(struct hashing *h, unsigned threads)
{
    pthread_t thread[THREADS_MOST];
    unsigned started = 0;
    while (started + 1 < threads && pthread_create(&thread[started], NULL, hash_pages, h) == 0)
        started++;
    hash_pages(h);
    while (started > 0)
        pthread_join(thread[--started], NULL);
}

bool pages_check(struct core *c, struct signature *sig)
{
    struct hashing h = {.code = c->code, .chosen = sig->chosen};
    atomic_init(&h.next, 0);
    atomic_init(&h.first_bad, UINT32_MAX);
    for (size_t i = 0; i < sig->directory_count; i++)
        if (codedir_rank(sig->directories[i].hash_type) && h.usable_count < 4)
            h.usable[h.usable_count++] = &sig->directories[i];
    hash_all(&h, thread_count(c, sig->chosen));
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
