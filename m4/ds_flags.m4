# SPDX-License-Identifier: Apache-2.0
# Compiler flags of the project: warnings, sanitizers, fuzzers. Each is tried before it is used.

# DS_TRY_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE when the compiler takes it without a warning.
AC_DEFUN([DS_TRY_CFLAG],
[AS_VAR_PUSHDEF([ds_cache], [ds_cv_cflag_$2])
 AC_CACHE_CHECK([whether $CC accepts $2], [ds_cache],
  [ds_save_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS -Werror $2"
   AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([ds_cache], [yes])], [AS_VAR_SET([ds_cache], [no])])
   CFLAGS=$ds_save_CFLAGS])
 AS_VAR_IF([ds_cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
 AS_VAR_POPDEF([ds_cache])])

# DS_WARNINGS: DS_CFLAGS, and --enable-werror.
# (The loop variable is a macro: call it what no shell line contains.)
AC_DEFUN([DS_WARNINGS],
[AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [treat compiler warnings as errors (for development and CI)])],
  [], [enable_werror=no])
 DS_CFLAGS=
 m4_foreach_w([ds_flag],
  [-std=gnu11 -fvisibility=hidden -fno-common
   -Wall -Wextra -Wformat=2 -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
   -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wvla -Wnull-dereference
   -Wimplicit-fallthrough -Wlogical-op -Wduplicated-cond -Wno-clobbered -Wno-unused-command-line-argument],
  [DS_TRY_CFLAG([DS_CFLAGS], ds_flag)])
 AS_IF([test "x$enable_werror" = xyes], [DS_CFLAGS="$DS_CFLAGS -Werror"])
 AC_SUBST([DS_CFLAGS])])

# DS_SANITIZERS: --enable-sanitizers[=LIST] and --enable-coverage set SAN_FLAGS, for the library, the program and the tests.
# INSTRUMENTED is then set: objects hold writable data that is not ours.
AC_DEFUN([DS_SANITIZERS],
[AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@], [build with compiler sanitizers @<:@address,undefined@:>@])],
  [], [enable_sanitizers=no])
 AC_ARG_ENABLE([coverage],
  [AS_HELP_STRING([--enable-coverage], [measure line coverage (used by make coverage)])],
  [], [enable_coverage=no])
 SAN_FLAGS=
 AS_IF([test "x$enable_coverage" != xno], [SAN_FLAGS=--coverage])
 AS_IF([test "x$enable_sanitizers" = xyes], [enable_sanitizers=address,undefined])
 AS_IF([test "x$enable_sanitizers" != xno],
  [SAN_FLAGS="$SAN_FLAGS -fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
   ds_save_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS $SAN_FLAGS"
   AC_MSG_CHECKING([whether programs with -fsanitize=$enable_sanitizers link])
   AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([$CC cannot link with -fsanitize=$enable_sanitizers (for clang, Debian package: libclang-rt-dev)])])
   CFLAGS=$ds_save_CFLAGS])
 AS_IF([test -n "$SAN_FLAGS"], [INSTRUMENTED=yes], [INSTRUMENTED=])
 AC_SUBST([INSTRUMENTED])
 AC_SUBST([SAN_FLAGS])])

# DS_FUZZERS: --enable-fuzzers links tests/fuzz/fuzz_* with a fuzzing engine; without it they replay stored inputs.
AC_DEFUN([DS_FUZZERS],
[AC_ARG_VAR([FUZZING_ENGINE], [linker argument of the fuzzing engine (default: -fsanitize=fuzzer)])
 AC_ARG_ENABLE([fuzzers],
  [AS_HELP_STRING([--enable-fuzzers], [link the fuzz targets with $FUZZING_ENGINE])],
  [], [enable_fuzzers=no])
 FUZZ_CFLAGS=
 AS_IF([test "x$enable_fuzzers" != xno],
  [AS_IF([test -z "$FUZZING_ENGINE"],
    [FUZZING_ENGINE=-fsanitize=fuzzer
     DS_TRY_CFLAG([FUZZ_CFLAGS], [-fsanitize=fuzzer-no-link])
     AS_IF([test -z "$FUZZ_CFLAGS"],
      [AC_MSG_ERROR([$CC has no libFuzzer: use CC=clang, or set FUZZING_ENGINE])])])])
 AM_CONDITIONAL([FUZZERS], [test "x$enable_fuzzers" != xno])
 AC_SUBST([FUZZ_CFLAGS])])
