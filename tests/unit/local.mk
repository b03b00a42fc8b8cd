# SPDX-License-Identifier: Apache-2.0
# Unit tests: one program a layer. To add tests/unit/test_NAME.c: a line in the layer's block here, a line in the SUITES of
# tests/unit/test_<layer>.c. Read files of the tree from getenv("top_srcdir"), write only below the build directory.
EXTRA_DIST += tests/unit/runner.h tests/unit/flush.h tests/unit/in_arena.h

UNIT_TESTS =
UNIT_LIBS = libcore.la $(CHECK_LIBS)
UNIT_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

UNIT_TESTS += tests/unit/test_base
tests_unit_test_base_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_base_LDADD = $(UNIT_LIBS)
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_SOURCES += tests/unit/test_arena.c
tests_unit_test_base_SOURCES += tests/unit/test_cursor.c
tests_unit_test_base_SOURCES += tests/unit/test_words.c
tests_unit_test_base_SOURCES += tests/unit/test_finding.c
tests_unit_test_base_SOURCES += tests/unit/test_file.c

UNIT_TESTS += tests/unit/test_crypto
tests_unit_test_crypto_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_crypto_LDADD = $(UNIT_LIBS)
tests_unit_test_crypto_SOURCES = tests/unit/test_crypto.c
tests_unit_test_crypto_SOURCES += tests/unit/test_crypto_pki.c tests/unit/test_crypto_pki.h
tests_unit_test_crypto_SOURCES += tests/unit/test_crypto_x509.c
tests_unit_test_crypto_SOURCES += tests/unit/test_crypto_chain.c
tests_unit_test_crypto_SOURCES += tests/unit/test_crypto_cms.c
tests_unit_test_crypto_SOURCES += tests/unit/test_crypto_known.c

UNIT_TESTS += tests/unit/test_format
tests_unit_test_format_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_format_LDADD = $(UNIT_LIBS)
tests_unit_test_format_SOURCES = tests/unit/test_format.c
tests_unit_test_format_SOURCES += tests/unit/test_yaml.c
tests_unit_test_format_SOURCES += tests/unit/test_plist.c
tests_unit_test_format_SOURCES += tests/unit/test_format_macho.c tests/unit/macho_bytes.h tests/unit/shared_files.h
tests_unit_test_format_SOURCES += tests/unit/test_format_blob.c tests/unit/blob_bytes.h
tests_unit_test_format_SOURCES += tests/unit/test_format_entitle.c
tests_unit_test_format_SOURCES += tests/unit/test_format_constraint.c
tests_unit_test_format_SOURCES += tests/unit/test_format_udif.c tests/unit/test_format_udif_disk.c
tests_unit_test_format_SOURCES += tests/unit/test_format_archive.c
tests_unit_test_format_SOURCES += tests/unit/test_format_xar.c

UNIT_TESTS += tests/unit/test_lang
tests_unit_test_lang_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_lang_LDADD = $(UNIT_LIBS)
tests_unit_test_lang_SOURCES = tests/unit/test_lang.c
tests_unit_test_lang_SOURCES += tests/unit/test_smoke.c
tests_unit_test_lang_SOURCES += tests/unit/test_lang_vectors.c
tests_unit_test_lang_SOURCES += tests/unit/test_lang_corpus.c
tests_unit_test_lang_SOURCES += tests/unit/test_lang_limits.c
tests_unit_test_lang_SOURCES += tests/unit/test_lang_study.c

UNIT_TESTS += tests/unit/test_seal
tests_unit_test_seal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_seal_LDADD = $(UNIT_LIBS)
tests_unit_test_seal_SOURCES = tests/unit/test_seal.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_ere.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_bundle.c tests/unit/bundle_bytes.h
tests_unit_test_seal_SOURCES += tests/unit/test_seal_shapes.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_real.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_hostile.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_deep.c tests/unit/tree_bytes.h
tests_unit_test_seal_SOURCES += tests/unit/test_seal_profile.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_ticket.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_extras.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_subject.c
tests_unit_test_seal_SOURCES += tests/unit/test_seal_package.c

UNIT_TESTS += tests/unit/test_policy
tests_unit_test_policy_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_policy_LDADD = $(UNIT_LIBS)
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c
tests_unit_test_policy_SOURCES += tests/unit/test_log.c tests/unit/test_transcripts.c
tests_unit_test_policy_SOURCES += tests/unit/test_rules.c
tests_unit_test_policy_SOURCES += tests/unit/policy_facts.h tests/unit/policy_facts.c
tests_unit_test_policy_SOURCES += tests/unit/test_judge.c tests/unit/test_amfi.c tests/unit/test_launch.c
tests_unit_test_policy_SOURCES += tests/unit/test_edit.c tests/unit/test_repair.c tests/unit/vpn_facts.h
tests_unit_test_policy_SOURCES += tests/unit/test_smoke.c

UNIT_TESTS += tests/unit/test_forge
tests_unit_test_forge_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_forge_LDADD = $(UNIT_LIBS)
tests_unit_test_forge_SOURCES = tests/unit/test_forge.c
tests_unit_test_forge_SOURCES += tests/unit/test_forge_case.c tests/unit/test_forge_round.c tests/unit/test_forge_image.c tests/unit/forge_text.h

UNIT_TESTS += tests/unit/test_report
tests_unit_test_report_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_report_LDADD = $(UNIT_LIBS)
tests_unit_test_report_SOURCES = tests/unit/test_report.c
tests_unit_test_report_SOURCES += tests/unit/test_smoke.c
tests_unit_test_report_SOURCES += tests/unit/test_report_mutation.c tests/unit/forge_text.h

if HAVE_CHECK
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
else
EXTRA_PROGRAMS += $(UNIT_TESTS)
endif
