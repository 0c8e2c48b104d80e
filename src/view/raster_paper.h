/* Shapes of a raster on paper. For raster.c. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_RASTER_PAPER_H
#define VIEW_RASTER_PAPER_H

#include "view/raster.h"

void raster_paper_dot(struct raster *raster, double x, double y, enum role role);
void raster_paper_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role);
void raster_paper_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role);
void raster_paper_head(struct raster *raster, double x0, double y0, double x1, double y1, enum role role);
void raster_paper_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role);

#endif
