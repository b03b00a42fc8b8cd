# SPDX-License-Identifier: Apache-2.0
# Sources of the layer crypto: one module a line (`libcore_la_SOURCES += src/crypto/NAME.h src/crypto/NAME.c`), in reading order.
libcore_la_SOURCES += src/crypto/digest.h src/crypto/digest.c
libcore_la_SOURCES += src/crypto/name.h src/crypto/name.c
libcore_la_SOURCES += src/crypto/x509.h src/crypto/x509.c
libcore_la_SOURCES += src/crypto/signer.h src/crypto/signer.c src/crypto/anchors.def src/crypto/test_root.h
libcore_la_SOURCES += src/crypto/known.h src/crypto/known.c src/crypto/apple_certs.def
libcore_la_SOURCES += src/crypto/key.h src/crypto/key.c
libcore_la_SOURCES += src/crypto/verify.h src/crypto/verify.c
libcore_la_SOURCES += src/crypto/cms.h src/crypto/cms.c
libcore_la_SOURCES += src/crypto/chain.h src/crypto/chain.c
libcore_la_SOURCES += src/crypto/timestamp.h src/crypto/timestamp.c
libcore_la_SOURCES += src/crypto/crl.h src/crypto/crl.c
libcore_la_SOURCES += src/crypto/ocsp.h src/crypto/ocsp.c
libcore_la_SOURCES += src/crypto/revocation.h src/crypto/revocation.c src/crypto/store.h
