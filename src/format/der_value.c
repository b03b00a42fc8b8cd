/* SPDX-License-Identifier: Apache-2.0 */
/* DER values: see der_value.h. */
#include "format/der_value.h"

void der_fault(struct der_reader *r, uint64_t at, const char *why)
{
    if (r->fault)
        return;
    r->fault = why;
    r->fault_at = at;
}

struct value *der_unreadable(struct der_reader *r, uint64_t at, const char *why)
{
    der_fault(r, at, why);
    return NULL;
}

bool der_read(struct der_reader *r, struct cursor *c, struct der *out)
{
    if (!der_next(c, out)) {
        der_fault(r, c->failed_at, "an element is cut off or malformed");
        return false;
    }
    if (!out->minimal)
        der_fault(r, out->offset, "a length is not in its shortest form");
    return true;
}

struct value *der_read_integer(struct der_reader *r, const struct der *d)
{
    int64_t n;
    if (!der_int64(d, &n))
        return der_unreadable(r, d->offset, "an integer does not fit 64 bits");
    return value_int(r->a, n);
}

struct value *der_read_text(struct der_reader *r, const struct der *d)
{
    if (!bytes_utf8(d->content))
        return der_unreadable(r, d->content_offset, "a string is not UTF-8");
    return value_string_bytes(r->a, d->content);
}
