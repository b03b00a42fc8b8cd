/* SPDX-License-Identifier: Apache-2.0 */
/* The public interface of the library, src/include/dryseal.h. */
#include "config.h"

#include "dryseal.h"

const char *ds_version(void)
{
    return PACKAGE_VERSION;
}
