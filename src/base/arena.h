/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arena: memory that lives and dies together.
 *
 * Invariants. (1) Allocation never returns NULL: inside arena_run() a failed allocation, or one that passes
 * the byte limit, leaves by one longjmp to arena_run(), which returns DS_NOMEM or DS_LIMIT. (2) What is not
 * arena memory is released before the next allocation or registered with arena_defer(). (3) No longjmp
 * passes through a foreign library's frames: callbacks given to one do not allocate here.
 */
#ifndef DS_BASE_ARENA_H
#define DS_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "base/status.h"

struct arena;

/* A fresh arena. LIMIT is the most bytes it may hold, 0 for no limit. NULL when memory is out. */
struct arena *arena_new(size_t limit);

/* Release everything, deferred releases first, last registered first. NULL is fine. */
void arena_free(struct arena *a);

/*
 * Run WORK(ARG) such that allocations from A may fail: returns what WORK returns, or DS_NOMEM/DS_LIMIT when
 * one did. Calls nest; an allocation outside any run has nowhere to go and is a programming error.
 */
enum ds_status arena_run(struct arena *a, enum ds_status (*work)(void *arg), void *arg);

/* Leave the innermost run with STATUS (used by limits of our own). */
noreturn void arena_fail(struct arena *a, enum ds_status status);

/* N bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);

/* COUNT elements of SIZE bytes, zeroed, overflow-checked. */
void *arena_calloc(struct arena *a, size_t count, size_t size);

#define arena_new_of(a, type)       ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, count, type) ((type *)arena_calloc((a), (count), sizeof(type)))

/* Copies: N bytes (a NUL is added behind them), a C string, formatted text. */
void *arena_copy(struct arena *a, const void *p, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Call RELEASE(P) when A is freed. When the registration itself fails RELEASE(P) is called at once. */
void arena_defer(struct arena *a, void (*release)(void *p), void *p);

/*
 * A child shares A's escape and limit and is freed with A, or earlier with arena_child_free(), which gives
 * its bytes back to the limit: for work whose memory should not pile up.
 */
struct arena *arena_child(struct arena *a);
void arena_child_free(struct arena *child);

/* Bytes held now by A and its children; the highest value seen. */
size_t arena_used(const struct arena *a);
size_t arena_peak(const struct arena *a);

/* Tests: let the N-th allocation from now (1 = the next) of A and its children fail; 0 switches it off. */
void arena_fail_after(struct arena *a, size_t n);

#endif
