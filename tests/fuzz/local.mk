# SPDX-License-Identifier: Apache-2.0
# Fuzz targets: tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput; its seeds and old crashes are corpus/fuzz/NAME/.
# Add a target with one line here. (Its source is the file of the same name, by automake's rule for programs without
# _SOURCES; LDADD below is for them: every other program names its own.)
#
# Without --enable-fuzzers the targets link replay.c, and `make check` runs them over the stored inputs (replay.sh).
# `make fuzz FUZZ_TIME=30` fuzzes each target for so many seconds, new inputs in fuzz-work/; a build without a fuzzing
# engine configures one of its own in fuzz-build/ (clang).
FUZZ_TARGETS =
FUZZ_TARGETS += tests/fuzz/fuzz_macho
FUZZ_TARGETS += tests/fuzz/fuzz_superblob
FUZZ_TARGETS += tests/fuzz/fuzz_codedir
FUZZ_TARGETS += tests/fuzz/fuzz_entitle
FUZZ_TARGETS += tests/fuzz/fuzz_cms
FUZZ_TARGETS += tests/fuzz/fuzz_profile
FUZZ_TARGETS += tests/fuzz/fuzz_revocation
FUZZ_TARGETS += tests/fuzz/fuzz_ticket
FUZZ_TARGETS += tests/fuzz/fuzz_udif
FUZZ_TARGETS += tests/fuzz/fuzz_image
FUZZ_TARGETS += tests/fuzz/fuzz_xar
FUZZ_TARGETS += tests/fuzz/fuzz_archive
FUZZ_TARGETS += tests/fuzz/fuzz_code
FUZZ_TARGETS += tests/fuzz/fuzz_seal
FUZZ_TARGETS += tests/fuzz/fuzz_ere
FUZZ_TARGETS += tests/fuzz/fuzz_req_compile
FUZZ_TARGETS += tests/fuzz/fuzz_req_print
FUZZ_TARGETS += tests/fuzz/fuzz_req_cycle
FUZZ_TARGETS += tests/fuzz/fuzz_req_eval
FUZZ_TARGETS += tests/fuzz/fuzz_req_solve
EXTRA_DIST += tests/fuzz/fuzz_run.h
FUZZ_TARGETS += tests/fuzz/fuzz_der
FUZZ_TARGETS += tests/fuzz/fuzz_case

FUZZ_TIME = 30

if FUZZERS
LDADD = $(FUZZING_ENGINE) libcore.la
else
LDADD = tests/fuzz/libreplay.la libcore.la
endif
check_LTLIBRARIES += tests/fuzz/libreplay.la
tests_fuzz_libreplay_la_SOURCES = tests/fuzz/replay.c

check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += tests/fuzz/replay.sh
EXTRA_DIST += tests/fuzz/replay.sh
EXTRA_DIST += tests/fuzz/fuzz.sh
EXTRA_DIST += tests/fuzz/build.sh

.PHONY: fuzz fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)
if FUZZERS
fuzz: fuzz-targets
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/fuzz/fuzz.sh
else
fuzz:
	@$(MKDIR_P) fuzz-build
	cd fuzz-build && { test -f Makefile || \
	  '$(abs_top_srcdir)/configure' --enable-fuzzers --enable-sanitizers CC=clang CFLAGS='-O1 -g'; }
	cd fuzz-build && $(MAKE) fuzz FUZZ_TIME='$(FUZZ_TIME)'
endif
