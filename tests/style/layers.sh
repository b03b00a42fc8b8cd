#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The layers of src/: each includes only what stands to its left, and foreign headers only where they belong.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir/src" || exit 99

# The table of layers: layer, a colon, the layers it may include besides itself.
layers='
base:
crypto:  base
format:  base crypto
lang:    base
seal:    base crypto format lang
policy:  base crypto format lang seal
forge:   base crypto format lang seal policy
report:  base crypto format lang seal policy
cli:     base crypto format lang seal policy forge report
'

# Foreign headers: a prefix of the header's name, a colon, the only files (shell patterns) that may include it.
foreign='
openssl/:  crypto/* forge/*
plist/:    format/plist.c
archive:   format/archive.c forge/*
libxml/:   format/*
libbfio:   format/volume.c
libfs:     format/volume.c
yaml.h:    format/yaml.c
jansson.h: report/* cli/*
'

# includes FILE...: "FILE HEADER" for each #include.
includes()
{
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]\([^>"]*\)[>"].*/\1/p' "$1" | sed "s|^|$1 |"
}

files=$(find . -name '*.[ch]' | sed 's|^\./||' | sort)
for file in $files; do
    includes "$file"
done >"$tap_tmp/includes"

# Lines "FILE includes HEADER" of includes of other layers that the layer may not use.
layer_breaches()
{
    $AWK -v layer="$1" -v allowed=" $1 $2 " '
        index($1, layer "/") == 1 && $2 ~ /^(base|crypto|format|lang|seal|policy|forge|report|cli)\// {
            to = $2
            sub(/\/.*/, "", to)
            if (index(allowed, " " to " ") == 0)
                print $1 " includes " $2
        }
        index($1, layer "/") == 1 && $2 ~ /\.\.\// { print $1 " includes " $2 " (write paths from src/)" }
    ' "$tap_tmp/includes"
}

foreign_breaches()
{
    grep " $1" "$tap_tmp/includes" | while read -r file header; do
        # shellcheck disable=SC2254
        for pattern in $2; do
            case $file in $pattern) continue 2 ;; esac
        done
        echo "$file includes <$header>"
    done
}

no_output()
{
    out=$("$@")
    [ -z "$out" ] || { echo "$out"; return 1; }
}

set -f
echo "$layers" | sed '/^$/d' >"$tap_tmp/layers"
while IFS=: read -r layer allowed; do
    ok "$layer includes only itself and:${allowed:- nothing}" no_output layer_breaches "$layer" "$allowed"
done <"$tap_tmp/layers"

echo "$foreign" | sed '/^$/d' >"$tap_tmp/foreign"
while IFS=: read -r header allowed; do
    ok "<$header> only in$allowed" no_output foreign_breaches "$header" "$allowed"
done <"$tap_tmp/foreign"
set +f

every_folder_is_a_layer()
{
    for folder in */; do
        folder=${folder%/}
        [ "$folder" = include ] || grep -q "^$folder:" "$tap_tmp/layers" || { echo "src/$folder is no layer"; return 1; }
    done
}
ok 'every folder of src/ is a layer' every_folder_is_a_layer
done_testing
