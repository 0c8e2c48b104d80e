"""Importing this gives the programs that a test starts a cache of their own, gone in the end: what they find was computed by
this very test, and the user's cache is left alone. SPDX-License-Identifier: GPL-3.0-or-later"""
import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix='isdmin-cache-')
os.environ['XDG_CACHE_HOME'] = FOLDER
atexit.register(shutil.rmtree, FOLDER, True)
