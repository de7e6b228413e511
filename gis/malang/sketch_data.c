/* Reading data/NAME.conf with libconfig. The strings stay in the open files. */
#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch_read.h"

static const char *const file_names[] = {"roads_city.conf", "roads_region.conf", "areas.conf",
                                         "names.conf",      "places.conf",       "water.conf",
                                         "junctions.conf",  "town.conf",         "everyday.conf"};
enum { N_FILES = sizeof file_names / sizeof *file_names };
enum {
    FILE_CITY,
    FILE_REGION,
    FILE_AREAS,
    FILE_NAMES,
    FILE_PLACES,
    FILE_WATER,
    FILE_JUNCTIONS,
    FILE_TOWN,
    FILE_EVERYDAY
};

static sgp_err read_file(config_t *file, const char *folder, const char *name, sgp_fault *fault) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the path of the data folder is too long");
    if (config_read_file(file, path) == CONFIG_TRUE)
        return SGP_OK;
    if (config_error_type(file) == CONFIG_ERR_FILE_IO)
        return sgp_fail(fault, SGP_E_IO, "cannot read %s", path);
    return sgp_fail(fault, SGP_E_CONFIG, "%s:%d: %s", path, config_error_line(file),
                    config_error_text(file));
}

sgp_err sgp_sketch_wrong(sgp_fault *fault, const config_setting_t *at, const char *what) {
    const char *file = config_setting_source_file(at);
    return sgp_fail(fault, SGP_E_CONFIG, "%s:%u: %s", file != NULL ? file : "data",
                    config_setting_source_line(at), what);
}

const char *sgp_sketch_text_of(config_setting_t *group, const char *key) {
    const char *text = NULL;
    return config_setting_lookup_string(group, key, &text) == CONFIG_TRUE ? text : NULL;
}

bool sgp_sketch_flag_of(config_setting_t *group, const char *key) {
    int flag = 0;
    return config_setting_lookup_bool(group, key, &flag) == CONFIG_TRUE && flag != 0;
}

double sgp_sketch_number_at(config_setting_t *list, unsigned index) {
    config_setting_t *element = config_setting_get_elem(list, index);
    if (element == NULL)
        return 0.0;
    return config_setting_type(element) == CONFIG_TYPE_INT ? (double)config_setting_get_int(element)
                                                           : config_setting_get_float(element);
}

static sgp_err read_points(config_setting_t *group, const char *key, sgp_sketch_line *line,
                           sgp_fault *fault) {
    config_setting_t *list = config_setting_get_member(group, key);
    int count = list != NULL ? config_setting_length(list) : 0;
    if (count < 4 || count % 2 != 0)
        return sgp_sketch_wrong(fault, group, "points must be at least two pairs of lon, lat");
    line->n = (size_t)count / 2;
    line->at = sgp_sketch_memory(NULL, line->n, sizeof *line->at);
    for (size_t i = 0; i < line->n; i++)
        line->at[i] = sgp_xy_from_degrees(sgp_sketch_number_at(list, (unsigned)i * 2),
                                          sgp_sketch_number_at(list, (unsigned)i * 2 + 1));
    return SGP_OK;
}

static sgp_err read_lines(config_t *file, const char *key, sgp_sketch_line **lines, size_t *n,
                          sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, key);
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "the data has no list '%s'", key);
    size_t count = (size_t)config_setting_length(list);
    *lines = calloc(count + 1, sizeof **lines);
    for (*n = 0; *n < count; (*n)++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)*n);
        (*lines)[*n].name = sgp_sketch_text_of(group, "name");
        if ((*lines)[*n].name == NULL)
            return sgp_sketch_wrong(fault, group, "a name is missing");
        sgp_err err = read_points(group, "points", &(*lines)[*n], fault);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

/* A roundabout as a closed ring, clockwise. */
static void draw_ring(sgp_sketch_line *line, sgp_xy centre, double radius_m) {
    static const double cosine[12] = {1,  0.8660254,  0.5,  0, -0.5, -0.8660254,
                                      -1, -0.8660254, -0.5, 0, 0.5,  0.8660254};
    line->n = 13;
    line->at = sgp_sketch_memory(NULL, line->n, sizeof *line->at);
    for (size_t i = 0; i < 13; i++) {
        size_t step = (12 - i % 12) % 12;
        line->at[i] = (sgp_xy){centre.x + radius_m * cosine[step],
                               centre.y + radius_m * cosine[(step + 9) % 12]};
    }
}

static char *join_texts(config_setting_t *list) {
    char *joined = NULL;
    for (int i = 0; list != NULL && i < config_setting_length(list); i++) {
        const char *text = config_setting_get_string_elem(list, i);
        if (text == NULL)
            continue;
        char *longer =
            joined == NULL ? sgp_sketch_text("%s", text) : sgp_sketch_text("%s;%s", joined, text);
        free(joined);
        joined = longer;
    }
    return joined;
}

static sgp_err read_roads(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "roads");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "the data has no list 'roads'");
    size_t count = (size_t)config_setting_length(list);
    data->roads = sgp_sketch_memory(data->roads, data->n_roads + count, sizeof *data->roads);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_sketch_road *road = &data->roads[data->n_roads];
        *road = (sgp_sketch_road){.line.name = sgp_sketch_text_of(group, "name"),
                                  .road_class = sgp_sketch_text_of(group, "class"),
                                  .dual = sgp_sketch_flag_of(group, "dual"),
                                  .oneway = sgp_sketch_flag_of(group, "oneway"),
                                  .bends = sgp_sketch_flag_of(group, "bends"),
                                  .ramp = sgp_sketch_flag_of(group, "ramp")};
        if (road->line.name == NULL || road->road_class == NULL)
            return sgp_sketch_wrong(fault, group, "a road needs a name and a class");
        (void)config_setting_lookup_int(group, "layer", &road->layer);
        config_setting_t *ring = config_setting_get_member(group, "ring");
        if (ring != NULL) {
            draw_ring(
                &road->line,
                sgp_xy_from_degrees(sgp_sketch_number_at(ring, 0), sgp_sketch_number_at(ring, 1)),
                sgp_sketch_number_at(ring, 2));
            road->ring = true;
            road->oneway = true;
        } else {
            sgp_err err = read_points(group, "points", &road->line, fault);
            if (err != SGP_OK)
                return err;
        }
        road->alt = join_texts(config_setting_get_member(group, "alt"));
        data->n_roads++;
    }
    return SGP_OK;
}

static sgp_err read_areas(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    sgp_err err = read_lines(file, "outlines", &data->outlines, &data->n_outlines, fault);
    if (err != SGP_OK)
        return err;
    config_setting_t *list = config_lookup(file, "kecamatan");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "the data has no list 'kecamatan'");
    size_t count = (size_t)config_setting_length(list);
    data->kecamatan = calloc(count + 1, sizeof *data->kecamatan);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_sketch_kecamatan *kecamatan = &data->kecamatan[data->n_kecamatan++];
        kecamatan->name = sgp_sketch_text_of(group, "name");
        kecamatan->of = sgp_sketch_text_of(group, "of");
        kecamatan->kind = sgp_sketch_text_of(group, "kind");
        config_setting_t *villages = config_setting_get_member(group, "villages");
        if (kecamatan->name == NULL || kecamatan->of == NULL || kecamatan->kind == NULL ||
            villages == NULL)
            return sgp_sketch_wrong(fault, group, "a kecamatan needs name, of, kind and villages");
        kecamatan->first_village = data->n_villages;
        kecamatan->n_villages = (size_t)config_setting_length(villages);
        for (size_t v = 0; v < kecamatan->n_villages; v++) {
            config_setting_t *row = config_setting_get_elem(villages, (unsigned)v);
            const char *name = config_setting_get_string_elem(row, 0);
            const char *themes = config_setting_get_string_elem(row, 4);
            if (name == NULL || themes == NULL)
                return sgp_sketch_wrong(fault, row,
                                        "a village is (name, lon, lat, radius, themes)");
            SGP_SKETCH_ROOM(data->villages, data->n_villages, data->room_villages);
            data->villages[data->n_villages++] =
                (sgp_sketch_village){.name = name,
                                     .at = sgp_xy_from_degrees(sgp_sketch_number_at(row, 1),
                                                               sgp_sketch_number_at(row, 2)),
                                     .radius_m = sgp_sketch_number_at(row, 3),
                                     .themes = themes,
                                     .kecamatan = i};
        }
    }
    return SGP_OK;
}

sgp_err sgp_sketch_read_texts(config_setting_t *list, const char ***texts, size_t *n) {
    size_t count = (size_t)config_setting_length(list);
    *texts = calloc(count + 1, sizeof **texts);
    for (size_t i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(list, (int)i);
        if (text != NULL)
            (*texts)[(*n)++] = text;
    }
    return SGP_OK;
}

static sgp_err read_names(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *themes = config_lookup(file, "themes");
    config_setting_t *again = config_lookup(file, "again");
    if (themes == NULL || again == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "names.conf needs 'themes' and 'again'");
    size_t count = (size_t)config_setting_length(themes);
    data->themes = calloc(count + 1, sizeof *data->themes);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(themes, (unsigned)i);
        sgp_sketch_theme *theme = &data->themes[data->n_themes++];
        theme->key = config_setting_name(group);
        theme->before = sgp_sketch_text_of(group, "before");
        config_setting_t *names = config_setting_get_member(group, "names");
        if (theme->before == NULL || names == NULL || config_setting_length(names) == 0)
            return sgp_sketch_wrong(fault, group, "a theme needs 'before' and 'names'");
        (void)sgp_sketch_read_texts(names, &theme->names, &theme->n_names);
    }
    return sgp_sketch_read_texts(again, &data->again, &data->n_again);
}

static sgp_err read_kinds(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *kinds = config_lookup(file, "kinds");
    if (kinds == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "places.conf needs 'kinds'");
    size_t count = (size_t)config_setting_length(kinds);
    data->kinds = calloc(count + 1, sizeof *data->kinds);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(kinds, (unsigned)i);
        sgp_sketch_kind *kind = &data->kinds[data->n_kinds++];
        kind->name = config_setting_name(group);
        config_setting_t *size = config_setting_get_member(group, "size");
        kind->size_m = size != NULL ? (double)config_setting_get_int(size) : 0.0;
        kind->drive = sgp_sketch_flag_of(group, "drive");
        kind->gate = sgp_sketch_flag_of(group, "gate");
        config_setting_t *tags = config_setting_get_member(group, "tags");
        if (tags == NULL || config_setting_length(tags) > 8)
            return sgp_sketch_wrong(fault, group, "a kind needs one to eight tags");
        for (int t = 0; t < config_setting_length(tags); t++) {
            config_setting_t *tag = config_setting_get_elem(tags, (unsigned)t);
            kind->tags[kind->n_tags++] = (sgp_osm_tag){config_setting_get_string_elem(tag, 0),
                                                       config_setting_get_string_elem(tag, 1)};
        }
    }
    return SGP_OK;
}

static sgp_err read_places(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "places");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "places.conf needs 'places'");
    size_t count = (size_t)config_setting_length(list);
    data->places = calloc(count + 1, sizeof *data->places);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_sketch_place *place = &data->places[data->n_places++];
        const char *kind = sgp_sketch_text_of(group, "kind");
        config_setting_t *at = config_setting_get_member(group, "at");
        place->name = sgp_sketch_text_of(group, "name");
        place->alt = sgp_sketch_text_of(group, "alt");
        place->short_name = sgp_sketch_text_of(group, "short");
        place->street = sgp_sketch_text_of(group, "street");
        place->number = sgp_sketch_text_of(group, "number");
        for (size_t k = 0; kind != NULL && k < data->n_kinds; k++)
            if (strcmp(kind, data->kinds[k].name) == 0)
                place->kind = &data->kinds[k];
        if (place->name == NULL || place->kind == NULL || at == NULL)
            return sgp_sketch_wrong(fault, group, "a place needs a name, a known kind and 'at'");
        place->at = sgp_xy_from_degrees(sgp_sketch_number_at(at, 0), sgp_sketch_number_at(at, 1));
        place->building_m = place->kind->size_m;
        place->campus = sgp_sketch_text_of(group, "campus");
        config_setting_t *ground = config_setting_get_member(group, "ground");
        for (unsigned g = 0; ground != NULL && g < 2; g++)
            place->ground_m[g] = sgp_sketch_number_at(ground, g);
    }
    return SGP_OK;
}

static sgp_err read_junctions(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "junctions");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "junctions.conf needs 'junctions'");
    size_t count = (size_t)config_setting_length(list);
    data->junctions = calloc(count + 1, sizeof *data->junctions);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_sketch_junction *junction = &data->junctions[data->n_junctions++];
        config_setting_t *roads = config_setting_get_member(group, "roads");
        config_setting_t *forbid = config_setting_get_member(group, "forbid");
        junction->name = sgp_sketch_text_of(group, "name");
        if (junction->name == NULL || roads == NULL || config_setting_length(roads) != 2 ||
            (forbid != NULL && config_setting_length(forbid) > 4))
            return sgp_sketch_wrong(fault, group,
                                    "a junction needs a name, two roads and at most four turns");
        junction->roads[0] = config_setting_get_string_elem(roads, 0);
        junction->roads[1] = config_setting_get_string_elem(roads, 1);
        for (int t = 0; forbid != NULL && t < config_setting_length(forbid); t++) {
            config_setting_t *turn = config_setting_get_elem(forbid, (unsigned)t);
            junction->forbid[junction->n_forbid++] = (sgp_sketch_turn){
                config_setting_get_string_elem(turn, 0), config_setting_get_string_elem(turn, 1),
                config_setting_get_string_elem(turn, 2)};
        }
    }
    return SGP_OK;
}

sgp_err sgp_sketch_data_read(const char *folder, sgp_sketch_data **result, sgp_fault *fault) {
    sgp_sketch_data *data = sgp_sketch_memory(NULL, 1, sizeof *data);
    *data = (sgp_sketch_data){0};
    config_t *files = sgp_sketch_memory(NULL, N_FILES, sizeof *files);
    data->files = files;
    for (size_t i = 0; i < N_FILES; i++)
        config_init(&files[i]);
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < N_FILES && err == SGP_OK; i++)
        err = read_file(&files[i], folder, file_names[i], fault);
    if (err == SGP_OK)
        err = read_roads(&files[FILE_CITY], data, fault);
    if (err == SGP_OK)
        err = read_roads(&files[FILE_REGION], data, fault);
    if (err == SGP_OK)
        err = read_areas(&files[FILE_AREAS], data, fault);
    if (err == SGP_OK)
        err = read_names(&files[FILE_NAMES], data, fault);
    if (err == SGP_OK)
        err = read_kinds(&files[FILE_PLACES], data, fault);
    if (err == SGP_OK)
        err = read_places(&files[FILE_PLACES], data, fault);
    if (err == SGP_OK)
        err = read_lines(&files[FILE_WATER], "rivers", &data->rivers, &data->n_rivers, fault);
    if (err == SGP_OK)
        err = read_lines(&files[FILE_WATER], "railways", &data->railways, &data->n_railways, fault);
    if (err == SGP_OK)
        err = read_lines(&files[FILE_WATER], "parks", &data->parks, &data->n_parks, fault);
    if (err == SGP_OK)
        err = read_junctions(&files[FILE_JUNCTIONS], data, fault);
    if (err == SGP_OK)
        err = sgp_sketch_read_town(&files[FILE_TOWN], data, fault);
    if (err == SGP_OK)
        err = sgp_sketch_read_everyday(&files[FILE_EVERYDAY], data, fault);
    if (err != SGP_OK) {
        sgp_sketch_data_destroy(data);
        return err;
    }
    *result = data;
    return SGP_OK;
}

static void free_lines(sgp_sketch_line *lines, size_t n) {
    for (size_t i = 0; lines != NULL && i < n + 1; i++)
        free(lines[i].at);
    free(lines);
}

void sgp_sketch_data_destroy(sgp_sketch_data *data) {
    if (data == NULL)
        return;
    for (size_t i = 0; i < data->n_roads; i++) {
        free(data->roads[i].line.at);
        free(data->roads[i].alt);
    }
    free(data->roads);
    free_lines(data->outlines, data->n_outlines);
    free_lines(data->rivers, data->n_rivers);
    free_lines(data->railways, data->n_railways);
    free_lines(data->parks, data->n_parks);
    for (size_t i = 0; i < data->n_villages; i++)
        free(data->villages[i].cell);
    free(data->villages);
    free(data->kecamatan);
    for (size_t i = 0; i < data->n_themes; i++)
        free(data->themes[i].names);
    free(data->themes);
    free(data->again);
    free(data->kinds);
    free(data->places);
    free(data->junctions);
    sgp_sketch_free_town(data);
    config_t *files = data->files;
    for (size_t i = 0; i < N_FILES; i++)
        config_destroy(&files[i]);
    free(files);
    free(data);
}

/* ---- the fleet ------------------------------------------------------------- */

static const sgp_sketch_place *place_named(const sgp_sketch_data *data, const char *name) {
    for (size_t i = 0; name != NULL && i < data->n_places; i++)
        if (strcmp(data->places[i].name, name) == 0)
            return &data->places[i];
    return NULL;
}

/* Copies one group's plain settings and puts name and coordinates of its place in. */
static sgp_err write_posted(FILE *out, const sgp_sketch_data *data, config_setting_t *group,
                            sgp_fault *fault) {
    const sgp_sketch_place *place = place_named(data, sgp_sketch_text_of(group, "place"));
    if (place == NULL)
        return sgp_sketch_wrong(fault, group, "names a place that places.conf does not have");
    sgp_point point = sgp_xy_point(place->at);
    fprintf(out, "    { code = \"%s\"; name = \"%s\"; lon = %.7f; lat = %.7f;",
            sgp_sketch_text_of(group, "code"), place->name, sgp_lon(point), sgp_lat(point));
    const char *agency = sgp_sketch_text_of(group, "agency");
    int beds = 0;
    if (agency != NULL)
        fprintf(out, " agency = \"%s\";", agency);
    if (config_setting_lookup_int(group, "beds", &beds) == CONFIG_TRUE)
        fprintf(out, " beds = %d;", beds);
    config_setting_t *abilities = config_setting_get_member(group, "abilities");
    for (int i = 0; abilities != NULL && i < config_setting_length(abilities); i++)
        fprintf(out, "%s\"%s\"%s", i == 0 ? " abilities = [ " : ", ",
                config_setting_get_string_elem(abilities, i),
                i + 1 == config_setting_length(abilities) ? " ];" : "");
    fprintf(out, " }");
    return SGP_OK;
}

static const char *agency_of(config_setting_t *stations, const char *code) {
    for (int i = 0; code != NULL && i < config_setting_length(stations); i++) {
        config_setting_t *station = config_setting_get_elem(stations, (unsigned)i);
        const char *other = sgp_sketch_text_of(station, "code");
        if (other != NULL && strcmp(other, code) == 0)
            return sgp_sketch_text_of(station, "agency");
    }
    return NULL;
}

static sgp_err write_fleet(FILE *out, const sgp_sketch_data *data, config_t *file,
                           sgp_fault *fault) {
    static const char *const posted[] = {"stations", "hospitals"};
    fprintf(out, "// Fleet of the sketch of Malang Raya, made by sigap-sketch --fleet. A sketch,\n"
                 "// not the real fleet: change data/fleet.conf, not this file.\n");
    for (size_t p = 0; p < 2; p++) {
        config_setting_t *list = config_lookup(file, posted[p]);
        if (list == NULL)
            return sgp_fail(fault, SGP_E_CONFIG, "fleet.conf has no list '%s'", posted[p]);
        fprintf(out, "%s = (\n", posted[p]);
        int count = config_setting_length(list);
        for (int i = 0; i < count; i++) {
            sgp_err err =
                write_posted(out, data, config_setting_get_elem(list, (unsigned)i), fault);
            if (err != SGP_OK)
                return err;
            fprintf(out, i + 1 < count ? ",\n" : "\n");
        }
        fprintf(out, ");\n");
    }
    config_setting_t *units = config_lookup(file, "units");
    if (units == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "fleet.conf has no list 'units'");
    fprintf(out, "units = (\n");
    int count = config_setting_length(units);
    for (int i = 0; i < count; i++) {
        config_setting_t *unit = config_setting_get_elem(units, (unsigned)i);
        const char *station = sgp_sketch_text_of(unit, "station");
        const char *agency = agency_of(config_lookup(file, "stations"), station);
        if (agency == NULL)
            return sgp_sketch_wrong(fault, unit, "names a station that is not in the list");
        fprintf(out,
                "    { code = \"%s\"; name = \"%s\"; kind = \"%s\"; agency = \"%s\"; station = "
                "\"%s\"; }%s\n",
                sgp_sketch_text_of(unit, "code"), sgp_sketch_text_of(unit, "name"),
                sgp_sketch_text_of(unit, "kind"), agency, station, i + 1 < count ? "," : "");
    }
    fprintf(out, ");\n");
    return SGP_OK;
}

sgp_err sgp_sketch_fleet_write(const sgp_sketch_data *data, const char *folder, const char *path,
                               sgp_fault *fault) {
    config_t file;
    config_init(&file);
    sgp_err err = read_file(&file, folder, "fleet.conf", fault);
    FILE *out = NULL;
    if (err == SGP_OK && (out = fopen(path, "w")) == NULL)
        err = sgp_fail(fault, SGP_E_IO, "cannot write %s: %s", path, strerror(errno));
    if (err == SGP_OK)
        err = write_fleet(out, data, &file, fault);
    if (out != NULL && fclose(out) != 0 && err == SGP_OK)
        err = sgp_fail(fault, SGP_E_IO, "cannot write %s: %s", path, strerror(errno));
    config_destroy(&file);
    return err;
}
