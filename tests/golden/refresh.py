#!/usr/bin/env python3
"""A file that is still being written, seen by the whole program. SPDX-License-Identifier: GPL-3.0-or-later

Usage: refresh.py PROGRAM

One program with its commands on a pipe; between them a dump grows (plain and gz), is half written, replaced and deleted.
"""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROWS = ''.join('%d 1 %d.5 %d.25 0.125\n' % (i + 1, i % 9, i // 9) for i in range(60))


def frame(step):
    return (f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n60\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n'
            f'ITEM: ATOMS id type x y z\n{ROWS[:-6]}{step % 1000:05d}\n')


def append(path, text):
    with (gzip.open if path.suffix == '.gz' else open)(path, 'ab') as out:
        out.write(text.encode())


class Program:
    def __init__(self, program, *arguments):
        self.child = subprocess.Popen([program, '--json', '--no-cache', '-i', *arguments], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, command):
        self.child.stdin.write(command + '\n')
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def end(self):
        return self.child.communicate()[1]


def expect(answer, **wanted):
    for key, value in wanted.items():
        assert answer.get(key) == value, f'{key} is {answer.get(key)}, {value} expected: {answer}'


def grow(program, path, *options):
    append(path, ''.join(frame(k) for k in range(3)))
    run = Program(program, *options, str(path))
    expect(run.ask('info'), frames=3, timesteps=[0, 1, 2])
    expect(run.ask('refresh'), frames=3, new_frames=0, changed_frames=0, files=1, new_files=0)
    append(path, frame(3) + frame(4))
    expect(run.ask('snapshot last ids=1'), frame=2)  # nothing is read behind one's back
    expect(run.ask('refresh'), frames=5, new_frames=2, changed_frames=0)
    expect(run.ask('info'), frames=5, timesteps=[0, 1, 2, 3, 4])
    expect(run.ask('snapshot last ids=60'), frame=4)
    expect(run.ask('match 0:4 of=raw'), n=60)
    if path.suffix != '.gz':
        half = frame(5)
        append(path, half[:-3])
        expect(run.ask('refresh'), frames=5, new_frames=0)
        append(path, half[-3:])
        expect(run.ask('refresh'), frames=6, new_frames=1)
    os.remove(path)
    append(path, frame(7) + frame(1))
    expect(run.ask('refresh'), frames=2, new_frames=0, changed_frames=5 if path.suffix != '.gz' else 4)
    expect(run.ask('info'), frames=2, timesteps=[7, 1])
    os.remove(path)
    answer = run.ask('refresh')
    assert 'No such file' in answer.get('error', ''), answer
    expect(run.ask('info'), frames=2)
    text = run.end()
    assert path.suffix == '.gz' or 'does not end in a newline' in text or 'ends in frame 5' in text, text


def grow_folder(program, folder):
    for k in range(2):
        append(folder / f's.{k}', frame(k))
    run = Program(program, str(folder))
    expect(run.ask('info'), frames=2)
    append(folder / 's.2', frame(2))
    append(folder / 's.10', frame(3))
    expect(run.ask('refresh'), frames=4, new_frames=2, changed_frames=0, files=4, new_files=2)
    append(folder / 's.9', frame(9))  # in the middle: what was frame 3 is frame 4 now
    expect(run.ask('refresh'), frames=5, new_frames=1, changed_frames=1)
    expect(run.ask('info'), timesteps=[0, 1, 2, 9, 3])
    run.end()


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for options in ([], ['--memory=1']):
            for suffix in ('', '.gz'):
                grow(program, folder / f'grows.dump{suffix}', *options)
                for path in folder.glob('grows*'):
                    path.unlink()
        (folder / 'run').mkdir()
        grow_folder(program, folder / 'run')
    print('growing files: as they should')
    return 0


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
