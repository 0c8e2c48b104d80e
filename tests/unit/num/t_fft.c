/* Fourier transforms against the sum that defines them, and there and back. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <complex.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "num/fft.h"

static void fill(struct fft_grid *grid, struct rng *rng)
{
    for (size_t k = 0; k < fft_grid_size(grid); k++) {
        grid->re[k] = rng_double(rng) - 0.5;
        grid->im[k] = rng_double(rng) - 0.5;
    }
}

static double complex defined(const struct fft_grid *grid, const int32_t k[3], bool back)
{
    double complex sum = 0;
    for (int32_t z = 0; z < grid->n[2]; z++)
        for (int32_t y = 0; y < grid->n[1]; y++)
            for (int32_t x = 0; x < grid->n[0]; x++) {
                size_t at = ((size_t)z * (size_t)grid->n[1] + (size_t)y) * (size_t)grid->n[0] + (size_t)x;
                double turns = (double)k[0] * x / grid->n[0] + (double)k[1] * y / grid->n[1] + (double)k[2] * z / grid->n[2];
                sum += (grid->re[at] + I * grid->im[at]) * cexp((back ? 2 : -2) * M_PI * I * turns);
            }
    return sum;
}

static void test_definition(void **state)
{
    (void)state;
    static const int32_t sizes[][3] = {{1, 1, 1}, {2, 1, 1}, {4, 8, 2}, {16, 1, 4}, {32, 4, 1}, {1, 16, 1}};
    struct rng rng;
    rng_init(&rng, 1);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int back = 0; back < 2; back++) {
            struct fft_grid grid, result;
            assert_int_equal(fft_grid_init(&grid, sizes[s], NULL), ISD_OK);
            assert_int_equal(fft_grid_init(&result, sizes[s], NULL), ISD_OK);
            fill(&grid, &rng);
            memcpy(result.re, grid.re, fft_grid_size(&grid) * sizeof *grid.re);
            memcpy(result.im, grid.im, fft_grid_size(&grid) * sizeof *grid.im);
            assert_int_equal(fft_grid_transform(&result, back, NULL, NULL), ISD_OK);
            for (int trial = 0; trial < 20; trial++) {
                int32_t k[3];
                for (int c = 0; c < 3; c++)
                    k[c] = (int32_t)rng_below(&rng, (uint32_t)grid.n[c]);
                size_t at = ((size_t)k[2] * (size_t)grid.n[1] + (size_t)k[1]) * (size_t)grid.n[0] + (size_t)k[0];
                double complex expected = defined(&grid, k, back);
                assert_true(cabs(expected - (result.re[at] + I * result.im[at])) < 1e-13 * (double)fft_grid_size(&grid));
            }
            fft_grid_done(&grid);
            fft_grid_done(&result);
        }
}

static void test_there_and_back(void **state)
{
    (void)state;
    static const int32_t size[3] = {32, 16, 64};
    struct fft_grid grid, kept;
    struct rng rng;
    rng_init(&rng, 2);
    assert_int_equal(fft_grid_init(&grid, size, NULL), ISD_OK);
    assert_int_equal(fft_grid_init(&kept, size, NULL), ISD_OK);
    fill(&grid, &rng);
    size_t n = fft_grid_size(&grid);
    memcpy(kept.re, grid.re, n * sizeof *grid.re);
    memcpy(kept.im, grid.im, n * sizeof *grid.im);
    assert_int_equal(fft_grid_transform(&grid, false, NULL, NULL), ISD_OK);
    assert_int_equal(fft_grid_transform(&grid, true, NULL, NULL), ISD_OK);
    for (size_t k = 0; k < n; k++) {
        assert_true(fabs(grid.re[k] / (double)n - kept.re[k]) < 1e-14);
        assert_true(fabs(grid.im[k] / (double)n - kept.im[k]) < 1e-14);
    }
    fft_grid_done(&grid);
    fft_grid_done(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definition), cmocka_unit_test(test_there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
