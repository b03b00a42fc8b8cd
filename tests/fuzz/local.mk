# SPDX-License-Identifier: Apache-2.0
# Fuzz targets: tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput; its seeds and old crashes are corpus/fuzz/NAME/.
# Add a target with one line here. (Its source is the file of the same name, by automake's rule for programs without
# _SOURCES; LDADD below is for them: every other program names its own.)
FUZZ_TARGETS =

FUZZ_TIME = 30

if FUZZERS
LDADD = $(FUZZING_ENGINE) libcore.la
else
LDADD = tests/fuzz/libreplay.la libcore.la
endif
check_LTLIBRARIES += tests/fuzz/libreplay.la
tests_fuzz_libreplay_la_SOURCES = tests/fuzz/replay.c

check_PROGRAMS += $(FUZZ_TARGETS)
