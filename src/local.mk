# SPDX-License-Identifier: Apache-2.0
# The core library (all layers, hidden symbols), the shared library and the program.

noinst_LTLIBRARIES += libcore.la
libcore_la_SOURCES =
libcore_la_LIBADD = $(CRYPTO_LIBS) $(PLIST_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(ARCHIVE_LIBS) $(ZLIB_LIBS) $(XML_LIBS) \
	$(VOLUME_LIBS)

include src/base/local.mk
include src/crypto/local.mk
include src/format/local.mk
include src/lang/local.mk
include src/seal/local.mk
include src/policy/local.mk
include src/forge/local.mk
include src/report/local.mk

# The public interface. src/dryseal.sym is the list of exported names; tests/style/symbols.sh holds the library to it.
include_HEADERS += src/include/dryseal.h
libcore_la_SOURCES += src/dryseal.c

lib_LTLIBRARIES += libdryseal.la
libdryseal_la_SOURCES =
libdryseal_la_LIBADD = libcore.la
libdryseal_la_LDFLAGS = $(AM_LDFLAGS) -no-undefined -version-info 0:0:0 -export-symbols $(top_srcdir)/src/dryseal.sym
libdryseal_la_DEPENDENCIES = libcore.la src/dryseal.sym
EXTRA_DIST += src/dryseal.sym src/README.md

# The program contains the core library, so that build/dryseal is a real executable and not a wrapper script.
bin_PROGRAMS += dryseal
dryseal_SOURCES =
dryseal_LDADD = libcore.la
include src/cli/local.mk
