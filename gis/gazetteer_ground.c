#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_load.h"

sgp_err sgp_ground_begin(sgp_gazetteer_ground *ground) {
    sgp_err err = sgp_shapes_create(&ground->shapes);
    if (err == SGP_OK)
        err = sgp_crossings_create(&ground->crossings);
    if (err == SGP_OK)
        err = sgp_districts_create(&ground->districts);
    if (err == SGP_OK)
        err = sgp_houses_create(&ground->houses);
    return err == SGP_OK ? sgp_wkb_reader_create(&ground->reader) : err;
}

void sgp_ground_free(sgp_gazetteer_ground *ground) {
    sgp_shapes_destroy(ground->shapes);
    sgp_crossings_destroy(ground->crossings);
    sgp_districts_destroy(ground->districts);
    sgp_houses_destroy(ground->houses);
    sgp_km_posts_free(&ground->posts);
    sgp_wkb_reader_destroy(ground->reader);
    *ground = (sgp_gazetteer_ground){0};
}

size_t sgp_ground_bytes(const sgp_gazetteer_ground *ground) {
    return sgp_shapes_bytes(ground->shapes) + sgp_crossings_bytes(ground->crossings) +
           sgp_districts_bytes(ground->districts) + sgp_houses_bytes(ground->houses) +
           ground->posts.list.capacity;
}

/* ---- rows ------------------------------------------------------------------------------ */

static const char *text_at(const PGresult *page, int row, int column) {
    return PQgetisnull(page, row, column) ? "" : PQgetvalue(page, row, column);
}

static sgp_err add_part(void *ctx, sgp_part_kind kind, const sgp_corner *corners, size_t n) {
    return sgp_shapes_add_part(ctx, kind, corners, n);
}

static sgp_err take_shape(sgp_gazetteer_ground *ground, sgp_thing thing, const PGresult *page,
                          int row, int column) {
    sgp_err err = sgp_shapes_add(ground->shapes, thing);
    if (err != SGP_OK || PQgetisnull(page, row, column))
        return err;
    return sgp_wkb_read(ground->reader, PQgetvalue(page, row, column),
                        (size_t)PQgetlength(page, row, column), add_part, ground->shapes);
}

sgp_err sgp_ground_take_street(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                               int32_t *last_id) {
    *last_id = sgp_result_number(page, row, 0);
    sgp_err err = sgp_crossings_add_street(ground->crossings, *last_id, text_at(page, row, 1));
    if (err != SGP_OK)
        return err;
    return take_shape(ground, (sgp_thing){SGP_THING_STREET, *last_id}, page, row, 2);
}

sgp_err sgp_ground_take_facility(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                                 int32_t *last_id) {
    *last_id = sgp_result_number(page, row, 0);
    return take_shape(ground, (sgp_thing){SGP_THING_FACILITY, *last_id}, page, row, 1);
}

sgp_err sgp_ground_take_post(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                             int32_t *last_id) {
    sgp_km_post post = {.metres = sgp_result_number(page, row, 1),
                        .street = sgp_result_number(page, row, 2)};
    *last_id = sgp_result_number(page, row, 0);
    if (PQgetisnull(page, row, 2))
        return SGP_OK; /* it stands at none */
    return sgp_result_point(page, row, 3, &post.point) ? sgp_km_posts_add(&ground->posts, &post)
                                                       : SGP_E_CORRUPT;
}

sgp_err sgp_ground_take_area(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                             int32_t *last_id) {
    *last_id = sgp_result_number(page, row, 0);
    return take_shape(ground, (sgp_thing){SGP_THING_AREA, *last_id}, page, row, 1);
}

sgp_err sgp_ground_take_junction(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                                 int32_t *last_id) {
    int32_t arms = sgp_result_number(page, row, 3);
    sgp_crossing crossing = {.street_a = sgp_result_number(page, row, 1),
                             .street_b = sgp_result_number(page, row, 2),
                             .arms = (uint8_t)(arms < 0           ? 0
                                               : arms > UINT8_MAX ? UINT8_MAX
                                                                  : arms),
                             .is_roundabout = sgp_result_number(page, row, 4) != 0};
    *last_id = sgp_result_number(page, row, 0);
    if (!sgp_result_point(page, row, 5, &crossing.point))
        return SGP_E_CORRUPT;
    return sgp_crossings_add(ground->crossings, &crossing);
}

static sgp_err add_ring(void *ctx, sgp_part_kind kind, const sgp_corner *corners, size_t n) {
    bool is_ring = kind == SGP_PART_OUTLINE || kind == SGP_PART_HOLE;
    return is_ring ? sgp_districts_add_ring(ctx, corners, n) : SGP_OK;
}

sgp_err sgp_ground_take_border(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                               int32_t *last_id) {
    int32_t level = sgp_result_number(page, row, 1);
    *last_id = sgp_result_number(page, row, 0);
    if (PQgetisnull(page, row, 3))
        return SGP_OK;
    if (level < 0 || level >= SGP_DISTRICT_LEVELS)
        return SGP_E_CORRUPT;
    sgp_err err = sgp_districts_add_border(ground->districts, (sgp_district_level)level,
                                           text_at(page, row, 2));
    if (err != SGP_OK)
        return err;
    return sgp_wkb_read(ground->reader, PQgetvalue(page, row, 3), (size_t)PQgetlength(page, row, 3),
                        add_ring, ground->districts);
}

sgp_err sgp_ground_take_place(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                              int32_t *last_id) {
    int32_t kind = sgp_result_number(page, row, 1);
    sgp_point point;
    *last_id = sgp_result_number(page, row, 0);
    if (kind < 0 || kind >= SGP_DISTRICT_PLACES || !sgp_result_point(page, row, 3, &point))
        return SGP_E_CORRUPT;
    return sgp_districts_add_place(ground->districts, (sgp_district_place)kind,
                                   text_at(page, row, 2), point);
}

sgp_err sgp_ground_take_house(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                              int32_t *last_id) {
    sgp_house house = {.street = sgp_result_number(page, row, 0),
                       .value = sgp_result_number(page, row, 1),
                       .id = sgp_result_number(page, row, 2),
                       .number = text_at(page, row, 3),
                       .block = text_at(page, row, 4),
                       .shown = text_at(page, row, 5)};
    *last_id = house.id;
    if (!sgp_result_point(page, row, 6, &house.point))
        return SGP_E_CORRUPT;
    return sgp_houses_add(ground->houses, &house);
}

sgp_err sgp_ground_finish(sgp_gazetteer_ground *ground) {
    sgp_wkb_reader_destroy(ground->reader);
    ground->reader = NULL;
    sgp_km_posts_seal(&ground->posts);
    sgp_err err = sgp_shapes_seal(ground->shapes);
    if (err == SGP_OK)
        err = sgp_houses_seal(ground->houses);
    return err == SGP_OK ? sgp_districts_seal(ground->districts) : err;
}

/* ---- answers ------------------------------------------------------------------------------ */

static sgp_err put_districts(const sgp_gazetteer_ground *ground, const sgp_gazetteer_ask *ask,
                             sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_points && err == SGP_OK; i++) {
        const sgp_district_row row = sgp_districts_at(ground->districts, ask->points[i]);
        err = sgp_buffer_append(rows, &row, sizeof row);
    }
    return err;
}

sgp_err sgp_ground_answer(const sgp_gazetteer_ground *ground, const sgp_gazetteer_ask *ask,
                          sgp_gazetteer_answer *answer, void **memory) {
    sgp_buffer rows = {0};
    sgp_err err = SGP_OK;
    *answer = (sgp_gazetteer_answer){0};
    switch (ask->question) {
    case SGP_ASK_NUMBER:
        err = sgp_houses_number(ground->houses, ground->shapes, ask, &rows);
        answer->numbers = (const void *)rows.data;
        answer->n = rows.length / sizeof *answer->numbers;
        break;
    case SGP_ASK_KM_POSTS:
        err = sgp_km_posts_find(&ground->posts, ground->shapes, ask, &rows);
        answer->numbers = (const void *)rows.data;
        answer->n = rows.length / sizeof *answer->numbers;
        break;
    case SGP_ASK_JUNCTIONS:
    case SGP_ASK_JUNCTIONS_NEAR:
        err = ask->question == SGP_ASK_JUNCTIONS
                  ? sgp_crossings_between(ground->crossings, ask, &rows)
                  : sgp_crossings_near(ground->crossings, ask, &rows);
        answer->junctions = (const void *)rows.data;
        answer->n = rows.length / sizeof *answer->junctions;
        break;
    case SGP_ASK_NEAREST_ON:
        err = sgp_shapes_nearest_on(ground->shapes, ask, &rows);
        answer->nearest = (const void *)rows.data;
        answer->n = rows.length / sizeof *answer->nearest;
        break;
    case SGP_ASK_DISTRICTS:
        err = put_districts(ground, ask, &rows);
        answer->districts = (const void *)rows.data;
        answer->n = rows.length / sizeof *answer->districts;
        break;
    case SGP_ASK_NAMES:
    case SGP_ASK_NAMES_NEAR:
    case SGP_ASK_COMPLETE:
    case SGP_ASK_AROUND:
        break;
    }
    *memory = rows.data;
    return err;
}
