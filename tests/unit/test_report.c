/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer report's unit tests: to add a module see runner.h. */
#define SUITES(X) X(smoke) X(report_mutation)

#include "runner.h"
