/* A SQLite VFS that cuts the power.
 *
 * It hands everything on to the system's VFS and writes down, for each file,
 * what is surely on disk and what was written since and never synced. At the cut,
 * chosen by counting writes, truncations, syncs, creations and deletions, it
 * remembers all that; the running program goes on and notices nothing, but what
 * it does no longer counts. After the program has closed its files, reboot puts
 * onto disk what a power cut may have left: every synced byte, and any seeded
 * subset of the unsynced writes, truncations, creations and deletions, each write
 * torn at 512-byte sectors. A name is on disk once its directory was synced, which SQLite
 * does with the first sync of a journal or log that it made, and with some deletions.
 *
 * One at a time; the functions below from one thread, the VFS from any.
 */
#ifndef SGP_TEST_POWERCUT_VFS_H
#define SGP_TEST_POWERCUT_VFS_H

#include <stdbool.h>
#include <stdint.h>

#define POWERCUT_VFS "powercut"

typedef enum powercut_kind {
    POWERCUT_POWER, /* the machine stops: unsynced writes may be lost */
    POWERCUT_KILL   /* the process stops: the kernel keeps every write, synced or not */
} powercut_kind;

/* Registers the VFS; false: SQLite refused. */
bool powercut_register(void);
/* Cuts at the `operations`th operation from now; 0 = never. */
void powercut_arm(uint64_t operations);
/* Cuts just before the `syncs`th sync from now; 0 = never. */
void powercut_arm_at_sync(uint64_t syncs);
/* Cuts now, if it has not happened yet. */
void powercut_now(void);
/* Makes the nth sync from now fail with an input/output error; 0 = never. */
void powercut_fail_sync(uint64_t nth);
/* Has it happened? What is done after the answer "no" came before the cut. */
bool powercut_happened(void);
/* Cuts now if it has not happened yet, and puts what is left onto disk. All
 * files must be closed. */
void powercut_reboot(powercut_kind kind, uint64_t seed);
/* Forgets all files, without touching them. */
void powercut_forget(void);

#endif
