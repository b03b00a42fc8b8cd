/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign: what `codesign -s` would refuse if it were to sign the input again as it lies there
 * (subsystem-checks.md §17, §18). Structural faults were found while reading, and are the signer's too
 * (policy/judge.c hands them over); here is what only signing looks at. It runs on request only.
 */
#ifndef DS_POLICY_SIGN_H
#define DS_POLICY_SIGN_H

#include "policy/judging.h"

void sign_judge(struct judging *j);

#endif
