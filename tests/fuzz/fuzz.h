/* A fuzz target is one function; fuzz_main.c makes a program of it, libFuzzer another one. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clang -g -O1 -DISD_HAVE_ZSTD -D_GNU_SOURCE -fsanitize=fuzzer,address,undefined -Isrc -Iinclude
 * tests/fuzz/fuzz_dump.c src/io/?*.c src/base/?*.c src/model/box.c
 * src/model/snapshot.c -lz -lzstd -lm -o fuzz_dump && ./fuzz_dump tests/fuzz/seeds */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Aborts when something that must hold does not; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Readings so far that gave anything. */
long fuzz_accepted(void);

#endif
