/* SHA-256 (FIPS 180-4), to tell copies of a file apart. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_TEXT = 65 }; /* 64 hexadecimal digits and the end */

struct sha256 {
    uint32_t h[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void sha256_init(struct sha256 *ret_sum);
void sha256_add(struct sha256 *sum, const void *bytes, size_t n);
/* The digest in small letters; the sum must not be used afterwards. */
void sha256_text(struct sha256 *sum, char ret_text[SHA256_TEXT]);

#endif
