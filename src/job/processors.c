/* How many processors this process may use. SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/pool.h"

#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More threads than this rarely help one user at a terminal, and take the machine from the others. */
enum { MOST_BY_DEFAULT = 4 };

static int allowed_processors(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
        return CPU_COUNT(&set);
    }
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > INT_MAX ? INT_MAX : (int)online;
}

/* Processors that cpu.max ("quota period" or "max period", cgroup v2) of one group grants; HUGE_VAL if unlimited. */
static double group_quota(const char *folder)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    FILE *file = fopen(path, "re");
    if (!file) {
        return HUGE_VAL;
    }
    long quota, period;
    double ret = fscanf(file, "%ld %ld", &quota, &period) == 2 && quota > 0 && period > 0
                     ? (double)quota / (double)period
                     : HUGE_VAL;
    fclose(file);
    return ret;
}

/* The tightest quota of our group and of all groups above it. */
static double quota_v2(void)
{
    double ret = HUGE_VAL;
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) {
        return ret;
    }
    char line[PATH_MAX];
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::/", 4) != 0) {
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        char folder[PATH_MAX + 16];
        const int root = snprintf(folder, sizeof folder, "/sys/fs/cgroup%s", line + 3) > 0
                             ? (int)strlen("/sys/fs/cgroup")
                             : 0;
        while (root > 0 && (int)strlen(folder) >= root) {
            ret = fmin(ret, group_quota(folder));
            char *slash = strrchr(folder, '/');
            if (!slash) {
                break;
            }
            *slash = '\0';
        }
    }
    fclose(file);
    return ret;
}

static bool read_long(const char *path, long *ret_value)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }
    bool good = fscanf(file, "%ld", ret_value) == 1;
    fclose(file);
    return good;
}

static double quota_v1(void)
{
    long quota, period;
    if (read_long("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", &quota) &&
        read_long("/sys/fs/cgroup/cpu/cpu.cfs_period_us", &period) && quota > 0 && period > 0) {
        return (double)quota / (double)period;
    }
    return HUGE_VAL;
}

int job_processors(void)
{
    double quota = ceil(fmin(quota_v2(), quota_v1()));
    int processors = allowed_processors();
    if (quota < processors) {
        processors = quota < 1 ? 1 : (int)quota;
    }
    return processors;
}

int job_default_threads(void)
{
    const int processors = job_processors();
    return processors < MOST_BY_DEFAULT ? processors : MOST_BY_DEFAULT;
}
