#include "powercut_vfs.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"

enum { SECTOR_BYTES = 512, NAMES_MAX = 16, ENTRIES_MAX = 64 };

/* A write, or with data == NULL a truncation to `offset`. */
typedef struct change {
    uint64_t offset, length;
    uint8_t *data;
} change;

typedef struct inode {
    uint8_t *bytes; /* surely on disk */
    uint64_t length;
    change *changes; /* since the last sync */
    size_t n_changes, capacity;
} inode;

/* A name's history since its directory was last synced: which inode (-1 = none) it stood for. */
typedef struct entry {
    char path[256];
    int now;
    int synced;
    int history[ENTRIES_MAX];
    int n_history;
} entry;

typedef struct disk {
    inode *inodes;
    int n_inodes;
    entry entries[NAMES_MAX];
    int n_entries;
} disk;

typedef struct powercut_file {
    sqlite3_file base;
    int inode;
    bool directory_unsynced;
    sqlite3_file *real; /* right behind this struct */
} powercut_file;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static disk live, frozen;
static bool cut;
static uint64_t operations_left, syncs_to_cut, syncs_left;
static sqlite3_vfs *system_vfs;

/* ---- what is on disk ------------------------------------------------------------ */

static void *grow(void *block, size_t bytes) {
    void *grown = realloc(block, bytes ? bytes : 1);
    assert(grown);
    return grown;
}

static void apply(uint8_t **bytes, uint64_t *length, uint64_t offset, const uint8_t *data,
                  uint64_t n) {
    if (offset + n > *length) {
        *bytes = grow(*bytes, offset + n);
        memset(*bytes + *length, 0, offset + n - *length);
        *length = offset + n;
    }
    memcpy(*bytes + offset, data, n);
}

static void apply_change(inode *node, const change *c) {
    if (c->data)
        apply(&node->bytes, &node->length, c->offset, c->data, c->length);
    else if (c->offset < node->length)
        node->length = c->offset;
}

static void drop_changes(inode *node) {
    for (size_t i = 0; i < node->n_changes; i++)
        free(node->changes[i].data);
    free(node->changes);
    node->changes = NULL;
    node->n_changes = node->capacity = 0;
}

static void disk_free(disk *d) {
    for (int i = 0; i < d->n_inodes; i++) {
        drop_changes(&d->inodes[i]);
        free(d->inodes[i].bytes);
    }
    free(d->inodes);
    *d = (disk){0};
}

static void add_change(inode *node, uint64_t offset, const void *data, uint64_t length) {
    if (node->n_changes == node->capacity) {
        node->capacity = node->capacity ? 2 * node->capacity : 8;
        node->changes = grow(node->changes, node->capacity * sizeof *node->changes);
    }
    change *c = &node->changes[node->n_changes++];
    *c = (change){.offset = offset, .length = length};
    if (data) {
        c->data = grow(NULL, length);
        memcpy(c->data, data, length);
    }
}

static void sync_inode(inode *node) {
    for (size_t i = 0; i < node->n_changes; i++)
        apply_change(node, &node->changes[i]);
    drop_changes(node);
}

static void sync_directory(void) {
    for (int i = 0; i < live.n_entries; i++) {
        live.entries[i].synced = live.entries[i].now;
        live.entries[i].n_history = 0;
    }
}

static disk disk_copy(const disk *from) {
    disk to = *from;
    to.inodes = grow(NULL, (size_t)from->n_inodes * sizeof *to.inodes);
    for (int i = 0; i < from->n_inodes; i++) {
        const inode *node = &from->inodes[i];
        to.inodes[i] = (inode){.length = node->length, .bytes = grow(NULL, node->length)};
        if (node->length)
            memcpy(to.inodes[i].bytes, node->bytes, node->length);
        for (size_t k = 0; k < node->n_changes; k++)
            add_change(&to.inodes[i], node->changes[k].offset, node->changes[k].data,
                       node->changes[k].length);
    }
    return to;
}

static entry *find_entry(const char *path) {
    for (int i = 0; i < live.n_entries; i++)
        if (strcmp(live.entries[i].path, path) == 0)
            return &live.entries[i];
    assert(live.n_entries < NAMES_MAX);
    entry *fresh = &live.entries[live.n_entries++];
    *fresh = (entry){.now = -1, .synced = -1};
    snprintf(fresh->path, sizeof fresh->path, "%s", path);
    return fresh;
}

static void set_entry(entry *e, int node) {
    assert(e->n_history < ENTRIES_MAX);
    e->now = node;
    e->history[e->n_history++] = node;
}

static void freeze(void) {
    frozen = disk_copy(&live);
    cut = true;
}

/* Counts one operation; called with the mutex held, before the operation is noted. */
static void count(void) {
    if (!cut && operations_left && --operations_left == 0)
        freeze();
}

/* ---- files -------------------------------------------------------------------------- */

static sqlite3_file *real(sqlite3_file *file) {
    return ((powercut_file *)file)->real;
}

static int file_close(sqlite3_file *file) {
    return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, n, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset) {
    powercut_file *f = (powercut_file *)file;
    pthread_mutex_lock(&mutex);
    /* Noted first: a write that the cut interrupts may be on disk in part. */
    add_change(&live.inodes[f->inode], (uint64_t)offset, bytes, (uint64_t)n);
    count();
    pthread_mutex_unlock(&mutex);
    return f->real->pMethods->xWrite(f->real, bytes, n, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    powercut_file *f = (powercut_file *)file;
    pthread_mutex_lock(&mutex);
    add_change(&live.inodes[f->inode], (uint64_t)size, NULL, 0);
    count();
    pthread_mutex_unlock(&mutex);
    return f->real->pMethods->xTruncate(f->real, size);
}

static int file_sync(sqlite3_file *file, int flags) {
    powercut_file *f = (powercut_file *)file;
    (void)flags;
    pthread_mutex_lock(&mutex);
    bool failing = syncs_left && --syncs_left == 0;
    if (!failing) {
        if (!cut && syncs_to_cut && --syncs_to_cut == 0)
            freeze();
        count();
        sync_inode(&live.inodes[f->inode]);
        if (f->directory_unsynced) {
            count();
            sync_directory();
            f->directory_unsynced = false;
        }
    }
    pthread_mutex_unlock(&mutex);
    return failing ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_reserved(sqlite3_file *file, int *reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **map) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, map);
}

static int shm_lock(sqlite3_file *file, int offset, int n, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

static int shm_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* shared memory, but no memory-mapped files, which would pass us by */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the VFS ---------------------------------------------------------------------------- */

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    powercut_file *f = (powercut_file *)file;
    f->base.pMethods = NULL;
    f->real = (sqlite3_file *)(f + 1);
    int code = system_vfs->xOpen(system_vfs, path, f->real, flags, out);
    if (code != SQLITE_OK)
        return code;
    const int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    f->directory_unsynced = (flags & journals) && (flags & SQLITE_OPEN_CREATE);
    pthread_mutex_lock(&mutex);
    entry *e = path ? find_entry(path) : NULL;
    if (e && e->now >= 0) {
        f->inode = e->now;
    } else {
        /* Temporary files have no name; a named one came into being just now. */
        count();
        live.inodes = grow(live.inodes, (size_t)(live.n_inodes + 1) * sizeof *live.inodes);
        live.inodes[live.n_inodes] = (inode){0};
        f->inode = live.n_inodes++;
        if (e)
            set_entry(e, f->inode);
    }
    pthread_mutex_unlock(&mutex);
    f->base.pMethods = &methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_dir) {
    (void)vfs;
    pthread_mutex_lock(&mutex);
    entry *e = find_entry(path);
    if (e->now >= 0) {
        count();
        set_entry(e, -1);
        if (sync_dir) {
            count();
            sync_directory();
        }
    }
    pthread_mutex_unlock(&mutex);
    return system_vfs->xDelete(system_vfs, path, 0);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    return system_vfs->xAccess(system_vfs, path, flags, answer);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    (void)vfs;
    return system_vfs->xFullPathname(system_vfs, path, size, full);
}

static int vfs_randomness(sqlite3_vfs *vfs, int n, char *bytes) {
    (void)vfs;
    return system_vfs->xRandomness(system_vfs, n, bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int us) {
    (void)vfs;
    return system_vfs->xSleep(system_vfs, us);
}

static int vfs_time(sqlite3_vfs *vfs, double *days) {
    (void)vfs;
    return system_vfs->xCurrentTime(system_vfs, days);
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs;
    return system_vfs->xGetLastError(system_vfs, size, text);
}

bool powercut_register(void) {
    static sqlite3_vfs vfs = {.iVersion = 1,
                              .zName = POWERCUT_VFS,
                              .xOpen = vfs_open,
                              .xDelete = vfs_delete,
                              .xAccess = vfs_access,
                              .xFullPathname = vfs_full_path,
                              .xRandomness = vfs_randomness,
                              .xSleep = vfs_sleep,
                              .xCurrentTime = vfs_time,
                              .xGetLastError = vfs_last_error};
    system_vfs = sqlite3_vfs_find(NULL);
    if (!system_vfs)
        return false;
    vfs.szOsFile = (int)sizeof(powercut_file) + system_vfs->szOsFile;
    vfs.mxPathname = system_vfs->mxPathname;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

/* ---- the cut ------------------------------------------------------------------------------ */

void powercut_arm(uint64_t operations) {
    pthread_mutex_lock(&mutex);
    operations_left = operations;
    pthread_mutex_unlock(&mutex);
}

void powercut_arm_at_sync(uint64_t syncs) {
    pthread_mutex_lock(&mutex);
    syncs_to_cut = syncs;
    pthread_mutex_unlock(&mutex);
}

void powercut_now(void) {
    pthread_mutex_lock(&mutex);
    if (!cut)
        freeze();
    pthread_mutex_unlock(&mutex);
}

void powercut_fail_sync(uint64_t nth) {
    pthread_mutex_lock(&mutex);
    syncs_left = nth;
    pthread_mutex_unlock(&mutex);
}

bool powercut_happened(void) {
    pthread_mutex_lock(&mutex);
    bool happened = cut;
    pthread_mutex_unlock(&mutex);
    return happened;
}

/* How much of the unsynced survives is itself drawn for each cut: nothing, all,
 * whole writes, or single sectors. */
static void lose_some(inode *node, uint64_t *state) {
    uint64_t how = sgp_random_next(state) % 4, keep_of_8 = 1 + sgp_random_next(state) % 7;
    for (size_t i = 0; i < node->n_changes; i++) {
        const change *c = &node->changes[i];
        if (how == 0)
            continue;
        if (how == 1 || (how == 2 && sgp_random_next(state) % 8 < keep_of_8)) {
            apply_change(node, c);
        } else if (how == 3 && !c->data) {
            if (sgp_random_next(state) % 2)
                apply_change(node, c);
        } else if (how == 3) {
            for (uint64_t at = 0, n; at < c->length; at += n) {
                n = SECTOR_BYTES - (c->offset + at) % SECTOR_BYTES;
                if (n > c->length - at)
                    n = c->length - at;
                if (sgp_random_next(state) % 8 < keep_of_8)
                    apply(&node->bytes, &node->length, c->offset + at, c->data + at, n);
            }
        }
    }
    drop_changes(node);
}

static void write_file(const char *path, const uint8_t *bytes, uint64_t length) {
    FILE *file = fopen(path, "wb");
    assert(file);
    size_t written = fwrite(bytes, 1, length, file);
    assert(written == length);
    fclose(file);
}

void powercut_reboot(powercut_kind kind, uint64_t seed) {
    if (!cut)
        freeze();
    disk_free(&live);
    live = frozen;
    frozen = (disk){0};
    cut = false;
    operations_left = syncs_to_cut = 0;
    for (int i = 0; i < live.n_entries; i++) {
        entry *e = &live.entries[i];
        if (kind == POWERCUT_POWER) {
            uint64_t kept = sgp_random_next(&seed) % (uint64_t)(e->n_history + 1);
            e->now = kept ? e->history[kept - 1] : e->synced;
            e->synced = e->now;
            e->n_history = 0;
        }
    }
    for (int i = 0; kind == POWERCUT_POWER && i < live.n_inodes; i++)
        lose_some(&live.inodes[i], &seed);
    for (int i = 0; i < live.n_entries; i++) {
        entry *e = &live.entries[i];
        char shared[300];
        snprintf(shared, sizeof shared, "%s-shm", e->path);
        unlink(shared);
        unlink(e->path);
        if (e->now < 0)
            continue;
        /* The program sees unsynced changes too, as long as the kernel lives. */
        inode seen = {.bytes = grow(NULL, live.inodes[e->now].length),
                      .length = live.inodes[e->now].length};
        if (seen.length)
            memcpy(seen.bytes, live.inodes[e->now].bytes, seen.length);
        for (size_t k = 0; k < live.inodes[e->now].n_changes; k++)
            apply_change(&seen, &live.inodes[e->now].changes[k]);
        write_file(e->path, seen.bytes, seen.length);
        free(seen.bytes);
    }
}

void powercut_forget(void) {
    disk_free(&live);
    disk_free(&frozen);
    cut = false;
    operations_left = syncs_to_cut = syncs_left = 0;
}
