/* House numbers of streets: exact, between two that are known, or near the nearest. */
#include <stdio.h>
#include <string.h>

#include "gis/place_parts.h"

/* What the number adds to what the words of the name weigh, and what each way of finding it
 * explains of that. */
#define NUMBER_PART 0.25f
#define BETWEEN_GAIN 0.9f
#define NEAREST_GAIN 0.75f
#define BETWEEN_SURE 0.97f
#define NEAREST_SURE 0.92f
#define ONE_OF_SEVERAL_SURE 0.8f
/* From a house to its neighbour on the same side the number grows by two. */
enum { PLOT_M = 10, HOUSE_M = 15, SAME_HOUSE_M = 60 };

bool sgp_wants_number(const sgp_resolution *resolution, const sgp_named *candidate) {
    return resolution->query.number[0] != '\0' && !candidate->has_number &&
           (candidate->thing.kind == SGP_THING_STREET || candidate->thing.kind == SGP_THING_GANG);
}

/* The word that said it. */
static size_t word_of_number(const sgp_place_query *query) {
    size_t word = query->n_words;
    for (size_t i = 0; i < query->n_words; i++)
        if (query->words[i].role == SGP_WORD_NUMBER &&
            (query->words[i].optional || strcmp(query->words[i].text, query->number) == 0))
            word = i;
    return word;
}

static const sgp_number_row *row_of(const sgp_resolution *resolution, int32_t street) {
    for (size_t i = 0; i < resolution->n_numbers; i++)
        if (resolution->numbers[i].street == street)
            return &resolution->numbers[i];
    return NULL;
}

static void explain_number(const sgp_resolution *resolution, sgp_draft *draft, float gain) {
    size_t word = word_of_number(&resolution->query);
    if (word == resolution->query.n_words)
        return;
    float weight = 0;
    for (size_t i = 0; i < resolution->query.n_words; i++)
        weight += i == word ? 0 : draft->weight[i];
    draft->name_order = sgp_draft_weigh(draft);
    draft->weight[word] = NUMBER_PART * weight;
    draft->gain[word] = gain;
}

static void move_to(sgp_draft *draft, sgp_point point, int32_t uncertainty_m,
                    sgp_precision precision) {
    /* A long street's house may lie in another kelurahan than its middle. */
    draft->wants_district = sgp_distance_m(draft->place.point, point) > 100;
    draft->place.point = point;
    draft->place.precision = precision;
    draft->place.uncertainty_m = uncertainty_m;
}

void sgp_number_drafts(sgp_resolution *resolution, const sgp_named *street, sgp_draft *draft) {
    char name[2 * SGP_LABEL_BYTES];
    const char *number = resolution->query.number;
    const sgp_number_row *row = row_of(resolution, street->thing.id);
    int32_t street_m = draft->place.uncertainty_m;
    if (row && row->is_exact && row->span_m > SAME_HOUSE_M) {
        /* Long streets are numbered anew in each kelurahan or block: the number says not which. */
        move_to(draft, row->point, row->span_m, SGP_PRECISION_NEAREST);
        explain_number(resolution, draft, 1);
        draft->sure *= ONE_OF_SEVERAL_SURE;
        snprintf(name, sizeof name, "%s %s (ada beberapa no. %s)", street->label, row->shown,
                 row->shown);
    } else if (row && row->is_exact) {
        move_to(draft, row->point, HOUSE_M, SGP_PRECISION_EXACT);
        draft->place.kind =
            draft->place.kind == SGP_PLACE_ESTATE ? SGP_PLACE_ESTATE : SGP_PLACE_ADDRESS;
        explain_number(resolution, draft, 1);
        snprintf(name, sizeof name, "%s %s", street->label, row->shown);
    } else if (row && row->is_between) {
        /* Somewhere from the lower to the higher, and most likely as far along as the number. */
        move_to(draft, row->between, sgp_clip_m(HOUSE_M + row->span_m / 4.0, 20, 500),
                SGP_PRECISION_INTERPOLATED);
        draft->place.kind =
            draft->place.kind == SGP_PLACE_ESTATE ? SGP_PLACE_ESTATE : SGP_PLACE_ADDRESS;
        explain_number(resolution, draft, BETWEEN_GAIN);
        draft->sure *= BETWEEN_SURE;
        snprintf(name, sizeof name, "%s %s (antara no. %d dan %d)", street->label, number,
                 (int)row->low, (int)row->high);
    } else if (row && row->shown[0] != '\0') {
        move_to(draft, row->point, sgp_clip_m(30.0 + (double)PLOT_M * row->gap, 30, street_m),
                SGP_PRECISION_NEAREST);
        explain_number(resolution, draft, NEAREST_GAIN);
        draft->sure *= NEAREST_SURE;
        snprintf(name, sizeof name, "%s %s (dekat no. %s)", street->label, number, row->shown);
    } else {
        explain_number(resolution, draft, 0);
        snprintf(name, sizeof name, "%s (no. %s tidak ditemukan)", street->label, number);
    }
    sgp_copy_text(draft->place.label, sizeof draft->place.label, name);
}
