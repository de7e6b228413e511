/* The narrator: tells the engine's updates as one line for each thing that
 * happened, as a dispatcher would say it:
 *
 *   08:14:02  P1 #12  henti jantung · Jl. Veteran 5, Ketawanggede · PSC-01 dikirim, ...
 *
 * It keeps a board, compares what comes with what it knew, and prints only
 * differences, so that a lost connection leaves no doubled lines. Not
 * thread-safe.
 */
#ifndef SGP_APPS_NARRATOR_H
#define SGP_APPS_NARRATOR_H

#include <stdio.h>

#include "apps/board.h"
#include "apps/texts.h"
#include "sigap/v1/admin.pb-c.h"

typedef struct sgp_narrator {
    sgp_language language;
    FILE *out; /* NULL: only keep the board */
    bool colours;
    bool duty;              /* tell units signing on and off */
    bool calls;             /* tell calls coming in, before they are placed */
    uint64_t only_incident; /* tell nothing of others; 0 = all */
    bool headline;          /* print the line about city and units after catching up */
    bool caught_up;
    bool was_caught_up; /* ever */
    sgp_board board;
    char version[32], city[128];
    bool city_is_sketch;
    char last_unfit[512]; /* the last sentence about a patient whom no hospital fits */
} sgp_narrator;

void sgp_narrator_init(sgp_narrator *narrator, sgp_language language, FILE *out);
void sgp_narrator_deinit(sgp_narrator *narrator);

/* A connection was made: what follows is a snapshot. */
void sgp_narrator_connected(sgp_narrator *narrator, const Sigap__V1__Status *status);
/* The connection was lost. */
void sgp_narrator_lost(sgp_narrator *narrator, const char *reason);
/* Takes the messages out of the update, and tells what is new. SGP_E_MEMORY. */
sgp_err sgp_narrator_take(sgp_narrator *narrator, Sigap__V1__Update *update) SGP_MUST_USE;

/* One line: clock, priority and number of the incident (NULL: none), text.
 * `full` adds complaint and place. */
void sgp_narrator_say(const sgp_narrator *narrator, int64_t at_ms,
                      const Sigap__V1__Incident *incident, bool full, const char *text);

/* "Jl. Veteran 5, Ketawanggede", coordinates for a place without a label, "-" for none. */
char *sgp_place_text(const Sigap__V1__Place *place, char *out, size_t capacity);

/* "“gang 5 sumbersari” “dekat masjid”": all that a caller said about where, safe for a terminal; ""
 * for nothing or NULL. Returns `out`. */
char *sgp_words_text(const Sigap__V1__CallerDetail *said, char *out, size_t capacity);

/* "PSC-01 dikirim, 3 mnt 20 dtk (berikutnya: …) · tercepat dari 9 unit siap; 3 bertugas":
 * who is sent, how far, the next best and why, from the recommendation that was
 * followed (NULL: only who). */
char *sgp_order_text(sgp_language language, const Sigap__V1__Assignment *assignment,
                     const Sigap__V1__Recommendation *recommendation, char *out, size_t capacity);

#endif
