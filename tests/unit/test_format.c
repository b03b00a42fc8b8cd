/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer format's unit tests: to add a module see runner.h. */
#define SUITES(X)        \
    X(format_macho)      \
    X(format_blob)       \
    X(format_entitle)    \
    X(format_constraint) \
    X(format_udif)       \
    X(format_udif_disk)  \
    X(format_archive)    \
    X(format_xar)        \
    X(plist)             \
    X(yaml)

#include "runner.h"
