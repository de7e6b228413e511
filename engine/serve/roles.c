#include "serve/roles.h"

#include <string.h>

#include "serve/client.h"

#define BIT(role) (1u << SIGAP__V1__ROLE__##role)

enum {
    NOBODY_YET = 1u << SIGAP__V1__ROLE__ROLE_UNKNOWN,
    CALLERS = BIT(CALLER) | BIT(PARTNER),
    CALL_TAKERS = BIT(CALL_TAKER) | BIT(DISPATCHER) | BIT(ADMIN),
    DISPATCHERS = BIT(DISPATCHER) | BIT(ADMIN),
    CREWS = BIT(CREW) | DISPATCHERS,
    LOOKERS = BIT(VIEWER) | BIT(PLANNER) | BIT(HOSPITAL) | CALL_TAKERS,
    ROUTERS = LOOKERS | BIT(CREW) | BIT(PARTNER),
    EVERYBODY = LOOKERS | CALLERS | BIT(CREW)
};

typedef struct message_rule {
    Sigap__V1__Frame__BodyCase body;
    const char *name;
    unsigned roles;
    bool changes_state; /* needs an id, so that it can be repeated safely */
} message_rule;

#define RULE(body, name, roles, changes)                                                           \
    { SIGAP__V1__FRAME__BODY_##body, name, roles, changes }

static const message_rule rules[] = {
    RULE(LOGIN, "Login", EVERYBODY | NOBODY_YET, false),
    RULE(PING, "Ping", EVERYBODY | NOBODY_YET, false),
    RULE(GET_STATUS, "GetStatus", EVERYBODY, false),
    RULE(SWITCH_CITY, "SwitchCity", BIT(ADMIN), true),

    RULE(REPORT_CALL, "ReportCall", CALLERS | CALL_TAKERS, true),
    RULE(FIND_PLACE, "FindPlace", ROUTERS, false),
    RULE(REVERSE_PLACE, "ReversePlace", ROUTERS, false),
    RULE(CHOOSE_PLACE, "ChoosePlace", CALL_TAKERS, true),
    RULE(LINK_CALL, "LinkCall", CALL_TAKERS, true),
    RULE(DISMISS_ALIKE, "DismissAlike", CALL_TAKERS, true),
    RULE(JUDGE_CALL, "JudgeCall", CALL_TAKERS, true),
    RULE(MARK_NUMBER, "MarkNumber", DISPATCHERS, true),
    RULE(LIST_MARKED_NUMBERS, "ListMarkedNumbers", CALL_TAKERS, false),
    RULE(GET_HISTORY, "GetHistory", CALL_TAKERS, false),
    RULE(ADD_NOTE, "AddNote", CALL_TAKERS, true),
    RULE(GET_LOG, "GetLog", CALL_TAKERS, false),
    RULE(SET_PREMISE, "SetPremise", CALL_TAKERS, true),
    RULE(REMOVE_PREMISE, "RemovePremise", DISPATCHERS, true),
    RULE(LIST_PREMISES, "ListPremises", CALL_TAKERS, false),
    RULE(REPORT_PHONE_POSITION, "ReportPhonePosition", BIT(PARTNER) | CALL_TAKERS, true),
    RULE(LOCATE_CALL, "LocateCall", CALL_TAKERS, true),
    RULE(SHARE_MY_POSITION, "ShareMyPosition", BIT(CALLER), true),
    RULE(SAY_TO_DESK, "SayToDesk", BIT(CALLER), true),
    RULE(SAY_TO_CALLER, "SayToCaller", CALL_TAKERS, true),
    RULE(READ_MESSAGES, "ReadMessages", CALL_TAKERS, true),
    RULE(GET_CONVERSATION, "GetConversation", BIT(CALLER) | CALL_TAKERS, false),
    RULE(NARROW_PLACE, "NarrowPlace", CALL_TAKERS, true),

    RULE(TRIAGE, "Triage", CALL_TAKERS, true),
    RULE(ASK_RECOMMENDATION, "AskRecommendation", DISPATCHERS, true),
    RULE(ORDER_UNIT, "OrderUnit", DISPATCHERS, true),
    RULE(STAND_DOWN, "StandDown", DISPATCHERS, true),
    RULE(ASK_BACKUP, "AskBackup", CREWS, true),
    RULE(ASK_AID, "AskAid", DISPATCHERS, true),
    RULE(DECLARE_MASS_CASUALTY, "DeclareMassCasualty", DISPATCHERS, true),
    RULE(CLOSE_INCIDENT, "CloseIncident", DISPATCHERS, true),
    RULE(LIST_INCIDENTS, "ListIncidents", LOOKERS, false),
    RULE(LIST_UNITS, "ListUnits", LOOKERS, false),
    RULE(LIST_HOSPITALS, "ListHospitals", LOOKERS | BIT(CREW), false),
    RULE(GET_INCIDENT, "GetIncident", LOOKERS, false),
    RULE(WATCH, "Watch", LOOKERS, false),

    RULE(TELL_HOSPITAL, "TellHospital", BIT(HOSPITAL) | DISPATCHERS, true),
    RULE(TELL_PATIENT, "TellPatient", CREWS, true),
    RULE(TELL_PATIENT_CARD, "TellPatientCard", CREWS, true),
    RULE(ASK_PATIENT_CARDS, "AskPatientCards", CREWS | BIT(HOSPITAL), false),
    RULE(ASK_HOSPITAL, "AskHospital", CREWS, true),
    RULE(CHOOSE_HOSPITAL, "ChooseHospital", CREWS, true),
    RULE(ASK_INBOUND, "AskInbound", LOOKERS, false),
    RULE(SEE_INBOUND, "SeeInbound", BIT(HOSPITAL) | DISPATCHERS, true),
    RULE(ASK_HANDOVERS, "AskHandovers", BIT(HOSPITAL) | DISPATCHERS, false),

    RULE(ASK_COVERAGE, "AskCoverage", LOOKERS, false),
    RULE(ASK_COVERAGE_LEFT, "AskCoverageLeft", LOOKERS, false),
    RULE(ORDER_MOVE_UP, "OrderMoveUp", DISPATCHERS, true),
    RULE(END_MOVE_UP, "EndMoveUp", DISPATCHERS, true),
    RULE(ANSWER_MOVE_UP, "AnswerMoveUp", CREWS, true),

    RULE(LIST_ORDERS, "ListOrders", BIT(CREW), false),
    RULE(SET_DUTY, "SetDuty", CREWS, true),
    RULE(REPORT_POSITION, "ReportPosition", CREWS, true),
    RULE(ANSWER_ORDER, "AnswerOrder", CREWS, true),
    RULE(ORDER_RECEIVED, "OrderReceived", BIT(CREW), true),
    /* Its stream and numbers are its id. */
    RULE(POSITION_BATCH, "PositionBatch", CREWS, false),
    RULE(ADVANCE_ASSIGNMENT, "AdvanceAssignment", CREWS, true),

    RULE(ROUTE_QUERY, "RouteQuery", ROUTERS, false),
    RULE(TABLE_QUERY, "TableQuery", ROUTERS, false),

    RULE(TRAFFIC_PICTURE, "TrafficPicture", BIT(PARTNER) | BIT(ADMIN), true),
    RULE(CLOSE_ROAD, "CloseRoad", BIT(PARTNER) | DISPATCHERS, true),
    RULE(OPEN_ROAD, "OpenRoad", BIT(PARTNER) | DISPATCHERS, true),
    RULE(ANSWER_QUESTION, "AnswerQuestion", CALL_TAKERS, true),
    RULE(ALERT_AGENCY, "AlertAgency", DISPATCHERS, true),
    RULE(ANSWER_ALERT, "AnswerAlert", BIT(PARTNER) | DISPATCHERS, true),
    RULE(RELOAD, "Reload", BIT(ADMIN), true),
    RULE(LIST_COMPLAINTS, "ListComplaints", EVERYBODY, false),
    RULE(GET_GUIDE, "GetGuide", EVERYBODY, false), /* of callers: their own pages */

    RULE(RAISE_DISTRESS, "RaiseDistress", CREWS, true),
    RULE(CLEAR_DISTRESS, "ClearDistress", DISPATCHERS, true),
    RULE(ANSWER_WELFARE, "AnswerWelfare", CREWS, true),
    RULE(SIGN_ON_CREW, "SignOnCrew", CREWS, true),
    RULE(LIST_SHIFTS, "ListShifts", LOOKERS | BIT(CREW), false),
    RULE(SET_SHIFT, "SetShift", DISPATCHERS, true),
    RULE(REMOVE_SHIFT, "RemoveShift", DISPATCHERS, true),
    RULE(ASK_TRANSFER, "AskTransfer", CALL_TAKERS, true),
    RULE(CHANGE_TRANSFER, "ChangeTransfer", DISPATCHERS, true),
    RULE(CANCEL_TRANSFER, "CancelTransfer", DISPATCHERS, true),
    RULE(LIST_TRANSFERS, "ListTransfers", LOOKERS, false),

    RULE(TAKE_RING, "TakeRing", CALL_TAKERS, true),
    RULE(CALL_BACK, "CallBack", CALL_TAKERS, true),
    RULE(LIST_RINGS, "ListRings", LOOKERS, false),
    RULE(GET_RING, "GetRing", CALL_TAKERS, false),

    RULE(ASK_FIGURES, "AskFigures", LOOKERS, false),
    RULE(ASK_PAST, "AskPast", LOOKERS, false),
    RULE(ASK_DISTRICTS, "AskDistricts", LOOKERS, false),
    RULE(LIST_REPORTS, "ListReports", BIT(PLANNER) | BIT(ADMIN), false),
    RULE(OPEN_REPORT, "OpenReport", BIT(PLANNER) | BIT(ADMIN), false),
    RULE(SET_USER, "SetUser", BIT(ADMIN), true),
    RULE(LIST_USERS, "ListUsers", DISPATCHERS, false),
    RULE(ASK_LOGIN_CODE, "AskLoginCode", DISPATCHERS, true),
    RULE(REMOVE_DEVICES, "RemoveDevices", EVERYBODY, true),
    RULE(TAKE_INCIDENT, "TakeIncident", CALL_TAKERS, true),
    RULE(HAND_OVER, "HandOver", CALL_TAKERS, true),
    RULE(LIST_DESK_HANDOVERS, "ListDeskHandovers", CALL_TAKERS, false),
    RULE(TELL_DESK, "TellDesk", CALL_TAKERS, false),
    RULE(WATCH_DESK, "WatchDesk", DISPATCHERS, false),
    RULE(SET_FLEET, "SetFleet", BIT(ADMIN), true),
    RULE(SET_SERVICE, "SetService", DISPATCHERS, true),
    RULE(FIND_STRETCH, "FindStretch", BIT(PARTNER) | DISPATCHERS, false),

    RULE(FIND_CAMERAS, "FindCameras", BIT(VIEWER) | BIT(PLANNER) | CALL_TAKERS, false),

    RULE(LIST_ROAD_CLOSURES, "ListRoadClosures", ROUTERS, false),
};

static const message_rule *rule_of(Sigap__V1__Frame__BodyCase body) {
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].body == body)
            return &rules[i];
    return NULL;
}

static const char *const role_names[] = {"unknown", "caller",   "call_taker", "dispatcher",
                                         "crew",    "hospital", "planner",    "viewer",
                                         "admin",   "partner"};
enum { N_ROLES = sizeof role_names / sizeof role_names[0] };

const char *sgp_role_str(sgp_role role) {
    return (unsigned)role < N_ROLES ? role_names[role] : role_names[0];
}

sgp_err sgp_role_parse(const char *name, sgp_role *role) {
    for (unsigned i = 1; i < N_ROLES; i++)
        if (strcmp(role_names[i], name) == 0) {
            *role = (sgp_role)i;
            return SGP_OK;
        }
    return SGP_E_FORMAT;
}

bool sgp_body_is_request(Sigap__V1__Frame__BodyCase body) {
    return rule_of(body) != NULL;
}

bool sgp_role_may(sgp_role role, Sigap__V1__Frame__BodyCase body) {
    const message_rule *rule = rule_of(body);
    return rule != NULL && (unsigned)role < N_ROLES && (rule->roles & (1u << role)) != 0;
}

const char *sgp_body_str(Sigap__V1__Frame__BodyCase body) {
    const message_rule *rule = rule_of(body);
    return rule != NULL ? rule->name : "unknown message";
}

bool sgp_role_hears_callers(sgp_role role) {
    return (unsigned)role < N_ROLES && ((unsigned)CALL_TAKERS & (1u << role)) != 0;
}

bool sgp_frame_changes_state(Sigap__V1__Frame__BodyCase body) {
    const message_rule *rule = rule_of(body);
    return rule != NULL && rule->changes_state;
}
