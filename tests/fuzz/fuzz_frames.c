/* Sound files of every format with a field or two spoilt, compressed afterwards so that checksums are right.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <zlib.h>
#ifdef ISD_HAVE_ZSTD
#include <zstd.h>
#endif

#include "fuzz_reading.h"
#include "maker.h"

#define PACKED_SIZE (2 * MAKER_SIZE)

/* One gz member. The compressor is kept: making one takes longer than all the rest. */
static size_t pack_gz(const uint8_t *data, size_t size, uint8_t *out)
{
    static z_stream z;
    if (z.state == NULL)
        MUST(deflateInit2(&z, 1, Z_DEFLATED, 9 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK);
    else
        deflateReset(&z);
    z.next_in = (uint8_t *)(uintptr_t)data;
    z.avail_in = (unsigned)size;
    z.next_out = out;
    z.avail_out = PACKED_SIZE / 2;
    MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
    return PACKED_SIZE / 2 - z.avail_out;
}

static size_t pack_zstd(const uint8_t *data, size_t size, uint8_t *out)
{
#ifdef ISD_HAVE_ZSTD
    static ZSTD_CCtx *context;
    if (context == NULL)
        context = ZSTD_createCCtx();
    size_t length = ZSTD_compressCCtx(context, out, PACKED_SIZE, data, size, 1);
    MUST(!ZSTD_isError(length));
    return length;
#else
    memcpy(out, data, size);
    return size;
#endif
}

static size_t pack(struct maker *m, uint8_t *out)
{
    size_t half = m->n / 2, length;
    switch (maker_dice(m, 16)) {
    case 15:
        return pack_zstd(m->out, m->n, out);
    case 14: /* two members and the zeros of a tape */
        length = pack_gz(m->out, half, out);
        length += pack_gz(m->out + half, m->n - half, out + length);
        memset(out + length, 0, 100);
        return length + 100;
    case 13:
    case 12:
        return pack_gz(m->out, m->n, out);
    default:
        memcpy(out, m->out, m->n);
        return m->n;
    }
}

/* A cut or a flipped bit, now and then. */
static size_t damage(struct maker *m, uint8_t *data, size_t size)
{
    unsigned how = maker_dice(m, 16);
    if (how < 14)
        return size;
    size_t at = (maker_dice(m, 256) * 256 + maker_dice(m, 256)) % size;
    m->spoilt = true;
    if (how == 14)
        return at;
    data[at] ^= (uint8_t)(1u << maker_dice(m, 8));
    return size;
}

static void compare_atom(const struct made_frame *f, int i, const isd_snapshot *s)
{
    int32_t at = f->has_ids ? isd_snapshot_find(s, f->id[i]) : i;
    MUST(at >= 0 && (!f->has_types || s->type[at] == f->type[i]));
    for (int d = 0; d < 3 && f->has_positions; d++)
        MUST(s->position[3 * (size_t)at + d] == f->r[i][d]);
}

/* A sound file holds what was put in. */
static void compare(const struct maker *m, const struct fuzz_reading *r)
{
    MUST(r->status == ISD_OK && r->n_frames == m->n_frames);
    for (int k = 0; k < m->n_frames; k++) {
        MUST(r->frame[k]->n == m->frame[k].n);
        for (int i = 0; i < m->frame[k].n; i++)
            compare_atom(&m->frame[k], i, r->frame[k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct maker m;
    static uint8_t packed[PACKED_SIZE];
    maker_init(&m, data, size);
    maker_make(&m, (int)maker_dice(&m, MAKER_KINDS));
    size_t length = damage(&m, packed, pack(&m, packed));
    uint8_t *exact = malloc(length > 0 ? length : 1);
    MUST(exact != NULL);
    memcpy(exact, packed, length);
    if (m.spoilt) {
        fuzz_read_and_check(exact, length);
    } else {
        struct fuzz_reading r;
        fuzz_read(exact, length, 0, &r);
        compare(&m, &r);
        fuzz_reading_done(&r);
        fuzz_accept();
    }
    free(exact);
    return 0;
}
