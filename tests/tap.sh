# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# Shell tests print TAP with these. Source it, call ok / skip for each point, end with `done_testing`.
#
#   . "${top_srcdir:?}/tests/tap.sh"
#   ok "name" command args...      passes when the command exits 0; its output is shown when it does not
#   refused STATUS "name" command  passes when the command exits with STATUS
#   prints WORDS STATUS command args...     for ok: WORDS on either stream, and that exit status
#   says STATUS OUT ERR command args...     for ok: exactly that on standard output and error, and that exit status
#   skip "name" "why"
#   skip_all "why"                 ends the script
#   done_testing
#
# Read from $top_srcdir, write only below $tap_tmp (removed at the end).
tap_n=0
tap_failed=0
tap_tmp=$(mktemp -d "${TMPDIR:-/tmp}/dryseal-test.XXXXXX") || exit 99
trap 'rm -rf "$tap_tmp"' EXIT
trap 'exit 1' HUP INT TERM

tap_result()
{
    tap_n=$((tap_n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tap_n - $2"
        return
    fi
    echo "not ok $tap_n - $2"
    tap_failed=$((tap_failed + 1))
    sed 's/^/# /' "$tap_tmp/.out"
}

ok()
{
    tap_name=$1
    shift
    "$@" >"$tap_tmp/.out" 2>&1
    tap_result $? "$tap_name"
}

refused()
{
    tap_want=$1 tap_name=$2
    shift 2
    "$@" >"$tap_tmp/.out" 2>&1
    tap_got=$?
    echo "exit status $tap_got, expected $tap_want" >>"$tap_tmp/.out"
    [ "$tap_got" -eq "$tap_want" ]
    tap_result $? "$tap_name"
}

skip()
{
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1 # SKIP $2"
}

skip_all()
{
    echo "1..0 # SKIP $1"
    exit 0
}

# prints WORDS STATUS command args...: the command says WORDS (on either stream) and exits with STATUS.
prints()
{
    words=$1 want=$2
    shift 2
    "$@" >"$tap_tmp/out" 2>&1
    got=$?
    cat "$tap_tmp/out"
    [ "$got" -eq "$want" ] || { echo "exit status $got, expected $want"; return 1; }
    grep -qF -- "$words" "$tap_tmp/out"
}

# says STATUS OUT ERR command args...: the command writes exactly that and exits with STATUS.
says()
{
    want=$1
    printf '%s' "$2" >"$tap_tmp/want.out"
    printf '%s' "$3" >"$tap_tmp/want.err"
    shift 3
    "$@" >"$tap_tmp/got.out" 2>"$tap_tmp/got.err"
    got=$?
    diff "$tap_tmp/want.out" "$tap_tmp/got.out" && diff "$tap_tmp/want.err" "$tap_tmp/got.err" || return 1
    [ "$got" -eq "$want" ] || { echo "exit status $got, expected $want"; return 1; }
}

done_testing()
{
    echo "1..$tap_n"
    [ "$tap_failed" -eq 0 ] || exit 1
    exit 0
}
