/* What says which frames these are and how they are seen, for keys of derived results. Inside of src/app.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_MOTION_KEY_H
#define APP_MOTION_KEY_H

#include "app/session.h"
#include "model/print.h"

void key_of_frames(struct print_buffer *key, struct session *session, const struct structure *structure);
/* Where they are weights: of the drift. */
void key_of_masses(struct print_buffer *key, struct session *session);
void masses_of(struct session *session, double *ret_mass); /* [ISD_MAX_TYPES + 1], 1 where they are not known */

#endif
