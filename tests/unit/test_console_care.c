/* What the console shows and does of everything beyond boards and orders: questions of a complaint,
 * what warns, hospitals, transfers, crews in danger, conflicts, and that nothing typed is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "console_desk.h"

#define UP "\033[A"
#define F3 "\033OR"

static void hear_update(Sigap__V1__Update *update) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    update->at_ms = now_ms;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = update;
    hear(town_news(&frame, 0));
}

/* The answer to the newest question of this kind. */
static void hear_answer(Sigap__V1__Frame__BodyCase asked, Sigap__V1__Frame *answer) {
    const town_sent *question = town_last(&sent, asked);
    assert_non_null(question);
    answer->reply_to = 1;
    hear(town_news(answer, question->token));
}

static Sigap__V1__Incident *copy_of(uint64_t id, uint64_t first_call, const char *complaint) {
    static Sigap__V1__Incident incident;
    sigap__v1__incident__init(&incident);
    incident.id = id;
    incident.first_call_id = first_call;
    incident.complaint = (char *)complaint;
    incident.state = SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING;
    incident.priority = SIGAP__V1__PRIORITY__P2;
    incident.opened_at_ms = TOWN_MS - 95000;
    incident.version = 7;
    return &incident;
}

static void hear_incident(Sigap__V1__Incident *incident) {
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.incidents = &incident;
    update.n_incidents = 1;
    hear_update(&update);
}

/* ---- questions ------------------------------------------------------------------------------- */

static void hear_guide(void) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Guide guide = SIGAP__V1__GUIDE__INIT;
    Sigap__V1__GuideQuestion questions[2], *question_list[2] = {&questions[0], &questions[1]};
    Sigap__V1__GuideAnswer answers[2], *answer_list[2] = {&answers[0], &answers[1]};
    Sigap__V1__GuideInstruction instruction = SIGAP__V1__GUIDE_INSTRUCTION__INIT,
                                *instructions[1] = {&instruction};
    char *steps[2] = {(char *)"Baringkan", (char *)"Tekan dada"};
    for (int i = 0; i < 2; i++) {
        sigap__v1__guide_question__init(&questions[i]);
        sigap__v1__guide_answer__init(&answers[i]);
        answers[i].code = (char *)(i == 0 ? "yes" : "no");
        answers[i].text = (char *)(i == 0 ? "ya" : "tidak");
        questions[i].code = (char *)(i == 0 ? "awake" : "breathing");
        questions[i].text = (char *)(i == 0 ? "Apakah sadar?" : "Apakah bernapas?");
        questions[i].answers = answer_list;
        questions[i].n_answers = 2;
    }
    answers[1].at_least = SIGAP__V1__PRIORITY__P1;
    instruction.title = (char *)"Pijat jantung";
    instruction.draft = true;
    instruction.steps = steps;
    instruction.n_steps = 2;
    guide.complaint = (char *)"chest_pain";
    guide.questions = question_list;
    guide.n_questions = 2;
    guide.instructions = instructions;
    guide.n_instructions = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_GUIDE;
    frame.guide = &guide;
    hear_answer(SIGAP__V1__FRAME__BODY_GET_GUIDE, &frame);
}

static void begin_questions(sgp_language language) {
    begin_up(language);
    hear_incident(copy_of(1, 1, "chest_pain"));
    type("1\r");
    hear_guide();
    type(F4);
}

static void test_console_asks_the_questions(void **state) {
    (void)state;
    begin_questions(SGP_INDONESIAN);
    const char *text = screen(24, 80);
    shows(text, "TANYA #1");
    in_order(text, "Apakah sadar?", "[1] ya");
    shows(text, "[2] tidak → P1");
    shows(text, "Pijat jantung · RANCANGAN, belum disahkan dokter");
    shows(text, "2. Tekan dada");
    type("2");
    const town_sent *answer = town_last(&sent, SIGAP__V1__FRAME__BODY_ANSWER_QUESTION);
    assert_non_null(answer);
    assert_int_equal(answer->frame->answer_question->incident_id, 1);
    assert_string_equal(answer->frame->answer_question->question, "awake");
    assert_string_equal(answer->frame->answer_question->answer, "no");
    /* The next one without waiting, and what there is not is no answer. */
    in_order(screen(24, 80), "Apakah bernapas?", "[1] ya");
    size_t before = sent.n_sent;
    type("9");
    assert_int_equal(sent.n_sent, before);
    type("1");
    answer = town_last(&sent, SIGAP__V1__FRAME__BODY_ANSWER_QUESTION);
    assert_string_equal(answer->frame->answer_question->question, "breathing");
    /* Keys with names do what they always do. */
    type(F5);
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT));
    end();
    begin_questions(SGP_ENGLISH);
    shows(screen(60, 200), "DRAFT, not signed by a physician");
    shows(screen(24, 80), "1-9 answer");
    end();
}

/* After a call its questions are there by themselves, unless something is being typed. */
static void test_console_goes_on_to_the_questions(void **state) {
    (void)state;
    for (int typing = 0; typing < 2; typing++) {
        begin_up(SGP_INDONESIAN);
        type(F2 "gang mawar\tnyeri dada\t\r");
        const town_sent *call = town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL);
        assert_non_null(call);
        uint64_t token = call->token;
        if (typing)
            type("u ps");
        hear(town_done(token, 9, 9));
        hear_incident(copy_of(9, 9, "chest_pain"));
        hear_guide();
        (typing ? hides : shows)(screen(24, 80), "TANYA #9");
        end();
    }
}

/* ---- what warns
 * ---------------------------------------------------------------------------------- */

static void test_console_offers_duplicates_and_nuisances(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    Sigap__V1__Incident *incident = copy_of(1, 1, "fall");
    Sigap__V1__Alike alike = SIGAP__V1__ALIKE__INIT, *list[1] = {&alike};
    alike.incident_id = 4;
    alike.distance_m = 120;
    alike.apart_ms = 240000;
    alike.likeness = SIGAP__V1__LIKENESS__LIKE_SAME;
    incident->alike = list;
    incident->n_alike = 1;
    incident->suspect = true;
    Sigap__V1__Call call = SIGAP__V1__CALL__INIT, *calls[1] = {&call};
    Sigap__V1__Nuisance nuisance = SIGAP__V1__NUISANCE__INIT;
    call.id = call.incident_id = 1;
    call.nuisance = &nuisance;
    nuisance.calls = 3;
    nuisance.first_at_ms = TOWN_MS - 90000000;
    nuisance.last_at_ms = TOWN_MS - 3600000;
    nuisance.until_at_ms = TOWN_MS + 90000000;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.incidents = &incident;
    update.n_incidents = 1;
    update.calls = calls;
    update.n_calls = 1;
    hear_update(&update);
    type("1\r");
    const char *text = screen(50, 110);
    shows(text, "nomor ini tercatat 3 kali iseng");
    shows(text, "tetap dilayani"); /* it warns and never blocks */
    in_order(text, "Mungkin kejadian yang sama", "120 m");
    /* Two keys: its call belongs to the other one. */
    type(F9 "d");
    const town_sent *link = town_last(&sent, SIGAP__V1__FRAME__BODY_LINK_CALL);
    assert_non_null(link);
    assert_int_equal(link->frame->link_call->call_id, 1);
    assert_int_equal(link->frame->link_call->incident_id, 4);
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    /* Or it is somebody real: the call is judged, the incident goes on and stays chosen. */
    type("1\r" F9 "n");
    const town_sent *judged = town_last(&sent, SIGAP__V1__FRAME__BODY_JUDGE_CALL);
    assert_non_null(judged);
    assert_int_equal(judged->frame->judge_call->outcome, SIGAP__V1__OUTCOME__REAL);
    assert_int_equal(judged->frame->judge_call->call_id, 1);
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    end();
}

static void test_console_tells_what_was_before(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r");
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__IncidentDetail detail = SIGAP__V1__INCIDENT_DETAIL__INIT;
    Sigap__V1__Incident incident = SIGAP__V1__INCIDENT__INIT;
    Sigap__V1__History history = SIGAP__V1__HISTORY__INIT;
    Sigap__V1__EarlierCall earlier = SIGAP__V1__EARLIER_CALL__INIT, *list[1] = {&earlier};
    Sigap__V1__Premise premise = SIGAP__V1__PREMISE__INIT, *premises[1] = {&premise};
    earlier.call_id = earlier.incident_id = 77;
    earlier.at_ms = TOWN_MS - 86400000;
    earlier.outcome = SIGAP__V1__OUTCOME__PRANK;
    earlier.place = (char *)"Jl. Veteran 7";
    history.has_number = true;
    history.same_number = list;
    history.n_same_number = 1;
    premise.id = 5;
    premise.kind = SIGAP__V1__PREMISE_KIND__PREMISE_HAZARD;
    premise.text = (char *)"anjing galak";
    premise.version = 3;
    incident.id = 1;
    detail.incident = &incident;
    detail.history = &history;
    detail.premises = premises;
    detail.n_premises = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL;
    frame.incident_detail = &detail;
    hear_answer(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &frame);
    const char *text = screen(50, 110);
    shows(text, "anjing galak");
    in_order(text, "anjing galak", "Jl. Veteran 7"); /* danger before what was */
    shows(text, "#77 (77)");
    type("awas - 5\r");
    const town_sent *removed = town_last(&sent, SIGAP__V1__FRAME__BODY_REMOVE_PREMISE);
    assert_non_null(removed);
    assert_int_equal(removed->frame->remove_premise->version, 3); /* as it was read */
    /* Another incident has nothing of it. */
    type("4\r");
    hides(screen(50, 110), "anjing galak");
    end();
}

static void test_console_tells_what_the_city_has_left(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r");
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__CoverageLeft left = SIGAP__V1__COVERAGE_LEFT__INIT;
    Sigap__V1__UnitCoverage units[2], *list[2] = {&units[0], &units[1]};
    for (int i = 0; i < 2; i++) {
        sigap__v1__unit_coverage__init(&units[i]);
        units[i].unit_code = (char *)(i == 0 ? "PMI-M1" : "RSSA-01");
        units[i].loss_ppm = i == 0 ? 83000 : 4200;
    }
    left.expected_ppm = 712000;
    left.units = list;
    left.n_units = 2;
    frame.body_case = SIGAP__V1__FRAME__BODY_COVERAGE_LEFT;
    frame.coverage_left = &left;
    hear_answer(SIGAP__V1__FRAME__BODY_ASK_COVERAGE_LEFT, &frame);
    const char *text = screen(40, 100);
    shows(text, "cakupan kota 71.2%");
    shows(text, "PMI-M1    04:02 = jalan 03:02 + siap 01:00 · cakupan −8.3%");
    shows(text, "RSSA-01   05:11 = jalan 04:11 + siap 01:00 · cakupan −0.4%");
    end();
}

/* ---- two people ---------------------------------------------------------------------------------
 */

static void test_console_tells_what_it_looked_at(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear_incident(copy_of(1, 1, "fall"));
    type("1\r" F5);
    const town_sent *order = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    assert_non_null(order);
    assert_int_equal(order->frame->order_unit->version, 7);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)"MISMATCH";
    error.message = (char *)"sari has changed incident 1 3 s ago";
    frame.reply_to = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    (void)sgp_console_bells(console);
    hear(town_news(&frame, order->token));
    assert_int_equal(sgp_console_bells(console), 1);
    shows(screen(24, 80), "TIDAK JADI");
    type("t p1\r");
    assert_int_equal(town_last(&sent, SIGAP__V1__FRAME__BODY_TRIAGE)->frame->triage->version, 7);
    type(F9 "i");
    assert_int_equal(
        town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT)->frame->close_incident->version, 7);
    end();
}

/* ---- crews in danger
 * ----------------------------------------------------------------------------- */

static void hear_distress(int64_t at_ms) {
    Sigap__V1__Unit unit = SIGAP__V1__UNIT__INIT, *units[1] = {&unit};
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    unit.number = 4;
    unit.code = (char *)"PKM-14";
    unit.on_duty = true;
    unit.status = SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE;
    unit.distress_at_ms = at_ms;
    update.units = units;
    update.n_units = 1;
    hear_update(&update);
}

static void test_console_cannot_miss_a_crew_in_danger(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    (void)sgp_console_bells(console);
    hear_distress(now_ms);
    assert_int_equal(sgp_console_bells(console), 1);
    type(F2); /* whatever is open */
    wait_ms(65000);
    assert_int_equal(sgp_console_bells(console) > 0, 1); /* it rings until it is cleared */
    char line[512];
    (void)screen(24, 80);
    shows(sgp_canvas_row(&canvas, 2, line, sizeof line), "AWAK PKM-14 MEMINTA TOLONG 01:05");
    /* Above a line that broke, too; and its unit is the first of the board. */
    type("\033");
    hear(town_down("gone"));
    (void)screen(24, 80);
    shows(sgp_canvas_row(&canvas, 2, line, sizeof line), "AWAK PKM-14 MEMINTA TOLONG");
    shows(sgp_canvas_row(&canvas, 3, line, sizeof line), "SAMBUNGAN PUTUS");
    hear(town_up());
    hear(town_snapshot());
    hear_distress(now_ms);
    in_order(screen(40, 80), "!! MINTA TOLONG", "PMI-M1");
    type("aman pkm14\r");
    shows(screen(24, 80), "kurang: alasan");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS));
    type(" polisi di tempat\r");
    assert_string_equal(
        town_last(&sent, SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS)->frame->clear_distress->reason,
        "polisi di tempat");
    hear_distress(0);
    (void)sgp_console_bells(console);
    wait_ms(20000);
    assert_int_equal(sgp_console_bells(console), 0);
    hides(screen(24, 80), "MEMINTA TOLONG 0");
    end();
}

/* ---- telephones ------------------------------------------------------------------------------ */

static void hear_ring(uint64_t id, int state, const char *number) {
    Sigap__V1__Ring ring = SIGAP__V1__RING__INIT, *rings[1] = {&ring};
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    ring.id = id;
    ring.state = (Sigap__V1__RingState)state;
    ring.line = (char *)"119";
    ring.has_number = true;
    ring.caller_number = (char *)number;
    ring.rang_at_ms = TOWN_MS;
    ring.ended_at_ms = state == (int)SIGAP__V1__RING_STATE__RING_ABANDONED ? TOWN_MS + 9000 : 0;
    update.rings = rings;
    update.n_rings = 1;
    hear_update(&update);
}

static void test_console_takes_a_ring(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    (void)sgp_console_bells(console);
    hear_ring(5, SIGAP__V1__RING_STATE__RINGING, "+62800000001");
    assert_int_equal(sgp_console_bells(console), 1);
    wait_ms(7000);
    shows(screen(24, 80), "☎ 1 BERDERING 00:07 119 +62800000001 · Ctrl-T MENGANGKAT");
    /* One key from wherever one is: claimed, and the form is open with the number. */
    type(F7 "\024");
    const town_sent *take = town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_RING);
    assert_non_null(take);
    assert_int_equal(take->frame->take_ring->ring_id, 5);
    shows(screen(24, 80), "TELEPON BARU ☎ 5");
    hear(town_done(take->token, 0, 0));
    type("gang mawar\tnyeri dada\t\r");
    const town_sent *call = town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL);
    assert_non_null(call);
    assert_int_equal(call->frame->report_call->ring_id, 5);
    assert_string_equal(call->frame->report_call->caller_number, "+62800000001");
    end();
}

/* A prank costs two keys from there: F9 and its letter. */
static void test_console_ends_a_prank_from_the_ring(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear_ring(6, SIGAP__V1__RING_STATE__RINGING, "+62800000002");
    type("\024");
    hear(town_done(town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_RING)->token, 0, 0));
    type(F9 "i");
    const town_sent *call = town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL);
    assert_non_null(call);
    assert_int_equal(call->frame->report_call->ring_id, 6);
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    hear(town_done(call->token, 12, 12));
    const town_sent *closing = town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT);
    assert_non_null(closing);
    assert_int_equal(closing->frame->close_incident->incident_id, 12);
    assert_int_equal(closing->frame->close_incident->outcome, SIGAP__V1__OUTCOME__PRANK);
    end();
}

static void test_console_ring_that_another_took(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear_ring(7, SIGAP__V1__RING_STATE__RINGING, "+62800000003");
    type("\024");
    hear(town_error(town_last(&sent, SIGAP__V1__FRAME__BODY_TAKE_RING)->token, "sari has it"));
    shows(screen(24, 80), "MESIN MENOLAK: sari has it");
    hides(screen(24, 80), "TELEPON BARU"); /* nothing was typed: the form goes */
    /* What was missed stays in sight until somebody calls back. */
    hear_ring(7, SIGAP__V1__RING_STATE__RING_ABANDONED, "+62800000003");
    shows(screen(24, 80), "☎ 1 tak terjawab");
    type("dering\r");
    shows(screen(24, 80), "+62800000003");
    type("dering 7 takdijawab\r");
    const town_sent *back = town_last(&sent, SIGAP__V1__FRAME__BODY_CALL_BACK);
    assert_non_null(back);
    assert_int_equal(back->frame->call_back->outcome,
                     SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NO_ANSWER);
    end();
}

/* ---- hospitals, transfers
 * ------------------------------------------------------------------------- */

static void test_console_shows_hospitals_and_transfers(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    Sigap__V1__Hospital hospitals[2], *hospital_list[2] = {&hospitals[0], &hospitals[1]};
    for (int i = 0; i < 2; i++) {
        sigap__v1__hospital__init(&hospitals[i]);
        hospitals[i].number = (uint32_t)i + 1;
        hospitals[i].code = (char *)(i == 0 ? "RSSA" : "RKZ");
        hospitals[i].name = (char *)(i == 0 ? "RS Saiful Anwar" : "RS Panti Waluya Sawahan");
        hospitals[i].free_beds = i == 0 ? 3 : 0;
        hospitals[i].told_beds_at_ms = TOWN_MS - 1900000;
        hospitals[i].version = 11;
    }
    hospitals[1].diversion = SIGAP__V1__DIVERSION__DIVERSION_ALL;
    hospitals[1].diverted_reason = (char *)"IGD penuh";
    Sigap__V1__Assignment assignment = SIGAP__V1__ASSIGNMENT__INIT, *assignments[1] = {&assignment};
    assignment.id = 1;
    assignment.incident_id = 3;
    assignment.unit_number = 1;
    assignment.unit_code = (char *)"PSC-01";
    assignment.state = SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING;
    assignment.hospital_code = (char *)"RSSA";
    Sigap__V1__Inbound inbound = SIGAP__V1__INBOUND__INIT, *inbounds[1] = {&inbound};
    inbound.assignment_id = 1;
    inbound.arrives_at_ms = TOWN_MS + 250000;
    inbound.reckoned_at_ms = TOWN_MS - 5000;
    Sigap__V1__HospitalAdvice advice = SIGAP__V1__HOSPITAL_ADVICE__INIT, *advices[1] = {&advice};
    Sigap__V1__HospitalOption options[2], *option_list[2] = {&options[0], &options[1]};
    for (int i = 0; i < 2; i++) {
        sigap__v1__hospital_option__init(&options[i]);
        options[i].hospital_code = hospitals[i].code;
        options[i].travel_ms = 240000 - 60000 * i;
        options[i].free_beds = hospitals[i].free_beds;
    }
    options[1].unfit = SIGAP__V1__UNFIT__UNFIT_DIVERTS;
    advice.assignment_id = 1;
    advice.incident_id = 3;
    advice.at_ms = TOWN_MS;
    advice.unit_code = assignment.unit_code;
    advice.options = option_list;
    advice.n_options = 2;
    Sigap__V1__Transfer transfer = SIGAP__V1__TRANSFER__INIT, *transfers[1] = {&transfer};
    Sigap__V1__TransferConflict conflict = SIGAP__V1__TRANSFER_CONFLICT__CONFLICT_BUSY;
    transfer.id = 6;
    transfer.state = SIGAP__V1__TRANSFER_STATE__TRANSFER_PLANNED;
    transfer.from_code = hospitals[1].code;
    transfer.to_code = hospitals[0].code;
    transfer.pick_up_at_ms = TOWN_MS + 1800000;
    transfer.lead_ms = 600000;
    transfer.unit_code = (char *)"RSSA-01";
    transfer.version = 9;
    transfer.conflicts = &conflict;
    transfer.n_conflicts = 1;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.hospitals = hospital_list;
    update.n_hospitals = 2;
    update.assignments = assignments;
    update.n_assignments = 1;
    update.inbound = inbounds;
    update.n_inbound = 1;
    update.hospital_advice = advices;
    update.n_hospital_advice = 1;
    update.transfers = transfers;
    update.n_transfers = 1;
    hear_update(&update);
    type("rs\r");
    const char *text = screen(40, 80);
    shows(text, "RSSA         3 31:40");
    shows(text, "PSC-01 P1 #3  tiba dalam 04:10 (dihitung 00:05 lalu)");
    in_order(text, "RKZ          0 31:40", "IGD penuh");
    wait_ms(10000);
    shows(screen(40, 80), "tiba dalam 04:00"); /* the time runs by itself */
    type("3\r");
    text = screen(60, 100);
    in_order(text, "Pasien PSC-01", "★ RSSA      04:00 · 3 bed, 0 menuju");
    in_order(text, "★ RSSA", "RKZ       03:00 · 0 bed, 0 menuju · mengalihkan");
    type("rujuk\r");
    text = screen(24, 80);
    shows(text, "RUJUKAN");
    shows(text, "RKZ → RSSA");
    shows(text, "29:50");
    shows(text, "RSSA-01");
    /* Versions in every request that has them. */
    type("igd rkz 4\r");
    const town_sent *told = town_last(&sent, SIGAP__V1__FRAME__BODY_TELL_HOSPITAL);
    assert_non_null(told);
    assert_string_equal(told->frame->tell_hospital->hospital_code, "RKZ");
    assert_int_equal(told->frame->tell_hospital->version, 11);
    assert_int_equal(told->frame->tell_hospital->beds, 4);
    type("rujuk - 6 pasien pulang\r");
    const town_sent *cancelled = town_last(&sent, SIGAP__V1__FRAME__BODY_CANCEL_TRANSFER);
    assert_non_null(cancelled);
    assert_int_equal(cancelled->frame->cancel_transfer->version, 9);
    assert_string_equal(cancelled->frame->cancel_transfer->reason, "pasien pulang");
    type("rs 1 rkz\r");
    const town_sent *bring = town_last(&sent, SIGAP__V1__FRAME__BODY_CHOOSE_HOSPITAL);
    assert_non_null(bring);
    assert_int_equal(bring->frame->choose_hospital->assignment_id, 1);
    assert_string_equal(bring->frame->choose_hospital->hospital_code, "RKZ");
    end();
}

/* ---- the log of an incident
 * ------------------------------------------------------------------------ */

static void test_console_writes_and_shows_notes(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\rcatat keluarga menunggu di gerbang\r");
    const town_sent *note = town_last(&sent, SIGAP__V1__FRAME__BODY_ADD_NOTE);
    assert_non_null(note);
    assert_string_equal(note->frame->add_note->text, "keluarga menunggu di gerbang");
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Log log = SIGAP__V1__LOG__INIT;
    Sigap__V1__LogEntry entries[2], *list[2] = {&entries[0], &entries[1]};
    for (int i = 0; i < 2; i++) {
        sigap__v1__log_entry__init(&entries[i]);
        entries[i].at_ms = TOWN_MS - 60000 + i;
        entries[i].actor = (char *)"dewi";
        entries[i].event = (char *)(i == 0 ? "NOTE_ADDED" : "INCIDENT_TRIAGED");
        entries[i].text = (char *)(i == 0 ? "keluarga menunggu di gerbang" : "");
        entries[i].priority = SIGAP__V1__PRIORITY__P2;
    }
    log.incident_id = 1;
    log.entries = list;
    log.n_entries = 2;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOG;
    frame.log = &log;
    hear_answer(SIGAP__V1__FRAME__BODY_GET_LOG, &frame);
    shows(screen(50, 100), "“keluarga menunggu di gerbang”"); /* with the incident itself */
    type("riwayat\r");
    shows(screen(24, 80), "RIWAYAT #1");
    in_order(screen(24, 80), "RIWAYAT #1", "“keluarga menunggu di gerbang”");
    end();
}

/* ---- nothing typed is lost
 * --------------------------------------------------------------------------- */

static void test_console_line_is_never_lost(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("u psc1 lok");
    type("\033"); /* put aside, not thrown away */
    hides(screen(24, 80), "> u psc1 lok");
    type("catat pasien di lantai");
    type(UP); /* while something else is typed already */
    shows(screen(24, 80), "> u psc1 lok");
    type(DOWN);
    shows(screen(24, 80), "> catat pasien di lantai");
    /* Who answers a question with the next command means no, and every letter of it. */
    type("\025" F10 "u psc1");
    shows(screen(24, 80), "> u psc1");
    assert_false(sgp_console_ended(console));
    type("\025" F9 "u psc1");
    shows(screen(24, 80), "> u psc1");
    type("\025"
         "catat pasien di lantai");
    /* What cannot be kept stays on the line. */
    while (pending.n < SGP_PENDING_MAX) {
        sgp_pending_item *item;
        sgp_fault fault;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
        frame.report_call = &call;
        assert_int_equal(sgp_pending_keep(&pending, &frame, NULL, &item, &fault), SGP_OK);
    }
    type("\r");
    shows(screen(24, 80), "> catat pasien di lantai");
    shows(screen(24, 80), "terlalu banyak perintah belum dijawab");
    end();
}

static void test_console_line_outlives_the_console(void **state) {
    (void)state;
    char folder[] = "/tmp/sigap-line-XXXXXX", command[64];
    sgp_fault fault = {0};
    sgp_console_host host = {.context = &sent, .send = town_send};
    assert_non_null(mkdtemp(folder));
    for (int run = 0; run < 3; run++) {
        assert_int_equal(sgp_pending_open(&pending, folder, "unix:/x", &fault), SGP_OK);
        assert_int_equal(sgp_console_create(SGP_INDONESIAN, &host, &pending, &console), SGP_OK);
        now_ms = TOWN_MS;
        sgp_console_tick(console, now_ms);
        if (run == 0)
            type("catat keluarga di ger");
        else
            shows(screen(24, 80), "> catat keluarga di ger");
        /* A form half typed beside it: both come back. */
        if (run == 1)
            type(F2 "gang ma\tnye\tP");
        if (run == 2) {
            shows(screen(24, 80), "gang ma");
            shows(screen(24, 80), "nye");
        }
        sgp_console_destroy(console); /* as with kill -9: nothing is written when it ends */
        sgp_pending_close(&pending);
    }
    snprintf(command, sizeof command, "test $(stat -c %%a %s/*) = 600", folder);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    town_forget(&sent);
}

static void test_console_draft_is_not_written_over(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type(F2 "gang mawar\033");
    type("baru jl ijen\r");
    shows(screen(24, 80), "masih ada konsep telepon");
    shows(screen(24, 80), "> baru jl ijen");
    type("\033" F2);
    shows(screen(24, 80), "gang mawar");
    end();
}

/* An arrow whose ESC comes alone is an arrow, however often the engine wakes the program between.
 */
static void test_keys_wait_for_the_rest_of_an_arrow(void **state) {
    (void)state;
    sgp_keys keys = {0};
    sgp_key key;
    assert_int_equal(sgp_keys_left_ms(&keys, 1000), -1);
    assert_false(sgp_keys_take(&keys, 0x1b, &key));
    sgp_keys_mark(&keys, 1000);
    assert_int_equal(sgp_keys_left_ms(&keys, 1000), SGP_KEYS_ESCAPE_MS);
    assert_int_equal(sgp_keys_left_ms(&keys, 1010), SGP_KEYS_ESCAPE_MS - 10);
    assert_false(sgp_keys_take(&keys, '[', &key));
    sgp_keys_mark(&keys, 1020);
    assert_int_equal(sgp_keys_left_ms(&keys, 5000), -1); /* a sequence that has begun has no end */
    assert_true(sgp_keys_take(&keys, 'A', &key));
    assert_int_equal(key.code, SGP_KEY_UP);
    assert_false(sgp_keys_take(&keys, 0x1b, &key));
    sgp_keys_mark(&keys, 2000);
    assert_int_equal(sgp_keys_left_ms(&keys, 2050), 0);
    assert_true(sgp_keys_pause(&keys, &key));
    assert_int_equal(key.code, SGP_KEY_ESCAPE);
}

/* Every pane in both languages and any size, names in any script. */
static void test_panes_fit_any_size(void **state) {
    (void)state;
    static const char *const lines[] = {"rs\r",    "rujuk\r",   "riwayat\r",
                                        "tanya\r", "bantuan\r", "dering\r"};
    for (int language = 0; language < 2; language++) {
        begin_questions(language == 0 ? SGP_INDONESIAN : SGP_ENGLISH);
        Sigap__V1__Hospital hospital = SIGAP__V1__HOSPITAL__INIT, *list[1] = {&hospital};
        hospital.number = 1;
        hospital.code = (char *)"RS雪";
        hospital.name = (char *)"Rumah Sakit Pendidikan "
                                "Universitas مستشفى Ḍṛṣṭi 病院 ꦩꦭꦁ";
        hospital.diversion = SIGAP__V1__DIVERSION__DIVERSION_ALL;
        hospital.diverted_reason = (char *)"e\xcc\x81\xcc\x82 👨‍👩‍👧 penuh";
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        update.hospitals = list;
        update.n_hospitals = 1;
        hear_update(&update);
        hear_distress(now_ms);
        hear_ring(8, SIGAP__V1__RING_STATE__RINGING, "");
        for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
            type(lines[i]);
            for (int rows = 1; rows <= 61; rows += 6)
                for (int columns = 1; columns <= 241; columns += 15)
                    (void)screen(rows, columns);
            (void)screen(24, 80);
            (void)screen(60, 200);
            type("\033");
        }
        end();
    }
}

int main(void) {
    sgp_canvas_locale();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_console_asks_the_questions),
        cmocka_unit_test(test_console_goes_on_to_the_questions),
        cmocka_unit_test(test_console_offers_duplicates_and_nuisances),
        cmocka_unit_test(test_console_tells_what_was_before),
        cmocka_unit_test(test_console_tells_what_the_city_has_left),
        cmocka_unit_test(test_console_tells_what_it_looked_at),
        cmocka_unit_test(test_console_cannot_miss_a_crew_in_danger),
        cmocka_unit_test(test_console_takes_a_ring),
        cmocka_unit_test(test_console_ends_a_prank_from_the_ring),
        cmocka_unit_test(test_console_ring_that_another_took),
        cmocka_unit_test(test_console_shows_hospitals_and_transfers),
        cmocka_unit_test(test_console_writes_and_shows_notes),
        cmocka_unit_test(test_console_line_is_never_lost),
        cmocka_unit_test(test_console_line_outlives_the_console),
        cmocka_unit_test(test_console_draft_is_not_written_over),
        cmocka_unit_test(test_keys_wait_for_the_rest_of_an_arrow),
        cmocka_unit_test(test_panes_fit_any_size),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
