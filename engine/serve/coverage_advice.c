#include "serve/coverage_advice.h"

#include <stdio.h>
#include <string.h>

#include "serve/engine_parts.h"

bool sgp_told_advice_due(sgp_told_advice *told, sgp_engine *engine) {
    const sgp_coverage_settings *settings = &engine->settings->coverage;
    int64_t now_ms = sgp_engine_now_ms(engine);
    uint64_t seq = sgp_world_seq(engine->world);
    /* The first look is some time after the start, when crews have told where they are. */
    if (told->looked_at_ms == 0)
        told->looked_at_ms = now_ms;
    if (settings->advice.gain_ppm == 0 || told->is_off || seq == told->looked_seq ||
        now_ms - told->looked_at_ms < settings->look_ms)
        return false;
    told->looked_at_ms = now_ms;
    told->looked_seq = seq;
    return true;
}

/* ---- as people read it ------------------------------------------------------- */

static const char *station_name(const sgp_survey_ask *ask, sgp_point point) {
    for (size_t i = 0; i < ask->n_stations; i++)
        if (sgp_point_equal(ask->stations[i].point, point))
            return ask->stations[i].name;
    return "";
}

static sgp_told_row row_of(const sgp_engine *engine, const sgp_survey_ask *ask,
                           const sgp_told_move *move) {
    sgp_told_row row = {.move = *move};
    memcpy(row.unit, sgp_world_unit(engine->world, move->unit)->code, sizeof row.unit);
    snprintf(row.from, sizeof row.from, "%s", station_name(ask, move->from));
    snprintf(row.to, sizeof row.to, "%s", station_name(ask, move->to));
    return row;
}

static void fill(const sgp_told_advice *told, const sgp_told_row *row, Sigap__V1__AdviceEnd end,
                 sgp_told_message *message) {
    sigap__v1__move_up_advice__init(&message->advice);
    sigap__v1__move_up__init(&message->move);
    sigap__v1__point__init(&message->to);
    message->to.lon = sgp_lon(row->move.to);
    message->to.lat = sgp_lat(row->move.to);
    /* Packing only reads; the fields are not const because unpacking fills them. */
    message->move.unit_code = (char *)(uintptr_t)row->unit;
    message->move.from_station = (char *)(uintptr_t)row->from;
    message->move.to_station = (char *)(uintptr_t)row->to;
    message->move.to = &message->to;
    message->move.drive_ms = row->move.drive_ms;
    message->move.gain_ppm = row->move.gain_ppm;
    message->advice.move = &message->move;
    message->advice.told_at_ms = row->move.told_at_ms;
    message->advice.end = end;
    message->advice.expected_ppm = told->expected_ppm;
    message->advice.full_ppm = told->full_ppm;
}

size_t sgp_told_advice_fill(const sgp_told_advice *told, sgp_told_message *messages,
                            Sigap__V1__MoveUpAdvice **list) {
    for (uint32_t i = 0; i < told->n_rows; i++) {
        fill(told, &told->rows[i], SIGAP__V1__ADVICE_END__ADVICE_STANDS, &messages[i]);
        list[i] = &messages[i].advice;
    }
    return told->n_rows;
}

int32_t sgp_told_advice_gain(const sgp_told_advice *told, const char *unit, sgp_point to) {
    for (uint32_t i = 0; i < told->n_rows; i++)
        if (strcmp(told->rows[i].unit, unit) == 0 && sgp_point_equal(told->rows[i].move.to, to))
            return told->rows[i].move.gain_ppm;
    return 0;
}

/* ---- telling ------------------------------------------------------------------ */

/* The survey took its time: somebody may have been ordered or sent meanwhile. */
static bool is_still_free(const sgp_engine *engine, const sgp_told_move *move) {
    const sgp_unit *unit = sgp_world_unit(engine->world, move->unit);
    return unit->on_duty && unit->assignment == 0 &&
           !(sgp_post_is_on(&unit->post) && sgp_point_equal(unit->post.point, move->to));
}

static void push(sgp_engine *engine, Sigap__V1__MoveUpAdvice **list, size_t n) {
    if (n == 0 || engine->n_watchers == 0)
        return;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = sgp_engine_now_ms(engine);
    update.move_up_advice = list;
    update.n_move_up_advice = n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_WATCHERS, 0, &frame);
}

/* What is new and holds no more is forgotten again without a word. */
static void drop_new_that_is_past(sgp_move_advice *advice, const sgp_engine *engine) {
    uint32_t kept = advice->n_open - advice->n_told, n = advice->n_open;
    uint32_t first_new = kept;
    for (uint32_t m = first_new; m < n; m++)
        if (is_still_free(engine, &advice->open[m]))
            advice->open[kept++] = advice->open[m];
    advice->n_told = kept - first_new;
    advice->n_open = kept;
}

void sgp_told_advice_tell(sgp_told_advice *told, sgp_engine *engine, const sgp_survey_ask *ask) {
    static const Sigap__V1__AdviceEnd ends[SGP_ADVICE_ENDS] = {
        [SGP_ADVICE_FOLLOWED] = SIGAP__V1__ADVICE_END__ADVICE_FOLLOWED,
        [SGP_ADVICE_TAKEN] = SIGAP__V1__ADVICE_END__ADVICE_TAKEN,
        [SGP_ADVICE_NOT_WORTH_IT] = SIGAP__V1__ADVICE_END__ADVICE_NOT_WORTH_IT,
        [SGP_ADVICE_LAPSED] = SIGAP__V1__ADVICE_END__ADVICE_LAPSED};
    sgp_move_advice *advice = &told->advice;
    sgp_told_row over[SGP_ADVICE_ENDED_MAX];
    sgp_told_message messages[SGP_ADVICE_OPEN_MAX + SGP_ADVICE_ENDED_MAX];
    Sigap__V1__MoveUpAdvice *list[SGP_ADVICE_OPEN_MAX + SGP_ADVICE_ENDED_MAX];
    size_t n = 0;
    told->expected_ppm = advice->expected_ppm;
    told->full_ppm = advice->full_ppm;
    drop_new_that_is_past(advice, engine);
    for (uint32_t m = 0; m < advice->n_ended; m++, n++) {
        over[m] = row_of(engine, ask, &advice->ended[m].move);
        fill(told, &over[m], ends[advice->ended[m].why], &messages[n]);
        list[n] = &messages[n].advice;
    }
    told->n_rows = 0;
    for (uint32_t m = 0; m < advice->n_open; m++) {
        sgp_told_row *row = &told->rows[told->n_rows++];
        *row = row_of(engine, ask, &advice->open[m]);
        if (m < advice->n_open - advice->n_told)
            continue;
        fill(told, row, SIGAP__V1__ADVICE_END__ADVICE_STANDS, &messages[n]);
        list[n] = &messages[n].advice;
        n++;
        sgp_log(SGP_LOG_INFO, "move_up_advised", "unit=%s gain_ppm=%d expected_ppm=%d",
                SGP_Q(row->unit), row->move.gain_ppm, told->expected_ppm);
    }
    push(engine, list, n);
}
