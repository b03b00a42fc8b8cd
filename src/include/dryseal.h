/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one public header of libdryseal.
 *
 * Every exported name begins with ds_ and is listed in src/dryseal.sym.
 */
#ifndef DRYSEAL_H
#define DRYSEAL_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DS_PUBLIC __attribute__((visibility("default")))
#else
#define DS_PUBLIC
#endif

/* The version of the library, as "MAJOR.MINOR.PATCH". Static memory. */
DS_PUBLIC const char *ds_version(void);

#ifdef __cplusplus
}
#endif

#endif
