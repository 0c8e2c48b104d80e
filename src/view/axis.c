/* Axes and ticks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/axis.h"

#include <math.h>
#include <stdio.h>

double axis_position(const struct axis *axis, double value)
{
    if (!axis->log)
        return (value - axis->low) / (axis->high - axis->low);
    if (!(value > 0))
        return NAN;
    return log(value / axis->low) / log(axis->high / axis->low);
}

double axis_value(const struct axis *axis, double position)
{
    if (!axis->log)
        return axis->low + position * (axis->high - axis->low);
    return axis->low * pow(axis->high / axis->low, position);
}

/* The smallest of 1, 2, 5 times a power of ten that is at least `least`; *ret_decimals: digits behind the point it needs. */
static double round_step(double least, int *ret_decimals)
{
    int exponent = (int)floor(log10(least));
    static const double round[] = {1, 2, 5, 10};
    for (int k = 0; k < 4; k++) {
        double step = round[k] * pow(10, exponent);
        if (step >= least * (1 - 1e-9)) {
            exponent += k == 3;
            *ret_decimals = exponent < 0 ? -exponent : 0;
            return step;
        }
    }
    *ret_decimals = 0;
    return least;
}

static int linear_ticks(const struct axis *axis, int labels, struct tick *ticks)
{
    int decimals, n = 0;
    double step = round_step((axis->high - axis->low) / labels, &decimals);
    double first = ceil(axis->low / step - 1e-9);
    for (int k = 0; n < AXIS_MAX_TICKS; k++) {
        double value = (first + k) * step;
        if (value > axis->high + 1e-9 * step)
            break;
        struct tick *tick = &ticks[n++];
        *tick = (struct tick){.value = value, .major = true};
        if (decimals > 5 || fabs(axis->high) >= 1e6)
            snprintf(tick->label, sizeof tick->label, "%.3g", value);
        else
            snprintf(tick->label, sizeof tick->label, "%.*f", decimals, value == 0 ? 0.0 : value);
    }
    return n;
}

static int log_ticks(const struct axis *axis, int cells, int spacing, struct tick *ticks)
{
    double decades = log10(axis->high / axis->low);
    double per_decade = cells / decades;
    int stride = 1, n = 0;
    while (per_decade * stride < spacing)
        stride++;
    int first = (int)floor(log10(axis->low)), last = (int)ceil(log10(axis->high));
    for (int exponent = first; exponent <= last; exponent++) {
        for (int digit = 1; digit < 10 && n < AXIS_MAX_TICKS; digit++) {
            double value = digit * pow(10, exponent);
            if (value < axis->low * (1 - 1e-9) || value > axis->high * (1 + 1e-9))
                continue;
            bool named = digit == 1 ? exponent % stride == 0
                                    : (digit == 2 || digit == 5) && per_decade > 3.4 * spacing;
            if (!named && digit > 1 && per_decade < 9)
                continue;
            ticks[n] = (struct tick){.value = value, .major = named};
            if (named)
                snprintf(ticks[n].label, sizeof ticks[n].label, "%de%d", digit, exponent);
            n++;
        }
    }
    return n;
}

static int count_labels(const struct tick *ticks, int n)
{
    int labels = 0;
    for (int k = 0; k < n; k++)
        labels += ticks[k].major;
    return labels;
}

/* One number says nothing of a scale: closer together, where that makes it two. */
int axis_ticks(const struct axis *axis, int cells, int spacing, struct tick ret_ticks[AXIS_MAX_TICKS])
{
    if (cells < 1 || !(axis->high > axis->low) || !isfinite(axis->high) || !isfinite(axis->low) || (axis->log && !(axis->low > 0)))
        return 0;
    int n = 0;
    for (int apart = spacing > 0 ? spacing : 1; apart > 0 && count_labels(ret_ticks, n) < 2; apart--)
        n = axis->log ? log_ticks(axis, cells, apart, ret_ticks) : linear_ticks(axis, cells < apart ? 1 : cells / apart, ret_ticks);
    for (int labels = cells + 1; !axis->log && labels <= 2 * cells && n < 2; labels++)
        n = linear_ticks(axis, labels, ret_ticks);
    return n;
}
