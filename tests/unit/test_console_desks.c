/* Several people at consoles: who has what in hand, conflicts in the reader's language, the
 * supervisor's view, the page for who comes, marked numbers, an exchange that is away; at 80x24 and
 * 200x60, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "console/hands.h"
#include "console_desk.h"

#define CTRL_G "\007"
#define F11 "\033[23~"
#define F12 "\033[24~"

static void hear_update(Sigap__V1__Update *update) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    update->at_ms = now_ms;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = update;
    hear(town_news(&frame, 0));
}

/* Incident 1 of the town, in these hands since two minutes and ten seconds. */
static void hear_event(uint64_t seq) {
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    update.event_seq = seq;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    hear(town_news(&frame, 0));
}

static void hear_hands(const char *who, const char *actor, const char *event) {
    Sigap__V1__Incident incident = SIGAP__V1__INCIDENT__INIT, *list = &incident;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    incident.id = 1;
    incident.first_call_id = 1;
    incident.complaint = (char *)"abdominal_pain";
    incident.state = SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING;
    incident.priority = SIGAP__V1__PRIORITY__P2;
    incident.opened_at_ms = TOWN_MS - 95000;
    incident.taken_by = (char *)(uintptr_t)who;
    incident.taken_at_ms = who[0] != '\0' ? TOWN_MS - 130000 : 0;
    incident.version = 9;
    update.incidents = &list;
    update.n_incidents = 1;
    update.event_seq = 500;
    update.actor = (char *)(uintptr_t)actor;
    update.event = (char *)(uintptr_t)event;
    hear_update(&update);
}

/* Both languages, both sizes. */
typedef struct size {
    int rows, columns;
} size;
static const size sizes[] = {{24, 80}, {60, 200}};
enum { SIZES = 2 };

static void begin_with(sgp_language language) {
    begin(language);
    hear(town_up());
    hear(town_snapshot());
}

/* ---- in hand ------------------------------------------------------------------------------- */

static void test_desks_show_who_has_it(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int i = 0; i < SIZES; i++) {
            begin_with((sgp_language)language);
            hides(screen(sizes[i].rows, sizes[i].columns), "budi");
            hear_hands("budi", "budi", "INCIDENT_TAKEN");
            type("1\r");
            const char *text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, "budi 02:10");
            shows(text, language == SGP_ENGLISH ? "budi HAS IT 02:10" : "DIPEGANG budi 02:10");
            hear_hands("dewi", "dewi", "INCIDENT_TAKEN"); /* who sits here */
            text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, language == SGP_ENGLISH ? "MINE 02:10" : "SAYA 02:10");
            hear_hands("", "dewi", "INCIDENT_TAKEN");
            text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, language == SGP_ENGLISH ? "in nobody's hands" : "belum dipegang");
            end();
        }
}

static void test_desks_take_and_release_with_one_key(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    hear_hands("budi", "budi", "INCIDENT_TAKEN");
    wait_ms(301);
    wait_ms(301); /* it has stood there long enough to be read */
    type("1\r" CTRL_G);
    const town_sent *take = town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_INCIDENT);
    assert_non_null(take);
    assert_int_equal(take->frame->take_incident->incident_id, 1);
    assert_true(take->frame->take_incident->take_over);
    assert_false(take->frame->take_incident->release);
    assert_int_equal(take->frame->seen_seq, 500); /* what was seen goes with every request */
    hear_hands("dewi", "dewi", "INCIDENT_TAKEN");
    type(CTRL_G);
    take = town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_INCIDENT);
    assert_true(take->frame->take_incident->release);
    type("pegang 3\r");
    take = town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_INCIDENT);
    assert_int_equal(take->frame->take_incident->incident_id, 3);
    type("lepaskan 4\r");
    take = town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_INCIDENT);
    assert_int_equal(take->frame->take_incident->incident_id, 4);
    assert_true(take->frame->take_incident->release);
    end();
}

static void test_desks_say_whose_it_is(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++) {
        begin_with((sgp_language)language);
        hear_hands("budi", "budi", "INCIDENT_TAKEN");
        const char *whose = language == SGP_ENGLISH ? "budi HAS IT" : "DIPEGANG budi";
        type("t #1 p3\r");
        const town_sent *triage = town_last(&sent, SIGAP__V1__FRAME__BODY_TRIAGE);
        assert_non_null(triage); /* it is done all the same, */
        shows(strstr(screen(24, 80), "#1 tria"), whose);
        hear(town_done(triage->token, 0, 1)); /* and said again afterwards */
        shows(strstr(screen(24, 80), "#1 tria"), whose);
        end();
    }
}

static void test_desks_tell_what_others_do(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++) {
        bool english = language == SGP_ENGLISH;
        begin_with((sgp_language)language);
        hear_hands("dewi", "dewi", "INCIDENT_TAKEN");
        (void)sgp_console_bells(console);
        hear_hands("dewi", "budi", "INCIDENT_TRIAGED");
        shows(screen(24, 80), english ? "budi changed the triage P2 on #1, which you have"
                                      : "budi mengubah triase P2 di #1, yang Anda pegang");
        assert_true(sgp_console_bells(console) >= 1);
        hear_hands("budi", "budi", "INCIDENT_TAKEN");
        shows(screen(24, 80),
              english ? "budi HAS TAKEN #1 OVER from you" : "budi MENGAMBIL ALIH #1 dari Anda");
        assert_true(sgp_console_bells(console) >= 1);
        hear_hands("budi", "sari", "INCIDENT_TRIAGED"); /* another's: no notice, no bell */
        assert_int_equal(sgp_console_bells(console), 0);
        Sigap__V1__DeskHandover over = SIGAP__V1__DESK_HANDOVER__INIT, *list = &over;
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        over.from = (char *)"budi";
        over.to = (char *)"dewi";
        over.incidents = 3;
        over.note = (char *)"RSSA penuh";
        update.desk_handovers = &list;
        update.n_desk_handovers = 1;
        hear_update(&update);
        shows(screen(24, 80), english ? "budi HAS HANDED 3 incidents over to you: “RSSA penuh”"
                                      : "budi MENYERAHKAN 3 kejadian kepada Anda: “RSSA penuh”");
        end();
    }
}

static sgp_link_news conflict_of(uint64_t token, Sigap__V1__Conflict *conflict) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)"MISMATCH";
    error.message = (char *)"budi has changed incident 1 4 s ago (UNIT_ORDERED); look at it again";
    error.conflict = conflict;
    frame.reply_to = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    return town_news(&frame, token);
}

static uint64_t seen_by_triage(void) {
    return town_last(&sent, SIGAP__V1__FRAME__BODY_TRIAGE)->frame->seen_seq;
}

/* What another decides while one types, or a blink before one presses Enter, was not read. */
static void test_desks_tell_what_was_read(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    hear_hands("budi", "budi", "INCIDENT_TAKEN"); /* event 500 */
    type("1\r");
    wait_ms(301);
    wait_ms(301);
    type("t p");
    hear_event(520);
    wait_ms(1000);
    type("2\r");
    assert_int_equal(seen_by_triage(), 500);
    wait_ms(301);
    wait_ms(301);
    type("t p3\r"); /* it stands there long enough now */
    assert_int_equal(seen_by_triage(), 520);
    hear_event(530);
    wait_ms(50);
    type("t p4\r");
    assert_int_equal(seen_by_triage(), 520);
    /* A half line over which one has looked up for a while hides nothing. */
    type("t p");
    hear_event(540);
    wait_ms(3001);
    wait_ms(301);
    type("1\r");
    assert_int_equal(seen_by_triage(), 540);
    end();
}

static void test_desks_tell_conflicts_in_words(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++) {
        begin_with((sgp_language)language);
        hear_hands("", "budi", "INCIDENT_TAKEN");
        type("o #1\r");
        Sigap__V1__Conflict conflict = SIGAP__V1__CONFLICT__INIT;
        conflict.actor = (char *)"budi";
        conflict.event = (char *)"UNIT_ORDERED";
        conflict.unit_code = (char *)"PSC-02";
        conflict.at_ms = now_ms - 4000;
        conflict.incident_id = 1;
        conflict.event_seq = 510;
        hear(conflict_of(town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT)->token, &conflict));
        const char *text = screen(24, 80);
        shows(text, language == SGP_ENGLISH ? "budi sent PSC-02 00:04 ago"
                                            : "budi mengirim PSC-02 00:04 lalu");
        hides(text, "UNIT_ORDERED");
        /* It is known now: the same again is judged anew, whether an update came or not. */
        type("o #1\r");
        assert_int_equal(town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT)->frame->seen_seq, 510);
        end();
    }
}

/* Whatever may be refused is told in words: none of the engine's own names is left. */
static void test_desks_have_words_for_all_decisions(void **state) {
    (void)state;
    static const char *const events[] = {
        "PLACE_CHOSEN",     "INCIDENT_TRIAGED",  "UNIT_ORDERED",       "ASSIGNMENT_STOOD_DOWN",
        "INCIDENT_CLOSED",  "CALL_LINKED",       "ALIKE_DISMISSED",    "CALL_JUDGED",
        "NUMBER_MARKED",    "QUESTION_ANSWERED", "AGENCY_ALERTED",     "AGENCY_ANSWERED",
        "BACKUP_ASKED",     "AID_ASKED",         "MASS_CASUALTY",      "INCIDENT_TAKEN",
        "DESK_HANDED_OVER", "ORDER_ANSWERED",    "PATIENT_TOLD",       "ASSIGNMENT_ADVANCED",
        "HOSPITAL_CHOSEN",  "UNIT_DUTY",         "CREW_SIGNED_ON",     "MOVE_UP_ORDERED",
        "MOVE_UP_ENDED",    "DISTRESS",          "HOSPITAL_TOLD",      "SHIFT_SET",
        "SHIFT_REMOVED",    "PREMISE_SET",       "PREMISE_REMOVED",    "TRANSFER_CHANGED",
        "USER_SET",         "FLEET_SET",         "TRANSFER_CANCELLED", "ROAD_OPENED",
        "RING_TAKEN",       "RING_CALL_BACK"};
    for (int language = 0; language < 2; language++)
        for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
            Sigap__V1__Conflict did = SIGAP__V1__CONFLICT__INIT;
            char words[128];
            did.event = (char *)(uintptr_t)events[i];
            did.unit_code = (char *)"PSC-02";
            sgp_did_text((sgp_language)language, &did, words, sizeof words);
            assert_true(strlen(words) > 3);
            assert_string_not_equal(words,
                                    sgp_text_get((sgp_language)language, SGP_TEXT_DID_SOMETHING));
        }
}

/* ---- the supervisor ----------------------------------------------------------------------------
 */

static void hear_report(uint64_t token) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__DeskReport r = SIGAP__V1__DESK_REPORT__INIT;
    Sigap__V1__Waiting ringing = SIGAP__V1__WAITING__INIT, none = SIGAP__V1__WAITING__INIT;
    Sigap__V1__Waiting waiting[5], *list[5];
    Sigap__V1__Pace hour = SIGAP__V1__PACE__INIT, day = SIGAP__V1__PACE__INIT;
    Sigap__V1__AtWork people[3], *rows[3];
    Sigap__V1__AreaUnits areas[2], *area_list[2];
    uint64_t has[2] = {1, 3};
    static const char *const names[] = {"budi", "dewi", "sari"};
    for (int i = 0; i < 5; i++) {
        sigap__v1__waiting__init(&waiting[i]);
        list[i] = &waiting[i];
    }
    waiting[1].n = 2;
    waiting[1].oldest_at_ms = TOWN_MS - 40000;
    waiting[1].oldest_id = 2;
    ringing.n = 3;
    ringing.oldest_at_ms = TOWN_MS - 21000;
    hour.n = 14;
    hour.in_target = 12;
    hour.median_ms = 6000;
    hour.p90_ms = 14000;
    hour.target_ms = 10000;
    day = hour;
    for (int i = 0; i < 3; i++) {
        sigap__v1__at_work__init(&people[i]);
        people[i].user = (char *)(uintptr_t)names[i];
        people[i].role = SIGAP__V1__ROLE__DISPATCHER;
        people[i].since_ms = TOWN_MS - 7200000;
        rows[i] = &people[i];
    }
    people[0].incident_ids = has;
    people[0].n_incident_ids = 2;
    people[0].incidents = 5;
    people[1].line_lost_at_ms = TOWN_MS - 12000;
    people[2].ring_id = 7;
    people[2].ring_state = SIGAP__V1__RING_STATE__RING_ANSWERED;
    people[2].ring_since_ms = TOWN_MS - 130000;
    people[2].in_form = true;
    for (int i = 0; i < 2; i++) {
        sigap__v1__area_units__init(&areas[i]);
        areas[i].area = (char *)(i == 0 ? "Kota Malang" : "Kota Batu");
        areas[i].free = i == 0 ? 4 : 0;
        areas[i].on_duty = 7;
        area_list[i] = &areas[i];
    }
    r.at_ms = TOWN_MS;
    r.at_work = rows;
    r.n_at_work = 3;
    r.ringing = &ringing;
    r.without_place = r.alerts = r.missed = r.overdue = r.distress = &none;
    r.without_unit = list;
    r.n_without_unit = 5;
    r.answer_hour = r.decide_hour = &hour;
    r.answer_day = r.decide_day = &day;
    r.calls_hour = 14;
    r.calls_usual_permille = 9500;
    r.days_known = 5;
    r.areas = area_list;
    r.n_areas = 2;
    frame.reply_to = token != 0;
    frame.body_case = SIGAP__V1__FRAME__BODY_DESK_REPORT;
    frame.desk_report = &r;
    hear(town_news(&frame, token));
}

static void test_desks_supervisor(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int i = 0; i < SIZES; i++) {
            bool english = language == SGP_ENGLISH;
            begin_with((sgp_language)language);
            if (i == 0)
                type(F12);
            else
                type(english ? "supervisor\r" : "penyelia\r");
            const town_sent *watch = town_last(&sent, SIGAP__V1__FRAME__BODY_WATCH_DESK);
            assert_non_null(watch);
            assert_false(watch->frame->watch_desk->ended);
            shows(screen(sizes[i].rows, sizes[i].columns), english ? "waiting for" : "menunggu");
            hear_report(watch->token);
            const char *text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, english ? "telephones ringing 00:21" : "dering menunggu 00:21");
            shows(text, english ? "P1 without a unit 00:40 #2" : "P1 tanpa unit 00:40 #2");
            shows(text, english ? "has #1 #3 +3" : "pegang #1 #3 +3");
            shows(text, english ? "LOST 00:12" : "PUTUS 00:12");
            shows(text, english ? "☎ talks 02:10" : "☎ bicara 02:10");
            shows(text, "12/14 85%  00:06  00:14");
            shows(text, english ? "14 calls in an hour; usually 9.5" : "biasanya 9.5");
            shows(text, "Kota Batu 0/7! · Kota Malang 4/7");
            wait_ms(5000); /* ages run on by themselves */
            shows(screen(sizes[i].rows, sizes[i].columns),
                  english ? "telephones ringing 00:26" : "dering menunggu 00:26");
            /* Pushed without asking; and no more when it is closed. */
            hear_report(0);
            type(F12);
            watch = town_last(&sent, SIGAP__V1__FRAME__BODY_WATCH_DESK);
            assert_true(watch->frame->watch_desk->ended);
            end();
        }
}

static void test_desks_supervisor_is_for_some(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    type(F12);
    hear(town_error(town_last(&sent, SIGAP__V1__FRAME__BODY_WATCH_DESK)->token, "not you"));
    shows(screen(24, 80), "tidak memberi laporan penyelia");
    end();
}

/* ---- who comes ---------------------------------------------------------------------------------
 */

static void hear_pages(void) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__DeskHandoverPage page = SIGAP__V1__DESK_HANDOVER_PAGE__INIT;
    Sigap__V1__DeskHandover over = SIGAP__V1__DESK_HANDOVER__INIT, *list = &over;
    over.from = (char *)"budi";
    over.to = (char *)"dewi";
    over.at_ms = TOWN_MS - 60000;
    over.incidents = 2;
    over.note = (char *)"Jl. Ijen banjir";
    page.handovers = &list;
    page.n_handovers = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_DESK_HANDOVER_PAGE;
    frame.desk_handover_page = &page;
    frame.reply_to = 1;
    hear(town_news(&frame, town_last(&sent, SIGAP__V1__FRAME__BODY_LIST_DESK_HANDOVERS)->token));
    Sigap__V1__RoadClosurePage roads = SIGAP__V1__ROAD_CLOSURE_PAGE__INIT;
    Sigap__V1__RoadClosure closure = SIGAP__V1__ROAD_CLOSURE__INIT, *closures = &closure;
    closure.id = 77;
    closure.reason = (char *)"pohon tumbang";
    closure.in_force = true;
    closure.closed_by = (char *)"sari";
    roads.closures = &closures;
    roads.n_closures = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_ROAD_CLOSURE_PAGE;
    frame.road_closure_page = &roads;
    hear(town_news(&frame, town_last(&sent, SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES)->token));
    Sigap__V1__MarkedNumberPage marked = SIGAP__V1__MARKED_NUMBER_PAGE__INIT;
    Sigap__V1__MarkedNumber number = SIGAP__V1__MARKED_NUMBER__INIT, *numbers = &number;
    Sigap__V1__Nuisance why = SIGAP__V1__NUISANCE__INIT;
    Sigap__V1__EarlierCall call = SIGAP__V1__EARLIER_CALL__INIT, *calls = &call;
    why.calls = 4;
    why.until_at_ms = TOWN_MS + INT64_C(3) * 86400000;
    call.incident_id = 88;
    call.at_ms = TOWN_MS - 3600000;
    call.outcome = SIGAP__V1__OUTCOME__PRANK;
    number.nuisance = &why;
    number.calls = &calls;
    number.n_calls = 1;
    number.caller_number = (char *)"+62800000666";
    marked.numbers = &numbers;
    marked.n_numbers = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_MARKED_NUMBER_PAGE;
    frame.marked_number_page = &marked;
    hear(town_news(&frame, town_last(&sent, SIGAP__V1__FRAME__BODY_LIST_MARKED_NUMBERS)->token));
}

static void test_desks_page_for_who_comes(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int i = 0; i < SIZES; i++) {
            bool english = language == SGP_ENGLISH;
            begin_with((sgp_language)language);
            hear_hands("dewi", "budi", "DESK_HANDED_OVER");
            if (i == 0)
                type(F11);
            else
                type(english ? "handover\r" : "serahkan\r");
            hear_pages();
            const char *text = screen(sizes[i].rows, sizes[i].columns);
            in_order(text, "Jl. Ijen banjir", english ? "What you have" : "Yang Anda pegang");
            shows(text, english ? "next: SEND A UNIT" : "berikut: KIRIM UNIT");
            shows(text, english ? "next: CHOOSE THE PLACE" : "berikut: PILIH TEMPAT");
            shows(text,
                  english ? "next: PSC-01 on scene, LATE BY" : "berikut: PSC-01 di lokasi, LEWAT");
            type("\033[6~\033[6~\033[6~"); /* the rest, further down */
            text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, "DAMKAR-1");
            shows(text, "pohon tumbang");
            end();
        }
}

static void test_desks_hand_over(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    type("serahkan sari RSSA penuh, PSC-02 mogok\r");
    const town_sent *over = town_last(&sent, SIGAP__V1__FRAME__BODY_HAND_OVER);
    assert_non_null(over);
    assert_string_equal(over->frame->hand_over->to, "sari");
    assert_string_equal(over->frame->hand_over->note, "RSSA penuh, PSC-02 mogok");
    type("serahkan -\r");
    over = town_last(&sent, SIGAP__V1__FRAME__BODY_HAND_OVER);
    assert_string_equal(over->frame->hand_over->to, "");
    end();
}

static void test_desks_marked_numbers(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int i = 0; i < SIZES; i++) {
            begin_with((sgp_language)language);
            type(language == SGP_ENGLISH ? "handover\r" : "serahkan\r");
            hear_pages();
            type(language == SGP_ENGLISH ? "marks\r" : "tanda\r");
            const char *text = screen(sizes[i].rows, sizes[i].columns);
            shows(text, "+62800000666");
            shows(text, "+3 d");
            shows(text, "#88");
            end();
        }
}

/* ---- the rest
 * ------------------------------------------------------------------------------------ */

static void test_desks_exchange_away(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int i = 0; i < SIZES; i++) {
            bool english = language == SGP_ENGLISH;
            const char *loud = english ? "TELEPHONE EXCHANGE malang IS AWAY 00:00"
                                       : "SENTRAL TELEPON malang PUTUS 00:00";
            begin_with((sgp_language)language);
            hides(screen(sizes[i].rows, sizes[i].columns), "malang PUTUS");
            (void)sgp_console_bells(console);
            Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
            Sigap__V1__Exchange exchange = SIGAP__V1__EXCHANGE__INIT, *list = &exchange;
            exchange.name = (char *)"malang";
            exchange.away = true;
            exchange.since_ms = now_ms;
            update.exchanges = &list;
            update.n_exchanges = 1;
            hear_update(&update);
            shows(screen(sizes[i].rows, sizes[i].columns), loud);
            assert_true(sgp_console_bells(console) >= 1);
            exchange.away = false;
            hear_update(&update);
            hides(screen(sizes[i].rows, sizes[i].columns), loud);
            end();
        }
}

static void test_desks_tell_what_is_looked_at(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    wait_ms(1000);
    type("3\r");
    wait_ms(1500);
    const town_sent *told = town_last(&sent, SIGAP__V1__FRAME__BODY_TELL_DESK);
    assert_non_null(told);
    assert_int_equal(told->frame->tell_desk->incident_id, 3);
    size_t before = sent.n_sent;
    wait_ms(1500); /* nothing new: nothing is told */
    for (size_t i = before; i < sent.n_sent; i++)
        assert_int_not_equal(sent.sent[i].frame->body_case, SIGAP__V1__FRAME__BODY_TELL_DESK);
    end();
}

/* What is wrong stays on the line to be mended, with what is wrong about it below. */
static void test_desks_wrong_command_stays(void **state) {
    (void)state;
    begin_with(SGP_INDONESIAN);
    type("ordr 3 psc1\r");
    const char *text = screen(24, 80);
    shows(text, "> ordr 3 psc1");
    shows(text, "tidak ada perintah “ordr”");
    type("\033[H\033[3~\033[3~\033[3~\033[3~o\r");
    const town_sent *order = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    assert_non_null(order);
    assert_string_equal(order->frame->order_unit->unit_code, "PSC-01");
    end();
}

int main(void) {
    sgp_canvas_locale();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desks_show_who_has_it),
        cmocka_unit_test(test_desks_take_and_release_with_one_key),
        cmocka_unit_test(test_desks_say_whose_it_is),
        cmocka_unit_test(test_desks_tell_what_others_do),
        cmocka_unit_test(test_desks_tell_what_was_read),
        cmocka_unit_test(test_desks_tell_conflicts_in_words),
        cmocka_unit_test(test_desks_have_words_for_all_decisions),
        cmocka_unit_test(test_desks_supervisor),
        cmocka_unit_test(test_desks_supervisor_is_for_some),
        cmocka_unit_test(test_desks_page_for_who_comes),
        cmocka_unit_test(test_desks_hand_over),
        cmocka_unit_test(test_desks_marked_numbers),
        cmocka_unit_test(test_desks_exchange_away),
        cmocka_unit_test(test_desks_tell_what_is_looked_at),
        cmocka_unit_test(test_desks_wrong_command_stays),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
