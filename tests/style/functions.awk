# SPDX-License-Identifier: Apache-2.0
# Lists what is too long: functions (their lines from brace to brace), parameter lists, and, as a note, the longest.
# Relies on the house format: a function's braces stand alone in the first column.
# Variables: lines (limit of a function), parameters (limit), report (1: print every function with its length).
function finish_head(head,    list, n, parts)
{
    list = head
    if (list !~ /\(/)
        return
    sub(/^[^(]*\(/, "", list)
    sub(/\)[^)]*$/, "", list)
    gsub(/\([^()]*\)/, "", list)
    n = split(list, parts, ",")
    if (n > parameters)
        printf "%s:%d: %s takes %d parameters (limit %d)\n", FILENAME, start, name, n, parameters
}
FNR == 1 { head = ""; name = ""; start = 0 }
/^[A-Za-z_]/ { head = "" }
!start && !/^[#\/ *}{]/ { head = $0 }
!start && /^ / { head = head " " $0 }
/^\{/ {
    name = head
    sub(/\(.*/, "", name)
    sub(/[ ]*$/, "", name)
    sub(/.*[ *]/, "", name)
    start = FNR
    finish_head(head)
}
/^\}/ && start {
    n = FNR - start - 1
    if (report)
        printf "%d %s:%d %s\n", n, FILENAME, start, name
    else if (n > lines)
        printf "%s:%d: %s is %d lines long (limit %d)\n", FILENAME, start, name, n, lines
    start = 0
    head = ""
}
