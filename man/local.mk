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
