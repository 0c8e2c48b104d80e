/* Quenches that were cancelled, kept to go on with. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/interrupted.h"

#include <string.h>

void interrupted_keep(struct session *session, const struct entry_key *key, isd_checkpoint *checkpoint)
{
    struct interrupted *slot = &session->interrupted[session->next_interrupted];
    isd_checkpoint_done(&slot->checkpoint);
    slot->key = *key;
    slot->checkpoint = *checkpoint;
    *checkpoint = (isd_checkpoint){0};
    session->next_interrupted = (session->next_interrupted + 1) % SESSION_INTERRUPTED;
}

void interrupted_take(struct session *session, const struct entry_key *key, isd_checkpoint *ret_checkpoint)
{
    for (int k = 0; k < SESSION_INTERRUPTED; k++) {
        struct interrupted *slot = &session->interrupted[k];
        if (slot->checkpoint.size > 0 && memcmp(&slot->key, key, sizeof *key) == 0) {
            isd_checkpoint_done(ret_checkpoint);
            *ret_checkpoint = slot->checkpoint;
            slot->checkpoint = (isd_checkpoint){0};
        }
    }
}

void interrupted_drop_set(struct session *session, int32_t set)
{
    for (int k = 0; k < SESSION_INTERRUPTED; k++)
        if (session->interrupted[k].key.set == set)
            isd_checkpoint_done(&session->interrupted[k].checkpoint);
}

void interrupted_done(struct session *session)
{
    for (int k = 0; k < SESSION_INTERRUPTED; k++)
        isd_checkpoint_done(&session->interrupted[k].checkpoint);
}
