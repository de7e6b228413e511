/* What the engine is made of; for the files of this folder only.
 *
 *   engine.c     owns everything; the loop turn
 *   engine_clock.c  time that never goes back
 *   inbox.c      events on their way into the core
 *   outbox.c     frames and look-ups on their way out, each behind its event
 *   session.c    one connection: frames in, closing; backlog.c frames out
 *   moves.c      units that only moved, told together
 *   resume.c     a crew's telephone comes back and hears what it missed
 *   listen.c     unix socket and TLS; tls.c makes the TLS context
 *   websocket.c  the same frames over WebSocket
 *   http.c       HTTP; a request is a session that hears one answer
 *   pages.c      the browser pages' files (page_files.h)
 *   cameras.c    street cameras, near a point and along a way (camera_set.h)
 *   tiles.c      the map as vector tiles
 *   osrm_http.c  routes and tables in the shape of OSRM's API (osrm.h)
 *   requests.c   frame -> permission -> event or answer
 *   answers.c    reads: pages, details, routes, tables
 *   accounts.c   users, login codes, devices
 *   order_repeats.c  orders until the device has them; positions.c  positions in batches
 *   fleet_changes.c  units, stations, hospitals by an administrator; stretches of road
 *   reinforce.c  backup and mass casualty
 *   history.c    earlier calls of a number and at a place; marked numbers
 *   notes.c      the log of an incident, and premise notes
 *   traffic.c    traffic pictures and closed roads
 *   conflicts.c  two people who decide about the same thing
 *   desk.c       who is at a desk and has what in hand; desk_report.c tells supervisors
 *   coverage.c   how the free units cover the city; the core's map of it
 *   rosters.c    shifts, crews that sign on
 *   plans.c      response plans, and the texts that call-takers read
 *   agencies.c   alerts to other services, and their answers
 *   hospitals.c  what hospitals and crews tell; who is on the way to them, and when he arrives
 *   lookups.c    calls that wait for a place
 *   find_place.c  a session's own questions for places
 *   exchanges.c  telephone exchanges: what they say, and rings that are answered
 *   rings.c      who takes rings, lists of them, their callers' numbers
 *   phone_positions.c  what callers' phones tell of where they are
 *   caller_page.c  a caller's own page: who may open it, what it is shown
 *   messages.c   words between it and the control room
 *   place_access.c  where a vehicle stands for a place
 *   city.c       the graph file in service, and switching it
 *   recovery.c   the world from the journal; what the configuration adds
 *   metrics.c    numbers for operators
 *   wall.c       figures of the day, the last hours, the public picture; reports.c
 */
#ifndef SGP_SERVE_ENGINE_PARTS_H
#define SGP_SERVE_ENGINE_PARTS_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <openssl/ssl.h>

#include "base/buffer.h"
#include "core/core_proto.h"
#include "gis/placer.h"
#include "journal/journal.h"
#include "journal/projection.h"
#include "plans/plan_file.h"
#include "serve/caller_numbers.h"
#include "serve/device_clock.h"
#include "serve/coverage_advice.h"
#include "serve/coverage_survey.h"
#include "serve/crew_news.h"
#include "serve/engine.h"
#include "serve/engine_clock.h"
#include "serve/live_times.h"
#include "serve/page_files.h"
#include "serve/unit_tracks.h"

/* Bounds. */
enum {
    SGP_SESSIONS_MAX = 8192,
    SGP_SESSIONS_LOCAL = 64,            /* of them for the private unix socket alone */
    SGP_STRANGERS_MAX = 1024,           /* from the network, not logged in yet */
    SGP_INPUTS_MAX = 4096,              /* waiting events; above, sessions are not read */
    SGP_BATCH_MAX = 256,                /* events of one loop turn */
    SGP_OUTBOX_BYTES_MAX = 32 << 20,    /* waiting answers; above, sessions are not read */
    SGP_SESSION_OUTPUT_MAX = 4 << 20,   /* of one slow reader; above, it is closed */
    SGP_MOVES_MS = 250,                 /* moves of units are told together so often */
    SGP_WIRE_AHEAD = 64 * 1024,         /* on its wire; above, frames wait in its backlog */
    SGP_OPEN_PER_UNIT_MAX = 64,         /* open assignments of one unit that CaughtUp names */
    SGP_SESSION_INPUT_MAX = 128 * 1024, /* read ahead of one session */
    SGP_LOGIN_MS = 10000,               /* from connecting to having logged in */
    SGP_CLOSE_MS = 1000,                /* a closing session's last words */
    SGP_CUT_OFF_MS = 30000,             /* those of one that reads slowly */
    SGP_BEAT_MS = 20000,                /* a WebSocket so long silent is asked for a sign of life */
    SGP_SILENCE_MS = 50000,             /* and is dead after so long */
    SGP_PULSE_MS = 2000,                /* who pings at least so often, three times on end, */
    SGP_PULSE_TICKS = 5,                /* is dead when so many seconds pass without a byte */
    SGP_FIND_EARLIER_MAX = 16,          /* earlier texts of one FindPlace, or of a call's look-up */
    SGP_NEAR_DEFAULT_M = 2000,          /* how far off a point to look near may be */
    SGP_SHARERS = 256,                  /* calls whose phones are counted at a time */
    SGP_COARSE_FROM_M = 150,            /* a caller's point that is less sure does not beat words */
    SGP_TABLE_MAX = 100,                /* sources, and targets, of one TableQuery */
    SGP_TABLE_PAIRS_MAX = 2500,         /* sources x targets: the loop stands still meanwhile */
    SGP_ROUTE_POINTS_MAX = 16384,       /* of one Route; longer ones are thinned */
    SGP_RECOMMENDATIONS_KEPT = 4096,    /* last ones, for details and repeats */
    SGP_GUESSES = 30,                   /* wrong login codes heard in a minute, of everybody */
    SGP_CANDIDATES_KEPT = 200,          /* of each recommendation that is told or kept, the best */
    SGP_STOP_PROJECTION_MS = 2000,
    SGP_STOP_SESSIONS_MS = 500
};
_Static_assert(SGP_SESSION_INPUT_MAX > 64 * 1024 + 5, "a whole frame fits into the read-ahead");

/* ---- things -------------------------------------------------------------- */

typedef struct sgp_city {
    sgp_graph *graph;
    sgp_live_roads *roads;
    sgp_live_times *live;
    uint64_t noted[SGP_PROFILES_MAX]; /* version of the metric that the journal knows */
} sgp_city;

/* An event on its way into the core; owns what it points to. */
typedef struct sgp_input {
    struct sgp_input *next;
    sgp_event event;
    uint64_t session; /* who asked; 0 = nobody */
    uint64_t reply_to;
    sgp_personal_copy personal;        /* of a call; NULL texts = none */
    sgp_city *city;                    /* with GRAPH_SWITCHED */
    sgp_loaded_plan *plans;            /* with a reloaded PLANNED, whose plan it is */
    char locate_token[SGP_TOKEN_TEXT]; /* with LOCATE_ASKED */
    sgp_coverage_map *coverage;        /* with COVERAGE_SET, whose map it is */
    double heading_deg;                /* of a unit's position; below 0 = not known */
    uint64_t seen_version;             /* of the incident that was looked at; 0 = not told */
    char secret[SGP_TOKEN_TEXT];       /* a login code that was asked for, or a device's token */
    char client[64];                   /* that logs in by a code, and what else it said */
    uint64_t heard;
    bool resumes;
    int64_t clock_ms;  /* that was added to the times of TRACK_TOLD */
    uint64_t seen_seq; /* the newest event that the asker had seen; likewise */
} sgp_input;

typedef enum sgp_outgoing_kind {
    SGP_TO_SESSION, /* target: session id */
    SGP_TO_UNIT,    /* target: unit index; its crew, if one is there */
    SGP_TO_AGENCY,  /* target: sgp_agency_target; all its sessions */
    SGP_TO_WATCHERS,
    SGP_TO_MAPS,    /* watchers; units that only moved, each after the event `target` */
    SGP_TO_RESUME,  /* target: session id; what its crew missed, and then this frame */
    SGP_TO_HEARERS, /* watchers whose role may hear callers */
    SGP_TO_PAGE,    /* target: call; its caller's own page */
    SGP_TO_PLACER,  /* target: call */
    SGP_TO_EXCHANGE /* target: ring, to be answered */
} sgp_outgoing_kind;

typedef struct sgp_outgoing {
    struct sgp_outgoing *next;
    uint64_t seq; /* leaves when this event is durable */
    sgp_outgoing_kind kind;
    uint64_t target;
    uint64_t told; /* of a crew's: Frame.told; with SGP_TO_RESUME: what it heard last */
    size_t length;
    uint8_t bytes[]; /* a Frame with seq 0 */
} sgp_outgoing;

typedef enum sgp_session_kind {
    SGP_SESSION_UNIX,
    SGP_SESSION_TLS,
    SGP_SESSION_HTTP,
    SGP_SESSION_WEBSOCKET
} sgp_session_kind;

typedef struct sgp_websocket sgp_websocket; /* websocket.c */

/* A frame that waits for the wire (backlog.c). */
typedef struct sgp_unsent {
    struct sgp_unsent *next;
    size_t length;
    uint8_t bytes[];
} sgp_unsent;

/* What a caller's page was told last (caller_page.c). */
typedef struct sgp_page_told {
    int64_t looked_ms, said_ms; /* when it was looked at, and when something was said */
    int stage, kind;
    uint32_t units;
    bool unsure;
    int64_t earliest_ms, latest_ms, phone_at_ms;
    char complaint[SGP_CODE_BYTES];
} sgp_page_told;

/* How much came of a call's phone lately. */
typedef struct sgp_pace {
    sgp_id call;
    int32_t sent; /* lately: one in a while is forgotten */
    int64_t since_us;
} sgp_pace;
/* What is before somebody at a desk (desk.c). */
typedef struct sgp_session_desk {
    bool at; /* it was told: this is a desk */
    bool in_form;
    sgp_id incident, ring;
    int64_t key_ms; /* the last key */
    int32_t round_trip_ms;
} sgp_session_desk;

typedef struct sgp_session {
    uint64_t id; /* never used again; slot in the low 16 bits */
    sgp_engine *engine;
    sgp_session_kind kind;
    struct bufferevent *wire;    /* NULL for HTTP; a WebSocket's belongs to its connection */
    sgp_websocket *websocket;    /* NULL otherwise */
    struct evhttp_request *http; /* NULL otherwise, and after the answer */
    bool http_json;
    struct event *deadline; /* of logging in, later of closing */
    sgp_role role;
    bool logged_in; /* false on the unix socket: anonymous, role admin */
    char user[SGP_CODE_BYTES];
    bool is_crew;
    sgp_jurisdiction jurisdiction;   /* the user's jurisdiction */
    struct sgp_question *completion; /* its autocompletion under way; NULL: none */
    uint32_t unit;                   /* of a crew */
    char agency[SGP_CODE_BYTES];     /* of a partner; "" = none */
    char hospital[SGP_CODE_BYTES];   /* of the role hospital; "" = none */
    sgp_id device;                   /* whose token it came by; 0 = of the configuration */
    bool comes_by_code;              /* its login waits for the disk */
    uint64_t alerts_seq;             /* alerts up to this event were told at login */
    sgp_id phone_call;               /* of a caller's phone with a locate-me token; 0 = none */
    uint8_t phone_token[SGP_HASH_BYTES];
    uint8_t phone_holder[SGP_HASH_BYTES]; /* of a caller's page */
    bool is_page;                         /* a caller's own page, logged in */
    uint64_t page_seq;                    /* words up to this event were told at login */
    sgp_page_told page_told;
    uint64_t orders_seq; /* orders up to this event were told at login */
    sgp_device_clock device_clock;
    bool watching;
    uint64_t watch_seq;   /* updates after this event */
    size_t picture_bytes; /* of the picture that Watch begins with, until it is out; the
                           * bound of slow readers holds for what comes beside it */
    struct sgp_session *watch_next, **watch_link; /* among the watchers */
    sgp_unsent *backlog, *backlog_last;
    size_t backlog_bytes;
    bool misses_moves; /* because it is slow: those after this event */
    uint64_t missed_since;
    sgp_session_desk desk;
    int64_t since_ms, acted_ms; /* logged in; last asked for a change, 0 = not yet */
    bool watches_desks;
    uint64_t seq_out;
    int64_t pinged_us; /* its last Ping */
    uint8_t pulse;     /* Pings on end, each soon after the one before */
    uint8_t quiet;     /* ticks since anything was heard; a frozen engine ticks once */
    bool paused;       /* not read, because the queues are full */
    bool closing;      /* not read any more; what is queued goes out */
    bool lingers;      /* closes at the deadline, not when its output is out */
    bool dead;         /* freed at the end of the turn */
} sgp_session;

typedef struct sgp_lookup {
    struct sgp_lookup *next;
    struct sgp_engine *engine;
    sgp_id call;
    uint64_t cause;      /* the event that asked, parent of CALL_PLACED; 0 after a restart */
    bool asked;          /* the placer has it, under this ticket */
    bool graph_answered; /* the road graph's names have told what they know */
    uint64_t ticket;
} sgp_lookup;

/* Count, sum, maximum and last of a time. */
typedef struct sgp_measure {
    uint64_t count;
    int64_t sum_us, max_us, last_us;
} sgp_measure;

struct sgp_engine {
    const sgp_settings *settings;
    int64_t started_at_ms;
    sgp_engine_clock clock;

    /* The world and its journal. */
    sgp_world *world;
    sgp_journal *journal;
    sgp_projection *projection; /* NULL: without a database */
    sgp_placer *placer;         /* NULL: without a database */
    sgp_city *city;
    sgp_unit_tracks *tracks; /* NULL: nothing is learned from drives */
    sgp_loaded_plan plans;   /* with the texts; the world has its own copy */
    sgp_times_recorder recorder;
    sgp_effects effects;
    sgp_buffer record;
    uint64_t durable_seq;
    uint64_t snapshot_seq;

    /* The loop. */
    struct event_base *base;
    struct event *turn, *timer, *tick, *idle, *journal_ready, *on_term, *on_int;
    bool stopping;

    /* Ways in and out. */
    SSL_CTX *tls;
    struct evconnlistener *unix_listener, *tls_listener, *http_listener;
    struct evhttp *http;
    struct sgp_osrm_worker *osrm;            /* NULL: nobody asked it anything yet */
    sgp_page_files pages;                    /* empty: none */
    struct sgp_camera_set *cameras;          /* NULL: none */
    struct sgp_tile_desk *tiles;             /* NULL: nobody asked for one yet */
    sgp_session *sessions[SGP_SESSIONS_MAX]; /* by slot */
    uint32_t sessions_top;                   /* all slots from here on are empty */
    uint32_t n_sessions;
    uint32_t n_dead, n_paused; /* of them */
    uint32_t n_watchers;
    sgp_session *watchers;
    uint64_t moved_seq[SGP_UNITS_MAX]; /* event that moved the unit last, and was told as a move */
    uint64_t moves_told_seq;           /* moves up to this event were told */
    struct event *moves;               /* tells the others; NULL: nobody has moved yet */
    uint64_t session_generation;
    uint64_t crew[SGP_UNITS_MAX];            /* session id of the unit's crew, 0 = none */
    sgp_crew_news *news;                     /* what crews were told lately */
    uint64_t told;                           /* the last one's number */
    struct sgp_order_repeats *order_repeats; /* NULL: nothing was told yet */
    uint64_t epoch; /* that goes with every order; rises with every start */
    sgp_input *inputs, **inputs_end;
    size_t n_inputs;
    sgp_outgoing *outbox, **outbox_end, *outbox_newest;
    size_t outbox_bytes;
    sgp_buffer scratch;

    sgp_lookup *lookups;
    sgp_caller_numbers *numbers;
    uint8_t number_key[SGP_NUMBER_KEY_BYTES]; /* of the tokens that the world knows numbers by */
    sgp_pace shares[SGP_SHARERS];     /* positions with tokens and openings of pages, by call */
    sgp_pace words[SGP_SHARERS];      /* words of pages, by call */
    uint32_t n_pages;                 /* sessions that are callers' pages */
    uint8_t code_key[SGP_HASH_BYTES]; /* of the hashes of login codes */
    struct {
        int64_t at_us; /* 0 = never */
        uint8_t address[16];
    } guesses[SGP_GUESSES]; /* wrong login codes, the oldest is replaced */
    uint32_t next_guess;
    struct sgp_exchange *exchanges; /* [settings->n_exchanges] */
    bool database_was_away;
    struct city_switch *city_switch;       /* one at a time */
    int64_t reckoned_at_ms[SGP_UNITS_MAX]; /* when a unit's arrival at its hospital was told last */
    uint32_t reckoned_next;                /* unit with which the next tick begins */
    struct sgp_conflicts *conflicts;       /* NULL: nobody has decided anything yet */
    struct sgp_desk_keeper *desk;          /* NULL: not looked yet */
    uint8_t desk_told[16];                 /* digest of the last report to who watches desks */
    struct sgp_coverage_desk *coverage;    /* NULL: nobody asked, and no policy needs it */
    struct sgp_wall *wall;                 /* wall.h */
    struct {
        sgp_id id;
        uint8_t *bytes;
        size_t length;
    } recommendations[SGP_RECOMMENDATIONS_KEPT];

    struct {
        uint64_t events, refused, denied, bad_frames, requests;
        uint64_t phones_matched, phones_held;  /* positions of callers' phones */
        uint64_t map_updates_dropped, cut_off; /* of slow readers */
        uint64_t resumed, looked_afresh;       /* crews that came back */
        uint64_t trackers_without_fix;         /* words of trackers that know no position */
        uint64_t orders_refused;               /* by devices, for an old epoch */
        uint64_t fixes[SGP_FIX_VERDICTS];      /* positions in batches */
        sgp_measure turn, decide, sync, osrm, place;
        uint64_t tiles_kept; /* that were answered from memory */
        sgp_measure tile;    /* that were made */
    } measures;
};

/* ---- engine.c ------------------------------------------------------------ */

/* A turn will come before the loop sleeps. */
void sgp_engine_wake(sgp_engine *engine);
/* Reads the engine's clock: what "now" is for the world, for time limits, and for
 * clients. Never goes back. */
int64_t sgp_engine_now_ms(sgp_engine *engine);
bool sgp_engine_database_away(const sgp_engine *engine);
bool sgp_engine_is_full(const sgp_engine *engine);
void sgp_measure_add(sgp_measure *measure, int64_t us);

/* ---- inbox.c ------------------------------------------------------------- */

/* A zeroed input with that kind of event; the caller fills it and queues it. NULL: no memory. */
sgp_input *sgp_input_create(sgp_event_kind kind);
void sgp_input_destroy(sgp_input *input);
/* Ownership passes. */
void sgp_inbox_put(sgp_engine *engine, sgp_input *input);
/* The oldest one, or NULL. Ownership passes. */
sgp_input *sgp_inbox_take(sgp_engine *engine);

/* ---- outbox.c ------------------------------------------------------------ */

/* Encodes and queues behind the newest event of the world. */
void sgp_outbox_put(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                    const Sigap__V1__Frame *frame);
/* Gives the newest one this number. */
void sgp_outbox_mark(sgp_engine *engine, uint64_t told);
void sgp_outbox_answer(sgp_engine *engine, uint64_t session, uint64_t reply_to,
                       Sigap__V1__Frame *frame);
void sgp_outbox_error(sgp_engine *engine, uint64_t session, uint64_t reply_to, sgp_err err,
                      const char *text);
/* The core's answer to a request. */
void sgp_outbox_reply(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply,
                      bool repeated);
/* Everything whose event is durable leaves. */
void sgp_outbox_speak(sgp_engine *engine);
void sgp_outbox_clear(sgp_engine *engine);

/* ---- session.c ----------------------------------------------------------- */

/* True while one more of this kind may come in. The network can neither take the
 * slots of the private socket nor, before logging in, those of others. */
bool sgp_sessions_have_room(const sgp_engine *engine, sgp_session_kind kind);
/* NULL: no room or no memory; `wire` stays the caller's then. */
sgp_session *sgp_session_create(sgp_engine *engine, sgp_session_kind kind,
                                struct bufferevent *wire);
/* NULL where it is gone. */
sgp_session *sgp_session_find(sgp_engine *engine, uint64_t id);
/* Sends an Error now; it shows nothing of the world, so it need not wait. */
void sgp_session_error(sgp_session *session, uint64_t reply_to, sgp_err err, const char *text);
/* Stops reading; closes when the output is out, or after SGP_CLOSE_MS at the latest. */
void sgp_session_close(sgp_session *session, const char *reason);
/* Reads on where reading was paused. */
void sgp_sessions_resume(sgp_engine *engine);
/* Its other side is gone: nothing more is told to it, and the turn's end frees it. */
void sgp_session_kill(sgp_session *session);
/* From now on this wire is the session's way in and out. */
void sgp_session_take_wire(sgp_session *session, struct bufferevent *wire);
/* What came is no frame: says so and closes. */
void sgp_session_refuse(sgp_session *session, sgp_err err, const char *text);
/* Frees those that died. */
void sgp_sessions_bury(sgp_engine *engine);
void sgp_session_set_deadline(sgp_session *session, int64_t ms);
void sgp_session_bind(sgp_session *session, const sgp_user *user, uint32_t unit);

/* From now on it hears updates. */
void sgp_session_watch(sgp_session *session);

/* ---- backlog.c ------------------------------------------------------------ */

/* Sends a Frame (seq 0, encoded) as soon as its reader takes it; a slow one is cut off. */
void sgp_session_send(sgp_session *session, const uint8_t *bytes, size_t length);
/* The same for an update that tells nothing but moves after that event: a slow reader hears them
 * later, together with those that follow. */
void sgp_session_send_moved(sgp_session *session, uint64_t since, const uint8_t *bytes,
                            size_t length);
/* The wire has room again. */
void sgp_backlog_pump(sgp_session *session);
/* All of it goes to the wire, for the session closes. */
void sgp_backlog_flush(sgp_session *session);
void sgp_backlog_free(sgp_session *session);
/* Bytes that the session has not taken yet. */
size_t sgp_backlog_waiting(const sgp_session *session);

/* ---- moves.c -------------------------------------------------------------- */

/* The newest event did nothing but move the unit: watchers are told soon. */
void sgp_moves_note(sgp_engine *engine, uint32_t unit);
/* Units that moved after that event, as they are now. */
void sgp_moves_answer(sgp_session *session, uint64_t since);

/* ---- resume.c ------------------------------------------------------------- */

/* The number of what is pushed to a crew next, behind the newest event; and one that stands for all
 * that the newest event and those before it tell. */
uint64_t sgp_told_next(sgp_engine *engine);
uint64_t sgp_told_upto(const sgp_engine *engine);
/* A crew has logged in: what it missed since it was here, or what is open. */
void sgp_crew_look(sgp_session *session, const Sigap__V1__Login *login);
/* The open orders of the crew's unit. */
void sgp_answer_orders(sgp_session *session, uint64_t reply_to);
/* Its turn in the outbox has come. */
void sgp_crew_resume(sgp_session *session, uint64_t heard, const uint8_t *caught_up, size_t length);

/* ---- websocket.c ---------------------------------------------------------- */

/* GET /v1/socket. */
void sgp_websocket_http(struct evhttp_request *request, void *engine);
/* Hears what has come; sends a Frame (seq 0, encoded); says goodbye; frees what it holds. */
void sgp_websocket_read(sgp_session *session);
void sgp_websocket_send(sgp_session *session, const uint8_t *bytes, size_t length);
void sgp_websocket_close(sgp_session *session, const char *reason);
void sgp_websocket_free(sgp_session *session);
/* A Ping came: who pings often is held to it, so that a console whose line is half open is noticed
 * as soon as it notices that itself. Called every second: ends those that fell silent. */
void sgp_session_pulse(sgp_session *session);
void sgp_sessions_beat(sgp_engine *engine);

/* Asks the silent for a sign of life, and ends the dead; called every second. */
void sgp_websockets_beat(sgp_engine *engine);

/* ---- listen.c, tls.c, http.c --------------------------------------------- */

sgp_err sgp_listen_start(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
/* A listener that cannot accept (no file descriptor is left) pauses for a second
 * instead of keeping the loop busy. */
void sgp_listen_watch_errors(struct evconnlistener *listener);
/* Accepts again after the system had no file descriptor left; called every second. */
void sgp_listen_again(sgp_engine *engine);
void sgp_listen_stop(sgp_engine *engine);
/* Of a connection that stays: nothing waits for a fuller packet, the dead are noticed, and little
 * waits in the kernel, where nothing can be taken out again. */
void sgp_listen_tune(evutil_socket_t fd);
sgp_err sgp_tls_create(const sgp_settings *settings, SSL_CTX **tls, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_http_start(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
void sgp_http_stop(sgp_engine *engine);
/* Answers the HTTP request of a session with a Frame and closes the session. */
void sgp_http_answer(sgp_session *session, const uint8_t *bytes, size_t length);
/* Sends `body`, caller keeps ownership; to HEAD only its length. */
void sgp_http_reply(struct evhttp_request *request, int status, const char *reason,
                    struct evbuffer *body);
/* Answers where the path is one of OSRM's API; false: it is not. `user` NULL: no token. */
bool sgp_osrm_http(sgp_engine *engine, struct evhttp_request *request, const sgp_user *user);
/* Before the city is closed, and before HTTP ends. */
void sgp_osrm_stop(sgp_engine *engine);

/* ---- pages.c --------------------------------------------------------------- */

/* Reads the files of the pages; says so where there are none. */
void sgp_pages_start(sgp_engine *engine);
/* After HTTP has ended: connections borrow the files. */
void sgp_pages_stop(sgp_engine *engine);
/* Answers where the path is one of the pages'; false: it is not. */
bool sgp_pages_http(sgp_engine *engine, struct evhttp_request *request);
/* ---- accounts.c ----------------------------------------------------------- */

/* Who has this token, of the configuration or of a device; false: nobody. */
bool sgp_engine_user(const sgp_engine *engine, const char *token, sgp_user *user) SGP_MUST_USE;
/* Login by a code; what is right is answered when its event is on disk. */
sgp_err sgp_login_by_code(sgp_session *session, const Sigap__V1__Frame *frame,
                          sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_user_event(sgp_session *session, const Sigap__V1__SetUser *asked, sgp_event *event,
                       sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_login_code_event(sgp_session *session, const Sigap__V1__AskLoginCode *asked,
                             sgp_input *input, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_devices_event(sgp_session *session, const Sigap__V1__RemoveDevices *asked,
                          sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
/* Answers the request where it is one of these and needs another answer than Done. */
bool sgp_accounts_answer(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply);
/* Whose device or role is no longer what it came by is sent away. */
void sgp_accounts_follow(sgp_engine *engine, const sgp_event *event, const sgp_input *input);
void sgp_answer_users(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListUsers *asked);

/* ---- cameras.c -------------------------------------------------------------- */

/* Has the file of the configuration a mistake? */
sgp_err sgp_cameras_check(const sgp_settings *settings, sgp_fault *fault) SGP_MUST_USE;
/* Reads the file of the configuration; says so where that fails. */
void sgp_cameras_start(sgp_engine *engine);
/* The same anew; those of before stay where it has a mistake. Nothing to do without a file. */
sgp_err sgp_cameras_read(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
void sgp_cameras_stop(sgp_engine *engine);
void sgp_answer_cameras(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__FindCameras *asked);

/* ---- tiles.c --------------------------------------------------------------- */

/* Answers where the path is a tile's; false: it is not. */
bool sgp_tiles_http(sgp_engine *engine, struct evhttp_request *request);
/* Called every second. */
void sgp_tiles_tick(sgp_engine *engine);
/* Before the city is closed, and before HTTP ends. */
void sgp_tiles_stop(sgp_engine *engine);

/* ---- fleet_changes.c ------------------------------------------------------- */

sgp_err sgp_fleet_event(sgp_session *session, const Sigap__V1__SetFleet *asked, sgp_event *event,
                        sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_service_event(const Sigap__V1__SetService *asked, sgp_event *event,
                          sgp_fault *fault) SGP_MUST_USE;
void sgp_fleet_follow(sgp_engine *engine, const sgp_event *event);
void sgp_answer_stretches(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__FindStretch *asked);
/* Pieces of the edges, two points each, thinned, into room and list [capacity]; how many points. */
size_t sgp_line_of_edges(const sgp_graph_parts *parts, const uint32_t *edges, uint32_t n_edges,
                         Sigap__V1__Point *room, Sigap__V1__Point **list, size_t capacity);

/* ---- requests.c, answers.c ----------------------------------------------- */

/* Somebody has logged in: Welcome, and what waits for him. `token`: that his device was given now,
 * "" = none. */
void sgp_session_enter(sgp_session *session, const sgp_user *user, uint64_t reply_to,
                       const Sigap__V1__Login *login, const char *token);

void sgp_request(sgp_session *session, const Sigap__V1__Frame *frame);
void sgp_welcome(sgp_session *session, uint64_t reply_to, const char *token);
/* SGP_E_RANGE where the point is not in or near the city, with a sentence. */
sgp_err sgp_point_check(const sgp_engine *engine, double lon, double lat, sgp_point *point,
                        sgp_fault *fault) SGP_MUST_USE;

void sgp_answer_status(sgp_session *session, uint64_t reply_to);
void sgp_answer_incidents(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__ListIncidents *asked);
void sgp_answer_units(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListUnits *asked);
void sgp_answer_hospitals(sgp_session *session, uint64_t reply_to);
void sgp_answer_incident(sgp_session *session, uint64_t reply_to, sgp_id incident);
void sgp_answer_watch(sgp_session *session, uint64_t reply_to);
void sgp_answer_route(sgp_session *session, uint64_t reply_to, const Sigap__V1__RouteQuery *asked);
void sgp_answer_table(sgp_session *session, uint64_t reply_to, const Sigap__V1__TableQuery *asked);
/* The unit's open orders, for a crew that has just logged in. */
void sgp_answer_open_orders(sgp_session *session);
/* The remembered answer to a request that was answered before: a recommendation that
 * was asked for, as long as it is kept, and otherwise Done or Error. */
void sgp_answer_again(sgp_engine *engine, const sgp_input *input, const sgp_reply *kept);
/* Tells those watchers who may hear it what was said about the call's place. */
void sgp_push_words(sgp_engine *engine, sgp_id call);
/* Keeps a recommendation for details and for repeated requests. */
void sgp_recommendation_keep(sgp_engine *engine, const Sigap__V1__Recommendation *recommendation);

/* ---- history.c ------------------------------------------------------------ */

/* What was heard before, borrowed from the world; clear it after use. */
typedef struct sgp_history {
    Sigap__V1__History message;
    Sigap__V1__EarlierCall calls[SGP_NUMBER_CALLS], *call_rows[SGP_NUMBER_CALLS];
} sgp_history;
/* Of the number of `call`, and within so many metres (0 = 100) of the incident's place. Points
 * into `history`, which must not be moved. */
void sgp_history_find(const sgp_world *world, sgp_id incident, sgp_id call, int32_t within_m,
                      sgp_history *history);
void sgp_history_clear(sgp_history *history);
/* Of a number by its token, without the call itself. */
void sgp_history_of_number(const sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES],
                           sgp_id call, sgp_history *history);
void sgp_answer_history(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__GetHistory *asked);
void sgp_answer_marked_numbers(sgp_session *session, uint64_t reply_to);

/* ---- notes.c --------------------------------------------------------------- */

sgp_err sgp_note_event(const Sigap__V1__AddNote *asked, sgp_input *input,
                       sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_premise_event(sgp_session *session, const Sigap__V1__SetPremise *asked,
                          sgp_input *input, sgp_fault *fault) SGP_MUST_USE;
void sgp_remove_premise_event(const Sigap__V1__RemovePremise *asked, sgp_event *event);
/* Where the words of NOTE_ADDED or PREMISE_SET are kept; false: there are none. */
bool sgp_notes_personal(const sgp_event *event, const sgp_reply *reply, const sgp_input *input,
                        sgp_personal *personal);
void sgp_push_note(sgp_engine *engine, const sgp_event *event, const sgp_input *input);
/* All that was sealed with the note of that event; SGP_E_NOT_FOUND, or *erased. Free the copy. */
sgp_err sgp_note_words(sgp_engine *engine, uint64_t seq, sgp_personal_copy *copy,
                       bool *erased) SGP_MUST_USE;
void sgp_answer_log(sgp_session *session, uint64_t reply_to, sgp_id incident);

/* ---- patient_cards.c --------------------------------------------------------- */

/* Names the crew's own assignment in `asked`, where it was left out. */
sgp_err sgp_patient_card_event(sgp_session *session, Sigap__V1__TellPatientCard *asked,
                               sgp_input *input, sgp_fault *fault) SGP_MUST_USE;
void sgp_answer_patient_cards(sgp_session *session, uint64_t reply_to,
                              const Sigap__V1__AskPatientCards *asked);
/* The words of a premise note are destroyed. Waits for the disk where there are any. */
void sgp_premise_forget_words(sgp_engine *engine, sgp_id premise);
/* The same for every note that has expired by then, but for `except` (0 = none), which is being
 * changed. */
void sgp_premises_forget_expired(sgp_engine *engine, int64_t now_ms, sgp_id except);
/* What is to be known of the incident's place, with the words; list and messages on the heap. */
Sigap__V1__Premise **sgp_premises_of(sgp_engine *engine, const sgp_incident *incident, size_t *n);
void sgp_answer_premises(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__ListPremises *asked);

/* ---- traffic.c ------------------------------------------------------------ */

/* ---- reinforce.c: backup and mass casualty; frame -> event ------------------ */

sgp_err sgp_backup_event(sgp_session *session, const Sigap__V1__AskBackup *asked, sgp_event *event,
                         sgp_fault *fault);
sgp_err sgp_mass_casualty_event(sgp_session *session, const Sigap__V1__DeclareMassCasualty *asked,
                                sgp_event *event, sgp_fault *fault);

/* ---- order_repeats.c: orders until crews' devices have them ------------------ */

typedef struct sgp_order_repeats sgp_order_repeats;
/* Tells the assignment as it stands: Order, with the destination, or OrderWithdrawn. */
void sgp_tell_order(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target, sgp_id assignment);
/* After a step: what it told is told again until it is received. */
void sgp_order_repeats_follow(sgp_engine *engine);
/* After a restart. */
void sgp_order_repeats_recover(sgp_engine *engine);
/* Called every second. */
void sgp_order_repeats_tick(sgp_engine *engine);
void sgp_order_repeats_count(const sgp_engine *engine, size_t *waiting, uint64_t *repeats);
void sgp_order_repeats_free(sgp_order_repeats *repeats);
sgp_err sgp_order_received_event(sgp_session *session, const Sigap__V1__OrderReceived *asked,
                                 sgp_event *event, sgp_fault *fault) SGP_MUST_USE;

/* ---- positions.c -------------------------------------------------------------- */

/* TRACK_TOLD with a copy of the fixes, `offset_ms` added to their times; nobody asked yet. */
sgp_err sgp_track_input(const char *unit, uint32_t stream, uint64_t first, const sgp_fix *fixes,
                        uint32_t n, int64_t offset_ms, sgp_input **input,
                        sgp_fault *fault) SGP_MUST_USE;
void sgp_input_forget_fixes(sgp_input *input);
void sgp_position_batch(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__PositionBatch *batch);
/* After TRACK_TOLD was taken: the answer (false: it was refused); counts and lessons. */
bool sgp_positions_answer(sgp_engine *engine, const sgp_input *input);
void sgp_positions_follow(sgp_engine *engine, const sgp_event *event);

/* ---- welfare.c ------------------------------------------------------------- */

/* RaiseDistress, ClearDistress or AnswerWelfare for the unit that `code` names. */
sgp_err sgp_welfare_event(const sgp_engine *engine, const Sigap__V1__Frame *frame, const char *code,
                          sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
/* Logs it, and asks the crew whether all is well; `assignment` 0: the crew itself has called. */
/* What others said of a unit (its duty, who is on it, a distress that is over), its own crew hears
 * too: a telephone must not show what is past. */
void sgp_push_own_unit(sgp_engine *engine, const sgp_event *event, const sgp_input *input);
void sgp_push_alarm(sgp_engine *engine, uint32_t unit, sgp_id assignment);

/* ---- transfers.c ----------------------------------------------------------- */

/* AskTransfer, ChangeTransfer or CancelTransfer. */
sgp_err sgp_transfer_event(const Sigap__V1__Frame *frame, sgp_event *event,
                           sgp_fault *fault) SGP_MUST_USE;
void sgp_answer_transfers(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__ListTransfers *asked);

void sgp_traffic_page(sgp_session *session, uint64_t reply_to,
                      const Sigap__V1__TrafficPicture *page);
sgp_err sgp_traffic_close_event(sgp_session *session, const Sigap__V1__CloseRoad *asked,
                                sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_traffic_open_event(const Sigap__V1__OpenRoad *asked, sgp_event *event,
                               sgp_fault *fault) SGP_MUST_USE;
/* The traffic picture in service and how many closures are in force. Borrowed. */
void sgp_status_roads(const sgp_engine *engine, Sigap__V1__Status *status);
/* The city's roads are closed as the world says now. */
void sgp_traffic_follow(sgp_engine *engine);
void sgp_answer_closures(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__ListRoadClosures *asked);

/* ---- coverage.c ----------------------------------------------------------- */

/* Answered when the survey is there, by another thread. */
void sgp_answer_coverage(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__AskCoverage *asked);
/* Two people and one incident (conflicts.c): notes who decided, after the step; and refuses, before
 * it, what was decided by an older look than another user's decision. */
void sgp_conflicts_note(sgp_engine *engine, const sgp_event *event, const sgp_effects *effects);
bool sgp_conflicts_refuse(sgp_engine *engine, const sgp_input *input);
/* Answers a request that the core refused because another has it, with who that is; false: it was
 * refused for something else. */
bool sgp_conflicts_explain(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply);
/* What each free unit takes of it when it goes (coverage_aware.h). */
void sgp_answer_coverage_left(sgp_session *session, uint64_t reply_to);
/* Every second: where a policy goes by coverage, a new map when the roads or stations changed; and
 * a look whether a move is to be told. */
void sgp_coverage_tick(sgp_engine *engine);
/* Waits for the survey under way, some milliseconds; before the city is closed. */
void sgp_coverage_stop(sgp_engine *engine);
/* What stands of the moves that were told unasked; as sgp_told_advice_fill. */
size_t sgp_coverage_told(const sgp_engine *engine, sgp_told_message *messages,
                         Sigap__V1__MoveUpAdvice **list);

/* ---- desk.c, desk_report.c ---------------------------------------------------- */

/* TakeIncident or HandOver. */
sgp_err sgp_desk_event(const sgp_session *session, const Sigap__V1__Frame *frame, sgp_input *input,
                       sgp_fault *fault) SGP_MUST_USE;
void sgp_desk_told(sgp_session *session, const Sigap__V1__TellDesk *told);
/* After the step of that input: a dispatcher at a desk has what he decides about. */
void sgp_desk_follow(sgp_engine *engine, const sgp_input *input);
/* Every second: what somebody has whose line is lost too long goes back. */
void sgp_desk_tick(sgp_engine *engine);
/* When the nth of those who have something was seen last; -1: there are no more. */
int64_t sgp_desk_lost_at_ms(const sgp_engine *engine, size_t nth, const char **user);
/* Where the words of a hand-over are kept; false: there are none. And destroying them. */
bool sgp_desk_personal(const sgp_event *event, const sgp_input *input, sgp_personal *personal);
void sgp_desk_forget_words(sgp_engine *engine, sgp_id handover);
void sgp_push_handover(sgp_engine *engine, const sgp_event *event, const sgp_input *input);
void sgp_answer_desk_handovers(sgp_session *session, uint64_t reply_to,
                               const Sigap__V1__ListDeskHandovers *asked);
/* Tells it now, and each second in which it has changed. */
void sgp_answer_watch_desk(sgp_session *session, uint64_t reply_to,
                           const Sigap__V1__WatchDesk *asked);
void sgp_desk_report_tick(sgp_engine *engine);

/* ---- rosters.c ------------------------------------------------------------- */

/* Whether the roster of the configuration can be read. */
sgp_err sgp_rosters_check(const sgp_settings *settings, sgp_fault *fault) SGP_MUST_USE;
/* The roster of the configuration where it is another than the world has; NULL: nothing to do. */
sgp_err sgp_rosters_input(const sgp_engine *engine, sgp_input **input,
                          sgp_fault *fault) SGP_MUST_USE;
/* What the event of such an input owns. */
void sgp_input_forget_roster(sgp_input *input);
/* SignOnCrew for that unit, SetShift or RemoveShift. */
sgp_err sgp_roster_event(const Sigap__V1__Frame *frame, const char *unit, sgp_event *event,
                         sgp_fault *fault) SGP_MUST_USE;
void sgp_answer_shifts(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListShifts *asked);
void sgp_log_absence(const sgp_engine *engine, uint32_t unit);

/* ---- plans.c -------------------------------------------------------------- */

/* Loads the plans of the configuration. */
sgp_err sgp_plans_load(const sgp_settings *settings, sgp_loaded_plan *plans,
                       sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_plans_start(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
/* The clocks of the configuration with the response targets of the plan. */
void sgp_plans_clocks(const sgp_engine *engine, sgp_clocks *clocks);
/* PLANNED, where the world decides by another plan or none; NULL: nothing to tell. */
sgp_input *sgp_plans_input(const sgp_engine *engine);
/* Loads all anew into the input, and queues the clocks. A mistake in the files is the fault. */
sgp_err sgp_plans_reload_event(sgp_session *session, sgp_input *input,
                               sgp_fault *fault) SGP_MUST_USE;
/* After PLANNED: the texts of the input go with the world's plan, where it was taken. */
void sgp_plans_follow(sgp_engine *engine, sgp_input *input);
void sgp_input_forget_plans(sgp_input *input);
void sgp_answer_complaints(sgp_session *session, uint64_t reply_to,
                           const Sigap__V1__ListComplaints *asked);
void sgp_answer_guide(sgp_session *session, uint64_t reply_to, const Sigap__V1__GetGuide *asked);

/* ---- agencies.c ----------------------------------------------------------- */

/* The target of SGP_TO_AGENCY: a hash of the agency's code. */
uint64_t sgp_agency_target(const char *code);
void sgp_push_alert(sgp_engine *engine, sgp_id incident, const char *agency);

/* ---- hospitals.c --------------------------------------------------------- */

/* The hospital that a session speaks for: its own, or the one that is named. */
sgp_err sgp_hospital_of(const sgp_session *session, const char *named, char code[SGP_CODE_BYTES],
                        sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_tell_hospital_event(sgp_session *session, const Sigap__V1__TellHospital *asked,
                                sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_tell_patient_event(sgp_session *session, const Sigap__V1__TellPatient *asked,
                               sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
/* The assignment that a request speaks of: a crew's own, or the one that is named. */
sgp_err sgp_patient_of(const sgp_session *session, sgp_id named, sgp_id *assignment,
                       sgp_fault *fault) SGP_MUST_USE;
/* The hospital knows of a patient. */
sgp_err sgp_see_inbound_event(sgp_session *session, const Sigap__V1__SeeInbound *asked,
                              sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
void sgp_answer_handovers(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__AskHandovers *asked);
void sgp_answer_inbound(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__AskInbound *asked);
/* Answers the request that asked for them, where it is not NULL, and tells the crew. */
void sgp_push_hospitals(sgp_engine *engine, const sgp_hospital_advice *advice,
                        const sgp_input *input);
/* Move-up (move_up.c). */
sgp_err sgp_move_up_event(sgp_session *session, const Sigap__V1__OrderMoveUp *asked,
                          sgp_event *event, sgp_fault *fault);
sgp_err sgp_move_up_end_event(const Sigap__V1__EndMoveUp *asked, sgp_event *event,
                              sgp_fault *fault);
sgp_err sgp_move_up_answer_event(sgp_session *session, const Sigap__V1__AnswerMoveUp *asked,
                                 sgp_event *event, sgp_fault *fault);
void sgp_push_move_up(sgp_engine *engine, uint32_t unit);
/* To a crew that has just logged in. */
void sgp_answer_open_move_up(sgp_session *session);
/* What the last advice said that this move would gain; 0 = it did not name it. */
int32_t sgp_coverage_advised(const sgp_engine *engine, const char *unit, sgp_point to);
void sgp_push_destination(sgp_engine *engine, sgp_id assignment);
void sgp_tell_destination(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                          sgp_id assignment);
void sgp_tell_move_up(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target, uint32_t unit);
void sgp_push_offload(sgp_engine *engine, sgp_id assignment);
/* A unit has reported where it is: those who wait for its patient hear when it arrives, every few
 * seconds at most. */
void sgp_arrival_follow(sgp_engine *engine, uint32_t unit);
/* Once a second: the same for units whose arrival was told long ago (the roads are slower by
 * now). A bounded number. */
void sgp_arrivals_tick(sgp_engine *engine);

/* Alerts of the session's agency that still wait, for one that has just logged in. */
void sgp_answer_open_alerts(sgp_session *session);
sgp_err sgp_answer_alert_event(sgp_session *session, const Sigap__V1__AnswerAlert *asked,
                               sgp_event *event, sgp_fault *fault) SGP_MUST_USE;

/* ---- lookups.c, find_place.c, place_access.c ------------------------------- */

/* The call waits for the placer. `cause` is the event that asked for it; what was asked for the
 * call before is not answered any more. */
void sgp_lookup_add(sgp_engine *engine, sgp_id call, uint64_t cause);
/* The answer to a question that the call has outlived: more was said since. */
bool sgp_lookup_is_stale(sgp_engine *engine, const sgp_event *event);
/* Asks the placer for the call. */
void sgp_lookup_ask(sgp_engine *engine, sgp_id call);
/* Asks again for everything that waits, when the database is back. */
void sgp_lookups_retry(sgp_engine *engine);
void sgp_lookups_clear(sgp_engine *engine);
void sgp_find_place(sgp_session *session, uint64_t reply_to, const Sigap__V1__FindPlace *asked);
/* Gives up the session's autocompletion; a client that is still there hears so. */
void sgp_find_place_drop(sgp_session *session);
/* Where a vehicle stands for the places, where that is not known, and the road there; and the
 * district of those that are only a point. */
void sgp_places_add_access(const sgp_engine *engine, sgp_place *places, size_t n);
void sgp_reverse_place(sgp_session *session, uint64_t reply_to,
                       const Sigap__V1__ReversePlace *asked);

/* ---- phone_positions.c ------------------------------------------------------ */

/* Whoever has a locate-me token that some call waits for. */
typedef struct sgp_phone_visit {
    sgp_user user;
    sgp_id call;
    uint8_t token[SGP_HASH_BYTES];
} sgp_phone_visit;
bool sgp_phone_guest(const sgp_engine *engine, const char *token,
                     sgp_phone_visit *visit) SGP_MUST_USE;
/* A phone's session says one thing only, and only a phone's session says it. */
sgp_err sgp_phone_check_door(const sgp_session *session, Sigap__V1__Frame__BodyCase body,
                             sgp_fault *fault) SGP_MUST_USE;
/* Answers or queues the frame when it is one of these; false: it is another. */
bool sgp_phone_request(sgp_session *session, const Sigap__V1__Frame *frame) SGP_MUST_USE;
/* The call's token, once its event is durable. */
void sgp_phone_tell_token(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply);
/* A call came: what was held for its number follows it. `cause` is its event. */
void sgp_phone_call_received(sgp_engine *engine, sgp_id call, uint64_t cause, const char *number);
/* After a restart: the numbers of open calls from the journal. */
void sgp_phone_recover(sgp_engine *engine);

/* ---- caller_page.c ----------------------------------------------------------- */

/* Queues the opening of a page, which answers the Login; false: it is none, or `fault` says what is
 * wrong. */
bool sgp_page_log_in(sgp_session *session, const Sigap__V1__Frame *frame, sgp_fault *fault);
/* CALLER_CAME was stepped: Welcome, or why not. */
void sgp_page_came(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply);
/* The session speaks for no page any more. */
void sgp_page_forget(sgp_session *session);
/* What a page may say, and what only it may. */
sgp_err sgp_page_check_door(const sgp_session *session, Sigap__V1__Frame__BodyCase body,
                            sgp_fault *fault) SGP_MUST_USE;
/* After a step: pages whose incident it changed. Every second: those not looked at for long. */
void sgp_pages_follow(sgp_engine *engine);
void sgp_pages_tick(sgp_engine *engine);
/* A newer link was given for the call. */
void sgp_pages_replaced(sgp_engine *engine, sgp_id call, const uint8_t token[SGP_HASH_BYTES]);

/* ---- messages.c -------------------------------------------------------------- */

/* SayToDesk, SayToCaller or ReadMessages. */
sgp_err sgp_message_event(sgp_session *session, const Sigap__V1__Frame *frame, sgp_input *input,
                          sgp_fault *fault) SGP_MUST_USE;
/* Where the words of MESSAGE_SAID are kept; false: there are none. */
bool sgp_messages_personal(const sgp_event *event, const sgp_reply *reply, const sgp_input *input,
                           sgp_personal *personal);
void sgp_push_message(sgp_engine *engine, const sgp_event *event, const sgp_reply *reply,
                      const sgp_input *input);
/* The words of that event; *erased where they are erased. Free the copy after SGP_OK. */
sgp_err sgp_message_words(sgp_engine *engine, uint64_t seq, sgp_personal_copy *copy,
                          bool *erased) SGP_MUST_USE;
void sgp_answer_conversation(sgp_session *session, uint64_t reply_to, sgp_id call);
/* Positions of a call's phone, and openings of its page, come faster than is heard. */
bool sgp_phone_shares_too_often(sgp_engine *engine, sgp_id call);

/* ---- exchanges.c ------------------------------------------------------------- */

typedef struct sgp_exchange sgp_exchange;
sgp_err sgp_exchanges_start(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
void sgp_exchanges_stop(sgp_engine *engine);
/* Has the ring's exchange connect it. */
void sgp_exchange_answer(sgp_engine *engine, sgp_id ring);
/* Something about the ring is another now: a handset may have to be put down. */
void sgp_exchange_ring_changed(sgp_engine *engine, sgp_id ring);
/* All of them as messages, borrowed from the engine. */
typedef struct sgp_exchange_rows {
    size_t n;
    Sigap__V1__Exchange row[SGP_EXCHANGES_MAX], *list[SGP_EXCHANGES_MAX];
} sgp_exchange_rows;
void sgp_exchanges_fill(sgp_engine *engine, sgp_exchange_rows *rows);

/* ---- rings.c ------------------------------------------------------------------ */

/* TakeRing or CallBack. */
void sgp_ring_event(const Sigap__V1__Frame *frame, sgp_event *event);
/* The call of the input came by that ring: its number goes with it where none was given. */
sgp_err sgp_ring_call(const sgp_session *session, sgp_id ring, sgp_input *input,
                      sgp_fault *fault) SGP_MUST_USE;
/* Where the number of RING_CAME is kept; false: there is none. */
bool sgp_rings_personal(const sgp_event *event, const sgp_input *input, sgp_personal *personal);
/* On the heap; NULL: none is kept. */
char *sgp_ring_number(sgp_engine *engine, sgp_id ring);
/* Waits for the disk. */
void sgp_ring_forget_number(sgp_engine *engine, sgp_id ring);
/* As a message on the heap, with its number where `hears`; NULL: no such ring. */
Sigap__V1__Ring *sgp_ring_message(sgp_engine *engine, sgp_id ring, bool hears);
/* Tells those watchers who may hear it the ring with its number. */
void sgp_push_ring(sgp_engine *engine, sgp_id ring, int64_t at_ms);
void sgp_answer_rings(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListRings *asked);
void sgp_answer_ring(sgp_session *session, uint64_t reply_to, const Sigap__V1__GetRing *asked);

/* ---- city.c -------------------------------------------------------------- */

sgp_err sgp_city_open(const sgp_settings *settings, sgp_city **city, sgp_fault *fault) SGP_MUST_USE;
void sgp_city_close(sgp_city *city);
/* Opens the graph file anew on a thread of its own; then GRAPH_SWITCHED is queued. */
void sgp_city_switch(sgp_session *session, uint64_t reply_to, const uint8_t id[16]);
/* Puts a city into service: oracle and placer. */
void sgp_city_enter(sgp_engine *engine, sgp_city *city);
/* The bounds and the graph in service, to a placer just made. */
void sgp_city_tell_placer(sgp_engine *engine);
void sgp_city_switch_cancel(sgp_engine *engine);

/* ---- recovery.c ---------------------------------------------------------- */

sgp_err sgp_recover(sgp_engine *engine, sgp_fault *fault) SGP_MUST_USE;
/* Events for what the configuration says otherwise than the world. */
void sgp_configure_world(sgp_engine *engine);

/* ---- metrics.c ----------------------------------------------------------- */

/* Prometheus text. */
void sgp_metrics_write(const sgp_engine *engine, struct evbuffer *out);

#endif
