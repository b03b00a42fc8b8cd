/* SPDX-License-Identifier: Apache-2.0 */
/* req designate: the default designated requirement of code, or of facts. */
#include "config.h"

#include "base/arena.h"
#include "cli/req_subject.h"
#include "format/json_read.h"
#include "lang/designate.h"
#include "lang/print.h"
#include "seal/subject.h"

struct designate_options {
    struct req_subject_options subject;
    bool batch;
    const char *identifier;
    struct name_vec cdhashes;
};
#define AT(field) offsetof(struct designate_options, field)

static const struct option_row rows[] = {
    {"facts", 0, OPTION_TEXT, AT(subject.facts), "FILE", "the facts in JSON, in place of code",
     NULL},
    {"base", 0, OPTION_TEXT, AT(subject.base), "DIR",
     "where files named in facts are looked for (default: here)", NULL},
    {"identifier", 0, OPTION_TEXT, AT(identifier), "ID", "in place of the one in code or facts",
     NULL},
    {"cdhash", 0, OPTION_LIST, AT(cdhashes), "HEX",
     "for ad hoc code of these, in this order; no certificates are asked for", NULL},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one JSON object a line on standard input, one a line out", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

/* -- Streams */

static void put_error(struct jsonl *j, const char *why)
{
    jsonl_str(j, "hex", NULL);
    jsonl_str(j, "error", why);
}

static void put_requirement(struct arena *a, struct jsonl *j, struct bytes blob)
{
    struct bytes dump;
    if (blob.n == 0 || req_print(a, blob, &dump) != REQ_OK) {
        jsonl_str(j, "hex", NULL);
        return;
    }
    jsonl_hex(j, "hex", blob);
    jsonl_text(j, "dump", dump);
}

/* {"identifier":…,"certs":[…],"apple_anchors":[…]} → {"hex":…,"dump":…}; hex null: no requirement is made. */
static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct facts_source source = {req_file_read, self, true};
    struct value *v;
    struct value_error error = {0};
    struct subject s;
    if (json_parse(a, line, &v, &error) != DS_OK ||
        facts_subject(a, v, &source, &s, &error) != DS_OK) {
        put_error(j, error.message);
        return;
    }
    if (!req_member_text(a, v, "identifier", &s.identifier)) {
        put_error(j, "no identifier");
        return;
    }
    put_requirement(a, j, req_designate(a, &s));
}

/* -- One requirement */

static int put_result(struct cli *cli, struct bytes blob)
{
    struct bytes text;
    if (blob.n == 0)
        return cli_trouble(cli, "no requirement is made: there is no certificate chain");
    if (req_print(cli->arena, blob, &text) != REQ_OK)
        return EXIT_TROUBLE;
    fprintf(cli->out, "%s\n", bytes_cstr(cli->arena, text));
    return EXIT_ACCEPTED;
}

static int of_hashes(struct cli *cli, const struct name_vec *words)
{
    struct bytes *hashes = arena_array(cli->arena, words->n, struct bytes);
    for (size_t i = 0; i < words->n; i++)
        if (!bytes_unhex(cli->arena, bytes_str(words->at[i]), &hashes[i]) || hashes[i].n != 20)
            return cli_usage(cli, "--cdhash %s: 40 hex digits are needed", words->at[i]);
    return put_result(cli, req_designate_adhoc(cli->arena, hashes, words->n));
}

/* Ad hoc code goes by its hashes: those of the main slice by hash type, then the other slices' (§7.2). */
static int of_adhoc(struct cli *cli, const struct code *c)
{
    struct hashes VEC_OF(struct bytes) all = {0};
    for (size_t i = 0; i < c->slice_count; i++) {
        size_t slice = i == 0 ? c->main_slice : i <= c->main_slice ? i - 1 : i;
        const struct signature *sig = &c->slices[slice].sig;
        for (size_t k = 0; k < sig->directory_count; k++)
            vec_push(cli->arena, &all, bytes_of(sig->directories[k].cdhash, 20));
    }
    return put_result(cli, req_designate_adhoc(cli->arena, all.at, all.n));
}

static int of_code(struct cli *cli, const struct designate_options *o, const char *path)
{
    struct subject s;
    const struct code *c = req_code(cli, path);
    const struct signature *sig = code_signature(c);
    if (!c || !sig)
        return EXIT_TROUBLE;
    if (sig->adhoc)
        return of_adhoc(cli, c);
    code_subject(cli->arena, c, sig, NULL, &s);
    if (o->identifier)
        s.identifier = bytes_str(o->identifier);
    return put_result(cli, req_designate(cli->arena, &s));
}

static int of_facts(struct cli *cli, const struct designate_options *o)
{
    struct subject s;
    bool given;
    int status = req_subject(cli, &o->subject, NULL, &s, &given);
    if (status != EXIT_ACCEPTED)
        return status;
    if (o->identifier)
        s.identifier = bytes_str(o->identifier);
    return put_result(cli, req_designate(cli->arena, &s));
}

static int batch(struct cli *cli, const struct designate_options *o)
{
    struct req_files files = {.cli = cli, .base = o->subject.base};
    return req_batch(cli, answer, &files);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct designate_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    unsigned ways = o.batch + (o.cdhashes.n > 0) + (o.subject.facts != NULL) + (operands.n == 1);
    if (ways != 1 || operands.n > 1)
        return cli_usage(cli, "of what? one PATH, --facts FILE, --cdhash HEX or --batch");
    if (o.batch)
        return batch(cli, &o);
    if (o.cdhashes.n)
        return of_hashes(cli, &o.cdhashes);
    return o.subject.facts ? of_facts(cli, &o) : of_code(cli, &o, operands.at[0]);
}

const struct command_spec req_designate_spec = {
    .synopsis = "[options] PATH",
    .about = "Prints the designated requirement that code gets when its signature holds none: by "
             "certificates, or for\nad hoc code by its hashes. It is the default one, also for "
             "code that brings another.",
    .examples = "  dryseal req designate My.app\n"
                "  dryseal req designate --identifier com.example.app --facts chain.json\n",
    .options = groups,
    .run = run,
};
