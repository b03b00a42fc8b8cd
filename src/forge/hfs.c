/* SPDX-License-Identifier: Apache-2.0 */
/* Hfs: see hfs.h. All numbers are big-endian. */
#include "forge/hfs.h"

#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "base/text.h"

#define BLOCK       4096u
#define HEADER      1024u /* of the volume, in block 0 */
#define HEADER_SIZE 512u
#define UNMOUNTED   0x100u
#define WHEN        3849408000u /* 2025-12-24, in seconds since 1904 */

#define ROOT_PARENT 1u
#define ROOT        2u
#define FIRST_ID    16u

#define FOLDER         1u
#define FILE_RECORD    2u
#define FOLDER_THREAD  3u
#define FILE_THREAD    4u
#define HAS_THREAD     2u
#define HAS_ATTRIBUTES 4u
#define AT_VALENCE     4u
#define TYPE_DIR       0040000u
#define TYPE_FILE      0100000u
#define TYPE_LINK      0120000u

#define INLINE      0x10u
#define INLINE_MOST 3000u
#define WITH_FORK   0x20u

#define NODE         4096u
#define DESCRIPTOR   14u
#define LEAF         0xffu
#define INDEX        0u
#define HEADER_NODE  1u
#define AT_NODE_USER 120u
#define AT_NODE_MAP  248u
#define KEYS_BIG     2u
#define KEYS_VARY    4u
#define BINARY       0xbcu /* how names are compared */

struct fork {
    uint64_t size;
    uint32_t start, count; /* blocks */
};

struct record {
    struct bytes key; /* with its length */
    struct bytes data;
};
struct record_vec VEC_OF(struct record);

struct folder {
    uint32_t id, valence;
    size_t record; /* in the catalog */
};
struct folder_vec VEC_OF(struct folder *);

struct volume {
    struct arena *a;
    struct buf blocks;
    struct record_vec catalog, attributes;
    struct folder_vec all;
    struct index folders; /* by path */
    uint32_t next_id, files;
};

/* -- small parts */

static uint32_t blocks_of(size_t n)
{
    return (uint32_t)((n + BLOCK - 1) / BLOCK);
}

static struct fork place(struct volume *v, struct bytes content)
{
    struct fork fork = {content.n, blocks_of(v->blocks.n), blocks_of(content.n)};
    buf_put(&v->blocks, content);
    buf_zero(&v->blocks, (size_t)fork.count * BLOCK - content.n);
    return content.n ? fork : (struct fork){0};
}

static void put_fork(struct buf *b, struct fork fork)
{
    buf_be64(b, fork.size);
    buf_be32(b, BLOCK);
    buf_be32(b, fork.count);
    buf_be32(b, fork.start);
    buf_be32(b, fork.count);
    buf_zero(b, 56);
}

static uint32_t next_point(struct bytes *utf8)
{
    static const uint8_t lengths[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
    size_t n = lengths[utf8->p[0] >> 4];
    uint32_t point = n == 1 ? utf8->p[0] : utf8->p[0] & (0x7fu >> n);
    n = n <= utf8->n ? n : utf8->n;
    for (size_t i = 1; i < n; i++)
        point = point << 6 | (utf8->p[i] & 0x3fu);
    *utf8 = bytes_of(utf8->p + n, utf8->n - n);
    return point;
}

/* Length and UTF-16; ':' stands for what the disk has as '/'. */
static void put_name(struct buf *b, const char *name)
{
    struct bytes left = bytes_str(name);
    size_t at = b->n, units;
    buf_be16(b, 0);
    while (left.n) {
        uint32_t point = next_point(&left);
        if (point > 0xffff)
            buf_be16(b, (uint16_t)(0xd7c0 + (point >> 10)));
        buf_be16(b, (uint16_t)(point > 0xffff ? 0xdc00 | (point & 0x3ff)
                               : point == ':' ? '/'
                                              : point));
    }
    units = (b->n - at - 2) / 2;
    b->p[at] = (uint8_t)(units >> 8);
    b->p[at + 1] = (uint8_t)units;
}

static struct bytes catalog_key(struct volume *v, uint32_t parent, const char *name)
{
    struct buf b = {.arena = v->a}, text = {.arena = v->a};
    put_name(&text, name);
    buf_be16(&b, (uint16_t)(4 + text.n));
    buf_be32(&b, parent);
    buf_put(&b, buf_bytes(&text));
    return buf_bytes(&b);
}

/* -- the catalog */

static void put_thread(struct volume *v, uint32_t id, uint16_t type, uint32_t parent,
                       const char *name)
{
    struct buf b = {.arena = v->a};
    buf_be16(&b, type);
    buf_be16(&b, 0);
    buf_be32(&b, parent);
    put_name(&b, name);
    vec_push(v->a, &v->catalog, (struct record){catalog_key(v, id, ""), buf_bytes(&b)});
}

/* What folders and files have in common: dates, owner and mode, the Finder's words. */
static void put_common(struct buf *b, uint32_t id, uint32_t mode, const char *type_creator)
{
    buf_be32(b, id);
    for (int i = 0; i < 5; i++)
        buf_be32(b, i == 4 ? 0 : WHEN);
    buf_zero(b, 10);
    buf_be16(b, (uint16_t)mode);
    buf_be32(b, 1); /* links */
    buf_put(b, bytes_of(type_creator, 8));
    buf_zero(b, 8 + 16 + 4 + 4);
}

static uint16_t flags_of(const struct pack_member *m)
{
    return m->xattrs.n ? HAS_ATTRIBUTES : 0;
}

static void add_folder(struct volume *v, uint32_t parent, const char *name,
                       const struct pack_member *m)
{
    struct buf b = {.arena = v->a};
    struct folder *folder = arena_new_of(v->a, struct folder);
    *folder = (struct folder){parent == ROOT_PARENT ? ROOT : v->next_id++, 0, v->catalog.n};
    buf_be16(&b, FOLDER);
    buf_be16(&b, flags_of(m));
    buf_be32(&b, 0); /* valence, set at the end */
    put_common(&b, folder->id, TYPE_DIR | m->mode, "\0\0\0\0\0\0\0\0");
    vec_push(v->a, &v->catalog, (struct record){catalog_key(v, parent, name), buf_bytes(&b)});
    put_thread(v, folder->id, FOLDER_THREAD, parent, name);
    index_add(&v->folders, bytes_str(m->path), folder);
    vec_push(v->a, &v->all, folder);
}

static void add_file(struct volume *v, uint32_t parent, const char *name,
                     const struct pack_member *m)
{
    struct buf b = {.arena = v->a};
    bool link = m->kind == NODE_LINK;
    uint32_t id = v->next_id++;
    buf_be16(&b, FILE_RECORD);
    buf_be16(&b, HAS_THREAD | flags_of(m));
    buf_be32(&b, 0);
    put_common(&b, id, (link ? TYPE_LINK : TYPE_FILE) | m->mode,
               link ? "slnkrhap" : "\0\0\0\0\0\0\0\0");
    put_fork(&b, place(v, m->content));
    put_fork(&b, (struct fork){0});
    vec_push(v->a, &v->catalog, (struct record){catalog_key(v, parent, name), buf_bytes(&b)});
    put_thread(v, id, FILE_THREAD, parent, name);
    v->files++;
}

static void add_attribute(struct volume *v, uint32_t id, const struct xattr *attribute)
{
    struct buf key = {.arena = v->a}, data = {.arena = v->a}, name = {.arena = v->a};
    put_name(&name, attribute->name);
    buf_be16(&key, (uint16_t)(10 + name.n));
    buf_be16(&key, 0);
    buf_be32(&key, id);
    buf_be32(&key, 0);
    buf_put(&key, buf_bytes(&name));
    if (attribute->value.n > INLINE_MOST) {
        buf_be32(&data, WITH_FORK);
        buf_be32(&data, 0);
        put_fork(&data, place(v, attribute->value));
    } else {
        buf_be32(&data, INLINE);
        buf_zero(&data, 8);
        buf_be32(&data, (uint32_t)attribute->value.n);
        buf_put(&data, attribute->value);
        buf_zero(&data, data.n % 2);
    }
    vec_push(v->a, &v->attributes, (struct record){buf_bytes(&key), buf_bytes(&data)});
}

static void add_member(struct volume *v, const struct pack_member *m)
{
    struct folder *parent = index_find(&v->folders, bytes_str(path_dir(v->a, m->path)));
    const char *name = path_base(m->path);
    uint32_t id = v->next_id;
    if (!parent)
        return;
    parent->valence++;
    if (m->kind == NODE_DIR)
        add_folder(v, parent->id, name, m);
    else
        add_file(v, parent->id, name, m);
    for (size_t i = 0; i < m->xattrs.n; i++)
        add_attribute(v, id, &m->xattrs.at[i]);
}

static void add_members(struct volume *v, const char *name, const struct pack_member_vec *members)
{
    const struct pack_member root = {.path = "", .kind = NODE_DIR, .mode = 0755};
    add_folder(v, ROOT_PARENT, name, &root);
    for (size_t i = 0; i < members->n; i++)
        add_member(v, &members->at[i]);
    for (size_t i = 0; i < v->all.n; i++) {
        struct buf data = {.arena = v->a};
        struct record *record = &v->catalog.at[v->all.at[i]->record];
        buf_put(&data, record->data);
        buf_set_be32(&data, AT_VALENCE, v->all.at[i]->valence);
        record->data = buf_bytes(&data);
    }
}

/* -- B-trees */

struct tree {
    struct arena *a;
    const struct record_vec *records; /* in order */
    uint16_t longest_key;
    uint32_t flags;
    struct buf nodes;      /* from node 1 on */
    uint32_t height, last; /* leaf */
};

struct descriptor {
    uint32_t next, before;
    uint8_t kind;
    uint32_t height;
    size_t records;
};

static void put_descriptor(struct buf *b, struct descriptor d)
{
    buf_be32(b, d.next);
    buf_be32(b, d.before);
    buf_byte(b, d.kind);
    buf_byte(b, (uint8_t)d.height);
    buf_be16(b, (uint16_t)d.records);
    buf_be16(b, 0);
}

/* How many of N records, from FIRST on, fit into a node. */
static size_t fitting(const struct record *first, size_t n)
{
    size_t size = DESCRIPTOR + 2, count = 0;
    while (count < n && size + first[count].key.n + first[count].data.n + 2 <= NODE) {
        size += first[count].key.n + first[count].data.n + 2;
        count++;
    }
    return count;
}

/* A node with N records, and where each begins, from the end backwards. */
static void put_node(struct tree *t, const struct record *first, size_t n, bool more, bool begins)
{
    struct buf b = {.arena = t->a};
    uint32_t self = (uint32_t)(t->nodes.n / NODE) + 1;
    uint16_t starts[NODE / 2];
    put_descriptor(&b, (struct descriptor){.next = more ? self + 1 : 0,
                                           .before = begins ? 0 : self - 1,
                                           .kind = t->height == 1 ? LEAF : INDEX,
                                           .height = t->height,
                                           .records = n});
    for (size_t i = 0; i < n; i++) {
        starts[i] = (uint16_t)b.n;
        buf_put(&b, first[i].key);
        buf_put(&b, first[i].data);
    }
    starts[n] = (uint16_t)b.n;
    buf_zero(&b, NODE - b.n - 2 * (n + 1));
    for (size_t i = n + 1; i-- > 0;)
        buf_be16(&b, starts[i]);
    buf_put(&t->nodes, buf_bytes(&b));
}

/* One level of nodes; *ABOVE are the records of the level that points to them. */
static void put_level(struct tree *t, const struct record_vec *records, struct record_vec *above)
{
    t->height++;
    for (size_t i = 0, n; i < records->n; i += n) {
        struct buf child = {.arena = t->a};
        n = fitting(records->at + i, records->n - i);
        put_node(t, records->at + i, n, i + n < records->n, i == 0);
        buf_be32(&child, (uint32_t)(t->nodes.n / NODE));
        vec_push(t->a, above, (struct record){records->at[i].key, buf_bytes(&child)});
    }
}

/* The root is the last node. */
static void put_levels(struct tree *t)
{
    struct record_vec level = *t->records;
    while (level.n) {
        struct record_vec above = {0};
        put_level(t, &level, &above);
        if (t->height == 1)
            t->last = (uint32_t)(t->nodes.n / NODE);
        if (above.n == 1)
            return;
        level = above;
    }
}

static struct bytes header_node(const struct tree *t)
{
    struct buf b = {.arena = t->a};
    uint32_t nodes = (uint32_t)(t->nodes.n / NODE);
    put_descriptor(&b, (struct descriptor){.kind = HEADER_NODE, .records = 3});
    buf_be16(&b, (uint16_t)t->height);
    buf_be32(&b, nodes); /* the root */
    buf_be32(&b, (uint32_t)t->records->n);
    buf_be32(&b, nodes ? 1 : 0); /* first and last leaf */
    buf_be32(&b, t->last);
    buf_be16(&b, NODE);
    buf_be16(&b, t->longest_key);
    buf_be32(&b, nodes + 1);
    buf_be32(&b, 0); /* free nodes */
    buf_be16(&b, 0);
    buf_be32(&b, BLOCK);
    buf_byte(&b, 0);
    buf_byte(&b, BINARY);
    buf_be32(&b, t->flags);
    buf_zero(&b, 64 + 128); /* reserved; the user's record */
    for (uint32_t i = 0; i < (NODE - AT_NODE_MAP - 8); i++)
        buf_byte(&b, i < (nodes + 1) / 8    ? 0xff
                     : i == (nodes + 1) / 8 ? (uint8_t)(0xff00u >> (nodes + 1) % 8)
                                            : 0);
    buf_be16(&b, NODE - 8);
    buf_be16(&b, AT_NODE_MAP);
    buf_be16(&b, AT_NODE_USER);
    buf_be16(&b, DESCRIPTOR);
    return buf_bytes(&b);
}

static struct fork place_tree(struct volume *v, const struct record_vec *records,
                              uint16_t longest_key, uint32_t flags)
{
    struct tree t = {.a = v->a,
                     .records = records,
                     .longest_key = longest_key,
                     .flags = flags,
                     .nodes = {.arena = v->a}};
    struct buf all = {.arena = v->a};
    put_levels(&t);
    buf_put(&all, header_node(&t));
    buf_put(&all, buf_bytes(&t.nodes));
    return place(v, buf_bytes(&all));
}

/* By the number at AT of the key, then by the name that ends it. */
static int compare_keys(const struct record *l, const struct record *r, size_t at, size_t name)
{
    int order = memcmp(l->key.p + at, r->key.p + at, 4);
    return order ? order
                 : bytes_compare(bytes_of(l->key.p + name, l->key.n - name),
                                 bytes_of(r->key.p + name, r->key.n - name));
}

static int by_catalog_key(const void *left, const void *right)
{
    return compare_keys(left, right, 2, 8);
}

static int by_attribute_key(const void *left, const void *right)
{
    return compare_keys(left, right, 4, 14);
}

/* -- the volume */

static struct bytes volume_header(struct volume *v, const struct fork forks[4], uint32_t total)
{
    struct buf b = {.arena = v->a};
    buf_str(&b, "HX");
    buf_be16(&b, 5);
    buf_be32(&b, UNMOUNTED);
    buf_str(&b, "10.0");
    buf_be32(&b, 0);
    for (int i = 0; i < 4; i++)
        buf_be32(&b, i == 2 ? 0 : WHEN); /* never backed up */
    buf_be32(&b, v->files);
    buf_be32(&b, (uint32_t)v->all.n - 1); /* without the root */
    buf_be32(&b, BLOCK);
    buf_be32(&b, total);
    buf_be32(&b, 0); /* free blocks */
    buf_be32(&b, 0);
    buf_be32(&b, BLOCK);
    buf_be32(&b, BLOCK);
    buf_be32(&b, v->next_id);
    buf_be32(&b, 1);
    buf_be64(&b, 1);
    buf_zero(&b, 32);
    for (int i = 0; i < 4; i++)
        put_fork(&b, forks[i]);
    buf_zero(&b, HEADER_SIZE - b.n);
    return buf_bytes(&b);
}

/* Every block is in use; so are, in the bitmap's last byte, those that are not there. */
static struct fork place_bitmap(struct volume *v)
{
    struct buf b = {.arena = v->a};
    uint32_t before = blocks_of(v->blocks.n), own = 1;
    while ((before + own + 1 + 7) / 8 > own * BLOCK)
        own++;
    for (uint32_t i = 0; i < own * BLOCK; i++)
        buf_byte(&b, i < (before + own + 1 + 7) / 8 ? 0xff : 0);
    return place(v, buf_bytes(&b));
}

struct bytes hfs_volume(struct forge *f, const char *name, const struct pack_member_vec *members)
{
    struct arena *a = f->a;
    static const struct record_vec none = {0};
    struct volume v = {
        .a = a, .blocks = {.arena = a}, .folders = {.arena = a}, .next_id = FIRST_ID};
    struct fork forks[4]; /* allocation, extents, catalog, attributes */
    buf_zero(&v.blocks, BLOCK);
    add_members(&v, name, members);
    qsort(v.catalog.at, v.catalog.n, sizeof *v.catalog.at, by_catalog_key);
    if (v.attributes.n)
        qsort(v.attributes.at, v.attributes.n, sizeof *v.attributes.at, by_attribute_key);
    forks[1] = place_tree(&v, &none, 10, KEYS_BIG);
    forks[2] = place_tree(&v, &v.catalog, 516, KEYS_BIG | KEYS_VARY);
    forks[3] = place_tree(&v, &v.attributes, 266, KEYS_BIG | KEYS_VARY);
    forks[0] = place_bitmap(&v);
    struct bytes header = volume_header(&v, forks, blocks_of(v.blocks.n) + 1);
    memcpy(v.blocks.p + HEADER, header.p, header.n);
    buf_zero(&v.blocks, BLOCK - 2 * HEADER_SIZE); /* the second copy, 1024 bytes before the end */
    buf_put(&v.blocks, header);
    buf_zero(&v.blocks, HEADER_SIZE);
    return buf_bytes(&v.blocks);
}
