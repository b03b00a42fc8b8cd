/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program on trees it has to walk whole: made here, written to a directory of their own, checked by $DRYSEAL. What it
 * takes is measured as the system counts it, processor time and the most memory held at once; processor time is to
 * grow with the number of files, not faster, however they are nested. Then one large executable against one SHA-256 of it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/tree_bytes.h"

#define LARGE_MB 88u
#define ROUNDS   5

struct cost {
    double cpu, wall; /* milliseconds */
    double memory;    /* megabytes */
    bool good;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double milliseconds(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Run a child and wait for it; on one processor when ALONE. */
static struct cost run(void (*child)(const char *path), const char *path, bool alone)
{
    struct rusage used;
    int status = 1;
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET((unsigned)sched_getcpu(), &one);
        if (alone)
            (void)sched_setaffinity(0, sizeof one, &one);
        child(path);
        _exit(127);
    }
    (void)wait4(pid, &status, 0, &used);
    return (struct cost){.cpu = milliseconds(used.ru_utime) + milliseconds(used.ru_stime),
                         .wall = now() - start,
                         .memory = (double)used.ru_maxrss / 1024,
                         .good = WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

static void program(const char *command, const char *path)
{
    const char *dryseal = getenv("DRYSEAL");
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    execl(dryseal ? dryseal : "./dryseal", "dryseal", command, path, (char *)NULL);
}

static void check(const char *path)
{
    program("check", path);
}

static void verify(const char *path)
{
    program("verify", path);
}

/* The same bytes, hashed as they are read. */
static void hash(const char *path)
{
    static uint8_t piece[1 << 16];
    uint8_t digest[DIGEST_MAX];
    struct arena *a = arena_new(0);
    struct digester *d = digester_new(a, DIGEST_SHA256);
    int fd = open(path, O_RDONLY);
    digester_begin(d);
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        digester_update(d, bytes_of(piece, (size_t)n));
    _exit(digester_finish(d, digest) == 0);
}

/* -- trees */

struct tree {
    const char *what;
    struct chain chain; /* depth 0: SERVICES beside each other */
    size_t services;
};

static const struct tree trees[] = {
    {"16 bundles, each in the one before", {.depth = 16}, 0},
    {"32", {.depth = 32}, 0},
    {"64", {.depth = 64}, 0},
    {"16, sealed as mere files", {.depth = 16, .plain = true}, 0},
    {"32", {.depth = 32, .plain = true}, 0},
    {"64", {.depth = 64, .plain = true}, 0},
    {"100 services", {0}, 100},
    {"200", {0}, 200},
    {"400", {0}, 400},
    {"8 bundles of 3,125 resources and a framework",
     {.depth = 8, .files = 3125, .frameworks = true},
     0},
    {"8 of 12,500, 100,000 in all (aim: below 64 MB)",
     {.depth = 8, .files = 12500, .frameworks = true},
     0},
};

/* What a child process makes in DIR. */
struct work {
    struct arena *a;
    const char *dir;
    const struct tree *tree; /* NULL: the large executable */
};

static enum ds_status make(void *arg)
{
    const struct work *w = arg;
    const struct tree *t = w->tree;
    struct fs *fs = fs_memory(w->a);
    int error = 0;
    if (!t)
        fs_add_file(fs, "/large", 0755, large_image(w->a, LARGE_MB << 20));
    else
        fs = t->services ? wide_tree(w->a, t->services) : chain_tree(w->a, &t->chain);
    return fs_write(fs, "/", w->dir, &error);
}

static size_t files_below(struct arena *a, struct fs *fs, const char *path)
{
    struct name_vec names;
    size_t n = 0;
    (void)fs_list(fs, a, path, &names, NULL);
    for (size_t i = 0; i < names.n; i++) {
        const char *below = path_join(a, path, names.at[i]);
        n += fs_is_dir(fs, below) ? files_below(a, fs, below) : 1;
    }
    return n;
}

static enum ds_status count(void *arg)
{
    const struct work *w = arg;
    size_t files = files_below(w->a, fs_disk(w->a), w->dir);
    printf("%-46s %7zu ", w->tree->what, files);
    return DS_OK;
}

static void measure_tree(const char *dir)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/Example.app", dir);
    struct cost c = run(check, path, false);
    printf("%8.0f %8.0f %6.0f%s\n", c.cpu, c.wall, c.memory, c.good ? "" : "  FAILED");
}

/* -- the large executable */

/* The least of several runs: what else the machine does only adds. */
static struct cost least(void (*child)(const char *path), const char *path, bool alone)
{
    struct cost best = run(child, path, alone);
    for (int i = 1; i < ROUNDS; i++) {
        struct cost c = run(child, path, alone);
        best.cpu = c.cpu < best.cpu ? c.cpu : best.cpu;
        best.wall = c.wall < best.wall ? c.wall : best.wall;
        best.good &= c.good;
    }
    return best;
}

static void report(const char *what, struct cost c, struct cost one, const char *aim)
{
    printf("%-46s %8.0f %8.0f %8.2f %8.2f  %s%s\n", what, c.cpu, c.wall, c.cpu / one.cpu,
           c.wall / one.wall, aim, c.good ? "" : "  FAILED");
}

static void measure_large(const char *dir)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/large", dir);
    struct cost one = least(hash, path, true);
    printf("\n%-46s %8s %8s %8s %8s  %s\n", "an executable of 88 MB", "CPU ms", "wall ms", "x CPU",
           "x wall", "aim");
    report("one SHA-256 of the file", one, one, "");
    report("dryseal verify, on one processor", least(verify, path, true), one, "1.3");
    report("dryseal verify, on all", least(verify, path, false), one, "0.8 with two");
}

/* -- */

/* In a child, so that this process stays small: what one is measured to hold begins with what its parent held. */
static bool in_child(enum ds_status (*work)(void *arg), const char *dir, const struct tree *tree)
{
    int status = 1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct work w = {arena_new(0), dir, tree};
        exit(arena_run(w.a, work, &w) != DS_OK);
    }
    (void)waitpid(pid, &status, 0);
    return status == 0;
}

static void remove_tree(const char *dir)
{
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", dir, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(pid, NULL, 0);
}

/* Trees are best made in memory, where there is room for them: what is measured is the program, not a disk. */
static const char *place(void)
{
    struct statvfs room;
    if (getenv("TMPDIR"))
        return getenv("TMPDIR");
    bool roomy = statvfs("/dev/shm", &room) == 0 && access("/dev/shm", W_OK) == 0 &&
                 room.f_bavail > ((uint64_t)1 << 30) / room.f_frsize;
    return roomy ? "/dev/shm" : "/tmp";
}

/* Make the tree in a directory of its own, and measure. */
static bool measure(const struct tree *tree)
{
    char dir[4096];
    snprintf(dir, sizeof dir, "%s/dryseal-bench.XXXXXX", place());
    if (!mkdtemp(dir))
        return false;
    bool made = in_child(make, dir, tree) && (!tree || in_child(count, dir, tree));
    if (made && tree)
        measure_tree(dir);
    else if (made)
        measure_large(dir);
    remove_tree(dir);
    return made;
}

int main(void)
{
    bool good = true;
    printf("%-46s %7s %8s %8s %6s\n", "dryseal check", "files", "CPU ms", "wall ms", "MB");
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
        good &= measure(&trees[i]);
    return measure(NULL) && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
