#!/usr/bin/env python3
"""Every example of the help and of isdmin-commands(7) does what it shows. SPDX-License-Identifier: GPL-3.0-or-later

Usage: examples.py PROGRAM ROOT

Each is run by itself on the demo set in a folder that has the files it names; those of the full screen alone are for the
cases of tests/screen.
"""
import gzip
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, ROOT = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
# What has to be said before an example of a command, as its help tells.
TRACES = "trace 'series_T*_tw*.txt.gz' name='series_T{T}_tw{tw}' dt=0.005 every=4 volume=833"
BEFORE = {'use': 'open run1.dump as=cold', 'close': 'open run1.dump as=cold', 'relaxation': 'points table.csv',
          'relaxation delta d_min p=0': 'points pressed.csv', 'pair_style eam/fs': 'units metal', 'greenkubo': 'timestep 0.005'}
FIT = {'fit sine': TRACES, 'fit kww': 'points table.csv', 'fit power table': 'points table.csv', 'fit power': 'points table.csv',
       'fit beta': 'points table.csv'}
SHORT = 'open decades.dump dt=0.005; system ka3d'  # frames at 0, 1, 10 and 100


def shown():
    """(command, example, is it of the full screen?) in the order of the help."""
    names = re.findall(r'^  ([a-z_0-9]+)  +\S', ask('help').split('\nabout\n')[0], re.M)
    for name in names:
        text = ask('help', name)
        examples = re.search(r'\nexamples:\n((?:  .*\n)+)', text)
        for line in examples[1].splitlines():
            yield name, line.strip(), 'full screen only' in text or 'not in batch' in text


def ask(*words):
    return subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, encoding='utf-8', check=True).stdout


def keys(value):
    """Names inside an object, of objects inside too; those that begin with a digit are lengths that are counted."""
    if isinstance(value, dict):
        return {name for name in value if not name[0].isdigit()}.union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def shear(path, period):
    """A trace as fix ave/time writes it: 5 cycles."""
    rows = [f'{4 * k} {0.012 * math.sin(2 * math.pi * 0.02 * k / period)} {-0.1 * math.sin(2 * math.pi * 0.02 * k / period + 0.5)}'
            for k in range(1, int(250 * period))]
    text = '# Time-averaged data\n# TimeStep strain pxy\n' + '\n'.join(rows) + '\n'
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == '.gz' else text.encode())


def furnish(folder):
    demo = ROOT / 'assets/demo/ka3d_T045.dump.gz'
    text = gzip.open(demo, 'rt').read()
    frames = ['ITEM: TIMESTEP' + part for part in text.split('ITEM: TIMESTEP')[1:]]
    for name in ('ka3d.dump.gz', 'run_T0.45_tw100.dump.gz'):
        shutil.copy(demo, folder / name)
    for number, name in enumerate(('run1.dump', 'run2.dump', 'my data/inherent.1', 'my data/inherent.2')):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(frames[number])
    atoms = [line.split() for line in frames[0].splitlines()[9:]]
    (folder / 'plain.xyz').write_text(f'{len(atoms)}\n\n' + ''.join(f'A {a[2]} {a[3]} {a[4]}\n' for a in atoms))
    (folder / 'runs.isd').write_text('open run1.dump\n')
    (folder / 'in.alsm').write_text('units lj\npair_style lj/cut 2.5\npair_coeff * * 1 1\nrun 0\n')
    shutil.copy(ROOT / 'assets/tour/law.csv', folder / 'table.csv')
    rows = [line for line in (folder / 'table.csv').read_text(encoding='utf-8').splitlines() if line[0] != '#']
    (folder / 'pressed.csv').write_text(f'{rows[0]},p\n' + ''.join(f'{row},0\n' for row in rows[1:]))
    (folder / 'decades.dump').write_text(''.join(re.sub(r'^(.*\n)\d+', rf'\g<1>{step}', frame)
                                                 for step, frame in zip((0, 200, 2000, 20000), frames)))
    shear(folder / 'shear.txt', 20)
    for temperature in (0.5, 0.6):
        for period in (10, 20):
            shear(folder / f'series_T{temperature}_tw{period}.txt.gz', period)
    rows = ''.join(f'{10 * k} {math.sin(k)} {math.cos(k)} {math.sin(2 * k)}\n' for k in range(6001))
    (folder / 'rest.txt.gz').write_bytes(gzip.compress(('# Time-averaged data\n# TimeStep pxy pxz pyz\n' + rows).encode()))


class Examples(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        furnish(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def before(self, name, line):
        start = [words for begin, words in {**FIT, **BEFORE}.items() if line == begin or line.startswith(begin + ' ')]
        if re.search(r'tw=1(,|0\b)', line) and name not in ('fit', 'trace', 'greenkubo'):
            start.append(SHORT)
        return start[-1] + '; ' if start else ''

    def test_in_batch(self):
        """With --json, so that the help of a command can be asked for each key."""
        failed, untold, seen, count = [], set(), set(), 0
        for name, line, screen in shown():
            if screen or line == 'step atom last':
                continue
            count += 1
            ran = subprocess.run([PROGRAM, '--demo', '--json', '-c', self.before(name, line) + line], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, encoding='utf-8', cwd=self.folder, timeout=120, check=False)
            if ran.returncode not in (0, 3):
                failed.append(f'{self.before(name, line)}{line}: {ran.stderr.splitlines()[0]}')
            told = set(re.findall(r'\w+', ask('help', name)))
            for found in map(json.loads, ran.stdout.splitlines()):
                if found['cmd'] == name:
                    seen.add(name)
                    untold.update((name, key) for key in keys(found) - told - {'cmd', 'mark'})
        self.assertGreater(count, 150)
        self.assertEqual('\n'.join(failed), '')
        self.assertGreater(len(seen), 30)
        self.assertEqual(sorted(untold), [])


if __name__ == '__main__':
    os.environ['XDG_CONFIG_HOME'] = '/nonexistent'
    unittest.main(argv=sys.argv[:1])
