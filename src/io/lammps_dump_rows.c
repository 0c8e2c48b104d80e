/* Rows fast: first where words end, many at a time, then their numbers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_dump_rows.h"

#include "base/scan_word.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes looked through at a time: what is found fits the first-level cache. */
#define STRETCH 4096
#define GROUP 64

/* Where blanks are, one for each word or more. */
struct ends {
    int n;
    uint16_t at[STRETCH + GROUP]; /* those behind n are nothing */
};

/* The columns that are read. */
struct plan {
    int n;
    struct {
        int32_t column;
        unsigned use;
    } used[10]; /* id, type, three positions, three images */
};

/* One bit for each of sixty-four bytes that is a blank or below, the first one lowest. */
static inline uint64_t blanks_of(const char *p)
{
    uint64_t mask = 0;
#ifdef __SSE2__
    const __m128i blank = _mm_set1_epi8(' ');
    for (int k = 0; k < 4; k++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * k));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, blank), bytes)) << 16 * k;
    }
#else
    for (int k = 0; k < 8; k++) {
        uint64_t word = scan_load(p + 8 * k);
        uint64_t text = ((word & 0x7f7f7f7f7f7f7f7full) + 0x5f5f5f5f5f5f5f5full) | word;
        mask |= ((~text & 0x8080808080808080ull) >> 7) * 0x0102040810204080ull >> 56 << 8 * k;
    }
#endif
    return mask;
}

static inline int count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555ull;
    x = (x & 0x3333333333333333ull) + (x >> 2 & 0x3333333333333333ull);
    return (int)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0full) * 0x0101010101010101ull >> 56);
}

/* The blanks among text[0 ... length), length <= STRETCH, in whole groups; a group that is not whole is left out. */
static void find_ends(const char *text, size_t length, struct ends *ends)
{
    int n = 0;
    for (size_t from = 0; from + GROUP <= length; from += GROUP) {
        uint64_t mask = blanks_of(text + from);
        int count = count_bits(mask);
        uint16_t *at = ends->at + n;
        for (int k = 0; k < 12; k++) { /* mostly all: how many exactly is no branch */
            at[k] = (uint16_t)(from + (size_t)__builtin_ctzll(mask | (uint64_t)1 << 63));
            mask &= mask - 1;
        }
        for (int k = 12; k < count; k++) {
            at[k] = (uint16_t)(from + (size_t)__builtin_ctzll(mask));
            mask &= mask - 1;
        }
        n += count;
    }
    ends->n = n;
}

/* False if a column is of a kind that is not read here. */
static bool make_plan(const struct dump_columns *columns, struct plan *plan)
{
    plan->n = 0;
    for (int32_t c = 0; c < columns->n; c++) {
        if (columns->use[c] == COLUMN_ELEMENT)
            return false;
        if (columns->use[c] != COLUMN_SKIP) {
            plan->used[plan->n].column = c;
            plan->used[plan->n++].use = columns->use[c];
        }
    }
    return columns->n < STRETCH / 4;
}

/* One value, the word p ... stop. */
static inline bool take_value(unsigned use, const char *p, const char *stop, isd_snapshot *s, size_t i)
{
    int64_t value;
    switch (use) {
    case COLUMN_POSITION:
    case COLUMN_POSITION + 1:
    case COLUMN_POSITION + 2:
        return scan_word_double(p, stop, &s->position[3 * i + (use - COLUMN_POSITION)]);
    case COLUMN_ID:
        return scan_word_int64(p, stop, &s->id[i]) && s->id[i] > 0;
    case COLUMN_TYPE:
        if (!scan_word_int64(p, stop, &value) || value < 1 || value > ISD_MAX_TYPES)
            return false;
        s->type[i] = (int32_t)value;
        return true;
    default:
        if (!scan_word_int64(p, stop, &value) || value < INT32_MIN || value > INT32_MAX)
            return false;
        s->image[3 * i + (use - COLUMN_IMAGE)] = (int32_t)value;
        return true;
    }
}

/* A row of single blanks between words, perhaps one behind the last, from `from` on; its blanks begin with at[0], and there are
 * enough of them. Returns how many are its own, 0 if it is unusual. */
static inline int take_row(const struct dump_columns *columns, const struct plan *plan, const char *text, size_t from,
                           const uint16_t *at, isd_snapshot *s, size_t i)
{
    int32_t last = columns->n - 1;
    unsigned wrong = at[0] == from;
    for (int32_t c = 0; c < last; c++)
        wrong |= (unsigned)(text[at[c]] ^ ' ') | (unsigned)(at[c + 1] - at[c] == 1);
    bool trailing = text[at[last]] == ' ' && at[last + 1] == at[last] + 1;
    wrong |= (unsigned)(text[at[last + trailing]] ^ '\n');
    if (wrong != 0)
        return 0;
    for (int k = 0; k < plan->n; k++) {
        int32_t c = plan->used[k].column;
        const char *p = text + (c > 0 ? (size_t)at[c - 1] + 1 : from);
        if (!take_value(plan->used[k].use, p, text + at[c], s, i))
            return 0;
    }
    return last + 1 + trailing;
}

int32_t dump_rows_take(const struct dump_columns *columns, const char *text, size_t length, int32_t first, int32_t most,
                       isd_snapshot *snapshot, size_t *ret_bytes)
{
    struct ends ends;
    struct plan plan;
    size_t from = 0; /* of the next row */
    int32_t taken = 0;
    bool going = make_plan(columns, &plan);
    while (going && taken < most) {
        const char *start = text + from;
        size_t row = 0, left = length - from;
        int k = 0;
        find_ends(start, left < STRETCH ? left : STRETCH, &ends);
        going = false; /* until a row is taken: what is left may be no whole row */
        while (taken < most && ends.n - k > columns->n) {
            int blanks = take_row(columns, &plan, start, row, ends.at + k, snapshot, (size_t)(first + taken));
            if (blanks == 0)
                break;
            k += blanks;
            row = (size_t)ends.at[k - 1] + 1;
            taken++;
            going = true;
        }
        from += row;
    }
    *ret_bytes = from;
    return taken;
}
