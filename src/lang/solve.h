/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solve: is there code that satisfies one requirement and not another? The parts without operators are atoms; the
 * atoms that ask about the same thing (a key, an attribute of a certificate) are solved together for a value that
 * gives each its wanted answer. What is found is code thought up (lang/shape.h) on which every atom was evaluated; what
 * is denied was proved; where neither succeeds, or the case is too large, the answer is unknown and never guessed.
 */
#ifndef DS_LANG_SOLVE_H
#define DS_LANG_SOLVE_H

#include "lang/shape.h"
#include "lang/tree.h"

enum solved { SOLVED_NO, SOLVED_YES, SOLVED_UNKNOWN };

struct req_goal {
    const struct req_node *holds; /* NULL: nothing need hold */
    const struct req_node *fails; /* NULL: nothing need fail */
    /* The answer an atom must have, VERDICT_UNDECIDED for any. May be NULL. */
    enum verdict (*want)(void *self, const struct req_node *atom);
    void *self;
};

struct req_solution {
    enum solved solved;
    struct shape *shape; /* SOLVED_YES */
    const char *why_not; /* SOLVED_UNKNOWN: what stood in the way */
};

struct req_solution req_solve(struct arena *a, const struct req_goal *goal);

/* -- Inside the solver (lang/solve_value.c): one thing that atoms ask about. */

struct wanted {
    const struct req_node *atom;
    bool holds;
};
struct wanted_vec VEC_OF(struct wanted);

/* A text that gives each its answer (matches on text). */
enum solved solve_text(struct arena *a, const struct wanted_vec *wanted, struct bytes *out);
/* A date, seconds since 2001; *THERE false: no date at all. IN_CERTIFICATE: whole seconds, and not 0 (§4.5). */
enum solved solve_date(const struct wanted_vec *wanted, bool in_certificate, bool *there,
                       double *out);
/* A value of a dictionary; NULL: the key is absent. */
enum solved solve_value(struct arena *a, const struct wanted_vec *wanted, struct value **out);

#endif
