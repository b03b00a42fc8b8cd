# SPDX-License-Identifier: Apache-2.0
# Makes rule_files.c of rule files: each file an array of its lines (policy/rule_file.h). Files in the order given.
BEGIN {
    print "/* Made by src/policy/rules/embed.awk: the rule files as text. */"
    print "#include \"policy/rule_file.h\"\n"
}
FNR == 1 {
    if (files)
        print "};"
    name = FILENAME
    sub(/.*\//, "", name)
    names[files++] = name
    printf "static const char *const file_%d[] = {\n", files
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    printf "    \"%s\",\n", $0
    lines[files - 1]++
}
END {
    print "};\n\nconst struct rule_file rule_files[] = {"
    for (i = 0; i < files; i++)
        printf "    {\"%s\", file_%d, %d},\n", names[i], i + 1, lines[i]
    printf "};\nconst size_t rule_file_count = %d;\n", files
}
