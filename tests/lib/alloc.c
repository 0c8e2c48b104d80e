/* malloc and its kin, over the real ones. SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/alloc.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef ALLOC_SANITIZED /* they have their own malloc: the linker puts ours before it (--wrap) */
#define REAL(name) __real_##name
#define OURS(name) __wrap_##name
#else
#define REAL(name) __libc_##name
#define OURS(name) name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *block, size_t size);
void REAL(free)(void *block);
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t n, size_t size);
void *OURS(realloc)(void *block, size_t size);
void OURS(free)(void *block);
void *OURS(aligned_alloc)(size_t alignment, size_t size);
#ifdef ALLOC_SANITIZED
void *REAL(aligned_alloc)(size_t alignment, size_t size);
#else
void *REAL(memalign)(size_t alignment, size_t size);
#endif

static atomic_long calls, failures, fail_at, blocks;
static atomic_bool fail_on;
static atomic_long bytes, peak; /* below 0 where a library made a block that we free */

void alloc_fail(long nth, bool on)
{
    atomic_store(&fail_at, 0);
    atomic_store(&calls, 0);
    atomic_store(&failures, 0);
    atomic_store(&fail_on, on);
    atomic_store(&fail_at, nth);
}

long alloc_calls(void)
{
    return atomic_load(&calls);
}

long alloc_failures(void)
{
    return atomic_load(&failures);
}

long alloc_blocks(void)
{
    return atomic_load(&blocks);
}

long alloc_bytes(void)
{
    return atomic_load(&bytes);
}

long alloc_peak(void)
{
    return atomic_load(&peak);
}

void alloc_forget_peak(void)
{
    atomic_store(&peak, atomic_load(&bytes));
}

static bool refuse(void)
{
    long call = atomic_fetch_add(&calls, 1) + 1, at = atomic_load(&fail_at);
    if (at == 0 || (call != at && !(atomic_load(&fail_on) && call > at)))
        return false;
    atomic_fetch_add(&failures, 1);
    errno = ENOMEM;
    return true;
}

static void *counted(void *block)
{
    if (block == NULL)
        return NULL;
    atomic_fetch_add(&blocks, 1);
    long size = (long)malloc_usable_size(block), now = atomic_fetch_add(&bytes, size) + size, top = atomic_load(&peak);
    while (now > top && !atomic_compare_exchange_weak(&peak, &top, now))
        continue;
    return block;
}

static void forget(void *block)
{
    if (block == NULL)
        return;
    atomic_fetch_sub(&blocks, 1);
    atomic_fetch_sub(&bytes, (long)malloc_usable_size(block));
}

void *OURS(malloc)(size_t size)
{
    return refuse() ? NULL : counted(REAL(malloc)(size));
}

void *OURS(calloc)(size_t n, size_t size)
{
    return refuse() ? NULL : counted(REAL(calloc)(n, size));
}

void *OURS(realloc)(void *block, size_t size)
{
    if (refuse())
        return NULL;
    long before = block != NULL ? (long)malloc_usable_size(block) : 0;
    void *grown = REAL(realloc)(block, size);
    if (grown == NULL && size > 0)
        return NULL;
    if (block != NULL) {
        atomic_fetch_sub(&blocks, 1);
        atomic_fetch_sub(&bytes, before);
    }
    return counted(grown);
}

void OURS(free)(void *block)
{
    forget(block);
    REAL(free)(block);
}

void *OURS(aligned_alloc)(size_t alignment, size_t size)
{
#ifdef ALLOC_SANITIZED
    return refuse() ? NULL : counted(REAL(aligned_alloc)(alignment, size));
#else
    return refuse() ? NULL : counted(REAL(memalign)(alignment, size));
#endif
}

#ifndef ALLOC_SANITIZED /* not used by us, but whatever else makes blocks must be counted */
int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
    void *block = aligned_alloc(alignment, size);
    if (block == NULL)
        return ENOMEM;
    *ret_block = block;
    return 0;
}

void *memalign(size_t alignment, size_t size)
{
    return aligned_alloc(alignment, size);
}
#endif
