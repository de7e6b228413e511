/* The core's tables: words, complaints, nearness, plain texts, remembered answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/place.h"
#include "core/replies.h"
#include "core/text.h"
#include "core/world.h"
#include "core/core_proto.h"

/* Every word has its twin in the wire contract, so that logs, JSON and tables agree. */
static void same_words(const ProtobufCEnumDescriptor *descriptor, const char *(*str)(int),
                       int first, int count, const char *prefix) {
    for (int i = first; i < count; i++) {
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(descriptor, i);
        assert_non_null(value);
        const char *wire = value->name;
        if (strncmp(wire, prefix, strlen(prefix)) == 0)
            wire += strlen(prefix);
        assert_string_equal(str(i), wire);
    }
    assert_string_equal(str(count), "UNKNOWN");
    assert_string_equal(str(-1), "UNKNOWN");
}

static const char *priority(int i) {
    return sgp_priority_str((sgp_priority)i);
}
static const char *unit_kind(int i) {
    return sgp_unit_kind_str((sgp_unit_kind)i);
}
static const char *incident_state(int i) {
    return sgp_incident_state_str((sgp_incident_state)i);
}
static const char *assignment_state(int i) {
    return sgp_assignment_state_str((sgp_assignment_state)i);
}
static const char *unit_status(int i) {
    return sgp_unit_status_str((sgp_unit_status)i);
}
static const char *place_kind(int i) {
    return sgp_place_kind_str((sgp_place_kind)i);
}
static const char *outcome(int i) {
    return sgp_outcome_str((sgp_outcome)i);
}
static const char *precision(int i) {
    return sgp_precision_str((sgp_precision)i);
}
static const char *exclusion(int i) {
    return sgp_exclusion_str((sgp_exclusion)i);
}

static void test_core_words_equal_the_wire(void **state) {
    (void)state;
    same_words(&sigap__v1__priority__descriptor, priority, 1, SGP_PRIORITIES, "");
    same_words(&sigap__v1__unit_kind__descriptor, unit_kind, 1, SGP_UNIT_KINDS, "");
    same_words(&sigap__v1__incident_state__descriptor, incident_state, 1, SGP_INCIDENT_STATES,
               "INCIDENT_");
    same_words(&sigap__v1__assignment_state__descriptor, assignment_state, 1, SGP_ASSIGNMENT_STATES,
               "");
    same_words(&sigap__v1__unit_status__descriptor, unit_status, 1, SGP_UNIT_STATUSES, "UNIT_");
    same_words(&sigap__v1__place_kind__descriptor, place_kind, 1, SGP_PLACE_KINDS, "");
    same_words(&sigap__v1__precision__descriptor, precision, 0, SGP_PRECISIONS, "PRECISION_");
    same_words(&sigap__v1__outcome__descriptor, outcome, 0, SGP_OUTCOMES, "OUTCOME_");
    same_words(&sigap__v1__exclusion__descriptor, exclusion, 0, SGP_EXCLUSIONS, "EXCLUDED_");
    for (int kind = 1; kind < SGP_EVENT_KINDS; kind++)
        assert_string_not_equal(sgp_event_kind_str((sgp_event_kind)kind), "UNKNOWN");
}

static void test_core_complaint_priorities(void **state) {
    (void)state;
    static const struct {
        const char *code;
        sgp_priority priority;
        const char *indonesian, *english;
    } rows[] = {
        {"cardiac_arrest", SGP_P1, "Henti jantung", "Cardiac arrest"},
        {"2301019", SGP_P1, "Henti jantung", "Cardiac arrest"},
        {"traffic_accident", SGP_P2, "Kecelakaan lalu lintas", "Traffic accident"},
        {"2301069", SGP_P2, "Kecelakaan lalu lintas", "Traffic accident"},
        {"breathing", SGP_P1, "Sesak napas", "Breathing problem"},
        {"childbirth", SGP_P2, "Persalinan atau kehamilan", "Pregnancy or childbirth"},
        {"stroke", SGP_P1, "Stroke", "Stroke"},
        {"chest_pain", SGP_P1, "Nyeri dada", "Chest pain"},
        {"fall", SGP_P3, "Jatuh", "Fall"},
        {"fever", SGP_P4, "Demam", "Fever"},
        {"transfer", SGP_P4, "Rujukan antar rumah sakit", "Transfer between hospitals"},
        {"unconscious", SGP_P1, "Tidak sadar atau pingsan", "Unconscious or fainting"},
        {"bleeding", SGP_P2, "Pendarahan", "Bleeding or laceration"},
        {"2301061", SGP_P3, "Orang sakit", "Sick person"},
        {"nobody knows", SGP_P2, "nobody knows", "nobody knows"},
        {"", SGP_P2, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(sgp_complaint_priority(rows[i].code), rows[i].priority);
        assert_string_equal(sgp_complaint_name(rows[i].code, "id"), rows[i].indonesian);
        assert_string_equal(sgp_complaint_name(rows[i].code, "en"), rows[i].english);
    }
}

static void test_core_complaint_codes_fit(void **state) {
    (void)state;
    const char *nemsis, *code;
    for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)); i++) {
        assert_true(strlen(code) < SGP_CODE_BYTES);
        assert_int_equal(strlen(nemsis), 7);
        assert_true(sgp_text_is_plain(sgp_complaint_name(code, "id")));
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(sgp_complaint_code(k, NULL), code);
    }
}

/* Every code of NEMSIS' own list is in ours. */
static void test_core_complaint_covers_nemsis(void **state) {
    (void)state;
    const char *data = getenv("SIGAP_DATA");
    char path[512], line[256];
    snprintf(path, sizeof path, "%s/vectors/nemsis_edispatch01.csv",
             data ? data : SIGAP_SOURCE_DIR "/../shared/data");
    FILE *file = fopen(path, "r");
    if (!file) {
        printf("not checked: %s is absent\n", path);
        skip();
    }
    int rows = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, ",")] = '\0';
        bool found = false;
        const char *nemsis;
        for (uint32_t i = 0; sgp_complaint_code(i, &nemsis); i++)
            found = found || strcmp(nemsis, line) == 0;
        if (!found)
            fail_msg("NEMSIS code %s is missing", line);
        rows++;
    }
    fclose(file);
    assert_true(rows >= 50);
}

static void test_core_place_nearness(void **state) {
    (void)state;
    /* Alun-alun Malang, and the same distances in other latitudes. */
    static const struct {
        int32_t lon_e7, lat_e7;
    } spots[] = {{1126308000, -79826000}, {0, 0},
                 {107000000, 599000000},  {-1799990000, 100000},
                 {1799999990, -99999},    {-70000000, -500000000}};
    static const int32_t metres[] = {100, 150, 500, 1000, 20000};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++)
        for (size_t k = 0; k < sizeof metres / sizeof *metres; k++)
            for (int way = 0; way < 8; way++) {
                sgp_point a = {spots[i].lon_e7, spots[i].lat_e7};
                static const int east[] = {1, 1, 0, -1, -1, -1, 0, 1};
                static const int north[] = {0, 1, 1, 1, 0, -1, -1, -1};
                /* Walk outwards; the answers must turn within 0.6 % of the true distance. */
                for (int permille = 900; permille <= 1100; permille += 10) {
                    int64_t reach = (int64_t)metres[k] * permille * 90 / 1000;
                    int64_t lon = a.lon_e7 + east[way] * reach;
                    if (lon > 1800000000)
                        lon -= 3600000000;
                    if (lon < -1800000000)
                        lon += 3600000000;
                    sgp_point b = {(int32_t)lon, (int32_t)(a.lat_e7 + north[way] * reach)};
                    double true_m = sgp_distance_m(a, b);
                    bool within = sgp_points_within(a, b, metres[k]);
                    if (true_m < metres[k] * 0.994)
                        assert_true(within);
                    if (true_m > metres[k] * 1.006)
                        assert_false(within);
                    assert_int_equal(within, sgp_points_within(b, a, metres[k]));
                }
            }
}

static void test_core_text_is_plain(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool plain;
    } rows[] = {
        {"", true},
        {"Jl. Soekarno-Hatta no. 9", true},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x91", true},
        {"line\nbreak", false},
        {"tab\t", false},
        {"\x7f", false},
        {"\xc3", false},
        {"\x80", false},
        {"\xc0\xaf", false},
        {"\xe0\x80\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf0\x80\x80\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\xe2\x82", false},
        {"\xf0\x9f\x9a", false},
        {"\xe2(\xa1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sgp_text_is_plain(rows[i].text), rows[i].plain);
}

static void make_id(uint32_t number, uint8_t id[16]) {
    memset(id, 0, 16);
    memcpy(id, &number, sizeof number);
    id[15] = 7;
}

static void test_core_replies_forget_the_oldest(void **state) {
    (void)state;
    enum { MORE = 1000 };
    sgp_replies replies = {0};
    uint8_t id[16];
    sgp_reply reply;
    make_id(1, id);
    assert_false(sgp_replies_find(&replies, id, &reply));
    for (uint32_t i = 0; i < SGP_REQUESTS_KEPT + MORE; i++) {
        reply = (sgp_reply){.call = i};
        if (i % 3 == 0) {
            reply.err = SGP_E_STATE;
            snprintf(reply.message, sizeof reply.message, "number %u", i);
        }
        make_id(i, id);
        assert_int_equal(sgp_replies_add(&replies, id, &reply), SGP_OK);
    }
    assert_int_equal(replies.n, SGP_REQUESTS_KEPT);
    for (uint32_t i = 0; i < SGP_REQUESTS_KEPT + MORE; i++) {
        make_id(i, id);
        bool found = sgp_replies_find(&replies, id, &reply);
        assert_int_equal(found, i >= MORE);
        if (!found)
            continue;
        assert_int_equal(reply.call, i);
        assert_int_equal(reply.err, i % 3 == 0 ? SGP_E_STATE : SGP_OK);
        assert_int_equal(reply.message[0] != '\0', i % 3 == 0);
    }
    assert_int_equal(sgp_replies_nth(&replies, 0)->call, MORE);
    assert_int_equal(sgp_replies_nth(&replies, SGP_REQUESTS_KEPT - 1)->call,
                     SGP_REQUESTS_KEPT + MORE - 1);
    sgp_replies_free(&replies);
}

/* One effect of each kind that is not whole in the changes beside it. */
static size_t some_effects(sgp_effect effects[16]) {
    size_t n = 0;
    memset(effects, 0, 16 * sizeof *effects);
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_CHANGED, .u.changed = {SGP_THING_UNIT, 4}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_ORDER, .u.order = {5}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_WITHDRAW, .u.withdraw = {6}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_FIND_PLACE, .u.find_place = {7}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_ALERT, .u.alert = {8, "DAMKAR"}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_DESTINATION, .u.destination = {9}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_OFFLOAD, .u.offload = {10}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_MOVE_UP, .u.move_up = {11}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_ALARM, .u.alarm = {12, 13}};
    effects[n++] = (sgp_effect){.kind = SGP_EFFECT_REPLY, .u.reply = {.call = 1}};
    return n;
}

static bool told_apart(const sgp_world *world, const sgp_effect *other, size_t nth) {
    sgp_effect effects[16];
    uint8_t as_it_was[SGP_RECORD_DIGEST_BYTES], digest[SGP_RECORD_DIGEST_BYTES];
    sgp_effects list = {effects, some_effects(effects), 16};
    sgp_effects_digest(world, &list, as_it_was);
    effects[nth] = *other;
    sgp_effects_digest(world, &list, digest);
    return memcmp(as_it_was, digest, sizeof digest) != 0;
}

/* Whichever effect is of another thing, the digest is another. */
static void test_core_effects_digest_takes_all_in(void **state) {
    (void)state;
    sgp_world *world;
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    world->clocks.rules.edition = SGP_EDITION;
    sgp_effect effects[16];
    size_t n = some_effects(effects);
    for (size_t i = 0; i < n; i++) {
        sgp_effect other = effects[i];
        assert_false(told_apart(world, &other, i));
        switch (other.kind) {
        case SGP_EFFECT_CHANGED:
            other.u.changed.id ^= 1;
            break;
        case SGP_EFFECT_REPLY:
            other.u.reply.call ^= 2;
            break;
        case SGP_EFFECT_MOVE_UP:
        case SGP_EFFECT_ALARM:
            other.u.alarm.unit ^= 1;
            break;
        default: /* an id stands first in all others */
            other.u.order.assignment ^= 1;
        }
        assert_true(told_apart(world, &other, i));
    }
    sgp_effect other_agency = effects[4], other_assignment = effects[8];
    strcpy(other_agency.u.alert.agency, "POLRESTA");
    assert_true(told_apart(world, &other_agency, 4));
    other_assignment.u.alarm.assignment = 0;
    assert_true(told_apart(world, &other_assignment, 8));
    sgp_world_destroy(world);
}

/* Journals that were written before edition 2 are held to what they took in then. */
static void test_core_effects_digest_of_before(void **state) {
    (void)state;
    sgp_world *world;
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    sgp_effect effects[16];
    (void)some_effects(effects);
    sgp_effect other_agency = effects[4];
    strcpy(other_agency.u.alert.agency, "POLRESTA");
    for (world->clocks.rules.edition = 0; world->clocks.rules.edition < 2;
         world->clocks.rules.edition++)
        assert_false(told_apart(world, &other_agency, 4));
    sgp_world_destroy(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_words_equal_the_wire),
        cmocka_unit_test(test_core_complaint_priorities),
        cmocka_unit_test(test_core_complaint_codes_fit),
        cmocka_unit_test(test_core_complaint_covers_nemsis),
        cmocka_unit_test(test_core_place_nearness),
        cmocka_unit_test(test_core_text_is_plain),
        cmocka_unit_test(test_core_replies_forget_the_oldest),
        cmocka_unit_test(test_core_effects_digest_takes_all_in),
        cmocka_unit_test(test_core_effects_digest_of_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
