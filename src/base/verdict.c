/* SPDX-License-Identifier: Apache-2.0 */
/* The words for statuses and verdicts. */
#include "base/verdict.h"

#include "base/status.h"

const char *verdict_text(enum verdict v)
{
    return v == VERDICT_YES ? "yes" : v == VERDICT_NO ? "no" : "undecided";
}

const char *status_text(enum ds_status status)
{
    switch (status) {
    case DS_OK: return "no error";
    case DS_NOMEM: return "out of memory";
    case DS_LIMIT: return "a limit of this program was met";
    case DS_IO: return "input or output failed";
    case DS_INVALID: return "invalid argument";
    case DS_PARSE: return "the text does not parse";
    case DS_UNSUPPORTED: return "not supported here";
    }
    return "unknown status";
}
