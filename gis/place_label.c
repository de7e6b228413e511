/* What is shown of a place: its name and the finest district that is not the name itself. */
#include <stdio.h>
#include <string.h>

#include "gis/place_parts.h"

static bool says(const char *name, const char *district) {
    return *district == '\0' || strstr(name, district) != NULL;
}

const char *sgp_short_name(const char *name, char *out, size_t capacity) {
    bool is_street = strncmp(name, "Jalan ", 6) == 0;
    snprintf(out, capacity, "%s%s", is_street ? "Jl. " : "", is_street ? name + 6 : name);
    return out;
}

void sgp_label(sgp_place *place, const char *name) {
    char label[3 * SGP_LABEL_BYTES];
    const char *finest = !says(name, place->kelurahan)   ? place->kelurahan
                         : !says(name, place->kecamatan) ? place->kecamatan
                         : !says(name, place->kabupaten) ? place->kabupaten
                                                         : "";
    snprintf(label, sizeof label, "%.300s%s%.100s", name, *finest ? ", " : "", finest);
    sgp_copy_text(place->label, sizeof place->label, label);
}

const char *sgp_relation_words(sgp_relation relation) {
    switch (relation) {
    case SGP_RELATION_IN_FRONT:
        return "depan";
    case SGP_RELATION_BEHIND:
        return "belakang";
    case SGP_RELATION_BESIDE:
        return "sebelah";
    case SGP_RELATION_ACROSS:
        return "seberang";
    case SGP_RELATION_NORTH:
        return "utara";
    case SGP_RELATION_EAST:
        return "timur";
    case SGP_RELATION_SOUTH:
        return "selatan";
    case SGP_RELATION_WEST:
        return "barat";
    case SGP_RELATION_BETWEEN:
        return "antara";
    case SGP_RELATION_INTO:
        return "masuk";
    case SGP_RELATION_NEAR:
    case SGP_RELATION_NONE:
        break;
    }
    return "dekat";
}
