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

/* Pictures are drawn by others than the session: results as the bytes of a file. ISD_UNSUPPORTED: of such results there is no picture,
 * or the program was built without what writes it. */
enum painting { PAINT_SVG, PAINT_GNUPLOT, PAINT_PDF, PAINT_PNG };
typedef isd_status paint_fn(const struct result *const *results, int n, enum painting kind, char **ret_bytes, size_t *ret_length,
                            isd_error *err);
void session_set_painter(struct session *session, paint_fn *paint); /* for `export` of pictures; NULL: refused */

/* What was shown last to a file, its format by the suffix, and a message that it is there. */
isd_status session_export(struct session *session, const char *path, isd_error *err);

/* Any text to a file, whole or not at all, and a message that it is there. */
isd_status session_write_text(struct session *session, const char *path, const char *text, size_t length, isd_error *err);
isd_status session_write_quietly(const char *path, const char *text, size_t length, isd_error *err); /* without one */

#endif
