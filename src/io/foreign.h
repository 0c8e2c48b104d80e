/* Files that are not read, by what they begin with. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FOREIGN_H
#define IO_FOREIGN_H

#include <stddef.h>

struct foreign {
    const char *name; /* "a DCD trajectory" */
    const char *way;  /* what to do about it; NULL: have it written in a format that is read */
};

/* What these first bytes of a file are, or NULL. */
const struct foreign *foreign_find(const char *head, size_t length);

#endif
