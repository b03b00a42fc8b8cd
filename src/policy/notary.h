/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notary: what the notary service's log would say of a submission (subsystem-checks.md §15): every Mach-O in
 * it, each architecture by itself, inside archives too. It runs on request only.
 */
#ifndef DS_POLICY_NOTARY_H
#define DS_POLICY_NOTARY_H

#include "policy/judging.h"

void notary_judge(struct judging *j);

#endif
