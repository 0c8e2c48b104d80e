/* The commands that brought a session to where it is. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TRAIL_H
#define APP_TRAIL_H

#include "app/command.h"

/* Takes note of a command that has been run, at the prompt or in the full screen, if it opens, sets or computes something: what only
 * prints or writes leaves nothing to come back to. Written anew so that it means the same from any folder: words in quotes, paths
 * from the root. */
void trail_add(struct session *session, const struct command_call *call);
/* What was noted, a line each, in its order; "" without any. Borrowed until the next trail_ call. */
const char *trail_text(const struct session *session);
void trail_clear(struct session *session);

#endif
