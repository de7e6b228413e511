/* Requests of a dispatcher as frames, and frames as words.
 *
 * A request holds everything that its frame points to, so it is used in place: do not copy it.
 * Texts longer than their room are cut at a character. Not thread-safe.
 */
#ifndef SGP_CONSOLE_REQUEST_H
#define SGP_CONSOLE_REQUEST_H

#include "apps/board.h"
#include "apps/texts.h"
#include "sigap/v1/frame.pb-c.h"

typedef struct sgp_request {
    Sigap__V1__Frame frame;
    union {
        Sigap__V1__ReportCall call;
        Sigap__V1__ChoosePlace choose;
        Sigap__V1__NarrowPlace narrow;
        Sigap__V1__LinkCall link;
        Sigap__V1__Triage triage;
        Sigap__V1__AskRecommendation advise;
        Sigap__V1__OrderUnit order;
        Sigap__V1__StandDown stand_down;
        Sigap__V1__CloseIncident close;
        Sigap__V1__AskBackup backup;
        Sigap__V1__AskAid aid;
        Sigap__V1__DeclareMassCasualty mass;
        Sigap__V1__SetDuty duty;
        Sigap__V1__AnswerOrder answer;
        Sigap__V1__AdvanceAssignment advance;
        Sigap__V1__AlertAgency alert;
        Sigap__V1__FindPlace find;
        Sigap__V1__GetIncident get;
    } body;
    Sigap__V1__UnitKind kind;
    char first[512], second[512], third[64], fourth[128];
} sgp_request;

void sgp_request_order(sgp_request *request, uint64_t incident, const char *unit, bool divert);
void sgp_request_stand_down(sgp_request *request, uint64_t assignment, const char *reason);
void sgp_request_close(sgp_request *request, uint64_t incident, Sigap__V1__Outcome outcome);
/* priority 0, "" and units 0: as they are. */
void sgp_request_triage(sgp_request *request, uint64_t incident, int priority,
                        const char *complaint, unsigned units);
void sgp_request_duty(sgp_request *request, const char *unit, bool on_duty);
void sgp_request_answer(sgp_request *request, uint64_t assignment, bool accept, const char *reason);
void sgp_request_advance(sgp_request *request, uint64_t assignment,
                         Sigap__V1__AssignmentState state, const char *hospital);
/* `place` stays the caller's, for as long as the request. */
void sgp_request_choose(sgp_request *request, uint64_t incident, Sigap__V1__Place *place);
void sgp_request_narrow(sgp_request *request, uint64_t call, const char *text);
void sgp_request_link(sgp_request *request, uint64_t call, uint64_t incident);
void sgp_request_backup(sgp_request *request, uint64_t incident, int kind, unsigned units);
void sgp_request_aid(sgp_request *request, uint64_t incident, bool ended);
void sgp_request_mass(sgp_request *request, uint64_t incident, unsigned patients);
void sgp_request_alert(sgp_request *request, uint64_t incident, const char *agency,
                       const char *reason);
void sgp_request_advise(sgp_request *request, uint64_t incident);
void sgp_request_find(sgp_request *request, const char *text, bool complete);
void sgp_request_get(sgp_request *request, uint64_t incident);
/* point: NULL = none. Texts "" where nothing is known; priority 0 = by the complaint. */
void sgp_request_call(sgp_request *request, const char *where, Sigap__V1__Point *point,
                      int uncertainty_m, const char *complaint, int priority, const char *number,
                      const char *name, const char *note);

/* "PSC-01 ke #12": what a frame asks for. Never a caller's words, number or name. */
char *sgp_request_text(sgp_language language, const sgp_board *board, const Sigap__V1__Frame *frame,
                       char *out, size_t capacity);

#endif
