/* Shapes as PDF and PNG files, by cairo. SPDX-License-Identifier: GPL-3.0-or-later */
#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <stdlib.h>

#include "model/print.h"
#include "view/pen.h"

#define PNG_SCALE (200.0 / 72) /* 200 dots an inch */

struct paper {
    struct pen pen;
    cairo_surface_t *surface;
    cairo_t *cairo;
    bool is_png, clipped;
    struct print_buffer out;
};

static struct paper *of(struct pen *pen)
{
    return (struct paper *)pen;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    struct print_buffer *out = closure;
    print_bytes(out, (const char *)data, length);
    return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void set_colour(cairo_t *cairo, const char *colour)
{
    long rgb = colour ? strtol(colour + 1, NULL, 16) : 0;
    cairo_set_source_rgb(cairo, (double)(rgb >> 16 & 255) / 255, (double)(rgb >> 8 & 255) / 255, (double)(rgb & 255) / 255);
}

static void paper_move(struct pen *pen, double x, double y)
{
    cairo_move_to(of(pen)->cairo, x, y);
}

static void paper_line(struct pen *pen, double x, double y)
{
    cairo_line_to(of(pen)->cairo, x, y);
}

static void paper_close(struct pen *pen)
{
    cairo_close_path(of(pen)->cairo);
}

static void paper_paint(struct pen *pen, const struct paint *paint)
{
    cairo_t *cairo = of(pen)->cairo;
    if (paint->fill) {
        set_colour(cairo, paint->fill);
        cairo_fill_preserve(cairo);
    }
    if (paint->line) {
        set_colour(cairo, paint->line);
        cairo_set_line_width(cairo, paint->width);
        cairo_set_dash(cairo, paint->dash, paint->dash[0] > 0 ? 2 : 0, 0);
        cairo_stroke_preserve(cairo);
    }
    cairo_new_path(cairo);
}

static void paper_rectangle(struct pen *pen, double x, double y, double width, double height, const struct paint *paint)
{
    cairo_rectangle(of(pen)->cairo, x, y, width, height);
    paper_paint(pen, paint);
}

static void paper_circle(struct pen *pen, double x, double y, double radius, const struct paint *paint)
{
    cairo_new_sub_path(of(pen)->cairo);
    cairo_arc(of(pen)->cairo, x, y, radius, 0, 2 * M_PI);
    paper_paint(pen, paint);
}

static void paper_text(struct pen *pen, double x, double y, const struct lettering *how, const char *text)
{
    cairo_t *cairo = of(pen)->cairo;
    cairo_text_extents_t extents;
    cairo_select_font_face(cairo, how->mono ? "monospace" : "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           how->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, how->size);
    cairo_text_extents(cairo, text, &extents);
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    if (how->upright)
        cairo_rotate(cairo, -M_PI_2);
    cairo_move_to(cairo, how->anchor == PEN_START ? 0 : how->anchor == PEN_MIDDLE ? -0.5 * extents.x_advance : -extents.x_advance, 0);
    set_colour(cairo, how->colour);
    cairo_show_text(cairo, text);
    cairo_restore(cairo);
    cairo_new_path(cairo);
}

static void paper_clip(struct pen *pen, double x, double y, double width, double height)
{
    struct paper *paper = of(pen);
    if (paper->clipped)
        cairo_restore(paper->cairo);
    paper->clipped = width > 0;
    if (!paper->clipped)
        return;
    cairo_save(paper->cairo);
    cairo_rectangle(paper->cairo, x, y, width, height);
    cairo_clip(paper->cairo);
}

static isd_status paper_finish(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    struct paper *paper = of(pen);
    paper_clip(pen, 0, 0, 0, 0);
    cairo_status_t status = cairo_status(paper->cairo);
    if (paper->is_png && status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(paper->surface, take_bytes, &paper->out);
    cairo_surface_finish(paper->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(paper->surface);
    if (paper->out.failed || status == CAIRO_STATUS_NO_MEMORY)
        return isd_error_memory(err);
    if (status != CAIRO_STATUS_SUCCESS)
        return isd_error_set(err, ISD_DATA, "cairo: %s", cairo_status_to_string(status));
    *ret_bytes = paper->out.data;
    *ret_length = paper->out.length;
    paper->out = (struct print_buffer){0};
    return ISD_OK;
}

static void paper_free(struct pen *pen)
{
    struct paper *paper = of(pen);
    cairo_destroy(paper->cairo);
    cairo_surface_destroy(paper->surface); /* a PDF may write its last bytes now */
    print_buffer_done(&paper->out);
    free(paper);
}

static struct pen *paper_new(double width, double height, double unit, bool is_png)
{
    static const struct pen_ops ops = {
        .move = paper_move,           .line = paper_line,     .close = paper_close, .paint = paper_paint,
        .rectangle = paper_rectangle, .circle = paper_circle, .text = paper_text,   .clip = paper_clip,
        .finish = paper_finish,       .free = paper_free};
    struct paper *paper = calloc(1, sizeof *paper);
    if (!paper)
        return NULL;
    paper->pen.ops = &ops;
    paper->is_png = is_png;
    double scale = is_png ? unit * PNG_SCALE : unit;
    if (is_png)
        paper->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
    else
        paper->surface = cairo_pdf_surface_create_for_stream(take_bytes, &paper->out, width * scale, height * scale);
    if (!is_png) /* the same picture is the same file */
        cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
    paper->cairo = cairo_create(paper->surface); /* never NULL; errors are kept in it */
    cairo_scale(paper->cairo, scale, scale);
    return &paper->pen;
}

struct pen *pen_pdf_new(double width, double height, double unit, double length)
{
    (void)length;
    return paper_new(width, height, unit, false);
}

struct pen *pen_png_new(double width, double height, double unit, double length)
{
    (void)length;
    return paper_new(width, height, unit, true);
}
