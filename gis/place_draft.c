/* A place being made: what each word of the text did for it, rivals, confidence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_parts.h"

enum {
    APART_M = 300,           /* the same words this far away mean another place */
    SAME_M = 60,             /* this near, they mean the same one */
    HOMONYM_PERMILLE = 590,  /* a name that exists more than once is never sure … */
    HOMONYMS_PERMILLE = 450, /* … and one of many even less */
    ELSEWHERE_PERMILLE = 700 /* nor is what does not lie in the district that was said as such */
};
#define SUREST 0.97
#define LEFT_OVER_WEIGHT 0.08f
/* A rival with this share of the score does not count yet; an equal one takes so much. */
#define RIVAL_FROM 0.6
#define RIVAL_TAKES 0.4
/* From this share of the score on, rivals are homonyms. */
#define HOMONYM_FROM 0.97
/* What nearness to where the caller is thought to be may change in the order. */
#define NEAR_TAKES 0.3
/* What explains less than this share of the best is no candidate. */
#define SHOWN_FROM 0.3

int32_t sgp_clip_m(double value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : (int32_t)lround(value);
}

/* ---- making ----------------------------------------------------------------------- */

sgp_draft *sgp_draft_add(sgp_resolution *resolution) {
    if (resolution->n_drafts == SGP_DRAFTS_MAX)
        return NULL;
    sgp_draft *draft = &resolution->drafts[resolution->n_drafts++];
    memset(draft, 0, sizeof *draft);
    draft->sure = 1;
    for (size_t i = 0; i < SGP_QUERY_WORDS_MAX; i++)
        draft->read_as[i] = SGP_NO_WORD;
    for (size_t i = 0; i < resolution->query.n_words; i++)
        if (resolution->query.words[i].role == SGP_WORD_LEFT_OVER)
            draft->weight[i] = LEFT_OVER_WEIGHT;
    return draft;
}

void sgp_draft_explain(sgp_draft *draft, const sgp_bag *bag, const sgp_named *candidate,
                       float factor) {
    for (size_t i = 0; i < bag->n_words; i++) {
        uint8_t word = bag->words[i];
        float gain = candidate->share[i] * candidate->name * candidate->fits * factor;
        if (candidate->counts[i] > 0)
            draft->weight[word] = fmaxf(draft->weight[word], candidate->counts[i]);
        if (gain > draft->gain[word]) {
            draft->gain[word] = gain;
            draft->read_as[word] = candidate->read_as[i];
        }
    }
}

void sgp_draft_miss(sgp_draft *draft, const sgp_bag *bag, float scale) {
    for (size_t i = 0; i < bag->n_words; i++)
        if (!bag->is_free[i])
            draft->weight[bag->words[i]] =
                fmaxf(draft->weight[bag->words[i]], scale * bag->weight[i]);
}

void sgp_draft_place(sgp_draft *draft, const sgp_named *candidate) {
    sgp_place *place = &draft->place;
    double reach_m = candidate->reach_m;
    place->point = candidate->point;
    sgp_copy_text(place->kelurahan, sizeof place->kelurahan, candidate->kelurahan);
    sgp_copy_text(place->kecamatan, sizeof place->kecamatan, candidate->kecamatan);
    sgp_copy_text(place->kabupaten, sizeof place->kabupaten, candidate->kabupaten);
    place->precision = SGP_PRECISION_WHOLE;
    switch (candidate->thing.kind) {
    case SGP_THING_STREET:
    case SGP_THING_GANG:
        place->uncertainty_m = sgp_clip_m(reach_m, 30, 20000);
        break;
    case SGP_THING_FACILITY:
    case SGP_THING_JUNCTION:
    case SGP_THING_KM_POST:
        place->precision = SGP_PRECISION_EXACT;
        place->uncertainty_m = sgp_clip_m(reach_m, 20, 20000);
        break;
    case SGP_THING_AREA:
    case SGP_THING_ESTATE:
    case SGP_THING_RT_RW:
        place->uncertainty_m = sgp_clip_m(reach_m, 50, 100000);
        break;
    }
    draft->main = candidate;
    draft->rank = candidate->rank;
    draft->tie = (uint32_t)candidate->thing.id;
}

/* ---- ordering --------------------------------------------------------------------- */

static void sums_of(const sgp_draft *draft, double *gained, double *weight) {
    *gained = *weight = 0;
    for (size_t i = 0; i < SGP_QUERY_WORDS_MAX; i++) {
        *gained += (double)draft->weight[i] * (double)draft->gain[i];
        *weight += (double)draft->weight[i];
    }
}

int32_t sgp_draft_weigh(const sgp_draft *draft) {
    double gained, weight;
    sums_of(draft, &gained, &weight);
    return weight > 0 ? (int32_t)lround(1e4 * (double)draft->sure * gained / weight) : 0;
}

static int by_order(const void *left, const void *right) {
    const sgp_draft *a = left, *b = right;
    if (a->order != b->order)
        return a->order > b->order ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->place.kind != b->place.kind)
        return a->place.kind < b->place.kind ? -1 : 1;
    return a->tie < b->tie ? -1 : a->tie > b->tie;
}

/* The same thing at the same point, or a worse guess at what a better one settles. */
static bool is_repeated(const sgp_draft *better, const sgp_draft *draft) {
    double apart_m = sgp_distance_m(better->place.point, draft->place.point);
    bool same_main =
        better->main && draft->main && sgp_thing_equal(better->main->thing, draft->main->thing);
    if (same_main && (!draft->mark || apart_m < SAME_M))
        return true;
    return apart_m < SAME_M && (better->place.kind == draft->place.kind ||
                                (better->mark && draft->main &&
                                 sgp_thing_equal(better->mark->thing, draft->main->thing)));
}

void sgp_drafts_settle(sgp_resolution *resolution) {
    size_t n = 0;
    for (size_t i = 0; i < resolution->n_drafts; i++) {
        sgp_draft *draft = &resolution->drafts[i];
        double near = 1;
        draft->text_order = sgp_draft_weigh(draft);
        if (draft->name_order == 0)
            draft->name_order = draft->text_order;
        if (resolution->has_near) {
            double away_m = sgp_distance_m(resolution->near, draft->place.point);
            near = 1 - NEAR_TAKES + NEAR_TAKES * exp(-away_m / resolution->near_radius_m);
        }
        draft->order = (int32_t)lround(draft->text_order * near);
    }
    qsort(resolution->drafts, resolution->n_drafts, sizeof *resolution->drafts, by_order);
    for (size_t i = 0; i < resolution->n_drafts && n < (size_t)(2 * SGP_PLACES_MAX); i++) {
        bool repeated =
            resolution->drafts[i].text_order <= SHOWN_FROM * resolution->drafts[0].text_order;
        for (size_t k = 0; k < n && !repeated; k++)
            repeated = is_repeated(&resolution->drafts[k], &resolution->drafts[i]);
        if (!repeated && n++ != i)
            resolution->drafts[n - 1] = resolution->drafts[i];
    }
    resolution->n_drafts = n;
}

/* ---- confidence ------------------------------------------------------------------- */

/* What of the certainty stays when other places answer to the same words, and the most that
 * homonyms allow. */
static double alone(const sgp_resolution *resolution, const sgp_draft *draft, int *most) {
    int32_t rival = 0;
    int homonyms = 0;
    for (size_t i = 0; i < resolution->n_drafts; i++) {
        const sgp_draft *other = &resolution->drafts[i];
        if (other == draft || other->is_makeshift ||
            sgp_distance_m(draft->place.point, other->place.point) <= APART_M)
            continue;
        rival = other->text_order > rival ? other->text_order : rival;
        homonyms += other->name_order >= HOMONYM_FROM * draft->name_order;
    }
    *most = homonyms == 0 ? 1000 : homonyms < 4 ? HOMONYM_PERMILLE : HOMONYMS_PERMILLE;
    double ratio = draft->text_order > 0 ? fmin((double)rival / draft->text_order, 1) : 0;
    return ratio > RIVAL_FROM ? 1 - RIVAL_TAKES * (ratio - RIVAL_FROM) / (1 - RIVAL_FROM) : 1;
}

/* "Kec. Lawang", and the place is not there: the one that is meant may not be on the map. */
static bool is_elsewhere(const sgp_resolution *resolution, const sgp_draft *draft) {
    for (size_t i = 0; i < resolution->query.n_words; i++)
        if (resolution->query.words[i].is_district && draft->weight[i] > 0 && draft->gain[i] <= 0)
            return true;
    return false;
}

/* Shares of the words, whole permilles that add up to the confidence (the largest fractions are
 * rounded up, of equals the first word's). */
static void share_out(const sgp_resolution *resolution, const sgp_draft *draft, int confidence,
                      sgp_place_reasons *reasons) {
    double gained, weight, fraction[SGP_PLACE_SHARES_MAX];
    int left = confidence;
    sums_of(draft, &gained, &weight);
    reasons->n = 0;
    for (size_t i = 0; i < resolution->query.n_words && reasons->n < SGP_PLACE_SHARES_MAX; i++) {
        if (draft->weight[i] <= 0)
            continue;
        sgp_place_share *share = &reasons->shares[reasons->n];
        double full = gained > 0 ? confidence * (double)draft->weight[i] / gained : 0;
        double got = full * (double)draft->gain[i];
        share->word = (uint8_t)i;
        share->read_as[0] = '\0';
        if (draft->gain[i] > 0) {
            share->permille = (int16_t)floor(got);
            fraction[reasons->n] = got - floor(got);
            left -= share->permille;
            if (draft->read_as[i] != SGP_NO_WORD)
                sgp_copy_text(
                    share->read_as, sizeof share->read_as,
                    sgp_vocabulary_word_at(resolution->vocabulary, draft->read_as[i]).text);
        } else {
            share->permille = (int16_t)-lround(fmin(full, 1000));
            fraction[reasons->n] = -1;
        }
        reasons->n++;
    }
    for (; left > 0 && reasons->n > 0; left--) {
        size_t most = 0;
        for (size_t i = 1; i < reasons->n; i++)
            if (fraction[i] > fraction[most])
                most = i;
        if (fraction[most] < 0)
            break;
        reasons->shares[most].permille++;
        fraction[most] = 0;
    }
}

size_t sgp_drafts_finish(sgp_resolution *resolution, size_t limit, sgp_place *places,
                         sgp_place_reasons *reasons) {
    size_t n = resolution->n_drafts < limit ? resolution->n_drafts : limit;
    for (size_t i = 0; i < n; i++) {
        const sgp_draft *draft = &resolution->drafts[i];
        int most;
        double sure = SUREST * draft->text_order / 1e4 * alone(resolution, draft, &most);
        int confidence = (int)lround(1000 * sure);
        if (is_elsewhere(resolution, draft) && most > ELSEWHERE_PERMILLE)
            most = ELSEWHERE_PERMILLE;
        confidence = confidence > most ? most : confidence;
        places[i] = draft->place;
        sgp_label(&places[i], draft->place.label);
        places[i].confidence_permille = confidence;
        share_out(resolution, draft, confidence, &reasons[i]);
    }
    return n;
}
