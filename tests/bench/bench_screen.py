#!/usr/bin/env python3
"""How long the full screen takes from a key to the picture. SPDX-License-Identifier: GPL-3.0-or-later

Usage: bench_screen.py PROGRAM [ATOMS]

Two frames of ATOMS atoms (100000) in a terminal of 200x60 over a pty, while quenches keep two worker threads busy. A key is followed by
its picture when the bracket that ends a picture has come. Rows: case, median and 99th percentile in ms, bytes at most; then the first
paint of a folder of 480 files.
"""
import fcntl
import os
import pathlib
import pty
import random
import re
import select
import shutil
import statistics
import struct
import sys
import tempfile
import termios
import time

END = b'\x1b[?2026l'


def write_frames(path, atoms, n_frames, seed=1):
    """A lattice with random displacements: nothing that a quench is done with soon."""
    side = round(atoms ** (1 / 3)) + 1
    spacing, rng = 0.94, random.Random(seed)
    with open(path, 'w', encoding='ascii') as out:
        for frame in range(n_frames):
            out.write(f'ITEM: TIMESTEP\n{100 * frame}\nITEM: NUMBER OF ATOMS\n{atoms}\nITEM: BOX BOUNDS pp pp pp\n'
                      + f'0 {side * spacing:.6f}\n' * 3 + 'ITEM: ATOMS id type x y z\n')
            for k in range(atoms):
                x, y, z = (spacing * c + rng.gauss(0, 0.06) for c in (k % side, k // side % side, k // side // side))
                out.write(f'{k + 1} {1 + (k % 5 == 0)} {x:.5f} {y:.5f} {z:.5f}\n')


class Screen:
    def __init__(self, argv, folder, width=200, height=60):
        env = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', ISDMIN_SYNC='on', XDG_CACHE_HOME=folder, XDG_CONFIG_HOME=folder,
                   XDG_STATE_HOME=folder)
        self.began = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            time.sleep(0.05) # the size is set meanwhile
            os.execvpe(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', height, width, 0, 0))
        self.text = b''

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        data = os.read(self.fd, 1 << 20) if ready else b''
        self.text += data
        return data

    def wait_for(self, pattern, seconds):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text) and time.monotonic() < end:
            self.read(end - time.monotonic())
        if not re.search(pattern, self.text):
            raise SystemExit(f'never seen: {pattern}\n{self.text[-2000:]!r}')

    def quiet(self, seconds=0.3):
        while self.read(seconds):
            pass

    def drain(self, seconds=0.0):
        end = time.monotonic() + seconds
        while self.read(end - time.monotonic()) or time.monotonic() < end:
            pass

    def key(self, key):
        """Seconds until the next picture is whole, and its bytes; None: there was none. A picture that was on its way when the key was
        sent counts as its answer; if the next key then comes together with this one and undoes it, nothing is drawn."""
        self.drain()
        self.text = b''
        start = time.monotonic()
        os.write(self.fd, key)
        while END not in self.text:
            if not self.read(1):
                return None
        return time.monotonic() - start, len(self.text)

    def close(self):
        os.write(self.fd, b'Q')
        try:
            while self.read(5):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def measure(screen, name, keys, times):
    spent = [screen.key(keys[k % len(keys)]) for k in range(times)]
    missed = spent.count(None)
    if missed > times // 20:
        raise SystemExit(f'{name}: {missed} of {times} keys without a picture')
    spent = [one for one in spent if one]
    seconds = sorted(s for s, _ in spent)
    print(f'{name:34} {1e3 * statistics.median(seconds):8.2f} {1e3 * seconds[int(0.99 * len(seconds))]:8.2f} '
          f'{max(n for _, n in spent):8d}', flush=True)


def busy(program, folder, atoms):
    data = f'{folder}/large.dump'
    write_frames(data, atoms, 4)
    screen = Screen([program, '-j', '2', '--no-cache', data], folder)
    screen.wait_for(END.replace(b'[', rb'\[').replace(b'?', rb'\?'), 60)
    # Frames as they are, so that nothing is quenched yet; pictures come four times a second while jobs run.
    for line in (b'of raw', b'system ka3d'):
        os.write(screen.fd, b':' + line + b'\r')
        screen.drain(1.0)
    screen.quiet(2)
    os.write(screen.fd, b':quench all\r')
    screen.drain(1.0)
    print(f'{"case":34} {"ms":>8} {"99 %":>8} {"bytes":>8}   {atoms} atoms, 200x60, two jobs at work')
    began, work = time.monotonic(), cpu_seconds(screen.pid)
    for name, setup, keys in CASES:
        for key in setup:
            os.write(screen.fd, key)
            screen.drain(0.4)
        measure(screen, name, keys, 300)
    print(f'meanwhile the program has used {100 * (cpu_seconds(screen.pid) - work) / (time.monotonic() - began):.0f} % of one processor')
    screen.close()


def cpu_seconds(guard):
    """Of the process that the guard has started."""
    pid = int(pathlib.Path(f'/proc/{guard}/task/{guard}/children').read_text(encoding='ascii').split()[0])
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='ascii').rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


CASES = [
    ('four views: cursor along u', [b'1'], [b'l', b'h']),
    ('one view: cursor along u', [b'1', b'z'], [b'l', b'h']),
    ('table: one row', [b'4'], [b'j', b'k']),
    ('table: one page', [], [b'\x1b[6~', b'\x1b[6~', b'\x1b[5~', b'\x1b[5~']),
    ('four views: next atom', [b'z'], [b'j', b'k']),
    ('four views: axis', [b'1'], [b'Y']),
    ('maximise and back', [], [b'z']),
    ('palette', [], [b'?', b'\x07']),
]


def first_paint(program, folder):
    many = pathlib.Path(folder) / 'many'
    many.mkdir()
    write_frames(many / 'f0.dump', 1000, 1)
    for k in range(1, 480):
        shutil.copy(many / 'f0.dump', many / f'f{k}.dump')
    times = []
    for _ in range(5):
        screen = Screen([program, '--no-cache', str(many)], folder)
        screen.wait_for(END.replace(b'[', rb'\[').replace(b'?', rb'\?'), 20)
        times.append(time.monotonic() - screen.began - 0.05)
        screen.wait_for(rb'g\(r\)', 20)
        screen.close()
    print(f'first paint of 480 files, ms        {1e3 * min(times):.1f} at least, {1e3 * max(times):.1f} at most')


def main(program, atoms=100000):
    with tempfile.TemporaryDirectory() as folder:
        first_paint(program, folder)
        busy(program, folder, atoms)


if __name__ == '__main__':
    main(sys.argv[1], *map(int, sys.argv[2:]))
