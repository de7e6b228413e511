/* What tags mean to a vehicle: one row for each rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "route/osm_roads.h"

enum { TAGS_MAX = 8 };

/* Splits "highway=residential oneway=yes" into tags; '+' stands for a space in values. */
static sgp_osm_tags tags_of(const char *text, sgp_osm_tag list[TAGS_MAX], char copy[300]) {
    size_t n = 0;
    assert_true(strlen(text) < 300);
    strcpy(copy, text);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        assert_non_null(equals);
        *equals = '\0';
        assert_true(n < TAGS_MAX);
        list[n++] = (sgp_osm_tag){word, equals + 1};
        for (char *c = equals + 1; *c; c++)
            *c = *c == '+' ? ' ' : *c;
    }
    return (sgp_osm_tags){list, n};
}

static const sgp_profiles *profiles;

static const sgp_vehicle *vehicle_called(const char *name) {
    for (uint32_t i = 0; i < profiles->n_vehicles; i++) {
        if (strcmp(profiles->vehicles[i].name, name) == 0)
            return &profiles->vehicles[i];
    }
    fail_msg("no vehicle is called %s", name);
    return NULL;
}

/* Whether the vehicle drives the way at all. */
static bool drive(sgp_osm_tags tags, const char *vehicle, sgp_osm_road *road,
                  sgp_osm_drive *drive_as) {
    *drive_as = (sgp_osm_drive){0, 0, 0, 0, 0, 0};
    sgp_osm_closing closing;
    memset(&closing, 0, sizeof closing);
    if (!sgp_osm_road_read(tags, road))
        return false;
    *drive_as = sgp_osm_drive_read(tags, road, vehicle_called(vehicle), &closing);
    return drive_as->forward_km_h || drive_as->backward_km_h;
}

enum { NO = 0, FORWARD = 1, BACKWARD = 2, BOTH = 3 };

static void test_osm_roads_who_may_drive_where(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        int directions;
        int flags;
    } rows[] = {
        {"highway=residential", BOTH, 0},
        {"highway=primary name=Jalan+Ijen", BOTH, 0},
        {"highway=motorway", FORWARD, 0},
        {"highway=motorway oneway=no", BOTH, 0},
        {"highway=motorway_link", BOTH, SGP_EDGE_LINK},
        {"highway=trunk_link oneway=yes", FORWARD, SGP_EDGE_LINK},
        {"building=yes", NO, 0},
        {"highway=construction", NO, 0},
        {"highway=proposed", NO, 0},
        {"highway=residential area=yes", NO, 0},
        /* directions */
        {"highway=primary oneway=yes", FORWARD, 0},
        {"highway=primary oneway=true", FORWARD, 0},
        {"highway=primary oneway=1", FORWARD, 0},
        {"highway=primary oneway=-1", BACKWARD, 0},
        {"highway=primary oneway=reverse", BACKWARD, 0},
        {"highway=primary oneway=no", BOTH, 0},
        {"highway=primary oneway=reversible", NO, 0},
        {"highway=primary oneway=alternating", BOTH, 0},
        {"highway=primary oneway=what", BOTH, 0},
        {"highway=primary oneway=yes oneway:emergency=no", BOTH, 0},
        {"highway=primary oneway:motor_vehicle=yes", FORWARD, 0},
        {"highway=primary oneway:bicycle=yes", BOTH, 0},
        {"highway=tertiary junction=roundabout", FORWARD, SGP_EDGE_ROUNDABOUT},
        {"highway=tertiary junction=circular", FORWARD, SGP_EDGE_ROUNDABOUT},
        {"highway=tertiary junction=roundabout oneway=-1", BACKWARD, SGP_EDGE_ROUNDABOUT},
        {"highway=residential motor_vehicle:backward=no", FORWARD, 0},
        {"highway=residential access:forward=no", BACKWARD, 0},
        /* access */
        {"highway=residential access=no", NO, 0},
        {"highway=residential access=no emergency=yes", BOTH, 0},
        {"highway=residential access=no motor_vehicle=yes", BOTH, 0},
        {"highway=residential access=yes motor_vehicle=no", NO, 0},
        {"highway=residential motorcar=no", NO, 0},
        {"highway=residential vehicle=no", NO, 0},
        {"highway=residential emergency=no", NO, 0},
        {"highway=service access=private", BOTH, SGP_EDGE_RESTRICTED},
        {"highway=service access=private emergency=designated", BOTH, 0},
        {"highway=residential access=destination", BOTH, 0},
        {"highway=residential motor_vehicle=residents", BOTH, SGP_EDGE_RESTRICTED},
        {"highway=track motor_vehicle=agricultural", BOTH, SGP_EDGE_RESTRICTED},
        {"highway=service access=customers", BOTH, 0},
        {"highway=service access=unheard-of", BOTH, 0},
        /* not for cars by nature */
        {"highway=footway", NO, 0},
        {"highway=footway access=yes", NO, 0},
        {"highway=footway motor_vehicle=yes", BOTH, 0},
        {"highway=path emergency=yes", BOTH, 0},
        {"highway=pedestrian", NO, 0},
        {"highway=pedestrian vehicle=yes", BOTH, 0},
        {"highway=pedestrian emergency=yes access=no", BOTH, 0},
        {"highway=pedestrian motor_vehicle=private", BOTH, SGP_EDGE_RESTRICTED},
        {"highway=cycleway", NO, 0},
        {"highway=busway", NO, 0},
        {"highway=busway emergency=yes", BOTH, 0},
        {"highway=steps emergency=yes", NO, 0},
        /* too small */
        {"highway=residential width=1.5", NO, 0},
        {"highway=residential width=1.9+m", NO, 0},
        {"highway=residential width=2", BOTH, 0},
        {"highway=residential width=5'", NO, 0},
        {"highway=residential width=narrow", BOTH, 0},
        {"highway=living_street est_width=1.2", NO, 0},
        {"highway=residential maxwidth=1.8", NO, 0},
        {"highway=residential maxheight=2.1", NO, 0},
        {"highway=residential maxheight=default", BOTH, 0},
        {"highway=residential maxweight=1.5", NO, 0},
        {"highway=track smoothness=impassable", NO, 0},
        /* ferries */
        {"route=ferry", NO, 0},
        {"route=ferry motor_vehicle=yes", BOTH, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_road road;
        sgp_osm_drive as;
        bool driven = drive(tags_of(rows[i].tags, list, copy), "ambulance", &road, &as);
        int directions = (as.forward_km_h ? FORWARD : 0) | (as.backward_km_h ? BACKWARD : 0);
        int flags = driven ? (road.link ? SGP_EDGE_LINK : 0) |
                                 (road.roundabout ? SGP_EDGE_ROUNDABOUT : 0) |
                                 (as.is_private ? SGP_EDGE_RESTRICTED : 0)
                           : 0;
        if (directions != rows[i].directions || (driven && flags != rows[i].flags))
            fail_msg("'%s': directions %d flags %d", rows[i].tags, directions, flags);
        assert_int_equal(as.against, 0); /* without lights never */
    }
}

static void test_osm_roads_names(void **state) {
    (void)state;
    sgp_osm_tag list[TAGS_MAX];
    char copy[300];
    sgp_osm_road road;
    assert_true(
        sgp_osm_road_read(tags_of("highway=primary name=Jalan+Ijen ref=17", list, copy), &road));
    assert_string_equal(road.name, "Jalan Ijen");
    assert_int_equal(road.road_class, SGP_ROAD_PRIMARY);
    assert_true(sgp_osm_road_read(tags_of("highway=primary ref=17", list, copy), &road));
    assert_string_equal(road.name, "17");
    assert_true(sgp_osm_road_read(tags_of("highway=primary", list, copy), &road));
    assert_string_equal(road.name, "");
}

static void test_osm_roads_speeds(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        int forward_km_h, backward_km_h;
    } rows[] = {
        {"highway=motorway", 90, 0},
        {"highway=primary", 52, 52},
        {"highway=primary maxspeed=30", 30, 30},
        {"highway=primary maxspeed=80", 62, 62},
        {"highway=primary maxspeed=60", 53, 53},
        {"highway=primary maxspeed=20+mph", 32, 32},
        {"highway=primary maxspeed=none", 84, 84},
        {"highway=primary maxspeed=signals", 52, 52},
        {"highway=living_street maxspeed=ID:walk", 7, 7},
        {"highway=primary maxspeed:forward=30", 30, 52},
        {"highway=primary maxspeed=40 maxspeed:backward=20", 40, 20},
        {"highway=residential", 26, 26},
        {"highway=residential surface=asphalt", 26, 26},
        {"highway=residential surface=gravel", 16, 16},
        {"highway=track tracktype=grade5", 5, 5},
        {"highway=residential surface=gravel smoothness=horrible", 10, 10},
        {"highway=residential lanes=1", 21, 21},
        {"highway=residential lanes=1 oneway=yes", 26, 0},
        {"highway=residential width=3", 21, 21},
        {"highway=residential width=2.2", 16, 16},
        {"highway=residential narrow=yes", 21, 21},
        {"highway=service", 15, 15},
        {"highway=service service=driveway", 10, 10},
        {"highway=service access=private", 7, 7},
        {"highway=primary_link", 40, 40},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_road road;
        sgp_osm_drive as;
        assert_true(drive(tags_of(rows[i].tags, list, copy), "ambulance", &road, &as));
        if (as.forward_km_h != rows[i].forward_km_h || as.backward_km_h != rows[i].backward_km_h)
            fail_msg("'%s': %d and %d km/h", rows[i].tags, as.forward_km_h, as.backward_km_h);
    }
    assert_int_equal(sgp_osm_travel_ms(1000000, 36), 100000);
    assert_int_equal(sgp_osm_travel_ms(0, 36), 1);
}

static sgp_osm_spot spot_of(sgp_osm_tags tags, const char *vehicle) {
    sgp_osm_closing closing;
    memset(&closing, 0, sizeof closing);
    return sgp_osm_spot_read(tags, vehicle_called(vehicle), &closing);
}

static void test_osm_roads_spots(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        bool blocks, gate;
        int forward_ms, backward_ms;
    } rows[] = {
        {"", false, false, 0, 0},
        {"amenity=cafe access=no", false, false, 0, 0},
        {"barrier=bollard", true, false, 0, 0},
        {"barrier=block", true, false, 0, 0},
        {"barrier=bollard emergency=yes", false, false, 0, 0},
        {"barrier=bollard motor_vehicle=yes", false, false, 0, 0},
        {"barrier=bollard access=yes", true, false, 0, 0},
        {"barrier=gate", false, true, 10000, 10000},
        {"barrier=gate locked=yes", false, true, 40000, 40000},
        {"barrier=gate access=no", true, true, 0, 0},
        {"barrier=gate access=no emergency=yes", false, true, 10000, 10000},
        {"barrier=gate access=private", false, true, 10000, 10000},
        {"barrier=lift_gate", false, true, 10000, 10000},
        {"barrier=cattle_grid", false, false, 0, 0},
        {"barrier=toll_booth", false, false, 8000, 8000},
        {"barrier=toll_booth motor_vehicle=no", true, false, 8000, 8000},
        {"highway=traffic_signals", false, false, 5000, 5000},
        {"highway=traffic_signals traffic_signals:direction=forward", false, false, 5000, 0},
        {"highway=traffic_signals direction=backward", false, false, 0, 5000},
        {"railway=level_crossing", false, false, 6000, 6000},
        {"traffic_calming=hump", false, false, 1500, 1500},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_spot spot = spot_of(tags_of(rows[i].tags, list, copy), "ambulance");
        bool same = spot.blocks == rows[i].blocks &&
                    (spot.blocks ||
                     (spot.gate == rows[i].gate && (int)spot.forward_ms == rows[i].forward_ms &&
                      (int)spot.backward_ms == rows[i].backward_ms));
        if (!same)
            fail_msg("'%s': blocks %d gate %d %d %d ms", rows[i].tags, spot.blocks, spot.gate,
                     (int)spot.forward_ms, (int)spot.backward_ms);
    }
}

/* What sets the other vehicles apart from the ambulance. */
static void test_osm_roads_each_vehicle(void **state) {
    (void)state;
    static const struct {
        const char *tags, *vehicle;
        int directions, against;
    } rows[] = {
        {"highway=primary oneway=yes", "ambulance_lights", BOTH, BACKWARD},
        {"highway=primary oneway=-1", "ambulance_lights", BOTH, FORWARD},
        {"highway=primary oneway=-1", "fire_engine", BOTH, FORWARD},
        {"highway=primary oneway=-1", "motorbike", BACKWARD, 0},
        {"highway=primary oneway=reversible", "ambulance_lights", NO, 0},
        {"highway=motorway", "ambulance_lights", FORWARD, 0},
        {"highway=trunk oneway=yes", "ambulance_lights", FORWARD, 0},
        {"highway=primary_link oneway=yes", "ambulance_lights", FORWARD, 0},
        {"highway=tertiary junction=roundabout", "ambulance_lights", FORWARD, 0},
        {"highway=residential motor_vehicle:backward=no", "ambulance_lights", BOTH, BACKWARD},
        {"highway=residential oneway=yes oneway:emergency=no", "ambulance_lights", BOTH, 0},
        {"highway=residential access=no", "ambulance_lights", NO, 0},
        {"highway=residential width=1.5", "motorbike", BOTH, 0},
        {"highway=residential width=0.9", "motorbike", NO, 0},
        {"highway=residential width=2.2", "ambulance", BOTH, 0},
        {"highway=residential width=2.2", "fire_engine", NO, 0},
        {"highway=residential maxheight=3", "fire_engine", NO, 0},
        {"highway=residential maxweight=7.5", "fire_engine", NO, 0},
        {"highway=residential maxweight=7500+kg", "fire_engine", NO, 0},
        {"highway=residential maxweight=20000+kg", "fire_engine", BOTH, 0},
        {"highway=residential maxweight=16000+lbs", "fire_engine", NO, 0},
        {"highway=residential width=2,8", "fire_engine", BOTH, 0},
        {"highway=residential width=2,3", "fire_engine", NO, 0},
        {"highway=path motorcar=no motorcycle=yes width=1.5", "motorbike", BOTH, 0},
        {"highway=path motorcar=no motorcycle=yes width=1.5", "ambulance_lights", NO, 0},
        {"highway=footway motorcar=no", "motorbike", NO, 0},
        {"highway=residential motorcycle=no", "motorbike", NO, 0},
        {"highway=residential motorcar=no", "motorbike", BOTH, 0},
        {"highway=residential motor_vehicle=no emergency=yes", "motorbike", NO, 0},
        {"highway=residential oneway=yes oneway:motorcycle=no", "motorbike", BOTH, 0},
        {"highway=steps motorcycle=yes", "motorbike", NO, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_road road;
        sgp_osm_drive as;
        drive(tags_of(rows[i].tags, list, copy), rows[i].vehicle, &road, &as);
        int directions = (as.forward_km_h ? FORWARD : 0) | (as.backward_km_h ? BACKWARD : 0);
        if (directions != rows[i].directions || as.against != rows[i].against)
            fail_msg("'%s', %s: directions %d against %d", rows[i].tags, rows[i].vehicle,
                     directions, as.against);
    }
    sgp_osm_tag list[TAGS_MAX];
    char copy[300];
    sgp_osm_tags bollard = tags_of("barrier=bollard", list, copy);
    assert_true(spot_of(bollard, "fire_engine").blocks);
    assert_false(spot_of(bollard, "motorbike").blocks);
}

static void test_osm_roads_turn_rules(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        sgp_osm_turn turn;
    } rows[] = {
        {"type=route restriction=no_left_turn", SGP_OSM_TURN_NONE},
        {"type=restriction restriction=no_left_turn", SGP_OSM_TURN_NO},
        {"type=restriction restriction=no_entry", SGP_OSM_TURN_NO},
        {"type=restriction restriction=only_straight_on", SGP_OSM_TURN_ONLY},
        {"type=restriction restriction=no_left_turn except=emergency", SGP_OSM_TURN_EXEMPT},
        {"type=restriction restriction=no_left_turn except=psv;emergency", SGP_OSM_TURN_EXEMPT},
        {"type=restriction restriction=no_left_turn except=psv;+emergency", SGP_OSM_TURN_EXEMPT},
        {"type=restriction restriction=no_left_turn except=psv;bicycle", SGP_OSM_TURN_NO},
        {"type=restriction restriction=no_left_turn except=emergency_services", SGP_OSM_TURN_NO},
        {"type=restriction restriction=no_left_turn except=motorcycle", SGP_OSM_TURN_NO},
        {"type=restriction restriction:emergency=none restriction=no_u_turn", SGP_OSM_TURN_EXEMPT},
        {"type=restriction restriction:emergency=no_u_turn", SGP_OSM_TURN_NO},
        {"type=restriction restriction:motorcar=only_left_turn", SGP_OSM_TURN_ONLY},
        {"type=restriction restriction:hgv=no_left_turn", SGP_OSM_TURN_OTHER_VEHICLES},
        {"type=restriction restriction:conditional=no_left_turn+@+(07:00-09:00)",
         SGP_OSM_TURN_CONDITIONAL},
        {"type=restriction", SGP_OSM_TURN_UNKNOWN},
        {"type=restriction restriction=give_way", SGP_OSM_TURN_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_turn turn =
            sgp_osm_turn_read(tags_of(rows[i].tags, list, copy), vehicle_called("ambulance"));
        if (turn != rows[i].turn)
            fail_msg("'%s': %d", rows[i].tags, turn);
    }
}

static void test_osm_roads_turn_rules_of_the_motorbike(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        sgp_osm_turn turn;
    } rows[] = {
        {"type=restriction restriction=no_left_turn except=emergency", SGP_OSM_TURN_NO},
        {"type=restriction restriction=no_left_turn except=bicycle;motorcycle",
         SGP_OSM_TURN_EXEMPT},
        {"type=restriction restriction:motorcycle=only_left_turn restriction=no_u_turn",
         SGP_OSM_TURN_ONLY},
        {"type=restriction restriction:motorcar=no_left_turn", SGP_OSM_TURN_OTHER_VEHICLES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_tag list[TAGS_MAX];
        char copy[300];
        sgp_osm_turn turn =
            sgp_osm_turn_read(tags_of(rows[i].tags, list, copy), vehicle_called("motorbike"));
        if (turn != rows[i].turn)
            fail_msg("'%s': %d", rows[i].tags, turn);
    }
}

static void test_osm_roads_lengths(void **state) {
    (void)state;
    assert_float_equal(sgp_osm_length_m("2"), 2, 1e-9);
    assert_float_equal(sgp_osm_length_m("2.5 m"), 2.5, 1e-9);
    assert_float_equal(sgp_osm_length_m("7'6\""), 2.286, 1e-9);
    assert_float_equal(sgp_osm_length_m("8 ft"), 2.4384, 1e-9);
    assert_float_equal(sgp_osm_length_m("180 cm"), 1.8, 1e-9);
    assert_float_equal(sgp_osm_length_m("2,5"), 2.5, 1e-9);
    assert_float_equal(sgp_osm_length_m("2,75 m"), 2.75, 1e-9);
    assert_float_equal(sgp_osm_length_m("2,500"), 2, 1e-9); /* the safe reading */
    assert_float_equal(sgp_osm_weight_t("3,5 t"), 3.5, 1e-9);
    assert_float_equal(sgp_osm_weight_t("3500 kg"), 3.5, 1e-9);
    assert_float_equal(sgp_osm_weight_t("10 st"), 9.0718474, 1e-9);
    assert_true(sgp_osm_weight_t("unsigned") < 0);
    assert_true(sgp_osm_length_m("wide") < 0);
    assert_true(sgp_osm_length_m("-1") < 0);
    assert_true(sgp_osm_length_m("nan") < 0);
}

static void test_osm_roads_sides(void **state) {
    (void)state;
    static const struct {
        double lon, lat;
        bool left;
    } rows[] = {
        {112.63, -7.98, true}, /* Malang */ {106.8, -6.2, true},       /* Jakarta */
        {103.86, 1.28, true},  /* Singapore */ {140.7, -2.53, true},   /* Jayapura */
        {139.7, 35.7, true},   /* Tokyo */ {141.35, 43.06, true},      /* Sapporo */
        {-0.1, 51.5, true},    /* London */ {-6.26, 53.35, true},      /* Dublin */
        {151.2, -33.9, true},  /* Sydney */ {115.9, -31.9, true},      /* Perth */
        {174.8, -36.8, true},  /* Auckland */ {77.2, 28.6, true},      /* Delhi */
        {100.5, 13.75, true},  /* Bangkok */ {36.8, -1.3, true},       /* Nairobi */
        {18.4, -33.9, true},   /* Cape Town */ {114.17, 22.3, true},   /* Hong Kong */
        {-8.6, 41.15, false},  /* Porto */ {7.42, 43.73, false},       /* Monaco */
        {10.8, 59.9, false},   /* Oslo */ {9.5, 47.15, false},         /* Vaduz */
        {121.0, 14.6, false},  /* Manila */ {126.98, 37.57, false},    /* Seoul */
        {131.9, 43.1, false},  /* Vladivostok */ {1.85, 50.95, false}, /* Calais */
        {102.6, 17.97, false}, /* Vientiane */ {-74.0, 40.7, false},   /* New York */
        {106.7, 10.8, false},  /* Ho Chi Minh */ {13.2, -8.8, false},  /* Luanda */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_point point;
        assert_int_equal(sgp_point_from_degrees(rows[i].lon, rows[i].lat, &point), SGP_OK);
        if (sgp_osm_drives_left(point) != rows[i].left)
            fail_msg("%f,%f", rows[i].lon, rows[i].lat);
    }
}

static int read_profiles(void **state) {
    (void)state;
    sgp_profiles *made = NULL;
    sgp_fault fault = {SGP_OK, ""};
    if (sgp_profiles_read(NULL, &made, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    profiles = made;
    return 0;
}

static int destroy_profiles(void **state) {
    (void)state;
    sgp_profiles_destroy((sgp_profiles *)(uintptr_t)profiles);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_osm_roads_who_may_drive_where),
        cmocka_unit_test(test_osm_roads_names),
        cmocka_unit_test(test_osm_roads_speeds),
        cmocka_unit_test(test_osm_roads_spots),
        cmocka_unit_test(test_osm_roads_each_vehicle),
        cmocka_unit_test(test_osm_roads_turn_rules),
        cmocka_unit_test(test_osm_roads_turn_rules_of_the_motorbike),
        cmocka_unit_test(test_osm_roads_lengths),
        cmocka_unit_test(test_osm_roads_sides),
    };
    return cmocka_run_group_tests(tests, read_profiles, destroy_profiles);
}
