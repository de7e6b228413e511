#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

static sgp_text *add_text(sgp_ask_call *made, size_t parameter) {
    sgp_text_put(&made->texts[parameter], "");
    return &made->texts[parameter];
}

static void add_number(sgp_ask_call *made, size_t parameter, int64_t number) {
    sgp_text_format(add_text(made, parameter), "%lld", (long long)number);
}

static void put_degrees(sgp_text *text, double degrees) {
    sgp_text_format(text, "%.7f", degrees);
}

/* Longitudes and latitudes as two arrays. */
static void add_points(sgp_ask_call *made, const sgp_gazetteer_ask *ask, size_t lon, size_t lat) {
    sgp_text *lons = add_text(made, lon), *lats = add_text(made, lat);
    for (size_t i = 0; i < ask->n_points; i++) {
        sgp_text_put(lons, i > 0 ? "," : "{");
        sgp_text_put(lats, i > 0 ? "," : "{");
        put_degrees(lons, sgp_lon(ask->points[i]));
        put_degrees(lats, sgp_lat(ask->points[i]));
    }
    sgp_text_put(lons, ask->n_points > 0 ? "}" : "{}");
    sgp_text_put(lats, ask->n_points > 0 ? "}" : "{}");
}

static void add_ids(sgp_ask_call *made, const sgp_gazetteer_ask *ask, size_t side,
                    size_t parameter) {
    sgp_text *ids = add_text(made, parameter);
    sgp_text_put(ids, "{");
    for (size_t i = 0; i < ask->n_things[side]; i++)
        sgp_text_format(ids, i > 0 ? ",%d" : "%d", (int)ask->things[side][i].id);
    sgp_text_put(ids, "}");
}

static void add_kinds(sgp_ask_call *made, const sgp_gazetteer_ask *ask, size_t side,
                      size_t parameter) {
    sgp_text *kinds = add_text(made, parameter);
    sgp_text_put(kinds, "{");
    for (size_t i = 0; i < ask->n_things[side]; i++)
        sgp_text_format(kinds, i > 0 ? ",%c" : "%c", (char)ask->things[side][i].kind);
    sgp_text_put(kinds, "}");
}

static int64_t rows_of(const sgp_gazetteer_ask *ask) {
    return ask->limit > 0 && ask->limit < SGP_NAME_ROWS_MAX ? ask->limit : SGP_NAME_ROWS_MAX;
}

/* False: the answer is empty whatever the database holds, or it is about names. */
static bool make_others(const sgp_gazetteer_ask *ask, sgp_ask_call *made) {
    switch (ask->question) {
    case SGP_ASK_NUMBER:
        made->call.statement = SGP_STATEMENT_NUMBER;
        add_ids(made, ask, 0, 0);
        sgp_text_put(add_text(made, 1), ask->number);
        add_number(made, 2, ask->number_value);
        sgp_text_put(add_text(made, 3), ask->block);
        return ask->n_things[0] > 0 && ask->number_value >= 0;
    case SGP_ASK_JUNCTIONS:
        made->call.statement = SGP_STATEMENT_JUNCTIONS;
        add_ids(made, ask, 0, 0);
        add_ids(made, ask, 1, 1);
        add_number(made, 2, rows_of(ask));
        return ask->n_things[0] > 0 && ask->n_things[1] > 0;
    case SGP_ASK_JUNCTIONS_NEAR:
        add_number(made, 2, ask->radius_m);
        add_number(made, 3, ask->arms);
        add_number(made, 4, rows_of(ask));
        if (ask->n_things[0] > 0 && ask->n_points == 1) {
            made->call.statement = SGP_STATEMENT_JUNCTIONS_OF;
            put_degrees(add_text(made, 0), sgp_lon(ask->points[0]));
            put_degrees(add_text(made, 1), sgp_lat(ask->points[0]));
            add_ids(made, ask, 0, 5);
        } else {
            made->call.statement = SGP_STATEMENT_JUNCTIONS_NEAR;
            add_points(made, ask, 0, 1);
        }
        return ask->n_points > 0;
    case SGP_ASK_NEAREST_ON:
        made->call.statement = SGP_STATEMENT_NEAREST_ON;
        add_kinds(made, ask, 0, 0);
        add_ids(made, ask, 0, 1);
        add_kinds(made, ask, 1, 2);
        add_ids(made, ask, 1, 3);
        add_number(made, 4, ask->radius_m);
        return ask->n_things[0] > 0 && ask->n_things[1] > 0;
    case SGP_ASK_DISTRICTS:
        made->call.statement = SGP_STATEMENT_DISTRICTS;
        add_points(made, ask, 0, 1);
        return ask->n_points > 0;
    case SGP_ASK_AROUND:
        made->call.statement = SGP_STATEMENT_AROUND;
        if (ask->n_points == 0)
            return false;
        put_degrees(add_text(made, 0), sgp_lon(ask->points[0]));
        put_degrees(add_text(made, 1), sgp_lat(ask->points[0]));
        return true;
    case SGP_ASK_NAMES:
    case SGP_ASK_NAMES_NEAR:
    case SGP_ASK_COMPLETE:
        break;
    }
    return false;
}

static void set_values(sgp_ask_call *made) {
    for (size_t i = 0; i < SGP_POOL_PARAMETERS_MAX; i++)
        made->call.values[i] = made->texts[i].bytes;
}

bool sgp_ask_call_make(const sgp_gazetteer_ask *ask, sgp_ask_call *made) {
    memset(made, 0, sizeof *made);
    bool needed = make_others(ask, made);
    set_values(made);
    return needed;
}

bool sgp_ask_call_failed(const sgp_ask_call *made) {
    for (size_t i = 0; i < SGP_POOL_PARAMETERS_MAX; i++)
        if (made->texts[i].failed)
            return true;
    return false;
}

void sgp_ask_call_free(sgp_ask_call *made) {
    for (size_t i = 0; i < SGP_POOL_PARAMETERS_MAX; i++)
        free(made->texts[i].bytes);
}
