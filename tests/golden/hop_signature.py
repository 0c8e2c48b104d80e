#!/usr/bin/env python3
"""The hop signature of the paper's Fig. 1c on the demo set, averaged over the pairs 500 tau apart.

Usage: hop_signature.py BINARY SOURCE_ROOT. SPDX-License-Identifier: GPL-3.0-or-later

Labelled p(u) of the B atoms has its main maximum, a minimum at 0.5 to 0.7 and a second maximum at 0.7 to 1.1, where g_AB and
g_AA have their first peaks. Matched blind it has none; matched within the species it keeps one: a B that hops leaves a
hole that no other B fills. Counts by LAMMPS and scipy are in the README of the reference data.
"""
import json, pathlib, subprocess, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

binary, root = sys.argv[1:3]
commands = 'system ka3d; timestep 0.005; pu tw=500 type=B bins=15 max=1.5; pu tw=500 type=B bins=15 max=1.5 species=blind; ' \
           'pu tw=500 type=A bins=15 max=1.5; gr all pair=A-B; gr all pair=A-A'
p = subprocess.run([binary, '--json', '--no-cache', '-c', commands, f'{root}/assets/demo/ka3d_T045.dump.gz'],
                   stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
if p.returncode != 0:
    sys.exit(f'exit status {p.returncode}: {p.stderr}')
objects = [json.loads(line) for line in p.stdout.splitlines()]
resolved, blind, a_atoms = (o for o in objects if o['cmd'] == 'pu')
g_ab, g_aa = (o for o in objects if o['cmd'] == 'gr')
bad = []


def expect(name, good, detail):
    print(('ok   ' if good else 'FAIL ') + name + ': ' + detail)
    if not good:
        bad.append(name)


def shape(p):
    """Main maximum, the valley at 0.5 to 0.7, the most at 0.7 to 1.1, in per mille."""
    p = [round(1000 * x * 0.1, 1) for x in p]
    return max(p[:4]), min(p[5:7]), max(p[7:11]), p


for name, values, second in (('labelled B', resolved['labelled'], True), ('matched B within species', resolved['matched'], True),
                             ('matched B blind', blind['matched'], False), ('labelled A', a_atoms['labelled'], False),
                             ('matched A', a_atoms['matched'], False)):
    top, valley, hill, p = shape(values)
    expect(f'{name}: main maximum', top > 3 * valley, f'{top} against the valley {valley} in {p}')
    if second:
        expect(f'{name}: second maximum', hill > 1.15 * valley, f'{hill} against the valley {valley} in {p}')
    else:
        expect(f'{name}: no second maximum', hill < 1.15 * valley, f'{hill} against the valley {valley} in {p}')
for name, o, low, high in (('g_AB', g_ab, 0.80, 0.90), ('g_AA', g_aa, 1.03, 1.13)):
    r = o['first_peak']['r']
    expect(f'{name}: first peak', low < r < high, f'at {r:.3f}')
print(f'{0 if bad else 1} passed, {len(bad)} failed')
sys.exit(bool(bad))
