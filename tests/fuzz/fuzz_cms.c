/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures: the message, its attributes, certificates, chain and time stamp, over content that is never right. */
#include "crypto/timestamp.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    static const enum oid_id types[] = {OID_CMS_DATA, OID_TST_INFO};
    const struct chain_options options = {.purpose = CHAIN_FOR_CODE, .test_root = true};
    struct cms cms;
    struct cms_cdhash_vec hashes = {0};
    struct timestamp stamp;
    struct chain chain;
    const char *why;
    struct bytes plist;
    bool present;
    if (!cms_parse(a, data, &cms, &why))
        return DS_OK;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        (void)cms_check(a, &cms, cms.content, types[i], &why);
    (void)cms_signing_time(&cms);
    (void)cms_cdhashes(a, &cms, &present, &hashes);
    (void)cms_cdhashes_plist(a, &cms, &plist);
    timestamp_check(a, &cms, &(struct timestamp_options){.test_root = true}, &stamp);
    if (cms.signer)
        chain_build(a, cms.signer, &cms.certs, &options, &chain);
    return DS_OK;
}

FUZZ(work)
