#include "gis/import_parts.h"
#include "route/junctions.h"

static void copy_junction(const sgp_graph_parts *graph, const sgp_junctions *found, size_t index,
                          sgp_table_copy *copy) {
    const sgp_junction *junction = &found->items[index];
    for (uint32_t i = 0; i < junction->n_names; i++) {
        sgp_table_copy_number(copy, (double)index);
        sgp_table_copy_text(copy, graph->names + found->names[junction->first_name + i]);
        sgp_table_copy_number(copy, junction->arms);
        sgp_table_copy_text(copy, junction->kind == SGP_JUNCTION_ROUNDABOUT ? "t" : "f");
        sgp_table_copy_number(copy, sgp_lon(junction->point));
        sgp_table_copy_number(copy, sgp_lat(junction->point));
        sgp_table_copy_end_row(copy);
    }
}

sgp_err sgp_import_junctions(PGconn *connection, const sgp_graph_parts *graph, sgp_fault *fault) {
    static const char DOING[] = "writing junctions";
    sgp_err err = sgp_import_run(connection,
                                 "CREATE TABLE raw_junction (junction int NOT NULL,"
                                 " name text NOT NULL, arms smallint NOT NULL,"
                                 " is_roundabout boolean NOT NULL, lon float8 NOT NULL,"
                                 " lat float8 NOT NULL)",
                                 DOING, 0, 0, NULL, fault);
    sgp_junctions found = {0};
    if (err == SGP_OK && sgp_junctions_find(graph, &found) != SGP_OK)
        err = sgp_fail(fault, SGP_E_MEMORY, "%s: no memory left", DOING);
    if (err == SGP_OK) {
        sgp_table_copy copy;
        sgp_table_copy_begin(&copy, connection,
                             "raw_junction (junction, name, arms, is_roundabout, lon, lat)", DOING,
                             fault);
        for (size_t i = 0; i < found.n; i++)
            copy_junction(graph, &found, i, &copy);
        err = sgp_table_copy_finish(&copy);
    }
    sgp_junctions_free(&found);
    return err;
}
