/* SPDX-License-Identifier: Apache-2.0 */
/* XML: see xml.h. A pull reader, so that no call of ours is made from inside libxml2. */
#include "config.h"

#include "format/xml.h"

#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

#ifdef HAVE_LIBXML2
#include <libxml/xmlreader.h>
#endif

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; node && i < node->children.n; i++)
        if (strcmp(node->children.at[i]->name, name) == 0)
            return node->children.at[i];
    return NULL;
}

const char *xml_child_text(const struct xml_node *node, const char *name)
{
    const struct xml_node *child = xml_child(node, name);
    return child ? child->text : NULL;
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; node && i < node->attributes.n; i++)
        if (strcmp(node->attributes.at[i].name, name) == 0)
            return node->attributes.at[i].value;
    return NULL;
}

#ifdef HAVE_LIBXML2

struct parsing {
    struct arena *a;
    xmlTextReaderPtr reader;
    struct xml_node *stack[LIMIT_XML_DEPTH]; /* elements that are open, and their text so far */
    struct buf text[LIMIT_XML_DEPTH];
    size_t depth, elements;
    struct xml_node *root;
    const char *why;
};

static bool refuse(struct parsing *p, const char *why)
{
    p->why = why;
    return false;
}

static char *copy(const struct parsing *p, const xmlChar *text)
{
    return arena_strdup(p->a, text ? (const char *)text : "");
}

static void read_attributes(struct parsing *p, struct xml_node *node)
{
    while (xmlTextReaderMoveToNextAttribute(p->reader) == 1) {
        const char *name = copy(p, xmlTextReaderConstLocalName(p->reader));
        const char *value = copy(p, xmlTextReaderConstValue(p->reader));
        vec_push(p->a, &node->attributes, (struct xml_attribute){name, value});
    }
    xmlTextReaderMoveToElement(p->reader);
}

static bool open_element(struct parsing *p)
{
    struct xml_node *node = arena_new_of(p->a, struct xml_node);
    bool empty = xmlTextReaderIsEmptyElement(p->reader) == 1;
    if (p->depth >= LIMIT_XML_DEPTH || p->elements++ >= LIMIT_XML_ELEMENTS)
        return refuse(p, "it has more elements, or deeper ones, than this program reads");
    node->name = copy(p, xmlTextReaderConstLocalName(p->reader));
    node->text = "";
    read_attributes(p, node);
    if (p->depth)
        vec_push(p->a, &p->stack[p->depth - 1]->children, node);
    else
        p->root = node;
    if (empty)
        return true;
    p->text[p->depth] = (struct buf){.arena = p->a};
    p->stack[p->depth++] = node;
    return true;
}

static bool close_element(struct parsing *p)
{
    p->depth--;
    p->stack[p->depth]->text = buf_cstr(&p->text[p->depth]);
    return true;
}

static bool add_text(struct parsing *p)
{
    const xmlChar *more = xmlTextReaderConstValue(p->reader);
    if (p->depth && more)
        buf_str(&p->text[p->depth - 1], (const char *)more);
    return true;
}

static bool read_node(struct parsing *p)
{
    switch (xmlTextReaderNodeType(p->reader)) {
    case XML_READER_TYPE_ELEMENT: return open_element(p);
    case XML_READER_TYPE_END_ELEMENT: return close_element(p);
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA: return add_text(p);
    case XML_READER_TYPE_ENTITY_REFERENCE:
    case XML_READER_TYPE_DOCUMENT_TYPE: return refuse(p, "it has a document type of its own");
    default: return true;
    }
}

static void release(void *reader)
{
    xmlFreeTextReader(reader);
}

struct xml_node *xml_parse(struct arena *a, struct bytes text, const char **why)
{
    struct arena *scratch = arena_child(a);
    struct parsing *p = arena_new_of(scratch, struct parsing);
    p->a = a;
    *why = "it is too large";
    if (text.n <= INT_MAX)
        p->reader = xmlReaderForMemory((const char *)text.p, (int)text.n, NULL, NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    int more = p->reader ? 1 : -1;
    if (p->reader)
        arena_defer(scratch, release, p->reader);
    while (more == 1) {
        more = xmlTextReaderRead(p->reader);
        if (more == 1 && !read_node(p))
            more = -1;
    }
    struct xml_node *root = more == 0 ? p->root : NULL;
    *why = root ? NULL : p->why ? p->why : "it is not well-formed XML";
    arena_child_free(scratch);
    return root;
}

#else

struct xml_node *xml_parse(struct arena *a, struct bytes text, const char **why)
{
    (void)a;
    (void)text;
    *why = "this build reads no XML (libxml2 was not there)";
    return NULL;
}

#endif
