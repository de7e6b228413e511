/* `sigap fleet`: stations, units and hospitals for any imported city. */
#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "gis/facilities.h"
#include "sigap/graph.h"

static const char help[] =
    "sigap fleet - make up stations and units for a city\n"
    "\n"
    "USAGE\n"
    "  sigap fleet --graph X.sgr --database CONNINFO [--seed N] OUT.conf\n"
    "\n"
    "DESCRIPTION\n"
    "  For a city whose fleet is not known: puts two ambulances at each of its\n"
    "  hospitals and fire stations (drawn by the seed where there are many), 8 to 40\n"
    "  in all, and writes them with the hospitals as a configuration file that\n"
    "  sigapd.conf includes. Where there are too few hospitals and fire stations it\n"
    "  takes clinics, then places along named streets, and says so.\n"
    "  Reads the database that `sigap import` filled; needs no engine.\n"
    "\n"
    "OPTIONS\n"
    "  --graph FILE       road graph of the city\n"
    "  --database STRING  libpq connection string\n"
    "  --seed N           of the choice (default 112)\n"
    "  --json             print what was written as JSON\n"
    "  --help             show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 1 the city has no place for a station, 2 usage or input error,\n"
    "  3 environment (database, file)\n";

enum { OPTION_GRAPH = 256, OPTION_DATABASE, OPTION_SEED };
static const struct option own_options[] = {{"graph", required_argument, NULL, OPTION_GRAPH},
                                            {"database", required_argument, NULL, OPTION_DATABASE},
                                            {"seed", required_argument, NULL, OPTION_SEED},
                                            {0}};

enum { STATIONS_LEAST = 4, STATIONS_MOST = 20, UNITS_PER_STATION = 2, HOSPITALS_MOST = 32 };

typedef struct post {
    sgp_place place;
    const char *kind; /* "hospital", "fire_station", "clinic", "street" */
} post;

typedef struct city_posts {
    post stations[STATIONS_MOST];
    size_t n_stations;
    post hospitals[HOSPITALS_MOST];
    size_t n_hospitals;
} city_posts;

static void add_posts(post *posts, size_t *n, size_t most, const sgp_place *places, size_t n_places,
                      const char *kind) {
    for (size_t i = 0; i < n_places && *n < most; i++)
        posts[(*n)++] = (post){places[i], kind};
}

static sgp_err choose(const char *conninfo, const sgp_city_id *city, uint64_t seed,
                      city_posts *posts, sgp_fault *fault) {
    sgp_place places[HOSPITALS_MOST];
    size_t n;
    sgp_err err =
        sgp_facilities_read(conninfo, city, "hospital", seed, places, HOSPITALS_MOST, &n, fault);
    if (err != SGP_OK)
        return err;
    add_posts(posts->hospitals, &posts->n_hospitals, HOSPITALS_MOST, places, n, "hospital");
    /* A few stations are kept for the fire brigade, which stands where hospitals do not. */
    add_posts(posts->stations, &posts->n_stations, STATIONS_MOST - 6, places, n, "hospital");
    err = sgp_facilities_read(conninfo, city, "fire_station", seed, places, HOSPITALS_MOST, &n,
                              fault);
    if (err != SGP_OK)
        return err;
    add_posts(posts->stations, &posts->n_stations, STATIONS_MOST, places, n, "fire_station");
    if (posts->n_stations < STATIONS_LEAST || posts->n_hospitals == 0) {
        err =
            sgp_facilities_read(conninfo, city, "clinic", seed, places, HOSPITALS_MOST, &n, fault);
        if (err != SGP_OK)
            return err;
        if (posts->n_hospitals == 0)
            add_posts(posts->hospitals, &posts->n_hospitals, 4, places, n, "clinic");
        if (posts->n_stations < STATIONS_LEAST)
            add_posts(posts->stations, &posts->n_stations, STATIONS_LEAST, places, n, "clinic");
    }
    if (posts->n_stations < STATIONS_LEAST || posts->n_hospitals == 0) {
        err = sgp_streets_sample(conninfo, city, seed, places, HOSPITALS_MOST, &n, fault);
        if (err != SGP_OK)
            return err;
        /* Drawn at random they lie worse than stations that somebody planned, so there are
         * more of them; the last ones drawn serve as hospitals and are not stations too. */
        size_t for_hospitals = posts->n_hospitals > 0 ? 0 : n > 3 ? 3 : n;
        add_posts(posts->hospitals, &posts->n_hospitals, HOSPITALS_MOST, places + n - for_hospitals,
                  for_hospitals, "street");
        size_t for_stations = n > for_hospitals ? n - for_hospitals : n;
        if (posts->n_stations < STATIONS_LEAST)
            add_posts(posts->stations, &posts->n_stations, 2 * STATIONS_LEAST, places, for_stations,
                      "street");
    }
    if (posts->n_stations == 0 || posts->n_hospitals == 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND,
                        "the city has no hospital, fire station, clinic or named street");
    return SGP_OK;
}

static void set_text(config_setting_t *group, const char *name, const char *text) {
    config_setting_set_string(config_setting_add(group, name, CONFIG_TYPE_STRING), text);
}

static void set_number(config_setting_t *group, const char *name, double number) {
    config_setting_set_float(config_setting_add(group, name, CONFIG_TYPE_FLOAT), number);
}

static void set_post(config_setting_t *list, const char *code, const post *p, const char *agency) {
    config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
    char name[SGP_NAME_BYTES];
    /* Labels may be longer than names; cut at the end of a character. */
    size_t length = strnlen(p->place.label, sizeof name - 1);
    while (length > 0 && ((unsigned char)p->place.label[length] & 0xc0) == 0x80)
        length--;
    memcpy(name, p->place.label, length);
    name[length] = '\0';
    set_text(group, "code", code);
    set_text(group, "name", name[0] != '\0' ? name : code);
    set_number(group, "lon", sgp_lon(p->place.point));
    set_number(group, "lat", sgp_lat(p->place.point));
    if (agency != NULL)
        set_text(group, "agency", agency);
    else
        config_setting_set_int(config_setting_add(group, "beds", CONFIG_TYPE_INT), 20);
}

/* Units come last: the set-up script reads their codes from there to the end. */
static void fill(config_setting_t *root, const city_posts *posts) {
    config_setting_t *stations = config_setting_add(root, "stations", CONFIG_TYPE_LIST);
    config_setting_t *hospitals = config_setting_add(root, "hospitals", CONFIG_TYPE_LIST);
    config_setting_t *units = config_setting_add(root, "units", CONFIG_TYPE_LIST);
    char code[SGP_CODE_BYTES], station[SGP_CODE_BYTES], name[SGP_NAME_BYTES];
    for (size_t i = 0; i < posts->n_hospitals; i++) {
        snprintf(code, sizeof code, "H%02zu", i + 1);
        set_post(hospitals, code, &posts->hospitals[i], NULL);
    }
    unsigned number = 0;
    for (size_t i = 0; i < posts->n_stations; i++) {
        bool hospital = strcmp(posts->stations[i].kind, "hospital") == 0;
        const char *agency = hospital                                               ? "Rumah sakit"
                             : strcmp(posts->stations[i].kind, "fire_station") == 0 ? "Damkar"
                                                                                    : "PSC 119";
        snprintf(station, sizeof station, "S%02zu", i + 1);
        set_post(stations, station, &posts->stations[i], agency);
        for (int u = 0; u < UNITS_PER_STATION; u++) {
            config_setting_t *unit = config_setting_add(units, NULL, CONFIG_TYPE_GROUP);
            snprintf(code, sizeof code, "A%02u", ++number);
            snprintf(name, sizeof name, "Ambulans %u", number);
            set_text(unit, "code", code);
            set_text(unit, "name", name);
            set_text(unit, "kind", hospital && u == 0 ? "ambulance_advanced" : "ambulance_basic");
            set_text(unit, "agency", agency);
            set_text(unit, "station", station);
        }
    }
}

/* By way of a file beside it, so that readers never see half. */
static sgp_err write_file(const char *path, const city_posts *posts, sgp_fault *fault) {
    char temporary[1024];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the path %s is too long", path);
    FILE *file = fopen(temporary, "w");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "cannot write %s: %s", temporary, strerror(errno));
    config_t config;
    config_init(&config);
    fill(config_root_setting(&config), posts);
    fputs("// Made up by `sigap fleet`: not a real fleet.\n", file);
    config_write(&config, file);
    config_destroy(&config);
    bool written = fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !written || rename(temporary, path) != 0)
        return sgp_fail(fault, SGP_E_IO, "cannot write %s: %s", path, strerror(errno));
    return SGP_OK;
}

static size_t count(const city_posts *posts, const char *kind) {
    size_t n = 0;
    for (size_t i = 0; i < posts->n_stations; i++)
        n += strcmp(posts->stations[i].kind, kind) == 0;
    return n;
}

static int report(const sgp_options *o, const city_posts *posts, const char *path) {
    size_t hospitals = count(posts, "hospital"), fire = count(posts, "fire_station"),
           clinics = count(posts, "clinic"), streets = count(posts, "street");
    size_t units = posts->n_stations * UNITS_PER_STATION;
    if (o->json)
        return sgp_print_json(json_pack(
            "{s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "file", path, "units", (json_int_t)units, "hospitals",
            (json_int_t)posts->n_hospitals, "stations_at_hospitals", (json_int_t)hospitals,
            "stations_at_fire_stations", (json_int_t)fire, "stations_at_clinics",
            (json_int_t)clinics, "stations_at_streets", (json_int_t)streets));
    char text[512], numbers[6][24];
    size_t values[6] = {units, hospitals, fire, clinics, streets, posts->n_hospitals};
    for (int i = 0; i < 6; i++)
        snprintf(numbers[i], sizeof numbers[i], "%zu", values[i]);
    puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_FLEET_MADE, "file", path, "units",
                       numbers[0], "hospitals", numbers[1], "fire", numbers[2], "clinics",
                       numbers[3], "streets", numbers[4], "targets", numbers[5], NULL));
    if (strcmp(posts->hospitals[0].kind, "hospital") != 0)
        puts(sgp_text_get(o->language, SGP_TEXT_FLEET_NO_HOSPITAL));
    return 0;
}

int app_fleet(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "fleet", help);
    const char *graph_path = NULL, *conninfo = NULL;
    uint64_t seed = 112;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        if (c == OPTION_GRAPH)
            graph_path = optarg;
        else if (c == OPTION_DATABASE)
            conninfo = optarg;
        else if (!sgp_number_parse(optarg, UINT64_MAX, &seed))
            return sgp_usage(&o, "--seed is a number, not '%s'", optarg);
    }
    if (o.ended)
        return o.exit_code;
    if (graph_path == NULL || conninfo == NULL || argc - optind != 1)
        return sgp_usage(&o, "--graph, --database and one file to write are expected");
    sgp_fault fault = {0};
    sgp_graph *graph;
    if (sgp_graph_open(graph_path, &graph, &fault) != SGP_OK)
        return sgp_complain(&o, &fault);
    sgp_city_id city = sgp_graph_get(graph)->city;
    sgp_graph_close(graph);
    city_posts *posts = calloc(1, sizeof *posts);
    if (posts == NULL)
        return 3;
    sgp_err err = choose(conninfo, &city, seed, posts, &fault);
    bool none = err == SGP_E_NOT_FOUND && posts->n_stations == 0;
    if (err == SGP_OK)
        err = write_file(argv[optind], posts, &fault);
    int exit_code;
    if (err != SGP_OK) {
        exit_code = sgp_complain(&o, &fault);
        if (none && exit_code == 2)
            exit_code = 1;
    } else {
        exit_code = report(&o, posts, argv[optind]);
    }
    free(posts);
    return exit_code;
}
