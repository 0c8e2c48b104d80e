/* The p(u) view: labelled and matched against g(r), the cursor's read-out, the strip of waiting times. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/state.h"
#include "view/pu_plot.h"
#include "view/signature.h"

static bool shows_labelled(const struct tui *tui)
{
    return tui->sight.show != SIGHT_MATCHED && tui->pu.has_labelled && tui->pu.ready > 0;
}

static bool shows_matched(const struct tui *tui)
{
    return tui->sight.show != SIGHT_LABELLED && tui->pu.ready > 0;
}

static void draw_plot(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct sight_pu *pu = &tui->pu;
    struct pu_plot plot = {.u = pu->u,
                           .labelled = shows_labelled(tui) ? pu->labelled : NULL,
                           .matched = shows_matched(tui) ? pu->matched : NULL,
                           .bins = pu->bins,
                           .r = pu->r,
                           .g = pu->has_gr ? pu->g : NULL,
                           .n_g = SIGHT_GR_BINS,
                           .max = pu->max,
                           .cursor = tui->sight.u,
                           .log_x = tui->sight.log_x,
                           .log_y = tui->sight.log_y,
                           .tier = tui->tier,
                           .length_unit = session_length_unit(tui->session)};
    pu_plot_draw(grid, rect.x, rect.y, rect.width - 1, rect.height, &plot);
}

/* Words in the middle of the plot: why there is no curve (yet). */
static void draw_notice(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct sight_pu *pu = &tui->pu;
    char first[600] = "", second[400] = "";
    int done = 0, total = 0;
    double eta;
    session_progress(tui->session, &done, &total, &eta);
    if (pu->state == ASK_FAILED) {
        snprintf(first, sizeof first, "%s", pu->err.what);
        snprintf(second, sizeof second, "%s", pu->err.hint);
    } else if (tui->sight.paused && pu->ready == 0)
        snprintf(first, sizeof first, "cancelled; the next step looks again");
    else if (session_is_partial(tui->session))
        snprintf(first, sizeof first, "frame 0; pairs come when all frames are read");
    else if (pu->pairs == 0)
        snprintf(first, sizeof first, "one frame: nothing to match it with");
    else if (pu->ready == 0)
        snprintf(first, sizeof first, "%s frames %d and %d, %d/%d jobs done", tui->sight.raw ? "matching" : "quenching and matching",
                 tui->sight.pair.a, tui->sight.pair.b, done, total);
    else if (pu->ready < pu->pairs)
        snprintf(first, sizeof first, "%d of %d pairs so far", pu->ready, pu->pairs);
    else
        return;
    int width = glyph_columns(first), x = rect.x + (rect.width - width) / 2;
    int y = pu->ready > 0 ? rect.y : rect.y + rect.height / 3;
    enum role role = pu->state == ASK_FAILED ? ROLE_ERROR : ROLE_WARN;
    x = x < rect.x + 8 && rect.width > 20 ? rect.x + 8 : x < rect.x ? rect.x : x;
    grid_text(grid, x, y, rect.x + rect.width - x, role, first);
    grid_text(grid, x, y + 1, rect.x + rect.width - x, ROLE_NORMAL, second);
}

static void add_number(char *out, size_t size, bool narrow, const char *name, double value)
{
    size_t used = strlen(out);
    if (isfinite(value))
        snprintf(out + used, size - used, narrow ? "%s %.2f  " : "%s %.3f   ", name, value);
}

static void draw_readout(const struct tui *tui, struct grid *grid, int x, int y, int width)
{
    const struct sight_pu *pu = &tui->pu;
    char text[256] = "", means[128] = "";
    double u = tui->sight.u;
    bool narrow = width < 70;
    add_number(text, sizeof text, narrow, narrow ? "u" : "u =", u);
    if (shows_labelled(tui))
        add_number(text, sizeof text, narrow, "lab", sight_value(pu->labelled, pu->bins, pu->max, u));
    if (shows_matched(tui))
        add_number(text, sizeof text, narrow, "mat", sight_value(pu->matched, pu->bins, pu->max, u));
    if (pu->has_gr)
        add_number(text, sizeof text, narrow, "g(r)", sight_value(pu->g, SIGHT_GR_BINS, pu->max, u));
    add_number(means, sizeof means, narrow, "D_lab", pu->d_lab);
    add_number(means, sizeof means, narrow, "D_min", pu->d_min);
    int at = x + grid_text(grid, x, y, width, ROLE_CURSOR, text);
    if (means[0] && at + glyph_columns(means) - 1 <= x + width) {
        grid_text(grid, at, y, 1, ROLE_AXIS, "|");
        grid_text(grid, at + 3, y, x + width - at - 3, ROLE_TITLE, means);
    }
}

static void draw_words(const struct tui *tui, struct grid *grid, int x, int y, int width)
{
    const struct sight_pu *pu = &tui->pu;
    struct signature labelled, matched;
    char words[256], marks[128] = "";
    bool lab = shows_labelled(tui), mat = shows_matched(tui);
    if (pu->ready == 0)
        return;
    signature_find(pu->fine_labelled, SIGHT_BINS, pu->max, pu->peak_r, &labelled);
    signature_find(pu->fine_matched, SIGHT_BINS, pu->max, pu->peak_r, &matched);
    const char *who = tui->sight.type ? session_type_label(tui->session, tui->sight.type) : "all atoms";
    signature_words(who, lab ? &labelled : NULL, mat ? &matched : NULL, pu->peak_r, words, sizeof words);
    /* What does not fit goes by whole clauses. */
    for (char *last; glyph_columns(words) > width && (last = strrchr(words, ';')) != NULL;)
        *last = '\0';
    int at = x + grid_text(grid, x, y, width, ROLE_NORMAL, words);
    if (lab && pu->beyond_labelled > 0.0005)
        snprintf(marks, sizeof marks, "   %.1f %% beyond %.1f", 100 * pu->beyond_labelled, pu->max);
    if (at + glyph_columns(marks) <= x + width)
        at += grid_text(grid, at, y, x + width - at, ROLE_DIM, marks);
    if (pu->unconverged > 0)
        at += put_format(grid, at, y, x + width - at, ROLE_WARN, "   %d not converged", pu->unconverged);
    if (pu->uncertified > 0)
        put_format(grid, at, y, x + width - at, ROLE_ERROR, "   %d not certified", pu->uncertified);
}

static void draw_strip(const struct tui *tui, struct grid *grid, int x, int y, int width)
{
    const struct sight *sight = &tui->sight;
    struct tw_strip strip = {.tw = sight->tw, .value = tui->tw_value, .n = sight->n_tw, .current = sight->tw_at,
                             .tier = tui->tier};
    if (sight->n_tw < 1 || !tui->tw_value)
        return;
    grid_text(grid, x, y, width, ROLE_AXIS, "D_min(tw)");
    int at = x + 11 + tw_strip_draw(grid, x + 11, y, width - 11, &strip);
    char known[48];
    snprintf(known, sizeof known, "%d of %d matched", tui->tw_known, (int)sight->n_tw);
    if (tui->tw_known < sight->n_tw && at + 4 + (int)strlen(known) <= x + width)
        grid_text(grid, at + 4, y, x + width - at - 4, ROLE_DIM, known);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    bool strip = rect.height >= 9, words = rect.height >= 11;
    int below = 1 + strip + words, y = rect.y + rect.height - below;
    if (rect.height < 4 || rect.width < 12) {
        draw_readout(tui, grid, rect.x, rect.y, rect.width);
        return;
    }
    struct rect plot = {rect.x, rect.y, rect.width, rect.height - below};
    draw_plot(tui, grid, plot);
    draw_notice(tui, grid, plot);
    if (words)
        draw_words(tui, grid, rect.x + 1, y++, rect.width - 1);
    draw_readout(tui, grid, rect.x + 1, y++, rect.width - 1);
    if (strip)
        draw_strip(tui, grid, rect.x + 1, y, rect.width - 1);
}

static const struct key_hint hints[] = {
    {"[ ]", "tw"},        {", .", "pair"}, {"m", "lab/mat"}, {"t", "type"}, {"B", "blind"}, {"?", "keys"},
    {":", "command"},     {"i", "IS/raw"}, {"X Y", "log"},   {"A", "average"}, {"h l", "cursor"}, {"Enter", "atoms"},
    {"e", "export"},      {"q", "leave"},
};

const struct screen screen_pu = {
    .name = "pu", .title = "p(u)", .digit = '1', .draw = draw, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
