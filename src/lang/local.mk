# SPDX-License-Identifier: Apache-2.0
# Sources of the layer lang: one module a line (`libcore_la_SOURCES += src/lang/NAME.h src/lang/NAME.c`), in reading order.
