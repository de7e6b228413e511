/* How long work tells how far it is, and is asked to stop. */
#ifndef SIGAP_PROGRESS_H
#define SIGAP_PROGRESS_H

#include <stdint.h>

/* `phase` is English, for people ("ordering vertices"); `done` of `total` in whatever
 * unit fits the phase. Called from the thread that asked for the work, at most ten
 * times a second and once at the end of each phase. Return non-zero to cancel. */
typedef struct sgp_progress {
    int (*report)(void *ctx, const char *phase, uint64_t done, uint64_t total);
    void *ctx;
} sgp_progress;

#endif
