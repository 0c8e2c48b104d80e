/* What the streams are connected to. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_TERMINAL_H
#define REPL_TERMINAL_H

#include <stdbool.h>

/* A terminal that understands "erase the line": not a file, not TERM=dumb, not an unset TERM. */
bool terminal_is_usable(int fd);

/* Such a terminal with the palette of 256 colours, as TERM or COLORTERM says, and nobody said NO_COLOR. */
bool terminal_has_256_colours(int fd);

/* Columns and rows; 80x24 when unknown. */
void terminal_size(int fd, int *ret_width, int *ret_height);

/* May text hold braille: a UTF-8 locale, and not the Linux console, whose fonts have none. */
bool terminal_has_braille(void);

#endif
