#!/usr/bin/env python3
"""A system is its file: the program's give what their lines give, and one of one's own needs no compiler. SPDX-License-Identifier: GPL-3.0-or-later

Usage: systems.py PROGRAM ROOT
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def run(commands, **env):
    """The objects that a script prints for frame 0 of the demo set, and what is said beside them."""
    done = subprocess.run([PROGRAM, '--no-cache', '--json', '-c', commands, '--demo'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding='utf-8', env=dict(os.environ, **env), timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


class Systems(unittest.TestCase):
    def test_lines_give_the_same_numbers_as_the_name(self):
        for name in ('ka3d', 'wca', 'sio2'):
            printed = run(f'system {name} lines=on')[1][0]['text']
            self.assertEqual(printed, (ROOT / 'assets/systems' / f'{name}.isd').read_text(encoding='utf-8'))
        for name in ('ka3d', 'wca'):
            lines = (ROOT / 'assets/systems' / f'{name}.isd').read_text(encoding='utf-8').splitlines()
            pasted = '; '.join(line for line in lines if not line.startswith('#'))
            self.assertEqual(run(f'system {name}; energy 0; info'), run(f'{pasted}; energy 0; info'))

    def test_one_s_own(self):
        """As the README says: copy one, change it, name it."""
        with tempfile.TemporaryDirectory() as home:
            folder = pathlib.Path(home) / 'isdmin/systems'
            folder.mkdir(parents=True)
            text = run('system ka3d lines=on')[1][0]['text']
            (folder / 'weak.isd').write_text(text.replace('pair_coeff 1 2 1.5', 'pair_coeff 1 2 0.75'), encoding='utf-8')
            listed = {row['name']: row['from'] for row in run('system', XDG_DATA_HOME=home)[1]}
            self.assertEqual(listed['weak'], str(folder / 'weak.isd'))
            self.assertEqual(listed['ka3d'], 'the program')
            status, results, said = run('energy 0; system weak; energy 0; complete "system we"', XDG_DATA_HOME=home)
            self.assertEqual((status, said), (0, ''))
            self.assertGreater(results[1]['energy'], results[0]['energy'] + 0.5)
            self.assertEqual(results[2]['text'], 'weak\n')
            pasted = '; '.join(line for line in (folder / 'weak.isd').read_text(encoding='utf-8').splitlines() if line[0] != '#')
            self.assertEqual(run(pasted + '; energy 0')[1][0], results[1])
            (folder / 'weak.isd').write_text(text + 'pair_coeff 1 2 strong 1\n', encoding='utf-8')
            status, results, said = run('system weak', XDG_DATA_HOME=home)
            self.assertEqual(status, 2)
            self.assertEqual(results[0]['where'], f'{folder}/weak.isd:{len(text.splitlines()) + 1}:1')
            self.assertIn("'strong'", said)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
