/* How atoms move: MSD, F_s, Q, chi_4 and alpha_2 of all or one species. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/scr_answers.h"
#include "tui/state.h"

struct dynamics_data {
    struct answers answers;
};

static void done(void *arg)
{
    struct dynamics_data *data = arg;
    answers_done(&data->answers);
}

static bool make_command(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    int type = look->type > 0 ? look->type : 0;
    if (type)
        snprintf(out, size, "dynamics of=%s type='%s'", look->raw ? "raw" : "is", session_type_label(tui->session, type));
    else
        snprintf(out, size, "dynamics of=%s", look->raw ? "raw" : "is");
    return true;
}

static void update(struct tui *tui, struct rect rect)
{
    struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    char command[120];
    (void)rect;
    make_command(tui, command, sizeof command);
    if (tui->sight.n_frames > 1)
        answers_ask(tui, command, &data->answers);
}

/* The panels of the picture in the order they are worth showing, by the labels of their y axes. */
static const char *const quantities[] = {"MSD", "F_s", "Q", "chi_4", "alpha_2"};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, LEAST_WIDTH = 38, LEAST_HEIGHT = 8 };

static const struct panel *find_panel(const struct picture *picture, const char *label)
{
    for (int k = 0; k < picture->n; k++)
        if (strcmp(picture->panel[k].y_label, label) == 0)
            return &picture->panel[k];
    return NULL;
}

/* With the scales chosen here, and the cursor on the waiting time that all views share. */
static void draw_quantity(const struct tui *tui, struct grid *grid, struct rect rect, const struct panel *made)
{
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_DYNAMICS];
    struct panel panel = *made;
    panel.plot.curves = panel.curve;
    panel_fit_axes(&panel, axes->log_x, made->plot.y.log != axes->log_y);
    panel.plot.x.label = made->plot.x.label;
    panel.plot.y.label = made->plot.y.label;
    panel.plot.cursor = sight_tw(&tui->sight);
    if (isfinite(axes->x_low)) {
        panel.plot.x.low = axes->x_low;
        panel.plot.x.high = axes->x_high;
    }
    picture_draw_panel(grid, rect.x, rect.y, rect.width, rect.height, &panel, tui->tier, false);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    if (!data || !data->answers.has_picture || tui->sight.n_frames < 2) {
        answers_draw(tui, grid, rect, tui->sight.n_frames < 2 || !data ? NULL : &data->answers,
                     tui->sight.n_frames < 2 ? "one frame: nothing moves" : "waiting for averages over all times");
        return;
    }
    int columns = rect.width >= 3 * LEAST_WIDTH + 20 ? 3 : rect.width >= 2 * LEAST_WIDTH ? 2 : 1, rows = rect.height / LEAST_HEIGHT, shown = 0;
    rows = rows < 1 ? 1 : rows > (QUANTITIES + columns - 1) / columns ? (QUANTITIES + columns - 1) / columns : rows;
    for (int k = 0; k < QUANTITIES && shown < rows * columns; k++) {
        const struct panel *panel = find_panel(&data->answers.picture, quantities[k]);
        if (!panel)
            continue;
        struct rect at = {rect.x + shown % columns * rect.width / columns, rect.y + shown / columns * rect.height / rows, rect.width / columns - 1,
                          rect.height / rows};
        draw_quantity(tui, grid, at, panel);
        shown++;
    }
}

static double real_of(const struct answers *answers, const char *name)
{
    const struct field *field = answers->n > 0 ? result_find(answers->result[0], name) : NULL;
    return field && field->kind == VALUE_REAL ? field->real : NAN;
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    *out = '\0';
    if (!data || data->answers.n == 0)
        return;
    const struct look *look = &tui->sight.look;
    size_t used = (size_t)snprintf(out, size, "%s, %s", look->type ? session_type_label(tui->session, look->type) : "all atoms",
                                   look->raw ? "frames as they are" : "inherent structures");
    if (isfinite(real_of(&data->answers, "k")) && used < size)
        used += (size_t)snprintf(out + used, size - used, "   k %.3g", real_of(&data->answers, "k"));
    if (isfinite(real_of(&data->answers, "tau_alpha")) && used < size)
        used += (size_t)snprintf(out + used, size - used, "   tau_alpha %.4g", real_of(&data->answers, "tau_alpha"));
    if (isfinite(real_of(&data->answers, "a")) && used < size)
        snprintf(out + used, size - used, "   a %.3g", real_of(&data->answers, "a"));
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    struct view_axes axes = tui->sight.look.axes[VIEW_DYNAMICS];
    if (!data || !data->answers.has_picture || data->answers.picture.n == 0)
        return false;
    struct panel panel = data->answers.picture.panel[0];
    panel.plot.curves = panel.curve;
    panel_fit_axes(&panel, axes.log_x, false);
    if (isnan(axes.x_low)) {
        axes.x_low = panel.plot.x.low;
        axes.x_high = panel.plot.x.high;
    }
    axes.y_low = axes.y_high = NAN;
    *ret_axes = axes;
    return true;
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "step tw %+d", right ? right : -down);
    return true;
}

static const struct picture *picture_dynamics(const struct tui *tui, struct picture *ret_picture)
{
    const struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    (void)ret_picture;
    return data && data->answers.has_picture ? &data->answers.picture : NULL;
}

static const struct key_hint hints[] = {{"t", "species"}, {"i", "IS/raw"}, {"[ ]", "tw"}, {"?", "keys"}, {":", "command"}, {"e", "export"}, {"q", "leave"}};

const struct screen screen_dynamics = {.title = "dynamics", .short_title = "dyn", .digit = '0', .needs_data = true, .hints = hints,
                                       .n_hints = sizeof hints / sizeof *hints, .update = update, .draw = draw, .footing = footing,
                                       .range = range, .cursor = cursor, .print = make_command, .picture = picture_dynamics,
                                       .data_size = sizeof(struct dynamics_data), .done = done};
