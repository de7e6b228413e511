/* Where a vehicle stands for a place: the gate, the gang's mouth, and the road there; and the
 * district of a place that is only a point. */
#include <string.h>

#include "serve/engine_parts.h"

static void name_street(const sgp_engine *engine, uint32_t edge, sgp_place *place) {
    const char *name = sgp_graph_edge_name(engine->city->graph, edge);
    if (name != NULL && strlen(name) < sizeof place->access_street)
        memcpy(place->access_street, name, strlen(name) + 1);
}

/* Whose units are at home there, and what reports count by. */
static void name_district(const sgp_engine *engine, sgp_place *place) {
    const sgp_graph_places *names = &sgp_graph_get(engine->city->graph)->places;
    if (place->kelurahan[0] != '\0' || place->kecamatan[0] != '\0' || place->kabupaten[0] != '\0')
        return;
    const sgp_graph_district *inside = sgp_graph_district_at(names, place->point);
    if (inside == NULL)
        return;
    snprintf(place->kelurahan, sizeof place->kelurahan, "%s", names->texts + inside->kelurahan);
    snprintf(place->kecamatan, sizeof place->kecamatan, "%s", names->texts + inside->kecamatan);
    snprintf(place->kabupaten, sizeof place->kabupaten, "%s", names->texts + inside->kabupaten);
}

void sgp_places_add_access(const sgp_engine *engine, sgp_place *places, size_t n) {
    sgp_live_times *live = engine->city->live;
    for (size_t i = 0; i < n; i++) {
        sgp_place *place = &places[i];
        sgp_snap snap;
        size_t n_stands = 0;
        name_district(engine, place);
        if (place->has_access && place->access_street[0] != '\0')
            continue;
        if (place->has_access) {
            if (sgp_live_times_snap(live, 0, place->access, &snap))
                name_street(engine, snap.edge, place);
            continue;
        }
        const sgp_stand *stands = sgp_live_times_stands(live, 0, place->point, &n_stands);
        if (n_stands == 0)
            continue;
        place->has_access = true;
        place->access = stands[0].snap.road;
        place->access_walk_m = (int32_t)((stands[0].walk_mm + 500) / 1000);
        name_street(engine, stands[0].snap.edge, place);
    }
}
