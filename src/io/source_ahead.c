/* Pieces of decoded bytes, each with what was known when it was complete. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "job/ahead.h"

struct piece {
    struct source_facts facts;
    struct source_range *bad; /* those met in it, or NULL; the reader takes them */
    int n_bad;
    size_t length;
    char bytes[];
};

struct ahead {
    /* the thread's */
    struct source *source;
    const struct ahead_calls *calls;
    size_t size;
    int n_bad_sent;
    /* the reader's */
    struct job_ahead *job;
    struct piece *piece; /* being read, or NULL */
    size_t position;     /* in it */
    int64_t offset;
    struct source_facts facts;
    struct source_range *bad;
    int n_bad;
};

/* Members with a wrong checksum that no piece has told of yet. */
static isd_status send_bad(struct ahead *ahead, struct piece *piece, isd_error *err)
{
    int n;
    const struct source_range *bad = ahead->calls->bad(ahead->source, &n);
    int fresh = n - ahead->n_bad_sent;
    piece->bad = NULL;
    piece->n_bad = 0;
    if (fresh <= 0)
        return ISD_OK;
    piece->bad = malloc((size_t)fresh * sizeof *bad);
    if (piece->bad == NULL)
        return isd_error_memory(err);
    memcpy(piece->bad, bad + ahead->n_bad_sent, (size_t)fresh * sizeof *bad);
    piece->n_bad = fresh;
    ahead->n_bad_sent = n;
    return ISD_OK;
}

/* On the thread. The last piece is empty and tells how the data ends. */
static isd_status fill(void *arg, void *slot, bool *ret_last, isd_error *err)
{
    struct ahead *ahead = arg;
    struct piece *piece = slot;
    size_t got = 1;
    isd_status status = ISD_OK;
    piece->length = 0;
    while (status == ISD_OK && got > 0 && piece->length < ahead->size) {
        status = ahead->calls->read(ahead->source, piece->bytes + piece->length, ahead->size - piece->length, &got, err);
        if (status == ISD_OK)
            piece->length += got;
    }
    if (status == ISD_OK)
        status = send_bad(ahead, piece, err);
    ahead->calls->facts(ahead->source, &piece->facts);
    if (piece->length > 0)
        piece->facts.fault = SOURCE_FINE; /* what has been read so far is */
    *ret_last = piece->length == 0;
    return status;
}

static void drop_piece(void *slot)
{
    struct piece *piece = slot;
    free(piece->bad);
}

isd_status ahead_new(struct source *source, const struct ahead_calls *calls, size_t size, int64_t offset,
                     struct ahead **ret_ahead, isd_error *err)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);
    if (ahead == NULL)
        return isd_error_memory(err);
    *ahead = (struct ahead){.source = source, .calls = calls, .size = size, .offset = offset};
    const struct source_range *bad = calls->bad(source, &ahead->n_bad);
    isd_status status = ISD_OK;
    calls->facts(source, &ahead->facts);
    if (ahead->n_bad > 0) {
        ahead->bad = malloc((size_t)ahead->n_bad * sizeof *bad);
        if (ahead->bad == NULL)
            status = isd_error_memory(err);
        else
            memcpy(ahead->bad, bad, (size_t)ahead->n_bad * sizeof *bad);
        ahead->n_bad_sent = ahead->n_bad;
    }
    size_t slot = sizeof(struct piece) + size;
    slot += -slot % _Alignof(struct piece);
    if (status == ISD_OK)
        status = job_ahead_new(AHEAD_SLOTS, slot, fill, ahead, &ahead->job, err);
    if (status == ISD_OK)
        *ret_ahead = ahead;
    else
        ahead_free(ahead);
    return status;
}

void ahead_free(struct ahead *ahead)
{
    if (ahead == NULL)
        return;
    job_ahead_free(ahead->job, drop_piece);
    free(ahead->bad);
    free(ahead);
}

/* A new piece: what it knows becomes known. */
static isd_status take_piece(struct ahead *ahead, isd_error *err)
{
    void *slot = NULL;
    isd_status status = job_ahead_next(ahead->job, &slot, err);
    ahead->piece = slot;
    ahead->position = 0;
    if (status != ISD_OK || slot == NULL)
        return status;
    struct piece *piece = slot;
    ahead->facts = piece->facts;
    if (piece->n_bad > 0) {
        struct source_range *grown = realloc(ahead->bad, (size_t)(ahead->n_bad + piece->n_bad) * sizeof *grown);
        if (grown == NULL)
            return isd_error_memory(err);
        memcpy(grown + ahead->n_bad, piece->bad, (size_t)piece->n_bad * sizeof *grown);
        ahead->bad = grown;
        ahead->n_bad += piece->n_bad;
    }
    free(piece->bad);
    piece->bad = NULL;
    piece->n_bad = 0;
    return ISD_OK;
}

isd_status ahead_read(struct ahead *ahead, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    if (ahead->piece == NULL || ahead->position == ahead->piece->length) {
        isd_status status = take_piece(ahead, err);
        if (status != ISD_OK)
            return status;
    }
    size_t there = ahead->piece != NULL ? ahead->piece->length - ahead->position : 0, length = there < size ? there : size;
    if (length > 0)
        memcpy(buffer, ahead->piece->bytes + ahead->position, length);
    ahead->position += length;
    ahead->offset += (int64_t)length;
    *ret_length = length;
    return ISD_OK;
}

int64_t ahead_offset(const struct ahead *ahead)
{
    return ahead->offset;
}

const struct source_facts *ahead_facts(const struct ahead *ahead)
{
    return &ahead->facts;
}

const struct source_range *ahead_bad(const struct ahead *ahead, int *ret_count)
{
    *ret_count = ahead->n_bad;
    return ahead->bad;
}
