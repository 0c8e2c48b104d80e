/* Shapes of a raster as elements of an SVG file. For raster.c. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_RASTER_SVG_H
#define VIEW_RASTER_SVG_H

#include "view/raster.h"

void raster_svg_dot(struct raster *raster, double x, double y, enum role role);
void raster_svg_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role);
void raster_svg_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role);
void raster_svg_head(struct raster *raster, double x0, double y0, double x1, double y1, enum role role);
void raster_svg_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role);

#endif
