/* What the console knows: the newest state of everything, which incident and unit are chosen,
 * what is looked for, how the line is, and what happened.
 *
 * Fed with news of the line and with the time; screens only read it. The board and the sentences
 * of the log are the narrator's (apps/narrator.h), so that the console and `sigap watch` tell
 * the same. Times are the engine's wall clock in milliseconds: Pong tells how far ours is off.
 *
 * Rows are what the two boards show, in order. Incidents: first those that need attention
 * (they wait for a person: nobody sent, or the place not certain; or nobody is on scene in the
 * target's time), then those that run; each by priority, an unknown one first, then the oldest
 * first. Units: on duty before off duty, in the order of their numbers,
 * so that each stays where the eye last found it. Not thread-safe.
 */
#ifndef SGP_CONSOLE_MODEL_H
#define SGP_CONSOLE_MODEL_H

#include <stdio.h>

#include "apps/narrator.h"
#include "console/link.h"

enum { SGP_MODEL_LOG_MAX = 500, SGP_MODEL_FIND_BYTES = 64, SGP_HEARD_MAX = 8 };

/* A word of a caller's page, as it was heard. */
typedef struct sgp_heard_words {
    uint64_t call;
    char text[240];
} sgp_heard_words;

typedef enum sgp_line {
    SGP_LINE_CONNECTING, /* not yet connected */
    SGP_LINE_CATCHING_UP,
    SGP_LINE_UP,
    SGP_LINE_LOST,
    SGP_LINE_REFUSED
} sgp_line;

typedef struct sgp_incident_row {
    uint64_t id;
    bool waits;     /* for a person */
    bool overdue;   /* nobody on scene within the target */
    bool attention; /* one or the other: it stands above */
    bool rang_new, rang_overdue;
} sgp_incident_row;

/* A telephone exchange that the engine told of. */
typedef struct sgp_exchange_state {
    char name[32], fault[160];
    bool away;
    int64_t since_ms;
} sgp_exchange_state;

enum { SGP_MODEL_EXCHANGES_MAX = 8 };

typedef struct sgp_model {
    sgp_language language;
    sgp_narrator narrator; /* with the board */
    FILE *told;            /* the narrator's lines end here */
    char *told_text;
    size_t told_size;
    char *log[SGP_MODEL_LOG_MAX]; /* ring */
    size_t n_log, first_log;

    sgp_line line;
    int64_t line_since_ms; /* our clock */
    char line_reason[256];
    char user[64];
    int role; /* as the wire counts them; 0: not told, or the private socket's */
    const struct sgp_admin *admin; /* what administration lists; NULL: nothing */
    Sigap__V1__Point here;         /* where the map is looked at, with has_here */
    bool has_here;
    int64_t now_ms, own_now_ms, skew_ms; /* the engine's clock, ours, the difference */
    int64_t target_ms[5];                /* by priority number; 0: none told */
    char city_id[33];                    /* of the engine's city; "": not told */
    bool database_away;

    sgp_incident_row *incidents;
    size_t n_incidents, n_waiting, n_attention;
    uint32_t *units; /* numbers */
    size_t n_units, units_capacity;
    size_t n_units_free, n_units_on_duty;
    unsigned by_priority[5]; /* open incidents */
    unsigned n_overdue;
    int64_t oldest_waiting_ms; /* -1: nobody waits */

    sgp_shelf advice;  /* HospitalAdvice, by assignment: which hospital for its patient, and why */
    sgp_shelf inbound; /* Inbound, by assignment: when it is at the hospital */
    size_t n_ringing, n_missed; /* telephones that nobody has taken; that wait to be called back */
    uint64_t newest_ring;
    uint64_t ringing;                  /* the one that has rung longest; 0: none */
    size_t n_unread;                   /* words of callers' pages that nobody has read (chat.h) */
    uint64_t unread_call, newest_word; /* the call that has waited longest; seq */
    sgp_heard_words heard[SGP_HEARD_MAX]; /* ring */
    size_t n_heard;                       /* so far */
    size_t n_distress, n_silent;          /* crews that call for help; that do not answer */
    uint32_t distress;                    /* the unit that called first; 0: none */
    int64_t distress_rang_ms;

    uint64_t seen_seq; /* the newest event that was told */
    char notice[512];  /* for the user, to be said; "": none */
    sgp_exchange_state exchanges[SGP_MODEL_EXCHANGES_MAX];
    size_t n_exchanges;
    /* What was asked for, NULL: not told yet. */
    Sigap__V1__DeskReport *report;
    Sigap__V1__DeskHandoverPage *handovers;
    Sigap__V1__RoadClosurePage *closures;
    Sigap__V1__MarkedNumberPage *marks;
    bool no_report; /* this role gets none */

    uint64_t incident;               /* chosen; 0: none */
    uint32_t unit;                   /* chosen; 0: none */
    char find[SGP_MODEL_FIND_BYTES]; /* "": show all */
    unsigned bells;                  /* to be rung */
    bool changed;                    /* rows are to be made anew */
} sgp_model;

sgp_err sgp_model_init(sgp_model *model, sgp_language language) SGP_MUST_USE;
void sgp_model_deinit(sgp_model *model);

/* Takes what belongs to it out of the news (Updates, Status, Pong, IncidentDetail, InboundPage);
 * the frame stays the caller's. SGP_E_MEMORY. */
sgp_err sgp_model_take(sgp_model *model, const sgp_link_news *news) SGP_MUST_USE;

/* The time is now `own_now_ms` on our clock: clocks, rows and bells follow. */
void sgp_model_tick(sgp_model *model, int64_t own_now_ms);

/* A line of our own in the log. */
void sgp_model_log(sgp_model *model, const char *text);
/* The nth newest line, 0 the newest; NULL: no more. */
const char *sgp_model_log_line(const sgp_model *model, size_t nth);

const Sigap__V1__Incident *sgp_model_incident(const sgp_model *model); /* chosen; NULL: none */
const Sigap__V1__Unit *sgp_model_unit(const sgp_model *model);
const Sigap__V1__Ring *sgp_model_ring(const sgp_model *model, uint64_t id); /* NULL: none */
/* Moves the choice by so many rows. */
void sgp_model_move_incident(sgp_model *model, int by);
void sgp_model_move_unit(sgp_model *model, int by);
/* Chooses; false: there is no such one. */
bool sgp_model_choose_incident(sgp_model *model, uint64_t id);
/* Chooses the first that waits, other than this one; none: as it was. */
void sgp_model_choose_waiting(sgp_model *model, uint64_t other_than);
/* Does the board show this row, by what is looked for? */
bool sgp_model_shows(const sgp_model *model, const sgp_incident_row *row);
/* Shows only what has these letters, "" all. */
void sgp_model_find(sgp_model *model, const char *letters);

/* Since the call was answered until somebody is on scene; and by how much that is late (0: in
 * time). */
int64_t sgp_incident_clock_ms(const sgp_model *model, const Sigap__V1__Incident *incident,
                              int64_t *late_ms);
/* Does it wait for a person? */
bool sgp_incident_waits(const Sigap__V1__Incident *incident);
/* Is the position too old to be believed? As the engine judges units that are away. */
bool sgp_unit_position_stale(const sgp_model *model, const Sigap__V1__Unit *unit);
/* The unit's assignment that goes on; NULL: none. */
const Sigap__V1__Assignment *sgp_unit_assignment(const sgp_model *model,
                                                 const Sigap__V1__Unit *unit);
/* The newest recommendation for an incident; NULL: none. */
const Sigap__V1__Recommendation *sgp_incident_recommendation(const sgp_model *model,
                                                             const Sigap__V1__Incident *incident);
/* Do all words of `letters` occur in the text, whatever their case? */
bool sgp_letters_in(const char *letters, const char *text);

#endif
