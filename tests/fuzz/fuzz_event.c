/* Events, records and snapshots from bytes that nobody can trust.
 *
 * The first byte says what the rest is: an event, a snapshot, or damage done to
 * a good snapshot (position, byte, position, byte, ...), which gets further in
 * than random bytes do. Whatever is accepted must be a sound world, must save to
 * what it was loaded from, and must bear further events. */
#include <stdlib.h>

#include "core_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds) {
    if (!holds)
        abort();
}

static void step(sgp_world *world, sgp_event *event) {
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    sgp_effects effects = {0};
    event->seq = sgp_world_seq(world) + 1;
    if (event->at_ms <= sgp_world_now_ms(world))
        event->at_ms = sgp_world_now_ms(world) + 1;
    sgp_err err = sgp_core_step(world, event, &times, &effects);
    need(err != SGP_E_MEMORY && err != SGP_E_CORRUPT);
    need(!core_check_effects(world, &effects));
    sgp_effects_free(&effects);
}

/* A world in the middle of its work, the same each time. */
static sgp_world *busy_world(void) {
    sgp_world *world;
    need(sgp_world_create(&world) == SGP_OK);
    for (int i = 0; i < 3; i++) {
        sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED, .at_ms = 1000};
        sgp_unit *unit = &event.u.unit_registered.unit;
        snprintf(unit->code, sizeof unit->code, "A-%02d", i);
        unit->kind = SGP_UNIT_AMBULANCE_BASIC;
        unit->station_point = core_point(i * 100, 0);
        step(world, &event);
        event = (sgp_event){.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = true}};
        snprintf(event.u.duty.unit, sizeof event.u.duty.unit, "A-%02d", i);
        step(world, &event);
    }
    sgp_roster *roster = sgp_roster_create(1, 1);
    need(roster != NULL);
    strcpy(roster->members[0].code, "PRM-1");
    roster->shifts[0] = (sgp_shift){.unit = "A-02",
                                    .until_ms = 8 * 3600000,
                                    .every_days = 1,
                                    .n_members = 1,
                                    .members = {"PRM-1"}};
    sgp_event loaded = {.kind = SGP_EVENT_ROSTER_LOADED, .u.roster.roster = roster};
    step(world, &loaded);
    free(roster);
    sgp_event user = {.kind = SGP_EVENT_USER_SET,
                      .actor = "local",
                      .u.account = {.name = "rina", .role = SGP_ROLE_CREW, .unit = "A-01"}};
    step(world, &user);
    sgp_event code = {.kind = SGP_EVENT_LOGIN_CODE_MADE,
                      .u.login_code = {.user = "rina", .hash = {1}, .until_ms = 60000}};
    step(world, &code);
    sgp_event device = {.kind = SGP_EVENT_DEVICE_ADDED,
                        .u.device_added = {.user = "rina", .code = {1}, .token = {2}}};
    step(world, &device);
    code.u.login_code.hash[0] = 3;
    step(world, &code);
    sgp_event fleet = {
        .kind = SGP_EVENT_FLEET_SET,
        .actor = "local",
        .u.fleet = {.what = SGP_FLEET_HOSPITAL, .u.hospital = {.code = "RS-9", .name = "RS Baru"}}};
    step(world, &fleet);
    sgp_event closed = {.kind = SGP_EVENT_ROAD_CLOSED,
                        .u.road_closed = {.street = "Jalan Semeru",
                                          .n_parts = 2,
                                          .parts = {{.a = 7}, {.a = 8, .b = 9}}}};
    step(world, &closed);
    sgp_event sign_on = {.kind = SGP_EVENT_CREW_SIGNED_ON,
                         .u.signed_on = {.unit = "A-02", .n_members = 1, .members = {"PRM-1"}}};
    step(world, &sign_on);
    sgp_shift shift = {.unit = "A-00", .from_ms = 5000, .until_ms = 3600000};
    sgp_event set = {.kind = SGP_EVENT_SHIFT_SET, .u.shift = &shift};
    step(world, &set);
    sgp_event hospital = {.kind = SGP_EVENT_HOSPITAL_REGISTERED};
    strcpy(hospital.u.hospital_registered.hospital.code, "RSSA");
    step(world, &hospital);
    for (int i = 0; i < 5; i++) {
        sgp_event call = {.kind = SGP_EVENT_CALL_RECEIVED, .request_id = {1, (uint8_t)i}};
        strcpy(call.u.call.complaint, "stroke");
        call.u.call.has_point = i != 3;
        call.u.call.has_text = i == 3;
        call.u.call.place = (sgp_place){.kind = SGP_PLACE_STREET, .point = core_point(50, i)};
        step(world, &call);
    }
    sgp_event decline = {.kind = SGP_EVENT_ORDER_ANSWERED, .u.answered = {.assignment = 1}};
    step(world, &decline);
    sgp_event transport = {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED,
                           .u.advanced = {2, SGP_ASSIGNMENT_TRANSPORTING, "RSSA"}};
    step(world, &transport);
    sgp_event close = {.kind = SGP_EVENT_INCIDENT_CLOSED, .u.closed = {2, SGP_OUTCOME_CANCELLED}};
    step(world, &close);
    for (sgp_id i = 3; i <= 4; i++) {
        sgp_event take = {.kind = SGP_EVENT_INCIDENT_TAKEN, .actor = "dewi", .u.taken = {i}};
        step(world, &take);
    }
    sgp_event over = {
        .kind = SGP_EVENT_DESK_HANDED_OVER, .actor = "dewi", .u.handed_over = {"dewi", "budi"}};
    step(world, &over);
    return world;
}

static void try_event(const uint8_t *data, size_t size) {
    Sigap__V1__Event *message = sigap__v1__event__unpack(NULL, size, data);
    if (!message)
        return;
    sgp_event event;
    sgp_fault fault = {0};
    if (sgp_event_from_proto(message, &event, &fault) == SGP_OK) {
        need(!core_check_event_coding(&event));
        sgp_world *world = busy_world();
        step(world, &event);
        need(!core_check_world(world));
        sgp_world_destroy(world);
        sgp_event_clear(&event);
    } else {
        need(fault.text[0] != '\0');
    }
    sigap__v1__event__free_unpacked(message, NULL);
}

static void try_snapshot(const uint8_t *data, size_t size) {
    sgp_world *world, *again;
    sgp_fault fault = {0};
    if (sgp_world_load(data, size, &world, &fault) != SGP_OK) {
        need(fault.text[0] != '\0');
        return;
    }
    sgp_buffer bytes = {0};
    uint8_t first[32], second[32];
    need(sgp_world_save(world, &bytes) == SGP_OK);
    need(sgp_world_load(bytes.data, bytes.length, &again, &fault) == SGP_OK);
    sgp_world_digest(world, first);
    sgp_world_digest(again, second);
    need(memcmp(first, second, sizeof first) == 0);
    sgp_world_destroy(again);
    sgp_buffer_free(&bytes);
    /* A loaded world must bear whatever comes next. */
    if (sgp_world_now_ms(world) < INT64_MAX / 8 && sgp_world_seq(world) < UINT64_MAX / 2) {
        sgp_event timer = {.kind = SGP_EVENT_TIMER, .at_ms = sgp_world_now_ms(world) + 3600000};
        step(world, &timer);
        sgp_event graph = {.kind = SGP_EVENT_GRAPH_SWITCHED};
        step(world, &graph);
        for (sgp_id id = 1; id < 4; id++) {
            sgp_event ordered = {.kind = SGP_EVENT_UNIT_ORDERED, .u.ordered = {.incident = id}};
            step(world, &ordered);
            sgp_event close = {.kind = SGP_EVENT_INCIDENT_CLOSED,
                               .u.closed = {id, SGP_OUTCOME_GHOST}};
            step(world, &close);
        }
    }
    sgp_world_destroy(world);
}

static void try_damage(const uint8_t *data, size_t size) {
    static sgp_buffer good; /* kept for the life of the process */
    if (good.length == 0) {
        sgp_world *world = busy_world();
        need(sgp_world_save(world, &good) == SGP_OK);
        sgp_world_destroy(world);
    }
    uint8_t *bytes = malloc(good.length);
    need(bytes != NULL);
    memcpy(bytes, good.data, good.length);
    size_t most = size ? 3 * (size_t)(data[0] % 4) : 0; /* none: the whole way is seen too */
    for (size_t i = 1; i + 2 < size && i < 1 + most; i += 3)
        bytes[(data[i] << 8 | data[i + 1]) % good.length] = data[i + 2];
    size_t cut = size > 14 && data[13] < 16 ? data[14] * good.length / 256 : 0;
    try_snapshot(bytes, good.length - cut);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    switch (data[0] % 4) {
    case 0:
        try_event(data + 1, size - 1);
        break;
    case 1:
        try_snapshot(data + 1, size - 1);
        break;
    default:
        try_damage(data + 1, size - 1 < 16 ? size - 1 : 16);
    }
    return 0;
}
