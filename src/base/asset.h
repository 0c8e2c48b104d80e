/* Files of assets/ that are part of the program. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

/* One file; lists of them are written by base/embed.c during the build and end with {0}. */
struct asset {
    const char *name; /* without its folder: "physics.txt" */
    const char *text; /* its bytes and a 0 */
};

#endif
