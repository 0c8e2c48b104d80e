/* What was shown last, kept for `export`. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SHOWN_H
#define APP_SHOWN_H

#include "app/session.h"
#include "model/result.h"

/* Call before each command: the first result it shows replaces what was shown before. */
void session_show_begin(struct session *session);
/* Takes `result` over and keeps it. */
void session_show(struct session *session, struct result *result);
int session_shown_count(const struct session *session);
const struct result *session_shown(const struct session *session, int k);

/* Pictures are drawn by others than the session: results as the text of a file. ISD_UNSUPPORTED: of such results there is no picture. */
enum painting { PAINT_SVG, PAINT_GNUPLOT };
typedef isd_status paint_fn(const struct result *const *results, int n, enum painting kind, char **ret_text, isd_error *err);
void session_set_painter(struct session *session, paint_fn *paint); /* for `export` to .svg and .gp; NULL: refused */

/* Any text to a file, whole or not at all, and a message that it is there. */
isd_status session_write_text(struct session *session, const char *path, const char *text, size_t length, isd_error *err);

#endif
