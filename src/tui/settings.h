/* Settings of the full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include "tui/state.h"

/* `set`, as the table of commands has it. */
enum ask settings_run(struct tui *tui, const struct command_call *call, isd_error *err);

/* `glyphs`: the card, or a choice that is kept for the next runs. */
enum ask settings_glyphs(struct tui *tui, const struct command_call *call, isd_error *err);
/* What was kept of it. */
void settings_recall(struct tui *tui);

#endif
