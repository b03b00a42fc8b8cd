/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libval: library validation (subsystem-checks.md §14, launch-policy.md §7.8): every executable against every
 * library that it loads by path inside the input, through the libraries in between.
 */
#ifndef DS_POLICY_LIBVAL_H
#define DS_POLICY_LIBVAL_H

#include "policy/judging.h"

void libval_judge(struct judging *j);

#endif
