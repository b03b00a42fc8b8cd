/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quote: what a Mac says of a finding whose judge gave no line of a log: the text of the finding's row, with its gaps
 * filled.
 */
#ifndef DS_POLICY_QUOTE_H
#define DS_POLICY_QUOTE_H

#include "policy/judging.h"

/* Give every finding of the judgement that is more than a note the Mac's own words. */
void quote_all(struct judging *j);

#endif
