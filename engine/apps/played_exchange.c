#include "apps/played_exchange.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <wslay/wslay.h>

#include "base/clock.h"
#include "serve/websocket_key.h"

enum { TICK_MS = 20 };

typedef enum call_state {
    CALL_TO_COME,
    CALL_OUTSIDE, /* came, and no application has it yet */
    CALL_RINGS,
    CALL_TALKS,
    CALL_HELD,
    CALL_OVER
} call_state;

typedef struct caller {
    const sgp_played_call *script;
    call_state state;
    char id[40];
    int64_t came_ms, answered_ms; /* of the play's time */
    bool was_held;
    char recording[96]; /* "" = it is not recorded */
    char bridge[64];    /* "" = in none */
} caller;

/* A call-taker's telephone that an application has rung up. */
typedef struct handset {
    char id[64], endpoint[64], bridge[64];
    bool is_up, is_over;
    int64_t rings_at_ms, rings_until_ms, up_at_ms;
} handset;

struct sgp_played_exchange {
    struct event_base *base;
    const sgp_played_options *options;
    struct evhttp *http;
    uint16_t port;
    struct event *tick;
    int64_t begun_us; /* 0 = it has not begun */
    char login[256];
    char application[64]; /* that listens */
    caller *callers;
    size_t n;
    handset *handsets; /* those that are over too */
    size_t n_handsets;
    sgp_played_count count;

    struct evhttp_connection *listener; /* the WebSocket's connection; NULL: nobody listens */
    struct bufferevent *wire;
    wslay_event_context_ptr context;
    bool broken; /* it is dropped at the next tick */
};

/* ---- the script ------------------------------------------------------------------ */

static bool read_seconds(char **words, int64_t *ms) {
    char *word = strsep(words, " "), *end = NULL;
    double seconds = word != NULL ? strtod(word, &end) : 0;
    if (word == NULL || end == word || *end != '\0' || !(seconds >= 0 && seconds <= 86400))
        return false;
    *ms = (int64_t)(seconds * 1000);
    return true;
}

sgp_err sgp_played_behaviour(const char *text, sgp_played_call *call, sgp_fault *fault) {
    char copy[128], *words = copy, *word;
    if (strlen(text) >= sizeof copy)
        return sgp_fail(fault, SGP_E_FORMAT, "a behaviour is longer than %zu bytes",
                        sizeof copy - 1);
    strcpy(copy, text);
    while ((word = strsep(&words, " ")) != NULL) {
        bool good = *word == '\0';
        if (strcmp(word, "abandon") == 0)
            good = read_seconds(&words, &call->patience_ms);
        else if (strcmp(word, "talk") == 0)
            good = read_seconds(&words, &call->talk_ms);
        else if (strcmp(word, "hold") == 0)
            good =
                read_seconds(&words, &call->hold_after_ms) && read_seconds(&words, &call->hold_ms);
        if (!good)
            return sgp_fail(fault, SGP_E_FORMAT,
                            "'%.40s' is not a behaviour: abandon S, talk S, hold AFTER S", text);
    }
    return SGP_OK;
}

static sgp_err read_line(char *line, sgp_played_call *call, sgp_fault *fault) {
    char *rest = line;
    char *at = strsep(&rest, ","), *number = strsep(&rest, ","), *dialled = strsep(&rest, ",");
    char *seconds = at;
    *call = (sgp_played_call){.at_ms = 0};
    if (rest == NULL)
        return sgp_fail(fault, SGP_E_FORMAT, "four fields are needed: at_s,number,line,behaviour");
    if (!read_seconds(&seconds, &call->at_ms))
        return sgp_fail(fault, SGP_E_FORMAT, "'%.40s' is no number of seconds", at);
    if (strlen(number) >= sizeof call->number || strlen(dialled) >= sizeof call->line)
        return sgp_fail(fault, SGP_E_FORMAT, "the number or the line is too long");
    strcpy(call->number, number);
    strcpy(call->line, dialled);
    return sgp_played_behaviour(rest, call, fault);
}

sgp_err sgp_played_calls_read(const char *path, sgp_played_call **calls, size_t *n,
                              sgp_fault *fault) {
    char line[512];
    sgp_fault why = {.text = ""};
    sgp_err err = SGP_OK;
    FILE *file = fopen(path, "re");
    *calls = NULL;
    *n = 0;
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "%s: %m", path);
    sgp_played_call *made = calloc(SGP_PLAYED_CALLS_MAX, sizeof *made);
    if (made == NULL)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the script");
    for (int number = 1; err == SGP_OK && fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#' || (number == 1 && strncmp(line, "at_s,", 5) == 0))
            continue;
        if (*n == SGP_PLAYED_CALLS_MAX)
            err = sgp_fail(fault, SGP_E_TOO_LARGE, "%s: more than %d calls", path,
                           SGP_PLAYED_CALLS_MAX);
        else if ((err = read_line(line, &made[*n], &why)) != SGP_OK)
            err = sgp_fail(fault, err, "%s:%d: %s", path, number, why.text);
        else
            ++*n;
    }
    fclose(file);
    if (err != SGP_OK)
        free(made);
    else
        *calls = made;
    return err;
}

/* ---- what goes out ----------------------------------------------------------------- */

/* Times of the script, however fast it is played. */
static int64_t play_ms(const sgp_played_exchange *e) {
    double speed = e->options->speed > 0 ? e->options->speed : 1;
    return (int64_t)((double)(sgp_monotonic_us() - e->begun_us) / 1000 * speed);
}

static void say(const sgp_played_exchange *e, const caller *who, const char *what) {
    if (e->options->told == NULL)
        return;
    fprintf(e->options->told, "%8.1f s  call %zu  %s\n", (double)play_ms(e) / 1000,
            (size_t)(who - e->callers) + 1, what);
    fflush(e->options->told);
}

static void stamp(char out[40]) {
    int64_t now_ms = sgp_wall_ms();
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    size_t n = strftime(out, 40, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + n, 40 - n, ".%03d+0000", (int)(now_ms % 1000));
}

static json_t *channel_of(const sgp_played_exchange *e, const caller *who) {
    char name[64], data[128], time[40];
    bool up = who->state == CALL_TALKS || who->state == CALL_HELD;
    snprintf(name, sizeof name, "PJSIP/played-%08zx", (size_t)(who - e->callers));
    snprintf(data, sizeof data, "%s,%s", e->application, who->script->line);
    stamp(time);
    return json_pack("{s:s,s:s,s:s,s:{s:s,s:s},s:{s:s,s:s},s:s,s:{s:s,s:s,s:i,s:s,s:s},s:s,s:s}",
                     "id", who->id, "name", name, "state", up ? "Up" : "Ring", "caller", "name", "",
                     "number", who->script->number, "connected", "name", "", "number", "",
                     "accountcode", "", "dialplan", "context", "played", "exten", who->script->line,
                     "priority", 2, "app_name", "Stasis", "app_data", data, "creationtime", time,
                     "language", "id");
}

static json_t *handset_channel(const handset *phone) {
    char time[40];
    stamp(time);
    return json_pack("{s:s,s:s,s:s,s:{s:s,s:s},s:{s:s,s:s,s:i,s:s,s:s},s:s,s:s}", "id", phone->id,
                     "name", phone->endpoint, "state", phone->is_up ? "Up" : "Ringing", "caller",
                     "name", "", "number", "", "dialplan", "context", "played", "exten", "",
                     "priority", 1, "app_name", "", "app_data", "", "creationtime", time,
                     "language", "id");
}

static void drop_listener(sgp_played_exchange *e) {
    if (e->context != NULL)
        wslay_event_context_free(e->context);
    if (e->listener != NULL) {
        evhttp_connection_set_closecb(e->listener, NULL, NULL);
        evhttp_connection_free(e->listener);
    }
    e->context = NULL;
    e->listener = NULL;
    e->wire = NULL;
    e->broken = false;
}

/* Takes the reference. */
static void send_event(sgp_played_exchange *e, const char *type, json_t *event) {
    char time[40];
    stamp(time);
    json_object_set_new(event, "type", json_string(type));
    json_object_set_new(event, "application", json_string(e->application));
    json_object_set_new(event, "timestamp", json_string(time));
    json_object_set_new(event, "asterisk_id", json_string("00:00:00:00:00:00"));
    char *text = json_dumps(event, JSON_COMPACT);
    json_decref(event);
    if (text != NULL && e->context != NULL && !e->broken) {
        struct wslay_event_msg message = {WSLAY_TEXT_FRAME, (uint8_t *)text, strlen(text)};
        if (wslay_event_queue_msg(e->context, &message) != 0 || wslay_event_send(e->context) != 0)
            e->broken = true;
    }
    free(text);
}

static void tell(sgp_played_exchange *e, const char *type, const caller *who) {
    json_t *event = json_object();
    json_object_set_new(event, "channel", channel_of(e, who));
    if (strcmp(type, "StasisStart") == 0)
        json_object_set_new(event, "args", json_pack("[s]", who->script->line));
    if (strcmp(type, "ChannelDestroyed") == 0) {
        json_object_set_new(event, "cause", json_integer(16));
        json_object_set_new(event, "cause_txt", json_string("Normal Clearing"));
    }
    send_event(e, type, event);
}

static json_t *recording_of(const caller *who, const char *state) {
    char target[96];
    bool joined = who->bridge[0] != '\0';
    snprintf(target, sizeof target, "%s:%s", joined ? "bridge" : "channel",
             joined ? who->bridge : who->id);
    return json_pack("{s:s,s:s,s:s,s:s}", "name", who->recording, "format", "wav", "target_uri",
                     target, "state", state);
}

/* ---- what callers do ------------------------------------------------------------------ */

static bool is_in(const caller *who) {
    return who->state == CALL_RINGS || who->state == CALL_TALKS || who->state == CALL_HELD;
}

static void hang_up(sgp_played_exchange *e, caller *who) {
    bool was_in = is_in(who), answered = who->answered_ms > 0;
    say(e, who, answered ? "is over" : "hangs up, unanswered");
    e->count.ended++;
    e->count.abandoned += !answered;
    if (was_in && who->recording[0] != '\0')
        send_event(e, "RecordingFinished",
                   json_pack("{s:o}", "recording", recording_of(who, "done")));
    if (was_in) {
        tell(e, "StasisEnd", who);
        tell(e, "ChannelDestroyed", who);
    }
    who->state = CALL_OVER;
}

static void answer(sgp_played_exchange *e, caller *who) {
    int64_t now_ms = play_ms(e);
    if (who->state != CALL_RINGS)
        return;
    who->state = CALL_TALKS;
    who->answered_ms = now_ms > 0 ? now_ms : 1;
    e->count.answered++;
    say(e, who, "is answered");
    tell(e, "ChannelStateChange", who);
}

static void follow(sgp_played_exchange *e, caller *who, int64_t now_ms) {
    const sgp_played_call *script = who->script;
    bool waits = who->state == CALL_OUTSIDE || who->state == CALL_RINGS;
    if (who->state == CALL_TO_COME && now_ms >= script->at_ms) {
        who->state = CALL_OUTSIDE;
        who->came_ms = now_ms;
        e->count.came++;
        waits = true;
    }
    if (waits && script->patience_ms > 0 && now_ms - who->came_ms >= script->patience_ms) {
        hang_up(e, who);
        return;
    }
    if (who->state == CALL_OUTSIDE && e->context != NULL && !e->broken) {
        who->state = CALL_RINGS;
        e->count.handed_over++;
        say(e, who, "rings");
        tell(e, "StasisStart", who);
    }
    int64_t talked_ms = now_ms - who->answered_ms;
    if (who->state == CALL_TALKS && script->hold_ms > 0 && !who->was_held &&
        talked_ms >= script->hold_after_ms) {
        who->state = CALL_HELD;
        who->was_held = true;
        say(e, who, "is held");
        tell(e, "ChannelHold", who);
    } else if (who->state == CALL_HELD && talked_ms >= script->hold_after_ms + script->hold_ms) {
        who->state = CALL_TALKS;
        say(e, who, "is no longer held");
        tell(e, "ChannelUnhold", who);
    }
    if ((who->state == CALL_TALKS || who->state == CALL_HELD) && script->talk_ms > 0 &&
        talked_ms >= script->talk_ms)
        hang_up(e, who);
}

/* ---- what handsets do ----------------------------------------------------------------- */

static void say_handset(const sgp_played_exchange *e, const handset *phone, const char *what) {
    if (e->options->told == NULL)
        return;
    fprintf(e->options->told, "%8.1f s  %s  %s\n", (double)play_ms(e) / 1000, phone->endpoint,
            what);
    fflush(e->options->told);
}

static void tell_handset(sgp_played_exchange *e, const char *type, const handset *phone,
                         int cause) {
    json_t *event = json_pack("{s:o}", "channel", handset_channel(phone));
    if (cause > 0)
        json_object_set_new(event, "cause", json_integer(cause));
    if (strcmp(type, "StasisStart") == 0)
        json_object_set_new(event, "args", json_pack("[s]", "handset"));
    send_event(e, type, event);
}

static void put_down(sgp_played_exchange *e, handset *phone, int cause, const char *what) {
    phone->is_over = true;
    say_handset(e, phone, what);
    if (phone->is_up)
        tell_handset(e, "StasisEnd", phone, 0);
    tell_handset(e, "ChannelDestroyed", phone, cause);
    phone->bridge[0] = '\0';
}

/* How often that telephone has been rung up. */
static size_t times_rung(const sgp_played_exchange *e, const handset *phone) {
    size_t n = 0;
    for (const handset *other = e->handsets; other <= phone; other++)
        n += strcmp(other->endpoint, phone->endpoint) == 0;
    return n;
}

/* Picks up after a moment; what else it does is in its name. */
static void follow_handset(sgp_played_exchange *e, handset *phone, int64_t now_ms) {
    enum { PICKS_UP_MS = 600, TALKS_MS = 1500 };
    enum { HUNG_UP = 16, BUSY = 17, NO_ANSWER = 19, LINE_BROKE = 38 };
    bool busy = strstr(phone->endpoint, "busy") != NULL;
    bool nobody = strstr(phone->endpoint, "nobody") != NULL;
    bool talked = phone->is_up && now_ms - phone->up_at_ms >= TALKS_MS;
    if (!phone->is_up && now_ms - phone->rings_at_ms >= PICKS_UP_MS && !nobody) {
        if (busy) {
            put_down(e, phone, BUSY, "is busy");
            return;
        }
        phone->is_up = true;
        phone->up_at_ms = now_ms;
        say_handset(e, phone, "picks up");
        tell_handset(e, "ChannelStateChange", phone, 0);
        tell_handset(e, "StasisStart", phone, 0);
    } else if (!phone->is_up && now_ms >= phone->rings_until_ms) {
        put_down(e, phone, NO_ANSWER, "does not answer");
    } else if (talked && strstr(phone->endpoint, "hangs-up") != NULL) {
        put_down(e, phone, HUNG_UP, "hangs up");
    } else if (talked && strstr(phone->endpoint, "breaks") != NULL && times_rung(e, phone) == 1) {
        put_down(e, phone, LINE_BROKE, "loses its line");
    }
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_played_exchange *e = ctx;
    int64_t now_ms = play_ms(e);
    if (e->broken)
        drop_listener(e);
    for (size_t i = 0; i < e->n && e->begun_us != 0; i++)
        if (e->callers[i].state != CALL_OVER)
            follow(e, &e->callers[i], now_ms);
    for (size_t i = 0; i < e->n_handsets; i++)
        if (!e->handsets[i].is_over)
            follow_handset(e, &e->handsets[i], now_ms);
}

/* ---- the WebSocket ----------------------------------------------------------------------- */

static ssize_t take_bytes(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags,
                          void *ctx) {
    (void)flags;
    sgp_played_exchange *e = ctx;
    int n = e->broken ? 0 : evbuffer_remove(bufferevent_get_input(e->wire), bytes, length);
    if (n > 0)
        return n;
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
}

static ssize_t give_bytes(wslay_event_context_ptr context, const uint8_t *bytes, size_t length,
                          int flags, void *ctx) {
    (void)flags;
    sgp_played_exchange *e = ctx;
    if (bufferevent_write(e->wire, bytes, length) == 0)
        return (ssize_t)length;
    wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static void on_read(struct bufferevent *wire, void *ctx) {
    (void)wire;
    sgp_played_exchange *e = ctx;
    if (!e->broken && (wslay_event_recv(e->context) != 0 || wslay_event_send(e->context) != 0 ||
                       wslay_event_get_close_received(e->context)))
        e->broken = true;
}

static void on_wire(struct bufferevent *wire, short what, void *ctx) {
    (void)wire;
    sgp_played_exchange *e = ctx;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        e->broken = true;
}

static void on_gone(struct evhttp_connection *connection, void *ctx) {
    (void)connection;
    sgp_played_exchange *e = ctx;
    e->listener = NULL; /* it went by itself, with its wire */
    e->broken = true;
}

static void listen_to(sgp_played_exchange *e, struct evhttp_request *request, const char *name) {
    static const struct wslay_event_callbacks callbacks = {.recv_callback = take_bytes,
                                                           .send_callback = give_bytes};
    char accept[SGP_WEBSOCKET_ACCEPT_BYTES];
    struct evkeyvalq *in = evhttp_request_get_input_headers(request);
    struct evkeyvalq *out = evhttp_request_get_output_headers(request);
    if (evhttp_find_header(in, "Upgrade") == NULL ||
        !sgp_websocket_accept(evhttp_find_header(in, "Sec-WebSocket-Key"), accept)) {
        evhttp_send_error(request, 426, "Upgrade Required");
        return;
    }
    if (e->context != NULL) {
        send_event(e, "ApplicationReplaced", json_object());
        drop_listener(e);
    }
    wslay_event_context_ptr context;
    if (wslay_event_context_server_init(&context, &callbacks, e) != 0) {
        evhttp_send_error(request, 500, "No memory");
        return;
    }
    evhttp_add_header(out, "Upgrade", "websocket");
    evhttp_add_header(out, "Connection", "Upgrade");
    evhttp_add_header(out, "Sec-WebSocket-Accept", accept);
    evhttp_send_reply_start(request, 101, "Switching Protocols");
    snprintf(e->application, sizeof e->application, "%s", name);
    e->context = context;
    if (e->begun_us == 0)
        e->begun_us = sgp_monotonic_us();
    e->listener = evhttp_request_get_connection(request);
    e->wire = evhttp_connection_get_bufferevent(e->listener);
    evhttp_connection_set_closecb(e->listener, on_gone, e);
    bufferevent_set_timeouts(e->wire, NULL, NULL);
    bufferevent_setcb(e->wire, on_read, NULL, on_wire, e);
    bufferevent_enable(e->wire, EV_READ | EV_WRITE);
}

/* ---- requests ------------------------------------------------------------------------------ */

static void reply_json(struct evhttp_request *request, int status, json_t *json) {
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    struct evbuffer *body = evbuffer_new();
    json_decref(json);
    if (text != NULL) {
        evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                          "application/json");
        evbuffer_add(body, text, strlen(text));
    }
    evhttp_send_reply(request, status, status < 300 ? "OK" : "Error", body);
    evbuffer_free(body);
    free(text);
}

static void list_channels(sgp_played_exchange *e, struct evhttp_request *request) {
    json_t *list = json_array();
    for (size_t i = 0; i < e->n; i++)
        if (is_in(&e->callers[i]))
            json_array_append_new(list, channel_of(e, &e->callers[i]));
    for (size_t i = 0; i < e->n_handsets; i++)
        if (!e->handsets[i].is_over)
            json_array_append_new(list, handset_channel(&e->handsets[i]));
    reply_json(request, 200, list);
}

static caller *find_caller(sgp_played_exchange *e, const char *id, size_t length) {
    for (size_t i = 0; i < e->n; i++)
        if (is_in(&e->callers[i]) && strlen(e->callers[i].id) == length &&
            memcmp(e->callers[i].id, id, length) == 0)
            return &e->callers[i];
    return NULL;
}

static handset *find_handset(sgp_played_exchange *e, const char *id, size_t length) {
    for (size_t i = 0; i < e->n_handsets; i++)
        if (!e->handsets[i].is_over && strlen(e->handsets[i].id) == length &&
            memcmp(e->handsets[i].id, id, length) == 0)
            return &e->handsets[i];
    return NULL;
}

/* POST /channels/ID: a channel of that name to an endpoint. */
static void originate(sgp_played_exchange *e, struct evhttp_request *request, const char *id,
                      struct evkeyvalq *query) {
    const char *endpoint = evhttp_find_header(query, "endpoint");
    const char *timeout = evhttp_find_header(query, "timeout");
    int64_t now_ms = play_ms(e);
    handset *grown = realloc(e->handsets, (e->n_handsets + 1) * sizeof *grown);
    if (grown != NULL)
        e->handsets = grown;
    if (grown == NULL || endpoint == NULL || *endpoint == '\0' ||
        evhttp_find_header(query, "app") == NULL) {
        reply_json(request, 400, json_pack("{s:s}", "message", "Endpoint not specified"));
        return;
    }
    if (find_handset(e, id, strlen(id)) != NULL || find_caller(e, id, strlen(id)) != NULL) {
        reply_json(request, 409, json_pack("{s:s}", "message", "Channel exists already"));
        return;
    }
    handset *phone = &e->handsets[e->n_handsets++];
    *phone = (handset){.rings_at_ms = now_ms, .rings_until_ms = now_ms + 30000};
    if (timeout != NULL && atoi(timeout) > 0)
        phone->rings_until_ms = now_ms + (int64_t)atoi(timeout) * 1000;
    snprintf(phone->id, sizeof phone->id, "%s", id);
    snprintf(phone->endpoint, sizeof phone->endpoint, "%s", endpoint);
    say_handset(e, phone, "rings");
    reply_json(request, 200, handset_channel(phone));
}

/* The channel whose ids are between commas, into the bridge; false: one is not there. */
static bool join(sgp_played_exchange *e, const char *bridge, const char *channels) {
    for (const char *at = channels; *at != '\0';) {
        size_t length = strcspn(at, ",");
        caller *who = find_caller(e, at, length);
        handset *phone = find_handset(e, at, length);
        char *room = who != NULL ? who->bridge : phone != NULL ? phone->bridge : NULL;
        if (room == NULL)
            return false;
        snprintf(room, sizeof who->bridge, "%s", bridge);
        at += length + (at[length] == ',');
    }
    for (size_t i = 0; i < e->n; i++)
        for (size_t k = 0; k < e->n_handsets; k++)
            if (is_in(&e->callers[i]) && strcmp(e->callers[i].bridge, bridge) == 0 &&
                strcmp(e->handsets[k].bridge, bridge) == 0)
                say(e, &e->callers[i], "talks with a call-taker");
    return true;
}

static caller *caller_in(sgp_played_exchange *e, const char *bridge) {
    for (size_t i = 0; i < e->n; i++)
        if (is_in(&e->callers[i]) && strcmp(e->callers[i].bridge, bridge) == 0)
            return &e->callers[i];
    return NULL;
}

/* "/bridges/ID" and "/bridges/ID/WHAT". A bridge is no more than its name. */
static void do_bridge(sgp_played_exchange *e, struct evhttp_request *request, const char *rest,
                      struct evkeyvalq *query) {
    bool post = evhttp_request_get_command(request) == EVHTTP_REQ_POST;
    char bridge[64];
    size_t length = strcspn(rest, "/");
    const char *what = rest + length;
    const char *channels = evhttp_find_header(query, "channel");
    const char *name = evhttp_find_header(query, "name");
    snprintf(bridge, sizeof bridge, "%.*s", (int)length, rest);
    if (evhttp_request_get_command(request) == EVHTTP_REQ_DELETE && *what == '\0') {
        reply_json(request, 204, NULL);
    } else if (post && *what == '\0') {
        reply_json(request, 200, json_pack("{s:s,s:s}", "id", bridge, "bridge_type", "mixing"));
    } else if (post && strcmp(what, "/addChannel") == 0 && channels != NULL) {
        bool joined = join(e, bridge, channels);
        reply_json(request, joined ? 204 : 400, NULL);
    } else if (post && strcmp(what, "/record") == 0 && name != NULL) {
        caller *who = caller_in(e, bridge);
        if (who != NULL) {
            snprintf(who->recording, sizeof who->recording, "%s", name);
            say(e, who, "is recorded");
        }
        reply_json(request, who != NULL ? 201 : 404,
                   who != NULL ? recording_of(who, "recording") : NULL);
    } else {
        reply_json(request, 404, json_pack("{s:s}", "message", "Resource not found"));
    }
}

/* "/channels/ID" and "/channels/ID/WHAT" */
static void do_channel(sgp_played_exchange *e, struct evhttp_request *request, const char *rest,
                       struct evkeyvalq *query) {
    enum evhttp_cmd_type method = evhttp_request_get_command(request);
    size_t length = strcspn(rest, "/");
    const char *what = rest + length;
    caller *who = find_caller(e, rest, length);
    handset *phone = find_handset(e, rest, length);
    const char *name = evhttp_find_header(query, "name");
    if (method == EVHTTP_REQ_POST && *what == '\0') {
        originate(e, request, rest, query);
    } else if (method == EVHTTP_REQ_DELETE && *what == '\0' && phone != NULL) {
        reply_json(request, 204, NULL);
        put_down(e, phone, 16, "is put down");
    } else if (who == NULL) {
        reply_json(request, 404, json_pack("{s:s}", "message", "Channel not found"));
    } else if (method == EVHTTP_REQ_DELETE && *what == '\0') {
        reply_json(request, 204, NULL);
        hang_up(e, who);
    } else if (method == EVHTTP_REQ_POST && strcmp(what, "/answer") == 0) {
        reply_json(request, 204, NULL);
        answer(e, who);
    } else if (method == EVHTTP_REQ_POST && strcmp(what, "/ring") == 0) {
        reply_json(request, 204, NULL);
    } else if (method == EVHTTP_REQ_POST && strcmp(what, "/record") == 0 && name != NULL) {
        snprintf(who->recording, sizeof who->recording, "%s", name);
        reply_json(request, 201, recording_of(who, "recording"));
        say(e, who, "is recorded");
    } else {
        reply_json(request, 404, json_pack("{s:s}", "message", "Resource not found"));
    }
}

static bool may(const sgp_played_exchange *e, struct evhttp_request *request) {
    const char *login =
        evhttp_find_header(evhttp_request_get_input_headers(request), "Authorization");
    return login != NULL && strcmp(login, e->login) == 0;
}

static void on_request(struct evhttp_request *request, void *ctx) {
    sgp_played_exchange *e = ctx;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *raw = evhttp_uri_get_path(uri), *query_text = evhttp_uri_get_query(uri);
    char *path = evhttp_uridecode(raw != NULL ? raw : "", 0, NULL);
    size_t length = strlen(e->options->path);
    struct evkeyvalq query = {NULL, NULL};
    (void)!evhttp_parse_query_str(query_text != NULL ? query_text : "", &query);
    const char *rest =
        path != NULL && strncmp(path, e->options->path, length) == 0 ? path + length : "";
    const char *application = evhttp_find_header(&query, "app");
    bool get = evhttp_request_get_command(request) == EVHTTP_REQ_GET;
    if (!may(e, request))
        reply_json(request, 401, json_pack("{s:s}", "message", "Authentication required"));
    else if (get && strcmp(rest, "/events") == 0 && application != NULL)
        listen_to(e, request, application);
    else if (get && strcmp(rest, "/channels") == 0)
        list_channels(e, request);
    else if (strncmp(rest, "/channels/", 10) == 0)
        do_channel(e, request, rest + 10, &query);
    else if (strncmp(rest, "/bridges/", 9) == 0)
        do_bridge(e, request, rest + 9, &query);
    else
        reply_json(request, 404, json_pack("{s:s}", "message", "Resource not found"));
    evhttp_clear_headers(&query);
    free(path);
}

/* ---- life ------------------------------------------------------------------------------------ */

static sgp_err start(sgp_played_exchange *e, sgp_fault *fault) {
    const sgp_played_options *o = e->options;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    e->http = evhttp_new(e->base);
    e->tick = event_new(e->base, -1, EV_PERSIST, on_tick, e);
    if (e->http == NULL || e->tick == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for an exchange");
    evhttp_set_allowed_methods(e->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_DELETE);
    evhttp_set_gencb(e->http, on_request, e);
    struct evhttp_bound_socket *bound =
        evhttp_bind_socket_with_handle(e->http, "127.0.0.1", o->port);
    if (bound == NULL)
        return sgp_fail(fault, SGP_E_NETWORK, "127.0.0.1:%d cannot be listened on: %m",
                        (int)o->port);
    if (getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &size) == 0)
        e->port = ntohs(address.sin_port);
    struct timeval wait = {0, TICK_MS * 1000};
    event_add(e->tick, &wait);
    return SGP_OK;
}

sgp_err sgp_played_exchange_create(struct event_base *base, const sgp_played_options *options,
                                   const sgp_played_call *calls, size_t n,
                                   sgp_played_exchange **out, sgp_fault *fault) {
    sgp_played_exchange *e = calloc(1, sizeof *e);
    if (e == NULL || (e->callers = calloc(n + 1, sizeof *e->callers)) == NULL) {
        free(e);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for an exchange");
    }
    e->base = base;
    e->options = options;
    e->n = n;
    e->begun_us = options->when_heard ? 0 : sgp_monotonic_us();
    for (size_t i = 0; i < n; i++) {
        e->callers[i].script = &calls[i];
        /* Another one that was started in the same second must not have the same: its rings would
         * be taken for those. */
        snprintf(e->callers[i].id, sizeof e->callers[i].id, "%lld.%lld",
                 (long long)(sgp_wall_ms() / 1000),
                 (long long)getpid() * 1000000 + (long long)i + 1);
    }
    char plain[160];
    int length = snprintf(plain, sizeof plain, "%s:%s", options->user, options->password);
    if (length >= (int)sizeof plain)
        length = sizeof plain - 1;
    strcpy(e->login, "Basic ");
    EVP_EncodeBlock((unsigned char *)e->login + 6, (const unsigned char *)plain, length);
    sgp_err err = start(e, fault);
    if (err != SGP_OK) {
        sgp_played_exchange_destroy(e);
        return err;
    }
    *out = e;
    return SGP_OK;
}

void sgp_played_exchange_destroy(sgp_played_exchange *e) {
    if (e == NULL)
        return;
    drop_listener(e);
    if (e->http != NULL)
        evhttp_free(e->http);
    if (e->tick != NULL)
        event_free(e->tick);
    free(e->callers);
    free(e->handsets);
    free(e);
}

uint16_t sgp_played_exchange_port(const sgp_played_exchange *e) {
    return e->port;
}

sgp_played_count sgp_played_exchange_count(const sgp_played_exchange *e) {
    return e->count;
}

bool sgp_played_exchange_is_over(const sgp_played_exchange *e) {
    return e->count.ended == e->n;
}
