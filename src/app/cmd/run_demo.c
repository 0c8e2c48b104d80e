/* The demo set, as a command. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"
#include "app/demo.h"

enum ask run_demo(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    return session_open_demo(session, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}
