/* A disk that fails at the n-th operation below one folder.
 *
 * Preloaded into a process, it counts what changes files there, over the process and
 * its children, and at one operation kills the whole process group, tears a write, or
 * refuses. Without disk_arm() it does nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KILL = 1, TORN, FULL, BROKEN };

struct shared {
    long count;  /* operations so far */
    long at;     /* the one that fails, from 1 */
    long fired;  /* how often one failed */
    int mode;
    int is_full; /* from the failing operation on, until something is removed */
    char last[64];
};

static struct shared *state;
static char prefix[PATH_MAX];
static size_t prefix_length;

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

void disk_arm(const char *folder, int mode, long at)
{
    state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED || !realpath(folder, prefix)) abort();
    prefix_length = strlen(prefix);
    state->mode = mode;
    state->at = at;
}

long disk_count(void) { return state ? state->count : 0; }
long disk_fired(void) { return state ? state->fired : 0; }

static int is_below(const char *path)
{
    return strncmp(path, prefix, prefix_length) == 0;
}

static int fd_is_ours(int fd)
{
    char link[64], path[PATH_MAX];
    if (!state) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    /* SQLite rebuilds the index of its log from the log. */
    return is_below(path) && !strstr(path, "-shm");
}

static int path_is_ours(const char *path)
{
    return state && path && is_below(path) && !strstr(path, "-shm");
}

static void die(void)
{
    kill(0, SIGKILL);
    for (;;) pause();
}

/* 0: go on; 1: go on with half of it, then die; -1: refuse with errno. */
static int failing(const char *what, int is_write, int needs_room)
{
    long number = __sync_add_and_fetch(&state->count, 1);
    if (number == state->at) {
        state->fired++;
        snprintf(state->last, sizeof state->last, "%s", what);
        switch (state->mode) {
        case KILL: die(); break;
        case TORN: if (is_write) return 1; die(); break;
        case FULL: state->is_full = 1; break;
        case BROKEN: errno = EIO; return -1;
        }
    }
    if (state->is_full && needs_room) {
        errno = ENOSPC;
        return -1;
    }
    return 0;
}

ssize_t write(int fd, const void *data, size_t size)
{
    if (fd_is_ours(fd)) {
        int how = failing("write", 1, 1);
        if (how < 0) return -1;
        if (how > 0) { REAL(write)(fd, data, size / 2); die(); }
    }
    return REAL(write)(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    if (fd_is_ours(fd)) {
        int how = failing("pwrite", 1, 1);
        if (how < 0) return -1;
        if (how > 0) { REAL(pwrite64)(fd, data, size / 2, offset); die(); }
    }
    return REAL(pwrite64)(fd, data, size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return pwrite64(fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (fd_is_ours(fd)) {
        int how = failing("writev", 1, 1);
        if (how < 0) return -1;
        if (how > 0) { REAL(writev)(fd, parts, count / 2); die(); }
    }
    return REAL(writev)(fd, parts, count);
}

int fsync(int fd)
{
    if (fd_is_ours(fd) && failing("fsync", 0, 0) < 0) return -1;
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    if (fd_is_ours(fd) && failing("fdatasync", 0, 0) < 0) return -1;
    return REAL(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t size)
{
    if (fd_is_ours(fd)) {
        struct stat now;
        int grows = fstat(fd, &now) == 0 && size > now.st_size;
        if (failing("ftruncate", 0, grows) < 0) return -1;
        if (!grows && now.st_size - size > 4096) state->is_full = 0;
    }
    return REAL(ftruncate64)(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int posix_fallocate64(int fd, off64_t offset, off64_t size)
{
    if (fd_is_ours(fd) && failing("fallocate", 0, 1) < 0) return errno;
    return REAL(posix_fallocate64)(fd, offset, size);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    return posix_fallocate64(fd, offset, size);
}

int rename(const char *from, const char *to)
{
    if (path_is_ours(to) && failing("rename", 0, 0) < 0) return -1;
    return REAL(rename)(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (path_is_ours(to) && failing("renameat", 0, 0) < 0) return -1;
    return REAL(renameat)(from_folder, from, to_folder, to);
}

int unlink(const char *path)
{
    if (path_is_ours(path)) {
        if (failing("unlink", 0, 0) < 0) return -1;
        /* The reserve is given back: there is room again. */
        if (strstr(path, "reserve")) state->is_full = 0;
    }
    return REAL(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    if (path_is_ours(path) && failing("unlinkat", 0, 0) < 0) return -1;
    return REAL(unlinkat)(folder, path, flags);
}
