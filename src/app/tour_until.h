/* Whether the learner did what was asked: the `until` lines of a lesson. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TOUR_UNTIL_H
#define APP_TOUR_UNTIL_H

#include "app/command.h"
#include "app/sight.h"

/* Is this such a command, and is that looked at? `until` is what stands behind that word, as tour_lesson.h has it: a command, `look` with
 * what is looked at, or both. screen: it is shown by the full screen. False too where there is no memory to tell. */
bool tour_until_fits(const char *until, const struct command_call *call, const struct sight *sight, bool screen);

/* Commands that are neither right nor wrong: they ask, or move the cursor. */
bool tour_until_ignores(const struct command_call *call);

#endif
