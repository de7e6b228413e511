/* The whole way from data to extract. */
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

static size_t count_road_nodes(const sgp_sheet *sheet) {
    uint8_t *seen = sgp_sketch_memory(NULL, sheet->n_nodes + 1, 1);
    memset(seen, 0, sheet->n_nodes + 1);
    size_t n = 0;
    for (size_t w = 0; w < sheet->n_ways; w++)
        for (uint32_t i = 0; sheet->ways[w].road && i < sheet->ways[w].n_refs; i++) {
            uint8_t *mark = &seen[sheet->refs[sheet->ways[w].first_ref + i]];
            n += *mark == 0;
            *mark = 1;
        }
    free(seen);
    return n;
}

sgp_err sgp_sketch_make(const char *folder, uint64_t seed, const char *path,
                        sgp_sketch_counts *counts, sgp_fault *fault) {
    sgp_sketch_data *data = NULL;
    sgp_err err = sgp_sketch_data_read(folder, &data, fault);
    if (err != SGP_OK)
        return err;
    sgp_net *net = sgp_net_create();
    sgp_sheet *sheet = sgp_sheet_create();
    *counts = (sgp_sketch_counts){0};
    err = sgp_sketch_cells(data, sheet, fault);
    if (err == SGP_OK) {
        sgp_sketch_districts(data, sheet, seed, counts);
        sgp_net_main(net, data, seed);
        sgp_net_estates_place(net, data);
        sgp_net_fill(net, data, seed);
        sgp_net_estates_draw(net, data);
        sgp_net_join(net);
        sgp_net_driveways(net, data);
        sgp_net_gangs(net, seed);
        sgp_sketch_roads(net, data, sheet, counts);
        counts->trapped = sgp_sheet_open_traps(sheet);
        counts->road_nodes = count_road_nodes(sheet);
        sgp_sketch_everyday_draw(net, data, sheet, seed, counts);
        sgp_sketch_homes(net, data, sheet, seed, counts);
        sgp_sketch_posts_draw(net, data, sheet, counts);
        err = sgp_sheet_write(sheet, path, fault);
    }
    sgp_sheet_destroy(sheet);
    sgp_net_destroy(net);
    sgp_sketch_data_destroy(data);
    return err;
}
