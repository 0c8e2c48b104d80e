/* Files that take their name only when they are whole. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DRAFT_H
#define IO_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/pack.h"

enum draft_coding { DRAFT_PLAIN, DRAFT_GZ, DRAFT_ZSTD };

/* Written to a temporary file beside the final one. Failures to write are kept until asked for. */
struct draft {
    char *path;      /* the final one, symbolic links followed */
    char *temporary; /* beside it */
    int fd;
    int failed; /* errno of the first failure, 0 if none */
    char *buffer;
    size_t used;
    struct pack pack; /* on the way out, if it is compressed */
};

/* ISD_UNSUPPORTED for a coding that this build does not have. */
isd_status draft_open(struct draft *draft, const char *path, enum draft_coding coding, isd_error *err);
/* Gives the file its name, or removes it; frees the draft. */
isd_status draft_commit(struct draft *draft, isd_error *err);
/* Nothing is left behind. */
void draft_drop(struct draft *draft);
isd_status draft_state(const struct draft *draft, isd_error *err);

void draft_put(struct draft *draft, const char *data, size_t length);
void draft_text(struct draft *draft, const char *format, ...) ISD_PRINTF(2, 3);
/* A number behind `lead` (none if it is NUL): seventeen significant digits, with a point in any locale. */
void draft_real(struct draft *draft, char lead, double value);
void draft_int(struct draft *draft, char lead, int64_t value);

#endif
