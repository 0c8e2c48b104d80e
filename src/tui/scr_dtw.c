/* D against the waiting time: D_min by species and blind, direct D_min, RMSD of frames and of inherent structures, with error bars; the
 * share of atoms that jumped. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/tw_series.h"
#include "tui/scr_answers.h"
#include "tui/state.h"
#include "view/picture.h"

enum { AT_A_TIME = 3, CURVES = 5 };

struct dtw_data {
    struct tw_series series;
    int set;             /* what the series was made for */
    bool made, raw, blind;
    int32_t n_tw;
    unsigned data_news;
};

/* The curves in the order of the legend; what is under the cursor is read out in this order too. */
static const struct {
    enum average_column column;
    const char *label, *brief;
    enum role role;
    int marker;
} curves[CURVES] = {
    {D_MIN, "D_min", "D_min", ROLE_MATCHED, 0},   {D_BLIND, "blind", "blind", ROLE_MATCHED, 1}, {D_DIRECT, "direct", "direct", ROLE_DIM, 2},
    {RMSD_IS, "RMSD of IS", "rmsd_is", ROLE_LABELLED, 4}, {RMSD, "RMSD", "rmsd", ROLE_LABELLED, 5},
};

static void done(void *arg)
{
    struct dtw_data *data = arg;
    tw_series_done(&data->series);
}

/* Another set, structure or reading: nothing that was known holds. */
static bool is_stale(const struct tui *tui, const struct dtw_data *data)
{
    const struct sight *sight = &tui->sight;
    return !data->made || data->set != sight->starts || data->raw != sight->look.raw || data->blind != sight->look.blind
           || data->n_tw != sight->n_tw || data->data_news != tui->data_news;
}

static void update(struct tui *tui, struct rect rect)
{
    struct dtw_data *data = tui->data[VIEW_DTW];
    struct sight *sight = &tui->sight;
    (void)rect;
    if (sight->n_tw < 1 || sight->paused)
        return;
    if (is_stale(tui, data)) {
        tw_series_done(&data->series);
        data->made = tw_series_make(sight->tw, sight->n_tw, &data->series, &data->series.err) == ISD_OK;
        data->set = sight->starts;
        data->raw = sight->look.raw;
        data->blind = sight->look.blind;
        data->n_tw = sight->n_tw;
        data->data_news = tui->data_news;
    }
    struct match_request wanted = {.blind = sight->look.blind};
    structure_defaults(tui->session, !sight->look.raw, &wanted.structure);
    if (data->made && data->series.state != ASK_FAILED)
        tw_series_fill(tui->session, &wanted, sight->tw_at, AT_A_TIME, &data->series);
}

/* --- drawing --- */

/* Ends of the t_w axis: all of them, known or not, so that the picture does not move while they come. */
static void fit_x(const struct tui *tui, const struct tw_series *series, struct axis *axis)
{
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_DTW];
    axis->log = axes->log_x;
    double first = series->tw[0], last = series->tw[series->n - 1];
    axis->low = axis->log ? first / 1.3 : 0;
    axis->high = axis->log ? last * 1.3 : last * 1.04;
    if (isfinite(axes->x_low)) {
        axis->low = axes->x_low;
        axis->high = axes->x_high;
    }
}

/* The largest value with its error, or the smallest above 0. */
static double extreme(const struct tw_series *series, bool high)
{
    double found = high ? 0 : INFINITY;
    for (int c = 0; c < CURVES; c++)
        for (int32_t k = 0; k < series->n; k++) {
            double value = series->mean[curves[c].column][k], se = series->se[curves[c].column][k];
            if (!isfinite(value))
                continue;
            found = high ? fmax(found, value + (isfinite(se) ? se : 0)) : value > 0 ? fmin(found, value) : found;
        }
    return found;
}

static void fit_y(const struct tui *tui, const struct tw_series *series, struct axis *axis)
{
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_DTW];
    double most = extreme(series, true), least = extreme(series, false);
    axis->log = axes->log_y;
    axis->low = axis->log ? (isfinite(least) ? least / 1.4 : 0.1) : 0;
    axis->high = most > 0 ? (axis->log ? most * 1.4 : most * 1.08) : 1;
    if (isfinite(axes->y_low)) {
        axis->low = axes->y_low;
        axis->high = axes->y_high;
    }
}

struct picture_parts {
    struct curve curve[2 * CURVES];
    char x_label[48], y_label[48];
    struct plot plot;
};

static bool any_known(const struct tw_series *series, enum average_column column)
{
    for (int32_t k = 0; k < series->n; k++)
        if (isfinite(series->mean[column][k]))
            return true;
    return false;
}

/* Lines that lead the eye under the points, dotted for frames as they are. */
static void make_plot(const struct tui *tui, const struct tw_series *series, struct picture_parts *parts)
{
    const char *length = unit_sign(session_length_sign(tui->session), tui->tier), *time = unit_sign(session_time_unit(tui->session), tui->tier);
    int n = 0;
    memset(parts, 0, sizeof *parts);
    snprintf(parts->x_label, sizeof parts->x_label, "t_w /%s", time);
    snprintf(parts->y_label, sizeof parts->y_label, *length ? "D /%s" : "D", length);
    for (int pass = 0; pass < 2; pass++)
        for (int c = CURVES; c-- > 0;) {
            if (!any_known(series, curves[c].column))
                continue;
            bool raw = curves[c].column == RMSD || curves[c].column == D_DIRECT;
            parts->curve[n++] = (struct curve){.x = series->tw, .y = series->mean[curves[c].column], .n = series->n,
                                               .se_y = pass ? series->se[curves[c].column] : NULL, .role = curves[c].role,
                                               .style = pass ? CURVE_POINTS : raw ? CURVE_DOTTED : curves[c].column == D_BLIND ? CURVE_DASHED : CURVE_SOLID,
                                               .marker = curves[c].marker, .ascii = '.'};
        }
    if (tui->tier == GLYPH_ASCII) { /* lines of dots between marks only confuse there */
        memmove(parts->curve, parts->curve + n / 2, (size_t)(n / 2) * sizeof *parts->curve);
        n /= 2;
    }
    parts->plot = (struct plot){.x.label = parts->x_label, .y.label = parts->y_label, .curves = parts->curve, .n_curves = n,
                                .cursor = sight_tw(&tui->sight), .tier = tui->tier};
    fit_x(tui, series, &parts->plot.x);
    fit_y(tui, series, &parts->plot.y);
}

static void draw_legend(const struct tui *tui, const struct tw_series *series, struct grid *grid, struct rect rect)
{
    int at = rect.x + 1;
    for (int c = 0; c < CURVES; c++) {
        int width = glyph_columns(curves[c].label);
        if (!any_known(series, curves[c].column) || at + width + 2 > rect.x + rect.width)
            continue;
        grid_put(grid, at, rect.y, plot_marker(curves[c].marker, tui->tier), curves[c].role);
        grid_text(grid, at + 2, rect.y, width, ROLE_NORMAL, curves[c].label);
        at += width + 5;
    }
}

/* As high as they come, with room above for the label. */
static double jumps_high(const struct tw_series *series)
{
    double most = 0.08;
    for (int32_t k = 0; k < series->n; k++)
        most = fmax(most, fmax(isfinite(series->mean[JUMP][k]) ? series->mean[JUMP][k] : 0,
                               isfinite(series->mean[JUMP_RAW][k]) ? series->mean[JUMP_RAW][k] : 0));
    return 1.3 * most;
}

/* The share of atoms that jumped, for the same t_w. */
static struct plot make_jumps(const struct tui *tui, const struct tw_series *series, const struct plot *above, struct curve jumps[2])
{
    jumps[0] = (struct curve){.x = series->tw, .y = series->mean[JUMP_RAW], .n = series->n, .se_y = series->se[JUMP_RAW], .style = CURVE_POINTS,
                              .role = ROLE_DIM, .marker = 5, .ascii = 'o'};
    jumps[1] = (struct curve){.x = series->tw, .y = series->mean[JUMP], .n = series->n, .se_y = series->se[JUMP], .style = CURVE_POINTS,
                              .role = ROLE_LABELLED, .marker = 4, .ascii = 'o'};
    return (struct plot){.x = above->x, .y = {.label = "jumped", .low = 0, .high = jumps_high(series)}, .curves = jumps, .n_curves = 2,
                         .cursor = above->cursor, .tier = tui->tier};
}

/* Below, where there is room. */
static void draw_jumps(const struct tui *tui, const struct tw_series *series, struct grid *grid, struct rect rect, const struct plot *above)
{
    struct curve jumps[2];
    struct plot plot = make_jumps(tui, series, above, jumps);
    plot_draw(grid, rect.x, rect.y, rect.width, rect.height, &plot);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct dtw_data *data = tui->data[VIEW_DTW];
    if (!data || !data->made || data->series.n < 1 || data->series.state == ASK_FAILED) {
        answers_notice(tui, grid, rect, data && data->series.state == ASK_FAILED ? &data->series.err : NULL,
                       tui->sight.n_tw < 1 ? "no waiting times: time does not increase from frame to frame" : "waiting for the first averages");
        return;
    }
    const struct tw_series *series = &data->series;
    struct picture_parts parts;
    make_plot(tui, series, &parts);
    bool jumps = rect.height >= 18 && (any_known(series, JUMP) || any_known(series, JUMP_RAW));
    int below = jumps ? rect.height / 3 > 7 ? rect.height / 3 : 7 : 0, legend = rect.height >= 6;
    struct rect top = {rect.x, rect.y + legend, rect.width - 1, rect.height - legend - below};
    if (legend)
        draw_legend(tui, series, grid, rect);
    if (jumps) {
        struct plot lower = {.y = {.low = 0, .high = jumps_high(series), .label = "jumped"}, .x = parts.plot.x};
        struct plot_inside inside, under;
        if (plot_inside(&parts.plot, 0, 0, top.width, top.height, &inside) && plot_inside(&lower, 0, 0, top.width, below, &under)) {
            parts.plot.left = inside.x > under.x ? inside.x : under.x;
        }
        parts.plot.inner = true;
    }
    plot_draw(grid, top.x, top.y, top.width, top.height, &parts.plot);
    if (jumps)
        draw_jumps(tui, series, grid, (struct rect){rect.x, top.y + top.height, top.width, below}, &parts.plot);
    if (series->known < series->n)
        grid_format(grid, rect.x + rect.width - 24, rect.y, 23, ROLE_WARN, "%23s", " ");
    if (series->known < series->n && rect.width > 60)
        grid_format(grid, rect.x + rect.width - 18, rect.y, 17, ROLE_WARN, "%2d of %2d so far", series->known, (int)series->n);
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct dtw_data *data = tui->data[VIEW_DTW];
    int32_t at = -1;
    double now = sight_tw(&tui->sight);
    *out = '\0';
    if (!data || !data->made)
        return;
    for (int32_t k = 0; k < data->series.n; k++)
        if (fabs(data->series.tw[k] - now) <= 1e-9 * now)
            at = k;
    if (at < 0 || data->series.pairs[at] == 0) {
        snprintf(out, size, "t_w %g: not known yet", now);
        return;
    }
    size_t used = (size_t)snprintf(out, size, "t_w %g, %d pair%s ", now, (int)data->series.pairs[at],
                                 data->series.pairs[at] == 1 ? "" : "s");
    for (int c = 0; c < CURVES && used < size; c++) {
        double value = data->series.mean[curves[c].column][at], se = data->series.se[curves[c].column][at];
        if (isfinite(value) && isfinite(se))
            used += (size_t)snprintf(out + used, size - used, "  %s %.3g \u00b1 %.2g", curves[c].brief, value, se);
        else if (isfinite(value))
            used += (size_t)snprintf(out + used, size - used, "  %s %.3g", curves[c].brief, value);
    }
    if (used < size && isfinite(data->series.mean[JUMP][at]))
        used += (size_t)snprintf(out + used, size - used, "  jumped %.2g", data->series.mean[JUMP][at]);
    if (used < size && data->series.minimage)
        snprintf(out + used, size - used, "  (shortest images)");
}

/* --- keys and mouse --- */

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "step tw %+d", right ? right : -down);
    return true;
}

static bool tw_at(const struct tui *tui, struct rect rect, int x, double *ret_tw)
{
    const struct dtw_data *data = tui->data[VIEW_DTW];
    struct picture_parts parts;
    struct plot_inside inside;
    if (!data || !data->made || data->series.n < 1)
        return false;
    make_plot(tui, &data->series, &parts);
    if (!plot_inside(&parts.plot, rect.x, rect.y, rect.width - 1, rect.height, &inside))
        return false;
    double share = (x - inside.x + 0.5) / inside.width;
    *ret_tw = axis_value(&inside.axis_x, fmin(fmax(share, 0), 1));
    return true;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    double tw;
    (void)y;
    if (!tw_at(tui, rect, x, &tw))
        return false;
    snprintf(command, size, "goto tw=%.6g", tw);
    return true;
}

static bool wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    double tw;
    (void)y;
    if (!tw_at(tui, rect, x, &tw))
        return false;
    snprintf(command, size, "zoom %s x=%.6g", down > 0 ? "out" : "in", tw);
    return true;
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct dtw_data *data = tui->data[VIEW_DTW];
    struct view_axes axes = tui->sight.look.axes[VIEW_DTW];
    struct axis x, y;
    if (!data || !data->made || data->series.n < 1)
        return false;
    fit_x(tui, &data->series, &x);
    fit_y(tui, &data->series, &y);
    axes.x_low = x.low;
    axes.x_high = x.high;
    axes.y_low = y.low;
    axes.y_high = y.high;
    *ret_axes = axes;
    return true;
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "view pu");
    return true;
}

static bool print_series(const struct tui *tui, char *command, size_t size)
{
    snprintf(command, size, "series of=%s species=%s", tui->sight.look.raw ? "raw" : "is", tui->sight.look.blind ? "blind" : "resolved");
    return true;
}

/* The jumps below as a panel of their own; labels in a legend. */
static const struct picture *picture_dtw(const struct tui *tui, struct picture *ret_picture)
{
    const struct dtw_data *data = tui->data[VIEW_DTW];
    struct picture_parts parts;
    struct curve jumps[2];
    if (!data || !data->made || data->series.known == 0)
        return NULL;
    make_plot(tui, &data->series, &parts);
    for (int c = 0; c < CURVES; c++)
        for (int k = 0; k < parts.plot.n_curves; k++)
            if (parts.curve[k].style == CURVE_POINTS && parts.curve[k].marker == curves[c].marker)
                parts.curve[k].label = curves[c].label;
    for (int k = 0; k < parts.plot.n_curves; k++) /* a line has the colour of its points */
        parts.curve[k].marker += parts.curve[k].style == CURVE_POINTS ? 0 : PLOT_MARKERS;
    picture_copy_plot(ret_picture, &parts.plot, "distance of frames t_w apart, with standard errors");
    struct plot below = make_jumps(tui, &data->series, &parts.plot, jumps);
    jumps[0].label = "frames as they are";
    jumps[1].label = "inherent structures";
    picture_copy_plot(ret_picture, &below, "share of atoms that moved beyond r0/2");
    return picture_close(ret_picture) ? ret_picture : NULL;
}

static const struct key_hint hints[] = {{"[ ]", "tw"},   {"B", "blind"},    {"i", "IS/raw"},  {"X Y", "log"},   {"+ -", "zoom"}, {"?", "keys"},
                                        {":", "command"}, {"Enter", "p(u)"}, {"e", "export"}, {"q", "leave"}};

const struct screen screen_dtw = {.title = "D(tw)", .digit = '5', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                  .update = update, .draw = draw, .footing = footing, .cursor = cursor, .click = click, .wheel = wheel,
                                  .dive = dive, .print = print_series,
                                     .picture = picture_dtw, .range = range, .data_size = sizeof(struct dtw_data), .done = done};
