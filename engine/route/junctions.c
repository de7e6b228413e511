#include "route/junctions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/junction_spots.h"
#include "route/line.h"

#define RADIANS (3.14159265358979323846 / 180)
#define METRES_A_DEGREE (6371008.8 * RADIANS)
/* Stubs of one name within this angle may be one arm. */
#define SAME_ARM_DEGREES 60.0
#define ALONGSIDE_DEGREES 30.0

enum {
    /* Bounds against maps that are made to cost hours; no real place comes near them. */
    NAMES_AT_SPOT = 12,   /* that are paired with those of other spots */
    NAMES_TOLD = 64,      /* of one junction */
    STUBS_COMPARED = 32,  /* at a spot, in search of carriageways */
    NEIGHBOURS = 256,     /* spots with the same two names, looked at for each */
    ARMS_LOOKED_AT = 255, /* stubs of one junction; more are not told apart */
    WITHIN_MM =
        3 * SGP_JUNCTION_SAME_M * 1000 /* a longer edge leaves its junction and comes back */
};

const char *sgp_junction_kind_str(sgp_junction_kind kind) {
    static const char *const names[] = {"CROSSING", "ROUNDABOUT", "MOUTH"};
    return names[kind];
}

typedef struct joining {
    const sgp_graph_parts *parts;
    sgp_junction_spots spots;
    uint32_t *group; /* [n_spots] union-find: the smallest spot of the group is its root */
} joining;

/* ---- groups of spots --------------------------------------------------------------- */

static uint32_t root_of(uint32_t *group, uint32_t spot) {
    while (group[spot] != spot) {
        group[spot] = group[group[spot]];
        spot = group[spot];
    }
    return spot;
}

static void unite(joining *j, uint32_t a, uint32_t b) {
    a = root_of(j->group, a);
    b = root_of(j->group, b);
    if (a < b)
        j->group[b] = a;
    else
        j->group[a] = b;
}

/* In which direction the traffic of a one-way street passes a spot: where it goes to less where
 * it comes from, in metres of some 25 each. False: it is no one-way street there. */
static bool flow_of(const joining *j, uint32_t spot, uint32_t name, uint32_t but_edge, double *east,
                    double *north) {
    const sgp_junction_spots *s = &j->spots;
    sgp_plane plane = sgp_plane_around(s->point[spot]);
    bool any = false;
    *east = *north = 0;
    for (uint32_t i = s->first_stub[spot]; i < s->first_stub[spot + 1]; i++) {
        const sgp_junction_stub *stub = &s->stubs[i];
        bool leaves = stub->flags & SGP_STUB_LEAVES, arrives = stub->flags & SGP_STUB_ARRIVES;
        if (stub->name != name || stub->edge == but_edge || leaves == arrives ||
            (stub->flags & SGP_STUB_ROUNDABOUT))
            continue;
        double x, y;
        sgp_to_plane(&plane, stub->towards, &x, &y);
        double length = hypot(x, y);
        if (!(length > 0))
            continue;
        *east += (leaves ? x : -x) / length;
        *north += (leaves ? y : -y) / length;
        any = true;
    }
    return any && hypot(*east, *north) > 0.5;
}

/* Does a street pass the two ends of this short edge one-way, in opposite directions? */
static bool joins_carriageways(const joining *j, const sgp_junction_stub *edge) {
    const sgp_junction_spots *s = &j->spots;
    if (s->first_stub[edge->spot + 1] - s->first_stub[edge->spot] > STUBS_COMPARED ||
        s->first_stub[edge->other + 1] - s->first_stub[edge->other] > STUBS_COMPARED)
        return false;
    for (uint32_t i = s->first_stub[edge->spot]; i < s->first_stub[edge->spot + 1]; i++) {
        uint32_t name = s->stubs[i].name;
        double east, north, other_east, other_north;
        if (name == 0 || s->stubs[i].edge == edge->edge ||
            !flow_of(j, edge->spot, name, edge->edge, &east, &north) ||
            !flow_of(j, edge->other, name, edge->edge, &other_east, &other_north))
            continue;
        double product = east * other_east + north * other_north;
        if (product < -0.5 * hypot(east, north) * hypot(other_east, other_north))
            return true;
    }
    return false;
}

static void join_along_edges(joining *j) {
    for (uint32_t spot = 0; spot < j->spots.n_spots; spot++) {
        for (uint32_t i = j->spots.first_stub[spot]; i < j->spots.first_stub[spot + 1]; i++) {
            const sgp_junction_stub *stub = &j->spots.stubs[i];
            if (stub->edge == SGP_NONE || stub->other == SGP_NONE || stub->other == spot)
                continue;
            if ((stub->flags & SGP_STUB_ROUNDABOUT) ||
                (stub->length_mm <= SGP_JUNCTION_SAME_M * 1000 && joins_carriageways(j, stub)))
                unite(j, spot, stub->other);
        }
    }
}

/* ---- the same two names near each other -------------------------------------------- */

typedef struct name_pair {
    uint32_t a, b, spot;
    sgp_point point;
} name_pair;

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The different names at a spot, ascending, at most `most`. */
static size_t names_at(const sgp_junction_spots *s, uint32_t spot, uint32_t *names, size_t most) {
    size_t n = 0;
    for (uint32_t i = s->first_stub[spot]; i < s->first_stub[spot + 1]; i++) {
        uint32_t name = s->stubs[i].name;
        bool known = name == 0;
        for (size_t k = 0; k < n && !known; k++)
            known = names[k] == name;
        if (!known && n < most)
            names[n++] = name;
    }
    qsort(names, n, sizeof *names, compare_numbers);
    return n;
}

static int compare_pairs(const void *left, const void *right) {
    const name_pair *x = left, *y = right;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    if (x->point.lat_e7 != y->point.lat_e7)
        return x->point.lat_e7 < y->point.lat_e7 ? -1 : 1;
    return (x->spot > y->spot) - (x->spot < y->spot);
}

static size_t list_pairs(const joining *j, name_pair *pairs) {
    size_t n = 0;
    uint32_t names[NAMES_AT_SPOT];
    for (uint32_t spot = 0; spot < j->spots.n_spots; spot++) {
        size_t n_names = names_at(&j->spots, spot, names, NAMES_AT_SPOT);
        for (size_t a = 0; a < n_names; a++)
            for (size_t b = a + 1; b < n_names; b++, n++)
                if (pairs)
                    pairs[n] = (name_pair){names[a], names[b], spot, j->spots.point[spot]};
    }
    return n;
}

static sgp_err join_same_names(joining *j) {
    size_t n = list_pairs(j, NULL);
    name_pair *pairs = malloc((n + 1) * sizeof *pairs);
    if (!pairs)
        return SGP_E_MEMORY;
    list_pairs(j, pairs);
    qsort(pairs, n, sizeof *pairs, compare_pairs);
    /* No two points are nearer than their latitudes. */
    double reach_e7 = SGP_JUNCTION_SAME_M / METRES_A_DEGREE * 1e7 + 1;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1;
             k < n && k - i <= NEIGHBOURS && pairs[k].a == pairs[i].a && pairs[k].b == pairs[i].b &&
             (double)pairs[k].point.lat_e7 - pairs[i].point.lat_e7 <= reach_e7;
             k++)
            if (sgp_distance_m(pairs[i].point, pairs[k].point) <= SGP_JUNCTION_SAME_M)
                unite(j, pairs[i].spot, pairs[k].spot);
    free(pairs);
    return SGP_OK;
}

/* ---- arms -------------------------------------------------------------------------- */

typedef struct arm {
    double bearing; /* degrees, from the middle of the junction */
    uint32_t name, flags;
} arm;

static double between(double one, double other) {
    return fabs(remainder(one - other, 360));
}

static bool opposite_ways(const arm *one, const arm *other) {
    uint32_t both = SGP_STUB_LEAVES | SGP_STUB_ARRIVES;
    return (one->flags & both) != both && (other->flags & both) != both &&
           ((one->flags ^ other->flags) & both) == both;
}

/* Takes arm i out; the order of the others does not matter. */
static void take_out(arm *arms, size_t *n, size_t i) {
    arms[i] = arms[--*n];
}

/* The two carriageways of one street on one side become one arm, the narrowest pair first. */
static void pair_carriageways(arm *arms, size_t *n) {
    for (;;) {
        double narrowest = SAME_ARM_DEGREES;
        size_t one = *n, other = *n;
        for (size_t a = 0; a < *n; a++)
            for (size_t b = a + 1; b < *n; b++)
                if (arms[a].name == arms[b].name && opposite_ways(&arms[a], &arms[b]) &&
                    between(arms[a].bearing, arms[b].bearing) < narrowest) {
                    narrowest = between(arms[a].bearing, arms[b].bearing);
                    one = a;
                    other = b;
                }
        if (one == *n)
            return;
        arms[one].flags |= SGP_STUB_LEAVES | SGP_STUB_ARRIVES;
        take_out(arms, n, other);
    }
}

/* A way on foot along a road of the same name is that road; so is a second one on foot. */
static void drop_footways_alongside(arm *arms, size_t *n) {
    for (size_t a = 0; a < *n;) {
        bool alongside = false;
        for (size_t b = 0; b < *n && (arms[a].flags & SGP_STUB_FOOT); b++)
            alongside =
                alongside || (a != b && arms[a].name == arms[b].name &&
                              between(arms[a].bearing, arms[b].bearing) < ALONGSIDE_DEGREES);
        if (alongside)
            take_out(arms, n, a);
        else
            a++;
    }
}

/* ---- one junction ------------------------------------------------------------------ */

typedef struct member { /* a spot of a group */
    uint32_t root, spot;
} member;

typedef struct finding {
    joining *joining;
    sgp_junctions *found;
    size_t capacity, names_capacity;
} finding;

static sgp_point middle_of_box(sgp_point low, sgp_point high) {
    return (sgp_point){(int32_t)(((int64_t)low.lon_e7 + high.lon_e7) / 2),
                       (int32_t)(((int64_t)low.lat_e7 + high.lat_e7) / 2)};
}

/* Widens the box by an edge's points. */
static void cover_edge(const sgp_graph_parts *p, uint32_t number, sgp_point *low, sgp_point *high) {
    const sgp_edge *edge = &p->edges[number];
    for (uint32_t i = edge->first_point; i < edge->first_point + edge->n_points; i++) {
        sgp_point q = p->points[i];
        low->lon_e7 = q.lon_e7 < low->lon_e7 ? q.lon_e7 : low->lon_e7;
        low->lat_e7 = q.lat_e7 < low->lat_e7 ? q.lat_e7 : low->lat_e7;
        high->lon_e7 = q.lon_e7 > high->lon_e7 ? q.lon_e7 : high->lon_e7;
        high->lat_e7 = q.lat_e7 > high->lat_e7 ? q.lat_e7 : high->lat_e7;
    }
}

static sgp_point middle_of(const joining *j, const member *members, size_t n, bool *is_roundabout) {
    const sgp_junction_spots *s = &j->spots;
    sgp_point low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN};
    int64_t lon = 0, lat = 0;
    *is_roundabout = false;
    for (size_t m = 0; m < n; m++) {
        uint32_t spot = members[m].spot;
        lon += s->point[spot].lon_e7;
        lat += s->point[spot].lat_e7;
        for (uint32_t i = s->first_stub[spot]; i < s->first_stub[spot + 1]; i++) {
            if (s->stubs[i].edge == SGP_NONE || !(s->stubs[i].flags & SGP_STUB_ROUNDABOUT))
                continue;
            cover_edge(j->parts, s->stubs[i].edge, &low, &high);
            *is_roundabout = true;
        }
    }
    return *is_roundabout ? middle_of_box(low, high)
                          : (sgp_point){(int32_t)(lon / (int64_t)n), (int32_t)(lat / (int64_t)n)};
}

static bool stays_within(const joining *j, const sgp_junction_stub *stub) {
    if (stub->flags & SGP_STUB_ROUNDABOUT)
        return true;
    return stub->other != SGP_NONE && stub->other != stub->spot && stub->length_mm <= WITHIN_MM &&
           root_of(j->group, stub->other) == root_of(j->group, stub->spot);
}

static size_t arms_of(const joining *j, const member *members, size_t n, sgp_point middle,
                      arm *arms) {
    const sgp_junction_spots *s = &j->spots;
    sgp_plane plane = sgp_plane_around(middle);
    size_t n_arms = 0;
    for (size_t m = 0; m < n; m++) {
        uint32_t spot = members[m].spot;
        for (uint32_t i = s->first_stub[spot]; i < s->first_stub[spot + 1]; i++) {
            const sgp_junction_stub *stub = &s->stubs[i];
            if (!(stub->flags & SGP_STUB_ARM) || n_arms == ARMS_LOOKED_AT || stays_within(j, stub))
                continue;
            double x, y;
            sgp_to_plane(&plane, stub->towards, &x, &y);
            arms[n_arms++] = (arm){atan2(x, y) / RADIANS, stub->name, stub->flags};
        }
    }
    pair_carriageways(arms, &n_arms);
    drop_footways_alongside(arms, &n_arms);
    return n_arms;
}

static sgp_junction_kind kind_of(const arm *arms, size_t n_arms, bool is_roundabout) {
    size_t n_driven = 0;
    for (size_t a = 0; a < n_arms; a++)
        n_driven += (arms[a].flags & SGP_STUB_DRIVEN) != 0;
    if (is_roundabout)
        return SGP_JUNCTION_ROUNDABOUT;
    return n_driven > 0 && n_driven <= 2 && n_driven < n_arms ? SGP_JUNCTION_MOUTH
                                                              : SGP_JUNCTION_CROSSING;
}

static bool grow(void **array, size_t *capacity, size_t needed, size_t element) {
    if (needed <= *capacity)
        return true;
    size_t larger = *capacity * 2 > needed ? *capacity * 2 : needed + 64;
    void *grown = realloc(*array, larger * element);
    if (!grown)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

/* Appends the names of a junction in the order of their texts. */
static sgp_err add_names(finding *f, const member *members, size_t n, sgp_junction *junction) {
    const sgp_junction_spots *s = &f->joining->spots;
    const char *texts = f->joining->parts->names;
    sgp_junctions *found = f->found;
    junction->first_name = (uint32_t)found->n_names;
    for (size_t m = 0; m < n; m++) {
        uint32_t spot = members[m].spot;
        for (uint32_t i = s->first_stub[spot]; i < s->first_stub[spot + 1]; i++) {
            uint32_t name = s->stubs[i].name;
            if (!grow((void **)&found->names, &f->names_capacity, found->n_names + 1,
                      sizeof *found->names))
                return SGP_E_MEMORY;
            size_t at = found->n_names;
            while (at > junction->first_name && found->names[at - 1] != name &&
                   strcmp(texts + found->names[at - 1], texts + name) > 0)
                at--;
            if (name == 0 || found->n_names - junction->first_name == NAMES_TOLD ||
                (at > junction->first_name && found->names[at - 1] == name))
                continue;
            memmove(found->names + at + 1, found->names + at,
                    (found->n_names - at) * sizeof *found->names);
            found->names[at] = name;
            found->n_names++;
        }
    }
    junction->n_names = (uint32_t)found->n_names - junction->first_name;
    return SGP_OK;
}

static sgp_err tell_junction(finding *f, const member *members, size_t n) {
    sgp_junctions *found = f->found;
    bool is_roundabout;
    sgp_junction junction = {.point = middle_of(f->joining, members, n, &is_roundabout)};
    sgp_err err = add_names(f, members, n, &junction);
    if (err != SGP_OK || junction.n_names == 0)
        return err;
    arm arms[ARMS_LOOKED_AT];
    size_t n_arms = arms_of(f->joining, members, n, junction.point, arms);
    if (junction.n_names < 2 && n_arms < 3) {
        found->n_names = junction.first_name;
        return SGP_OK;
    }
    junction.arms = (uint8_t)n_arms;
    junction.kind = (uint8_t)kind_of(arms, n_arms, is_roundabout);
    if (!grow((void **)&found->items, &f->capacity, found->n + 1, sizeof *found->items))
        return SGP_E_MEMORY;
    found->items[found->n++] = junction;
    return SGP_OK;
}

/* ---- all of them ------------------------------------------------------------------- */

static int compare_members(const void *left, const void *right) {
    const member *a = left, *b = right;
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    return (a->spot > b->spot) - (a->spot < b->spot);
}

static int compare_junctions(const void *left, const void *right) {
    const sgp_junction *a = left, *b = right;
    if (a->point.lat_e7 != b->point.lat_e7)
        return a->point.lat_e7 < b->point.lat_e7 ? -1 : 1;
    if (a->point.lon_e7 != b->point.lon_e7)
        return a->point.lon_e7 < b->point.lon_e7 ? -1 : 1;
    return (a->first_name > b->first_name) - (a->first_name < b->first_name);
}

/* Spots with fewer than three stubs and one name are no junctions, unless joined to others. */
static sgp_err tell_all(finding *f) {
    joining *j = f->joining;
    member *members = malloc(((size_t)j->spots.n_spots + 1) * sizeof *members);
    if (!members)
        return SGP_E_MEMORY;
    for (uint32_t s = 0; s < j->spots.n_spots; s++)
        members[s] = (member){root_of(j->group, s), s};
    qsort(members, j->spots.n_spots, sizeof *members, compare_members);
    sgp_err err = SGP_OK;
    for (size_t i = 0, end; i < j->spots.n_spots && err == SGP_OK; i = end) {
        for (end = i + 1; end < j->spots.n_spots && members[end].root == members[i].root;)
            end++;
        err = tell_junction(f, members + i, end - i);
    }
    free(members);
    if (err == SGP_OK && f->found->n > 0)
        qsort(f->found->items, f->found->n, sizeof *f->found->items, compare_junctions);
    return err;
}

sgp_err sgp_junctions_find(const sgp_graph_parts *parts, sgp_junctions *junctions) {
    *junctions = (sgp_junctions){0};
    if (parts->names_length <= 1)
        return SGP_OK; /* a graph without names, as benchmarks have */
    joining j = {.parts = parts};
    sgp_err err = sgp_junction_spots_make(parts, &j.spots);
    if (err != SGP_OK)
        return err;
    j.group = malloc(((size_t)j.spots.n_spots + 1) * sizeof *j.group);
    err = j.group ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t s = 0; s < j.spots.n_spots && err == SGP_OK; s++)
        j.group[s] = s;
    if (err == SGP_OK) {
        join_along_edges(&j);
        err = join_same_names(&j);
    }
    finding f = {.joining = &j, .found = junctions};
    if (err == SGP_OK)
        err = tell_all(&f);
    free(j.group);
    sgp_junction_spots_free(&j.spots);
    if (err != SGP_OK)
        sgp_junctions_free(junctions);
    return err;
}

void sgp_junctions_free(sgp_junctions *junctions) {
    free(junctions->items);
    free(junctions->names);
    *junctions = (sgp_junctions){0};
}
