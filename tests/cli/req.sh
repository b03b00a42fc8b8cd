#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dryseal req: compile, print, evaluate, designate; the batch interfaces.
. "${top_srcdir:?}/tests/tap.sh"

# answers STATUS EXPECTED command...: the command exits with STATUS and says EXPECTED (both streams), exactly.
answers()
{
    want=$1 text=$2
    shift 2
    "$@" >"$tap_tmp/out" 2>&1
    got=$?
    printf '%s\n' "$text" >"$tap_tmp/want"
    diff "$tap_tmp/want" "$tap_tmp/out" && { [ "$got" -eq "$want" ] || { echo "exit status $got"; false; }; }
}

# batch PART INPUT EXPECTED: one line in, one line out.
batch()
{
    part=$1 input=$2 text=$3
    shift 3
    printf '%s\n' "$input" | "$DRYSEAL" req "$part" --batch "$@" >"$tap_tmp/out" 2>&1 || return
    printf '%s\n' "$text" | diff - "$tap_tmp/out"
}

always=fade0c00000000100000000100000001
ok 'compile prints hex' answers 0 $always "$DRYSEAL" req compile '=always'
ok 'print reads hex' answers 0 'always' "$DRYSEAL" req print --hex $always
ok 'print reads text' answers 0 'always' "$DRYSEAL" req print '=true'
ok 'compile writes a file' "$DRYSEAL" req compile -o "$tap_tmp/r" '=anchor apple'
ok 'print reads a file' answers 0 'anchor apple' "$DRYSEAL" req print "$tap_tmp/r"
refused 1 'what does not compile is refused' "$DRYSEAL" req compile '=always and'
refused 5 'a missing file is trouble' "$DRYSEAL" req compile /nowhere/at/all
refused 2 'an operand is needed' "$DRYSEAL" req compile
refused 2 '--batch takes no operand' "$DRYSEAL" req print --batch x

ok 'compile --batch' batch compile 'always' \
    "{\"text\":\"always\",\"ok\":true,\"hex\":\"$always\",\"dump\":\"always\"}"
ok 'compile --batch: escapes' batch compile 'info[\x22a\n\x22]' \
    '{"text":"info[\"a\n\"]","ok":true,"hex":"fade0c000000001c000000010000000a00000002610a000000000000","dump":"info[\"a\n\"] /* exists */"}'
ok 'compile --batch: bytes that are no UTF-8' batch compile '\xff' \
    '{"text_hex":"ff","ok":false,"status":-67052,"error":"line 1:1: unexpected char: 0xFF\n"}'
ok 'compile --batch: errors' batch compile 'foo' \
    '{"text":"foo","ok":false,"status":-67052,"error":"line 1:1: unexpected token: foo\n"}'
ok 'compile --batch --mode' batch compile 'always' \
    '{"text":"always","ok":false,"status":-67052,"error":"line 1:1: unexpected token: always\n"}' --mode set
ok 'print --batch' batch print $always "{\"hex\":\"$always\",\"ok\":true,\"dump\":\"always\"}"
ok 'print --batch: errors' batch print 'fade' '{"hex":"fade","ok":false,"status":-67052}'
ok 'print --batch: no hex' batch print 'x' '{"hex":"x","ok":false,"status":-67052}'
ok 'eval --batch' batch eval '{"requirement":"notarized","context":{"code_directory":{},"notarized":true}}' \
    '{"result":true}'
ok 'eval --batch: errors' batch eval '{"hex":"fade0c00000000100000000100000063","context":{}}' \
    '{"result":"error","status":-67072}'
ok 'eval --batch: no JSON' batch eval 'x' \
    '{"result":"error","status":-67052,"error":"no JSON value begins like this"}'
ok 'designate --batch: no chain' batch designate '{"identifier":"x","certs":[]}' '{"hex":null}'
done_testing
