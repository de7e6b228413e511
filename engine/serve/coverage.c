/* How the city is covered: questions of users, and the map that the core decides by.
 *
 *   loop: sgp_survey_ask ──> a thread for this survey ──> eventfd ──> loop: answers, COVERAGE_SET
 *
 * One survey at a time. Who asks while one is under way hears the next one, which then sees the
 * world as it is by then; many who ask at once share it. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "serve/engine_parts.h"

enum { WAITING_MAX = 64 };

typedef struct waiting {
    uint64_t session, reply_to;
} waiting;

/* A move that was advised last. */
typedef struct advised {
    char unit[SGP_CODE_BYTES];
    sgp_point to;
    int32_t gain_ppm;
} advised;

typedef struct sgp_coverage_desk {
    sgp_engine *engine;
    const sgp_live_roads *roads; /* of the city that the surveyor is for */
    sgp_surveyor *surveyor;      /* the thread's, while one runs */
    int done_fd;
    struct event *done;
    bool running;
    pthread_t thread;
    int64_t at_ms; /* of the world that is surveyed */
    waiting now[WAITING_MAX], next[WAITING_MAX];
    size_t n_now, n_next;
    size_t moves_next; /* most that anybody of `next` asked for */
    advised advice[SGP_SURVEY_MOVES_MAX];
    size_t n_advice;
    sgp_told_advice told;   /* unasked, see coverage_advice.c */
    uint64_t map_version;   /* of the roads that the core's map was made by */
    uint64_t map_stations;  /* and of the fleet */
    sgp_coverage_map *kept; /* the same for people, where no policy asks; NULL: none */
    /* Written by the thread before it signals. */
    sgp_survey_ask ask;
    sgp_survey survey;
    sgp_err err;
    sgp_fault fault;
} sgp_coverage_desk;

/* ---- the thread ---------------------------------------------------------------- */

static void *make_survey(void *ctx) {
    sgp_coverage_desk *desk = ctx;
    desk->err = SGP_OK;
    if (desk->surveyor == NULL)
        desk->err = sgp_surveyor_create(desk->roads, &desk->surveyor, &desk->fault);
    if (desk->err == SGP_OK)
        desk->err = sgp_survey_make(desk->surveyor, &desk->ask, &desk->survey, &desk->fault);
    uint64_t one = 1;
    if (write(desk->done_fd, &one, sizeof one) != (ssize_t)sizeof one)
        abort(); /* an eventfd with room always takes it */
    return NULL;
}

/* ---- answers -------------------------------------------------------------------- */

static void fill_area(const sgp_coverage_desk *desk, const sgp_survey_area *from,
                      Sigap__V1__AreaCoverage *to, Sigap__V1__Point *point) {
    const sgp_zones *zones = sgp_surveyor_zones(desk->surveyor);
    const sgp_zone_area *area = &zones->areas[from->area];
    sigap__v1__area_coverage__init(to);
    sigap__v1__point__init(point);
    point->lon = sgp_lon(from->point);
    point->lat = sgp_lat(from->point);
    to->kelurahan = (char *)area->kelurahan;
    to->kecamatan = (char *)area->kecamatan;
    to->kabupaten = (char *)area->kabupaten;
    to->point = point;
    to->mean_ms = from->mean_ms;
    to->worst_ms = from->worst_ms;
    to->within_ppm = from->within_ppm;
    to->share_ppm = (int32_t)((double)area->weight * 1e6 / (double)zones->weight + 0.5);
    if (from->nearest != SGP_NONE)
        to->unit_code = desk->ask.units[from->nearest].code;
}

static void fill_move(const sgp_coverage_desk *desk, const sgp_move_up *from, Sigap__V1__MoveUp *to,
                      Sigap__V1__Point *point) {
    const sgp_survey_unit *unit = &desk->ask.units[from->unit];
    sgp_survey_station *station = &desk->ask.stations[from->to];
    sigap__v1__move_up__init(to);
    sigap__v1__point__init(point);
    point->lon = sgp_lon(station->point);
    point->lat = sgp_lat(station->point);
    to->unit_code = (char *)unit->code;
    to->from_station = desk->ask.stations[unit->station].name;
    to->to_station = station->name;
    to->to = point;
    to->drive_ms = from->drive_ms;
    /* In the proportion of all moves, which the two figures round. */
    to->gain_ppm = (int32_t)((double)from->gain * 1e6 / (double)SGP_COVERAGE_ONE /
                                 (double)sgp_surveyor_zones(desk->surveyor)->weight +
                             0.5);
}

/* One message for all who waited. */
typedef struct told {
    Sigap__V1__Coverage coverage;
    Sigap__V1__AreaCoverage *areas, **area_list;
    Sigap__V1__Point *points;
    Sigap__V1__MoveUp moves[SGP_SURVEY_MOVES_MAX], *move_list[SGP_SURVEY_MOVES_MAX];
    Sigap__V1__Point move_points[SGP_SURVEY_MOVES_MAX];
    sgp_told_message told[SGP_ADVICE_OPEN_MAX];
    Sigap__V1__MoveUpAdvice *told_list[SGP_ADVICE_OPEN_MAX];
} told;

static bool fill(const sgp_coverage_desk *desk, told *t) {
    const sgp_survey *survey = &desk->survey;
    sigap__v1__coverage__init(&t->coverage);
    t->areas = calloc((size_t)survey->n_areas + 1, sizeof *t->areas);
    t->area_list = calloc((size_t)survey->n_areas + 1, sizeof *t->area_list);
    t->points = calloc((size_t)survey->n_areas + 1, sizeof *t->points);
    if (t->areas == NULL || t->area_list == NULL || t->points == NULL)
        return false;
    for (uint32_t a = 0; a < survey->n_areas; a++) {
        fill_area(desk, &survey->areas[a], &t->areas[a], &t->points[a]);
        t->area_list[a] = &t->areas[a];
    }
    for (size_t m = 0; m < survey->n_moves; m++) {
        fill_move(desk, &survey->moves[m], &t->moves[m], &t->move_points[m]);
        t->move_list[m] = &t->moves[m];
    }
    t->coverage.at_ms = desk->at_ms;
    t->coverage.target_ms = survey->target_ms;
    t->coverage.busy_permille = desk->ask.settings.busy_permille;
    t->coverage.free_units = (uint32_t)desk->ask.n_units;
    t->coverage.stale_units = desk->ask.n_stale;
    t->coverage.reached_ppm = survey->reached_ppm;
    t->coverage.expected_ppm = survey->expected_ppm;
    t->coverage.moved_ppm = survey->moved_ppm;
    t->coverage.moves = t->move_list;
    t->coverage.n_moves = survey->n_moves;
    t->coverage.told = t->told_list;
    t->coverage.n_told = sgp_told_advice_fill(&desk->told, t->told, t->told_list);
    t->coverage.areas = t->area_list;
    t->coverage.n_areas = survey->n_areas;
    return true;
}

static void keep_advice(sgp_coverage_desk *desk, const told *t) {
    desk->n_advice = 0;
    for (size_t m = 0; m < desk->survey.n_moves; m++) {
        advised *kept = &desk->advice[desk->n_advice++];
        snprintf(kept->unit, sizeof kept->unit, "%s", t->moves[m].unit_code);
        kept->to = desk->ask.stations[desk->survey.moves[m].to].point;
        kept->gain_ppm = t->moves[m].gain_ppm;
    }
}

int32_t sgp_coverage_advised(const sgp_engine *engine, const char *unit, sgp_point to) {
    const sgp_coverage_desk *desk = engine->coverage;
    for (size_t i = 0; desk != NULL && i < desk->n_advice; i++)
        if (strcmp(desk->advice[i].unit, unit) == 0 && sgp_point_equal(desk->advice[i].to, to))
            return desk->advice[i].gain_ppm;
    return desk != NULL ? sgp_told_advice_gain(&desk->told, unit, to) : 0;
}

static void answer_all(sgp_coverage_desk *desk) {
    told *t = calloc(1, sizeof *t);
    sgp_err err = desk->err;
    if (err == SGP_OK && (t == NULL || !fill(desk, t)))
        err = SGP_E_MEMORY;
    if (err == SGP_OK && desk->n_now > 0)
        keep_advice(desk, t);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_COVERAGE;
    if (t != NULL)
        frame.coverage = &t->coverage;
    for (size_t i = 0; i < desk->n_now; i++)
        if (err == SGP_OK)
            sgp_outbox_answer(desk->engine, desk->now[i].session, desk->now[i].reply_to, &frame);
        else
            sgp_outbox_error(desk->engine, desk->now[i].session, desk->now[i].reply_to, err,
                             desk->fault.text);
    desk->n_now = 0;
    if (t != NULL) {
        free(t->areas);
        free(t->area_list);
        free(t->points);
    }
    free(t);
}

/* ---- the core's map ------------------------------------------------------------- */

static bool some_policy_asks(const sgp_clocks *clocks) {
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (clocks->policy[p] == SGP_POLICY_COVERAGE_AWARE)
            return true;
    return false;
}

/* Changes with every station that comes or moves (FNV-1a over their points). */
static uint64_t mark_of_stations(const sgp_world *world) {
    uint64_t mark = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        const uint32_t words[] = {(uint32_t)unit->station_point.lon_e7,
                                  (uint32_t)unit->station_point.lat_e7, (uint32_t)unit->kind};
        for (size_t w = 0; w < 3; w++)
            mark = (mark ^ words[w]) * UINT64_C(1099511628211);
    }
    return mark;
}

static void set_map(sgp_coverage_desk *desk) {
    sgp_engine *engine = desk->engine;
    if (desk->survey.map == NULL)
        return;
    desk->map_version = desk->survey.version;
    if (!some_policy_asks(sgp_world_clocks(engine->world))) { /* the core goes on without it */
        free(desk->kept);
        desk->kept = desk->survey.map;
        desk->survey.map = NULL;
        return;
    }
    const sgp_coverage_map *known = sgp_world_coverage_map(engine->world);
    if (known != NULL && memcmp(known, desk->survey.map, sizeof *known) == 0)
        return;
    sgp_input *input = sgp_input_create(SGP_EVENT_COVERAGE_SET);
    if (input == NULL)
        return; /* the next change brings another */
    input->coverage = desk->survey.map;
    input->event.u.coverage.map = desk->survey.map;
    desk->survey.map = NULL;
    sgp_inbox_put(engine, input);
}

/* ---- one survey after the other ---------------------------------------------------- */

static void end_survey(sgp_coverage_desk *desk) {
    pthread_join(desk->thread, NULL);
    desk->running = false;
    if (desk->ask.advice != NULL && desk->err == SGP_OK)
        sgp_told_advice_tell(&desk->told, desk->engine, &desk->ask);
    else if (desk->ask.advice != NULL)
        desk->told.is_off = true; /* asked again it says why; unasked, once is enough */
    if (desk->err != SGP_OK)
        sgp_log(SGP_LOG_ERROR, "coverage_failed", "reason=%s", SGP_Q(desk->fault.text));
    answer_all(desk);
    if (desk->err == SGP_OK)
        set_map(desk);
    sgp_survey_free(&desk->survey);
    sgp_survey_ask_free(&desk->ask);
}

/* Refuses those who wait: there is nothing to survey with. */
static void refuse_next(sgp_coverage_desk *desk, sgp_err err) {
    for (size_t i = 0; i < desk->n_next; i++)
        sgp_outbox_error(desk->engine, desk->next[i].session, desk->next[i].reply_to, err, NULL);
    desk->n_next = 0;
}

static void begin_survey(sgp_coverage_desk *desk, bool wants_map, bool looks) {
    sgp_engine *engine = desk->engine;
    assert(!desk->running);
    sgp_err err = sgp_survey_ask_make(engine->world, engine->city->roads,
                                      &engine->settings->coverage, desk->moves_next, &desk->ask);
    desk->roads = engine->city->roads;
    desk->ask.wants_map = wants_map;
    desk->ask.advice = looks ? &desk->told.advice : NULL;
    desk->at_ms = sgp_world_now_ms(engine->world);
    desk->fault = (sgp_fault){0};
    if (err == SGP_OK && pthread_create(&desk->thread, NULL, make_survey, desk) != 0) {
        sgp_survey_ask_free(&desk->ask);
        err = SGP_E_IO;
    }
    if (err != SGP_OK) {
        refuse_next(desk, err);
        return;
    }
    desk->running = true;
    if (wants_map)
        desk->map_stations = mark_of_stations(engine->world);
    memcpy(desk->now, desk->next, desk->n_next * sizeof *desk->now);
    desk->n_now = desk->n_next;
    desk->n_next = 0;
    desk->moves_next = 0;
}

static void on_done(evutil_socket_t fd, short what, void *ctx) {
    (void)what;
    sgp_coverage_desk *desk = ctx;
    uint64_t count; /* reading it is what orders the thread's writes before our reads */
    if (read(fd, &count, sizeof count) < 0 || !desk->running)
        return;
    end_survey(desk);
    if (desk->n_next > 0)
        begin_survey(desk, false, false);
}

static sgp_coverage_desk *desk_of(sgp_engine *engine) {
    if (engine->coverage != NULL)
        return engine->coverage;
    sgp_coverage_desk *desk = calloc(1, sizeof *desk);
    if (desk == NULL)
        return NULL;
    desk->engine = engine;
    desk->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (desk->done_fd >= 0)
        desk->done = event_new(engine->base, desk->done_fd, EV_READ | EV_PERSIST, on_done, desk);
    if (desk->done == NULL || event_add(desk->done, NULL) != 0) {
        if (desk->done != NULL)
            event_free(desk->done);
        if (desk->done_fd >= 0)
            close(desk->done_fd);
        free(desk);
        return NULL;
    }
    return engine->coverage = desk;
}

void sgp_answer_coverage(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__AskCoverage *asked) {
    sgp_engine *engine = session->engine;
    sgp_coverage_desk *desk = desk_of(engine);
    if (desk == NULL || desk->n_next == WAITING_MAX) {
        sgp_outbox_error(engine, session->id, reply_to, desk == NULL ? SGP_E_MEMORY : SGP_E_FULL,
                         NULL);
        return;
    }
    desk->next[desk->n_next++] = (waiting){session->id, reply_to};
    size_t moves = asked->moves == 0 ? SGP_SURVEY_MOVES_USUAL : asked->moves;
    if (moves > desk->moves_next)
        desk->moves_next = moves;
    if (!desk->running)
        begin_survey(desk, false, false);
}

/* Whether the map is of other roads or stations than there are now. */
static bool map_is_old(sgp_coverage_desk *desk) {
    sgp_engine *engine = desk->engine;
    sgp_road_facts facts;
    uint32_t profile = sgp_live_roads_drive(engine->city->roads, SGP_UNIT_AMBULANCE_BASIC, SGP_P1);
    if (!sgp_live_roads_facts(engine->city->roads, profile, 0, &facts))
        return false;
    if (facts.version == desk->map_version && mark_of_stations(engine->world) == desk->map_stations)
        return false;
    desk->map_version = facts.version; /* also where it fails: once for each change */
    return true;
}

/* A map of the roads and stations as they are now, unless there is one or it is on its way. */
static void follow_map(sgp_engine *engine) {
    sgp_coverage_desk *desk = desk_of(engine);
    if (desk != NULL && !desk->running && map_is_old(desk))
        begin_survey(desk, true, false);
}

void sgp_coverage_tick(sgp_engine *engine) {
    bool asks = some_policy_asks(sgp_world_clocks(engine->world));
    if (sgp_world_units(engine->world) == 0 ||
        (!asks && engine->settings->coverage.advice.gain_ppm == 0))
        return;
    sgp_coverage_desk *desk = desk_of(engine);
    if (desk == NULL || desk->running)
        return;
    bool wants_map = asks && map_is_old(desk), looks = sgp_told_advice_due(&desk->told, engine);
    if (wants_map || looks)
        begin_survey(desk, wants_map, looks);
}

size_t sgp_coverage_told(const sgp_engine *engine, sgp_told_message *messages,
                         Sigap__V1__MoveUpAdvice **list) {
    return engine->coverage != NULL ? sgp_told_advice_fill(&engine->coverage->told, messages, list)
                                    : 0;
}

static const sgp_coverage_map *map_for_people(sgp_engine *engine) {
    if (sgp_world_units(engine->world) == 0)
        return NULL;
    follow_map(engine);
    /* A policy's own map is what decides, so it is what people should see. */
    if (some_policy_asks(sgp_world_clocks(engine->world)))
        return sgp_world_coverage_map(engine->world);
    return engine->coverage != NULL ? engine->coverage->kept : NULL;
}

void sgp_answer_coverage_left(sgp_session *session, uint64_t reply_to) {
    sgp_engine *engine = session->engine;
    const sgp_coverage_map *map = map_for_people(engine);
    uint32_t n = sgp_world_units(engine->world);
    if (map == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_STATE,
                         "the city is being surveyed; ask again in some seconds");
        return;
    }
    int32_t *losses = calloc(n, sizeof *losses);
    Sigap__V1__UnitCoverage *units = calloc(n, sizeof *units), **list = calloc(n, sizeof *list);
    Sigap__V1__CoverageLeft left = SIGAP__V1__COVERAGE_LEFT__INIT;
    if (losses == NULL || units == NULL || list == NULL ||
        sgp_coverage_left(engine->world, map, &left.expected_ppm, losses) != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
    } else {
        left.at_ms = sgp_world_now_ms(engine->world);
        left.units = list;
        for (uint32_t i = 0; i < n; i++) {
            if (losses[i] < 0)
                continue;
            list[left.n_units] = &units[left.n_units];
            sigap__v1__unit_coverage__init(&units[left.n_units]);
            units[left.n_units].unit_code =
                (char *)(uintptr_t)sgp_world_unit(engine->world, i)->code;
            units[left.n_units++].loss_ppm = losses[i];
        }
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_COVERAGE_LEFT;
        frame.coverage_left = &left;
        sgp_outbox_answer(engine, session->id, reply_to, &frame);
    }
    free(list);
    free(units);
    free(losses);
}

void sgp_coverage_stop(sgp_engine *engine) {
    sgp_coverage_desk *desk = engine->coverage;
    if (desk == NULL)
        return;
    if (desk->running)
        end_survey(desk);
    refuse_next(desk, SGP_E_STATE);
    sgp_surveyor_destroy(desk->surveyor);
    free(desk->kept);
    event_free(desk->done);
    close(desk->done_fd);
    free(desk);
    engine->coverage = NULL;
}
