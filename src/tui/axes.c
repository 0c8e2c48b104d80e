/* The part of a plot that is shown: zoom and pan. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "tui/state.h"

/* A place between two ends, or an end moved, on a linear or logarithmic axis. */
static double between(bool log, double low, double high, double share)
{
    return log ? low * pow(high / low, share) : low + share * (high - low);
}

static double share_of(bool log, double low, double high, double value)
{
    return log ? log2(value / low) / log2(high / low) : (value - low) / (high - low);
}

/* The shown part becomes `factor` times as large about the place at `share` of it. */
static void scale_axis(bool log, double *low, double *high, double share, double factor)
{
    double from = between(log, *low, *high, share * (1 - factor)), to = between(log, *low, *high, share * (1 - factor) + factor);
    if (isfinite(from) && isfinite(to) && from < to) {
        *low = from;
        *high = to;
    }
}

static bool shown_axes(const struct tui *tui, struct view_axes *ret_axes, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    if (screen->range && screen->range(tui, ret_axes))
        return true;
    screen_refuse(err, ISD_DATA, "this view has no axes to zoom", NULL);
    return false;
}

enum ask axes_zoom(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct view_axes axes;
    const char *word = call_word(call, 0);
    if (!word || strcmp(word, "fit") == 0)
        return ASK_READY; /* the sight has done it */
    if (!shown_axes(tui, &axes, err))
        return ASK_FAILED;
    double factor = strcmp(word, "in") == 0 ? 0.5 : 2;
    double x = call_real(call, "x", NAN), y = call_real(call, "y", NAN);
    if (isnan(x) && tui->sight.view == VIEW_PU && tui->sight.u > axes.x_low && tui->sight.u < axes.x_high)
        x = tui->sight.u;
    double across = isfinite(x) ? share_of(axes.log_x, axes.x_low, axes.x_high, x) : 0.5;
    struct view_axes *chosen = &tui->sight.look.axes[tui->sight.view];
    scale_axis(axes.log_x, &axes.x_low, &axes.x_high, across, factor);
    if (screen_of(tui->sight.view)->plane || isfinite(y)) {
        double up = isfinite(y) ? share_of(axes.log_y, axes.y_low, axes.y_high, y) : 0.5;
        scale_axis(axes.log_y, &axes.y_low, &axes.y_high, up, factor);
        chosen->y_low = axes.y_low;
        chosen->y_high = axes.y_high;
    }
    chosen->x_low = axes.x_low;
    chosen->x_high = axes.x_high;
    return ASK_READY;
}

enum ask axes_pan(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct view_axes axes;
    const char *word = call_word(call, 0);
    if (!shown_axes(tui, &axes, err))
        return ASK_FAILED;
    bool along_x = strcmp(word, "left") == 0 || strcmp(word, "right") == 0;
    bool log = along_x ? axes.log_x : axes.log_y;
    double *low = along_x ? &axes.x_low : &axes.y_low, *high = along_x ? &axes.x_high : &axes.y_high;
    double by = strcmp(word, "left") == 0 || strcmp(word, "down") == 0 ? -0.25 : 0.25;
    double from = between(log, *low, *high, by), to = between(log, *low, *high, 1 + by);
    struct view_axes *chosen = &tui->sight.look.axes[tui->sight.view];
    if (!isfinite(from) || !isfinite(to) || !(from < to))
        return screen_refuse(err, ISD_DATA, "no farther", NULL);
    *(along_x ? &chosen->x_low : &chosen->y_low) = from;
    *(along_x ? &chosen->x_high : &chosen->y_high) = to;
    return ASK_READY;
}
