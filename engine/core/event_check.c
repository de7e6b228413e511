#include "core/event_check.h"

#include <string.h>

#include "core/accounts.h"
#include "core/fleet.h"
#include "core/place.h"
#include "core/sign_on.h"
#include "core/text.h"
#include "core/track.h"
#include "sigap/coverage_map.h"
#include "sigap/plan.h"

/* A sentence is made at the first fault; later checks keep it. */
typedef struct check {
    sgp_err err;
    sgp_fault *fault;
} check;

static void text_in(check *at, const char *field, const char *text, size_t bytes) {
    if (at->err)
        return;
    if (!memchr(text, '\0', bytes))
        at->err =
            sgp_fail(at->fault, SGP_E_TOO_LARGE, "%s is longer than %zu bytes", field, bytes - 1);
    else if (!sgp_text_is_plain(text))
        at->err = sgp_fail(at->fault, SGP_E_FORMAT,
                           "%s is not plain UTF-8 text without control characters", field);
}

static void code_in(check *at, const char *field, const char *text) {
    text_in(at, field, text, SGP_CODE_BYTES);
    if (!at->err && text[0] == '\0')
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "%s is missing", field);
}

static void number_in(check *at, const char *field, int64_t value, int64_t low, int64_t high) {
    if (!at->err && (value < low || value > high))
        at->err = sgp_fail(at->fault, SGP_E_RANGE, "%s %lld is outside %lld..%lld", field,
                           (long long)value, (long long)low, (long long)high);
}

static void id_in(check *at, const char *field, sgp_id id) {
    if (!at->err && id == 0)
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "%s is missing", field);
}

static void channel_in(check *at, const char *channel) {
    text_in(at, "the channel", channel, SGP_CHANNEL_BYTES);
    if (!at->err && channel[0] == '\0')
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "the channel is missing");
}

static void hash_in(check *at, const char *field, const uint8_t hash[SGP_HASH_BYTES]) {
    static const uint8_t none[SGP_HASH_BYTES];
    if (!at->err && memcmp(hash, none, sizeof none) == 0)
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "%s is missing", field);
}

static void point_in(check *at, const char *field, sgp_point point) {
    if (!at->err && !sgp_point_is_valid(point))
        at->err =
            sgp_fail(at->fault, SGP_E_RANGE, "%s is outside -180..180, -90..90 degrees", field);
}

/* Kind 0 means a bare point, which is a place given by coordinates. */
static void place_in(check *at, const char *field, const sgp_place *place) {
    number_in(at, "the kind of the place", place->kind, 0, SGP_PLACE_KINDS - 1);
    point_in(at, field, place->point);
    number_in(at, "the uncertainty in metres", place->uncertainty_m, 0, 1000000);
    number_in(at, "the confidence in permille", place->confidence_permille, 0, 1000);
    text_in(at, "the label of the place", place->label, sizeof place->label);
    text_in(at, "the kelurahan of the place", place->kelurahan, sizeof place->kelurahan);
    text_in(at, "the kecamatan of the place", place->kecamatan, sizeof place->kecamatan);
    text_in(at, "the kabupaten of the place", place->kabupaten, sizeof place->kabupaten);
    number_in(at, "the precision of the place", place->precision, 0, SGP_PRECISIONS - 1);
    if (place->has_access) {
        point_in(at, "the access to the place", place->access);
        number_in(at, "the metres on foot to the place", place->access_walk_m, 0, 1000000);
        text_in(at, "the street of the access", place->access_street, sizeof place->access_street);
    }
}

static void rules_in(check *at, const sgp_rules *rules) {
    enum { DAY_MS = 24 * 3600 * 1000 };
    number_in(at, "the gain of a diversion in ms", rules->divert_gain_ms, 0, DAY_MS);
    number_in(at, "the time near the scene without diversion in ms", rules->divert_keep_ms, 0,
              DAY_MS);
    number_in(at, "how often an incident may lose a unit", rules->divert_times, 0, 1000);
    number_in(at, "the time of a handover in ms", rules->handover_ms, 0, DAY_MS);
    number_in(at, "the time of clearing in ms", rules->clear_ms, 0, DAY_MS);
    for (int i = 0; i < SGP_UNIT_STATUSES; i++)
        number_in(at, "the greatest age of a position by status in ms", rules->position_age_ms[i],
                  0, DAY_MS);
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        number_in(at, "the longest duty of a crew in ms", rules->crew_ms[i], 0, INT32_MAX);
        number_in(at, "the time after which neighbours go in ms", rules->aid_after_ms[i], 0,
                  DAY_MS);
    }
    number_in(at, "the speed on foot in cm/s", rules->walk_cm_s, 0, 1000);
    number_in(at, "the longest way on foot in metres", rules->walk_max_m, 0, 100000);
    number_in(at, "the units kept for other calls", rules->mass_reserve, 0, SGP_UNITS_MAX);
    number_in(at, "the gain for which an order moves in ms", rules->joint_gain_ms, 0, DAY_MS);
    for (int i = 0; i < SGP_PRIORITIES; i++)
        number_in(at, "the time on scene until a crew is asked in ms", rules->welfare_ms[i], 0,
                  DAY_MS);
    number_in(at, "the time until a lone crew is asked in ms", rules->welfare_alone_ms, 0, DAY_MS);
    number_in(at, "the time until a crew in danger is asked in ms", rules->welfare_danger_ms, 0,
              DAY_MS);
    number_in(at, "the time until the alarm is raised again in ms", rules->welfare_again_ms, 0,
              DAY_MS);
    number_in(at, "the time after which a crew is missed in ms", rules->shift_absent_ms, 0, DAY_MS);
    number_in(at, "the time before the end of a shift in ms", rules->shift_end_ms, 0, DAY_MS);
    number_in(at, "the margin of a transfer in ms", rules->transfer_margin_ms, 0, DAY_MS);
    number_in(at, "the time for which a transfer keeps its unit in ms", rules->transfer_keep_ms, 0,
              DAY_MS);
    for (int i = 0; i < SGP_PRIORITIES; i++)
        number_in(at, "the weight of a priority", rules->joint_weight[i], 0, 1000);
    number_in(at, "how long numbers are remembered in hours", rules->number_keep_h, 0, 87600);
    number_in(at, "the calls that mark a number", rules->nuisance_count, 0, SGP_NUMBER_CALLS);
    number_in(at, "the time in which calls mark a number in hours", rules->nuisance_window_h, 0,
              87600);
    number_in(at, "how long a number is marked in hours", rules->nuisance_mark_h, 0, 87600);
    number_in(at, "the age of a call that may be of the same incident in ms", rules->alike_ms, 0,
              DAY_MS);
    number_in(at, "how far off the same incident may be in metres", rules->alike_m, 0, 10000);
    for (int i = 0; i < SGP_VAGUENESSES; i++)
        number_in(at, "how far off a place may be in metres", rules->alike_reach_m[i], 0, 10000);
    number_in(at, "the edition of the rules", rules->edition, 0, SGP_EDITION);
    number_in(at, "the priority that a person's order may be taken for", rules->by_hand_for, 0,
              SGP_PRIORITIES - 1);
    number_in(at, "what a lacking wish counts in ms", rules->hospital_wish_ms, 0, DAY_MS);
    number_in(at, "the age of a stale count of beds in ms", rules->beds_stale_ms, 0, 20 * DAY_MS);
    number_in(at, "the stay in a bed in ms", rules->bed_stay_ms, 0, 20 * DAY_MS);
    number_in(at, "the wait at a hospital in ms", rules->offload_ms, 0, DAY_MS);
    number_in(at, "the time to the next alarm in ms", rules->offload_again_ms, 0, DAY_MS);
    number_in(at, "the time until a claimed ring is answered in ms", rules->ring_claim_ms, 0,
              DAY_MS);
    number_in(at, "how long rings are kept in hours", rules->ring_keep_h, 0, 8760);
    number_in(at, "the target of answering in ms", rules->ring_target_ms, 0, DAY_MS);
    number_in(at, "the share of rings within the target", rules->ring_target_permille, 0, 1000);
}

static void hospital_told_in(check *at, const sgp_event *event) {
    code_in(at, "the hospital's code", event->u.hospital_told.hospital);
    number_in(at, "the number of free beds", event->u.hospital_told.beds, 0, SGP_BEDS_MAX);
    number_in(at, "the number of beds released", event->u.hospital_told.released, 0, SGP_BEDS_MAX);
    number_in(at, "whom the hospital diverts", event->u.hospital_told.diversion, 0,
              SGP_DIVERSIONS - 1);
    number_in(at, "the abilities that are diverted", event->u.hospital_told.diverts, 0,
              SGP_ABILITIES_ALL);
    if (!at->err && event->u.hospital_told.has_diversion &&
        event->u.hospital_told.diversion == SGP_DIVERSION_SOME && !event->u.hospital_told.diverts)
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "which abilities does the hospital divert?");
    number_in(at, "the end of the diversion", event->u.hospital_told.until_ms, 0, INT64_MAX / 4);
    text_in(at, "the reason", event->u.hospital_told.reason, sizeof event->u.hospital_told.reason);
}

static void backup_in(check *at, const sgp_backup *seat) {
    number_in(at, "the kinds of unit asked for", seat->kinds, 1, (1 << SGP_UNIT_KINDS) - 1);
    if (!at->err && seat->kinds & 1u)
        at->err = sgp_fail(at->fault, SGP_E_RANGE, "the kinds of unit asked for are unknown");
}

static void clocks_in(check *at, const sgp_clocks *clocks) {
    enum { DAY_MS = 24 * 3600 * 1000 };
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        number_in(at, "a time to accept in ms", clocks->accept_ms[i], 1, DAY_MS);
        number_in(at, "a response target in ms", clocks->target_ms[i], 0, DAY_MS);
        number_in(at, "a policy", clocks->policy[i], 0, SGP_POLICIES - 1);
    }
    for (int i = 0; i < SGP_UNIT_KINDS; i++)
        number_in(at, "a turnout time in ms", clocks->turnout_ms[i], 0, DAY_MS);
    number_in(at, "the greatest age of a position in ms", clocks->position_max_age_ms, 1, DAY_MS);
    number_in(at, "the confidence that needs no choice", clocks->confident_permille, 0, 1000);
    number_in(at, "the radius in metres within which a phone places a call", clocks->phone_place_m,
              0, 1000000);
    rules_in(at, &clocks->rules);
}

static void unit_in(check *at, const sgp_unit *unit) {
    code_in(at, "the unit's code", unit->code);
    number_in(at, "the kind of unit", unit->kind, 1, SGP_UNIT_KINDS - 1);
    text_in(at, "the unit's name", unit->name, sizeof unit->name);
    text_in(at, "the unit's agency", unit->agency, sizeof unit->agency);
    text_in(at, "the unit's station", unit->station, sizeof unit->station);
    point_in(at, "the point of the unit's station", unit->station_point);
    number_in(at, "the unit's skills", unit->skills, 0, SGP_SKILLS_ALL);
    text_in(at, "the unit's district", unit->district, sizeof unit->district);
    number_in(at, "how the unit is lent", unit->lending, 0, SGP_LENDINGS - 1);
    number_in(at, "the priorities that it serves", unit->serves, 0, SGP_SERVES_ALL);
}

static void premise_in(check *at, const sgp_premise *premise) {
    number_in(at, "the kind of premise note", premise->kind, 1, SGP_PREMISE_KINDS - 1);
    point_in(at, "the point of the premise note", premise->point);
    number_in(at, "the radius in metres", premise->radius_m, 1, SGP_PREMISE_RADIUS_MAX_M);
    text_in(at, "the label of the place", premise->label, sizeof premise->label);
    text_in(at, "who set it", premise->actor, sizeof premise->actor);
    number_in(at, "the end of the premise note", premise->until_ms, 0, INT64_MAX / 4);
}

static void road_closure_in(check *at, const sgp_road_closure *closure) {
    number_in(at, "the way to close", closure->way, 0, INT64_MAX / 4);
    point_in(at, "the point to close", closure->point);
    bool by_point = !closure->way && !closure->n_parts;
    number_in(at, "the radius in metres", closure->radius_m, by_point ? 1 : 0,
              by_point ? SGP_ROAD_RADIUS_MAX_M : 0);
    number_in(at, "the number of parts", closure->n_parts, 0,
              closure->way ? 0 : SGP_CLOSURE_PARTS_MAX);
    for (uint32_t i = 0; i < closure->n_parts && !at->err; i++) {
        number_in(at, "a part of the closure", closure->parts[i].a, 1, INT64_MAX / 4);
        number_in(at, "a part of the closure", closure->parts[i].b, 0, INT64_MAX / 4);
    }
    text_in(at, "the street", closure->street, sizeof closure->street);
    number_in(at, "the beginning of the closure", closure->from_ms, 0, INT64_MAX / 4);
    number_in(at, "the end of the closure", closure->until_ms, 0, INT64_MAX / 4);
    if (!at->err && closure->until_ms && closure->until_ms <= closure->from_ms)
        at->err = sgp_fail(at->fault, SGP_E_RANGE, "the closure ends before it begins");
    text_in(at, "the reason", closure->reason, sizeof closure->reason);
}

static void transfer_asked_in(check *at, const sgp_event *event) {
    code_in(at, "the hospital that the patient is in", event->u.transfer_asked.from);
    code_in(at, "the hospital to go to", event->u.transfer_asked.to);
    number_in(at, "the time of the transfer", event->u.transfer_asked.pick_up_at_ms, 0,
              INT64_MAX / 4);
    number_in(at, "the time of the way back", event->u.transfer_asked.return_at_ms, 0,
              INT64_MAX / 4);
    number_in(at, "the priority", event->u.transfer_asked.priority, 0, SGP_PRIORITIES - 1);
    text_in(at, "the complaint", event->u.transfer_asked.complaint,
            sizeof event->u.transfer_asked.complaint);
    if (event->u.transfer_asked.seat.kinds)
        backup_in(at, &event->u.transfer_asked.seat);
    number_in(at, "the skills", event->u.transfer_asked.seat.skills, 0, SGP_SKILLS_ALL);
    text_in(at, "the unit's code", event->u.transfer_asked.unit,
            sizeof event->u.transfer_asked.unit);
}

sgp_err sgp_event_check(const sgp_event *event, sgp_fault *fault) {
    check at = {SGP_OK, fault};
    text_in(&at, "the actor", event->actor, sizeof event->actor);
    number_in(&at, "the time of the event", event->at_ms, 1, INT64_MAX / 4);
    if (at.err)
        return at.err;
    switch (event->kind) {
    case SGP_EVENT_CONFIGURED:
        clocks_in(&at, &event->u.configured);
        break;
    case SGP_EVENT_UNIT_REGISTERED:
        unit_in(&at, &event->u.unit_registered.unit);
        break;
    case SGP_EVENT_HOSPITAL_REGISTERED: {
        const sgp_hospital *hospital = &event->u.hospital_registered.hospital;
        code_in(&at, "the hospital's code", hospital->code);
        text_in(&at, "the hospital's name", hospital->name, sizeof hospital->name);
        point_in(&at, "the hospital's point", hospital->point);
        number_in(&at, "the number of beds", hospital->beds, 0, SGP_BEDS_MAX);
        number_in(&at, "the hospital's abilities", hospital->abilities, 0, SGP_ABILITIES_ALL);
        break;
    }
    case SGP_EVENT_UNIT_DUTY:
        code_in(&at, "the unit's code", event->u.duty.unit);
        break;
    case SGP_EVENT_UNIT_POSITION:
        code_in(&at, "the unit's code", event->u.position.unit);
        point_in(&at, "the position", event->u.position.point);
        break;
    case SGP_EVENT_CALL_RECEIVED:
        if (event->u.call.ring)
            code_in(&at, "who has taken the ring", event->actor);
        text_in(&at, "the channel", event->u.call.channel, sizeof event->u.call.channel);
        text_in(&at, "the complaint", event->u.call.complaint, sizeof event->u.call.complaint);
        number_in(&at, "the priority", event->u.call.priority, 0, SGP_PRIORITIES - 1);
        if (event->u.call.has_point)
            place_in(&at, "the point of the call", &event->u.call.place);
        break;
    case SGP_EVENT_CALL_PLACED:
        id_in(&at, "the call", event->u.placed.call);
        number_in(&at, "the number of places", event->u.placed.n_places, 0, SGP_PLACES_MAX);
        for (int32_t i = 0; !at.err && i < event->u.placed.n_places; i++)
            place_in(&at, "the point of a place", &event->u.placed.places[i]);
        break;
    case SGP_EVENT_PLACE_CHOSEN:
        id_in(&at, "the incident", event->u.chosen.incident);
        place_in(&at, "the point of the place", &event->u.chosen.place);
        break;
    case SGP_EVENT_CALL_LINKED:
        id_in(&at, "the call", event->u.linked.call);
        id_in(&at, "the incident", event->u.linked.incident);
        break;
    case SGP_EVENT_NOTE_ADDED:
        id_in(&at, "the incident", event->u.noted.incident);
        break;
    case SGP_EVENT_PREMISE_SET:
        premise_in(&at, &event->u.premise);
        break;
    case SGP_EVENT_PREMISE_REMOVED:
        id_in(&at, "the premise note", event->u.premise.id);
        break;
    case SGP_EVENT_CALL_JUDGED:
        id_in(&at, "the call", event->u.judged.call);
        number_in(&at, "the outcome", event->u.judged.outcome, SGP_OUTCOME_DUPLICATE,
                  SGP_OUTCOMES - 1);
        break;
    case SGP_EVENT_NUMBER_MARKED:
        id_in(&at, "the call", event->u.marked.call);
        number_in(&at, "the hours of a mark", event->u.marked.hours, 0, 87600);
        break;
    case SGP_EVENT_ALIKE_DISMISSED:
        id_in(&at, "the call", event->u.dismissed.call);
        id_in(&at, "the incident", event->u.dismissed.incident);
        break;
    case SGP_EVENT_CALL_NARROWED:
        id_in(&at, "the call", event->u.narrowed.call);
        break;
    case SGP_EVENT_PHONE_POSITION:
        id_in(&at, "the call", event->u.phone.call);
        place_in(&at, "the phone's position", &event->u.phone.fix.place);
        number_in(&at, "the time of the position", event->u.phone.fix.measured_at_ms, 0,
                  INT64_MAX / 4);
        number_in(&at, "the method of the position", event->u.phone.fix.method, 0,
                  SGP_PHONE_METHODS - 1);
        if (event->u.phone.by_token) {
            hash_in(&at, "the token", event->u.phone.token);
            hash_in(&at, "the phone's holder", event->u.phone.holder);
        }
        break;
    case SGP_EVENT_LOCATE_ASKED:
        id_in(&at, "the call", event->u.locate.call);
        hash_in(&at, "the token", event->u.locate.token);
        number_in(&at, "the time for the first position in ms", event->u.locate.valid_ms, 1,
                  24 * 3600 * 1000);
        number_in(&at, "the time for updates in ms", event->u.locate.updates_ms, 0,
                  24 * 3600 * 1000);
        break;
    case SGP_EVENT_CALLER_CAME:
        id_in(&at, "the call", event->u.came.call);
        hash_in(&at, "the token", event->u.came.token);
        hash_in(&at, "the phone's holder", event->u.came.holder);
        break;
    case SGP_EVENT_MESSAGE_SAID:
        id_in(&at, "the call", event->u.message.call);
        number_in(&at, "a caller's sign", event->u.message.sign, 0,
                  event->u.message.by_caller ? SGP_SIGNS - 1 : 0);
        if (event->u.message.by_caller) {
            hash_in(&at, "the token", event->u.message.token);
            hash_in(&at, "the phone's holder", event->u.message.holder);
        }
        break;
    case SGP_EVENT_MESSAGES_READ:
        id_in(&at, "the call", event->u.messages_read.call);
        break;
    case SGP_EVENT_INBOUND_SEEN:
        id_in(&at, "the assignment", event->u.seen.assignment);
        text_in(&at, "the hospital's code", event->u.seen.hospital, sizeof event->u.seen.hospital);
        break;
    case SGP_EVENT_INCIDENT_TRIAGED:
        id_in(&at, "the incident", event->u.triaged.incident);
        number_in(&at, "the priority", event->u.triaged.priority, 0, SGP_PRIORITIES - 1);
        text_in(&at, "the complaint", event->u.triaged.complaint,
                sizeof event->u.triaged.complaint);
        number_in(&at, "the number of units wanted", event->u.triaged.units_wanted, 0,
                  SGP_UNITS_PER_INCIDENT_MAX);
        number_in(&at, "the alarm level", event->u.triaged.alarm, 0, SGP_ALARMS);
        break;
    case SGP_EVENT_RECOMMENDATION_ASKED:
        id_in(&at, "the incident", event->u.asked.incident);
        break;
    case SGP_EVENT_UNIT_ORDERED:
        id_in(&at, "the incident", event->u.ordered.incident);
        text_in(&at, "the unit's code", event->u.ordered.unit, sizeof event->u.ordered.unit);
        break;
    case SGP_EVENT_DISTRESS:
        code_in(&at, "the unit's code", event->u.distress.unit);
        text_in(&at, "the reason", event->u.distress.reason, sizeof event->u.distress.reason);
        if (!at.err && event->u.distress.cleared && !event->u.distress.reason[0])
            at.err =
                sgp_fail(fault, SGP_E_ARGUMENT, "why is the distress over? a reason is needed");
        break;
    case SGP_EVENT_WELFARE_ANSWERED:
        id_in(&at, "the assignment", event->u.welfare.assignment);
        break;
    case SGP_EVENT_ORDER_ANSWERED:
        number_in(&at, "the time that is told", event->u.answered.said_at_ms, 0, INT64_MAX / 4);
        number_in(&at, "the device's time", event->u.answered.device_at_ms, 0, INT64_MAX / 4);
        id_in(&at, "the assignment", event->u.answered.assignment);
        text_in(&at, "the reason", event->u.answered.reason, sizeof event->u.answered.reason);
        break;
    case SGP_EVENT_ASSIGNMENT_ADVANCED:
        number_in(&at, "the time that is told", event->u.advanced.said_at_ms, 0, INT64_MAX / 4);
        number_in(&at, "the device's time", event->u.advanced.device_at_ms, 0, INT64_MAX / 4);
        id_in(&at, "the assignment", event->u.advanced.assignment);
        number_in(&at, "the state to go to", event->u.advanced.state, SGP_ASSIGNMENT_EN_ROUTE,
                  SGP_ASSIGNMENT_CLOSED);
        text_in(&at, "the hospital's code", event->u.advanced.hospital,
                sizeof event->u.advanced.hospital);
        break;
    case SGP_EVENT_ASSIGNMENT_STOOD_DOWN:
        id_in(&at, "the assignment", event->u.stood_down.assignment);
        text_in(&at, "the reason", event->u.stood_down.reason, sizeof event->u.stood_down.reason);
        break;
    case SGP_EVENT_BACKUP_ASKED:
        id_in(&at, "the incident", event->u.backup.incident);
        number_in(&at, "the number of units", event->u.backup.units, 1, SGP_BACKUP_MAX);
        backup_in(&at, &event->u.backup.seat);
        text_in(&at, "the reason", event->u.backup.reason, sizeof event->u.backup.reason);
        break;
    case SGP_EVENT_AID_ASKED:
        id_in(&at, "the incident", event->u.aid.incident);
        break;
    case SGP_EVENT_MASS_CASUALTY:
        id_in(&at, "the incident", event->u.mass.incident);
        number_in(&at, "the number of patients", event->u.mass.patients, 0, SGP_PATIENTS_MAX);
        if (event->u.mass.has_staging)
            place_in(&at, "the staging point", &event->u.mass.staging);
        break;
    case SGP_EVENT_INCIDENT_CLOSED:
        id_in(&at, "the incident", event->u.closed.incident);
        number_in(&at, "the outcome", event->u.closed.outcome, 1, SGP_OUTCOME_ABANDONED);
        break;
    case SGP_EVENT_METRIC_SWAPPED:
        text_in(&at, "the profile", event->u.swapped.profile, sizeof event->u.swapped.profile);
        break;
    case SGP_EVENT_ROAD_CLOSED:
        road_closure_in(&at, &event->u.road_closed);
        break;
    case SGP_EVENT_ROAD_OPENED:
        if (!event->u.road_opened.closure)
            number_in(&at, "the way to open", event->u.road_opened.way, 1, INT64_MAX / 4);
        break;
    case SGP_EVENT_QUESTION_ANSWERED:
        id_in(&at, "the incident", event->u.question.incident);
        code_in(&at, "the question", event->u.question.question);
        text_in(&at, "the answer", event->u.question.answer, sizeof event->u.question.answer);
        break;
    case SGP_EVENT_AGENCY_ALERTED:
        id_in(&at, "the incident", event->u.alerted.incident);
        code_in(&at, "the agency", event->u.alerted.agency);
        text_in(&at, "the reason", event->u.alerted.reason, sizeof event->u.alerted.reason);
        break;
    case SGP_EVENT_AGENCY_ANSWERED:
        id_in(&at, "the incident", event->u.agency_answered.incident);
        code_in(&at, "the agency", event->u.agency_answered.agency);
        text_in(&at, "the reason", event->u.agency_answered.reason,
                sizeof event->u.agency_answered.reason);
        break;
    case SGP_EVENT_TRANSFER_ASKED:
        transfer_asked_in(&at, event);
        break;
    case SGP_EVENT_TRANSFER_CHANGED:
        id_in(&at, "the transfer", event->u.transfer_changed.transfer);
        number_in(&at, "the time of the transfer", event->u.transfer_changed.pick_up_at_ms, 0,
                  INT64_MAX / 4);
        text_in(&at, "the unit's code", event->u.transfer_changed.unit,
                sizeof event->u.transfer_changed.unit);
        break;
    case SGP_EVENT_TRANSFER_CANCELLED:
        id_in(&at, "the transfer", event->u.transfer_cancelled.transfer);
        text_in(&at, "the reason", event->u.transfer_cancelled.reason,
                sizeof event->u.transfer_cancelled.reason);
        break;
    case SGP_EVENT_PLANNED:
        at.err = sgp_plan_check(event->u.planned.plan, fault);
        break;
    case SGP_EVENT_COVERAGE_SET:
        at.err = sgp_coverage_map_check(event->u.coverage.map, fault);
        break;
    case SGP_EVENT_MOVE_UP_ORDERED:
        code_in(&at, "the unit's code", event->u.move_up.unit);
        text_in(&at, "the name of the place", event->u.move_up.name, sizeof event->u.move_up.name);
        point_in(&at, "the point to wait at", event->u.move_up.point);
        number_in(&at, "the gain in millionths", event->u.move_up.gain_ppm, -1000000, 1000000);
        break;
    case SGP_EVENT_MOVE_UP_ANSWERED:
        code_in(&at, "the unit's code", event->u.move_up_answer.unit);
        id_in(&at, "the move-up", event->u.move_up_answer.id);
        text_in(&at, "the reason", event->u.move_up_answer.reason,
                sizeof event->u.move_up_answer.reason);
        break;
    case SGP_EVENT_MOVE_UP_ENDED:
        code_in(&at, "the unit's code", event->u.move_up_end.unit);
        text_in(&at, "the reason", event->u.move_up_end.reason, sizeof event->u.move_up_end.reason);
        break;
    case SGP_EVENT_HOSPITAL_TOLD:
        hospital_told_in(&at, event);
        break;
    case SGP_EVENT_PATIENT_TOLD:
        id_in(&at, "the assignment", event->u.patient.assignment);
        number_in(&at, "what the patient needs", event->u.patient.needs, 0, SGP_ABILITIES_ALL);
        number_in(&at, "the colour of triage", event->u.patient.colour, 0, SGP_COLOURS - 1);
        break;
    case SGP_EVENT_HOSPITAL_ASKED:
        id_in(&at, "the assignment", event->u.hospital_choice.assignment);
        break;
    case SGP_EVENT_HOSPITAL_CHOSEN:
        id_in(&at, "the assignment", event->u.hospital_choice.assignment);
        code_in(&at, "the hospital's code", event->u.hospital_choice.hospital);
        break;
    case SGP_EVENT_RING_CAME:
        code_in(&at, "the exchange", event->u.ring_came.exchange);
        text_in(&at, "the line", event->u.ring_came.line, sizeof event->u.ring_came.line);
        channel_in(&at, event->u.ring_came.channel);
        break;
    case SGP_EVENT_RING_TOLD:
        code_in(&at, "the exchange", event->u.ring_told.exchange);
        channel_in(&at, event->u.ring_told.channel);
        number_in(&at, "what the exchange says", event->u.ring_told.news, 1, SGP_RING_NEWS - 1);
        text_in(&at, "the recording", event->u.ring_told.recording,
                sizeof event->u.ring_told.recording);
        break;
    case SGP_EVENT_RING_TAKEN:
        id_in(&at, "the ring", event->u.ring_taken.ring);
        code_in(&at, "who takes the ring", event->actor);
        break;
    case SGP_EVENT_RING_CALL_BACK:
        id_in(&at, "the ring", event->u.ring_back.ring);
        code_in(&at, "who calls back", event->actor);
        number_in(&at, "the outcome of calling back", event->u.ring_back.outcome,
                  SGP_CALL_BACK_CLAIMED, SGP_CALL_BACK_NOT_NEEDED);
        break;
    case SGP_EVENT_ROSTER_LOADED:
    case SGP_EVENT_CREW_SIGNED_ON:
    case SGP_EVENT_SHIFT_SET:
    case SGP_EVENT_SHIFT_REMOVED:
        at.err = sgp_roster_event_check(event, fault);
        break;
    case SGP_EVENT_INCIDENT_TAKEN:
        id_in(&at, "the incident", event->u.taken.incident);
        code_in(&at, "who takes the incident", event->actor);
        break;
    case SGP_EVENT_DESK_HANDED_OVER:
        code_in(&at, "who hands over", event->u.handed_over.from);
        text_in(&at, "who takes over", event->u.handed_over.to, sizeof event->u.handed_over.to);
        if (!at.err && strcmp(event->u.handed_over.from, event->u.handed_over.to) == 0)
            at.err = sgp_fail(at.fault, SGP_E_ARGUMENT, "nobody hands over to himself");
        break;
    case SGP_EVENT_USER_SET:
    case SGP_EVENT_LOGIN_CODE_MADE:
    case SGP_EVENT_DEVICE_ADDED:
    case SGP_EVENT_DEVICES_REMOVED:
        at.err = sgp_account_event_check(event, fault);
        break;
    case SGP_EVENT_FLEET_SET:
        at.err = sgp_fleet_event_check(event, fault);
        break;
    case SGP_EVENT_ORDER_RECEIVED:
    case SGP_EVENT_TRACK_TOLD:
        at.err = sgp_device_event_check(event, fault);
        break;
    case SGP_EVENT_TIMER:
    case SGP_EVENT_GRAPH_SWITCHED:
        break;
    default:
        number_in(&at, "the kind of event", event->kind, 1, SGP_EVENT_KINDS - 1);
    }
    return at.err;
}
