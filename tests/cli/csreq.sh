#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# csreq: the Mac's command line, word for word.
. "${top_srcdir:?}/tests/tap.sh"
cd "$tap_tmp" || exit 99

# csreq STATUS STDOUT STDERR args...: csreq with these does exactly that.
csreq()
{
    status=$1 out=$2 err=$3
    shift 3
    says "$status" "$out" "$err" "$DRYSEAL" csreq "$@"
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
ok 'check alone says nothing' csreq 0 '' '' -r '=always'
ok 'check with -v' csreq 0 'valid
' '' -v -r '=always'
ok '-t' csreq 0 'identifier foo
' '' -r '=identifier "foo"' -t
ok 'text of a set' csreq 0 'designated => always
' '' -r set.txt -t
ok '-b' csreq 0 '' '' -r '=anchor apple' -b req.bin
ok 'binary in' csreq 0 'anchor apple
' '' -r req.bin -t
ok 'an empty set' csreq 0 '/* no requirements in set */
' '' -r empty.set -t
ok 'bytes that are no UTF-8' csreq 0 'identifier 0xc3bf
' '' -r odd.txt --type req -t
ok 'a byte-order mark disappears' csreq 0 'always
' '' -r mark.txt -t
ok 'text ends at a NUL' csreq 0 'always
' '' -r nul.txt -t
ok 'what does not compile' csreq 1 '' "${syntax}line 1:1: unexpected token: foo
" -r '=foo'
ok '--type, cut short' csreq 1 '' "${syntax}line 1:1: unexpected token: always
" --type int -r '=always'
ok 'not a requirement' csreq 1 '' 'other.blob: not a recognized requirement file
' -r other.blob
ok 'an unknown kind' csreq 1 '' 'error: unsupported type or version of code requirement(s)
' -r kind3.blob -t
ok 'a missing file' csreq 1 '' 'none.txt: No such file or directory
invalid requirement specification
' -r none.txt
ok 'no requirement' csreq 2 '' "$usage" -t
ok 'an unknown option' csreq 2 '' "$usage" -x
ok 'standard input' sh -c 'echo always | "$DRYSEAL" csreq -r - -t | grep -qx always'
ln -s "$DRYSEAL" csreq 2>/dev/null
ok 'by name' sh -c '[ "$(./csreq -r "=never" -t)" = never ]'
done_testing
