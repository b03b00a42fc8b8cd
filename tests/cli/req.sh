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
ok 'designate --cdhash' answers 0 \
    'cdhash H"0123456789abcdef0123456789abcdef01234567" or cdhash H"1123456789abcdef0123456789abcdef01234567"' \
    "$DRYSEAL" req designate --cdhash 0123456789abcdef0123456789abcdef01234567 --cdhash 1123456789abcdef0123456789abcdef01234567
refused 2 'designate: a hash has 20 bytes' "$DRYSEAL" req designate --cdhash 0123
refused 2 'designate needs something' "$DRYSEAL" req designate
ok 'designate --batch: no chain' batch designate '{"identifier":"x","certs":[]}' '{"hex":null}'

cat >"$tap_tmp/facts.json" <<'END'
{"code_directory": {"identifier": "com.example.tool", "platform": 0}, "info": {"Version": "1.2", "List": ["a", "b"]}}
END
facts="--facts $tap_tmp/facts.json"
expression='identifier com and (info[Version] >= "2" or notarized or !info[Gone])'
# shellcheck disable=SC2086
{
ok 'eval: true' answers 0 true "$DRYSEAL" req eval '=info[Version] > "1.1"' $facts
ok 'eval: false' answers 1 false "$DRYSEAL" req eval '=info[Version] > "1.10"' $facts
ok 'eval: undecided names the fact' answers 4 \
    'undecided: not known: whether a notarization ticket exists for the code (--assume notarized=yes or =no)' \
    "$DRYSEAL" req eval '=notarized' $facts
ok 'eval: an assumption decides' answers 0 true "$DRYSEAL" req eval '=notarized' $facts --assume notarized=yes
ok 'eval: JSON' answers 4 '{"result":"undecided","missing":"notarized"}' \
    "$DRYSEAL" req eval '=notarized' $facts --format json
ok 'eval: an unknown assumption is answered with a hint' answers 2 \
    "dryseal req eval: --assume notarised=yes: cannot be assumed; did you mean 'notarized'?
See 'dryseal req eval --help'." "$DRYSEAL" req eval '=notarized' $facts --assume notarised=yes
refused 2 'eval needs something to evaluate for' "$DRYSEAL" req eval '=always'
refused 2 'not both code and facts' "$DRYSEAL" req eval '=always' /bin $facts
ok 'explain alone' answers 0 'at least one of these
├─ certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */
│    the leaf certificate has the extension Developer ID Application leaf (1.2.840.113635.100.6.1.13)
└─ not
   └─ entitlement[e] absent
        the entitlement "e" is not there' "$DRYSEAL" req explain '=cert leaf[field.1.2.840.113635.100.6.1.13] or !entitlement[e] absent'
ok 'explain with facts' answers 1 'all of these — false
├─ identifier com — false: the identifier is "com.example.tool"
│    the signing identifier is "com"
└─ at least one of these — true
   ├─ info[Version] >= "2" — false: it is "1.2"
   │    the Info.plist key "Version" is at least "2"
   ├─ notarized — undecided: not known: whether a notarization ticket exists for the code
   │    Apple'"'"'s notary service knows the code: it has a ticket
   └─ not — true
      └─ info[Gone] /* exists */ — false: there is no such key
           the Info.plist key "Gone" is there, and is not false' "$DRYSEAL" req explain "=$expression" $facts
ok 'explain --fails' answers 1 'all of these — false
└─ identifier com — false: the identifier is "com.example.tool"
     the signing identifier is "com"' "$DRYSEAL" req explain --fails "=$expression" $facts
}
echo '{"certz": []}' >"$tap_tmp/slip.json"
ok 'an unknown fact is answered with a hint' answers 5 \
    "dryseal req eval: $tap_tmp/slip.json:1:2: no fact is called 'certz'; did you mean 'certs'?" \
    "$DRYSEAL" req eval '=always' --facts "$tap_tmp/slip.json"

# differs STATUS FIRST-LINE A B
differs()
{
    "$DRYSEAL" req diff "=$3" "=$4" >"$tap_tmp/out" 2>&1
    got=$?
    cat "$tap_tmp/out"
    [ "$got" -eq "$1" ] && [ "$(head -n 1 "$tap_tmp/out")" = "$2" ]
}
same='equivalent: the same code satisfies both'
stricter='the first is stricter: what satisfies it satisfies the second'
weaker='the first is weaker: what satisfies the second satisfies it'
ok 'diff: De Morgan' differs 0 "$same" '!(anchor apple or notarized)' '!anchor apple and !notarized'
ok 'diff: one value only' differs 0 "$same" 'cert leaf[subject.OU] = X and cert leaf[subject.OU] = Y' never
ok 'diff: an array has several' differs 1 "$weaker" 'info[a] = x and info[a] = y' never
ok 'diff: order' differs 1 "$stricter" 'info[v] > "1.2"' 'info[v] >= "1.2"'
ok 'diff: parts of seconds' differs 1 "$weaker" \
    'info[x] < timestamp "20190101000000Z"' 'info[x] <= timestamp "20181231235959Z"'
ok 'diff: whole seconds in certificates' differs 0 "$same" \
    'cert leaf[timestamp.1.2.3] < timestamp "20190101000000Z"' 'cert leaf[timestamp.1.2.3] <= timestamp "20181231235959Z"'
ok 'diff: slots from both ends' differs 1 'different: each admits code that the other refuses' \
    'cert 1[field.1.2.3]' 'cert -2[field.1.2.3]'
hash='H"0123456789abcdef0123456789abcdef01234567"'
different='different: each admits code that the other refuses'
ok 'diff: cdhash' differs 1 "$stricter" "cdhash $hash and notarized" "cdhash $hash"
ok 'diff: platform' differs 1 "$different" 'platform = 1' 'platform = 2'
ok 'diff: trust' differs 1 "$weaker" 'anchor trusted' 'cert leaf trusted'
ok 'diff: trust, denied' differs 1 "$stricter" 'cert root trusted and anchor trusted' 'cert root trusted'
ok 'diff: hashes' differs 1 "$different" "anchor = $hash" "cert leaf = $hash"
ok 'diff: policies' differs 1 "$different" 'cert leaf[policy.1.2.3]' 'cert leaf[policy.1.2.3] absent'
ok 'diff: dates' differs 1 "$stricter" 'cert leaf[timestamp.1.2.3] > timestamp "20190101000000Z"' 'cert leaf[timestamp.1.2.3]'
ok 'diff: stored names' differs 1 "$different" '(foo) and legacy' 'anchor apple foo and notarized'
ok 'diff: entitlements' differs 1 "$stricter" 'entitlement[e] = x and identifier a' 'entitlement[e] = x*'
ok 'diff: a value with head, body and tail' differs 1 "$weaker" 'info[a] ~ x and info[a] = *y and info[a] = z*' never
ok 'diff: far certificates are not claimed' differs 4 undecided 'cert 20[subject.CN] = x' never
refused 5 'diff: what cannot be evaluated' sh -c 'printf "\372\336\014\0\0\0\0\020\0\0\0\1\0\0\0\143" >"$1" &&
    "$DRYSEAL" req diff "$1" =always' sh "$tap_tmp/unknown.req"
ok 'diff: JSON' sh -c '"$DRYSEAL" req diff --format json "=anchor apple" "=info[a] = x" | grep -q "\"relation\": \"different\""'
ok 'diff: a witness' answers 1 'the first is stricter: what satisfies it satisfies the second

satisfies only the second, for instance:
  identifier "com.example.other"
  3 certificates, the last an Apple root
  leaf: organisational unit (OU) is "TEAMID1234"' "$DRYSEAL" req diff \
    '=anchor apple generic and identifier com and cert leaf[subject.OU] = TEAMID1234' \
    '=anchor apple generic and cert leaf[subject.OU] = TEAMID1234'

# lints STATUS IDS TEXT: the ids of what lint says, with a blank between.
lints()
{
    "$DRYSEAL" req lint "=$3" >"$tap_tmp/out" 2>&1
    got=$?
    cat "$tap_tmp/out"
    [ "$got" -eq "$1" ] && [ "$(sed -n 's/.*\[\([a-z0-9-]*\)\]$/\1/p' "$tap_tmp/out" | paste -s -d' ' -)" = "$2" ]
}
team='cert leaf[subject.OU] = TEAMID1234'
ok 'lint: nothing' lints 0 '' "anchor apple generic and identifier x and $team"
ok 'lint: anyone' lints 1 'anyone' 'identifier com'
ok 'lint: no team' lints 1 'no-team' 'anchor apple generic and identifier com'
ok 'lint: no identifier' lints 0 'no-identifier' "anchor apple generic and $team"
ok 'lint: marker in the wrong place' lints 1 'marker-slot' \
    "identifier x and anchor apple generic and certificate root[field.1.2.840.113635.100.6.2.6] and $team"
ok 'lint: unknown field' lints 1 'unknown-field' 'cert leaf[subject.TEAM] = X'
ok 'lint: absent field' lints 1 'field-absent' 'cert leaf[subject.OU] absent'
ok 'lint: value of an extension' lints 1 'presence-value' 'cert leaf[field.1.2.3] = x'
ok 'lint: bad date' lints 1 'bad-date date-2001 anyone' 'info[a] < timestamp "2019"'
ok 'lint: bad OID' lints 1 'bad-oid anyone' 'cert leaf[field.1.2.x]'
ok 'lint: no OID' lints 1 'bad-oid no-oid' 'cert leaf[field.1]'
ok 'lint: star in quotes' lints 1 'quoted-star anyone' 'identifier "com.foo.*"'
ok 'lint: empty text' lints 1 'empty-operand' 'info[a] ~ ""'
ok 'lint: boolean' lints 1 'boolean-text anyone' 'entitlement[e] = "true"'
ok 'lint: slip of generic' lints 1 'stored-name' 'anchor apple genric'
ok 'lint: variable' lints 1 'variable no-identifier' 'anchor apple generic and cert leaf[subject.OU] = "$(TEAM)"'
ok 'lint: platform' lints 1 'platform-range' 'platform = 256'
ok 'lint: precedence' lints 1 'precedence no-team' 'anchor apple generic and identifier a or anchor apple generic and identifier b'
ok 'lint: always' lints 1 'precedence always' 'identifier a and identifier b or true'
ok 'lint: never' lints 1 'precedence never no-identifier' 'anchor apple generic and (identifier a and identifier b) or anchor apple'
ok 'lint: redundant' lints 1 'redundant no-identifier' 'anchor apple and anchor apple'
ok 'lint: absorbed' lints 1 'redundant no-identifier' 'anchor apple or (anchor apple and identifier x)'
ok 'lint: pins' lints 0 'cdhash-pin' 'cdhash H"0123456789abcdef0123456789abcdef01234567"'
ok 'lint: tags' lints 1 'tag-twice tag-unknown always always' '3 => true 3 => true 9 => true'

ok 'generate: valid texts compile' sh -c '[ "$("$DRYSEAL" req generate --seed 5 --count 2000 |
    "$DRYSEAL" req compile --batch | grep -vc "\"ok\":true")" = 0 ]'
ok 'generate: the same seed gives the same' sh -c '
    [ "$("$DRYSEAL" req generate --mutate --seed 9 | cksum)" = "$("$DRYSEAL" req generate --mutate --seed 9 | cksum)" ] &&
    [ "$("$DRYSEAL" req generate --seed 9 | cksum)" != "$("$DRYSEAL" req generate --seed 10 | cksum)" ]'
ok 'generate: binaries print, most of them' sh -c '[ "$("$DRYSEAL" req generate --binary --count 1000 |
    "$DRYSEAL" req print --batch | grep -c "\"ok\":true")" -gt 700 ]'
ok 'fuzz: no difference from itself' "$DRYSEAL" req fuzz --mutate --count 20 --against '"$DRYSEAL" req compile {}'
ok 'fuzz: binaries' "$DRYSEAL" req fuzz --binary --count 20 --against '"$DRYSEAL" req print {}'
refused 1 'fuzz: differences are told' "$DRYSEAL" req fuzz --count 3 --against 'echo 00; : {}'
printf 'identifier com and anchor apple and cdhash or true' >"$tap_tmp/long.req"
ok 'reduce' sh -c '"$DRYSEAL" req reduce --check "! grep -q cdhash {}" "$1" >"$2" && [ "$(cat "$2")" = cdhash ]' \
    sh "$tap_tmp/long.req" "$tap_tmp/short.req"
refused 2 'reduce: the whole must fail' "$DRYSEAL" req reduce --check 'true {}' "$tap_tmp/long.req"
done_testing
