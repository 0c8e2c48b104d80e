/* Rows of dumps taken fast, by each kernel: the bits that strtod gives, and nothing taken that is unusual.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: t_dump_rows [ROOT [HUNDREDS OF THOUSANDS OF ROWS]] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/rng.h"
#include "base/scan_word.h"
#include "io/lammps_dump_rows.h"

#define ROWS 1000
#define ROOM (ROWS * 400)

static long rounds = 340; /* of ROWS rows of three numbers: a million */

static dump_rows_fn *const kernel[] = {dump_rows_plain, dump_rows_avx2};

/* Is this kernel for the processor that runs the tests? */
static bool runs(int k)
{
    return k == 0 || dump_rows_best() == kernel[k];
}

/* As simulations print them, and as they hardly do. */
static int print_number(struct rng *rng, char *text, size_t size)
{
    double value = rng_below(rng, 2) ? 60 * rng_double(rng) : rng_normal(rng) * pow(10, (double)rng_below(rng, 9) - 4);
    switch (rng_below(rng, 8)) {
    case 0:
        return snprintf(text, size, "%.*f", (int)rng_below(rng, 14), value);
    case 1:
        return snprintf(text, size, "%.*g", 1 + (int)rng_below(rng, 18), value);
    case 2:
        return snprintf(text, size, "%.10g", value);
    case 3:
        return rng_below(rng, 20) ? snprintf(text, size, "%.15g", value) : snprintf(text, size, "%.0f.", value);
    case 4:
        return rng_below(rng, 20) ? snprintf(text, size, "%.6e", value) : snprintf(text, size, "+%g", fabs(value));
    default:
        return snprintf(text, size, "%g", value);
    }
}

struct table {
    char *text; /* SCAN_WORD_BEFORE blanks come before it */
    size_t length;
    double r[3 * ROWS];
};

static void make_rows(struct rng *rng, struct table *t)
{
    bool trailing = rng_below(rng, 2);
    t->length = 0;
    for (int i = 0; i < ROWS; i++) {
        char *p = t->text + t->length;
        p += sprintf(p, "%d %d ", i + 1, 1 + (int)rng_below(rng, rng_below(rng, 2) ? 2 : 64));
        for (int d = 0; d < 3; d++) {
            int n = print_number(rng, p, 40);
            t->r[3 * i + d] = strtod(p, NULL);
            p += n;
            *p++ = ' ';
        }
        p += sprintf(p, "%d %g", (int)rng_below(rng, 5) - 2, rng_normal(rng));
        if (trailing)
            *p++ = ' ';
        *p++ = '\n';
        t->length = (size_t)(p - t->text);
    }
}

static unsigned char use[] = {COLUMN_ID, COLUMN_TYPE, COLUMN_POSITION, COLUMN_POSITION + 1, COLUMN_POSITION + 2, COLUMN_IMAGE, COLUMN_SKIP};
static const struct dump_columns columns = {.n = 7, .use = use};

static isd_snapshot *room(void)
{
    isd_snapshot *s = NULL;
    assert_int_equal(isd_snapshot_new(ROWS, true, &s, NULL), ISD_OK);
    return s;
}

static void same_bits_as_strtod(void **state)
{
    (void)state;
    char *memory = malloc(SCAN_WORD_BEFORE + ROOM);
    struct table *t = malloc(sizeof *t);
    isd_snapshot *s = room();
    struct rng rng;
    assert_true(memory != NULL && t != NULL);
    memset(memory, ' ', SCAN_WORD_BEFORE);
    rng_init(&rng, 21);
    t->text = memory + SCAN_WORD_BEFORE;
    for (long round = 0; round < rounds; round++) {
        make_rows(&rng, t);
        for (int k = 0; k < 2; k++) {
            size_t bytes = 0;
            if (!runs(k))
                continue;
            memset(s->position, 0x55, sizeof t->r);
            int32_t taken = kernel[k](&columns, t->text, t->length, 0, ROWS, s, &bytes);
            assert_true(taken >= ROWS - 4); /* the last ones may be in a group that is not whole */
            assert_true(bytes <= t->length && (bytes == 0 || t->text[bytes - 1] == '\n'));
            if (memcmp(s->position, t->r, 24 * (size_t)taken) != 0)
                for (int i = 0; i < 3 * taken; i++)
                    if (memcmp(&s->position[i], &t->r[i], 8) != 0)
                        fail_msg("kernel %d: %.17g, expected %.17g", k, s->position[i], t->r[i]);
            assert_true(s->id[taken - 1] == taken && s->image[3 * taken - 3] >= -2 && s->image[3 * taken - 3] <= 2);
        }
    }
    print_message("%ld numbers\n", 3L * ROWS * rounds);
    isd_snapshot_unref(s);
    free(t);
    free(memory);
}

/* One byte of a row made wrong: it and what follows are left to the slow road, unless the row is still right. */
static void unusual_rows_are_left(void **state)
{
    (void)state;
    static const char bytes[] = {'\t', '\r', '\0', 'x', '-', '.', 'e', ' ', '\n', '\v', (char)0xa0, '7', '+', ','};
    char memory[SCAN_WORD_BEFORE + 4096];
    isd_snapshot *s = room();
    memset(memory, ' ', sizeof memory);
    char *text = memory + SCAN_WORD_BEFORE;
    size_t length = 0, begin = 0;
    for (int i = 0; i < 40; i++) {
        if (i == 20)
            begin = length;
        length += (size_t)sprintf(text + length, "%d 1 1.25 -12.5 0.5 0 7.5\n", i + 1);
    }
    size_t last = (size_t)(strstr(text + begin, "7.5") - text);
    for (size_t at = begin; text[at] != '\n' || at == begin; at++) {
        for (size_t b = 0; b < sizeof bytes; b++) {
            char before = text[at];
            int32_t taken[2];
            text[at] = bytes[b];
            for (int k = 0; k < 2; k++) {
                size_t used = 0;
                taken[k] = (runs(k) ? kernel[k] : kernel[0])(&columns, text, length, 0, ROWS, s, &used);
                assert_true(taken[k] >= 20 || (unsigned char)bytes[b] <= ' '); /* blanks side by side are seen for many rows at once */
                /* nobody reads the last column, and it may end earlier */
                bool ignored = (at >= last && (unsigned char)bytes[b] > ' ') || (at > last && strchr(" \n", bytes[b]) != NULL);
                if (taken[k] > 20)
                    assert_true(ignored || bytes[b] == before || memchr("-+.e7", bytes[b], 5) != NULL);
            }
            assert_int_equal(taken[0], taken[1]);
            text[at] = before;
        }
    }
    isd_snapshot_unref(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits_as_strtod), cmocka_unit_test(unusual_rows_are_left)};
    if (argc > 2)
        rounds = 100 * strtol(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
