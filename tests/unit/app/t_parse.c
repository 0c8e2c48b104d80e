/* The command language: words, options, places of errors, frames, and every example of the table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/rng.h"
#include "fake_session.h"

static struct command_call *parse(const char *text)
{
    struct script script = {.name = "t.isd", .text = text};
    struct command_call *call = NULL;
    isd_error err = {0};

    if (command_parse(&script, &call, &err))
        fail_msg("%s: %s: %s", text, err.where, err.what);
    assert_non_null(call);
    return call;
}

static void refused(const char *text, const char *where, const char *what, const char *hint)
{
    struct script script = {.name = "t.isd", .text = text};
    struct command_call *const untouched = (struct command_call *)&script;
    struct command_call *call = untouched;
    isd_error err = {0};

    for (;;) {
        isd_status status = command_parse(&script, &call, &err);
        if (status) {
            assert_int_equal(status, ISD_USAGE);
            break;
        }
        if (!call)
            fail_msg("'%s' is taken", text);
        command_call_free(call);
        call = untouched;
    }
    assert_ptr_equal(call, untouched);
    if (strcmp(err.where, where) != 0 || !strstr(err.what, what) || !strstr(err.hint, hint))
        fail_msg("'%s': %s: %s (%s)", text, err.where, err.what, err.hint);
}

static void words_and_options(void **state)
{
    struct command_call *call = parse(
        "  open a.dump 'my data/b;c #1.dump' x\\ y.dump \"q\\\"z\\n\"d #'e  units=lj --dt=0.25 as='a b'");

    (void)state;
    assert_string_equal(call_spec(call)->name, "open");
    assert_int_equal(call_n_words(call), 4);
    assert_string_equal(call_word(call, 0), "a.dump");
    assert_string_equal(call_word(call, 1), "my data/b;c #1.dump");
    assert_string_equal(call_word(call, 2), "x y.dump");
    assert_string_equal(call_word(call, 3), "q\"z\\nd");
    assert_null(call_word(call, 4));
    assert_null(call_option(call, "units")); /* behind the # */
    assert_string_equal(call_where(call), "t.isd:1:3");
    command_call_free(call);

    call = parse("open a#b 'units=lj' --dt=0.25 as='a b' T=1e-3 order=step");
    assert_string_equal(call_word(call, 0), "a#b");
    assert_string_equal(call_word(call, 1), "units=lj"); /* quoted: a path */
    assert_true(call_real(call, "dt", 7) == 0.25);
    assert_true(call_real(call, "p", 7) == 7);
    assert_true(call_real(call, "T", 7) == 1e-3);
    assert_string_equal(call_option(call, "as"), "a b");
    assert_true(call_is(call, "order", "step"));
    assert_true(call_is(call, "state", "raw")); /* not given: the first choice */
    assert_false(call_is(call, "state", "is"));
    assert_false(call_has(call, "state"));
    command_call_free(call);

    call = parse("quench all maxiter=1e5");
    assert_int_equal(call_count(call, "maxiter", 3), 100000);
    command_call_free(call);
    call = parse("atoms 0:last filter='u_lab > 0.8 && type == B' sort=-u_lab");
    assert_string_equal(call_option(call, "filter"), "u_lab > 0.8 && type == B");
    command_call_free(call);
    call = parse("pair_coeff * 1*2 a=b --c=d");
    assert_int_equal(call_n_words(call), 4); /* LAMMPS' lines have plain words only */
    command_call_free(call);
}

static void settings(void **state)
{
    static const char *const forms[] = {"set strict=on", "set strict on", "strict=on", "--strict=on",
                                        "set --strict=on"};

    (void)state;
    for (int k = 0; k < 5; k++) {
        struct command_call *call = parse(forms[k]);
        assert_string_equal(call_spec(call)->name, "set");
        assert_true(call_is(call, "strict", "on"));
        command_call_free(call);
    }
    refused("set strict maybe", "t.isd:1:5", "maybe", "");
    refused("set", "t.isd:1:1", "nothing", "help set");
    refused("set strict", "t.isd:1:5", "too many", "help set");
}

static void scripts(void **state)
{
    struct script script = {.name = "a\x1b.isd",
                            .text = "# first\r\n\r\ninfo;; match \\\r\n  0:1 of=raw ;\n\n\"info\" # "
                                    "\xc3\xa9\n echo \xc3\xa9\xc3\xa9 x;energy all"};
    static const char *const expected[][2] = {
        {"a\\x1b.isd:3:1", "info"},        {"a\\x1b.isd:3:8", "match   0:1 of=raw"},
        {"a\\x1b.isd:6:1", "\"info\""},    {"a\\x1b.isd:7:2", "echo \xc3\xa9\xc3\xa9 x"},
        {"a\\x1b.isd:7:12", "energy all"},
    };
    struct command_call *call;
    isd_error err = {0};

    (void)state;
    for (int k = 0; k < 5; k++) {
        assert_int_equal(command_parse(&script, &call, &err), ISD_OK);
        assert_non_null(call);
        assert_string_equal(call_where(call), expected[k][0]);
        if (k != 2) /* there the comment is part of the line */
            assert_string_equal(call_text(call), expected[k][1]);
        assert_string_equal(script.command, call_spec(call)->name);
        command_call_free(call);
    }
    assert_int_equal(command_parse(&script, &call, &err), ISD_OK);
    assert_null(call);
    assert_int_equal(command_parse(&script, &call, &err), ISD_OK);
    assert_null(call);
}

static void after_an_error(void **state)
{
    struct script script = {.name = "-c", .text = "mtach 0:1; info 'x\ninfo"};
    struct command_call *call;
    isd_error err = {0};

    (void)state;
    assert_int_equal(command_parse(&script, &call, &err), ISD_USAGE);
    assert_string_equal(script.command, "mtach");
    assert_int_equal(script.length, strlen("mtach 0:1"));
    assert_memory_equal(script.begin, "mtach 0:1", script.length);
    assert_string_equal(err.where, "-c:1:1");
    assert_non_null(strstr(err.hint, "match"));
    assert_int_equal(command_parse(&script, &call, &err), ISD_USAGE);
    assert_string_equal(err.where, "-c:1:17");
    assert_int_equal(command_parse(&script, &call, &err), ISD_OK);
    assert_string_equal(call_where(call), "-c:2:1");
    command_call_free(call);
}

static void refusals(void **state)
{
    (void)state;
    refused("info\n  mtach 0:1", "t.isd:2:3", "no command 'mtach'", "match");
    refused("xyzzy", "t.isd:1:1", "xyzzy", "help");
    refused("mat 0:1", "t.isd:1:1", "no command 'mat'", "match"); /* no unique prefixes */
    refused("match", "t.isd:1:1", "A:B is missing", "");
    refused("match 0", "t.isd:1:7", "no pair", "0:last");
    refused("match 0:1 2", "t.isd:1:11", "too many", "help match");
    refused("match 0:1 speces=blind", "t.isd:1:11", "speces", "species=");
    refused("match 0:1 species=bilnd", "t.isd:1:11", "bilnd", "species=blind");
    refused("match 0:1 species=", "t.isd:1:11", "needs a value", "");
    refused("match 0:1 --species", "t.isd:1:11", "needs a value", "");
    refused("match 0:1 of=is of=raw", "t.isd:1:17", "twice", "");
    refused("match 0:1; energy 0,,1", "t.isd:1:19", "0,,1", "0,5..9,last");
    refused("gr 0 bins=0", "t.isd:1:6", "out of range", "");
    refused("gr 0 bins=2.5", "t.isd:1:6", "whole", "");
    refused("gr 0 bins=nan", "t.isd:1:6", "no number", "");
    refused("gr 0 max=-1", "t.isd:1:6", "above 0", "");
    refused("quench 0 ftol=1e999", "t.isd:1:10", "no number", "");
    refused("quench 0 method=newton", "t.isd:1:10", "lbfgs|cg|fire|quickmin|sd", "");
    refused("atoms 0:1 sort=u_lbl", "t.isd:1:11", "column", "u_lab");
    refused("pu", "t.isd:1:1", "tw=X", "");
    refused("pu 0:1 tw=5", "t.isd:1:1", "one of them", "");
    refused("open run=2.dump", "t.isd:1:6", "run", "quote");
    refused("open", "t.isd:1:1", "PATH", "");
    refused("help mach", "t.isd:1:6", "mach", "help match");
    refused("species re", "t.isd:1:9", "re", "resolved");
    refused("axis z log", "t.isd:1:6", "x|y", "");
    refused("open \"a", "t.isd:1:6", "quote", "");
    refused("open 'a\nb'", "t.isd:1:6", "quote", "");
    refused("''", "t.isd:1:1", "''", "");
}

/* "0,2" and so on. */
static void frames_are(const char *word, int32_t n, const char *expected)
{
    int32_t *frames, count;
    char text[256] = "";
    isd_error err = {0};

    if (frames_parse(word, n, &frames, &count, &err))
        fail_msg("%s: %s", word, err.what);
    for (int32_t k = 0; k < count; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d", k ? "," : "", (int)frames[k]);
    assert_string_equal(text, expected);
    free(frames);
}

static void frames_refused(const char *word, int32_t n, isd_status expected)
{
    int32_t *frames = NULL, count = -1;
    isd_status status = frames_parse(word, n, &frames, &count, NULL);

    if (status != expected)
        fail_msg("%s of %d: status %d", word, (int)n, status);
    assert_null(frames);
    assert_int_equal(count, -1);
}

static void frames(void **state)
{
    static const char *const bad[] = {
        "",         "x",    "-1",    "+1",   "1.",  "1..2:", "1..2:0",
        "1..2:-1",  "3..2", ",",     "1,",   ",1",  "1:2",   "1..2..3",
        "1..2:1:1", "la",   "lasts", "alls", "1e1", " 1",    "99999999999999999999",
        "0x1",      "..:x"};

    (void)state;
    frames_are("all", 4, "0,1,2,3");
    frames_are("last", 4, "3");
    frames_are("2", 4, "2");
    frames_are("3,0..2", 4, "3,0,1,2");
    frames_are("0..9:4", 10, "0,4,8");
    frames_are("..2", 4, "0,1,2");
    frames_are("2..", 4, "2,3");
    frames_are("..", 3, "0,1,2");
    frames_are("1..last", 4, "1,2,3");
    frames_are("last,0,last,all", 4, "3,0,1,2"); /* each frame once */
    frames_are("0..3:9223372036854775807", 4, "0");
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        frames_refused(bad[k], 5, ISD_USAGE);
    frames_refused("4", 4, ISD_DATA);
    frames_refused("0..4000000000", 4, ISD_DATA);
    frames_refused("0..9223372036854775806", 4, ISD_DATA);
    frames_refused("0,1,99999999999", 4, ISD_DATA);
    frames_refused("last", 0, ISD_DATA);
    frames_refused("all", 0, ISD_DATA);
}

static void pairs(void **state)
{
    static const char *const bad[] = {"", ":", "0:", ":1", "0:1:2", "a:b", "0-1", "-1:0", "0:1 ", "0..1:2"};
    int32_t a, b;
    isd_error err = {0};

    (void)state;
    assert_int_equal(pair_parse("0:last", 5, &a, &b, NULL), ISD_OK);
    assert_true(a == 0 && b == 4);
    assert_int_equal(pair_parse("last:2", 5, &a, &b, NULL), ISD_OK);
    assert_true(a == 4 && b == 2);
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        assert_int_equal(pair_parse(bad[k], 5, &a, &b, NULL), ISD_USAGE);
    assert_int_equal(pair_parse("0:5", 5, &a, &b, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "0 to 4"));
    assert_true(a == 4 && b == 2);
    assert_int_equal(call_pair(NULL, "3:last", &a, &b, NULL), ISD_OK);
    assert_true(a == 3 && b == 11);
}

static void ranges(void **state)
{
    struct value_range *range;
    int n;

    (void)state;
    assert_int_equal(ranges_parse("1,2.5..10,..-3,1e2..:50", &range, &n, NULL), ISD_OK);
    assert_int_equal(n, 4);
    assert_true(range[0].low == 1 && range[0].high == 1);
    assert_true(range[1].low == 2.5 && range[1].high == 10);
    assert_true(range[2].low == -HUGE_VAL && range[2].high == -3);
    assert_true(ranges_hold(range, n, 1.0 + 1e-12) && ranges_hold(range, n, 7) &&
                ranges_hold(range, n, -1e9));
    assert_true(ranges_hold(range, n, 150) && ranges_hold(range, n, 100));
    assert_false(ranges_hold(range, n, 120) || ranges_hold(range, n, 1.1) || ranges_hold(range, n, 0));
    free(range);
    static const char *const bad[] = {"", "a", "1,", "2..1", "1..2:0", "..5:1", "nan", "1e999", "1 2"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        assert_int_equal(ranges_parse(bad[k], &range, &n, NULL), ISD_USAGE);
    assert_int_equal(ranges_parse("all", &range, &n, NULL), ISD_OK);
    assert_true(ranges_hold(range, n, 0) && ranges_hold(range, n, 1e300));
    free(range);
}

/* The table holds what the parser relies on, and every example of it is a command. */
static void table(void **state)
{
    const struct command_spec *spec;
    int n = 0;

    (void)state;
    for (; (spec = command_at(n)); n++) {
        assert_ptr_equal(command_find(spec->name), spec);
        assert_non_null(spec->help);
        assert_non_null(spec->examples);
        bool known_group = false;
        for (int g = 0; command_group(g); g++)
            known_group = known_group || strcmp(command_group(g), spec->group) == 0;
        assert_true(known_group);
        for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++) {
            const struct option_spec *option = &spec->options[k];
            assert_non_null(option->help);
            assert_true(option->kind != OPT_CHOICE || option->choices);
            assert_true(option->choices || option->fallback);
            assert_true((option->kind != OPT_REAL && option->kind != OPT_COUNT) ||
                        option->low < option->high);
        }
        bool names_itself = false;
        struct script script = {.name = spec->name, .text = spec->examples};
        for (;;) {
            struct command_call *call;
            isd_error err = {0};
            if (command_parse(&script, &call, &err))
                fail_msg("example %s: %s %s", err.where, script.command, err.what);
            if (!call)
                break;
            names_itself = names_itself || call_spec(call) == spec;
            command_call_free(call);
        }
        assert_true(names_itself);
    }
    assert_true(n > 40);
    assert_null(command_at(-1));
    assert_null(command_find("nothing"));
}

static void random_bytes(void **state)
{
    static const char *const pieces[] = {"match ", "0:1",  "quench ", "all",  " of=",    "raw",     ";",
                                         "\n",     "'",    "\"",      "\\",   "\\\n",    "#",       "=",
                                         "--",     ",",    "..",      " ",    "\t",      "last",    "set ",
                                         "pu tw=", "1e99", "\xc3",    "\xa9", "\x1b[2J", "filter=", "echo "};
    struct rng rng;
    char text[64 * 8];
    int good = 0, bad = 0;

    (void)state;
    rng_init(&rng, 20260517);
    for (int round = 0; round < 100000; round++) {
        size_t length = 0;
        int parts = 1 + (int)rng_below(&rng, 24);
        for (int k = 0; k < parts; k++) {
            if (rng_below(&rng, 3)) {
                const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof pieces[0])];
                memcpy(text + length, piece, strlen(piece));
                length += strlen(piece);
            } else {
                text[length++] = (char)(1 + rng_below(&rng, 255));
            }
        }
        text[length] = '\0';
        struct script script = {.name = "x", .text = text};
        for (;;) {
            struct command_call *call = NULL;
            isd_error err = {0};
            const char *before = script.text;
            isd_status status = command_parse(&script, &call, &err);
            assert_true(script.text >= before && script.text <= text + length);
            if (status) {
                assert_true(status == ISD_USAGE && err.what[0] && err.where[0]);
                assert_true(script.text > before); /* each error leaves something behind: the loop ends */
                bad++;
                continue;
            }
            if (!call)
                break;
            good++;
            command_call_free(call);
        }
        assert_true(*script.text == '\0');
        int start;
        if (round % 16 == 0 && !strstr(text, "open")) {
            char **words = command_complete(NULL, text, (int)length, &start);
            assert_non_null(words);
            assert_true(start >= 0 && start <= (int)length);
            for (int k = 0; words[k]; k++)
                free(words[k]);
            free(words);
        }
    }
    assert_true(good > 1000 && bad > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options),
        cmocka_unit_test(settings),
        cmocka_unit_test(scripts),
        cmocka_unit_test(after_an_error),
        cmocka_unit_test(refusals),
        cmocka_unit_test(frames),
        cmocka_unit_test(pairs),
        cmocka_unit_test(ranges),
        cmocka_unit_test(table),
        cmocka_unit_test(random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
