/* SPDX-License-Identifier: Apache-2.0 */
/* Nested: code sealed inside code (static-validation.md §6.9). */
#ifndef DS_SEAL_NESTED_H
#define DS_SEAL_NESTED_H

#include "seal/reader.h"

/*
 * Validate the code at PATH, which O's seal lists with the text of a REQUIREMENT. What is wrong with the code itself
 * becomes O's outcome at once. Returns the finding that the requirement is not met, which the caller collects, or NULL.
 */
const struct finding *nested_check(struct object *o, const char *path, struct bytes requirement);

#endif
