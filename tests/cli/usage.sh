#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What every command line shares: help, version, hints, statuses.
. "${top_srcdir:?}/tests/tap.sh"

ok '--version' prints 'dryseal ' 0 "$DRYSEAL" --version
ok '--help lists commands' prints 'would a Mac run it?' 0 "$DRYSEAL" --help
ok 'no command is a usage error' prints 'usage: dryseal COMMAND' 2 "$DRYSEAL"
ok 'an unknown option is a usage error' prints "unknown option '--no-such-option'" 2 "$DRYSEAL" --no-such-option
ok 'a slip is answered with a hint' prints "did you mean 'verify'?" 2 "$DRYSEAL" verfy x
ok 'a path in place of a command' prints 'dryseal check ./My.app' 2 "$DRYSEAL" ./My.app
ok 'an output that cannot be written is trouble' prints 'cannot write' 5 sh -c '"$DRYSEAL" --help >/dev/full'

# Every command of the table answers --help, by the option and by the word.
every_command()
{
    "$DRYSEAL" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' >"$tap_tmp/commands"
    [ "$(wc -l <"$tap_tmp/commands")" -ge 15 ] || return 1
    while read -r command; do
        case $command in codesign|csreq|spctl|security|stapler|pkgutil) continue ;; esac
        prints "dryseal $command" 0 "$DRYSEAL" "$command" --help || return 1
        prints "dryseal $command" 0 "$DRYSEAL" help "$command" || return 1
    done <"$tap_tmp/commands"
}
ok 'every command has --help' every_command
done_testing
