/* The parts of the screen: each draws a part of the model into an area of the canvas.
 *
 * What matters first is what the eye meets first: the line's state, who waits and how long are on
 * top in every size; the incidents that wait for a person stand before those that run. Nothing
 * is told by colour alone: late clocks have a "!", urgent priorities are reversed, old positions
 * have a "?".
 *
 * All are pure functions of their arguments. Areas may be of any size, also 0.
 */
#ifndef SGP_CONSOLE_SCREEN_H
#define SGP_CONSOLE_SCREEN_H

#include "console/canvas.h"
#include "console/dossier.h"
#include "console/model.h"

typedef struct sgp_area {
    int row, column, rows, columns;
} sgp_area;

/* City, clock, line, counts: two rows, and one more each for a crew that calls for help, a line
 * that something is wrong with, and a crew that does not answer. Tells how many it took.
 * `unanswered` and `held`: requests on their way, and old ones. */
int sgp_screen_top(sgp_canvas *canvas, const sgp_model *model, size_t unanswered, size_t held);

/* Boards keep the chosen row in sight. */
void sgp_screen_incidents(sgp_canvas *canvas, sgp_area area, const sgp_model *model, bool focus);
void sgp_screen_units(sgp_canvas *canvas, sgp_area area, const sgp_model *model, bool focus);
void sgp_screen_log(sgp_canvas *canvas, sgp_area area, const sgp_model *model);
int sgp_screen_help(sgp_canvas *canvas, sgp_area area, sgp_language language, int scroll);

/* What is marked of the chosen incident, to be taken with Enter. */
typedef enum sgp_marked { SGP_MARKED_NOTHING, SGP_MARKED_UNIT, SGP_MARKED_PLACE } sgp_marked;

/* The chosen incident, with the nth unit of its recommendation or the nth candidate of its place
 * marked and kept in sight. Tells how many rows it would take, so that scrolling knows its end. */
int sgp_screen_detail(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                      const sgp_dossier *dossier, sgp_marked marked, int nth, int scroll);

/* What follows tells how many rows it would take, too. */

/* The questions of the complaint, with what was answered and what is to be asked now, and what to
 * tell the caller. NULL: no guide is known. */
int sgp_screen_script(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                      const Sigap__V1__Guide *guide, int question, bool focus, int scroll);
/* Which question is asked: `question`, or below 0 the first that has no answer; -1: there is none.
 */
int sgp_script_at(const Sigap__V1__Guide *guide, const Sigap__V1__Incident *incident, int question);
/* The log of the chosen incident, oldest first; NULL: not told yet. */
int sgp_screen_story(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                     const Sigap__V1__Log *log, int scroll);
/* Hospitals with beds, whom they divert, and who is on the way when. */
int sgp_screen_hospitals(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);
/* Telephones that ring or are talked to, then those that wait to be called back. */
int sgp_screen_rings(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);
/* Transfers that are planned or due, the earliest first. */
int sgp_screen_transfers(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);

/* Who is at work and on what, what waits, times against targets, load; for who comes: open
 * incidents and what is due next, notes, and what is out of order; numbers that are marked. */
int sgp_screen_supervisor(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);
int sgp_screen_hand_over(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);
int sgp_screen_marks(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll);

/* A title over an area: "── UNIT 12 ──────". */
void sgp_screen_title(sgp_canvas *canvas, sgp_area area, const char *title, bool focus);

/* "02:13", "1:02:13"; "-" below 0. Returns `out`. */
char *sgp_short_time(int64_t ms, char *out, size_t capacity);

/* How a priority looks. */
sgp_ink sgp_priority_ink(int priority);

#endif
