# SPDX-License-Identifier: Apache-2.0
# Sources of the layer policy: one module a line (`libcore_la_SOURCES += src/policy/NAME.h src/policy/NAME.c`), in reading order.
libcore_la_SOURCES += src/policy/switches.h src/policy/switches.c src/policy/switches.def
libcore_la_SOURCES += src/policy/host.h src/policy/host.c
libcore_la_SOURCES += src/policy/entitlement.h src/policy/entitlement.c src/policy/entitlements.def src/policy/kernel_tables.def
libcore_la_SOURCES += src/policy/match.h src/policy/match.c
libcore_la_SOURCES += src/policy/log.h src/policy/log.c src/policy/log.def
libcore_la_SOURCES += src/policy/judging.h src/policy/judging.c
libcore_la_SOURCES += src/policy/judge.h src/policy/judge.c
libcore_la_SOURCES += src/policy/rules.h
