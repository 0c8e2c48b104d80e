/* p(u) against g(r) as lines of text: the command `plot`. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_PLOT_H
#define REPL_PLOT_H

#include "app/option.h"
#include "app/sight.h"
#include "view/plot.h"

/* Columns and rows of the picture, and its glyphs. */
struct plot_place {
    int width, height;
    enum glyph_tier tier;
    bool colour; /* levels of a ramp may be sent as colours: never where the output is no terminal */
};

/* The terminal on standard output, else 72x18; ASCII where asked for or where nothing else can be shown. */
struct plot_place plot_place_here(bool ascii, enum color_choice color);

/* Plots what is looked at: to sink->text go a title, the picture and the hop signature in words. ASK_PENDING: run again,
 * nothing was output. */
enum ask plot_sight(struct sight *sight, const struct plot_place *place, const struct command_sink *sink, isd_error *err);

/* The same text from plain data; freed by the caller, NULL when out of memory. */
char *plot_text(const struct sight *sight, const struct sight_pu *pu, const char *title, const char *who, const char *length_unit,
                const struct plot_place *place);

/* What `fidelity` has just shown, as a picture under it; NULL when out of memory or there is nothing to draw. */
char *plot_fidelity(const struct session *session, const struct plot_place *place);

#endif
