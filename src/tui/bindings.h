/* Keys that the user has bound. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_BINDINGS_H
#define TUI_BINDINGS_H

#include "app/sight.h"

struct extra_bindings;

/* view: a name or "all". A second binding of the same key in the same view takes the place of the first. ISD_USAGE: no such view or
 * key, or a command that cannot be read. */
isd_status bindings_add(struct extra_bindings **bindings, const char *view, const char *key, const char *command, isd_error *err);
void bindings_free(struct extra_bindings *bindings);
/* The command of a key in a view, the one bound last; NULL: none. */
const char *bindings_find(const struct extra_bindings *bindings, enum view_id view, const char *key);

#endif
