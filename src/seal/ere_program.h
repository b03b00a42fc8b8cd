/* SPDX-License-Identifier: Apache-2.0 */
/* The automaton between ere_compile.c, which writes it, and ere_match.c, which runs it (ere.h). */
#ifndef DS_SEAL_ERE_PROGRAM_H
#define DS_SEAL_ERE_PROGRAM_H

#include "base/arena.h"
#include "base/bytes.h"

enum ere_op {
    ERE_SET,   /* one byte of set `x`, then the next instruction */
    ERE_SPLIT, /* both `x` and `y` */
    ERE_JUMP,  /* `x` */
    ERE_BEGIN, /* only at the start of the text */
    ERE_END,   /* only at its end */
    ERE_WORD,  /* word boundary of kind `x` (enum ere_word) */
    ERE_ACCEPT,
};

enum ere_word { ERE_WORD_START = 1, ERE_WORD_STOP = 2, ERE_WORD_EDGE = 3, ERE_WORD_INSIDE = 4 };

struct ere_code {
    uint8_t op;
    uint16_t x, y;
};

struct ere_set { /* 256 bits */
    uint32_t bits[8];
};

/* One state of the deterministic automaton: a set of instructions that wait for a byte or for the end. */
struct ere_state {
    uint16_t *next; /* by byte class; 0: not yet known */
    const uint16_t *at;
    uint16_t n;
    uint32_t hash;
    bool accepts;     /* already matched */
    bool accepts_end; /* matches when the text ends here */
};

struct ere {
    struct arena *arena;
    struct ere_code *code;
    size_t length;
    struct ere_set *sets;
    size_t set_count;
    bool has_words; /* word assertions: no deterministic form */

    uint8_t classes[256];  /* bytes that no set tells apart share a class */
    uint8_t examples[256]; /* a byte of each class */
    size_t class_count;

    struct ere_state *states; /* states[0] is not used */
    uint16_t *pool;           /* memory of the states' arrays */
    size_t state_count, state_room, pool_used, pool_size;
    uint32_t generation; /* grows when the cache is emptied */
    uint16_t begin;      /* state before the first byte, 0: not yet built */

    uint16_t *list, *other; /* scratch: two sets of instructions, as lists */
    size_t listed;
    uint32_t *mark; /* visited in the closure with this number */
    uint32_t marking;
    uint16_t *stack;
};

/* Limits of one expression: instructions, states kept, 16-bit words of state memory. */
#define ERE_MAX_CODE   4096
#define ERE_MAX_STATES 512
#define ERE_POOL       65536

static inline bool ere_set_has(const struct ere_set *s, uint8_t byte)
{
    return s->bits[byte >> 5] >> (byte & 31) & 1;
}

static inline void ere_set_add(struct ere_set *s, uint8_t byte)
{
    s->bits[byte >> 5] |= 1u << (byte & 31);
}

#endif
