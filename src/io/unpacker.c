/* What decoders of compressed files have in common. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/unpacker.h"

#include <stdio.h>
#include <stdlib.h>

int64_t unpacker_offset(const struct unpacker *u)
{
    return u->out + u->skip;
}

void unpacker_record(struct unpacker *u, struct source_index *index, int64_t spacing)
{
    source_index_unref(u->index);
    u->index = source_index_ref(index);
    u->spacing = spacing > 0 ? spacing : u->own_spacing;
}

bool unpacker_point_due(const struct unpacker *u)
{
    int32_t n = u->index != NULL ? source_index_count(u->index) : 0;
    int64_t last = n > 0 ? source_index_point(u->index, n - 1)->out : 0;
    return u->index != NULL && u->out >= last && u->out - last >= u->spacing;
}

void unpacker_fault(struct unpacker *u, enum source_fault fault, int64_t byte, const char *text)
{
    u->fault = fault;
    u->fault_byte = byte;
    snprintf(u->fault_text, sizeof u->fault_text, "%s", text);
}

void unpacker_done(struct unpacker *u)
{
    source_index_unref(u->index);
    free(u->bad);
}
