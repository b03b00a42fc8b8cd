/* SPDX-License-Identifier: Apache-2.0 */
/* Profile: see profile.h. */
#include "seal/profile.h"

#include "base/limits.h"
#include "crypto/chain.h"
#include "format/plist.h"
#include "format/profile_der.h"

/* One of the two CMS layers. */
struct envelope {
    struct cms cms;
    bool is_cms, valid;
    struct chain chain; /* without certificates when the signer's is missing */
    enum anchor anchor;
    const char *why; /* it is no CMS, or its signature does not hold */
};

/* Dates are left to the judge; any other fault of the chain leaves it without an anchor. */
static void climb(struct arena *a, bool allow_test_root, struct envelope *e)
{
    struct chain_options options = {.purpose = CHAIN_FOR_ANY, .when = WHEN_NONE};
    if (!e->cms.signer)
        return;
    chain_build(a, e->cms.signer, &e->cms.certs, &options, &e->chain);
    bool counts =
        e->chain.fault == CHAIN_GOOD && (e->chain.anchor != ANCHOR_TEST || allow_test_root);
    e->anchor = counts ? e->chain.anchor : ANCHOR_NONE;
}

static void open_envelope(struct arena *a, struct bytes der, bool allow_test_root,
                          struct envelope *out)
{
    *out = (struct envelope){.anchor = ANCHOR_NONE};
    if (!cms_parse(a, der, &out->cms, &out->why))
        return;
    out->is_cms = out->cms.has_content;
    if (!out->is_cms) {
        out->why = "its content is not attached";
        return;
    }
    out->valid = cms_check(a, &out->cms, out->cms.content, OID_CMS_DATA, &out->why) == CMS_GOOD;
    climb(a, allow_test_root, out);
}

/* DER-Encoded-Profile: a second envelope around the same facts. */
static void read_der(struct arena *a, bool allow_test_root, struct profile *out)
{
    const struct value *data = value_get(out->plist, PROFILE_DER_KEY);
    struct envelope e;
    struct profile_der der;
    out->has_der = data != NULL;
    if (!value_is(data, VALUE_DATA)) {
        out->der_error = data ? "it is no data" : NULL;
        return;
    }
    open_envelope(a, data->bytes, allow_test_root, &e);
    out->der_signature_valid = e.valid;
    out->der_anchor = e.anchor;
    out->der_error = e.why;
    if (!e.is_cms)
        return;
    if (!profile_der_parse(a, e.cms.content, &der) && !out->der_error)
        out->der_error = der.fault;
    out->der = der.dict;
    if (der.dict)
        profile_differences(a, out->plist, der.dict, &out->der_differences);
    out->der_differs = out->der_differences.n != 0;
}

static void read_plist(struct arena *a, struct bytes text, struct profile *out)
{
    struct plist_error error;
    struct value *plist = plist_parse(a, text, &error);
    if (value_is(plist, VALUE_DICT))
        out->plist = plist;
    else if (!out->error)
        out->error = plist ? "its content is no dictionary" : error.message;
}

void profile_read(struct arena *a, struct bytes file, bool allow_test_root, struct profile *out)
{
    struct envelope e;
    *out = (struct profile){.raw = file};
    if (file.n > LIMIT_PROFILE) {
        out->error = "it is larger than this program reads";
        return;
    }
    open_envelope(a, file, allow_test_root, &e);
    out->is_cms = e.is_cms;
    out->signature_valid = e.valid;
    out->error = e.why;
    out->chain = e.chain.certs;
    out->chain_count = e.chain.n;
    out->anchor = e.anchor;
    out->signed_at = e.is_cms ? cms_signing_time(&e.cms) : WHEN_NONE;
    if (!e.is_cms)
        return;
    read_plist(a, e.cms.content, out);
    if (out->plist)
        read_der(a, allow_test_root, out);
}
