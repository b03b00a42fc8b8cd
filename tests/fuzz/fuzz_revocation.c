/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of revoked certificates and OCSP responses, PEM or DER, asked about a chain of the certificates they carry. */
#include "format/trust_file.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct trust_store store = {.certs = {0}};
    const char *why;
    (void)trust_file_read(a, TRUST_CRLS, data, &store, &why);
    if (trust_file_read(a, TRUST_OCSP, data, &store, &why) && store.records.ocsps.at[0]->certs.n) {
        const struct cert *c = store.records.ocsps.at[0]->certs.at[0], *chain[] = {c, c};
        (void)revocation_check(a, &store.records, chain, 2, (struct revocation_times){0, 0});
    }
    (void)trust_file_read(a, TRUST_CERTIFICATES, data, &store, &why);
    return DS_OK;
}

FUZZ(work)
