/* isdmin: the version, the one place it is written. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_VERSION_H
#define ISDMIN_VERSION_H

#define ISD_VERSION "0.1.0"

#endif
