/* Files made field by field out of fuzz bytes, with one or two fields spoilt. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_FUZZ_MAKER_H
#define TEST_FUZZ_MAKER_H

#include <stdbool.h>

#include "fuzz.h"

#define MAKER_SIZE 32768
#define MAKER_ATOMS 6
#define MAKER_FRAMES 3

/* What one frame holds, for comparing with what is read. */
struct made_frame {
    int n;
    long id[MAKER_ATOMS];
    int type[MAKER_ATOMS];
    double r[MAKER_ATOMS][3];
    bool has_ids, has_types, has_positions; /* comes out as it went in */
};

struct maker {
    const uint8_t *p, *end; /* fuzz bytes left; none: 0, which always means something sound */
    uint8_t out[MAKER_SIZE];
    size_t n;
    bool big;                 /* byte order of numbers */
    int field, spoil[2], how; /* fields so far; which are spoilt, -1: none */
    bool spoilt;              /* some field was */
    struct made_frame frame[MAKER_FRAMES];
    int n_frames;
};

void maker_init(struct maker *m, const uint8_t *data, size_t size);
/* 0 ... n-1 */
unsigned maker_dice(struct maker *m, unsigned n);

/* Text as it is; a field, which may come out spoilt; a number of those below. */
void maker_text(struct maker *m, const char *text);
void maker_bytes(struct maker *m, const void *data, size_t size);
void maker_field(struct maker *m, const char *text);
void maker_int(struct maker *m, long value);
/* The text of a number that float, double and decimals all hold exactly. */
const char *maker_number(struct maker *m, double *ret_value);
/* Binary fields. */
void maker_uint(struct maker *m, uint64_t value, int size);
void maker_double(struct maker *m, double value);
void maker_float(struct maker *m, float value);

/* The next frame's atoms: ids in any order, types 1 to 3, positions. */
struct made_frame *maker_frame(struct maker *m);

/* One file of each kind, 0 ... MAKER_KINDS-1, in m->out; m->frame is what it holds. */
#define MAKER_KINDS 7
void maker_make(struct maker *m, int kind);

#endif
