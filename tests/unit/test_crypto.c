/* SPDX-License-Identifier: Apache-2.0 */
/* Runner of the layer crypto's unit tests: to add a module see runner.h. */
#define SUITES(X) X(crypto_x509) X(crypto_chain) X(crypto_cms) X(crypto_known)

#include "runner.h"
