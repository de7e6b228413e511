/* Hospitals: what they can do, whom they take now, and which of them a patient needs.
 *
 *   configuration --> abilities, beds
 *   the hospital  --> beds that are free, whom it diverts       (event HOSPITAL_TOLD)
 *   the crew      --> what its patient needs, and how he is     (event PATIENT_TOLD)
 *   the core      --> advice: every hospital with time and reason, the best first
 *
 * Beds. What is free is the last count (told by the hospital, or else its emergency beds as
 * configured) less the patients whom our units have handed over since. A bed comes back when the
 * hospital releases it or tells a new count. Where it never told a count, one comes back after
 * rules.bed_stay_ms too; where it did, only its word counts. A count older than rules.beds_stale_ms
 * is shown as stale and decides nothing.
 *
 * Plain data; sigap/core.h says how it lives in a world.
 */
#ifndef SIGAP_HOSPITAL_H
#define SIGAP_HOSPITAL_H

#include <stdbool.h>
#include <stdint.h>

/* Bounds. */
enum {
    SGP_BEDS_MAX = 100000,
    SGP_BEDS_TAKEN_MAX = 1024, /* handed over since the last count; of more, the oldest is forgotten
                                  and, where the hospital told its count, taken off that */
    SGP_HOSPITAL_WORD_BYTES = 24,
    SGP_HOSPITAL_REASON_BYTES = 96
};

/* What a hospital can do for emergencies at any hour. A set of them is a mask of 1u << ability. */
typedef enum sgp_ability {
    SGP_ABILITY_TRAUMA,
    SGP_ABILITY_STROKE,
    SGP_ABILITY_STEMI, /* a catheter laboratory for heart attacks */
    SGP_ABILITY_OBSTETRIC,
    SGP_ABILITY_PAEDIATRIC,
    SGP_ABILITY_NEONATAL,
    SGP_ABILITY_BURN,
    SGP_ABILITY_DIALYSIS,
    SGP_ABILITY_PSYCHIATRIC,
    SGP_ABILITY_INTENSIVE_CARE,
    SGP_ABILITY_SURGERY,
    SGP_ABILITY_ISOLATION,
    SGP_ABILITIES
} sgp_ability;
enum { SGP_ABILITIES_ALL = (1 << SGP_ABILITIES) - 1 };
const char *sgp_ability_str(sgp_ability ability); /* "STEMI"; "UNKNOWN" for other numbers */

typedef enum sgp_diversion {
    SGP_DIVERSION_OPEN,
    SGP_DIVERSION_SOME, /* patients who need what it cannot do at present */
    SGP_DIVERSION_ALL,  /* asks that nobody be brought; who has no other place still is */
    SGP_DIVERSION_CLOSED,
    SGP_DIVERSIONS
} sgp_diversion;
const char *sgp_diversion_str(sgp_diversion diversion); /* "OPEN" */

/* How a patient is, by the colours of triage at the scene. */
typedef enum sgp_colour_of_triage {
    SGP_COLOUR_UNKNOWN,
    SGP_COLOUR_RED,
    SGP_COLOUR_YELLOW,
    SGP_COLOUR_GREEN,
    SGP_COLOUR_BLACK,
    SGP_COLOURS
} sgp_colour_of_triage;
const char *sgp_colour_of_triage_str(sgp_colour_of_triage colour); /* "RED" */

/* What a hospital told of itself. All zero: nothing, it is open. */
typedef struct sgp_hospital_told {
    bool has_beds;
    int32_t beds; /* free at that time */
    int64_t beds_at_ms;
    char beds_by[SGP_HOSPITAL_WORD_BYTES];
    sgp_diversion diversion;
    uint32_t diverts;           /* abilities, with SOME */
    int64_t since_ms, until_ms; /* of the diversion; until 0 = until it is told anew */
    char reason[SGP_HOSPITAL_REASON_BYTES];
    char by[SGP_HOSPITAL_WORD_BYTES];
} sgp_hospital_told;

/* Why a hospital is not the place for a patient, the lesser reason first: where nobody fits, the
 * first of these is the way out, so that no patient is ever left without a place. */
typedef enum sgp_unfit {
    SGP_UNFIT_NOT,
    SGP_UNFIT_FULL,    /* every free bed is for somebody who is on the way */
    SGP_UNFIT_DIVERTS, /* asks that nobody be brought */
    SGP_UNFIT_LACKS,   /* cannot do what the patient needs, ever or at present */
    SGP_UNFIT_CLOSED,
    SGP_UNFIT_UNREACHABLE, /* no way by road; nearest as the crow flies first */
    SGP_UNFITS
} sgp_unfit;
const char *sgp_unfit_str(sgp_unfit unfit); /* "FULL" */

typedef struct sgp_hospital_option {
    uint32_t hospital; /* index */
    sgp_unfit unfit;
    sgp_unfit besides; /* of one that lacks something: full, or diverting, or neither */
    int64_t travel_ms; /* by road, -1 = unreachable */
    int64_t total_ms;  /* what ranks: road time and a toll for each wish that it lacks; or -1 */
    int32_t free_beds; /* -1 = not known; patients on their way are not taken off */
    int32_t inbound;   /* others on their way there, or meant for it, or waiting there */
    uint32_t lacks;    /* abilities that are needed */
    uint32_t wishes;   /* abilities that would be good and are not there */
} sgp_hospital_option;

/* Every hospital for one patient: by (unfit, where it lacks: how much, and besides; total_ms,
 * index). */
typedef struct sgp_hospital_advice {
    uint64_t assignment, incident;
    int64_t at_ms;
    uint32_t needs, wishes; /* abilities; by the crew's word, or else by the complaint */
    bool by_crew;
    sgp_colour_of_triage colour;
    int32_t chosen; /* index where the patient goes; -1 = nobody has chosen yet */
    uint32_t n_options;
    sgp_hospital_option *options;
} sgp_hospital_advice;

#endif
