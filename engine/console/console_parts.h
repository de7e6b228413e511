/* The console's inside: one struct, and what its files do for each other.
 *
 *     console.c       messages, requests, news, life
 *     console_asks.c  what it asks by itself: details, places, questions, ways
 *     console_line.c  what is done: orders, calls, outcomes, the command line
 *     console_admin.c administration
 *     console_keys.c  keys, by mode
 *     console_draw.c  what stands where
 */
#ifndef SGP_CONSOLE_CONSOLE_PARTS_H
#define SGP_CONSOLE_CONSOLE_PARTS_H

#include "console/admin.h"
#include "console/call_form.h"
#include "console/command.h"
#include "console/console.h"
#include "console/dossier.h"
#include "console/editor.h"
#include "console/map.h"
#include "console/model.h"
#include "console/screen.h"

typedef enum sgp_focus { FOCUS_INCIDENTS, FOCUS_UNITS } sgp_focus;
typedef enum sgp_pane {
    PANE_UNITS,
    PANE_DETAIL,
    PANE_SCRIPT, /* questions of the complaint, what to tell the caller */
    PANE_LOG,
    PANE_STORY, /* the log of the chosen incident */
    PANE_HOSPITALS,
    PANE_TRANSFERS,
    PANE_RINGS,
    PANE_SUPERVISOR,
    PANE_HAND_OVER,
    PANE_MARKS,
    PANE_HELP,
    PANE_ADMIN,
    PANE_MAP
} sgp_pane;
typedef enum sgp_mode {
    MODE_COMMAND,
    MODE_FORM,
    MODE_SCRIPT,     /* digits answer the question */
    MODE_OUTCOME,    /* a letter closes the chosen incident */
    MODE_PLACES,     /* Enter takes the marked candidate of the place */
    MODE_CANDIDATES, /* Enter orders the marked unit of the recommendation */
    MODE_MAP,        /* arrows and signs move the map */
    MODE_DRAW,       /* arrows move the cross, Space sets a point */
    MODE_STRETCH,    /* Enter closes the stretch that is told */
    MODE_CONFIRM
} sgp_mode;
typedef enum sgp_confirm { CONFIRM_QUIT, CONFIRM_CLOSE } sgp_confirm;

enum {
    WIDE = 132,
    HISTORY_MAX = 50,
    OFFERS_MAX = 8,
    STATUS_EVERY_MS = 10000,
    GOOD_NEWS_MS = 20000,
    READING_MS = 300,  /* what has stood on the screen so long can have been read */
    THINKING_MS = 3000 /* who has typed nothing for so long has looked up */
};

/* Tokens of questions that change nothing; those of changes are pending's. */
#define QUERY (UINT64_C(1) << 63)
enum {
    QUERY_FIND = 1,
    QUERY_GET,
    QUERY_STATUS,
    QUERY_LOG,
    QUERY_GUIDE,
    QUERY_LEFT,
    QUERY_ROUTE,
    QUERY_INBOUND,
    QUERY_COVERAGE,
    QUERY_DESK,
    QUERY_REPORT,
    QUERY_HANDOVERS,
    QUERY_CLOSURES,
    QUERY_MARKS,
    QUERY_USERS,
    QUERY_SHUT,
    QUERY_SHIFTS,
    QUERY_STRETCH,
    QUERY_CODE,
    QUERY_KINDS
};

struct sgp_console {
    sgp_language language;
    sgp_console_host host;
    sgp_pending *pending;
    sgp_model model;
    sgp_dossier dossier;
    sgp_call_form form;
    sgp_map map;
    sgp_admin admin;
    sgp_editor line, typed;          /* typed: the line while an older one is looked at */
    sgp_editor history[HISTORY_MAX]; /* newest last */
    size_t n_history, history_at;
    sgp_focus focus;
    sgp_pane pane;
    sgp_mode mode;
    sgp_confirm confirm;
    Sigap__V1__Outcome form_outcome; /* of the call that was just sent, to close it with; 0: none */
    uint64_t ended_token;            /* its request */
    bool outcome_of_form;            /* the letter that is waited for is the form's */
    uint64_t ring_token;             /* of taking a ring */
    bool watches_desks;              /* the engine sends its report */
    uint64_t told_incident, told_ring; /* what the engine was told is before the user */
    bool told_form;
    int64_t key_ms, told_key_ms; /* of the last key, and of the one that was told */
    int32_t round_trip_ms;
    Sigap__V1__Outcome outcome; /* to be confirmed */
    uint64_t outcome_incident;
    int candidate, question, scroll, detail_rows;
    char message[512];
    sgp_ink message_ink;
    int64_t message_at_ms;
    uint64_t quiet_token;       /* a request whose success goes without saying */
    uint64_t choose_next;       /* once it is known; 0: none */
    bool script_next;           /* and then its questions */
    uint64_t detail_of, log_of; /* incident whose detail, log were last asked for */
    uint64_t detail_version, log_version;
    uint64_t log_word; /* the newest word of a caller's page that the log was asked with */
    char guide_of[64];
    uint64_t left_for, route_of;      /* recommendation, incident */
    int64_t asked_at_ms[QUERY_KINDS]; /* when last, by our clock */
    bool draft_changed;               /* since it was last kept */
    int64_t synced_at_ms;
    uint64_t looked_seq, shown_seq; /* newest event that the user can have read; that was shown */
    int64_t shown_ms;
    bool ended, repaint;
};

/* ---- console.c ---- */
void sgp_console_say(sgp_console *c, sgp_ink ink, const char *text);
void sgp_console_say_about(sgp_console *c, sgp_ink ink, sgp_text key, const char *what,
                           const char *reason);
/* Keeps the request on disk, then sends it. Tells its token; 0: it was not kept. */
uint64_t sgp_console_ask(sgp_console *c, sgp_request *request, const sgp_request *then);
void sgp_console_resend(sgp_console *c, bool also_old);
void sgp_console_drop_held(sgp_console *c);
size_t sgp_console_held(const sgp_console *c);

/* ---- console_asks.c ---- */
void sgp_console_questions(sgp_console *c);
/* Takes the answer to a question; ownership passes. */
sgp_err sgp_console_answer(sgp_console *c, sgp_link_news *news) SGP_MUST_USE;
/* The line is new: everything is asked anew. */
void sgp_console_forget_questions(sgp_console *c);
void sgp_console_ask_coverage(sgp_console *c);

/* ---- console_line.c ---- */
void sgp_console_open_form(sgp_console *c, const char *place);
/* Takes the ring and opens its form; 0: the one that has rung longest. */
void sgp_console_take_ring(sgp_console *c, uint64_t ring);
void sgp_console_send_form(sgp_console *c);
const Sigap__V1__Candidate *sgp_console_candidate(const sgp_console *c, int nth);
bool sgp_console_need_incident(sgp_console *c);
/* Takes the chosen incident in hand, also from another; releases it where the user has it. */
void sgp_console_hold(sgp_console *c);
void sgp_console_order_best(sgp_console *c);
void sgp_console_order_candidate(sgp_console *c);
/* Candidates of a place that nobody has settled yet; 0: there is nothing to choose. */
size_t sgp_console_places(const sgp_console *c, const Sigap__V1__Call **call);
void sgp_console_choose_place(sgp_console *c);
void sgp_console_close_now(sgp_console *c, uint64_t incident, Sigap__V1__Outcome outcome);
void sgp_console_close_with(sgp_console *c, Sigap__V1__Outcome outcome);
void sgp_console_ask_quit(sgp_console *c);
void sgp_console_run_line(sgp_console *c);
void sgp_console_complete(sgp_console *c);
void sgp_console_recall(sgp_console *c, int by);
/* The line goes into the history, from where an arrow brings it back. */
void sgp_console_put_aside(sgp_console *c);
/* Questions: NULL where the complaint has none, or they are not told yet. */
const Sigap__V1__Guide *sgp_console_guide(const sgp_console *c);
void sgp_console_answer_question(sgp_console *c, int nth_answer);
void sgp_console_open_script(sgp_console *c);

/* ---- console_admin.c ---- */
void sgp_console_ask_admin(sgp_console *c);
/* Takes the answer of one of its questions; false: it is another's, or an error, and stays the
 * caller's. */
bool sgp_console_admin_answer(sgp_console *c, uint64_t token, Sigap__V1__Frame *frame);
/* A request was answered: lists are asked anew, a reload's mistakes are kept. */
void sgp_console_admin_done(sgp_console *c, const Sigap__V1__Frame *asked,
                            const Sigap__V1__Frame *answer);
void sgp_console_open_admin(sgp_console *c, sgp_admin_page page);
void sgp_console_next_admin(sgp_console *c);
void sgp_console_ask_code(sgp_console *c, const char *name, bool is_unit);
void sgp_console_close_street(sgp_console *c, const sgp_command *command);
void sgp_console_tell_stretch(sgp_console *c);
void sgp_console_stretch_key(sgp_console *c, const sgp_key *key);
void sgp_console_draw_roads(sgp_console *c, const sgp_command *command);
void sgp_console_draw_key(sgp_console *c, const sgp_key *key);

#endif
