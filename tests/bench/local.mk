# SPDX-License-Identifier: Apache-2.0
# Benchmarks: programs built and run by `make bench` only.
