/* Waiting times named by an option. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waiting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

/* The waiting time present that `value` means; NaN if there is none. */
static double present(const double *tw, int32_t n, double value)
{
    for (int32_t k = 0; k < n; k++)
        if (fabs(tw[k] - value) <= 1e-6 * fabs(value))
            return tw[k];
    return NAN;
}

static isd_status not_present(double value, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "no two frames are t_w = %g apart", value);
    isd_error_hint(err, "series    without tw= shows the waiting times there are");
    return ISD_DATA;
}

static isd_status bad_option(const char *option, isd_error *err)
{
    isd_error_set(err, ISD_USAGE, "tw=%s: expected all, times as in tw=1,10,100, or a range as in tw=1..100", option);
    return ISD_USAGE;
}

/* low..high, either end may be missing: keeps those inside. */
static isd_status take_range(const char *option, const char *dots, double *tw, int32_t *n, isd_error *err)
{
    const char *end = option + strlen(option);
    double low = 0, high = INFINITY;
    if (dots > option && scan_double(option, dots, &low) != dots)
        return bad_option(option, err);
    if (dots + 2 < end && scan_double(dots + 2, end, &high) != end)
        return bad_option(option, err);
    int32_t kept = 0;
    for (int32_t k = 0; k < *n; k++)
        if (tw[k] >= low * (1 - 1e-9) && tw[k] <= high * (1 + 1e-9))
            tw[kept++] = tw[k];
    if (kept == 0) {
        isd_error_set(err, ISD_DATA, "tw=%s: no two frames are that far apart", option);
        return ISD_DATA;
    }
    *n = kept;
    return ISD_OK;
}

static isd_status take_list(const char *option, double *tw, int32_t *n, isd_error *err)
{
    const char *p = option, *end = option + strlen(option);
    double *chosen = malloc((size_t)(end - p + 1) * sizeof *chosen);
    int32_t count = 0;
    isd_status status = chosen ? ISD_OK : isd_error_memory(err);
    while (status == ISD_OK) {
        double value = 0;
        const char *after = scan_double(p, end, &value);
        if (!after || (after < end && *after != ',')) {
            status = bad_option(option, err);
        } else {
            double found = present(tw, *n, value);
            bool again = false;
            for (int32_t k = 0; k < count; k++)
                again = again || chosen[k] == found;
            if (isnan(found))
                status = not_present(value, err);
            else if (!again)
                chosen[count++] = found;
            if (after == end)
                break;
            p = after + 1;
        }
    }
    if (status == ISD_OK) {
        memcpy(tw, chosen, (size_t)count * sizeof *tw); /* distinct values of tw: no more than it holds */
        *n = count;
    }
    free(chosen);
    return status;
}

/* Each of a list that has pairs, where there are too many times to list them all. */
static isd_status take_list_of_pairs(const struct frame_times *times, const char *option, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    size_t length = strlen(option), most = 1;
    for (size_t k = 0; k < length; k++)
        most += option[k] == ',';
    double *tw = malloc(most * sizeof *tw);
    int32_t n = 0;
    isd_status status = tw ? ISD_OK : isd_error_memory(err);
    for (const char *p = option; status == ISD_OK; p++) {
        struct frame_pair *pairs = NULL;
        double value;
        int32_t found = 0;
        const char *after = scan_double(p, option + length, &value);
        if (!after || (*after != '\0' && *after != ','))
            status = bad_option(option, err);
        if (status == ISD_OK)
            status = series_pairs(times, value, true, &pairs, &found, err);
        if (status == ISD_OK && found == 0)
            status = not_present(value, err);
        if (status == ISD_OK)
            tw[n++] = times->time[pairs[0].b] - times->time[pairs[0].a];
        for (int32_t k = 0; status == ISD_OK && k + 1 < n; k++)
            if (tw[k] == tw[n - 1]) { /* said twice */
                n--;
                break;
            }
        free(pairs);
        if (status != ISD_OK || *after == '\0')
            break;
        p = after;
    }
    if (status != ISD_OK) {
        free(tw);
        return status;
    }
    *ret_tw = tw;
    *ret_n = n;
    return ISD_OK;
}

/* Pairs of so many times among so many frames are looked for while everybody waits. */
static isd_status refuse_too_many(int32_t n, const struct frame_times *times, isd_error *err)
{
    const double most_looks = 1 << 27;
    if ((double)n * times->n <= most_looks)
        return ISD_OK;
    isd_error_set(err, ISD_UNSUPPORTED, "%d times between %d frames are too many at once", (int)n, (int)times->n);
    isd_error_hint(err, "tw=10,100 names some, tw=10..20 those between; without tw= at most ten a decade are taken");
    return ISD_UNSUPPORTED;
}

static isd_status refuse_none(isd_error *err)
{
    isd_error_set(err, ISD_DATA, "the set has no two frames with increasing time");
    isd_error_hint(err, "open more frames, or sort them with order=step on open");
    return ISD_DATA;
}

isd_status waiting_times_of(const struct frame_times *times, const char *option, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    double *tw = NULL;
    int32_t n = 0;
    const char *dots = option ? strstr(option, "..") : NULL;
    isd_status status = option ? series_all_tw(times, &tw, &n, err) : series_default_tw(times, &tw, &n, err);
    if (status == ISD_UNSUPPORTED && option && !dots && strcmp(option, "all") != 0)
        return take_list_of_pairs(times, option, ret_tw, ret_n, err);
    if (status != ISD_OK)
        return status;
    if (n == 0) {
        status = refuse_none(err);
    } else if (dots) {
        status = take_range(option, dots, tw, &n, err);
    } else if (option && strcmp(option, "all") != 0) {
        status = take_list(option, tw, &n, err);
    }
    if (status == ISD_OK && option)
        status = refuse_too_many(n, times, err);
    if (status != ISD_OK) {
        free(tw);
        return status;
    }
    *ret_tw = tw;
    *ret_n = n;
    return ISD_OK;
}

isd_status waiting_times(struct session *session, const char *option, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    if (option)
        return waiting_times_of(session_times(session), option, ret_tw, ret_n, err);
    isd_status status = session_default_tw(session, ret_tw, ret_n, err);
    if (status == ISD_OK && *ret_n == 0) {
        free(*ret_tw);
        status = refuse_none(err);
    }
    return status;
}

isd_status waiting_pairs(struct session *session, const char *option, struct frame_pair **ret_pairs, int32_t *ret_n,
                         double *ret_tw, isd_error *err)
{
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times(session, option, &tw, &n, err);
    if (status != ISD_OK)
        return status;
    *ret_tw = tw[0];
    free(tw);
    return series_pairs(session_times(session), *ret_tw, false, ret_pairs, ret_n, err);
}
