/* What the fleet's own drives teach about the roads: each profile's learned factors, and the
 * matcher that puts a track onto the roads.
 *
 *   unit_tracks.h, on the loop: the positions of one drive
 *        |  a track that owns its data and names nobody
 *        v
 *   matched to the roads (matcher.h), taught (learned.h), the track forgotten
 *        |
 *        v
 *   FOLDER/PROFILE.sqlite, at most once a minute and at the end
 *
 * A file holds for a road, a direction and one of eight parts of the week how long all drives over
 * it took together; no unit, no person, no time of a single drive. Each profile has a file of
 * its own, so that drives with lights and siren do not teach how fast others are.
 *
 * Thread rule: everything here belongs to one thread, that of the road worker.
 */
#ifndef SGP_SERVE_ROAD_LESSONS_H
#define SGP_SERVE_ROAD_LESSONS_H

#include "serve/city_time.h"
#include "sigap/learned.h"
#include "sigap/matcher.h"

enum { SGP_LESSONS_SAVE_US = 60 * 1000000 }; /* at least between two saves */

typedef struct sgp_road_lessons sgp_road_lessons;

/* Makes the folder where it is missing, and loads what was learned for these profiles. Graph and
 * time must outlive it. The fault names the file that cannot be read. */
sgp_err sgp_road_lessons_create(const sgp_graph *graph, const sgp_city_time *time,
                                const char *folder, const bool profiles[SGP_PROFILES_MAX],
                                sgp_road_lessons **lessons, sgp_fault *fault) SGP_MUST_USE;
/* Does not save. NULL is harmless. */
void sgp_road_lessons_destroy(sgp_road_lessons *lessons);

/* Borrowed until the next load; NULL: nothing is learned for that profile. */
const sgp_learned *sgp_road_lessons_learned(const sgp_road_lessons *lessons, uint32_t profile);
/* Reads the files anew, as they are now; what was taught and not saved is lost. A file that cannot
 * be read any more is logged, and what was learned before stays. */
void sgp_road_lessons_load(sgp_road_lessons *lessons);

/* Matches the track and teaches what it shows. A track that fits nowhere is counted. */
void sgp_road_lessons_teach(sgp_road_lessons *lessons, uint32_t profile,
                            const sgp_track_point *track, size_t n);
/* Whether something was taught for the profile since its weights were last made. */
bool sgp_road_lessons_is_news(const sgp_road_lessons *lessons, uint32_t profile);
void sgp_road_lessons_used(sgp_road_lessons *lessons, uint32_t profile);

/* Saves what has changed, each file in one transaction; `always`: even if the last save was just
 * now. What fails is logged and tried again. */
void sgp_road_lessons_save(sgp_road_lessons *lessons, int64_t now_us, bool always);

typedef struct sgp_lesson_count {
    uint64_t matched;   /* drives of which at least a piece lay on roads */
    uint64_t unmatched; /* drives that fitted nowhere, or could not be matched */
    uint64_t taught;    /* roads driven over that were learned from */
    uint64_t refused;   /* roads driven over at a speed that cannot be */
    uint64_t roads;     /* directions of roads of which something is known */
} sgp_lesson_count;
sgp_lesson_count sgp_road_lessons_count(const sgp_road_lessons *lessons);

#endif
