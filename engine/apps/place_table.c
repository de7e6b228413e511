#include "apps/place_table.h"

#include <string.h>

#include "apps/print.h"

char *sgp_place_district_text(const Sigap__V1__Place *place, char *out, size_t capacity) {
    const char *parts[] = {place->kelurahan, place->kecamatan, place->kabupaten};
    size_t length = 0;
    if (capacity > 0)
        out[0] = '\0';
    for (size_t i = 0; i < 3 && length < capacity; i++)
        if (parts[i][0] != '\0')
            length += (size_t)snprintf(out + length, capacity - length, "%s%s",
                                       length > 0 ? ", " : "", parts[i]);
    return out;
}

/* "Jalan Veteran" and "Jl. Veteran 5" speak of one street. */
static bool names_street(const char *label, const char *street) {
    static const char *const markers[] = {"Jalan ", "Jl. ", "Jl "};
    for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++)
        if (strncmp(street, markers[i], strlen(markers[i])) == 0)
            street += strlen(markers[i]);
    return street[0] != '\0' && strstr(label, street) != NULL;
}

char *sgp_place_access_text(sgp_language language, const Sigap__V1__Place *place, char *out,
                            size_t capacity) {
    enum { AT_THE_DOOR_M = 10 };
    char metres[16];
    if (capacity > 0)
        out[0] = '\0';
    bool at_door = place->access_walk_m < AT_THE_DOOR_M;
    if (place->access == NULL || (at_door && names_street(place->label, place->access_street)))
        return out;
    snprintf(metres, sizeof metres, "%d", place->access_walk_m);
    const char *street = place->access_street[0] != '\0'
                             ? place->access_street
                             : sgp_text_get(language, SGP_TEXT_ACCESS_NO_NAME);
    return sgp_text_fill(out, capacity, language,
                         at_door ? SGP_TEXT_ACCESS_AT_DOOR : SGP_TEXT_ACCESS, "street", street,
                         "metres", metres, NULL);
}

/* ---- candidates --------------------------------------------------------------------- */

enum { COLUMN_PLACE = 2, COLUMN_DISTRICT = 3, COLUMN_POINT = 7, N_COLUMNS = 8, PLACE_LEAST = 16 };

static sgp_colour confidence_colour(int32_t permille) {
    return permille >= 850 ? SGP_GREEN : permille >= 600 ? SGP_YELLOW : SGP_PLAIN;
}

/* A label ends with its kelurahan, which the table tells beside it. */
static size_t length_without_district(const Sigap__V1__Place *place) {
    char end[112];
    size_t length = strlen(place->label);
    size_t n = (size_t)snprintf(end, sizeof end, ", %s", place->kelurahan);
    bool ends = place->kelurahan[0] != '\0' && n < sizeof end && n < length &&
                strcmp(place->label + length - n, end) == 0;
    return ends ? length - n : length;
}

static void add_row(sgp_sheet *sheet, sgp_language language, size_t nth,
                    const Sigap__V1__Place *place, bool narrow) {
    char district[320], access[256];
    sgp_place_district_text(place, district, sizeof district);
    sgp_place_access_text(language, place, access, sizeof access);
    sgp_sheet_cell(sheet, SGP_DIM, "%zu", nth);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_place_kind_text(language, (int)place->kind));
    if (place->label[0] != '\0' || place->point == NULL)
        sgp_sheet_cell(sheet, SGP_BOLD, "%.*s", (int)length_without_district(place), place->label);
    else
        sgp_sheet_cell(sheet, SGP_BOLD, "%.6f,%.6f", place->point->lon, place->point->lat);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", district);
    sgp_sheet_cell(sheet, SGP_PLAIN, "±%d m", place->uncertainty_m);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_precision_text(language, (int)place->precision));
    sgp_sheet_cell(sheet, confidence_colour(place->confidence_permille), "%d%%",
                   (place->confidence_permille + 5) / 10);
    if (place->point != NULL)
        sgp_sheet_cell(sheet, SGP_DIM, "%.6f,%.6f", place->point->lon, place->point->lat);
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    if (narrow && district[0] != '\0')
        sgp_sheet_note(sheet, SGP_DIM, "%s", district);
    if (access[0] != '\0')
        sgp_sheet_note(sheet, SGP_DIM, "%s", access);
}

static sgp_sheet *make_sheet(Sigap__V1__Place *const *places, size_t n, sgp_language language,
                             bool narrow) {
    char uncertainty[48], confidence[48];
    snprintf(uncertainty, sizeof uncertainty, ">%s",
             sgp_text_get(language, SGP_TEXT_COLUMN_RADIUS));
    snprintf(confidence, sizeof confidence, ">%s", sgp_text_get(language, SGP_TEXT_COLUMN_SURE));
    const char *headers[N_COLUMNS] = {">",
                                      sgp_text_get(language, SGP_TEXT_COLUMN_KIND),
                                      sgp_text_get(language, SGP_TEXT_COLUMN_PLACE),
                                      sgp_text_get(language, SGP_TEXT_COLUMN_DISTRICT),
                                      uncertainty,
                                      sgp_text_get(language, SGP_TEXT_COLUMN_PRECISION),
                                      confidence,
                                      sgp_text_get(language, SGP_TEXT_COLUMN_POINT)};
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, N_COLUMNS, &sheet) != SGP_OK)
        return NULL;
    for (size_t i = 0; i < n; i++)
        add_row(sheet, language, i + 1, places[i], narrow);
    return sheet;
}

void sgp_place_table_print(Sigap__V1__Place *const *places, size_t n, sgp_language language,
                           FILE *out) {
    size_t line = sgp_line_width(out);
    sgp_sheet *sheet = make_sheet(places, n, language, false);
    if (sheet == NULL)
        return;
    if (line != 0 && sgp_sheet_width(sheet) > line)
        sgp_sheet_limit(sheet, COLUMN_POINT, 0);
    if (line != 0 && sgp_sheet_width(sheet) > line) {
        sgp_sheet_destroy(sheet);
        sheet = make_sheet(places, n, language, true);
        if (sheet == NULL)
            return;
        sgp_sheet_limit(sheet, COLUMN_POINT, 0);
        sgp_sheet_limit(sheet, COLUMN_DISTRICT, 0);
        sgp_sheet_limit(sheet, COLUMN_PLACE, PLACE_LEAST);
        size_t width = sgp_sheet_width(sheet);
        sgp_sheet_limit(sheet, COLUMN_PLACE, PLACE_LEAST + (width < line ? line - width : 0));
    }
    sgp_sheet_print(sheet, out);
    sgp_sheet_destroy(sheet);
}
