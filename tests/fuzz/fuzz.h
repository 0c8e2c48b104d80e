/* What all fuzz targets share. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A target is one function; fuzz_main.c makes a test of it (seeds and fixed mutations), libFuzzer a search (README.md). */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "isdmin/status.h"
#include "lib/must.h"

/* Inputs are at most so long. */
#define FUZZ_LONGEST 65536

/* Aborts when something that must hold does not; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What libFuzzer calls for a new input: fuzz_mutate among its own edits. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* The target says so of each input that gave anything; fuzz_accepted counts them. */
void fuzz_accept(void);
long fuzz_accepted(void);

/* Words of an error: no control characters, a sentence, and a place that begins with `where` ("": any). */
void fuzz_check_words(const isd_error *err, const char *where);

/* One or a few edits in place: bits, bytes, digits, pieces taken out, doubled or taken from `other`, words, numbers. */
size_t fuzz_mutate(struct rng *rng, uint8_t *data, size_t size, size_t most, const uint8_t *other, size_t other_size);

#endif
