/* Quenches that were cancelled, kept to go on with. Inside of the session. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_INTERRUPTED_H
#define APP_INTERRUPTED_H

#include "app/state.h"

/* Takes the bytes over, for as long as no SESSION_INTERRUPTED newer ones come. */
void interrupted_keep(struct session *session, const struct entry_key *key, isd_checkpoint *checkpoint);
/* Gives them back, if there are any of this quench; else *ret_checkpoint is left as it is. */
void interrupted_take(struct session *session, const struct entry_key *key, isd_checkpoint *ret_checkpoint);
void interrupted_drop_set(struct session *session, int32_t set); /* those of a set, by id */
void interrupted_done(struct session *session);

#endif
