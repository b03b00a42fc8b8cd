/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Extras: what lies around a signature and what policy asks of it: provisioning profiles in and out of place, the
 * stapled ticket, where linked libraries resolve to, plain files that subsystems read, quarantine
 * (launch-policy.md §2.3, static-validation.md §9.4, subsystem-checks.md §8, §12).
 */
#ifndef DS_SEAL_EXTRAS_H
#define DS_SEAL_EXTRAS_H

#include "seal/code.h"

/*
 * Fill the members of C that are not the signature's own: links (resolved, missing), profile and other_profiles
 * (but `sealed`, which the seal knows), ticket, plain, quarantined. Wanted before: kind, path, fs_path, info, slices
 * with their links, run paths and signatures, parent. Children are not looked at.
 */
void code_read_extras(struct arena *a, struct fs *fs, struct code *c, const struct code_options *o);

/* The plain files alone, of what was unpacked from the archive or package C into FS. */
void extras_survey(struct arena *a, struct fs *fs, struct code *c, const struct code_options *o);

#endif
