/* Shapes on paper. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/pen.h"

isd_status pen_new(enum pen_kind kind, double width, double height, double unit, double length, struct pen **ret_pen, isd_error *err)
{
    static pen_maker *const makers[] = {[PEN_SVG] = pen_svg_new,
                                        [PEN_GNUPLOT] = pen_gnuplot_new,
#ifdef ISD_HAVE_CAIRO
                                        [PEN_PDF] = pen_pdf_new,
                                        [PEN_PNG] = pen_png_new
#else
                                        [PEN_PDF] = NULL,
                                        [PEN_PNG] = NULL
#endif
    };
    if (!makers[kind]) {
        isd_error_set(err, ISD_UNSUPPORTED, "this program was built without cairo, which writes .pdf and .png");
        isd_error_hint(err, "export FILE.svg, or build it again with the package libcairo2-dev installed");
        return ISD_UNSUPPORTED;
    }
    struct pen *pen = makers[kind](width, height, unit, length > 0 ? length : 1);
    if (!pen)
        return isd_error_memory(err);
    pen->ops->rectangle(pen, 0, 0, width, height, &(struct paint){.fill = "#ffffff"});
    *ret_pen = pen;
    return ISD_OK;
}

isd_status pen_finish(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    isd_status status = pen->ops->finish(pen, ret_bytes, ret_length, err);
    pen_free(pen);
    return status;
}

void pen_free(struct pen *pen)
{
    if (pen)
        pen->ops->free(pen);
}

void pen_segment(struct pen *pen, double x0, double y0, double x1, double y1, const struct paint *paint)
{
    pen->ops->move(pen, x0, y0);
    pen->ops->line(pen, x1, y1);
    pen->ops->paint(pen, paint);
}
