/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AMFI: what the kernel, amfid and taskgated-helper say when an executable is started (launch-policy.md §3):
 * may it run, and do its claims count. Every main executable is judged by itself; the first fault in the
 * order of §3.8 is the cause, and carries the log of the denial; the others are told as well.
 */
#ifndef DS_POLICY_AMFI_H
#define DS_POLICY_AMFI_H

#include "policy/judging.h"
#include "policy/profile.h"

void amfi_judge(struct judging *j);

/*
 * The first fault of what amfid validates of SLICE: directory, CMS, chain and slots, but neither pages nor the
 * seal (launch-policy.md A1); NULL when there is none. A chain to a foreign root is no such fault.
 */
const struct finding *amfi_basic_fault(const struct code *c, const struct slice *slice);

/* One executable under judgement. */
struct amfi {
    struct judging *j;
    const struct code *c;
    const struct slice *slice;
    const struct signature *sig;
    const struct value *claims; /* that count: none on code that is no main binary */
    struct profile_holder holder;
    struct profile_match match; /* against the usable profile, or against nothing */
    size_t hard, soft;          /* claims that need a profile */
    /* The candidate that counts, embedded or installed; NULL: none */
    const struct profile *profile;
    bool checked; /* `check` is filled: there is a profile */
    struct profile_check check;
    bool killed; /* a cause was found */
};

/* What the log of a denial says besides the lines that every one has (launch-policy.md §1.4). */
struct denial {
    const struct name_vec *unsatisfied; /* the helper's list; NULL: no profile was eligible */
    const char *helper;                 /* who says the note, NULL: taskgated-helper */
    const char *helper_note;            /* a line of taskgated-helper's before its answer */
    const char *amfid_note;             /* a line of amfid's before its answer */
    int error;                          /* AppleMobileFileIntegrityError, 0: amfid was not asked */
    const char *kernel_note;            /* a kernel line before the text */
    const char *text;                   /* the fatal text; NULL: that of restricted entitlements */
};

/* The log of C's denial on F, and the finding for what follows one. */
void amfi_log_denial(struct amfi *m, struct finding *f, const struct denial *d);
/* "/Applications/Example.app/Contents/MacOS/Example" */
char *amfi_log_path(const struct judging *j, const struct code *c);

/* Faults that are none to AMFI, but to whoever claimed (amfi_lint.c). */
void amfi_lint(struct amfi *m);

#endif
