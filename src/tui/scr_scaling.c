/* The scaling law of all states, delta against D_min, and the relaxation map over T and t_w: what `fit power` and `relaxation` find,
 * for the window of D that is moved here. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/points.h"
#include "tui/scr_answers.h"
#include "tui/state.h"

struct scaling_data {
    struct answers law, map;
};

static void done(void *arg)
{
    struct scaling_data *data = arg;
    answers_done(&data->law);
    answers_done(&data->map);
}

/* "fit power x=d_min range=0.05..0.3" */
static void law_command(const struct tui *tui, char *out, size_t size)
{
    const struct view_axes *window = &tui->sight.look.axes[VIEW_SCALING];
    size_t used = (size_t)snprintf(out, size, "fit power");
    if (tui->sight.look.law_x[0] && used < size)
        used += (size_t)snprintf(out + used, size - used, " x=%s", tui->sight.look.law_x);
    if (isfinite(window->x_low) && used < size)
        snprintf(out + used, size - used, " range=%.6g..%.6g", window->x_low, window->x_high);
}

static bool wants_map(const struct tui *tui)
{
    return tui->sight.look.relaxation;
}

static void update(struct tui *tui, struct rect rect)
{
    struct scaling_data *data = tui->data[VIEW_SCALING];
    char command[200];
    law_command(tui, command, sizeof command);
    if (!wants_map(tui) || rect.width >= 116)
        answers_ask(tui, command, &data->law);
    if (wants_map(tui) || rect.width >= 116)
        answers_ask(tui, "relaxation", &data->map);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct scaling_data *data = tui->data[VIEW_SCALING];
    const char *waiting = "waiting for the points of all states";
    if (data && rect.width >= 116 && data->law.has_picture && data->map.has_picture) {
        int half = rect.width / 2;
        answers_draw(tui, grid, (struct rect){rect.x, rect.y, half, rect.height}, &data->law, waiting);
        answers_draw(tui, grid, (struct rect){rect.x + half, rect.y, rect.width - half, rect.height}, &data->map, waiting);
    } else {
        answers_draw(tui, grid, rect, !data ? NULL : wants_map(tui) ? &data->map : &data->law, waiting);
    }
}

static double real_of(const struct answers *answers, const char *name)
{
    for (int k = answers->n; k-- > 0;) { /* the last one is of all states */
        const struct field *field = result_find(answers->result[k], name);
        if (field && field->kind == VALUE_REAL)
            return field->real;
        if (field && field->kind == VALUE_INT)
            return (double)field->integer;
    }
    return NAN;
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct scaling_data *data = tui->data[VIEW_SCALING];
    *out = '\0';
    if (!data || wants_map(tui) || !isfinite(real_of(&data->law, "b")))
        return;
    snprintf(out, size, "b = %.3f \u00b1 %.3f   chi2 %.3g for %.0f   D/r0 %.3g to %.3g   n %.0f", real_of(&data->law, "b"),
             real_of(&data->law, "se_b"), real_of(&data->law, "chi_sq"), real_of(&data->law, "dof"), real_of(&data->law, "x_min"),
             real_of(&data->law, "x_max"), real_of(&data->law, "n"));
}

/* The window is the range of x that is fitted: zoom, pan and the cursor keys move it. */
static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct scaling_data *data = tui->data[VIEW_SCALING];
    struct view_axes axes = tui->sight.look.axes[VIEW_SCALING];
    if (!data || !isfinite(real_of(&data->law, "x_min")))
        return false;
    if (isnan(axes.x_low)) {
        axes.x_low = real_of(&data->law, "x_min") * 0.999;
        axes.x_high = real_of(&data->law, "x_max") * 1.001;
    }
    axes.y_low = axes.y_high = NAN;
    *ret_axes = axes;
    return true;
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    struct view_axes axes;
    if (!range(tui, &axes))
        return false;
    double factor = pow(axes.x_high / axes.x_low, 0.1 * right), wider = pow(axes.x_high / axes.x_low, -0.05 * down);
    snprintf(command, size, "zoom x=%.4g:%.4g", axes.x_low * factor / wider, axes.x_high * factor * wider);
    return true;
}

static bool print_law(const struct tui *tui, char *command, size_t size)
{
    if (wants_map(tui))
        snprintf(command, size, "relaxation");
    else
        law_command(tui, command, size);
    return true;
}

static const struct picture *picture_law(const struct tui *tui, struct picture *ret_picture)
{
    const struct scaling_data *data = tui->data[VIEW_SCALING];
    const struct answers *answers = !data ? NULL : wants_map(tui) ? &data->map : &data->law;
    (void)ret_picture;
    return answers && answers->has_picture ? &answers->picture : NULL;
}

static enum sight_outcome command(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *x = call_option(call, "x");
    if (strcmp(call_spec(call)->name, "law") != 0)
        return SIGHT_NOT_MINE;
    int column = x ? point_column_find(x) : POINT_D_MIN;
    if (column < POINT_D_MIN || column >= POINT_R0) {
        isd_error_set(err, ISD_USAGE, "x=%.40s is no distance", x);
        isd_error_hint(err, "law x=rmsd_is");
        return SIGHT_REFUSED;
    }
    if (x)
        snprintf(tui->sight.look.law_x, sizeof tui->sight.look.law_x, "%s", x);
    if (call_has(call, "show"))
        tui->sight.look.relaxation = call_is(call, "show", "map");
    return SIGHT_CHANGED;
}

static void rebuild(const struct tui *tui, struct print_buffer *out)
{
    if (tui->sight.look.law_x[0])
        print_text(out, "law x=%s\n", tui->sight.look.law_x);
    if (tui->sight.look.relaxation)
        print_text(out, "law show=map\n");
}

static const struct key_hint hints[] = {{"h l", "window"}, {"j k", "its width"}, {"=", "all"},     {"v", "which D"},  {"w", "law/map"}, {"?", "keys"},
                                        {":", "command"},  {"e", "export"},      {"q", "leave"}};

const struct screen screen_scaling = {.title = "scaling", .digit = '6', .needs_data = false, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                      .update = update, .draw = draw, .footing = footing, .cursor = cursor, .range = range, .print = print_law,
                                     .picture = picture_law,
                                      .command = command, .rebuild = rebuild, .data_size = sizeof(struct scaling_data), .done = done};
