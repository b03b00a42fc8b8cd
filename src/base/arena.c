/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: see arena.h for the invariants. Blocks are malloc'ed and chained; a block serves small requests
 * by bumping a pointer, a large request gets a block of its own. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16 << 10)
#define ALIGN       _Alignof(max_align_t)

struct block {
    struct block *next;
    size_t size; /* usable bytes */
    size_t used;
    _Alignas(max_align_t) unsigned char data[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *p);
    void *p;
};

/* What a root arena and all its children share. */
struct arena_root {
    jmp_buf *escape;
    enum ds_status why;
    size_t limit, used, peak;
    size_t fail_in; /* tests: allocations until the failing one, 0 = off */
};

struct arena {
    struct arena_root *root;
    struct arena_root own; /* used by a root arena */
    struct block *blocks;
    struct deferred *deferred;
    struct arena *parent, *child, *prev, *next; /* children form a list */
};

struct arena *arena_new(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->root = &a->own;
    a->own.limit = limit;
    return a;
}

static void release_all(struct arena *a)
{
    while (a->child)
        arena_child_free(a->child);
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->next;
        d->release(d->p);
        free(d);
    }
    while (a->blocks) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        a->root->used -= b->size;
        free(b);
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    release_all(a);
    free(a);
}

enum ds_status arena_run(struct arena *a, enum ds_status (*work)(void *arg), void *arg)
{
    jmp_buf here;
    jmp_buf *volatile outer = a->root->escape;
    struct arena *volatile self = a;
    enum ds_status status;

    a->root->escape = &here;
    if (setjmp(here) == 0)
        status = work(arg);
    else
        status = self->root->why;
    self->root->escape = outer;
    return status;
}

noreturn void arena_fail(struct arena *a, enum ds_status status)
{
    a->root->why = status;
    if (a->root->escape)
        longjmp(*a->root->escape, 1);
    /* Outside a run: a programming error, and going on would only hide it. */
    __builtin_trap();
}

static void count_allocation(struct arena *a)
{
    struct arena_root *r = a->root;
    if (r->fail_in != 0 && --r->fail_in == 0)
        arena_fail(a, DS_NOMEM);
}

static struct block *block_new(struct arena *a, size_t n)
{
    struct arena_root *r = a->root;
    size_t size = n > BLOCK_BYTES / 4 ? n : BLOCK_BYTES;
    if (r->limit != 0 && (size > r->limit || r->used > r->limit - size))
        arena_fail(a, DS_LIMIT);
    struct block *b = size <= SIZE_MAX - sizeof *b ? malloc(sizeof *b + size) : NULL;
    if (!b)
        arena_fail(a, DS_NOMEM);
    b->size = size;
    b->used = 0;
    r->used += size;
    if (r->used > r->peak)
        r->peak = r->used;
    /* A block made for one large request goes behind the current one, which still has room. */
    if (a->blocks && size == n) {
        b->next = a->blocks->next;
        a->blocks->next = b;
        return b;
    }
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

/* N bytes, not zeroed. */
static void *alloc_raw(struct arena *a, size_t n)
{
    count_allocation(a);
    if (n > SIZE_MAX - ALIGN)
        arena_fail(a, DS_NOMEM);
    n = (n + ALIGN - 1) & ~(ALIGN - 1);
    struct block *b = a->blocks;
    if (!b || b->size - b->used < n)
        b = block_new(a, n);
    void *p = b->data + b->used;
    b->used += n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = alloc_raw(a, n ? n : 1);
    memset(p, 0, n);
    return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        arena_fail(a, DS_NOMEM);
    return arena_alloc(a, count * size);
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
    if (n == SIZE_MAX)
        arena_fail(a, DS_NOMEM);
    char *copy = alloc_raw(a, n + 1);
    if (n)
        memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_copy(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    return arena_copy(a, s, strnlen(s, n));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        arena_fail(a, DS_NOMEM);
    char *s = alloc_raw(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

/* The record is malloc'ed so that its failure can release P before the escape. */
void arena_defer(struct arena *a, void (*release)(void *p), void *p)
{
    struct arena_root *r = a->root;
    struct deferred *d = r->fail_in == 1 ? NULL : malloc(sizeof *d);
    if (!d) {
        release(p);
        arena_fail(a, DS_NOMEM);
    }
    if (r->fail_in != 0)
        r->fail_in--;
    d->release = release;
    d->p = p;
    d->next = a->deferred;
    a->deferred = d;
}

struct arena *arena_child(struct arena *a)
{
    count_allocation(a);
    struct arena *c = calloc(1, sizeof *c);
    if (!c)
        arena_fail(a, DS_NOMEM);
    c->root = a->root;
    c->parent = a;
    c->next = a->child;
    if (a->child)
        a->child->prev = c;
    a->child = c;
    return c;
}

void arena_child_free(struct arena *child)
{
    if (!child)
        return;
    release_all(child);
    if (child->prev)
        child->prev->next = child->next;
    else if (child->parent)
        child->parent->child = child->next;
    if (child->next)
        child->next->prev = child->prev;
    free(child);
}

size_t arena_used(const struct arena *a)
{
    return a->root->used;
}

size_t arena_peak(const struct arena *a)
{
    return a->root->peak;
}

void arena_fail_after(struct arena *a, size_t n)
{
    a->root->fail_in = n;
}
