/* Small frames for tests of matching. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_FRAME_H
#define UNIT_FRAME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "isdmin/snapshot.h"

static inline isd_box frame_cube(double side)
{
    return (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
}

/* Ids 10, 20, ... and type 1 where none are given; not frozen yet. r: [3n]. */
static inline isd_snapshot *frame_new(const isd_box *box, int32_t n, const double *r, const int32_t *type, bool with_image)
{
    isd_snapshot *s = NULL;
    assert_int_equal(isd_snapshot_new(n, with_image, &s, NULL), ISD_OK);
    s->box = *box;
    s->has_ids = true;
    for (int32_t i = 0; i < n; i++) {
        s->id[i] = 10 * (i + 1);
        s->type[i] = type ? type[i] : 1;
        memcpy(s->position + 3 * i, r + 3 * i, 3 * sizeof *r);
    }
    return s;
}

static inline const isd_snapshot *frame_frozen(isd_snapshot *s)
{
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    return s;
}

static inline const isd_snapshot *frame_of(const isd_box *box, int32_t n, const double *r, const int32_t *type)
{
    return frame_frozen(frame_new(box, n, r, type, false));
}

#endif
