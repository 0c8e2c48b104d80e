/* g(r): inherent structures against frames as they are, of all atoms or of pairs of species; its peaks beside those of p(u).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/peaks.h"
#include "tui/scr_answers.h"
#include "tui/state.h"
#include "view/gr_plot.h"

enum { BINS = 240, MOST_PEAKS = 5 };

struct gr_data {
    double max, r[BINS];
    int n_pairs;
    char label[GR_MOST_PAIRS][2 * ISD_LABEL_SIZE + 2];
    double is[GR_MOST_PAIRS][BINS], raw[GR_MOST_PAIRS][BINS];
    bool has_is, has_raw;
    struct peak peaks[MOST_PEAKS], u_peaks[MOST_PEAKS]; /* of the first pair, places in lengths; of labelled p(u) */
    int n_peaks, n_u_peaks;
    enum ask state;
    isd_error err;
};

/* Which pairs are looked at: all atoms and, one below the other, every pair; or those of the chosen species, its own first. */
static int choose_pairs(const struct tui *tui, int n_types, int pairs[GR_MOST_PAIRS][2])
{
    int type = tui->sight.look.type, n = 0;
    if (type == 0) {
        pairs[n][0] = pairs[n][1] = 0;
        n++;
        for (int a = 1; a <= n_types && tui->sight.look.stack && n_types > 1; a++)
            for (int b = a; b <= n_types && n < GR_MOST_PAIRS; b++, n++) {
                pairs[n][0] = a;
                pairs[n][1] = b;
            }
        return n;
    }
    pairs[n][0] = pairs[n][1] = type;
    n++;
    for (int b = 1; b <= n_types && n < GR_MOST_PAIRS; b++)
        if (b != type) {
            pairs[n][0] = b < type ? b : type;
            pairs[n][1] = b < type ? type : b;
            n++;
        }
    return n;
}

static void name_pair(const struct tui *tui, const int pair[2], char *out, size_t size)
{
    if (pair[0] == 0)
        snprintf(out, size, "total");
    else
        snprintf(out, size, "%.15s-%.15s", session_type_label(tui->session, pair[0]), session_type_label(tui->session, pair[1]));
}

static bool fill(struct tui *tui, struct gr_data *data, bool is, double g[GR_MOST_PAIRS][BINS])
{
    struct structure structure;
    const struct gr_counts *counts = NULL;
    int pairs[GR_MOST_PAIRS][2];
    structure_defaults(tui->session, is, &structure);
    enum ask state = session_gr(tui->session, tui->sight.n_frames > 1 ? tui->sight.pair.a : 0, &structure, BINS, data->max, ASK_LOOK, &counts,
                                &data->err);
    if (state != ASK_READY) {
        data->state = state == ASK_FAILED || data->state == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
        return false;
    }
    data->n_pairs = choose_pairs(tui, counts->n_types, pairs);
    for (int k = 0; k < data->n_pairs; k++) {
        gr_normalise(counts, pairs[k][0], pairs[k][1], g[k]);
        name_pair(tui, pairs[k], data->label[k], sizeof data->label[k]);
    }
    return true;
}

/* Maxima of labelled p(u) that stand out of their noise by four standard deviations of the counts. */
static void find_u_peaks(const struct tui *tui, struct gr_data *data)
{
    const struct sight_pu *pu = &tui->pu;
    struct peak all[16];
    double width = pu->bins > 0 ? pu->max / pu->bins : 0;
    data->n_u_peaks = 0;
    if (pu->ready == 0 || !pu->has_labelled || !(pu->atoms * width > 0))
        return;
    /* The first bin may be the highest: a point before it makes it a maximum. */
    double values[SIGHT_BINS + 1];
    values[0] = 0;
    memcpy(values + 1, pu->labelled, (size_t)pu->bins * sizeof *values);
    int n = peaks_find(values, pu->bins + 1, 0, 16, all);
    for (int k = 0; k < n && data->n_u_peaks < MOST_PEAKS; k++) {
        double noise = sqrt(fmax(all[k].height, 0) / (pu->atoms * width));
        if (all[k].prominence < 4 * noise)
            continue;
        data->u_peaks[data->n_u_peaks] = all[k];
        data->u_peaks[data->n_u_peaks++].at = (all[k].at - 0.5) * width;
    }
}

static void find_peaks(struct gr_data *data)
{
    const double *g = data->has_is ? data->is[0] : data->raw[0];
    data->n_peaks = peaks_find(g, BINS, 0.12, MOST_PEAKS, data->peaks);
    for (int k = 0; k < data->n_peaks; k++)
        data->peaks[k].at = (data->peaks[k].at + 0.5) * data->max / BINS;
}

static void update(struct tui *tui, struct rect rect)
{
    struct gr_data *data = tui->data[VIEW_GR];
    bool can_quench = !tui->sight.look.raw || session_frames_are_is(tui->session);
    (void)rect;
    if (tui->sight.paused)
        return;
    data->state = ASK_READY;
    data->max = 1.6 * tui->pu.max;
    if (!(data->max > 0))
        return;
    for (int k = 0; k < BINS; k++)
        data->r[k] = (k + 0.5) * data->max / BINS;
    data->has_raw = !session_frames_are_is(tui->session) && fill(tui, data, false, data->raw);
    data->has_is = can_quench && fill(tui, data, true, data->is);
    if (data->has_is || data->has_raw)
        find_peaks(data);
    find_u_peaks(tui, data);
}

/* --- drawing --- */

static struct gr_plot make_plot(const struct tui *tui, const struct gr_data *data, struct gr_pair *pairs, double *marks)
{
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_GR];
    const struct sight_pu *pu = &tui->pu;
    for (int k = 0; k < data->n_pairs; k++)
        pairs[k] = (struct gr_pair){data->label[k], data->has_is ? data->is[k] : NULL, data->has_raw ? data->raw[k] : NULL};
    for (int k = 0; k < data->n_peaks; k++)
        marks[k] = data->peaks[k].at;
    struct gr_plot gr = {.r = data->r, .bins = BINS, .pairs = pairs, .n_pairs = data->n_pairs, .peaks = marks, .n_peaks = data->n_peaks,
                         .low = axes->log_x ? data->max / BINS : 0, .high = data->max, .cursor = tui->sight.u, .log_x = axes->log_x,
                         .log_y = axes->log_y, .stack = tui->sight.look.stack, .tier = tui->tier,
                         .length_unit = session_length_sign(tui->session)};
    if (pu->ready > 0 && pu->has_labelled) {
        gr.u = pu->u;
        gr.p = pu->labelled;
        gr.n_p = pu->bins;
    }
    if (isfinite(axes->x_low)) {
        gr.low = axes->x_low;
        gr.high = axes->x_high;
    }
    if (isfinite(axes->y_low)) {
        gr.y_low = axes->y_low;
        gr.y_high = axes->y_high;
    }
    return gr;
}

static void list_peaks(const struct peak *peaks, int n, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (int k = 0; k < n && used < size; k++)
        used += (size_t)snprintf(out + used, size - used, "%s%.2f", k ? "  " : "", peaks[k].at);
}

/* Where atoms hop to is where neighbours are: peaks of p(u) behind the first, over the nearest of g(r). */
static void compare_peaks(const struct gr_data *data, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (int k = 0; k < data->n_u_peaks && data->n_peaks > 0 && used < size; k++) {
        double u = data->u_peaks[k].at;
        int best = 0;
        for (int g = 1; g < data->n_peaks; g++)
            if (fabs(data->peaks[g].at - u) < fabs(data->peaks[best].at - u))
                best = g;
        if (u > 0.6 * data->peaks[0].at)
            used += (size_t)snprintf(out + used, size - used, "%s%.2f is %.2f of %.2f", used ? ", " : "", u, u / data->peaks[best].at,
                                     data->peaks[best].at);
    }
}

static void draw_words(const struct tui *tui, const struct gr_data *data, struct grid *grid, struct rect rect)
{
    char g[100], u[100], compared[200];
    list_peaks(data->peaks, data->n_peaks, g, sizeof g);
    list_peaks(data->u_peaks, data->n_u_peaks, u, sizeof u);
    compare_peaks(data, compared, sizeof compared);
    grid_format(grid, rect.x + 1, rect.y, rect.width - 1, ROLE_NORMAL, "g(r) %s %s peaks at %s", data->n_pairs > 0 ? data->label[0] : "",
                data->has_is ? "IS" : "instantaneous", g);
    if (tui->pu.ready > 0 && tui->pu.has_labelled)
        grid_format(grid, rect.x + 1, rect.y + 1, rect.width - 1, ROLE_NORMAL, "p(u) peaks at %s%s%s", u[0] ? u : "no u that stands out",
                    compared[0] ? ":  " : "", compared);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct gr_data *data = tui->data[VIEW_GR];
    struct gr_pair pairs[GR_MOST_PAIRS];
    double marks[MOST_PEAKS];
    if (!data || (!data->has_is && !data->has_raw)) {
        answers_notice(tui, grid, rect, data && data->state == ASK_FAILED ? &data->err : NULL, "waiting for g(r)");
        return;
    }
    int words = rect.height >= 10 ? 2 : 0;
    struct gr_plot gr = make_plot(tui, data, pairs, marks);
    gr_plot_draw(grid, rect.x, rect.y, rect.width - 1, rect.height - words, &gr);
    if (words)
        draw_words(tui, data, grid, (struct rect){rect.x, rect.y + rect.height - words, rect.width, words});
    if (data->state == ASK_PENDING && rect.width > 50)
        grid_format(grid, rect.x + rect.width - 28, rect.y + 1, 27, ROLE_WARN, "%27s", data->has_is ? "" : "inherent structure to come");
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct gr_data *data = tui->data[VIEW_GR];
    *out = '\0';
    if (!data || !isfinite(tui->sight.u))
        return;
    size_t used = (size_t)snprintf(out, size, "r = %.3f", tui->sight.u);
    for (int k = 0; k < data->n_pairs && used < size && k < 3; k++) {
        if (data->has_is)
            used += (size_t)snprintf(out + used, size - used, "   %s IS %.3f", data->label[k], sight_value(data->is[k], BINS, data->max, tui->sight.u));
        if (data->has_raw && used < size)
            used += (size_t)snprintf(out + used, size - used, "   inst %.3f", sight_value(data->raw[k], BINS, data->max, tui->sight.u));
    }
}

/* --- keys and mouse --- */

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "step u %+d", right + 10 * -down);
    return true;
}

static bool r_at(const struct tui *tui, struct rect rect, int x, double *ret_r)
{
    const struct gr_data *data = tui->data[VIEW_GR];
    struct gr_pair pairs[GR_MOST_PAIRS];
    double marks[MOST_PEAKS];
    struct plot_inside inside;
    if (!data || (!data->has_is && !data->has_raw))
        return false;
    struct gr_plot gr = make_plot(tui, data, pairs, marks);
    if (!gr_plot_inside(rect.x, rect.y, rect.width - 1, rect.height - (rect.height >= 10 ? 2 : 0), &gr, &inside))
        return false;
    *ret_r = axis_value(&inside.axis_x, fmin(fmax((x - inside.x + 0.5) / inside.width, 0), 1));
    return true;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    double r;
    (void)y;
    if (!r_at(tui, rect, x, &r))
        return false;
    snprintf(command, size, "goto u=%.4g", r);
    return true;
}

static bool wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    double r;
    (void)y;
    if (!r_at(tui, rect, x, &r))
        return false;
    snprintf(command, size, "zoom %s x=%.4g", down > 0 ? "out" : "in", r);
    return true;
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct gr_data *data = tui->data[VIEW_GR];
    struct view_axes axes = tui->sight.look.axes[VIEW_GR];
    if (!data || !(data->max > 0))
        return false;
    if (isnan(axes.x_low)) {
        axes.x_low = axes.log_x ? data->max / BINS : 0;
        axes.x_high = data->max;
    }
    *ret_axes = axes;
    return true;
}

static bool print_gr(const struct tui *tui, char *command, size_t size)
{
    snprintf(command, size, "gr %d of=%s", tui->sight.n_frames > 1 ? tui->sight.pair.a : 0, tui->sight.look.raw ? "raw" : "is");
    return true;
}

static const struct picture *picture_gr(const struct tui *tui, struct picture *ret_picture)
{
    const struct gr_data *data = tui->data[VIEW_GR];
    struct gr_pair pairs[GR_MOST_PAIRS];
    double marks[MOST_PEAKS];
    char title[100];
    if (!data || (!data->has_is && !data->has_raw))
        return NULL;
    struct gr_plot plot = make_plot(tui, data, pairs, marks);
    snprintf(title, sizeof title, "g(r) of frame %d", tui->sight.n_frames > 1 ? tui->sight.pair.a : 0);
    gr_plot_picture(&plot, title, ret_picture);
    return picture_close(ret_picture) ? ret_picture : NULL;
}

static const struct key_hint hints[] = {{"t", "species"}, {"T", "strips"},  {"h l", "cursor"}, {"X Y", "log"},   {"+ -", "zoom"}, {"?", "keys"},
                                        {"[ ]", "tw"},    {"i", "IS/raw"}, {":", "command"},  {"e", "export"}, {"q", "leave"}};

const struct screen screen_gr = {.title = "g(r)", .digit = '2', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                 .update = update, .draw = draw, .footing = footing, .cursor = cursor, .click = click, .wheel = wheel,
                                 .print = print_gr, .picture = picture_gr, .range = range, .data_size = sizeof(struct gr_data)};
