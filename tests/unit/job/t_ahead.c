/* Working ahead: order, errors after what came before them, leaving early. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "job/ahead.h"

/* Counts slots, up to one that is the last or fails. */
struct counter {
    int next, last, bad;
};

static isd_status count(void *arg, void *slot, bool *ret_last, isd_error *err)
{
    struct counter *counter = arg;
    int **place = slot; /* zero at first, kept from use to use */
    if (counter->next == counter->bad)
        return isd_error_set(err, ISD_IO, "number %d", counter->next);
    if (*place == NULL)
        *place = malloc(sizeof **place);
    if (*place == NULL)
        return isd_error_memory(err);
    **place = counter->next;
    *ret_last = counter->next++ == counter->last;
    return ISD_OK;
}

static void drop(void *slot)
{
    int **place = slot;
    free(*place);
}

static void in_order_to_the_end(void **state)
{
    (void)state;
    for (int slots = 1; slots < 5; slots++) {
        for (int n = 1; n < 400; n += 57) {
            struct counter counter = {.last = n - 1, .bad = n % 2 ? -1 : n / 2};
            struct job_ahead *ahead = NULL;
            isd_error err;
            void *slot = NULL;
            assert_int_equal(job_ahead_new(slots, sizeof(int *), count, &counter, &ahead, &err), ISD_OK);
            for (int k = 0; k < (counter.bad < 0 ? n : counter.bad); k++) {
                assert_int_equal(job_ahead_next(ahead, &slot, &err), ISD_OK);
                assert_true(slot != NULL && **(int **)slot == k);
            }
            for (int again = 0; again < 2; again++) {
                assert_int_equal(job_ahead_next(ahead, &slot, &err), counter.bad < 0 ? ISD_OK : ISD_IO);
                assert_true(counter.bad >= 0 || slot == NULL);
            }
            job_ahead_free(ahead, drop);
        }
    }
}

static void left_early(void **state)
{
    (void)state;
    for (int k = 0; k < 300; k++) {
        struct counter counter = {.last = -1, .bad = -1};
        struct job_ahead *ahead = NULL;
        void *slot;
        assert_int_equal(job_ahead_new(1 + k % 3, sizeof(int *), count, &counter, &ahead, NULL), ISD_OK);
        for (int taken = 0; taken < k % 7; taken++)
            assert_int_equal(job_ahead_next(ahead, &slot, NULL), ISD_OK);
        job_ahead_free(ahead, drop);
        assert_true(counter.next <= k % 7 + 1 + k % 3); /* no further than the slots reach */
    }
    job_ahead_free(NULL, drop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_order_to_the_end), cmocka_unit_test(left_early)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
