# SPDX-License-Identifier: Apache-2.0
# Sources of the layer base: one module a line (`libcore_la_SOURCES += src/base/NAME.h src/base/NAME.c`), in reading order.
