#!/usr/bin/env python3
"""Escape sequences in names and texts of files never reach the terminal: on the screen, at the prompt, in errors, after the end.
SPDX-License-Identifier: GPL-3.0-or-later

Usage: escapes.py PROGRAM"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))
from terminal import Terminal  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
# A title, a colour that nobody uses, a bell with a mark, C1 controls: what the program itself never sends.
EVIL = '\x1b]0;EVIL\x07\x1b[38;5;199m\x9bEVIL\x07'
FORBIDDEN = ('\x1b]0;EVIL', '\x1b[38;5;199', '\x9bEVIL', 'EVIL\x07')


def dump(element='A', item='', note='note', title=''):
    return (f'ITEM: UNITS\n{title or "lj"}\nITEM: TIMESTEP\n0\n{item}ITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n'
            f'ITEM: ATOMS id element x y z {note}\n1 {element} 1 1 1 a\n2 {element} 2 2 2 a\n3 B 4 4 4 a\n')


FILES = {
    'element.dump': dump(element='A\x1b[38;5;199m'),
    'item.dump': dump(item=f'ITEM: {EVIL}\n{EVIL}\n'),
    'note.dump': dump(note='v\x1b]0;EVIL'),
    'units.dump': dump(title='\x1b[38;5;199m'),
    'value.dump': dump().replace('2 A 2', f'2 A {EVIL}'.replace(' ', '')),
    'text.dump': f'{EVIL}\n' * 3,
    'box.dump': dump().replace('0 9\n', f'0 {EVIL}\n', 1),
    'a.data': f'{EVIL}\n\n1 atoms\n1 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n\nAtoms # \x1b]0;EVIL\x07\n\n1 1 1 1 1\n',
    'a.xyz': '2\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3\nA\x1b[38;5;199m 1 1 1\nB\x07 2 2 2\n',
    'b.xyz': f'2\nLattice="{EVIL}"\nA 1 1 1\nB 2 2 2\n',
    'POSCAR': f'{EVIL}\n1\n9 0 0\n0 9 0\n0 0 9\nA\x1b]0;EVIL\n2\nDirect\n0 0 0\n.5 .5 .5\n',
    'name\x1b]0;EVIL\x07.dump': dump(),
    'cut\x1b[38;5;199m.dump': dump()[:-5],
}


class Escapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for name, text in FILES.items():
            pathlib.Path(cls.folder.name, name).write_bytes(text.encode('latin-1'))
        cls.env = {'HOME': cls.folder.name, 'XDG_CACHE_HOME': cls.folder.name, 'XDG_STATE_HOME': cls.folder.name, 'TERM': 'xterm-256color',
                   'LC_ALL': 'C.UTF-8'}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def clean(self, output, where):
        for word in FORBIDDEN:
            self.assertNotIn(word, output, where)

    def paths(self):
        return [os.path.join(self.folder.name, name) for name in FILES]

    def test_batch(self):
        for path in self.paths():
            for form in ('--json', '--csv', '--tsv', '--ascii'):
                ran = subprocess.run([PROGRAM, form, '--no-cache', '-c', 'info; snapshot 0; system ka3d; match 0:0 of=raw; sets; jobs', path],
                                     env=dict(os.environ, **self.env), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
                self.clean((ran.stdout + ran.stderr).decode('latin-1'), path)
                self.assertGreaterEqual(ran.returncode, 0, path)

    def finish(self, terminal, lines):
        """Sends these lines; a file that cannot be opened has ended the program before."""
        try:
            for line in lines:
                terminal.send(line)
                terminal.quiet(0.1)
        except OSError:
            pass
        terminal.wait()

    def test_prompt(self):
        """Errors and notes go to the same terminal; so does what is printed last."""
        for path in self.paths():
            with Terminal([PROGRAM, '-i', '--no-cache', path], env=self.env) as terminal:
                terminal.quiet(0.3)
                self.finish(terminal, ['info; snapshot 0; sets\n', 'quit\n'])
                terminal.quiet(0.05)
                self.clean(terminal.raw, path)

    def test_screen(self):
        for path in self.paths():
            with Terminal([PROGRAM, '--no-cache', path], env=self.env, columns=120, rows=40) as terminal:
                terminal.quiet(0.3)
                self.finish(terminal, [':info\n', ':quit\n'])
                terminal.quiet(0.05)
                self.clean(terminal.raw, path)

    def test_commands(self):
        """What is typed wrongly comes back in the message."""
        for command in (f'open {EVIL}', f'"{EVIL}"', f'match 0:{EVIL} of={EVIL}', f'system {EVIL}', f'pair_style {EVIL}'):
            ran = subprocess.run([PROGRAM, '--no-cache', '-c', command], env=dict(os.environ, **self.env), stdin=subprocess.DEVNULL,
                                 capture_output=True, timeout=60, check=False)
            self.clean((ran.stdout + ran.stderr).decode('utf-8', errors='replace'), command)
            self.assertIn(ran.returncode, (1, 2))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
