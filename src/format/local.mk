# SPDX-License-Identifier: Apache-2.0
# Sources of the layer format: one module a line (`libcore_la_SOURCES += src/format/NAME.h src/format/NAME.c`), in reading order.
libcore_la_SOURCES += src/format/yaml.h src/format/yaml.c
libcore_la_SOURCES += src/format/arch.h src/format/arch.c src/format/arch.def
libcore_la_SOURCES += src/format/fat.h src/format/fat.c
libcore_la_SOURCES += src/format/macho.h src/format/macho_private.h src/format/macho.c src/format/macho_tables.def
libcore_la_SOURCES += src/format/macho_slice.c src/format/macho_names.c
libcore_la_SOURCES += src/format/plist.h src/format/plist.c src/format/plist_scan.h src/format/plist_scan.c
libcore_la_SOURCES += src/format/superblob.h src/format/superblob.c src/format/slots.def
libcore_la_SOURCES += src/format/codedir.h src/format/codedir.c src/format/codedir.def
libcore_la_SOURCES += src/format/entitle.h src/format/entitle_xml.c src/format/entitle_der.c
libcore_la_SOURCES += src/format/profile_der.h src/format/profile_der.c
libcore_la_SOURCES += src/format/constraint.h src/format/constraint.c
libcore_la_SOURCES += src/format/json_read.h src/format/json_read.c
libcore_la_SOURCES += src/format/ticket.h src/format/ticket.c
libcore_la_SOURCES += src/format/appledouble.h src/format/appledouble.c
libcore_la_SOURCES += src/format/archive.h src/format/archive.c src/format/archive_fix.h src/format/archive_fix.c
libcore_la_SOURCES += src/format/udif.h src/format/udif.c
