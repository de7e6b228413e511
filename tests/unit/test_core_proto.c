/* The core's things on the wire: exact, bounded, and refused with a sentence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core_check.h"
#include "plan_maker.h"

/* Points survive the way through decimal degrees exactly. */
static void test_core_proto_points_are_exact(void **state) {
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        sgp_place place = {.kind = SGP_PLACE_STREET,
                           .point = {(int32_t)(random % 3600000001u) - 1800000000,
                                     (int32_t)((random >> 32) % 1800000001u) - 900000000}},
                  read;
        Sigap__V1__Place *message = sgp_place_to_proto(&place);
        assert_non_null(message);
        assert_int_equal(sgp_place_from_proto(message, &read, NULL), SGP_OK);
        assert_true(sgp_point_equal(place.point, read.point));
        sigap__v1__place__free_unpacked(message, NULL);
    }
}

static void test_core_proto_refuses_bad_places(void **state) {
    (void)state;
    char long_label[SGP_LABEL_BYTES + 1];
    memset(long_label, 'x', sizeof long_label - 1);
    long_label[sizeof long_label - 1] = '\0';
    static Sigap__V1__Point good = SIGAP__V1__POINT__INIT, far = SIGAP__V1__POINT__INIT,
                            swapped = SIGAP__V1__POINT__INIT, none = SIGAP__V1__POINT__INIT;
    good.lon = 112.63, good.lat = -7.98;
    far.lon = 200, far.lat = 0;
    swapped.lon = -7.98, swapped.lat = 112.63;
    none.lon = NAN;
    const struct {
        Sigap__V1__Point *point;
        int kind;
        int32_t uncertainty_m, confidence_permille;
        const char *label;
        sgp_err err;
        const char *says;
    } rows[] = {
        {&good, 1, 10, 1000, "Jalan Ijen", SGP_OK, ""},
        {&good, 0, 10, 0, "", SGP_OK, ""},
        {NULL, 1, 0, 0, "", SGP_E_ARGUMENT, "point"},
        {&far, 1, 0, 0, "", SGP_E_RANGE, "200,0"},
        {&swapped, 1, 0, 0, "", SGP_E_RANGE, "swapped"},
        {&none, 1, 0, 0, "", SGP_E_RANGE, "point"},
        {&good, SGP_PLACE_KINDS, 0, 0, "", SGP_E_RANGE, "kind"},
        {&good, -1, 0, 0, "", SGP_E_RANGE, "kind"},
        {&good, 1, -1, 0, "", SGP_E_RANGE, "uncertainty"},
        {&good, 1, 0, 1001, "", SGP_E_RANGE, "confidence"},
        {&good, 1, 0, 0, long_label, SGP_E_TOO_LARGE, "label"},
        {&good, 1, 0, 0, "\xff", SGP_E_FORMAT, "label"},
        {&good, 1, 0, 0, "two\nlines", SGP_E_FORMAT, "label"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Sigap__V1__Place message = SIGAP__V1__PLACE__INIT;
        sgp_place place;
        sgp_fault fault = {0};
        message.point = rows[i].point;
        message.kind = (Sigap__V1__PlaceKind)rows[i].kind;
        message.uncertainty_m = rows[i].uncertainty_m;
        message.confidence_permille = rows[i].confidence_permille;
        message.label = (char *)(uintptr_t)rows[i].label; /* only read */
        sgp_err err = sgp_place_from_proto(&message, &place, &fault);
        if (err != rows[i].err || (err && !strstr(fault.text, rows[i].says)))
            fail_msg("row %zu: %s '%s'", i, sgp_err_str(err), fault.text);
    }
}

/* One event of each kind goes there and back. */
static sgp_roster *small_roster(void) {
    sgp_roster *roster = sgp_roster_create(2, 2);
    assert_non_null(roster);
    strcpy(roster->name, "shifts.csv");
    roster->members[0] = (sgp_crew_member){"PRM-014", 1u << SGP_SKILL_ADVANCED_LIFE_SUPPORT};
    roster->members[1] = (sgp_crew_member){"SPR-003", 0};
    roster->shifts[0] = (sgp_shift){.unit = "PSC-01",
                                    .from_ms = 86400000,
                                    .until_ms = 115200000,
                                    .every_days = 1,
                                    .n_members = 2,
                                    .members = {"PRM-014", "SPR-003"}};
    roster->shifts[1] = (sgp_shift){.unit = "PSC-02",
                                    .from_ms = 1700000000000,
                                    .until_ms = 1700028800000,
                                    .n_members = 1,
                                    .members = {"SPR-003"}};
    return roster;
}

static void test_core_proto_events_of_every_kind(void **state) {
    (void)state;
    sgp_roster *roster = small_roster();
    sgp_shift shift = {.id = 23,
                       .unit = "PSC-02",
                       .from_ms = 1700000000000,
                       .until_ms = 1700000600000,
                       .version = 24,
                       .actor = "dewi"};
    sgp_place place = {.kind = SGP_PLACE_ADDRESS,
                       .point = core_point(3, 4),
                       .uncertainty_m = 30,
                       .confidence_permille = 900,
                       .label = "Jalan Semeru 1",
                       .kelurahan = "Kauman",
                       .kecamatan = "Klojen",
                       .kabupaten = "Kota Malang",
                       .precision = SGP_PRECISION_INTERPOLATED,
                       .from_graph = true,
                       .has_access = true,
                       .access = core_point(3, 5),
                       .access_walk_m = 40,
                       .access_street = "Jalan Ijen"};
    sgp_plan *plan = plan_make();
    sgp_coverage_map *map = sgp_coverage_map_create();
    assert_non_null(map);
    map->n_zones = 9;
    map->n_stations = 1;
    map->weight[8] = 5;
    map->stations[0].point = core_point(3, 4);
    map->stations[0].reach[0] = 0x181;
    const sgp_fix fixes[] = {{{1126000000, -79000000}, 1699999999000, 12, 40, 90},
                             {{1126000100, -79000200}, 1699999999500, 0, -1, -1}};
    sgp_event rows[] = {
        {.kind = SGP_EVENT_CONFIGURED},
        {.kind = SGP_EVENT_UNIT_REGISTERED,
         .u.unit_registered.unit = {.code = "PSC-01",
                                    .kind = SGP_UNIT_MOTORBIKE,
                                    .name = "Motor 1",
                                    .agency = "PSC 119",
                                    .station = "Sukun",
                                    .station_point = core_point(1, 2),
                                    .district = "Kota Batu",
                                    .lending = SGP_LENT_AFTER_OWN,
                                    .serves = 1u << SGP_P1}},
        {.kind = SGP_EVENT_HOSPITAL_REGISTERED,
         .u.hospital_registered
             .hospital = {.code = "RSSA", .name = "RSUD", .beds = 20, .abilities = 7}},
        {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {"PSC-01", true}},
        {.kind = SGP_EVENT_UNIT_POSITION, .u.position = {"PSC-01", core_point(5, 6), 77}},
        {.kind = SGP_EVENT_CALL_RECEIVED,
         .u.call = {"112", "stroke", SGP_P2, true, place, true, 3, {1, 2, 3}}},
        {.kind = SGP_EVENT_CALL_PLACED, .u.placed = {9, false, true, 2, {place, place}}},
        {.kind = SGP_EVENT_PLACE_CHOSEN, .u.chosen = {4, place}},
        {.kind = SGP_EVENT_CALL_LINKED, .u.linked = {5, 6}},
        {.kind = SGP_EVENT_INCIDENT_TRIAGED, .u.triaged = {7, SGP_P1, "burn", 3}},
        {.kind = SGP_EVENT_RECOMMENDATION_ASKED, .u.asked = {8}},
        {.kind = SGP_EVENT_UNIT_ORDERED, .u.ordered = {9, "PSC-01", true}},
        {.kind = SGP_EVENT_ORDER_ANSWERED,
         .u.answered = {10, false, "ban kempes", 1699999999000, false, 1699999998000}},
        {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED,
         .u.advanced = {11, SGP_ASSIGNMENT_TRANSPORTING, "RSSA", 1699999999000, true}},
        {.kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN, .u.stood_down = {12, "batal"}},
        {.kind = SGP_EVENT_INCIDENT_CLOSED, .u.closed = {13, SGP_OUTCOME_PRANK}},
        {.kind = SGP_EVENT_TIMER},
        {.kind = SGP_EVENT_GRAPH_SWITCHED, .u.switched = {{1, 2, 3}, 14}},
        {.kind = SGP_EVENT_METRIC_SWAPPED, .u.swapped = {"motorbike", {1, 2, 3}}},
        {.kind = SGP_EVENT_ROAD_CLOSED,
         .u.road_closed = {.point = core_point(7, 8),
                           .radius_m = 90,
                           .from_ms = 1700000000001,
                           .until_ms = 1700000000002,
                           .reason = "banjir"}},
        {.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {15, 0}},
        {.kind = SGP_EVENT_CALL_NARROWED, .u.narrowed = {7}},
        {.kind = SGP_EVENT_PHONE_POSITION,
         .u.phone = {8, {place, 1699999990000, SGP_PHONE_WIFI}, true, {1, 2, 3}, {4, 5, 6}}},
        {.kind = SGP_EVENT_LOCATE_ASKED, .u.locate = {9, {7, 8, 9}, 900000, 1800000}},
        {.kind = SGP_EVENT_PLANNED, .u.planned = {plan}},
        {.kind = SGP_EVENT_BACKUP_ASKED,
         .u.backup = {10, 2, {1u << SGP_UNIT_RESCUE | 1u << SGP_UNIT_FIRE_ENGINE, 5}, "terjepit"}},
        {.kind = SGP_EVENT_AID_ASKED, .u.aid = {11, true}},
        {.kind = SGP_EVENT_MASS_CASUALTY, .u.mass = {12, false, 30, true, place}},
        {.kind = SGP_EVENT_COVERAGE_SET, .u.coverage = {map}},
        {.kind = SGP_EVENT_QUESTION_ANSWERED, .u.question = {13, "breathing", "hard"}},
        {.kind = SGP_EVENT_AGENCY_ALERTED, .u.alerted = {14, "DAMKAR", "asap tebal"}},
        {.kind = SGP_EVENT_AGENCY_ANSWERED, .u.agency_answered = {15, "DAMKAR", true, "dua unit"}},
        {.kind = SGP_EVENT_ALIKE_DISMISSED, .u.dismissed = {16, 3}},
        {.kind = SGP_EVENT_HOSPITAL_TOLD,
         .u.hospital_told = {"RSSA", 3, true, 4, 2, true, SGP_DIVERSION_SOME, 5, 1700000000009,
                             "CT rusak"}},
        {.kind = SGP_EVENT_PATIENT_TOLD, .u.patient = {16, true, 3, SGP_COLOUR_RED}},
        {.kind = SGP_EVENT_HOSPITAL_ASKED, .u.hospital_choice = {17, ""}},
        {.kind = SGP_EVENT_HOSPITAL_CHOSEN, .u.hospital_choice = {18, "RSSA"}},
        {.kind = SGP_EVENT_TRANSFER_ASKED,
         .u.transfer_asked = {"RSSA",
                              "RST",
                              1700003600000,
                              1700007200000,
                              SGP_P3,
                              "heart",
                              {1u << SGP_UNIT_AMBULANCE_ADVANCED, 3},
                              "PSC-01"}},
        {.kind = SGP_EVENT_TRANSFER_CHANGED,
         .u.transfer_changed = {16, 2, 1700003600001, true, "PSC-02"}},
        {.kind = SGP_EVENT_TRANSFER_CANCELLED, .u.transfer_cancelled = {17, 3, "membaik"}},
        {.kind = SGP_EVENT_CALL_JUDGED, .u.judged = {17, SGP_OUTCOME_REAL}},
        {.kind = SGP_EVENT_NUMBER_MARKED, .u.marked = {18, false, 48}},
        {.kind = SGP_EVENT_MOVE_UP_ORDERED,
         .u.move_up = {"PSC-01", "PSC Rajasa", place.point, 12000, true}},
        {.kind = SGP_EVENT_MOVE_UP_ANSWERED, .u.move_up_answer = {"PSC-01", 19, true, "siap"}},
        {.kind = SGP_EVENT_MOVE_UP_ENDED, .u.move_up_end = {"PSC-01", "cukup"}},
        {.kind = SGP_EVENT_DISTRESS, .u.distress = {"PSC-01", true, "salah tekan"}},
        {.kind = SGP_EVENT_WELFARE_ANSWERED, .u.welfare = {18}},
        {.kind = SGP_EVENT_NOTE_ADDED, .u.noted = {19}},
        {.kind = SGP_EVENT_PREMISE_SET,
         .u.premise = {.id = 20,
                       .kind = SGP_PREMISE_ACCESS,
                       .point = core_point(5, 6),
                       .radius_m = 40,
                       .label = "Jalan Semeru 1",
                       .until_ms = 1700000000003,
                       .version = 12}},
        {.kind = SGP_EVENT_PREMISE_REMOVED, .u.premise = {.id = 21, .version = 3}},
        {.kind = SGP_EVENT_RING_CAME, .u.ring_came = {"malang", "112", "1700000000.12", {1, 2, 3}}},
        {.kind = SGP_EVENT_RING_TOLD,
         .u.ring_told = {"malang", "1700000000.12", SGP_NEWS_RECORDED, "sigap-12"}},
        {.kind = SGP_EVENT_RING_TAKEN, .u.ring_taken = {22, true}},
        {.kind = SGP_EVENT_RING_CALL_BACK, .u.ring_back = {23, SGP_CALL_BACK_NO_ANSWER}},
        {.kind = SGP_EVENT_ROSTER_LOADED, .u.roster.roster = roster},
        {.kind = SGP_EVENT_CREW_SIGNED_ON,
         .u.signed_on = {"PSC-01", 2, {"PRM-014", "SPR-003"}, 1700000000004, 17}},
        {.kind = SGP_EVENT_SHIFT_SET, .u.shift = &shift},
        {.kind = SGP_EVENT_SHIFT_REMOVED, .u.shift_removed = {22, 4}},
        {.kind = SGP_EVENT_CALLER_CAME, .u.came = {24, {1, 2, 3}, {4, 5, 6}}},
        {.kind = SGP_EVENT_MESSAGE_SAID,
         .u.message = {25, true, {1, 2, 3}, {4, 5, 6}, SGP_SIGN_WORSE}},
        {.kind = SGP_EVENT_MESSAGES_READ, .u.messages_read = {26, 1234}},
        {.kind = SGP_EVENT_INBOUND_SEEN, .u.seen = {27, "RSSA"}},
        {.kind = SGP_EVENT_INCIDENT_TAKEN, .u.taken = {23, true, true}},
        {.kind = SGP_EVENT_DESK_HANDED_OVER, .u.handed_over = {"dewi", "budi", true}},
        {.kind = SGP_EVENT_USER_SET, .u.account = {.name = "ratna", .role = 3, .version = 29}},
        {.kind = SGP_EVENT_LOGIN_CODE_MADE, .u.login_code = {"ratna", {1, 2, 3}, 1700000600000}},
        {.kind = SGP_EVENT_DEVICE_ADDED, .u.device_added = {"ratna", {1, 2, 3}, {4, 5, 6}}},
        {.kind = SGP_EVENT_DEVICES_REMOVED, .u.devices_removed = {30, ""}},
        {.kind = SGP_EVENT_FLEET_SET,
         .u.fleet = {.what = SGP_FLEET_SERVICE, .u.service = {"PSC-01", true, "ban bocor"}}},
        {.kind = SGP_EVENT_ORDER_RECEIVED,
         .u.received = {28, "PSC-01", 90, 5, true, 6, 1699999999000}},
        {.kind = SGP_EVENT_TRACK_TOLD, .u.track = {"PSC-01", 7, 12, 2, fixes}},
    };
    assert_int_equal(sizeof rows / sizeof *rows, SGP_EVENT_KINDS - 1);
    sgp_clocks_default(&rows[0].u.configured);
    sgp_rules_default(&rows[0].u.configured.rules);
    rows[0].u.configured.policy[SGP_P2] = SGP_POLICY_CLOSEST_WITH_DIVERSION;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(rows[i].kind, i + 1);
        rows[i].seq = 100 + i;
        rows[i].parent = 50;
        rows[i].at_ms = 1700000000000;
        rows[i].request_id[15] = (uint8_t)i;
        strcpy(rows[i].actor, "dewi");
        const char *wrong = core_check_event_coding(&rows[i]);
        if (wrong)
            fail_msg("%s: %s", sgp_event_kind_str(rows[i].kind), wrong);
        sgp_buffer bytes = {0};
        sgp_event read;
        assert_int_equal(sgp_event_encode(&rows[i], &bytes), SGP_OK);
        Sigap__V1__Event *message = sigap__v1__event__unpack(NULL, bytes.length, bytes.data);
        assert_non_null(message);
        assert_int_equal(sgp_event_from_proto(message, &read, NULL), SGP_OK);
        assert_int_equal(read.kind, rows[i].kind);
        assert_int_equal(read.seq, rows[i].seq);
        assert_int_equal(read.parent, 50);
        assert_string_equal(read.actor, "dewi");
        assert_memory_equal(read.request_id, rows[i].request_id, 16);
        sigap__v1__event__free_unpacked(message, NULL);
        sgp_event_clear(&read);
        sgp_buffer_free(&bytes);
    }
    free(map);
    free(plan);
    free(roster);
}

static void test_core_proto_refuses_bad_events(void **state) {
    (void)state;
    Sigap__V1__Event message = SIGAP__V1__EVENT__INIT;
    sgp_event event;
    sgp_fault fault = {0};
    message.at_ms = 1;
    assert_int_equal(sgp_event_from_proto(&message, &event, &fault), SGP_E_FORMAT);
    assert_non_null(strstr(fault.text, "kind"));
    Sigap__V1__TimerFired timer = SIGAP__V1__TIMER_FIRED__INIT;
    message.body_case = SIGAP__V1__EVENT__BODY_TIMER_FIRED;
    message.timer_fired = &timer;
    assert_int_equal(sgp_event_from_proto(&message, &event, &fault), SGP_OK);
    uint8_t id[15] = {1};
    message.request_id = (ProtobufCBinaryData){sizeof id, id};
    assert_int_equal(sgp_event_from_proto(&message, &event, &fault), SGP_E_FORMAT);
    assert_non_null(strstr(fault.text, "request id"));
    message.request_id = (ProtobufCBinaryData){0};
    char long_actor[] = "a name that is much too long for an actor", no_actor[] = "";
    message.actor = long_actor;
    assert_int_equal(sgp_event_from_proto(&message, &event, &fault), SGP_E_TOO_LARGE);
    assert_non_null(strstr(fault.text, "actor"));
    message.actor = no_actor;
    Sigap__V1__IncidentClosed closed = SIGAP__V1__INCIDENT_CLOSED__INIT;
    closed.incident_id = 1;
    closed.outcome = (Sigap__V1__Outcome)99;
    message.body_case = SIGAP__V1__EVENT__BODY_INCIDENT_CLOSED;
    message.incident_closed = &closed;
    assert_int_equal(sgp_event_from_proto(&message, &event, &fault), SGP_E_RANGE);
    assert_non_null(strstr(fault.text, "outcome"));
}

/* A small world: one unit ordered to one call. */
static sgp_world *small_world(sgp_effects *effects, sgp_event *last) {
    sgp_world *world;
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    sgp_event events[] = {
        {.kind = SGP_EVENT_UNIT_REGISTERED,
         .u.unit_registered.unit = {.code = "A-01",
                                    .kind = SGP_UNIT_AMBULANCE_BASIC,
                                    .station_point = core_point(0, 0)}},
        {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {"A-01", true}},
        {.kind = SGP_EVENT_CALL_RECEIVED,
         .u.call = {.channel = "112",
                    .complaint = "stroke",
                    .has_point = true,
                    .place = {.point = core_point(100, 0), .label = "Jalan Ijen 2"}}},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        events[i].seq = i + 1;
        events[i].at_ms = 1000;
        sgp_effects_clear(effects);
        assert_int_equal(sgp_core_step(world, &events[i], &times, effects), SGP_OK);
        *last = events[i];
    }
    return world;
}

static void test_core_proto_things(void **state) {
    (void)state;
    sgp_effects effects = {0};
    sgp_event last;
    sgp_world *world = small_world(&effects, &last);
    Sigap__V1__Update *update = sgp_effects_to_update(world, &last, &effects);
    assert_non_null(update);
    assert_int_equal(update->event_seq, 3);
    assert_int_equal(update->n_units, 1);
    assert_int_equal(update->n_calls, 1);
    assert_int_equal(update->n_incidents, 1);
    assert_int_equal(update->n_assignments, 1);
    assert_int_equal(update->n_recommendations, 1);
    assert_int_equal(update->units[0]->status, SIGAP__V1__UNIT_STATUS__UNIT_ORDERED);
    assert_int_equal(update->units[0]->incident_id, 1);
    assert_string_equal(update->incidents[0]->place->label, "Jalan Ijen 2");
    assert_string_equal(update->assignments[0]->unit_code, "A-01");
    assert_int_equal(update->assignments[0]->n_stamps, 1);
    assert_int_equal(update->recommendations[0]->candidates[0]->total_ms, 70000);
    sigap__v1__update__free_unpacked(update, NULL);
    Sigap__V1__Order *order = sgp_order_to_proto(world, 1);
    assert_non_null(order);
    assert_string_equal(order->unit_code, "A-01");
    assert_string_equal(order->complaint, "stroke");
    assert_int_equal(order->priority, SIGAP__V1__PRIORITY__P1);
    assert_int_equal(order->travel_ms, 10000);
    assert_int_equal(order->answer_by_ms, 31000);
    sigap__v1__order__free_unpacked(order, NULL);
    assert_null(sgp_order_to_proto(world, 2));
    assert_null(sgp_unit_to_proto(world, 1));
    assert_null(sgp_incident_to_proto(world, 0));
    sgp_effects_free(&effects);
    sgp_world_destroy(world);
}

/* Every single damage to a reference or count is found. */
static void test_core_proto_refuses_damaged_snapshots(void **state) {
    (void)state;
    sgp_effects effects = {0};
    sgp_event last;
    sgp_world *world = small_world(&effects, &last);
    sgp_buffer good = {0};
    assert_int_equal(sgp_world_save(world, &good) == SGP_OK, 1);
    for (int damage = 0;; damage++) {
        Sigap__V1__Snapshot *snapshot = sigap__v1__snapshot__unpack(NULL, good.length, good.data);
        assert_non_null(snapshot);
        bool done = false;
        switch (damage) {
        case 0:
            snapshot->next_incident_id = 1;
            break;
        case 1:
            snapshot->units[0]->assignment_id = 0;
            break;
        case 2:
            snapshot->units[0]->number = 2;
            break;
        case 3:
            snapshot->units[0]->assignment_id = 9;
            break;
        case 4:
            snapshot->assignments[0]->unit_number = 2;
            break;
        case 5:
            snapshot->assignments[0]->state = SIGAP__V1__ASSIGNMENT_STATE__CLOSED;
            break;
        case 6:
            snapshot->assignments[0]->incident_id = 2;
            break;
        case 7:
            snapshot->incidents[0]->state = SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING;
            break;
        case 8:
            snapshot->incidents[0]->state = SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
            break;
        case 9:
            snapshot->incidents[0]->calls = 2;
            break;
        case 10:
            snapshot->incidents[0]->assignment_ids[0] = 2;
            break;
        case 11:
            snapshot->incidents[0]->units_wanted = 0;
            break;
        case 12:
            snapshot->calls[0]->incident_id = 5;
            break;
        case 13:
            snapshot->open_orders[0]->answer_by_ms = 0;
            break;
        case 14:
            snapshot->open_orders[0]->assignment_id = 4;
            break;
        case 15:
            snapshot->incidents[0]->place->point->lat = 91;
            break;
        case 16:
            snapshot->clocks->accept_ms[1] = 0;
            break;
        case 17:
            snapshot->calls[0]->priority = SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN;
            break;
        case 18:
            snapshot->assignments[0]->stamps[0]->state = (Sigap__V1__AssignmentState)14;
            break;
        default:
            done = true;
        }
        if (done) {
            sigap__v1__snapshot__free_unpacked(snapshot, NULL);
            assert_true(damage == 19);
            break;
        }
        uint8_t *bytes = malloc(sigap__v1__snapshot__get_packed_size(snapshot));
        size_t length = sigap__v1__snapshot__pack(snapshot, bytes);
        sigap__v1__snapshot__free_unpacked(snapshot, NULL);
        sgp_world *loaded;
        sgp_fault fault = {0};
        if (sgp_world_load(bytes, length, &loaded, &fault) == SGP_OK || fault.text[0] == '\0')
            fail_msg("damage %d was not found", damage);
        free(bytes);
    }
    sgp_buffer_free(&good);
    sgp_effects_free(&effects);
    sgp_world_destroy(world);
}

static void test_core_proto_player_refuses_other_questions(void **state) {
    (void)state;
    int64_t ms[] = {1, 2, 3};
    uint32_t lengths[] = {2, 1};
    Sigap__V1__RecordedTimes recorded = SIGAP__V1__RECORDED_TIMES__INIT;
    recorded.ms = ms, recorded.n_ms = 3;
    recorded.lengths = lengths, recorded.n_lengths = 2;
    sgp_times_player player = {.times = &recorded};
    sgp_times times = sgp_times_playing(&player);
    sgp_start starts[3] = {{.unit = 0}};
    sgp_point to = {0, 0};
    int64_t answer[3];
    assert_int_equal(times.many_to_one(times.ctx, starts, 3, to, answer), SGP_E_CORRUPT);
    assert_int_equal(times.many_to_one(times.ctx, starts, 2, to, answer), SGP_OK);
    assert_int_equal(answer[1], 2);
    assert_int_equal(times.one_to_many(times.ctx, starts, &to, 1, answer), SGP_OK);
    assert_int_equal(answer[0], 3);
    assert_int_equal(times.one_to_many(times.ctx, starts, &to, 1, answer), SGP_E_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_proto_points_are_exact),
        cmocka_unit_test(test_core_proto_refuses_bad_places),
        cmocka_unit_test(test_core_proto_events_of_every_kind),
        cmocka_unit_test(test_core_proto_refuses_bad_events),
        cmocka_unit_test(test_core_proto_things),
        cmocka_unit_test(test_core_proto_refuses_damaged_snapshots),
        cmocka_unit_test(test_core_proto_player_refuses_other_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
