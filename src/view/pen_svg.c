/* Shapes as an SVG file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "model/print.h"
#include "view/pen.h"

struct svg {
    struct pen pen;
    struct print_buffer out, path;
    int clips;
    bool clipped;
};

static struct svg *of(struct pen *pen)
{
    return (struct svg *)pen;
}

static void put_escaped(struct print_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            print_text(out, "&amp;");
        else if (*text == '<')
            print_text(out, "&lt;");
        else if (*text == '>')
            print_text(out, "&gt;");
        else
            print_bytes(out, text, 1);
    }
}

static void put_paint(struct print_buffer *out, const struct paint *paint)
{
    print_text(out, " fill=\"%s\"", paint->fill ? paint->fill : "none");
    if (paint->line)
        print_text(out, " stroke=\"%s\" stroke-width=\"%.3g\"", paint->line, paint->width);
    if (paint->line && paint->dash[0] > 0)
        print_text(out, " stroke-dasharray=\"%g %g\"", paint->dash[0], paint->dash[1]);
    print_text(out, "/>\n");
}

static void svg_move(struct pen *pen, double x, double y)
{
    print_text(&of(pen)->path, "M%.2f %.2f", x, y);
}

static void svg_line(struct pen *pen, double x, double y)
{
    print_text(&of(pen)->path, "L%.2f %.2f", x, y);
}

static void svg_close(struct pen *pen)
{
    print_text(&of(pen)->path, "Z");
}

static void svg_paint(struct pen *pen, const struct paint *paint)
{
    struct svg *svg = of(pen);
    if (svg->path.length > 0) {
        print_text(&svg->out, "<path d=\"");
        print_bytes(&svg->out, svg->path.data, svg->path.length);
        print_text(&svg->out, "\"");
        put_paint(&svg->out, paint);
    }
    svg->out.failed = svg->out.failed || svg->path.failed;
    svg->path.length = 0;
}

static void svg_rectangle(struct pen *pen, double x, double y, double width, double height, const struct paint *paint)
{
    print_text(&of(pen)->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"", x, y, width, height);
    put_paint(&of(pen)->out, paint);
}

static void svg_circle(struct pen *pen, double x, double y, double radius, const struct paint *paint)
{
    print_text(&of(pen)->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\"", x, y, radius);
    put_paint(&of(pen)->out, paint);
}

static void svg_text(struct pen *pen, double x, double y, const struct lettering *how, const char *text)
{
    static const char *const anchors[] = {[PEN_START] = "start", [PEN_MIDDLE] = "middle", [PEN_END] = "end"};
    struct print_buffer *out = &of(pen)->out;
    print_text(out, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\" font-size=\"%.3g\"", x, y, anchors[how->anchor], how->size);
    if (how->upright)
        print_text(out, " transform=\"rotate(-90 %.2f %.2f)\"", x, y);
    print_text(out, "%s%s", how->bold ? " font-weight=\"bold\"" : "", how->mono ? " font-family=\"monospace\" xml:space=\"preserve\"" : "");
    if (how->colour)
        print_text(out, " fill=\"%s\"", how->colour);
    print_text(out, ">");
    put_escaped(out, text);
    print_text(out, "</text>\n");
}

static void svg_clip(struct pen *pen, double x, double y, double width, double height)
{
    struct svg *svg = of(pen);
    if (svg->clipped)
        print_text(&svg->out, "</g>\n");
    svg->clipped = width > 0;
    if (!svg->clipped)
        return;
    print_text(&svg->out,
               "<clipPath id=\"c%d\"><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/></clipPath>\n<g clip-path=\"url(#c%d)\">\n",
               svg->clips, x, y, width, height, svg->clips);
    svg->clips++;
}

static isd_status svg_finish(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    struct svg *svg = of(pen);
    svg_clip(pen, 0, 0, 0, 0);
    print_text(&svg->out, "</svg>\n");
    if (svg->out.failed)
        return isd_error_memory(err);
    *ret_bytes = svg->out.data;
    *ret_length = svg->out.length;
    svg->out = (struct print_buffer){0};
    return ISD_OK;
}

static void svg_free(struct pen *pen)
{
    print_buffer_done(&of(pen)->out);
    print_buffer_done(&of(pen)->path);
    free(pen);
}

struct pen *pen_svg_new(double width, double height, double unit, double length)
{
    static const struct pen_ops ops = {
        .move = svg_move,           .line = svg_line,     .close = svg_close, .paint = svg_paint,
        .rectangle = svg_rectangle, .circle = svg_circle, .text = svg_text,   .clip = svg_clip,
        .finish = svg_finish,       .free = svg_free};
    struct svg *svg = calloc(1, sizeof *svg);
    (void)length;
    if (!svg)
        return NULL;
    svg->pen.ops = &ops;
    print_text(&svg->out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.6g %.6g\" font-family=\"sans-serif\">\n",
               width * unit, height * unit, width, height);
    return &svg->pen;
}
