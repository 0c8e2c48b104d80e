#!/usr/bin/env python3
"""What `meson install` puts into a prefix works there, for users and for programs that link. SPDX-License-Identifier: GPL-3.0-or-later

Usage: install.py BUILD_FOLDER ROOT
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
DEMO = ROOT / 'assets/demo/ka3d_T045.dump.gz'


def run(*command, **env):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                          env=dict(os.environ, LC_ALL='C.UTF-8', TERM='dumb', **env), timeout=120, check=False)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.scratch.name)
        done = run('meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', cls.root)
        assert done.returncode == 0, done.stdout + done.stderr
        cls.prefix = next(path for path in cls.root.rglob('bin') if path.is_dir()).parent
        cls.library = next(cls.root.rglob('libisdmin.so')).parent

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_program_needs_nothing_of_the_tree(self):
        shown = run(self.prefix / 'bin/isdmin', '--no-cache', '--json', '-c', 'info', '--demo')
        self.assertEqual((shown.returncode, shown.stderr), (0, ''))
        self.assertIn('"cmd":"info"', shown.stdout)

    def test_manual_pages(self):
        for page in ('isdmin.1', 'isdmin-commands.7', 'isdmin-formats.5', 'isdmin-physics.7'):
            path = self.prefix / 'share/man' / f'man{page[-1]}' / page
            self.assertIn('.TH ISDMIN', path.read_text(encoding='utf-8'))

    def test_completions(self):
        listed = run(self.prefix / 'bin/isdmin', 'help').stdout.split('\nabout\n')[0]
        names = re.findall(r'^  ([a-z_0-9]+)  +\S', listed, re.M)
        self.assertGreater(len(names), 60)
        for place in ('bash-completion/completions/isdmin.bash', 'zsh/site-functions/_isdmin', 'fish/vendor_completions.d/isdmin.fish'):
            words = set(re.findall(r'[a-z_0-9]+', (self.prefix / 'share' / place).read_text(encoding='utf-8')))
            self.assertEqual([name for name in names if name not in words], [], place)

    def test_systems_to_begin_with(self):
        own = {path.name: path.read_bytes() for path in (ROOT / 'assets/systems').glob('*.isd')}
        self.assertGreaterEqual(len(own), 8)
        self.assertEqual({path.name: path.read_bytes() for path in (self.prefix / 'share/isdmin/systems').glob('*')}, own)

    def test_only_the_library_s_own_names_leave_it(self):
        names = run('nm', '-D', '--defined-only', self.library / 'libisdmin.so').stdout.split('\n')
        names = {line.split()[2] for line in names if line}
        self.assertGreater(len(names), 50)
        self.assertEqual({name for name in names if not name.startswith('isd_')}, set())
        headers = ''.join(path.read_text(encoding='utf-8') for path in (self.prefix / 'include/isdmin').glob('*.h'))
        self.assertEqual({name for name in names if name + '(' not in headers}, set())

    def link(self, compiler, source, name):
        """A program elsewhere, with nothing but what pkg-config says."""
        found = {'PKG_CONFIG_PATH': str(self.library / 'pkgconfig'), 'PKG_CONFIG_SYSROOT_DIR': str(self.root)}
        flags = run('pkg-config', '--cflags', '--libs', 'isdmin', **found)
        self.assertEqual(flags.returncode, 0, flags.stderr)
        program = self.root / name
        made = run(*compiler, '-Wall', '-Wextra', '-Wpedantic', '-Werror', source, '-o', program, *flags.stdout.split(), '-lm')
        self.assertEqual(made.returncode, 0, made.stderr)
        return program

    def test_consumer_in_c11(self):
        program = self.link(['cc', '-std=c11'], ROOT / 'tests/examples/inherent_distance.c', 'c11')
        ran = run(program, DEMO, LD_LIBRARY_PATH=str(self.library))
        own = run(self.prefix / 'bin/isdmin', '--no-cache', '--json', '-c', 'match 0:1 species=blind', '--demo')
        self.assertEqual((ran.returncode, ran.stderr), (0, ''))
        d_min = float(own.stdout.split('"d_min":')[1].split(',')[0])
        self.assertIn(f'D_min {d_min:.3f}', ran.stdout)
        missing = run(program, self.root / 'none.dump', LD_LIBRARY_PATH=str(self.library))
        self.assertEqual(missing.returncode, 1)
        self.assertIn('none.dump', missing.stderr)

    @unittest.skipUnless(shutil.which('c++'), 'no C++ compiler')
    def test_consumer_in_cpp17(self):
        source = self.root / 'version.cpp'
        source.write_text('#include <cstdio>\n#include <isdmin/match.h>\n#include <isdmin/version.h>\n'
                          'int main() { std::printf("%s %s", ISD_VERSION, isd_status_text(ISD_DATA)); }\n')
        ran = run(self.link(['c++', '-std=c++17'], source, 'cpp17'), LD_LIBRARY_PATH=str(self.library))
        version = run(self.prefix / 'bin/isdmin', '--version').stdout.split()
        self.assertEqual(ran.stdout.split(' ', 1)[1], 'bad data')
        self.assertIn(ran.stdout.split()[0], version)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
