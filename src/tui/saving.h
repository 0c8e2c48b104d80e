/* Scripts: the commands that lead to what is seen now, and files of commands. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_SAVING_H
#define TUI_SAVING_H

#include "tui/state.h"

/* Writes them, whole or not at all. */
isd_status saving_write(const struct tui *tui, const char *path, isd_error *err);
/* All of a script as text, freed by the caller; NULL with errno. Scripts hold no NUL byte and at most 64 MB. */
char *saving_read(const char *path);
/* A text as one word of the command language, in quotes. */
void saving_quote(struct print_buffer *out, const char *text);
/* $XDG_CONFIG_HOME/isdmin/isdminrc, else ~/.config/isdmin/isdminrc; "" without a home. */
void saving_rc_path(char *out, size_t size);

/* The same for the next run, in the state folder; *ret_kept: there was something to look at, and it is written. */
isd_status saving_keep_last(const struct tui *tui, bool *ret_kept, isd_error *err);
/* The path of that; "" without a home. */
void saving_last_path(bool make, char *out, size_t size);

#endif
