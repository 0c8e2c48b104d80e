/* Pastes in brackets. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/paste.h"

void paste_note(struct paste *paste, int byte)
{
    static const char common[] = "\033[20";
    enum { COMMON = sizeof common - 1 };
    if (paste->matched < COMMON) {
        paste->matched = byte == common[paste->matched] ? paste->matched + 1 : byte == common[0];
    } else if (paste->matched == COMMON && (byte == '0' || byte == '1')) {
        paste->which = (char)byte;
        paste->matched++;
    } else {
        if (paste->matched > COMMON && byte == '~')
            paste->open = paste->which == '0';
        paste->matched = byte == common[0];
    }
}

int paste_end(struct paste *paste)
{
    static const char end[] = "\033[201~";
    if (!paste->open)
        return -1;
    int byte = end[paste->closed++];
    if (!end[paste->closed])
        *paste = (struct paste){0};
    return byte;
}
