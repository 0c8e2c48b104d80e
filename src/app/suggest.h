/* Near misses: which known name a mistyped word was meant to be. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SUGGEST_H
#define APP_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/* The best candidate so far. Start with { .word = what was typed }; `best` is borrowed from the candidates,
 * NULL if none is near enough (a third of the letters may differ, at least one; a candidate that begins with
 * the word is always near). */
struct suggestion {
    const char *word;
    const char *best;
    int distance;
};
void suggest_try(struct suggestion *suggestion, const char *candidate);

/* Is `word` one of the |-separated `choices`? */
bool choice_known(const char *choices, const char *word);
/* Choice k = 0, 1, ... copied to out; false past the last. A choice that does not fit is cut. */
bool choice_at(const char *choices, int k, char *out, size_t size);
/* The choice nearest to `word` copied to out; false when none is near. */
bool choice_suggest(const char *choices, const char *word, char *out, size_t size);

#endif
