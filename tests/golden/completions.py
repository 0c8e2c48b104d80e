#!/usr/bin/env python3
"""The completions of shells know every option, command and topic, and work in the shells that are here. SPDX-License-Identifier: GPL-3.0-or-later

Usage: completions.py PROGRAM FOLDER, where the folder holds isdmin.bash, _isdmin and isdmin.fish.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, FOLDER = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
FILES = {'bash': 'isdmin.bash', 'zsh': '_isdmin', 'fish': 'isdmin.fish'}


def run(*argv, text=''):
    return subprocess.run([str(word) for word in argv], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8',
                          env=dict(os.environ, LC_ALL='C.UTF-8'), timeout=60, check=False).stdout


def in_bash(*words):
    """What bash offers for the last of the words."""
    line = ' '.join(f"'{word}'" for word in words)
    return run('bash', '--norc', '--noprofile', '-c', f'. {FOLDER / FILES["bash"]}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; '
               '_isdmin; printf "%s\\n" "${COMPREPLY[@]}"').split()


class Completions(unittest.TestCase):
    def setUp(self):
        self.text = {shell: (FOLDER / name).read_text(encoding='utf-8') for shell, name in FILES.items()}
        self.commands = [word for word in run(PROGRAM, '-c', "complete ''").split() if re.fullmatch('[a-z_0-9]+', word)]
        self.options = re.findall(r'--([a-z0-9-]+)', run(PROGRAM, '--help').split('isdmin')[-1] + run(PROGRAM, '--help'))

    def test_all_shells_know_all(self):
        self.assertGreater(len(self.commands), 50)
        self.assertGreater(len(set(self.options)), 8)
        for shell, text in self.text.items():
            words = set(re.findall('[a-z_0-9-]+', text))
            self.assertEqual([name for name in self.commands if name not in words], [], shell)
            long = 'l ' if shell == 'fish' else '--'
            self.assertEqual([name for name in self.options if f'{long}{name}' not in text], [], shell)
            self.assertIn('physics', words)

    def test_bash(self):
        self.assertEqual(in_bash('isdmin', '--js'), ['--json'])
        self.assertEqual(sorted(in_bash('isdmin', 'help', 'qu')), ['quench', 'quit'])
        self.assertEqual(in_bash('isdmin', 'help', 'phys'), ['physics'])
        self.assertEqual(in_bash('isdmin', '--color=a'), ['auto', 'always'])
        self.assertIn('match', in_bash('isdmin', '-c', 'ma'))
        self.assertEqual(in_bash('isdmin', str(FOLDER / FILES['zsh'])), [str(FOLDER / FILES['zsh'])])

    @unittest.skipUnless(shutil.which('zsh'), 'no zsh')
    def test_zsh(self):
        self.assertEqual(run('zsh', '-n', FOLDER / FILES['zsh']), '')

    @unittest.skipUnless(shutil.which('fish'), 'no fish')
    def test_fish(self):
        offered = run('fish', '--no-config', '-c', f'source {FOLDER / FILES["fish"]}; complete -C "isdmin help qu"')
        self.assertIn('quench', offered)
        self.assertNotIn('match', offered)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
