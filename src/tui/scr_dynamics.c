/* How atoms move: MSD, F_s, Q, chi_4 and alpha_2 of all or one species. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

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

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct dynamics_data *data = tui->data[VIEW_DYNAMICS];
    answers_draw(tui, grid, rect, data ? &data->answers : NULL,
                 tui->sight.n_frames < 2 ? "one frame: nothing moves" : "waiting for averages over all times");
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "step tw %+d", right ? right : -down);
    return true;
}

static const struct key_hint hints[] = {{"t", "species"}, {"i", "IS/raw"}, {"[ ]", "tw"}, {"?", "keys"}, {":", "command"}, {"e", "export"}, {"q", "leave"}};

const struct screen screen_dynamics = {.title = "dynamics", .digit = '0', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                       .update = update, .draw = draw, .cursor = cursor, .print = make_command,
                                       .data_size = sizeof(struct dynamics_data), .done = done};
