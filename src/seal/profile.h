/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profile: a provisioning profile read as it stands: CMS around an XML property list, and since 2021 a second CMS inside
 * around the same facts in DER (static-validation.md appendix B, launch-policy.md §2.2). Whether it is any good is
 * judged elsewhere, the dates of its signer's certificates too.
 */
#ifndef DS_SEAL_PROFILE_H
#define DS_SEAL_PROFILE_H

#include "seal/code.h"

/*
 * Read FILE into OUT, all members but path, misplaced, quarantined and sealed. The test root counts as an anchor only
 * with ALLOW_TEST_ROOT.
 */
void profile_read(struct arena *a, struct bytes file, bool allow_test_root, struct profile *out);

#endif
