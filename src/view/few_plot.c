/* A few atoms before and after. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/few_plot.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "view/raster.h"

enum { ROWS_OF_WORDS = 3, LEAST_WIDTH = 16, LEAST_HEIGHT = 8, WORDS_WIDTH = 38 };

/* From lengths to dots. */
struct scale {
    double x, y;             /* of the middle */
    double across, up;       /* dots in a length */
    double columns, rows;
};

static void find_scale(const struct few_plot *plot, const struct raster *raster, struct scale *ret)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    const double margin = 1.6 * plot->radius;
    for (int i = 0; i < plot->n; i++)
        for (int q = 0; q < 2; q++) {
            const double a = plot->before[3 * i + q], b = plot->after[3 * i + q];
            low[q] = fmin(low[q], fmin(a, b) - margin);
            high[q] = fmax(high[q], fmax(a, b) + margin);
        }
    *ret = (struct scale){.x = 0.5 * (low[0] + high[0]), .y = 0.5 * (low[1] + high[1]), .columns = (double)raster_columns(raster),
                          .rows = (double)raster_rows(raster)};
    const double room = ret->columns - 6.0 * raster->canvas.across; /* names stand beside the discs */
    ret->across = fmin(room / (high[0] - low[0]), ret->rows * raster->aspect / (high[1] - low[1]));
    ret->up = ret->across / raster->aspect;
}

static double dot_x(const struct scale *scale, double x)
{
    return 0.5 * scale->columns + (x - scale->x) * scale->across;
}

static double dot_y(const struct scale *scale, double y)
{
    return 0.5 * scale->rows - (y - scale->y) * scale->up;
}

/* Long ones go from rim to rim, so that their heads are not under a disc. */
static void draw_arrows(struct raster *raster, const struct scale *scale, const struct few_plot *plot, const double *way, bool dotted,
                        enum role role)
{
    for (int i = 0; i < plot->n; i++) {
        const double *from = &plot->before[3 * i], *v = &way[3 * i], length = hypot(v[0], v[1]);
        const double rim = length > 4 * plot->radius ? 1.4 * plot->radius / length : 0;
        if (length > 0)
            raster_arrow(raster, dot_x(scale, from[0] + rim * v[0]), dot_y(scale, from[1] + rim * v[1]),
                         dot_x(scale, from[0] + (1 - rim) * v[0]), dot_y(scale, from[1] + (1 - rim) * v[1]), dotted, role);
    }
}

/* Before: a ring with its number at the left; after: a filled disc with its number at the right. */
static void draw_discs(struct raster *raster, const struct scale *scale, const struct few_plot *plot, bool after)
{
    const double *at = after ? plot->after : plot->before, radius = plot->radius * scale->across;
    for (int i = 0; i < plot->n; i++)
        raster_disc(raster, dot_x(scale, at[3 * i]), dot_y(scale, at[3 * i + 1]), after ? 0.6 * radius : radius, after ? DISC_FILLED : DISC_RING,
                    after ? ROLE_MATCHED : ROLE_LABELLED, after ? '*' : 'o');
}

static void draw_names(struct raster *raster, const struct scale *scale, const struct few_plot *plot, bool after)
{
    const double *at = after ? plot->after : plot->before, beside = plot->radius * scale->across + raster->canvas.across;
    for (int i = 0; i < plot->n; i++) {
        char name[16];
        const int length = snprintf(name, sizeof name, after ? "%d'" : "%d", i + 1);
        const double x = dot_x(scale, at[3 * i]) + (after ? beside : -beside - (length - 1) * raster->canvas.across);
        raster_text(raster, x, dot_y(scale, at[3 * i + 1]), after ? ROLE_MATCHED : ROLE_LABELLED, name);
    }
}

static void put_words(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

static void put_words(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    grid_text(grid, x, y, width, role, text);
}

static void say(struct grid *grid, int x, int y, int width, const struct few_plot *plot)
{
    char loop[100] = "nobody";
    size_t used = 0;
    for (int k = 0; k <= plot->n_loop && plot->n_loop > 0 && used < sizeof loop; k++)
        used += (size_t)snprintf(loop + used, sizeof loop - used, "%s%d", k ? ">" : "", (int)plot->loop[k % plot->n_loop] + 1);
    const bool brief = width < WORDS_WIDTH; /* whole numbers rather than whole sentences */
    put_words(grid, x, y, width, ROLE_LABELLED, "labelled RMSD  %.4f%s%s", plot->rmsd, plot->unit, brief ? "" : " (dotted)");
    put_words(grid, x, y + 1, width, ROLE_MATCHED, "matched  D_min %.4f%s%s%s", plot->d_min, plot->unit, brief ? "" : " (solid)",
              brief || !plot->certified ? "" : ", proven");
    put_words(grid, x, y + 2, width, ROLE_NORMAL, brief ? "exchanged %s" : "exchanged places: %s", loop);
}

void few_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct few_plot *plot)
{
    struct raster raster;
    struct scale scale;
    const int rows = height - 1 - ROWS_OF_WORDS;
    if (width < LEAST_WIDTH || height < LEAST_HEIGHT)
        return;
    if (!raster_init(&raster, width, rows, plot->tier)) {
        grid->failed = true;
        return;
    }
    grid_text(grid, x, y, width, ROLE_TITLE, plot->title);
    find_scale(plot, &raster, &scale);
    draw_discs(&raster, &scale, plot, false);
    draw_discs(&raster, &scale, plot, true);
    draw_arrows(&raster, &scale, plot, plot->lab, true, ROLE_LABELLED);
    draw_arrows(&raster, &scale, plot, plot->mat, false, ROLE_MATCHED);
    draw_names(&raster, &scale, plot, false);
    draw_names(&raster, &scale, plot, true);
    raster_show(&raster, grid, x, y + 1);
    raster_done(&raster);
    say(grid, x, y + 1 + rows, width, plot);
}
