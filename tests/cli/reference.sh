#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# corpus/reference.tsv and corpus/catalogue.tsv: what holds each situation of other test suites and each report of the
# catalogue exists. With ../shared beside the tree: every row of both is in the tables.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99
tab=$(printf '\t')

# exists HOLDER: "stage/case.yaml#variant", "file.req", "test_file.c#text" or "script.sh#text"
exists()
{
    file=${1%%#*} part=
    case $1 in *'#'*) part=${1#*#} ;; esac
    case $file in
    *.yaml) file=corpus/cases/$file part=${part:+"  $part:"} ;;
    *.req) file=corpus/req/$file part="# $row" ;;
    *.c) file=tests/unit/$file ;;
    *.sh) file=tests/cli/$file ;;
    *) return 1 ;;
    esac
    [ -f "$file" ] && { [ -z "$part" ] || grep -qF -- "$part" "$file"; }
}

# all_exist TABLE: says what does not.
all_exist()
{
    sed 1d "$1" | while IFS=$tab read -r row held why; do
        case $held in
        offline | spec)
            [ "$why" != - ] || echo "$row: why?"
            continue
            ;;
        esac
        printf '%s\n' "$held" | tr ';' '\n' | while read -r holder; do
            exists "$holder" || echo "$row: there is no $holder"
        done
    done >"$tap_tmp/missing"
    cat "$tap_tmp/missing"
    [ ! -s "$tap_tmp/missing" ]
}

# complete TABLE SOURCE PATTERN: each id that PATTERN finds in SOURCE has one row.
complete()
{
    grep -oE "$3" "$2" | grep -oE '[A-Z]+-[0-9]+' | sort >"$tap_tmp/wanted"
    sed 1d "$1" | cut -f1 | sort >"$tap_tmp/there"
    diff "$tap_tmp/wanted" "$tap_tmp/there"
}

shared=../shared/cases
ok 'situations: what holds them exists' all_exist corpus/reference.tsv
ok 'reports: what holds them exists' all_exist corpus/catalogue.tsv
if [ -d "$shared" ]; then
    ok 'situations: all are in the table' complete corpus/reference.tsv "$shared/reference-tests.md" '^\| RT-[0-9]+'
    ok 'reports: all are in the table' complete corpus/catalogue.tsv "$shared/catalogue.md" '^### D-[0-9]+'
else
    skip 'all situations and reports are in the tables' 'the lists are not here'
fi
done_testing
