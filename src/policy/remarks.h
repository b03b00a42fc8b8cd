/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remarks: what validation passes over in silence and somebody stumbles on later: identifiers that differ, a
 * team that is missing, claims that the system will ignore, a designated requirement that every build
 * changes. Warnings and notes of the stages static and dr, from facts alone.
 */
#ifndef DS_POLICY_REMARKS_H
#define DS_POLICY_REMARKS_H

#include "policy/judging.h"

void remarks_judge(struct judging *j);

#endif
