/* Reading data/town.conf (estates, kilometre posts, names of dusun) and data/everyday.conf. */
#include <stdlib.h>

#include "gis/malang/sketch_read.h"

static sgp_err read_estates(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "estates");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "town.conf needs 'estates'");
    size_t count = (size_t)config_setting_length(list);
    data->estates = calloc(count + 1, sizeof *data->estates);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        config_setting_t *at = config_setting_get_member(group, "at");
        config_setting_t *size = config_setting_get_member(group, "size");
        sgp_sketch_estate *estate = &data->estates[data->n_estates++];
        estate->name = sgp_sketch_text_of(group, "name");
        estate->alt = sgp_sketch_text_of(group, "alt");
        estate->streets = sgp_sketch_text_of(group, "streets");
        estate->spine = sgp_sketch_text_of(group, "spine");
        estate->halves = sgp_sketch_flag_of(group, "halves");
        estate->by_place = sgp_sketch_flag_of(group, "by_place");
        if (estate->name == NULL || estate->streets == NULL || estate->spine == NULL ||
            at == NULL || size == NULL || config_setting_length(size) != 2)
            return sgp_sketch_wrong(fault, group,
                                    "an estate needs name, streets, spine, at and a size of two");
        estate->at = sgp_xy_from_degrees(sgp_sketch_number_at(at, 0), sgp_sketch_number_at(at, 1));
        estate->length_m = sgp_sketch_number_at(size, 0);
        estate->depth_m = sgp_sketch_number_at(size, 1);
    }
    return SGP_OK;
}

static sgp_err read_posts(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "posts");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "town.conf needs 'posts'");
    size_t count = (size_t)config_setting_length(list);
    data->posts = calloc(count + 1, sizeof *data->posts);
    for (size_t i = 0; i < count; i++) {
        config_setting_t *row = config_setting_get_elem(list, (unsigned)i);
        const char *road = config_setting_get_string_elem(row, 0);
        if (road == NULL)
            return sgp_sketch_wrong(fault, row, "posts are (road, kilometres at its first point)");
        data->posts[data->n_posts++] = (sgp_sketch_posts){road, sgp_sketch_number_at(row, 1)};
    }
    return SGP_OK;
}

sgp_err sgp_sketch_read_town(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    sgp_err err = read_estates(file, data, fault);
    if (err == SGP_OK)
        err = read_posts(file, data, fault);
    config_setting_t *hamlets = config_lookup(file, "hamlets");
    if (err == SGP_OK && (hamlets == NULL || config_setting_length(hamlets) == 0))
        err = sgp_fail(fault, SGP_E_CONFIG, "town.conf needs 'hamlets'");
    return err == SGP_OK ? sgp_sketch_read_texts(hamlets, &data->hamlets, &data->n_hamlets) : err;
}

/* least, most of a list of two whole numbers; false where it is none. */
static bool read_pair(config_setting_t *group, const char *key, int pair[2]) {
    config_setting_t *list = config_setting_get_member(group, key);
    if (list == NULL || config_setting_length(list) != 2)
        return false;
    pair[0] = config_setting_get_int_elem(list, 0);
    pair[1] = config_setting_get_int_elem(list, 1);
    return pair[0] >= 0 && pair[1] >= 0;
}

static sgp_err read_kind(config_setting_t *group, sgp_sketch_everyday *kind, sgp_fault *fault) {
    int count[2], size[2];
    config_setting_t *tags = config_setting_get_member(group, "tags");
    kind->name = sgp_sketch_text_of(group, "name");
    kind->alt = sgp_sketch_text_of(group, "alt");
    kind->on = sgp_sketch_text_of(group, "on");
    kind->in = sgp_sketch_text_of(group, "in");
    if (kind->name == NULL || kind->on == NULL || kind->in == NULL || tags == NULL ||
        config_setting_length(tags) < 1 || config_setting_length(tags) > 4 ||
        !read_pair(group, "count", count) || !read_pair(group, "size", size) || count[0] > count[1])
        return sgp_sketch_wrong(fault, group,
                                "a kind needs name, on, in, count, size and one to four tags");
    kind->least = count[0];
    kind->most = count[1];
    kind->length_m = size[0];
    kind->depth_m = size[1];
    for (int t = 0; t < config_setting_length(tags); t++) {
        config_setting_t *tag = config_setting_get_elem(tags, (unsigned)t);
        kind->tags[kind->n_tags++] = (sgp_osm_tag){config_setting_get_string_elem(tag, 0),
                                                   config_setting_get_string_elem(tag, 1)};
    }
    config_setting_t *names = config_setting_get_member(group, "names");
    return names != NULL ? sgp_sketch_read_texts(names, &kind->names, &kind->n_names) : SGP_OK;
}

sgp_err sgp_sketch_read_everyday(config_t *file, sgp_sketch_data *data, sgp_fault *fault) {
    config_setting_t *list = config_lookup(file, "kinds");
    if (list == NULL)
        return sgp_fail(fault, SGP_E_CONFIG, "everyday.conf needs 'kinds'");
    size_t count = (size_t)config_setting_length(list);
    data->everyday = calloc(count + 1, sizeof *data->everyday);
    for (size_t i = 0; i < count; i++) {
        sgp_err err = read_kind(config_setting_get_elem(list, (unsigned)i),
                                &data->everyday[data->n_everyday++], fault);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

void sgp_sketch_free_town(sgp_sketch_data *data) {
    for (size_t i = 0; i < data->n_everyday; i++)
        free(data->everyday[i].names);
    free(data->everyday);
    free(data->estates);
    free(data->posts);
    free(data->hamlets);
}
