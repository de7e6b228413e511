/* The console as a state machine: made updates and keys in, screens as text and requests out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "console_desk.h"

/* ---- what is seen ------------------------------------------------------------------------ */

static void test_screen_says_what_matters_first(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    const char *text = screen(24, 80);
    shows(text, " SIGAP  malang SKETSA");
    shows(text, "● tersambung");
    shows(text, "2 MENUNGGU  terlama 01:35  1 LEWAT TARGET");
    shows(text, "3/5 unit siap");
    /* What needs attention comes first, by priority: who waits for a person, and who is late. A
     * late clock says so without colour. */
    in_order(text, "P1    #2   00:40", "P1    #3   10:15!");
    in_order(text, "P1    #3   10:15!", "P2    #1   01:35");
    in_order(text, "P2    #1   01:35", "BERJALAN 1");
    in_order(text, "BERJALAN 1", "P3    #4   10:00");
    shows(text, "PILIH TEMPAT");
    shows(text, "BELUM ADA UNIT");
    shows(text, "PERLU PERHATIAN 3");
    /* The clock of who is on scene stands still. */
    wait_ms(1000);
    text = screen(24, 80);
    shows(text, "#4   10:00");
    shows(text, "#3   10:16!");
    end();
}

static void test_screen_in_english_and_wide(void **state) {
    (void)state;
    begin_up(SGP_ENGLISH);
    const char *text = screen(60, 200);
    shows(text, "2 WAITING  oldest 01:35  1 OVER TARGET");
    shows(text, "Cardiac arrest");
    shows(text, "CHOOSE PLACE");
    /* Boards, the chosen incident and the log stand side by side. */
    shows(text, "UNITS 3/5");
    shows(text, "INCIDENT");
    shows(text, "LOG");
    shows(text, "2) Jl. Veteran 5, Sumbersari, Lowokwaru, Kota Malang — address · exact · ±15 m · "
                "96% sure");
    shows(text, "“gang mawar dekat masjid”");
    hides(text, "MENUNGGU");
    end();
}

static void test_screen_shows_the_age_of_positions(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    const char *text = screen(24, 80);
    shows(text, "PSC-01    menuju lokasi  02:10    #3 posisi 00:12");
    shows(text, "PKM-14    siap                       ? posisi 15:00");
    shows(text, "PMI-M1    siap                       Pos Blimbing");
    end();
}

static void test_screen_tells_why(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r");
    const char *text = screen(40, 100);
    shows(text, "Jl. Veteran 5, Sumbersari, Lowokwaru, Kota Malang");
    shows(text, "★ PMI-M1    04:02 = jalan 03:02 + siap 01:00");
    in_order(text, "PMI-M1    04:02", "RSSA-01   05:11");
    in_order(text, "Tidak disarankan", "PKM-14    posisi usang");
    shows(text, "DAMKAR-1  lepas tugas");
    end();
}

static void test_screen_fits_any_size(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++) {
        begin_up(language == 0 ? SGP_INDONESIAN : SGP_ENGLISH);
        static const char *const views[] = {"", F1,        F4,        F7,         F8,
                                            F2, "\033" F9, "\033" F6, "\033u psc"};
        for (size_t v = 0; v < sizeof views / sizeof views[0]; v++) {
            type(views[v]);
            for (int rows = 1; rows <= 61; rows += 5)
                for (int columns = 1; columns <= 241; columns += 12)
                    (void)screen(rows, columns);
            (void)screen(24, 80);
            (void)screen(270, 960); /* a wall */
        }
        end();
    }
}

static void test_screen_bottom_keys_fit_80_columns(void **state) {
    (void)state;
    static const char *const views[] = {"", F9, "\033" F6};
    for (int language = 0; language < 2; language++) {
        begin_up(language == 0 ? SGP_INDONESIAN : SGP_ENGLISH);
        for (size_t v = 0; v < 3; v++) {
            type(views[v]);
            (void)screen(24, 80);
            char line[512];
            hides(sgp_canvas_row(&canvas, 23, line, sizeof line), "…");
        }
        type("\033");
        type(F2);
        (void)screen(24, 80);
        char line[512];
        hides(sgp_canvas_row(&canvas, 23, line, sizeof line), "…");
        end();
    }
}

/* ---- what is done -------------------------------------------------------------------------- */

static void test_console_orders_with_one_key(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r" F5);
    const town_sent *order = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    assert_non_null(order);
    assert_int_equal(order->frame->order_unit->incident_id, 1);
    assert_string_equal(order->frame->order_unit->unit_code, "");
    assert_int_equal(order->frame->id.len, 16);
    assert_int_equal(pending.n, 1);
    hear(town_error(order->token, "no unit can be sent"));
    assert_int_equal(pending.n, 0);
    shows(screen(24, 80), "unit terbaik ke #1 · MESIN MENOLAK: no unit can be sent");
    end();
}

static void test_console_orders_a_chosen_candidate(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r" F6 DOWN "\r");
    const town_sent *order = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    assert_non_null(order);
    assert_string_equal(order->frame->order_unit->unit_code, "RSSA-01");
    hear(town_done(order->token, 0, 1));
    shows(screen(24, 80), "RSSA-01 ke #1 · jadi");
    end();
}

static void test_console_chooses_the_place_first(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("2\r" F6 DOWN);
    shows(screen(30, 100), "▶ 2) Jl. Veteran 5");
    type("\r");
    const town_sent *choice = town_last(&sent, SIGAP__V1__FRAME__BODY_CHOOSE_PLACE);
    assert_non_null(choice);
    assert_int_equal(choice->frame->choose_place->incident_id, 2);
    assert_string_equal(choice->frame->choose_place->place->label, "Jl. Veteran 5");
    end();
}

static void test_screen_keeps_the_first_rows(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("4\r"); /* the last row is chosen, on a screen with room for three */
    const char *text = screen(14, 80);
    shows(text, "P1    #2   00:40");
    shows(text, "▶P3    #4   10:00");
    shows(text, "▲ 2 lagi");
    hides(text, "#1 ");
    end();
}

static void test_console_map(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r" F7);
    const char *text = screen(24, 80);
    shows(text, "tanpa jalan");
    shows(text, "▶P2#1");
    type("c+");
    for (int i = 0; i < 40; i++)
        type("+");
    shows(screen(24, 80), "▶P2#1");
    type("\033[C\033[C\033[C\033[C\033[C\033[C");
    hides(screen(24, 80), "▶P2#1");
    for (int i = 0; i < 80; i++)
        type("-");
    shows(screen(24, 80), "#1");
    /* A letter that the map does not know goes to the command line, an order still is one. */
    type("0u psc1 os\r");
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT));
    end();
}

static void test_console_closes_with_one_letter(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type(F9 "i"); /* #2 is chosen, being the most urgent that waits */
    const town_sent *closing = town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT);
    assert_non_null(closing);
    assert_int_equal(closing->frame->close_incident->incident_id, 2);
    assert_int_equal(closing->frame->close_incident->outcome, SIGAP__V1__OUTCOME__PRANK);
    /* The next that waits is chosen then. */
    shows(screen(24, 80), "▶P2    #1 ");
    /* Alt and a letter does nothing: on a slow line it may have been Escape and a letter. */
    town_forget(&sent);
    type("\033i");
    shows(screen(24, 80), "> i"); /* it is both, so no letter is lost */
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    type("\025");
    /* Where a crew drives already, a second key. */
    town_forget(&sent);
    type("3\r" F9 "x");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    shows(screen(24, 80), "#3 ditutup: dibatalkan? Enter = ya, Esc = tidak");
    type("\033");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    type(F9 "x\r");
    closing = town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT);
    assert_non_null(closing);
    assert_int_equal(closing->frame->close_incident->incident_id, 3);
    end();
}

static void test_console_command_line(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("u psc1 os\r");
    const town_sent *status = town_last(&sent, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT);
    assert_non_null(status);
    assert_int_equal(status->frame->advance_assignment->assignment_id, 1);
    assert_int_equal(status->frame->advance_assignment->state,
                     SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    /* What is wrong says so, and what was typed stays to be mended. */
    type("u psc os\r");
    shows(screen(24, 80), "“psc” bisa PSC-01 PSC-02");
    shows(screen(24, 80), "> u psc os");
    type("\033");
    type("x\r");
    shows(screen(24, 80), "tidak ada perintah “x”");
    /* Tab completes. */
    type("\033");
    type("o rs\t");
    shows(screen(24, 80), "> o RSSA-01");
    end();
}

static void test_console_pasted_text_is_never_a_key(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("\033[200~c iseng\r\033[20~q\033[201~");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    shows(screen(24, 80), "> c iseng q");
    end();
}

static void test_console_finds_by_a_few_letters(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("/mawar");
    const char *text = screen(24, 80);
    shows(text, "#2 ");
    hides(text, "#4 ");
    type("\r");
    hides(screen(24, 80), "#4 ");
    type("\033");
    shows(screen(24, 80), "#4 ");
    end();
}

/* ---- a call ---------------------------------------------------------------------------------- */

static void answer_places(void) {
    const town_sent *find = town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_PLACE);
    assert_non_null(find);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__PlaceAnswer answer = SIGAP__V1__PLACE_ANSWER__INIT;
    Sigap__V1__Place places[2] = {SIGAP__V1__PLACE__INIT, SIGAP__V1__PLACE__INIT};
    Sigap__V1__Place *list[2] = {&places[0], &places[1]};
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.61;
    point.lat = -7.95;
    for (int i = 0; i < 2; i++) {
        places[i].label = (char *)(i == 0 ? "Jl. Veteran" : "Jl. Veteran Dalam");
        places[i].kelurahan = (char *)"Penanggungan";
        places[i].kecamatan = (char *)"Klojen";
        places[i].uncertainty_m = 300 - 100 * i;
        places[i].point = &point;
    }
    answer.candidates = list;
    answer.n_candidates = 2;
    frame.reply_to = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_PLACE_ANSWER;
    frame.place_answer = &answer;
    hear(town_news(&frame, find->token));
}

/* What callers say is found as well as what it is called. */
static void test_console_knows_what_callers_say(void **state) {
    (void)state;
    static const struct {
        const char *said, *code;
    } rows[] = {{"melahirkan", "childbirth"},  {"tabrakan", "traffic_accident"},
                {"asma", "breathing"},         {"gula darah", "diabetes"},
                {"kesetrum", "electrocution"}, {"serangan jantung", "chest_pain"},
                {"tabra", "traffic_accident"}, {"lahir", "childbirth"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char keys[64];
        begin_up(SGP_INDONESIAN);
        snprintf(keys, sizeof keys, F2 "jl kawi\t%s\r" F2, rows[i].said);
        type(keys);
        const town_sent *call = town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL);
        if (call == NULL)
            fail_msg("nothing is found for \"%s\"", rows[i].said);
        assert_string_equal(call->frame->report_call->complaint, rows[i].code);
        end();
    }
}

static void test_console_takes_a_call(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type(F2 "jl vet");
    assert_true(town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_PLACE)->frame->find_place->complete);
    answer_places();
    shows(screen(24, 80), "Jl. Veteran Dalam  Penanggungan, Klojen");
    shows(screen(24, 80), "±200 m");
    type(DOWN "\r"
              "nyeri d");
    /* The phrase itself is worth more than its words: P1 here, not the belly's P3. */
    in_order(screen(24, 80), "▶  P1 Nyeri dada", "P3 Nyeri perut");
    type("\r" F2);
    const town_sent *call = town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL);
    assert_non_null(call);
    assert_string_equal(call->frame->report_call->place_text, "jl vet");
    assert_string_equal(call->frame->report_call->complaint, "chest_pain");
    assert_int_equal(call->frame->report_call->uncertainty_m, 200);
    /* Its place is settled as soon as its incident is known. */
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CHOOSE_PLACE));
    hear(town_done(call->token, 9, 9));
    const town_sent *choice = town_last(&sent, SIGAP__V1__FRAME__BODY_CHOOSE_PLACE);
    assert_non_null(choice);
    assert_int_equal(choice->frame->choose_place->incident_id, 9);
    assert_string_equal(choice->frame->choose_place->place->label, "Jl. Veteran Dalam");
    hear(town_done(choice->token, 0, 9));
    assert_int_equal(pending.n, 0);
    shows(screen(24, 80), "telepon 9 menjadi kejadian #9");
    end();
}

static void test_console_draft_outlives_leaving(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type(F2 "gang mawar 3"
            "\033");
    shows(screen(24, 80), "konsep telepon disimpan");
    hear(town_down("the engine closed the connection"));
    hear(town_up());
    type(F2);
    shows(screen(24, 80), "gang mawar 3");
    type("\t\t\r");
    shows(screen(24, 80), "isi dulu keluhannya");
    end();
}

static void test_console_draft_outlives_the_console(void **state) {
    (void)state;
    char folder[] = "/tmp/sigap-draft-XXXXXX", command[64];
    sgp_fault fault = {0};
    sgp_console_host host = {.context = &sent, .send = town_send};
    assert_non_null(mkdtemp(folder));
    for (int run = 0; run < 3; run++) {
        assert_int_equal(sgp_pending_open(&pending, folder, "unix:/x", &fault), SGP_OK);
        assert_int_equal(sgp_console_create(SGP_INDONESIAN, &host, &pending, &console), SGP_OK);
        now_ms = TOWN_MS;
        sgp_console_tick(console, now_ms);
        /* The second finds the form open as it was left. */
        type(run == 0 ? F2 "gang mawar 3\tnyeri\t2\t0341\t\tdi lantai dua" : run == 1 ? "" : F2);
        const char *text = screen(24, 80);
        /* The third finds nothing: the second has sent it. */
        (run < 2 ? shows : hides)(text, "gang mawar 3");
        (run < 2 ? shows : hides)(text, "di lantai dua");
        if (run == 1)
            type("\t\t\t\r");
        sgp_console_destroy(console);
        if (run == 1)
            sgp_pending_strike(&pending, pending.items[0].token);
        sgp_pending_close(&pending);
    }
    town_forget(&sent);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

/* ---- the line breaks ----------------------------------------------------------------------- */

static void test_console_says_loudly_that_the_line_broke(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    (void)sgp_console_bells(console);
    hear(town_down("nothing was heard for 4 s"));
    assert_int_equal(sgp_console_bells(console), 1);
    wait_ms(12000);
    const char *text = screen(24, 80);
    shows(text, "✖ PUTUS");
    shows(text, "SAMBUNGAN PUTUS 00:12");
    /* What is known stays in sight, with its age. */
    shows(text, "PKM-14");
    end();
}

static void test_console_log_keeps_lines_apart(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear(town_down("a long reason, longer than any that comes after it"));
    hear(town_up());
    hear(town_snapshot());
    type(F8);
    const char *text = screen(24, 100);
    shows(text, "longer than any that comes after it");
    shows(text, "tersambung lagi\n");
    /* The shorter line brings no end of the longer one with it. */
    const char *first = strstr(text, "after it");
    assert_null(strstr(first + 1, "after it"));
    end();
}

static void test_console_sends_again_with_the_same_id(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("1\r" F5);
    const town_sent *first = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    uint8_t id[16];
    memcpy(id, first->frame->id.data, 16);
    hear(town_down("gone"));
    type("u psc2 bawa\r"); /* typed while the line is down */
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT));
    shows(screen(24, 80), "2 perintah belum dijawab");
    shows(screen(24, 80), "PSC-02 membawa pasien · DISIMPAN");
    town_forget(&sent);
    hear(town_up());
    hear(town_snapshot());
    const town_sent *again = town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT);
    assert_non_null(again);
    assert_memory_equal(again->frame->id.data, id, 16);
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT));
    end();
}

static void test_console_asks_before_it_sends_something_old(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear(town_down("gone"));
    type("1\r" F5);
    type(F2 "gang mawar\t\t1\r"); /* a call: P1, words only */
    assert_int_equal(pending.n, 2);
    for (size_t i = 0; i < 2; i++)
        pending.items[i].made_at_ms = now_ms;
    town_forget(&sent);
    wait_ms(SGP_PENDING_FRESH_MS + 1000);
    hear(town_up());
    /* A call always goes out; an order of minutes ago does not by itself. */
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_REPORT_CALL));
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT));
    hear(town_snapshot());
    shows(screen(24, 80), "1 perintah lama");
    type("kirim\r");
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_ORDER_UNIT));
    end();
}

/* ---- requests on disk ---------------------------------------------------------------------- */

static void test_pending_survives_the_console(void **state) {
    (void)state;
    char folder[] = "/tmp/sigap-pending-XXXXXX", command[64];
    assert_non_null(mkdtemp(folder));
    sgp_pending a, b;
    sgp_fault fault = {0};
    assert_int_equal(sgp_pending_open(&a, folder, "unix:/x", &fault), SGP_OK);
    Sigap__V1__Frame call = SIGAP__V1__FRAME__INIT, choose = SIGAP__V1__FRAME__INIT;
    Sigap__V1__ReportCall report = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__ChoosePlace place = SIGAP__V1__CHOOSE_PLACE__INIT;
    report.place_text = (char *)"gang mawar";
    call.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    call.report_call = &report;
    choose.body_case = SIGAP__V1__FRAME__BODY_CHOOSE_PLACE;
    choose.choose_place = &place;
    sgp_pending_item *item;
    assert_int_equal(sgp_pending_keep(&a, &call, &choose, &item, &fault), SGP_OK);
    assert_int_equal(sgp_pending_keep(&a, &call, NULL, &item, &fault), SGP_OK);
    uint8_t id[16];
    memcpy(id, a.items[0].frame->id.data, 16);
    /* A second console has its own file; another engine has others. */
    assert_int_equal(sgp_pending_open(&b, folder, "unix:/x", &fault), SGP_OK);
    assert_int_equal(b.n, 0);
    assert_string_not_equal(a.path, b.path);
    sgp_pending_close(&b);
    sgp_pending_close(&a);
    assert_int_equal(sgp_pending_open(&b, folder, "unix:/y", &fault), SGP_OK);
    assert_int_equal(b.n, 0);
    sgp_pending_close(&b);
    /* The next one finds what the first left, also when its end is torn. */
    assert_int_equal(sgp_pending_open(&b, folder, "unix:/x", &fault), SGP_OK);
    assert_int_equal(b.n, 2);
    assert_memory_equal(b.items[0].frame->id.data, id, 16);
    assert_non_null(b.items[0].then);
    char path[1024];
    snprintf(path, sizeof path, "%s", b.path);
    sgp_pending_close(&b);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    assert_int_equal(ftruncate(fileno(file), ftell(file) - 3), 0);
    fclose(file);
    assert_int_equal(sgp_pending_open(&b, folder, "unix:/x", &fault), SGP_OK);
    assert_int_equal(b.n, 1);
    sgp_pending_strike(&b, b.items[0].token);
    sgp_pending_close(&b);
    assert_int_equal(sgp_pending_open(&b, folder, "unix:/x", &fault), SGP_OK);
    assert_int_equal(b.n, 0);
    sgp_pending_close(&b);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void test_console_leaves_only_when_asked_twice(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type(F10);
    assert_false(sgp_console_ended(console));
    type("\033");
    type(F10 "\r");
    assert_true(sgp_console_ended(console));
    end();
}

int main(void) {
    sgp_canvas_locale();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_screen_says_what_matters_first),
        cmocka_unit_test(test_screen_in_english_and_wide),
        cmocka_unit_test(test_screen_shows_the_age_of_positions),
        cmocka_unit_test(test_screen_tells_why),
        cmocka_unit_test(test_screen_keeps_the_first_rows),
        cmocka_unit_test(test_screen_fits_any_size),
        cmocka_unit_test(test_screen_bottom_keys_fit_80_columns),
        cmocka_unit_test(test_console_orders_with_one_key),
        cmocka_unit_test(test_console_orders_a_chosen_candidate),
        cmocka_unit_test(test_console_chooses_the_place_first),
        cmocka_unit_test(test_console_map),
        cmocka_unit_test(test_console_closes_with_one_letter),
        cmocka_unit_test(test_console_command_line),
        cmocka_unit_test(test_console_pasted_text_is_never_a_key),
        cmocka_unit_test(test_console_finds_by_a_few_letters),
        cmocka_unit_test(test_console_takes_a_call),
        cmocka_unit_test(test_console_knows_what_callers_say),
        cmocka_unit_test(test_console_draft_outlives_leaving),
        cmocka_unit_test(test_console_draft_outlives_the_console),
        cmocka_unit_test(test_console_says_loudly_that_the_line_broke),
        cmocka_unit_test(test_console_log_keeps_lines_apart),
        cmocka_unit_test(test_console_sends_again_with_the_same_id),
        cmocka_unit_test(test_console_asks_before_it_sends_something_old),
        cmocka_unit_test(test_pending_survives_the_console),
        cmocka_unit_test(test_console_leaves_only_when_asked_twice),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
