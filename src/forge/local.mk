# SPDX-License-Identifier: Apache-2.0
# Sources of the layer forge: one module a line (`libcore_la_SOURCES += src/forge/NAME.h src/forge/NAME.c`), in reading order.
libcore_la_SOURCES += src/forge/case.h src/forge/case.c
libcore_la_SOURCES += src/forge/case_check.h src/forge/case_check.c src/forge/case.def
libcore_la_SOURCES += src/forge/forge.h
libcore_la_SOURCES += src/forge/key.h src/forge/key.c src/forge/test_keys.def
