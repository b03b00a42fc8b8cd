/* SPDX-License-Identifier: Apache-2.0 */
/* Options that describe the imagined Mac (cli/host_options.h). */
#include "config.h"

#include "cli/host_options.h"

#define AT(field) offsetof(struct host_options, field)

const struct option_row host_option_rows[] = {
    {"macos", 0, OPTION_TEXT, AT(macos), "VERSION",
     "its macOS, such as 15.3 (default: newest known)", NULL},
    {"arch", 0, OPTION_TEXT, AT(arch), "ARCH", "its processor (default: arm64)", "arm64 x86_64"},
    {"date", 0, OPTION_TEXT, AT(date), "DATE", "its date, such as 2026-01-15 (default: now)", NULL},
    {"device", 0, OPTION_TEXT, AT(device), "UDID", "its provisioning UDID", NULL},
    {"location", 0, OPTION_TEXT, AT(location), "DIR",
     "where the item lies (default: /Applications)", NULL},
    {"launched-by", 0, OPTION_TEXT, AT(launched_by), "WHO", "who starts it (default: finder)",
     "finder terminal xcode launchd updater"},
    {"sip", 0, OPTION_TEXT, AT(sip), "STATE", "System Integrity Protection", "on off"},
    {"developer-mode", 0, OPTION_TEXT, AT(developer_mode), "STATE", "systemextensionsctl developer",
     "on off"},
    {"quarantine", 0, OPTION_FLAG, AT(quarantine), NULL, "downloaded, and not moved by the user",
     NULL},
    {"first-launch", 0, OPTION_FLAG, AT(first_launch), NULL, "Gatekeeper assesses it", NULL},
    {"assume", 0, OPTION_LIST, AT(assume), "FACT=yes|no",
     "answer what is not on disk: notarized, user-approved, mdm-profile, revoked…", NULL},
    {"switch", 0, OPTION_LIST, AT(switches), "NAME=VALUE", "settle a step nobody could settle",
     NULL},
    {"min-evidence", 0, OPTION_TEXT, AT(min_evidence), "GRADE",
     "rules of weaker evidence only inform", "A B C D"},
    {0},
};

static int set(struct cli *cli, struct host *host, const char *key, const char *text)
{
    struct value_error error = {0};
    if (!text || host_set(cli->arena, host, key, text, &error) == DS_OK)
        return EXIT_ACCEPTED;
    const char *hint =
        error.suggestion ? arena_printf(cli->arena, "; did you mean '%s'?", error.suggestion) : "";
    return cli_usage(cli, "--%s %s: %s%s", key, text, error.message, hint);
}

int host_from_options(struct cli *cli, const struct host_options *options, struct host *host)
{
    const struct {
        const char *key, *text;
    } given[] = {
        {"macos", options->macos},
        {"arch", options->arch},
        {"date", options->date},
        {"udid", options->device},
        {"location", options->location},
        {"launched-by", options->launched_by},
        {"sip", options->sip},
        {"developer-mode", options->developer_mode},
        {"min-evidence", options->min_evidence},
        {"quarantine", options->quarantine ? "on" : NULL},
        {"first-launch", options->first_launch ? "yes" : NULL},
    };
    int status = EXIT_ACCEPTED;
    for (size_t i = 0; status == EXIT_ACCEPTED && i < sizeof given / sizeof *given; i++)
        status = set(cli, host, given[i].key, given[i].text);
    for (size_t i = 0; status == EXIT_ACCEPTED && i < options->assume.n; i++)
        status = set(cli, host, "assume", options->assume.at[i]);
    for (size_t i = 0; status == EXIT_ACCEPTED && i < options->switches.n; i++)
        status = set(cli, host, "switch", options->switches.at[i]);
    return status;
}
