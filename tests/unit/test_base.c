/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer base's unit tests: to add a module see runner.h. */
#define SUITES(X) \
    X(arena)      \
    X(cursor)     \
    X(words)      \
    X(finding)    \
    X(file)

#include "runner.h"
