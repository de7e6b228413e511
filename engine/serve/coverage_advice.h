/* Move-up advice that watchers hear unasked: when the engine looks, and how it is told.
 *
 *     every look_ms, while the world changes ──> a survey (coverage_survey.h) with a look
 *         (core/move_advice.h) ──> what is new or over: to watchers, in an update of its own
 *
 * Nothing of it is state: it stands in no journal, and an engine that starts anew looks anew.
 * Private to the engine; used by its loop, but for `advice`, which is the surveying thread's while
 * one runs.
 */
#ifndef SGP_SERVE_COVERAGE_ADVICE_H
#define SGP_SERVE_COVERAGE_ADVICE_H

#include "core/move_advice.h"
#include "serve/coverage_survey.h"
#include "sigap/v1/frame.pb-c.h"

struct sgp_engine;

/* A move as people read it. */
typedef struct sgp_told_row {
    sgp_told_move move;
    char unit[SGP_CODE_BYTES], from[SGP_NAME_BYTES], to[SGP_NAME_BYTES];
} sgp_told_row;

typedef struct sgp_told_advice {
    sgp_move_advice advice;
    sgp_told_row rows[SGP_ADVICE_OPEN_MAX]; /* what stands */
    uint32_t n_rows;
    int32_t expected_ppm, full_ppm;
    int64_t looked_at_ms;
    uint64_t looked_seq;
    bool is_off;   /* it cannot be reckoned here */
} sgp_told_advice; /* zero-initialise */

/* One of them as a message; borrows the row's texts. */
typedef struct sgp_told_message {
    Sigap__V1__MoveUpAdvice advice;
    Sigap__V1__MoveUp move;
    Sigap__V1__Point to;
} sgp_told_message;

/* Is it time for a look, and has anything happened since the last? Notes that one is taken. */
bool sgp_told_advice_due(sgp_told_advice *told, struct sgp_engine *engine);
/* After a look: tells watchers what it brought. */
void sgp_told_advice_tell(sgp_told_advice *told, struct sgp_engine *engine,
                          const sgp_survey_ask *ask);
/* What stands, as messages[SGP_ADVICE_OPEN_MAX] and a list of them; how many. */
size_t sgp_told_advice_fill(const sgp_told_advice *told, sgp_told_message *messages,
                            Sigap__V1__MoveUpAdvice **list);
/* What that move was told to gain, 0 = it was not. */
int32_t sgp_told_advice_gain(const sgp_told_advice *told, const char *unit, sgp_point to);

#endif
