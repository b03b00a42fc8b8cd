/* SPDX-License-Identifier: Apache-2.0 */
/* Shown profile: a provisioning profile as it stands, as text and as a tree. */
#ifndef DS_REPORT_SHOWN_PROFILE_H
#define DS_REPORT_SHOWN_PROFILE_H

#include "base/buf.h"
#include "base/value.h"
#include "report/text.h"

/* Read, with a sound signature by Apple, and both forms agree. */
bool profile_is_sound(const struct profile *p);

/*
 * {path, name, uuid, kind, teams, app_id, platforms, created, expires, all_devices, devices, certificates [{name, sha256,
 * expires}], entitlements, signature {valid, authorities, error}, der {present, valid, error, differences}}
 */
struct value *tree_profile(struct arena *a, const struct profile *p);

void text_profile(struct buf *out, const struct profile *p, int64_t now, struct text_style style);

#endif
