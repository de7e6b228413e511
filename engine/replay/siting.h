/* Where stations should be: three classical questions about the same table of times
 * (sigap/coverage.h: zones with weights, posts that are possible sites), answered exactly by a
 * mixed integer programme.
 *
 *   MCLP      p stations so that most weight is within the target of one
 *             (Church & ReVelle, "The maximal covering location problem", 1974)
 *   MEXCLP    P units at no more than p stations so that the expected coverage is greatest, each
 *             unit being busy a share q of its time (Daskin 1983)
 *   P_MEDIAN  p stations so that the mean time from the nearest one is least (Hakimi, "Optimum
 *             locations of switching centers", 1964; solved in the radius form of Cornuejols,
 *             Nemhauser & Wolsey 1980, which has a row for each zone and radius)
 *
 * Before the programme is solved, zones that the same sites reach are joined (exact), and a good
 * answer is found by adding the best site one after the other and exchanging sites while that
 * helps (Teitz & Bart 1968). For the median a Lagrangean bound then settles most sites
 * (siting_bound.c). The solver (GLPK's branch and cut) begins with that answer, so when its time is
 * up there is always one, with how far from the best it may at most be. What is told of an answer
 * is computed from the table in whole numbers, never taken from the solver.
 *
 * One thread at a time for an ask; GLPK keeps its state by thread.
 */
#ifndef SGP_REPLAY_SITING_H
#define SGP_REPLAY_SITING_H

#include "sigap/coverage.h"
#include "sigap/progress.h"

typedef enum sgp_siting_question {
    SGP_SITING_MCLP = 1,
    SGP_SITING_MEXCLP,
    SGP_SITING_P_MEDIAN
} sgp_siting_question;
const char *sgp_siting_question_str(sgp_siting_question question); /* "mclp", "p-median" */
/* SGP_E_FORMAT for a name that is none. */
sgp_err sgp_siting_question_parse(const char *name, sgp_siting_question *question) SGP_MUST_USE;

/* What may become of a site. */
typedef enum sgp_site_rule {
    SGP_SITE_MAY, /* open or not */
    SGP_SITE_MUST /* stays open (with MEXCLP: at least one unit) */
} sgp_site_rule;

enum { SGP_SITES_MAX = 512 };

typedef struct sgp_siting_ask {
    sgp_siting_question question;
    /* Sites are its posts, at most SGP_SITES_MAX. MCLP and P_MEDIAN take no notice of
     * busy_permille, P_MEDIAN none of target_ms. */
    const sgp_coverage_model *model;
    const sgp_site_rule *rules;   /* [n_posts]; NULL = all may */
    uint32_t stations;            /* p, those that stay among them; 1 .. n_posts */
    uint32_t units;               /* P of MEXCLP, at least the sites that must; else unused */
    uint32_t units_per_station;   /* at most so many at one; MEXCLP; 0 = any number */
    int32_t time_limit_ms;        /* of the solver; 0 = only the first answer */
    double gap;                   /* be content within this share of the best; 0 = the best */
    const sgp_progress *progress; /* NULL = silent; its phase tells value, bound and gap */
} sgp_siting_ask;

typedef struct sgp_siting {
    uint32_t *units;   /* [n_posts] units there; 1 = open for MCLP and P_MEDIAN; owned */
    int64_t value;     /* MCLP: weight within the target; MEXCLP: as sgp_coverage_value;
                        * P_MEDIAN: sum of weight x ms to the nearest station, to be least */
    double mean_ms;    /* over the weight, to the nearest station */
    int64_t worst_ms;  /* the zone that is furthest from its nearest station; -1: one without way */
    double gap;        /* the answer is within this share of the best */
    bool is_best;      /* proven, within the gap that was asked for */
    bool is_stopped;   /* the time was up, or progress asked for it */
    uint32_t n_joined; /* zones that were left after joining */
    int64_t first_value; /* of the answer that the solver began with */
    int64_t solver_ms;
} sgp_siting;

/* SGP_E_RANGE: stations or units cannot be placed so, the fault says why; SGP_E_NOT_FOUND:
 * P_MEDIAN, and a zone with weight has a way from no site, or so many stations cannot reach all
 * zones; SGP_E_TOO_LARGE; SGP_E_MEMORY; SGP_E_STATE: GLPK failed. Free with sgp_siting_free. */
sgp_err sgp_siting_solve(const sgp_siting_ask *ask, sgp_siting *answer,
                         sgp_fault *fault) SGP_MUST_USE;
void sgp_siting_free(sgp_siting *answer);

/* What stations that somebody thought of are worth: fills value, mean_ms and worst_ms of
 * `answer` for its units[n_posts], which the caller set. SGP_E_MEMORY. */
sgp_err sgp_siting_value(const sgp_siting_ask *ask, sgp_siting *answer) SGP_MUST_USE;

/* The most, or for P_MEDIAN the least, first. */
bool sgp_siting_is_better(sgp_siting_question question, int64_t value, int64_t than);

#endif
