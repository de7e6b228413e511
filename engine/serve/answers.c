/* Reads. Each answer shows the world as of its newest event and is queued behind
 * it, so that a reader never knows more than the disk. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"
#include "serve/frame.h"
#include "sigap/guide.h"

/* ---- growing lists of messages ------------------------------------------- */

typedef struct message_list {
    ProtobufCMessage **items;
    size_t n, capacity;
    size_t bytes; /* encoded */
} message_list;

/* Ownership of the message passes; NULL counts as out of memory. */
static void list_add(message_list *list, ProtobufCMessage *message) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        ProtobufCMessage **items = realloc(list->items, capacity * sizeof(ProtobufCMessage *));
        if (items != NULL) {
            list->items = items;
            list->capacity = capacity;
        }
    }
    if (message == NULL || list->n == list->capacity) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=answer");
        abort();
    }
    list->items[list->n++] = message;
    list->bytes += protobuf_c_message_get_packed_size(message) + 4;
}

static void list_clear(message_list *list) {
    for (size_t i = 0; i < list->n; i++)
        protobuf_c_message_free_unpacked(list->items[i], NULL);
    list->n = 0;
    list->bytes = 0;
}

static void list_free(message_list *list) {
    list_clear(list);
    free(list->items);
}

static void add_assignments(const sgp_world *world, const sgp_incident *incident,
                            message_list *list) {
    for (uint32_t i = 0; i < incident->n_assignments; i++)
        if (sgp_world_assignment(world, incident->assignments[i]) != NULL)
            list_add(list, &sgp_assignment_to_proto(world, incident->assignments[i])->base);
}

static void answer(sgp_session *session, uint64_t reply_to, Sigap__V1__Frame *frame,
                   Sigap__V1__Frame__BodyCase body) {
    frame->body_case = body;
    sgp_outbox_answer(session->engine, session->id, reply_to, frame);
}

static void answer_error(sgp_session *session, uint64_t reply_to, const sgp_fault *fault,
                         sgp_err err) {
    sgp_outbox_error(session->engine, session->id, reply_to, err, fault->text);
}

/* ---- status and pages ---------------------------------------------------- */

void sgp_answer_status(sgp_session *session, uint64_t reply_to) {
    const sgp_engine *engine = session->engine;
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    char city_id[33];
    sgp_city_id_format(&parts->city, city_id);
    Sigap__V1__Status status = SIGAP__V1__STATUS__INIT;
    status.engine_version = (char *)SIGAP_VERSION;
    status.city = (char *)parts->name;
    status.city_is_sketch = parts->is_sketch;
    status.city_id = city_id;
    status.database_away = sgp_engine_database_away(engine);
    status.no_database = engine->settings->database[0] == '\0';
    status.event_seq = engine->durable_seq;
    bool away;
    if (engine->projection != NULL)
        status.projected_seq = sgp_projection_seq(engine->projection, &away);
    status.sessions = engine->n_sessions;
    status.started_at_ms = engine->started_at_ms;
    status.last_decide_us = engine->measures.decide.last_us;
    status.last_write_us = engine->measures.sync.last_us;
    Sigap__V1__RoadMetric metrics[SGP_PROFILES_MAX], *list[SGP_PROFILES_MAX];
    status.road_metrics = list;
    for (uint32_t p = 0; p < parts->n_profiles; p++) {
        sgp_road_facts facts;
        if (!sgp_live_roads_facts(engine->city->roads, p, 0, &facts))
            continue;
        Sigap__V1__RoadMetric metric = SIGAP__V1__ROAD_METRIC__INIT;
        metric.profile = (char *)parts->profiles[p].name;
        metric.age_ms = (sgp_monotonic_us() - facts.swapped_at_us) / 1000;
        metric.version = facts.version;
        metric.swaps = facts.swaps;
        metric.customize_us = facts.customize_us;
        metrics[status.n_road_metrics] = metric;
        list[status.n_road_metrics] = &metrics[status.n_road_metrics];
        status.n_road_metrics++;
    }
    sgp_label_count labels = sgp_live_times_labels(engine->city->live);
    status.labels_fresh = labels.fresh;
    status.labels_stale = labels.stale;
    int64_t target_ms[SGP_PRIORITIES];
    for (int i = 0; i < SGP_PRIORITIES; i++)
        target_ms[i] = sgp_world_clocks(engine->world)->target_ms[i];
    status.target_ms = target_ms;
    status.n_target_ms = SGP_PRIORITIES;
    sgp_status_roads(engine, &status);
    sgp_exchange_rows exchanges;
    sgp_exchanges_fill(session->engine, &exchanges);
    status.exchanges = exchanges.list;
    status.n_exchanges = exchanges.n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.status = &status;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_STATUS);
}

static uint32_t page_limit(uint32_t asked) {
    return asked == 0 ? 100 : asked > 1000 ? 1000 : asked;
}

void sgp_answer_incidents(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__ListIncidents *asked) {
    const sgp_world *world = session->engine->world;
    message_list incidents = {0}, assignments = {0};
    Sigap__V1__IncidentPage page = SIGAP__V1__INCIDENT_PAGE__INIT;
    uint32_t limit = page_limit(asked->limit);
    sgp_id last = 0;
    for (sgp_id id = sgp_world_next_incident(world, asked->after_id); id != 0;
         id = sgp_world_next_incident(world, id)) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state == SGP_INCIDENT_CLOSED && !asked->include_closed)
            continue;
        if (incidents.n == limit || incidents.bytes + assignments.bytes > SGP_FRAME_PAGE / 2) {
            page.next_after_id = last;
            break;
        }
        list_add(&incidents, &sgp_incident_to_proto(world, id)->base);
        add_assignments(world, incident, &assignments);
        last = id;
    }
    page.incidents = (Sigap__V1__Incident **)incidents.items;
    page.n_incidents = incidents.n;
    page.assignments = (Sigap__V1__Assignment **)assignments.items;
    page.n_assignments = assignments.n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.incident_page = &page;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_INCIDENT_PAGE);
    list_free(&incidents);
    list_free(&assignments);
}

void sgp_answer_units(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListUnits *asked) {
    const sgp_world *world = session->engine->world;
    message_list units = {0};
    Sigap__V1__UnitPage page = SIGAP__V1__UNIT_PAGE__INIT;
    uint32_t limit = page_limit(asked->limit);
    for (uint32_t i = asked->after_number; i < sgp_world_units(world); i++) {
        if (units.n == limit || units.bytes > SGP_FRAME_PAGE) {
            page.next_after_number = i;
            break;
        }
        list_add(&units, &sgp_unit_to_proto(world, i)->base);
    }
    page.units = (Sigap__V1__Unit **)units.items;
    page.n_units = units.n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.unit_page = &page;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_UNIT_PAGE);
    list_free(&units);
}

void sgp_answer_hospitals(sgp_session *session, uint64_t reply_to) {
    const sgp_world *world = session->engine->world;
    message_list hospitals = {0};
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++)
        list_add(&hospitals, &sgp_hospital_to_proto(world, i)->base);
    Sigap__V1__HospitalPage page = SIGAP__V1__HOSPITAL_PAGE__INIT;
    page.hospitals = (Sigap__V1__Hospital **)hospitals.items;
    page.n_hospitals = hospitals.n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.hospital_page = &page;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_HOSPITAL_PAGE);
    list_free(&hospitals);
}

/* ---- one incident -------------------------------------------------------- */

void sgp_recommendation_keep(sgp_engine *engine, const Sigap__V1__Recommendation *made) {
    size_t length = sigap__v1__recommendation__get_packed_size(made);
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL)
        return; /* details go without it; the journal has it */
    sigap__v1__recommendation__pack(made, bytes);
    size_t slot = made->id % SGP_RECOMMENDATIONS_KEPT;
    free(engine->recommendations[slot].bytes);
    engine->recommendations[slot].id = made->id;
    engine->recommendations[slot].bytes = bytes;
    engine->recommendations[slot].length = length;
}

static Sigap__V1__Recommendation *find_recommendation(const sgp_engine *engine, sgp_id id) {
    size_t slot = id % SGP_RECOMMENDATIONS_KEPT;
    if (id == 0 || engine->recommendations[slot].id != id)
        return NULL;
    return sigap__v1__recommendation__unpack(NULL, engine->recommendations[slot].length,
                                             engine->recommendations[slot].bytes);
}

void sgp_answer_again(sgp_engine *engine, const sgp_input *input, const sgp_reply *kept) {
    Sigap__V1__Recommendation *made = NULL;
    if (input->event.kind == SGP_EVENT_RECOMMENDATION_ASKED && kept->err == SGP_OK)
        made = find_recommendation(engine, kept->recommendation);
    if (made == NULL) {
        sgp_outbox_reply(engine, input, kept, true);
        return;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_RECOMMENDATION;
    frame.recommendation = made;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    protobuf_c_message_free_unpacked(&made->base, NULL);
}

/* What the caller of one call said, or only where it is. The texts are copied into the message. */
static ProtobufCMessage *caller_detail(sgp_engine *engine, sgp_id call, bool only_place) {
    sgp_personal_copy said = {0};
    bool erased = false;
    sgp_err err = sgp_journal_personal(engine->journal, call, &said, &erased);
    Sigap__V1__CallerDetail detail = SIGAP__V1__CALLER_DETAIL__INIT;
    detail.call_id = call;
    detail.erased = erased;
    if (err == SGP_OK) {
        detail.place_text = said.place_text;
        detail.later_place_texts = said.later_place_texts;
        detail.n_later_place_texts = said.n_later;
    }
    if (err == SGP_OK && !only_place) {
        detail.caller_number = said.caller_number;
        detail.caller_name = said.caller_name;
        detail.narrative = said.narrative;
    }
    uint8_t *bytes = malloc(sigap__v1__caller_detail__get_packed_size(&detail) + 1);
    ProtobufCMessage *copy = NULL;
    if (bytes != NULL) {
        size_t length = sigap__v1__caller_detail__pack(&detail, bytes);
        copy = (ProtobufCMessage *)sigap__v1__caller_detail__unpack(NULL, length, bytes);
    }
    free(bytes);
    if (err == SGP_OK)
        sgp_personal_free(&said);
    return copy;
}

void sgp_answer_incident(sgp_session *session, uint64_t reply_to, sgp_id id) {
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    const sgp_incident *incident = sgp_world_incident(world, id);
    if (incident == NULL) {
        sgp_fault fault;
        sgp_err err =
            sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no incident %llu", (unsigned long long)id);
        answer_error(session, reply_to, &fault, err);
        return;
    }
    message_list calls = {0}, assignments = {0}, callers = {0};
    bool hears = sgp_role_hears_callers(session->role);
    for (sgp_id call = sgp_world_next_call_of(world, id, 0); call != 0;
         call = sgp_world_next_call_of(world, id, call)) {
        /* One frame holds so many; the others are in the database. */
        if (calls.bytes + callers.bytes > SGP_FRAME_PAGE * 8)
            break;
        list_add(&calls, &sgp_call_to_proto(world, call)->base);
        if (hears)
            list_add(&callers, caller_detail(engine, call, false));
    }
    add_assignments(world, incident, &assignments);
    Sigap__V1__IncidentDetail detail = SIGAP__V1__INCIDENT_DETAIL__INIT;
    detail.incident = sgp_incident_to_proto(world, id);
    detail.recommendation = find_recommendation(engine, incident->last_recommendation);
    detail.calls = (Sigap__V1__Call **)calls.items;
    detail.n_calls = calls.n;
    detail.assignments = (Sigap__V1__Assignment **)assignments.items;
    detail.n_assignments = assignments.n;
    detail.callers = (Sigap__V1__CallerDetail **)callers.items;
    detail.n_callers = callers.n;
    sgp_history history;
    if (hears) {
        sgp_history_find(world, id, incident->first_call, 0, &history);
        detail.history = &history.message;
        detail.premises = sgp_premises_of(engine, incident, &detail.n_premises);
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.incident_detail = &detail;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL);
    if (hears)
        sgp_history_clear(&history);
    for (size_t i = 0; i < detail.n_premises; i++)
        sigap__v1__premise__free_unpacked(detail.premises[i], NULL);
    free(detail.premises);
    protobuf_c_message_free_unpacked((ProtobufCMessage *)detail.incident, NULL);
    protobuf_c_message_free_unpacked((ProtobufCMessage *)detail.recommendation, NULL);
    list_free(&calls);
    list_free(&assignments);
    list_free(&callers);
}

/* ---- watching ------------------------------------------------------------ */

typedef struct picture {
    sgp_session *session;
    uint64_t reply_to;
    message_list units, hospitals, calls, incidents, assignments, recommendations, transfers, rings;
} picture;

static void send_picture(picture *p, bool caught_up) {
    sgp_engine *engine = p->session->engine;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = sgp_world_now_ms(engine->world);
    update.units = (Sigap__V1__Unit **)p->units.items;
    update.n_units = p->units.n;
    update.hospitals = (Sigap__V1__Hospital **)p->hospitals.items;
    update.n_hospitals = p->hospitals.n;
    update.calls = (Sigap__V1__Call **)p->calls.items;
    update.n_calls = p->calls.n;
    update.incidents = (Sigap__V1__Incident **)p->incidents.items;
    update.n_incidents = p->incidents.n;
    update.assignments = (Sigap__V1__Assignment **)p->assignments.items;
    update.n_assignments = p->assignments.n;
    update.recommendations = (Sigap__V1__Recommendation **)p->recommendations.items;
    update.n_recommendations = p->recommendations.n;
    update.transfers = (Sigap__V1__Transfer **)p->transfers.items;
    update.n_transfers = p->transfers.n;
    update.rings = (Sigap__V1__Ring **)p->rings.items;
    update.n_rings = p->rings.n;
    sgp_exchange_rows exchanges = {.n = 0};
    if (caught_up)
        sgp_exchanges_fill(engine, &exchanges);
    update.exchanges = exchanges.list;
    update.n_exchanges = exchanges.n;
    update.caught_up = caught_up;
    sgp_told_message told[SGP_ADVICE_OPEN_MAX];
    Sigap__V1__MoveUpAdvice *told_list[SGP_ADVICE_OPEN_MAX];
    update.move_up_advice = told_list;
    update.n_move_up_advice = caught_up ? sgp_coverage_told(engine, told, told_list) : 0;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.update = &update;
    answer(p->session, p->reply_to, &frame, SIGAP__V1__FRAME__BODY_UPDATE);
    /* Only the first piece answers the request; what follows is pushed. */
    p->reply_to = 0;
    list_clear(&p->units);
    list_clear(&p->hospitals);
    list_clear(&p->calls);
    list_clear(&p->incidents);
    list_clear(&p->assignments);
    list_clear(&p->recommendations);
    list_clear(&p->transfers);
    list_clear(&p->rings);
}

static void send_picture_if_full(picture *p) {
    if (p->units.bytes + p->hospitals.bytes + p->calls.bytes + p->incidents.bytes +
            p->assignments.bytes + p->recommendations.bytes + p->transfers.bytes + p->rings.bytes >
        SGP_FRAME_PAGE / 2)
        send_picture(p, false);
}

void sgp_answer_watch(sgp_session *session, uint64_t reply_to) {
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    if (session->kind == SGP_SESSION_HTTP) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_ARGUMENT,
                         "Watch needs a connection that stays: use the framed protocol");
        return;
    }
    size_t bytes_before = engine->outbox_bytes;
    picture p = {.session = session, .reply_to = reply_to};
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++) {
        list_add(&p.hospitals, &sgp_hospital_to_proto(world, i)->base);
        send_picture_if_full(&p);
    }
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        list_add(&p.units, &sgp_unit_to_proto(world, i)->base);
        send_picture_if_full(&p);
    }
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id)) != 0;) {
        if (sgp_world_transfer(world, id)->state > SGP_TRANSFER_DUE)
            continue;
        list_add(&p.transfers, &sgp_transfer_to_proto(world, id, sgp_engine_now_ms(engine))->base);
        send_picture_if_full(&p);
    }
    bool hears = sgp_role_hears_callers(session->role);
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        if (!sgp_ring_is_open(ring) && !sgp_ring_wants_call_back(ring))
            continue;
        list_add(&p.rings, &sgp_ring_message(engine, id, hears)->base);
        send_picture_if_full(&p);
    }
    for (sgp_id id = sgp_world_next_incident(world, 0); id != 0;
         id = sgp_world_next_incident(world, id)) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state == SGP_INCIDENT_CLOSED)
            continue;
        list_add(&p.incidents, &sgp_incident_to_proto(world, id)->base);
        for (sgp_id call = sgp_world_next_call_of(world, id, 0); call != 0;
             call = sgp_world_next_call_of(world, id, call)) {
            list_add(&p.calls, &sgp_call_to_proto(world, call)->base);
            send_picture_if_full(&p);
        }
        add_assignments(world, incident, &p.assignments);
        Sigap__V1__Recommendation *last =
            find_recommendation(engine, incident->last_recommendation);
        if (last != NULL)
            list_add(&p.recommendations, &last->base);
        send_picture_if_full(&p);
    }
    send_picture(&p, true);
    list_free(&p.units);
    list_free(&p.hospitals);
    list_free(&p.calls);
    list_free(&p.incidents);
    list_free(&p.assignments);
    list_free(&p.recommendations);
    list_free(&p.transfers);
    list_free(&p.rings);
    sgp_session_watch(session);
    session->watch_seq = sgp_world_seq(world);
    /* On a day with thousands of open incidents the picture alone is larger than a
     * slow reader's bound. A second one before the first is out gets no such room. */
    if (session->picture_bytes == 0)
        session->picture_bytes = engine->outbox_bytes - bytes_before;
}

void sgp_push_words(sgp_engine *engine, sgp_id call) {
    if (engine->n_watchers == 0)
        return;
    Sigap__V1__CallerDetail *said = (Sigap__V1__CallerDetail *)caller_detail(engine, call, true);
    if (said == NULL)
        return; /* GetIncident has it */
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = sgp_world_now_ms(engine->world);
    update.callers = &said;
    update.n_callers = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_HEARERS, 0, &frame);
    sigap__v1__caller_detail__free_unpacked(said, NULL);
}

/* ---- routes and tables --------------------------------------------------- */

/* The profile that is named, or what a crew drives as now, or the city's first. */
static sgp_err asked_profile(const sgp_session *session, const char *name, uint32_t *profile,
                             sgp_fault *fault) {
    const sgp_engine *engine = session->engine;
    *profile = 0;
    if (*name != '\0') {
        *profile = sgp_graph_profile(sgp_graph_get(engine->city->graph), name);
        if (*profile == SGP_NONE || !sgp_live_roads_serves(engine->city->roads, *profile))
            return sgp_fail(fault, SGP_E_NOT_FOUND, "no profile \"%.40s\" is served here", name);
    } else if (session->is_crew) {
        const sgp_unit *unit = sgp_world_unit(engine->world, session->unit);
        const sgp_assignment *on = sgp_world_assignment(engine->world, unit->assignment);
        const sgp_incident *incident =
            on != NULL ? sgp_world_incident(engine->world, on->incident) : NULL;
        *profile = sgp_live_roads_drive(engine->city->roads, unit->kind,
                                        incident != NULL ? incident->priority : SGP_P4);
    }
    return SGP_OK;
}

static sgp_err snap_asked(const sgp_engine *engine, uint32_t profile, const char *what,
                          const Sigap__V1__Point *asked, sgp_snap *snap, sgp_fault *fault) {
    if (asked == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is missing", what);
    sgp_point point;
    sgp_err err = sgp_point_check(engine, asked->lon, asked->lat, &point, fault);
    if (err == SGP_OK && !sgp_live_times_snap(engine->city->live, profile, point, snap))
        err = sgp_fail(fault, SGP_E_RANGE, "%s is on no road", what);
    return err;
}

/* Fills `out` from `route`, keeping every `each`th point and the last one. */
static void fill_points(const sgp_route *route, size_t each, Sigap__V1__Route *out,
                        Sigap__V1__Point *points) {
    for (size_t i = 0; i < route->n_points; i++) {
        bool last = i + 1 == route->n_points;
        if (i % each != 0 && !last)
            continue;
        Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
        point.lon = sgp_lon(route->points[i]);
        point.lat = sgp_lat(route->points[i]);
        points[out->n_points] = point;
        out->points[out->n_points] = &points[out->n_points];
        out->at_ms[out->n_at_ms++] = route->at_ms[i];
        out->n_points++;
    }
}

/* What the driver does, in his language; over what the roads are called. */
static bool tell_steps(const sgp_graph *graph, uint32_t profile, const sgp_route *route,
                       const sgp_snap *to, const char *language, size_t each, Sigap__V1__Route *out,
                       void **memory) {
    enum { SENTENCE_BYTES = 256 };
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    sgp_guide_step *made = NULL;
    size_t n = 0;
    if (sgp_guide_make(graph, parts->weight + (size_t)profile * parts->n_arcs, route, &made, &n))
        return false;
    made[n - 1].modifier = sgp_guide_side(to, route->moves[route->n_moves - 1]);
    Sigap__V1__RouteStep *steps = calloc(n, sizeof *steps);
    char(*text)[SENTENCE_BYTES] = calloc(n, sizeof *text);
    out->steps = calloc(n, sizeof *out->steps);
    memory[0] = steps;
    memory[1] = text;
    memory[2] = out->steps;
    for (size_t i = 0; steps && text && out->steps && i < n; i++) {
        const sgp_guide_step *from = &made[i];
        bool turns = i > 0 && i + 1 < n;
        sigap__v1__route_step__init(&steps[i]);
        steps[i].name = (char *)from->name;
        steps[i].duration_ms = from->duration_ms;
        steps[i].length_m = (from->length_mm + 500) / 1000;
        steps[i].turn_degrees =
            turns ? (from->bearing_after - from->bearing_before + 540) % 360 - 180 : 0;
        steps[i].first_point = (uint32_t)(from->first_point / each);
        steps[i].instruction = sgp_guide_text(from, language, text[i], SENTENCE_BYTES);
        steps[i].manoeuvre = (char *)sgp_manoeuvre_str(from->manoeuvre);
        steps[i].modifier = (char *)sgp_modifier_str(from->modifier);
        out->steps[out->n_steps++] = &steps[i];
    }
    free(made);
    return out->n_steps == n;
}

static bool build_route(const sgp_route *route, Sigap__V1__Route *out, void **memory) {
    size_t each = route->n_points / SGP_ROUTE_POINTS_MAX + 1;
    size_t n_points = route->n_points + 1, n_steps = route->n_steps + 1;
    Sigap__V1__Point *points = calloc(n_points, sizeof *points);
    Sigap__V1__RouteStep *steps = calloc(n_steps, sizeof *steps);
    out->points = calloc(n_points, sizeof *out->points);
    out->at_ms = calloc(n_points, sizeof *out->at_ms);
    out->steps = calloc(n_steps, sizeof *out->steps);
    memory[0] = points;
    memory[1] = steps;
    memory[2] = out->points;
    memory[3] = out->at_ms;
    memory[4] = out->steps;
    if (!points || !steps || !out->points || !out->at_ms || !out->steps)
        return false;
    fill_points(route, each, out, points);
    for (size_t i = 0; i < route->n_steps; i++) {
        const sgp_step *from = &route->steps[i];
        Sigap__V1__RouteStep step = SIGAP__V1__ROUTE_STEP__INIT;
        step.name = (char *)from->name;
        step.duration_ms = from->duration_ms;
        step.length_m = (from->length_mm + 500) / 1000;
        step.turn_degrees = from->turn_deg;
        step.first_point = (uint32_t)(from->first_point / each);
        steps[i] = step;
        out->steps[out->n_steps++] = &steps[i];
    }
    return true;
}

/* The stand from which the place is reached soonest, drive and walk together; where none is
 * reached, the one with the shortest walk. */
static sgp_err choose_stand(const sgp_engine *engine, uint32_t profile, sgp_query *query,
                            const sgp_source *source, const Sigap__V1__Point *asked,
                            sgp_stand *stand, sgp_fault *fault) {
    sgp_snap snap;
    sgp_point place;
    sgp_err err = snap_asked(engine, profile, "to", asked, &snap, fault);
    if (err == SGP_OK)
        err = sgp_point_from_degrees(asked->lon, asked->lat, &place);
    if (err != SGP_OK)
        return err;
    size_t n = 0, which = 0;
    const sgp_stand *stands = sgp_live_times_stands(engine->city->live, profile, place, &n);
    if (n == 0)
        return sgp_fail(fault, SGP_E_RANGE, "to is on no road");
    sgp_snap targets[SGP_STANDS_MAX];
    int64_t drive_ms[SGP_STANDS_MAX];
    for (size_t i = 0; i < n; i++)
        targets[i] = stands[i].snap;
    err = sgp_query_one_to_many(query, source, targets, n, drive_ms);
    if (err == SGP_OK)
        (void)sgp_stands_least(stands, n, drive_ms, &which);
    *stand = stands[which];
    return err;
}

void sgp_answer_route(sgp_session *session, uint64_t reply_to, const Sigap__V1__RouteQuery *asked) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_source source = {.penalty_ms = 0};
    sgp_stand stand = {.walk_ms = 0};
    uint32_t profile = 0;
    bool speaks = asked->language[0] != '\0';
    sgp_err err = asked_profile(session, asked->profile, &profile, &fault);
    if (speaks && strcmp(asked->language, "id") != 0 && strcmp(asked->language, "en") != 0)
        err = sgp_fail(&fault, SGP_E_ARGUMENT, "language is id or en, not \"%.20s\"",
                       asked->language);
    if (err == SGP_OK)
        err = snap_asked(engine, profile, "from", asked->from, &source.from, &fault);
    sgp_route route = {0};
    if (err == SGP_OK) {
        sgp_query *query = sgp_live_roads_take(engine->city->roads, profile);
        err = choose_stand(engine, profile, query, &source, asked->to, &stand, &fault);
        if (err == SGP_OK)
            err = sgp_query_route(query, &source, &stand.snap, &route);
        sgp_live_roads_release(engine->city->roads, profile);
    }
    void *memory[8] = {0};
    Sigap__V1__Route out = SIGAP__V1__ROUTE__INIT;
    if (err == SGP_OK && !build_route(&route, &out, memory))
        err = SGP_E_MEMORY;
    if (err == SGP_OK && speaks && route.duration_ms != SGP_UNREACHABLE) {
        out.n_steps = 0;
        if (!tell_steps(engine->city->graph, profile, &route, &stand.snap, asked->language,
                        route.n_points / SGP_ROUTE_POINTS_MAX + 1, &out, memory + 5))
            err = SGP_E_MEMORY;
    }
    if (err == SGP_OK) {
        out.duration_ms = route.duration_ms;
        out.length_m = (route.length_mm + 500) / 1000;
        out.on_foot_from_m = (source.from.on_foot_mm + 500) / 1000;
        out.on_foot_to_m = (stand.walk_mm + 500) / 1000;
        out.walk_to_ms = stand.walk_ms;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.route = &out;
        answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_ROUTE);
    } else {
        answer_error(session, reply_to, &fault, err);
    }
    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)
        free(memory[i]);
    sgp_route_free(&route);
}

void sgp_answer_table(sgp_session *session, uint64_t reply_to, const Sigap__V1__TableQuery *asked) {
    sgp_engine *engine = session->engine;
    size_t n_sources = asked->n_sources, n_targets = asked->n_targets;
    sgp_fault fault = {0};
    uint32_t profile = 0;
    sgp_err err = asked_profile(session, asked->profile, &profile, &fault);
    if (err != SGP_OK)
        ; /* said already */
    else if (n_sources == 0 || n_targets == 0)
        err = sgp_fail(&fault, SGP_E_ARGUMENT, "a table needs sources and targets");
    else if (n_sources > SGP_TABLE_MAX || n_targets > SGP_TABLE_MAX)
        err = sgp_fail(&fault, SGP_E_TOO_LARGE, "a table has at most %d sources and %d targets",
                       SGP_TABLE_MAX, SGP_TABLE_MAX);
    else if (n_sources * n_targets > SGP_TABLE_PAIRS_MAX)
        err = sgp_fail(&fault, SGP_E_TOO_LARGE,
                       "a table has at most %d pairs of source and target; this one has %zu: "
                       "ask in parts",
                       SGP_TABLE_PAIRS_MAX, n_sources * n_targets);
    sgp_source sources[SGP_TABLE_MAX];
    sgp_snap targets[SGP_TABLE_MAX];
    for (size_t i = 0; i < n_sources && err == SGP_OK; i++) {
        sources[i].penalty_ms = 0;
        err = snap_asked(engine, profile, "a source", asked->sources[i], &sources[i].from, &fault);
    }
    for (size_t i = 0; i < n_targets && err == SGP_OK; i++)
        err = snap_asked(engine, profile, "a target", asked->targets[i], &targets[i], &fault);
    int64_t times[SGP_TABLE_PAIRS_MAX];
    if (err == SGP_OK) {
        sgp_query *query = sgp_live_roads_take(engine->city->roads, profile);
        err = sgp_query_matrix(query, sources, n_sources, targets, n_targets, times);
        sgp_live_roads_release(engine->city->roads, profile);
    }
    if (err != SGP_OK) {
        answer_error(session, reply_to, &fault, err);
        return;
    }
    Sigap__V1__Table table = SIGAP__V1__TABLE__INIT;
    table.n_sources = (uint32_t)n_sources;
    table.n_targets = (uint32_t)n_targets;
    table.duration_ms = times;
    table.n_duration_ms = n_sources * n_targets;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.table = &table;
    answer(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_TABLE);
}
