# SPDX-License-Identifier: Apache-2.0
# dryseal-findings(7) from src/base/findings.def: one entry a row, in the order of the table.

function escaped(text)
{
    gsub(/\\"/, "\"", text)
    gsub(/\\/, "\\e", text)
    return text
}

# TEXT as input lines of at most 78 bytes, none of which begins as a macro does.
function paragraph(text,    words, n, i, line)
{
    n = split(escaped(text), words, " ")
    line = ""
    for (i = 1; i <= n; i++) {
        # A new sentence begins a new line.
        if (line != "" && (length(line) + 1 + length(words[i]) > 78 || line ~ /[^.][.!?]$/)) {
            print (line ~ /^[.']/ ? "\\&" : "") line
            line = words[i]
        } else
            line = line == "" ? words[i] : line " " words[i]
    }
    if (line != "")
        print (line ~ /^[.']/ ? "\\&" : "") line
}

# The arguments of one row into arg[1…]; neighbouring strings are one.
function arguments(row,    n, c, in_text, i)
{
    n = 1
    split("", arg)
    for (i = 1; i <= length(row); i++) {
        c = substr(row, i, 1)
        if (in_text && c == "\\") {
            arg[n] = arg[n] c substr(row, ++i, 1)
            continue
        }
        if (c == "\"") {
            in_text = !in_text
            continue
        }
        if (!in_text && c == ",") {
            n++
            continue
        }
        if (in_text || c !~ /[ \t\n']/)
            arg[n] = arg[n] c
    }
}

function entry(row)
{
    arguments(row)
    print ".It " arg[2]
    paragraph("[" arg[3] "; " arg[4] (arg[5] == "-" ? "" : "; " arg[5]) "; evidence " arg[7] "; " arg[6] "]")
    print ".Pp"
    paragraph(arg[8])
    if (arg[9] != "-") {
        print ".Pp"
        paragraph("The Mac: " arg[9])
    }
    if (arg[10] != "-") {
        print ".Pp"
        paragraph("What to do: " arg[10])
    }
}

BEGIN {
    print ".\\\" SPDX-License-Identifier: Apache-2.0"
    print ".\\\" Made from src/base/findings.def."
    print ".Dd November 27, 2026"
    print ".Dt DRYSEAL-FINDINGS 7"
    print ".Os"
    print ".Sh NAME"
    print ".Nm dryseal-findings"
    print ".Nd everything dryseal can find, and what to do about it"
    print ".Sh DESCRIPTION"
    print "A finding has an id that never changes."
    print "In brackets stand the stages it belongs to (the usual one first), its"
    print "severity where nothing refines it, the number a Mac reports, the grade of"
    print "evidence and the rules of the specification."
    print "Severities are fatal (killed), refused (the feature never starts), degraded,"
    print "warn, info, and noise: a line that looks like a failure and is none."
    print ".Bl -tag -width Ds"
}

/^FINDING\(/ { row = ""; inside = 1; sub(/^FINDING\(/, "") }
inside {
    row = row " " $0
    if ($0 ~ /\)$/) {
        sub(/\)$/, "", row)
        entry(row)
        inside = 0
    }
}

END {
    print ".El"
    print ".Sh SEE ALSO"
    print ".Xr dryseal 1 ,"
    print ".Xr dryseal-check 1"
}
