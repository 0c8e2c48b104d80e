/* SHA-256: the vectors of FIPS 180-4. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/sha256.h"

static void vectors(void **state)
{
    static const struct {
        const char *text, *sum;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char text[SHA256_TEXT];

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct sha256 sum;
        sha256_init(&sum);
        sha256_add(&sum, cases[k].text, strlen(cases[k].text));
        sha256_text(&sum, text);
        assert_string_equal(text, cases[k].sum);
    }
}

/* A million a's, in pieces of every length up to 200. */
static void pieces(void **state)
{
    char a[200], text[SHA256_TEXT];
    struct sha256 sum;
    size_t left = 1000000;

    (void)state;
    memset(a, 'a', sizeof a);
    sha256_init(&sum);
    for (size_t k = 0; left > 0; k = (k + 1) % 200) {
        size_t n = k + 1 < left ? k + 1 : left;
        sha256_add(&sum, a, n);
        left -= n;
    }
    sha256_text(&sum, text);
    assert_string_equal(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors), cmocka_unit_test(pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
