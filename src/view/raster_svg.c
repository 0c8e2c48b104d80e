/* Shapes of a raster as elements of an SVG file, for paper: dark on white. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/raster_svg.h"

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
    if (raster->pen > 0) {
        uint8_t rgb[3];
        ramp_rgb(RAMP_VIRIDIS, (raster->pen - 1.0) / (RAMP_LEVELS - 1), rgb);
        snprintf(out.text, sizeof out.text, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    }
    return out;
}

void raster_svg_begin(struct print_buffer *svg, int width, int height)
{
    int columns = 2 * width, rows = 4 * height;
    print_text(svg,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
               "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
               4 * columns, 4 * rows, columns, rows, columns, rows);
}

void raster_svg_end(struct print_buffer *svg)
{
    print_text(svg, "</svg>\n");
}

void raster_svg_dot(struct raster *raster, double x, double y, enum role role)
{
    print_text(raster->svg, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"0.6\" fill=\"%s\"/>\n", x, y, colour_of(raster, role).text);
}

void raster_svg_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role)
{
    struct colour colour = colour_of(raster, role);
    bool full = style == DISC_FILLED || raster->pen > 0;
    print_text(raster->svg, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>\n", x, y,
               radius, full ? colour.text : "#ffffff", style == DISC_FILLED ? "#202020" : colour.text,
               style == DISC_FILLED ? "0.3" : "0.7");
    double arm = 0.6 * radius;
    const char *inner = raster->pen > 0 ? "#ffffff" : colour.text;
    if (style == DISC_CROSS)
        print_text(raster->svg, "<path d=\"M%.2f %.2fL%.2f %.2fM%.2f %.2fL%.2f %.2f\" stroke=\"%s\" stroke-width=\"0.7\"/>\n", x - arm,
                   y - arm, x + arm, y + arm, x - arm, y + arm, x + arm, y - arm, inner);
    if (style == DISC_RING_DOT)
        print_text(raster->svg, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" fill=\"%s\"/>\n", x, y, 0.25 * radius, inner);
}

void raster_svg_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role)
{
    print_text(raster->svg, "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"0.9\"%s/>\n", x0, y0, x1, y1,
               colour_of(raster, role).text, dotted ? " stroke-dasharray=\"1 2\"" : "");
}

void raster_svg_head(struct raster *raster, double x0, double y0, double x1, double y1, enum role role)
{
    double dx = x1 - x0, dy = y1 - y0, length = sqrt(dx * dx + dy * dy);
    if (!(length > 0))
        return;
    double size = fmin(3.5, 0.5 * length), ux = dx / length * size, uy = dy / length * size;
    print_text(raster->svg, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fZ\" fill=\"%s\"/>\n", x1, y1, x1 - ux - 0.4 * uy, y1 - uy + 0.4 * ux,
               x1 - ux + 0.4 * uy, y1 - uy - 0.4 * ux, colour_of(raster, role).text);
}

void raster_svg_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role)
{
    char text[8];
    text[glyph_encode(glyph, text)] = '\0';
    if (glyph == '<' || glyph == '&')
        return;
    print_text(raster->svg,
               "<text x=\"%.2f\" y=\"%.2f\" font-size=\"5\" font-family=\"sans-serif\" text-anchor=\"middle\" fill=\"%s\">%s</text>\n", x,
               y + 1.7, colour_of(raster, role).text, text);
}
