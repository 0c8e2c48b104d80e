/* The demo set that comes inside the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"

#include "app/state.h"

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

isd_status session_open_demo(struct session *session, isd_error *err)
{
    const char *path = "demo";
    struct open_options options;
    isd_status status = ISD_OK;
    open_options_defaults(&options);
    options.name = "demo";
    options.units = "lj";
    options.dt = 0.005;
    options.data = isdmin_demo_start;
    options.data_size = (size_t)(isdmin_demo_end - isdmin_demo_start);
    if (session->demo) { /* open already: looked at again */
        status = session_use_set(session, session->demo->name, err);
    } else {
        status = session_open(session, &path, 1, &options, err);
        session->demo = status == ISD_OK ? session_current(session) : NULL;
    }
    if (status != ISD_OK)
        return status;
    status = system_builtin(session_system(session), "ka3d", err);
    if (status == ISD_OK)
        session_system_changed(session);
    return status;
}
