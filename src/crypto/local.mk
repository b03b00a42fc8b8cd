# SPDX-License-Identifier: Apache-2.0
# Sources of the layer crypto: one module a line (`libcore_la_SOURCES += src/crypto/NAME.h src/crypto/NAME.c`), in reading order.
libcore_la_SOURCES += src/crypto/digest.h src/crypto/x509.h
