/* The only loop of the command language: a block for each waiting time, pair or set. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_EACH_H
#define APP_EACH_H

#include "app/sight.h"

/* `foreach` as the commands that it stands for, a line each: what is looked at is moved there before every turn, and back at the end. In the
 * block {tw}, {pair} or {set} stands for the one of this turn. Freed by the caller. ISD_DATA: there is nothing to go through. */
isd_status each_text(const struct sight *sight, const struct command_call *call, char **ret_text, isd_error *err);

#endif
