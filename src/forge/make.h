/* SPDX-License-Identifier: Apache-2.0 */
/* Make: items become files, inside out, each signed when all inside it is. */
#ifndef DS_FORGE_MAKE_H
#define DS_FORGE_MAKE_H

#include "forge/item.h"

/* Build ITEM and what it contains; DEPTH is its nesting in the tree of notes. */
void make_item(struct forge *f, struct item *item, unsigned depth);

/* Seal and sign what lies on disk for ITEM now (again, after changes). */
void make_signature(struct forge *f, struct item *item);
/* Take it away: the program as it was linked, without a seal. For programs and bundles. */
void make_unsigned(struct forge *f, struct item *item);

/* Write the file SPEC describes (text, hex, size, plist, link, profile; mode, xattr) to PATH for ITEM (may be NULL). */
void make_file(struct forge *f, const char *path, const struct value *spec,
               const struct item *item);
/* The content a file of that description has. */
struct bytes make_content(struct forge *f, const struct value *spec, const struct item *item);
/* A value of the case as bytes: text, or {hex: …}. */
struct bytes make_bytes(struct forge *f, const struct value *v);

/* Attributes: name → value in hexadecimal digits, else text. */
void make_xattrs(struct forge *f, const char *path, const struct value *all);

/* The file at PATH; refuses what is not there. */
struct bytes make_read(struct forge *f, const char *path);
/* CONTENT in the place of what ITEM is so far. */
void make_replace(struct forge *f, const struct item *item, struct bytes content);

#endif
