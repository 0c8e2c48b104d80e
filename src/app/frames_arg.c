/* Frames, pairs, lists and ranges as words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/frames_arg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/scan.h"

#define LAST INT64_MAX /* stands for the last frame until the number of frames is known */

/* One item of a list of frames, both ends counted in. */
struct frame_range {
    int64_t low, high, step;
};

/* A frame: a number or last. Returns its end or NULL. */
static const char *read_frame(const char *p, const char *end, int64_t *ret_frame)
{
    if (end - p >= 4 && memcmp(p, "last", 4) == 0) {
        *ret_frame = LAST;
        return p + 4;
    }
    if (p == end || *p < '0' || *p > '9')
        return NULL;
    return scan_int64(p, end, ret_frame);
}

static bool whole_frame(const char *p, const char *end, int64_t *ret_frame)
{
    return read_frame(p, end, ret_frame) == end;
}

static const char *find_dots(const char *p, const char *end)
{
    for (; p + 1 < end; p++)
        if (p[0] == '.' && p[1] == '.')
            return p;
    return NULL;
}

/* "7", "last", "all", "a..b", "a..b:step", either end of a range may be left out. */
static bool read_range(const char *p, const char *end, struct frame_range *ret_range)
{
    const char *dots = find_dots(p, end);
    struct frame_range range = {.low = 0, .high = LAST, .step = 1};

    if (!dots) {
        if (end - p != 3 || memcmp(p, "all", 3) != 0) {
            if (!whole_frame(p, end, &range.low))
                return false;
            range.high = range.low;
        }
        *ret_range = range;
        return true;
    }
    const char *colon = memchr(dots, ':', (size_t)(end - dots));
    if (dots > p && !whole_frame(p, dots, &range.low))
        return false;
    if (dots + 2 < (colon ? colon : end) && !whole_frame(dots + 2, colon ? colon : end, &range.high))
        return false;
    if (colon && (scan_int64(colon + 1, end, &range.step) != end || range.step < 1))
        return false;
    if (range.low > range.high)
        return false;
    *ret_range = range;
    return true;
}

/* The item at *p, which moves past it and its comma; false: not one. */
static bool next_range(const char **p, struct frame_range *ret_range)
{
    const char *end = *p + strcspn(*p, ",");

    if (!read_range(*p, end, ret_range) || (*end == ',' && end[1] == '\0'))
        return false;
    *p = *end ? end + 1 : end;
    return true;
}

static isd_status refuse_frames(const char *word, isd_error *err)
{
    isd_error_set(err, ISD_USAGE, "'%s' names no frames", word);
    isd_error_hint(err,
                   "0,5..9,last    numbers from 0, last, all, ranges a..b or a..b:step, and lists of these");
    return ISD_USAGE;
}

isd_status frames_check(const char *word, isd_error *err)
{
    struct frame_range range;
    const char *p = word;

    do
        if (!next_range(&p, &range))
            return refuse_frames(word, err);
    while (*p);
    return ISD_OK;
}

static isd_status refuse_missing(int64_t frame, int32_t n, isd_error *err)
{
    if (n == 0)
        return isd_error_set(err, ISD_DATA, "there are no frames");
    if (n == 1)
        isd_error_set(err, ISD_DATA, "frame %lld does not exist: the set has one frame, 0", (long long)frame);
    else
        isd_error_set(err, ISD_DATA, "frame %lld does not exist: the set has %d frames, 0 to %d",
                      (long long)frame, (int)n, (int)n - 1);
    isd_error_hint(err, "last    which is frame %d", (int)n - 1);
    return ISD_DATA;
}

/* `last` made a number, and both ends there. */
static isd_status resolve(struct frame_range *range, int32_t n, isd_error *err)
{
    if (range->low == LAST)
        range->low = n - 1;
    if (range->high == LAST)
        range->high = n - 1;
    if (n == 0 || range->low >= n)
        return refuse_missing(range->low, n, err);
    if (range->high >= n)
        return refuse_missing(range->high, n, err);
    return ISD_OK;
}

isd_status frames_exist(const char *word, int32_t n, isd_error *err)
{
    struct frame_range range;
    const char *p = word;
    isd_status status = frames_check(word, err);

    while (!status && *p) {
        next_range(&p, &range);
        status = resolve(&range, n, err);
    }
    return status;
}

isd_status frames_parse(const char *word, int32_t n, int32_t **ret_frames, int32_t *ret_n, isd_error *err)
{
    struct frame_range range;
    const char *p = word;
    int32_t count = 0;
    isd_status status = frames_exist(word, n, err); /* nothing is allocated for frames that are not there */

    if (status)
        return status;
    int32_t *frames = malloc((size_t)n * sizeof *frames);
    bool *taken = calloc((size_t)n, sizeof *taken);
    if (!frames || !taken) {
        free(frames);
        free(taken);
        return isd_error_memory(err);
    }
    p = word;
    do {
        next_range(&p, &range);
        resolve(&range, n, NULL);
        for (int64_t k = range.low; k <= range.high; k += range.step) {
            if (!taken[k])
                frames[count++] = (int32_t)k;
            taken[k] = true;
            if (range.step >= n)
                break;
        }
    } while (*p);
    free(taken);
    *ret_frames = frames;
    *ret_n = count;
    return ISD_OK;
}

static bool read_pair(const char *word, int64_t *ret_a, int64_t *ret_b)
{
    const char *colon = strchr(word, ':'), *end = word + strlen(word);

    return colon && whole_frame(word, colon, ret_a) && whole_frame(colon + 1, end, ret_b);
}

isd_status pair_check(const char *word, isd_error *err)
{
    int64_t a, b;

    if (read_pair(word, &a, &b))
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "'%s' is no pair of frames", word);
    isd_error_hint(err, "0:last    a pair is A:B");
    return ISD_USAGE;
}

isd_status pair_parse(const char *word, int32_t n, int32_t *ret_a, int32_t *ret_b, isd_error *err)
{
    struct frame_range a = {.step = 1}, b = {.step = 1};
    isd_status status = pair_check(word, err);

    if (status)
        return status;
    read_pair(word, &a.low, &b.low);
    a.high = a.low;
    b.high = b.low;
    status = resolve(&a, n, err);
    if (!status)
        status = resolve(&b, n, err);
    if (status)
        return status;
    *ret_a = (int32_t)a.low;
    *ret_b = (int32_t)b.low;
    return ISD_OK;
}

bool frames_are_named(const char *word, int32_t n)
{
    struct frame_range range;
    do
        if (!next_range(&word, &range) || range.low >= n || range.high >= n) /* LAST is beyond any */
            return false;
    while (*word);
    return true;
}

bool pair_is_named(const char *word, int32_t n)
{
    int64_t a, b;
    return read_pair(word, &a, &b) && a < n && b < n;
}

isd_status call_frames(struct session *session, const char *word, int32_t **ret_frames, int32_t *ret_n,
                       isd_error *err)
{
    return frames_parse(word, session_frame_count(session), ret_frames, ret_n, err);
}

isd_status call_pair(struct session *session, const char *word, int32_t *ret_a, int32_t *ret_b,
                     isd_error *err)
{
    return pair_parse(word, session_frame_count(session), ret_a, ret_b, err);
}

/* --- ranges of values --- */

static bool whole_value(const char *p, const char *end, double *ret_value)
{
    return scan_double(p, end, ret_value) == end;
}

static bool read_values(const char *p, const char *end, struct value_range *ret_range)
{
    const char *dots = find_dots(p, end);
    struct value_range range = {.low = -HUGE_VAL, .high = HUGE_VAL, .step = 0.0};

    if (!dots) {
        if (end - p != 3 || memcmp(p, "all", 3) != 0) {
            if (!whole_value(p, end, &range.low))
                return false;
            range.high = range.low;
        }
        *ret_range = range;
        return true;
    }
    const char *colon = memchr(dots, ':', (size_t)(end - dots));
    if (dots > p && !whole_value(p, dots, &range.low))
        return false;
    if (dots + 2 < (colon ? colon : end) && !whole_value(dots + 2, colon ? colon : end, &range.high))
        return false;
    if (colon && (!whole_value(colon + 1, end, &range.step) || !(range.step > 0.0) || !isfinite(range.low)))
        return false;
    *ret_range = range;
    return range.low <= range.high;
}

isd_status ranges_parse(const char *text, struct value_range **ret_ranges, int *ret_n, isd_error *err)
{
    int n = 1, k = 0;

    for (const char *p = text; *p; p++)
        n += *p == ',';
    struct value_range *ranges = malloc((size_t)n * sizeof *ranges);
    if (!ranges)
        return isd_error_memory(err);
    for (const char *p = text; k < n; k++) {
        const char *end = p + strcspn(p, ",");
        ranges[k] = (struct value_range){0};
        if (!read_values(p, end, &ranges[k])) {
            if (ranges[k].low > ranges[k].high) {
                isd_error_set(err, ISD_USAGE, "%.*s runs backwards: a range goes from the smaller to the larger value", (int)(end - p), p);
                isd_error_hint(err, "%g..%g", ranges[k].high, ranges[k].low);
            } else {
                isd_error_set(err, ISD_USAGE, "'%s' is no list of values", text);
                isd_error_hint(err, "1,5..50    numbers, ranges a..b or a..b:step, all, and lists of these");
            }
            free(ranges);
            return ISD_USAGE;
        }
        p = end + 1;
    }
    *ret_ranges = ranges;
    *ret_n = n;
    return ISD_OK;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

bool ranges_hold(const struct value_range *ranges, int n, double value)
{
    for (int k = 0; k < n; k++) {
        const struct value_range *range = &ranges[k];
        if ((value < range->low && !near(value, range->low)) ||
            (value > range->high && !near(value, range->high)))
            continue;
        double steps = range->step > 0.0 ? (value - range->low) / range->step : 0.0;
        if (fabs(steps - nearbyint(steps)) <= 1e-6)
            return true;
    }
    return false;
}
