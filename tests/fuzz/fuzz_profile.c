/* SPDX-License-Identifier: Apache-2.0 */
/* Provisioning profiles, and the content of their DER form alone. */
#include "format/profile_der.h"
#include "fuzz_run.h"
#include "seal/profile.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct profile p;
    struct profile_der der;
    struct name_vec lines = {0};
    profile_read(a, data, true, &p);
    if (profile_der_parse(a, data, &der))
        profile_differences(a, der.dict, der.dict, &lines);
    return DS_OK;
}

FUZZ(work)
