/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Xar: flat installer packages (static-validation.md §C.1), and what is written behind them (§9.4, appendix A.3).
 *
 *      0  "xar!"   u16 header size   u16 version 1   u64 compressed size of the table   u64 plain size   u32 checksum
 *     then the table of contents, zlib-compressed XML, then the heap; offsets in the table count from the heap.
 *
 * The checksum, over the compressed table, stands in the heap and is what the two signatures sign; members are bound
 * through their checksums in the table.
 */
#ifndef DS_FORMAT_XAR_H
#define DS_FORMAT_XAR_H

#include "crypto/cms.h"
#include "crypto/digest.h"

struct xar_part { /* of the heap */
    bool present;
    struct bytes data;
};

struct xar_signature {
    bool present;
    struct bytes data;
    struct cms_cert_vec certs; /* as listed in the table, leaf first */
};

struct xar_file {
    const char *path; /* of the member, "a/b" */
    bool is_dir;
    const char *link; /* of a symbolic link, NULL */
    uint32_t mode;
    bool has_data;
    struct bytes archived; /* bytes in the heap */
    uint64_t size;         /* of the plain content */
    const char *encoding;  /* "application/x-gzip", "application/octet-stream" … */
    enum digest_type archived_digest;
    struct bytes archived_checksum; /* {NULL,0} when the table has none */
};
struct xar_file_vec VEC_OF(struct xar_file);

struct xar {
    struct bytes table;      /* compressed */
    enum digest_type digest; /* of the checksum */
    struct bytes checksum;   /* as stored in the heap */
    struct xar_signature rsa, cms;
    struct xar_file_vec files; /* in the order of the table, folders before what is in them */
    struct bytes ticket;       /* behind the heap; {NULL,0} when there is none */
};

bool xar_sniff(struct bytes file);

/* Take FILE apart; false with *WHY when it is no readable xar. */
bool xar_parse(struct arena *a, struct bytes file, struct xar *out, const char **why);

/* The table has the stored checksum; the member's bytes have theirs (true when the table has none for it). */
bool xar_table_holds(const struct xar *x);
bool xar_file_holds(const struct xar_file *file);

/* Its plain content, of at most MOST bytes; false when it cannot be expanded. */
bool xar_file_content(struct arena *a, const struct xar_file *file, uint64_t most,
                      struct bytes *out);

/* The ticket of appendix A.3, found from the end of FILE; {NULL,0} when there is none. */
struct bytes xar_find_ticket(struct bytes file);

#endif
