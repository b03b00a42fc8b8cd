/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree: judgements and facts as one tree of values, the shape of the JSON output (design §4). Scripts rely on the keys;
 * a key never changes its meaning, new ones may come.
 */
#ifndef DS_REPORT_TREE_H
#define DS_REPORT_TREE_H

#include "policy/judge.h"
#include "seal/code.h"

/*
 * `check`: {path, verdict, stage, finding, evidence, stages [{stage, result, why}], findings [{id, rule, stage, severity,
 * code, path, arch, slot, offset, message, log, noise, fix, evidence}], questions [{id, path, question, blocks}],
 * assumptions, test_identities}. What is not known is null.
 */
struct value *tree_judgement(struct arena *a, const char *path, const struct judgement *j);

/*
 * `show`: {path, kind, format, identifier, version, slices [{arch, identifier, team, flags, cdhash, cdhashes, cd_version,
 * hash_types, page_size, authorities, timestamp, signing_time, entitlements, entitlements_der, requirements, …}], profile,
 * children}. Digests are lower-case hex, times ISO 8601 in UTC.
 */
struct value *tree_code(struct arena *a, const struct code *c);

#endif
