/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generate: requirements at random, by seed, for people who fuzz: texts of the grammar with a liking for its quirks,
 * the same with damage, and binary programs with and without sense. The same seed gives the same output everywhere.
 */
#ifndef DS_LANG_GENERATE_H
#define DS_LANG_GENERATE_H

#include "base/buf.h"

struct generator {
    struct arena *a;
    uint64_t state;
};

/* The generator of output NUMBER of SEED: each can be made alone. */
struct generator generator_of(struct arena *a, uint64_t seed, uint64_t number);
uint32_t generator_below(struct generator *g, uint32_t n);

/* A text that compiles (files in it aside): one requirement, sometimes a set. */
struct bytes generate_text(struct generator *g);
/* TEXT, damaged in one to three places. */
struct bytes generate_damage(struct generator *g, struct bytes text);
/* A binary: mostly well formed, with opcodes and operands that no compiler makes. */
struct bytes generate_binary(struct generator *g);

#endif
