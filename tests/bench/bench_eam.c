/* Force evaluations of embedded atoms against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "anchor.h"

static const struct system {
    const char *name, *dump, *file, *style, *element[2];
} systems[] = {
    {"Al-Sm eam/fs", "data/alsm/alsm.dump.gz", "potentials/v2_18_Al3Sm_2016.eam.fs", "eam/fs", {"Al", "Sm"}},
    {"Ni-P eam/alloy", "data/nip/nip.dump.gz", "potentials/NiP.lammps.eam", "eam/alloy", {"Ni", "P"}},
    {"Pd-Si eam/alloy", "data/pdsi/pdsi.dump.gz", "potentials/PdSi.lammps.eam", "eam/alloy", {"Pd", "Si"}},
};

static bool measure(const struct system *system, const char *root)
{
    char file[4096], setup[5000], name[64];
    isd_potential *potential = NULL;
    isd_error err = {0};
    const isd_snapshot *frame = anchor_first(root, system->dump);
    if (!frame || !anchor_reference(root, system->file, file, sizeof file)) {
        isd_snapshot_unref(frame);
        return false;
    }
    anchor_check(isd_potential_eam(file, strcmp(system->style, "eam/fs") == 0, system->element, 2, &potential, &err), &err);
    snprintf(setup, sizeof setup,
             "units metal\natom_style atomic\natom_modify map array\nread_data data\npair_style %s\n"
             "pair_coeff * * %s %s %s\nneighbor 0.7 bin",
             system->style, file, system->element[0], system->element[1]);
    snprintf(name, sizeof name, "force %s", system->name);
    anchor_forces(name, frame, potential, setup,
                  "velocity all create 850 1\nfix 1 all nve\ntimestep 0.001", 50);
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return true;
}

int main(int argc, char **argv)
{
    bool any = false;
    printf("# peer: Debian's LAMMPS, -sf opt (it has no INTEL package); one core against one core\n");
    printf("%-56s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    for (size_t k = 0; k < sizeof systems / sizeof *systems; k++) {
        any = measure(&systems[k], argc > 1 ? argv[1] : ".") || any;
    }
    return any ? 0 : 77;
}
