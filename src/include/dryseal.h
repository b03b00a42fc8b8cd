/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one public header of libdryseal: a dry run of macOS code signing.
 *
 *     ds_options *options = ds_options_new(time(NULL));
 *     ds_report *report = NULL;
 *     ds_options_set(options, "macos", "15.3", NULL);
 *     ds_options_set(options, "assume", "notarized=yes", NULL);
 *     if (ds_check("Example.app", options, &report) == DS_SUCCESS)
 *         puts(ds_report_text(report));
 *     ds_report_free(report);
 *     ds_options_free(options);
 *
 * Every exported name begins with ds_ and is listed in src/dryseal.sym. Nothing here prints, exits, reads a clock or keeps
 * state between calls: different threads may work on different objects at once. Text is UTF-8, NUL-terminated.
 */
#ifndef DRYSEAL_H
#define DRYSEAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DS_PUBLIC __attribute__((visibility("default")))
#else
#define DS_PUBLIC
#endif

/* The version of the library, as "MAJOR.MINOR.PATCH". Static memory. */
DS_PUBLIC const char *ds_version(void);

/* Whether *we* could work. What is wrong with the input is in the report, never here. */
typedef enum ds_result {
    DS_SUCCESS = 0,
    DS_NO_MEMORY = 1,
    DS_LIMIT_MET = 2,    /* a limit against hostile input */
    DS_CANNOT_READ = 3,  /* errno tells why */
    DS_BAD_ARGUMENT = 4, /* an unknown option or value; a requirement that does not compile */
} ds_result;

/* "no memory" …; static memory. */
DS_PUBLIC const char *ds_result_text(ds_result result);

/* The imagined Mac and what to judge. */
typedef struct ds_options ds_options;

/* Defaults: the newest known macOS on arm64 at NOW (seconds since 1970), nothing assumed. NULL without memory. */
DS_PUBLIC ds_options *ds_options_new(int64_t now);

/*
 * KEY and VALUE as on the command line: "macos" "15.3", "arch" "x86_64", "date" "2026-01-15", "udid", "location",
 * "assume" "notarized=yes", "switch" "NAME=VALUE" …; "static-only" "yes" judges the signature alone, "test-root" "yes"
 * takes the forge's identities for Apple's. DS_BAD_ARGUMENT: *WHY (may be NULL) tells, valid until the next call.
 */
DS_PUBLIC ds_result ds_options_set(ds_options *options, const char *key, const char *value,
                                   const char **why);
DS_PUBLIC void ds_options_free(ds_options *options); /* NULL is fine */

typedef enum ds_verdict {
    DS_VERDICT_ACCEPTED,
    DS_VERDICT_DEGRADED,  /* it runs, with something missing */
    DS_VERDICT_UNDECIDED, /* depends on what is not on disk; the report asks */
    DS_VERDICT_REFUSED,
    DS_VERDICT_INVALID /* could not be read as what it should be */
} ds_verdict;

/* What a Mac would say of one path. */
typedef struct ds_report ds_report;

/* Read and judge PATH. On success *REPORT is the caller's to free; else NULL. */
DS_PUBLIC ds_result ds_check(const char *path, const ds_options *options, ds_report **report);

DS_PUBLIC ds_verdict ds_report_verdict(const ds_report *report);
/* The id of the finding that decided ("NE-PKG-DEVID-APPEX"), NULL when accepted. Belongs to REPORT, as all below. */
DS_PUBLIC const char *ds_report_finding(const ds_report *report);
/* The report as `dryseal check` prints it, and as its JSON. */
DS_PUBLIC const char *ds_report_text(const ds_report *report);
DS_PUBLIC const char *ds_report_json(const ds_report *report);
/* The facts that were judged, as the JSON of `dryseal show`. */
DS_PUBLIC const char *ds_report_facts(const ds_report *report);
DS_PUBLIC void ds_report_free(ds_report *report); /* NULL is fine */

/* Bytes that belong to the caller. */
typedef struct ds_bytes {
    unsigned char *data; /* NUL-terminated beyond size; release with ds_bytes_free() */
    size_t size;
} ds_bytes;

/*
 * Compile requirement text, one requirement or a set, to its binary form in *OUT. DS_BAD_ARGUMENT: *OUT holds the messages
 * of the reference instead, one a line.
 */
DS_PUBLIC ds_result ds_requirement_compile(const char *text, size_t size, ds_bytes *out);
/* The canonical text of a binary requirement or set; DS_BAD_ARGUMENT with an empty *OUT when it is none. */
DS_PUBLIC ds_result ds_requirement_print(const void *blob, size_t size, ds_bytes *out);
DS_PUBLIC void ds_bytes_free(ds_bytes *bytes); /* data becomes NULL */

#ifdef __cplusplus
}
#endif

#endif
