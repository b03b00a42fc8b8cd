/* SPDX-License-Identifier: Apache-2.0 */
/* The founding case as facts: a Developer ID app with its packet tunnel provider as an app extension (catalogue D-001). */
#ifndef TESTS_UNIT_VPN_FACTS_H
#define TESTS_UNIT_VPN_FACTS_H

#include "policy_facts.h"

/* Example.app with Contents/PlugIns/Tunnel.appex, both with profiles that list the suffixed value. */
static inline struct code *vpn_founding(struct arena *a)
{
    struct code *app = facts_code(a, CODE_APP, "Example.app", SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct code *appex = facts_code(a, CODE_APPEX, "Example.app/Contents/PlugIns/Tunnel.appex",
                                    SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct value *extension = value_dict(a);
    struct code *all[] = {app, appex};

    facts_nest(a, app, appex);
    app->identifier = "com.example.vpn";
    appex->identifier = "com.example.vpn.tunnel";
    for (size_t i = 0; i < 2; i++) {
        struct signature *sig = &all[i]->slices[0].sig;

        all[i]->reached = true;
        all[i]->code_identifier = sig->directories->identifier = all[i]->identifier;
        all[i]->info = value_dict(a);
        value_set(a, all[i]->info, "CFBundleIdentifier", value_string(a, all[i]->identifier));
        facts_claim(a, all[i], "com.apple.developer.networking.networkextension",
                    facts_list(a, "packet-tunnel-provider-systemextension"));
    }
    facts_claim(a, appex, "com.apple.security.app-sandbox", value_bool(a, true));
    value_set(a, extension, "NSExtensionPointIdentifier",
              value_string(a, "com.apple.networkextension.packet-tunnel"));
    value_set(a, extension, "NSExtensionPrincipalClass", value_string(a, "TunnelProvider"));
    value_set(a, appex->info, "NSExtension", extension);
    value_set(a, appex->info, "CFBundlePackageType", value_string(a, "XPC!"));
    vec_push(a, &appex->slices[0].classes, "TunnelProvider");
    facts_profile(a, app);
    facts_profile(a, appex);
    return app;
}

#endif
