/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer seal's unit tests: to add a module see runner.h. */
#define SUITES(X)   \
    X(seal_ere)     \
    X(seal_bundle)  \
    X(seal_shapes)  \
    X(seal_real)    \
    X(seal_hostile) \
    X(seal_deep) X(seal_profile) X(seal_ticket) X(seal_extras) X(seal_subject) X(seal_package)

#include "runner.h"
