/* The demo set that comes inside the program. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/session.h"

/* Opens assets/demo/ka3d_T045.dump.gz (Kob-Andersen 80:20, N = 1000, rho 1.2, T = 0.45) from the copy in the program, with
 * its system and time step set: needs no file. Where it is open already, it is the current set again. */
isd_status session_open_demo(struct session *session, isd_error *err);

#endif
