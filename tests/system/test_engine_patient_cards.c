/* A patient's card: told by the crew, read by the hospital that it is meant for, sealed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "engine_ask.h"

static uint64_t send_unit(sgp_client *dispatcher, const char *unit, uint64_t *incident) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)unit;
    free_frame(ASK(dispatcher, SET_DUTY, &duty, DONE));
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.630;
    point.lat = -7.970;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fever";
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t *reply = ASK(dispatcher, REPORT_CALL, &call, DONE);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = *incident = reply->done->incident_id;
    order.unit_code = (char *)unit;
    free_frame(reply);
    reply = ASK(dispatcher, ORDER_UNIT, &order, DONE);
    uint64_t assignment = reply->done->assignment_id;
    free_frame(reply);
    return assignment;
}

static bool file_holds(const char *ending, const char *words) {
    char path[160];
    snprintf(path, sizeof path, "%s/journal%s", child.folder, ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t length = strlen(words), at = 0;
    for (int byte; at < length && (byte = fgetc(file)) != EOF;)
        at = byte == words[at] ? at + 1 : byte == words[0] ? 1 : 0;
    fclose(file);
    return at == length;
}

static frame_t *cards_of(sgp_client *client, uint64_t assignment) {
    Sigap__V1__AskPatientCards which = SIGAP__V1__ASK_PATIENT_CARDS__INIT;
    which.assignment_id = assignment;
    return ASK(client, ASK_PATIENT_CARDS, &which, PATIENT_CARDS);
}

static void test_patient_cards_of_a_crew(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    sgp_client *other = connect_as(child.crew[1]), *hospital = connect_as(child.hospital);
    sgp_client *viewer = connect_as(child.viewer);
    uint64_t incident, assignment = send_unit(dispatcher, "A-01", &incident);
    Sigap__V1__PatientCard card = SIGAP__V1__PATIENT_CARD__INIT;
    Sigap__V1__TellPatientCard tell = SIGAP__V1__TELL_PATIENT_CARD__INIT;
    ASK_REFUSED_WITH(crew, TELL_PATIENT_CARD, &tell, SGP_E_ARGUMENT, "card is missing");
    tell.card = &card;
    ASK_REFUSED_WITH(crew, TELL_PATIENT_CARD, &tell, SGP_E_ARGUMENT, "empty");
    card.coma_scale = 2;
    ASK_REFUSED_WITH(crew, TELL_PATIENT_CARD, &tell, SGP_E_RANGE, "coma_scale is 2, not 3 to 15");
    card.coma_scale = 15;
    card.pulse = 96;
    card.systolic = 120;
    card.diastolic = 80;
    card.temperature_tenths = 368;
    card.findings = (char *)"tampak lemas, diberi oksigen";
    ASK_REFUSED_WITH(viewer, TELL_PATIENT_CARD, &tell, SGP_E_PERMISSION, "TellPatientCard");
    tell.assignment_id = assignment;
    ASK_REFUSED_WITH(other, TELL_PATIENT_CARD, &tell, SGP_E_PERMISSION, "is not that of A-02");
    tell.assignment_id = 0;
    free_frame(ASK(crew, TELL_PATIENT_CARD, &tell, DONE));
    card = (Sigap__V1__PatientCard)SIGAP__V1__PATIENT_CARD__INIT;
    card.handed_to = (char *)"perawat jaga";
    free_frame(ASK(crew, TELL_PATIENT_CARD, &tell, DONE));

    frame_t *cards = cards_of(crew, 0);
    assert_int_equal(cards->patient_cards->assignment_id, assignment);
    assert_int_equal(cards->patient_cards->n_cards, 2);
    assert_string_equal(cards->patient_cards->cards[0]->card->handed_to, "perawat jaga");
    assert_int_equal(cards->patient_cards->cards[1]->card->pulse, 96);
    assert_string_equal(cards->patient_cards->cards[1]->card->findings,
                        "tampak lemas, diberi oksigen");
    free_frame(cards);

    /* In the log it is a line that can be read. */
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    get.incident_id = incident;
    frame_t *log = ASK(dispatcher, GET_LOG, &get, LOG);
    bool said = false;
    for (size_t i = 0; i < log->log->n_entries; i++)
        said |=
            strcmp(log->log->entries[i]->text, "A-01: N 96/mnt TD 120/80 S 36,8 GCS 15 | tampak "
                                               "lemas, diberi oksigen") == 0;
    assert_true(said);
    free_frame(log);

    /* Another hospital's business, until the patient is meant for it. */
    Sigap__V1__AskPatientCards which = SIGAP__V1__ASK_PATIENT_CARDS__INIT;
    which.assignment_id = assignment;
    ASK_REFUSED_WITH(hospital, ASK_PATIENT_CARDS, &which, SGP_E_PERMISSION, "not meant for");
    ASK_REFUSED(other, ASK_PATIENT_CARDS, &which, SGP_E_PERMISSION);
    ASK_REFUSED(viewer, ASK_PATIENT_CARDS, &which, SGP_E_PERMISSION);
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    advance.assignment_id = assignment;
    advance.state = SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
    free_frame(ASK(crew, ADVANCE_ASSIGNMENT, &advance, DONE));
    Sigap__V1__ChooseHospital choose = SIGAP__V1__CHOOSE_HOSPITAL__INIT;
    choose.assignment_id = assignment;
    choose.hospital_code = (char *)"RS1";
    free_frame(ASK(crew, CHOOSE_HOSPITAL, &choose, DONE));
    cards = cards_of(hospital, assignment);
    assert_int_equal(cards->patient_cards->n_cards, 2);
    free_frame(cards);

    assert_true(file_holds("", "SQLite format 3")); /* it can find something */
    assert_false(file_holds("", "tampak lemas"));
    assert_false(file_holds("-wal", "tampak lemas"));
    sgp_client_close(dispatcher);
    sgp_client_close(crew);
    sgp_client_close(other);
    sgp_client_close(hospital);
    sgp_client_close(viewer);
}

static int begin(void **state) {
    (void)state;
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_patient_cards_of_a_crew)};
    return cmocka_run_group_tests(tests, begin, child_over);
}
