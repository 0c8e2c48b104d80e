/* Frames out of their files again. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/frame_set.h"

static void idle_close(struct idle_reader *idle)
{
    isd_reader_close(idle->reader);
    free(idle->elements);
    *idle = (struct idle_reader){NULL, NULL, NULL};
}

void set_load_done(struct frame_set *set)
{
    for (int k = 0; k < SET_IDLE_READERS; k++)
        idle_close(&set->idle[k]);
}

/* The reader of this file that stands by; without one *ret_idle is empty. The table of elements is brought up to date. */
static void take_idle(struct frame_set *set, const struct set_file *file, struct idle_reader *ret_idle)
{
    *ret_idle = (struct idle_reader){NULL, NULL, NULL};
    job_lock_take(set->lock);
    for (int k = 0; k < SET_IDLE_READERS; k++) {
        if (set->idle[k].reader == NULL || set->idle[k].file != file)
            continue;
        *ret_idle = set->idle[k];
        *ret_idle->elements = set->seen;
        set->idle[k] = (struct idle_reader){NULL, NULL, NULL};
        break;
    }
    job_lock_give(set->lock);
}

/* It stands by from now on; the one that did so for longest gives way. */
static void give_idle(struct frame_set *set, struct idle_reader *idle)
{
    int last = SET_IDLE_READERS - 1;
    job_lock_take(set->lock);
    for (int k = 0; k < last; k++)
        if (set->idle[k].reader == NULL)
            last = k;
    struct idle_reader dropped = set->idle[last];
    memmove(set->idle + 1, set->idle, (size_t)last * sizeof *set->idle);
    set->idle[0] = *idle;
    job_lock_give(set->lock);
    idle_close(&dropped);
}

static isd_status open_idle(struct frame_set *set, const struct set_file *file, struct idle_reader *ret_idle, isd_error *err)
{
    struct source *source = NULL;
    struct idle_reader made = {.file = file};
    made.elements = malloc(sizeof *made.elements);
    if (made.elements == NULL)
        return isd_error_memory(err);
    job_lock_take(set->lock);
    *made.elements = set->seen;
    job_lock_give(set->lock);
    const struct reader_options options = {.elements = made.elements, .format = set->options.format, .known = file->format};
    isd_status status = set_open_source(set, file, &source, err);
    if (status == ISD_OK)
        status = reader_open_source(source, &options, NULL, NULL, NULL, &made.reader, err);
    if (status != ISD_OK) {
        idle_close(&made);
        return status;
    }
    *ret_idle = made;
    return ISD_OK;
}

static isd_status refuse_other(const struct set_entry *entry, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "frame %" PRId32 " of this file is not what it was when the file was read: the file has changed",
                  entry->place.frame);
    isd_error_at(err, entry->file->path, 0, 0);
    isd_error_hint(err, "refresh    reads it again");
    return ISD_DATA;
}

/* The frame at the entry's place, whatever it is; NULL where there is none any more. */
static isd_status read_there(const struct set_entry *entry, isd_reader *reader, isd_snapshot **ret_frame, isd_error *err)
{
    const struct frame_state *state = entry->state;
    isd_status status = reader_go(reader, &entry->place, state != NULL ? state->bytes : NULL, entry->file->index, err);
    return status == ISD_OK ? reader_next(reader, ret_frame, NULL, err) : status;
}

/* Is this the frame that was there? It gets what it had from its neighbours. */
static bool is_same(const struct frame_set *set, const struct set_entry *entry, isd_snapshot *frame)
{
    struct hash128 fingerprint = frame_fingerprint(frame);
    if (frame->n != entry->info.n || !hash128_equal(&fingerprint, &entry->info.fingerprint))
        return false;
    frame->box.dim = set->dimension;
    frame->step = entry->info.step;
    frame->time = entry->info.time;
    memcpy(frame->units, entry->names->units, sizeof frame->units);
    memcpy(frame->element, entry->names->element, sizeof frame->element);
    return true;
}

isd_status set_load(struct frame_set *set, const struct set_entry *entry, const isd_snapshot **ret_frame, isd_error *err)
{
    struct idle_reader idle;
    isd_snapshot *frame = NULL;
    isd_error trouble;
    take_idle(set, entry->file, &idle);
    isd_status status = ISD_OK;
    /* A reader that stood by may have seen less of a growing file, or one that is gone: then once more from disk. */
    for (int attempt = idle.reader != NULL ? 0 : 1; attempt < 2; attempt++) {
        if (idle.reader == NULL)
            status = open_idle(set, entry->file, &idle, &trouble);
        if (status == ISD_OK)
            status = read_there(entry, idle.reader, &frame, &trouble);
        if (status == ISD_OK && frame != NULL && is_same(set, entry, frame))
            break;
        isd_snapshot_unref(frame);
        frame = NULL;
        idle_close(&idle);
        if (attempt == 0)
            status = ISD_OK;
    }
    if (frame != NULL) {
        give_idle(set, &idle);
        *ret_frame = frame;
        return ISD_OK;
    }
    if (status == ISD_OK || status == ISD_DATA)
        return refuse_other(entry, err);
    if (err != NULL)
        *err = trouble;
    return status;
}
