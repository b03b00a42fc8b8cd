/* SPDX-License-Identifier: Apache-2.0 */
/* req: the requirement language, one part a file (cmd_req_*.c). */
#include "config.h"

#include "cli/req.h"

static const struct command parts[] = {
    {.name = "compile", .summary = "text to binary", .spec = &req_compile_spec},
    {.name = "print", .summary = "binary to text", .spec = &req_print_spec},
    {.name = "eval", .summary = "does code satisfy a requirement?", .spec = &req_eval_spec},
    {.name = "explain",
     .summary = "what a requirement asks, and why code satisfies it or not",
     .spec = &req_explain_spec},
    {.name = "lint",
     .summary = "what compiles but is not what people mean",
     .spec = &req_lint_spec},
    {.name = "diff",
     .summary = "is one requirement the same as another, or stricter?",
     .spec = &req_diff_spec},
    {.name = "designate",
     .summary = "the requirement that code has when it brings none",
     .spec = &req_designate_spec},
    {.name = "generate", .summary = "requirements at random, by seed", .spec = &req_generate_spec},
    {.name = "fuzz",
     .summary = "the same through another program, and compare",
     .spec = &req_fuzz_spec},
    {.name = "reduce",
     .summary = "the smallest input on which a command still fails",
     .spec = &req_reduce_spec},
    {0},
};

const struct command_spec cmd_req = {
    .synopsis = "PART [options] [OPERAND...]",
    .about = "Apple's code requirement language; dryseal-requirement(7) teaches it. A requirement "
             "is given as\n=TEXT, as a file of text or binary, or as - for standard input.",
    .examples =
        "  dryseal req compile '=identifier \"com.example.app\" and anchor apple generic'\n",
    .parts = parts,
};
