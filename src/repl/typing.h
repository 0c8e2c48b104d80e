/* Keys typed at the prompt, one at a time, never waited for in vain. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_TYPING_H
#define REPL_TYPING_H

#include <stdbool.h>

/* From now on readline gets its keys from typing_take alone. Ctrl-C makes the terminal drop what was typed before it, also
 * between poll() and read(): readline's own read would then wait, deaf to the Ctrl-C, for one key more. */
void typing_begin(void);

/* Lets the terminal give single keys, or nothing at once; readline's terminal settings otherwise. */
void typing_prepare(int meta);

enum typed { TYPED_KEY, TYPED_NOTHING, TYPED_END };

/* The key that is there, for the next rl_callback_read_char(); TYPED_NOTHING when it was dropped meanwhile, TYPED_END when the
 * terminal is gone. */
enum typed typing_take(void);

/* With Ctrl-C the terminal has dropped what was typed before it; so is what was already taken from there. */
void typing_drop(void);

/* Is there a key that was read from the terminal and not yet taken by readline? */
bool typing_left(void);

#endif
