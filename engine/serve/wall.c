#include "serve/wall.h"

#include <event2/buffer.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "replay/report_statistics.h"
#include "serve/proto_json.h"
#include "serve/public_picture.h"
#include "serve/wall_parts.h"

/* ---- messages that are kept -------------------------------------------------------- */

static void forget_message(sgp_kept_message *kept) {
    free(kept->bytes);
    *kept = (sgp_kept_message){0};
}

/* False: no memory; nothing is kept then. */
static bool keep_message(sgp_kept_message *kept, int64_t at_ms, const ProtobufCMessage *message) {
    forget_message(kept);
    kept->length = protobuf_c_message_get_packed_size(message);
    kept->bytes = malloc(kept->length + 1);
    if (kept->bytes == NULL)
        return false;
    protobuf_c_message_pack(message, kept->bytes);
    kept->at_ms = at_ms;
    return true;
}

/* ---- figures of the day ------------------------------------------------------------ */

typedef struct group_rows {
    Sigap__V1__GroupFigures group;
    Sigap__V1__IntervalFigures intervals[SGP_INTERVALS], *list[SGP_INTERVALS];
} group_rows;

typedef struct figures_rows {
    Sigap__V1__Figures message;
    group_rows *groups;
    Sigap__V1__GroupFigures **group_list;
    Sigap__V1__TargetFigures targets[SGP_TARGETS_MAX], *target_list[SGP_TARGETS_MAX];
    Sigap__V1__CallFigures calls[SGP_CALL_SORTS], *call_list[SGP_CALL_SORTS];
    uint32_t by_hour[SGP_CALL_SORTS][SGP_DAY_HOURS];
    Sigap__V1__IntervalFigures rings;
    int64_t target_ms[SGP_PRIORITIES];
} figures_rows;

static void fill_interval(const char *name, const sgp_spread *from,
                          Sigap__V1__IntervalFigures *to) {
    sigap__v1__interval_figures__init(to);
    to->interval = (char *)(uintptr_t)name;
    to->n = from->n;
    to->median_ms = from->p50_ms;
    to->p90_ms = from->p90_ms;
    to->most_ms = from->max_ms;
    to->mean_ms = from->n > 0 ? (int64_t)(from->mean_ms + 0.5) : 0;
}

static void fill_group(const sgp_group *from, group_rows *to) {
    sigap__v1__group_figures__init(&to->group);
    to->group.grouping = (char *)(uintptr_t)sgp_grouping_str(from->grouping);
    to->group.name = (char *)(uintptr_t)from->name;
    to->group.within = (char *)(uintptr_t)from->within;
    to->group.incidents = from->n_incidents;
    to->group.reached = from->n_reached;
    to->group.counted = from->n_counted;
    to->group.in_time = from->n_in_time;
    to->group.intervals = to->list;
    for (int k = 0; k < SGP_INTERVALS; k++) {
        if (from->spread[k].n == 0)
            continue;
        size_t at = to->group.n_intervals++;
        fill_interval(sgp_interval_str((sgp_interval)k), &from->spread[k], &to->intervals[at]);
        to->list[at] = &to->intervals[at];
    }
}

static void fill_target(const sgp_target *from, const sgp_target_tally *tally,
                        Sigap__V1__TargetFigures *to) {
    sigap__v1__target_figures__init(to);
    to->preset = (char *)(uintptr_t)from->code;
    to->from = (char *)(uintptr_t)sgp_moment_str(from->from);
    to->to = (char *)(uintptr_t)sgp_moment_str(from->to);
    to->priorities = from->priorities;
    to->within_ms = from->within_ms;
    to->share_permille = from->share_permille;
    to->counted = tally->n_counted;
    to->within = tally->n_within;
    to->timed = tally->n_timed;
    to->mean_ms = tally->n_timed > 0 ? (int64_t)(tally->sum_ms / tally->n_timed + 0.5) : 0;
    to->met = sgp_target_is_met(from, sgp_target_reached(from, tally));
}

static void fill_calls(const sgp_call_week *week, figures_rows *rows) {
    Sigap__V1__Figures *message = &rows->message;
    message->calls = rows->call_list;
    for (int k = 0; k < SGP_CALL_SORTS; k++) {
        sgp_outcome outcome = sgp_call_sorts[k];
        uint64_t n = sgp_call_week_count(week, outcome, SGP_WEEK_DAYS, SGP_DAY_HOURS);
        if (n == 0)
            continue;
        size_t at = message->n_calls++;
        sigap__v1__call_figures__init(&rows->calls[at]);
        rows->call_list[at] = &rows->calls[at];
        rows->calls[at].outcome = (Sigap__V1__Outcome)outcome;
        rows->calls[at].calls = (uint32_t)n;
        rows->calls[at].by_hour = rows->by_hour[at];
        rows->calls[at].n_by_hour = SGP_DAY_HOURS;
        for (int hour = 0; hour < SGP_DAY_HOURS; hour++)
            rows->by_hour[at][hour] =
                (uint32_t)sgp_call_week_count(week, outcome, SGP_WEEK_DAYS, hour);
        if (outcome != SGP_OUTCOME_NONE)
            message->judged_calls += (uint32_t)n;
        if (sgp_outcome_is_false(outcome))
            message->false_calls += (uint32_t)n;
    }
}

static int by_size(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* How long telephones rang that rang within the day. */
static void fill_rings(const sgp_world *world, int64_t from_ms, int64_t until_ms,
                       figures_rows *rows) {
    const sgp_rules *rules = &sgp_world_clocks(world)->rules;
    Sigap__V1__Figures *message = &rows->message;
    int64_t *wait_ms = malloc(SGP_RINGS_MAX * sizeof *wait_ms);
    size_t n = 0;
    for (sgp_id id = 0; wait_ms != NULL && (id = sgp_world_next_ring(world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        if (ring->rang_at_ms < from_ms || ring->rang_at_ms >= until_ms)
            continue;
        if (ring->answered_at_ms != 0) {
            wait_ms[n] = ring->answered_at_ms - ring->rang_at_ms;
            message->rings_in_time +=
                rules->ring_target_ms > 0 && wait_ms[n] <= rules->ring_target_ms;
            n++;
        } else if (!sgp_ring_is_open(ring)) {
            message->rings_missed++;
        }
    }
    if (n > 0)
        qsort(wait_ms, n, sizeof *wait_ms, by_size);
    sgp_spread spread = sgp_spread_of_sorted(wait_ms, n);
    fill_interval("answer", &spread, &rows->rings);
    free(wait_ms);
    message->rings = &rows->rings;
    message->ring_target_ms = rules->ring_target_ms;
    message->ring_target_permille = rules->ring_target_permille;
}

static bool fill_figures(const sgp_engine *engine, const sgp_summary *summary,
                         int64_t whole_from_ms, figures_rows *rows) {
    Sigap__V1__Figures *message = &rows->message;
    sigap__v1__figures__init(message);
    message->from_at_ms = summary->from_ms;
    message->until_at_ms = summary->until_ms;
    message->whole_from_at_ms = whole_from_ms;
    message->utc_offset_s = summary->utc_offset_s;
    memcpy(rows->target_ms, summary->target_ms, sizeof rows->target_ms);
    message->target_ms = rows->target_ms;
    message->n_target_ms = SGP_PRIORITIES;
    rows->groups = calloc(summary->n_groups + 1, sizeof *rows->groups);
    rows->group_list = calloc(summary->n_groups + 1, sizeof(Sigap__V1__GroupFigures *));
    if (rows->groups == NULL || rows->group_list == NULL)
        return false;
    message->groups = rows->group_list;
    for (uint32_t g = 0; g < summary->n_groups; g++) {
        if (summary->groups[g].grouping == SGP_GROUP_KELURAHAN ||
            summary->groups[g].grouping == SGP_GROUP_TRANSFER)
            continue; /* hundreds of lines that no wall shows */
        fill_group(&summary->groups[g], &rows->groups[g]);
        message->groups[message->n_groups++] = &rows->groups[g].group;
    }
    message->targets = rows->target_list;
    for (uint32_t t = 0; t < summary->n_targets; t++) {
        fill_target(&summary->targets[t], &summary->tallies[t], &rows->targets[t]);
        rows->target_list[message->n_targets++] = &rows->targets[t];
    }
    fill_calls(&summary->week, rows);
    fill_rings(engine->world, message->from_at_ms, message->until_at_ms, rows);
    return true;
}

static sgp_err make_figures(sgp_engine *engine, uint32_t days_ago, int64_t now_ms,
                            sgp_fault *fault) {
    sgp_summary summary = {0};
    int64_t whole_from_ms = 0;
    sgp_err err = sgp_day_book_summary(engine->wall->book, engine->world, days_ago, now_ms,
                                       &summary, &whole_from_ms, fault);
    if (err != SGP_OK)
        return err;
    figures_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL || !fill_figures(engine, &summary, whole_from_ms, rows) ||
        !keep_message(&engine->wall->figures[days_ago], now_ms, &rows->message.base))
        err = SGP_E_MEMORY;
    if (rows != NULL) {
        free(rows->groups);
        free(rows->group_list);
    }
    free(rows);
    sgp_summary_free(&summary);
    return err;
}

void sgp_answer_figures(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__AskFigures *asked) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    int64_t now_ms = sgp_engine_now_ms(engine);
    sgp_err err = SGP_OK;
    if (asked->days_ago >= SGP_DAYS_KEPT)
        err = sgp_fail(&fault, SGP_E_RANGE, "figures are kept of today (0) and yesterday (1)");
    const sgp_kept_message *kept = err == SGP_OK ? &engine->wall->figures[asked->days_ago] : NULL;
    if (err == SGP_OK && (kept->bytes == NULL || now_ms - kept->at_ms >= SGP_FIGURES_EVERY_MS))
        err = make_figures(engine, asked->days_ago, now_ms, &fault);
    Sigap__V1__Figures *figures =
        err == SGP_OK ? sigap__v1__figures__unpack(NULL, kept->length, kept->bytes) : NULL;
    if (figures == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, err != SGP_OK ? err : SGP_E_MEMORY,
                         fault.text);
        return;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_FIGURES;
    frame.figures = figures;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    sigap__v1__figures__free_unpacked(figures, NULL);
}

/* ---- the last hours ---------------------------------------------------------------- */

void sgp_answer_past(sgp_session *session, uint64_t reply_to, const Sigap__V1__AskPast *asked) {
    sgp_engine *engine = session->engine;
    Sigap__V1__Past *past = sgp_past_stretch(engine->wall->past, asked->at_ms);
    if (past == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PAST;
    frame.past = past;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    sigap__v1__past__free_unpacked(past, NULL);
}

/* ---- what everybody is shown -------------------------------------------------------- */

/* Figures of now, to be shown when they are old enough: of a day as long as it lasts, so that the
 * last ones of yesterday are shown until today's are due. */
static void queue_public_figures(sgp_engine *engine, int64_t now_ms) {
    sgp_wall *wall = engine->wall;
    int64_t every_ms = engine->settings->wall.public_delay_ms / (SGP_PUBLIC_FIGURES_KEPT / 2);
    if (every_ms < engine->settings->wall.past_every_ms)
        every_ms = engine->settings->wall.past_every_ms;
    if (wall->n_waiting > 0) {
        uint32_t last = (wall->first_waiting + wall->n_waiting - 1) % SGP_PUBLIC_FIGURES_KEPT;
        if (now_ms - wall->waiting[last].at_ms < every_ms)
            return;
    }
    sgp_summary summary = {0};
    int64_t whole_ms;
    sgp_fault fault = {0};
    if (sgp_day_book_summary(wall->book, engine->world, 0, now_ms, &summary, &whole_ms, &fault) !=
        SGP_OK)
        return;
    Sigap__V1__PublicFigures *figures = sgp_public_figures_make(&summary);
    sgp_summary_free(&summary);
    if (figures == NULL)
        return;
    if (wall->n_waiting == SGP_PUBLIC_FIGURES_KEPT) {
        forget_message(&wall->waiting[wall->first_waiting]);
        wall->first_waiting = (wall->first_waiting + 1) % SGP_PUBLIC_FIGURES_KEPT;
        wall->n_waiting--;
    }
    uint32_t at = (wall->first_waiting + wall->n_waiting) % SGP_PUBLIC_FIGURES_KEPT;
    if (keep_message(&wall->waiting[at], now_ms, &figures->base))
        wall->n_waiting++;
    sigap__v1__public_figures__free_unpacked(figures, NULL);
}

/* The newest that are old enough; NULL: none. */
static Sigap__V1__PublicFigures *old_enough(const sgp_wall *wall, int64_t shown_ms) {
    const sgp_kept_message *found = NULL;
    for (uint32_t i = 0; i < wall->n_waiting; i++) {
        const sgp_kept_message *kept =
            &wall->waiting[(wall->first_waiting + i) % SGP_PUBLIC_FIGURES_KEPT];
        if (kept->at_ms <= shown_ms)
            found = kept;
    }
    return found != NULL ? sigap__v1__public_figures__unpack(NULL, found->length, found->bytes)
                         : NULL;
}

static sgp_err make_picture(sgp_engine *engine, int64_t now_ms) {
    sgp_wall *wall = engine->wall;
    int64_t delay_ms = engine->settings->wall.public_delay_ms;
    sgp_past_moment moment;
    sgp_err err = sgp_past_at(wall->past, now_ms - delay_ms, &moment);
    if (err != SGP_OK)
        return err;
    Sigap__V1__PublicPicture *picture =
        sgp_public_picture_make(&moment, sgp_graph_get(engine->city->graph));
    sgp_past_moment_clear(&moment);
    if (picture == NULL)
        return SGP_E_MEMORY;
    picture->delay_ms = delay_ms;
    picture->figures = old_enough(wall, now_ms - delay_ms);
    free(wall->picture_json);
    wall->picture_json = sgp_message_to_json_text(&picture->base);
    if (wall->picture_json == NULL || !keep_message(&wall->picture, now_ms, &picture->base))
        err = SGP_E_MEMORY;
    sigap__v1__public_picture__free_unpacked(picture, NULL);
    return err;
}

static void send_picture(sgp_engine *engine, struct evhttp_request *request) {
    sgp_wall *wall = engine->wall;
    int64_t now_ms = sgp_engine_now_ms(engine);
    sgp_err err = SGP_OK;
    if (wall->picture.bytes == NULL ||
        now_ms - wall->picture.at_ms >= engine->settings->wall.past_every_ms)
        err = make_picture(engine, now_ms);
    if (err == SGP_E_NOT_FOUND) {
        evhttp_add_header(evhttp_request_get_output_headers(request), "Retry-After", "60");
        evhttp_send_error(request, 503, "Nothing is old enough yet");
        return;
    }
    const char *accept = evhttp_find_header(evhttp_request_get_input_headers(request), "Accept");
    bool packed = accept != NULL && strncasecmp(accept, "application/x-protobuf", 22) == 0;
    struct evbuffer *body = evbuffer_new();
    if (err != SGP_OK || body == NULL) {
        if (body != NULL)
            evbuffer_free(body);
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    if (packed)
        evbuffer_add(body, wall->picture.bytes, wall->picture.length);
    else
        evbuffer_add(body, wall->picture_json, strlen(wall->picture_json));
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type",
                      packed ? "application/x-protobuf" : "application/json");
    evhttp_add_header(headers, "Cache-Control", "public, max-age=10");
    evhttp_add_header(headers, "Vary", "Accept");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    evhttp_add_header(headers, "Access-Control-Allow-Origin", "*"); /* it is for everybody */
    sgp_http_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

bool sgp_wall_http(sgp_engine *engine, struct evhttp_request *request) {
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    if (path == NULL || engine->wall == NULL)
        return false;
    if (sgp_report_http(engine, request, path))
        return true;
    if (strcmp(path, "/v1/public") != 0)
        return false;
    if (!engine->settings->wall.public_open)
        evhttp_send_error(request, 404, "Not found");
    else
        send_picture(engine, request);
    return true;
}

/* ---- following ----------------------------------------------------------------------- */

/* Positions alone change no figure. */
static bool concerns_figures(const sgp_effects *effects, const sgp_event *event) {
    for (size_t i = 0; i < effects->n; i++) {
        if (effects->items[i].kind != SGP_EFFECT_CHANGED)
            continue;
        sgp_world_thing thing = effects->items[i].u.changed.thing;
        if (thing == SGP_THING_INCIDENT || thing == SGP_THING_ASSIGNMENT ||
            thing == SGP_THING_CALL || thing == SGP_THING_TRANSFER || thing == SGP_THING_HOSPITAL)
            return true;
        if (thing == SGP_THING_UNIT && event->kind != SGP_EVENT_UNIT_POSITION &&
            event->kind != SGP_EVENT_TRACK_TOLD)
            return true;
    }
    return false;
}

void sgp_wall_follow(sgp_engine *engine, const sgp_event *event) {
    if (engine->wall == NULL || !concerns_figures(&engine->effects, event))
        return;
    Sigap__V1__Update *update = sgp_effects_to_update(engine->world, event, &engine->effects);
    if (update == NULL)
        return; /* told again with the next change of the same things */
    sgp_day_book_take(engine->wall->book, engine->world, update, event->at_ms);
    protobuf_c_message_free_unpacked(&update->base, NULL);
}

void sgp_wall_tick(sgp_engine *engine) {
    if (engine->wall == NULL)
        return;
    int64_t now_ms = sgp_engine_now_ms(engine);
    if (sgp_past_note(engine->wall->past, engine->world, now_ms) != SGP_OK)
        sgp_log(SGP_LOG_WARN, "moment_not_kept", "reason=out_of_memory");
    if (engine->settings->wall.public_open)
        queue_public_figures(engine, now_ms);
}

/* ---- life ------------------------------------------------------------------------------ */

sgp_err sgp_wall_start(sgp_engine *engine, sgp_fault *fault) {
    sgp_wall *wall = calloc(1, sizeof *wall);
    const sgp_settings *settings = engine->settings;
    engine->wall = wall;
    int64_t now_ms = sgp_engine_now_ms(engine);
    sgp_err err = wall != NULL
                      ? sgp_past_create(settings->wall.past_every_ms, settings->wall.past_ms,
                                        settings->wall.past_bytes, &wall->past)
                      : SGP_E_MEMORY;
    if (err == SGP_OK)
        err = sgp_day_book_create(&settings->roads.time, engine->world, now_ms, &wall->book);
    if (err == SGP_OK) {
        wall->tickets = sgp_report_tickets_create();
        err = wall->tickets != NULL ? SGP_OK : SGP_E_MEMORY;
    }
    if (err != SGP_OK)
        return sgp_fail(fault, err, "no memory for the wall");
    sgp_wall_tick(engine);
    return SGP_OK;
}

void sgp_wall_stop(sgp_engine *engine) {
    sgp_wall *wall = engine->wall;
    if (wall == NULL)
        return;
    sgp_past_destroy(wall->past);
    sgp_day_book_destroy(wall->book);
    sgp_report_tickets_destroy(wall->tickets);
    for (int i = 0; i < SGP_DAYS_KEPT; i++)
        forget_message(&wall->figures[i]);
    for (int i = 0; i < SGP_PUBLIC_FIGURES_KEPT; i++)
        forget_message(&wall->waiting[i]);
    forget_message(&wall->picture);
    free(wall->picture_json);
    free(wall);
    engine->wall = NULL;
}
