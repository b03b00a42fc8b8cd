/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer policy's unit tests: to add a module see runner.h. */
#define SUITES(X) \
    X(smoke) X(log) X(transcripts) X(rules) X(judge) X(amfi) X(launch) X(edit) X(repair)

#include "runner.h"
