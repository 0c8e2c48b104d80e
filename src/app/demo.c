/* The demo set that comes inside the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The bytes of the file, between the two labels. */
__asm__(".section .rodata\n"
        ".global isdmin_demo_start\n"
        "isdmin_demo_start:\n"
        ".incbin \"" ISDMIN_DEMO_FILE "\"\n"
        ".global isdmin_demo_end\n"
        "isdmin_demo_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char isdmin_demo_start[], isdmin_demo_end[];

static bool write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        length -= (size_t)written;
    }
    return true;
}

/* The loader reads files; this one exists only while it is read. */
static isd_status open_copy(struct session *session, const char *path, int fd, isd_error *err)
{
    if (!write_all(fd, isdmin_demo_start, (size_t)(isdmin_demo_end - isdmin_demo_start))) {
        isd_error_set(err, ISD_IO, "the demo set could not be unpacked: %s", strerror(errno));
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "TMPDIR=/some/folder/with/space isdmin --demo");
        return ISD_IO;
    }
    struct open_options options;
    open_options_defaults(&options);
    options.name = "demo";
    options.units = "lj";
    options.dt = 0.005;
    return session_open(session, &path, 1, &options, err);
}

isd_status session_open_demo(struct session *session, isd_error *err)
{
    char path[512];
    const char *folder = getenv("TMPDIR");
    int length = snprintf(path, sizeof path, "%s/isdmin-demo-XXXXXX", folder && folder[0] ? folder : "/tmp");
    int fd = length < (int)sizeof path ? mkstemp(path) : -1;
    if (fd < 0) {
        isd_error_set(err, ISD_IO, "the demo set could not be unpacked: %s", strerror(errno));
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "TMPDIR=/some/folder/you/may/write isdmin --demo");
        return ISD_IO;
    }
    isd_status status = open_copy(session, path, fd, err);
    close(fd);
    unlink(path);
    if (status != ISD_OK)
        return status;
    status = system_builtin(session_system(session), "ka3d", err);
    if (status == ISD_OK)
        session_system_changed(session);
    return status;
}
