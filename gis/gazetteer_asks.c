#include <stdio.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

bool sgp_ask_call_make(const sgp_gazetteer_ask *ask, sgp_ask_call *made) {
    memset(made, 0, sizeof *made);
    if (!sgp_asks_server(ask->question) || ask->n_points == 0)
        return false;
    made->call.statement = SGP_STATEMENT_AROUND;
    snprintf(made->texts[0], sizeof made->texts[0], "%.7f", sgp_lon(ask->points[0]));
    snprintf(made->texts[1], sizeof made->texts[1], "%.7f", sgp_lat(ask->points[0]));
    for (size_t i = 0; i < 2; i++)
        made->call.values[i] = made->texts[i];
    return true;
}
