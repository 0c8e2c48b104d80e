#!/usr/bin/env python3
"""The screenshot of README.md, taken from the real program in tmux. SPDX-License-Identifier: GPL-3.0-or-later

Usage: screenshot.py PROGRAM README.md [--rewrite]

The text between the two "screenshot" comments of the README must be what the program shows now, but for a few cells: dots at
a rounding edge differ from processor to processor. --rewrite puts it there.
Exit status 77 without tmux.
"""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

BLOCK = re.compile(r'(<!-- screenshot: .* -->\n```\n)(.*?)(```\n<!-- end of screenshot -->)', re.S)
FEW_CELLS = 48
COMMANDS = ('goto tw=500', 'type B', 'species blind', 'average on', 'goto u=0.85')


class Tmux:
    def __init__(self, program):
        self.socket = f'isdmin-screenshot-{os.getpid()}'
        env = dict(os.environ, LC_ALL='C.UTF-8', TERM='xterm-256color')
        env.pop('NO_COLOR', None)
        subprocess.run(['tmux', '-L', self.socket, '-f', '/dev/null', '-u', 'new-session', '-d', '-s', 's', '-x', '80', '-y', '24',
                        program, '--demo'], check=True, env=env, stdin=subprocess.DEVNULL)

    def run(self, *words):
        return subprocess.run(['tmux', '-L', self.socket, *words], check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout

    def type(self, command):
        self.run('send-keys', '-t', 's', ':')
        self.run('send-keys', '-t', 's', '-l', command)
        self.run('send-keys', '-t', 's', 'Enter')

    def screen(self):
        return self.run('capture-pane', '-p', '-t', 's')

    def settled(self, seconds):
        """The screen once no job runs and nothing has changed for a while."""
        end, before, since = time.monotonic() + seconds, None, time.monotonic()
        while time.monotonic() < end:
            now = self.screen()
            if now != before:
                before, since = now, time.monotonic()
            elif '\n ready' in now and time.monotonic() - since > 1.0:
                return now
            time.sleep(0.1)
        raise SystemExit(f'the screen does not settle:\n{before}')

    def close(self):
        subprocess.run(['tmux', '-L', self.socket, 'kill-server'], check=False, stderr=subprocess.DEVNULL)


def different_cells(before, now):
    rows = itertools.zip_longest(before.splitlines(), now.splitlines(), fillvalue='')
    return sum(a != b for row in rows for a, b in itertools.zip_longest(*row, fillvalue=' '))


def take(program):
    tmux = Tmux(program)
    try:
        tmux.settled(60)
        for command in COMMANDS:
            tmux.type(command)
        return ''.join(line.rstrip() + '\n' for line in tmux.settled(120).splitlines())
    finally:
        tmux.close()


def main(program, readme, *options):
    if not shutil.which('tmux'):
        print('tmux is not installed')
        return 77
    text = readme.read_text(encoding='utf-8')
    if not BLOCK.search(text):
        print(f'{readme}: no place for a screenshot')
        return 1
    shown = take(program)
    if '--rewrite' in options:
        readme.write_text(BLOCK.sub(lambda m: m.group(1) + shown + m.group(3), text), encoding='utf-8')
        return 0
    if different_cells(BLOCK.search(text).group(2), shown) <= FEW_CELLS:
        return 0
    print(f'{readme} does not show what the program shows now (screenshot.py --rewrite takes it anew):\n{shown}')
    return 1


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]), *sys.argv[3:]))
