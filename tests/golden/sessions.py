#!/usr/bin/env python3
"""Sessions line by line against what they printed before. SPDX-License-Identifier: GPL-3.0-or-later

Usage: sessions.py PROGRAM ROOT [--rewrite] [--little-memory] [NAME...]

sessions/NAME.isd is read by the program from standard input, with the arguments of its first line ("# args: -i FILE"); what
it prints must equal sessions/NAME.txt: standard output, then standard error, then the exit status. --rewrite takes what
is printed now: look at the difference before committing it. With --little-memory no more than two frames are kept in
memory: everything must be the same.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile


FOLDER = pathlib.Path(__file__).resolve().parent / 'sessions'
# Times differ from run to run, and the others in their last digits from processor to processor.
MOVING = re.compile(r'^( *(?:seconds|gap_abs|gap|drift|edges_per_atom) +).*$|'
                    r'("(?:seconds|edges_per_atom|gap_abs|gap|energy|energy_start|pressure|fmax|fnorm)":)[^,}]*', re.M)


def play(program, root, case, more):
    text = case.read_text()
    arguments = re.match(r'# args: (.*)', text).group(1).split()
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, LC_ALL='C.UTF-8', TERM='dumb', HOME=home, XDG_STATE_HOME=home, XDG_CACHE_HOME=home)
        run = subprocess.run([program, *more, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             encoding='utf-8', cwd=root, env=env, timeout=300, check=False)
    shown = f'{run.stdout}--- standard error\n{run.stderr}--- status {run.returncode}\n'
    return MOVING.sub(lambda m: (m.group(1) or m.group(2)) + '...', shown)


def main(program, root, *options):
    rewrite = '--rewrite' in options
    more = ['--memory=1'] if '--little-memory' in options else []
    names = [name for name in options if not name.startswith('--')]
    cases = sorted(FOLDER.glob('*.isd'))
    failed = 0
    for case in cases:
        if names and case.stem not in names:
            continue
        expected, shown = case.with_suffix('.txt'), play(program, root, case, more)
        if rewrite:
            expected.write_text(shown)
            continue
        before = expected.read_text() if expected.exists() else ''
        if shown != before:
            failed += 1
            print(''.join(difflib.unified_diff(before.splitlines(True), shown.splitlines(True), f'{expected.name}', 'now')))
    print(f'{len(cases)} sessions, {failed} differ')
    return 1 if failed or not cases else 0


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]))
