/* Names of the core's enums, as wires, logs and tables write them. */
#include "sigap/core.h"

#define WORD(table, number)                                                                        \
    ((unsigned)(number) < sizeof(table) / sizeof *(table) && (table)[number] ? (table)[number]     \
                                                                             : "UNKNOWN")

const char *sgp_priority_str(sgp_priority priority) {
    static const char *const words[SGP_PRIORITIES] = {"UNKNOWN", "P1", "P2", "P3", "P4"};
    return WORD(words, priority);
}

const char *sgp_unit_kind_str(sgp_unit_kind kind) {
    static const char *const words[SGP_UNIT_KINDS] = {
        [SGP_UNIT_AMBULANCE_BASIC] = "AMBULANCE_BASIC",
        [SGP_UNIT_AMBULANCE_ADVANCED] = "AMBULANCE_ADVANCED",
        [SGP_UNIT_MOTORBIKE] = "MOTORBIKE",
        [SGP_UNIT_COMMAND_CAR] = "COMMAND_CAR",
        [SGP_UNIT_FIRE_ENGINE] = "FIRE_ENGINE",
        [SGP_UNIT_RESCUE] = "RESCUE"};
    return WORD(words, kind);
}

const char *sgp_incident_state_str(sgp_incident_state state) {
    static const char *const words[SGP_INCIDENT_STATES] = {[SGP_INCIDENT_LOCATING] = "LOCATING",
                                                           [SGP_INCIDENT_WAITING] = "WAITING",
                                                           [SGP_INCIDENT_ASSIGNED] = "ASSIGNED",
                                                           [SGP_INCIDENT_CLOSED] = "CLOSED"};
    return WORD(words, state);
}

const char *sgp_assignment_state_str(sgp_assignment_state state) {
    static const char *const words[SGP_ASSIGNMENT_STATES] = {
        [SGP_ASSIGNMENT_PROPOSED] = "PROPOSED",
        [SGP_ASSIGNMENT_ORDERED] = "ORDERED",
        [SGP_ASSIGNMENT_ACCEPTED] = "ACCEPTED",
        [SGP_ASSIGNMENT_EN_ROUTE] = "EN_ROUTE",
        [SGP_ASSIGNMENT_ON_SCENE] = "ON_SCENE",
        [SGP_ASSIGNMENT_TRANSPORTING] = "TRANSPORTING",
        [SGP_ASSIGNMENT_AT_HOSPITAL] = "AT_HOSPITAL",
        [SGP_ASSIGNMENT_HANDED_OVER] = "HANDED_OVER",
        [SGP_ASSIGNMENT_CLOSED] = "CLOSED",
        [SGP_ASSIGNMENT_DECLINED] = "DECLINED",
        [SGP_ASSIGNMENT_TIMED_OUT] = "TIMED_OUT",
        [SGP_ASSIGNMENT_DIVERTED] = "DIVERTED",
        [SGP_ASSIGNMENT_STOOD_DOWN] = "STOOD_DOWN"};
    return WORD(words, state);
}

const char *sgp_unit_status_str(sgp_unit_status status) {
    static const char *const words[SGP_UNIT_STATUSES] = {
        [SGP_UNIT_OFF_DUTY] = "OFF_DUTY",      [SGP_UNIT_AVAILABLE] = "AVAILABLE",
        [SGP_UNIT_ORDERED] = "ORDERED",        [SGP_UNIT_EN_ROUTE] = "EN_ROUTE",
        [SGP_UNIT_ON_SCENE] = "ON_SCENE",      [SGP_UNIT_TRANSPORTING] = "TRANSPORTING",
        [SGP_UNIT_AT_HOSPITAL] = "AT_HOSPITAL"};
    return WORD(words, status);
}

const char *sgp_place_kind_str(sgp_place_kind kind) {
    static const char *const words[SGP_PLACE_KINDS] = {[SGP_PLACE_COORDINATES] = "COORDINATES",
                                                       [SGP_PLACE_ADDRESS] = "ADDRESS",
                                                       [SGP_PLACE_STREET] = "STREET",
                                                       [SGP_PLACE_JUNCTION] = "JUNCTION",
                                                       [SGP_PLACE_FACILITY] = "FACILITY",
                                                       [SGP_PLACE_AREA] = "AREA",
                                                       [SGP_PLACE_GANG] = "GANG",
                                                       [SGP_PLACE_ESTATE] = "ESTATE",
                                                       [SGP_PLACE_RT_RW] = "RT_RW",
                                                       [SGP_PLACE_RELATIVE] = "RELATIVE",
                                                       [SGP_PLACE_KM_POST] = "KM_POST",
                                                       [SGP_PLACE_PLUS_CODE] = "PLUS_CODE",
                                                       [SGP_PLACE_PHONE] = "PHONE"};
    return WORD(words, kind);
}

const char *sgp_precision_str(sgp_precision precision) {
    static const char *const words[SGP_PRECISIONS] = {"UNKNOWN", "EXACT", "INTERPOLATED", "NEAREST",
                                                      "WHOLE"};
    return WORD(words, precision);
}

const char *sgp_phone_method_str(sgp_phone_method method) {
    static const char *const words[SGP_PHONE_METHODS] = {"UNKNOWN", "GNSS", "WIFI", "CELL",
                                                         "FUSED"};
    return WORD(words, method);
}

const char *sgp_outcome_str(sgp_outcome outcome) {
    static const char *const words[SGP_OUTCOMES] = {
        "NONE",   "SERVED", "CANCELLED",   "DUPLICATE", "PRANK",
        "SILENT", "GHOST",  "INFORMATION", "ABANDONED", "REAL"};
    return WORD(words, outcome);
}

const char *sgp_exclusion_str(sgp_exclusion exclusion) {
    static const char *const words[] = {[SGP_EXCLUDED_NOT] = "NOT_EXCLUDED",
                                        [SGP_EXCLUDED_OFF_DUTY] = "OFF_DUTY",
                                        [SGP_EXCLUDED_BUSY] = "BUSY",
                                        [SGP_EXCLUDED_WRONG_KIND] = "WRONG_KIND",
                                        [SGP_EXCLUDED_NO_POSITION] = "NO_POSITION",
                                        [SGP_EXCLUDED_STALE_POSITION] = "STALE_POSITION",
                                        [SGP_EXCLUDED_UNREACHABLE] = "UNREACHABLE",
                                        [SGP_EXCLUDED_DECLINED] = "DECLINED",
                                        [SGP_EXCLUDED_ALREADY_ON] = "ALREADY_ON",
                                        [SGP_EXCLUDED_NOT_YET_FREE] = "NOT_YET_FREE",
                                        [SGP_EXCLUDED_NOT_DIVERTIBLE] = "NOT_DIVERTIBLE",
                                        [SGP_EXCLUDED_SKILLS] = "SKILLS",
                                        [SGP_EXCLUDED_AGENCY] = "AGENCY",
                                        [SGP_EXCLUDED_NEIGHBOUR] = "NEIGHBOUR",
                                        [SGP_EXCLUDED_CREW_HOURS] = "CREW_HOURS",
                                        [SGP_EXCLUDED_TOO_WIDE] = "TOO_WIDE",
                                        [SGP_EXCLUDED_NEEDED_ELSEWHERE] = "NEEDED_ELSEWHERE",
                                        [SGP_EXCLUDED_PENCILLED_IN] = "PENCILLED_IN",
                                        [SGP_EXCLUDED_DISTRESS] = "DISTRESS",
                                        [SGP_EXCLUDED_CREW_SKILLS] = "CREW_SKILLS",
                                        [SGP_EXCLUDED_SHIFT_ENDS] = "SHIFT_ENDS",
                                        [SGP_EXCLUDED_SHIFT_OVER] = "SHIFT_OVER"};
    return WORD(words, exclusion);
}

const char *sgp_likeness_str(sgp_likeness likeness) {
    static const char *const words[SGP_LIKENESSES] = {[SGP_LIKE_SAME] = "SAME",
                                                      [SGP_LIKE_FAMILY] = "FAMILY",
                                                      [SGP_LIKE_UNKNOWN] = "NOT_SAID",
                                                      [SGP_LIKE_OTHER] = "OTHER"};
    return WORD(words, likeness);
}

const char *sgp_lending_str(sgp_lending lending) {
    static const char *const words[SGP_LENDINGS] = {[SGP_LENT_FREELY] = "freely",
                                                    [SGP_LENT_AFTER_OWN] = "after_own",
                                                    [SGP_LENT_WHEN_ASKED] = "when_asked"};
    return WORD(words, lending);
}

const char *sgp_policy_str(sgp_policy policy) {
    static const char *const words[SGP_POLICIES] = {[SGP_POLICY_CLOSEST] = "closest",
                                                    [SGP_POLICY_CLOSEST_WITH_DIVERSION] =
                                                        "closest_with_diversion",
                                                    [SGP_POLICY_JOINT] = "joint",
                                                    [SGP_POLICY_COVERAGE_AWARE] = "coverage_aware"};
    return WORD(words, policy);
}

const char *sgp_alert_state_str(sgp_alert_state state) {
    static const char *const words[SGP_ALERT_STATES] = {[SGP_ALERT_GIVEN] = "GIVEN",
                                                        [SGP_ALERT_ACKNOWLEDGED] = "ACKNOWLEDGED",
                                                        [SGP_ALERT_DECLINED] = "DECLINED",
                                                        [SGP_ALERT_OVERDUE] = "OVERDUE"};
    return WORD(words, state);
}

const char *sgp_ability_str(sgp_ability ability) {
    static const char *const words[SGP_ABILITIES] = {[SGP_ABILITY_TRAUMA] = "TRAUMA",
                                                     [SGP_ABILITY_STROKE] = "STROKE",
                                                     [SGP_ABILITY_STEMI] = "STEMI",
                                                     [SGP_ABILITY_OBSTETRIC] = "OBSTETRIC",
                                                     [SGP_ABILITY_PAEDIATRIC] = "PAEDIATRIC",
                                                     [SGP_ABILITY_NEONATAL] = "NEONATAL",
                                                     [SGP_ABILITY_BURN] = "BURN",
                                                     [SGP_ABILITY_DIALYSIS] = "DIALYSIS",
                                                     [SGP_ABILITY_PSYCHIATRIC] = "PSYCHIATRIC",
                                                     [SGP_ABILITY_INTENSIVE_CARE] =
                                                         "INTENSIVE_CARE",
                                                     [SGP_ABILITY_SURGERY] = "SURGERY",
                                                     [SGP_ABILITY_ISOLATION] = "ISOLATION"};
    return WORD(words, ability);
}

const char *sgp_diversion_str(sgp_diversion diversion) {
    static const char *const words[SGP_DIVERSIONS] = {[SGP_DIVERSION_OPEN] = "OPEN",
                                                      [SGP_DIVERSION_SOME] = "SOME",
                                                      [SGP_DIVERSION_ALL] = "ALL",
                                                      [SGP_DIVERSION_CLOSED] = "CLOSED"};
    return WORD(words, diversion);
}

const char *sgp_colour_of_triage_str(sgp_colour_of_triage colour) {
    static const char *const words[SGP_COLOURS] = {[SGP_COLOUR_UNKNOWN] = "UNKNOWN",
                                                   [SGP_COLOUR_RED] = "RED",
                                                   [SGP_COLOUR_YELLOW] = "YELLOW",
                                                   [SGP_COLOUR_GREEN] = "GREEN",
                                                   [SGP_COLOUR_BLACK] = "BLACK"};
    return WORD(words, colour);
}

const char *sgp_unfit_str(sgp_unfit unfit) {
    static const char *const words[SGP_UNFITS] = {
        [SGP_UNFIT_NOT] = "FITS",        [SGP_UNFIT_FULL] = "FULL",
        [SGP_UNFIT_DIVERTS] = "DIVERTS", [SGP_UNFIT_LACKS] = "LACKS",
        [SGP_UNFIT_CLOSED] = "CLOSED",   [SGP_UNFIT_UNREACHABLE] = "UNREACHABLE"};
    return WORD(words, unfit);
}

const char *sgp_transfer_state_str(sgp_transfer_state state) {
    static const char *const words[SGP_TRANSFER_STATES] = {[SGP_TRANSFER_PLANNED] = "PLANNED",
                                                           [SGP_TRANSFER_DUE] = "DUE",
                                                           [SGP_TRANSFER_DONE] = "DONE",
                                                           [SGP_TRANSFER_UNDONE] = "UNDONE",
                                                           [SGP_TRANSFER_CANCELLED] = "CANCELLED"};
    return WORD(words, state);
}

const char *sgp_ring_state_str(sgp_ring_state state) {
    static const char *const words[SGP_RING_STATES] = {
        [SGP_RING_RINGING] = "RINGING",   [SGP_RING_CLAIMED] = "CLAIMED",
        [SGP_RING_ANSWERED] = "ANSWERED", [SGP_RING_HELD] = "HELD",
        [SGP_RING_ENDED] = "ENDED",       [SGP_RING_ABANDONED] = "ABANDONED"};
    return WORD(words, state);
}

const char *sgp_call_back_str(sgp_call_back state) {
    static const char *const words[SGP_CALL_BACKS] = {[SGP_CALL_BACK_NONE] = "NONE",
                                                      [SGP_CALL_BACK_CLAIMED] = "CLAIMED",
                                                      [SGP_CALL_BACK_REACHED] = "REACHED",
                                                      [SGP_CALL_BACK_NO_ANSWER] = "NO_ANSWER",
                                                      [SGP_CALL_BACK_NOT_NEEDED] = "NOT_NEEDED",
                                                      [SGP_CALL_BACK_RANG_AGAIN] = "RANG_AGAIN"};
    return WORD(words, state);
}

const char *sgp_transfer_conflict_str(sgp_transfer_conflict conflict) {
    static const char *const words[SGP_CONFLICTS] = {[SGP_CONFLICT_OFF_DUTY] = "OFF_DUTY",
                                                     [SGP_CONFLICT_BUSY] = "BUSY",
                                                     [SGP_CONFLICT_OVERLAP] = "OVERLAP",
                                                     [SGP_CONFLICT_UNFIT] = "UNFIT",
                                                     [SGP_CONFLICT_LATE] = "LATE"};
    return WORD(words, conflict);
}

const char *sgp_event_kind_str(sgp_event_kind kind) {
    static const char *const words[SGP_EVENT_KINDS] = {
        [SGP_EVENT_CONFIGURED] = "CONFIGURED",
        [SGP_EVENT_UNIT_REGISTERED] = "UNIT_REGISTERED",
        [SGP_EVENT_HOSPITAL_REGISTERED] = "HOSPITAL_REGISTERED",
        [SGP_EVENT_UNIT_DUTY] = "UNIT_DUTY",
        [SGP_EVENT_UNIT_POSITION] = "UNIT_POSITION",
        [SGP_EVENT_CALL_RECEIVED] = "CALL_RECEIVED",
        [SGP_EVENT_CALL_PLACED] = "CALL_PLACED",
        [SGP_EVENT_PLACE_CHOSEN] = "PLACE_CHOSEN",
        [SGP_EVENT_CALL_LINKED] = "CALL_LINKED",
        [SGP_EVENT_INCIDENT_TRIAGED] = "INCIDENT_TRIAGED",
        [SGP_EVENT_RECOMMENDATION_ASKED] = "RECOMMENDATION_ASKED",
        [SGP_EVENT_UNIT_ORDERED] = "UNIT_ORDERED",
        [SGP_EVENT_ORDER_ANSWERED] = "ORDER_ANSWERED",
        [SGP_EVENT_ASSIGNMENT_ADVANCED] = "ASSIGNMENT_ADVANCED",
        [SGP_EVENT_ASSIGNMENT_STOOD_DOWN] = "ASSIGNMENT_STOOD_DOWN",
        [SGP_EVENT_INCIDENT_CLOSED] = "INCIDENT_CLOSED",
        [SGP_EVENT_TIMER] = "TIMER",
        [SGP_EVENT_GRAPH_SWITCHED] = "GRAPH_SWITCHED",
        [SGP_EVENT_METRIC_SWAPPED] = "METRIC_SWAPPED",
        [SGP_EVENT_ROAD_CLOSED] = "ROAD_CLOSED",
        [SGP_EVENT_ROAD_OPENED] = "ROAD_OPENED",
        [SGP_EVENT_CALL_NARROWED] = "CALL_NARROWED",
        [SGP_EVENT_PHONE_POSITION] = "PHONE_POSITION",
        [SGP_EVENT_LOCATE_ASKED] = "LOCATE_ASKED",
        [SGP_EVENT_QUESTION_ANSWERED] = "QUESTION_ANSWERED",
        [SGP_EVENT_AGENCY_ALERTED] = "AGENCY_ALERTED",
        [SGP_EVENT_AGENCY_ANSWERED] = "AGENCY_ANSWERED",
        [SGP_EVENT_ALIKE_DISMISSED] = "ALIKE_DISMISSED",
        [SGP_EVENT_CALL_JUDGED] = "CALL_JUDGED",
        [SGP_EVENT_NUMBER_MARKED] = "NUMBER_MARKED",
        [SGP_EVENT_NOTE_ADDED] = "NOTE_ADDED",
        [SGP_EVENT_PREMISE_SET] = "PREMISE_SET",
        [SGP_EVENT_PREMISE_REMOVED] = "PREMISE_REMOVED",
        [SGP_EVENT_RING_CAME] = "RING_CAME",
        [SGP_EVENT_RING_TOLD] = "RING_TOLD",
        [SGP_EVENT_RING_TAKEN] = "RING_TAKEN",
        [SGP_EVENT_RING_CALL_BACK] = "RING_CALL_BACK",
        [SGP_EVENT_ROSTER_LOADED] = "ROSTER_LOADED",
        [SGP_EVENT_CREW_SIGNED_ON] = "CREW_SIGNED_ON",
        [SGP_EVENT_SHIFT_SET] = "SHIFT_SET",
        [SGP_EVENT_SHIFT_REMOVED] = "SHIFT_REMOVED",
        [SGP_EVENT_CALLER_CAME] = "CALLER_CAME",
        [SGP_EVENT_MESSAGE_SAID] = "MESSAGE_SAID",
        [SGP_EVENT_MESSAGES_READ] = "MESSAGES_READ",
        [SGP_EVENT_INBOUND_SEEN] = "INBOUND_SEEN",
        [SGP_EVENT_INCIDENT_TAKEN] = "INCIDENT_TAKEN",
        [SGP_EVENT_DESK_HANDED_OVER] = "DESK_HANDED_OVER",
        [SGP_EVENT_USER_SET] = "USER_SET",
        [SGP_EVENT_LOGIN_CODE_MADE] = "LOGIN_CODE_MADE",
        [SGP_EVENT_DEVICE_ADDED] = "DEVICE_ADDED",
        [SGP_EVENT_DEVICES_REMOVED] = "DEVICES_REMOVED",
        [SGP_EVENT_FLEET_SET] = "FLEET_SET",
        [SGP_EVENT_ORDER_RECEIVED] = "ORDER_RECEIVED",
        [SGP_EVENT_TRACK_TOLD] = "TRACK_TOLD",
        [SGP_EVENT_PLANNED] = "PLANNED",
        [SGP_EVENT_BACKUP_ASKED] = "BACKUP_ASKED",
        [SGP_EVENT_AID_ASKED] = "AID_ASKED",
        [SGP_EVENT_MASS_CASUALTY] = "MASS_CASUALTY",
        [SGP_EVENT_COVERAGE_SET] = "COVERAGE_SET",
        [SGP_EVENT_HOSPITAL_TOLD] = "HOSPITAL_TOLD",
        [SGP_EVENT_PATIENT_TOLD] = "PATIENT_TOLD",
        [SGP_EVENT_HOSPITAL_ASKED] = "HOSPITAL_ASKED",
        [SGP_EVENT_HOSPITAL_CHOSEN] = "HOSPITAL_CHOSEN",
        [SGP_EVENT_TRANSFER_ASKED] = "TRANSFER_ASKED",
        [SGP_EVENT_TRANSFER_CHANGED] = "TRANSFER_CHANGED",
        [SGP_EVENT_TRANSFER_CANCELLED] = "TRANSFER_CANCELLED",
        [SGP_EVENT_MOVE_UP_ORDERED] = "MOVE_UP_ORDERED",
        [SGP_EVENT_MOVE_UP_ANSWERED] = "MOVE_UP_ANSWERED",
        [SGP_EVENT_MOVE_UP_ENDED] = "MOVE_UP_ENDED",
        [SGP_EVENT_DISTRESS] = "DISTRESS",
        [SGP_EVENT_WELFARE_ANSWERED] = "WELFARE_ANSWERED"};
    return WORD(words, kind);
}

const char *sgp_post_state_str(sgp_post_state state) {
    static const char *const words[SGP_POST_STATES] = {[SGP_POST_NONE] = "NONE",
                                                       [SGP_POST_ORDERED] = "ORDERED",
                                                       [SGP_POST_ACCEPTED] = "ACCEPTED",
                                                       [SGP_POST_THERE] = "THERE",
                                                       [SGP_POST_DECLINED] = "DECLINED"};
    return WORD(words, state);
}

const char *sgp_order_receipt_str(sgp_order_receipt receipt) {
    static const char *const words[SGP_RECEIPTS] = {[SGP_RECEIPT_NONE] = "NONE",
                                                    [SGP_RECEIPT_WAITING] = "WAITING",
                                                    [SGP_RECEIPT_RECEIVED] = "RECEIVED",
                                                    [SGP_RECEIPT_REFUSED] = "REFUSED"};
    return WORD(words, receipt);
}

const char *sgp_fix_verdict_str(sgp_fix_verdict verdict) {
    static const char *const words[SGP_FIX_VERDICTS] = {[SGP_FIX_GOOD] = "GOOD",
                                                        [SGP_FIX_LATE] = "LATE",
                                                        [SGP_FIX_DUPLICATE] = "DUPLICATE",
                                                        [SGP_FIX_FUTURE] = "FUTURE",
                                                        [SGP_FIX_ANCIENT] = "ANCIENT",
                                                        [SGP_FIX_OUT_OF_ORDER] = "OUT_OF_ORDER",
                                                        [SGP_FIX_INACCURATE] = "INACCURATE",
                                                        [SGP_FIX_JUMP] = "JUMP"};
    return WORD(words, verdict);
}
