/* How slices through the atoms are looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SLICE_LOOK_H
#define APP_SLICE_LOOK_H

#include "app/command.h"

enum look_arrows { ARROWS_NONE, ARROWS_LABELLED, ARROWS_MATCHED, ARROWS_BOTH };

/* Plain data without pointers, part of what `undo` takes back. */
struct slice_look {
    int normal;           /* 0, 1, 2: x, y, z */
    double plane;         /* along it; NaN: the middle of the cell */
    double thick;         /* NaN: the mean distance of atoms, r0 */
    enum look_arrows arrows;
    double scale;         /* length of an arrow over the displacement */
    double least;         /* shortest displacement with an arrow; NaN: 0.15 r0 */
    double size;          /* of the discs, over that of the atoms */
    bool by_u;            /* discs are coloured by the displacement instead of the species */
    bool ring;            /* the cycle of the marked atom is drawn */
    bool space;           /* all atoms from any side instead of a slice */
    double turn, tip;     /* of the eye then, degrees */
    double cut;           /* longer edges are taken out of cycles; NaN: none */
};

void slice_look_init(struct slice_look *ret_look);

/* Runs `slice`, `arrows` and `cut`. ISD_USAGE: nothing is changed. */
isd_status slice_look_command(struct slice_look *look, const struct command_call *call, isd_error *err);

/* The commands, one a line, that lead from the look of the start to this one; "" if it is that. */
void slice_look_words(const struct slice_look *look, char *out, size_t size);

#endif
