/* The target's names with the landmarks they were said with, and landmarks by themselves.
 *
 * A landmark near the target supports it, the nearer the more; and of a street it tells
 * which part is meant. A house number that is known goes before a landmark. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/place_parts.h"

enum {
    LARGE_M = 100,      /* a target that a landmark makes finer */
    SUPPORTERS_MAX = 4, /* of one target: "a mosque" may be each of several */
    TOGETHER_MAX = 8,   /* landmarks whose names have the target's words */
    ALONE_MAX = 16,     /* landmarks by themselves */
    BETWEEN_MAX = 8,    /* of each of the two */
    ALONE_FAR_M = 5000
};
/* What a landmark weighs that is nowhere near, against one of the target's words. */
#define MISSED_MARK 0.5f
#define SUPPORTED 0.97f
/* A supporter with less than this share of the best one's worth is not meant. */
#define SUPPORTER_FROM 0.7f

static bool is_street(const sgp_named *candidate) {
    return candidate->thing.kind == SGP_THING_STREET || candidate->thing.kind == SGP_THING_GANG;
}

static bool is_area(const sgp_named *candidate) {
    return candidate->thing.kind == SGP_THING_AREA || candidate->thing.kind == SGP_THING_ESTATE ||
           candidate->thing.kind == SGP_THING_RT_RW;
}

sgp_place_kind sgp_kind_of(const sgp_resolution *resolution, const sgp_named *candidate) {
    switch (candidate->thing.kind) {
    case SGP_THING_STREET:
    case SGP_THING_GANG:
        if (resolution->query.block[0] != '\0' && strncmp(candidate->label, "Blok ", 5) == 0)
            return SGP_PLACE_ESTATE;
        return candidate->thing.kind == SGP_THING_GANG ? SGP_PLACE_GANG : SGP_PLACE_STREET;
    case SGP_THING_FACILITY:
        return SGP_PLACE_FACILITY;
    case SGP_THING_JUNCTION:
        return SGP_PLACE_JUNCTION;
    case SGP_THING_KM_POST:
        return SGP_PLACE_KM_POST;
    case SGP_THING_ESTATE:
        return SGP_PLACE_ESTATE;
    case SGP_THING_RT_RW:
        return SGP_PLACE_RT_RW;
    case SGP_THING_AREA:
        break;
    }
    return SGP_PLACE_AREA;
}

static void name_draft(sgp_draft *draft, const char *name) {
    sgp_copy_text(draft->place.label, sizeof draft->place.label, name);
}

/* ---- how far a landmark is from a target -------------------------------------------- */

typedef struct support {
    const sgp_named *mark;
    float nearness, worth;
    bool has_point; /* of the street, in front of the landmark */
    sgp_point point;
    double away_m;
} support;

static const sgp_nearest *nearest_of(const sgp_resolution *resolution, const sgp_named *street,
                                     const sgp_named *mark) {
    const sgp_nearest *best = NULL;
    for (size_t i = 0; i < resolution->n_nearest; i++) {
        const sgp_nearest *row = &resolution->nearest[i];
        if (row->street.id == street->thing.id && sgp_thing_equal(row->thing, mark->thing) &&
            (!best || row->away_m < best->away_m))
            best = row;
    }
    return best;
}

static support support_of(const sgp_resolution *resolution, const sgp_named *target,
                          sgp_relation relation, const sgp_named *mark) {
    support found = {.mark = mark};
    found.away_m = fmax(sgp_distance_m(target->point, mark->point) - mark->reach_m, 0);
    if (is_street(target)) {
        const sgp_nearest *row = nearest_of(resolution, target, mark);
        if (mark->has_front && mark->front_street == target->thing.id) {
            found.has_point = true;
            found.point = mark->front;
            found.away_m = 0;
        } else if (row) {
            found.has_point = true;
            found.point = row->point;
            found.away_m = row->away_m;
        }
    } else {
        found.away_m = fmax(found.away_m - target->reach_m, 0);
    }
    found.nearness = sgp_nearness(relation, found.away_m);
    found.worth = found.nearness * (float)mark->order;
    return found;
}

/* The landmarks of a mark that stand by the target, best first. */
static size_t supporters(const sgp_resolution *resolution, const sgp_named *target,
                         const sgp_mark *mark, support *found) {
    const sgp_bag *bag = mark->bag;
    size_t n = 0;
    for (size_t i = 0; i < bag->n_candidates; i++) {
        if (sgp_thing_equal(bag->candidates[i].thing, target->thing))
            continue;
        support one = support_of(resolution, target, mark->relation, &bag->candidates[i]);
        size_t at = n;
        while (at > 0 && one.worth > found[at - 1].worth)
            at--;
        if (one.worth <= 0 || at == SUPPORTERS_MAX)
            continue;
        n += n < SUPPORTERS_MAX;
        memmove(&found[at + 1], &found[at], (n - 1 - at) * sizeof *found);
        found[at] = one;
    }
    while (n > 1 && found[n - 1].worth < SUPPORTER_FROM * found[0].worth)
        n--;
    return n;
}

/* The landmarks of all marks but one, as far as they stand by the draft's point. */
static void support_point(const sgp_resolution *resolution, sgp_draft *draft, size_t but) {
    for (size_t k = 0; k < resolution->n_marks; k++) {
        const sgp_bag *bag = resolution->marks[k].bag;
        const sgp_named *best = NULL;
        float best_near = 0;
        for (size_t i = 0; k != but && i < bag->n_candidates; i++) {
            const sgp_named *mark = &bag->candidates[i];
            float near =
                sgp_nearness(resolution->marks[k].relation,
                             sgp_distance_m(draft->place.point, mark->point) - mark->reach_m);
            if (near > 0 && (!best || near * (float)mark->order > best_near * (float)best->order)) {
                best = mark;
                best_near = near;
            }
        }
        if (k == but)
            continue;
        sgp_draft_miss(draft, bag, best ? 0.0f : MISSED_MARK);
        if (best)
            sgp_draft_explain(draft, bag, best, best_near);
    }
}

/* ---- the target -------------------------------------------------------------------- */

static void name_area_of_rt(const sgp_place_query *query, const sgp_named *area, sgp_draft *draft) {
    char name[2 * SGP_LABEL_BYTES], rt[24] = "", rw[24] = "";
    if (query->rt >= 0)
        snprintf(rt, sizeof rt, "RT %d ", (int)query->rt);
    if (query->rw >= 0)
        snprintf(rw, sizeof rw, "RW %d ", (int)query->rw);
    snprintf(name, sizeof name, "%s (%s%stidak di peta)", area->label, rt, rw);
    draft->place.kind = SGP_PLACE_RT_RW;
    name_draft(draft, name);
}

static sgp_draft *draft_target(sgp_resolution *resolution, const sgp_named *target) {
    const sgp_place_query *query = &resolution->query;
    sgp_draft *draft = sgp_draft_add(resolution);
    if (!draft)
        return NULL;
    sgp_draft_place(draft, target);
    draft->place.kind = sgp_kind_of(resolution, target);
    sgp_draft_explain(draft, resolution->target, target, 1);
    name_draft(draft, target->label);
    if (target->thing.kind == SGP_THING_AREA && (query->rt >= 0 || query->rw >= 0))
        name_area_of_rt(query, target, draft);
    return draft;
}

/* By a house number or by kilometres. */
static void place_along(sgp_resolution *resolution, const sgp_named *target, sgp_draft *draft) {
    if (sgp_wants_number(resolution, target))
        sgp_number_drafts(resolution, target, draft);
    else if (sgp_wants_post(resolution, target))
        sgp_post_drafts(resolution, target, draft);
}

static bool is_fine(const sgp_draft *draft) {
    return draft->place.precision == SGP_PRECISION_EXACT ||
           draft->place.precision == SGP_PRECISION_INTERPOLATED;
}

/* Moves a large target's point to the landmark. */
static void refine(const sgp_named *target, const support *by, sgp_relation relation,
                   sgp_draft *draft) {
    char name[3 * SGP_LABEL_BYTES];
    const char *word = sgp_relation_words(relation);
    if (is_street(target) && by->has_point) {
        draft->place.point = by->point;
        draft->place.uncertainty_m = sgp_clip_m(40 + by->away_m / 2, 40, 500);
    } else if (is_area(target)) {
        sgp_spot spot = sgp_relation_spot(relation, by->mark);
        draft->place.point = spot.point;
        draft->place.uncertainty_m = spot.uncertainty_m;
        draft->sure = spot.sure;
    } else {
        return;
    }
    draft->mark = by->mark;
    draft->place.kind = SGP_PLACE_RELATIVE;
    draft->place.precision = SGP_PRECISION_EXACT;
    draft->wants_district = true;
    draft->sure *= SUPPORTED;
    snprintf(name, sizeof name, "%s, %s %s", target->label, word, by->mark->label);
    name_draft(draft, name);
}

static void draft_supported(sgp_resolution *resolution, const sgp_named *target, size_t mark,
                            const support *by) {
    sgp_draft *draft = draft_target(resolution, target);
    if (!draft)
        return;
    sgp_draft_explain(draft, resolution->marks[mark].bag, by->mark, by->nearness);
    place_along(resolution, target, draft);
    if (!is_fine(draft) && (target->reach_m > LARGE_M || is_area(target)))
        refine(target, by, resolution->marks[mark].relation, draft);
    support_point(resolution, draft, mark);
}

/* Between two landmarks on the target's street. */
static bool draft_between_on(sgp_resolution *resolution, const sgp_named *target) {
    support a[SUPPORTERS_MAX], b[SUPPORTERS_MAX];
    if (resolution->n_marks < 2 || resolution->marks[0].relation != SGP_RELATION_BETWEEN ||
        resolution->marks[1].relation != SGP_RELATION_BETWEEN || !is_street(target) ||
        supporters(resolution, target, &resolution->marks[0], a) == 0 ||
        supporters(resolution, target, &resolution->marks[1], b) == 0 || !a[0].has_point ||
        !b[0].has_point)
        return false;
    sgp_draft *draft = draft_target(resolution, target);
    if (!draft)
        return false;
    char name[4 * SGP_LABEL_BYTES];
    sgp_draft_explain(draft, resolution->marks[0].bag, a[0].mark, a[0].nearness);
    sgp_draft_explain(draft, resolution->marks[1].bag, b[0].mark, b[0].nearness);
    draft->mark = a[0].mark;
    draft->place.kind = SGP_PLACE_RELATIVE;
    draft->place.precision = SGP_PRECISION_EXACT;
    draft->place.point = sgp_middle(a[0].point, b[0].point);
    draft->place.uncertainty_m = sgp_clip_m(sgp_distance_m(a[0].point, b[0].point) / 2, 40, 5000);
    draft->wants_district = true;
    snprintf(name, sizeof name, "%s, antara %s dan %s", target->label, a[0].mark->label,
             b[0].mark->label);
    name_draft(draft, name);
    return true;
}

static void draft_targets(sgp_resolution *resolution) {
    const sgp_bag *bag = resolution->target;
    for (size_t i = 0; bag && i < bag->n_candidates; i++) {
        const sgp_named *target = &bag->candidates[i];
        support found[SUPPORTERS_MAX + 1];
        size_t n = 0;
        if (draft_between_on(resolution, target))
            continue;
        for (size_t k = 0; k < resolution->n_marks && n == 0; k++) {
            n = supporters(resolution, target, &resolution->marks[k], found);
            for (size_t s = 0; s < n; s++)
                draft_supported(resolution, target, k, &found[s]);
        }
        if (n > 0)
            continue;
        sgp_draft *draft = draft_target(resolution, target);
        if (!draft)
            return;
        place_along(resolution, target, draft);
        for (size_t k = 0; k < resolution->n_marks; k++)
            sgp_draft_miss(draft, resolution->marks[k].bag, MISSED_MARK);
    }
}

/* ---- landmarks by themselves ---------------------------------------------------------- */

/* `bag`: the words that the landmark explains, its own or with them the target's. */
static void draft_mark(sgp_resolution *resolution, size_t which, const sgp_bag *bag,
                       const sgp_named *mark) {
    char name[3 * SGP_LABEL_BYTES], street[SGP_LABEL_BYTES];
    sgp_relation relation = resolution->marks[which].relation;
    sgp_draft *draft = sgp_draft_add(resolution);
    if (!draft)
        return;
    sgp_spot spot = sgp_relation_spot(relation, mark);
    sgp_draft_place(draft, mark);
    draft->wants_district = sgp_distance_m(mark->point, spot.point) > 100;
    draft->place.kind = SGP_PLACE_RELATIVE;
    draft->place.precision = SGP_PRECISION_EXACT;
    draft->place.point = spot.point;
    draft->place.uncertainty_m = spot.uncertainty_m;
    draft->sure = spot.sure;
    sgp_draft_explain(draft, bag, mark, 1);
    if (resolution->target && bag == resolution->marks[which].bag)
        sgp_draft_miss(draft, resolution->target, 1);
    bool names_street = mark->has_front && mark->front_name[0] != '\0';
    snprintf(name, sizeof name, "%s %s%s%s", sgp_relation_words(relation), mark->label,
             names_street ? ", " : "",
             names_street ? sgp_short_name(mark->front_name, street, sizeof street) : "");
    name_draft(draft, name);
    support_point(resolution, draft, which);
}

static void draft_between(sgp_resolution *resolution) {
    const sgp_bag *a = resolution->marks[0].bag, *b = resolution->marks[1].bag;
    for (size_t i = 0; i < a->n_candidates && i < BETWEEN_MAX; i++)
        for (size_t k = 0; k < b->n_candidates && k < BETWEEN_MAX; k++) {
            const sgp_named *from = &a->candidates[i], *to = &b->candidates[k];
            if (sgp_thing_equal(from->thing, to->thing) ||
                sgp_distance_m(from->point, to->point) > ALONE_FAR_M)
                continue;
            sgp_draft *draft = sgp_draft_add(resolution);
            if (!draft)
                return;
            char name[3 * SGP_LABEL_BYTES];
            sgp_spot spot = sgp_between_spot(from, to);
            sgp_draft_place(draft, from);
            draft->mark = to;
            draft->wants_district = true;
            draft->place.kind = SGP_PLACE_RELATIVE;
            draft->place.precision = SGP_PRECISION_EXACT;
            draft->place.point = spot.point;
            draft->place.uncertainty_m = spot.uncertainty_m;
            draft->sure = spot.sure;
            sgp_draft_explain(draft, a, from, 1);
            sgp_draft_explain(draft, b, to, 1);
            if (resolution->target)
                sgp_draft_miss(draft, resolution->target, 1);
            snprintf(name, sizeof name, "antara %s dan %s", from->label, to->label);
            name_draft(draft, name);
        }
}

static bool is_between(const sgp_resolution *resolution) {
    return resolution->n_marks >= 2 && resolution->marks[0].relation == SGP_RELATION_BETWEEN &&
           resolution->marks[1].relation == SGP_RELATION_BETWEEN;
}

void sgp_drafts_make(sgp_resolution *resolution) {
    bool has_junction = resolution->crossing || resolution->n_splits > 0;
    sgp_junction_drafts(resolution);
    for (size_t i = 0; has_junction && i < resolution->n_drafts; i++)
        support_point(resolution, &resolution->drafts[i], SGP_MARKS_MAX);
    draft_targets(resolution);
    if (is_between(resolution))
        draft_between(resolution);
    for (size_t k = 0; k < resolution->n_marks && !has_junction && !is_between(resolution); k++) {
        const sgp_mark *mark = &resolution->marks[k];
        for (size_t i = 0; mark->both && i < mark->both->n_candidates && i < TOGETHER_MAX; i++)
            draft_mark(resolution, k, mark->both, &mark->both->candidates[i]);
        for (size_t i = 0; i < mark->bag->n_candidates && i < ALONE_MAX; i++)
            draft_mark(resolution, k, mark->bag, &mark->bag->candidates[i]);
    }
}
