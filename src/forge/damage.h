/* SPDX-License-Identifier: Apache-2.0 */
/* Damage: what happens to the files after they were signed (case-format.md `after-signing`). */
#ifndef DS_FORGE_DAMAGE_H
#define DS_FORGE_DAMAGE_H

#include "forge/item.h"

/* Carry out the steps of the case, in order. */
void damage_apply(struct forge *f);

/* One step on a path that is known to be a file: a changed byte, slot or field; a slot taken out. */
void damage_flip(struct forge *f, const char *path, const struct value *step);
/* A byte of a property list that is in a slot but a file: in its document type, which nobody reads. */
void damage_flip_file(struct forge *f, const char *path, const struct value *step);
void damage_drop_slot(struct forge *f, const char *path, const struct value *step);

/* Replace the content of the file at PATH, keeping its mode. */
void damage_write(struct forge *f, const char *path, struct bytes content);

#endif
