#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The documents that list what is in the code list all of it: src/README.md the modules, corpus/ASSUMPTIONS.md the
# assumptions.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99

# The files of a layer without suffix, in the order of its local.mk; not main.c, a map itself, nor what is generated.
files_of()
{
    grep '_SOURCES += ' "src/$1/local.mk" | grep -o "src/$1/[a-z0-9_]*\.[ch]\b" |
        sed 's|.*/||; s|\..$||' | awk '$0 != "main" && !seen[$0]++'
}

# The modules in the first column of a layer's table, a row a line; with "all" also those that another row mentions.
modules_of()
{
    awk -F'|' -v layer="$1" -v all="$2" '
        /^## / { here = index($0, "## " layer ":") == 1 }
        here && NF > 2 && $2 !~ /module|---/ {
            gsub(/[ ,]+/, " ", $2)
            rest = $3
            while (all && match(rest, /`[a-z0-9_*]+`/)) {
                $2 = $2 " " substr(rest, RSTART + 1, RLENGTH - 2)
                rest = substr(rest, RSTART + RLENGTH)
            }
            print $2
        }' src/README.md
}

# A file belongs to a module that is named, or to one whose name begins its own: amfi_log.c to amfi.
mapped()
{
    files_of "$1" >"$tap_tmp/files"
    modules_of "$1" all | tr -s ' ' '\n' | sed '/^$/d' >"$tap_tmp/modules"
    sort "$tap_tmp/modules" | uniq -d | sed 's/$/ is there twice/' >"$tap_tmp/odd"
    awk 'NR == FNR { named[$0]; next }
         { name = $0; while (!(name in named) && sub(/_[^_]*$/, "", name)); if (!(name in named)) print $0 " is missing" }' \
        "$tap_tmp/modules" "$tap_tmp/files" >>"$tap_tmp/odd"
    modules_of "$1" | tr -s ' ' '\n' | sed '/^$/d' | grep -vxFf "$tap_tmp/files" |
        sed 's/$/ is no module/' >>"$tap_tmp/odd"
    cat "$tap_tmp/odd"
    [ ! -s "$tap_tmp/odd" ]
}

# A row stands where the first of its modules stands in local.mk.
in_order()
{
    files_of "$1" >"$tap_tmp/files"
    modules_of "$1" | awk 'NR == FNR { at[$0] = NR; next }
        { least = 0
          for (i = 1; i <= NF; i++) if (!least || at[$i] < least) least = at[$i]
          if (least < last) { print $0 " comes too late"; odd = 1 }
          last = least }
        END { exit odd }' "$tap_tmp/files" -
}

for layer in base crypto format lang seal policy forge report cli; do
    ok "src/README.md: every module of $layer once" mapped "$layer"
    ok "src/README.md: $layer in the order of its local.mk" in_order "$layer"
done

# A mark is in a comment of the sources or of the rule book, a row begins with the mark's id.
grep -rhoE 'ASSUMPTION\([A-Za-z0-9-]+\)' src --include='*.[ch]' --include='*.def' --include='*.yaml' |
    sed 's/.*(//; s/)//' | sort -u >"$tap_tmp/marks"
sed -n 's/^| \([A-Za-z0-9-]*\) |.*/\1/p' corpus/ASSUMPTIONS.md | grep -vx id | sort >"$tap_tmp/rows"

same_rows()
{
    diff -u "$tap_tmp/marks" "$tap_tmp/rows"
}
ok 'corpus/ASSUMPTIONS.md: a row for each mark, a mark for each row' same_rows
done_testing
