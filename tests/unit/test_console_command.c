/* The command line: a table of lines, what each becomes, and what is said where it is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console/command.h"
#include "console_town.h"

static sgp_model model;

static void begin(sgp_language language) {
    assert_int_equal(sgp_model_init(&model, language), SGP_OK);
    sgp_model_tick(&model, TOWN_MS);
    sgp_link_news news[2] = {town_up(), town_snapshot()};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sgp_model_take(&model, &news[i]), SGP_OK);
        sigap__v1__frame__free_unpacked(news[i].frame, NULL);
    }
    sgp_model_tick(&model, TOWN_MS);
    assert_true(sgp_model_choose_incident(&model, 1));
}

/* What a line becomes, in words: the request's own, or what is wrong with it. */
static const char *becomes(const char *line) {
    static char out[600];
    sgp_request request;
    sgp_command command;
    sgp_command_read(&model, NULL, line, &request, &command);
    switch (command.kind) {
    case SGP_COMMAND_REQUEST:
        return sgp_request_text(model.language, &model.narrator.board, &request.frame, out,
                                sizeof out);
    case SGP_COMMAND_WRONG:
        snprintf(out, sizeof out, "! %s", command.text);
        return out;
    case SGP_COMMAND_CHOOSE:
        snprintf(out, sizeof out, "choose %d", (int)command.number);
        return out;
    case SGP_COMMAND_FIND:
        snprintf(out, sizeof out, "find %s", command.text);
        return out;
    case SGP_COMMAND_NEW_CALL:
        snprintf(out, sizeof out, "call %s", command.text);
        return out;
    case SGP_COMMAND_CLOSE:
        snprintf(out, sizeof out, "close #%d: %s", (int)command.number,
                 sgp_outcome_text(model.language, command.outcome));
        return out;
    case SGP_COMMAND_SEE:
        snprintf(out, sizeof out, "see %d", (int)command.number);
        return out;
    case SGP_COMMAND_RESEND:
        return "resend";
    case SGP_COMMAND_DROP:
        return "drop";
    case SGP_COMMAND_QUIT:
        return "quit";
    default:
        return "nothing";
    }
}

typedef struct row {
    const char *line, *becomes;
} row;

static void check(const row *rows, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(becomes(rows[i].line), rows[i].becomes) != 0)
            fail_msg("'%s' becomes '%s', not '%s'", rows[i].line, becomes(rows[i].line),
                     rows[i].becomes);
}

static void test_command_in_english(void **state) {
    (void)state;
    static const row rows[] = {
        {"", "nothing"},
        {"   ", "nothing"},
        /* Units: by number, by code, by the code's letters, by letters that only one has. */
        {"u 1 os", "PSC-01 on scene"},
        {"u PSC-01 os", "PSC-01 on scene"},
        {"U psc-01 OS", "PSC-01 on scene"},
        {"u psc1 os", "PSC-01 on scene"},
        {"u rssa on", "RSSA-01 on duty"},
        {"u 6 on", "DAMKAR-1 on duty"},
        {"u 2 tr rssa", "PSC-02 transporting"},
        {"u 1 decline tyre is flat", "PSC-01 declined"},
        {"u psc os", "! “psc” may be PSC-01 PSC-02"},
        {"u 7 os", "! no unit “7”"},
        {"u 0 os", "! no unit “0”"},
        {"u - os", "! no unit “-”"},
        {"u", "! missing: unit"},
        {"u 1", "! missing: status"},
        {"u 1 flying", "! “flying” is no status: ac er os tr ah ho free decline on off well"},
        {"u 1 os now", "! “now” is too much here"},
        {"u rssa os", "! RSSA-01 is on no incident"},
        /* A bare number is a unit; an incident before one, or with its sign. */
        {"o", "the best unit to #1"},
        {"o 5", "RSSA-01 to #1"},
        {"o 4 5", "RSSA-01 to #4"},
        {"o #4", "the best unit to #4"},
        {"o #99", "! no incident “#99”"},
        {"o 99 5", "! no incident “99”"},
        {"o 5 5 5", "! no incident “5”"},
        {"d 2", "PSC-02 diverted to #1"},
        {"d", "! missing: unit"},
        {"sd psc2 wrong address", "PSC-02 stood down"},
        {"sd rssa", "! RSSA-01 is on no incident"},
        {"c prank", "close #1: prank"},
        {"c 4 served", "close #4: served"},
        {"c iseng", "close #1: prank"},
        {"c", "! missing: outcome"},
        {"c 4", "! “4” is no outcome: prank silent ghost dup abandoned info real served cancel"},
        {"t p1", "#1 triage P1"},
        {"t 3 2", "#3 triage P2"},
        {"t +2", "#1 triage 3"},
        {"t fall", "#1 triage Fall"},
        {"t p9", "! “p9” is no priority, complaint or number of units"},
        {"place 2 2", "place of #2: Jl. Veteran 5, Sumbersari"},
        {"place 2 3", "! there is no candidate place 3"},
        {"place 1", "! there is no candidate place 1"},
        {"place 2 0", "! there is no candidate place 0"},
        {"say 2 behind the mosque", "more on the place of #2"},
        {"say", "! missing: text"},
        {"link 3", "call 1 linked to #3"},
        {"link 1", "! no incident “1”"},
        {"b 2", "2 more units for #1"},
        {"b 3 fire 2", "2 more units for #3"},
        {"b tram", "! “tram” is no kind of unit"},
        {"aid", "neighbours asked for #1"},
        {"mass 12", "mass casualty #1"},
        {"alert damkar fire", "DAMKAR alerted to #1"},
        {"alert 3 damkar", "DAMKAR alerted to #3"},
        {"advise", "a fresh recommendation for #1"},
        {"3", "choose 3"},
        {"#3", "choose 3"},
        {"i 4", "choose 4"},
        {"77", "! no incident “77”"},
        {"99999999999999999999999", "! no command “99999999999999999999999”; F1 shows them all"},
        {"/gang maw", "find gang maw"},
        {"new jl veteran", "call jl veteran"},
        {"resend", "resend"},
        {"drop", "drop"},
        {"q", "quit"},
        {"xyzzy", "! no command “xyzzy”; F1 shows them all"},
    };
    begin(SGP_ENGLISH);
    check(rows, sizeof rows / sizeof rows[0]);
    sgp_model_deinit(&model);
}

static void test_command_in_indonesian(void **state) {
    (void)state;
    static const row rows[] = {
        {"u 12 lokasi", "! tidak ada unit “12”"},
        {"u 1 lokasi", "PSC-01 di lokasi"},
        {"u 1 os", "PSC-01 di lokasi"}, /* the other language's words hold too */
        {"tutup iseng", "close #1: telepon iseng"},
        {"c terbang",
         "! “terbang” bukan hasil: iseng bisu hantu ganda putus info nyata tertangani batal"},
        {"tarik psc1", "PSC-01 ditarik"},
        {"alih psc1", "PSC-01 dialihkan ke #1"},
        {"saran", "saran baru untuk #1"},
        {"keluar", "quit"},
    };
    begin(SGP_INDONESIAN);
    check(rows, sizeof rows / sizeof rows[0]);
    sgp_model_deinit(&model);
}

/* What else `sigap` can do, by line. */
static void test_command_of_everything_else(void **state) {
    (void)state;
    static const row rows[] = {
        {"note the gate is locked", "note for #1"},
        {"note #4 12 people", "note for #4"},
        {"note", "! missing: text"},
        {"premise hazard a fierce dog", "premise note at #1"},
        {"premise - 7", "premise note 7 removed"},
        {"mark", "the number of call 1 marked"},
        {"mark 4 24", "the number of call 4 marked"},
        {"mark -", "the mark of call 1's number lifted"},
        {"mark x", "! “x” is no number that can be"},
        {"other 4", "not the same as #4"},
        {"ask", "see 7"},
        {"ask breathing no", "answer for #1"},
        {"reply damkar accept on the way", "DAMKAR has answered (#1)"},
        {"reply damkar perhaps", "! “perhaps” is not known: accept decline"},
        {"phone", "phone of call 1 located"},
        {"text", "! missing: text"},
        {"text which floor?", "words to the caller of call 1"},
        {"text #4 12 people?", "words to the caller of call 4"},
        {"text 1", "words to the caller of call 1"},
        {"read", "! nothing of #1 is unread"},
        {"hospital", "see 0"},
        {"hospital psc1", "hospital advice for the patient of PSC-01"},
        {"hospital psc1 rs9", "! no hospital “rs9”, or more than one"},
        {"hospital pmi", "! PMI-M1 is on no incident"},
        {"ed", "! missing: hospital"},
        {"patient psc2 red trauma,stroke", "patient of PSC-02"},
        {"patient psc2", "! missing: colour or needs"},
        {"transfer", "see 1"},
        {"transfer 3 14:00", "! no transfer “3”"},
        {"moveup pmi Pos Dua", "PMI-M1 to wait at Pos Dua"},
        {"moveup pmi -", "waiting of PMI-M1"},
        {"distress psc1 attacked", "PSC-01 calls for help"},
        {"safe psc1", "! missing: reason"}, /* never without one */
        {"safe psc1 police are there", "PSC-01 is safe again"},
        {"u 1 well", "the crew of PSC-01 is well"},
        {"u 1 os -5", "PSC-01 on scene"}, /* five minutes ago */
        {"road 123456 flood", "road closed"},
        {"road 112.63,-7.97 80 flood", "road closed"},
        {"road - 7", "road opened"},
        {"road here", "! “here” is no OSM way and no lon,lat"},
        {"story", "see 2"},
        {"t *2", "#1 triage 0"},
        {"reload", "plans reloaded"},
        {"c real", "close #1: real"},
        {"c abandoned", "close #1: abandoned"},
    };
    begin(SGP_ENGLISH);
    check(rows, sizeof rows / sizeof rows[0]);
    sgp_request request;
    sgp_command command;
    sgp_command_read(&model, NULL, "u 1 os -5", &request, &command);
    assert_true(request.frame.advance_assignment->said_at_ms == TOWN_MS - 300000);
    sgp_command_read(&model, NULL, "t *2", &request, &command);
    assert_int_equal(request.frame.triage->alarm, 2);
    sgp_command_read(&model, NULL, "road 112.63,-7.97 80 flood", &request, &command);
    assert_int_equal(request.frame.close_road->closure->radius_m, 80);
    assert_string_equal(request.frame.close_road->closure->reason, "flood");
    sgp_model_deinit(&model);
}

static const char *completed(const char *line) {
    static char out[512];
    char words[8][SGP_COMPLETION_BYTES];
    size_t n = sgp_command_complete(&model, line, 8, words);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(out);
        snprintf(out + used, sizeof out - used, "%s%s", used > 0 ? " " : "", words[i]);
    }
    return out;
}

static void test_command_completes(void **state) {
    (void)state;
    begin(SGP_ENGLISH);
    assert_string_equal(completed(""), "");
    assert_string_equal(completed("al"), "alert");
    assert_string_equal(completed("u p"), "PSC-01 PSC-02 PMI-M1 PKM-14");
    assert_string_equal(completed("u psc-01 "), "ac er os tr ah ho free decline");
    assert_string_equal(completed("c 4 s"), "silent served");
    assert_string_equal(completed("o 4 r"), "RSSA-01");
    assert_string_equal(completed("i "), "2 3 1 4"); /* as the board has them */
    assert_string_equal(completed("t che"), "chest_pain");
    assert_string_equal(completed("xyzzy a"), "");
    assert_string_equal(completed("/ps"), "");
    sgp_model_deinit(&model);
}

/* Every command has its line of help, every word of the help is a command. */
static void test_command_help_is_whole(void **state) {
    (void)state;
    for (int language = 0; language < 2; language++) {
        begin(language == 0 ? SGP_INDONESIAN : SGP_ENGLISH);
        char form[64], name[64];
        const char *what;
        size_t n = 0;
        for (; sgp_command_help(model.language, n, form, sizeof form, &what); n++) {
            assert_true(what[0] != '\0' && sgp_columns(form) <= 30);
            snprintf(name, sizeof name, "%.*s", (int)strcspn(form, " "), form);
            if (name[0] == '/')
                continue;
            assert_null(strstr(becomes(name), "“"));
        }
        assert_true(n > 35);
        sgp_model_deinit(&model);
    }
}

int main(void) {
    sgp_canvas_locale();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_in_english),
        cmocka_unit_test(test_command_in_indonesian),
        cmocka_unit_test(test_command_of_everything_else),
        cmocka_unit_test(test_command_completes),
        cmocka_unit_test(test_command_help_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
