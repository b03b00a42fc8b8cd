#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates that a signature does not carry, given in files and folders; lists of revoked ones; what is wrong with such files.
. "${top_srcdir:?}/tests/tap.sh"

forged=$tap_tmp/forged
"$DRYSEAL" forge -o "$forged" "$top_srcdir/corpus/cases/static/revocation-records.yaml" >/dev/null || exit 99
tool=$forged/tool list=$forged/revocation/1.crl root_list=$forged/revocation/2.crl

cat >"$tap_tmp/bare.yaml" <<'EOF'
title: Only the leaf is carried
signers: { us: { kind: third-party, name: Example, chain: [leaf], timestamp: no } }
code: { bare: { kind: tool, signer: us } }
EOF
sed 's/chain: .leaf., //; s/bare/whole/' "$tap_tmp/bare.yaml" >"$tap_tmp/whole.yaml"
"$DRYSEAL" forge -o "$forged" "$tap_tmp/bare.yaml" >/dev/null || exit 99
"$DRYSEAL" forge -o "$forged" "$tap_tmp/whole.yaml" >/dev/null || exit 99
mkdir "$tap_tmp/certs"
"$DRYSEAL" codesign -d --extract-certificates="$tap_tmp/certs/c" "$forged/whole" 2>/dev/null
for n in 0 1 2; do mv "$tap_tmp/certs/c$n" "$tap_tmp/certs/c$n.cer"; done

# FILE as PEM, called LABEL.
pem()
{
    echo "-----BEGIN $2-----"
    base64 <"$1"
    echo "-----END $2-----"
}
{
    echo 'what is around the blocks is left out'
    pem "$tap_tmp/certs/c1.cer" CERTIFICATE
    pem "$tap_tmp/certs/c2.cer" CERTIFICATE
} >"$tap_tmp/both.pem"
pem "$list" 'X509 CRL' >"$tap_tmp/list.pem"

refused 1 'a chain that is not carried' "$DRYSEAL" verify -q "$forged/bare"
refused 0 'completed from a folder' "$DRYSEAL" verify -q --certificates "$tap_tmp/certs" "$forged/bare"
refused 0 'completed from a file of several' "$DRYSEAL" verify -q --certificates "$tap_tmp/both.pem" "$forged/bare"
refused 0 'completed from a file and a root' "$DRYSEAL" verify -q --certificates "$tap_tmp/certs/c1.cer" \
    --trusted-root "$tap_tmp/certs/c2.cer" "$forged/bare"
refused 1 'the root alone is not enough' "$DRYSEAL" verify -q --trusted-root "$tap_tmp/certs/c2.cer" "$forged/bare"
refused 0 'codesign takes them, too' "$DRYSEAL" codesign -v --certificates="$tap_tmp/both.pem" "$forged/bare"

refused 0 'any root will do' "$DRYSEAL" verify -q "$forged/whole"
refused 1 'but not where it must be Apple'\''s' "$DRYSEAL" verify -q --trust apple "$forged/whole"
refused 0 'or one that was given' "$DRYSEAL" verify -q --trust apple --trusted-root "$tap_tmp/certs/c2.cer" "$forged/whole"
refused 0 'nobody asks for the chain' "$DRYSEAL" verify -q --trust none "$forged/bare"

refused 1 'revoked by a list' "$DRYSEAL" verify -q --allow-test-root --date 2026-01-15 --crl "$list" "$tool"
refused 1 'revoked by a list in PEM' "$DRYSEAL" verify -q --allow-test-root --date 2026-01-15 --crl "$tap_tmp/list.pem" "$tool"
refused 4 'a list about others' "$DRYSEAL" verify -q --allow-test-root --date 2026-01-15 --crl "$root_list" "$tool"
ok 'codesign says so in its words' prints 'CSSMERR_TP_CERT_REVOKED' 1 "$DRYSEAL" codesign -v --check-revocation \
    --allow-test-root --crl "$list" "$tool"
refused 0 'codesign passes what it was not asked' "$DRYSEAL" codesign -v --allow-test-root --crl "$list" "$tool"

refused 5 'a file that is no list' "$DRYSEAL" verify -q --crl "$tool" "$tool"
refused 5 'a list is no response' "$DRYSEAL" verify -q --ocsp "$list" "$tool"
refused 5 'a PEM file of something else' "$DRYSEAL" verify -q --crl "$tap_tmp/both.pem" "$tool"
refused 5 'no certificate' "$DRYSEAL" verify -q --trusted-root "$list" "$tool"
refused 5 'no such file' "$DRYSEAL" verify -q --certificates "$tap_tmp/nothing" "$tool"
done_testing
