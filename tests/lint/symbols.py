#!/usr/bin/env python3
"""The library never prints, exits or reads the environment. SPDX-License-Identifier: GPL-3.0-or-later

Usage: symbols.py ROOT BUILD NM

Looks at the symbols of the static libraries of the folders above `app` in src/layers.txt.
"""
import pathlib
import subprocess
import sys

BANNED = {'exit', '_exit', 'quick_exit', 'abort', 'printf', 'vprintf', 'puts', 'putchar', 'fprintf', 'vfprintf',
          'perror', 'stdout', 'stderr', 'stdin', 'getenv', 'secure_getenv', 'setenv', 'setlocale', 'system', 'signal',
          'sigaction', 'psignal', 'err', 'errx', 'warn', 'warnx', 'syslog', 'rand', 'srand', 'random'}


def library_folders(root):
    folders = []
    for line in (root / 'src/layers.txt').read_text().splitlines():
        name = line.partition('#')[0].partition(':')[0].strip()
        if name == 'app':
            return folders
        if name:
            folders.append(name)
    raise SystemExit('src/layers.txt: there is no folder app')


def undefined(nm, library):
    """(object file, symbol) of every undefined symbol."""
    out = subprocess.run([nm, '-u', '-P', '-A', str(library)], stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in out.splitlines():
        place, _, rest = line.partition(': ')
        if rest:
            yield place, rest.split()[0].split('@')[0]


def plain(symbol):
    """__printf_chk and printf are the same thing."""
    if symbol.startswith('__') and symbol.endswith('_chk'):
        return symbol[2:-4]
    return symbol


def check(root, build, nm):
    problems, seen = [], 0
    for folder in library_folders(root):
        library = build / 'src' / f'lib{folder}.a'
        if not library.exists():
            continue
        seen += 1
        for place, symbol in undefined(nm, library):
            if plain(symbol) in BANNED:
                problems.append(f'{place}: uses {symbol}')
    if seen == 0:
        problems.append(f'no library found in {build}/src')
    return problems


if __name__ == '__main__':
    found = check(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3])
    print('\n'.join(found) or 'symbols: clean')
    sys.exit(bool(found))
