/* Random events, sensible and senseless, over many seeds. After every step: the
 * invariants of core_check.h; no incident disappears but the oldest closed ones;
 * an illegal event changes nothing; every recorded time is used when played back;
 * and a second world that lives from encoded events, recorded times and now and
 * then a snapshot has the same digest.
 *
 * A failure prints its seed; SIGAP_SEED runs that one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "core_check.h"
#include "plan_maker.h"

enum { SEEDS = 160, STEPS = 600, UNITS = 12, HOSPITALS = 4, CHOSEN_MAX = 64 };

typedef struct story {
    uint64_t random;
    uint64_t seed;
    int step;
    sgp_world *world, *shadow;
    core_oracle oracle;
    sgp_times inner;
    sgp_times_recorder recorder;
    sgp_effects effects, shadow_effects;
    sgp_buffer bytes;
    uint64_t seq;
    int64_t now_ms;
    uint64_t done, refused, orders, reloads, diverted, exchanged;
    struct {
        sgp_id incident;
        sgp_point point;
    } chosen[CHOSEN_MAX]; /* by persons */
    uint32_t n_chosen;
    sgp_id phone_call; /* whose phone told last; more happens to it, so that rules meet */
    uint64_t by_phone; /* incidents that a phone's position placed or moved */
    sgp_id forgotten;  /* how many incidents were forgotten */
    sgp_plan *plan;    /* NULL: lives without one */
    uint64_t answered, alerts, shortfalls;
    uint64_t ring_dice; /* of their own, so that what else happens is as it was without rings */
    uint64_t ring_calls, rings_gone;
    uint64_t desk_dice; /* likewise */
    uint64_t taken, handed_over;
    uint64_t roster_dice; /* likewise */
    uint64_t admin_dice, admitted, fleet_changes;
    sgp_roster *roster; /* as it was loaded last */
    sgp_shift shift;    /* of the last SHIFT_SET */
    uint64_t signed_on, absences;
} story;

static uint32_t below(story *life, uint32_t bound) {
    return (uint32_t)sgp_random_below(&life->random, bound);
}

static void hold(const story *life, bool holds, const char *sentence) {
    if (!holds)
        fail_msg("seed %llu, step %d: %s", (unsigned long long)life->seed, life->step, sentence);
}

/* ---- events ---------------------------------------------------------------- */

static sgp_point random_point(story *life) {
    return core_point((int32_t)below(life, 20000) - 10000, (int32_t)below(life, 20000) - 10000);
}

static void random_unit(story *life, char code[SGP_CODE_BYTES]) {
    /* Now and then one that there is not. */
    snprintf(code, SGP_CODE_BYTES, "A-%02u", below(life, UNITS + (below(life, 40) == 0)));
}

/* An id near the newest, sometimes of something long gone or not yet there. */
static sgp_id random_id(story *life, sgp_id next) {
    if (below(life, 20) == 0)
        return 1 + below(life, (uint32_t)next + 2);
    sgp_id span = next < 12 ? next : 12;
    return next - below(life, (uint32_t)span);
}

/* An assignment that is open, most of the time. */
static sgp_id random_assignment(story *life) {
    for (int tries = 0; tries < 4; tries++) {
        const sgp_unit *unit =
            sgp_world_unit(life->world, below(life, sgp_world_units(life->world)));
        if (unit->assignment)
            return unit->assignment;
    }
    return random_id(life, life->world->next_assignment);
}

static const char *random_district(story *life);

static sgp_place random_place(story *life) {
    sgp_place place = {.kind = 1 + below(life, SGP_PLACE_KINDS - 1),
                       .point = random_point(life),
                       .uncertainty_m = (int32_t)below(life, 500),
                       .confidence_permille = (int32_t)below(life, 1001)};
    snprintf(place.label, sizeof place.label, "Jalan Kawi %u", below(life, 99));
    strcpy(place.kabupaten, random_district(life));
    place.has_access = below(life, 3) == 0;
    place.access = place.point;
    place.access_walk_m = place.has_access ? (int32_t)below(life, 600) : 0;
    return place;
}

static void random_call(story *life, sgp_event *event) {
    static const char *const complaints[] = {"cardiac_arrest", "fall",     "transfer",
                                             "2301069",        "nonsense", ""};
    event->kind = SGP_EVENT_CALL_RECEIVED;
    strcpy(event->u.call.channel, "112");
    strcpy(event->u.call.complaint, complaints[below(life, 6)]);
    event->u.call.priority = below(life, 2) ? 0 : below(life, SGP_PRIORITIES);
    event->u.call.has_point = below(life, 3) != 0;
    event->u.call.has_text = below(life, 2);
    /* One of a few numbers, or none; by what was thrown, so that the dice fall as before. */
    event->u.call.number[0] = (uint8_t)(life->world->next_call * 7 % 5);
    if (event->u.call.has_point)
        event->u.call.place = random_place(life);
    if (below(life, 6) == 0)
        event->u.call.incident = random_id(life, life->world->next_incident);
}

static void random_placed(story *life, sgp_event *event) {
    event->kind = SGP_EVENT_CALL_PLACED;
    event->u.placed.call = random_id(life, life->world->next_call);
    for (sgp_id id = 0; (id = sgp_world_next_call(life->world, id));)
        if (sgp_world_call(life->world, id)->looking_up && below(life, 2)) {
            event->u.placed.call = id;
            break;
        }
    event->u.placed.away = below(life, 8) == 0;
    event->u.placed.provisional = below(life, 4) == 0;
    event->u.placed.n_places = (int32_t)below(life, 4);
    for (int32_t i = 0; i < event->u.placed.n_places; i++)
        event->u.placed.places[i] = random_place(life);
}

static void random_clocks(story *life, sgp_event *event) {
    event->kind = SGP_EVENT_CONFIGURED;
    sgp_clocks_default(&event->u.configured);
    for (int i = 0; i < SGP_PRIORITIES; i++)
        event->u.configured.order_without_click[i] = below(life, 2);
    event->u.configured.reorder_after_refusal = below(life, 2);
    event->u.configured.accept_ms[SGP_P1] = 1000 * (1 + (int32_t)below(life, 60));
    for (int i = 0; i < SGP_PRIORITIES; i++)
        event->u.configured.policy[i] = below(life, SGP_POLICIES);
    if (below(life, 4) == 0)
        return;
    sgp_rules *rules = &event->u.configured.rules;
    sgp_rules_default(rules);
    rules->seats_by_kind = below(life, 3) != 0;
    rules->divert_gain_ms = (int32_t)below(life, 200000);
    rules->divert_times = (int32_t)below(life, 4);
    rules->crew_ms[SGP_P3] = (int32_t)below(life, 4) * 3600000;
    rules->withdraw_surplus = below(life, 2);
    rules->patients_first = below(life, 2);
    rules->mass_reserve = (int32_t)below(life, 4);
    rules->alike_ms = rules->divert_times * 600000;
    rules->alike_m = rules->divert_gain_ms % 600;
    rules->nuisance_count = rules->divert_times;
    rules->ring_claim_ms = rules->divert_times * 20000;
    rules->ring_keep_h = rules->alike_ms / 600000;
    rules->joint_gain_ms = (int32_t)below(life, 3) * 30000;
    rules->joint_weight[SGP_P1] = (int32_t)below(life, 10);
    rules->hospital_by_need = below(life, 4) != 0;
    rules->bed_stay_ms = (int32_t)below(life, 3) * 600000;
    rules->offload_ms = (int32_t)below(life, 3) * 120000;
    rules->offload_again_ms = (int32_t)below(life, 2) * 60000;
}

/* Two districts, so that some units are neighbours. */
static const char *random_district(story *life) {
    static const char *const districts[] = {"", "Kota Malang", "Kota Batu"};
    return districts[below(life, 3)];
}

static void random_reinforcement(story *life, sgp_event *event) {
    sgp_id incident = random_id(life, life->world->next_incident);
    uint32_t dice = below(life, 3);
    if (dice == 0) {
        event->kind = SGP_EVENT_BACKUP_ASKED;
        event->u.backup.incident = incident;
        event->u.backup.units = 1 + below(life, 3);
        event->u.backup.seat.kinds = 2 + 2 * below(life, (1 << (SGP_UNIT_KINDS - 1)) - 1);
    } else if (dice == 1) {
        event->kind = SGP_EVENT_AID_ASKED;
        event->u.aid.incident = incident;
        event->u.aid.asked = below(life, 3) != 0;
    } else {
        event->kind = SGP_EVENT_MASS_CASUALTY;
        event->u.mass.incident = incident;
        event->u.mass.ended = below(life, 3) == 0;
        event->u.mass.patients = below(life, 12);
        event->u.mass.has_staging = below(life, 2);
        event->u.mass.staging = random_place(life);
    }
}

/* Closures begin now or later and end soon, so that many expire within a life. */
/* Another plan now and then, answers of callers, other services. */
static void random_planned(story *life, sgp_event *event) {
    static const char *const questions[] = {"conscious", "breathing", "shoe_size"};
    static const char *const answers[] = {"yes", "no", "hard", ""};
    static const char *const agencies[] = {"DAMKAR", "POLRESTA", "BPBD"};
    sgp_id incident = random_id(life, life->world->next_incident);
    switch (below(life, 8)) {
    case 0:
        event->kind = SGP_EVENT_PLANNED;
        event->u.planned.plan = life->plan;
        life->plan->seats[0].within_ms = (int32_t)below(life, 1200000);
        life->plan->seats[1].if_possible = below(life, 2);
        life->plan->seats[5].skills = below(life, 2) ? 1u << SGP_SKILL_EXTRICATION : 0;
        life->plan->answers[3].weight = (int32_t)below(life, 41) - 20;
        life->plan->agencies[0].answer_ms = 1 + (int32_t)below(life, 300000);
        break;
    case 1:
    case 2:
        event->kind = SGP_EVENT_AGENCY_ALERTED;
        event->u.alerted.incident = incident;
        strcpy(event->u.alerted.agency, agencies[below(life, 3)]);
        break;
    case 3:
        event->kind = SGP_EVENT_AGENCY_ANSWERED;
        event->u.agency_answered.incident = incident;
        event->u.agency_answered.accepted = below(life, 2);
        strcpy(event->u.agency_answered.agency, agencies[below(life, 3)]);
        break;
    default:
        event->kind = SGP_EVENT_QUESTION_ANSWERED;
        event->u.question.incident = incident;
        strcpy(event->u.question.question, questions[below(life, 20) ? below(life, 2) : 2]);
        strcpy(event->u.question.answer, answers[below(life, 4)]);
    }
}

static void random_welfare(story *life, sgp_event *event) {
    if (below(life, 2)) {
        event->kind = SGP_EVENT_WELFARE_ANSWERED;
        event->u.welfare.assignment = random_assignment(life);
        return;
    }
    event->kind = SGP_EVENT_DISTRESS;
    snprintf(event->u.distress.unit, SGP_CODE_BYTES, "A-%02u", below(life, UNITS));
    event->u.distress.cleared = below(life, 4) != 0;
    strcpy(event->u.distress.reason, "sudah aman");
    for (uint32_t i = 0; event->u.distress.cleared && i < sgp_world_units(life->world); i++)
        if (sgp_world_unit(life->world, i)->distress_at_ms)
            strcpy(event->u.distress.unit, sgp_world_unit(life->world, i)->code);
}

static void random_transfer(story *life, sgp_event *event) {
    uint32_t dice = below(life, 4);
    sgp_id id = random_id(life, life->world->next_transfer);
    uint64_t version = below(life, 5) ? 0 : 1 + below(life, 4);
    if (dice < 2) {
        event->kind = SGP_EVENT_TRANSFER_ASKED;
        snprintf(event->u.transfer_asked.from, SGP_CODE_BYTES, "RS-%u", below(life, HOSPITALS));
        snprintf(event->u.transfer_asked.to, SGP_CODE_BYTES, "RS-%u", below(life, HOSPITALS));
        if (below(life, 3))
            event->u.transfer_asked.pick_up_at_ms = life->now_ms + below(life, 7200000);
        if (below(life, 4) == 0)
            event->u.transfer_asked.return_at_ms = life->now_ms + below(life, 14400000);
        event->u.transfer_asked.priority = below(life, SGP_PRIORITIES);
        event->u.transfer_asked.seat.kinds =
            below(life, 2) ? 0 : 2 + 2 * below(life, (1 << (SGP_UNIT_KINDS - 1)) - 1);
        if (below(life, 2))
            snprintf(event->u.transfer_asked.unit, SGP_CODE_BYTES, "A-%02u", below(life, UNITS));
    } else if (dice == 2) {
        event->kind = SGP_EVENT_TRANSFER_CHANGED;
        event->u.transfer_changed.transfer = id;
        event->u.transfer_changed.version = version;
        if (below(life, 2))
            event->u.transfer_changed.pick_up_at_ms = life->now_ms + below(life, 7200000);
        event->u.transfer_changed.other_unit = below(life, 2);
        if (below(life, 3))
            snprintf(event->u.transfer_changed.unit, SGP_CODE_BYTES, "A-%02u", below(life, UNITS));
    } else {
        event->kind = SGP_EVENT_TRANSFER_CANCELLED;
        event->u.transfer_cancelled.transfer = id;
        event->u.transfer_cancelled.version = version;
        strcpy(event->u.transfer_cancelled.reason, "pasien membaik");
    }
}

static void random_roads(story *life, sgp_event *event) {
    uint32_t n = sgp_world_road_closures(life->world);
    uint32_t dice = below(life, 4);
    if (dice == 0) {
        event->kind = SGP_EVENT_METRIC_SWAPPED;
        snprintf(event->u.swapped.profile, SGP_PROFILE_BYTES, "profile %u", below(life, 20));
        event->u.swapped.weights[0] = (uint8_t)below(life, 5);
    } else if (dice == 1 && n) {
        event->kind = SGP_EVENT_ROAD_OPENED;
        const sgp_road_closure *one = sgp_world_road_closure(life->world, below(life, n));
        if (one->way == 0 || below(life, 2))
            event->u.road_opened.closure = one->id;
        else
            event->u.road_opened.way = one->way;
    } else {
        event->kind = SGP_EVENT_ROAD_CLOSED;
        sgp_road_closure *closure = &event->u.road_closed;
        closure->way = below(life, 2) ? 1 + below(life, 9) : 0;
        closure->point = random_point(life);
        closure->radius_m = closure->way ? 0 : 1 + (int32_t)below(life, 90);
        closure->from_ms = below(life, 2) ? life->now_ms + below(life, 60000) : 0;
        closure->until_ms = below(life, 3) ? life->now_ms + 60000 + below(life, 120000) : 0;
        strcpy(closure->reason, "banjir");
    }
}

static void random_advance(story *life, sgp_event *event) {
    event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
    event->u.advanced.assignment = random_assignment(life);
    const sgp_assignment *assignment =
        sgp_world_assignment(life->world, event->u.advanced.assignment);
    uint32_t state = SGP_ASSIGNMENT_EN_ROUTE + below(life, 6);
    if (assignment && below(life, 3) && assignment->state < SGP_ASSIGNMENT_CLOSED)
        state = assignment->state < SGP_ASSIGNMENT_EN_ROUTE ? SGP_ASSIGNMENT_EN_ROUTE
                                                            : assignment->state + 1;
    event->u.advanced.state = state;
    if (below(life, 4) == 0)
        snprintf(event->u.advanced.hospital, SGP_CODE_BYTES, "RS-%u", below(life, HOSPITALS + 1));
}

/* What hospitals tell and crews see; few beds and short stays, so that hospitals fill up. */
static void random_hospital(story *life, sgp_event *event) {
    char code[SGP_CODE_BYTES];
    snprintf(code, sizeof code, "RS-%u", below(life, HOSPITALS + 1));
    uint32_t dice = below(life, 6);
    if (dice < 2) {
        event->kind = SGP_EVENT_HOSPITAL_TOLD;
        memcpy(event->u.hospital_told.hospital, code, sizeof code);
        event->u.hospital_told.version = below(life, 4) ? 0 : below(life, 5);
        event->u.hospital_told.has_beds = below(life, 2);
        event->u.hospital_told.beds = (int32_t)below(life, 4);
        event->u.hospital_told.released = (int32_t)below(life, 3);
        event->u.hospital_told.has_diversion = below(life, 2);
        event->u.hospital_told.diversion = below(life, SGP_DIVERSIONS);
        event->u.hospital_told.diverts = below(life, SGP_ABILITIES_ALL + 1);
        event->u.hospital_told.until_ms =
            below(life, 2) ? 0 : life->now_ms + below(life, 300000) - 1000;
        strcpy(event->u.hospital_told.reason, "IGD penuh");
    } else if (dice < 4) {
        event->kind = SGP_EVENT_PATIENT_TOLD;
        event->u.patient.assignment = random_assignment(life);
        event->u.patient.has_needs = below(life, 2);
        event->u.patient.needs = 1u << below(life, 3);
        event->u.patient.colour = below(life, SGP_COLOURS);
    } else {
        event->kind = dice == 4 ? SGP_EVENT_HOSPITAL_ASKED : SGP_EVENT_HOSPITAL_CHOSEN;
        event->u.hospital_choice.assignment = random_assignment(life);
        if (dice == 5)
            memcpy(event->u.hospital_choice.hospital, code, sizeof code);
    }
}

/* Few places, so that units come there. */
static void random_move_up(story *life, sgp_event *event) {
    char code[SGP_CODE_BYTES] = "";
    snprintf(code, SGP_CODE_BYTES, "A-%02u", below(life, UNITS));
    const sgp_unit *unit = sgp_world_unit_by_code(life->world, code);
    uint32_t dice = below(life, 6);
    if (dice < 3) {
        event->kind = SGP_EVENT_MOVE_UP_ORDERED;
        memcpy(event->u.move_up.unit, code, sizeof code);
        strcpy(event->u.move_up.name, "pos");
        event->u.move_up.point = core_point((int32_t)below(life, 3) * 1000, 0);
        event->u.move_up.gain_ppm = (int32_t)below(life, 1000);
        event->u.move_up.again = below(life, 2);
    } else if (dice < 5) {
        event->kind = SGP_EVENT_MOVE_UP_ANSWERED;
        memcpy(event->u.move_up_answer.unit, code, sizeof code);
        event->u.move_up_answer.id = unit && unit->post.id ? unit->post.id : 1;
        event->u.move_up_answer.accepted = below(life, 3) != 0;
    } else {
        event->kind = SGP_EVENT_MOVE_UP_ENDED;
        memcpy(event->u.move_up_end.unit, code, sizeof code);
    }
}

/* Few tokens and holders, so that some are right, and circles on both sides of the limit. */
static void random_page(story *life, sgp_event *event) {
    sgp_id call = life->phone_call && below(life, 2) ? life->phone_call
                                                     : random_id(life, life->world->next_call);
    uint8_t token = (uint8_t)(1 + below(life, 4)), holder = (uint8_t)(1 + below(life, 2));
    const sgp_call *known = sgp_world_call(life->world, call);
    switch (below(life, 4)) {
    case 0:
        event->kind = SGP_EVENT_CALLER_CAME;
        event->u.came.call = call;
        event->u.came.token[0] = token;
        event->u.came.holder[0] = holder;
        return;
    case 1:
        event->kind = SGP_EVENT_MESSAGES_READ;
        event->u.messages_read.call = call;
        event->u.messages_read.seq = known ? known->chat.last_seq + below(life, 2) : below(life, 9);
        return;
    default:
        event->kind = SGP_EVENT_MESSAGE_SAID;
        event->u.message.call = call;
        event->u.message.by_caller = below(life, 3) != 0;
        if (!event->u.message.by_caller)
            return;
        event->u.message.token[0] = token;
        event->u.message.holder[0] = holder;
        event->u.message.sign = below(life, SGP_SIGNS);
    }
}

static void random_phone(story *life, sgp_event *event) {
    if (below(life, 4) == 0) {
        random_page(life, event);
        return;
    }
    if (below(life, 3) == 0) {
        event->kind = SGP_EVENT_LOCATE_ASKED;
        event->u.locate.call = random_id(life, life->world->next_call);
        event->u.locate.token[0] = (uint8_t)(1 + below(life, 4));
        event->u.locate.valid_ms = 1 + (int32_t)below(life, 300000);
        event->u.locate.updates_ms = (int32_t)below(life, 300000);
        return;
    }
    event->kind = SGP_EVENT_PHONE_POSITION;
    event->u.phone.call = life->phone_call && below(life, 2)
                              ? life->phone_call
                              : random_id(life, life->world->next_call);
    event->u.phone.fix.place = random_place(life);
    event->u.phone.fix.place.uncertainty_m = (int32_t)below(life, 300);
    event->u.phone.fix.measured_at_ms = life->now_ms - (below(life, 2) ? 0 : below(life, 900000));
    event->u.phone.fix.method = below(life, SGP_PHONE_METHODS);
    event->u.phone.by_token = below(life, 2);
    if (event->u.phone.by_token) {
        event->u.phone.token[0] = (uint8_t)(1 + below(life, 4));
        event->u.phone.holder[0] = (uint8_t)(1 + below(life, 2));
    }
}

/* Two exchanges with few channels each, and three people, so that they meet. */
static void random_ring(story *life, sgp_event *event) {
    static const char *const people[] = {"dewi", "budi", "sari"};
    char exchange[SGP_CODE_BYTES], channel[SGP_CHANNEL_BYTES];
    sgp_id ring = 0;
    for (uint32_t i = 1 + below(life, 6); i > 0; i--)
        ring = sgp_world_next_ring(life->world, ring);
    snprintf(exchange, sizeof exchange, "pabx-%u", below(life, 2));
    snprintf(channel, sizeof channel, "%lld.%u", (long long)life->now_ms / 300000, below(life, 3));
    strcpy(event->actor, people[below(life, 3)]);
    switch (below(life, 5)) {
    case 0:
        event->kind = SGP_EVENT_RING_CAME;
        strcpy(event->u.ring_came.exchange, exchange);
        strcpy(event->u.ring_came.line, "112");
        strcpy(event->u.ring_came.channel, channel);
        event->u.ring_came.number[0] = (uint8_t)below(life, 5);
        return;
    case 1:
        event->kind = SGP_EVENT_RING_TOLD;
        strcpy(event->u.ring_told.exchange, exchange);
        strcpy(event->u.ring_told.channel, channel);
        event->u.ring_told.news = 1 + below(life, SGP_RING_NEWS - 1);
        if (event->u.ring_told.news == SGP_NEWS_RECORDED)
            strcpy(event->u.ring_told.recording, "sigap-1");
        return;
    case 2:
        event->kind = SGP_EVENT_RING_TAKEN;
        event->u.ring_taken.ring = ring ? ring : 1;
        event->u.ring_taken.give_back = below(life, 5) == 0;
        return;
    case 3:
        event->kind = SGP_EVENT_RING_CALL_BACK;
        event->u.ring_back.ring = ring ? ring : 1;
        event->u.ring_back.outcome = 1 + below(life, SGP_CALL_BACK_NOT_NEEDED);
        return;
    default: /* calls change everything else, so that few lives have them */
        if (life->seed % 4 != 3) {
            event->kind = SGP_EVENT_TIMER;
            return;
        }
        random_call(life, event);
        event->u.call.ring = ring;
        const sgp_ring *claimed = sgp_world_ring(life->world, ring);
        if (claimed && claimed->claimed_by[0] && below(life, 4))
            memcpy(event->actor, claimed->claimed_by, sizeof event->actor);
    }
}

enum { PEOPLE = 10 };

/* Ten people, a shift or two for each unit around now; some come again every day. */
static sgp_roster *random_roster(story *life) {
    sgp_roster *roster = sgp_roster_create(PEOPLE, 2 * UNITS);
    assert_non_null(roster);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        snprintf(roster->members[i].code, SGP_CODE_BYTES, "K-%02u", i);
        roster->members[i].skills = below(life, SGP_SKILLS_ALL + 1);
    }
    for (uint32_t i = 0; i < roster->n_shifts; i++) {
        sgp_shift *shift = &roster->shifts[i];
        snprintf(shift->unit, SGP_CODE_BYTES, "A-%02u", i / 2);
        shift->every_days = below(life, 3) == 0;
        shift->from_ms = life->now_ms - (shift->every_days ? 86400000 * INT64_C(3) : 0) - 1200000 +
                         below(life, 1200000) + (i % 2) * 1200000;
        shift->until_ms = shift->from_ms + 1 + below(life, 1500000);
        shift->n_members = 1 + below(life, 2);
        snprintf(shift->members[0], SGP_CODE_BYTES, "K-%02u", below(life, PEOPLE / 2));
        snprintf(shift->members[1], SGP_CODE_BYTES, "K-%02u", PEOPLE / 2 + below(life, PEOPLE / 2));
    }
    /* By unit, then by time. */
    for (uint32_t i = 0; i + 1 < roster->n_shifts; i += 2)
        if (roster->shifts[i].from_ms > roster->shifts[i + 1].from_ms) {
            sgp_shift later = roster->shifts[i];
            roster->shifts[i] = roster->shifts[i + 1];
            roster->shifts[i + 1] = later;
        }
    return roster;
}

static void random_sign_on(story *life, sgp_event *event) {
    event->kind = SGP_EVENT_CREW_SIGNED_ON;
    random_unit(life, event->u.signed_on.unit);
    event->u.signed_on.n_members = below(life, 3);
    snprintf(event->u.signed_on.members[0], SGP_CODE_BYTES, "K-%02u", below(life, PEOPLE / 2));
    snprintf(event->u.signed_on.members[1], SGP_CODE_BYTES, "K-%02u",
             PEOPLE / 2 + below(life, PEOPLE / 2 + 1));
    if (below(life, 3) == 0)
        event->u.signed_on.until_ms = life->now_ms + 1 + below(life, 1800000);
    event->u.signed_on.version = below(life, 8) ? 0 : 1 + below(life, 40);
}

static void random_shift(story *life, sgp_event *event) {
    const sgp_shift *known = sgp_world_shift(life->world, below(life, 4));
    if (known && below(life, 3) == 0) {
        event->kind = SGP_EVENT_SHIFT_REMOVED;
        event->u.shift_removed.id = known->id + (below(life, 10) == 0);
        event->u.shift_removed.version = below(life, 3) ? 0 : known->version;
        return;
    }
    event->kind = SGP_EVENT_SHIFT_SET;
    event->u.shift = &life->shift;
    life->shift = (sgp_shift){.id = known && below(life, 2) ? known->id : 0};
    random_unit(life, life->shift.unit);
    life->shift.from_ms = life->now_ms - 600000 + below(life, 1200000);
    life->shift.until_ms = life->shift.from_ms + 1 + below(life, 1200000);
    life->shift.n_members = below(life, 3);
    strcpy(life->shift.members[0], "K-01");
    strcpy(life->shift.members[1], "K-07");
    if (known && below(life, 3) == 0)
        life->shift.version = known->version - below(life, 2);
}

static void random_roster_event(story *life, sgp_event *event) {
    switch (below(life, 12)) {
    case 0:
        free(life->roster);
        life->roster = random_roster(life);
        event->kind = SGP_EVENT_ROSTER_LOADED;
        event->u.roster.roster = life->roster;
        return;
    case 1:
    case 2:
        random_shift(life, event);
        return;
    case 3:
    case 4:
        event->kind = SGP_EVENT_TIMER;
        return;
    default:
        random_sign_on(life, event);
    }
}

static void random_event(story *life, sgp_event *event) {
    *event = (sgp_event){.kind = 0};
    uint32_t dice = below(life, 100);
    if (life->plan && below(life, 12) == 0) {
        random_planned(life, event);
    } else if (below(life, 80) == 0) {
        random_welfare(life, event);
    } else if (below(life, 40) == 0) {
        random_transfer(life, event);
    } else if (below(life, 16) == 0) {
        random_hospital(life, event);
    } else if (below(life, 24) == 0) {
        random_move_up(life, event);
    } else if (dice < 2) {
        random_roads(life, event);
    } else if (dice < 9) {
        random_phone(life, event);
    } else if (dice < 22) {
        event->kind = SGP_EVENT_UNIT_POSITION;
        random_unit(life, event->u.position.unit);
        event->u.position.point = below(life, 4) ? random_point(life) : core_point(10, 10);
        event->u.position.measured_at_ms = life->now_ms - below(life, 400000);
    } else if (dice < 36) {
        random_call(life, event);
    } else if (dice < 43) {
        random_placed(life, event);
        if (below(life, 5) == 0) {
            *event = (sgp_event){.kind = SGP_EVENT_CALL_NARROWED};
            event->u.narrowed.call = random_id(life, life->world->next_call);
        }
    } else if (dice < 66) {
        random_advance(life, event);
    } else if (dice < 76) {
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = random_assignment(life);
        event->u.answered.accepted = below(life, 3) != 0;
        strcpy(event->u.answered.reason, "ban bocor");
    } else if (dice < 80) {
        event->kind = SGP_EVENT_UNIT_ORDERED;
        event->u.ordered.incident = random_id(life, life->world->next_incident);
        if (below(life, 2))
            random_unit(life, event->u.ordered.unit);
        event->u.ordered.divert = below(life, 3) == 0;
    } else if (dice < 83) {
        event->kind = SGP_EVENT_INCIDENT_TRIAGED;
        event->u.triaged.incident = random_id(life, life->world->next_incident);
        event->u.triaged.priority = below(life, SGP_PRIORITIES);
        event->u.triaged.units_wanted = below(life, 4);
        event->u.triaged.alarm = below(life, 3) ? 0 : below(life, SGP_ALARMS + 1);
    } else if (dice < 86) {
        event->kind = SGP_EVENT_UNIT_DUTY;
        random_unit(life, event->u.duty.unit);
        event->u.duty.on_duty = below(life, 4) != 0;
    } else if (dice < 89) {
        event->kind = SGP_EVENT_PLACE_CHOSEN;
        event->u.chosen.incident = random_id(life, life->world->next_incident);
        const sgp_call *told = sgp_world_call(life->world, life->phone_call);
        if (told && below(life, 2))
            event->u.chosen.incident = told->incident;
        event->u.chosen.place = random_place(life);
    } else if (dice < 91) {
        event->kind = SGP_EVENT_CALL_LINKED;
        event->u.linked.call = random_id(life, life->world->next_call);
        if (life->phone_call && below(life, 2))
            event->u.linked.call = life->phone_call;
        event->u.linked.incident = random_id(life, life->world->next_incident);
        if (event->u.linked.call % 3 == 0) {
            sgp_id call = event->u.linked.call, incident = event->u.linked.incident;
            event->kind = SGP_EVENT_ALIKE_DISMISSED;
            event->u.dismissed.call = call;
            event->u.dismissed.incident = incident;
        } else if (event->u.linked.call % 3 == 1) {
            sgp_id call = event->u.linked.call, which = event->u.linked.incident;
            memset(&event->u, 0, sizeof event->u);
            event->kind = which % 4 ? SGP_EVENT_CALL_JUDGED : SGP_EVENT_NUMBER_MARKED;
            if (which % 8 == 1) {
                event->kind = SGP_EVENT_NOTE_ADDED;
                event->u.noted.incident = which;
            } else if (which % 8 == 5) {
                /* Every third one is taken away or changed again. */
                const sgp_premise *known = sgp_world_premise(life->world, (uint32_t)(call % 3));
                event->kind = known && call % 2 ? SGP_EVENT_PREMISE_REMOVED : SGP_EVENT_PREMISE_SET;
                if (known)
                    event->u.premise = *known;
                if (!known || call % 5 == 0)
                    event->u.premise.id = 0;
                if (event->kind == SGP_EVENT_PREMISE_REMOVED && known)
                    event->u.premise.id = known->id;
                event->u.premise.kind = SGP_PREMISE_HAZARD;
                event->u.premise.point = core_point((int32_t)(call % 7) * 300, 0);
                event->u.premise.radius_m = 1 + (int32_t)(which % 2000);
                event->u.premise.until_ms = which % 3 ? life->now_ms + 3600000 : 0;
            } else if (which % 4) {
                event->u.judged.call = call;
                event->u.judged.outcome =
                    (sgp_outcome)(SGP_OUTCOME_DUPLICATE + which % (SGP_OUTCOMES - 3));
            } else {
                event->u.marked.call = call;
                event->u.marked.lifted = which % 8 == 0;
                event->u.marked.hours = (int32_t)(which % 5);
            }
        }
    } else if (dice < 92) {
        event->kind = SGP_EVENT_INCIDENT_CLOSED;
        event->u.closed.incident = random_id(life, life->world->next_incident);
        event->u.closed.outcome = 1 + below(life, SGP_OUTCOME_INFORMATION);
    } else if (dice < 94) {
        event->kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        event->u.stood_down.assignment = random_assignment(life);
        strcpy(event->u.stood_down.reason, "tidak jadi");
    } else if (dice < 95) {
        random_clocks(life, event);
    } else if (dice < 96) {
        event->kind = SGP_EVENT_GRAPH_SWITCHED;
        event->u.switched.metric = below(life, 9);
    } else if (dice < 97 && below(life, 2)) {
        random_reinforcement(life, event);
    } else if (dice < 97) {
        event->kind = SGP_EVENT_RECOMMENDATION_ASKED;
        event->u.asked.incident = random_id(life, life->world->next_incident);
    } else if (dice < 98) {
        event->kind = SGP_EVENT_HOSPITAL_REGISTERED;
        snprintf(event->u.hospital_registered.hospital.code, SGP_CODE_BYTES, "RS-%u",
                 below(life, HOSPITALS));
        event->u.hospital_registered.hospital.point = random_point(life);
        event->u.hospital_registered.hospital.beds = (int32_t)below(life, 4);
        event->u.hospital_registered.hospital.abilities = below(life, 8);
    } else {
        event->kind = SGP_EVENT_TIMER;
    }
}

/* ---- one life -------------------------------------------------------------- */

static void reload_shadow(story *life) {
    sgp_fault fault = {0};
    sgp_world *loaded;
    sgp_buffer_clear(&life->bytes);
    hold(life, sgp_world_save(life->shadow, &life->bytes) == SGP_OK, "the world cannot be saved");
    sgp_err err = sgp_world_load(life->bytes.data, life->bytes.length, &loaded, &fault);
    hold(life, err == SGP_OK, fault.text);
    sgp_world_destroy(life->shadow);
    life->shadow = loaded;
    life->reloads++;
}

static void hold_same_digest(story *life) {
    uint8_t here[32], there[32];
    sgp_world_digest(life->world, here);
    sgp_world_digest(life->shadow, there);
    hold(life, memcmp(here, there, sizeof here) == 0, "the played-back world differs");
}

/* The shadow is told what the journal would keep: record bytes. */
static void step_shadow(story *life, const sgp_event *event) {
    Sigap__V1__RecordedTimes recorded;
    sgp_times_recorder_to_proto(&life->recorder, &recorded);
    sgp_buffer_clear(&life->bytes);
    hold(life,
         sgp_record_encode(life->world, event, &recorded, &life->effects, &life->bytes) == SGP_OK,
         "a record cannot be encoded");
    Sigap__V1__JournalRecord *record =
        sigap__v1__journal_record__unpack(NULL, life->bytes.length, life->bytes.data);
    hold(life, record != NULL, "a record cannot be decoded");
    sgp_event read;
    sgp_fault fault = {0};
    hold(life, sgp_event_from_proto(record->event, &read, &fault) == SGP_OK, fault.text);
    sgp_times_player player = {.times = record->times};
    sgp_times times = sgp_times_playing(&player);
    sgp_effects_clear(&life->shadow_effects);
    sgp_err err = sgp_core_step(life->shadow, &read, &times, &life->shadow_effects);
    const sgp_reply *reply = &life->effects.items[life->effects.n - 1].u.reply;
    hold(life, err == reply->err, "played back, the event ends otherwise");
    hold(life, life->shadow_effects.n == life->effects.n, "played back, effects differ");
    hold(life, player.at_ms == recorded.n_ms && player.at_length == recorded.n_lengths,
         "played back, not every recorded time was used");
    sigap__v1__journal_record__free_unpacked(record, NULL);
    sgp_event_clear(&read);
}

/* Incidents disappear only when closed, oldest first, down to what is kept. */
static void hold_nothing_lost(story *life) {
    sgp_id present = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(life->world, id));)
        present++;
    life->forgotten = life->world->next_incident - 1 - present;
    hold(life, life->forgotten == 0 || life->world->n_closed >= SGP_CLOSED_KEPT,
         "an incident was forgotten too early");
    hold(life, life->world->n_closed <= SGP_CLOSED_KEPT + UNITS, "too many are kept");
}

/* Joint solving moves an order that nobody has answered where its incident gets another unit. */
static bool was_exchanged(const story *life, const sgp_assignment *old) {
    const sgp_incident *incident = sgp_world_incident(life->world, old->incident);
    if (old->at_ms[SGP_ASSIGNMENT_ACCEPTED] || old->by_dispatcher ||
        sgp_world_clocks(life->world)->policy[incident->priority] != SGP_POLICY_JOINT)
        return false;
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment_node *other =
            sgp_world_find_assignment(life->world, incident->assignments[i]);
        if (other->view.id > old->id && other->touched == life->world->step &&
            other->view.state == SGP_ASSIGNMENT_ORDERED)
            return true;
    }
    return false;
}

/* The engine takes units only from what is less urgent, and they are on the way there now; or from
 * whom it gives another one. */
static void hold_diversions(story *life, const sgp_event *event) {
    for (sgp_id id = 0; (id = sgp_world_next_assignment(life->world, id));) {
        const sgp_assignment *old = sgp_world_assignment(life->world, id);
        const sgp_assignment_node *node = sgp_world_find_assignment(life->world, id);
        if (old->state != SGP_ASSIGNMENT_DIVERTED || node->touched != life->world->step)
            continue;
        life->diverted++;
        sgp_id now = sgp_world_unit(life->world, old->unit)->assignment;
        hold(life, now > id, "a unit was diverted to nothing");
        const sgp_assignment *next = sgp_world_assignment(life->world, now);
        hold(life, next->at_ms[SGP_ASSIGNMENT_ORDERED] == event->at_ms,
             "a diverted unit was ordered elsewhere at another time");
        if (event->kind == SGP_EVENT_UNIT_ORDERED && event->u.ordered.divert)
            continue;
        if (was_exchanged(life, old)) {
            life->exchanged++;
            continue;
        }
        hold(life,
             sgp_world_incident(life->world, next->incident)->priority <
                 sgp_world_incident(life->world, old->incident)->priority,
             "a unit was diverted to what is not more urgent");
    }
}

/* What a person chose stands until a person chooses anew, whatever phones and words tell. */
static void hold_chosen(story *life, const sgp_event *event, sgp_err err) {
    if (event->kind == SGP_EVENT_PLACE_CHOSEN && !err) {
        uint32_t at = 0;
        while (at < life->n_chosen && life->chosen[at].incident != event->u.chosen.incident)
            at++;
        if (at == life->n_chosen && life->n_chosen < CHOSEN_MAX)
            life->n_chosen++;
        else if (at == life->n_chosen)
            at = below(life, CHOSEN_MAX);
        life->chosen[at].incident = event->u.chosen.incident;
        life->chosen[at].point = event->u.chosen.place.point;
    }
    for (uint32_t i = 0; i < life->n_chosen; i++) {
        const sgp_incident *incident = sgp_world_incident(life->world, life->chosen[i].incident);
        hold(life,
             !incident || (incident->place_confirmed &&
                           sgp_point_equal(incident->place.point, life->chosen[i].point)),
             "a place that a person chose was changed");
    }
}

/* The place of the call's incident, where it is confirmed and not a phone's. */
static bool settled_place(const story *life, const sgp_event *event, sgp_id *incident,
                          sgp_place *place) {
    const sgp_call *call = event->kind == SGP_EVENT_PHONE_POSITION
                               ? sgp_world_call(life->world, event->u.phone.call)
                               : NULL;
    const sgp_incident *is = call ? sgp_world_incident(life->world, call->incident) : NULL;
    if (!is || !is->place_confirmed || is->place.kind == SGP_PLACE_PHONE)
        return false;
    *incident = is->id;
    *place = is->place;
    return true;
}

static void step(story *life, sgp_event *event) {
    sgp_place settled = {.kind = 0};
    sgp_id settled_incident = 0;
    bool is_settled = settled_place(life, event, &settled_incident, &settled);
    uint8_t before[32], after[32];
    bool request = below(life, 3) == 0;
    event->seq = ++life->seq;
    event->at_ms = life->now_ms;
    if (request)
        memcpy(event->request_id, &event->seq, sizeof event->seq);
    sgp_world_digest(life->world, before);
    sgp_times_recorder_clear(&life->recorder);
    sgp_effects_clear(&life->effects);
    sgp_times times = sgp_times_recording(&life->recorder);
    sgp_err err = sgp_core_step(life->world, event, &times, &life->effects);
    const char *wrong = core_check_world(life->world);
    if (!wrong)
        wrong = core_check_effects(life->world, &life->effects);
    if (!wrong)
        wrong = core_check_event_coding(event);
    hold(life, !wrong, wrong);
    hold(life, err == life->effects.items[life->effects.n - 1].u.reply.err,
         "the reply tells another error");
    hold_nothing_lost(life);
    if (!err)
        hold_diversions(life, event);
    hold_chosen(life, event, err);
    const sgp_incident *now = is_settled ? sgp_world_incident(life->world, settled_incident) : NULL;
    hold(life,
         !now ||
             (now->place.kind == settled.kind && sgp_point_equal(now->place.point, settled.point)),
         "a phone's position moved a place that it had not made");
    if (event->kind == SGP_EVENT_PHONE_POSITION && !err) {
        const sgp_call *call = sgp_world_call(life->world, event->u.phone.call);
        life->phone_call = call->id;
        life->by_phone +=
            sgp_point_equal(sgp_world_incident(life->world, call->incident)->place.point,
                            event->u.phone.fix.place.point);
    }
    if (err)
        life->refused++;
    else
        life->done++;
    for (size_t i = 0; i < life->effects.n; i++) {
        const sgp_effect *effect = &life->effects.items[i];
        life->orders += effect->kind == SGP_EFFECT_ORDER;
        life->alerts += effect->kind == SGP_EFFECT_ALERT;
        if (effect->kind == SGP_EFFECT_RECOMMENDED)
            life->shortfalls += effect->u.recommended.n_shortfalls;
    }
    life->answered += event->kind == SGP_EVENT_QUESTION_ANSWERED && !err;
    if (err && !request) {
        sgp_world_digest(life->world, after);
        hold(life, memcmp(before, after, sizeof before) == 0, "a refused event changed the world");
        life->seq--;
        return;
    }
    hold(life, sgp_world_seq(life->world) == event->seq, "the event did not take its number");
    step_shadow(life, event);
    if (below(life, 50) == 0)
        reload_shadow(life);
    if (below(life, 10) == 0)
        hold_same_digest(life);
}

/* Now and then something happens to a ring, beside all else. */
static void live_ring(story *life) {
    uint64_t dice = life->random, done = life->done, refused = life->refused;
    life->random = life->ring_dice;
    for (uint32_t i = below(life, 8) == 0 ? 1 + below(life, 3) : 0; i > 0; i--) {
        sgp_event event = {.kind = 0};
        random_ring(life, &event);
        step(life, &event);
        life->ring_calls += event.kind == SGP_EVENT_CALL_RECEIVED && event.u.call.ring &&
                            !life->effects.items[life->effects.n - 1].u.reply.err;
        for (size_t k = 0; k < life->effects.n; k++)
            life->rings_gone += life->effects.items[k].kind == SGP_EFFECT_RING_GONE;
    }
    life->ring_dice = life->random;
    life->random = dice;
    life->done = done;
    life->refused = refused;
}

/* Three people take incidents, take them over and hand them over. */
static void random_desk(story *life, sgp_event *event) {
    static const char *const people[] = {"dewi", "budi", "sari"};
    sgp_id incident = 0;
    for (uint32_t i = 1 + below(life, 8); i > 0; i--)
        incident = sgp_world_next_incident(life->world, incident);
    strcpy(event->actor, people[below(life, 3)]);
    if (below(life, 8) == 0) {
        event->kind = SGP_EVENT_DESK_HANDED_OVER;
        uint32_t from = below(life, 3);
        strcpy(event->u.handed_over.from, people[from]);
        if (below(life, 3))
            strcpy(event->u.handed_over.to, people[(from + 1 + below(life, 2)) % 3]);
        event->u.handed_over.gone = below(life, 2);
        if (event->u.handed_over.gone)
            event->actor[0] = '\0';
        return;
    }
    event->kind = SGP_EVENT_INCIDENT_TAKEN;
    event->u.taken.incident = incident ? incident : random_id(life, life->world->next_incident);
    event->u.taken.release = below(life, 5) == 0;
    event->u.taken.take_over = below(life, 2);
}

static void live_desk(story *life) {
    uint64_t dice = life->random, done = life->done, refused = life->refused;
    life->random = life->desk_dice;
    if (below(life, 6) == 0) {
        sgp_event event = {.kind = 0};
        random_desk(life, &event);
        step(life, &event);
        bool ok = !life->effects.items[life->effects.n - 1].u.reply.err;
        life->taken += event.kind == SGP_EVENT_INCIDENT_TAKEN && ok;
        life->handed_over += event.kind == SGP_EVENT_DESK_HANDED_OVER && ok;
    }
    life->desk_dice = life->random;
    life->random = dice;
    life->done = done;
    life->refused = refused;
}

/* Every third life has a roster. */
static void live_roster(story *life) {
    uint64_t dice = life->random, done = life->done, refused = life->refused;
    if (life->seed % 3)
        return;
    life->random = life->roster_dice;
    if (below(life, 6) == 0) {
        sgp_event event = {.kind = 0};
        random_roster_event(life, &event);
        step(life, &event);
        life->signed_on += event.kind == SGP_EVENT_CREW_SIGNED_ON &&
                           !life->effects.items[life->effects.n - 1].u.reply.err;
        for (size_t k = 0; k < life->effects.n; k++)
            life->absences += life->effects.items[k].kind == SGP_EFFECT_ALARM &&
                              life->effects.items[k].u.alarm.absent;
    }
    life->roster_dice = life->random;
    life->random = dice;
    life->done = done;
    life->refused = refused;
}

static void random_account(story *life, sgp_event *event) {
    static const char *const names[] = {"rina", "budi", "kru-1", "igd-1", "dewi"};
    const char *name = names[below(life, 5)];
    const sgp_account *known = sgp_world_account_by_name(life->world, name);
    uint32_t nth = below(life, 4);
    strcpy(event->actor, names[below(life, 5)]);
    switch (below(life, 4)) {
    case 0:
        event->kind = SGP_EVENT_USER_SET;
        strcpy(event->u.account.name, name);
        event->u.account.role = 1 + below(life, SGP_ROLES - 1);
        if (event->u.account.role == SGP_ROLE_CREW || below(life, 9) == 0)
            random_unit(life, event->u.account.unit);
        event->u.account.disabled = below(life, 3) == 0;
        strcpy(event->u.account.reason, event->u.account.disabled ? "cuti" : "");
        event->u.account.version = known ? known->version - (below(life, 5) == 0) : 0;
        break;
    case 1:
        event->kind = SGP_EVENT_LOGIN_CODE_MADE;
        strcpy(event->u.login_code.user, name);
        event->u.login_code.hash[0] = (uint8_t)(1 + below(life, 9));
        event->u.login_code.until_ms = life->now_ms + below(life, 600000);
        break;
    case 2:
        event->kind = SGP_EVENT_DEVICE_ADDED;
        strcpy(event->u.device_added.user, name);
        if (nth < sgp_world_login_codes(life->world)) {
            const sgp_login_code *code = sgp_world_login_code(life->world, nth);
            memcpy(event->u.device_added.user, code->user, sizeof code->user);
            memcpy(event->u.device_added.code, code->hash, sizeof code->hash);
        }
        event->u.device_added.token[0] = (uint8_t)below(life, 256);
        break;
    default:
        event->kind = SGP_EVENT_DEVICES_REMOVED;
        if (below(life, 2) && nth < sgp_world_devices(life->world))
            event->u.devices_removed.device = sgp_world_device(life->world, nth)->id;
        else
            strcpy(event->u.devices_removed.user, name);
    }
}

static void random_fleet(story *life, sgp_event *event) {
    sgp_fleet_change *change = &event->u.fleet;
    char code[SGP_CODE_BYTES];
    event->kind = SGP_EVENT_FLEET_SET;
    strcpy(event->actor, "local");
    random_unit(life, code);
    const sgp_unit *unit = sgp_world_unit_by_code(life->world, code);
    uint64_t version = unit ? unit->entry.version - (below(life, 6) == 0) : 0;
    switch (below(life, 5)) {
    case 0:
        change->what = SGP_FLEET_UNIT;
        change->version = version;
        change->given_back = unit && below(life, 3) == 0;
        memcpy(change->u.unit.code, code, sizeof code);
        change->u.unit.kind = 1 + below(life, SGP_UNIT_KINDS - 1);
        change->u.unit.station_point = random_point(life);
        strcpy(change->u.unit.station, below(life, 2) ? "Pos Satu" : "Pos Dua");
        break;
    case 1:
        change->what = SGP_FLEET_HOSPITAL;
        snprintf(change->u.hospital.code, SGP_CODE_BYTES, "RS-%u", below(life, HOSPITALS + 1));
        if (sgp_world_hospital_by_code(life->world, change->u.hospital.code))
            change->version =
                sgp_world_hospital_by_code(life->world, change->u.hospital.code)->entry.version;
        change->u.hospital.point = random_point(life);
        change->u.hospital.beds = (int32_t)below(life, 5);
        break;
    case 2:
        change->what = SGP_FLEET_STATION;
        strcpy(change->u.station.name, below(life, 2) ? "Pos Satu" : "Pos Dua");
        for (uint32_t i = 0; i < sgp_world_units(life->world); i++) {
            unit = sgp_world_unit(life->world, i);
            if (strcmp(unit->station, change->u.station.name) == 0 &&
                unit->entry.version > change->version)
                change->version = unit->entry.version;
        }
        change->u.station.has_point = true;
        change->u.station.point = random_point(life);
        strcpy(change->u.station.new_name, below(life, 4) ? "" : "Pos Tiga");
        break;
    default:
        change->what = SGP_FLEET_SERVICE;
        change->version = below(life, 2) ? 0 : version;
        memcpy(change->u.service.unit, code, sizeof code);
        change->u.service.out = below(life, 3) == 0;
        strcpy(change->u.service.reason, change->u.service.out ? "mogok" : "");
    }
}

/* Who may log in, what units and hospitals are; a closure by parts of roads now and then. */
static void live_admin(story *life) {
    uint64_t dice = life->random, done = life->done, refused = life->refused;
    life->random = life->admin_dice;
    if (below(life, 6) == 0) {
        sgp_event event = {.kind = 0};
        if (below(life, 8) == 0) {
            event.kind = SGP_EVENT_ROAD_CLOSED;
            event.u.road_closed.n_parts = 1 + below(life, 4);
            for (uint32_t i = 0; i < event.u.road_closed.n_parts; i++)
                event.u.road_closed.parts[i] =
                    (sgp_road_part){1 + below(life, 99), below(life, 2) ? 1 + below(life, 99) : 0};
            strcpy(event.u.road_closed.street, "Jalan Semeru");
            event.u.road_closed.until_ms = life->now_ms + 1 + below(life, 600000);
        } else if (below(life, 2)) {
            random_account(life, &event);
        } else {
            random_fleet(life, &event);
        }
        step(life, &event);
        bool ok = !life->effects.items[life->effects.n - 1].u.reply.err;
        life->admitted += event.kind == SGP_EVENT_DEVICE_ADDED && ok;
        life->fleet_changes += event.kind == SGP_EVENT_FLEET_SET && ok;
    }
    life->admin_dice = life->random;
    life->random = dice;
    life->done = done;
    life->refused = refused;
}

static void register_things(story *life) {
    static const sgp_unit_kind kinds[] = {SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_AMBULANCE_ADVANCED,
                                          SGP_UNIT_MOTORBIKE, SGP_UNIT_FIRE_ENGINE};
    for (int i = 0; i < UNITS; i++) {
        sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
        snprintf(event.u.unit_registered.unit.code, SGP_CODE_BYTES, "A-%02d", i);
        event.u.unit_registered.unit.kind = kinds[below(life, 4)];
        event.u.unit_registered.unit.station_point = random_point(life);
        strcpy(event.u.unit_registered.unit.district, random_district(life));
        event.u.unit_registered.unit.skills = below(life, 2) ? 1u << SGP_SKILL_EXTRICATION : 0;
        event.u.unit_registered.unit.lending = below(life, SGP_LENDINGS);
        event.u.unit_registered.unit.serves = below(life, 5) ? 0 : 1u << (1 + below(life, 4));
        step(life, &event);
    }
    for (int i = 0; i < HOSPITALS; i++) {
        sgp_event event = {.kind = SGP_EVENT_HOSPITAL_REGISTERED};
        snprintf(event.u.hospital_registered.hospital.code, SGP_CODE_BYTES, "RS-%d", i);
        event.u.hospital_registered.hospital.point = random_point(life);
        step(life, &event);
    }
}

static void live(uint64_t seed, int steps, story *life) {
    *life = (story){
        .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, .seed = seed, .now_ms = 1700000000000};
    life->ring_dice = life->random ^ UINT64_C(0x72696e6773);
    life->roster_dice = life->random ^ UINT64_C(0x726f73746572);
    life->desk_dice = life->random ^ UINT64_C(0x6465736b);
    life->admin_dice = life->random ^ UINT64_C(0x61646d696e);
    life->inner = core_times(&life->oracle);
    life->recorder.inner = &life->inner;
    assert_int_equal(sgp_world_create(&life->world), SGP_OK);
    assert_int_equal(sgp_world_create(&life->shadow), SGP_OK);
    register_things(life);
    if (seed % 2) {
        life->plan = plan_make();
        sgp_event event = {.kind = SGP_EVENT_PLANNED, .u.planned.plan = life->plan};
        step(life, &event);
    }
    if (below(life, 2)) {
        sgp_event event = {.kind = 0};
        random_clocks(life, &event);
        step(life, &event);
    }
    for (life->step = 1; life->step <= steps; life->step++) {
        life->oracle.fails = below(life, 50) == 0;
        life->oracle.has_wall = below(life, 5) == 0;
        life->oracle.wall_m = (int32_t)below(life, 20000) - 10000;
        life->now_ms += below(life, 4) ? below(life, 5000) : below(life, 60000);
        sgp_event event;
        random_event(life, &event);
        step(life, &event);
        live_ring(life);
        live_desk(life);
        live_roster(life);
        live_admin(life);
    }
    hold_same_digest(life);
}

static void end(story *life) {
    free(life->plan);
    free(life->roster);
    sgp_world_destroy(life->world);
    sgp_world_destroy(life->shadow);
    sgp_times_recorder_free(&life->recorder);
    sgp_effects_free(&life->effects);
    sgp_effects_free(&life->shadow_effects);
    sgp_buffer_free(&life->bytes);
}

static void test_core_random_lives(void **state) {
    (void)state;
    const char *one = getenv("SIGAP_SEED");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1;
    uint64_t done = 0, refused = 0, orders = 0, reloads = 0, by_phone = 0, diverted = 0;
    uint64_t exchanged = 0;
    uint64_t answered = 0, alerts = 0, shortfalls = 0, ring_calls = 0, rings_gone = 0;
    uint64_t signed_on = 0, absences = 0, taken = 0, handed_over = 0;
    for (uint64_t seed = first; seed < first + (one ? 1 : SEEDS); seed++) {
        story life;
        live(seed, STEPS, &life);
        done += life.done;
        signed_on += life.signed_on;
        absences += life.absences;
        taken += life.taken;
        handed_over += life.handed_over;
        refused += life.refused;
        orders += life.orders;
        reloads += life.reloads;
        by_phone += life.by_phone;
        diverted += life.diverted;
        exchanged += life.exchanged;
        answered += life.answered;
        alerts += life.alerts;
        shortfalls += life.shortfalls;
        ring_calls += life.ring_calls;
        rings_gone += life.rings_gone;
        end(&life);
    }
    printf("%llu events done, %llu refused, %llu orders, %llu reloads, %llu places by phone, %llu "
           "units diverted, %llu exchanged, %llu questions answered, %llu alerts, %llu shortfalls, "
           "%llu "
           "rings became calls, %llu were forgotten, %llu crews signed on, %llu were missed\n",
           (unsigned long long)done, (unsigned long long)refused, (unsigned long long)orders,
           (unsigned long long)reloads, (unsigned long long)by_phone, (unsigned long long)diverted,
           (unsigned long long)exchanged, (unsigned long long)answered, (unsigned long long)alerts,
           (unsigned long long)shortfalls, (unsigned long long)ring_calls,
           (unsigned long long)rings_gone, (unsigned long long)signed_on,
           (unsigned long long)absences);
    assert_true(done > refused && orders > 0 && reloads > 0 &&
                (one || (by_phone > 0 && diverted > 0 && exchanged > 0 && answered > 0 &&
                         alerts > 0 && shortfalls > 0 && ring_calls > 0 && rings_gone > 0 &&
                         signed_on > 0 && absences > 0 && taken > 0 && handed_over > 0)));
}

/* The same seed twice gives the same world. */
static void test_core_random_repeats(void **state) {
    (void)state;
    uint8_t first[32], second[32];
    story life;
    live(7, STEPS, &life);
    sgp_world_digest(life.world, first);
    end(&life);
    live(7, STEPS, &life);
    sgp_world_digest(life.world, second);
    end(&life);
    assert_memory_equal(first, second, sizeof first);
}

/* Long enough that closed incidents are forgotten: quick events only. */
static void test_core_random_forgets_the_oldest(void **state) {
    (void)state;
    story life = {.random = 1, .now_ms = 1700000000000};
    life.inner = core_times(&life.oracle);
    life.recorder.inner = &life.inner;
    assert_int_equal(sgp_world_create(&life.world), SGP_OK);
    assert_int_equal(sgp_world_create(&life.shadow), SGP_OK);
    enum { INCIDENTS = SGP_CLOSED_KEPT + 50 };
    sgp_times times = core_times(&life.oracle);
    for (int i = 0; i < INCIDENTS; i++)
        for (int kind = 0; kind < 2; kind++) {
            sgp_event event = {.seq = ++life.seq, .at_ms = ++life.now_ms};
            if (kind == 0) {
                event.kind = SGP_EVENT_CALL_RECEIVED;
            } else {
                event.kind = SGP_EVENT_INCIDENT_CLOSED;
                event.u.closed.incident = (sgp_id)i + 1;
                event.u.closed.outcome = SGP_OUTCOME_SILENT;
            }
            sgp_effects_clear(&life.effects);
            assert_int_equal(sgp_core_step(life.world, &event, &times, &life.effects), SGP_OK);
            assert_null(core_check_effects(life.world, &life.effects));
        }
    assert_int_equal(life.world->n_closed, SGP_CLOSED_KEPT);
    assert_null(sgp_world_incident(life.world, 50));
    assert_null(sgp_world_call(life.world, 50));
    assert_non_null(sgp_world_incident(life.world, 51));
    assert_null(core_check_world(life.world));
    end(&life);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_random_lives),
        cmocka_unit_test(test_core_random_repeats),
        cmocka_unit_test(test_core_random_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
