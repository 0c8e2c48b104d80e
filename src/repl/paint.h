/* Pictures of what was shown: under tables at the prompt, and in files. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_PAINT_H
#define REPL_PAINT_H

#include "app/shown.h"
#include "repl/plot.h"

/* A paint_fn for sessions. */
isd_status paint_file(const struct result *const *results, int n, enum painting kind, char **ret_bytes, size_t *ret_length,
                      isd_error *err);

/* The picture of what was shown last as lines of text, freed by the caller; NULL when there is none. False: out of memory. */
bool paint_text(const struct session *session, const struct plot_place *place, char **ret_text);

#endif
