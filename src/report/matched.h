/* SPDX-License-Identifier: Apache-2.0 */
/* Matched: claims against a provisioning profile, value by value (policy/profile.h), as text and as a tree. */
#ifndef DS_REPORT_MATCHED_H
#define DS_REPORT_MATCHED_H

#include "base/buf.h"
#include "policy/profile.h"
#include "report/text.h"

/* One answer: what was held against what. */
struct matched {
    const char *path;    /* whose claims */
    const char *profile; /* the profile's file */
    const struct profile_check *check;
    const struct profile_match *match;
};

/* True when the profile may be used and covers every hard and soft claim. */
bool matched_covers(const struct matched *m);

/*
 * {path, profile, name, kind, team, app_id, usable, covers, faults [{finding, effect, message}], unsatisfied [key],
 * claims [{key, class, covered, why, evidence, values [{value, covered_by}]}]}
 */
struct value *tree_matched(struct arena *a, const struct matched *m);

void text_matched(struct buf *out, const struct matched *m, struct text_style style);

#endif
