/* Force evaluations and neighbour lists of pair potentials against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "anchor.h"
#include "neigh/list.h"
#include "base/clock.h"

#define RUN "velocity all create 0.5 1\nfix 1 all nve\ntimestep 0.002\nthermo 0\nrun 200"

/* CPU seconds of one build, both lists: by the cutoff and the skin of the evaluator, or by LAMMPS' skin. */
static double build_seconds(const isd_snapshot *frame, double cutoff, double skin, enum isa isa)
{
    struct neigh_list list;
    isd_error err = {0};
    bool rebuilt = false;
    const int repeat = 20;
    neigh_list_init(&list, &frame->box, frame->n, cutoff, skin);
    list.isa = isa;
    anchor_check(neigh_list_update(&list, frame->position, NULL, &rebuilt, &err), &err);
    const double start = clock_thread_cpu();
    for (int k = 0; k < repeat; k++) {
        list.valid = false;
        anchor_check(neigh_list_update(&list, frame->position, NULL, &rebuilt, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    neigh_list_done(&list);
    return used / repeat;
}

static void builds(const isd_snapshot *frame)
{
    double ours[ISA_COUNT][ANCHOR_ROUNDS], neigh[ANCHOR_ROUNDS];
    for (int round = 0; round < ANCHOR_ROUNDS; round++) {
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            ours[isa][round] = isa_supported((enum isa)isa) ? build_seconds(frame, 2.5, 0.3, (enum isa)isa) : NAN;
        }
        char *log = anchor_lammps(frame, RUN);
        neigh[round] = anchor_cpu(log, "Neigh") / anchor_number(log, "Neighbor list builds", 0);
        free(log);
    }
    const double peer = frame->n / anchor_median(neigh, ANCHOR_ROUNDS) / 1e6;
    for (int isa = ISA_COUNT - 1; isa >= 0; isa--) {
        if (isa_supported((enum isa)isa)) {
            char row[96];
            snprintf(row, sizeof row, "neighbour build, %s / lmp Neigh", isa_name((enum isa)isa));
            anchor_row(row, frame->n / anchor_median(ours[isa], ANCHOR_ROUNDS) / 1e6, peer, "million atoms/s", false);
        }
    }
}

static void smooth(const isd_snapshot *frame)
{
    static const isd_lj_pair pairs[4] = {
        {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};
    isd_potential *potential = NULL;
    isd_error err = {0};
    anchor_check(isd_potential_pair("lj/smooth/linear", pairs, 2, &potential, &err), &err);
    anchor_forces("force KA lj/smooth/linear", frame, potential,
                  "units lj\natom_style atomic\natom_modify map array\nread_data data\nmass * 1\n"
                  "pair_style lj/smooth/linear 2.5\npair_coeff 1 1 1.0 1.0 2.5\npair_coeff 1 2 1.5 0.8 2.0\n"
                  "pair_coeff 2 2 0.5 0.88 2.2",
                  RUN, 200);
    isd_potential_unref(potential);
}

int main(int argc, char **argv)
{
    const isd_snapshot *frame = anchor_frame(argc > 1 ? argv[1] : ".");
    const isd_potential *potential = anchor_kob_andersen();
    printf("%-56s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    anchor_forces("force KA lj/cut", frame, potential, anchor_kob_andersen_setup, RUN, 200);
    builds(frame);
    smooth(frame);
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
