/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of file access share among themselves: file.c, file_disk.c, file_memory.c, file_write.c. */
#ifndef DS_BASE_FILE_PRIVATE_H
#define DS_BASE_FILE_PRIVATE_H

#include "base/file.h"

/* Keep NUMBER where the caller asked for it (ERROR may be NULL); always DS_IO. */
enum ds_status file_error(int *error, int number);

/* The errno that says why a node of KIND, which is no file, has no content. */
int file_no_content(enum node_kind kind);

/* Set extended attribute NAME of an open file under the name the system allows; 0 or an errno. */
int file_set_xattr(int fd, const char *name, struct bytes value);

#endif
