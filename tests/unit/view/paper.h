/* Pictures on paper, as text that tests can look at. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_PAPER_H
#define TESTS_PAPER_H

#include <string.h>

#include "view/picture.h"

/* An SVG file as a string, freed by the caller. */
static inline char *paper_svg(const struct picture *picture)
{
    char *bytes = NULL;
    size_t length = 0;
    isd_error err = {0};
    if (picture_paper(picture, PEN_SVG, &bytes, &length, &err) != ISD_OK)
        fail_msg("%s", err.what);
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

/* The first bytes of a PDF or PNG file; nothing to check where cairo is not there, but that this is said. */
static inline void paper_cairo(isd_status status, const isd_error *err, char *bytes, size_t length, enum pen_kind kind)
{
#ifdef ISD_HAVE_CAIRO
    const char *magic = kind == PEN_PDF ? "%PDF-1" : "\x89PNG";
    assert_int_equal(status, ISD_OK);
    assert_true(length > 500 && memcmp(bytes, magic, strlen(magic)) == 0);
    if (kind == PEN_PDF)
        assert_non_null(memmem(bytes + length - 32, 32, "%%EOF", 5));
    (void)err;
#else
    assert_int_equal(status, ISD_UNSUPPORTED);
    assert_non_null(strstr(err->hint, "libcairo2-dev"));
    (void)kind;
    (void)length;
#endif
    free(bytes);
}

#endif
