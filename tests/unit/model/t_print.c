/* Printing: exact texts, and random results that a JSON reader of other hands must accept. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "../../lib/scratch.h"
#include "model/print.h"

static void expect(enum print_format format, const struct result *result, const struct result *previous, const char *text)
{
    struct print_buffer buffer = {0};
    assert_false(result_failed(result));
    print_result(&buffer, format, result, previous);
    assert_false(buffer.failed);
    assert_string_equal(buffer.data ? buffer.data : "", text);
    assert_int_equal(buffer.length, strlen(text));
    print_buffer_done(&buffer);
}

static struct result *record(void)
{
    struct result *result = result_new("info", RESULT_RECORD);
    result_int(result, "n", -3);
    result_real(result, "r0", "A", 0.1);
    result_bool(result, "certified", false);
    result_null(result, "gap");
    result_text(result, "file", "a,\"b\"\n\t\\");
    struct result *box = result_new(NULL, RESULT_RECORD);
    result_real(box, "lx", "", 20);
    result_real(box, "xy", "", -1e-300);
    result_object(result, "box", box);
    const double times[] = {0, 0.5, NAN, INFINITY};
    result_reals(result, "times", "", times, 4);
    for (int k = 1; k < 3; k++) {
        struct result *type = result_new(NULL, RESULT_RECORD);
        result_int(type, "type", k);
        result_text(type, "label", k == 1 ? NULL : "Sm");
        result_append(result, "types", type);
    }
    return result;
}

static void test_record(void **state)
{
    struct result *result = record();
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"info\",\"n\":-3,\"r0\":0.10000000000000001,\"certified\":false,\"gap\":null,"
           "\"file\":\"a,\\\"b\\\"\\n\\t\\\\\",\"box\":{\"lx\":20,\"xy\":-1e-300},"
           "\"times\":[0,0.5,null,null],\"types\":[{\"type\":1,\"label\":null},{\"type\":2,\"label\":\"Sm\"}]}\n");
    expect(PRINT_CSV, result, NULL,
           "n,r0,certified,gap,file,box.lx,box.xy\n"
           "-3,0.10000000000000001,false,,\"a,\"\"b\"\"\n\t\\\",20,-1e-300\n");
    expect(PRINT_TSV, result, result,
           "-3\t0.10000000000000001\tfalse\t\ta,\"b\"\\n\\t\\\\\t20\t-1e-300\n");
    expect(PRINT_TEXT, result, NULL,
           "info\n"
           "  n          -3\n"
           "  r0         0.1 A\n"
           "  certified  false\n"
           "  gap        -\n"
           "  file       a,\"b\"\\x0a\\x09\\\n"
           "  box\n"
           "    lx       20\n"
           "    xy       -1e-300\n"
           "  times      0 0.5 - -\n"
           "  types\n"
           "     type  label\n"
           "        1      -\n"
           "        2  Sm\n");
    result_free(result);
}

static void test_mark(void **state)
{
    struct result *result = result_new("quench", RESULT_RECORD);
    result_int(result, "frame", 1);
    result_mark(result, "not converged: \"%s\"", "x\033[2J");
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"quench\",\"frame\":1,\"mark\":\"not converged: \\\"x\\u001b[2J\\\"\"}\n");
    expect(PRINT_CSV, result, NULL, "frame\n1\n");
    expect(PRINT_TEXT, result, result, "\nquench\n  frame  1\n! not converged: \"x\\x1b[2J\"\n");
    result_free(result);
}

static struct result *curves(int64_t frames)
{
    struct result *result = result_new("gr", RESULT_CURVES);
    const int64_t list[5] = {0, 1, 2, 3, 4};
    const double r[2] = {0.25, 0.75}, g[2] = {0, 1.5}, partial[2] = {NAN, 3};
    result_text(result, "pair", "all");
    result_ints(result, "frames", list, (size_t)frames);
    result_reals(result, "r", "A", r, 2);
    result_reals(result, "g", "", g, 2);
    struct result *item = result_new(NULL, RESULT_RECORD);
    result_text(item, "pair", "A-B");
    result_reals(item, "g", "", partial, 2);
    result_append(result, "partials", item);
    return result;
}

static void test_curves(void **state)
{
    struct result *result = curves(5), *other = curves(1);
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"gr\",\"pair\":\"all\",\"frames\":[0,1,2,3,4],\"r\":[0.25,0.75],\"g\":[0,1.5],"
           "\"partials\":[{\"pair\":\"A-B\",\"g\":[null,3]}]}\n");
    expect(PRINT_CSV, result, NULL, "r,g,g.A-B\n0.25,0,\n0.75,1.5,3\n");
    expect(PRINT_CSV, result, other, "0.25,0,\n0.75,1.5,3\n");
    expect(PRINT_TEXT, result, NULL,
           "gr\n"
           "  pair      all\n"
           "  frames    0 1 2 3 4\n"
           "  partials\n"
           "    pair\n"
           "    A-B\n"
           "      r (A)            g        g.A-B\n"
           "       0.25            0            -\n"
           "       0.75          1.5            3\n");
    result_free(result);
    result_free(other);
}

/* People get parts of a wide table, without what nobody knows; programs get all of it. */
static void test_folded(void **state)
{
    struct result *result = result_new("points", RESULT_ROWS);
    const double T[2] = {0.5, 0.6}, none[2] = {NAN, NAN}, value[2] = {1. / 3, NAN};
    const int64_t n[2] = {7, 8};
    result_reals(result, "T", "", T, 2);
    result_reals(result, "p", "", none, 2);
    for (int k = 0; k < 8; k++) {
        char name[24];
        snprintf(name, sizeof name, "a_long_name_%d", k);
        result_reals(result, name, "", value, 2);
    }
    result_ints(result, "n", n, 2);
    result_fold(result, 2);
    expect(PRINT_TEXT, result, NULL,
           "  T  a_long_name_0  a_long_name_1  a_long_name_2  a_long_name_3  a_long_name_4\n"
           "0.5       0.333333       0.333333       0.333333       0.333333       0.333333\n"
           "0.6              -              -              -              -              -\n"
           "\n"
           "  T  a_long_name_5  a_long_name_6  a_long_name_7  n\n"
           "0.5       0.333333       0.333333       0.333333  7\n"
           "0.6              -              -              -  8\n");
    struct print_buffer csv = {0};
    print_result(&csv, PRINT_CSV, result, NULL);
    assert_memory_equal(csv.data, "T,p,a_long_name_0,", 18);
    print_buffer_done(&csv);
    result_free(result);
    (void)state;
}

static struct result *row_of_series(const char *species, double t_w, int pairs, double se)
{
    struct result *result = result_new("series", RESULT_RECORD);
    result_real(result, "T", "", NAN);
    result_real(result, "t_w", "tau", t_w);
    result_int(result, "pairs", pairs);
    result_text(result, "species", species);
    result_bool(result, "align", false);
    result_real(result, "se", "", se);
    result_int(result, "unconverged", 0);
    result_fold(result, 2);
    return result;
}

static void expect_joined(const struct result *a, const struct result *b, enum print_format format, bool follows, const char *expected)
{
    const struct result *const both[] = {a, b};
    struct print_buffer buffer = {0};
    print_results(&buffer, format, both, 2, follows);
    assert_false(buffer.failed);
    assert_string_equal(buffer.data, expected);
    print_buffer_done(&buffer);
}

/* Records of one command that people read as a table: what holds for all stands above it. Programs get them as they are. */
static void test_joined(void **state)
{
    struct result *a = row_of_series("resolved", 100, 30, 0.25), *b = row_of_series("resolved", 200, 15, NAN), *c = row_of_series("blind", 200, 30, NAN);
    expect_joined(a, b, PRINT_TEXT, false,
                  "series  species resolved  align false  unconverged 0\n"
                  "t_w (tau)  pairs    se\n"
                  "      100     30  0.25\n"
                  "      200     15     -\n");
    result_mark(c, "too few");
    expect_joined(a, c, PRINT_TEXT, true,
                  "\nseries  pairs 30  align false  unconverged 0\n"
                  "t_w (tau)  species     se\n"
                  "      100  resolved  0.25\n"
                  "      200  blind        -\n"
                  "! too few\n");
    expect_joined(a, c, PRINT_CSV, true,
                  "T,t_w,pairs,species,align,se,unconverged\n"
                  ",100,30,resolved,false,0.25,0\n"
                  ",200,30,blind,false,,0\n");
    result_free(a);
    result_free(b);
    result_free(c);
    (void)state;
}

static void test_rows(void **state)
{
    struct result *result = result_new("atoms", RESULT_ROWS);
    const int64_t id[2] = {1, 12345678}, cycle[2] = {RESULT_INT_NULL, 4}, image[6] = {0, 1, -1, 2, 3, 4};
    const double x[2] = {0.5, -1. / 3};
    const char *element[2] = {"Al", NULL};
    const bool moved[2] = {true, false};
    result_ints(result, "id", id, 2);
    result_int(result, "frame", 7); /* a scalar stands before the columns wherever it was added */
    result_reals(result, "x", "A", x, 2);
    result_ints(result, "image", image, 6);
    result_ints(result, "cycle", cycle, 2);
    result_texts(result, "element", element, 2);
    result_bools(result, "moved", moved, 2);
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"atoms\",\"frame\":7,\"id\":1,\"x\":0.5,\"image\":[0,1,-1],\"cycle\":null,\"element\":\"Al\",\"moved\":true}\n"
           "{\"cmd\":\"atoms\",\"frame\":7,\"id\":12345678,\"x\":-0.33333333333333331,\"image\":[2,3,4],\"cycle\":4,"
           "\"element\":null,\"moved\":false}\n");
    expect(PRINT_TSV, result, NULL,
           "frame\tid\tx\timage.0\timage.1\timage.2\tcycle\telement\tmoved\n"
           "7\t1\t0.5\t0\t1\t-1\t\tAl\ttrue\n"
           "7\t12345678\t-0.33333333333333331\t2\t3\t4\t4\t\tfalse\n");
    expect(PRINT_TEXT, result, NULL,
           "frame        id        x (A)  image.0  image.1  image.2  cycle  element  moved\n"
           "    7         1          0.5        0        1       -1      -  Al        true\n"
           "    7  12345678    -0.333333        2        3        4      4  -        false\n");
    struct result *other = result_new("atoms", RESULT_ROWS);
    result_ints(other, "id", id, 1);
    expect(PRINT_CSV, other, result, "\nid\n1\n");
    expect(PRINT_TEXT, other, result, "\n   id\n    1\n");
    expect(PRINT_CSV, other, other, "1\n");
    result_free(other);

    other = result_new("atoms", RESULT_ROWS); /* a table without rows is its header; JSON has nothing to say */
    result_ints(other, "id", id, 0);
    expect(PRINT_JSON, other, NULL, "");
    expect(PRINT_CSV, other, NULL, "id\n");
    result_free(other);
    result_free(result);
}

static void test_matrix(void **state)
{
    struct result *result = result_new("fidelity", RESULT_MATRIX);
    const char *methods[2] = {"cg", "sd"};
    const double d[4] = {0, 0.5, 0.5, 0}, wide[6] = {1, 2, 3, 4, 5, 6};
    const bool same[4] = {true, false, false, true};
    result_int(result, "frame", 3);
    result_texts(result, "methods", methods, 2);
    result_reals(result, "d", "A", d, 4);
    result_bools(result, "same", same, 4);
    result_reals(result, "w", "", wide, 6);
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"fidelity\",\"frame\":3,\"methods\":[\"cg\",\"sd\"],\"d\":[[0,0.5],[0.5,0]],"
           "\"same\":[[true,false],[false,true]],\"w\":[[1,2,3],[4,5,6]]}\n");
    expect(PRINT_CSV, result, NULL,
           "frame,methods,d.cg,d.sd,same.cg,same.sd,w.0,w.1,w.2\n"
           "3,cg,0,0.5,true,false,1,2,3\n3,sd,0.5,0,false,true,4,5,6\n");
    expect(PRINT_CSV, result, result,
           "3,cg,0,0.5,true,false,1,2,3\n3,sd,0.5,0,false,true,4,5,6\n");
    /* people see neither truths nor, but the first, what holds for all; numbers so far that they can be told apart */
    const double energies[2] = {-3.0000000125, -3.0000000007};
    result_reals(result, "energies", "eV", energies, 2);
    result_real(result, "limit", "", 7);
    expect(PRINT_TEXT, result, NULL,
           "frame 3\n"
           "methods  energies (eV)\n"
           "cg       -3.0000000125\n"
           "sd       -3.0000000007\n"
           "d (A)           cg           sd\n"
           "cg               0          0.5\n"
           "sd             0.5            0\n"
           "w             0            1            2\n"
           "cg            1            2            3\n"
           "sd            4            5            6\n");
    result_free(result);
}

static void test_long_arrays(void **state)
{
    struct result *result = result_new("info", RESULT_RECORD);
    double many[1000];
    for (int k = 0; k < 1000; k++) {
        many[k] = k / 8.0;
    }
    result_reals(result, "times", "ps", many, 1000);
    result_reals(result, "few", "ps", many, 8);
    result_reals(result, "none", "", many, 0);
    result_empty_list(result, "list");
    expect(PRINT_TEXT, result, NULL,
           "info\n"
           "  times  0 0.125 0.25 0.375 ... 124.875  (1000 values) ps\n"
           "  few    0 0.125 0.25 0.375 0.5 0.625 0.75 0.875 ps\n"
           "  none   none\n"
           "  list   none\n");
    result_free(result);
}

static void test_text_is_made_safe(void **state)
{
    struct result *result = result_new("x", RESULT_RECORD);
    result_text(result, "t", "\x01\x7f\xff\xc0\x80\xed\xa0\x80\xc3\xa9\xf4\x90\x80\x80\xe2\x80\xae\xc2\x9b");
    expect(PRINT_JSON, result, NULL,
           "{\"cmd\":\"x\",\"t\":\"\\u0001\\u007f\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
           "\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u202e\\u009b\"}\n");
    for (enum print_format format = PRINT_TEXT; format <= PRINT_TSV; format++) {
        struct print_buffer buffer = {0};
        print_result(&buffer, format, result, NULL);
        for (size_t k = 0; k < buffer.length; k++) {
            unsigned char c = (unsigned char)buffer.data[k];
            assert_true(c == '\n' || (c >= 0x20 && c != 0x7f && c != 0x9b && c != 0xff));
        }
        print_buffer_done(&buffer);
    }
    result_free(result);
}

/* Doubles come back to the last bit, whatever the locale says about commas. */
static void test_numbers_round_trip(void **state)
{
    struct rng rng;
    rng_init(&rng, 5);
    enum { N = 20000 };
    double *values = malloc(N * sizeof *values);
    assert_non_null(values);
    for (int k = 0; k < N; k++) {
        uint64_t bits = rng_next(&rng);
        memcpy(&values[k], &bits, sizeof bits);
        if (!isfinite(values[k])) {
            values[k] = k / 7.0;
        }
    }
    struct result *result = result_new(NULL, RESULT_CURVES);
    result_reals(result, "v", "", values, N);
    struct print_buffer buffer = {0};
    print_json(&buffer, result);
    assert_false(buffer.failed);
    const char *p = strchr(buffer.data, '[');
    for (int k = 0; k < N; k++) {
        char *end;
        double back = strtod(p + 1, &end);
        assert_memory_equal(&back, &values[k], sizeof back);
        assert_true(*end == (k + 1 < N ? ',' : ']'));
        p = end;
    }
    print_buffer_done(&buffer);
    result_free(result);
    free(values);
}

static void test_decimal_comma(void **state)
{
    char folder[SCRATCH_SIZE];
    assert_true(scratch_make(folder));
    const bool have = SCRATCH_GERMAN(folder);
    assert_true(scratch_drop(folder));
    if (!have) {
        print_message("no de_DE.UTF-8 here\n");
        skip();
    }
    char comma[16];
    snprintf(comma, sizeof comma, "%.1f", 0.5);
    struct print_buffer buffer = {0};
    print_text(&buffer, "%.1f %d", 0.5, 12345);
    char after[16];
    snprintf(after, sizeof after, "%.1f", 0.5);
    setlocale(LC_ALL, "C");
    assert_string_not_equal(comma, "0.5");
    assert_string_equal(buffer.data, "0.5 12345");
    assert_string_equal(comma, after); /* and the caller's locale is left alone */
    print_buffer_done(&buffer);
}

/* Random results with every kind of field and hostile text. */
static char *random_text(struct rng *rng, char *out, size_t size)
{
    size_t n = rng_below(rng, (uint32_t)size - 1);
    for (size_t k = 0; k < n; k++) {
        static const char nasty[] = "\"\\\n\t\r,;/\x1b\x7f\x80\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\x80\xff";
        out[k] = rng_below(rng, 2) ? nasty[rng_below(rng, sizeof nasty - 1)] : (char)(1 + rng_below(rng, 255));
    }
    out[n] = '\0';
    return out;
}

static double random_real(struct rng *rng)
{
    uint64_t bits = rng_next(rng);
    double value;
    memcpy(&value, &bits, sizeof value);
    return rng_below(rng, 8) ? value : NAN;
}

static void random_array(struct rng *rng, struct result *result, const char *name, size_t n)
{
    double reals[8];
    int64_t ints[8];
    bool bools[8];
    char text[8][12];
    const char *texts[8];
    for (size_t k = 0; k < n; k++) {
        reals[k] = random_real(rng);
        ints[k] = rng_below(rng, 4) ? (int64_t)rng_next(rng) : RESULT_INT_NULL;
        bools[k] = rng_below(rng, 2);
        texts[k] = rng_below(rng, 4) ? random_text(rng, text[k], sizeof text[k]) : NULL;
    }
    switch (rng_below(rng, 4)) {
    case 0:
        result_reals(result, name, "A", reals, n);
        break;
    case 1:
        result_ints(result, name, ints, n);
        break;
    case 2:
        result_bools(result, name, bools, n);
        break;
    default:
        result_texts(result, name, texts, n);
        break;
    }
}

static struct result *random_result(struct rng *rng, int depth, enum result_layout layout, size_t rows)
{
    char text[40];
    struct result *result = result_new(depth ? NULL : "random", layout);
    int n = (int)rng_below(rng, 8);
    for (int k = 0; k < n; k++) {
        char name[60];
        snprintf(name, sizeof name, "%d%s", k, random_text(rng, text, sizeof text));
        switch (rng_below(rng, depth < 3 ? 8 : 6)) {
        case 0:
            result_null(result, name);
            break;
        case 1:
            result_bool(result, name, rng_below(rng, 2));
            break;
        case 2:
            result_int(result, name, (int64_t)rng_next(rng));
            break;
        case 3:
            result_real(result, name, "ps", random_real(rng));
            break;
        case 4:
            result_text(result, name, random_text(rng, text, sizeof text));
            break;
        case 5:
            random_array(rng, result, name, layout == RESULT_RECORD ? rng_below(rng, 8) : rows);
            break;
        case 6:
            result_object(result, name, random_result(rng, depth + 1, RESULT_RECORD, rows));
            break;
        default:
            for (uint32_t items = rng_below(rng, 4); items > 0; items--) {
                result_append(result, name, random_result(rng, depth + 1, RESULT_RECORD, rows));
            }
            break;
        }
    }
    if (rng_below(rng, 10) == 0) {
        result_mark(result, "%s", random_text(rng, text, sizeof text));
    }
    return result;
}

/* Python's reader, made strict: each line an object, no NaN or Infinity, no key twice. */
static const char reader[] =
    "import json, sys\n"
    "def once(pairs):\n"
    "    d = dict(pairs)\n"
    "    assert len(d) == len(pairs), 'a key twice'\n"
    "    return d\n"
    "def refuse(x):\n"
    "    raise ValueError(x)\n"
    "text = open(sys.argv[1], 'rb').read().decode('utf-8')\n"
    "assert not any(ord(c) < 32 and c != '\\n' or 127 <= ord(c) < 160 for c in text), 'control character'\n"
    "lines = text.split('\\n')\n"
    "assert lines.pop() == ''\n"
    "for line in lines:\n"
    "    o = json.loads(line, parse_constant=refuse, object_pairs_hook=once)\n"
    "    assert o['cmd'] == 'random'\n"
    "print(len(lines))\n";

static void test_json_against_another_reader(void **state)
{
    char data[] = "/tmp/isdmin-print-XXXXXX", script[] = "/tmp/isdmin-print-XXXXXX";
    int data_fd = mkstemp(data), script_fd = mkstemp(script);
    assert_true(data_fd >= 0 && script_fd >= 0);
    struct print_buffer buffer = {0};
    struct rng rng;
    rng_init(&rng, 77);
    for (int k = 0; k < 1500; k++) {
        struct result *result = random_result(&rng, 0, (enum result_layout)(k % 3), rng_below(&rng, 6));
        assert_false(result_failed(result));
        print_json(&buffer, result);
        for (enum print_format format = PRINT_TEXT; format <= PRINT_TSV; format++) { /* the others must at least survive it */
            struct print_buffer other = {0};
            print_result(&other, format, result, format == PRINT_TSV ? result : NULL);
            assert_false(other.failed);
            assert_true(other.length == (other.data ? strlen(other.data) : 0));
            print_buffer_done(&other);
        }
        result_free(result);
    }
    size_t lines = 0;
    for (size_t k = 0; k < buffer.length; k++) {
        lines += buffer.data[k] == '\n';
    }
    assert_true(lines > 1000);
    assert_true(write(data_fd, buffer.data, buffer.length) == (ssize_t)buffer.length);
    assert_true(write(script_fd, reader, sizeof reader - 1) == (ssize_t)sizeof reader - 1);
    print_buffer_done(&buffer);
    char command[200];
    snprintf(command, sizeof command, "python3 %s %s", script, data);
    FILE *python = popen(command, "r");
    assert_non_null(python);
    unsigned long seen = 0;
    assert_int_equal(fscanf(python, "%lu", &seen), 1);
    assert_int_equal(pclose(python), 0);
    assert_int_equal(seen, lines);
    close(data_fd);
    close(script_fd);
    unlink(data);
    unlink(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_folded), cmocka_unit_test(test_joined), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_long_arrays),
        cmocka_unit_test(test_text_is_made_safe),
        cmocka_unit_test(test_numbers_round_trip),
        cmocka_unit_test(test_decimal_comma),
        cmocka_unit_test(test_json_against_another_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
