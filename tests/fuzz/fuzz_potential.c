/* Any bytes as a file of a potential; what is accepted must give finite forces or refuse. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fuzz_file.h"
#include "isdmin/potential.h"

#define ATOMS 4

/* A few atoms at usual distances. */
static void try(const isd_potential *potential)
{
    static const double r[3 * ATOMS] = {0, 0, 0, 2.4, 0, 0, 0, 2.5, 0.1, 1.2, 1.1, 1.9};
    static const int32_t type[ATOMS] = {1, 2, 1, 2};
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 14, .ly = 14, .lz = 14};
    isd_evaluator *evaluator = NULL;
    isd_energy energy = {0};
    isd_error err = {.status = ISD_OK};
    double force[3 * ATOMS] = {0};
    if (!(isd_potential_cutoff(potential) < 7))
        return;
    isd_status status = isd_evaluator_new(potential, &box, type, ATOMS, &evaluator, &err);
    if (status == ISD_OK)
        status = isd_evaluator_compute(evaluator, r, NULL, force, &energy, &err);
    if (status != ISD_OK)
        fuzz_check_words(&err, "");
    isd_evaluator_free(evaluator);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const elements[] = {"Si", "O"};
    isd_potential *potential = NULL;
    isd_error err = {.status = ISD_OK};
    if (size == 0)
        return 0;
    const char *path = fuzz_file(data + 1, size - 1);
    isd_status status = data[0] % 4 == 't' % 4 ? isd_potential_tersoff_file(path, elements, 2, &potential, &err)
                                               : isd_potential_eam(path, data[0] % 4 == 'f' % 4, elements, 2, &potential, &err);
    if (status == ISD_OK) {
        fuzz_accept();
        if (size % 8 == 0)
            try(potential);
    } else {
        fuzz_check_words(&err, status == ISD_DATA ? path : "");
        MUST(potential == NULL);
    }
    isd_potential_unref(potential);
    return 0;
}
