#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# csreq: the Mac's command line, word for word.
. "${top_srcdir:?}/tests/tap.sh"
cd "$tap_tmp" || exit 99

# says STATUS STDOUT STDERR args...: csreq with these does exactly that.
says()
{
    want=$1
    printf '%s' "$2" >want.out
    printf '%s' "$3" >want.err
    shift 3
    "$DRYSEAL" csreq "$@" >got.out 2>got.err
    got=$?
    diff want.out got.out && diff want.err got.err && { [ "$got" -eq "$want" ] || { echo "exit status $got"; false; }; }
}

usage='Usage: csreq [-v] -r requirement-input -t
       csreq [-v] -r requirement-input -b outputfile
'
syntax='error: invalid or corrupted code requirement(s)
Requirement syntax error(s):
'
printf 'designated => always\n' >set.txt
printf 'identifier "\377"' >odd.txt
printf '\357\273\277always' >mark.txt
printf 'always\0garbage' >nul.txt
printf '\372\336\014\1\0\0\0\014\0\0\0\0' >empty.set
printf '\372\336\014\4\0\0\0\014\0\0\0\0' >other.blob
printf '\372\336\014\0\0\0\0\020\0\0\0\3\0\0\0\1' >kind3.blob
ok 'check alone says nothing' says 0 '' '' -r '=always'
ok 'check with -v' says 0 'valid
' '' -v -r '=always'
ok '-t' says 0 'identifier foo
' '' -r '=identifier "foo"' -t
ok 'text of a set' says 0 'designated => always
' '' -r set.txt -t
ok '-b' says 0 '' '' -r '=anchor apple' -b req.bin
ok 'binary in' says 0 'anchor apple
' '' -r req.bin -t
ok 'an empty set' says 0 '/* no requirements in set */
' '' -r empty.set -t
ok 'bytes that are no UTF-8' says 0 'identifier 0xc3bf
' '' -r odd.txt --type req -t
ok 'a byte-order mark disappears' says 0 'always
' '' -r mark.txt -t
ok 'text ends at a NUL' says 0 'always
' '' -r nul.txt -t
ok 'what does not compile' says 1 '' "${syntax}line 1:1: unexpected token: foo
" -r '=foo'
ok '--type, cut short' says 1 '' "${syntax}line 1:1: unexpected token: always
" --type int -r '=always'
ok 'not a requirement' says 1 '' 'other.blob: not a recognized requirement file
' -r other.blob
ok 'an unknown kind' says 1 '' 'error: unsupported type or version of code requirement(s)
' -r kind3.blob -t
ok 'a missing file' says 1 '' 'none.txt: No such file or directory
invalid requirement specification
' -r none.txt
ok 'no requirement' says 2 '' "$usage" -t
ok 'an unknown option' says 2 '' "$usage" -x
ok 'standard input' sh -c 'echo always | "$DRYSEAL" csreq -r - -t | grep -qx always'
ln -s "$DRYSEAL" csreq 2>/dev/null
ok 'by name' sh -c '[ "$(./csreq -r "=never" -t)" = never ]'
done_testing
