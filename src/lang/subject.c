/* SPDX-License-Identifier: Apache-2.0 */
/* Subject: see subject.h. */
#include "lang/subject.h"

static const struct {
    const char *name, *text;
} facts[] = {
    {"", "nothing"},
#define FACT(id, name, what) {name, what},
#include "lang/facts.def"
#undef FACT
};

const char *subject_fact_name(enum subject_fact fact)
{
    return facts[fact].name;
}

const char *subject_fact_text(enum subject_fact fact)
{
    return facts[fact].text;
}

enum subject_fact subject_fact_of(const char *name)
{
    for (int fact = FACT_NONE + 1; fact < FACT_COUNT; fact++)
        if (strcmp(facts[fact].name, name) == 0)
            return (enum subject_fact)fact;
    return FACT_NONE;
}

static const struct {
    struct bytes name, type;
    const char *text, *phrase;
} fields[] = {
#define LITERAL(text)                             \
    {                                             \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }
#define FIELD(id, name, oid, phrase) {LITERAL(name), LITERAL(oid), name, phrase},
#include "lang/fields.def"
#undef FIELD
#undef LITERAL
};

enum subject_field subject_field_of(struct bytes name)
{
    int field = 0;
    while (field < FIELD_COUNT && !bytes_equal(fields[field].name, name))
        field++;
    return (enum subject_field)field;
}

struct bytes subject_field_type(enum subject_field field)
{
    return fields[field].type;
}

const char *subject_field_name(enum subject_field field)
{
    return fields[field].text;
}

const char *subject_field_phrase(enum subject_field field)
{
    return fields[field].phrase;
}

bool subject_slot(const struct subject *s, int32_t slot, size_t *index)
{
    int64_t count = (int64_t)s->chain_count;
    int64_t at = slot < 0 ? slot + count : slot;
    *index = (size_t)at;
    return at >= 0 && at < count;
}
