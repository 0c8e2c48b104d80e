/* What terminfo says of the terminal, for the wire. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_TERMINFO_H
#define TUI_TERMINFO_H

#include "tui/wire.h"

/* After setupterm or newterm. Can it place its cursor at all; does it do so as ECMA-48 says? */
bool terminfo_moves(void);
bool terminfo_is_ecma(void);
/* colours: how many of the palette are to be used, 0: none. */
void terminfo_learn(int colours, struct wire_terminal *ret_terminal);

#endif
