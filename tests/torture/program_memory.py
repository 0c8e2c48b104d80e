#!/usr/bin/env python3
"""The whole program with malloc failing at call n: an exit status, words, never a signal. SPDX-License-Identifier: GPL-3.0-or-later

Usage: program_memory.py PROGRAM RUNS [all]. PROGRAM is built with fail_at.c. RUNS calls of each session are chosen at random, but always
the same ones; with `all`, every one is taken (but see MANY)."""
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SIDE = 3
MANY = 20000 # of a session with more calls than that `all` takes some at even distances: fits ask for memory again and again
SESSIONS = [
    ['--json', '-c', 'system ka3d; info; quench all; match 0:1 of=is; series', 'FILE'],
    ['--ascii', '-c', 'system ka3d; snapshot 1; gr 0; pu 0:1; atoms 0:1 sort=-u_mat; cycles 0:1; map 0,1; strings 0:1; energy 0; jobs; plot', 'FILE'],
    ['--json', '-c', 'open FILE as=x; sets; match 0:1 of=raw; export OUT.json; help match; set ascii on; quit'],
    ['--ascii', '-c', 'open all.isd; points; fit power table=on resamples=2; relaxation; export OUT.gp; fit power resamples=3; export OUT.svg; '
     'fit kww'],
    ['--json', '-c', 'dynamics cage=1.2 k=7; jumps drift=remove; vanhove 0:1 bins=9; sk all kmax=9; equilibrium; export OUT.svg', 'FILE'],
    ['--ascii', '-c', 'demo 1d; demo 1d pair 1 2; demo five; demo quench n=16; demo quench n=16 step=3; match 0:7'],
    ['-c', 'open nothing.dump; match 9:7; quench method=none'],
    ['--help'],
    ['--wrong'],
]


def glass(path, seed):
    """Two frames of a small Kob-Andersen glass."""
    dice = random.Random(seed)
    a = 1.2 ** (-1 / 3)
    with open(path, 'w', encoding='ascii') as out:
        for step in range(2):
            out.write(f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{SIDE ** 3}\nITEM: BOX BOUNDS pp pp pp\n')
            out.write(f'0 {SIDE * a}\n' * 3 + 'ITEM: ATOMS id type x y z\n')
            for i in range(SIDE ** 3):
                r = [a * (c + 0.3 * dice.random()) for c in (i % SIDE, i // SIDE % SIDE, i // SIDE ** 2)]
                out.write(f'{i + 1} {1 + (i % 5 == 0)} {r[0]!r} {r[1]!r} {r[2]!r}\n')


def law(folder):
    """Points of three states as a table, opened by a manifest."""
    rows = [f'{T},{tw},{tw ** 0.5 / (1 + 0.1 * tw)},0.05,{(T * d) ** 2},0.02,{T * d},0.01,1\n'
            for T in (1, 2, 3) for tw, d in ((2, 0.2), (5, 0.3), (20, 0.4), (60, 0.5))]
    pathlib.Path(folder, 'points.csv').write_text('T,tw,G2,se_G2,delta,se_delta,Dmin,se_Dmin,r0\n' + ''.join(rows), encoding='ascii')
    pathlib.Path(folder, 'all.isd').write_text('points points.csv\n', encoding='ascii')


def run(program, arguments, folder, n=0, on=False):
    env = dict(os.environ, ISDMIN_FAIL_COUNT=f'{folder}/count', ISDMIN_FAIL_AT=str(n), TERM='dumb', XDG_CACHE_HOME=f'{folder}/cache',
               XDG_STATE_HOME=f'{folder}/state', HOME=folder)
    if on:
        env['ISDMIN_FAIL_ON'] = '1'
    return subprocess.run([program] + arguments, env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


def said(output):
    """What does not depend on the time taken, nor on the width of columns."""
    return re.sub(rb'"seconds":[^,}]*', b'', output).split()


def check(result, arguments, n, on, whole):
    where = f'{arguments}: call {n} refused{" and all later ones" if on else ""}'
    if result.returncode < 0 or result.returncode > 5:
        return f'{where}: exit status {result.returncode}\n{result.stderr.decode(errors="replace")[-3000:]}'
    if b'\x1b' in result.stderr or b'\0' in result.stderr:
        return f'{where}: control characters in {result.stderr!r}'
    if result.returncode == 0 and whole.returncode == 0 and not on and said(result.stdout) != said(whole.stdout) and b'memory' not in result.stderr:
        pairs = zip(said(result.stdout), said(whole.stdout))
        return f'{where}: other output and no word of it: {next((p for p in pairs if p[0] != p[1]), "cut short")}'
    return None


def main():
    program, runs, every = os.path.abspath(sys.argv[1]), int(sys.argv[2]), 'all' in sys.argv[3:]
    dice, done, failed = random.Random(5), 0, []
    with tempfile.TemporaryDirectory() as folder:
        glass(f'{folder}/glass.dump', 1)
        law(folder)
        for session in SESSIONS:
            arguments = [word.replace('FILE', f'{folder}/glass.dump').replace('OUT', f'{folder}/out') for word in session]
            whole = run(program, arguments, folder)
            calls = int(pathlib.Path(folder, 'count').read_text(encoding='ascii'))
            chosen = range(1, calls + 1, 1 + calls // MANY) if every else sorted(dice.randint(1, calls) for _ in range(runs))
            for n in chosen:
                for on in (False, True):
                    word = check(run(program, arguments, folder, n, on), arguments, n, on, whole)
                    done += 1
                    if word:
                        failed.append(word)
                        print(word)
            print(f'{session[-1][:60]}: {calls} calls, exit status {whole.returncode}')
    print(f'{done} runs, {len(failed)} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
