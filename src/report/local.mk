# SPDX-License-Identifier: Apache-2.0
# Sources of the layer report: one module a line (`libcore_la_SOURCES += src/report/NAME.h src/report/NAME.c`), in reading order.
