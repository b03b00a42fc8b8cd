/* SPDX-License-Identifier: Apache-2.0 */
/* Entitle write: dictionaries in the DER form of slot 7, launch constraints and profiles (static-validation.md §11.7). */
#ifndef DS_FORGE_ENTITLE_WRITE_H
#define DS_FORGE_ENTITLE_WRITE_H

#include "base/value.h"
#include "forge/der_write.h"

/* One value; false when its type has no such form (data, date, real, null). */
bool entitle_value(struct arena *a, const struct value *v, struct bytes *out);
/* The whole: 70 { 02 01 01, B0 { pairs } }; false as above. */
bool entitle_der(struct arena *a, const struct value *dict, struct bytes *out);
/* A blob: magic, length, content. */
struct bytes blob_make(struct arena *a, uint32_t magic, struct bytes content);

#define BLOB_REQUIREMENTS     0xfade0c01u
#define BLOB_DIRECTORY        0xfade0c02u
#define BLOB_SIGNATURE        0xfade0cc0u
#define BLOB_WRAPPER          0xfade0b01u
#define BLOB_ENTITLEMENTS     0xfade7171u
#define BLOB_ENTITLEMENTS_DER 0xfade7172u
#define BLOB_CONSTRAINT       0xfade8181u

#endif
