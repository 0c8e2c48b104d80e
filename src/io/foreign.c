/* Files of others, known by their first bytes, so that they are refused by name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/foreign.h"

#include <string.h>

static const struct {
    size_t at;
    const char *bytes; /* as many as `length` says */
    size_t length;
    struct foreign what;
} known[] = {
#define BEGINS(at, bytes, ...) {at, bytes, sizeof(bytes) - 1, {__VA_ARGS__}}
    BEGINS(0, "CDF\1", "a NetCDF file", NULL),
    BEGINS(0, "CDF\2", "a NetCDF file", NULL),
    BEGINS(0, "CDF\5", "a NetCDF file", NULL),
    BEGINS(0, "\211HDF\r\n\032\n", "an HDF5 file (H5MD, NetCDF-4)", NULL),
    BEGINS(4, "CORD", "a DCD trajectory", NULL),
    BEGINS(0, "\0\0\7\313", "an XTC trajectory", NULL),
    BEGINS(0, "\0\0\7\311", "a TRR trajectory", NULL),
    BEGINS(0, "LammpS RestartT", "a LAMMPS restart file", "lmp -restart2data FILE out.data    writes a data file"),
    BEGINS(0, "---\ncreator: LAMMPS", "a LAMMPS dump in YAML", "dump it with: dump ID all custom N FILE id type x y z ix iy iz"),
    BEGINS(0, "Number of particles", "an AtomEye CFG file", NULL),
    BEGINS(0, "CRYST1", "a PDB file", NULL),
    BEGINS(0, "HEADER ", "a PDB file", NULL),
    BEGINS(0, "REMARK ", "a PDB file", NULL),
    BEGINS(0, "ATOM  ", "a PDB file", NULL),
    BEGINS(0, "data_", "a CIF file", NULL),
    BEGINS(0, "# vtk DataFile", "a VTK file", NULL),
    BEGINS(0, "<?xml", "an XML file", NULL),
    BEGINS(0, "SQLite format 3", "a database", "a session store is opened with: isdmin -s FILE"),
    BEGINS(257, "ustar", "a tar archive", "tar -xf FILE    unpacks it; then open the folder"),
    BEGINS(0, "PK\3\4", "a zip archive", "unzip FILE    unpacks it; then open the folder"),
    BEGINS(0, "BZh", "packed with bzip2", "bunzip2 -k FILE    unpacks it; gzip and zstd are read as they are"),
    BEGINS(0, "\3757zXZ", "packed with xz", "unxz -k FILE    unpacks it; gzip and zstd are read as they are"),
    BEGINS(0, "\4\"M\30", "packed with lz4", "unlz4 FILE    unpacks it; gzip and zstd are read as they are"),
#undef BEGINS
};

const struct foreign *foreign_find(const char *head, size_t length)
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (length >= known[k].at + known[k].length && memcmp(head + known[k].at, known[k].bytes, known[k].length) == 0)
            return &known[k].what;
    return NULL;
}
