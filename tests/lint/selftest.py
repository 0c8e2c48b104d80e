#!/usr/bin/env python3
"""Do the checks of this folder find what they are for? SPDX-License-Identifier: GPL-3.0-or-later

Usage: selftest.py CXX|- CC...

Plants one violation of each kind in a small tree and asks whether it is named.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import headers
import layers
import style
import symbols

LICENCE = '/* A file. SPDX-License-Identifier: GPL-3.0-or-later */\n'
TABLE = '''base : # the lowest
io : base
app : base io
isdmin/ok.h : base
isdmin/high.h : app
<zlib.h> : src/io/gz.c
'''
CXX, CC = None, ['cc']


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write('src/layers.txt', TABLE)
        self.write('include/isdmin/ok.h', LICENCE + '#include <stdint.h>\n')
        self.write('include/isdmin/high.h', LICENCE + '#include "isdmin/ok.h"\n')

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)


class LayersTest(Tree):
    def expect(self, *words):
        found = '\n'.join(layers.check(self.root))
        for word in words:
            self.assertIn(word, found)

    def test_clean(self):
        self.write('src/io/gz.c', LICENCE + '#include "io/gz.h"\n#include <zlib.h>\n#include "isdmin/ok.h"\n')
        self.write('src/main.c', LICENCE + '#include "app/app.h"\n')
        self.assertEqual(layers.check(self.root), [])

    def test_upward(self):
        self.write('src/base/x.c', '#include "io/gz.h"\n')
        self.expect('src/base/x.c:1: base may not include from io')

    def test_upward_through_a_public_header(self):
        self.write('src/io/x.c', '\n#  include "isdmin/high.h"\n')
        self.expect('src/io/x.c:2: io may not include from app')

    def test_public_header_includes_internal(self):
        self.write('include/isdmin/ok.h', '#include "base/x.h"\n')
        self.expect('include/isdmin/ok.h:1: a public header')

    def test_nobody_owns_a_public_header(self):
        self.write('include/isdmin/new.h', LICENCE)
        self.expect('include/isdmin/new.h: no owner')

    def test_bare_name_and_unknown_folder(self):
        self.write('src/app/x.c', '#include "app.h"\n#include "util/all.h"\n')
        self.expect('x.c:1: write the folder too', 'x.c:2: "util/all.h": no such folder')

    def test_outside_library(self):
        self.write('src/io/other.c', '#include <zlib.h>\n')
        self.expect('other.c:1: <zlib.h> belongs to src/io/gz.c')

    def test_table(self):
        self.write('src/layers.txt', 'base : io\nio : base\nisdmin/ok.h : nobody\nwrong\n<zlib.h> :\n')
        self.expect('base lists io', 'isdmin/ok.h needs one folder', 'layers.txt:4: no colon')

    def test_unlisted_folder(self):
        self.write('src/extra/x.c', '\n')
        self.expect('folder extra is not in')


class StyleTest(Tree):
    def expect(self, path, text, *words):
        self.write(path, text)
        found = '\n'.join(style.check(self.root))
        for word in words:
            self.assertIn(word, found)

    def test_clean(self):
        self.write('src/io/x.c', LICENCE + '#include "io/x.h"\nint atoi_like(int); /* strcpy(a, b) */\n'
                   'const char *s = "sprintf(";\nint f(struct s *p) { return p->system(1) + s.gets(); }\n')
        self.write('src/io/x.h', LICENCE)
        self.assertEqual(style.check(self.root), [])

    def test_lines(self):
        self.expect('src/io/x.c', 'int a;\t\nint b; \n' + 'x' * (style.MOST_COLUMNS + 1) + '\n/* TO' 'DO */\nint c;',
                    'x.c:1: no SPDX', 'x.c:1: tab', 'x.c:2: trailing', 'x.c:3: %d columns' % (style.MOST_COLUMNS + 1),
                    'x.c:4: a note', 'x.c: the last line')

    def test_banned(self):
        for name in style.BANNED:
            self.expect('src/io/x.c', LICENCE + f'/* two\n lines */ int x = {name} (a);\n', f'x.c:3: {name} is banned')

    def test_own_header_first(self):
        self.write('src/io/x.h', LICENCE)
        self.expect('src/io/x.c', LICENCE + '#include <stdio.h>\n#include "io/x.h"\n', 'includes "io/x.h" not first')


class HeadersTest(Tree):
    def test_headers(self):
        self.assertEqual(headers.check(self.root, CXX, CC)[0], [])
        self.write('src/io/x.h', 'void f(size_t n);\n')
        self.write('include/isdmin/plus.h', 'int class;\nint *p = (void *)0;\n')
        found = '\n'.join(headers.check(self.root, CXX, CC)[0])
        self.assertIn('io/x.h does not compile alone', found)
        self.assertEqual(CXX is not None, 'isdmin/plus.h does not compile alone' in found)


class SymbolsTest(Tree):
    def test_library(self):
        self.write('build/src/x.c', '#include <stdlib.h>\nint f(void) { return abs(atoi(getenv("A"))); }\n')
        subprocess.run([*CC, '-c', self.root / 'build/src/x.c', '-o', self.root / 'build/src/libbase.a'], check=True)
        found = '\n'.join(symbols.check(self.root, self.root / 'build', 'nm'))
        self.assertIn('uses getenv', found)
        self.assertNotIn('uses abs', found)

    def test_no_library(self):
        self.assertIn('no library found', symbols.check(self.root, self.root / 'build', 'nm')[0])

    def test_names(self):
        self.assertEqual([symbols.plain(s) for s in ('__printf_chk', 'exit', '__assert_fail')],
                         ['printf', 'exit', '__assert_fail'])
        self.assertTrue({'exit', 'abort', 'printf', 'puts', 'fprintf', 'getenv', 'perror'} <= symbols.BANNED)


if __name__ == '__main__':
    CXX, CC = None if sys.argv[1] == '-' else sys.argv[1], sys.argv[2:] or ['cc']
    unittest.main(argv=sys.argv[:1])
