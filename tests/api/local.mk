# SPDX-License-Identifier: Apache-2.0
# The public interface, through the shared library alone.
check_PROGRAMS += tests/api/test_api
TESTS += tests/api/test_api
tests_api_test_api_SOURCES = tests/api/test_api.c
tests_api_test_api_LDADD = libdryseal.la
