/* A small liquid in two dimensions, made by the program itself. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DEMO_LIQUID_H
#define APP_DEMO_LIQUID_H

#include <stdint.h>

#include "isdmin/potential.h"

/* Frames at equal times: frame k at k * interval. Nothing of it is read from a file. */
struct demo_liquid {
    isd_box box;
    int32_t n, n_frames; /* DEMO_LIQUID_FRAMES */
    int32_t *type;    /* [n] 1: A, 2: B, of the system ka2d */
    double *position; /* [n_frames * 3n] as they have moved, across the edges of the cell too */
    double interval;  /* in units of sigma^2/(mobility eps) */
    int32_t led;      /* atoms in the loop that was led round; 0: none could be found */
};

#define DEMO_LIQUID_LEAST 16
#define DEMO_LIQUID_MOST 400
#define DEMO_LIQUID_TEMPERATURE 0.25
#define DEMO_LIQUID_FRAMES 8

/* n atoms of Kob and Andersen's mixture (65:35, density 1.2), put down at random, led downhill, molten, cooled to DEMO_LIQUID_TEMPERATURE and kept there,
 * moved by their forces and by chance alone (Brownian motion); but in the middle a loop of A atoms round one B is led one place on, so
 * that some atoms have only exchanged places. The same bits for a seed on every processor. ISD_USAGE: n out of range; else errors of
 * the potential. */
isd_status demo_liquid_make(const isd_potential *potential, int32_t n, uint64_t seed, isd_control *control,
                            struct demo_liquid *ret_liquid, isd_error *err);
void demo_liquid_done(struct demo_liquid *liquid);

#endif
