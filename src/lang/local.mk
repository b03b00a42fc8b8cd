# SPDX-License-Identifier: Apache-2.0
# Sources of the layer lang: one module a line (`libcore_la_SOURCES += src/lang/NAME.h src/lang/NAME.c`), in reading order.
libcore_la_SOURCES += src/lang/program.h src/lang/program.c src/lang/ops.def src/lang/match.def
libcore_la_SOURCES += src/lang/lex.h src/lang/lex.c src/lang/tokens.def
libcore_la_SOURCES += src/lang/error.h src/lang/error.c src/lang/errors.def
libcore_la_SOURCES += src/lang/date.h src/lang/date.c
libcore_la_SOURCES += src/lang/unicode.h src/lang/unicode.c
libcore_la_SOURCES += src/lang/maker.h src/lang/maker.c
libcore_la_SOURCES += src/lang/parse.h src/lang/parse.c
libcore_la_SOURCES += src/lang/compile.h src/lang/compile.c
libcore_la_SOURCES += src/lang/reqset.h src/lang/reqset.c
libcore_la_SOURCES += src/lang/print.h src/lang/print.c
libcore_la_SOURCES += src/lang/subject.h src/lang/subject.c src/lang/facts.def src/lang/fields.def
libcore_la_SOURCES += src/lang/match.h src/lang/match.c
libcore_la_SOURCES += src/lang/eval.h src/lang/eval.c
libcore_la_SOURCES += src/lang/designate.h src/lang/designate.c
libcore_la_SOURCES += src/lang/tree.h src/lang/tree.c
libcore_la_SOURCES += src/lang/explain.h src/lang/explain.c src/lang/say.h src/lang/say.c
