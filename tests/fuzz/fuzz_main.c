/* Runs a fuzz target over its seeds and over a number of mutations of them, always the same ones.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: fuzz_NAME MUTATIONS FILE|DIRECTORY... With FUZZ_SECONDS in the environment it goes on for so long instead, with FUZZ_SEED on
 * another way; an input that ends the program, or that takes longer than MOST_SECONDS, is kept in the file FUZZ_KEEP. Fails when fewer
 * than a fifth of the inputs are accepted, but not with either of these. */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scan.h"
#include "fuzz.h"
#include "lib/alloc.h"

#define MAX_SEEDS 100000 /* of more the rest is left out */
#define LEAST_SHARE 0.2
#define MOST_SECONDS 10 /* of processor time, for one input */
/* What an input may take besides eight times its size. */
#define MOST_MEMORY (64l << 20)

struct seeds {
    uint8_t *data[MAX_SEEDS];
    size_t size[MAX_SEEDS];
    int n;
    int good[MAX_SEEDS], n_good; /* those that are accepted */
};

static void add_file(struct seeds *seeds, const char *path)
{
    if (seeds->n == MAX_SEEDS)
        return;
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(FUZZ_LONGEST);
    if (file == NULL || data == NULL) {
        fprintf(stderr, "cannot take the seed %s\n", path);
        exit(1);
    }
    size_t size = fread(data, 1, FUZZ_LONGEST, file);
    uint8_t *exact = realloc(data, size > 0 ? size : 1);
    seeds->data[seeds->n] = exact != NULL ? exact : data;
    seeds->size[seeds->n++] = size;
    fclose(file);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_path(struct seeds *seeds, const char *path)
{
    struct dirent **list = NULL;
    int n = scandir(path, &list, NULL, by_name);
    if (n < 0)
        add_file(seeds, path);
    for (int k = 0; k < n; k++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, list[k]->d_name);
        if (list[k]->d_name[0] != '.')
            add_file(seeds, name);
        free(list[k]);
    }
    free(list);
}

/* What runs, for the signal handlers. */
static const uint8_t *running;
static size_t running_size;
static volatile sig_atomic_t runs, runs_before, stopped;

static void keep(int signal)
{
    int file = getenv("FUZZ_KEEP") != NULL ? open(getenv("FUZZ_KEEP"), O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    if (file >= 0 && write(file, running, running_size) == (ssize_t)running_size)
        close(file);
    (void)signal; /* back to what raised it, which now ends the program */
}

/* Every MOST_SECONDS: still the same input? */
static void watch(int signal)
{
    static const char words[] = "an input takes too long\n";
    if (runs == runs_before && write(STDERR_FILENO, words, sizeof words - 1) > 0)
        abort();
    runs_before = runs;
    (void)signal;
}

/* An end with all that was done counted. */
static void stop(int signal)
{
    stopped = signal;
}

static void catch_signals(void)
{
    static const int ends[] = {SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGSEGV, SIGBUS}; /* those the sanitizers leave, and their traps */
    struct sigaction action = {.sa_handler = keep, .sa_flags = (int)SA_RESETHAND}, before;
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        if (sigaction(ends[k], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(ends[k], &action, NULL);
    const struct itimerval every = {{MOST_SECONDS, 0}, {MOST_SECONDS, 0}};
    signal(SIGTERM, stop);
    signal(SIGPROF, watch);
    setitimer(ITIMER_PROF, &every, NULL);
}

static void run(const uint8_t *data, size_t size)
{
    running = data;
    running_size = size;
    runs = (runs + 1) & 0xffffff;
    alloc_forget_peak();
    long before = alloc_bytes();
    LLVMFuzzerTestOneInput(data, size);
    MUST(alloc_peak() <= before + MOST_MEMORY + 8 * (long)size);
}

static int choose_any(struct rng *rng, const struct seeds *seeds)
{
    if (seeds->n_good == 0 || rng_below(rng, 8) == 0)
        return (int)rng_below(rng, (uint32_t)seeds->n);
    return seeds->good[rng_below(rng, (uint32_t)seeds->n_good)];
}

/* Mostly one of those accepted: near them lies what gets deep into a reader. And mostly the shorter of two: an edit of it more often
 * meets what matters, in less time. */
static int choose(struct rng *rng, const struct seeds *seeds)
{
    int first = choose_any(rng, seeds), second = choose_any(rng, seeds);
    return seeds->size[second] < seeds->size[first] && rng_below(rng, 4) > 0 ? second : first;
}

/* A mutation of some seed, exactly as long as it is, so that the address sanitizer sees the end. */
static void run_mutation(struct rng *rng, const struct seeds *seeds)
{
    static uint8_t work[FUZZ_LONGEST];
    int first = choose(rng, seeds), other = (int)rng_below(rng, (uint32_t)seeds->n);
    memcpy(work, seeds->data[first], seeds->size[first]);
    size_t size = fuzz_mutate(rng, work, seeds->size[first], sizeof work, seeds->data[other], seeds->size[other]);
    uint8_t *exact = size > 0 ? malloc(size) : NULL;
    if (exact == NULL)
        return;
    memcpy(exact, work, size);
    run(exact, size);
    free(exact);
}

/* A whole number of the environment. */
static int64_t asked(const char *name, int64_t otherwise)
{
    int64_t value;
    return getenv(name) != NULL && scan_whole_int64(getenv(name), &value) ? value : otherwise;
}

int main(int argc, char **argv)
{
    static struct seeds seeds;
    struct rng rng;
    int64_t mutations = 0, done = 0, seconds = asked("FUZZ_SECONDS", 0);
    rng_init(&rng, (uint64_t)asked("FUZZ_SEED", 1));
    catch_signals();
    mallopt(M_TRIM_THRESHOLD, 256 << 20); /* inputs come and go: giving memory back each time takes longer than they do */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    if (argc > 1 && !scan_whole_int64(argv[1], &mutations))
        argc = 1;
    for (int k = 2; k < argc; k++)
        add_path(&seeds, argv[k]);
    if (seeds.n == 0) {
        fprintf(stderr, "usage: %s MUTATIONS SEED...\n", argv[0]);
        return 2;
    }
    for (int k = 0; k < seeds.n; k++) {
        long before = fuzz_accepted();
        run(seeds.data[k], seeds.size[k]);
        if (fuzz_accepted() > before)
            seeds.good[seeds.n_good++] = k;
    }
    double start = clock_now();
    for (; !stopped && (seconds > 0 ? clock_now() - start < (double)seconds : done < mutations); done++)
        run_mutation(&rng, &seeds);
    double share = (double)fuzz_accepted() / (double)(done + seeds.n);
    printf("%lld executions (%d seeds), %.1f %% accepted\n", (long long)(done + seeds.n), seeds.n, 100 * share);
    for (int k = 0; k < seeds.n; k++)
        free(seeds.data[k]);
    return share >= LEAST_SHARE || seconds > 0 || getenv("FUZZ_KEEP") != NULL ? 0 : 1;
}
