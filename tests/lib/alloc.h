/* Memory that fails when told to, and counts what is in use. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alloc.c takes the place of malloc in the whole program (glibc). Under sanitizers it stands before it for our own code only
 * (link with alloc_link_args), and blocks are not counted exactly: there the sanitizer finds leaks. */
#ifndef TEST_ALLOC_H
#define TEST_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALLOC_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOC_SANITIZED
#endif
#ifdef ALLOC_SANITIZED
#define ALLOC_COUNTS_BLOCKS 0
#else
#define ALLOC_COUNTS_BLOCKS 1
#endif

/* Call number `nth` from now on (from 1) gets NULL, with `on` all later ones too; 0: none. Any thread. */
void alloc_fail(long nth, bool on);
/* Calls since then; those that were refused. */
long alloc_calls(void);
long alloc_failures(void);

/* Blocks and bytes in use; the most bytes since alloc_forget_peak. */
long alloc_blocks(void);
long alloc_bytes(void);
long alloc_peak(void);
void alloc_forget_peak(void);

#endif
