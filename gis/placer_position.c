#include "gis/placer_position.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/aml.h"
#include "gis/coordinates.h"
#include "gis/place_parts.h"

enum {
    COORDINATES_M = 10, /* typed numbers are seldom better than that */
    PHONE_M = 2000,     /* a phone that does not say: as a cell's */
    HOUSE_M = 15,
    /* Beyond these distances a name would mislead more than help. */
    HOUSE_MAX_M = 60,
    STREET_FAR_M = 500
};

/* ---- within a text ------------------------------------------------------------------ */

static bool find_phone(const char *text, sgp_position *position) {
    sgp_aml aml;
    if (!strstr(text, "A\"ML") || sgp_aml_read_sms(text, &aml, NULL) != SGP_OK || !aml.has_point)
        return false;
    position->kind = SGP_PLACE_PHONE;
    position->points[0] = aml.point;
    position->n_points = 1;
    position->radius_m = aml.radius_m >= 0 ? sgp_clip_m(aml.radius_m, 1, 1000000) : PHONE_M;
    position->end = strlen(text);
    return true;
}

static bool find_code(const char *text, sgp_position *position) {
    sgp_plus_code_found found;
    if (!sgp_plus_code_find(text, &found))
        return false;
    sgp_plus_cell cell;
    position->kind = SGP_PLACE_PLUS_CODE;
    memcpy(position->code, found.code, sizeof position->code);
    position->is_short = found.is_short;
    position->begin = found.begin;
    position->end = found.end;
    if (found.is_short)
        return true;
    if (sgp_plus_code_decode(found.code, &cell) != SGP_OK)
        return false;
    position->points[0] = sgp_plus_cell_middle(&cell);
    position->n_points = 1;
    position->radius_m = sgp_plus_cell_radius_m(&cell);
    return true;
}

static bool find_numbers(const char *text, sgp_position *position) {
    sgp_coordinates found;
    if (sgp_coordinates_find(text, &found, NULL) != SGP_OK)
        return false;
    position->kind = SGP_PLACE_COORDINATES;
    memcpy(position->points, found.points, sizeof position->points);
    position->n_points = found.n_points;
    position->radius_m = found.radius_m > COORDINATES_M ? found.radius_m : COORDINATES_M;
    position->begin = found.begin;
    position->end = found.end;
    return true;
}

bool sgp_position_find(const char *text, sgp_position *position) {
    memset(position, 0, sizeof *position);
    return find_phone(text, position) || find_code(text, position) || find_numbers(text, position);
}

bool sgp_position_has_more(const char *text, const sgp_position *position) {
    for (size_t i = 0; text[i] != '\0'; i++)
        if ((i < position->begin || i >= position->end) && isalnum((unsigned char)text[i]))
            return true;
    return false;
}

bool sgp_position_recover(sgp_position *position, sgp_point reference) {
    char full[SGP_PLUS_CODE_BYTES];
    sgp_plus_cell cell;
    if (sgp_plus_code_recover(position->code, sgp_lon(reference), sgp_lat(reference), full) !=
            SGP_OK ||
        sgp_plus_code_decode(full, &cell) != SGP_OK)
        return false;
    memcpy(position->code, full, sizeof position->code);
    position->points[0] = sgp_plus_cell_middle(&cell);
    position->n_points = 1;
    position->radius_m = sgp_plus_cell_radius_m(&cell);
    position->is_short = false;
    return true;
}

/* ---- around a point ------------------------------------------------------------------- */

static void take_districts(const sgp_gazetteer_answer *districts, sgp_place *place) {
    if (!districts || districts->n == 0)
        return;
    const sgp_district_row *row = &districts->districts[0];
    sgp_copy_text(place->kelurahan, sizeof place->kelurahan, row->kelurahan);
    sgp_copy_text(place->kecamatan, sizeof place->kecamatan, row->kecamatan);
    sgp_copy_text(place->kabupaten, sizeof place->kabupaten, row->kabupaten);
}

size_t sgp_reverse_places(sgp_point point, const sgp_gazetteer_answer *districts,
                          const sgp_gazetteer_answer *around, sgp_place *places) {
    size_t n = 0;
    for (size_t i = 0; around && i < around->n && n < 2; i++) {
        const sgp_around_row *row = &around->around[i];
        bool is_house = row->number && row->number[0] != '\0';
        if (row->away_m > (is_house ? HOUSE_MAX_M : STREET_FAR_M))
            continue;
        char name[2 * SGP_LABEL_BYTES], street[SGP_LABEL_BYTES], number[24];
        sgp_place *place = &places[n++];
        memset(place, 0, sizeof *place);
        take_districts(districts, place);
        place->kind = is_house ? SGP_PLACE_ADDRESS : SGP_PLACE_STREET;
        place->precision = SGP_PRECISION_NEAREST;
        place->point = row->point;
        place->uncertainty_m = sgp_clip_m(row->away_m + HOUSE_M, HOUSE_M, 20000);
        place->confidence_permille = sgp_clip_m(1000 - 1.5 * row->away_m, 100, 1000);
        sgp_copy_text(number, sizeof number, is_house ? row->number : "");
        snprintf(name, sizeof name, "%s%s%s", sgp_short_name(row->street, street, sizeof street),
                 is_house ? " " : "", number);
        sgp_label(place, name);
    }
    /* The districts alone are the answer when nothing else is near. */
    if (n > 0 || !districts || districts->n == 0)
        return n;
    memset(&places[0], 0, sizeof places[0]);
    take_districts(districts, &places[0]);
    const char *finest = places[0].kelurahan[0]   ? places[0].kelurahan
                         : places[0].kecamatan[0] ? places[0].kecamatan
                                                  : places[0].kabupaten;
    if (*finest == '\0')
        return 0;
    places[0].kind = SGP_PLACE_AREA;
    places[0].precision = SGP_PRECISION_WHOLE;
    places[0].point = point;
    places[0].uncertainty_m = COORDINATES_M;
    places[0].confidence_permille = 1000;
    sgp_label(&places[0], finest);
    return 1;
}

void sgp_position_place(const sgp_position *position, sgp_point point,
                        const sgp_gazetteer_answer *districts, const sgp_gazetteer_answer *around,
                        sgp_place *place) {
    sgp_place near[2];
    char label[3 * SGP_LABEL_BYTES];
    memset(place, 0, sizeof *place);
    place->kind = position->kind;
    place->precision = SGP_PRECISION_EXACT;
    place->point = point;
    place->uncertainty_m = position->radius_m;
    place->confidence_permille = 1000;
    take_districts(districts, place);
    bool named = sgp_reverse_places(point, districts, around, near) > 0;
    if (position->kind == SGP_PLACE_PLUS_CODE)
        snprintf(label, sizeof label, "%s%s%s", position->code, named ? ", " : "",
                 named ? near[0].label : "");
    else if (named)
        snprintf(label, sizeof label, "%s", near[0].label);
    else
        snprintf(label, sizeof label, "%.5f, %.5f", sgp_lon(point), sgp_lat(point));
    sgp_copy_text(place->label, sizeof place->label, label);
}
