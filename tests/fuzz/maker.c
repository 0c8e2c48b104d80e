/* Fields out of fuzz bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "maker.h"

#include <string.h>

void maker_init(struct maker *m, const uint8_t *data, size_t size)
{
    m->p = data;
    m->end = data + size;
    m->n = 0;
    m->big = false;
    m->spoilt = false;
    m->field = 0;
    m->n_frames = 0;
    m->spoil[0] = m->spoil[1] = -1;
    int spoils = (int)maker_dice(m, 4) - 1;
    for (int k = 0; k < spoils; k++)
        m->spoil[k] = (int)maker_dice(m, 100);
    m->how = spoils > 0 ? (int)maker_dice(m, 256) : 0;
}

unsigned maker_dice(struct maker *m, unsigned n)
{
    return m->p < m->end ? *m->p++ % n : 0;
}

void maker_bytes(struct maker *m, const void *data, size_t size)
{
    const uint8_t *from = data;
    for (size_t k = 0; k < size && m->n < sizeof m->out; k++)
        m->out[m->n++] = from[k];
}

void maker_text(struct maker *m, const char *text)
{
    maker_bytes(m, text, strlen(text));
}

static bool spoil_now(struct maker *m)
{
    int field = m->field++;
    bool now = field == m->spoil[0] || field == m->spoil[1];
    m->spoilt |= now;
    return now;
}

static void long_number(struct maker *m)
{
    for (int k = 0; k < 400; k++)
        maker_text(m, k == 1 ? "." : "7");
}

static void spoilt_text(struct maker *m, const char *text)
{
    static const char *const bad[] = {
        "", "-1", "0", "nan", "inf", "0x10", "1e999", "-1e999", "1e-400", "2147483648", "2147483647", "9223372036854775808", "1,5", "1d5",
        "1e6", "1.0", "\xc3\xa9", "\x1b[31m", "x x", "\r", "\n", "\t", "+3", "-0", "1e308", "-1e308", "64", "65", "1e15", "4", ".", "-",
        "1e", "1e+", "\"", "#", "0.1e-310", "123456789012345678901234567890", "abc origin", "xy xz yz"};
    size_t how = (size_t)m->how++ % (sizeof bad / sizeof *bad + 6);
    if (how < sizeof bad / sizeof *bad) {
        maker_text(m, bad[how]);
        return;
    }
    switch (how - sizeof bad / sizeof *bad) {
    case 0:
        long_number(m);
        break;
    case 1: /* NUL */
        maker_bytes(m, "", 1);
        break;
    case 2: /* all bytes of the fuzzer's own */
        maker_bytes(m, m->p, (size_t)(m->end - m->p) < 12 ? (size_t)(m->end - m->p) : 12);
        break;
    case 3:
        maker_text(m, text);
        maker_text(m, text);
        break;
    case 4:
        maker_text(m, text);
        maker_text(m, " 1");
        break;
    default: /* without its last byte */
        maker_bytes(m, text, strlen(text) > 0 ? strlen(text) - 1 : 0);
        break;
    }
}

void maker_field(struct maker *m, const char *text)
{
    if (spoil_now(m))
        spoilt_text(m, text);
    else
        maker_text(m, text);
}

void maker_int(struct maker *m, long value)
{
    char text[24], *p = text + sizeof text - 1;
    unsigned long rest = value < 0 ? 0ul - (unsigned long)value : (unsigned long)value;
    *p = '\0';
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--p = '-';
    maker_field(m, p);
}

const char *maker_number(struct maker *m, double *ret_value)
{
    static const struct {
        const char *text;
        double value;
    } numbers[] = {{"0", 0},         {"1", 1},        {"2.5", 2.5},   {"-0.125", -0.125}, {"3.75", 3.75}, {"1e1", 10},
                   {"-2.0e0", -2},   {"0.5", 0.5},    {"7.25", 7.25}, {"+1.5", 1.5},      {"-.25", -.25}, {"4.", 4},
                   {"1.25E-1", .125}, {"-6.5", -6.5}, {"00.75", .75}, {"5e-1", .5}};
    unsigned k = maker_dice(m, sizeof numbers / sizeof *numbers);
    *ret_value = numbers[k].value;
    return numbers[k].text;
}

void maker_uint(struct maker *m, uint64_t value, int size)
{
    static const uint64_t bad[] = {0, 1, 2, 3, 5, 8, 64, 65, 255, 256, 65536, 0x7fffffff, 0x80000000u, 0xffffffffu, INT64_MAX,
                                   (uint64_t)INT64_MIN, UINT64_MAX, 0x7ff0000000000000u, 0x7ff8000000000000u, 0x7f800000u, 4096};
    uint8_t bytes[8];
    if (spoil_now(m)) {
        size_t how = (size_t)m->how++ % (sizeof bad / sizeof *bad + 2);
        value = how < sizeof bad / sizeof *bad ? bad[how] : how == sizeof bad / sizeof *bad ? value + 1 : value - 1;
    }
    for (int k = 0; k < size; k++)
        bytes[k] = (uint8_t)(value >> 8 * (m->big ? size - 1 - k : k));
    maker_bytes(m, bytes, (size_t)size);
}

void maker_double(struct maker *m, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    maker_uint(m, bits, 8);
}

void maker_float(struct maker *m, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    maker_uint(m, bits, 4);
}

struct made_frame *maker_frame(struct maker *m)
{
    struct made_frame *f = &m->frame[m->n_frames++];
    memset(f, 0, sizeof *f);
    f->n = 1 + (int)maker_dice(m, MAKER_ATOMS);
    f->has_ids = f->has_types = f->has_positions = true;
    unsigned turn = maker_dice(m, 6), step = 1 + maker_dice(m, 3) * 1000;
    for (int i = 0; i < f->n; i++) {
        f->id[i] = 1 + (long)((unsigned)(i + (int)turn) % (unsigned)f->n) * (long)step;
        f->type[i] = 1 + (int)maker_dice(m, 3);
    }
    return f;
}
