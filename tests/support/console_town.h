/* A made control room for tests of the console: updates as an engine would send them, and a host
 * that keeps what is sent. Everything in it is made up. */
#ifndef SGP_TEST_CONSOLE_TOWN_H
#define SGP_TEST_CONSOLE_TOWN_H

#include <stdlib.h>
#include <string.h>

#include "console/console.h"

enum { TOWN_SENT_MAX = 64 };
#define TOWN_MS (INT64_C(1700000000000))

typedef struct town_sent {
    uint64_t token;
    Sigap__V1__Frame *frame;
} town_sent;

typedef struct town {
    town_sent sent[TOWN_SENT_MAX];
    size_t n_sent;
} town;

static inline Sigap__V1__Frame *town_copy(const Sigap__V1__Frame *frame) {
    size_t size = sigap__v1__frame__get_packed_size(frame);
    uint8_t *bytes = malloc(size + 1);
    sigap__v1__frame__pack(frame, bytes);
    Sigap__V1__Frame *copy = sigap__v1__frame__unpack(NULL, size, bytes);
    free(bytes);
    return copy;
}

static inline sgp_err town_send(void *context, const Sigap__V1__Frame *request, uint64_t token) {
    town *t = context;
    if (t->n_sent == TOWN_SENT_MAX)
        return SGP_E_FULL;
    t->sent[t->n_sent++] = (town_sent){token, town_copy(request)};
    return SGP_OK;
}

static inline void town_forget(town *t) {
    for (size_t i = 0; i < t->n_sent; i++)
        sigap__v1__frame__free_unpacked(t->sent[i].frame, NULL);
    t->n_sent = 0;
}

/* The newest that was sent with this body; NULL: none. */
static inline const town_sent *town_last(const town *t, Sigap__V1__Frame__BodyCase body) {
    for (size_t i = t->n_sent; i-- > 0;)
        if (t->sent[i].frame->body_case == body)
            return &t->sent[i];
    return NULL;
}

static inline sgp_link_news town_news(Sigap__V1__Frame *frame, uint64_t token) {
    sgp_link_news news = {.kind = SGP_LINK_FRAME, .token = token};
    news.frame = town_copy(frame);
    return news;
}

static inline sgp_link_news town_up(void) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Status status = SIGAP__V1__STATUS__INIT;
    int64_t targets[5] = {0, 480000, 900000, 1800000, 3600000};
    status.engine_version = (char *)"0.1.0";
    status.city = (char *)"malang";
    status.city_is_sketch = true;
    status.target_ms = targets;
    status.n_target_ms = 5;
    frame.body_case = SIGAP__V1__FRAME__BODY_STATUS;
    frame.status = &status;
    sgp_link_news news = {.kind = SGP_LINK_UP, .user = "dewi"};
    news.frame = town_copy(&frame);
    return news;
}

static inline sgp_link_news town_down(const char *reason) {
    sgp_link_news news = {.kind = SGP_LINK_DOWN};
    snprintf(news.reason, sizeof news.reason, "%s", reason);
    return news;
}

static inline sgp_link_news town_done(uint64_t token, uint64_t call, uint64_t incident) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Done done = SIGAP__V1__DONE__INIT;
    done.call_id = call;
    done.incident_id = incident;
    frame.reply_to = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_DONE;
    frame.done = &done;
    return town_news(&frame, token);
}

static inline sgp_link_news town_error(uint64_t token, const char *message) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)"STATE";
    error.message = (char *)message;
    frame.reply_to = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    return town_news(&frame, token);
}

/* Two that wait (a P2 without a unit, a P1 without a certain place), two that run (a P1 late and
 * still driving, a P3 on scene); six units, one of them with an old position, one off duty. */
static inline sgp_link_news town_snapshot(void) {
    Sigap__V1__Point points[6], here = SIGAP__V1__POINT__INIT;
    here.lon = 112.63;
    here.lat = -7.97;
    Sigap__V1__Unit units[6], *unit_list[6];
    static const struct {
        const char *code;
        Sigap__V1__UnitStatus status;
        int64_t position_age_ms;
        bool at_station;
        uint64_t assignment, incident;
    } made_units[6] = {
        {"PSC-01", SIGAP__V1__UNIT_STATUS__UNIT_EN_ROUTE, 12000, false, 1, 3},
        {"PSC-02", SIGAP__V1__UNIT_STATUS__UNIT_ON_SCENE, 35000, false, 2, 4},
        {"PMI-M1", SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE, 5000, true, 0, 0},
        {"PKM-14", SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE, 900000, false, 0, 0},
        {"RSSA-01", SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE, 1000, true, 0, 0},
        {"DAMKAR-1", SIGAP__V1__UNIT_STATUS__UNIT_OFF_DUTY, 0, true, 0, 0},
    };
    for (int i = 0; i < 6; i++) {
        sigap__v1__unit__init(&units[i]);
        sigap__v1__point__init(&points[i]);
        points[i].lon = 112.60 + i * 0.01;
        points[i].lat = -7.96;
        units[i].number = (uint32_t)i + 1;
        units[i].code = (char *)made_units[i].code;
        units[i].kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
        units[i].station = (char *)"Pos Blimbing";
        units[i].status = made_units[i].status;
        units[i].on_duty = made_units[i].status != SIGAP__V1__UNIT_STATUS__UNIT_OFF_DUTY;
        units[i].position = &points[i];
        units[i].position_at_ms = TOWN_MS - made_units[i].position_age_ms;
        units[i].at_station = made_units[i].at_station;
        units[i].assignment_id = made_units[i].assignment;
        units[i].incident_id = made_units[i].incident;
        unit_list[i] = &units[i];
    }
    Sigap__V1__Place veteran = SIGAP__V1__PLACE__INIT, rough = SIGAP__V1__PLACE__INIT;
    veteran.kind = SIGAP__V1__PLACE_KIND__ADDRESS;
    veteran.point = &here;
    veteran.uncertainty_m = 15;
    veteran.confidence_permille = 960;
    veteran.precision = SIGAP__V1__PRECISION__PRECISION_EXACT;
    veteran.label = (char *)"Jl. Veteran 5";
    veteran.kelurahan = (char *)"Sumbersari";
    veteran.kecamatan = (char *)"Lowokwaru";
    veteran.kabupaten = (char *)"Kota Malang";
    rough = veteran;
    rough.label = (char *)"Gang Mawar";
    rough.kind = SIGAP__V1__PLACE_KIND__GANG;
    rough.uncertainty_m = 400;
    rough.confidence_permille = 410;
    Sigap__V1__Place *both[2] = {&rough, &veteran};

    Sigap__V1__Incident incidents[4], *incident_list[4];
    static uint64_t ids[2] = {1, 2};
    static const struct {
        Sigap__V1__Priority priority;
        Sigap__V1__IncidentState state;
        const char *complaint;
        int64_t age_ms;
        int on_scene_after_ms;
    } made[4] = {
        {SIGAP__V1__PRIORITY__P2, SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING, "abdominal_pain",
         95000, 0},
        {SIGAP__V1__PRIORITY__P1, SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING, "cardiac_arrest",
         40000, 0},
        {SIGAP__V1__PRIORITY__P1, SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED, "chest_pain",
         615000, 0},
        {SIGAP__V1__PRIORITY__P3, SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED, "fall", 1500000,
         600000},
    };
    Sigap__V1__Call calls[4], *call_list[4];
    Sigap__V1__CallerDetail said[2], *said_list[2];
    for (int i = 0; i < 4; i++) {
        sigap__v1__incident__init(&incidents[i]);
        incidents[i].id = (uint64_t)i + 1;
        incidents[i].priority = made[i].priority;
        incidents[i].state = made[i].state;
        incidents[i].complaint = (char *)made[i].complaint;
        incidents[i].opened_at_ms = TOWN_MS - made[i].age_ms;
        incidents[i].first_on_scene_at_ms =
            made[i].on_scene_after_ms > 0 ? incidents[i].opened_at_ms + made[i].on_scene_after_ms
                                          : 0;
        incidents[i].first_call_id = (uint64_t)i + 1;
        incidents[i].calls = 1;
        incidents[i].units_wanted = 1;
        incidents[i].place = i == 1 ? NULL : &veteran;
        incidents[i].place_confirmed = i != 1;
        if (i >= 2) {
            incidents[i].assignment_ids = &ids[i - 2];
            incidents[i].n_assignment_ids = 1;
        }
        incident_list[i] = &incidents[i];
        sigap__v1__call__init(&calls[i]);
        calls[i].id = calls[i].incident_id = (uint64_t)i + 1;
        calls[i].places = i == 1 ? both : NULL;
        calls[i].n_places = i == 1 ? 2 : 0;
        call_list[i] = &calls[i];
    }
    for (int i = 0; i < 2; i++) {
        sigap__v1__caller_detail__init(&said[i]);
        said[i].call_id = (uint64_t)i + 1;
        said[i].place_text = (char *)(i == 0 ? "jl veteran 5" : "gang mawar dekat masjid");
        said_list[i] = &said[i];
    }
    Sigap__V1__Assignment assignments[2], *assignment_list[2];
    Sigap__V1__StateStamp stamps[2], *stamp_list[2][1];
    for (int i = 0; i < 2; i++) {
        sigap__v1__assignment__init(&assignments[i]);
        sigap__v1__state_stamp__init(&stamps[i]);
        stamps[i].state =
            i == 0 ? SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE : SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
        stamps[i].at_ms = TOWN_MS - 130000;
        stamp_list[i][0] = &stamps[i];
        assignments[i].id = (uint64_t)i + 1;
        assignments[i].incident_id = (uint64_t)i + 3;
        assignments[i].unit_number = (uint32_t)i + 1;
        assignments[i].unit_code = units[i].code;
        assignments[i].state = stamps[i].state;
        assignments[i].stamps = stamp_list[i];
        assignments[i].n_stamps = 1;
        assignment_list[i] = &assignments[i];
    }
    Sigap__V1__Recommendation recommendation = SIGAP__V1__RECOMMENDATION__INIT,
                              *recommendation_list[1] = {&recommendation};
    Sigap__V1__Candidate candidates[4], *candidate_list[4];
    static const struct {
        const char *code;
        int64_t travel_ms;
        Sigap__V1__Exclusion exclusion;
    } made_candidates[4] = {
        {"PMI-M1", 182000, SIGAP__V1__EXCLUSION__NOT_EXCLUDED},
        {"RSSA-01", 251000, SIGAP__V1__EXCLUSION__NOT_EXCLUDED},
        {"PKM-14", 90000, SIGAP__V1__EXCLUSION__EXCLUDED_STALE_POSITION},
        {"DAMKAR-1", -1, SIGAP__V1__EXCLUSION__EXCLUDED_OFF_DUTY},
    };
    for (int i = 0; i < 4; i++) {
        sigap__v1__candidate__init(&candidates[i]);
        candidates[i].unit_code = (char *)made_candidates[i].code;
        candidates[i].travel_ms = made_candidates[i].travel_ms;
        candidates[i].turnout_ms = 60000;
        candidates[i].total_ms =
            made_candidates[i].travel_ms < 0 ? -1 : made_candidates[i].travel_ms + 60000;
        candidates[i].exclusion = made_candidates[i].exclusion;
        candidates[i].seat = i == 0;
        candidate_list[i] = &candidates[i];
    }
    recommendation.id = 7;
    recommendation.incident_id = 1;
    recommendation.at_ms = TOWN_MS - 5000;
    recommendation.policy = (char *)"closest";
    recommendation.candidates = candidate_list;
    recommendation.n_candidates = 4;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.at_ms = TOWN_MS;
    update.units = unit_list;
    update.n_units = 6;
    update.incidents = incident_list;
    update.n_incidents = 4;
    update.calls = call_list;
    update.n_calls = 4;
    update.callers = said_list;
    update.n_callers = 2;
    update.assignments = assignment_list;
    update.n_assignments = 2;
    update.recommendations = recommendation_list;
    update.n_recommendations = 1;
    update.caught_up = true;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    return town_news(&frame, 0);
}

#endif
