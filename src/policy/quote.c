/* SPDX-License-Identifier: Apache-2.0 */
/* Quote: see quote.h. The rows of findings.def separate several texts by "; " and leave gaps as <path>, <id> and the like. */
#include "policy/quote.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct quoted {
    struct judging *j;
    const struct code *owner; /* NULL: unknown */
    struct finding *f;
};

/* Who says it, as far as the stage tells. */
static const char *speaker(enum stage stage)
{
    switch (stage) {
    case STAGE_LAYOUT:
    case STAGE_STATIC:
    case STAGE_DR:
    case STAGE_SIGN: return "codesign";
    case STAGE_NOTARY: return "notary";
    case STAGE_GATEKEEPER: return "syspolicyd";
    default: return NULL;
    }
}

static const char *absolute(const struct quoted *q)
{
    const char *path = q->f->place.path ? q->f->place.path : "", *dir = q->j->host->location;

    return !dir || *path == '/' ? path : path_join(q->j->a, dir, path);
}

/* What stands in the gap called NAME; NULL leaves it open. */
static const char *filling(const struct quoted *q, struct bytes name)
{
    if (bytes_is(name, "path") || bytes_is(name, "file"))
        return absolute(q);
    if (bytes_is(name, "id") && q->owner)
        return code_log_name(q->owner);
    if (bytes_is(name, "App") && q->f->place.path)
        return path_base(q->f->place.path);
    return NULL;
}

/* TEXT with its gaps filled. */
static const char *filled(const struct quoted *q, struct bytes text)
{
    struct buf b = {.arena = q->j->a};

    for (size_t at = 0; at < text.n;) {
        const uint8_t *end = text.p[at] == '<' ? memchr(text.p + at, '>', text.n - at) : NULL;
        size_t n = end ? (size_t)(end - text.p) + 1 - at : 1;
        const char *with = end ? filling(q, bytes_of(text.p + at + 1, n - 2)) : NULL;

        if (with)
            buf_str(&b, with);
        else
            buf_put(&b, bytes_of(text.p + at, n));
        at += n;
    }
    return arena_strdup(q->j->a, buf_cstr(&b));
}

/* A text of the row that is a line, and no remark about one ("token status …", "at run time: …"). */
static bool is_line(struct bytes text)
{
    return !bytes_starts(text, bytes_str("token status")) &&
           !bytes_starts(text, bytes_str("at run time"));
}

static void quote_row(const struct quoted *q, const char *texts)
{
    const char *who = speaker(q->f->stage);
    /* codesign names the item first, and further lines stand by themselves. */
    bool named = who && strcmp(who, "codesign") == 0 && q->owner;

    for (const char *at = texts, *end; at; at = end ? end + 2 : NULL) {
        end = strstr(at, "; ");
        struct bytes text = bytes_of(at, end ? (size_t)(end - at) : strlen(at));

        if (is_line(text))
            finding_log(&q->j->out->findings, q->f, who, "%s%s%s", named ? q->owner->path : "",
                        named ? ": " : "", filled(q, text));
        named = false;
    }
}

static void quote(const struct quoted *q)
{
    const char *texts = finding_row(q->f->id)->mac_text;

    if (q->f->severity == SEVERITY_INFO || q->f->log.n || strcmp(texts, "-") == 0)
        return;
    quote_row(q, texts);
    /* What the tools around codesign say of the same bytes (LY-13). */
    if (q->f->id == FINDING_MACHO_STRICT)
        finding_log(&q->j->out->findings, q->f, NULL,
                    "the __LINKEDIT segment does not cover the end of the file");
}

void quote_all(struct judging *j)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++) {
        struct quoted q = {j, j->owners.at[i], j->out->findings.list.at[i]};

        quote(&q);
    }
}
