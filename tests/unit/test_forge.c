/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer forge's unit tests: to add a module see runner.h. */
#define SUITES(X) X(forge_case) X(forge_round)

#include "runner.h"
