# SPDX-License-Identifier: Apache-2.0
# Manual pages in mdoc. One a line.
dist_man_MANS += man/dryseal.1
dist_man_MANS += man/dryseal-check.1
dist_man_MANS += man/dryseal-verify.1
dist_man_MANS += man/dryseal-show.1
dist_man_MANS += man/dryseal-codesign.1
dist_man_MANS += man/dryseal-whatif.1
dist_man_MANS += man/dryseal-profile.1
dist_man_MANS += man/dryseal-req.1
dist_man_MANS += man/dryseal-requirement.7
dist_man_MANS += man/dryseal-case.5
dist_man_MANS += man/dryseal-rules.5
dist_man_MANS += man/dryseal-policy.7

# Every finding, from the table the program is built with.
nodist_man_MANS += man/dryseal-findings.7
CLEANFILES += man/dryseal-findings.7
EXTRA_DIST += man/findings.awk
man/dryseal-findings.7: src/base/findings.def man/findings.awk
	$(AM_V_GEN)$(MKDIR_P) man && $(AWK) -f $(srcdir)/man/findings.awk $(srcdir)/src/base/findings.def >$@.tmp && mv $@.tmp $@
