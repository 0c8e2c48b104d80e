"""The same dump by other readers: prints the CPU seconds of ASE, then of MDAnalysis; nan where there is none.
SPDX-License-Identifier: GPL-3.0-or-later

Usage: peer_load.py FILE ATOMS
"""
import sys
import time
import warnings

warnings.simplefilter('ignore')


def by_ase():
    from ase.io import read
    start = time.process_time()
    read(sys.argv[1], format='lammps-dump-text', index=':')
    return time.process_time() - start


def by_mdanalysis():
    from MDAnalysis.coordinates.LAMMPS import DumpReader
    start = time.process_time()
    for frame in DumpReader(sys.argv[1], n_atoms=int(sys.argv[2])):
        frame.positions
    return time.process_time() - start


def seconds(reader):
    try:
        return reader()
    except ImportError:
        return float('nan')


print(seconds(by_ase), seconds(by_mdanalysis))
