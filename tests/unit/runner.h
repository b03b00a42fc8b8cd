/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main() of a layer's unit tests. A runner file, tests/unit/test_<layer>.c, is a list of suites and this header:
 *
 *     #define SUITES(X) X(arena) X(cursor)
 *     #include "runner.h"
 *
 * X(arena) stands for `Suite *arena_suite(void)`, defined in a file of its own, tests/unit/test_arena.c, which
 * tests/unit/local.mk lists for the layer's program. Results are TAP on stdout, one line a test. CK_FORK=no and
 * CK_RUN_SUITE=name are Check's own environment variables.
 *
 * Inputs are copied flush to the end of a heap block (flush_copy in tests/unit/flush.h), so that a sanitizer sees the
 * first byte read too far. Tests of what takes an arena are written with tests/unit/in_arena.h.
 */
#ifndef TESTS_UNIT_RUNNER_H
#define TESTS_UNIT_RUNNER_H

#include <check.h>
#include <stdlib.h>

#define DECLARE_SUITE(name) Suite *name##_suite(void);
SUITES(DECLARE_SUITE)
#undef DECLARE_SUITE

int main(void)
{
    SRunner *runner = srunner_create(NULL);
    int failed;

#define ADD_SUITE(name) srunner_add_suite(runner, name##_suite());
    SUITES(ADD_SUITE)
#undef ADD_SUITE
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
