/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of `dryseal req` share: requirements as operands, files that requirements and facts name, and
 * the stream of questions and answers of --batch.
 */
#ifndef DS_CLI_REQ_H
#define DS_CLI_REQ_H

#include "cli/cli.h"
#include "cli/jsonl.h"
#include "lang/compile.h"
#include "lang/program.h"
#include "seal/facts.h"

/* Files named in a text, relative to `base`; certificates are kept, streams name the same ones again and again. */
struct req_files {
    struct cli *cli;
    const char *base; /* a directory as operand, NULL: the current one */
    struct kept_vec VEC_OF(struct req_kept) kept;
};
struct req_kept {
    const char *path;
    struct bytes content;
};

/* For struct req_options and struct facts_source, SELF being a struct req_files. */
bool req_file_sha1(void *self, const char *path, uint8_t out[20]);
bool req_file_read(void *self, const char *path, struct bytes *out);

/* "auto", "single", "set"; NULL is auto. The choices for options. */
#define REQ_MODES "auto single set"
enum req_mode req_mode_named(const char *word);

/* A requirement as operand: binary, or text and what it compiled to. */
struct requirement {
    const char *name;  /* as messages call it */
    struct bytes text; /* {NULL,0} when it was binary */
    struct bytes blob; /* {NULL,0} when the text did not compile */
    struct req_error_vec errors;
};

/*
 * OPERAND is =TEXT, a file or "-" (§12): binary when it begins with the byte fa, else text. False after a
 * complaint that it cannot be read; a text that does not compile is true, with errors.
 */
bool requirement_read(struct cli *cli, const char *operand, enum req_mode mode,
                      struct requirement *out);
/* The same, and complaints about a text that does not compile: EXIT_ACCEPTED, EXIT_REFUSED, EXIT_TROUBLE. */
int requirement_need(struct cli *cli, const char *operand, enum req_mode mode,
                     struct requirement *out);
/* Tell what is wrong with O's text, on cli->err. COMPAT: in the reference's words alone. */
void req_complain(struct cli *cli, const struct requirement *o, bool compat);

/*
 * --batch: for each line of standard input (without its newline) ANSWER writes one object into J; memory of A
 * lasts as long as the line. Answers leave at once. Returns EXIT_ACCEPTED.
 */
typedef void req_answer(struct arena *a, void *self, struct bytes line, struct jsonl *j);
int req_batch(struct cli *cli, req_answer *answer, void *self);

/* The bytes of a line in which \n \t \r \\ \xHH are escapes. */
struct bytes req_unescape(struct arena *a, struct bytes line);
/* Member NAME of V as bytes, or what NAME_hex stands for; false when neither is there. */
bool req_member_text(struct arena *a, const struct value *v, const char *name, struct bytes *out);

extern const struct command_spec req_compile_spec, req_print_spec;
extern const struct command_spec req_eval_spec, req_explain_spec;
extern const struct command_spec req_designate_spec;
extern const struct command_spec req_diff_spec, req_lint_spec;
extern const struct command_spec req_generate_spec, req_fuzz_spec, req_reduce_spec;

#endif
