#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve/settings.h"

static char folder[64];

static char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/sgp-test.XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path_of("sigap.conf"));
    unlink(path_of("fleet.conf"));
    unlink(path_of("clocks.conf"));
    return rmdir(folder);
}

#define BASE                                                                                       \
    "city = { graph = \"g.sgr\"; };\n"                                                             \
    "listen = { socket = \"s\"; };\n"                                                              \
    "journal = { path = \"j\"; key_file = \"k\"; };\n"
#define STATION "stations = ( { code = \"S\"; name = \"Pos\"; lon = 112.6; lat = -8; } );\n"
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void test_settings_example_is_complete(void **state) {
    (void)state;
    sgp_settings s;
    sgp_fault fault = {0};
    if (sgp_settings_load(SIGAP_SOURCE_DIR "/engine/serve/sigap.conf.example", &s, &fault) !=
        SGP_OK)
        fail_msg("%s", fault.text);
    assert_string_equal(s.socket, "var/run/sigap.sock");
    assert_int_equal(s.tls_port, 1190);
    assert_int_equal(s.http_port, 1191);
    assert_int_equal(s.snapshot_every, 20000);
    assert_int_equal(s.n_users, 2);
    assert_int_equal(s.users[1].role, SIGAP__V1__ROLE__CREW);
    assert_int_equal(s.n_units, 1);
    assert_string_equal(s.units[0].station, "PSC 119 Kota Malang");
    assert_string_equal(s.units[0].agency, "Dinas Kesehatan Kota Malang");
    assert_int_equal(s.units[0].kind, SGP_UNIT_AMBULANCE_ADVANCED);
    assert_int_equal(s.n_hospitals, 1);
    assert_int_equal(s.hospitals[0].beds, 40);
    assert_int_equal(s.jurisdiction.radius_m, 15000);
    assert_int_equal(s.jurisdiction.point.lon_e7, 1126326000);
    assert_int_equal(s.users[0].jurisdiction.radius_m, 0);
    /* The example shows the defaults. */
    sgp_road_settings roads;
    sgp_road_settings_default(&roads);
    assert_memory_equal(roads.profile, s.roads.profile, sizeof roads.profile);
    assert_memory_equal(roads.with_lights, s.roads.with_lights, sizeof roads.with_lights);
    assert_memory_equal(roads.lights, s.roads.lights, sizeof roads.lights);
    assert_string_equal(s.roads.time.zone, "Asia/Jakarta");
    assert_int_equal(s.roads.time.offset_s[0], 7 * 3600);
    assert_int_equal(s.roads.n_also, 0);
    assert_null(s.roads.week);
    sgp_clocks defaults;
    sgp_clocks_default(&defaults);
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++) {
        assert_int_equal(s.clocks.accept_ms[p], defaults.accept_ms[p]);
        assert_int_equal(s.clocks.target_ms[p], defaults.target_ms[p]);
        assert_int_equal(s.clocks.order_without_click[p], defaults.order_without_click[p]);
    }
    assert_memory_equal(s.clocks.turnout_ms, defaults.turnout_ms, sizeof defaults.turnout_ms);
    assert_int_equal(s.clocks.confident_permille, defaults.confident_permille);
    assert_int_equal(s.clocks.phone_place_m, defaults.phone_place_m);
    assert_int_equal(s.clocks.position_max_age_ms, defaults.position_max_age_ms);
    sgp_rules rules;
    sgp_rules_default(&rules);
    assert_memory_equal(&s.clocks.rules, &rules, sizeof rules);
    assert_int_equal(s.clocks.policy[SGP_P1], SGP_POLICY_CLOSEST_WITH_DIVERSION);
    assert_int_equal(s.clocks.policy[SGP_P4], SGP_POLICY_CLOSEST);
    sgp_settings_free(&s);
}

/* Clocks are read anew from the file itself; what it includes is not looked at, and lines keep
 * their numbers. */
static void test_settings_clocks_anew(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_clocks clocks;
    sgp_clocks_default(&clocks);
    clocks.rules.divert_gain_ms = 77;
    char path[256];
    write_file("clocks.conf", "@include \"/no/such/file\"\n"
                              "clocks = { accept_s = [ 11, 12, 13, 14 ]; };\n");
    snprintf(path, sizeof path, "%s/clocks.conf", folder);
    assert_int_equal(sgp_settings_load_clocks(path, &clocks, &fault), SGP_OK);
    assert_int_equal(clocks.accept_ms[SGP_P2], 12000);
    assert_int_equal(clocks.rules.divert_gain_ms, 77); /* as it was: another file says it */
    write_file("clocks.conf", "@include \"/no/such/file\"\n\nclocks = { accept_h = 5; };\n");
    assert_int_equal(sgp_settings_load_clocks(path, &clocks, &fault), SGP_E_CONFIG);
    assert_non_null(strstr(fault.text, "clocks.conf:3: unknown key"));
    assert_int_equal(clocks.accept_ms[SGP_P2], 12000);
    write_file("clocks.conf", "log = { level = \"info\"; };\n");
    assert_int_equal(sgp_settings_load_clocks(path, &clocks, &fault), SGP_OK);
    assert_int_equal(clocks.accept_ms[SGP_P2], 12000);
}

/* Rules, policies and owners come as they are written; what is not written is the default. */
static void test_settings_rules_and_owners(void **state) {
    (void)state;
    write_file(
        "sigap.conf", BASE STATION
        "clocks = { policy = \"joint\"; };\n"
        "rules = { divert_gain_s = 30; crew_h = [ 24, 16, 12, 10 ]; walk_m_s = 1.5;\n"
        "  patients_first = false; position_en_route_s = 45; };\n"
        "units = ( { code = \"A\"; kind = \"rescue\"; station = \"S\";\n"
        "  district = \"Kota Batu\"; lending = \"when_asked\"; serves = [ \"P1\", \"P3\" ]; },\n"
        "  { code = \"B\"; kind = \"rescue\"; station = \"S\"; } );\n");
    sgp_settings s;
    sgp_fault fault = {0};
    if (sgp_settings_load(path_of("sigap.conf"), &s, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_rules rules;
    sgp_rules_default(&rules);
    rules.divert_gain_ms = 30000;
    rules.crew_ms[SGP_P1] = 24 * 3600000;
    rules.crew_ms[SGP_P2] = rules.crew_ms[SGP_PRIORITY_UNKNOWN] = 16 * 3600000;
    rules.crew_ms[SGP_P3] = 12 * 3600000;
    rules.crew_ms[SGP_P4] = 10 * 3600000;
    rules.walk_cm_s = 150;
    rules.patients_first = false;
    rules.position_age_ms[SGP_UNIT_EN_ROUTE] = 45000;
    assert_memory_equal(&s.clocks.rules, &rules, sizeof rules);
    for (int p = 0; p < SGP_PRIORITIES; p++)
        assert_int_equal(s.clocks.policy[p], SGP_POLICY_JOINT);
    assert_string_equal(s.units[0].district, "Kota Batu");
    assert_int_equal(s.units[0].lending, SGP_LENT_WHEN_ASKED);
    assert_int_equal(s.units[0].serves, 1u << SGP_P1 | 1u << SGP_P3);
    assert_string_equal(s.units[1].district, "");
    assert_int_equal(s.units[1].lending, SGP_LENT_FREELY);
    assert_int_equal(s.units[1].serves, 0);
    sgp_settings_free(&s);
}

static void test_settings_include_relative_and_absolute(void **state) {
    (void)state;
    char before[PATH_MAX], after[PATH_MAX], text[512];
    assert_non_null(getcwd(before, sizeof before));
    write_file("fleet.conf",
               STATION "units = ( { code = \"A\"; kind = \"motorbike\"; station = \"S\"; } );\n");
    for (int absolute = 0; absolute < 2; absolute++) {
        snprintf(text, sizeof text, BASE "@include \"%s%s\"\n", absolute ? folder : "",
                 absolute ? "/fleet.conf" : "fleet.conf");
        write_file("sigap.conf", text);
        sgp_settings s;
        sgp_fault fault = {0};
        if (sgp_settings_load(path_of("sigap.conf"), &s, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        assert_int_equal(s.n_units, 1);
        assert_string_equal(s.units[0].name, "A");
        sgp_settings_free(&s);
        assert_non_null(getcwd(after, sizeof after));
        assert_string_equal(before, after);
    }
}

static void test_settings_mistakes_name_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {BASE "colour = 1;\n", "sigap.conf:4: unknown key \"colour\""},
        {BASE "clocks = { accept = [1,2,3,4]; };\n", "sigap.conf:4: unknown key \"accept\""},
        {BASE "clocks = { accept_s = [1,2,3]; };\n", "sigap.conf:4: accept_s must be four"},
        {BASE "clocks = { accept_s = [1,2,3,0]; };\n", "accept_s must be between 1 and 3600"},
        {BASE "clocks = { turnout_s = { bicycle = 3; }; };\n", "unknown key \"bicycle\""},
        {BASE "jurisdiction = { lon = 1; lat = 2; };\n", "sigap.conf:4: the key \"radius_m\""},
        {BASE "jurisdiction = { lon = 1; lat = 2; radius_m = 0; };\n",
         "sigap.conf:4: radius_m must be between 1 and 100000"},
        {BASE "jurisdiction = { name = \"Kota Batu\"; };\n", "sigap.conf:4: unknown key \"name\""},
        {BASE "roads = { speed = 3; };\n", "sigap.conf:4: unknown key \"speed\""},
        {BASE "roads = { time_zone = \"Asia/Atlantis\"; };\n",
         "sigap.conf:4: time_zone: this system knows no time zone Asia/Atlantis"},
        {BASE "roads = { time_zone = \"../x\"; };\n", "is not the name of a time zone"},
        {BASE "roads = { profiles = { bicycle = \"x\"; }; };\n", "unknown key \"bicycle\""},
        {BASE "roads = { profiles = { motorbike = \"\"; }; };\n", "motorbike is empty"},
        {BASE "roads = { profiles = { motorbike = 3; }; };\n", "motorbike must be a text"},
        {BASE "roads = { lights = [ \"P5\" ]; };\n", "lights knows"},
        {BASE "roads = { lights = \"P1\"; };\n", "lights must be a list"},
        {BASE "roads = { also = [ \"\" ]; };\n", "also names profiles"},
        {BASE "roads = { week_table = \"/nowhere/week.conf\"; };\n", "week_table: "},
        {BASE "clocks = { order_without_click = [\"P5\"]; };\n", "knows \"P1\" to \"P4\""},
        {BASE "clocks = { reorder_after_refusal = 1; };\n", "must be true or false"},
        {BASE "clocks = { policy = \"nearest\"; };\n",
         "sigap.conf:4: there is no policy \"nearest\""},
        {BASE "clocks = { policy = [ \"closest\" ]; };\n", "one name or four"},
        {BASE "clocks = { policy = [ \"closest\", \"joint\", \"x\", \"closest\" ]; };\n",
         "there is no policy \"x\""},
        {BASE "rules = { divert_gain = 3; };\n", "sigap.conf:4: unknown key \"divert_gain\""},
        {BASE "rules = { divert_gain_s = -1; };\n", "divert_gain_s must be between 0 and 3600"},
        {BASE "rules = { walk_m_s = 9; };\n", "walk_m_s must be between 0 and 5"},
        {BASE STATION "units = ( { code = \"A\"; kind = \"rescue\"; station = \"S\";\n"
                      " lending = \"gladly\"; } );\n",
         "sigap.conf:6: \"gladly\" is no way of lending"},
        {BASE STATION "units = ( { code = \"A\"; kind = \"rescue\"; station = \"S\";\n"
                      " serves = [ \"P5\" ]; } );\n",
         "serves knows"},
        {BASE "city = 3;\n", ":4: "},
        {"city = { graph = 3; };\n", "sigap.conf:1: graph must be a text"},
        {"city = { };\n", "sigap.conf:1: the key \"graph\" is missing"},
        {"city = { graph = \"g\"; };\n", "the group \"listen\" is missing"},
        {"city = { graph = \"g\"; };\nlisten = { };\n", "nothing to listen on"},
        {"city = { graph = \"g\"; };\nlisten = { http = { port = 99999; }; };\n",
         "sigap.conf:2: port must be between 1 and 65535"},
        {"city = { graph = \"g\"; };\nlisten = { tls = { port = 1; }; };\n",
         "the key \"certificate\" is missing"},
        {"city = { graph = \"g\"; };\nlisten = { http = { port = 1; tls = true; }; };\n",
         "needs the group listen.tls"},
        {BASE "users = ( { name = \"u\"; role = \"king\"; token_hash = \"" HASH "\"; } );\n",
         "sigap.conf:4: \"king\" is not a role"},
        {BASE "users = ( { name = \"u\"; role = \"viewer\"; token_hash = \"12\"; } );\n",
         "64 hex digits"},
        {BASE "users = ( { name = \"u\"; role = \"crew\"; token_hash = \"" HASH "\"; } );\n",
         "the key \"unit\" is missing"},
        {BASE "users = ( { name = \"u\"; role = \"crew\"; token_hash = \"" HASH
              "\"; unit = \"X\"; } );\n",
         "which is not in units"},
        {BASE "users = ( { name = \"u\"; role = \"admin\"; token_hash = \"" HASH
              "\"; unit = \"X\"; } );\n",
         "only the role crew has a unit"},
        {BASE "units = ( { code = \"A\"; kind = \"motorbike\"; station = \"S\"; } );\n",
         "there is no station \"S\""},
        {BASE STATION "units = ( { code = \"A\"; kind = \"tram\"; station = \"S\"; } );\n",
         "sigap.conf:5: \"tram\" is not a kind of unit"},
        {BASE STATION "units = ( { code = \"A\"; kind = \"rescue\"; station = \"S\";\n"
                      " skills = [ \"extrication\", \"juggling\" ]; } );\n",
         "sigap.conf:6: \"juggling\" is not a skill"},
        {BASE
         "users = ( { name = \"u\"; role = \"viewer\"; agency = \"DAMKAR\"; token_hash = \"" HASH
         "\"; } );\n",
         "only the role partner has an agency"},
        {BASE STATION "units = ( { code = \"A\"; kind = \"rescue\"; station = \"S\"; },\n"
                      " { code = \"A\"; kind = \"rescue\"; station = \"S\"; } );\n",
         "sigap.conf:6: the unit \"A\" is there twice"},
        {BASE "hospitals = ( { code = \"H\"; name = \"h\"; lon = 112; lat = 95; } );\n",
         "lat must be between -90 and 90"},
        {BASE "hospitals = ( { code = \"a code that is longer than it may be\"; name = \"h\";"
              " lon = 112; lat = 5; } );\n",
         "code is longer than 23 bytes"},
        {BASE "units = 3;\n", "units must be a list of groups"},
        {BASE "@include \"nowhere.conf\"\n", "sigap.conf:4: cannot open include file"},
        {BASE "city = {", "sigap.conf:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_file("sigap.conf", cases[i].text);
        sgp_settings s;
        sgp_fault fault = {0};
        assert_int_equal(sgp_settings_load(path_of("sigap.conf"), &s, &fault), SGP_E_CONFIG);
        if (strstr(fault.text, cases[i].sentence) == NULL)
            fail_msg("case %zu: \"%s\" lacks \"%s\"", i, fault.text, cases[i].sentence);
    }
    sgp_settings s;
    sgp_fault fault = {0};
    assert_int_equal(sgp_settings_load(path_of("absent.conf"), &s, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "absent.conf"));
}

static void test_settings_user_by_token(void **state) {
    (void)state;
    char token[2][SGP_TOKEN_TEXT], hash[2][SGP_TOKEN_HASH_TEXT], text[1024];
    for (int i = 0; i < 2; i++)
        sgp_token_make(token[i], hash[i]);
    assert_string_not_equal(token[0], token[1]);
    snprintf(text, sizeof text,
             BASE "users = ( { name = \"a\"; role = \"viewer\"; token_hash = \"%s\"; },"
                  " { name = \"b\"; role = \"call_taker\"; token_hash = \"%s\"; } );\n",
             hash[0], hash[1]);
    write_file("sigap.conf", text);
    sgp_settings s;
    assert_int_equal(sgp_settings_load(path_of("sigap.conf"), &s, NULL), SGP_OK);
    assert_string_equal(sgp_settings_user(&s, token[0])->name, "a");
    assert_int_equal(sgp_settings_user(&s, token[1])->role, SIGAP__V1__ROLE__CALL_TAKER);
    assert_null(sgp_settings_user(&s, ""));
    assert_null(sgp_settings_user(&s, hash[0]));
    token[0][0] ^= 1;
    assert_null(sgp_settings_user(&s, token[0]));
    sgp_settings_free(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_example_is_complete),
        cmocka_unit_test(test_settings_rules_and_owners),
        cmocka_unit_test(test_settings_clocks_anew),
        cmocka_unit_test(test_settings_include_relative_and_absolute),
        cmocka_unit_test(test_settings_mistakes_name_file_and_line),
        cmocka_unit_test(test_settings_user_by_token),
    };
    return cmocka_run_group_tests_name("settings", tests, make_folder, remove_folder);
}
