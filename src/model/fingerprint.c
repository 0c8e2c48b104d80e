/* What a frame is known by. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fingerprint.h"

struct hash128 frame_fingerprint(const isd_snapshot *s)
{
    struct hash128 sum = {{0}};
    size_t n = (size_t)s->n;
    int64_t head[4] = {s->n, s->has_ids, s->unwrapped, s->image != NULL};
    double cell[9] = {s->box.origin[0], s->box.origin[1], s->box.origin[2], s->box.lx, s->box.ly,
                      s->box.lz,        s->box.xy,        s->box.xz,        s->box.yz};
    hash128_add(&sum, head, sizeof head);
    hash128_add(&sum, cell, sizeof cell);
    if (s->has_ids)
        hash128_add(&sum, s->id, n * sizeof *s->id);
    hash128_add(&sum, s->type, n * sizeof *s->type);
    hash128_add(&sum, s->position, 3 * n * sizeof *s->position);
    if (s->image)
        hash128_add(&sum, s->image, 3 * n * sizeof *s->image);
    return sum;
}
