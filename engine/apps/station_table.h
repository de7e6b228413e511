/* What `sigap stations` found, as a table and as JSON, beside what others had in mind. */
#ifndef SGP_APPS_STATION_TABLE_H
#define SGP_APPS_STATION_TABLE_H

#include "apps/place_list.h"
#include "apps/texts.h"
#include "replay/siting.h"
#include "sigap/zones.h"

enum { SGP_STATION_PLANS_MAX = 8 };

/* Stations that somebody has in mind, to be compared. */
typedef struct sgp_station_plan {
    const char *file; /* borrowed */
    size_t first, n;  /* its units, among the sites */
    sgp_siting worth;
} sgp_station_plan;

typedef struct sgp_station_plans {
    const sgp_graph_parts *parts; /* borrowed */
    bool by_calls;                /* zones count by calls, not by streets */
    sgp_place_list sites;         /* those that stay, those that may, those to compare */
    size_t n_keep, n_sites;       /* n_sites without those to compare */
    sgp_zones zones;
    int64_t *weight, *ms; /* of all sites; owned */
    sgp_coverage_model model;
    sgp_siting_ask ask;
    sgp_siting answer;
    sgp_station_plan compared[SGP_STATION_PLANS_MAX];
    size_t n_compared;
} sgp_station_plans;

/* Values what is to be compared by the same question. SGP_E_MEMORY. */
sgp_err sgp_station_plans_compare(sgp_station_plans *plans, sgp_fault *fault) SGP_MUST_USE;
/* Both return the exit code. */
int sgp_station_plans_print(const sgp_station_plans *plans, sgp_language language);
int sgp_station_plans_json(const sgp_station_plans *plans);
void sgp_station_plans_free(sgp_station_plans *plans);

#endif
