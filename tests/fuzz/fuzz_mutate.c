/* Edits of inputs, and what every target counts and checks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

static long accepted;

void fuzz_accept(void)
{
    accepted++;
}

long fuzz_accepted(void)
{
    return accepted;
}

void fuzz_check_words(const isd_error *err, const char *where)
{
    const char *const text[] = {err->where, err->what, err->hint};
    bool placed = strncmp(err->where, where, strlen(where)) == 0;
    if (err->status == ISD_OK || err->what[0] == '\0' || !placed)
        fprintf(stderr, "status %d, where '%s', what '%s'\n", (int)err->status, err->where, err->what);
    for (int k = 0; k < 3; k++)
        for (const char *p = text[k]; *p != '\0'; p++)
            MUST((unsigned char)*p >= 0x20 && *p != 0x7f);
    MUST(err->status != ISD_OK && err->what[0] != '\0' && placed);
}

static bool is_word(uint8_t c)
{
    return c > ' ' && c != '"' && c != '=' && c != ':' && c != ',' && c < 0x7f;
}

/* The word around a byte of the text. */
static size_t find_word(const uint8_t *text, size_t size, size_t at, size_t *ret_from)
{
    size_t end = at;
    while (at > 0 && is_word(text[at - 1]))
        at--;
    while (end < size && is_word(text[end]))
        end++;
    *ret_from = at;
    return end - at;
}

static bool is_number(const uint8_t *word, size_t length)
{
    return length > 0 && strchr("0123456789+-.", word[0]) != NULL;
}

/* Some word of the text takes the place of another one; of a few tries, one of its kind: what stands there stays a number or a name. */
static size_t swap_words(struct rng *rng, uint8_t *out, size_t size, size_t most)
{
    uint8_t word[64];
    size_t from, to, length = find_word(out, size, rng_below(rng, (uint32_t)size), &from), room = 0;
    for (int k = 0; k < 4; k++) {
        room = find_word(out, size, rng_below(rng, (uint32_t)size), &to);
        if (room > 0 && is_number(out + to, room) == is_number(out + from, length))
            break;
    }
    if (length == 0 || length > sizeof word || size - room + length > most)
        return size;
    memcpy(word, out + from, length);
    memmove(out + to + length, out + to + room, size - to - room);
    memcpy(out + to, word, length);
    return size - room + length;
}

/* A number of a binary file, on its boundary: small, large, negative or another one of the file. */
static void set_number(struct rng *rng, uint8_t *out, size_t size)
{
    static const int64_t values[] = {0, 1, 2, 3, -1, 5, 8, 64, 255, 256, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 4096};
    size_t width = rng_below(rng, 2) == 0 ? 4 : 8;
    if (size < 8)
        return;
    size_t at = rng_below(rng, (uint32_t)(size - 8) / 4 + 1) * 4;
    if (rng_below(rng, 3) == 0)
        memmove(out + at, out + rng_below(rng, (uint32_t)(size - 8) / 4 + 1) * 4, width);
    else
        memcpy(out + at, &values[rng_below(rng, sizeof values / sizeof *values)], width);
}

static const char *token_of(struct rng *rng)
{
    static const char *const tokens[] = {
        "ITEM:", "-1", "2147483648", "nan", "1e999", "0x1", "\n", " ", "xs", "id", "ATOMS", "\r\n", "Lattice=", "pos:R:3", "Atoms",
        "xlo xhi", "Direct", "\"", "{", "#", "0", "-0.5", "pair_style", "variable", "${", "$(", "v_a", "equal", "lj/cut", "&\n", ";",
        "quench", "frames", "0..5", "--", "'", "\\", "tw=", "inf", "1d5", "\x1b[", "\t", "Step ", "WARNING:"};
    return tokens[rng_below(rng, sizeof tokens / sizeof *tokens)];
}

size_t fuzz_mutate(struct rng *rng, uint8_t *out, size_t size, size_t most, const uint8_t *other, size_t other_size)
{
    uint32_t edits = rng_below(rng, 2) == 0 ? 1 : 1 + rng_below(rng, 3);
    for (; edits > 0 && size > 0; edits--) {
        size_t at = rng_below(rng, (uint32_t)size), length = 1 + rng_below(rng, 40);
        const char *token = token_of(rng);
        length = length < size - at ? length : size - at;
        switch (rng_below(rng, 10)) {
        case 0:
            out[at] ^= (uint8_t)(1u << rng_below(rng, 8));
            break;
        case 1:
            out[at] = (uint8_t)rng_below(rng, 256);
            break;
        case 2: /* most often harmless, so that what comes behind is reached */
        case 9:
            out[at] = (uint8_t)('0' + rng_below(rng, 10));
            break;
        case 3:
            memmove(out + at, out + at + length, size - at - length);
            size -= length;
            break;
        case 4:
            length = strlen(token) < size - at ? strlen(token) : size - at;
            memcpy(out + at, token, length);
            break;
        case 5:
            size = swap_words(rng, out, size, most);
            break;
        case 6:
            set_number(rng, out, size);
            break;
        case 7:
            if (size + length <= most) {
                memmove(out + at + length, out + at, size - at);
                size += length;
            }
            break;
        default:
            if (at + length <= other_size)
                memcpy(out + at, other + at, length);
            break;
        }
    }
    return size;
}
