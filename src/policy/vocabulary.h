/* SPDX-License-Identifier: Apache-2.0 */
/* Vocabulary: every word that stanzas of a rule file may use, from the tables that define them, for manuals and help. */
#ifndef DS_POLICY_VOCABULARY_H
#define DS_POLICY_VOCABULARY_H

#include <stddef.h>

struct vocabulary_row {
    const char *heading; /* of the part that begins here, else NULL */
    const char *name, *about;
    const char *words; /* all that it can be, NULL: anything */
};

size_t vocabulary_count(void);
struct vocabulary_row vocabulary_at(size_t i);

#endif
