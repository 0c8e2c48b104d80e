/* OSC 52 in all its wrappings. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/clipboard.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

enum clipboard_way clipboard_find(const char *term, const char *tmux, const char *sty)
{
    static const char *const known[] = {"xterm", "rxvt", "st-", "foot", "alacritty", "wezterm", "contour", "vte", "konsole", "putty", "mintty"};
    if (!term)
        return CLIPBOARD_NONE;
    if ((tmux && *tmux) || begins(term, "tmux"))
        return CLIPBOARD_TMUX;
    if ((sty && *sty) || begins(term, "screen"))
        return CLIPBOARD_SCREEN;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (begins(term, known[k]))
            return CLIPBOARD_PLAIN;
    return CLIPBOARD_NONE;
}

static void encode(const char *bytes, size_t n, struct print_buffer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *from = (const unsigned char *)bytes;
    for (size_t k = 0; k < n; k += 3) {
        const size_t left = n - k;
        const uint32_t three = (uint32_t)from[k] << 16 | (left > 1 ? (uint32_t)from[k + 1] << 8 : 0) | (left > 2 ? from[k + 2] : 0);
        const char four[4] = {digits[three >> 18], digits[three >> 12 & 63], left > 1 ? digits[three >> 6 & 63] : '=', left > 2 ? digits[three & 63] : '='};
        print_bytes(out, four, sizeof four);
    }
}

static void put(struct print_buffer *out, const char *text)
{
    print_bytes(out, text, strlen(text));
}

/* As a string that the multiplexer hands through in pieces. */
static void write_pieces(const struct print_buffer *whole, struct print_buffer *out)
{
    enum { PIECE = 250 };
    for (size_t at = 0; at < whole->length; at += PIECE) {
        put(out, "\033P");
        print_bytes(out, whole->data + at, whole->length - at < PIECE ? whole->length - at : PIECE);
        put(out, "\033\\");
    }
}

void clipboard_write(enum clipboard_way way, const char *bytes, size_t n, struct print_buffer *out)
{
    struct print_buffer whole = {0};
    if (way == CLIPBOARD_NONE || n > CLIPBOARD_MOST)
        return;
    put(&whole, "\033]52;c;");
    encode(bytes, n, &whole);
    put(&whole, "\a");
    if (whole.failed)
        out->failed = true;
    else if (way == CLIPBOARD_SCREEN)
        write_pieces(&whole, out);
    else
        print_bytes(out, whole.data, whole.length);
    if (way == CLIPBOARD_TMUX && !whole.failed) { /* its own way, and that through it; in a string every ESC is two */
        put(out, "\033Ptmux;\033");
        print_bytes(out, whole.data, whole.length);
        put(out, "\033\\");
    }
    print_buffer_done(&whole);
}
