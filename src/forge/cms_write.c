/* SPDX-License-Identifier: Apache-2.0 */
/* CMS write: see cms_write.h. Attributes are written in the order in which Apple's signer has them. */
#include "forge/cms_write.h"

#include <string.h>

#include "base/buf.h"
#include "base/when.h"

#define SHA224 "2.16.840.1.101.3.4.2.4"

enum cms_odd cms_odd_named(const char *word)
{
    static const char *const words[] = {
#define CMS_ODD(id, word) word,
#include "forge/cms_odd.def"
#undef CMS_ODD
    };
    enum cms_odd odd = CMS_ODD_NOTHING;

    for (int i = 0; word && i < CMS_ODD_COUNT; i++)
        if (strcmp(words[i], word) == 0)
            odd = (enum cms_odd)i;
    return odd;
}

static enum oid_id digest_oid(enum digest_type type)
{
    switch (type) {
    case DIGEST_SHA1: return OID_SHA1;
    case DIGEST_SHA384: return OID_SHA384;
    default: return OID_SHA256;
    }
}

/* The digest's AlgorithmIdentifier. */
static struct bytes digest_algorithm(struct arena *a, const struct cms_order *o)
{
    struct bytes oid = {0};

    if (o->odd != CMS_ODD_SHA224)
        return der_algorithm(a, digest_oid(o->digest), true);
    oid_parse(a, SHA224, &oid);
    return DER(a, TAG_SEQUENCE, der_wrap(a, DER_OID, oid), der_null(a));
}

struct bytes cms_attribute(struct arena *a, enum oid_id id, const struct der_list *values)
{
    return DER(a, TAG_SEQUENCE, der_oid(a, id), der_list(a, TAG_SET, values));
}

static struct bytes single_attribute(struct arena *a, enum oid_id id, struct bytes value)
{
    struct der_list values = {0};

    vec_push(a, &values, value);
    return cms_attribute(a, id, &values);
}

/* The signed attributes; the tag is put on by the users: SET for signing, [0] in the message. */
static struct der_list signed_attributes(struct arena *a, const struct cms_order *o)
{
    struct der_list list = {0};
    struct bytes digest = digest_bytes(a, o->digest, o->content);
    enum oid_id type = o->odd == CMS_ODD_OTHER_TYPE ? OID_TST_INFO : o->content_type;
    int times = !o->has_time ? 0 : o->odd == CMS_ODD_TWO_TIMES ? 2 : 1;
    int lists = o->odd == CMS_ODD_TWO_LISTS ? 2 : 1;
    int digests = o->odd == CMS_ODD_NO_DIGEST ? 0 : o->odd == CMS_ODD_TWO_DIGESTS ? 2 : 1;

    vec_push(a, &list, single_attribute(a, OID_CMS_CONTENT_TYPE, der_oid(a, type)));
    while (times-- > 0)
        vec_push(a, &list,
                 single_attribute(a, OID_CMS_SIGNING_TIME, der_time(a, o->signer->signs_at)));
    while (digests-- > 0)
        vec_push(
            a, &list,
            single_attribute(a, OID_CMS_MESSAGE_DIGEST, der_wrap(a, DER_OCTET_STRING, digest)));
    while (lists-- > 0)
        for (size_t i = 0; i < o->between.n; i++)
            vec_push(a, &list, o->between.at[i]);
    if (o->odd == CMS_ODD_EXTRA_ATTRIBUTE)
        vec_push(a, &list, single_attribute(a, OID_APPLE_POLICY, der_null(a)));
    return list;
}

static struct bytes signature_algorithm(struct arena *a, const struct cms_order *o)
{
    if (key_is_rsa(o->signer->chain[0].key))
        return der_algorithm(a, OID_RSA, true);
    return der_algorithm(a, o->digest == DIGEST_SHA1 ? OID_ECDSA_SHA1 : OID_ECDSA_SHA256, false);
}

/* --- time stamps (RFC 3161) ------------------------------------------------------------------------------- */

/* The time of a token; with a fraction, which validation does not take (§5.4), when it is to be EXACT. */
static struct bytes stamp_time(struct arena *a, int64_t when, bool exact)
{
    struct bytes time = der_generalized(a, when);

    if (!exact)
        return time;
    return der_text(a, DER_GENERALIZED,
                    arena_printf(a, "%.*s.5Z", (int)time.n - 3, (const char *)time.p + 2));
}

/* TSTInfo over the signature value, at the time TIME. */
static struct bytes stamp_info(struct arena *a, struct bytes signature, struct bytes time)
{
    struct bytes imprint =
        DER(a, TAG_SEQUENCE, der_algorithm(a, OID_SHA256, true),
            der_wrap(a, DER_OCTET_STRING, digest_bytes(a, DIGEST_SHA256, signature)));
    struct bytes serial = digest_bytes(a, DIGEST_SHA256, imprint);
    uint8_t *octets = arena_copy(a, serial.p, 8);

    octets[0] = (uint8_t)((octets[0] & 0x3f) | 0x40);
    /* Apple's own policy arc of time stamps is not known to the specification: its certificate policy stands in. */
    return DER(a, TAG_SEQUENCE, der_integer(a, 1), der_oid(a, OID_APPLE_POLICY), imprint,
               der_wrap(a, DER_INTEGER, bytes_of(octets, 8)), time);
}

static struct bytes stamp_attribute(struct arena *a, const struct cms_order *o,
                                    struct bytes signature)
{
    const struct identity *for_whom = o->signer;
    struct bytes time = stamp_time(a, for_whom->stamp_at, o->odd == CMS_ODD_EXACT_STAMP);
    struct identity *authority = identity_service(for_whom->pki, SERVICE_TIMESTAMP);
    struct cms_order order = {.signer = authority,
                              .digest = DIGEST_SHA256,
                              .content_type = OID_TST_INFO,
                              .content = stamp_info(a, signature, time),
                              .attached = true,
                              .has_time = true,
                              .odd = o->odd == CMS_ODD_STAMP_ATTRIBUTE ? CMS_ODD_STRAY_ATTRIBUTE
                                                                       : CMS_ODD_NOTHING};

    authority->signs_at = for_whom->stamp_at;
    authority->carried[1] = for_whom->stamp_chain != STAMP_CHAIN_BROKEN;
    authority->carried[2] = for_whom->stamp_chain != STAMP_CHAIN_ROOTLESS;
    return single_attribute(a, OID_CMS_TIMESTAMP_TOKEN, cms_write(a, &order));
}

/* The unsigned attributes of SIGNATURE; nothing when there are none. */
static struct bytes unsigned_attributes(struct arena *a, const struct cms_order *o,
                                        struct bytes signature)
{
    struct der_list list = {0};
    int stamps = !o->stamped || o->signer->stamp_at == WHEN_NONE ? 0
                 : o->odd == CMS_ODD_TWO_STAMPS                  ? 2
                                                                 : 1;

    if (o->odd == CMS_ODD_OTHER_STAMP)
        signature = bytes_str("another signature");
    if (o->odd == CMS_ODD_STRAY_ATTRIBUTE)
        vec_push(a, &list, single_attribute(a, OID_APPLE_POLICY, der_null(a)));
    while (stamps-- > 0)
        vec_push(a, &list, stamp_attribute(a, o, signature));
    return list.n ? der_list(a, TAG_CONTEXT(1), &list) : bytes_of(NULL, 0);
}

/* --- the message ------------------------------------------------------------------------------------------ */

static struct bytes signature_value(struct arena *a, const struct cms_order *o,
                                    const struct der_list *attributes)
{
    struct bytes data =
        o->odd == CMS_ODD_NO_ATTRIBUTES ? o->content : der_list(a, TAG_SET, attributes);
    struct bytes value = key_sign(a, o->signer->chain[0].key, o->digest, data);
    uint8_t *octets = arena_copy(a, value.p, value.n);

    octets[value.n - 1] ^= o->odd == CMS_ODD_BAD_SIGNATURE;
    return bytes_of(octets, value.n);
}

static struct bytes signer_info(struct arena *a, const struct cms_order *o)
{
    const struct certificate *leaf = &o->signer->chain[0];
    struct der_list attributes = signed_attributes(a, o);
    struct bytes signature = signature_value(a, o, &attributes);
    struct bytes shown = {0};

    if (o->odd != CMS_ODD_NO_ATTRIBUTES)
        shown = der_list(a, TAG_CONTEXT(0), &attributes);
    return DER(a, TAG_SEQUENCE, der_integer(a, 1), DER(a, TAG_SEQUENCE, leaf->issuer, leaf->serial),
               digest_algorithm(a, o), shown, signature_algorithm(a, o),
               der_wrap(a, DER_OCTET_STRING, signature), unsigned_attributes(a, o, signature));
}

/* The certificates carried, root first as Apple's tools have them; nothing when none is. */
static struct bytes certificates(struct arena *a, const struct identity *id)
{
    struct der_list list = {0};

    for (size_t i = id->count; i-- > 0;)
        if (id->carried[i])
            vec_push(a, &list, id->chain[i].der);
    return list.n ? der_list(a, TAG_CONTEXT(0), &list) : bytes_of(NULL, 0);
}

struct bytes cms_write(struct arena *a, const struct cms_order *o)
{
    struct bytes octets = der_wrap(a, DER_OCTET_STRING, o->shown.p ? o->shown : o->content);
    bool attached = o->attached || o->odd == CMS_ODD_CONTENT_INSIDE;
    struct bytes content = attached ? DER(a, TAG_CONTEXT(0), octets) : bytes_of(NULL, 0);
    enum oid_id type = o->odd == CMS_ODD_OTHER_CONTENT ? OID_TST_INFO : o->content_type;
    struct bytes announced = o->odd == CMS_ODD_UNLISTED_DIGEST ? der_algorithm(a, OID_SHA1, true)
                                                               : digest_algorithm(a, o);
    struct bytes data =
        DER(a, TAG_SEQUENCE, der_integer(a, o->content_type == OID_CMS_DATA ? 1 : 3),
            DER(a, TAG_SET, announced), DER(a, TAG_SEQUENCE, der_oid(a, type), content),
            certificates(a, o->signer), DER(a, TAG_SET, signer_info(a, o)));

    return DER(a, TAG_SEQUENCE, der_oid(a, OID_CMS_SIGNED_DATA), DER(a, TAG_CONTEXT(0), data));
}
