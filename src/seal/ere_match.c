/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ere, second half: running the automaton (ere.h). A set of instructions is followed byte by byte; each set
 * met becomes a state whose transitions are remembered, until the cache is full and starts anew.
 */
#include "seal/ere.h"

#include "seal/ere_program.h"

/* What is known of the place between two bytes. */
struct here {
    bool begin, end;
    bool settled; /* `end` is known; otherwise END instructions wait */
    bool word_before, word_after;
};

static bool is_word(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || (uint8_t)(c - '0') < 10 || c == '_';
}

static bool word_holds(unsigned kind, const struct here *h)
{
    switch (kind) {
    case ERE_WORD_START: return !h->word_before && h->word_after;
    case ERE_WORD_STOP: return h->word_before && !h->word_after;
    case ERE_WORD_EDGE: return h->word_before != h->word_after;
    default: return h->word_before == h->word_after;
    }
}

static void push(struct ere *e, size_t *top, uint16_t at)
{
    if (e->mark[at] == e->marking)
        return;
    e->mark[at] = e->marking;
    e->stack[(*top)++] = at;
}

/* Follow one instruction: pushes its successors, lists it when it waits. */
static void follow(struct ere *e, size_t *top, uint16_t at, const struct here *h)
{
    const struct ere_code *c = &e->code[at];
    switch (c->op) {
    case ERE_SPLIT:
        push(e, top, c->x);
        push(e, top, c->y);
        return;
    case ERE_JUMP: push(e, top, c->x); return;
    case ERE_BEGIN:
        if (h->begin)
            push(e, top, at + 1);
        return;
    case ERE_WORD:
        if (word_holds(c->x, h))
            push(e, top, at + 1);
        return;
    case ERE_END:
        if (h->settled && h->end)
            push(e, top, at + 1);
        if (!h->settled)
            e->list[e->listed++] = at;
        return;
    default: e->list[e->listed++] = at; return;
    }
}

/* Begin an empty list; everything reachable from AT without a byte is added to it. */
static void closure_open(struct ere *e)
{
    e->listed = 0;
    if (++e->marking == 0) {
        memset(e->mark, 0, e->length * sizeof *e->mark);
        e->marking = 1;
    }
}

static void closure_add(struct ere *e, uint16_t at, const struct here *h)
{
    size_t top = 0;
    push(e, &top, at);
    while (top > 0)
        follow(e, &top, e->stack[--top], h);
}

static bool list_accepts(const struct ere *e)
{
    for (size_t i = 0; i < e->listed; i++)
        if (e->code[e->list[i]].op == ERE_ACCEPT)
            return true;
    return false;
}

/* ---- states ---- */

static uint32_t list_hash(const uint16_t *at, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ at[i]) * 16777619u;
    return h;
}

/* Ascending order: lists are short and nearly sorted. */
static void list_sort(uint16_t *at, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint16_t x = at[i];
        size_t j = i;
        for (; j > 0 && at[j - 1] > x; j--)
            at[j] = at[j - 1];
        at[j] = x;
    }
}

/* Most expressions meet few states, so room for them grows as it is needed. */
static size_t grown(size_t size, size_t first, size_t most)
{
    size_t n = size ? size * 4 : first;
    return n < most ? n : most;
}

static void cache_reset(struct ere *e)
{
    size_t first = 4 * (e->class_count + e->length);
    if (e->state_room < ERE_MAX_STATES) {
        e->state_room = grown(e->state_room, ERE_MAX_STATES / 32, ERE_MAX_STATES);
        e->states = arena_array(e->arena, e->state_room, struct ere_state);
    }
    if (e->pool_size < ERE_POOL) {
        e->pool_size = grown(e->pool_size, first, ERE_POOL);
        e->pool = arena_array(e->arena, e->pool_size, uint16_t);
    }
    e->state_count = 1;
    e->pool_used = 0;
    e->begin = 0;
    e->generation++;
}

static bool accepts_at_end(struct ere *e, const struct ere_state *s)
{
    static const struct here end = {.settled = true, .end = true};
    closure_open(e);
    for (size_t i = 0; i < s->n; i++)
        if (e->code[s->at[i]].op != ERE_SET)
            closure_add(e, s->at[i], &end);
    return list_accepts(e);
}

/* The state of the list just built. */
static uint16_t state_of_list(struct ere *e)
{
    list_sort(e->list, e->listed);
    uint32_t hash = list_hash(e->list, e->listed);
    for (size_t i = 1; i < e->state_count; i++) {
        const struct ere_state *s = &e->states[i];
        if (s->hash == hash && s->n == e->listed &&
            memcmp(s->at, e->list, e->listed * sizeof *e->list) == 0)
            return (uint16_t)i;
    }
    if (e->state_count >= e->state_room || e->pool_used + e->class_count + e->listed > e->pool_size)
        cache_reset(e);
    struct ere_state *s = &e->states[e->state_count];
    uint16_t *at = e->pool + e->pool_used + e->class_count;
    s->next = e->pool + e->pool_used;
    memset(s->next, 0, e->class_count * sizeof *s->next);
    memcpy(at, e->list, e->listed * sizeof *at);
    s->at = at;
    s->n = (uint16_t)e->listed;
    s->hash = hash;
    e->pool_used += e->class_count + e->listed;
    s->accepts = list_accepts(e);
    s->accepts_end = s->accepts || accepts_at_end(e, s);
    return (uint16_t)e->state_count++;
}

static uint16_t state_begin(struct ere *e)
{
    static const struct here start = {.begin = true};
    closure_open(e);
    closure_add(e, 0, &start);
    uint16_t s = state_of_list(e);
    e->begin = s;
    return s;
}

/* The state behind FROM and a byte of CLASS; a match may begin anywhere, so the start is always added. */
static uint16_t state_build(struct ere *e, uint16_t from, uint8_t class)
{
    static const struct here inside = {0};
    const struct ere_state *s = &e->states[from];
    uint8_t byte = e->examples[class];
    closure_open(e);
    for (size_t i = 0; i < s->n; i++) {
        const struct ere_code *c = &e->code[s->at[i]];
        if (c->op == ERE_SET && ere_set_has(&e->sets[c->x], byte))
            closure_add(e, s->at[i] + 1, &inside);
    }
    closure_add(e, 0, &inside);
    uint32_t generation = e->generation;
    uint16_t to = state_of_list(e);
    if (generation == e->generation)
        e->states[from].next[class] = to;
    return to;
}

static bool match_states(struct ere *e, struct bytes text, uint64_t *work)
{
    uint16_t s = e->begin ? e->begin : state_begin(e);
    for (size_t i = 0; i < text.n; i++) {
        const struct ere_state *now = &e->states[s];
        if (now->accepts || now->n == 0) {
            *work += i;
            return now->accepts;
        }
        uint8_t class = e->classes[text.p[i]];
        s = now->next[class];
        if (s == 0) {
            s = state_build(e, (uint16_t)(now - e->states), class);
            *work += 8 * e->length;
        }
    }
    *work += text.n;
    return e->states[s].accepts_end;
}

/* With word assertions: the sets themselves, since both neighbours of a place must be known. */
static bool match_lists(struct ere *e, struct bytes text, uint64_t *work)
{
    size_t n = 0;
    for (size_t i = 0; i <= text.n; i++) {
        struct here h = {.begin = i == 0, .settled = true, .end = i == text.n};
        h.word_before = i > 0 && is_word(text.p[i - 1]);
        h.word_after = i < text.n && is_word(text.p[i]);
        closure_open(e);
        for (size_t k = 0; k < n; k++) {
            const struct ere_code *c = &e->code[e->other[k]];
            if (c->op == ERE_SET && ere_set_has(&e->sets[c->x], text.p[i - 1]))
                closure_add(e, e->other[k] + 1, &h);
        }
        closure_add(e, 0, &h);
        *work += 8 * e->length;
        if (list_accepts(e))
            return true;
        uint16_t *swap = e->other;
        e->other = e->list;
        e->list = swap;
        n = e->listed;
    }
    return false;
}

bool ere_match(struct ere *ere, struct bytes text, uint64_t *work)
{
    /* The empty text is begin and end at once, which states do not express. */
    if (ere->has_words || text.n == 0)
        return match_lists(ere, text, work);
    return match_states(ere, text, work);
}
