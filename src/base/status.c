/* Status codes and errors. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void fill(char *out, size_t size, const char *format, va_list arguments)
{
    char raw[1024];
    vsnprintf(raw, sizeof raw, format, arguments);
    text_escape(raw, strlen(raw), out, size);
}

isd_status isd_error_set(isd_error *err, isd_status status, const char *format, ...)
{
    if (err) {
        /* The words may quote the error's own old texts: format before clearing. */
        char what[sizeof err->what];
        va_list arguments;
        va_start(arguments, format);
        fill(what, sizeof what, format, arguments);
        va_end(arguments);
        *err = (isd_error){.status = status};
        memcpy(err->what, what, sizeof what);
    }
    return status;
}

void isd_error_at(isd_error *err, const char *path, long long line, long long column)
{
    if (!err)
        return;
    char place[64] = "";
    if (line > 0 && column > 0)
        snprintf(place, sizeof place, ":%lld:%lld", line, column);
    else if (line > 0)
        snprintf(place, sizeof place, ":%lld", line);
    size_t room = sizeof err->where - strlen(place);
    size_t used = text_escape(path, strlen(path), err->where, room);
    memcpy(err->where + used, place, strlen(place) + 1);
}

void isd_error_at_byte(isd_error *err, const char *path, long long offset)
{
    if (!err)
        return;
    char place[64];
    snprintf(place, sizeof place, ": byte %lld", offset);
    size_t used = text_escape(path, strlen(path), err->where, sizeof err->where - strlen(place));
    memcpy(err->where + used, place, strlen(place) + 1);
}

void isd_error_atoms(isd_error *err, int a, int b)
{
    if (!err)
        return;
    err->n_atoms = b < 0 ? 1 : 2;
    err->atom[0] = a;
    err->atom[1] = b;
}

void isd_error_hint(isd_error *err, const char *format, ...)
{
    if (!err)
        return;
    char hint[sizeof err->hint];
    va_list arguments;
    va_start(arguments, format);
    fill(hint, sizeof hint, format, arguments);
    va_end(arguments);
    memcpy(err->hint, hint, sizeof hint);
}

isd_status isd_error_memory(isd_error *err)
{
    isd_error_set(err, ISD_MEMORY, "out of memory");
    isd_error_hint(err, "open fewer frames at once, or close other programs");
    return ISD_MEMORY;
}

const char *isd_status_text(isd_status status)
{
    static const char *const text[] = {
#define X(name, words) words,
        ISD_STATUS_LIST(X)
#undef X
    };
    unsigned k = (unsigned)status;
    return k < sizeof text / sizeof text[0] ? text[k] : "unknown status";
}
