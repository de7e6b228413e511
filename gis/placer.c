#include "gis/placer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "gis/gazetteer_database.h"
#include "gis/gazetteer_graph.h"
#include "gis/place_parts.h"
#include "gis/placer_position.h"
#include "sigap/walk.h"

enum {
    WAITING_MAX = 64, /* look-ups not yet answered */
    FIRST_WAIT_MS = 2000,
    WAIT_LOOK_MS = 20, /* between looks whether what is waited for is there */
    TURN_US = 1000,    /* look-ups are begun so long, then the loop does other things */
    EARLIER_MAX = 32,  /* earlier texts; the wire takes 16 */
    AROUND_M = 500     /* of a point, in which a street names it */
};
_Static_assert((int)SGP_PLACES_MAX >= 10, "a look-up answers with up to ten candidates");

typedef enum lookup_kind { LOOKUP_FIND, LOOKUP_REVERSE } lookup_kind;

/* STARTING -> [WAITING for a gazetteer to be ready ->] ASKED -> answered and freed. */
typedef enum lookup_stage {
    STAGE_STARTING, /* begins with the loop's next turn: no answer comes from within the call */
    STAGE_REFUSED,
    STAGE_WAITING,
    STAGE_ASKED
} lookup_stage;

/* What the answers that are awaited are for. */
typedef enum lookup_step {
    STEP_NAMES,     /* a round of the resolution */
    STEP_REFERENCE, /* the same, for the town that a short Plus Code belongs to */
    STEP_POINT      /* districts of the point and what is around */
} lookup_step;

typedef struct lookup {
    struct lookup *next;
    sgp_placer *placer;
    uint64_t ticket;
    lookup_kind kind;
    lookup_stage stage;
    lookup_step step;
    bool dropped;          /* its answer goes nowhere */
    int64_t wait_until_us; /* for a gazetteer to be ready; 0 = it has not waited */
    sgp_err refusal;

    bool has_position, position_has_more, has_near, complete;
    sgp_position position;
    sgp_point point; /* of a reverse look-up, or of the position */
    sgp_point near;
    int32_t near_radius_m;
    size_t limit;
    sgp_place_query query;
    sgp_place_query reference; /* what was said beside a short Plus Code */

    const sgp_gazetteer *gazetteer; /* asked; NULL = none */
    uint64_t asked;                 /* the gazetteer's ticket, 0 = nothing is under way */
    bool asking, answered;          /* within ask; the answers came before it returned */
    sgp_err answered_err;
    sgp_resolution *resolution;
    size_t n_places; /* of a point */
    sgp_place places[2];
    sgp_placer_answer answer;
    void *ctx;
} lookup;

struct sgp_placer {
    struct event_base *base;
    sgp_gazetteer_database *database;
    sgp_gazetteer by_database;
    sgp_gazetteer_graph *graph;
    const sgp_gazetteer *by_graph; /* NULL = no graph was given */
    bool has_been_away, was_ready; /* waiting for the first connection is worth it only before */
    bool has_bounds;               /* told by sgp_placer_set_bounds, or by the database */
    sgp_point south_west, north_east;
    sgp_walker *walker; /* NULL = no graph was given: places have no access point */

    struct event *turn_timer; /* starts what waits to be started */
    struct event *wait_timer; /* looks after those that wait */
    lookup *first, **end;     /* all that are not answered yet, oldest first */
    size_t n_waiting;
    uint64_t last_ticket;
    bool closing;   /* being destroyed: nothing more is taken */
    bool answering; /* within an answer; destroy must not be called from there */
};

static void start(lookup *item);
static void advance(lookup *item);

/* ---- life of a look-up ---------------------------------------------------------------- */

static void remove_lookup(lookup *item) {
    sgp_placer *placer = item->placer;
    for (lookup **at = &placer->first; *at; at = &(*at)->next)
        if (*at == item) {
            *at = item->next;
            if (!item->next)
                placer->end = at;
            break;
        }
    placer->n_waiting--;
    sgp_resolution_destroy(item->resolution);
}

/* Where a vehicle stands for the place: of its stands the one with the quickest walk. */
static void add_access(sgp_placer *placer, sgp_place *place) {
    sgp_stand stand;
    bool found = false;
    place->has_access = placer->walker &&
                        sgp_walker_nearest(placer->walker, place->point, &sgp_walk_defaults, &stand,
                                           &found) == SGP_OK &&
                        found;
    if (place->has_access) {
        place->access = stand.snap.road;
        place->access_walk_m = (int32_t)((stand.walk_mm + 500) / 1000);
    }
}

/* Answers and forgets a look-up. The answer may ask anew. */
static void answer(lookup *item, sgp_err err, sgp_place *places, const sgp_place_reasons *reasons,
                   size_t n) {
    sgp_placer *placer = item->placer;
    remove_lookup(item);
    if (!item->dropped) {
        bool from_graph = item->gazetteer != NULL && item->gazetteer == placer->by_graph;
        for (size_t i = 0; i < n; i++) {
            places[i].from_graph = from_graph;
            add_access(placer, &places[i]);
        }
        sgp_place_found found = {.places = places,
                                 .reasons = reasons,
                                 .n = n,
                                 .query = item->kind == LOOKUP_FIND ? &item->query : NULL,
                                 .from_graph = from_graph};
        placer->answering = true;
        item->answer(item->ctx, err, &found);
        placer->answering = false;
    }
    free(item);
}

static void answer_nothing(lookup *item, sgp_err err) {
    answer(item, err, NULL, NULL, 0);
}

/* ---- points ------------------------------------------------------------------------------ */

/* A little beyond the last road is still the city. */
static bool is_within(const sgp_placer *placer, sgp_point point) {
    enum { MARGIN_E7 = 500000 };
    return (int64_t)point.lon_e7 >= (int64_t)placer->south_west.lon_e7 - MARGIN_E7 &&
           (int64_t)point.lon_e7 <= (int64_t)placer->north_east.lon_e7 + MARGIN_E7 &&
           (int64_t)point.lat_e7 >= (int64_t)placer->south_west.lat_e7 - MARGIN_E7 &&
           (int64_t)point.lat_e7 <= (int64_t)placer->north_east.lat_e7 + MARGIN_E7;
}

/* Of the readings of a position the first that lies in the city. */
static bool choose_reading(const sgp_placer *placer, lookup *item) {
    for (size_t i = 0; i < item->position.n_points; i++)
        if (is_within(placer, item->position.points[i])) {
            item->point = item->position.points[i];
            return true;
        }
    return false;
}

/* Where a short Plus Code is, as far as nothing was said beside it: near the caller, or in the
 * middle of the city. */
static sgp_point reference_of(const lookup *item) {
    const sgp_placer *placer = item->placer;
    return item->has_near ? item->near : sgp_middle(placer->south_west, placer->north_east);
}

/* What a point is called; the answers may be NULL. */
static void name_point(lookup *item, const sgp_gazetteer_answer *answers) {
    const sgp_gazetteer_answer *districts = answers ? &answers[0] : NULL;
    const sgp_gazetteer_answer *around = answers ? &answers[1] : NULL;
    if (item->kind == LOOKUP_REVERSE) {
        item->n_places = sgp_reverse_places(item->point, districts, around, item->places);
    } else {
        sgp_position_place(&item->position, item->point, districts, around, &item->places[0]);
        item->n_places = 1;
    }
}

static void answer_point(lookup *item) {
    static const sgp_place_reasons none[2];
    sgp_place places[2];
    memcpy(places, item->places, sizeof places);
    answer(item, SGP_OK, places, none, item->n_places);
}

/* ---- asking -------------------------------------------------------------------------------- */

/* What cannot be asked of this gazetteer is asked of the graph's names; a position needs neither.
 */
static void fail(lookup *item, sgp_err err) {
    sgp_placer *placer = item->placer;
    bool may_retry = !placer->closing && placer->by_graph && item->gazetteer != placer->by_graph &&
                     placer->by_graph->vocabulary(placer->by_graph->self);
    sgp_resolution_destroy(item->resolution);
    item->resolution = NULL;
    if (may_retry) {
        item->gazetteer = placer->by_graph;
        start(item);
    } else if (item->kind == LOOKUP_FIND && item->has_position && item->step == STEP_POINT &&
               !placer->closing) {
        item->gazetteer = NULL;
        name_point(item, NULL);
        answer_point(item);
    } else {
        answer_nothing(item, err);
    }
}

static void finish(lookup *item) {
    sgp_place places[SGP_PLACES_MAX];
    sgp_place_reasons reasons[SGP_PLACES_MAX];
    size_t n = sgp_resolution_places(item->resolution, item->limit, places, reasons);
    if (item->step == STEP_NAMES) {
        answer(item, SGP_OK, places, reasons, n);
        return;
    }
    /* The town beside a short Plus Code, if one was said. */
    sgp_point reference = n > 0 ? places[0].point : reference_of(item);
    sgp_resolution_destroy(item->resolution);
    item->resolution = NULL;
    item->step = STEP_POINT;
    if (!sgp_position_recover(&item->position, reference) || !choose_reading(item->placer, item))
        answer_nothing(item, SGP_OK);
    else
        advance(item);
}

static void go_on(lookup *item) {
    if (item->answered_err != SGP_OK)
        fail(item, item->answered_err);
    else if (item->step == STEP_POINT)
        answer_point(item);
    else
        advance(item);
}

static void on_answers(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers, size_t n) {
    lookup *item = ctx;
    item->asked = 0;
    item->answered = true;
    item->answered_err = err;
    if (err == SGP_OK && item->step == STEP_POINT)
        name_point(item, n >= 2 ? answers : NULL);
    else if (err == SGP_OK)
        sgp_resolution_take(item->resolution, answers, n);
    /* A gazetteer in memory answers before it returns; then whoever asks goes on. */
    if (!item->asking)
        go_on(item);
}

/* True when the answers came at once. Otherwise nothing of the look-up may be touched. */
static bool ask(lookup *item, const sgp_gazetteer_ask *asks, size_t n) {
    item->stage = STAGE_ASKED;
    item->asking = true;
    item->answered = false;
    uint64_t ticket = 0;
    sgp_err err = item->gazetteer->ask(item->gazetteer->self, asks, n, on_answers, item, &ticket);
    item->asking = false;
    if (err != SGP_OK) {
        item->answered = true;
        item->answered_err = err;
    }
    if (!item->answered)
        item->asked = ticket;
    return item->answered;
}

static bool ask_point(lookup *item) {
    sgp_gazetteer_ask asks[2];
    memset(asks, 0, sizeof asks);
    asks[0].question = SGP_ASK_DISTRICTS;
    asks[1].question = SGP_ASK_AROUND;
    for (size_t i = 0; i < 2; i++) {
        asks[i].points[0] = item->point;
        asks[i].n_points = 1;
        asks[i].radius_m = AROUND_M;
        asks[i].limit = 2;
        asks[i].number_value = -1;
    }
    return ask(item, asks, 2);
}

/* On to the next round, or to the end. */
static void advance(lookup *item) {
    if (item->step == STEP_POINT) {
        if (ask_point(item))
            go_on(item);
        return;
    }
    size_t n;
    const sgp_gazetteer_ask *asks = sgp_resolution_asks(item->resolution, &n);
    if (n == 0)
        finish(item);
    else if (ask(item, asks, n))
        go_on(item);
}

static void resolve(lookup *item, const sgp_place_query *query) {
    const sgp_gazetteer *gazetteer = item->gazetteer;
    sgp_resolve_wish wish = {.query = query,
                             .gazetteer = item->gazetteer,
                             .vocabulary = gazetteer->vocabulary(gazetteer->self),
                             .city = gazetteer->city_name(gazetteer->self),
                             .near = item->has_near ? &item->near : NULL,
                             .near_radius_m = item->near_radius_m,
                             .complete = item->complete};
    if (sgp_resolution_create(&wish, &item->resolution) != SGP_OK)
        answer_nothing(item, SGP_E_MEMORY);
    else
        advance(item);
}

/* Without a database it is away for ever. */
static sgp_gazetteer_state database_state(const sgp_placer *placer) {
    return placer->database ? sgp_gazetteer_database_state(placer->database) : SGP_GAZETTEER_AWAY;
}

/* False: neither the database nor the graph's names can be asked now. */
static bool choose_gazetteer(lookup *item) {
    sgp_placer *placer = item->placer;
    if (item->gazetteer)
        return true;
    if (database_state(placer) == SGP_GAZETTEER_READY)
        item->gazetteer = &placer->by_database;
    else if (placer->by_graph && placer->by_graph->vocabulary(placer->by_graph->self))
        item->gazetteer = placer->by_graph;
    return item->gazetteer != NULL;
}

static bool is_building(const sgp_placer *placer) {
    return placer->graph && sgp_gazetteer_graph_is_building(placer->graph);
}

/* While the first connection is being made, or the graph's names are, waiting is shorter than
 * asking again. A position needs no names. */
static bool may_wait(const lookup *item) {
    const sgp_placer *placer = item->placer;
    if (item->wait_until_us != 0 && sgp_monotonic_us() >= item->wait_until_us)
        return false;
    return (is_building(placer) && !item->has_position) ||
           (!placer->has_been_away && database_state(placer) == SGP_GAZETTEER_CONNECTING);
}

static void look_soon(sgp_placer *placer) {
    static const struct timeval soon = {.tv_usec = WAIT_LOOK_MS * 1000};
    if (!evtimer_pending(placer->wait_timer, NULL))
        evtimer_add(placer->wait_timer, &soon);
}

static void wait_for_gazetteer(lookup *item) {
    item->stage = STAGE_WAITING;
    if (item->wait_until_us == 0)
        item->wait_until_us = sgp_monotonic_us() + FIRST_WAIT_MS * 1000;
    look_soon(item->placer);
}

static void start_position(lookup *item) {
    sgp_placer *placer = item->placer;
    if (!placer->has_bounds) {
        answer_nothing(item, SGP_E_DATABASE);
    } else if (item->position.is_short) {
        item->step = STEP_REFERENCE;
        resolve(item, &item->reference);
    } else if (choose_reading(placer, item)) {
        item->step = STEP_POINT;
        advance(item);
    } else if (item->position_has_more) {
        /* "no 12, 7 rumah": numbers that are no point here may be of an address. */
        item->has_position = false;
        start(item);
    } else {
        answer_nothing(item, SGP_OK);
    }
}

/* A point is named even without a gazetteer, once it is known which of the numbers it is. */
static bool start_without_gazetteer(lookup *item) {
    sgp_placer *placer = item->placer;
    if (!item->has_position || !placer->has_bounds)
        return false;
    if (item->position.is_short && !sgp_position_recover(&item->position, reference_of(item)))
        return false;
    if (!choose_reading(placer, item)) {
        answer_nothing(item, SGP_OK);
    } else {
        name_point(item, NULL);
        answer_point(item);
    }
    return true;
}

static void start(lookup *item) {
    if (!choose_gazetteer(item)) {
        if (may_wait(item))
            wait_for_gazetteer(item);
        else if (!start_without_gazetteer(item))
            answer_nothing(item, is_building(item->placer) ? SGP_E_STATE : SGP_E_DATABASE);
        return;
    }
    if (item->kind == LOOKUP_REVERSE) {
        item->step = STEP_POINT;
        advance(item);
    } else if (item->has_position) {
        start_position(item);
    } else {
        item->step = STEP_NAMES;
        resolve(item, &item->query);
    }
}

/* ---- turns of the loop ----------------------------------------------------------------------- */

/* The oldest of that stage; an answer may add and drop others, so one looks anew each time. */
static lookup *oldest_in(sgp_placer *placer, lookup_stage stage, uint64_t up_to) {
    for (lookup *item = placer->first; item; item = item->next)
        if (item->stage == stage && item->ticket <= up_to)
            return item;
    return NULL;
}

static void start_soon(sgp_placer *placer) {
    static const struct timeval now = {0, 0};
    evtimer_add(placer->turn_timer, &now);
}

/* Where memory alone answers, the beginning of a look-up is its end too. */
static void on_turn(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    sgp_placer *placer = arg;
    uint64_t up_to = placer->last_ticket;
    int64_t until_us = sgp_monotonic_us() + TURN_US;
    lookup *item;
    while ((item = oldest_in(placer, STAGE_REFUSED, up_to)))
        answer_nothing(item, item->refusal);
    while ((item = oldest_in(placer, STAGE_STARTING, up_to))) {
        if (sgp_monotonic_us() >= until_us) {
            start_soon(placer);
            return;
        }
        if (item->dropped)
            answer_nothing(item, SGP_OK);
        else
            start(item);
    }
}

static void on_wait(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    sgp_placer *placer = arg;
    int64_t now_us = sgp_monotonic_us();
    bool any_waits = false;
    for (lookup *item = placer->first; item; item = item->next) {
        if (item->stage != STAGE_WAITING)
            continue;
        bool is_over = now_us >= item->wait_until_us;
        /* Those that come later need not wait for the first connection. */
        placer->has_been_away |= is_over;
        if (is_over || item->dropped || choose_gazetteer(item) || !may_wait(item))
            item->stage = STAGE_STARTING;
        else
            any_waits = true;
    }
    start_soon(placer);
    if (any_waits)
        look_soon(placer);
}

static void on_changed(void *ctx, sgp_gazetteer_state state) {
    sgp_placer *placer = ctx;
    if (state == SGP_GAZETTEER_AWAY) {
        if (!placer->has_been_away || placer->was_ready)
            sgp_log(SGP_LOG_WARN, "placer_away", "reason=%s",
                    SGP_Q(sgp_gazetteer_database_fault(placer->database)));
        placer->has_been_away = true;
        placer->was_ready = false;
    } else if (state == SGP_GAZETTEER_READY) {
        if (placer->has_been_away && !placer->was_ready)
            sgp_log(SGP_LOG_INFO, "placer_back", "city=%s",
                    SGP_Q(placer->by_database.city_name(placer->by_database.self)));
        placer->was_ready = true;
        if (!placer->has_bounds)
            placer->has_bounds = sgp_gazetteer_database_bounds(
                placer->database, &placer->south_west, &placer->north_east);
    } else {
        return;
    }
    for (lookup *item = placer->first; item; item = item->next)
        if (item->stage == STAGE_WAITING)
            item->stage = STAGE_STARTING;
    start_soon(placer);
}

/* ---- asking the placer -------------------------------------------------------------------------
 */

static lookup *make_lookup(sgp_placer *placer, lookup_kind kind, sgp_placer_answer how, void *ctx) {
    lookup *item = calloc(1, sizeof *item);
    if (item) {
        item->placer = placer;
        item->kind = kind;
        item->answer = how;
        item->ctx = ctx;
        item->limit = SGP_PLACES_MAX;
    }
    return item;
}

static void add_lookup(sgp_placer *placer, lookup *item) {
    item->ticket = ++placer->last_ticket;
    item->next = NULL;
    *placer->end = item;
    placer->end = &item->next;
    if (++placer->n_waiting > WAITING_MAX) {
        item->stage = STAGE_REFUSED;
        item->refusal = SGP_E_FULL;
    }
    start_soon(placer);
}

static void take_options(lookup *item, const sgp_place_options *options) {
    if (options->limit > 0 && options->limit < SGP_PLACES_MAX)
        item->limit = options->limit;
    item->complete = options->complete;
    item->has_near = options->near != NULL;
    if (options->near)
        item->near = *options->near;
    item->near_radius_m = options->near_radius_m;
}

/* What is said beside a short Plus Code, as a text of its own. */
static void parse_reference(lookup *item, const char *text) {
    char rest[SGP_PLACE_TEXT_MAX + 1];
    size_t length = strlen(text), begin = item->position.begin, end = item->position.end;
    memcpy(rest, text, begin);
    memcpy(rest + begin, text + end, length - end + 1);
    if (sgp_place_query_parse(rest, NULL, 0, &item->reference) != SGP_OK)
        memset(&item->reference, 0, sizeof item->reference);
}

/* True where the text is a position in the city and nothing else: what is said after it is near
 * there. */
static bool take_near(lookup *item, const char *text) {
    enum { NEAR_M = 300 };
    sgp_position position;
    if (!item->placer->has_bounds || strnlen(text, SGP_PLACE_TEXT_MAX + 1) > SGP_PLACE_TEXT_MAX ||
        !sgp_position_find(text, &position) || position.is_short ||
        sgp_position_has_more(text, &position))
        return false;
    for (size_t i = 0; i < position.n_points; i++)
        if (is_within(item->placer, position.points[i])) {
            item->has_near = true;
            item->near = position.points[i];
            item->near_radius_m = position.radius_m > NEAR_M ? position.radius_m : NEAR_M;
            return true;
        }
    return false;
}

/* The digits of such an earlier text are no words of the conversation: blanks of the same length
 * stand for it, so that all others stay where they are. */
static sgp_err parse(lookup *item, const char *text, const sgp_place_options *options) {
    const char *earlier[EARLIER_MAX];
    char blanks[SGP_PLACE_TEXT_MAX + 1];
    if (options->n_earlier > EARLIER_MAX)
        return SGP_E_ARGUMENT;
    memset(blanks, ' ', SGP_PLACE_TEXT_MAX);
    blanks[SGP_PLACE_TEXT_MAX] = '\0';
    for (size_t i = 0; i < options->n_earlier; i++) {
        earlier[i] = options->earlier[i];
        if (take_near(item, earlier[i]))
            earlier[i] = blanks + SGP_PLACE_TEXT_MAX - strlen(earlier[i]);
    }
    return sgp_place_query_parse(text, earlier, options->n_earlier, &item->query);
}

sgp_err sgp_placer_find(sgp_placer *placer, const char *text, const sgp_place_options *options,
                        sgp_placer_answer how, void *ctx, uint64_t *ticket) {
    static const sgp_place_options plain;
    if (!options)
        options = &plain;
    if (placer->closing)
        return SGP_E_STATE;
    lookup *item = make_lookup(placer, LOOKUP_FIND, how, ctx);
    if (!item)
        return SGP_E_MEMORY;
    take_options(item, options);
    sgp_err err = parse(item, text, options);
    if (err != SGP_OK) {
        free(item);
        return err;
    }
    item->has_position = sgp_position_find(text, &item->position);
    item->position_has_more = item->has_position && sgp_position_has_more(text, &item->position);
    if (item->has_position && item->position.is_short)
        parse_reference(item, text);
    add_lookup(placer, item);
    if (ticket)
        *ticket = item->ticket;
    return SGP_OK;
}

void sgp_placer_drop(sgp_placer *placer, uint64_t ticket) {
    for (lookup *item = placer->first; item; item = item->next) {
        if (item->ticket != ticket || item->dropped)
            continue;
        item->dropped = true;
        if (item->stage != STAGE_ASKED || item->asked == 0)
            return; /* the loop's next turn, or the answer under way, forgets it */
        item->gazetteer->drop(item->gazetteer->self, item->asked);
        answer_nothing(item, SGP_OK);
        return;
    }
}

sgp_err sgp_placer_reverse(sgp_placer *placer, sgp_point point, sgp_placer_answer how, void *ctx) {
    if (placer->closing)
        return SGP_E_STATE;
    lookup *item = make_lookup(placer, LOOKUP_REVERSE, how, ctx);
    if (!item)
        return SGP_E_MEMORY;
    item->point = point;
    add_lookup(placer, item);
    return SGP_OK;
}

/* ---- life of the placer
 * -------------------------------------------------------------------------- */

void sgp_placer_set_bounds(sgp_placer *placer, sgp_point south_west, sgp_point north_east) {
    placer->south_west = south_west;
    placer->north_east = north_east;
    placer->has_bounds = true;
}

static void forget_graph(sgp_placer *placer) {
    sgp_walker_destroy(placer->walker);
    sgp_gazetteer_graph_destroy(placer->graph);
    placer->walker = NULL;
    placer->graph = NULL;
    placer->by_graph = NULL;
}

sgp_err sgp_placer_set_graph(sgp_placer *placer, const sgp_graph *graph) {
    sgp_walker *walker = NULL;
    sgp_err err = sgp_walker_create(graph, &walker);
    if (err != SGP_OK)
        return err;
    sgp_gazetteer_graph *names = NULL;
    err = sgp_gazetteer_graph_create(graph, &names);
    if (err != SGP_OK) {
        sgp_walker_destroy(walker);
        return err;
    }
    forget_graph(placer);
    placer->walker = walker;
    placer->graph = names;
    placer->by_graph = sgp_gazetteer_graph_get(names);
    return SGP_OK;
}

bool sgp_placer_graph_ready(const sgp_placer *placer) {
    return placer->by_graph && placer->by_graph->vocabulary(placer->by_graph->self);
}

bool sgp_placer_away(const sgp_placer *placer) {
    return database_state(placer) != SGP_GAZETTEER_READY;
}

const char *sgp_placer_fault(const sgp_placer *placer) {
    return placer->database ? sgp_gazetteer_database_fault(placer->database) : "";
}

sgp_err sgp_placer_create(struct event_base *base, const char *conninfo, const sgp_city_id *city,
                          sgp_placer **placer, sgp_fault *fault) {
    sgp_placer *made = calloc(1, sizeof *made);
    if (!made)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    made->base = base;
    made->end = &made->first;
    made->turn_timer = evtimer_new(base, on_turn, made);
    made->wait_timer = evtimer_new(base, on_wait, made);
    sgp_err err = SGP_OK;
    if (!made->turn_timer || !made->wait_timer)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    else if (*conninfo)
        err = sgp_gazetteer_database_create(base, conninfo, city, on_changed, made, &made->database,
                                            fault);
    if (err != SGP_OK) {
        made->database = NULL;
        sgp_placer_destroy(made);
        return err;
    }
    if (made->database)
        made->by_database = sgp_gazetteer_database_interface(made->database);
    *placer = made;
    return SGP_OK;
}

void sgp_placer_destroy(sgp_placer *placer) {
    if (!placer)
        return;
    assert(!placer->answering && "an answer must not destroy its placer");
    placer->closing = true;
    sgp_gazetteer_database_destroy(placer->database);
    placer->database = NULL;
    while (placer->first)
        answer_nothing(placer->first, SGP_E_DATABASE);
    if (placer->turn_timer)
        event_free(placer->turn_timer);
    if (placer->wait_timer)
        event_free(placer->wait_timer);
    forget_graph(placer);
    free(placer);
}
