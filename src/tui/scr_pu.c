/* The p(u) view: labelled and matched against g(r), the cursor's read-out, the strip of waiting times. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/state.h"
#include "view/pu_plot.h"
#include "view/signature.h"

static bool shows_labelled(const struct tui *tui)
{
    return tui->sight.look.show != SIGHT_MATCHED && tui->pu.has_labelled && tui->pu.ready > 0;
}

static bool shows_matched(const struct tui *tui)
{
    return tui->sight.look.show != SIGHT_LABELLED && tui->pu.ready > 0;
}

static bool shows_difference(const struct tui *tui)
{
    return tui->sight.look.show == SIGHT_DIFFERENCE && shows_labelled(tui) && shows_matched(tui);
}

static struct pu_plot make_plot(const struct tui *tui)
{
    const struct sight_pu *pu = &tui->pu;
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_PU];
    struct pu_plot plot = {.u = pu->u,
                           .labelled = shows_labelled(tui) ? pu->labelled : NULL,
                           .matched = shows_matched(tui) ? pu->matched : NULL,
                           .instant = pu->has_instant && !shows_difference(tui) ? pu->instant : NULL,
                           .bins = pu->bins,
                           .r = pu->r,
                           .g = pu->has_gr ? pu->g : NULL,
                           .n_g = SIGHT_GR_BINS,
                           .max = pu->max,
                           .low = pu->low,
                           .cursor = tui->sight.u,
                           .brush_low = tui->sight.look.brush_low,
                           .brush_high = tui->sight.look.brush_high,
                           .difference = shows_difference(tui),
                           .stack = tui->sight.look.stack,
                           .peak_r = pu->peak_r,
                           .log_x = tui->sight.look.axes[VIEW_PU].log_x,
                           .log_y = tui->sight.look.axes[VIEW_PU].log_y,
                           .tier = tui->tier,
                           .length_unit = session_length_sign(tui->session)};
    if (isfinite(axes->x_low)) {
        plot.low = axes->x_low;
        plot.max = axes->x_high;
    }
    if (isfinite(axes->y_low)) {
        plot.y_low = axes->y_low;
        plot.y_high = axes->y_high;
    }
    return plot;
}

static void draw_plot(const struct tui *tui, struct grid *grid, struct rect rect)
{
    struct pu_plot plot = make_plot(tui);
    pu_plot_draw(grid, rect.x, rect.y, rect.width - 1, rect.height, &plot);
}

/* Both curves are shown, and are one. */
static bool coincide(const struct tui *tui)
{
    const struct sight_pu *pu = &tui->pu;
    const enum sight_show show = tui->sight.look.show;
    return pu->ready > 0 && pu->ready == pu->pairs && pu->has_labelled && (show == SIGHT_BOTH || show == SIGHT_DIFFERENCE)
           && memcmp(pu->labelled, pu->matched, sizeof *pu->labelled * (size_t)pu->bins) == 0;
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
        snprintf(first, sizeof first, "%s frames %d and %d, %d/%d jobs done", tui->sight.look.raw ? "matching" : "quenching and matching",
                 tui->sight.pair.a, tui->sight.pair.b, done, total);
    else if (pu->ready < pu->pairs)
        snprintf(first, sizeof first, "%d of %d pairs so far", pu->ready, pu->pairs);
    else if (tui->sight.look.show == SIGHT_DIFFERENCE && coincide(tui))
        snprintf(first, sizeof first, "no difference: matched is as labelled");
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

static double p_at(const struct sight_pu *pu, const double *p, double u)
{
    int bin = sight_bin(pu, u);
    return bin < 0 ? NAN : p[bin];
}

/* The values at the cursor, and the means of the pair. */
static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct sight_pu *pu = &tui->pu;
    double u = tui->sight.u;
    bool narrow = frame_view_rect(tui).width < 70;
    add_number(out, size, narrow, narrow ? "u" : "u =", u);
    if (shows_labelled(tui))
        add_number(out, size, narrow, "lab", p_at(pu, pu->labelled, u));
    if (shows_matched(tui))
        add_number(out, size, narrow, "mat", p_at(pu, pu->matched, u));
    if (pu->has_instant)
        add_number(out, size, narrow, "inst", p_at(pu, pu->instant, u));
    if (pu->has_gr)
        add_number(out, size, narrow, "g(r)", sight_value(pu->g, SIGHT_GR_BINS, pu->max, u));
    size_t used = strlen(out);
    if (pu->ready > 0)
        snprintf(out + used, size - used, "|  ");
    add_number(out, size, narrow, "D_lab", pu->d_lab);
    add_number(out, size, narrow, "D_min", pu->d_min);
    for (used = strlen(out); used > 0 && out[used - 1] == ' ';)
        out[--used] = '\0';
}

/* What does not fit goes by whole clauses, g(r) first; before labelled stands alone, "maximum" is shortened. */
static void fit_words(char *words, int width)
{
    char *last = strrchr(words, ';'), *name = strstr(words, "maximum: ");
    if (glyph_columns(words) > width && last)
        *last = '\0';
    if (glyph_columns(words) > width && name)
        memmove(name + 3, name + 7, strlen(name + 7) + 1);
    if (glyph_columns(words) > width && (last = strrchr(words, ';')) != NULL)
        *last = '\0';
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
    const char *who = tui->sight.look.type ? session_type_label(tui->session, tui->sight.look.type) : "all atoms";
    signature_words(who, lab ? &labelled : NULL, mat ? &matched : NULL, pu->peak_r, words, sizeof words);
    fit_words(words, width);
    int at = x + grid_text(grid, x, y, width, ROLE_NORMAL, words);
    if (lab && pu->beyond_labelled > 0.0005)
        snprintf(marks, sizeof marks, "   %.1f %% beyond %.1f", 100 * pu->beyond_labelled, pu->max);
    if (tui->sight.look.show == SIGHT_BOTH && coincide(tui))
        snprintf(marks + strlen(marks), sizeof marks - strlen(marks), "   L is M");
    if (at + glyph_columns(marks) <= x + width)
        at += grid_text(grid, at, y, x + width - at, ROLE_DIM, marks);
    if (pu->unconverged > 0)
        at += grid_format(grid, at, y, x + width - at, ROLE_WARN, "   %d not converged", pu->unconverged);
    if (pu->uncertified > 0)
        grid_format(grid, at, y, x + width - at, ROLE_ERROR, "   %d not certified", pu->uncertified);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    bool words = rect.height >= 9;
    struct rect plot = {rect.x, rect.y, rect.width, rect.height - words};
    draw_plot(tui, grid, plot);
    draw_notice(tui, grid, plot);
    if (words)
        draw_words(tui, grid, rect.x + 1, rect.y + rect.height - 1, rect.width - 1);
}

static void heading(const struct tui *tui, char *out, size_t size)
{
    bool ascii = tui->tier == GLYPH_ASCII;
    snprintf(out, size, "p(u)%s%s%s", shows_labelled(tui) ? ascii ? "  # labelled" : "  labelled \u2500\u2500" : "",
             shows_matched(tui) ? ascii ? "  o matched" : "  matched \u2504\u2504" : "", tui->pu.has_gr ? ascii ? "  . g(r)" : "  g(r) \u2591" : "");
}

/* Steps of the cursor along u; up and down are ten of them. */
static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "step u %+d", right + 10 * -down);
    return true;
}

static bool inside_of(const struct tui *tui, struct rect rect, struct plot_inside *ret_inside)
{
    struct pu_plot plot = make_plot(tui);
    return tui->pu.bins > 0 && pu_plot_inside(rect.x, rect.y, rect.width - 1, rect.height - (rect.height >= 9), &plot, ret_inside);
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    struct plot_inside inside;
    if (!inside_of(tui, frame_rect_of(tui, VIEW_PU), &inside))
        return false;
    *ret_axes = (struct view_axes){.log_x = inside.axis_x.log, .log_y = inside.axis_y.log, .x_low = inside.axis_x.low,
                                   .x_high = inside.axis_x.high, .y_low = inside.axis_y.low, .y_high = inside.axis_y.high};
    return true;
}

/* u at a column of the picture; columns beside it give its ends. */
static bool value_at(const struct tui *tui, struct rect rect, int x, double *ret_u)
{
    struct plot_inside inside;
    if (!inside_of(tui, rect, &inside))
        return false;
    double share = (x - inside.x + 0.5) / inside.width;
    *ret_u = axis_value(&inside.axis_x, fmin(fmax(share, 0), 1));
    return true;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    double u;
    (void)y;
    if (!value_at(tui, rect, x, &u))
        return false;
    snprintf(command, size, "goto u=%.4g", u);
    return true;
}

static bool drag(const struct tui *tui, struct rect rect, int from_x, int from_y, int to_x, int to_y, char *command, size_t size)
{
    double from, to;
    (void)from_y;
    (void)to_y;
    if (!value_at(tui, rect, from_x < to_x ? from_x : to_x, &from) || !value_at(tui, rect, from_x < to_x ? to_x : from_x, &to))
        return false;
    snprintf(command, size, "brush u=%.4g:%.4g", from, to);
    return from < to;
}

static bool wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    double u;
    (void)y;
    if (!value_at(tui, rect, x, &u))
        return false;
    snprintf(command, size, "zoom %s x=%.4g", down > 0 ? "out" : "in", u);
    return true;
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "view table");
    return true;
}

/* The command that prints the numbers of this picture. */
static bool print_pu(const struct tui *tui, char *command, size_t size)
{
    const struct sight *sight = &tui->sight;
    char where[64], type[64] = "";
    if (sight->look.average && !sight->custom && sight->tw_at >= 0)
        snprintf(where, sizeof where, "tw=%.10g", sight->tw[sight->tw_at]);
    else
        snprintf(where, sizeof where, "%d:%d", sight->pair.a, sight->pair.b);
    if (sight->look.type)
        snprintf(type, sizeof type, " type='%s'", session_type_label(tui->session, sight->look.type));
    snprintf(command, size, "pu %s%s of=%s species=%s", where, type, sight->look.raw ? "raw" : "is",
             sight->look.blind ? "blind" : "resolved");
    return true;
}

/* "p(u) of all atoms, inherent structures, t_w 100". */
static const struct picture *picture_pu(const struct tui *tui, struct picture *ret_picture)
{
    const struct sight *sight = &tui->sight;
    struct pu_plot plot = make_plot(tui);
    char title[160], where[64];
    if (tui->pu.ready == 0)
        return NULL;
    if (sight->look.average && !sight->custom && sight->tw_at >= 0)
        snprintf(where, sizeof where, "t_w %g", sight->tw[sight->tw_at]);
    else
        snprintf(where, sizeof where, "frames %d and %d", sight->pair.a, sight->pair.b);
    snprintf(title, sizeof title, "p(u) of %s, %s, %s", sight->look.type ? session_type_label(tui->session, sight->look.type) : "all atoms",
             sight->look.raw ? "frames as they are" : "inherent structures", where);
    pu_plot_picture(&plot, title, ret_picture);
    return picture_close(ret_picture) ? ret_picture : NULL;
}

static const struct key_hint hints[] = {
    {"[ ]", "tw"},        {", .", "pair"}, {"m", "lab/mat"}, {"t", "type"}, {"B", "blind"}, {"?", "keys"},
    {":", "command"},     {"i", "IS/raw"}, {"X Y", "log"},   {"A", "average"}, {"h l", "cursor"}, {"Enter", "atoms"},
    {"e", "export"},      {"q", "leave"},
};

const struct screen screen_pu = {
    .title = "p(u)", .digit = '1', .needs_data = true, .draw = draw, .heading = heading, .footing = footing, .cursor = cursor,
    .click = click, .drag = drag, .wheel = wheel, .dive = dive, .print = print_pu,
                                     .picture = picture_pu, .range = range, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
