/* What a supervisor sees: who is at work and on what, what waits and since when, times against
 * targets, how many calls come, and how many units are free where.
 *
 * Made anew from the world each second while somebody watches (a walk over what it keeps: open
 * incidents, the last thousand closed ones, rings), and told only where something in it has
 * changed. All in it are moments, not ages: the reader counts on by himself.
 *
 * "Usual" is the mean of the same hour on the days before, as far as the calls that the world still
 * keeps reach back; a busy city's world may keep less than a day, and then it says so (-1). */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum {
    ROWS_MAX = 64,
    IN_HAND_MAX = 16,
    AREAS_MAX = 64,
    DAYS_MAX = 7,
    LOST_MS = 2500, /* who was not seen at two looks */
    HOUR_MS = 3600000,
    DAY_MS = 24 * HOUR_MS
};

typedef struct times {
    int64_t *ms;
    size_t n, capacity;
} times;

typedef struct report {
    sgp_engine *engine;
    int64_t now_ms;
    Sigap__V1__DeskReport message;
    Sigap__V1__AtWork rows[ROWS_MAX], *row_list[ROWS_MAX];
    uint64_t in_hand[ROWS_MAX][IN_HAND_MAX];
    Sigap__V1__Waiting ringing, without_place, alerts, missed, overdue, distress;
    Sigap__V1__Waiting without_unit[SGP_PRIORITIES], *without_unit_list[SGP_PRIORITIES];
    Sigap__V1__Pace answer_hour, answer_day, decide_hour, decide_day;
    Sigap__V1__AreaUnits areas[AREAS_MAX], *area_list[AREAS_MAX];
    times answers_hour, answers_day, decides_hour, decides_day;
    uint32_t calls_before[DAYS_MAX + 1]; /* in the same hour so many days ago */
    int64_t oldest_call_ms;
    bool out_of_memory;
} report;

/* ---- who is at work --------------------------------------------------------------------- */

static Sigap__V1__AtWork *row_of(report *r, const char *user) {
    Sigap__V1__DeskReport *m = &r->message;
    for (size_t i = 0; i < m->n_at_work; i++)
        if (strcmp(r->rows[i].user, user) == 0)
            return &r->rows[i];
    if (m->n_at_work == ROWS_MAX) {
        m->more_at_work++;
        return NULL;
    }
    Sigap__V1__AtWork *made = &r->rows[m->n_at_work];
    sigap__v1__at_work__init(made);
    made->user = (char *)(uintptr_t)user;
    made->incident_ids = r->in_hand[m->n_at_work];
    r->row_list[m->n_at_work++] = made;
    return made;
}

static bool is_at_a_desk(const sgp_session *session) {
    return session != NULL && !session->dead && session->kind != SGP_SESSION_HTTP &&
           (session->desk.at ||
            (session->logged_in && session->watching && sgp_role_hears_callers(session->role)));
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static void add_session(report *r, const sgp_session *session) {
    Sigap__V1__AtWork *row = row_of(r, session->user);
    if (row == NULL)
        return;
    bool first = row->since_ms == 0;
    row->role = session->role;
    if (first || session->since_ms < row->since_ms)
        row->since_ms = session->since_ms;
    row->last_acted_at_ms = later(row->last_acted_at_ms, session->acted_ms);
    /* Of several consoles of one user the one that was touched last. */
    if (session->desk.at && session->desk.key_ms >= row->idle_since_ms) {
        row->idle_since_ms = session->desk.key_ms;
        row->incident_id = session->desk.incident;
        row->in_form = session->desk.in_form;
        row->ring_id = session->desk.ring;
        row->round_trip_ms = session->desk.round_trip_ms;
    }
}

/* Who has something and no line. */
static void add_lost(report *r) {
    const char *user;
    int64_t seen_ms;
    for (size_t i = 0; (seen_ms = sgp_desk_lost_at_ms(r->engine, i, &user)) >= 0; i++) {
        Sigap__V1__AtWork *row = row_of(r, user);
        if (row != NULL && row->since_ms == 0 && r->now_ms - seen_ms >= LOST_MS)
            row->line_lost_at_ms = seen_ms;
    }
}

static void add_in_hand(report *r, const sgp_incident *incident) {
    for (size_t i = 0; i < r->message.n_at_work; i++) {
        Sigap__V1__AtWork *row = &r->rows[i];
        if (strcmp(row->user, incident->taken_by) != 0)
            continue;
        row->incidents++;
        if (row->n_incident_ids < IN_HAND_MAX)
            row->incident_ids[row->n_incident_ids++] = incident->id;
    }
}

/* Whom somebody talks to stands in the rings, whatever his console tells. */
static void add_talk(report *r, const sgp_ring *ring) {
    bool talks = ring->state == SGP_RING_CLAIMED || ring->state == SGP_RING_ANSWERED ||
                 ring->state == SGP_RING_HELD;
    bool calls_back = ring->back == SGP_CALL_BACK_CLAIMED;
    const char *user = talks ? ring->claimed_by : ring->back_by;
    for (size_t i = 0; (talks || calls_back) && i < r->message.n_at_work; i++) {
        Sigap__V1__AtWork *row = &r->rows[i];
        if (strcmp(row->user, user) != 0 || (row->ring_since_ms != 0 && !talks))
            continue;
        row->ring_id = ring->id;
        row->ring_state = (Sigap__V1__RingState)ring->state;
        row->ring_since_ms = calls_back             ? ring->back_claimed_at_ms
                             : ring->answered_at_ms ? ring->answered_at_ms
                                                    : ring->claimed_at_ms;
    }
}

static int by_user(const void *left, const void *right) {
    const Sigap__V1__AtWork *a = *(Sigap__V1__AtWork *const *)left,
                            *b = *(Sigap__V1__AtWork *const *)right;
    return strcmp(a->user, b->user);
}

/* ---- what waits ------------------------------------------------------------------------- */

static void waits(Sigap__V1__Waiting *row, uint64_t id, int64_t since_ms) {
    row->n++;
    if (row->oldest_at_ms != 0 && since_ms >= row->oldest_at_ms)
        return;
    row->oldest_at_ms = since_ms;
    row->oldest_id = id;
}

static bool is_on_scene_late(const report *r, const sgp_incident *incident) {
    const sgp_clocks *clocks = sgp_world_clocks(r->engine->world);
    sgp_priority priority = incident->priority != 0 ? incident->priority : SGP_P1;
    int64_t target_ms = clocks->target_ms[priority];
    return incident->first_on_scene_at_ms == 0 && target_ms > 0 &&
           r->now_ms - incident->opened_at_ms > target_ms;
}

static void count_open(report *r, const sgp_incident *incident) {
    if (!incident->has_place || !incident->place_confirmed)
        waits(&r->without_place, incident->id, incident->opened_at_ms);
    else if (incident->state != SGP_INCIDENT_ASSIGNED)
        waits(&r->without_unit[incident->priority], incident->id, incident->opened_at_ms);
    if (is_on_scene_late(r, incident))
        waits(&r->overdue, incident->id, incident->opened_at_ms);
    for (uint32_t i = 0; i < incident->n_alerts; i++)
        if (incident->alerts[i].state == SGP_ALERT_GIVEN ||
            incident->alerts[i].state == SGP_ALERT_OVERDUE)
            waits(&r->alerts, incident->id, incident->alerts[i].alerted_at_ms);
    if (incident->taken_by[0] == '\0')
        r->message.not_taken++;
    else
        add_in_hand(r, incident);
}

/* ---- times ------------------------------------------------------------------------------- */

static void add_time(report *r, times *list, int64_t ms) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity != 0 ? 2 * list->capacity : 256;
        int64_t *grown = realloc(list->ms, capacity * sizeof *grown);
        if (grown == NULL) {
            r->out_of_memory = true;
            return;
        }
        list->ms = grown;
        list->capacity = capacity;
    }
    list->ms[list->n++] = ms > 0 ? ms : 0;
}

static void add_span(report *r, int64_t from_ms, int64_t to_ms, times *hour, times *day) {
    if (from_ms <= 0 || to_ms <= 0)
        return;
    if (to_ms > r->now_ms - HOUR_MS)
        add_time(r, hour, to_ms - from_ms);
    if (to_ms >= r->message.day_from_ms)
        add_time(r, day, to_ms - from_ms);
}

static int by_length(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void tell_pace(times *list, int64_t target_ms, Sigap__V1__Pace *pace) {
    pace->target_ms = target_ms;
    pace->n = (uint32_t)list->n;
    if (list->n > 0) {
        qsort(list->ms, list->n, sizeof *list->ms, by_length);
        /* The smallest time that at least half, nine tenths, did not exceed. */
        pace->median_ms = list->ms[(list->n + 1) / 2 - 1];
        pace->p90_ms = list->ms[(list->n * 9 + 9) / 10 - 1];
        while (target_ms > 0 && pace->in_target < list->n && list->ms[pace->in_target] <= target_ms)
            pace->in_target++;
    }
    free(list->ms);
}

static void count_call(report *r, const sgp_call *call) {
    int64_t age_ms = r->now_ms - call->received_at_ms;
    if (r->oldest_call_ms == 0 || call->received_at_ms < r->oldest_call_ms)
        r->oldest_call_ms = call->received_at_ms;
    if (age_ms >= 0 && age_ms / DAY_MS <= DAYS_MAX && age_ms % DAY_MS < HOUR_MS)
        r->calls_before[age_ms / DAY_MS]++;
}

static void tell_load(report *r) {
    uint32_t days = 0, calls = 0;
    while (days < DAYS_MAX && r->oldest_call_ms != 0 &&
           r->oldest_call_ms <= r->now_ms - (days + 1) * (int64_t)DAY_MS - HOUR_MS)
        calls += r->calls_before[++days];
    r->message.calls_hour = r->calls_before[0];
    r->message.days_known = days;
    r->message.calls_usual_permille = days != 0 ? (int32_t)(calls * 1000 / days) : -1;
}

/* ---- units ---------------------------------------------------------------------------------- */

static void count_unit(report *r, const sgp_unit *unit) {
    Sigap__V1__DeskReport *m = &r->message;
    const char *name = unit->district[0] != '\0'  ? unit->district
                       : unit->station[0] != '\0' ? unit->station
                                                  : unit->agency;
    size_t at = 0;
    if (unit->distress_at_ms != 0)
        waits(&r->distress, unit->index + 1, unit->distress_at_ms);
    if (!unit->on_duty)
        return;
    while (at < m->n_areas && strcmp(r->areas[at].area, name) != 0)
        at++;
    if (at == m->n_areas) {
        if (at == AREAS_MAX)
            return;
        sigap__v1__area_units__init(&r->areas[at]);
        r->areas[at].area = (char *)(uintptr_t)name;
        r->area_list[m->n_areas++] = &r->areas[at];
    }
    r->areas[at].on_duty++;
    r->areas[at].free += unit->assignment == 0 && unit->distress_at_ms == 0;
}

static int by_area(const void *left, const void *right) {
    const Sigap__V1__AreaUnits *a = *(Sigap__V1__AreaUnits *const *)left,
                               *b = *(Sigap__V1__AreaUnits *const *)right;
    return strcmp(a->area, b->area);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static void begin(report *r, sgp_engine *engine) {
    Sigap__V1__DeskReport *m = &r->message;
    sigap__v1__desk_report__init(m);
    r->engine = engine;
    r->now_ms = sgp_engine_now_ms(engine);
    int64_t offset_ms =
        sgp_city_time_offset_s(&engine->settings->roads.time, r->now_ms) * INT64_C(1000);
    m->day_from_ms = (r->now_ms + offset_ms) / DAY_MS * DAY_MS - offset_ms;
    Sigap__V1__Waiting *all[] = {&r->ringing, &r->without_place, &r->alerts,
                                 &r->missed,  &r->overdue,       &r->distress};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sigap__v1__waiting__init(all[i]);
    for (size_t i = 0; i < SGP_PRIORITIES; i++) {
        sigap__v1__waiting__init(&r->without_unit[i]);
        r->without_unit_list[i] = &r->without_unit[i];
    }
    sigap__v1__pace__init(&r->answer_hour);
    sigap__v1__pace__init(&r->answer_day);
    sigap__v1__pace__init(&r->decide_hour);
    sigap__v1__pace__init(&r->decide_day);
    m->at_work = r->row_list;
    m->ringing = &r->ringing;
    m->without_place = &r->without_place;
    m->alerts = &r->alerts;
    m->missed = &r->missed;
    m->overdue = &r->overdue;
    m->distress = &r->distress;
    m->without_unit = r->without_unit_list;
    m->n_without_unit = SGP_PRIORITIES;
    m->answer_hour = &r->answer_hour;
    m->answer_day = &r->answer_day;
    m->decide_hour = &r->decide_hour;
    m->decide_day = &r->decide_day;
    m->areas = r->area_list;
}

static void look_at_world(report *r) {
    const sgp_world *world = r->engine->world;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id)) != 0;) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state != SGP_INCIDENT_CLOSED)
            count_open(r, incident);
        if (incident->transfer == 0)
            add_span(r, incident->placed_at_ms, incident->first_order_at_ms, &r->decides_hour,
                     &r->decides_day);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id)) != 0;)
        count_call(r, sgp_world_call(world, id));
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        if (ring->state == SGP_RING_RINGING || ring->state == SGP_RING_CLAIMED)
            waits(&r->ringing, id, ring->rang_at_ms);
        if (sgp_ring_wants_call_back(ring))
            waits(&r->missed, id, ring->ended_at_ms);
        add_talk(r, ring);
        add_span(r, ring->rang_at_ms, ring->answered_at_ms, &r->answers_hour, &r->answers_day);
    }
    for (uint32_t i = 0; i < sgp_world_units(world); i++)
        count_unit(r, sgp_world_unit(world, i));
}

static void fill(report *r, sgp_engine *engine) {
    const sgp_rules *rules = &sgp_world_clocks(engine->world)->rules;
    begin(r, engine);
    for (size_t slot = 0; slot < engine->sessions_top; slot++)
        if (is_at_a_desk(engine->sessions[slot]))
            add_session(r, engine->sessions[slot]);
    add_lost(r);
    look_at_world(r);
    qsort(r->row_list, r->message.n_at_work, sizeof *r->row_list, by_user);
    qsort(r->area_list, r->message.n_areas, sizeof *r->area_list, by_area);
    tell_pace(&r->answers_hour, rules->ring_target_ms, &r->answer_hour);
    tell_pace(&r->answers_day, rules->ring_target_ms, &r->answer_day);
    tell_pace(&r->decides_hour, engine->settings->desk_decide_ms, &r->decide_hour);
    tell_pace(&r->decides_day, engine->settings->desk_decide_ms, &r->decide_day);
    tell_load(r);
    if (r->out_of_memory)
        sgp_log(SGP_LOG_WARN, "out_of_memory", "where=desk_report");
}

static void tell(report *r, uint64_t session, uint64_t reply_to) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_DESK_REPORT;
    frame.desk_report = &r->message;
    r->message.at_ms = r->now_ms;
    if (reply_to != 0)
        sgp_outbox_answer(r->engine, session, reply_to, &frame);
    else
        sgp_outbox_put(r->engine, SGP_TO_SESSION, session, &frame);
}

/* Of what it says, but for its own time. */
static bool digest_of(report *r, uint8_t digest[16]) {
    r->message.at_ms = 0;
    size_t n = sigap__v1__desk_report__get_packed_size(&r->message);
    uint8_t *bytes = malloc(n + 1);
    if (bytes == NULL)
        return false;
    sigap__v1__desk_report__pack(&r->message, bytes);
    crypto_generichash(digest, 16, bytes, n, NULL, 0);
    free(bytes);
    return true;
}

void sgp_answer_watch_desk(sgp_session *session, uint64_t reply_to,
                           const Sigap__V1__WatchDesk *asked) {
    report *r = calloc(1, sizeof *r);
    session->watches_desks = !asked->ended && session->kind != SGP_SESSION_HTTP;
    if (r == NULL) {
        sgp_outbox_error(session->engine, session->id, reply_to, SGP_E_MEMORY, "no memory");
        return;
    }
    fill(r, session->engine);
    tell(r, session->id, reply_to);
    free(r);
}

void sgp_desk_report_tick(sgp_engine *engine) {
    bool watched = false;
    uint8_t digest[16];
    for (size_t slot = 0; slot < engine->sessions_top && !watched; slot++)
        watched = engine->sessions[slot] != NULL && !engine->sessions[slot]->dead &&
                  engine->sessions[slot]->watches_desks;
    report *r = watched ? calloc(1, sizeof *r) : NULL;
    if (r == NULL)
        return;
    fill(r, engine);
    if (!digest_of(r, digest) || memcmp(digest, engine->desk_told, sizeof digest) == 0) {
        free(r);
        return;
    }
    memcpy(engine->desk_told, digest, sizeof digest);
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        const sgp_session *session = engine->sessions[slot];
        if (session != NULL && !session->dead && session->watches_desks)
            tell(r, session->id, 0);
    }
    free(r);
}
