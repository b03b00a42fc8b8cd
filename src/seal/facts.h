/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of a piece of code, written down (JSON or the like, as a tree of values) instead of read from it: the
 * subject of a requirement without a file. All members are optional:
 *
 *     certs              [FILE or {"$data": hex}, …], DER, leaf first
 *     apple_anchors      [FILE or data, …]: roots that count as Apple's, besides Apple's own
 *     code_directory     {identifier, cdhash (hex), platform}
 *     info, entitlements dictionaries; {"$date": seconds since 2001} and {"$data": hex} are dates and data
 *     notarized, legacy_listed, in_trust_cache, apple_internal, force_platform   true or false
 *     secure_timestamp   seconds since 2001
 *     package_checksum   hex: a package under assessment
 *     trust_settings     {FILE: trust_root, trust_as_root, deny or unspecified}
 *     fragments          {subreq: {NAME: requirement}, anchorreq: {NAME: requirement}}
 */
#ifndef DS_SEAL_FACTS_H
#define DS_SEAL_FACTS_H

#include "base/status.h"
#include "lang/subject.h"

struct facts_source {
    /* The content of a file named in the facts, which outlives the subject; false when it cannot be read. */
    bool (*read)(void *self, const char *path, struct bytes *out);
    void *self;
    /*
     * What is not said is not so, and members nobody knows are passed over. Off: what only a Mac could answer
     * (notarized, legacy_listed, trust_settings) is unknown until said, and unknown members are errors.
     */
    bool complete;
};

/* DS_OK, or DS_PARSE with *ERROR filled. */
enum ds_status facts_subject(struct arena *a, const struct value *facts,
                             const struct facts_source *source, struct subject *out,
                             struct value_error *error);

#endif
