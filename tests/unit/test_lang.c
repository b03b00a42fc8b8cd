/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer lang's unit tests: to add a module see runner.h. */
#define SUITES(X) X(smoke) X(lang_vectors) X(lang_corpus) X(lang_limits) X(lang_study)

#include "runner.h"
