# SPDX-License-Identifier: Apache-2.0
# Sources of the layer policy: one module a line (`libcore_la_SOURCES += src/policy/NAME.h src/policy/NAME.c`), in reading order.
libcore_la_SOURCES += src/policy/host.h src/policy/judge.h
libcore_la_SOURCES += src/policy/log.h src/policy/log.c src/policy/log.def
