/* SPDX-License-Identifier: Apache-2.0 */
/* Mapper: how coverage.c and its parts put ranges one behind the other. */
#ifndef DS_REPORT_MAPPER_H
#define DS_REPORT_MAPPER_H

#include "report/coverage.h"

struct mapper {
    struct arena *a;
    struct coverage *out;
    struct bytes file;
    uint64_t at; /* all before it is mapped */
};

/* All up to END is RANGE's kind of bytes; nothing when that is mapped already. */
void map_to(struct mapper *m, uint64_t end, struct range range);

/* One piece of a structure, somewhere in the file. */
struct piece {
    struct bytes bytes; /* of the mapper's file; others are left out */
    const char *what, *by;
    enum guard guard;
};
struct piece_vec VEC_OF(struct piece);

/* PIECES, which need no order, within [now, END); what lies between them is of the kind BETWEEN. */
void map_pieces(struct mapper *m, struct piece_vec *pieces, uint64_t end, struct range between);

/* The pieces of a CMS message. PREFIX begins each name. SPARE: the certificates above the leaf are elsewhere, too. */
void cms_pieces(struct mapper *m, struct bytes message, const char *prefix, bool spare,
                struct piece_vec *pieces);

/* The whole file: a flat package; a ticket. */
void map_package(struct mapper *m);
void ticket_pieces(struct mapper *m, struct bytes ticket, struct piece_vec *pieces);

#endif
