/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The content of a profile's DER form (static-validation.md §B.2):
 *
 *     31 { 30 { 0C key, value } … }      elements in DER SET order
 *
 * Values are BOOLEAN, INTEGER (three old profiles: NumericString), UTF8String, OCTET STRING, UTCTime, SEQUENCE OF
 * value, and for Entitlements the form of §11.7.
 */
#ifndef DS_FORMAT_PROFILE_DER_H
#define DS_FORMAT_PROFILE_DER_H

#include "base/arena.h"
#include "base/file.h"
#include "base/value.h"

struct profile_der {
    struct value *dict; /* NULL when it does not decode */
    const char *fault;  /* why it does not decode, or is not in its one proper form */
    uint64_t fault_at;
};

/* Decode; true when it decodes and is canonical. Dates become VALUE_DATE, certificate hashes VALUE_DATA. */
bool profile_der_parse(struct arena *a, struct bytes der, struct profile_der *out);

/* The plist's key for the DER form, which is no part of it, and the key that the DER form alone has. */
#define PROFILE_DER_KEY  "DER-Encoded-Profile"
#define PROFILE_KIND_KEY "ProfileDistributionType"

/* One line for each key in which PLIST and DER disagree; certificates are compared by their SHA-256. */
void profile_differences(struct arena *a, const struct value *plist, const struct value *der,
                         struct name_vec *out);

#endif
