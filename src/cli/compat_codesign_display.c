/* SPDX-License-Identifier: Apache-2.0 */
/* codesign --display: the lines about a signature, in the Mac's order (static-validation.md §8.3, corrections D1 to D12). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/compat_codesign.h"
#include "lang/reqset.h"

struct display {
    FILE *to;
    unsigned level;
    uint32_t macos; /* some lines came with a release (corrections D2, D3, D9 to D11) */
    int64_t now;
    struct arena *a;
    const char *operand, *format;
    const struct code *code;
    const struct slice *slice;
    const struct signature *sig;
    const struct codedir *cd;
};

#define SDK_10_9  0x000a0900u
#define TIME_SLOP 300 /* seconds; ASSUMPTION(time-slop) */

static const char *hex(const struct display *d, const uint8_t *p, size_t n)
{
    return bytes_hex(d->a, bytes_of(p, n));
}

/* The load command that told a version before platforms had numbers: LC_VERSION_MIN_MACOSX and its like. */
static uint32_t version_command(uint32_t platform)
{
    static const uint32_t commands[] = {0, 0x24, 0x25, 0x2f, 0x30};
    return platform < sizeof commands / sizeof *commands ? commands[platform] : 0;
}

static void show_platform(const struct display *d)
{
    const struct slice *s = d->slice;
    if (d->level < 4 || !s->platform)
        return;
    if (d->macos >= MACOS(10, 14, 0))
        fprintf(d->to, "VersionPlatform=%u\nVersionMin=%u\nVersionSDK=%u\n", s->platform, s->minos,
                s->sdk);
    else
        fprintf(d->to, "OSPlatform=%u\nOSSDKVersion=%u\nOSVersionMin=%u\n",
                version_command(s->platform), s->sdk, s->minos);
}

static void show_name(const struct display *d)
{
    const struct codedir *cd = d->cd;
    fprintf(d->to, "Identifier=%s\nFormat=%s\n", cd->identifier, d->format);
    fprintf(d->to, "CodeDirectory v=%x size=%zu flags=%s hashes=%u+%u location=%s\n", cd->version,
            cd->blob.n, codedir_flags_text(d->a, cd->flags), cd->code_slots, cd->special_slots,
            strcmp(d->sig->location, "explicit detached") == 0 ? d->sig->location : "embedded");
    if (cd->platform)
        fprintf(d->to, "Platform identifier=%u\n", cd->platform);
    if (d->slice->platform == 1 && d->slice->sdk < SDK_10_9)
        fputs("Library validation warning=OS X SDK version before 10.9 does not support Library "
              "Validation\n",
              d->to);
    show_platform(d);
}

static const char *digest_text(const struct display *d, const struct codedir *cd)
{
    const char *name = digest_name((enum digest_type)cd->hash_type);
    return name ? name : arena_printf(d->a, "UNKNOWN(%u)", cd->hash_type);
}

/* 10.15 and later; the digest is that of the directory the CMS signature is over (D5). */
static void show_cms_digest(const struct display *d)
{
    uint8_t digest[DIGEST_MAX];
    size_t n = digest_of(DIGEST_SHA256, d->sig->primary->blob, digest);
    fprintf(d->to, "CMSDigest=%s\nCMSDigestType=2\n", hex(d, digest, n));
}

/* ASSUMPTION(codesign-lines-since): full hashes came with 10.15. */
static void show_hashes(const struct display *d)
{
    bool full = d->macos >= MACOS(10, 15, 0);
    if (digest_name((enum digest_type)d->cd->hash_type))
        fprintf(d->to, "Hash type=%s size=%u\n", digest_text(d, d->cd), d->cd->hash_size);
    else
        fprintf(d->to, "Hash UNKNOWN type=%u\n", d->cd->hash_type);
    for (size_t i = 0; i < d->sig->directory_count; i++) {
        const struct codedir *cd = &d->sig->directories[i];
        fprintf(d->to, "CandidateCDHash %s=%s\n", digest_text(d, cd), hex(d, cd->cdhash, 20));
        if (full)
            fprintf(d->to, "CandidateCDHashFull %s=%s\n", digest_text(d, cd),
                    hex(d, cd->cdhash_full, cd->cdhash_full_size));
    }
    fputs("Hash choices=", d->to);
    for (size_t i = 0; i < d->sig->directory_count; i++)
        fprintf(d->to, i ? ",%s" : "%s", digest_text(d, &d->sig->directories[i]));
    fputc('\n', d->to);
    if (full)
        show_cms_digest(d);
}

static void show_execution(const struct display *d)
{
    const struct codedir *cd = d->cd;
    if (cd->exec_seg_limit && d->macos >= MACOS(12, 0, 0))
        fprintf(d->to,
                "Executable Segment base=%llu\nExecutable Segment limit=%llu\n"
                "Executable Segment flags=0x%llx\n",
                (unsigned long long)cd->exec_seg_base, (unsigned long long)cd->exec_seg_limit,
                (unsigned long long)cd->exec_seg_flags);
    if (cd->page_shift)
        fprintf(d->to, "Page size=%llu\n", 1ull << cd->page_shift);
    else
        fputs("Page size=none\n", d->to);
}

static void show_slots(const struct display *d)
{
    for (uint32_t s = d->cd->special_slots; s >= 1; s--)
        fprintf(d->to, "%6d=%s\n", -(int)s, bytes_hex(d->a, codedir_special(d->cd, s)));
    for (uint32_t i = 0; i < d->cd->code_slots; i++)
        fprintf(d->to, "%6u=%s\n", i, bytes_hex(d->a, codedir_page(d->cd, i)));
}

static void show_scatter(const struct display *d)
{
    struct codedir_scatter_vec list = {0};
    codedir_scatters(d->a, d->cd, &list);
    if (list.n == 0)
        return;
    fprintf(d->to, "ScatterVector count=%zu\n", list.n);
    for (size_t i = 0; i < list.n && d->level >= 3; i++)
        fprintf(d->to, "Scatter i=%zu count=%u base=%u offset=0x%llx\n", i, list.at[i].count,
                list.at[i].base, (unsigned long long)list.at[i].target_offset);
}

static void show_constraints(const struct display *d)
{
    static const char *const names[] = {"Self Launch", "Parent Launch", "Responsible Launch",
                                        "Library Load"};
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!d->sig->has_constraint[i])
            continue;
        if (!any)
            fputs("Launch Constraints:\n", d->to);
        any = true;
        fprintf(d->to, "\tHas %s Constraints\n", names[i]);
    }
    if (!any && d->macos >= MACOS(13, 0, 0) && d->macos < MACOS(14, 0, 0))
        fputs("Launch Constraints:\n\tNone\n", d->to);
}

/* "8 Aug 2026 at 22:31:18": a Mac in locale C and UTC (D8). */
static const char *date_text(const struct display *d, int64_t when)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = when_to_civil(when);
    return arena_printf(d->a, "%d %s %lld at %02d:%02d:%02d", c.day, months[c.month - 1],
                        (long long)c.year, c.hour, c.minute, c.second);
}

static bool is_postdated(const struct display *d, int64_t when)
{
    return when > d->now + TIME_SLOP;
}

/* A time stamp, and what is odd about it; false when that ends the operand. */
static bool show_stamp(const struct display *d, int64_t stamp, int64_t soft)
{
    int64_t apart = soft == WHEN_NONE ? 0 : soft > stamp ? soft - stamp : stamp - soft;
    if (is_postdated(d, stamp)) {
        fprintf(d->to, "%s: postdated timestamp or bad system clock\n", d->operand);
        return false;
    }
    if (apart > TIME_SLOP)
        fprintf(d->to, "%s: timestamp mismatch: internal time %s (%lld seconds apart)\n",
                d->operand, date_text(d, soft), (long long)apart);
    fprintf(d->to, "Timestamp=%s\n", date_text(d, stamp));
    return true;
}

static bool show_dates(const struct display *d)
{
    int64_t stamp = d->sig->timestamp, soft = d->sig->signing_time;
    if (stamp != WHEN_NONE)
        return show_stamp(d, stamp, soft);
    if (soft == WHEN_NONE)
        return true;
    if (is_postdated(d, soft))
        fprintf(d->to, "%s: postdated signing date or bad system clock\n", d->operand);
    fprintf(d->to, "Signed Time=%s\n", date_text(d, soft));
    return true;
}

static void show_authorities(const struct display *d)
{
    if (!d->sig->directory_valid)
        fputs("Authority=(unavailable)\n", d->to);
    for (size_t i = 0; i < d->sig->chain_count && d->sig->directory_valid; i++)
        fprintf(d->to, "Authority=%s\n", d->sig->chain[i]->common_name);
}

/* False when its date ends the operand. */
static bool show_signer(const struct display *d)
{
    if (d->sig->adhoc) {
        fputs("Signature=adhoc\n", d->to);
        return true;
    }
    if (!d->sig->has_cms) {
        fprintf(d->to, "%s: no signature\n", d->operand);
        return true;
    }
    fprintf(d->to, "Signature size=%llu\n", (unsigned long long)d->sig->cms_size);
    if (d->level >= 2)
        show_authorities(d);
    return !d->sig->directory_valid || show_dates(d);
}

static void show_bindings(const struct display *d)
{
    const struct code *c = d->code;
    uint32_t version = d->cd->runtime;
    if (c->ticket.present)
        fputs("Notarization Ticket=stapled\n", d->to);
    /* The pages count here, too (D7). ASSUMPTION(display-pages): the signer is told as long as the directory holds. */
    if (c->info_bound && d->sig->core_valid)
        fprintf(d->to, "Info.plist entries=%zu\n", c->info->count);
    else
        fputs("Info.plist=not bound\n", d->to);
    fprintf(d->to, "TeamIdentifier=%s\n", d->cd->team ? d->cd->team : "not set");
    if (version)
        fprintf(d->to, "Runtime Version=%u.%u.%u\n", version >> 16, version >> 8 & 0xff,
                version & 0xff);
    if (c->seal.present && codedir_binds(d->cd, 3))
        fprintf(d->to, "Sealed Resources version=%d rules=%zu files=%zu\n", c->seal.version,
                c->seal.rules, c->seal.files);
    else
        fputs("Sealed Resources=none\n", d->to);
}

/* With --deep, at any level. */
static void show_nested(const struct display *d)
{
    const struct name_vec *nested = &d->code->seal.nested;
    for (size_t i = 0; d->code->seal.version == 2 && i < nested->n; i++)
        fprintf(d->to, "Nested=%s\n", nested->at[i]);
}

static void show_requirements(const struct display *d)
{
    struct req_set set;
    if (!d->sig->has_requirements || reqset_open(d->a, d->sig->requirements, &set) != REQ_OK) {
        fputs("Internal requirements=none\n", d->to);
        return;
    }
    fprintf(d->to, "Internal requirements count=%zu size=%zu\n", set.members.n, set.blob.n);
}

/* All from level 1 on that describes the directory and what it binds; false when a date ends the operand. */
static bool show_details(const struct display *d)
{
    show_name(d);
    if (d->level >= 3)
        show_hashes(d);
    if (d->level >= 4)
        show_execution(d);
    if (d->level >= 5)
        show_slots(d);
    show_scatter(d);
    if (d->level >= 4 && d->macos >= MACOS(13, 0, 0))
        show_constraints(d);
    if (d->level >= 3)
        fprintf(d->to, "CDHash=%s\n", hex(d, d->cd->cdhash, 20));
    if (!show_signer(d))
        return false;
    show_bindings(d);
    return true;
}

/* The list of hashes is made before anything is shown, and for one algorithm nobody knows there is none (§3.4). */
static bool has_unknown_directory(const struct signature *sig)
{
    for (size_t i = 0; i < sig->directory_count; i++)
        if (codedir_rank(sig->directories[i].hash_type) == 0)
            return true;
    return false;
}

int codesign_display(struct codesign *s, const char *operand, const struct code *code)
{
    const struct slice *slice = code_main_slice(code);
    struct display d = {.to = s->cli->err,
                        .level = s->verbose,
                        .macos = s->mac.macos,
                        .now = s->mac.date,
                        .a = s->cli->arena,
                        .operand = operand,
                        .code = code,
                        .slice = slice};
    if (!slice || !slice->sig.chosen || slice->sig.unreadable) {
        codesign_say_status(s, operand,
                            code->outcome.first ? code->outcome.first->code : errSecCSUnsigned);
        return CODESIGN_FAILED;
    }
    if (has_unknown_directory(&slice->sig)) {
        codesign_say_status(s, operand, errSecCSSignatureUnsupported);
        return CODESIGN_FAILED;
    }
    d.format = codesign_format(s, code);
    d.sig = &slice->sig;
    d.cd = d.sig->chosen;
    fprintf(d.to, "Executable=%s\n", codesign_path(d.a, code, code->executable));
    if (d.level >= 1 && !show_details(&d))
        return CODESIGN_FAILED;
    if (s->options.deep)
        show_nested(&d);
    if (d.level >= 1 && !s->requirements)
        show_requirements(&d);
    int status = codesign_sinks(s, operand, code);
    if (status != CODESIGN_FINE)
        return status;
    if (d.level >= 2 && d.macos >= MACOS(27, 0, 0))
        fputs("Total signatures=1\nChosen signature=1\n", d.to);
    return codesign_file_list(s, operand, code);
}
