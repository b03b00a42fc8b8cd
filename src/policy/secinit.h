/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secinit: sandbox initialisation before `main` (subsystem-checks.md §19): who inherits a sandbox from whom,
 * and who may set up one.
 */
#ifndef DS_POLICY_SECINIT_H
#define DS_POLICY_SECINIT_H

#include "policy/judging.h"

void secinit_judge(struct judging *j);

#endif
