/* What writers of vector pictures share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Okabe and Ito's colours. */
const char *vector_colour(const struct curve *curve, int k)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#4d4d4d"};
    if (curve->role == ROLE_DIM || curve->role == ROLE_GR)
        return "#999999";
    if (curve->role == ROLE_TITLE || curve->role == ROLE_NORMAL)
        return "#000000";
    if (curve->style == CURVE_POINTS)
        return colours[(curve->marker < 0 ? k : curve->marker) % 8];
    if (curve->marker > 0) /* the line of such points */
        return colours[curve->marker % 8];
    return curve->role == ROLE_LABELLED ? colours[0] : curve->role == ROLE_MATCHED ? colours[1] : colours[k % 8];
}

int vector_columns(const struct picture *picture)
{
    return picture->n > 1 ? 2 : 1;
}

void vector_step(const struct curve *curve, int k, double *ret_left, double *ret_right)
{
    double before = k > 0 ? curve->x[k] - curve->x[k - 1] : curve->n > 1 ? curve->x[1] - curve->x[0] : 1;
    double after = k + 1 < curve->n ? curve->x[k + 1] - curve->x[k] : before;
    *ret_left = curve->x[k] - 0.5 * before;
    *ret_right = curve->x[k] + 0.5 * after;
}

const char *vector_tick_label(const struct tick *tick, const struct axis *axis, char out[16])
{
    if (!tick->major || !axis->log)
        return tick->major ? tick->label : "";
    snprintf(out, 16, "%g", tick->value);
    return out;
}

bool vector_is_light(double share)
{
    return share > 0.55;
}

double vector_share(const struct heat_map *map, double value, double low, double high)
{
    if (!(high > low))
        return 0.5;
    return map->log ? log(value / low) / log(high / low) : (value - low) / (high - low);
}

bool vector_bounds_init(struct vector_bounds *bounds, const struct heat_map *map, struct axis *ret_x, struct axis *ret_y)
{
    size_t across = (size_t)map->x.n, up = (size_t)map->y.n;
    double *numbers = malloc(2 * (across + up) * sizeof *numbers);
    if (!numbers)
        return false;
    *bounds = (struct vector_bounds){numbers, numbers + across, numbers + 2 * across, numbers + 2 * across + up};
    if (!heat_axis_bounds(&map->x, bounds->left, bounds->right) || !heat_axis_bounds(&map->y, bounds->bottom, bounds->top)) {
        vector_bounds_done(bounds);
        return false;
    }
    *ret_x = (struct axis){.low = bounds->left[0], .high = bounds->right[across - 1], .log = map->x.log};
    *ret_y = (struct axis){.low = bounds->bottom[0], .high = bounds->top[up - 1], .log = map->y.log};
    return true;
}

void vector_bounds_done(struct vector_bounds *bounds)
{
    free(bounds->left);
    *bounds = (struct vector_bounds){NULL, NULL, NULL, NULL};
}

void vector_put_quoted(struct print_buffer *out, const char *text)
{
    print_text(out, "'");
    for (; *text; text++) {
        if (*text == '\'')
            print_text(out, "' . \"'\" . '");
        else
            print_text(out, "%c", (unsigned char)*text < ' ' ? '?' : *text); /* a line end would begin a command */
    }
    print_text(out, "'");
}
