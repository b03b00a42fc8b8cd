/* SPDX-License-Identifier: Apache-2.0 */
/* Ere: the rules of the reference's sets, POSIX corner cases, equality with the C library, and bounded work. */
#include <check.h>
#include <regex.h>

#include "base/arena.h"
#include "flush.h"
#include "seal/ere.h"

Suite *seal_ere_suite(void);

static const struct {
    const char *pattern, *yes, *no; /* texts, NULL: none */
} rows[] = {
    {"^.*", "", NULL},
    {"^[^/]+$", "Info.plist", "MacOS/x"},
    {"^[^/]+$", NULL, ""},
    {"^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/"
     "(Automator|Spotlight|LoginItems))/",
     "Library/LoginItems/x.app", "Library/x"},
    {".*\\.dSYM($|/)", "a/b.dSYM", "a/b.dSYMs"},
    {".*\\.dSYM($|/)", "a.dSYM/b", "dSYM"},
    {"^(.*/)?\\.DS_Store$", ".DS_Store", "x.DS_Store"},
    {"^(.*/)?\\.DS_Store$", "a/b/.DS_Store", "a/b/.DS_Store/c"},
    {"^Resources/.*\\.lproj/", "Resources/en.lproj/a", "Resources/en.lproj"},
    {"^Resources/.*\\.lproj/locversion.plist$", "Resources/a.lproj/locversionXplist", "x"},
    {"lproj", "Resources/en.lproj/a", "Resources"},
    {"^(Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|())SC_Info/", "SC_Info/x",
     "a/SC_Info/x"},
    {"a{2,3}$", "xaaa", "xa"},
    {"^a{0}b", "b", "ab"},
    {"^a{,2}$", "aa", "aaa"},
    {"^a{2}$", "aa", "aaa"},
    {"^(ab){2,}$", "ababab", "ab"},
    {"^a+?$", "aaa", ""},
    {"[]a]", "]", "b"},
    {"[^]a]", "b", "]"},
    {"[a-]", "-", "b"},
    {"[\\]", "\\", "a"},
    {"[[:digit:][:upper:]]", "x7", "xyz"},
    {"[[.-.]]", "-", "a"},
    {"[[=a=]]", "a", "b"},
    {"a|b|", "", NULL},
    {"x()y", "xy", "x"},
    {"a)", "a)", "a"},
    {"\\.", ".", "a"},
    {"\\w+\\s\\d", "ab 1", "ab1"},
    {"\\<ab\\>", "x ab", "xab"},
    {"\\bab\\B", "abc", "ab"},
    {"$^", "", "a"},
    {"a^b", NULL, "a^b"},
    {"^*", NULL, NULL},
    {"\xff.", "\xff\xfe", "\xfe"},
};

static bool matches(struct arena *a, const char *pattern, const char *text)
{
    const char *error;
    uint64_t work = 0;
    struct ere *e = ere_compile(a, bytes_str(pattern), &error);
    if (!e)
        return false;
    uint8_t *p = flush_copy(text, strlen(text));
    bool yes = ere_match(e, bytes_of(p, strlen(text)), &work);
    ck_assert_msg(yes == ere_match(e, bytes_of(p, strlen(text)), &work), "%s", pattern);
    flush_free(p);
    return yes;
}

static enum ds_status check_rows(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].yes)
            ck_assert_msg(matches(a, rows[i].pattern, rows[i].yes), "%s", rows[i].pattern);
        if (rows[i].no)
            ck_assert_msg(!matches(a, rows[i].pattern, rows[i].no), "%s", rows[i].pattern);
    }
    return DS_OK;
}

static const char *const broken[] = {
    "(",      "(a",     "[",   "[a",  "[^",        "[[:digit:]", "[[:nothing:]]", "[[.ab.]]",
    "[b-a]",  "*",      "a|*", "(*)", "+",         "a{",         "a{1",           "a{2,1}",
    "a{256}", "a{,}x{", "{1}", "\\",  "[[:alpha:", "[[.",        "[a-",           "a{x}",
};

static enum ds_status check_broken(void *arg)
{
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *error = NULL;
        uint8_t *p = flush_copy(broken[i], strlen(broken[i]));
        ck_assert_msg(!ere_compile(arg, bytes_of(p, strlen(broken[i])), &error), "%s", broken[i]);
        ck_assert_ptr_nonnull(error);
        flush_free(p);
    }
    return DS_OK;
}

/* Random expressions and texts over a small alphabet: the C library must say the same. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static void random_text(uint32_t *seed, const char *const *parts, unsigned n, char out[64])
{
    out[0] = 0;
    for (unsigned i = next(seed) % 9; i > 0; i--)
        strcat(out, parts[next(seed) % n]);
}

static enum ds_status check_same(void *arg)
{
    static const char *const parts[] = {"a", "b", "/", ".", "^",    "$",    "(a",  ")",    "(",
                                        "|", "*", "+", "?", "[ab]", "[^a]", "{2}", "{1,}", "\\."};
    static const char *const texts[] = {"a", "b", "/", ".", "ab", "ba"};
    uint32_t seed = 1;
    struct arena *a = arg;
    for (unsigned i = 0; i < 20000; i++) {
        char pattern[64], text[64];
        const char *error;
        regex_t re;
        random_text(&seed, parts, sizeof parts / sizeof *parts, pattern);
        /* Undefined by POSIX: a repetition of an anchor or of nothing, stacked repetitions. */
        if (strpbrk(pattern, "*+?{") &&
            (strstr(pattern, "^") || strstr(pattern, "$") || strstr(pattern, "()")))
            continue;
        /* Ours reads a second '?' as non-greedy. */
        if (strstr(pattern, "*?") || strstr(pattern, "+?") || strstr(pattern, "}?") ||
            strstr(pattern, "??"))
            continue;
        if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
            continue;
        struct arena *child = arena_child(a);
        struct ere *e = ere_compile(child, bytes_str(pattern), &error);
        for (unsigned k = 0; e && k < 8; k++) {
            uint64_t work = 0;
            random_text(&seed, texts, sizeof texts / sizeof *texts, text);
            bool want = regexec(&re, text, 0, NULL, 0) == 0;
            ck_assert_msg(ere_match(e, bytes_str(text), &work) == want, "/%s/ on \"%s\"", pattern,
                          text);
        }
        regfree(&re);
        arena_child_free(child);
    }
    return DS_OK;
}

/* Patterns that make backtracking matchers explode. */
static enum ds_status check_bounded(void *arg)
{
    static const char *const patterns[] = {
        "^(a+)+$",       "^(a|aa)+$", "(a*)*(a*)*(a*)*b", "(.*a){20}$", "^(((a?){30})(a{30}))$",
        "(a|b|ab)*[^ab]"};
    char text[4097];
    memset(text, 'a', 4096);
    text[4096] = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        const char *error;
        uint64_t work = 0;
        struct ere *e = ere_compile(arg, bytes_str(patterns[i]), &error);
        ck_assert_msg(e != NULL, "%s: %s", patterns[i], error);
        ere_match(e, bytes_str(text), &work);
        ck_assert_uint_lt(work, 40u << 20);
    }
    return DS_OK;
}

static enum ds_status check_limits(void *arg)
{
    static const char *const large[] = {"((((a{255}){255}){255}){255})", "(a{200}){200}"};
    const char *error;
    char deep[5000];
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        ck_assert_ptr_null(ere_compile(arg, bytes_str(large[i]), &error));
    ck_assert_ptr_nonnull(ere_compile(arg, bytes_str("((((){255}){255}){255}){255}"), &error));
    memset(deep, '(', sizeof deep);
    ck_assert_ptr_null(ere_compile(arg, bytes_of(deep, 4000), &error));
    ck_assert_ptr_null(ere_compile(arg, bytes_of(deep, 5000), &error));
    return DS_OK;
}

static enum ds_status check_escape(void *arg)
{
    ck_assert(bytes_is(ere_escape(arg, bytes_str("A+B (1).app")), "A\\+B \\(1\\)\\.app"));
    return DS_OK;
}

#define TEST(name)                                              \
    START_TEST(name##_test)                                     \
    {                                                           \
        struct arena *a = arena_new(64u << 20);                 \
        ck_assert_int_eq(arena_run(a, check_##name, a), DS_OK); \
        arena_free(a);                                          \
    }                                                           \
    END_TEST

TEST(rows)
TEST(broken)
TEST(same)
TEST(bounded)
TEST(limits)
TEST(escape)

Suite *seal_ere_suite(void)
{
    Suite *suite = suite_create("seal_ere");
    TCase *tc = tcase_create("seal_ere");

    tcase_add_test(tc, rows_test);
    tcase_add_test(tc, broken_test);
    tcase_add_test(tc, same_test);
    tcase_add_test(tc, bounded_test);
    tcase_add_test(tc, limits_test);
    tcase_add_test(tc, escape_test);
    suite_add_tcase(suite, tc);
    return suite;
}
