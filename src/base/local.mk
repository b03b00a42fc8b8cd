# SPDX-License-Identifier: Apache-2.0
# Sources of the layer base: one module a line (`libcore_la_SOURCES += src/base/NAME.h src/base/NAME.c`), in reading order.
libcore_la_SOURCES += src/base/status.h src/base/limits.h src/base/verdict.h src/base/verdict.c
libcore_la_SOURCES += src/base/arena.h src/base/arena.c
libcore_la_SOURCES += src/base/bytes.h src/base/bytes.c
libcore_la_SOURCES += src/base/cursor.h src/base/cursor.c
libcore_la_SOURCES += src/base/buf.h src/base/buf.c
libcore_la_SOURCES += src/base/vec.h src/base/vec.c
libcore_la_SOURCES += src/base/index.h src/base/index.c
libcore_la_SOURCES += src/base/text.h src/base/text.c
libcore_la_SOURCES += src/base/when.h src/base/when.c
libcore_la_SOURCES += src/base/value.h src/base/value.c
libcore_la_SOURCES += src/base/der.h src/base/der.c
libcore_la_SOURCES += src/base/oid.h src/base/oid.c src/base/oids.def
libcore_la_SOURCES += src/base/finding.h src/base/finding.c src/base/findings.def src/base/stages.def
libcore_la_SOURCES += src/base/osstatus.h src/base/osstatus.c src/base/osstatus.def
libcore_la_SOURCES += src/base/file.h src/base/file_private.h src/base/file.c
libcore_la_SOURCES += src/base/file_disk.c src/base/file_snapshot.c src/base/file_memory.c src/base/file_write.c
