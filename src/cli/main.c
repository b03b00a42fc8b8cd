/* SPDX-License-Identifier: Apache-2.0 */
/* The program: options and commands. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "dryseal.h"

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("dryseal %s\n", ds_version());
        return 0;
    }
    fputs("usage: dryseal --version\n", stderr);
    return 2;
}
