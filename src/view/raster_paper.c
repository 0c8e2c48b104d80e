/* Shapes of a raster on paper: dark on white. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/raster_paper.h"

#include <math.h>
#include <stdio.h>

struct colour {
    char text[8]; /* "#0072b2" */
};

static struct colour colour_of(const struct raster *raster, enum role role)
{
    static const struct {
        enum role role;
        const char *colour;
    } of_role[] = {{ROLE_LABELLED, "#0072b2"}, {ROLE_MATCHED, "#d55e00"}, {ROLE_DIM, "#b0b0b0"},    {ROLE_GR, "#d8d8d8"},
                   {ROLE_AXIS, "#707070"},     {ROLE_ATOM_B, "#009e73"},  {ROLE_ATOM_C, "#cc79a7"}, {ROLE_ATOM_A, "#404040"}};
    struct colour out = {"#000000"};
    for (size_t k = 0; k < sizeof of_role / sizeof *of_role; k++)
        if (of_role[k].role == role)
            snprintf(out.text, sizeof out.text, "%s", of_role[k].colour);
    if (raster->pen > 0)
        ramp_hex(RAMP_VIRIDIS, (raster->pen - 1.0) / (RAMP_LEVELS - 1), out.text);
    return out;
}

void raster_paper_dot(struct raster *raster, double x, double y, enum role role)
{
    struct colour colour = colour_of(raster, role);
    raster->paper->ops->circle(raster->paper, x, y, 0.6, &(struct paint){.fill = colour.text});
}

void raster_paper_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role)
{
    struct colour colour = colour_of(raster, role);
    const struct pen_ops *ops = raster->paper->ops;
    bool filled = style == DISC_FILLED;
    struct paint paint = {.fill = filled || raster->pen > 0 ? colour.text : "#ffffff", .line = filled ? "#202020" : colour.text,
                          .width = filled ? 0.3 : 0.7};
    ops->circle(raster->paper, x, y, radius, &paint);
    double arm = 0.6 * radius;
    const char *inner = raster->pen > 0 ? "#ffffff" : colour.text;
    if (style == DISC_CROSS) {
        paint = (struct paint){.line = inner, .width = 0.7};
        pen_segment(raster->paper, x - arm, y - arm, x + arm, y + arm, &paint);
        pen_segment(raster->paper, x - arm, y + arm, x + arm, y - arm, &paint);
    }
    if (style == DISC_RING_DOT)
        ops->circle(raster->paper, x, y, 0.25 * radius, &(struct paint){.fill = inner});
}

void raster_paper_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role)
{
    struct colour colour = colour_of(raster, role);
    struct paint paint = {.line = colour.text, .width = 0.9, .dash = {dotted ? 1 : 0, dotted ? 2 : 0}};
    pen_segment(raster->paper, x0, y0, x1, y1, &paint);
}

void raster_paper_head(struct raster *raster, double x0, double y0, double x1, double y1, enum role role)
{
    double dx = x1 - x0, dy = y1 - y0, length = sqrt(dx * dx + dy * dy);
    if (!(length > 0))
        return;
    double size = fmin(3.5, 0.5 * length), ux = dx / length * size, uy = dy / length * size;
    struct colour colour = colour_of(raster, role);
    const struct pen_ops *ops = raster->paper->ops;
    ops->move(raster->paper, x1, y1);
    ops->line(raster->paper, x1 - ux - 0.4 * uy, y1 - uy + 0.4 * ux);
    ops->line(raster->paper, x1 - ux + 0.4 * uy, y1 - uy - 0.4 * ux);
    ops->close(raster->paper);
    ops->paint(raster->paper, &(struct paint){.fill = colour.text});
}

void raster_paper_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role)
{
    char text[8];
    struct colour colour = colour_of(raster, role);
    text[glyph_encode(glyph, text)] = '\0';
    raster->paper->ops->text(raster->paper, x, y + 1.7, &(struct lettering){.size = 5, .anchor = PEN_MIDDLE, .colour = colour.text}, text);
}
