/* What the streams are connected to. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool terminal_is_usable(int fd)
{
    const char *name = getenv("TERM");
    return isatty(fd) && name && name[0] && strcmp(name, "dumb") != 0;
}

bool terminal_has_256_colours(int fd)
{
    const char *name = getenv("TERM"), *more = getenv("COLORTERM"), *none = getenv("NO_COLOR");
    return terminal_is_usable(fd) && !(none && none[0]) && (strstr(name, "256color") || (more && more[0]));
}

void terminal_size(int fd, int *ret_width, int *ret_height)
{
    struct winsize size = {0};
    bool known = ioctl(fd, TIOCGWINSZ, &size) == 0;
    *ret_width = known && size.ws_col > 0 ? size.ws_col : 80;
    *ret_height = known && size.ws_row > 0 ? size.ws_row : 24;
}

bool terminal_has_braille(void)
{
    const char *name = getenv("TERM");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && !(name && strcmp(name, "linux") == 0);
}
