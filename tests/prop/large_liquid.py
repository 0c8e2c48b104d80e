#!/usr/bin/env python3
"""Two frames of a liquid of a million atoms, matched by the program on two threads: proved, the same both ways and on one thread, and
within the memory that the README states. SPDX-License-Identifier: GPL-3.0-or-later

Usage: large_liquid.py PROGRAM MAKE_LIQUID [M]   (4 M^3 atoms; 63 makes 1000188; needs 130 MB in the folder for temporary files)
"""
import json
import os
import subprocess
import sys
import tempfile

MEMORY = 600  # bytes an atom, of the whole program: two frames, two readings with all that is known of each atom, the solver
PROGRAM = 20e6  # bytes without atoms


def run(program, path, threads, commands):
    """What is printed, one object a line, and the most memory it had, in bytes."""
    with tempfile.TemporaryFile('w+') as out:
        child = subprocess.Popen([program, '--no-cache', '--json', '-j', str(threads), '-c', commands, path], stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f'{commands}: exit status {child.returncode}')
        out.seek(0)
        return [json.loads(line) for line in out], usage.ru_maxrss * 1024


def check(program, path, n):
    """How many things are wrong."""
    both, peak = run(program, path, 2, 'timestep 1; match 0:1 of=raw')
    back, _ = run(program, path, 1, 'timestep 1; match 1:0 of=raw')
    there, here = both[-1], back[-1]
    print(f'{n} atoms: D_min {there["d_min"]!r}, gap {there["gap"]!r}, {there["seconds"]:.1f} s, {peak / n:.0f} bytes an atom')
    facts = {
        'all atoms': there['n'] == n,
        'proved': there['certified'] and here['certified'],
        'gap': 0 <= there['gap_abs'] <= 1e-12 * there['sum_sq'],
        'nearer than labels': 0 < there['d_min'] < 0.2 * there['rmsd'],
        'as far back': abs(there['d_min'] - here['d_min']) <= 1e-12 * there['d_min'],
        'memory': peak <= PROGRAM + MEMORY * n,
    }
    for name, good in facts.items():
        if not good:
            print(f'wrong: {name}')
    return sum(not good for good in facts.values())


def main(program, make_liquid, m='63'):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'liquid.dump')
        with open(path, 'wb') as out:
            subprocess.run([make_liquid, m], stdout=out, check=True)
        return 1 if check(program, path, 4 * int(m) ** 3) else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
