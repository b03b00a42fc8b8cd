# SPDX-License-Identifier: Apache-2.0
# Sources of the layer policy: one module a line (`libcore_la_SOURCES += src/policy/NAME.h src/policy/NAME.c`), in reading order.
libcore_la_SOURCES += src/policy/switches.h src/policy/switches.c src/policy/switches.def
libcore_la_SOURCES += src/policy/host.h src/policy/host.c
libcore_la_SOURCES += src/policy/entitlement.h src/policy/entitlement.c src/policy/entitlements.def src/policy/kernel_tables.def
libcore_la_SOURCES += src/policy/match.h src/policy/match.c
libcore_la_SOURCES += src/policy/profile.h src/policy/profile.c src/policy/profile_match.c
libcore_la_SOURCES += src/policy/log.h src/policy/log.c src/policy/log.def
libcore_la_SOURCES += src/policy/judging.h src/policy/judging.c
libcore_la_SOURCES += src/policy/quote.h src/policy/quote.c
libcore_la_SOURCES += src/policy/remarks.h src/policy/remarks.c
libcore_la_SOURCES += src/policy/amfi.h src/policy/amfi_steps.h src/policy/amfi.c src/policy/amfi_log.c
libcore_la_SOURCES += src/policy/amfi_exec.c src/policy/amfi_profile.c src/policy/amfi_lint.c
libcore_la_SOURCES += src/policy/constraint.h src/policy/constraint.c
libcore_la_SOURCES += src/policy/libval.h src/policy/libval.c
libcore_la_SOURCES += src/policy/secinit.h src/policy/secinit.c
libcore_la_SOURCES += src/policy/gatekeeper.h src/policy/gatekeeper.c src/policy/gatekeeper.def src/policy/gatekeeper_judge.c
libcore_la_SOURCES += src/policy/notary.h src/policy/notary.c
libcore_la_SOURCES += src/policy/sign.h src/policy/sign.c
libcore_la_SOURCES += src/policy/judge.h src/policy/judge.c
libcore_la_SOURCES += src/policy/dr.h src/policy/dr.c
libcore_la_SOURCES += src/policy/rules.h
libcore_la_SOURCES += src/policy/rules.c
libcore_la_SOURCES += src/policy/rule_book.h src/policy/rule_file.h src/policy/rule_read.h src/policy/rule_read.c
libcore_la_SOURCES += src/policy/rule_cond.c src/policy/rule_conds.def src/policy/rule_patterns.def src/policy/rule_sense.c
libcore_la_SOURCES += src/policy/rule_text.h src/policy/rule_text.c
libcore_la_SOURCES += src/policy/rule_fact.h src/policy/rule_fact.c src/policy/rule_facts.def
libcore_la_SOURCES += src/policy/rule_facts_more.h src/policy/rule_facts_more.c
libcore_la_SOURCES += src/policy/rule_eval.h src/policy/rule_eval.c
libcore_la_SOURCES += src/policy/rule_check.h src/policy/rule_check.c src/policy/rule_checks.def src/policy/rule_check_peer.c
libcore_la_SOURCES += src/policy/rule_require.h src/policy/rule_require.c
libcore_la_SOURCES += src/policy/vocabulary.h src/policy/vocabulary.c

# The rule book is data; it is built in as text, in the order of the stages.
RULE_FILES =
RULE_FILES += src/policy/rules/layout.yaml src/policy/rules/sysext.yaml src/policy/rules/ne.yaml
RULE_FILES += src/policy/rules/es.yaml src/policy/rules/dext.yaml src/policy/rules/cmio.yaml
RULE_FILES += src/policy/rules/pluginkit.yaml src/policy/rules/smjobbless.yaml src/policy/rules/smappservice.yaml
RULE_FILES += src/policy/rules/xpc.yaml src/policy/rules/keychain.yaml src/policy/rules/appgroup.yaml
RULE_FILES += src/policy/rules/tcc.yaml src/policy/rules/updater.yaml
EXTRA_DIST += $(RULE_FILES) src/policy/rules/embed.awk
nodist_libcore_la_SOURCES = src/policy/rule_files.c
CLEANFILES += src/policy/rule_files.c
src/policy/rule_files.c: $(RULE_FILES) src/policy/rules/embed.awk src/policy/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/policy && \
	(cd $(srcdir) && $(AWK) -f src/policy/rules/embed.awk $(RULE_FILES)) > $@.tmp && mv $@.tmp $@
libcore_la_SOURCES += src/policy/signer_facts.h src/policy/signer_facts.c src/policy/signer_facts.def
libcore_la_SOURCES += src/policy/clone.h src/policy/clone.c
libcore_la_SOURCES += src/policy/resign.h src/policy/resign.c
libcore_la_SOURCES += src/policy/fit.h src/policy/fit.c
libcore_la_SOURCES += src/policy/relocate.h src/policy/relocate.c
libcore_la_SOURCES += src/policy/package.h src/policy/package.c
libcore_la_SOURCES += src/policy/edit.h src/policy/edit.c src/policy/edit.def
libcore_la_SOURCES += src/policy/change.h src/policy/change.c src/policy/change_plist.c
libcore_la_SOURCES += src/policy/apply.h src/policy/apply.c
libcore_la_SOURCES += src/policy/whatif.h src/policy/whatif.c
libcore_la_SOURCES += src/policy/repair_ways.h src/policy/repair_ways.c src/policy/repair.def
libcore_la_SOURCES += src/policy/repair_words.c src/policy/repair_words.def
libcore_la_SOURCES += src/policy/repair_make.c src/policy/repair_make_plist.c
libcore_la_SOURCES += src/policy/repair.h src/policy/repair.c
libcore_la_SOURCES += src/policy/compare.h src/policy/compare.c
