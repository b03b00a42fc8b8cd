/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O and universal files with everything that is read lazily from them. */
#include "format/macho.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    struct macho m;
    struct name_vec names = {0};
    (void)macho_sniff(data);
    (void)macho_parse(a, data, &f, place_path("x"), &m);
    (void)macho_check_structure(&m, &f, place_path("x"));
    for (size_t i = 0; i < m.count; i++) {
        macho_imports(a, &m.slices[i], &names);
        macho_class_names(a, &m.slices[i], &names);
        macho_requirement_strings(a, &m.slices[i], &names);
    }
    return DS_OK;
}

FUZZ(work)
