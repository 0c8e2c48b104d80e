/* The reader as other programs have it: frames of their own, warnings, what the format is. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/scratch.h"
#include "isdmin/reader.h"

#define FRAME "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 4\n0 5\n0 6\nITEM: ATOMS id type x y z\n2 1 1 2 3\n"

static char folder[SCRATCH_SIZE];

static void take_note(void *arg, const isd_error *note)
{
    snprintf(arg, 1000, "%s: %s", note->where, note->what);
}

static const char *file_of(const char *name, const char *text)
{
    const char *path = scratch_path(folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void a_file_cut_short(void **state)
{
    const char *path = file_of("cut.dump", FRAME "1 1 0 0 0\n" FRAME);
    const isd_snapshot *first = NULL, *none = NULL;
    isd_reader *reader = NULL;
    isd_error err = {0};
    char told[1000] = "";
    (void)state;
    assert_int_equal(isd_reader_open(path, take_note, told, NULL, &reader, &err), ISD_OK);
    assert_string_equal(isd_reader_format(reader), "LAMMPS text dump");
    assert_int_equal(isd_reader_next(reader, &first, &err), ISD_OK);
    assert_false(isd_reader_marked(reader));
    assert_string_equal(told, "");
    assert_int_equal(isd_reader_next(reader, &none, &err), ISD_OK);
    assert_null(none);
    assert_true(isd_reader_marked(reader));
    assert_non_null(strstr(told, path));
    isd_reader_close(reader);
    assert_true(first->n == 2 && first->id[0] == 1 && first->position[3] == 1 && first->step == 7); /* outlives the reader */
    isd_snapshot_unref(first);
}

static void refusals(void **state)
{
    isd_reader *reader = NULL;
    isd_error err = {0};
    (void)state;
    assert_int_equal(isd_reader_open(scratch_path(folder, "none"), NULL, NULL, NULL, &reader, &err), ISD_IO);
    assert_int_equal(isd_reader_open(folder, NULL, NULL, NULL, &reader, &err), ISD_DATA);
    assert_int_equal(isd_reader_open(file_of("text", "no frames\n"), NULL, NULL, NULL, &reader, &err), ISD_DATA);
    assert_non_null(strstr(err.where, "text"));
    assert_null(reader);
    isd_reader_close(NULL);
}

/* A cancelled control ends reading. */
static void cancelled(void **state)
{
    const isd_snapshot *frame = NULL;
    isd_reader *reader = NULL;
    isd_error err = {0};
    isd_control *control = isd_control_new();
    (void)state;
    assert_non_null(control);
    isd_control_cancel(control);
    isd_status status = isd_reader_open(file_of("whole.dump", FRAME "1 1 0 0 0\n"), NULL, NULL, control, &reader, &err);
    if (status == ISD_OK)
        status = isd_reader_next(reader, &frame, &err);
    assert_int_equal(status, ISD_CANCELLED);
    assert_null(frame);
    isd_reader_close(reader);
    isd_control_free(control);
}

SCRATCH_GROUP(folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_short), cmocka_unit_test(refusals), cmocka_unit_test(cancelled)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
