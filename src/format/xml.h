/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML documents as a small tree, through libxml2, which this file keeps at arm's length: no network, no external
 * entities, depth and number of elements limited. Built without libxml2 nothing can be read.
 */
#ifndef DS_FORMAT_XML_H
#define DS_FORMAT_XML_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/vec.h"

struct xml_attribute {
    const char *name, *value;
};

struct xml_node {
    const char *name; /* without namespace prefix */
    const char *text; /* character data directly inside, joined; "" when none */
    struct xml_attribute_vec VEC_OF(struct xml_attribute) attributes;
    struct xml_node_vec VEC_OF(struct xml_node *) children;
};

/* The document element of TEXT; NULL with *WHY when it is not well-formed, or beyond the limits. */
struct xml_node *xml_parse(struct arena *a, struct bytes text, const char **why);

/* The first child called NAME, its text; NULL when NODE is NULL or has none. The value of an attribute. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
const char *xml_child_text(const struct xml_node *node, const char *name);
const char *xml_attribute(const struct xml_node *node, const char *name);

#endif
