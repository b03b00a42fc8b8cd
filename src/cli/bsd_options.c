/* SPDX-License-Identifier: Apache-2.0 */
/* Options as Apple's tools take them: see bsd_options.h. */
#include "config.h"

#include "cli/bsd_options.h"

#include <string.h>

#include "base/arena.h"

/* "codesign: BEFORE WORD BEHIND". */
static int complain(struct bsd_options *o, const char *before, const char *word, const char *behind)
{
    fprintf(o->err, "%s: %s%s%s\n", o->argv[0], before, word, behind);
    return BSD_FAIL;
}

/* The option whose name begins with the N bytes of NAME; *CLEAR: no other has another meaning. */
static const struct bsd_option *find_long(const struct bsd_options *o, const char *name, size_t n,
                                          bool *clear)
{
    const struct bsd_option *found = NULL;
    *clear = true;
    for (const struct bsd_option *row = o->options; row->name; row++) {
        if (strncmp(row->name, name, n) != 0)
            continue;
        if (row->name[n] == '\0') {
            *clear = true;
            return row;
        }
        if (found && (found->id != row->id || found->value != row->value))
            *clear = false;
        found = found ? found : row;
    }
    return found;
}

static int take_long(struct bsd_options *o, const char *word)
{
    size_t n = strcspn(word, "=");
    bool clear;
    const struct bsd_option *row = find_long(o, word, n, &clear);
    const char *typed = arena_strndup(o->arena, word, n);
    if (!row)
        return complain(o, "unrecognized option `--", word, "'");
    if (!clear)
        return complain(o, "option `--", typed, "' is ambiguous");
    if (word[n] == '=')
        o->value = word + n + 1;
    if (row->value == BSD_NONE && o->value) {
        (void)complain(o, "option `--", typed, "' doesn't allow an argument");
        o->unwanted = true;
        o->value = NULL;
    }
    if (row->value == BSD_REQUIRED && !o->value) {
        if (o->at >= o->argc)
            return complain(o, "option `--", typed, "' requires an argument");
        o->value = o->argv[o->at++];
    }
    return row->id;
}

static int take_letter(struct bsd_options *o)
{
    char letter[2] = {*o->cluster++, '\0'};
    const char *known = letter[0] == ':' ? NULL : strchr(o->letters, letter[0]);
    if (!known)
        return complain(o, "invalid option -- ", letter, "");
    if (known[1] != ':')
        return letter[0];
    if (*o->cluster == '\0') {
        if (o->at >= o->argc)
            return complain(o, "option requires an argument -- ", letter, "");
        o->value = o->argv[o->at++];
    } else {
        o->value = o->cluster;
    }
    o->cluster = NULL;
    return letter[0];
}

static void take_operand(struct bsd_options *o, char *word)
{
    if (!o->operands)
        o->operands = arena_array(o->arena, (size_t)o->argc + 1, char *);
    o->operands[o->operand_count++] = word;
}

int bsd_option_next(struct bsd_options *o)
{
    o->value = NULL;
    o->unwanted = false;
    if (o->at == 0)
        o->at = 1;
    if (o->cluster && *o->cluster)
        return take_letter(o);
    while (o->at < o->argc) {
        char *word = o->argv[o->at++];
        if (strcmp(word, "--") == 0) {
            while (o->at < o->argc)
                take_operand(o, o->argv[o->at++]);
            break;
        }
        if (word[0] == '-' && word[1] == '-')
            return take_long(o, word + 2);
        if (word[0] == '-' && word[1] != '\0') {
            o->cluster = word + 1;
            return take_letter(o);
        }
        take_operand(o, word);
    }
    return BSD_END;
}
