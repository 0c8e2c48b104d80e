#!/usr/bin/env python3
"""Compile every header alone. SPDX-License-Identifier: GPL-3.0-or-later

Usage: headers.py ROOT CXX|- CC...

Public headers as C11 and as C++17 (left out, with a word, when CXX is "-"), internal ones as gnu17.
"""
import concurrent.futures
import pathlib
import subprocess
import sys

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wno-unused']


def compiles(command, header):
    unit = f'#include "{header}"\ntypedef int nothing_else;\n' # ISO C forbids an empty unit
    run = subprocess.run([*command, *WARNINGS, '-fsyntax-only', '-'], input=unit, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, check=False)
    return None if run.returncode == 0 else f'{header} does not compile alone with {" ".join(command)}:\n{run.stdout}'


def check(root, cxx, cc):
    public = [f'isdmin/{path.name}' for path in sorted((root / 'include/isdmin').glob('*.h'))]
    internal = [path.relative_to(root / 'src').as_posix() for path in sorted(root.glob('src/*/*.h'))]
    jobs = [([*cc, '-std=c11', f'-I{root}/include', '-xc'], header) for header in public]
    jobs += [([*cc, '-std=gnu17', '-D_GNU_SOURCE', f'-I{root}/include', f'-I{root}/src', '-xc'], header)
             for header in internal]
    if cxx:
        jobs += [([cxx, '-std=c++17', f'-I{root}/include', '-xc++'], header) for header in public]
    else:
        print('no C++ compiler: public headers are checked as C only')
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [wrong for wrong in pool.map(lambda job: compiles(*job), jobs) if wrong], len(jobs)


if __name__ == '__main__':
    found, total = check(pathlib.Path(sys.argv[1]).resolve(), None if sys.argv[2] == '-' else sys.argv[2], sys.argv[3:])
    print('\n'.join(found) or f'headers: {total} compilations clean')
    sys.exit(bool(found))
