/* sigapd and several people at once: who has what in hand, and what becomes of it when a line is
 * lost or the engine is killed; decisions of two people about the same thing, a row for each kind
 * of request; the hand-over of a shift; what a supervisor is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_ask.h"
#include "serve/proto_json.h"

static char budi_token[SGP_TOKEN_TEXT], sari_token[SGP_TOKEN_TEXT], more_users[512];

/* Three at their desks: dispatcher, budi, and sari, who takes calls. */
static void add_users(void) {
    char budi[SGP_TOKEN_HASH_TEXT], sari[SGP_TOKEN_HASH_TEXT];
    sgp_token_make(budi_token, budi);
    sgp_token_make(sari_token, sari);
    snprintf(more_users, sizeof more_users,
             "{ name = \"budi\"; role = \"dispatcher\"; token_hash = \"%s\"; },\n"
             "{ name = \"sari\"; role = \"call_taker\"; token_hash = \"%s\"; },\n",
             budi, sari);
    child.more_users = more_users;
}

/* ---- requests as JSON ------------------------------------------------------------------ */

/* What a row's "$I" and so on stand for. */
typedef struct things {
    uint64_t incident, other, call, assignment, premise, shift, transfer, closure;
    uint64_t soon_ms; /* in a while; an hour later is "$E" */
    char unit[16];
} things;

static frame_t *frame_of(const char *pattern, const things *t) {
    char text[1024];
    size_t n = 0;
    for (const char *p = pattern; *p != '\0' && n + 32 < sizeof text; p++) {
        uint64_t number = p[0] != '$'   ? 0
                          : p[1] == 'I' ? t->incident
                          : p[1] == 'O' ? t->other
                          : p[1] == 'C' ? t->call
                          : p[1] == 'A' ? t->assignment
                          : p[1] == 'P' ? t->premise
                          : p[1] == 'S' ? t->shift
                          : p[1] == 'T' ? t->transfer
                          : p[1] == 'V' ? t->closure
                          : p[1] == 'D' ? t->soon_ms
                          : p[1] == 'E' ? t->soon_ms + 3600000
                                        : 0;
        if (p[0] == '$' && p[1] == 'U')
            n += (size_t)sprintf(text + n, "%s", t->unit), p++;
        else if (p[0] == '$')
            n += (size_t)sprintf(text + n, "%llu", (unsigned long long)number), p++;
        else
            text[n++] = p[0] == '\'' ? '"' : p[0];
    }
    text[n] = '\0';
    ProtobufCMessage *message = NULL;
    sgp_fault fault = {0};
    if (sgp_message_from_json_text(&sigap__v1__frame__descriptor, text, n, &message, &fault) !=
        SGP_OK)
        fail_msg("%s: %s", text, fault.text);
    return (frame_t *)message;
}

/* Whatever the engine answers, an Error too. */
static frame_t *send_frame(sgp_client *client, frame_t *request) {
    uint64_t seq;
    sgp_fault fault = {0};
    frame_t *reply = NULL;
    if (sgp_client_send(client, request, &seq, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    for (;;) {
        if (sgp_client_next_frame(client, 20000, &reply, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        if (reply->reply_to == seq)
            return reply;
        free_frame(reply);
    }
}

/* With an id of its own; `seen` 0: not judged. */
static frame_t *say(sgp_client *client, const char *pattern, const things *t, uint64_t seen) {
    static uint8_t next;
    uint8_t id[16] = {0};
    frame_t *request = frame_of(pattern, t);
    for (int i = 0; i < 16; i++)
        id[i] = (uint8_t)(i + 1);
    id[14] = (uint8_t)(getpid() & 0xff);
    id[15] = ++next;
    memcpy(id, &t->incident, 4);
    id[4] = (uint8_t)(rand() & 0xff);
    id[5] = (uint8_t)(rand() & 0xff);
    free(request->id.data);
    request->id.data = malloc(16);
    memcpy(request->id.data, id, 16);
    request->id.len = 16;
    request->seen_seq = seen;
    frame_t *reply = send_frame(client, request);
    free_frame(request);
    return reply;
}

static frame_t *say_done(sgp_client *client, const char *pattern, const things *t) {
    frame_t *reply = say(client, pattern, t, 0);
    if (reply->body_case == SIGAP__V1__FRAME__BODY_ERROR)
        fail_msg("%s: %s %s", pattern, reply->error->code, reply->error->message);
    return reply;
}

static void must(sgp_client *client, const char *pattern, const things *t) {
    free_frame(say_done(client, pattern, t));
}

static uint64_t seen_now(sgp_client *client) {
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    frame_t *status = ASK(client, GET_STATUS, &get, STATUS);
    uint64_t seq = status->status->event_seq;
    free_frame(status);
    return seq;
}

static frame_t *detail_of(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    return ASK(client, GET_INCIDENT, &get, INCIDENT_DETAIL);
}

/* Who has the incident must be this one. */
static void has(sgp_client *client, uint64_t incident, const char *who) {
    frame_t *detail = detail_of(client, incident);
    assert_string_equal(detail->incident_detail->incident->taken_by, who);
    assert_int_equal(detail->incident_detail->incident->taken_at_ms != 0, who[0] != '\0');
    free_frame(detail);
}

/* Waits until it is so. */
static void comes_to(sgp_client *client, uint64_t incident, const char *who) {
    for (int i = 0; i < 1200; i++) {
        frame_t *detail = detail_of(client, incident);
        bool so = strcmp(detail->incident_detail->incident->taken_by, who) == 0;
        struct timespec wait = {0, 50000000};
        free_frame(detail);
        if (so)
            return;
        nanosleep(&wait, NULL);
    }
    fail_msg("incident %llu never came to \"%s\"", (unsigned long long)incident, who);
}

static uint64_t report(sgp_client *client, uint64_t *call) {
    static int nth;
    char pattern[256];
    things t = {0};
    nth++;
    snprintf(pattern, sizeof pattern,
             "{'reportCall':{'point':{'lon':%.4f,'lat':%.4f},'complaint':'fall',"
             "'callerNumber':'08120000%04d'}}",
             112.6310 + 0.0007 * (nth % 18), -7.9690 + 0.0007 * (nth / 18 % 18), nth);
    frame_t *done = say_done(client, pattern, &t);
    uint64_t incident = done->done->incident_id;
    if (call != NULL)
        *call = done->done->call_id;
    free_frame(done);
    return incident;
}

/* ---- two people decide ------------------------------------------------------------------- */

typedef struct both {
    const char *name;
    const char *before; /* that makes what they decide about; NULL: nothing */
    const char *one, *other;
    const char *event; /* that the refusal names */
} both;

static const both rows[] = {
    {"place", NULL,
     "{'choosePlace':{'incidentId':$I,'place':{'kind':'ADDRESS','point':{'lon':112.635,'lat':-7."
     "965},"
     "'label':'Jalan Satu'}}}",
     "{'choosePlace':{'incidentId':$I,'place':{'kind':'ADDRESS','point':{'lon':112.640,'lat':-7."
     "960},"
     "'label':'Jalan Dua'}}}",
     "PLACE_CHOSEN"},
    {"triage", NULL, "{'triage':{'incidentId':$I,'priority':'P2'}}",
     "{'triage':{'incidentId':$I,'priority':'P4'}}", "INCIDENT_TRIAGED"},
    {"order", NULL, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}",
     "{'orderUnit':{'incidentId':$I}}", "UNIT_ORDERED"},
    {"order after triage", NULL, "{'triage':{'incidentId':$I,'priority':'P4'}}",
     "{'orderUnit':{'incidentId':$I}}", "INCIDENT_TRIAGED"},
    {"stand-down", "A", "{'standDown':{'assignmentId':$A,'reason':'satu'}}",
     "{'standDown':{'assignmentId':$A,'reason':'dua'}}", "ASSIGNMENT_STOOD_DOWN"},
    {"close", NULL, "{'closeIncident':{'incidentId':$I,'outcome':'CANCELLED'}}",
     "{'closeIncident':{'incidentId':$I,'outcome':'PRANK'}}", "INCIDENT_CLOSED"},
    {"close after order", NULL, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}",
     "{'closeIncident':{'incidentId':$I,'outcome':'PRANK'}}", "UNIT_ORDERED"},
    {"outcome of the call", NULL, "{'judgeCall':{'callId':$C,'outcome':'REAL'}}",
     "{'judgeCall':{'callId':$C,'outcome':'SILENT'}}", "CALL_JUDGED"},
    {"mark", NULL, "{'markNumber':{'callId':$C,'hours':24}}",
     "{'markNumber':{'callId':$C,'lift':true}}", "NUMBER_MARKED"},
    {"question", NULL, "{'answerQuestion':{'incidentId':$I,'question':'conscious','answer':'yes'}}",
     "{'answerQuestion':{'incidentId':$I,'question':'conscious','answer':'no'}}",
     "QUESTION_ANSWERED"},
    {"backup", NULL, "{'askBackup':{'incidentId':$I,'kinds':['AMBULANCE_BASIC'],'units':1}}",
     "{'askBackup':{'incidentId':$I,'kinds':['AMBULANCE_BASIC'],'units':1}}", "BACKUP_ASKED"},
    {"neighbours", NULL, "{'askAid':{'incidentId':$I}}",
     "{'askAid':{'incidentId':$I,'ended':true}}", "AID_ASKED"},
    {"mass casualty", NULL, "{'declareMassCasualty':{'incidentId':$I,'patients':5}}",
     "{'declareMassCasualty':{'incidentId':$I,'patients':9}}", "MASS_CASUALTY"},
    {"agency's answer", "{'alertAgency':{'incidentId':$I,'agency':'POLRESTA'}}",
     "{'answerAlert':{'incidentId':$I,'agency':'POLRESTA','accept':true}}",
     "{'answerAlert':{'incidentId':$I,'agency':'POLRESTA'}}", "AGENCY_ANSWERED"},
    {"taking over", NULL, "{'takeIncident':{'incidentId':$I}}",
     "{'takeIncident':{'incidentId':$I,'takeOver':true}}", "INCIDENT_TAKEN"},
    {"status by hand", "A", "{'advanceAssignment':{'assignmentId':$A,'state':'EN_ROUTE'}}",
     "{'advanceAssignment':{'assignmentId':$A,'state':'ON_SCENE'}}", "ASSIGNMENT_ADVANCED"},
    {"answer by hand", "A", "{'answerOrder':{'assignmentId':$A,'accept':true}}",
     "{'answerOrder':{'assignmentId':$A,'reason':'rusak'}}", "ASSIGNMENT_ADVANCED"},
    {"patient", "A", "{'tellPatient':{'assignmentId':$A,'colour':'COLOUR_RED'}}",
     "{'tellPatient':{'assignmentId':$A,'colour':'COLOUR_GREEN'}}", "PATIENT_TOLD"},
    {"hospital of a patient", "A", "{'chooseHospital':{'assignmentId':$A,'hospitalCode':'RS1'}}",
     "{'chooseHospital':{'assignmentId':$A,'hospitalCode':'RS2'}}", "HOSPITAL_CHOSEN"},
    {"call linked elsewhere", "O", "{'linkCall':{'callId':$C,'incidentId':$O}}",
     "{'triage':{'incidentId':$I,'priority':'P2'}}", "INCIDENT_CLOSED"},
    {"duty", NULL, "{'setDuty':{'unitCode':'$U'}}", "{'setDuty':{'unitCode':'$U','onDuty':true}}",
     "UNIT_DUTY"},
    {"moving up", NULL, "{'orderMoveUp':{'unitCode':'$U','station':'Pos Satu'}}",
     "{'orderMoveUp':{'unitCode':'$U','station':'Pos Dua','again':true}}", "MOVE_UP_ORDERED"},
    {"distress", "{'raiseDistress':{'unitCode':'$U'}}",
     "{'raiseDistress':{'unitCode':'$U','reason':'lagi'}}",
     "{'clearDistress':{'unitCode':'$U','reason':'salah tekan'}}", "DISTRESS"},
    {"hospital's word", NULL, "{'tellHospital':{'hospitalCode':'RS1','beds':3}}",
     "{'tellHospital':{'hospitalCode':'RS1','beds':8}}", "HOSPITAL_TOLD"},
    {"shift", "S", "{'removeShift':{'id':$S}}",
     "{'setShift':{'id':$S,'unitCode':'$U','fromAtMs':$D,'untilAtMs':$E}}", "SHIFT_REMOVED"},
    {"premise note", "P", "{'setPremise':{'id':$P,'text':'anjing galak'}}",
     "{'removePremise':{'id':$P}}", "PREMISE_SET"},
    {"transfer", "T", "{'changeTransfer':{'transferId':$T,'pickUpAtMs':$E}}",
     "{'cancelTransfer':{'transferId':$T,'reason':'membaik'}}", "TRANSFER_CHANGED"},
    {"service of a unit", NULL,
     "{'setService':{'service':{'unitCode':'$U','out':true,'reason':'ban bocor'}}}",
     "{'setService':{'service':{'unitCode':'$U','out':true,'reason':'rem'}}}", "FLEET_SET"},
    {"opening a road", "V", "{'openRoad':{'closureId':$V}}", "{'openRoad':{'closureId':$V}}",
     "ROAD_OPENED"},
};

/* Made anew for each row, so that none knows of another. */
static void make_things(sgp_client *one, const both *row, int nth, things *t) {
    frame_t *done = NULL;
    *t = (things){.soon_ms = (uint64_t)time(NULL) * 1000 + 7200000};
    snprintf(t->unit, sizeof t->unit, "B-%03d", nth + 1);
    must(one, "{'setDuty':{'unitCode':'$U','onDuty':true}}", t);
    t->incident = report(one, &t->call);
    const char *before = row->before != NULL ? row->before : "";
    if (strcmp(before, "O") == 0)
        t->other = report(one, NULL);
    else if (strcmp(before, "A") == 0)
        done = say_done(one, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}", t);
    else if (strcmp(before, "P") == 0)
        done = say_done(
            one, "{'setPremise':{'incidentId':$I,'kind':'PREMISE_HAZARD','text':'anjing'}}", t);
    else if (strcmp(before, "S") == 0)
        done = say_done(one,
                        "{'setShift':{'unitCode':'$U','fromAtMs':$D,"
                        "'untilAtMs':$E}}",
                        t);
    else if (strcmp(before, "T") == 0)
        done = say_done(one,
                        "{'askTransfer':{'fromCode':'RS1','toCode':'RS2',"
                        "'pickUpAtMs':$D}}",
                        t);
    else if (strcmp(before, "V") == 0)
        done = say_done(one,
                        "{'closeRoad':{'closure':{'point':{'lon':112.635,'lat':-7.965},"
                        "'radiusM':60}}}",
                        t);
    else if (before[0] != '\0')
        must(one, before, t);
    if (done == NULL)
        return;
    t->assignment = done->done->assignment_id;
    t->premise = t->shift = t->closure = done->done->closure_id;
    t->transfer = done->done->transfer_id;
    free_frame(done);
}

/* The refusal names who, what and when; once that is seen the same request is judged by the core.
 */
static void is_refused(sgp_client *other, const both *row, const things *t, uint64_t seen) {
    frame_t *reply = say(other, row->other, t, seen);
    if (reply->body_case != SIGAP__V1__FRAME__BODY_ERROR || reply->error->conflict == NULL ||
        strcmp(reply->error->code, sgp_err_str(SGP_E_MISMATCH)) != 0)
        fail_msg("%s: not refused: %s", row->name,
                 reply->body_case == SIGAP__V1__FRAME__BODY_ERROR ? reply->error->message : "done");
    const Sigap__V1__Conflict *conflict = reply->error->conflict;
    assert_string_equal(conflict->actor, "budi");
    if (strcmp(conflict->event, row->event) != 0)
        fail_msg("%s: the refusal names %s, not %s", row->name, conflict->event, row->event);
    assert_true(conflict->at_ms > 0 && conflict->event_seq > seen);
    assert_non_null(strstr(reply->error->message, "budi"));
    uint64_t told = conflict->event_seq;
    free_frame(reply);
    reply = say(other, row->other, t, told);
    if (reply->body_case == SIGAP__V1__FRAME__BODY_ERROR)
        assert_string_not_equal(reply->error->code, sgp_err_str(SGP_E_MISMATCH));
    free_frame(reply);
}

static void test_desk_two_decide(void **state) {
    (void)state;
    sgp_client *one = connect_as(budi_token), *other = connect_as(child.dispatcher);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        things t;
        make_things(one, &rows[i], (int)i, &t);
        uint64_t seen = seen_now(other);
        must(one, rows[i].one, &t);
        is_refused(other, &rows[i], &t, seen);
    }
    sgp_client_close(one);
    sgp_client_close(other);
}

/* Killed between the two: the second is refused all the same. */
static void test_desk_two_decide_and_the_engine_dies(void **state) {
    (void)state;
    enum { ROWS = sizeof rows / sizeof *rows };
    static things made[ROWS];
    uint64_t seen[ROWS];
    sgp_client *one = connect_as(budi_token);
    for (int i = 0; i < ROWS; i++) {
        make_things(one, &rows[i], ROWS + i, &made[i]);
        seen[i] = seen_now(one);
        must(one, rows[i].one, &made[i]);
    }
    sgp_client_close(one);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    sgp_client *other = connect_as(child.dispatcher);
    for (int i = 0; i < ROWS; i++)
        is_refused(other, &rows[i], &made[i], seen[i]);
    sgp_client_close(other);
}

/* What is no conflict: one's own decision, another's that was seen, notes, what the engine or a
 * crew does, and what has nothing to do with it. */
static void test_desk_no_conflict(void **state) {
    (void)state;
    sgp_client *one = connect_as(budi_token), *other = connect_as(child.dispatcher);
    sgp_client *sari = connect_as(sari_token);
    things t = {.unit = "B-060"};
    must(one, "{'setDuty':{'unitCode':'$U','onDuty':true}}", &t);
    t.incident = report(sari, &t.call);
    uint64_t seen = seen_now(other);
    must(sari, "{'answerQuestion':{'incidentId':$I,'question':'conscious','answer':'yes'}}", &t);
    must(sari, "{'addNote':{'incidentId':$I,'text':'pagar biru'}}", &t);
    must(one, "{'addNote':{'incidentId':$I,'text':'pagar hijau'}}", &t);
    must(one, "{'takeIncident':{'incidentId':$I}}", &t);
    frame_t *reply = say(other, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}", &t, seen);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    t.assignment = reply->done->assignment_id;
    free_frame(reply);
    reply = say(other, "{'standDown':{'assignmentId':$A}}", &t, seen);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    free_frame(reply);
    /* Both notes are there. */
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    get.incident_id = t.incident;
    reply = ASK(one, GET_LOG, &get, LOG);
    int notes = 0, taken = 0;
    for (size_t i = 0; i < reply->log->n_entries; i++) {
        notes += strcmp(reply->log->entries[i]->event, "NOTE_ADDED") == 0;
        taken += strcmp(reply->log->entries[i]->event, "INCIDENT_TAKEN") == 0;
    }
    free_frame(reply);
    assert_int_equal(notes, 2);
    assert_int_equal(taken, 1);
    sgp_client_close(one);
    sgp_client_close(other);
    sgp_client_close(sari);
}

/* ---- in hand ------------------------------------------------------------------------------ */

static void watch(sgp_client *client) {
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_WATCH, &watch), *told = NULL;
    uint64_t seq;
    sgp_fault fault = {0};
    assert_int_equal(sgp_client_send(client, &request, &seq, &fault), SGP_OK);
    for (bool caught_up = false; !caught_up;) {
        assert_int_equal(sgp_client_next_frame(client, 20000, &told, &fault), SGP_OK);
        caught_up = told->body_case == SIGAP__V1__FRAME__BODY_UPDATE && told->update->caught_up;
        free_frame(told);
    }
}

/* The next update in which that event was done. */
static frame_t *update_of(sgp_client *client, const char *event) {
    frame_t *told = NULL;
    sgp_fault fault = {0};
    for (;;) {
        if (sgp_client_next_frame(client, 20000, &told, &fault) != SGP_OK)
            fail_msg("%s: %s", event, fault.text);
        if (told->body_case == SIGAP__V1__FRAME__BODY_UPDATE &&
            strcmp(told->update->event, event) == 0)
            return told;
        free_frame(told);
    }
}

static void at_desk(sgp_client *client, uint64_t incident) {
    Sigap__V1__TellDesk tell = SIGAP__V1__TELL_DESK__INIT;
    tell.incident_id = incident;
    free_frame(ASK(client, TELL_DESK, &tell, PONG));
}

static void test_desk_hands(void **state) {
    (void)state;
    sgp_client *budi = connect_as(budi_token), *dewi = connect_as(child.dispatcher);
    sgp_client *sari = connect_as(sari_token);
    things t = {.unit = "B-061"};
    must(budi, "{'setDuty':{'unitCode':'$U','onDuty':true}}", &t);
    t.incident = report(sari, &t.call);
    has(sari, t.incident, "");
    watch(budi);
    must(budi, "{'takeIncident':{'incidentId':$I}}", &t);
    has(dewi, t.incident, "budi");
    /* Another is told who has it, in fields and in words, and may take it over all the same. */
    frame_t *reply = say(dewi, "{'takeIncident':{'incidentId':$I}}", &t, 0);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_ERROR);
    assert_string_equal(reply->error->conflict->actor, "budi");
    assert_string_equal(reply->error->conflict->event, "INCIDENT_TAKEN");
    free_frame(reply);
    must(dewi, "{'takeIncident':{'incidentId':$I,'takeOver':true}}", &t);
    frame_t *told = update_of(budi, "INCIDENT_TAKEN");
    while (strcmp(told->update->actor, "dispatcher") != 0) { /* his own came first */
        free_frame(told);
        told = update_of(budi, "INCIDENT_TAKEN");
    }
    assert_string_equal(told->update->incidents[0]->taken_by, "dispatcher");
    free_frame(told);
    /* It forbids nothing, and who has it hears what was done and by whom. */
    must(budi, "{'triage':{'incidentId':$I,'priority':'P2'}}", &t);
    told = update_of(budi, "INCIDENT_TRIAGED");
    assert_string_equal(told->update->actor, "budi");
    free_frame(told);
    has(sari, t.incident, "dispatcher");
    must(dewi, "{'takeIncident':{'incidentId':$I,'release':true}}", &t);
    has(sari, t.incident, "");
    /* At a desk a dispatcher has what he decides about; a call-taker and a script do not. */
    must(budi, "{'triage':{'incidentId':$I,'priority':'P3'}}", &t);
    has(sari, t.incident, "");
    at_desk(sari, t.incident);
    must(sari, "{'triage':{'incidentId':$I,'priority':'P2'}}", &t);
    has(sari, t.incident, "");
    at_desk(budi, t.incident);
    must(budi, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}", &t);
    comes_to(sari, t.incident, "budi");
    must(budi, "{'closeIncident':{'incidentId':$I,'outcome':'CANCELLED'}}", &t);
    has(sari, t.incident, "");
    sgp_client_close(budi);
    sgp_client_close(dewi);
    sgp_client_close(sari);
}

/* A line that breaks loses nothing; one that stays away does, and everybody is told so. The engine
 * killed meanwhile begins the grace anew. */
static void test_desk_grace(void **state) {
    (void)state;
    sgp_client *budi = connect_as(budi_token), *dewi = connect_as(child.dispatcher);
    things t = {0};
    t.incident = report(dewi, NULL);
    must(budi, "{'takeIncident':{'incidentId':$I}}", &t);
    sgp_client_close(budi);
    has(dewi, t.incident, "budi");
    budi = connect_as(budi_token); /* back in time */
    has(dewi, t.incident, "budi");
    sgp_client_close(dewi);
    sgp_client_close(budi);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    dewi = connect_as(child.dispatcher);
    has(dewi, t.incident, "budi");
    /* Nobody of that name comes back. */
    comes_to(dewi, t.incident, "");
    Sigap__V1__ListDeskHandovers list = SIGAP__V1__LIST_DESK_HANDOVERS__INIT;
    list.limit = 1;
    frame_t *page = ASK(dewi, LIST_DESK_HANDOVERS, &list, DESK_HANDOVER_PAGE);
    assert_int_equal(page->desk_handover_page->n_handovers, 1);
    assert_true(page->desk_handover_page->handovers[0]->gone);
    assert_string_equal(page->desk_handover_page->handovers[0]->from, "budi");
    free_frame(page);
    sgp_client_close(dewi);
}

/* ---- hand-over ---------------------------------------------------------------------------------
 */

static void test_desk_hand_over(void **state) {
    (void)state;
    sgp_client *budi = connect_as(budi_token), *dewi = connect_as(child.dispatcher);
    sgp_client *sari = connect_as(sari_token);
    things t = {0}, u = {0};
    must(budi, "{'handOver':{}}", &t); /* whatever he had before */
    t.incident = report(sari, NULL);
    u.incident = report(sari, NULL);
    must(budi, "{'takeIncident':{'incidentId':$I}}", &t);
    must(budi, "{'takeIncident':{'incidentId':$I}}", &u);
    watch(dewi);
    frame_t *reply = say(budi, "{'handOver':{'to':'nobody-of-that-name'}}", &t, 0);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_ERROR);
    free_frame(reply);
    reply = say(sari, "{'handOver':{'from':'budi','to':'sari'}}", &t, 0);
    assert_string_equal(reply->error->code, sgp_err_str(SGP_E_PERMISSION));
    free_frame(reply);
    must(budi, "{'handOver':{'to':'dispatcher','note':'Jalan Ijen banjir, RS1 penuh'}}", &t);
    has(sari, t.incident, "dispatcher");
    has(sari, u.incident, "dispatcher");
    frame_t *told = NULL;
    sgp_fault fault = {0};
    for (bool found = false; !found;) { /* the one to whom it goes is told, with the note */
        assert_int_equal(sgp_client_next_frame(dewi, 20000, &told, &fault), SGP_OK);
        found =
            told->body_case == SIGAP__V1__FRAME__BODY_UPDATE && told->update->n_desk_handovers == 1;
        if (found) {
            assert_string_equal(told->update->desk_handovers[0]->to, "dispatcher");
            assert_int_equal(told->update->desk_handovers[0]->incidents, 2);
            assert_non_null(strstr(told->update->desk_handovers[0]->note, "banjir"));
        }
        free_frame(told);
    }
    /* It stands in the log of each, and outlives the engine, note and all. */
    (void)child_stop(&child, SIGKILL);
    sgp_client_close(budi);
    sgp_client_close(dewi);
    sgp_client_close(sari);
    child_start(&child, SIGAPD);
    dewi = connect_as(child.dispatcher);
    has(dewi, t.incident, "dispatcher");
    Sigap__V1__ListDeskHandovers list = SIGAP__V1__LIST_DESK_HANDOVERS__INIT;
    frame_t *page = ASK(dewi, LIST_DESK_HANDOVERS, &list, DESK_HANDOVER_PAGE);
    assert_true(page->desk_handover_page->n_handovers >= 1);
    assert_string_equal(page->desk_handover_page->handovers[0]->note,
                        "Jalan Ijen banjir, RS1 penuh");
    free_frame(page);
    for (int i = 0; i < 2; i++) {
        Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
        get.incident_id = i == 0 ? t.incident : u.incident;
        frame_t *log = ASK(dewi, GET_LOG, &get, LOG);
        const Sigap__V1__LogEntry *last = log->log->entries[log->log->n_entries - 1];
        assert_string_equal(last->event, "DESK_HANDED_OVER");
        assert_string_equal(last->actor, "budi");
        assert_string_equal(last->other, "dispatcher");
        free_frame(log);
    }
    must(dewi, "{'handOver':{}}", &t); /* to nobody: the queue */
    has(dewi, t.incident, "");
    has(dewi, u.incident, "");
    sgp_client_close(dewi);
}

/* ---- the supervisor
 * ------------------------------------------------------------------------------ */

static frame_t *next_report(sgp_client *client) {
    frame_t *told = NULL;
    sgp_fault fault = {0};
    for (;;) {
        assert_int_equal(sgp_client_next_frame(client, 20000, &told, &fault), SGP_OK);
        if (told->body_case == SIGAP__V1__FRAME__BODY_DESK_REPORT)
            return told;
        free_frame(told);
    }
}

static const Sigap__V1__AtWork *person(const Sigap__V1__DeskReport *report, const char *user) {
    for (size_t i = 0; i < report->n_at_work; i++)
        if (strcmp(report->at_work[i]->user, user) == 0)
            return report->at_work[i];
    return NULL;
}

static void test_desk_supervisor(void **state) {
    (void)state;
    sgp_client *budi = connect_as(budi_token), *chief = connect_as(child.dispatcher);
    sgp_client *sari = connect_as(sari_token);
    Sigap__V1__WatchDesk ask = SIGAP__V1__WATCH_DESK__INIT;
    things nothing = {0};
    must(budi, "{'handOver':{}}", &nothing);
    (void)ASK_REFUSED(sari, WATCH_DESK, &ask, SGP_E_PERMISSION);
    frame_t *first = ASK(chief, WATCH_DESK, &ask, DESK_REPORT);
    uint32_t calls = first->desk_report->calls_hour;
    uint32_t waited = first->desk_report->without_unit[SIGAP__V1__PRIORITY__P3]->n;
    uint32_t decided = first->desk_report->decide_day->n;
    free_frame(first);
    /* What happens is told by itself. */
    things t = {.unit = "B-062"};
    must(budi, "{'setDuty':{'unitCode':'$U','onDuty':true}}", &t);
    t.incident = report(sari, NULL);
    must(budi, "{'takeIncident':{'incidentId':$I}}", &t);
    at_desk(budi, t.incident);
    bool seen = false;
    for (int i = 0; i < 30 && !seen; i++) {
        frame_t *told = next_report(chief);
        const Sigap__V1__DeskReport *r = told->desk_report;
        const Sigap__V1__AtWork *b = person(r, "budi");
        seen = b != NULL && b->incidents == 1 && b->incident_ids[0] == t.incident &&
               b->incident_id == t.incident && b->last_acted_at_ms > 0 && b->since_ms > 0 &&
               r->calls_hour == calls + 1 &&
               r->without_unit[SIGAP__V1__PRIORITY__P3]->n == waited + 1 && r->n_areas > 0;
        free_frame(told);
    }
    assert_true(seen);
    must(budi, "{'orderUnit':{'incidentId':$I,'unitCode':'$U'}}", &t);
    for (seen = false; !seen;) {
        frame_t *told = next_report(chief);
        seen = told->desk_report->decide_day->n == decided + 1;
        if (seen) {
            assert_int_equal(told->desk_report->decide_day->target_ms, 60000);
            assert_true(told->desk_report->decide_day->in_target >= 1);
            assert_true(told->desk_report->decide_hour->n <= told->desk_report->decide_day->n ||
                        told->desk_report->at_ms - told->desk_report->day_from_ms < 3600000);
        }
        free_frame(told);
    }
    /* Who has lost the line is among them, with what he has. */
    sgp_client_close(budi);
    for (seen = false; !seen;) {
        frame_t *told = next_report(chief);
        const Sigap__V1__AtWork *b = person(told->desk_report, "budi");
        seen = b != NULL && b->line_lost_at_ms > 0 && b->incidents == 1;
        free_frame(told);
    }
    ask.ended = true;
    free_frame(ASK(chief, WATCH_DESK, &ask, DESK_REPORT));
    sgp_client_close(chief);
    sgp_client_close(sari);
}

int main(void) {
    child.more_units = 70;
    child.second_hospital = true;
    add_users();
    child_prepare(&child, "plans = \"default\";\ndesk = { grace_s = 6; };");
    child_start(&child, SIGAPD);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desk_two_decide),
        cmocka_unit_test(test_desk_two_decide_and_the_engine_dies),
        cmocka_unit_test(test_desk_no_conflict),
        cmocka_unit_test(test_desk_hands),
        cmocka_unit_test(test_desk_hand_over),
        cmocka_unit_test(test_desk_grace),
        cmocka_unit_test(test_desk_supervisor),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    child_clean(&child);
    return failed;
}
