/* For libFuzzer: our edits among its own, and the count of accepted inputs at the end. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdbool.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* Executions in all, told with the share of those accepted: libFuzzer leaves through exit. */
static void tell(void)
{
    printf("accepted: %ld\n", fuzz_accepted());
    fflush(stdout);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    static bool ready;
    static struct rng rng;
    if (!ready) {
        atexit(tell);
        rng_init(&rng, seed);
        ready = true;
    }
    if (size == 0 || rng_below(&rng, 2) == 0)
        return LLVMFuzzerMutate(data, size, most);
    return fuzz_mutate(&rng, data, size, most, data, size);
}
