#!/usr/bin/env python3
"""An example prints what it should. SPDX-License-Identifier: GPL-3.0-or-later

Usage: run_example.py PROGRAM EXPECTED [ARGUMENT]...
"""
import subprocess
import sys

run = subprocess.run([sys.argv[1], *sys.argv[3:]], stdout=subprocess.PIPE, text=True, check=False)
if run.returncode != 0 or run.stdout != sys.argv[2]:
    sys.exit(f'status {run.returncode}, printed:\n{run.stdout}expected:\n{sys.argv[2]}')
