/* Shapes as a script of gnuplot that holds them as data. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers are in lengths from the lower left corner. Areas are drawn first, then discs and lines, then words, which is the order of pictures
 * of atoms. */
#include <math.h>
#include <stdlib.h>

#include "model/print.h"
#include "view/pen.h"
#include "view/vector.h"

struct script {
    struct pen pen;
    double width, height, length;
    struct print_buffer path, areas, discs, lines, words;
};

static struct script *of(struct pen *pen)
{
    return (struct script *)pen;
}

static long number_of(const char *colour)
{
    return colour ? strtol(colour + 1, NULL, 16) : 0;
}

static void put_place(struct script *script, struct print_buffer *out, double x, double y)
{
    print_text(out, "%.6g %.6g", x * script->length, (script->height - y) * script->length);
}

/* The points of a path, one a line; a blank line parts two lines. */
static void script_move(struct pen *pen, double x, double y)
{
    struct print_buffer *path = &of(pen)->path;
    if (path->length > 0)
        print_text(path, "\n");
    put_place(of(pen), path, x, y);
    print_text(path, "\n");
}

static void script_line(struct pen *pen, double x, double y)
{
    put_place(of(pen), &of(pen)->path, x, y);
    print_text(&of(pen)->path, "\n");
}

/* Back to where the last line began. */
static void script_close(struct pen *pen)
{
    struct print_buffer *path = &of(pen)->path;
    size_t start = path->length;
    while (start > 1 && !(path->data[start - 1] == '\n' && path->data[start - 2] == '\n'))
        start--;
    start = start > 1 ? start : 0;
    size_t end = start;
    while (end < path->length && path->data[end] != '\n')
        end++;
    if (end >= path->length)
        return;
    char first[64];
    size_t length = end - start < sizeof first - 1 ? end - start : sizeof first - 1;
    for (size_t k = 0; k < length; k++)
        first[k] = path->data[start + k];
    first[length] = '\0';
    print_text(path, "%s\n", first);
}

/* The lines of the path with a colour behind each. */
static void add_path(struct script *script, struct print_buffer *out, const char *colour)
{
    const struct print_buffer *path = &script->path;
    for (size_t k = 0; k < path->length; k++) {
        if (path->data[k] == '\n' && k > 0 && path->data[k - 1] != '\n')
            print_text(out, " %ld", number_of(colour));
        print_bytes(out, path->data + k, 1);
    }
    print_text(out, "\n");
}

/* What is filled is small here: heads of arrows, of which the outline is enough. */
static void script_paint(struct pen *pen, const struct paint *paint)
{
    struct script *script = of(pen);
    const char *colour = paint->line ? paint->line : paint->fill;
    if (colour && script->path.length > 0)
        add_path(script, &script->lines, colour);
    script->lines.failed = script->lines.failed || script->path.failed;
    script->path.length = 0;
}

static void script_rectangle(struct pen *pen, double x, double y, double width, double height, const struct paint *paint)
{
    struct script *s = of(pen);
    if (!paint->fill || (width == s->width && height == s->height)) /* the paper is white already */
        return;
    print_text(&s->areas, "%.6g %.6g %.6g %.6g %ld\n", x * s->length, (x + width) * s->length, (s->height - y - height) * s->length,
               (s->height - y) * s->length, number_of(paint->fill));
}

static void script_circle(struct pen *pen, double x, double y, double radius, const struct paint *paint)
{
    struct script *script = of(pen);
    put_place(script, &script->discs, x, y);
    print_text(&script->discs, " %.6g %ld %ld\n", radius * script->length, paint->fill ? number_of(paint->fill) : 0xffffff,
               number_of(paint->line ? paint->line : paint->fill));
}

static void script_text(struct pen *pen, double x, double y, const struct lettering *how, const char *text)
{
    static const char *const anchors[] = {[PEN_START] = "left", [PEN_MIDDLE] = "center", [PEN_END] = "right"};
    struct script *script = of(pen);
    print_text(&script->words, "set label ");
    vector_put_quoted(&script->words, text);
    print_text(&script->words, " at %.6g,%.6g %s%s tc rgb %ld\n", x * script->length, (script->height - y) * script->length, anchors[how->anchor],
               how->upright ? " rotate" : "", number_of(how->colour));
}

static void script_clip(struct pen *pen, double x, double y, double width, double height)
{
    (void)pen;
    (void)x;
    (void)y;
    (void)width;
    (void)height;
}

static void put_block(struct print_buffer *out, const char *name, const struct print_buffer *data)
{
    if (data->length == 0)
        return;
    print_text(out, "$%s << EOD\n", name);
    print_bytes(out, data->data, data->length);
    print_text(out, "EOD\n");
}

static void put_plot(struct print_buffer *out, const struct print_buffer *data, const char *text, const char **separator)
{
    if (data->length == 0)
        return;
    print_text(out, "%s%s", *separator, text);
    *separator = ", \\\n  ";
}

static isd_status script_finish(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    struct script *s = of(pen);
    struct print_buffer out = {0};
    const char *separator = "plot ";
    print_text(&out, "# gnuplot -p FILE    shows it. For a file of a picture, before that:\n"
                     "#   gnuplot -e \"set terminal pdfcairo size 16cm,%.3gcm; set output 'picture.pdf'\" FILE\n"
                     "set termoption noenhanced\nset encoding utf8\nunset key\nunset tics\nunset border\n",
               16 * s->height / s->width);
    print_text(&out, "set size ratio -1\nset xrange [0:%.6g]\nset yrange [0:%.6g]\nset style fill solid\n", s->width * s->length,
               s->height * s->length);
    put_block(&out, "areas", &s->areas);
    put_block(&out, "discs", &s->discs);
    put_block(&out, "lines", &s->lines);
    if (s->words.length > 0)
        print_bytes(&out, s->words.data, s->words.length);
    put_plot(&out, &s->areas, "$areas using 1:3:1:2:3:4:5 with boxxyerror fs solid noborder lc rgb variable", &separator);
    put_plot(&out, &s->discs, "$discs using 1:2:3:4 with circles lc rgb variable, '' using 1:2:3:5 with circles fs empty lc rgb variable", &separator);
    put_plot(&out, &s->lines, "$lines using 1:2:3 with lines lc rgb variable", &separator);
    print_text(&out, *separator == 'p' ? "plot NaN\n" : "\n"); /* words alone need a plot to stand in */
    if (out.failed || s->areas.failed || s->discs.failed || s->lines.failed || s->words.failed) {
        print_buffer_done(&out);
        return isd_error_memory(err);
    }
    *ret_bytes = out.data;
    *ret_length = out.length;
    return ISD_OK;
}

static void script_free(struct pen *pen)
{
    struct script *s = of(pen);
    struct print_buffer *const all[] = {&s->path, &s->areas, &s->discs, &s->lines, &s->words};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        print_buffer_done(all[k]);
    free(s);
}

struct pen *pen_gnuplot_new(double width, double height, double unit, double length)
{
    static const struct pen_ops ops = {
        .move = script_move,           .line = script_line,     .close = script_close, .paint = script_paint,
        .rectangle = script_rectangle, .circle = script_circle, .text = script_text,   .clip = script_clip,
        .finish = script_finish,       .free = script_free};
    struct script *script = calloc(1, sizeof *script);
    (void)unit;
    if (!script)
        return NULL;
    script->pen.ops = &ops;
    script->width = width;
    script->height = height;
    script->length = length;
    return &script->pen;
}
