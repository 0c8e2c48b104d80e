/* The tour, as a command. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"
#include "app/tour.h"

enum ask run_tour(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    return tour_command(session, call, sink, err);
}
