# SPDX-License-Identifier: Apache-2.0
# Sources of the layer forge: one module a line (`libcore_la_SOURCES += src/forge/NAME.h src/forge/NAME.c`), in reading order.
