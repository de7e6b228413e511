#include "town_people.h"

#include <stdlib.h>

#include "sigap/hospital.h"
#include "sigap/plan.h"
#include "town_radio.h"

/* ---- places and things -------------------------------------------------------------- */

static const char *some_district(sim_town *town) {
    static const char *const districts[] = {"", "Kota Malang", "Kota Batu"};
    return districts[town_below(town, 3)];
}

sgp_point town_point(sim_town *town) {
    return core_point((int32_t)town_below(town, 20000) - 10000,
                      (int32_t)town_below(town, 20000) - 10000);
}

static sgp_place some_place(sim_town *town) {
    sgp_place place = {.kind = 1 + town_below(town, SGP_PLACE_KINDS - 1),
                       .point = town_point(town),
                       .uncertainty_m = (int32_t)town_below(town, 500),
                       .confidence_permille = (int32_t)town_below(town, 1001)};
    snprintf(place.label, sizeof place.label, "Jalan Kawi %u", town_below(town, 99));
    strcpy(place.kabupaten, some_district(town));
    place.has_access = town_below(town, 3) == 0;
    place.access = place.point;
    place.access_walk_m = place.has_access ? (int32_t)town_below(town, 600) : 0;
    return place;
}

static void some_unit(sim_town *town, char code[SGP_CODE_BYTES]) {
    snprintf(code, SGP_CODE_BYTES, "A-%02u",
             town_below(town, town->n_units + (town_below(town, 40) == 0)));
}

/* One of `n` ids, mostly of the newest. */
static sgp_id some_id(sim_town *town, sgp_id newest) {
    if (newest == 0 || town_below(town, 20) == 0)
        return 1 + town_below(town, (uint32_t)newest + 2);
    sgp_id span = newest < 12 ? newest : 12;
    return newest - town_below(town, (uint32_t)span);
}

static sgp_id newest_incident(const sim_shell *shell) {
    return shell->ledger->n_incidents - 1;
}

/* An open one where there is one. */
static sgp_id open_incident(sim_town *town, const sim_shell *shell) {
    sgp_id found = 0;
    uint32_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(shell->world, id));)
        if (sgp_world_incident(shell->world, id)->state != SGP_INCIDENT_CLOSED &&
            town_below(town, ++n) == 0)
            found = id;
    return found ? found : some_id(town, newest_incident(shell));
}

static sgp_id some_call(sim_town *town, const sim_shell *shell) {
    return some_id(town, shell->ledger->n_calls - 1);
}

static sgp_id some_assignment(sim_town *town, const sim_shell *shell) {
    for (int tries = 0; tries < 4; tries++) {
        const sgp_unit *unit =
            sgp_world_unit(shell->world, town_below(town, sgp_world_units(shell->world)));
        if (unit->assignment)
            return unit->assignment;
    }
    return some_id(town, shell->ledger->n_assignments - 1);
}

void town_configures(sim_town *town, sgp_event *event) {
    event->kind = SGP_EVENT_CONFIGURED;
    sgp_clocks *clocks = &event->u.configured;
    sgp_clocks_default(clocks);
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        clocks->order_without_click[i] = town_below(town, 3) != 0;
        clocks->policy[i] = town_below(town, SGP_POLICIES);
    }
    clocks->reorder_after_refusal = town_below(town, 3) != 0;
    clocks->accept_ms[SGP_P1] = 1000 * (1 + (int32_t)town_below(town, 60));
    if (town_below(town, 4) == 0)
        return;
    sgp_rules *rules = &clocks->rules;
    sgp_rules_default(rules);
    town_sets_welfare(town, rules);
    rules->seats_by_kind = town_below(town, 3) != 0;
    rules->divert_gain_ms = (int32_t)town_below(town, 200000);
    rules->divert_times = (int32_t)town_below(town, 4);
    rules->crew_ms[SGP_P3] = (int32_t)town_below(town, 4) * 3600000;
    rules->withdraw_surplus = town_below(town, 2);
    rules->patients_first = town_below(town, 4) != 0;
    rules->mass_reserve = (int32_t)town_below(town, 4);
    rules->joint_gain_ms = (int32_t)town_below(town, 3) * 30000;
    rules->joint_weight[SGP_P1] = (int32_t)town_below(town, 10);
    rules->hospital_by_need = town_below(town, 4) != 0;
}

void town_registers_unit(sim_town *town, uint32_t nth, sgp_event *event) {
    static const sgp_unit_kind kinds[] = {SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_AMBULANCE_ADVANCED,
                                          SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_MOTORBIKE,
                                          SGP_UNIT_FIRE_ENGINE,     SGP_UNIT_COMMAND_CAR};
    event->kind = SGP_EVENT_UNIT_REGISTERED;
    sgp_unit *unit = &event->u.unit_registered.unit;
    snprintf(unit->code, sizeof unit->code, "A-%02u", nth);
    unit->kind = kinds[town_below(town, nth < 3 ? 2 : 6)];
    unit->station_point = town->crews[nth].point = town_point(town);
    strcpy(unit->district, some_district(town));
    unit->skills = town_below(town, 2) ? 1u << SGP_SKILL_EXTRICATION : 0;
    unit->lending = town_below(town, 2) ? SGP_LENT_FREELY : town_below(town, SGP_LENDINGS);
    unit->serves = town_below(town, 5) ? 0 : 1u << (1 + town_below(town, 4));
}

void town_registers_hospital(sim_town *town, uint32_t nth, sgp_event *event) {
    event->kind = SGP_EVENT_HOSPITAL_REGISTERED;
    sgp_hospital *hospital = &event->u.hospital_registered.hospital;
    snprintf(hospital->code, sizeof hospital->code, "RS-%u", nth);
    hospital->point = town_point(town);
    hospital->beds = (int32_t)town_below(town, 6);
    hospital->abilities = town_below(town, SGP_ABILITIES_ALL + 1);
}

/* ---- crews ------------------------------------------------------------------------------ */

static void log_in(sim_town *town, const sim_shell *shell, uint32_t nth) {
    sim_crew *crew = &town->crews[nth];
    const sgp_unit *unit = sgp_world_unit(shell->world, nth);
    crew->must_log_in = false;
    crew->order = unit ? unit->assignment : 0;
    if (crew->order) {
        crew->is = sgp_world_assignment(shell->world, crew->order)->state;
        crew->next_ms = town->now_ms + 1000;
    }
}

/* Late, wrong, or from the future. */
static void send_position(sim_town *town, uint32_t nth, sgp_event *event) {
    sim_crew *crew = &town->crews[nth];
    event->kind = SGP_EVENT_UNIT_POSITION;
    strcpy(event->u.position.unit, crew->code);
    event->u.position.point = town_chance(town, 30) ? core_point(0, 0) : crew->point;
    event->u.position.measured_at_ms = town->now_ms;
    if (town_chance(town, 200))
        event->u.position.measured_at_ms -= town_below(town, 900000);
    else if (town_chance(town, 30))
        event->u.position.measured_at_ms += town_below(town, 3600000);
    snprintf(event->actor, sizeof event->actor, "%s", crew->code);
}

static void move(sim_town *town, sim_crew *crew) {
    crew->point.lon_e7 += ((int32_t)town_below(town, 2001) - 1000) * CORE_E7_PER_METRE;
    crew->point.lat_e7 += ((int32_t)town_below(town, 2001) - 1000) * CORE_E7_PER_METRE;
}

static void answer(sim_town *town, sim_crew *crew, sgp_event *event) {
    event->kind = SGP_EVENT_ORDER_ANSWERED;
    event->u.answered.assignment = crew->order;
    event->u.answered.accepted = town->evening || !town_chance(town, 150);
    strcpy(event->u.answered.reason, event->u.answered.accepted ? "" : "ban bocor");
    if (event->u.answered.accepted)
        crew->is = SGP_ASSIGNMENT_ACCEPTED;
    else
        crew->order = 0;
}

/* The next state, now and then one that was skipped or lies behind. */
static void advance(sim_town *town, sim_crew *crew, sgp_event *event) {
    sgp_assignment_state next = crew->is + 1;
    if (crew->is == SGP_ASSIGNMENT_ON_SCENE && town_chance(town, 250))
        next = SGP_ASSIGNMENT_CLOSED; /* treated there */
    else if (!town->evening && town_chance(town, 60))
        next = SGP_ASSIGNMENT_EN_ROUTE + town_below(town, 6);
    event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
    event->u.advanced.assignment = crew->order;
    event->u.advanced.state = next;
    if (town_chance(town, 300))
        snprintf(event->u.advanced.hospital, SGP_CODE_BYTES, "RS-%u",
                 town_below(town, TOWN_HOSPITALS + !town->evening));
    if (next > crew->is)
        crew->is = next;
    if (crew->is == SGP_ASSIGNMENT_CLOSED)
        crew->order = 0;
}

static bool is_due(const sim_town *town, const sim_crew *crew) {
    return crew->gone_until_ms <= town->now_ms && crew->next_ms <= town->now_ms;
}

bool town_crew_acts(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t first = town_below(town, town->n_units);
    for (uint32_t i = 0; i < town->n_units; i++) {
        uint32_t nth = (first + i) % town->n_units;
        sim_crew *crew = &town->crews[nth];
        if (!is_due(town, crew))
            continue;
        crew->next_ms = town->now_ms + 1000 + town_below(town, 90000);
        if (!town->evening && town_chance(town, 25)) {
            crew->no_radio_until_ms = town->now_ms + town_below(town, 600000);
            crew->must_log_in = true;
        }
        if (!town->evening && town_chance(town, 10)) {
            crew->gone_until_ms = town->now_ms + town_below(town, 1800000);
            continue;
        }
        if (crew->no_radio_until_ms > town->now_ms)
            continue;
        if (crew->must_log_in)
            log_in(town, shell, nth);
        if (!crew->order || town_chance(town, town->evening ? 0 : 300)) {
            if (town->evening)
                continue;
            move(town, crew);
            send_position(town, nth, event);
            return true;
        }
        if (crew->is == SGP_ASSIGNMENT_ORDERED)
            answer(town, crew, event);
        else
            advance(town, crew, event);
        town_request(town, event, crew->code);
        return true;
    }
    return false;
}

/* ---- the placer ----------------------------------------------------------------------------- */

bool town_placer_answers(sim_town *town, const sim_shell *shell, sgp_event *event) {
    (void)shell;
    if (!town->evening && town_chance(town, 10))
        town->database_back_ms = town->now_ms + town_below(town, 900000);
    for (uint32_t i = 0; i < town->n_lookups; i++) {
        if (town->lookups[i].due_ms > town->now_ms && !town->evening)
            continue;
        bool away = town->database_back_ms > town->now_ms && !town->evening;
        event->kind = SGP_EVENT_CALL_PLACED;
        event->u.placed.call = town->lookups[i].call;
        event->u.placed.away = away && town_chance(town, 500);
        event->u.placed.provisional = away && !event->u.placed.away;
        event->u.placed.n_places = (int32_t)town_below(town, 4);
        for (int32_t k = 0; k < event->u.placed.n_places; k++)
            event->u.placed.places[k] = some_place(town);
        if (event->u.placed.provisional)
            town->lookups[i].due_ms = town->database_back_ms;
        else
            town->lookups[i] = town->lookups[--town->n_lookups];
        return true;
    }
    return false;
}

/* ---- callers and their phones ------------------------------------------------------------------
 */

static void call(sim_town *town, const sim_shell *shell, sgp_event *event) {
    static const char *const complaints[] = {"cardiac_arrest", "fall",     "transfer",
                                             "2301069",        "nonsense", ""};
    event->kind = SGP_EVENT_CALL_RECEIVED;
    strcpy(event->u.call.channel, "112");
    strcpy(event->u.call.complaint, complaints[town_below(town, 6)]);
    event->u.call.priority = town_below(town, 2) ? 0 : town_below(town, SGP_PRIORITIES);
    event->u.call.has_point = town_below(town, 4) != 0;
    event->u.call.has_text = !event->u.call.has_point || town_below(town, 3) == 0;
    if (event->u.call.has_point)
        event->u.call.place = some_place(town);
    if (town_below(town, 8) == 0)
        event->u.call.incident = open_incident(town, shell);
    town_calls_from(town, event);
    town_request(town, event, "C1");
}

/* Few tokens and holders, so that some are right, and circles on both sides of the limit. */
static void page(sim_town *town, const sim_shell *shell, sgp_event *event) {
    sgp_id call = some_call(town, shell);
    uint8_t token = (uint8_t)(1 + town_below(town, 4)), holder = (uint8_t)(1 + town_below(town, 2));
    if (town_below(town, 3) == 0) {
        event->kind = SGP_EVENT_CALLER_CAME;
        event->u.came.call = call;
        event->u.came.token[0] = token;
        event->u.came.holder[0] = holder;
        return;
    }
    event->kind = SGP_EVENT_MESSAGE_SAID;
    event->u.message.call = call;
    event->u.message.by_caller = town_below(town, 3) != 0;
    if (!event->u.message.by_caller)
        return;
    event->u.message.token[0] = token;
    event->u.message.holder[0] = holder;
    event->u.message.sign = town_below(town, SGP_SIGNS);
}

static void phone(sim_town *town, const sim_shell *shell, sgp_event *event) {
    if (town_below(town, 4) == 0) {
        page(town, shell, event);
        return;
    }
    if (town_below(town, 3) == 0) {
        event->kind = SGP_EVENT_LOCATE_ASKED;
        event->u.locate.call = some_call(town, shell);
        event->u.locate.token[0] = (uint8_t)(1 + town_below(town, 4));
        event->u.locate.valid_ms = 1 + (int32_t)town_below(town, 300000);
        event->u.locate.updates_ms = (int32_t)town_below(town, 300000);
        return;
    }
    event->kind = SGP_EVENT_PHONE_POSITION;
    event->u.phone.call = some_call(town, shell);
    event->u.phone.fix.place = some_place(town);
    event->u.phone.fix.place.uncertainty_m = (int32_t)town_below(town, 300);
    event->u.phone.fix.measured_at_ms =
        town->now_ms - (town_below(town, 2) ? 0 : town_below(town, 900000));
    event->u.phone.fix.method = town_below(town, SGP_PHONE_METHODS);
    event->u.phone.by_token = town_below(town, 2);
    if (event->u.phone.by_token) {
        event->u.phone.token[0] = (uint8_t)(1 + town_below(town, 4));
        event->u.phone.holder[0] = (uint8_t)(1 + town_below(town, 2));
    }
}

void town_caller_acts(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t dice = town_below(town, 100);
    if (dice < 60) {
        call(town, shell, event);
    } else if (dice < 85) {
        phone(town, shell, event);
    } else {
        event->kind = SGP_EVENT_CALL_NARROWED;
        event->u.narrowed.call = some_call(town, shell);
    }
}

/* ---- hospitals, patients, transfers -------------------------------------------------------------
 */

static void some_hospital(sim_town *town, char code[SGP_CODE_BYTES]) {
    snprintf(code, SGP_CODE_BYTES, "RS-%u",
             town_below(town, TOWN_HOSPITALS + (town_below(town, 30) == 0)));
}

static void hospital_tells(sim_town *town, sgp_event *event) {
    event->kind = SGP_EVENT_HOSPITAL_TOLD;
    some_hospital(town, event->u.hospital_told.hospital);
    event->u.hospital_told.has_beds = town_below(town, 2);
    event->u.hospital_told.beds =
        event->u.hospital_told.has_beds ? (int32_t)town_below(town, 5) : 0;
    if (!event->u.hospital_told.has_beds && town_below(town, 2)) {
        event->u.hospital_told.released = 1 + (int32_t)town_below(town, 2);
        return;
    }
    event->u.hospital_told.has_diversion = !event->u.hospital_told.has_beds || town_below(town, 2);
    if (!event->u.hospital_told.has_diversion)
        return;
    event->u.hospital_told.diversion = town_below(town, SGP_DIVERSIONS);
    if (event->u.hospital_told.diversion == SGP_DIVERSION_SOME)
        event->u.hospital_told.diverts = 1 + town_below(town, SGP_ABILITIES_ALL);
    if (event->u.hospital_told.diversion && town_below(town, 2))
        event->u.hospital_told.until_ms = town->now_ms + 60000 + town_below(town, 3600000);
}

static void patient_matters(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t dice = town_below(town, 3);
    sgp_id assignment = some_assignment(town, shell);
    if (dice == 0) {
        event->kind = SGP_EVENT_PATIENT_TOLD;
        event->u.patient.assignment = assignment;
        event->u.patient.has_needs = town_below(town, 3) != 0;
        event->u.patient.needs =
            event->u.patient.has_needs ? town_below(town, SGP_ABILITIES_ALL + 1) : 0;
        event->u.patient.colour = town_below(town, SGP_COLOURS);
    } else {
        event->kind = dice == 1 ? SGP_EVENT_HOSPITAL_ASKED : SGP_EVENT_HOSPITAL_CHOSEN;
        event->u.hospital_choice.assignment = assignment;
        if (dice == 2)
            some_hospital(town, event->u.hospital_choice.hospital);
    }
}

static void transfer_matters(sim_town *town, sgp_event *event) {
    uint32_t dice = town_below(town, 5);
    sgp_id transfer = 1 + town_below(town, 12);
    if (dice == 0) {
        event->kind = SGP_EVENT_TRANSFER_CHANGED;
        event->u.transfer_changed.transfer = transfer;
        event->u.transfer_changed.pick_up_at_ms =
            town_below(town, 2) ? town->now_ms + town_below(town, 3600000) : 0;
        event->u.transfer_changed.other_unit = town_below(town, 2);
        if (event->u.transfer_changed.other_unit && town_below(town, 3))
            some_unit(town, event->u.transfer_changed.unit);
    } else if (dice == 1) {
        event->kind = SGP_EVENT_TRANSFER_CANCELLED;
        event->u.transfer_cancelled.transfer = transfer;
        strcpy(event->u.transfer_cancelled.reason, "pasien membaik");
    } else {
        event->kind = SGP_EVENT_TRANSFER_ASKED;
        some_hospital(town, event->u.transfer_asked.from);
        some_hospital(town, event->u.transfer_asked.to);
        event->u.transfer_asked.priority = town_below(town, SGP_PRIORITIES);
        event->u.transfer_asked.pick_up_at_ms =
            town_below(town, 3) ? town->now_ms + town_below(town, 7200000) : 0;
        if (town_below(town, 4) == 0)
            event->u.transfer_asked.return_at_ms =
                town->now_ms + 7200000 + town_below(town, 7200000);
        if (town_below(town, 2))
            some_unit(town, event->u.transfer_asked.unit);
    }
}

/* ---- dispatchers, agencies, roads
 * ----------------------------------------------------------------- */

static void reinforce(sim_town *town, sgp_id incident, sgp_event *event) {
    uint32_t dice = town_below(town, 3);
    if (dice == 0) {
        event->kind = SGP_EVENT_BACKUP_ASKED;
        event->u.backup.incident = incident;
        event->u.backup.units = 1 + town_below(town, 3);
        event->u.backup.seat.kinds = 2 + 2 * town_below(town, (1 << (SGP_UNIT_KINDS - 1)) - 1);
    } else if (dice == 1) {
        event->kind = SGP_EVENT_AID_ASKED;
        event->u.aid.incident = incident;
        event->u.aid.asked = town_below(town, 3) != 0;
    } else {
        event->kind = SGP_EVENT_MASS_CASUALTY;
        event->u.mass.incident = incident;
        event->u.mass.ended = town_below(town, 3) == 0;
        event->u.mass.patients = town_below(town, 12);
        event->u.mass.has_staging = town_below(town, 2);
        event->u.mass.staging = some_place(town);
    }
}

static void close_or_open_road(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t n = sgp_world_road_closures(shell->world), dice = town_below(town, 4);
    if (dice == 0) {
        event->kind = SGP_EVENT_METRIC_SWAPPED;
        snprintf(event->u.swapped.profile, SGP_PROFILE_BYTES, "profile %u", town_below(town, 20));
        event->u.swapped.weights[0] = (uint8_t)town_below(town, 5);
    } else if (dice == 1 && n) {
        event->kind = SGP_EVENT_ROAD_OPENED;
        const sgp_road_closure *one = sgp_world_road_closure(shell->world, town_below(town, n));
        if (one->way == 0 || town_below(town, 2))
            event->u.road_opened.closure = one->id;
        else
            event->u.road_opened.way = one->way;
    } else {
        event->kind = SGP_EVENT_ROAD_CLOSED;
        sgp_road_closure *closure = &event->u.road_closed;
        closure->way = town_below(town, 2) ? 1 + town_below(town, 9) : 0;
        closure->point = town_point(town);
        closure->radius_m = closure->way ? 0 : 1 + (int32_t)town_below(town, 90);
        closure->from_ms = town_below(town, 2) ? town->now_ms + town_below(town, 60000) : 0;
        closure->until_ms =
            town_below(town, 3) ? town->now_ms + 120000 + town_below(town, 120000) : 0;
        strcpy(closure->reason, "banjir");
    }
}

static void triage(sim_town *town, sgp_id incident, sgp_event *event) {
    event->kind = SGP_EVENT_INCIDENT_TRIAGED;
    event->u.triaged.incident = incident;
    event->u.triaged.priority = town_below(town, SGP_PRIORITIES);
    event->u.triaged.units_wanted = town_below(town, 4);
    event->u.triaged.alarm = town_below(town, 3) ? 0 : town_below(town, SGP_ALARMS + 1);
    if (town_chance(town, 200))
        strcpy(event->u.triaged.complaint, town_below(town, 2) ? "cardiac_arrest" : "2301069");
}

static void ask_or_alert(sim_town *town, sgp_id incident, sgp_event *event) {
    static const char *const questions[] = {"conscious", "breathing", "shoe_size"};
    static const char *const answers[] = {"yes", "no", "hard", ""};
    static const char *const agencies[] = {"DAMKAR", "POLRESTA", "BPBD"};
    switch (town_below(town, 8)) {
    case 0:
        event->kind = SGP_EVENT_PLANNED;
        event->u.planned.plan = town->plans[town_below(town, TOWN_PLANS)];
        break;
    case 1:
    case 2:
        event->kind = SGP_EVENT_AGENCY_ALERTED;
        event->u.alerted.incident = incident;
        strcpy(event->u.alerted.agency, agencies[town_below(town, 3)]);
        break;
    case 3:
    case 4:
        event->kind = SGP_EVENT_AGENCY_ANSWERED;
        event->u.agency_answered.incident = incident;
        event->u.agency_answered.accepted = town_below(town, 2);
        strcpy(event->u.agency_answered.agency, agencies[town_below(town, 3)]);
        break;
    default:
        event->kind = SGP_EVENT_QUESTION_ANSWERED;
        event->u.question.incident = incident;
        strcpy(event->u.question.question,
               questions[town_below(town, 20) ? town_below(town, 2) : 2]);
        strcpy(event->u.question.answer, answers[town_below(town, 4)]);
    }
}

static void order(sim_town *town, sgp_id incident, sgp_event *event) {
    event->kind = SGP_EVENT_UNIT_ORDERED;
    event->u.ordered.incident = incident;
    if (town_below(town, 2))
        some_unit(town, event->u.ordered.unit);
    event->u.ordered.divert = town_below(town, 3) == 0;
}

static void dispatch(sim_town *town, const sim_shell *shell, sgp_id incident, sgp_event *event) {
    uint32_t dice = town_below(town, 100);
    if (dice < 22) {
        order(town, incident, event);
    } else if (dice < 34) {
        triage(town, incident, event);
    } else if (dice < 52) {
        event->kind = SGP_EVENT_PLACE_CHOSEN;
        event->u.chosen.incident = incident;
        event->u.chosen.place = some_place(town);
    } else if (dice < 58) {
        event->kind = SGP_EVENT_CALL_LINKED;
        event->u.linked.call = some_call(town, shell);
        event->u.linked.incident = incident;
    } else if (dice < 62) {
        event->kind = SGP_EVENT_INCIDENT_CLOSED;
        event->u.closed.incident = incident;
        event->u.closed.outcome = 1 + town_below(town, SGP_OUTCOMES - 1);
    } else if (dice < 70) {
        event->kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        event->u.stood_down.assignment = some_assignment(town, shell);
        strcpy(event->u.stood_down.reason, "tidak jadi");
    } else if (dice < 74) {
        event->kind = SGP_EVENT_RECOMMENDATION_ASKED;
        event->u.asked.incident = incident;
    } else if (dice < 80) {
        event->kind = SGP_EVENT_UNIT_DUTY;
        some_unit(town, event->u.duty.unit);
        event->u.duty.on_duty = town_below(town, 4) != 0;
    } else if (dice < 88) {
        reinforce(town, incident, event);
    } else {
        ask_or_alert(town, incident, event);
    }
}

void town_dispatcher_acts(sim_town *town, const sim_shell *shell, sgp_event *event) {
    static const char *const names[] = {"D1", "D2", "D3"};
    uint32_t dice = town_below(town, 100);
    if (dice < 4) {
        close_or_open_road(town, shell, event);
    } else if (dice < 5) {
        town_configures(town, event);
    } else if (dice < 6) {
        event->kind = SGP_EVENT_GRAPH_SWITCHED;
        event->u.switched.metric = town_below(town, 9);
    } else if (dice < 7) {
        town_registers_hospital(town, town_below(town, TOWN_HOSPITALS), event);
    } else if (dice < 8) {
        town_registers_unit(town, town_below(town, town->n_units), event);
    } else if (dice < 12) {
        hospital_tells(town, event);
    } else if (dice < 18) {
        patient_matters(town, shell, event);
    } else if (dice < 23) {
        transfer_matters(town, event);
    } else if (dice < 24) {
        event->kind = SGP_EVENT_ALIKE_DISMISSED;
        event->u.dismissed.call = some_call(town, shell);
        event->u.dismissed.incident = open_incident(town, shell);
    } else {
        dispatch(town, shell, open_incident(town, shell), event);
    }
    if (!town->planned && event->kind == SGP_EVENT_PLANNED)
        town_configures(town, event);
    town_request(town, event, names[town_below(town, 3)]);
}

void town_chaos(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t dice = town_below(town, 100);
    sgp_id any = some_id(town, newest_incident(shell));
    if (dice < 30) {
        dispatch(town, shell, any, event);
    } else if (dice < 55) {
        event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
        event->u.advanced.assignment = some_assignment(town, shell);
        event->u.advanced.state = SGP_ASSIGNMENT_EN_ROUTE + town_below(town, 6);
        if (town_below(town, 4) == 0)
            snprintf(event->u.advanced.hospital, SGP_CODE_BYTES, "RS-%u",
                     town_below(town, TOWN_HOSPITALS + 1));
    } else if (dice < 70) {
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = some_assignment(town, shell);
        event->u.answered.accepted = town_below(town, 3) != 0;
    } else if (dice < 78) {
        event->kind = SGP_EVENT_CALL_PLACED;
        event->u.placed.call = some_call(town, shell);
        event->u.placed.away = town_below(town, 8) == 0;
        event->u.placed.provisional = town_below(town, 4) == 0;
        event->u.placed.n_places = (int32_t)town_below(town, 4);
        for (int32_t i = 0; i < event->u.placed.n_places; i++)
            event->u.placed.places[i] = some_place(town);
    } else if (dice < 90) {
        event->kind = SGP_EVENT_UNIT_POSITION;
        some_unit(town, event->u.position.unit);
        event->u.position.point = town_below(town, 4) ? town_point(town) : core_point(10, 10);
        event->u.position.measured_at_ms = town->now_ms - town_below(town, 400000);
    } else if (dice < 97) {
        town_caller_acts(town, shell, event);
    } else {
        event->kind = SGP_EVENT_TIMER;
    }
    if (!town->planned && event->kind == SGP_EVENT_PLANNED)
        event->kind = SGP_EVENT_TIMER;
}

/* ---- the evening
 * --------------------------------------------------------------------------------- */

enum { EVENING_DEEDS = 9000, PATIENCE = 90 };

/* Somebody goes by hand where the engine sends nobody; whom nobody can reach is closed by hand. */
static bool dispatcher_tidies(sim_town *town, const sim_shell *shell, sgp_event *event) {
    for (sgp_id id = 0; (id = sgp_world_next_incident(shell->world, id));) {
        const sgp_incident *incident = sgp_world_incident(shell->world, id);
        if (incident->state == SGP_INCIDENT_CLOSED || incident->state == SGP_INCIDENT_ASSIGNED)
            continue;
        if (!incident->place_confirmed) {
            event->kind = SGP_EVENT_PLACE_CHOSEN;
            event->u.chosen.incident = id;
            event->u.chosen.place = some_place(town);
            return true;
        }
        if (town->quiet++ % PATIENCE == PATIENCE - 1) {
            event->kind = SGP_EVENT_INCIDENT_CLOSED;
            event->u.closed.incident = id;
            event->u.closed.outcome = SGP_OUTCOME_CANCELLED;
            town->closed_by_hand++;
            return true;
        }
        event->kind = SGP_EVENT_UNIT_ORDERED;
        event->u.ordered.incident = id;
        if (town->quiet % 2)
            some_unit(town, event->u.ordered.unit);
        return true;
    }
    return false;
}

static void wake_everybody(sim_town *town, const sim_shell *shell) {
    for (uint32_t i = 0; i < town->n_units; i++) {
        sim_crew *crew = &town->crews[i];
        crew->gone_until_ms = crew->no_radio_until_ms = 0;
        crew->next_ms = town->now_ms;
        crew->must_log_in = true;
    }
    (void)shell;
}

bool town_evening(sim_town *town, const sim_shell *shell, sim_deed *deed) {
    uint32_t round = town->evening_round++;
    deed->evening = true;
    deed->pass_ms = 1000 + town_below(town, 20000);
    if (!town->evening) {
        town->evening = true;
        wake_everybody(town, shell);
        deed->kind = SIM_ROADS;
        return true;
    }
    if (round > EVENING_DEEDS) /* what is not over now never ends */
        return false;
    if (round % 3 == 1) {
        deed->kind = SIM_WRITTEN;
        return true;
    }
    deed->kind = SIM_EVENT;
    if (round % 40 == 5) { /* who was off duty, comes */
        deed->event.kind = SGP_EVENT_UNIT_DUTY;
        strcpy(deed->event.u.duty.unit, town->crews[round / 40 % town->n_units].code);
        deed->event.u.duty.on_duty = true;
        return true;
    }
    if (town_clears_distress(town, shell, &deed->event) ||
        town_crew_acts(town, shell, &deed->event) ||
        town_placer_answers(town, shell, &deed->event) ||
        dispatcher_tidies(town, shell, &deed->event))
        return true;
    /* Crews that are busy elsewhere do the next thing soon. */
    bool waits = shell->n_outbox > 0 || shell->submitted_seq < shell->n_records;
    for (sgp_id id = 0; (id = sgp_world_next_incident(shell->world, id));)
        waits = waits || sgp_world_incident(shell->world, id)->state != SGP_INCIDENT_CLOSED;
    for (uint32_t i = 0; i < sgp_world_units(shell->world); i++)
        waits = waits || sgp_world_unit(shell->world, i)->assignment;
    deed->kind = SIM_WRITTEN;
    return waits;
}
