/* SPDX-License-Identifier: Apache-2.0 */
/* Facts for the tests of policy. */
#include "policy_facts.h"

#include <check.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* One certificate, known by its facts alone; DER differs by team, so that profiles can list it. */
static const struct cert **chain(struct arena *a, const char *team)
{
    const struct cert **list = arena_array(a, 3, const struct cert *);

    for (size_t i = 0; i < 3; i++) {
        struct cert *c = arena_new_of(a, struct cert);

        c->der = bytes_str(arena_printf(a, "certificate %zu of %s", i, team));
        c->team = c->first_unit = i == 0 ? team : NULL;
        c->common_name = i == 0 ? "Example" : "CA";
        list[i] = c;
    }
    return list;
}

static void sign(struct arena *a, struct code *c, enum signer_kind signer, const char *team)
{
    struct signature *sig = &c->slices[0].sig;
    struct codedir *cd = arena_new_of(a, struct codedir);

    cd->version = 0x20500;
    cd->identifier = c->code_identifier;
    cd->exec_seg_flags = 1;
    cd->page_shift = 12;
    cd->hash_type = 2;
    cd->hash_size = 32;
    cd->special_slots = 11;
    sig->present = sig->core_valid = true;
    sig->chosen = sig->primary = sig->directories = cd;
    sig->directory_count = 1;
    sig->signing_time = FACTS_NOW - 1000;
    if (!team) {
        cd->flags = CD_FLAG_ADHOC;
        sig->adhoc = true;
        return;
    }
    cd->team = team;
    cd->flags = CD_FLAG_RUNTIME;
    sig->has_cms = sig->cms_valid = sig->chain_trusted = true;
    sig->cms_size = 9000;
    sig->chain = chain(a, team);
    sig->chain_count = 3;
    sig->anchor = ANCHOR_APPLE;
    sig->signer = signer;
    sig->timestamp = FACTS_NOW - 1000;
    sig->has_timestamp_token = true;
}

struct code *facts_code(struct arena *a, enum code_kind kind, const char *path,
                        enum signer_kind signer, const char *team)
{
    struct code *c = arena_new_of(a, struct code);
    bool loose = kind == CODE_DYLIB || kind == CODE_TOOL;

    c->kind = kind;
    c->path = c->fs_path = path;
    c->name = path_base(path);
    c->is_bundle = !loose;
    c->is_main_executable = kind != CODE_DYLIB && kind != CODE_FRAMEWORK && kind != CODE_BUNDLE;
    c->executable = loose ? path : arena_printf(a, "%s/Contents/MacOS/main", path);
    c->identifier = loose ? NULL : arena_printf(a, "com.example.%s", c->name);
    c->code_identifier = c->identifier ? c->identifier : c->name;
    c->findings = arena_new_of(a, struct findings);
    c->findings->arena = a;
    c->slices = arena_new_of(a, struct slice);
    c->slice_count = 1;
    c->slices[0].arch = "arm64";
    c->slices[0].filetype = c->is_main_executable ? 2 : 6;
    c->slices[0].mach_flags = 4;
    c->slices[0].platform = 1;
    c->reached = c->info_bound = c->static_valid = c->seal.present = true;
    sign(a, c, signer, team);
    return c;
}

void facts_nest(struct arena *a, struct code *outer, struct code *inner)
{
    struct code **more = arena_array(a, outer->child_count + 1, struct code *);

    if (outer->child_count)
        memcpy(more, outer->children, outer->child_count * sizeof *more);
    more[outer->child_count++] = inner;
    outer->children = more;
    inner->parent = outer;
    inner->sealed_by_parent = inner->in_code_place = true;
}

void facts_claim(struct arena *a, struct code *c, const char *key, struct value *v)
{
    struct signature *sig = &c->slices[0].sig;

    if (!sig->entitlements)
        sig->entitlements = value_dict(a);
    sig->has_xml_entitlements = sig->has_der_entitlements = true;
    sig->entitlements_from_xml = sig->entitlements;
    sig->entitlements_xml = sig->entitlements_der = bytes_str("as large as a blob must be");
    value_set(a, sig->entitlements, key, v);
}

struct value *facts_list(struct arena *a, const char *item)
{
    struct value *list = value_array(a);

    value_append(a, list, value_string(a, item));
    return list;
}

/* Apple's signer of profiles, told by its name. */
static const struct cert **signer(struct arena *a)
{
    const struct cert **list = chain(a, "Apple");
    struct cert *leaf = arena_copy(a, list[0], sizeof *leaf);

    leaf->common_name = "Apple iPhone OS Provisioning Profile Signing";
    list[0] = leaf;
    return list;
}

struct profile *facts_profile(struct arena *a, struct code *c)
{
    const struct signature *sig = &c->slices[0].sig;
    struct profile *p = arena_new_of(a, struct profile);
    struct value *certs = value_array(a), *grants = value_clone(a, sig->entitlements);
    const char *team = sig->chosen->team;

    value_append(a, certs, value_data(a, sig->chain[0]->der));
    value_set(a, grants, "com.apple.application-identifier",
              value_string(a, arena_printf(a, "%s.*", team)));
    value_set(a, grants, "com.apple.developer.team-identifier", value_string(a, team));
    p->path = arena_printf(a, "%s/Contents/embedded.provisionprofile", c->path);
    p->is_cms = p->signature_valid = p->sealed = true;
    p->anchor = ANCHOR_APPLE;
    p->chain = signer(a);
    p->chain_count = 2;
    p->plist = value_dict(a);
    value_set(a, p->plist, "Name", value_string(a, "Example profile"));
    value_set(a, p->plist, "Version", value_int(a, 1));
    value_set(a, p->plist, "Platform", facts_list(a, "OSX"));
    value_set(a, p->plist, "ProvisionsAllDevices", value_bool(a, true));
    value_set(a, p->plist, "TeamIdentifier", facts_list(a, team));
    value_set(a, p->plist, "ApplicationIdentifierPrefix", facts_list(a, team));
    value_set(a, p->plist, "CreationDate", value_date(a, (double)when_to_2001(FACTS_NOW - 100000)));
    value_set(a, p->plist, "ExpirationDate",
              value_date(a, (double)when_to_2001(FACTS_NOW + 100000)));
    value_set(a, p->plist, "DeveloperCertificates", certs);
    value_set(a, p->plist, "Entitlements", grants);
    return c->profile = p;
}

struct judgement facts_judge(struct arena *a, struct code *top, const struct host *host)
{
    struct judgement out;
    struct judge_input in = {.tops = &top, .top_count = 1, .host = host, .only = STAGE_COUNT};

    ck_assert_int_eq(judge(a, &in, &out), DS_OK);
    return out;
}

char *facts_log(struct arena *a, const struct judgement *out)
{
    struct buf b = {.arena = a};

    for (size_t i = 0; i < out->findings.list.n; i++) {
        const struct finding *f = out->findings.list.at[i];

        for (size_t k = 0; k < f->log.n; k++)
            buf_printf(&b, "%s: %s\n", f->log.at[k].process, f->log.at[k].text);
    }
    return arena_strdup(a, buf_cstr(&b));
}

struct run {
    struct arena *a;
    void (*test)(struct arena *a);
};

static enum ds_status run(void *arg)
{
    struct run *r = arg;

    r->test(r->a);
    return DS_OK;
}

void facts_run(void (*test)(struct arena *a))
{
    struct run r = {arena_new(0), test};

    ck_assert_int_eq(arena_run(r.a, run, &r), DS_OK);
    arena_free(r.a);
}
