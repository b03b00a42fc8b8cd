/* SPDX-License-Identifier: Apache-2.0 */
/* CMS write: SignedData as code signatures, time stamps and profiles use it (RFC 5652, static-validation.md §11.4). */
#ifndef DS_FORGE_CMS_WRITE_H
#define DS_FORGE_CMS_WRITE_H

#include "forge/pki.h"

enum cms_odd {
#define CMS_ODD(id, word) CMS_ODD_##id,
#include "forge/cms_odd.def"
#undef CMS_ODD
    CMS_ODD_COUNT
};
/* The one that WORD (NULL: ok) names. */
enum cms_odd cms_odd_named(const char *word);

struct cms_order {
    const struct identity *signer;
    enum digest_type digest;
    enum oid_id content_type;
    struct bytes content;
    bool attached;           /* the content goes inside */
    struct bytes shown;      /* what goes inside instead of what was signed, p NULL: the same */
    bool has_time;           /* a signingTime attribute */
    struct der_list between; /* signed attributes between messageDigest and the end, whole */
    bool stamped;            /* with a time stamp when the signer has one */
    enum cms_odd odd;        /* how it is to differ from a sound message */
};

/* A ContentInfo of one SignedData. */
struct bytes cms_write(struct arena *a, const struct cms_order *order);

/* An attribute: SEQUENCE { OID, SET { VALUES } }, values in the order given. */
struct bytes cms_attribute(struct arena *a, enum oid_id id, const struct der_list *values);

#endif
