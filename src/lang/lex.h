/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lex: requirement text to tokens (requirement-language.md §1). Works on bytes. The first byte that no token
 * accepts ends the input: lex_next() answers false and `error` says what was found.
 */
#ifndef DS_LANG_LEX_H
#define DS_LANG_LEX_H

#include "base/arena.h"
#include "base/bytes.h"

enum token_kind {
#define TOKEN(id, name, written) TOKEN_##id,
#define KEYWORD(id, word)        WORD_##id,
#include "lang/tokens.def"
#undef TOKEN
#undef KEYWORD
    TOKEN_KINDS
};

/* A set of token kinds. */
typedef uint64_t token_set;
#define TOKEN_BIT(kind) ((token_set)1 << (kind))

struct token {
    enum token_kind kind;
    uint32_t line, column; /* of the first byte, from 1 */
    size_t at, length;     /* where it stands in the text, all of it */
    struct bytes text; /* what it delivers (§1.3): no quotes, no H"" and 0x, escapes resolved */
};

/* A byte of the text, or its end. */
#define LEX_END (-1)

struct lex_error {
    uint32_t line, column;
    size_t at;
    int wanted; /* the byte that was required, LEX_END when a class of bytes was */
    int found;
};

struct lexer {
    struct arena *arena; /* for strings with escapes */
    struct bytes text;
    size_t at;
    uint32_t line, column;
    bool failed;
    struct lex_error error;
};

struct lexer lexer_of(struct arena *a, struct bytes text);

/* The next token; false when the text is no token here (then and ever after). */
bool lex_next(struct lexer *l, struct token *out);

/* "RPAREN", or a keyword itself; whether KIND is a keyword. */
const char *token_name(enum token_kind kind);
bool token_is_keyword(enum token_kind kind);
/* How one writes it: "')'", "a quoted string", "\"and\"". */
const char *token_written(enum token_kind kind);

/* The keyword that WORD is, TOKEN_DOTKEY when it is none. */
enum token_kind token_of_word(struct bytes word);

/* Bytes the language knows at all (§1.1). */
bool lex_is_vocabulary(uint8_t byte);

#endif
