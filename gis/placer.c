#include "gis/placer.h"

#include <assert.h>
#include <libpq-fe.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "gis/import_parts.h"
#include "gis/place_search.h"
#include "sigap/walk.h"

enum {
    WAITING_MAX = 64, /* look-ups not yet answered */
    LOOKUP_MS = 2000,
    CONNECT_MS = 5000,
    BACK_OFF_FIRST_MS = 200,
    BACK_OFF_LAST_MS = 5000,
    CONNINFO_BYTES = 1024
};
_Static_assert((int)SGP_PLACES_MAX >= 10, "a look-up answers with up to ten candidates");

/* The connection's way to being of use; any failure leads back to RESTING.
 *
 *   RESTING -> CONNECTING -> SETTING -> CITY -> PREPARING_FIND -> PREPARING_REVERSE
 *           -> WARMING -> READY
 */
typedef enum stage {
    STAGE_RESTING, /* until the back-off is over */
    STAGE_CONNECTING,
    STAGE_SETTING, /* session settings */
    STAGE_CITY,    /* which schema, which bounds; sets the search path */
    STAGE_PREPARING_FIND,
    STAGE_PREPARING_REVERSE,
    STAGE_WARMING, /* the first search makes the plan and loads the tables: not a caller's wait */
    STAGE_READY
} stage;

typedef enum lookup_kind { LOOKUP_FIND, LOOKUP_REVERSE, LOOKUP_POINT } lookup_kind;

typedef struct lookup {
    struct lookup *next;
    uint64_t ticket;
    bool dropped; /* asked of the database already: its answer goes nowhere */
    lookup_kind kind;
    sgp_place_text text;
    sgp_point point; /* of LOOKUP_REVERSE and LOOKUP_POINT */
    bool has_near;
    sgp_point near;
    size_t limit;
    int64_t deadline_us;
    sgp_err refusal; /* what to answer when it waits in `refused` */
    sgp_placer_answer answer;
    void *ctx;
} lookup;

typedef struct lookup_list {
    lookup *first, **end;
} lookup_list;

struct sgp_placer {
    struct event_base *base;
    char conninfo[CONNINFO_BYTES];
    sgp_city_id city;
    char city_name[64]; /* known once a connection came this far */
    bool has_bounds;    /* told by sgp_placer_set_bounds, or by a connection that came this far */
    sgp_point south_west, north_east;
    sgp_walker *walker; /* NULL = no graph was given: places have no access point */
    uint64_t last_ticket;

    stage stage;
    PGconn *connection;
    struct event *socket_event; /* NULL = none */
    short watching;             /* what it waits for */
    struct event *stage_timer;  /* end of the rest, or of patience while connecting */
    struct event *deadline_timer;
    struct event *refuse_timer;
    struct event *ask_timer;
    int failures; /* in a row, since it was last ready */
    sgp_fault fault;

    lookup_list
        waiting; /* in order of asking, hence of deadline; the first is asked when `asking` */
    lookup_list refused; /* to be answered from the loop at once */
    size_t n_waiting;
    bool asking;      /* a look-up's command is on the connection */
    bool owes_answer; /* … and it is that of the first in `waiting` */
    bool closing;     /* being destroyed: nothing more is taken */
    bool answering;   /* within an answer; destroy must not be called from there */
};

static void start_connecting(sgp_placer *placer);
static void ask_next(sgp_placer *placer);

/* ---- lists ------------------------------------------------------------------------ */

static void list_init(lookup_list *list) {
    list->first = NULL;
    list->end = &list->first;
}

static void list_append(lookup_list *list, lookup *item) {
    item->next = NULL;
    *list->end = item;
    list->end = &item->next;
}

static lookup *list_take_first(lookup_list *list) {
    lookup *item = list->first;
    if (item) {
        list->first = item->next;
        if (!list->first)
            list->end = &list->first;
    }
    return item;
}

/* Where a vehicle stands for the place: of its stands the one with the quickest walk. */
static void add_access(sgp_placer *placer, sgp_place *place) {
    sgp_stand stands[SGP_STANDS_MAX];
    size_t n = 0;
    place->has_access =
        placer->walker &&
        sgp_walker_stands(placer->walker, place->point, &sgp_walk_defaults, stands, &n) == SGP_OK &&
        n > 0;
    if (place->has_access) {
        place->access = stands[0].snap.road;
        place->access_walk_m = (int32_t)((stands[0].walk_mm + 500) / 1000);
    }
}

/* Answers and forgets a look-up that is in no list any more. The answer may ask anew. */
static void answer_lookup(sgp_placer *placer, lookup *item, sgp_err err, sgp_place *places,
                          size_t n) {
    static const sgp_place_reasons no_reasons[SGP_PLACES_MAX];
    placer->n_waiting--;
    if (item->dropped) {
        free(item);
        return;
    }
    for (size_t i = 0; i < n; i++)
        add_access(placer, &places[i]);
    sgp_place_found found = {.places = places, .reasons = no_reasons, .n = n};
    placer->answering = true;
    item->answer(item->ctx, err, &found);
    placer->answering = false;
    free(item);
}

static bool answer_without_database(sgp_placer *placer, lookup *item);

static void answer_all(sgp_placer *placer, lookup_list *list, sgp_err err) {
    /* Only those that wait now: an answer may put new ones behind them. */
    lookup_list now = *list;
    if (!now.first)
        return;
    list_init(list);
    while (now.first) {
        lookup *item = now.first;
        now.first = item->next;
        if (item->refusal == SGP_E_FULL || placer->closing ||
            !answer_without_database(placer, item))
            answer_lookup(placer, item, item->refusal != SGP_OK ? item->refusal : err, NULL, 0);
    }
}

/* ---- the connection's failures ------------------------------------------------------ */

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval when = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(timer, &when);
}

static void forget_socket(sgp_placer *placer) {
    if (placer->socket_event) {
        event_free(placer->socket_event);
        placer->socket_event = NULL;
    }
}

static int64_t back_off_ms(int failures) {
    int64_t ms = BACK_OFF_FIRST_MS;
    for (int i = 1; i < failures && ms < BACK_OFF_LAST_MS; i++)
        ms *= 2;
    return ms < BACK_OFF_LAST_MS ? ms : BACK_OFF_LAST_MS;
}

/* Gives the connection up, answers everybody, and tries again after a rest. */
static void lose_connection(sgp_placer *placer, const char *reason) {
    /* The reason may be the connection's own text, so it is copied before that goes. */
    char line[200];
    snprintf(line, sizeof line, "%s", reason && *reason ? reason : "connection lost");
    line[strcspn(line, "\n")] = '\0';
    forget_socket(placer);
    if (placer->connection) {
        PQfinish(placer->connection);
        placer->connection = NULL;
    }
    placer->stage = STAGE_RESTING;
    placer->asking = placer->owes_answer = false;
    placer->failures++;
    if (placer->failures == 1 || strcmp(line, placer->fault.text) != 0)
        sgp_log(SGP_LOG_WARN, "placer_away", "reason=%s", SGP_Q(line));
    sgp_fail(&placer->fault, SGP_E_DATABASE, "%s", line);
    set_timer(placer->stage_timer, back_off_ms(placer->failures));
    evtimer_del(placer->deadline_timer);
    answer_all(placer, &placer->waiting, SGP_E_DATABASE);
}

/* ---- results ------------------------------------------------------------------------- */

static bool has_state(const PGresult *result, const char *sqlstate) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state && strncmp(state, sqlstate, strlen(sqlstate)) == 0;
}

/* `rows` may be NULL: the place then has no name but its numbers. */
static void answer_point(sgp_placer *placer, lookup *item, const PGresult *rows) {
    sgp_place place, nearest;
    memset(&place, 0, sizeof place);
    place.kind = SGP_PLACE_COORDINATES;
    place.point = item->point;
    place.uncertainty_m = 10;
    place.confidence_permille = 1000;
    if (rows && sgp_reverse_read(rows, item->point, &nearest, 1) == 1) {
        memcpy(place.kelurahan, nearest.kelurahan, sizeof place.kelurahan);
        memcpy(place.kecamatan, nearest.kecamatan, sizeof place.kecamatan);
        memcpy(place.kabupaten, nearest.kabupaten, sizeof place.kabupaten);
        memcpy(place.label, nearest.label, sizeof place.label);
    } else {
        snprintf(place.label, sizeof place.label, "%.5f, %.5f", sgp_lon(item->point),
                 sgp_lat(item->point));
    }
    answer_lookup(placer, item, SGP_OK, &place, 1);
}

static bool within(const sgp_placer *placer, double lon, double lat, sgp_point *point) {
    /* A little beyond the last road is still the city. */
    enum { MARGIN_E7 = 500000 };
    return sgp_point_from_degrees(lon, lat, point) == SGP_OK &&
           (int64_t)point->lon_e7 >= (int64_t)placer->south_west.lon_e7 - MARGIN_E7 &&
           (int64_t)point->lon_e7 <= (int64_t)placer->north_east.lon_e7 + MARGIN_E7 &&
           (int64_t)point->lat_e7 >= (int64_t)placer->south_west.lat_e7 - MARGIN_E7 &&
           (int64_t)point->lat_e7 <= (int64_t)placer->north_east.lat_e7 + MARGIN_E7;
}

/* Two numbers: lon,lat as we write it, or lat,lon as maps on telephones do,
 * whichever lies in the city; as written when both do. */
static bool choose_order(const sgp_placer *placer, const sgp_place_text *text, sgp_point *point) {
    return within(placer, text->first, text->second, point) ||
           within(placer, text->second, text->first, point);
}

/* Two numbers need no database to be a place: only their street stays unknown. True
 * when the look-up has been answered. */
static bool answer_without_database(sgp_placer *placer, lookup *item) {
    if (item->kind == LOOKUP_REVERSE || !item->text.is_point || !placer->has_bounds)
        return false;
    if (choose_order(placer, &item->text, &item->point))
        answer_point(placer, item, NULL);
    else
        answer_lookup(placer, item, SGP_OK, NULL, 0);
    return true;
}

static void answer_rows(sgp_placer *placer, lookup *item, const PGresult *rows) {
    sgp_place places[SGP_PLACES_MAX];
    size_t n = item->kind == LOOKUP_FIND ? sgp_find_read(rows, &item->text, places, item->limit)
                                         : sgp_reverse_read(rows, item->point, places, item->limit);
    answer_lookup(placer, item, SGP_OK, places, n);
}

/* A result for the look-up that was asked. */
static void take_lookup_result(sgp_placer *placer, const PGresult *result) {
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        lookup *item = list_take_first(&placer->waiting);
        placer->owes_answer = false;
        if (item->kind == LOOKUP_POINT)
            answer_point(placer, item, result);
        else
            answer_rows(placer, item, result);
        return;
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    /* Our own statement_timeout speaks first; the connection is still good. */
    if (has_state(result, "57014")) {
        lookup *item = list_take_first(&placer->waiting);
        placer->owes_answer = false;
        if (!answer_without_database(placer, item))
            answer_lookup(placer, item, SGP_E_TIMEOUT, NULL, 0);
        return;
    }
    /* Anything else means that the city is gone or that the server shuts down: begin anew. */
    lose_connection(placer, message);
}

static void take_city(sgp_placer *placer, const PGresult *result) {
    char hex[33];
    sgp_city_id_format(&placer->city, hex);
    if (PQntuples(result) == 0) {
        char reason[120];
        snprintf(reason, sizeof reason,
                 "the database does not hold the city %s: import its extract", hex);
        lose_connection(placer, reason);
        return;
    }
    snprintf(placer->city_name, sizeof placer->city_name, "%s", PQgetvalue(result, 0, 1));
    placer->south_west.lon_e7 = (int32_t)strtol(PQgetvalue(result, 0, 2), NULL, 10);
    placer->south_west.lat_e7 = (int32_t)strtol(PQgetvalue(result, 0, 3), NULL, 10);
    placer->north_east.lon_e7 = (int32_t)strtol(PQgetvalue(result, 0, 4), NULL, 10);
    placer->north_east.lat_e7 = (int32_t)strtol(PQgetvalue(result, 0, 5), NULL, 10);
    placer->has_bounds = true;
}

/* ---- stages ---------------------------------------------------------------------------- */

/* Which schema, and the search path that goes with it. */
static const char CITY_SQL[] =
    "SELECT c.schema, c.name, c.west_e7, c.south_e7, c.east_e7, c.north_e7,"
    " set_config('search_path', quote_ident(c.schema) || ', ' || " SGP_EXTENSION_SCHEMAS_SQL
    ", false)"
    " FROM sigap.city c JOIN pg_namespace s ON s.nspname = c.schema WHERE c.id = $1";

/* The server gives up a little before we do, so that the connection survives. Plans
 * are made once: planning the search costs as much as doing it. */
static const char SETTINGS_SQL[] =
    "SET statement_timeout = 1800; SET jit = off;"
    "SET application_name = 'sigap placer'; SET client_encoding = 'UTF8';"
    "SET plan_cache_mode = force_generic_plan";

static const sgp_place_text WARM_UP = {.number_value = -1, .n_words = 1, .words = {"a"}};

static void enter_stage(sgp_placer *placer, stage next) {
    placer->stage = next;
    char hex[33];
    sgp_city_id_format(&placer->city, hex);
    const char *values[] = {hex};
    int sent = 1;
    switch (next) {
    case STAGE_SETTING:
        sent = PQsendQuery(placer->connection, SETTINGS_SQL);
        break;
    case STAGE_CITY:
        sent = PQsendQueryParams(placer->connection, CITY_SQL, 1, NULL, values, NULL, NULL, 0);
        break;
    case STAGE_PREPARING_FIND:
        sent = PQsendPrepare(placer->connection, SGP_FIND_STATEMENT, SGP_FIND_SQL, 0, NULL);
        break;
    case STAGE_PREPARING_REVERSE:
        sent = PQsendPrepare(placer->connection, SGP_REVERSE_STATEMENT, SGP_REVERSE_SQL, 0, NULL);
        break;
    case STAGE_WARMING:
        sent = sgp_find_send(placer->connection, &WARM_UP, NULL, placer->city_name);
        break;
    case STAGE_READY:
        evtimer_del(placer->stage_timer);
        if (placer->failures > 0)
            sgp_log(SGP_LOG_INFO, "placer_back", "city=%s", SGP_Q(placer->city_name));
        placer->failures = 0;
        placer->fault.text[0] = '\0';
        ask_next(placer);
        return;
    case STAGE_RESTING:
    case STAGE_CONNECTING:
        break;
    }
    if (!sent)
        lose_connection(placer, PQerrorMessage(placer->connection));
}

/* A result of one of the stages before READY. */
static void take_stage_result(sgp_placer *placer, const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        /* Without the registry there is no city: the same thing in better words. */
        if (placer->stage == STAGE_CITY && has_state(result, "42P01"))
            lose_connection(placer, "the database holds no city yet: import an extract");
        else
            lose_connection(placer, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    } else if (placer->stage == STAGE_CITY) {
        take_city(placer, result);
    }
}

/* ---- the socket -------------------------------------------------------------------------- */

static void on_socket(evutil_socket_t fd, short what, void *arg);

static void watch_socket(sgp_placer *placer, short what) {
    /* While connecting libpq may change the socket between two steps. */
    if (placer->socket_event && placer->watching == what && placer->stage != STAGE_CONNECTING)
        return;
    forget_socket(placer);
    placer->watching = what;
    placer->socket_event = event_new(placer->base, PQsocket(placer->connection),
                                     (short)(what | EV_PERSIST), on_socket, placer);
    if (!placer->socket_event || event_add(placer->socket_event, NULL) != 0)
        lose_connection(placer, "the event loop takes no more sockets");
}

/* Sends what libpq still holds back; asks to be told when more can be sent. */
static void flush_socket(sgp_placer *placer) {
    if (!placer->connection || placer->stage == STAGE_CONNECTING)
        return;
    int left = PQflush(placer->connection);
    if (left < 0)
        lose_connection(placer, PQerrorMessage(placer->connection));
    else
        watch_socket(placer, (short)(EV_READ | (left > 0 ? EV_WRITE : 0)));
}

static void go_on_connecting(sgp_placer *placer) {
    switch (PQconnectPoll(placer->connection)) {
    case PGRES_POLLING_READING:
        watch_socket(placer, EV_READ);
        break;
    case PGRES_POLLING_WRITING:
        watch_socket(placer, EV_WRITE);
        break;
    case PGRES_POLLING_OK:
        PQsetnonblocking(placer->connection, 1);
        enter_stage(placer, STAGE_SETTING);
        flush_socket(placer);
        break;
    default:
        lose_connection(placer, PQerrorMessage(placer->connection));
    }
}

/* Takes every result that is there. The connection may be lost on the way. */
static void take_results(sgp_placer *placer) {
    while (placer->connection && !PQisBusy(placer->connection)) {
        PGresult *result = PQgetResult(placer->connection);
        if (!result) {
            /* The command is complete: on to the next stage or the next look-up. */
            placer->asking = false;
            if (placer->stage == STAGE_READY)
                ask_next(placer);
            else
                enter_stage(placer, (stage)(placer->stage + 1));
            if (placer->stage == STAGE_READY && !placer->asking)
                return;
            flush_socket(placer);
            continue;
        }
        if (placer->stage != STAGE_READY)
            take_stage_result(placer, result);
        else if (placer->owes_answer)
            take_lookup_result(placer, result);
        PQclear(result);
    }
}

static void on_socket(evutil_socket_t fd, short what, void *arg) {
    sgp_placer *placer = arg;
    (void)fd;
    if (placer->stage == STAGE_CONNECTING) {
        go_on_connecting(placer);
        return;
    }
    if (what & EV_WRITE)
        flush_socket(placer);
    if (!placer->connection || !(what & EV_READ))
        return;
    if (!PQconsumeInput(placer->connection)) {
        lose_connection(placer, PQerrorMessage(placer->connection));
        return;
    }
    take_results(placer);
    /* A server that shuts down says so while nobody asks anything. */
    if (placer->connection && PQstatus(placer->connection) == CONNECTION_BAD)
        lose_connection(placer, PQerrorMessage(placer->connection));
}

static void drop_notice(void *ctx, const char *message) {
    (void)ctx;
    (void)message;
}

static void start_connecting(sgp_placer *placer) {
    placer->connection = PQconnectStart(placer->conninfo);
    if (!placer->connection || PQstatus(placer->connection) == CONNECTION_BAD) {
        lose_connection(placer,
                        placer->connection ? PQerrorMessage(placer->connection) : "no memory left");
        return;
    }
    PQsetNoticeProcessor(placer->connection, drop_notice, NULL);
    placer->stage = STAGE_CONNECTING;
    set_timer(placer->stage_timer, CONNECT_MS);
    /* libpq: behave as if the last poll had asked for writing. */
    watch_socket(placer, EV_WRITE);
}

/* ---- timers -------------------------------------------------------------------------------- */

static void on_stage_timer(evutil_socket_t fd, short what, void *arg) {
    sgp_placer *placer = arg;
    (void)fd;
    (void)what;
    if (placer->stage == STAGE_RESTING)
        start_connecting(placer);
    else if (placer->stage != STAGE_READY)
        lose_connection(placer, "the database did not let us in within 5 seconds");
}

static void set_deadline(sgp_placer *placer) {
    if (!placer->waiting.first) {
        evtimer_del(placer->deadline_timer);
        return;
    }
    int64_t left_ms = (placer->waiting.first->deadline_us - sgp_monotonic_us()) / 1000;
    set_timer(placer->deadline_timer, left_ms > 0 ? left_ms : 1);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg) {
    sgp_placer *placer = arg;
    (void)fd;
    (void)what;
    bool lost = false;
    while (placer->waiting.first &&
           placer->waiting.first->deadline_us <= sgp_monotonic_us() + 1000) {
        lookup *item = list_take_first(&placer->waiting);
        /* A server that is silent for that long will not speak again. */
        lost = lost || placer->owes_answer;
        placer->owes_answer = false;
        if (!answer_without_database(placer, item))
            answer_lookup(placer, item, SGP_E_TIMEOUT, NULL, 0);
    }
    if (lost && placer->connection)
        lose_connection(placer, "the database did not answer within 2 seconds");
    set_deadline(placer);
}

static void on_refuse(evutil_socket_t fd, short what, void *arg) {
    sgp_placer *placer = arg;
    (void)fd;
    (void)what;
    answer_all(placer, &placer->refused, SGP_E_DATABASE);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void refuse_later(sgp_placer *placer, lookup *item, sgp_err why) {
    item->refusal = why;
    list_append(&placer->refused, item);
    set_timer(placer->refuse_timer, 0);
}

/* Asks for the first that waits. Those that need no database are answered on the way. */
static void ask_next(sgp_placer *placer) {
    while (placer->stage == STAGE_READY && !placer->asking && placer->waiting.first) {
        lookup *item = placer->waiting.first;
        bool sent;
        if (item->kind == LOOKUP_FIND && item->text.is_point) {
            if (!choose_order(placer, &item->text, &item->point)) {
                answer_lookup(placer, list_take_first(&placer->waiting), SGP_OK, NULL, 0);
                continue;
            }
            item->kind = LOOKUP_POINT;
        }
        if (item->kind == LOOKUP_FIND && item->text.n_words == 0) {
            answer_lookup(placer, list_take_first(&placer->waiting), SGP_OK, NULL, 0);
            continue;
        }
        if (item->kind == LOOKUP_FIND)
            sent = sgp_find_send(placer->connection, &item->text,
                                 item->has_near ? &item->near : NULL, placer->city_name);
        else
            sent = sgp_reverse_send(placer->connection, item->point);
        if (!sent) {
            lose_connection(placer, PQerrorMessage(placer->connection));
            return;
        }
        placer->asking = placer->owes_answer = true;
        flush_socket(placer);
    }
    set_deadline(placer);
}

static void on_ask(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    ask_next(arg);
}

static void add_lookup(sgp_placer *placer, lookup *item) {
    placer->n_waiting++;
    item->deadline_us = sgp_monotonic_us() + (int64_t)LOOKUP_MS * 1000;
    /* While the first connection is being made, waiting is shorter than asking again. */
    bool soon =
        placer->stage == STAGE_READY || (placer->stage != STAGE_RESTING && placer->failures == 0);
    if (placer->n_waiting > WAITING_MAX) {
        refuse_later(placer, item, SGP_E_FULL);
    } else if (!soon) {
        refuse_later(placer, item, SGP_E_DATABASE);
    } else {
        list_append(&placer->waiting, item);
        if (placer->waiting.first == item)
            set_deadline(placer);
        /* Not at once: the answer must never come from within the asking. */
        set_timer(placer->ask_timer, 0);
    }
}

static lookup *make_lookup(lookup_kind kind, sgp_placer_answer answer, void *ctx) {
    lookup *item = calloc(1, sizeof *item);
    if (item) {
        item->kind = kind;
        item->answer = answer;
        item->ctx = ctx;
    }
    return item;
}

sgp_err sgp_placer_find(sgp_placer *placer, const char *text, const sgp_place_options *options,
                        sgp_placer_answer answer, void *ctx, uint64_t *ticket) {
    static const sgp_place_options plain;
    if (!options)
        options = &plain;
    if (placer->closing)
        return SGP_E_STATE;
    lookup *item = make_lookup(LOOKUP_FIND, answer, ctx);
    if (!item)
        return SGP_E_MEMORY;
    sgp_err err = sgp_place_text_parse(text, &item->text);
    if (err != SGP_OK) {
        free(item);
        return err;
    }
    item->limit =
        options->limit > 0 && options->limit < SGP_PLACES_MAX ? options->limit : SGP_PLACES_MAX;
    if (options->near) {
        item->has_near = true;
        item->near = *options->near;
    }
    item->ticket = ++placer->last_ticket;
    if (ticket)
        *ticket = item->ticket;
    add_lookup(placer, item);
    return SGP_OK;
}

static void drop_from(lookup_list *list, uint64_t ticket) {
    for (lookup *item = list->first; item; item = item->next)
        if (item->ticket == ticket)
            item->dropped = true;
}

void sgp_placer_drop(sgp_placer *placer, uint64_t ticket) {
    if (ticket == 0) /* that of reverse look-ups */
        return;
    drop_from(&placer->waiting, ticket);
    drop_from(&placer->refused, ticket);
}

sgp_err sgp_placer_reverse(sgp_placer *placer, sgp_point point, sgp_placer_answer answer,
                           void *ctx) {
    if (placer->closing)
        return SGP_E_STATE;
    lookup *item = make_lookup(LOOKUP_REVERSE, answer, ctx);
    if (!item)
        return SGP_E_MEMORY;
    item->point = point;
    item->limit = SGP_PLACES_MAX;
    add_lookup(placer, item);
    return SGP_OK;
}

/* ---- life ------------------------------------------------------------------------------------ */

void sgp_placer_set_bounds(sgp_placer *placer, sgp_point south_west, sgp_point north_east) {
    placer->south_west = south_west;
    placer->north_east = north_east;
    placer->has_bounds = true;
}

sgp_err sgp_placer_set_graph(sgp_placer *placer, const sgp_graph *graph) {
    sgp_walker *walker = NULL;
    sgp_err err = sgp_walker_create(graph, &walker);
    if (err != SGP_OK)
        return err;
    sgp_walker_destroy(placer->walker);
    placer->walker = walker;
    return SGP_OK;
}

bool sgp_placer_away(const sgp_placer *placer) {
    return placer->stage != STAGE_READY;
}

const char *sgp_placer_fault(const sgp_placer *placer) {
    return placer->fault.text;
}

sgp_err sgp_placer_create(struct event_base *base, const char *conninfo, const sgp_city_id *city,
                          sgp_placer **placer, sgp_fault *fault) {
    if (strlen(conninfo) >= CONNINFO_BYTES)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the database setting is longer than %d bytes",
                        CONNINFO_BYTES - 1);
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    if (!options) {
        sgp_fail(fault, SGP_E_CONFIG, "the database setting cannot be read: %.150s",
                 message ? message : "no memory left");
        PQfreemem(message);
        return SGP_E_CONFIG;
    }
    PQconninfoFree(options);
    sgp_placer *made = calloc(1, sizeof *made);
    if (!made)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    made->base = base;
    memcpy(made->conninfo, conninfo, strlen(conninfo) + 1);
    made->city = *city;
    list_init(&made->waiting);
    list_init(&made->refused);
    made->stage_timer = evtimer_new(base, on_stage_timer, made);
    made->deadline_timer = evtimer_new(base, on_deadline, made);
    made->refuse_timer = evtimer_new(base, on_refuse, made);
    made->ask_timer = evtimer_new(base, on_ask, made);
    if (!made->stage_timer || !made->deadline_timer || !made->refuse_timer || !made->ask_timer) {
        sgp_placer_destroy(made);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    }
    start_connecting(made);
    *placer = made;
    return SGP_OK;
}

void sgp_placer_destroy(sgp_placer *placer) {
    if (!placer)
        return;
    assert(!placer->answering && "an answer must not destroy its placer");
    forget_socket(placer);
    if (placer->connection)
        PQfinish(placer->connection);
    placer->connection = NULL;
    placer->closing = true;
    answer_all(placer, &placer->waiting, SGP_E_DATABASE);
    answer_all(placer, &placer->refused, SGP_E_DATABASE);
    struct event *timers[] = {placer->stage_timer, placer->deadline_timer, placer->refuse_timer,
                              placer->ask_timer};
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++)
        if (timers[i])
            event_free(timers[i]);
    sgp_walker_destroy(placer->walker);
    free(placer);
}
