# SPDX-License-Identifier: Apache-2.0
# Sources of the layer seal: one module a line (`libcore_la_SOURCES += src/seal/NAME.h src/seal/NAME.c`), in reading order.
libcore_la_SOURCES += src/seal/code.h
libcore_la_SOURCES += src/seal/cert_subject.h src/seal/cert_subject.c
libcore_la_SOURCES += src/seal/facts.h src/seal/facts.c
libcore_la_SOURCES += src/seal/ere.h src/seal/ere_program.h src/seal/ere_compile.c src/seal/ere_match.c
libcore_la_SOURCES += src/seal/index.h src/seal/index.c
libcore_la_SOURCES += src/seal/rules.h src/seal/rules.c
libcore_la_SOURCES += src/seal/components.h src/seal/components.c
libcore_la_SOURCES += src/seal/core.h src/seal/core.c
libcore_la_SOURCES += src/seal/pages.c
libcore_la_SOURCES += src/seal/trust.c
libcore_la_SOURCES += src/seal/claims.c
libcore_la_SOURCES += src/seal/profile.h src/seal/profile.c
libcore_la_SOURCES += src/seal/extras.h
libcore_la_SOURCES += src/seal/container.h
