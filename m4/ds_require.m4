# SPDX-License-Identifier: Apache-2.0
# Required libraries: collect what pkg-config does not find, then fail once with the whole list.

# DS_REQUIRE(PREFIX, MODULE-SPEC, DEBIAN-PACKAGE)
AC_DEFUN([DS_REQUIRE],
[PKG_CHECK_MODULES([$1], [$2], [],
  [ds_missing="$ds_missing
    $2 (Debian package: $3)"
   ds_packages="$ds_packages $3"])])

# DS_REQUIRE_REPORT
AC_DEFUN([DS_REQUIRE_REPORT],
[AS_IF([test -n "$ds_missing"],
  [AC_MSG_ERROR([these libraries are missing or too old:
$ds_missing

On Debian or Ubuntu: apt-get install$ds_packages
(./quickstart does this.)])])])

# DS_PLIST_API: does plist_from_memory() take the format argument (libplist 2.3 and later)?
AC_DEFUN([DS_PLIST_API],
[AC_CACHE_CHECK([whether plist_from_memory takes four arguments], [ds_cv_plist_memory4],
  [ds_save_CPPFLAGS=$CPPFLAGS
   CPPFLAGS="$CPPFLAGS $PLIST_CFLAGS"
   AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <plist/plist.h>]],
     [[plist_t root; plist_format_t format;
       return (int)plist_from_memory("", 0, &root, &format);]])],
     [ds_cv_plist_memory4=yes], [ds_cv_plist_memory4=no])
   CPPFLAGS=$ds_save_CPPFLAGS])
 AS_IF([test "x$ds_cv_plist_memory4" = xyes],
  [AC_DEFINE([HAVE_PLIST_FROM_MEMORY_4], [1],
    [Define to 1 when plist_from_memory() takes four arguments (libplist 2.3 and later).])])])
