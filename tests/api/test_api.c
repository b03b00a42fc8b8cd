/* SPDX-License-Identifier: Apache-2.0 */
/* The public interface, used as a program of another project would: only dryseal.h and the shared library. TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dryseal.h"

static int count, failures;

static void ok(int passed, const char *name)
{
    printf("%s %d - %s\n", passed ? "ok" : "not ok", ++count, name);
    failures += !passed;
}

static void test_options(void)
{
    const char *why = NULL;
    ds_options *o = ds_options_new(1767225600);
    ok(o != NULL, "options");
    ok(ds_options_set(o, "macos", "15.3", NULL) == DS_SUCCESS, "an option");
    ok(ds_options_set(o, "assume", "notarized=yes", &why) == DS_SUCCESS && !why, "an assumption");
    ok(ds_options_set(o, "macos", "fifteen", &why) == DS_BAD_ARGUMENT && why,
       "a bad value is told");
    ok(ds_options_set(o, "no-such-key", "1", &why) == DS_BAD_ARGUMENT && why,
       "so is an unknown key");
    ds_options_free(o);
    ds_options_free(NULL);
}

static void test_check(const char *path)
{
    ds_report *r = NULL;
    ds_options *o = ds_options_new(1767225600);
    ok(ds_check("/no/such/file", o, &r) == DS_CANNOT_READ && !r, "a file that is not there");
    ok(ds_check(path, o, &r) == DS_SUCCESS && r, "a file that is not signed");
    ok(r && ds_report_verdict(r) == DS_VERDICT_REFUSED, "is refused");
    ok(r && strcmp(ds_report_finding(r), "SIG-UNSIGNED") == 0, "for that");
    ok(r && strstr(ds_report_text(r), "refused at static"), "text says so");
    ok(r && strstr(ds_report_json(r), "\"verdict\": \"refused\""), "JSON says so");
    ok(r && strstr(ds_report_facts(r), "\"signed\": false"), "the facts say why");
    ds_report_free(r);
    ds_report_free(NULL);
    ds_options_free(o);
}

static void test_requirements(void)
{
    static const char text[] = "anchor apple and identifier \"com.example\"";
    ds_bytes blob, printed;
    ok(ds_requirement_compile(text, sizeof text - 1, &blob) == DS_SUCCESS, "compile");
    ok(ds_requirement_print(blob.data, blob.size, &printed) == DS_SUCCESS, "print");
    ok(printed.data &&
           strcmp((char *)printed.data, "anchor apple and identifier \"com.example\"") == 0,
       "what was compiled");
    ds_bytes_free(&blob);
    ds_bytes_free(&printed);
    ok(ds_requirement_compile("anchor", 6, &blob) == DS_BAD_ARGUMENT && blob.size > 0,
       "errors are the reference's messages");
    ds_bytes_free(&blob);
    ok(ds_requirement_print("x", 1, &printed) == DS_BAD_ARGUMENT && printed.size == 0,
       "bytes that are no requirement");
    ds_bytes_free(&printed);
}

int main(void)
{
    char path[4096];
    const char *top = getenv("top_srcdir");
    snprintf(path, sizeof path, "%s/COPYING", top ? top : ".");
    ok(strlen(ds_version()) >= 5, "version");
    ok(strcmp(ds_result_text(DS_NO_MEMORY), "no memory") == 0, "results have a text");
    test_options();
    test_check(path);
    test_requirements();
    printf("1..%d\n", count);
    return failures != 0;
}
