/* A coverage map as sigap.v1.CoverageMap and back. */
#include <stdlib.h>
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"
#include "sigap/coverage_map.h"

enum { REACH_BYTES = SGP_MAP_ZONES_MAX / 8 };

/* Zone 0 is the lowest bit of the first byte, on every machine. */
static bool put_station(Sigap__V1__CoverageStation *row, const sgp_map_station *station,
                        uint32_t n_zones) {
    uint8_t bytes[REACH_BYTES] = {0};
    for (uint32_t z = 0; z < n_zones; z++)
        bytes[z / 8] |= (uint8_t)((station->reach[z / 64] >> z % 64 & 1) << z % 8);
    return sgp_put_point(&row->point, station->point) &&
           sgp_put_bytes(&row->reach, bytes, (n_zones + 7) / 8);
}

static bool put_map(Sigap__V1__CoverageMap *message, const sgp_coverage_map *map) {
    message->busy_permille = map->busy_permille;
    message->ms_per_permille = map->ms_per_permille;
    message->most_ms = map->most_ms;
    bool ok = sgp_put_array((void **)&message->weights, map->n_zones, sizeof *message->weights) &&
              sgp_put_array((void **)&message->stations, map->n_stations, sizeof(void *));
    for (uint32_t z = 0; z < map->n_zones && ok; z++)
        message->weights[message->n_weights++] = map->weight[z];
    for (uint32_t s = 0; s < map->n_stations && ok; s++) {
        Sigap__V1__CoverageStation *row =
            sgp_message_make(&sigap__v1__coverage_station__descriptor);
        ok = row != NULL;
        if (!ok)
            break;
        message->stations[message->n_stations++] = row;
        ok = put_station(row, &map->stations[s], map->n_zones);
    }
    return ok;
}

Sigap__V1__CoverageMap *sgp_coverage_map_to_proto(const sgp_coverage_map *map) {
    Sigap__V1__CoverageMap *message = sgp_message_make(&sigap__v1__coverage_map__descriptor);
    return sgp_message_or_null(message, message && put_map(message, map));
}

static sgp_err read_map(const Sigap__V1__CoverageMap *message, sgp_coverage_map *map,
                        sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_weights, 1, SGP_MAP_ZONES_MAX,
                                  "the number of zones", fault);
    if (!err)
        err = sgp_read_number((int64_t)message->n_stations, 0, SGP_MAP_STATIONS_MAX,
                              "the number of stations", fault);
    if (err)
        return err;
    map->busy_permille = message->busy_permille;
    map->ms_per_permille = message->ms_per_permille;
    map->most_ms = message->most_ms;
    map->n_zones = (uint32_t)message->n_weights;
    map->n_stations = (uint32_t)message->n_stations;
    memcpy(map->weight, message->weights, map->n_zones * sizeof *map->weight);
    for (uint32_t s = 0; s < map->n_stations && !err; s++) {
        const Sigap__V1__CoverageStation *row = message->stations[s];
        sgp_map_station *station = &map->stations[s];
        err = sgp_read_point(row->point, &station->point, "the point of a station", fault);
        if (!err && row->reach.len != (map->n_zones + 7) / 8)
            err = sgp_fail(fault, SGP_E_FORMAT, "station %u has %zu bytes of zones, not %u", s,
                           row->reach.len, (map->n_zones + 7) / 8);
        for (uint32_t z = 0; z < 8 * row->reach.len && !err; z++)
            station->reach[z / 64] |= (uint64_t)(row->reach.data[z / 8] >> z % 8 & 1) << z % 64;
    }
    return err;
}

sgp_err sgp_coverage_map_from_proto(const Sigap__V1__CoverageMap *message, sgp_coverage_map **out,
                                    sgp_fault *fault) {
    sgp_coverage_map *map = sgp_coverage_map_create();
    if (!map)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the coverage map");
    sgp_err err = read_map(message, map, fault);
    if (!err)
        err = sgp_coverage_map_check(map, fault);
    if (err) {
        free(map);
        return err;
    }
    *out = map;
    return SGP_OK;
}
