/* Runs a fuzz target over its seeds and over a number of mutations of them, always the same ones.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: fuzz_NAME MUTATIONS FILE|DIRECTORY... */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/rng.h"
#include "base/scan.h"
#include "fuzz.h"

#define MAX_SEEDS 256
#define MAX_SIZE 65536

struct seeds {
    uint8_t *data[MAX_SEEDS];
    size_t size[MAX_SEEDS];
    int n;
};

static void add_file(struct seeds *seeds, const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(MAX_SIZE);
    if (file == NULL || data == NULL || seeds->n == MAX_SEEDS) {
        fprintf(stderr, "cannot take the seed %s\n", path);
        exit(1);
    }
    seeds->data[seeds->n] = data;
    seeds->size[seeds->n++] = fread(data, 1, MAX_SIZE, file);
    fclose(file);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_path(struct seeds *seeds, const char *path)
{
    struct dirent **list = NULL;
    int n = scandir(path, &list, NULL, by_name);
    if (n < 0)
        add_file(seeds, path);
    for (int k = 0; k < n; k++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, list[k]->d_name);
        if (list[k]->d_name[0] != '.')
            add_file(seeds, name);
        free(list[k]);
    }
    free(list);
}

static bool is_word(uint8_t c)
{
    return c > ' ' && c != '"' && c != '=' && c != ':' && c != ',' && c < 0x7f;
}

/* Some word of the text takes the place of another one: what stands there stays a number or a name. */
static size_t swap_words(struct rng *rng, uint8_t *out, size_t size)
{
    size_t from[2], length[2];
    for (int k = 0; k < 2; k++) {
        size_t at = rng_below(rng, (uint32_t)size), end;
        while (at > 0 && is_word(out[at - 1]))
            at--;
        for (end = at; end < size && is_word(out[end]);)
            end++;
        from[k] = at;
        length[k] = end - at;
    }
    uint8_t word[64];
    if (length[0] == 0 || length[0] > sizeof word || size - length[1] + length[0] > MAX_SIZE)
        return size;
    memcpy(word, out + from[0], length[0]);
    memmove(out + from[1] + length[0], out + from[1] + length[1], size - from[1] - length[1]);
    memcpy(out + from[1], word, length[0]);
    return size - length[1] + length[0];
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

/* One or a few edits: bits, bytes, digits, pieces taken out, doubled or taken from another seed, words, numbers. */
static size_t mutate(struct rng *rng, const struct seeds *seeds, uint8_t *out)
{
    static const char tokens[][12] = {"ITEM:", "-1", "2147483648", "nan", "1e999", "0x1", "\n", " ", "xs", "id", "ATOMS", "\r\n",
                                        "Lattice=", "pos:R:3", "Atoms", "xlo xhi", "Direct", "\"", "{", "#", "0", "-0.5"};
    int first = (int)rng_below(rng, (uint32_t)seeds->n), other = (int)rng_below(rng, (uint32_t)seeds->n);
    size_t size = seeds->size[first];
    memcpy(out, seeds->data[first], size);
    for (uint32_t edits = 1 + rng_below(rng, 3); edits > 0 && size > 0; edits--) {
        size_t at = rng_below(rng, (uint32_t)size), length = 1 + rng_below(rng, 40);
        const char *token = tokens[rng_below(rng, sizeof tokens / sizeof *tokens)];
        length = length < size - at ? length : size - at;
        switch (rng_below(rng, 8)) {
        case 0:
            out[at] ^= (uint8_t)(1u << rng_below(rng, 8));
            break;
        case 1:
            out[at] = (uint8_t)rng_below(rng, 256);
            break;
        case 2:
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
            size = swap_words(rng, out, size);
            break;
        case 6:
            set_number(rng, out, size);
            break;
        default:
            if (at + length <= seeds->size[other])
                memcpy(out + at, seeds->data[other] + at, length);
            break;
        }
    }
    return size;
}

int main(int argc, char **argv)
{
    struct seeds seeds = {.n = 0};
    struct rng rng;
    rng_init(&rng, 1);
    int64_t mutations = 0;
    if (argc > 1 && !scan_whole_int64(argv[1], &mutations))
        argc = 1;
    for (int k = 2; k < argc; k++)
        add_path(&seeds, argv[k]);
    if (seeds.n == 0) {
        fprintf(stderr, "usage: %s MUTATIONS SEED...\n", argv[0]);
        return 2;
    }
    for (int k = 0; k < seeds.n; k++)
        LLVMFuzzerTestOneInput(seeds.data[k], seeds.size[k]);
    for (int64_t k = 0; k < mutations; k++) {
        uint8_t *work = malloc(MAX_SIZE);
        size_t size = work != NULL ? mutate(&rng, &seeds, work) : 0;
        /* exactly as long as it is, so that the address sanitizer sees the end */
        uint8_t *exact = size > 0 ? realloc(work, size) : NULL;
        if (exact != NULL)
            LLVMFuzzerTestOneInput(exact, size);
        free(exact != NULL ? exact : work);
    }
    printf("%d seeds, %lld mutations, %ld readings gave frames\n", seeds.n, (long long)mutations, fuzz_accepted());
    for (int k = 0; k < seeds.n; k++)
        free(seeds.data[k]);
    return 0;
}
