"""MSD at all times from all origins by others: prints CPU seconds and the largest relative difference from ours, of MDAnalysis'
EinsteinMSD without FFT, then of the same by FFT: MDAnalysis' own where tidynamics is there, else by numpy.fft over all atoms at once; nan
where there is none. SPDX-License-Identifier: GPL-3.0-or-later

Usage: peer_dynamics.py POSITIONS MSD ATOMS    raw doubles [frames][atoms][3] and [frames]
"""
import sys
import time
import warnings

import numpy

warnings.simplefilter('ignore')
atoms = int(sys.argv[3])
positions = numpy.fromfile(sys.argv[1]).reshape(-1, atoms, 3)
ours = numpy.fromfile(sys.argv[2])


def by_mdanalysis(fft):
    import MDAnalysis
    from MDAnalysis.analysis.msd import EinsteinMSD
    from MDAnalysis.coordinates.memory import MemoryReader
    universe = MDAnalysis.Universe.empty(atoms, trajectory=False)
    universe.trajectory = MemoryReader(positions.astype(numpy.float32), dimensions=numpy.array([1e3, 1e3, 1e3, 90, 90, 90], dtype=numpy.float32))
    start = time.process_time()
    made = EinsteinMSD(universe, fft=fft).run().results.timeseries
    return time.process_time() - start, made


def by_numpy():
    start = time.process_time()
    n = len(positions)
    size = 1 << (2 * n - 1).bit_length()
    moving = numpy.fft.rfft(positions, size, axis=0)
    correlation = numpy.fft.irfft(moving * moving.conj(), size, axis=0)[:n].sum(axis=2).mean(axis=1)
    square = numpy.append((positions ** 2).sum(axis=2).mean(axis=1), 0)
    total, made = 2 * square.sum(), numpy.empty(n)
    for lag in range(n):
        total -= square[lag - 1] + square[n - lag]
        made[lag] = (total - 2 * correlation[lag]) / (n - lag)
    return time.process_time() - start, made


def row(*ways):
    for way in ways:
        try:
            seconds, made = way()
        except ImportError:
            continue
        print(seconds, abs(made[1:] / ours[1:] - 1).max(), way.__name__)
        return
    print('nan nan none')


def without_fft():
    return by_mdanalysis(False)


def with_fft():
    return by_mdanalysis(True)


row(without_fft)
row(with_fft, by_numpy)
