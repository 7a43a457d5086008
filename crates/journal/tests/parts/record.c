/* Preloaded into a process, writes down what it does to a journal's files, in order: every write, every sync, every
   acknowledgement. Beside that it fails writes or syncs while a file says so: a full disk, a broken one.

   A record is: one letter (W write, T cut to a length, S synced, D removed, A acknowledged), then name length, offset and
   length of the data as 64 bits each, then the name and the data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 1024
static char names[FILES][64];
static int out = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static const char *base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int watched(const char *name) {
    return !strcmp(name, "journal.sqlite") || !strcmp(name, "journal.sqlite-wal") ||
           !strcmp(name, "journal.sqlite-journal") || !strcmp(name, "acks");
}

static const char *name_of(int fd) { return fd >= 0 && fd < FILES && names[fd][0] ? names[fd] : NULL; }

static ssize_t real_write(int fd, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return real(fd, data, length);
}

static void record(char what, const char *name, uint64_t offset, const void *data, uint64_t length) {
    const char *path = getenv("RECORD_TO");
    if (!path) return;
    if (out < 0) {
        static int (*real_open)(const char *, int, ...);
        real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
        out = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (out < 0) abort();
    }
    uint64_t numbers[3] = {strlen(name), offset, data ? length : 0};
    char header[25];
    header[0] = what;
    memcpy(header + 1, numbers, 24);
    if (real_write(out, header, 25) != 25 || real_write(out, name, numbers[0]) != (ssize_t)numbers[0]) abort();
    if (data && real_write(out, data, length) != (ssize_t)length) abort();
}

/* Whether this kind of call is to fail just now: the environment names a file, and the file's being there says yes. */
static int fails(const char *which, const char *name) {
    const char *path = getenv(which);
    return path && strcmp(name, "acks") && !access(path, F_OK);
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < FILES) {
        const char *name = base(path);
        pthread_mutex_lock(&lock);
        names[fd][0] = 0;
        if (watched(name)) strcpy(names[fd], name);
        pthread_mutex_unlock(&lock);
    }
    return fd;
}

#define OPEN(symbol) \
    int symbol(const char *path, int flags, ...) { \
        static int (*real)(const char *, int, ...); \
        if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #symbol); \
        va_list rest; \
        va_start(rest, flags); \
        int mode = va_arg(rest, int); \
        va_end(rest); \
        return opened(real(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, "close", int);
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FILES) names[fd][0] = 0;
    pthread_mutex_unlock(&lock);
    return real(fd);
}

#define PWRITE(symbol) \
    ssize_t symbol(int fd, const void *data, size_t length, off64_t offset) { \
        REAL(ssize_t, #symbol, int, const void *, size_t, off64_t); \
        const char *name = name_of(fd); \
        if (!name) return real(fd, data, length, offset); \
        if (fails("FAIL_WRITES", name)) { errno = ENOSPC; return -1; } \
        pthread_mutex_lock(&lock); \
        ssize_t done = real(fd, data, length, offset); \
        if (done > 0) record('W', name, offset, data, done); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int fd, const void *data, size_t length) {
    const char *name = name_of(fd);
    if (!name) return real_write(fd, data, length);
    pthread_mutex_lock(&lock);
    int ack = !strcmp(name, "acks");
    off_t offset = ack ? 0 : lseek(fd, 0, SEEK_CUR);
    ssize_t done = real_write(fd, data, length);
    if (done > 0) record(ack ? 'A' : 'W', name, offset, data, done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define TRUNCATE(symbol) \
    int symbol(int fd, off64_t length) { \
        REAL(int, #symbol, int, off64_t); \
        const char *name = name_of(fd); \
        pthread_mutex_lock(&lock); \
        int failed = real(fd, length); \
        if (name && !failed) record('T', name, length, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return failed; \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define SYNC(symbol) \
    int symbol(int fd) { \
        REAL(int, #symbol, int); \
        const char *name = name_of(fd); \
        if (name && fails("FAIL_SYNCS", name)) { errno = EIO; return -1; } \
        pthread_mutex_lock(&lock); \
        int failed = real(fd); \
        if (name && !failed) record('S', name, 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return failed; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    const char *name = base(path);
    pthread_mutex_lock(&lock);
    int failed = real(path);
    if (watched(name) && !failed) record('D', name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
