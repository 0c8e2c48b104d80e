/* What a set is called that nobody named. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SET_NAME_H
#define APP_SET_NAME_H

#include <stddef.h>

/* Of one file or folder: its name without the suffixes of formats. Of a pattern or several files: what their names begin with, else
 * the folder they are in. Escaped, never empty. */
void set_name_propose(const char *const *paths, int n, char *out, size_t size);

#endif
