#!/usr/bin/env python3
"""A set of 1 GB in little memory, whole and while it is read. SPDX-License-Identifier: GPL-3.0-or-later

Usage: large_set.py PROGRAM [MEGABYTES]

A made dump of that size (default 1024), plain and gz: commands that take frames from all of it stay under 300 MB, and give
the same with the frames in memory and without.
"""
import gzip
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

ATOMS, MOST_MB = 20000, 300
COMMANDS = 'info; gr 0..last:97 of=raw bins=20; snapshot last ids=1,20000; match 3:last of=raw'


def rows(rng):
    return ''.join('%d %d %.6f %.6f %.6f\n' % (i + 1, 1 + i % 2, 26 * rng.random(), 26 * rng.random(), 26 * rng.random())
                   for i in range(ATOMS))


def make(path, size):
    rng, written, step = random.Random(1), 0, 0
    blocks = [rows(rng) for _ in range(4)]
    with open(path, 'w') as out:
        while written < size:
            head = f'ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{ATOMS}\nITEM: BOX BOUNDS pp pp pp\n' + '0 26\n' * 3
            written += out.write(head + 'ITEM: ATOMS id type x y z\n' + blocks[step % 4])
            step += 1
    return step


def ask(program, path, *options):
    """Answers, and the most memory in MB."""
    child = subprocess.Popen([program, '--json', '--no-cache', *options, '-c', COMMANDS, str(path)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f'{path}: exit status {child.returncode}'
    answers = [json.loads(line) for line in out.splitlines()]
    for answer in answers:
        answer.pop('seconds', None)
    return answers, usage.ru_maxrss / 1024


def main(program, megabytes='1024'):
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder:
        plain, packed = pathlib.Path(folder) / 'large.dump', pathlib.Path(folder) / 'large.dump.gz'
        frames = make(plain, int(megabytes) << 20)
        with open(plain, 'rb') as source, gzip.open(packed, 'wb', 1) as out:
            while block := source.read(1 << 22):
                out.write(block)
        everything, most = ask(program, plain, '--memory=100G')
        print(f'{frames} frames in memory: {most:.0f} MB')
        assert everything[0]['frames'] == frames
        for path in (plain, packed):
            for memory in ('1', '64M'):
                answers, most = ask(program, path, '--memory=' + memory)
                print(f'{path.name}, --memory={memory}: {most:.0f} MB')
                answers[0]['set'] = everything[0]['set']
                assert answers == everything, f'{path.name}: another answer with --memory={memory}'
                assert most < MOST_MB, f'{path.name}: {most:.0f} MB with --memory={memory}'
    return 0


if __name__ == '__main__':
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]))
