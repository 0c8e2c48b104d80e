/* Text that came from outside, made safe to show; small string helpers. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* Copy `text` to out[size] with control characters (C0, DEL, and C1 as bytes or as U+0080..U+009F), invalid UTF-8 and bidirectional
 * overrides written as \xNN. Always terminated; cut before a character that does not fit. Returns strlen(out). */
size_t text_escape(const char *text, size_t length, char *out, size_t size);

/* Compare as people sort: runs of digits by value ("inherent.2" < "inherent.10"), the rest by byte. */
int text_compare_natural(const char *a, const char *b);

/* Edit distance with swaps, for "did you mean"; strings longer than 31 bytes give 99. */
int text_distance(const char *a, const char *b);

/* Number of columns `text` (UTF-8, escaped already) takes on a terminal, by wcwidth in a UTF-8 locale, else bytes. */
int text_width(const char *text);

#endif
