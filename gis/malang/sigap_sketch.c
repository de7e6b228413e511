/* sigap-sketch: writes the sketch of Malang Raya as an OpenStreetMap extract. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gis/malang/sketch.h"

static const char usage[] =
    "sigap-sketch: the sketch of Malang Raya (made up from general knowledge, not a map)\n"
    "\n"
    "  sigap-sketch [--seed N] [--data DIR] OUT.osm.pbf   write the extract\n"
    "  sigap-sketch [--data DIR] --fleet OUT.conf         write the demo's units, stations, "
    "hospitals\n"
    "  sigap-sketch [--data DIR] --check POINTS.csv       how far the main roads lie from real "
    "points\n"
    "\n"
    "  --seed N     another made-up city on the same main roads (default 1)\n"
    "  --data DIR   folder with roads_city.conf, places.conf, ... (default: of the source tree)\n"
    "\n"
    "Exit: 0 done, 1 the median is over 150 m (--check), 2 wrong use or data, 3 cannot read or "
    "write,\n"
    "77 the points file is absent.\n";

static int report(sgp_err err, const sgp_fault *fault) {
    fprintf(stderr, "sigap-sketch: %s\n", fault->text);
    return sgp_err_exit_code(err);
}

static int make(const char *folder, uint64_t seed, const char *path) {
    sgp_fault fault = {0};
    sgp_sketch_counts counts;
    sgp_err err = sgp_sketch_make(folder, seed, path, &counts, &fault);
    if (err != SGP_OK)
        return report(err, &fault);
    printf("%s: a sketch of Malang Raya, seed %" PRIu64 "\n"
           "  %zu road ways, %zu gangs, %zu road nodes, %zu cut off\n"
           "  %zu turn restrictions, %zu signals, %zu gaps in medians, %zu turns not found\n"
           "  %zu house numbers, %zu of them buildings\n"
           "  %zu estates with %zu houses, %zu RW, %zu RT, %zu dusun, %zu kilometre posts\n"
           "  %zu mosques, schools, shops and the like, %zu entrances and gates\n",
           path, seed, counts.roads, counts.gangs, counts.road_nodes, counts.trapped,
           counts.restrictions, counts.signals, counts.gaps, counts.missing_turns, counts.addresses,
           counts.buildings, counts.estates, counts.estate_houses, counts.rw, counts.rt,
           counts.hamlets, counts.posts, counts.facilities, counts.entrances);
    return 0;
}

static int check(const sgp_sketch_data *data, const char *csv) {
    if (access(csv, R_OK) != 0) {
        fprintf(stderr, "sigap-sketch: %s is absent, nothing checked\n", csv);
        return 77;
    }
    sgp_fault fault = {0};
    double median_m = 0.0;
    sgp_err err = sgp_sketch_check(data, csv, stdout, &median_m, &fault);
    if (err != SGP_OK)
        return report(err, &fault);
    return median_m <= 150.0 ? 0 : 1;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},  {"data", required_argument, NULL, 'd'},
        {"fleet", required_argument, NULL, 'f'}, {"check", required_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    const char *folder = SGP_SKETCH_DATA, *fleet = NULL, *csv = NULL;
    uint64_t seed = 1;
    char *end = NULL;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;)
        switch (option) {
        case 's':
            seed = strtoull(optarg, &end, 10);
            if (*end != '\0' || end == optarg) {
                fprintf(stderr, "sigap-sketch: the seed '%s' is not a whole number\n", optarg);
                return 2;
            }
            break;
        case 'd':
            folder = optarg;
            break;
        case 'f':
            fleet = optarg;
            break;
        case 'c':
            csv = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    if (optind + 1 < argc || (optind == argc && fleet == NULL && csv == NULL)) {
        fputs(usage, stderr);
        return 2;
    }
    int code = 0;
    if (fleet != NULL || csv != NULL) {
        sgp_fault fault = {0};
        sgp_sketch_data *data = NULL;
        sgp_err err = sgp_sketch_data_read(folder, &data, &fault);
        if (err == SGP_OK && fleet != NULL)
            err = sgp_sketch_fleet_write(data, folder, fleet, &fault);
        if (err != SGP_OK)
            code = report(err, &fault);
        else if (csv != NULL)
            code = check(data, csv);
        sgp_sketch_data_destroy(data);
    }
    if (code == 0 && optind < argc)
        code = make(folder, seed, argv[optind]);
    return code;
}
