/* Requests of a dispatcher as frames, and frames as words.
 *
 * A request holds everything that its frame points to, so it is used in place: do not copy it.
 * Texts longer than their room are cut at a character. Not thread-safe.
 */
#ifndef SGP_CONSOLE_REQUEST_H
#define SGP_CONSOLE_REQUEST_H

#include "apps/board.h"
#include "apps/fleet_edit.h"
#include "apps/texts.h"
#include "sigap/core.h"
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
        Sigap__V1__AnswerAlert answer_alert;
        Sigap__V1__AnswerQuestion answer_question;
        Sigap__V1__DismissAlike dismiss;
        Sigap__V1__JudgeCall judge;
        Sigap__V1__MarkNumber mark;
        Sigap__V1__AddNote note;
        Sigap__V1__SetPremise premise;
        Sigap__V1__RemovePremise no_premise;
        Sigap__V1__TellHospital hospital;
        Sigap__V1__TellPatient patient;
        Sigap__V1__AskHospital ask_hospital;
        Sigap__V1__ChooseHospital choose_hospital;
        Sigap__V1__OrderMoveUp move_up;
        Sigap__V1__EndMoveUp end_move_up;
        Sigap__V1__AnswerMoveUp answer_move_up;
        Sigap__V1__RaiseDistress distress;
        Sigap__V1__ClearDistress clear;
        Sigap__V1__AnswerWelfare well;
        Sigap__V1__AskTransfer transfer;
        Sigap__V1__ChangeTransfer change_transfer;
        Sigap__V1__CancelTransfer cancel_transfer;
        Sigap__V1__CloseRoad close_road;
        Sigap__V1__OpenRoad open_road;
        Sigap__V1__LocateCall locate;
        Sigap__V1__TakeRing take;
        Sigap__V1__CallBack call_back;
        Sigap__V1__TakeIncident hold;
        Sigap__V1__SayToCaller text_caller;
        Sigap__V1__ReadMessages read_words;
        Sigap__V1__HandOver hand_over;
        Sigap__V1__Reload reload;
        Sigap__V1__SwitchCity city;
        Sigap__V1__FindPlace find;
        Sigap__V1__GetIncident get;
        Sigap__V1__SetUser set_user;
        Sigap__V1__RemoveDevices devices;
        Sigap__V1__SetService set_service;
        Sigap__V1__PlannedShift shift;
        Sigap__V1__RemoveShift no_shift;
    } body;
    Sigap__V1__UnitKind kind;
    Sigap__V1__RoadClosure closure;
    Sigap__V1__Point point;
    char first[512], second[512], third[64], fourth[128];
    char *people[SGP_CREW_PER_UNIT]; /* in second */
    Sigap__V1__User user;
    char user_unit[24], user_hospital[24], third_long[96];
    Sigap__V1__UnitService service;
    sgp_fleet_edit edit; /* of a unit, station or hospital; see sgp_request_entry */
    Sigap__V1__RoadPart parts[SGP_CLOSURE_PARTS_MAX], *part_list[SGP_CLOSURE_PARTS_MAX];
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

/* ---- request_more.c ---- */
/* When it was so, of an answer to an order or a state; 0 = now. */
void sgp_request_said(sgp_request *request, int64_t said_at_ms);
void sgp_request_alarm(sgp_request *request, uint64_t incident, unsigned alarm);
void sgp_request_well(sgp_request *request, const char *unit);
void sgp_request_distress(sgp_request *request, const char *unit, const char *reason);
void sgp_request_safe(sgp_request *request, const char *unit, const char *reason);
void sgp_request_judge(sgp_request *request, uint64_t call, Sigap__V1__Outcome outcome);
/* hours 0: as the rules say. */
void sgp_request_mark(sgp_request *request, uint64_t call, bool lift, int hours);
void sgp_request_dismiss(sgp_request *request, uint64_t call, uint64_t incident);
/* answer "": taken back. */
void sgp_request_answer_question(sgp_request *request, uint64_t incident, const char *question,
                                 const char *answer);
void sgp_request_answer_alert(sgp_request *request, uint64_t incident, const char *agency,
                              bool accept, const char *reason);
void sgp_request_note(sgp_request *request, uint64_t incident, const char *text);
void sgp_request_premise(sgp_request *request, uint64_t incident, int kind, const char *text);
void sgp_request_no_premise(sgp_request *request, uint64_t id, uint64_t version);
/* Fill `body.hospital` further. */
void sgp_request_hospital(sgp_request *request, const char *hospital, uint64_t version,
                          const char *reason);
void sgp_request_patient(sgp_request *request, uint64_t assignment, int colour, bool told,
                         uint32_t needs);
void sgp_request_ask_hospital(sgp_request *request, uint64_t assignment);
void sgp_request_choose_hospital(sgp_request *request, uint64_t assignment, const char *hospital);
void sgp_request_move_up(sgp_request *request, const char *unit, const char *station);
void sgp_request_end_move_up(sgp_request *request, const char *unit, const char *reason);
void sgp_request_answer_move_up(sgp_request *request, const char *unit, uint64_t move_up,
                                bool accept);
/* unit "": nobody is pencilled in; at 0: at once. */
void sgp_request_transfer(sgp_request *request, const char *from, const char *to, int64_t at_ms,
                          const char *unit);
void sgp_request_change_transfer(sgp_request *request, uint64_t id, uint64_t version, int64_t at_ms,
                                 bool other_unit, const char *unit);
void sgp_request_cancel_transfer(sgp_request *request, uint64_t id, uint64_t version,
                                 const char *reason);
/* By way, or by point and radius where way is 0. */
void sgp_request_close_road(sgp_request *request, int64_t way, double lon, double lat, int radius_m,
                            const char *reason);
void sgp_request_open_road(sgp_request *request, uint64_t closure, int64_t way);
void sgp_request_locate(sgp_request *request, uint64_t call);
void sgp_request_text_caller(sgp_request *request, uint64_t call, const char *text);
void sgp_request_read_words(sgp_request *request, uint64_t call, uint64_t seq);
void sgp_request_take(sgp_request *request, uint64_t ring, bool give_back);
void sgp_request_call_back(sgp_request *request, uint64_t ring, int outcome);
/* Also where another has it. */
void sgp_request_hold(sgp_request *request, uint64_t incident, bool release);
/* All that the user has; to "": nobody. */
void sgp_request_hand_over(sgp_request *request, const char *to, const char *note);
void sgp_request_reload(sgp_request *request);
void sgp_request_city(sgp_request *request);

/* "PSC-01 ke #12": what a frame asks for. Never a caller's words, number or name. */
char *sgp_request_text(sgp_language language, const sgp_board *board, const Sigap__V1__Frame *frame,
                       char *out, size_t capacity);

/* The same for what request_more.c makes; what sgp_request_text falls back to. */
char *sgp_request_text_more(sgp_language language, const sgp_board *board,
                            const Sigap__V1__Frame *frame, char *out, size_t capacity);

/* ---- request_admin.c ---- */
/* `known` NULL: a new one. `of`: a crew's unit, a hospital's code, a partner's agency. */
void sgp_request_user(sgp_request *request, const Sigap__V1__User *known, const char *name,
                      int role, const char *of);
void sgp_request_user_enabled(sgp_request *request, const Sigap__V1__User *known, bool enabled,
                              const char *reason);
/* All of the user's devices, or one by its number. */
/* A planned shift; `crew` with commas between codes, "" = the unit is not manned then. false: too
 * many people. */
bool sgp_request_shift(sgp_request *request, const char *unit, int64_t from_ms, int64_t until_ms,
                       const char *crew);
void sgp_request_no_shift(sgp_request *request, uint64_t id);
void sgp_request_revoke(sgp_request *request, const char *user, uint64_t device);
/* What request->edit says. */
void sgp_request_entry(sgp_request *request);
void sgp_request_service(sgp_request *request, const char *unit, bool out, const char *reason,
                         uint64_t version);
void sgp_request_close_stretch(sgp_request *request, const Sigap__V1__Stretch *stretch,
                               int64_t until_ms, const char *reason);
/* NULL: it is none of these. */
char *sgp_request_text_admin(sgp_language language, const Sigap__V1__Frame *frame, char *out,
                             size_t capacity);

#endif
