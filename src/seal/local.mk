# SPDX-License-Identifier: Apache-2.0
# Sources of the layer seal: one module a line (`libcore_la_SOURCES += src/seal/NAME.h src/seal/NAME.c`), in reading order.
libcore_la_SOURCES += src/seal/code.h
libcore_la_SOURCES += src/seal/ere.h src/seal/ere_program.h src/seal/ere_compile.c src/seal/ere_match.c
libcore_la_SOURCES += src/seal/index.h src/seal/index.c
libcore_la_SOURCES += src/seal/rules.h src/seal/rules.c
