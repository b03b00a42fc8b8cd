# SPDX-License-Identifier: Apache-2.0
# Sources of the layer report: one module a line (`libcore_la_SOURCES += src/report/NAME.h src/report/NAME.c`), in reading order.
libcore_la_SOURCES += src/report/tree.h src/report/tree.c src/report/tree_code.c
libcore_la_SOURCES += src/report/json.h src/report/json.c
libcore_la_SOURCES += src/report/wrap.h src/report/wrap.c
libcore_la_SOURCES += src/report/text.h src/report/text.c src/report/text_code.c
libcore_la_SOURCES += src/report/explained.h src/report/explained.c
libcore_la_SOURCES += src/report/matched.h src/report/matched.c
libcore_la_SOURCES += src/report/book.h src/report/book.c
libcore_la_SOURCES += src/report/coverage.h src/report/mapper.h src/report/coverage.c src/report/coverage_parts.c
libcore_la_SOURCES += src/report/coverage_files.h src/report/coverage_files.c
libcore_la_SOURCES += src/report/reports.h src/report/sarif.c src/report/junit.c src/report/html.c
libcore_la_SOURCES += src/report/markup.h src/report/markup.c
libcore_la_SOURCES += src/report/whatif_report.h src/report/whatif_report.c
libcore_la_SOURCES += src/report/shown_profile.h src/report/shown_profile.c
libcore_la_SOURCES += src/report/repair_report.h src/report/repair_report.c
libcore_la_SOURCES += src/report/compare_report.h src/report/compare_report.c
