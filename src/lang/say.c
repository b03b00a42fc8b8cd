/* SPDX-License-Identifier: Apache-2.0 */
/* Say: see say.h and explain.h. Phrases without a final stop, so that they go into sentences. */
#include "config.h"

#include "lang/say.h"

#include "base/arena.h"
#include "base/oid.h"
#include "lang/date.h"
#include "lang/explain.h"
#include "lang/print.h"

#define SHOWN 200 /* bytes of a value that are shown */

static const char *quoted(struct arena *a, struct bytes text)
{
    return arena_printf(a, "\"%s\"", bytes_printable(a, text, SHOWN));
}

static const char *hash(struct arena *a, struct bytes bytes)
{
    return arena_printf(a, "%s", bytes_hex(a, bytes));
}

static const char *date(struct arena *a, int64_t seconds)
{
    struct buf b = {.arena = a};
    req_date_put(&b, seconds);
    return buf_cstr(&b);
}

const char *req_slot_phrase(struct arena *a, int32_t slot)
{
    if (slot == REQ_SLOT_LEAF)
        return "the leaf certificate";
    if (slot == REQ_SLOT_ROOT)
        return "the root certificate";
    if (slot == 1)
        return "certificate 1 (the leaf's issuer)";
    if (slot == -2)
        return "certificate -2 (below the root)";
    return arena_printf(a, "certificate %d (counted from the %s)", slot,
                        slot < 0 ? "root" : "leaf");
}

/* The same, to be followed by what it owns. */
static const char *owner(struct arena *a, int32_t slot)
{
    if (slot == REQ_SLOT_LEAF)
        return "the leaf's";
    if (slot == REQ_SLOT_ROOT)
        return "the root's";
    return arena_printf(a, "certificate %d's", slot);
}

const char *req_oid_phrase(struct arena *a, struct bytes oid)
{
    enum oid_id id = oid_find(oid);
    if (id != OID_UNKNOWN)
        return arena_printf(a, "%s (%s)", oid_name(id), oid_dotted(id));
    return oid.n ? oid_text(a, oid) : "(no number at all)";
}

const char *req_node_text(struct arena *a, struct bytes blob, const struct req_node *n)
{
    struct buf b = {.arena = a};
    if (!req_op_row(n->opcode))
        return arena_printf(a, "opcode %u", n->opcode);
    req_put_node(&b, blob, n->at);
    while (b.n && b.p[b.n - 1] == ' ')
        b.p[--b.n] = '\0';
    return bytes_printable(a, buf_bytes(&b), 0);
}

/* -- What a part asks */

/* WHAT with the phrase of the match behind it. */
static const char *match_phrase(struct arena *a, const char *what, const struct req_node *n)
{
    const struct req_match_row *row = req_match_row(n->match);
    if (!row)
        return arena_printf(a, "%s matches in a way nobody knows: never true", what);
    if (n->match == MATCH_EXISTS)
        return arena_printf(a, "%s is there, and is not false", what);
    if (n->match == MATCH_ABSENT)
        return arena_printf(a, "%s is not there", what);
    const char *value = row->operand == OPERAND_DATE ? date(a, n->date) : quoted(a, n->operand);
    return arena_printf(a, "%s %s %s", what, row->phrase, value);
}

static const char *field_phrase(struct arena *a, const struct req_node *n)
{
    enum subject_field field = subject_field_of(n->data);
    if (bytes_is(n->data, "email"))
        return arena_printf(a, "a mail address of %s", req_slot_phrase(a, n->slot));
    if (field == FIELD_COUNT)
        return arena_printf(a, "%s, which is no attribute of a certificate and never matches,",
                            bytes_printable(a, n->data, SHOWN));
    return arena_printf(a, "the %s of %s", subject_field_phrase(field),
                        req_slot_phrase(a, n->slot));
}

/* An extension or policy is there or not; other matches are never true. */
static const char *presence_phrase(struct arena *a, const struct req_node *n, const char *kind)
{
    const char *slot = req_slot_phrase(a, n->slot), *oid = req_oid_phrase(a, n->data);
    if (n->match == MATCH_EXISTS)
        return arena_printf(a, "%s has the %s %s", slot, kind, oid);
    if (n->match == MATCH_ABSENT)
        return arena_printf(a, "%s does not have the %s %s", slot, kind, oid);
    return arena_printf(a, "%s has a %s %s that compares with a value: never true", slot, kind,
                        oid);
}

const char *req_says(struct arena *a, const struct req_node *n)
{
    switch (n->opcode) {
    case OP_NEVER: return "nothing satisfies this";
    case OP_ALWAYS: return "everything satisfies this";
    case OP_AND: return "all of these hold";
    case OP_OR: return "at least one of these holds";
    case OP_NOT: return "this does not hold";
    case OP_IDENTIFIER: return arena_printf(a, "the signing identifier is %s", quoted(a, n->data));
    case OP_ANCHOR_APPLE: return "Apple itself signed the code, as part of its system";
    case OP_APPLE_GENERIC:
        return "the certificate chain ends in an Apple root: code of Apple, or of anyone with an "
               "Apple certificate";
    case OP_ANCHOR_HASH:
        return arena_printf(a, "the SHA-1 of %s is %s", req_slot_phrase(a, n->slot),
                            hash(a, n->data));
    case OP_CDHASH:
        return arena_printf(a, "it is this very build: the CodeDirectory hash is %s",
                            hash(a, n->data));
    case OP_INFO_EQUAL:
    case OP_INFO:
        return match_phrase(a, arena_printf(a, "the Info.plist key %s", quoted(a, n->data)), n);
    case OP_ENTITLEMENT:
        return match_phrase(a, arena_printf(a, "the entitlement %s", quoted(a, n->data)), n);
    case OP_FIELD: return match_phrase(a, field_phrase(a, n), n);
    case OP_EXTENSION: return presence_phrase(a, n, "extension");
    case OP_POLICY: return presence_phrase(a, n, "policy");
    case OP_DATE_EXTENSION:
        return match_phrase(a,
                            arena_printf(a, "the date in the extension %s of %s",
                                         req_oid_phrase(a, n->data), req_slot_phrase(a, n->slot)),
                            n);
    case OP_TRUSTED:
        return arena_printf(a, "the Mac's trust settings accept %s", req_slot_phrase(a, n->slot));
    case OP_ANCHOR_TRUSTED: return "the Mac's trust settings accept the certificate chain";
    case OP_NAMED_ANCHOR:
    case OP_NAMED_CODE:
        return arena_printf(a, "the requirement that the system keeps under the name %s holds",
                            quoted(a, n->data));
    case OP_PLATFORM: return arena_printf(a, "the platform identifier is %d", n->slot);
    case OP_NOTARIZED: return "Apple's notary service knows the code: it has a ticket";
    case OP_LEGACY: return "a Developer ID signed the code before notarization was required";
    default:
        return n->word & REQ_FLAG_FALSE ? "an operation nobody knows, marked to count as false"
                                        : "an operation nobody knows, marked to be passed over";
    }
}

/* -- What it saw */

static const char *subject_value(struct arena *a, const struct req_node *n, struct bytes text)
{
    if (n->opcode == OP_IDENTIFIER)
        return arena_printf(a, "the identifier is %s", quoted(a, text));
    const char *name = bytes_printable(a, n->data, SHOWN);
    if (strncmp(name, "subject.", 8) == 0)
        name += 8;
    return arena_printf(a, "%s %s is %s", owner(a, n->slot), name, quoted(a, text));
}

static const char *subject_hash(struct arena *a, const struct req_node *n, struct bytes sha1)
{
    if (n->opcode == OP_CDHASH)
        return arena_printf(a, "the cdhash is %s", hash(a, sha1));
    return arena_printf(a, "%s SHA-1 is %s", owner(a, n->slot), hash(a, sha1));
}

static const char *not_there(struct arena *a, const struct req_node *n)
{
    switch (n->opcode) {
    case OP_FIELD: return arena_printf(a, "%s has none", req_slot_phrase(a, n->slot));
    case OP_EXTENSION:
    case OP_POLICY: return arena_printf(a, "%s does not have it", req_slot_phrase(a, n->slot));
    case OP_DATE_EXTENSION:
        return arena_printf(a, "%s has no such date", req_slot_phrase(a, n->slot));
    case OP_NAMED_ANCHOR:
    case OP_NAMED_CODE: return "there is no requirement of that name";
    default: return "there is no such key";
    }
}

static const char *dictionary_value(struct arena *a, const struct value *v)
{
    char *text = value_text(a, v);
    return arena_printf(a, "it is %s", bytes_printable(a, bytes_str(text), SHOWN));
}

/* The certificate that an anchor was looked for in. */
static const char *root_seen(struct arena *a, const struct req_node *n, const struct req_step *step)
{
    if (n->opcode != OP_APPLE_GENERIC && n->opcode != OP_ANCHOR_APPLE)
        return "";
    if (!step->certificate || !*step->certificate)
        return "";
    return arena_printf(a, "the chain ends in %s", quoted(a, bytes_str(step->certificate)));
}

const char *req_saw(struct arena *a, const struct req_node *n, const struct req_step *step)
{
    if (step->verdict == VERDICT_UNDECIDED)
        return n->count ? "" : arena_printf(a, "not known: %s", subject_fact_text(step->fact));
    switch (step->seen) {
    case SEEN_NOTHING: return root_seen(a, n, step);
    case SEEN_NO_DIRECTORY: return "the code has no CodeDirectory";
    case SEEN_NO_CERTIFICATE:
        return n->opcode == OP_APPLE_GENERIC || n->opcode == OP_ANCHOR_APPLE
                   ? "there is no certificate chain"
                   : "there is no certificate in that place";
    case SEEN_NO_DICTIONARY:
        return n->opcode == OP_ENTITLEMENT ? "the code has no entitlements"
                                           : "the code has no Info.plist";
    case SEEN_ABSENT: return not_there(a, n);
    case SEEN_VALUE: return dictionary_value(a, step->value);
    case SEEN_TEXT: return subject_value(a, n, step->bytes);
    case SEEN_HASH: return subject_hash(a, n, step->bytes);
    case SEEN_EMAILS:
        return step->number == 0 ? "it has no mail address"
                                 : arena_printf(a, "it has %lld, the first is %s",
                                                (long long)step->number, quoted(a, step->bytes));
    case SEEN_NUMBER: return arena_printf(a, "it is %lld", (long long)step->number);
    case SEEN_PRESENT:
        return n->opcode == OP_NAMED_CODE || n->opcode == OP_NAMED_ANCHOR
                   ? "there is such a requirement"
                   : arena_printf(a, "%s has it", req_slot_phrase(a, n->slot));
    case SEEN_DATE: return arena_printf(a, "the date is %s", date(a, step->number));
    case SEEN_NOT_A_FIELD: return "there is no such attribute";
    }
    return "";
}
