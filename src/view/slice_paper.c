/* Paper under pictures of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slice_paper.h"

#include <math.h>
#include <stdio.h>

#include "view/raster_paper.h"

enum { LEGEND = 16, SIZE = 7 }; /* height of the legend and of its letters, in dots */
#define POINTS_A_DOT 2.0

isd_status paper_begin(struct paper *ret_paper, int width, int height, double length, enum pen_kind kind, isd_error *err)
{
    struct paper paper = {.width = 2 * width, .height = 4 * height, .length = length};
    isd_status status = pen_new(kind, paper.width, paper.height + LEGEND, POINTS_A_DOT, length, &paper.pen, err);
    if (status != ISD_OK)
        return status;
    paper.pen->ops->clip(paper.pen, 0, 0, paper.width, paper.height);
    *ret_paper = paper;
    return ISD_OK;
}

/* The largest of 1, 2, 5 times a power of ten that is at most a fifth of the width. */
static double round_length(const struct paper *paper)
{
    double most = 0.2 * paper->width * paper->length, ten = pow(10, floor(log10(most)));
    return most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
}

static double put_bar(const struct paper *paper, double y, const char *unit)
{
    char text[64];
    double length = round_length(paper), x0 = 4, x1 = x0 + length / paper->length;
    pen_segment(paper->pen, x0, y, x1, y, &(struct paint){.line = "#000000", .width = 1.2});
    snprintf(text, sizeof text, "%g%s%s", length, unit && *unit ? " " : "", unit ? unit : "");
    paper->pen->ops->text(paper->pen, x1 + 3, y + 0.35 * SIZE, &(struct lettering){.size = SIZE}, text);
    return x1 + 3 + 0.6 * SIZE * (glyph_columns(text) + 3);
}

static void put_species(const struct paper *paper, double x, double y, const struct slice_plot *plot)
{
    bool there[ISD_MAX_TYPES + 1] = {false};
    struct raster raster = {.paper = paper->pen};
    for (int32_t i = 0; i < plot->frame->n; i++)
        if (plot->frame->type[i] >= 1 && plot->frame->type[i] <= ISD_MAX_TYPES)
            there[plot->frame->type[i]] = true;
    for (int t = 1; t <= ISD_MAX_TYPES && x + 20 < paper->width; t++) {
        if (!there[t])
            continue;
        char letter[2] = {plot->letter[t], '\0'};
        raster_paper_disc(&raster, x + 3, y, 3, slice_disc(t), plot->shade ? ROLE_DIM : slice_role(t));
        paper->pen->ops->text(paper->pen, x + 9, y + 0.35 * SIZE, &(struct lettering){.size = SIZE}, letter);
        x += 24;
    }
}

isd_status paper_finish(struct paper *paper, const struct slice_plot *plot, const char *unit, char **ret_bytes, size_t *ret_length,
                        isd_error *err)
{
    double y = paper->height + 0.5 * LEGEND;
    paper->pen->ops->clip(paper->pen, 0, 0, 0, 0);
    put_species(paper, put_bar(paper, y, unit), y, plot);
    return pen_finish(paper->pen, ret_bytes, ret_length, err);
}
