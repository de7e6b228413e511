#include "console/hands.h"

#include <inttypes.h>
#include <string.h>

#include "apps/print.h"
#include "console/screen.h"

const char *sgp_model_me(const sgp_model *model) {
    return model->user[0] != '\0' ? model->user : "local"; /* on the private socket */
}

bool sgp_incident_is_mine(const sgp_model *model, const Sigap__V1__Incident *incident) {
    return strcmp(incident->taken_by, sgp_model_me(model)) == 0;
}

bool sgp_incident_is_anothers(const sgp_model *model, const Sigap__V1__Incident *incident) {
    return incident->taken_by[0] != '\0' && !sgp_incident_is_mine(model, incident);
}

char *sgp_hand_text(const sgp_model *model, const Sigap__V1__Incident *incident, char *out,
                    size_t capacity) {
    char time[24];
    out[0] = '\0';
    if (incident->taken_by[0] != '\0')
        snprintf(out, capacity, "%s %s",
                 sgp_incident_is_mine(model, incident)
                     ? sgp_text_get(model->language, SGP_TEXT_DESK_MINE)
                     : incident->taken_by,
                 sgp_short_time(model->now_ms - incident->taken_at_ms, time, sizeof time));
    return out;
}

/* ---- what somebody did ----------------------------------------------------------------- */

char *sgp_did_text(sgp_language language, const Sigap__V1__Conflict *did, char *out,
                   size_t capacity) {
    static const struct {
        const char *event;
        sgp_text key;
    } rows[] = {
        {"PLACE_CHOSEN", SGP_TEXT_DID_PLACE},
        {"INCIDENT_TRIAGED", SGP_TEXT_DID_TRIAGE},
        {"UNIT_ORDERED", SGP_TEXT_DID_ORDER},
        {"ASSIGNMENT_STOOD_DOWN", SGP_TEXT_DID_STAND_DOWN},
        {"INCIDENT_CLOSED", SGP_TEXT_DID_CLOSE},
        {"CALL_LINKED", SGP_TEXT_DID_LINK},
        {"ALIKE_DISMISSED", SGP_TEXT_DID_LINK},
        {"CALL_JUDGED", SGP_TEXT_DID_JUDGE},
        {"NUMBER_MARKED", SGP_TEXT_DID_MARK},
        {"QUESTION_ANSWERED", SGP_TEXT_DID_ANSWER},
        {"AGENCY_ALERTED", SGP_TEXT_DID_ALERT},
        {"AGENCY_ANSWERED", SGP_TEXT_DID_REPLY},
        {"BACKUP_ASKED", SGP_TEXT_DID_BACKUP},
        {"AID_ASKED", SGP_TEXT_DID_AID},
        {"MASS_CASUALTY", SGP_TEXT_DID_MASS},
        {"INCIDENT_TAKEN", SGP_TEXT_DID_TAKE},
        {"DESK_HANDED_OVER", SGP_TEXT_DID_HAND_OVER},
        {"ASSIGNMENT_ADVANCED", SGP_TEXT_DID_STATUS},
        {"ORDER_ANSWERED", SGP_TEXT_DID_STATUS},
        {"PATIENT_TOLD", SGP_TEXT_DID_PATIENT},
        {"HOSPITAL_CHOSEN", SGP_TEXT_DID_HOSPITAL},
        {"UNIT_DUTY", SGP_TEXT_DID_DUTY},
        {"CREW_SIGNED_ON", SGP_TEXT_DID_CREW},
        {"MOVE_UP_ORDERED", SGP_TEXT_DID_POST},
        {"MOVE_UP_ENDED", SGP_TEXT_DID_POST},
        {"DISTRESS", SGP_TEXT_DID_DISTRESS},
        {"HOSPITAL_TOLD", SGP_TEXT_DID_HOSPITAL_TOLD},
        {"SHIFT_SET", SGP_TEXT_DID_SHIFT},
        {"SHIFT_REMOVED", SGP_TEXT_DID_SHIFT},
        {"PREMISE_SET", SGP_TEXT_DID_PREMISE},
        {"PREMISE_REMOVED", SGP_TEXT_DID_PREMISE},
        {"TRANSFER_CHANGED", SGP_TEXT_DID_TRANSFER},
        {"TRANSFER_CANCELLED", SGP_TEXT_DID_TRANSFER},
        {"ROAD_OPENED", SGP_TEXT_DID_ROAD},
        {"USER_SET", SGP_TEXT_DID_USER},
        {"FLEET_SET", SGP_TEXT_DID_FLEET},
        {"RING_TAKEN", SGP_TEXT_DID_RING},
        {"RING_CALL_BACK", SGP_TEXT_DID_CALL_BACK},
    };
    sgp_text key = SGP_TEXT_DID_SOMETHING;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].event, did->event) == 0)
            key = rows[i].key;
    return sgp_text_fill(
        out, capacity, language, key, "unit", did->unit_code, "state",
        sgp_assignment_state_text(language, (int)did->state), "priority",
        did->priority != 0 ? sgp_priority_text(language, (int)did->priority) : "", "outcome",
        did->outcome != 0 ? sgp_outcome_text(language, (int)did->outcome) : "", NULL);
}

char *sgp_conflict_text(sgp_language language, const Sigap__V1__Conflict *conflict, int64_t now_ms,
                        char *out, size_t capacity) {
    char what[128], time[24];
    int64_t ago_ms = now_ms > conflict->at_ms ? now_ms - conflict->at_ms : 0;
    return sgp_text_fill(out, capacity, language, SGP_TEXT_DESK_WHO_DID, "who", conflict->actor,
                         "what", sgp_did_text(language, conflict, what, sizeof what), "time",
                         sgp_short_time(ago_ms, time, sizeof time), NULL);
}

/* ---- what it means for the user ---------------------------------------------------------- */

/* The last one stands below until something else is said; the log keeps all. */
static void tell_me(sgp_model *model, const char *text) {
    snprintf(model->notice, sizeof model->notice, "%s", text);
    sgp_model_log(model, text);
    model->bells += model->narrator.caught_up;
}

/* A decision, not what a crew or the placer says. */
static bool is_decision(const char *event) {
    static const char *const decisions[] = {
        "PLACE_CHOSEN",    "INCIDENT_TRIAGED", "UNIT_ORDERED",  "ASSIGNMENT_STOOD_DOWN",
        "INCIDENT_CLOSED", "CALL_LINKED",      "CALL_JUDGED",   "BACKUP_ASKED",
        "AID_ASKED",       "MASS_CASUALTY",    "AGENCY_ALERTED"};
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++)
        if (strcmp(decisions[i], event) == 0)
            return true;
    return false;
}

static void look_at_incident(sgp_model *model, const Sigap__V1__Update *update,
                             const Sigap__V1__Incident *incident) {
    char text[320], number[24], what[128];
    const Sigap__V1__Incident *old = sgp_board_incident(&model->narrator.board, incident->id);
    if (old == NULL || !sgp_incident_is_mine(model, old))
        return;
    snprintf(number, sizeof number, "%" PRIu64, incident->id);
    if (sgp_incident_is_anothers(model, incident) && strcmp(update->event, "INCIDENT_TAKEN") == 0) {
        sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_DESK_TAKEN_FROM_ME, "who",
                      incident->taken_by, "incident", number, NULL);
        tell_me(model, text);
        return;
    }
    if (!is_decision(update->event))
        return;
    Sigap__V1__Conflict did = SIGAP__V1__CONFLICT__INIT;
    did.event = update->event;
    did.priority = incident->priority;
    did.outcome = incident->outcome;
    if (update->n_assignments == 1 && update->assignments[0]->incident_id == incident->id)
        did.unit_code = update->assignments[0]->unit_code;
    sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_DESK_ACTED, "who", update->actor,
                  "what", sgp_did_text(model->language, &did, what, sizeof what), "incident",
                  number, NULL);
    tell_me(model, text);
}

static void look_at_handover(sgp_model *model, const Sigap__V1__DeskHandover *handover) {
    char text[512], number[24], note[320] = "", words[300];
    bool to_me = strcmp(handover->to, sgp_model_me(model)) == 0;
    bool mine = strcmp(handover->from, sgp_model_me(model)) == 0;
    snprintf(number, sizeof number, "%u", handover->incidents);
    sgp_plain_text(handover->note, words, sizeof words);
    if (words[0] != '\0')
        snprintf(note, sizeof note, ": “%s”", words);
    sgp_text_fill(text, sizeof text, model->language,
                  to_me                     ? SGP_TEXT_DESK_GIVEN_TO_ME
                  : handover->gone          ? SGP_TEXT_DESK_GONE
                  : handover->to[0] == '\0' ? SGP_TEXT_DESK_GIVEN_BACK
                                            : SGP_TEXT_DESK_GIVEN,
                  "who", handover->from, "to", handover->to, "n", number, "note", note, NULL);
    if (to_me || (mine && handover->gone))
        tell_me(model, text);
    else
        sgp_model_log(model, text);
}

void sgp_hands_look(sgp_model *model, const Sigap__V1__Update *update) {
    if (!model->narrator.caught_up)
        return;
    bool anothers = update->actor[0] != '\0' && strcmp(update->actor, sgp_model_me(model)) != 0;
    for (size_t i = 0; i < update->n_incidents && anothers; i++)
        if (update->incidents[i] != NULL)
            look_at_incident(model, update, update->incidents[i]);
    for (size_t i = 0; i < update->n_desk_handovers; i++)
        if (update->desk_handovers[i] != NULL)
            look_at_handover(model, update->desk_handovers[i]);
}

/* ---- requests ------------------------------------------------------------------------------- */

static uint64_t of_assignment(const sgp_board *board, uint64_t id) {
    const Sigap__V1__Assignment *one = sgp_board_assignment(board, id);
    return one != NULL ? one->incident_id : 0;
}

uint64_t sgp_frame_incident(const sgp_board *board, const Sigap__V1__Frame *frame) {
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_CHOOSE_PLACE:
        return frame->choose_place->incident_id;
    case SIGAP__V1__FRAME__BODY_TRIAGE:
        return frame->triage->incident_id;
    case SIGAP__V1__FRAME__BODY_ORDER_UNIT:
        return frame->order_unit->incident_id;
    case SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT:
        return frame->close_incident->incident_id;
    case SIGAP__V1__FRAME__BODY_ASK_BACKUP:
        return frame->ask_backup->incident_id;
    case SIGAP__V1__FRAME__BODY_ASK_AID:
        return frame->ask_aid->incident_id;
    case SIGAP__V1__FRAME__BODY_DECLARE_MASS_CASUALTY:
        return frame->declare_mass_casualty->incident_id;
    case SIGAP__V1__FRAME__BODY_ALERT_AGENCY:
        return frame->alert_agency->incident_id;
    case SIGAP__V1__FRAME__BODY_STAND_DOWN:
        return of_assignment(board, frame->stand_down->assignment_id);
    case SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT:
        return of_assignment(board, frame->advance_assignment->assignment_id);
    case SIGAP__V1__FRAME__BODY_CHOOSE_HOSPITAL:
        return of_assignment(board, frame->choose_hospital->assignment_id);
    default:
        return 0;
    }
}
