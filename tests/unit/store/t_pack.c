/* Packed arrays come back bit by bit, and only whole. SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/pack.h"

static void doubles_bit_by_bit(void **state)
{
    enum { N = 10007 };
    double *values = malloc(N * sizeof *values), *back = malloc(N * sizeof *back);
    uint64_t word = 88172645463325252u;
    for (int i = 0; i < N; i++) { /* any bits: NaNs with their payload, infinities, denormals, -0 */
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        memcpy(&values[i], &word, sizeof word);
    }
    values[0] = -0.0;
    values[1] = INFINITY;
    values[2] = DBL_MIN / 2;
    for (size_t n = 0; n <= N; n = n < 20 ? n + 1 : n + 9987) {
        struct store_blob blob;
        assert_int_equal(store_pack_doubles(values, n, &blob, NULL), ISD_OK);
        assert_int_equal(store_unpack_doubles(&blob, n, back, NULL), ISD_OK);
        assert_memory_equal(values, back, n * sizeof *values);
        assert_int_equal(store_unpack_doubles(&blob, n + 1, back, NULL), ISD_DATA);
        if (n > 0)
            assert_int_equal(store_unpack_doubles(&blob, n - 1, back, NULL), ISD_DATA);
        store_blob_done(&blob);
    }
    free(values);
    free(back);
}

static void identities_shrink(void **state)
{
    enum { N = 4000 };
    int32_t shift[N] = {0}, back[N];
    struct store_blob blob;
    shift[7] = 5;
    shift[12] = INT32_MIN;
    assert_int_equal(store_pack_int32(shift, N, &blob, NULL), ISD_OK);
    assert_true(blob.size < 200);
    assert_int_equal(store_unpack_int32(&blob, N, back, NULL), ISD_OK);
    assert_memory_equal(shift, back, sizeof shift);
    double wide[N];
    assert_int_equal(store_unpack_doubles(&blob, N, wide, NULL), ISD_DATA);
    store_blob_done(&blob);
}

static void no_damage_goes_unseen(void **state)
{
    double values[30], back[30];
    struct store_blob blob;
    for (int i = 0; i < 30; i++)
        values[i] = sqrt(i + 0.1);
    assert_int_equal(store_pack_doubles(values, 30, &blob, NULL), ISD_OK);
    for (size_t bit = 0; bit < 8 * blob.size; bit++) {
        blob.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        /* A bit of the zlib head may say another window that serves as well. */
        if (store_unpack_doubles(&blob, 30, back, NULL) == ISD_OK)
            assert_memory_equal(values, back, sizeof values);
        blob.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t size = 0; size < blob.size; size++) {
        struct store_blob cut = {blob.bytes, size};
        assert_int_equal(store_unpack_doubles(&cut, 30, back, NULL), ISD_DATA);
    }
    store_blob_done(&blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_bit_by_bit),
        cmocka_unit_test(identities_shrink),
        cmocka_unit_test(no_damage_goes_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
