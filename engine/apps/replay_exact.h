/* `sigap replay JOURNAL`: is what was recorded what the core does? */
#ifndef SGP_APPS_REPLAY_EXACT_H
#define SGP_APPS_REPLAY_EXACT_H

#include "apps/options.h"

/* Journals are SQLite files. False also for what cannot be read. */
bool sgp_is_journal(const char *path);

/* Replays and tells; returns the exit code: 0 equal, 1 it differs. */
int sgp_replay_exactly(const sgp_options *options, const char *path);

#endif
