/* What a frame is known by. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FINGERPRINT_H
#define MODEL_FINGERPRINT_H

#include "base/hash128.h"
#include "isdmin/snapshot.h"

/* Of everything a structure or a matching follows from: the number of atoms, the cell with its origin, ids (where known),
 * types, positions and images, bit by bit. Not of the time, the names, nor of what a session may say otherwise (dimension
 * and boundary): those go into the key of a result beside it. Frozen frames only; the same from any thread. */
struct hash128 frame_fingerprint(const isd_snapshot *snapshot);

#endif
