/* Building results: order, copies, nulls, ownership. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/result.h"

static void test_scalars(void **state)
{
    struct result *result = result_new("match", RESULT_RECORD);
    char name[] = "d_min", word[] = "raw";
    result_real(result, name, "sigma", 0.25);
    result_text(result, "of", word);
    name[0] = word[0] = 'X'; /* both were copied */
    result_int(result, "n", INT64_MAX);
    result_bool(result, "certified", true);
    result_null(result, "gap");
    result_real(result, "nan", "", NAN);
    result_real(result, "inf", "", -INFINITY);
    result_text(result, "none", NULL);
    assert_false(result_failed(result));
    assert_string_equal(result_command(result), "match");
    assert_int_equal(result_n_fields(result), 8);
    const struct field *field = result_field(result, 0);
    assert_string_equal(field->name, "d_min");
    assert_string_equal(field->unit, "sigma");
    assert_int_equal(field->kind, VALUE_REAL);
    assert_true(field->real == 0.25);
    assert_string_equal(result_find(result, "of")->text, "raw");
    assert_true(result_find(result, "n")->integer == INT64_MAX);
    assert_string_equal(result_find(result, "n")->unit, "");
    assert_true(result_find(result, "certified")->boolean);
    const char *nulls[] = {"gap", "nan", "inf", "none"};
    for (int k = 0; k < 4; k++) {
        assert_int_equal(result_find(result, nulls[k])->kind, VALUE_NULL);
    }
    assert_null(result_find(result, "other"));
    assert_null(result_field(result, 8));
    result_free(result);
}

static void test_arrays(void **state)
{
    struct result *result = result_new("gr", RESULT_CURVES);
    double reals[3] = {1, NAN, 3};
    int64_t ints[2] = {7, RESULT_INT_NULL};
    const char *texts[2] = {"a", NULL};
    bool bools[2] = {true, false};
    result_ints(result, "frames", ints, 2);
    result_reals(result, "r", "A", reals, 3);
    result_texts(result, "names", texts, 2);
    result_bools(result, "periodic", bools, 2);
    result_reals(result, "none", "", NULL, 0);
    reals[0] = 9;
    ints[0] = 9;
    texts[0] = "b";
    bools[0] = false;
    assert_false(result_failed(result));
    assert_true(result_find(result, "r")->reals[0] == 1.0);
    assert_true(result_find(result, "frames")->ints[0] == 7);
    assert_string_equal(result_find(result, "names")->texts[0], "a");
    assert_null(result_find(result, "names")->texts[1]);
    assert_true(result_find(result, "periodic")->bools[0]);
    assert_int_equal(result_find(result, "none")->length, 0);
    assert_int_equal(result_n_rows(result), 3); /* of the reals: the list of frames is no column */
    result_free(result);
}

static void test_rows(void **state)
{
    struct result *result = result_new("snapshot", RESULT_ROWS);
    assert_int_equal(result_n_rows(result), 0);
    result_int(result, "frame", 0);
    assert_int_equal(result_n_rows(result), 0);
    int64_t id[2] = {1, 2}, image[6] = {0};
    result_ints(result, "id", id, 2);
    result_ints(result, "image", image, 6);
    assert_int_equal(result_n_rows(result), 2);
    result_free(result);
}

static void test_lists_and_objects(void **state)
{
    struct result *result = result_new("info", RESULT_RECORD);
    for (int k = 0; k < 100; k++) {
        struct result *item = result_new(NULL, RESULT_RECORD);
        result_int(item, "type", k);
        result_append(result, "types", item);
    }
    struct result *box = result_new(NULL, RESULT_RECORD);
    result_real(box, "lx", "", 2);
    result_object(result, "box", box);
    result_empty_list(result, "notes");
    assert_false(result_failed(result));
    assert_int_equal(result_n_fields(result), 3);
    const struct field *types = result_find(result, "types");
    assert_int_equal(types->kind, VALUE_LIST);
    assert_int_equal(types->length, 100);
    for (int k = 0; k < 100; k++) {
        assert_true(result_find(types->list[k], "type")->integer == k);
    }
    assert_ptr_equal(result_find(result, "box")->object, box);
    assert_null(result_command(box));
    assert_int_equal(result_find(result, "notes")->length, 0);
    result_free(result);
}

/* What cannot be built fails as a whole, and nothing that was handed over leaks. */
static void test_failure(void **state)
{
    struct result *result = result_new("x", RESULT_RECORD);
    result_object(result, "part", NULL);
    assert_true(result_failed(result));
    size_t n = result_n_fields(result);
    result_int(result, "later", 1);
    result_object(result, "later", result_new(NULL, RESULT_RECORD));
    result_append(result, "later", result_new(NULL, RESULT_RECORD));
    result_mark(result, "later");
    assert_int_equal(result_n_fields(result), n);
    assert_null(result_mark_text(result));
    result_free(result);

    result = result_new("x", RESULT_RECORD);
    result_int(result, "number", 1);
    result_append(result, "number", result_new(NULL, RESULT_RECORD)); /* not a list */
    assert_true(result_failed(result));
    result_free(result);

    assert_true(result_failed(NULL));
    result_real(NULL, "a", "", 1);
    result_texts(NULL, "a", NULL, 0);
    result_append(NULL, "a", result_new(NULL, RESULT_RECORD));
    result_object(NULL, "a", result_new(NULL, RESULT_RECORD));
    result_mark(NULL, "a");
    assert_int_equal(result_n_fields(NULL), 0);
    assert_null(result_find(NULL, "a"));
    assert_int_equal(result_n_rows(NULL), 0);
    result_free(NULL);
}

static void test_mark(void **state)
{
    struct result *result = result_new("quench", RESULT_RECORD);
    assert_null(result_mark_text(result));
    result_mark(result, "fmax %.1e", 0.5);
    result_mark(result, "frame %d: fmax %.1e", 3, 0.5);
    assert_string_equal(result_mark_text(result), "frame 3: fmax 5.0e-01");
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),           cmocka_unit_test(test_arrays),  cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lists_and_objects), cmocka_unit_test(test_failure), cmocka_unit_test(test_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
