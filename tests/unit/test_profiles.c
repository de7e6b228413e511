/* profiles.conf: the shipped file, what a profile takes over from another, and every
 * kind of mistake with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "route/profile.h"

static sgp_profiles *shipped(void) {
    sgp_profiles *profiles = NULL;
    sgp_fault fault = {SGP_OK, ""};
    if (sgp_profiles_read(SIGAP_SOURCE_DIR "/gis/profiles.conf", &profiles, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return profiles;
}

static void test_profiles_shipped(void **state) {
    (void)state;
    static const char *const names[] = {"ambulance", "ambulance_lights", "motorbike",
                                        "fire_engine"};
    sgp_profiles *profiles = shipped();
    assert_int_equal(profiles->n_vehicles, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(profiles->vehicles[i].name, names[i]);
    assert_true(profiles->has_foot);
    assert_int_equal(profiles->foot.steps_m_h, 1800);
    assert_int_equal(profiles->turns, SGP_TURNS_MAJOR);
    assert_int_equal(profiles->side, SGP_SIDE_BY_PLACE);

    const sgp_vehicle *ambulance = &profiles->vehicles[0], *lights = &profiles->vehicles[1];
    assert_int_equal(ambulance->road_km_h[SGP_ROAD_PRIMARY], 52);
    assert_int_equal(ambulance->link_km_h[SGP_ROAD_PRIMARY], 40);
    assert_int_equal(ambulance->link_km_h[SGP_ROAD_RESIDENTIAL], 26); /* none given */
    assert_int_equal(ambulance->width_cm, 200);
    assert_int_equal(ambulance->hump_ms, 1500);
    assert_int_equal(ambulance->against_percent, 0);
    assert_true(ambulance->obeys_restrictions);
    assert_int_equal(sgp_profile_percent(&ambulance->surfaces, "gravel"), 60);
    assert_int_equal(sgp_profile_percent(&ambulance->surfaces, "asphalt"), 100);
    assert_int_equal(sgp_profile_percent(&ambulance->surfaces, NULL), 100);
    assert_int_equal(sgp_profile_barrier(&ambulance->barriers, "bollard"), SGP_BARRIER_BLOCKS);
    assert_int_equal(sgp_profile_barrier(&ambulance->barriers, "lift_gate"), SGP_BARRIER_GATE);
    assert_int_equal(sgp_profile_barrier(&ambulance->barriers, "kerb"), SGP_BARRIER_PASSES);
    /* What is not said again is as in the one that it is like. */
    assert_true(lights->lights && !lights->obeys_restrictions);
    assert_int_equal(lights->hump_ms, 1500);
    assert_int_equal(lights->slowest_km_h, 5);
    assert_int_equal(lights->limit_near_percent, 90);
    assert_int_equal(sgp_profile_percent(&lights->surfaces, "gravel"), 60);
    assert_true(lights->against_classes >> SGP_ROAD_PRIMARY & 1);
    assert_false(lights->against_classes >> SGP_ROAD_MOTORWAY & 1);
    assert_int_equal(sgp_profile_barrier(&profiles->vehicles[2].barriers, "bollard"),
                     SGP_BARRIER_PASSES);
    assert_int_equal(sgp_profile_barrier(&profiles->vehicles[2].barriers, "wall"),
                     SGP_BARRIER_BLOCKS);
    sgp_profiles_destroy(profiles);
}

static void test_profiles_built_in_is_the_shipped_one(void **state) {
    (void)state;
    sgp_profiles *file = shipped(), *built_in = NULL;
    assert_int_equal(sgp_profiles_read(NULL, &built_in, NULL), SGP_OK);
    assert_memory_equal(file, built_in, sizeof *file);
    sgp_profiles_destroy(file);
    sgp_profiles_destroy(built_in);
}

/* The shipped text with `from` replaced by `to` (which keeps the number of lines). */
static char *changed(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    if (!at)
        fail_msg("the shipped file does not say '%s'", from);
    char *out = malloc(strlen(text) + strlen(to) + 1);
    assert_non_null(out);
    memcpy(out, text, (size_t)(at - text));
    strcpy(out + (at - text), to);
    strcat(out, at + strlen(from));
    return out;
}

static int line_of(const char *text, const char *what) {
    int line = 1;
    for (const char *at = text; at < strstr(text, what); at++)
        line += *at == '\n';
    return line;
}

static char *shipped_text(void) {
    FILE *file = fopen(SIGAP_SOURCE_DIR "/gis/profiles.conf", "r");
    assert_non_null(file);
    char *text = calloc(1, SGP_PROFILE_TEXT_MAX);
    assert_non_null(text);
    assert_true(fread(text, 1, SGP_PROFILE_TEXT_MAX - 1, file) > 1000);
    fclose(file);
    return text;
}

static void test_profiles_mistakes_have_a_line(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *sentence;
        const char *where; /* the line that is named, where it is another one */
    } rows[] = {
        {"width_m = 2.0", "widht_m = 2.0", "unknown key \"widht_m\" in ambulance", NULL},
        {"lights = false;", "lights = 0;", "lights must be true or false", NULL},
        {"motorway = 90;", "motorway = 900;", "motorway must be between 1 and 200", NULL},
        {"motorway = 90;", "motorway = \"quick\";", "motorway must be a number", NULL},
        {"trunk = 65;", "", "the key \"trunk\" is missing in speeds_km_h", "speeds_km_h:"},
        {"driveway = 10;", "roadway = 10;", "unknown key \"roadway\" in speeds_km_h", NULL},
        {"(\"sett\", 85)", "(\"sett\", 850)", "sett must be between 0 and 200", NULL},
        {"(\"sett\", 85)", "(\"sett\")", "surfaces must hold pairs", NULL},
        {"(\"sett\", 85)", "(\"a_word_that_nobody_could_ever_need\", 85)", "longer than 27 bytes",
         NULL},
        {"(\"log\", \"blocks\")", "(\"log\", \"stops\")", "a barrier \"blocks\"", NULL},
        {"private_percent = 50;", "private_percent = -1;", "private_percent must be between", NULL},
        {"classes = [ ]", "classes = [ \"gang\" ]", "\"gang\" is no class of road", NULL},
        {"also_on = [ ]", "also_on = [ \"steps\" ]", "not closed to vehicles by its nature",
         "  ambulance:"},
        {"also_on = [ ]", "also_on = \"path\"", "also_on must be a list", NULL},
        {"limits: { kept_percent = 100;", "limits: { kept_percent = 400;", "kept_percent must be",
         NULL},
        {"turns = \"major\"", "turns = \"always\"", "turns must be \"nowhere\"", NULL},
        {"side = \"by_place\"", "side = \"up\"", "side must be \"by_place\"", NULL},
        {"like = \"ambulance\";\n    lights", "like = \"fire_engine\";\n    lights",
         "like must name a vehicle further up", "like = \"ambulance\""},
        {"obeyed = true; seconds = 0.0", "obeyed = true; seconds = 4000.0",
         "seconds must be between 0 and 3600", NULL},
        {"steps = 1.8;", "", "the key \"steps\" is missing in speeds_km_h",
         "speeds_km_h:\n  {\n    street"},
        {"slowest = 5;", "slowest = 140;", "slowest is quicker than fastest", "  ambulance:"},
        {"access = [ \"foot\", \"access\" ]", "access = [ ]", "access needs at least one word",
         "foot:\n"},
        {"  ambulance_lights:", "  an_ambulance_with_lights_and_siren_on:", "is longer than 31",
         NULL},
        {"  motorbike:\n  {", "  motorbike = 1; other:\n  {", "motorbike must be a group", NULL},
        {"foot:\n", "feet:\n", "unknown key \"feet\"", NULL},
        {"lights = false;", "lights = ;", "syntax error", NULL},
    };
    char *text = shipped_text();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *wrong = changed(text, rows[i].from, rows[i].to);
        sgp_profiles *profiles = NULL;
        sgp_fault fault = {SGP_OK, ""};
        sgp_err err = sgp_profiles_parse(wrong, strlen(wrong), "my.conf", &profiles, &fault);
        int line = 0;
        if (err != SGP_E_CONFIG || !strstr(fault.text, rows[i].sentence) ||
            sscanf(fault.text, "my.conf:%d:", &line) != 1)
            fail_msg("'%s': %s: %s", rows[i].to, sgp_err_str(err), fault.text);
        int expected = line_of(text, rows[i].where ? rows[i].where : rows[i].from);
        if (line != expected)
            fail_msg("'%s' is in line %d: %s", rows[i].to, expected, fault.text);
        free(wrong);
    }
    free(text);
}

static void test_profiles_refuses(void **state) {
    (void)state;
    sgp_profiles *profiles = NULL;
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_profiles_read("/no/such/profiles.conf", &profiles, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/no/such/profiles.conf"));
    assert_int_equal(sgp_profiles_read("/tmp", &profiles, &fault), SGP_E_IO);
    assert_int_equal(sgp_profiles_parse("a\0b", 3, "x", &profiles, &fault), SGP_E_CONFIG);
    assert_int_equal(sgp_profiles_parse("", 0, "x", &profiles, &fault), SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "the key \"turns\" is missing"));
    static const char none[] = "turns = \"major\"; side = \"left\"; vehicles: { };";
    assert_int_equal(sgp_profiles_parse(none, sizeof none - 1, "x", &profiles, &fault),
                     SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "at least one vehicle"));
    assert_null(profiles);
    sgp_profiles_destroy(NULL);
}

static void test_profiles_at_most_sixteen(void **state) {
    (void)state;
    char *text = shipped_text();
    char many[2000] = "  ambulance_lights:";
    for (int i = 0; i < SGP_PROFILES_MAX; i++)
        snprintf(many + strlen(many) - strlen("  ambulance_lights:"), sizeof many / 2,
                 "  like_%d: { like = \"ambulance\"; };  ambulance_lights:", i);
    char *wrong = changed(text, "  ambulance_lights:", many);
    sgp_profiles *profiles = NULL;
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_profiles_parse(wrong, strlen(wrong), "x", &profiles, &fault),
                     SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "more than 16 vehicles"));
    free(wrong);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profiles_shipped),
        cmocka_unit_test(test_profiles_built_in_is_the_shipped_one),
        cmocka_unit_test(test_profiles_mistakes_have_a_line),
        cmocka_unit_test(test_profiles_refuses),
        cmocka_unit_test(test_profiles_at_most_sixteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
