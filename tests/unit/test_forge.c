/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer forge's unit tests: to add a module see runner.h. */
#define SUITES(X) X(forge_case) X(forge_round) X(forge_image)

#include "runner.h"
