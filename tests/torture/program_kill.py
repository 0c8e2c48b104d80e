#!/usr/bin/env python3
"""The program killed with -9 at random moments of a run that quenches and matches; what it printed before must be there at the next start.
SPDX-License-Identifier: GPL-3.0-or-later

Usage: program_kill.py PROGRAM KILLS [SEED]"""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from program_memory import glass

FRAMES = 12
COMMANDS = 'system ka3d; ' + '; '.join(f'quench {k}; match {max(0, k - 1)}:{k} of=is' for k in range(FRAMES)) + '; series'
# What may differ between a result that is computed and one that is read, or between two runs.
FREE = ('seconds', 'evaluations_per_s')


def frames(path):
    """As many frames as FRAMES, each another glass."""
    with open(path, 'wb') as out:
        for k in range(0, FRAMES, 2):
            glass(f'{path}.pair', k)
            text = pathlib.Path(f'{path}.pair').read_bytes()
            out.write(text.replace(b'TIMESTEP\n1\n', b'TIMESTEP\n%d\n' % (k + 1)).replace(b'TIMESTEP\n0\n', b'TIMESTEP\n%d\n' % k))
    os.unlink(f'{path}.pair')


def start(program, store, data):
    return subprocess.Popen([program, '--json', '-j', '2', '-s', store, '-c', COMMANDS, data], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def results(output):
    """Whole lines only: the last one may be cut by the kill."""
    lines = output.split(b'\n')[:-1]
    found = [json.loads(line) for line in lines]
    return [{key: value for key, value in result.items() if key not in FREE} for result in found]


def rows(store):
    """Structures and matchings in the file, which must be sound."""
    with sqlite3.connect(f'file:{store}?mode=ro', uri=True) as db:
        sound = db.execute('PRAGMA integrity_check').fetchone()[0]
        if sound != 'ok':
            raise AssertionError(f'integrity_check: {sound}')
        tables = [name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return tuple(db.execute(f'SELECT count(*) FROM {name}').fetchone()[0] if name in tables else 0 for name in ('structures', 'matchings'))


def main():
    program, kills = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    printed = most = done = 0
    with tempfile.TemporaryDirectory(dir='/dev/shm' if os.path.isdir('/dev/shm') else None) as folder:
        data = f'{folder}/glass.dump'
        frames(data)
        begin = time.monotonic()
        whole = results(start(program, f'{folder}/whole.isdb', data).communicate()[0])
        took = time.monotonic() - begin
        if len(whole) < 2 * FRAMES:
            raise AssertionError(f'{len(whole)} results of a whole run')
        while done < kills:
            store, before = f'{folder}/{done}.isdb', (0, 0)
            for _ in range(5):
                child = start(program, store, data)
                time.sleep(dice.uniform(0, 1.1 * took))
                child.send_signal(signal.SIGKILL)
                got = results(child.communicate()[0])
                if got != whole[:len(got)]:
                    raise AssertionError(f'kill {done}: other results than those of a whole run:\n{got}\n{whole[:len(got)]}')
                now = rows(store) if os.path.exists(store) and os.path.getsize(store) > 0 else (0, 0)
                said = (sum(r['cmd'] == 'quench' for r in got), sum(r['cmd'] == 'match' for r in got))
                if now < before or now[0] < said[0] or now[1] < said[1]:
                    raise AssertionError(f'kill {done}: {now} rows in the store, {before} before, {said} results were printed')
                before = now
                printed += len(got)
                done += 1
            most = max(most, before[0])
            last = start(program, store, data).communicate()
            if results(last[0]) != whole or b'damaged' in last[1]:
                raise AssertionError(f'after kill {done}: {last}')
            for left in pathlib.Path(folder).glob(f'{done - 5}.isdb*'):
                left.unlink()
    print(f'{done} kills of runs of {took:.2f} s; {printed} results printed before, all of them found; up to {most} structures in a store')
    return 0


if __name__ == '__main__':
    sys.exit(main())
