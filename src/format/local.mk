# SPDX-License-Identifier: Apache-2.0
# Sources of the layer format: one module a line (`libcore_la_SOURCES += src/format/NAME.h src/format/NAME.c`), in reading order.
libcore_la_SOURCES += src/format/codedir.h
libcore_la_SOURCES += src/format/yaml.h src/format/yaml.c
