# SPDX-License-Identifier: Apache-2.0
# Benchmarks: tests/bench/bench_NAME.c, a program with its own main() that prints what it measured; `make bench` builds and
# runs them all. Add one with two lines: its name here, and tests_bench_bench_NAME_LDADD = libcore.la.
BENCHES =
BENCHES += tests/bench/bench_req
tests_bench_bench_req_SOURCES = tests/bench/bench_req.c
tests_bench_bench_req_LDADD = libcore.la
BENCHES += tests/bench/bench_seal
tests_bench_bench_seal_SOURCES = tests/bench/bench_seal.c
tests_bench_bench_seal_LDADD = libcore.la
BENCHES += tests/bench/bench_trees
tests_bench_bench_trees_SOURCES = tests/bench/bench_trees.c
tests_bench_bench_trees_LDADD = libcore.la

EXTRA_PROGRAMS += $(BENCHES)
EXTRA_DIST += tests/bench/run.sh
CLEANFILES += $(BENCHES)

.PHONY: bench
bench: all $(BENCHES)
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/run.sh $(BENCHES)
