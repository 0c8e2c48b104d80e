/* Cancel, progress and helpers of a long computation. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/control.h"

#include <stdatomic.h>
#include <stdlib.h>

struct isd_control {
    atomic_bool cancelled;
    _Atomic double fraction;
    _Atomic double helped;
    isd_for_fn *run;
    void *pool;
    isd_control *whole; /* or NULL */
    double share;       /* of its progress */
};

isd_control *isd_control_new(void)
{
    isd_control *control = malloc(sizeof *control);
    if (!control)
        return NULL;
    atomic_init(&control->cancelled, false);
    atomic_init(&control->fraction, 0.0);
    atomic_init(&control->helped, 0.0);
    control->run = NULL;
    control->pool = NULL;
    control->whole = NULL;
    control->share = 0;
    return control;
}

isd_control *isd_control_part(isd_control *whole, double share)
{
    isd_control *part = isd_control_new();
    if (part && whole) {
        part->run = whole->run;
        part->pool = whole->pool;
        part->whole = whole;
        part->share = share;
    }
    return part;
}

void isd_control_free(isd_control *control)
{
    free(control);
}

void isd_control_cancel(isd_control *control)
{
    if (control)
        atomic_store_explicit(&control->cancelled, true, memory_order_relaxed);
}

bool isd_control_cancelled(const isd_control *control)
{
    for (; control; control = control->whole)
        if (atomic_load_explicit(&control->cancelled, memory_order_relaxed))
            return true;
    return false;
}

static void add(_Atomic double *sum, double change)
{
    double old = atomic_load_explicit(sum, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(sum, &old, old + change, memory_order_relaxed, memory_order_relaxed))
        ;
}

void isd_control_report(isd_control *control, double done, double total)
{
    if (!control || !(total > 0))
        return;
    double fraction = done / total;
    fraction = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    double old = atomic_load_explicit(&control->fraction, memory_order_relaxed);
    do {
        if (fraction <= old)
            return;
    } while (!atomic_compare_exchange_weak_explicit(&control->fraction, &old, fraction, memory_order_relaxed, memory_order_relaxed));
    double change = fraction - old;
    for (; control->whole; control = control->whole)
        add(&control->whole->fraction, change *= control->share);
}

double isd_control_fraction(const isd_control *control)
{
    double fraction = control ? atomic_load_explicit(&control->fraction, memory_order_relaxed) : 0.0;
    return fraction < 0 ? 0 : fraction > 1 ? 1 : fraction; /* a sum of parts is rounded */
}

void isd_control_set_pool(isd_control *control, isd_for_fn *run, void *pool)
{
    if (!control)
        return;
    control->run = run;
    control->pool = pool;
}

void isd_control_add_helped(isd_control *control, double seconds)
{
    while (control && control->whole)
        control = control->whole;
    if (control)
        add(&control->helped, seconds);
}

double isd_control_helped(const isd_control *control)
{
    while (control && control->whole)
        control = control->whole;
    return control ? atomic_load_explicit(&control->helped, memory_order_relaxed) : 0.0;
}

void isd_control_for(isd_control *control, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    if (control && control->run && chunks > 1) {
        control->run(control->pool, chunks, work, arg);
        return;
    }
    for (int32_t k = 0; k < chunks; k++)
        work(arg, k);
}
