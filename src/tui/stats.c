/* What the pictures of the full screen have cost so far, as a command. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "tui/state.h"

/* Three fields: of the last picture, over all of them, of the dearest; null before the first. */
static void add_sum(struct result *result, const char *name, const char *unit, const struct display_sum *sum, double factor, long pictures)
{
    const double values[] = {sum->last, pictures > 0 ? sum->sum / (double)pictures : NAN, sum->most};
    static const char *const which[] = {"last", "mean", "max"};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        char field[32];
        snprintf(field, sizeof field, "%s_%s", name, which[k]);
        result_real(result, field, unit, pictures > 0 ? factor * values[k] : NAN);
    }
}

enum ask stats_run(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const struct display_cost *cost = &tui->cost;
    struct result *result = result_new("stats", RESULT_RECORD);
    (void)call;
    result_int(result, "frames", cost->pictures);
    add_sum(result, "bytes", "", &cost->bytes, 1, cost->pictures);
    add_sum(result, "ms", "ms", &cost->seconds, 1e3, cost->pictures);
    result_int(result, "cells_sent", cost->sent);
    result_int(result, "cells_skipped", cost->kept);
    if (result_failed(result)) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    tui_give(tui, result);
    return ASK_READY;
}
