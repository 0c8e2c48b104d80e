/* Any bytes as a LAMMPS input script. SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/lammps_script.h"
#include "fuzz_file.h"

static struct system_settings settings, before;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    isd_error err = {.status = ISD_OK};
    isd_potential *potential = NULL;
    const char *path = fuzz_file(data, size);
    if (before.lj_cutoff == 0 && before.dimension == 0)
        system_init(&before);
    memcpy(&settings, &before, sizeof settings);
    if (lammps_script_read(&settings, path, NULL, NULL, &err) != ISD_OK) {
        fuzz_check_words(&err, "");
        MUST(memcmp(&settings, &before, sizeof settings) == 0);
        return 0;
    }
    fuzz_accept();
    if (system_has_potential(&settings) && system_potential(&settings, 2, NULL, NULL, &potential, &err) != ISD_OK)
        fuzz_check_words(&err, "");
    isd_potential_unref(potential);
    return 0;
}
