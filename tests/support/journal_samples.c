#include "journal_samples.h"

#include <assert.h>
#include <stdio.h>

#include "sigap/v1/journal.pb-c.h"

enum { UNITS = 8, CANDIDATES = 5, PLACES = 4 };

/* Every fourth event is a call; every third call joins the incident before. */
bool sample_call(uint64_t seq, uint64_t *call, uint64_t *incident) {
    if (seq % 4 != 1)
        return false;
    *call = seq / 4 + 1;
    *incident = *call - *call / 3;
    return true;
}

static uint64_t draw(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static Sigap__V1__Point point_near(uint64_t *state) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.6 + (double)(draw(state) % 1000000) / 1e7;
    point.lat = -7.9 - (double)(draw(state) % 1000000) / 1e7;
    return point;
}

/* Messages are only packed here, never written to. */
static char *fixed(const char *text) {
    return (char *)text;
}

/* Texts that PostgreSQL's array form has to escape, and one that is not UTF-8. */
static char *text_of(uint64_t n) {
    static const char *const texts[] = {"Jl. Contoh 5",
                                        "",
                                        "\"dikutip\", {koma}",
                                        "garis\\miring",
                                        "NULL",
                                        "Gg. \xc3\xa9\xe6\x97\xa5",
                                        "rusak \xff\xc3 akhir",
                                        "dua\nbaris\t"};
    return fixed(texts[n % (sizeof texts / sizeof *texts)]);
}

void sample_record(uint64_t seq, sgp_buffer *out) {
    uint64_t state = seq * 77 + 5;
    Sigap__V1__Event event = SIGAP__V1__EVENT__INIT;
    Sigap__V1__TimerFired timer = SIGAP__V1__TIMER_FIRED__INIT;
    Sigap__V1__Update changes = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__JournalRecord record = SIGAP__V1__JOURNAL_RECORD__INIT;
    event.seq = changes.event_seq = seq;
    event.at_ms = changes.at_ms = 1700000000000 + (int64_t)seq * 1000;
    event.body_case = SIGAP__V1__EVENT__BODY_TIMER_FIRED;
    event.timer_fired = &timer;
    record.event = &event;
    record.changes = &changes;

    char code[16];
    Sigap__V1__Point unit_point = point_near(&state), place_points[PLACES];
    Sigap__V1__Unit unit = SIGAP__V1__UNIT__INIT, *units[] = {&unit};
    unit.number = (uint32_t)(draw(&state) % UNITS) + 1;
    snprintf(code, sizeof code, "UJI-%02u", unit.number);
    unit.code = code;
    unit.kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
    unit.name = text_of(draw(&state));
    unit.agency = fixed("PSC");
    unit.station = text_of(draw(&state));
    unit.on_duty = draw(&state) % 2;
    unit.status = (Sigap__V1__UnitStatus)(draw(&state) % 9); /* one past the known ones, too */
    unit.position = draw(&state) % 4 ? &unit_point : NULL;
    unit.position_at_ms = event.at_ms;
    unit.version = seq;
    changes.units = units;
    changes.n_units = 1;

    Sigap__V1__Hospital hospital = SIGAP__V1__HOSPITAL__INIT, *hospitals[] = {&hospital};
    hospital.number = (uint32_t)(seq % 3) + 1;
    hospital.code = fixed("RS");
    hospital.name = text_of(seq);
    hospital.point = &unit_point;
    hospital.beds = (int32_t)seq;
    changes.hospitals = hospitals;
    changes.n_hospitals = seq % 10 == 0;

    Sigap__V1__Place places[PLACES], *place_list[PLACES];
    for (int i = 0; i < PLACES; i++) {
        places[i] = (Sigap__V1__Place)SIGAP__V1__PLACE__INIT;
        place_points[i] = point_near(&state);
        places[i].kind = SIGAP__V1__PLACE_KIND__STREET;
        places[i].point = &place_points[i];
        places[i].uncertainty_m = 50 + i;
        places[i].confidence_permille = 900 - i;
        places[i].label = text_of(draw(&state));
        places[i].kelurahan = text_of(draw(&state));
        places[i].kecamatan = fixed("Klojen");
        places[i].kabupaten = fixed("Kota Malang");
        place_list[i] = &places[i];
    }
    uint64_t call_id = 0, incident_id = 0;
    bool rings = sample_call(seq, &call_id, &incident_id);
    if (!rings) /* What follows a call changes it and its incident again. */
        sample_call(seq - (seq + 3) % 4, &call_id, &incident_id);
    Sigap__V1__Call call = SIGAP__V1__CALL__INIT, *calls[] = {&call};
    call.id = call_id;
    call.incident_id = incident_id;
    call.received_at_ms = event.at_ms;
    call.channel = fixed("112");
    call.complaint = fixed("uji");
    call.priority = (Sigap__V1__Priority)(draw(&state) % 5);
    call.places = place_list;
    call.n_places = draw(&state) % (PLACES + 1);
    call.version = seq;
    changes.calls = calls;
    changes.n_calls = call_id ? 1 : 0;

    Sigap__V1__Incident incident = SIGAP__V1__INCIDENT__INIT, *incidents[] = {&incident};
    incident.id = incident_id;
    incident.state = SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED;
    incident.priority = call.priority;
    incident.complaint = fixed("uji");
    incident.place = draw(&state) % 3 ? &places[0] : NULL;
    incident.opened_at_ms = event.at_ms;
    incident.calls = 1;
    incident.units_wanted = 1;
    incident.version = seq;
    changes.incidents = incidents;
    changes.n_incidents = incident_id ? 1 : 0;

    Sigap__V1__StateStamp stamps[3], *stamp_list[3];
    for (int i = 0; i < 3; i++) {
        stamps[i] = (Sigap__V1__StateStamp)SIGAP__V1__STATE_STAMP__INIT;
        stamps[i].state = (Sigap__V1__AssignmentState)(1 + i);
        stamps[i].at_ms = event.at_ms + i;
        stamp_list[i] = &stamps[i];
    }
    Sigap__V1__Assignment assignment = SIGAP__V1__ASSIGNMENT__INIT, *assignments[] = {&assignment};
    assignment.id = incident_id;
    assignment.incident_id = incident_id;
    assignment.unit_number = unit.number;
    assignment.unit_code = code;
    assignment.state = (Sigap__V1__AssignmentState)(seq % 3 + 1);
    assignment.travel_ms = -1;
    assignment.hospital_code = fixed("RS");
    assignment.reason = text_of(draw(&state));
    assignment.stamps = stamp_list;
    assignment.n_stamps = seq % 3 + 1;
    assignment.version = seq;
    changes.assignments = assignments;
    changes.n_assignments = incident_id && seq % 4 != 1;

    Sigap__V1__Candidate candidates[CANDIDATES], *candidate_list[CANDIDATES];
    for (int i = 0; i < CANDIDATES; i++) {
        candidates[i] = (Sigap__V1__Candidate)SIGAP__V1__CANDIDATE__INIT;
        candidates[i].unit_number = (uint32_t)i + 1;
        candidates[i].unit_code = text_of((uint64_t)i);
        candidates[i].travel_ms = (int64_t)draw(&state) % 900000;
        candidates[i].total_ms = candidates[i].travel_ms + 60000;
        candidates[i].exclusion = (Sigap__V1__Exclusion)(i % 3);
        candidate_list[i] = &candidates[i];
    }
    Sigap__V1__Recommendation recommendation = SIGAP__V1__RECOMMENDATION__INIT,
                              *recommendations[] = {&recommendation};
    recommendation.id = seq;
    recommendation.incident_id = incident_id;
    recommendation.at_ms = event.at_ms;
    recommendation.policy = fixed("closest");
    recommendation.candidates = candidate_list;
    recommendation.n_candidates = CANDIDATES;
    changes.recommendations = recommendations;
    changes.n_recommendations = seq % 4 == 2;

    sgp_buffer_clear(out);
    size_t length = sigap__v1__journal_record__get_packed_size(&record);
    sgp_err err = sgp_buffer_reserve(out, length);
    assert(!err);
    out->length = sigap__v1__journal_record__pack(&record, out->data);
}
