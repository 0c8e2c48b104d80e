/* Reports of the mouse. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/report.h"

#include <stdio.h>

#include "base/scan.h"

enum { OLD_BIAS = 32, OLD_RELEASE = 3, MOST = 10000 };

void report_begin(struct report *report, enum report_kind kind)
{
    *report = (struct report){.kind = kind};
}

static const char *name_of(long button, bool released)
{
    return button == 0 ? (released ? "Release" : "Press") : released ? NULL : button == 64 ? "WheelUp" : button == 65 ? "WheelDown" : NULL;
}

static enum report_state finish(struct report *report, long button, bool released, long x, long y, struct key *ret_key)
{
    const char *name = name_of(button, released);
    report->kind = REPORT_NOT;
    if (!name || x < 1 || y < 1 || x > MOST || y > MOST)
        return REPORT_OTHER;
    *ret_key = (struct key){.mouse = true, .x = (int)x - 1, .y = (int)y - 1};
    snprintf(ret_key->name, sizeof ret_key->name, "%s", name);
    return REPORT_KEY;
}

static enum report_state take_old(struct report *report, unsigned code, struct key *ret_key)
{
    if (code < OLD_BIAS || code > 255) {
        report->kind = REPORT_NOT;
        return REPORT_BROKEN;
    }
    report->text[report->n++] = (char)(code - OLD_BIAS);
    if (report->n < 3)
        return REPORT_MORE;
    const unsigned char *part = (const unsigned char *)report->text;
    bool released = part[0] == OLD_RELEASE;
    return finish(report, released ? 0 : part[0], released, part[1], part[2], ret_key);
}

/* "0;12;7" */
static enum report_state take_numbers(struct report *report, bool released, struct key *ret_key)
{
    int64_t number[3] = {-1, -1, -1};
    const char *p = report->text, *end = p + report->n;
    for (int k = 0; k < 3 && p; k++) {
        p = scan_int64(p, end, &number[k]);
        p = p && k < 2 ? (p < end && *p == ';' ? p + 1 : NULL) : p;
    }
    return finish(report, p == end ? (long)number[0] : -1, released, (long)number[1], (long)number[2], ret_key);
}

enum report_state report_take(struct report *report, unsigned code, struct key *ret_key)
{
    if (report->kind == REPORT_OLD)
        return take_old(report, code, ret_key);
    if (code == 'M' || code == 'm')
        return take_numbers(report, code == 'm', ret_key);
    bool belongs = (code >= '0' && code <= '9') || code == ';';
    if (!belongs || report->n >= (int)sizeof report->text) {
        report->kind = REPORT_NOT;
        return REPORT_BROKEN;
    }
    report->text[report->n++] = (char)code;
    return REPORT_MORE;
}
