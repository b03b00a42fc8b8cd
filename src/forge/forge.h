/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forge: builds what a case describes, as real bytes signed by throwaway identities (case-format.md,
 * static-validation.md §11). It shares no reading code with the readers, only constants, so that a round trip
 * proves something. Nothing depends on a clock, the machine or chance: the same document gives the same bytes.
 */
#ifndef DS_FORGE_FORGE_H
#define DS_FORGE_FORGE_H

#include "base/arena.h"
#include "base/file.h"
#include "base/value.h"
#include "base/when.h"

/* One line of the tree of what was made. */
struct forge_note {
    const char *path; /* in the file system */
    unsigned depth;   /* nesting: 0 for top-level items */
    const char *text; /* "app, com.example.vpn, signed by us (developer-id)" */
};

/* A signer of the case, for answers that name certificates. */
struct forge_signer {
    const char *name;        /* as in `signers` */
    const char *common_name; /* of the leaf */
    const char *sha256;      /* of the leaf certificate, lower-case hex */
};

struct forged {
    struct fs *fs;               /* everything, in memory */
    struct name_vec tops;        /* paths of `code`: "/Example.app" */
    struct name_vec replaced;    /* of `replaces`: "/replaced/Example.app" */
    struct name_vec peers;       /* of `peer`: "/peer/Peer.app" */
    struct name_vec crls, ocsps; /* of `host.crls` and `host.ocsp`: "/revocation/1.crl" */
    struct name_vec profiles;    /* of `host.profiles`: "/profiles/tunnel.provisionprofile" */
    struct value *host; /* `host` with `date` filled in and `revoked` as SHA-256 of leaves */
    int64_t signed_at;  /* the signing day */
    struct forge_note_vec VEC_OF(struct forge_note) notes; /* parents before what they contain */
    struct forge_signer_vec VEC_OF(struct forge_signer) signers;
};

#define FORGE_REPLACED   "/replaced"
#define FORGE_PEER       "/peer"
#define FORGE_REVOCATION "/revocation"
#define FORGE_PROFILES   "/profiles"

/*
 * Build DOC (a document of case_read). Everything is made in A, inside arena_run(). DS_PARSE with *ERROR when
 * the document asks for what cannot be made.
 */
enum ds_status forge_build(struct arena *a, const struct value *doc, struct forged *out,
                           struct value_error *error);

#endif
