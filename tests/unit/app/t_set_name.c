/* What sets are called that nobody named. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/set_name.h"

static void proposed(void **state)
{
    (void)state;
    static const struct {
        const char *path[4], *name;
    } cases[] = {
        {{"run.dump.gz"}, "run"}, {{"/a/b/run.lammpstrj"}, "run"}, {{"/a/b/"}, "b"}, {{"inherent.7"}, "inherent.7"}, {{"POSCAR"}, "POSCAR"},
        /* files one by one */
        {{"inherent.0", "inherent.1", "inherent.10"}, "inherent"}, {{"d/T045.0", "d/T045.1"}, "T045"}, {{"run10.dump", "run11.dump"}, "run"},
        {{"s_100.xyz.gz", "s_1000.xyz.gz", "s_2.xyz.gz"}, "s"}, {{"a.dump.gz", "a.dump.gz.1"}, "a"}, {{"x/cfg.dump", "y/cfg.dump"}, "cfg"},
        {{"glass/1.dump", "glass/2.dump"}, "glass"}, {{"/g/a.data", "/g/b.data"}, "g"}, {{"1.dump", "2.dump"}, "1"}, {{"a/1.dump", "b/2.dump"}, "1"},
        {{"./a.data", "./b.data"}, "a"}, {{"run", "run2"}, "run"},
        /* patterns */
        {{"inherent.*"}, "inherent"}, {{"/x/glass/*.dump"}, "glass"}, {{"*.dump"}, "set"}, {{"/x/T0.5_[0-9].gz"}, "T0.5"}, {{"r?n"}, "r"},
        {{"/x*/y/*"}, "y"}, {{"/x*/*"}, "set"}, {{"../*"}, "set"},
        /* nothing to show raw */
        {{"\033]0;x"}, "\\x1b]0;x"}, {{""}, "set"}, {{NULL}, "set"}, {{"/"}, "set"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char name[64];
        int n = 0;
        while (n < 4 && cases[k].path[n] != NULL)
            n++;
        set_name_propose(cases[k].path, n, name, sizeof name);
        if (strcmp(name, cases[k].name) != 0)
            fail_msg("%s: %s, expected %s", n > 0 ? cases[k].path[0] : "nothing", name, cases[k].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(proposed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
