/* Calls drawn from a pattern. */
#include "replay/pattern.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "replay/call_spread.h"

enum { DAY_S = 86400, HOUR_S = 3600 };

/* Weights added up, to draw from by bisection. */
typedef struct ladder {
    int64_t *upto; /* [n] */
    uint32_t n;
} ladder;

static uint32_t ladder_draw(const ladder *l, uint64_t bits) {
    int64_t share = (int64_t)(bits % (uint64_t)l->upto[l->n - 1]);
    uint32_t low = 0, high = l->n - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (l->upto[middle] > share)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

typedef struct drawing {
    const sgp_pattern *pattern;
    const sgp_graph *graph;
    uint64_t seed;
    ladder places;
    ladder kinds[24]; /* by hour of the day */
    double metres_per_e7;
    sgp_call_list *list;
} drawing;

static sgp_err make_ladders(drawing *d) {
    const sgp_pattern *p = d->pattern;
    d->places = (ladder){calloc(p->n_places + 1, sizeof(int64_t)), p->n_places};
    bool ok = d->places.upto != NULL;
    int64_t sum = 0;
    for (uint32_t i = 0; ok && i < p->n_places; i++)
        d->places.upto[i] = sum += p->places[i].weight;
    for (int h = 0; h < 24 && ok; h++) {
        d->kinds[h] = (ladder){calloc(p->n_kinds + 1, sizeof(int64_t)), p->n_kinds};
        ok = d->kinds[h].upto != NULL;
        sum = 0;
        for (uint32_t i = 0; ok && i < p->n_kinds; i++)
            d->kinds[h].upto[i] = sum += (int64_t)p->kinds[i].weight * p->kinds[i].day_permille[h];
    }
    return ok ? SGP_OK : SGP_E_MEMORY;
}

static void free_ladders(drawing *d) {
    free(d->places.upto);
    for (int h = 0; h < 24; h++)
        free(d->kinds[h].upto);
}

/* A point of the circle, every one as likely. */
static sgp_point point_in(const drawing *d, const sgp_call_place *place, uint64_t *random) {
    int64_t x, y, radius = place->radius_m * INT64_C(1000);
    do {
        x = (int64_t)sgp_random_below(random, (uint64_t)(2 * radius + 1)) - radius;
        y = (int64_t)sgp_random_below(random, (uint64_t)(2 * radius + 1)) - radius;
    } while (x * x + y * y > radius * radius);
    double shrink = cos(sgp_lat(place->point) * 3.14159265358979323846 / 180);
    sgp_point point = place->point;
    point.lon_e7 += (int32_t)lround((double)x / 1000 / d->metres_per_e7 / shrink);
    point.lat_e7 += (int32_t)lround((double)y / 1000 / d->metres_per_e7);
    return point;
}

static int32_t hour_of_week(const sgp_pattern *p, int64_t at_ms) {
    /* The epoch was a Thursday, three days after a Monday. */
    int64_t hour = (at_ms / 1000 + p->utc_offset_s) / HOUR_S + 72;
    return (int32_t)(hour % SGP_WEEK_HOURS);
}

/* `key` stands for the second and, above it, for the surge (0 = none). */
static sgp_err draw_call(drawing *d, uint64_t key, int64_t at_ms, const sgp_call_surge *surge) {
    const sgp_pattern *p = d->pattern;
    uint64_t random = sgp_draw(d->seed, key, SGP_DRAW_PLACE, 0);
    uint32_t kind = surge && surge->kind != SGP_NONE
                        ? surge->kind
                        : ladder_draw(&d->kinds[hour_of_week(p, at_ms) % 24],
                                      sgp_draw(d->seed, key, SGP_DRAW_COMPLAINT, 0));
    const sgp_call_place *place =
        surge ? &surge->place : &p->places[ladder_draw(&d->places, sgp_random_next(&random))];
    sgp_past_call call = {.key = key,
                          .at_ms = at_ms + (int64_t)sgp_random_below(&random, 1000),
                          .priority = p->kinds[kind].priority,
                          .scene_ms = -1,
                          .transport = -1};
    memcpy(call.complaint, p->kinds[kind].complaint, sizeof call.complaint);
    call.point = sgp_point_beside_road(d->graph, point_in(d, place, &random),
                                       p->kinds[kind].on_roads, &random);
    return sgp_call_list_add(d->list, &call);
}

/* A chance of 2^64 parts from calls in thousandths, times weights in thousandths, in so many
 * seconds; whole numbers as long as they last. */
static uint64_t chance(int64_t calls_milli, int64_t weight_permille, int64_t demand_permille,
                       int64_t seconds) {
    long double share = (long double)calls_milli * (long double)weight_permille *
                        (long double)demand_permille / 1e9L / (long double)seconds;
    return share >= 1 ? UINT64_MAX : (uint64_t)(share * 18446744073709551616.0L);
}

static sgp_err draw_base(drawing *d, int32_t demand_permille) {
    const sgp_pattern *p = d->pattern;
    int64_t n_hours = (int64_t)p->days * 24;
    sgp_err err = SGP_OK;
    for (int64_t h = 0; h < n_hours && !err; h++) {
        int64_t from_ms = p->from_ms + h * HOUR_S * 1000;
        uint64_t limit = chance(p->calls_per_day_milli, p->hour_permille[hour_of_week(p, from_ms)],
                                demand_permille, DAY_S);
        for (int64_t s = 0; s < HOUR_S && !err; s++) {
            uint64_t key = (uint64_t)(from_ms / 1000 + s);
            if (sgp_draw(d->seed, key, SGP_DRAW_ARRIVAL, 0) < limit)
                err = draw_call(d, key, from_ms + s * 1000, NULL);
        }
    }
    return err;
}

static sgp_err draw_surge(drawing *d, uint32_t nth, int32_t demand_permille) {
    const sgp_call_surge *surge = &d->pattern->surges[nth];
    int64_t seconds = (surge->until_ms - surge->from_ms) / 1000;
    uint64_t limit = chance(surge->calls_milli, 1000, demand_permille, seconds);
    sgp_err err = SGP_OK;
    for (int64_t s = 0; s < seconds && !err; s++) {
        int64_t at_ms = surge->from_ms + s * 1000;
        uint64_t key = (uint64_t)(nth + 1) << 40 | (uint64_t)(at_ms / 1000);
        if (sgp_draw(d->seed, key, SGP_DRAW_ARRIVAL, 0) < limit)
            err = draw_call(d, key, at_ms, surge);
    }
    return err;
}

sgp_err sgp_pattern_draw(const sgp_pattern *pattern, const sgp_graph *graph, uint64_t seed,
                         int32_t demand_permille, sgp_call_list *list) {
    drawing d = {.pattern = pattern,
                 .graph = graph,
                 .seed = seed,
                 .metres_per_e7 = 6371008.8 * 3.14159265358979323846 / 180 / 1e7,
                 .list = list};
    sgp_err err = make_ladders(&d);
    if (!err && pattern->n_places && pattern->n_kinds)
        err = draw_base(&d, demand_permille);
    for (uint32_t i = 0; i < pattern->n_surges && !err; i++)
        err = draw_surge(&d, i, demand_permille);
    free_ladders(&d);
    if (!err)
        sgp_call_list_sort(list);
    return err;
}

void sgp_pattern_free(sgp_pattern *pattern) {
    free(pattern->places);
    *pattern = (sgp_pattern){0};
}
