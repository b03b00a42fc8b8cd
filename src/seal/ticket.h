/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket: is a stapled ticket genuine, and does it list this code (static-validation.md §9.4, appendix A)? Only a
 * genuine one that does supports "notarized"; what Apple revoked since is not in it.
 */
#ifndef DS_SEAL_TICKET_H
#define DS_SEAL_TICKET_H

#include "format/ticket.h"
#include "seal/code.h"

/* Read FILE into OUT, lists_this aside. The test root counts only with ALLOW_TEST_ROOT. */
void ticket_read(struct arena *a, struct bytes file, bool allow_test_root,
                 struct ticket_facts *out);

/* TICKET lists the chosen cdhash of every slice of C; for a package, its checksum. */
bool ticket_lists_code(const struct ticket *ticket, const struct code *c);

/*
 * A genuine ticket, C's own or one of what contains C, lists the chosen cdhash of SIG, a signature of C (a package: its
 * checksum): yes. Else undecided, for Apple's records are not asked.
 */
enum verdict code_notarized(const struct code *c, const struct signature *sig);

#endif
