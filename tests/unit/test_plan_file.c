/* Plans from files: the ones that come with Sigap, and what is said about mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plans/plan_file.h"

static sgp_loaded_plan defaults(void) {
    sgp_loaded_plan loaded;
    sgp_fault fault = {0};
    if (sgp_plan_load(NULL, &loaded, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return loaded;
}

/* ---- what comes with Sigap ------------------------------------------------- */

static void test_plan_file_defaults_agree_with_the_core(void **state) {
    (void)state;
    sgp_loaded_plan loaded = defaults();
    const char *nemsis, *code;
    uint32_t n = 0;
    for (; (code = sgp_complaint_code(n, &nemsis)); n++) {
        const sgp_complaint *complaint = sgp_plan_complaint(loaded.plan, code);
        assert_non_null(complaint);
        assert_string_equal(complaint->code, code);
        assert_string_equal(complaint->nemsis, nemsis);
        assert_int_equal(complaint->priority, sgp_complaint_priority(code));
        const sgp_handbook_text *name = &loaded.handbook->complaints[complaint - loaded.plan->complaints];
        assert_string_equal(name->indonesian, sgp_complaint_name(code, "id"));
        assert_string_equal(name->english, sgp_complaint_name(code, "en"));
    }
    assert_int_equal(loaded.plan->n_complaints, n);
    sgp_loaded_plan_clear(&loaded);
    sgp_loaded_plan_clear(&loaded);
}

static void test_plan_file_knows_every_code_of_the_list(void **state) {
    (void)state;
    char path[512], line[256];
    const char *data = getenv("SIGAP_DATA");
    snprintf(path, sizeof path, "%s/vectors/nemsis_edispatch01.csv", data ? data : "");
    FILE *file = data ? fopen(path, "r") : NULL;
    if (!file)
        skip();
    sgp_loaded_plan loaded = defaults();
    int n = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, ",\r\n")] = '\0';
        if (!sgp_plan_complaint(loaded.plan, line))
            fail_msg("no complaint has the code %s", line);
        n++;
    }
    assert_int_equal(n, 50);
    fclose(file);
    sgp_loaded_plan_clear(&loaded);
}

static void test_plan_file_every_complaint_is_answered(void **state) {
    (void)state;
    sgp_loaded_plan loaded = defaults();
    for (uint32_t c = 0; c < loaded.plan->n_complaints; c++)
        for (int p = SGP_P1; p < SGP_PRIORITIES; p++) {
            const sgp_response *response =
                sgp_plan_response(loaded.plan, loaded.plan->complaints[c].code, (sgp_priority)p);
            assert_non_null(response);
            /* Whoever has no advanced ambulance must get somebody all the same. */
            const sgp_seat *first = &loaded.plan->seats[response->first_seat];
            assert_true(((first->kinds | first->instead) & 1u << SGP_UNIT_AMBULANCE_BASIC) != 0);
            assert_false(first->if_possible);
        }
    assert_string_equal(sgp_plan_response(loaded.plan, "2301019", SGP_P1)->code, "resuscitation");
    assert_string_equal(sgp_plan_response(loaded.plan, "stroke", SGP_P1)->code, "advanced");
    assert_int_equal(loaded.target_ms[SGP_P1], 900000);
    assert_int_equal(loaded.target_ms[SGP_P4], 3600000);
    sgp_loaded_plan_clear(&loaded);
}

static void test_plan_file_instructions_are_drafts(void **state) {
    (void)state;
    sgp_loaded_plan loaded = defaults();
    assert_true(loaded.handbook->n_instructions >= 10);
    for (uint32_t i = 0; i < loaded.handbook->n_instructions; i++)
        assert_true(loaded.handbook->instructions[i].is_draft);
    sgp_loaded_plan_clear(&loaded);
}

/* ---- signatures ------------------------------------------------------------ */

static sgp_err load_part(sgp_plan_part part, const char *text, sgp_loaded_plan *loaded,
                         sgp_fault *fault) {
    sgp_plan_files files = {{NULL}, {NULL}};
    char name[] = "x.conf";
    char *copy = strdup(text);
    assert_non_null(copy);
    files.name[part] = name;
    files.text[part] = copy;
    sgp_err err = sgp_plan_parse(&files, loaded, fault);
    free(copy);
    return err;
}

#define STEP(text) "steps = ( { id = \"" text "\"; en = \"Press.\"; } );"
#define HEAD                                                                                       \
    "instructions = ( { code = \"a\"; complaints = [ \"burn\" ]; title_id = \"A\"; title_en = "    \
    "\"A\";"

static void test_plan_file_a_signature_is_for_its_words(void **state) {
    (void)state;
    sgp_loaded_plan loaded;
    sgp_fault fault = {0};
    assert_int_equal(load_part(SGP_PLAN_INSTRUCTIONS, HEAD STEP("Tekan.") "} );", &loaded, &fault),
                     SGP_OK);
    char words[2 * SGP_SIGNATURE_BYTES + 1];
    for (int i = 0; i < SGP_SIGNATURE_BYTES; i++)
        snprintf(words + 2 * i, 3, "%02x", loaded.handbook->instructions[0].words[i]);
    uint8_t unsigned_texts[SGP_HASH_BYTES];
    memcpy(unsigned_texts, loaded.plan->texts, sizeof unsigned_texts);
    sgp_loaded_plan_clear(&loaded);

    static const char format[] =
        HEAD "%s signature = { by = \"dr. Contoh\"; on = \"2027-01-15\"; words = \"%s\"; }; } );";
    char text[1024];
    snprintf(text, sizeof text, format, STEP("Tekan."), words);
    assert_int_equal(load_part(SGP_PLAN_INSTRUCTIONS, text, &loaded, &fault), SGP_OK);
    assert_false(loaded.handbook->instructions[0].is_draft);
    assert_string_equal(loaded.handbook->instructions[0].signed_by, "dr. Contoh");
    /* Another set of texts is another plan, as the journal tells it. */
    assert_memory_not_equal(unsigned_texts, loaded.plan->texts, sizeof unsigned_texts);
    sgp_loaded_plan_clear(&loaded);

    snprintf(text, sizeof text, format, STEP("Tekan!"), words);
    assert_int_equal(load_part(SGP_PLAN_INSTRUCTIONS, text, &loaded, &fault), SGP_OK);
    assert_true(loaded.handbook->instructions[0].is_draft);
    sgp_loaded_plan_clear(&loaded);

    snprintf(text, sizeof text, format, STEP("Tekan."), "12");
    assert_int_equal(load_part(SGP_PLAN_INSTRUCTIONS, text, &loaded, &fault), SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "32 hex digits"));
}

/* ---- mistakes --------------------------------------------------------------- */

#define PLAN(text) SGP_PLAN_RESPONSES, text
static void test_plan_file_mistakes_name_file_and_line(void **state) {
    (void)state;
    static const struct {
        sgp_plan_part part;
        const char *text;
        const char *said; /* all of it stands in the sentence */
    } rows[] = {
        {PLAN("name = \"a\";\nplanz = 1;\n"), "x.conf:2: unknown key \"planz\""},
        {PLAN("name = \"a\"\nname = \"b\"\n"), "x.conf:2: "},
        {PLAN("name = {"), "x.conf:1: syntax error"},
        {PLAN("\n @include \"/dev/stdin\"\n"), "x.conf:2: @include is not possible"},
        {PLAN("responses = (\n { code = \"a\";\n seats = (\n { kinds = [\n \"balloon\" ]; } ); } "
              ");"),
         "x.conf:5: \"balloon\" is not a kind of unit"},
        {PLAN("responses = ( { code = \"a\"; seats = (\n { skills = [ \"neonatal\" ]; } ); } );"),
         "x.conf:2: a seat needs kinds"},
        {PLAN("responses = ( { code = \"a\"; seats = (\n { kinds = [ \"rescue\" ];\n"
              "skills = [ \"juggling\" ]; } ); } );"),
         "x.conf:3: \"juggling\" is not a skill"},
        {PLAN("responses = ( { code = \"a\"; seats = (\n { kinds = [ \"rescue\" ];\nwith = 1; } ); "
              "} );"),
         "x.conf:3: with is the number of a seat that stands before"},
        {PLAN("responses = ( { code = \"a\"; seats = ( { kinds = [ \"rescue\" ]; alarm = 2; },\n"
              "{ kinds = [ \"rescue\" ]; } ); } );"),
         "x.conf:2: seats of a lower alarm level"},
        {PLAN("responses = ( { code = \"a\"; seats = (\n{ kinds = [ \"rescue\" ]; count = 33; } ); "
              "} );"),
         "x.conf:2: count must be between 1 and 32"},
        {PLAN("responses = ( { code = \"a\"; },\n{ code = \"a\"; } );"),
         "x.conf:2: the response \"a\" is there twice"},
        {PLAN("responses = ( { code = \"a\"; alerts = (\n{ agency = \"X\"; } ); } );"),
         "x.conf:2: there is no agency \"X\""},
        {PLAN("agencies = (\n{ code = \"X\"; name = \"X\"; } );"),
         "x.conf:2: the key \"answer_s\" is missing"},
        {PLAN("plans = (\n{ response = \"a\"; } );"), "x.conf:2: there is no response \"a\""},
        {PLAN("plans = ( { response = \"none\"; },\n{ priorities = [ \"P1\" ]; response = "
              "\"none\"; } );"),
         "x.conf:2: this line never decides"},
        {PLAN("plans = ( { complaints = [ \"burn\",\n\"gout\" ]; response = \"none\"; } );"),
         "x.conf:2: there is no complaint \"gout\""},
        {PLAN("plans = ( { priorities = [\n\"P5\" ]; response = \"none\"; } );"),
         "x.conf:2: priorities knows"},
        {PLAN("agencies = 5;"), "x.conf:1: agencies must be a list of groups"},
        {SGP_PLAN_COMPLAINTS,
         "complaints = (\n{ code = \"a\"; priority = \"P1\"; id = \"A\"; en = \"A\"; },\n"
         "{ code = \"a\"; priority = \"P1\"; id = \"A\"; en = \"A\"; } );",
         "the complaint \"a\" is there twice"},
        {SGP_PLAN_COMPLAINTS, "complaints = (\n{ code = \"a\"; priority = \"P0\"; } );",
         "x.conf:2: priority must be \"P1\" to \"P4\""},
        {SGP_PLAN_COMPLAINTS, "complaints = (\n{ code = \"a\"; priority = \"P1\"; en = \"A\"; } );",
         "x.conf:2: the key \"id\" is missing"},
        /* The files agree with each other: these complaints are not enough for plans.conf. */
        {SGP_PLAN_COMPLAINTS, "", "plans.conf:"},
        {SGP_PLAN_SCRIPTS,
         "questions = (\n{ code = \"q\"; id = \"Q\"; en = \"Q\"; answers = (\n"
         "{ code = \"a\"; id = \"A\"; en = \"A\"; weight = 200; } ); } );",
         "x.conf:3: weight must be between -100 and 100"},
        {SGP_PLAN_SCRIPTS, "questions = (\n{ code = \"q\"; id = \"Q\"; en = \"Q\"; } );",
         "x.conf:2: the question \"q\" has no answers"},
        {SGP_PLAN_SCRIPTS,
         "questions = ( { code = \"q\"; id = \"Q\"; en = \"Q\"; answers = (\n"
         "{ code = \"a\"; id = \"A\"; en = \"A\"; becomes = \"gout\"; } ); } );",
         "x.conf:2: there is no complaint \"gout\""},
        {SGP_PLAN_INSTRUCTIONS,
         "instructions = (\n{ code = \"a\"; title_id = \"A\"; title_en = \"A\"; } );",
         "x.conf:2: the key \"complaints\" is missing"},
        {SGP_PLAN_CLOCKS, "measure_by = [\n\"moon\" ];", "x.conf:2: there is no preset \"moon\""},
        {SGP_PLAN_CLOCKS,
         "presets = ( { code = \"a\"; targets = (\n{ from = \"order\"; to = \"answer\"; within_s = "
         "5; "
         "share = 0.9; } ); } );",
         "x.conf:2: the end of a target comes after"},
        {SGP_PLAN_CLOCKS,
         "presets = ( { code = \"a\"; targets = (\n{ from = \"order\"; to = \"free\"; within_s = "
         "5; } "
         "); } );",
         "x.conf:2: the key \"share\" is missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_loaded_plan loaded;
        sgp_fault fault = {0};
        sgp_err err = load_part(rows[i].part, rows[i].text, &loaded, &fault);
        if (err != SGP_E_CONFIG || !strstr(fault.text, rows[i].said))
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, fault.text, rows[i].said);
        assert_null(loaded.plan);
    }
}

static void test_plan_file_pairs_go_along_one_by_one(void **state) {
    (void)state;
    sgp_loaded_plan loaded;
    sgp_fault fault = {0};
    static const char text[] =
        "responses = ( { code = \"a\"; seats = (\n"
        "{ kinds = [ \"ambulance_basic\" ]; count = 2; within_min = 7.5; },\n"
        "{ kinds = [ \"motorbike\" ]; count = 3; with = 1; if_possible = true; } ); } );\n"
        "plans = ( { complaints = [ \"2301013\" ]; priorities = [ \"P2\" ]; response = \"a\"; } );";
    assert_int_equal(load_part(SGP_PLAN_RESPONSES, text, &loaded, &fault), SGP_OK);
    assert_int_equal(loaded.plan->n_seats, 5);
    assert_int_equal(loaded.plan->seats[0].within_ms, 450000);
    assert_int_equal(loaded.plan->seats[2].with, 1);
    assert_int_equal(loaded.plan->seats[3].with, 2);
    assert_int_equal(loaded.plan->seats[4].with, 2);
    assert_non_null(sgp_plan_response(loaded.plan, "breathing", SGP_P2));
    assert_null(sgp_plan_response(loaded.plan, "breathing", SGP_P1));
    sgp_loaded_plan_clear(&loaded);
}

static void test_plan_file_reads_a_folder(void **state) {
    (void)state;
    sgp_loaded_plan loaded;
    sgp_fault fault = {0};
    assert_int_equal(sgp_plan_load("/no/such/folder", &loaded, &fault), SGP_E_IO);
    char folder[] = "/tmp/sigap-plans-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/clocks.conf", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("measure_by = [ \"a\" ];\npresets = ( { code = \"a\"; targets = ( { from = \"answer\";"
          " to = \"on_scene\"; within_s = 480; mean = true; } ); } );\n",
          file);
    fclose(file);
    assert_int_equal(sgp_plan_load(folder, &loaded, &fault), SGP_OK);
    assert_int_equal(loaded.plan->n_targets, 1);
    assert_int_equal(loaded.target_ms[SGP_P3], 480000);
    assert_true(loaded.plan->n_responses > 0); /* the others come with Sigap */
    sgp_loaded_plan_clear(&loaded);
    file = fopen(path, "w");
    fputs("\n\nmeasure_by = 5;\n", file);
    fclose(file);
    assert_int_equal(sgp_plan_load(folder, &loaded, &fault), SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "clocks.conf:3: "));
    unlink(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_file_defaults_agree_with_the_core),
        cmocka_unit_test(test_plan_file_knows_every_code_of_the_list),
        cmocka_unit_test(test_plan_file_every_complaint_is_answered),
        cmocka_unit_test(test_plan_file_instructions_are_drafts),
        cmocka_unit_test(test_plan_file_a_signature_is_for_its_words),
        cmocka_unit_test(test_plan_file_mistakes_name_file_and_line),
        cmocka_unit_test(test_plan_file_pairs_go_along_one_by_one),
        cmocka_unit_test(test_plan_file_reads_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
