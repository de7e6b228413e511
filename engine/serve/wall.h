/* What the command centre's wall, the city's public page and planners ask of the engine.
 *
 *   each event ──> day_book.h (figures)          AskFigures ──> Figures
 *   each second ─> past.h (a moment in ten s) ── AskPast ─────> Past
 *                     │ late                      GET /v1/public ──> public_picture.h
 *                     └───────────────────────────────┘
 *   folder of reports ── ListReports, OpenReport ──> GET /v1/report/TICKET
 *
 * Nothing here is state of the core and nothing is written: after a restart figures come from the
 * world, and the past begins anew. */
#ifndef SGP_SERVE_WALL_H
#define SGP_SERVE_WALL_H

#include <event2/http.h>

#include "serve/engine.h"
#include "sigap/core.h"
#include "sigap/v1/frame.pb-c.h"

struct sgp_session;

/* When the world is there, before anybody may ask. */
sgp_err sgp_wall_start(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
/* NULL-safe; before the world goes. */
void sgp_wall_stop(sgp_engine *engine);
/* What an event changed; `engine->effects` are its effects. */
void sgp_wall_follow(sgp_engine *engine, const sgp_event *event);
/* Every second. */
void sgp_wall_tick(sgp_engine *engine);

void sgp_answer_figures(struct sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__AskFigures *asked);
void sgp_answer_past(struct sgp_session *session, uint64_t reply_to,
                     const Sigap__V1__AskPast *asked);

/* district_shapes.c */
void sgp_answer_districts(struct sgp_session *session, uint64_t reply_to);

/* reports.c */
typedef struct sgp_report_tickets sgp_report_tickets;
sgp_report_tickets *sgp_report_tickets_create(void); /* NULL: no memory */
void sgp_report_tickets_destroy(sgp_report_tickets *tickets);
void sgp_answer_reports(struct sgp_session *session, uint64_t reply_to);
void sgp_open_report(struct sgp_session *session, uint64_t reply_to,
                     const Sigap__V1__OpenReport *asked);
/* GET /v1/report/TICKET and GET /v1/public; false: the path is neither. */
bool sgp_report_http(sgp_engine *engine, struct evhttp_request *request, const char *path);
bool sgp_wall_http(sgp_engine *engine, struct evhttp_request *request);

#endif
