/* The demos: pairing by hand on a ring, five atoms, a liquid that slides into its inherent structure. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "app/demo_film.h"
#include "app/demos.h"
#include "repl/demo_picture.h"
#include "tui/scr_answers.h"
#include "tui/state.h"

/* Which entry of the costs the cursor is on. */
struct demo_data {
    int before, after;
};

/* Is it gone through step by step? */
static bool has_steps(enum demo_kind kind)
{
    return kind == DEMO_QUENCH || kind == DEMO_SHELLS;
}

/* What is shown, NULL: nothing yet. */
static const struct demos *demos_shown(const struct tui *tui)
{
    const struct demos *demos = session_demos(tui->session);
    return demos && demos->kind != DEMO_NONE ? demos : NULL;
}

static enum demo_kind kind_shown(const struct tui *tui)
{
    const struct demos *demos = demos_shown(tui);
    return demos ? demos->kind : DEMO_NONE;
}

static int inside(int value, int n)
{
    return value < 0 ? 0 : value > n - 1 ? n - 1 : value;
}

static void update(struct tui *tui, struct rect rect)
{
    struct demo_data *data = tui->data[VIEW_DEMO];
    const struct demos *demos = demos_shown(tui);
    (void)rect;
    if (demos && demos->kind == DEMO_RING) { /* there may be fewer points than before */
        data->before = inside(data->before, demos->ring.model.n);
        data->after = inside(data->after, demos->ring.model.n);
    }
}

static struct demo_sight sight_of(const struct tui *tui)
{
    const struct demo_data *data = tui->data[VIEW_DEMO];
    return (struct demo_sight){.tier = tui->tier, .colour = tui->ramp && tui->tier != GLYPH_ASCII, .row = data ? data->before : 0,
                               .column = data ? data->after : 0};
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    static const char *const lines[] = {"demo 1d      why a pairing is the best one, on a ring", "demo five    atoms that exchange places",
                                        "demo quench  a liquid slides into its inherent structure", "demo shells  how g(r) is counted"};
    const struct demos *demos = demos_shown(tui);
    const struct demo_sight sight = sight_of(tui);
    if (demos) {
        demo_picture_draw(grid, rect.x, rect.y, rect.width, rect.height, demos, &sight);
        return;
    }
    for (int k = 0; k < 4; k++)
        grid_text(grid, rect.x + 2, rect.y + 1 + k, rect.width - 2, ROLE_NORMAL, lines[k]);
}

static void heading(const struct tui *tui, char *out, size_t size)
{
    const struct demos *demos = demos_shown(tui);
    if (!demos)
        snprintf(out, size, "demo");
    else if (demos->kind == DEMO_RING)
        snprintf(out, size, "demo 1d  seed %llu", (unsigned long long)demos->ring.seed);
    else
        snprintf(out, size, "demo %s  seed %llu", demos->kind == DEMO_FIVE ? "five" : demos->kind == DEMO_SHELLS ? "shells" : "quench",
                 (unsigned long long)demos->shown->seed);
}

int demo_point(const struct tui *tui, bool after)
{
    const struct demo_data *data = tui->data[VIEW_DEMO];
    return kind_shown(tui) != DEMO_RING || !data ? -1 : after ? data->after : data->before;
}

/* --- commands --- */

static enum sight_outcome step_point(int *point, int n, const char *by, isd_error *err)
{
    struct demo_film line = {.step = *point, .n_steps = n};
    if (demo_film_go(&line, by, err) != ISD_OK)
        return SIGHT_REFUSED;
    *point = inside(line.step, n);
    return SIGHT_CHANGED;
}

static enum sight_outcome command(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct demos *demos = demos_shown(tui) ? session_make_demos(tui->session) : NULL;
    struct demo_data *data = tui->data[VIEW_DEMO];
    const char *what = call_word(call, 0), *by = call_word(call, 1) ? call_word(call, 1) : "+1";
    if (strcmp(call_spec(call)->name, "step") != 0)
        return SIGHT_NOT_MINE;
    const bool film = strcmp(what, "film") == 0, before = strcmp(what, "before") == 0;
    if (!film && !before && strcmp(what, "after") != 0)
        return SIGHT_NOT_MINE;
    if (film && demos && demos->kind == DEMO_QUENCH)
        return demo_film_go(demos->shown, by, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
    if (film && demos && demos->kind == DEMO_SHELLS)
        return demo_film_go_shell(demos->shown, by, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
    if (!film && demos && demos->kind == DEMO_RING && data)
        return step_point(before ? &data->before : &data->after, demos->ring.model.n, by, err);
    isd_error_set(err, ISD_DATA, "nothing to step through");
    isd_error_hint(err, film ? "demo quench" : "demo 1d");
    return SIGHT_REFUSED;
}

static bool cursor(const struct tui *tui, int right, int down, char *out, size_t size)
{
    const enum demo_kind kind = kind_shown(tui);
    if (kind == DEMO_RING)
        snprintf(out, size, "step %s %+d", right ? "after" : "before", right ? right : down);
    else if (has_steps(kind))
        snprintf(out, size, "step film %+d", right ? right : down > 0 ? 10 : -10);
    return kind == DEMO_RING || has_steps(kind);
}

/* Pairs the two points of the cursor; of a film: the next stage. */
static bool dive(const struct tui *tui, char *out, size_t size)
{
    const struct demo_data *data = tui->data[VIEW_DEMO];
    const enum demo_kind kind = kind_shown(tui);
    if (kind == DEMO_RING && data)
        snprintf(out, size, "demo 1d pair %d %d", data->before + 1, data->after + 1);
    else if (has_steps(kind))
        snprintf(out, size, "step film stage");
    else
        return false;
    return true;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *out, size_t size)
{
    const struct demo_sight sight = sight_of(tui);
    int row, column;
    if (kind_shown(tui) == DEMO_RING) {
        const struct ring_plot plot = demo_ring_plot(&session_demos(tui->session)->ring, &sight);
        if (!ring_plot_at(&plot, rect.width, rect.height, x, y, &row, &column))
            return false;
        snprintf(out, size, "demo 1d pair %d %d", row + 1, column + 1);
        return true;
    }
    return dive(tui, out, size);
}

static bool play(const struct tui *tui, char *out, size_t size)
{
    const struct demos *demos = demos_shown(tui);
    if (!demos || !has_steps(demos->kind) || demo_film_at_end(demos->shown, demos->kind))
        return false;
    snprintf(out, size, "step film +1");
    return true;
}

/* The demo itself is among the commands that were run. */
static void rebuild(const struct tui *tui, struct print_buffer *out)
{
    const struct demos *demos = demos_shown(tui);
    const struct demo_data *data = tui->data[VIEW_DEMO];
    if (demos && demos->kind == DEMO_QUENCH && demos->shown->step > 0)
        print_text(out, "step film first; step film +%d\n", demos->shown->step);
    if (demos && demos->kind == DEMO_SHELLS && demos->shown->shell > 0)
        print_text(out, "step film first; step film +%d\n", demos->shown->shell);
    if (demos && demos->kind == DEMO_RING && data)
        print_text(out, "step before first; step before +%d; step after first; step after +%d\n", data->before, data->after);
}

static const struct key_hint ring_hints[] = {{"hjkl", "choose"}, {"Enter", "pair"},  {"c", "clear"},    {"X", "hide optimum"}, {"< >", "move before"},
                                             {"( )", "after"},   {"s", "seed"},      {"+ -", "points"}, {"?", "keys"},         {"q", "leave"}};
static const struct key_hint film_hints[] = {{"Space", "play"}, {"l h", "step"}, {"+ -", "speed"}, {"v", "next stage"}, {"g", "start"},
                                             {"s", "seed"},     {"3", "atoms"},  {"1", "p(u)"},    {"?", "keys"},       {"q", "leave"}};
static const struct key_hint shell_hints[] = {{"Space", "play"}, {"l h", "shell"}, {"+ -", "speed"}, {"End", "all"}, {"g", "start"},
                                              {"s", "seed"},     {"2", "g(r)"},    {"?", "keys"},   {"q", "leave"}};
static const struct key_hint five_hints[] = {{"s", "seed"}, {"3", "atoms"}, {"1", "p(u)"}, {"9", "cycles"}, {":", "command"}, {"?", "keys"}, {"q", "leave"}};

static const struct key_hint *hints_now(const struct tui *tui, int *ret_n)
{
    switch (kind_shown(tui)) {
    case DEMO_RING:
        *ret_n = sizeof ring_hints / sizeof *ring_hints;
        return ring_hints;
    case DEMO_QUENCH:
        *ret_n = sizeof film_hints / sizeof *film_hints;
        return film_hints;
    case DEMO_SHELLS:
        *ret_n = sizeof shell_hints / sizeof *shell_hints;
        return shell_hints;
    case DEMO_FIVE:
    case DEMO_NONE:
        break;
    }
    *ret_n = sizeof five_hints / sizeof *five_hints;
    return five_hints;
}

const struct screen screen_demo = {.title = "demo", .digit = 0, .hints_now = hints_now, .update = update, .draw = draw, .heading = heading,
                                   .cursor = cursor, .click = click, .dive = dive, .play = play, .command = command, .rebuild = rebuild,
                                   .data_size = sizeof(struct demo_data)};
