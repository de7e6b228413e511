/* Kilometres of a road: at a post, between two that are known, or near the nearest. */
#include <stdio.h>
#include <string.h>

#include "gis/place_parts.h"

#define BETWEEN_GAIN 0.9f
#define NEAREST_GAIN 0.6f
#define BETWEEN_SURE 0.97f
#define NEAREST_SURE 0.75f
/* A post is worth naming to this far from it. */
enum { POST_M = 20, GAP_MOST_M = 5000 };

int32_t sgp_road_of(const sgp_named *candidate) {
    switch (candidate->thing.kind) {
    case SGP_THING_STREET:
    case SGP_THING_GANG:
        return candidate->thing.id;
    case SGP_THING_KM_POST:
        return candidate->front_street;
    default:
        return 0;
    }
}

bool sgp_wants_post(const sgp_resolution *resolution, const sgp_named *candidate) {
    return resolution->query.km_m >= 0 && sgp_road_of(candidate) > 0;
}

static const sgp_number_row *row_of(const sgp_resolution *resolution, int32_t street) {
    for (size_t i = 0; i < resolution->n_posts; i++)
        if (resolution->posts[i].street == street)
            return &resolution->posts[i];
    return NULL;
}

/* "km" and its numbers. */
static void explain_km(const sgp_resolution *resolution, sgp_draft *draft, float gain) {
    const sgp_place_query *query = &resolution->query;
    bool said = false;
    for (size_t i = 0; i < query->n_words; i++) {
        bool is_marker =
            query->words[i].role == SGP_WORD_MARKER && strcmp(query->words[i].text, "km") == 0;
        said = is_marker || (said && query->words[i].role == SGP_WORD_NUMBER);
        if (said && draft->gain[i] < gain)
            draft->gain[i] = gain;
    }
}

static void show_km(int32_t metres, char text[16]) {
    if (metres % 1000 == 0)
        snprintf(text, 16, "%d", (int)metres / 1000);
    else if (metres % 100 == 0)
        snprintf(text, 16, "%d,%d", (int)metres / 1000, (int)metres % 1000 / 100);
    else
        snprintf(text, 16, "%d+%03d", (int)metres / 1000, (int)metres % 1000);
}

static void move_to(sgp_draft *draft, sgp_point point, int32_t uncertainty_m,
                    sgp_precision precision) {
    draft->wants_district = sgp_distance_m(draft->place.point, point) > 100;
    draft->place.point = point;
    draft->place.uncertainty_m = uncertainty_m;
    draft->place.precision = precision;
    draft->place.kind = SGP_PLACE_KM_POST;
}

void sgp_post_drafts(sgp_resolution *resolution, const sgp_named *candidate, sgp_draft *draft) {
    const sgp_number_row *row = row_of(resolution, sgp_road_of(candidate));
    bool is_post = candidate->thing.kind == SGP_THING_KM_POST;
    if (!row || row->shown[0] == '\0' || (row->is_exact && is_post))
        return; /* the road has no posts, or this is the one */
    char name[2 * SGP_LABEL_BYTES], street[SGP_LABEL_BYTES], km[16], low[16], high[16];
    const char *road = is_post ? candidate->front_name : candidate->label;
    show_km(resolution->query.km_m, km);
    show_km(row->low, low);
    show_km(row->high, high);
    sgp_short_name(road, street, sizeof street);
    if (row->is_exact) {
        move_to(draft, row->point, POST_M, SGP_PRECISION_EXACT);
        explain_km(resolution, draft, 1);
        snprintf(name, sizeof name, "%s KM %s", street, km);
    } else if (row->is_between) {
        /* Posts stand where they can, and roads were moved since. */
        move_to(draft, row->between, sgp_clip_m(30 + row->span_m / 10.0, 40, 500),
                SGP_PRECISION_INTERPOLATED);
        explain_km(resolution, draft, BETWEEN_GAIN);
        draft->sure *= BETWEEN_SURE;
        snprintf(name, sizeof name, "%s KM %s (antara KM %s dan KM %s)", street, km, low, high);
    } else if (row->gap <= GAP_MOST_M) {
        move_to(draft, row->point, sgp_clip_m(30.0 + row->gap, 30, GAP_MOST_M),
                SGP_PRECISION_NEAREST);
        explain_km(resolution, draft, NEAREST_GAIN);
        draft->sure *= NEAREST_SURE;
        snprintf(name, sizeof name, "%s KM %s (dekat KM %s)", street, km, row->shown);
    } else {
        return;
    }
    sgp_copy_text(draft->place.label, sizeof draft->place.label, name);
}
