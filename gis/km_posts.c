#include "gis/km_posts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gis/trim.h"

static size_t count_of(const sgp_km_posts *posts) {
    return posts->list.length / sizeof(sgp_km_post);
}

static const sgp_km_post *post_at(const sgp_km_posts *posts, size_t number) {
    return (const sgp_km_post *)(const void *)posts->list.data + number;
}

sgp_err sgp_km_posts_add(sgp_km_posts *posts, const sgp_km_post *post) {
    if (post->street < 1 || post->metres < 0)
        return SGP_E_CORRUPT;
    return sgp_buffer_append(&posts->list, post, sizeof *post);
}

/* By street, metres and place, so that the order they came in decides nothing. */
static int compare(const void *left, const void *right) {
    const sgp_km_post *a = left, *b = right;
    const int32_t of_a[] = {a->street, a->metres, a->point.lon_e7, a->point.lat_e7};
    const int32_t of_b[] = {b->street, b->metres, b->point.lon_e7, b->point.lat_e7};
    for (size_t i = 0; i < sizeof of_a / sizeof *of_a; i++)
        if (of_a[i] != of_b[i])
            return of_a[i] < of_b[i] ? -1 : 1;
    return 0;
}

void sgp_km_posts_seal(sgp_km_posts *posts) {
    if (count_of(posts) > 1)
        qsort(posts->list.data, count_of(posts), sizeof(sgp_km_post), compare);
    sgp_trim(&posts->list);
}

void sgp_km_posts_free(sgp_km_posts *posts) {
    sgp_buffer_free(&posts->list);
}

/* The first that is not before so many metres of the street. */
static size_t first_from(const sgp_km_posts *posts, int32_t street, int32_t metres) {
    size_t low = 0, high = count_of(posts);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const sgp_km_post *post = post_at(posts, middle);
        if (post->street < street || (post->street == street && post->metres < metres))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* "12", "12,5". */
static void show(int32_t metres, char *text, size_t capacity) {
    int written = snprintf(text, capacity, "%d,%03d", metres / 1000, metres % 1000);
    size_t n = written > 0 && (size_t)written < capacity ? (size_t)written : 0;
    while (n > 0 && text[n - 1] == '0')
        text[--n] = '\0';
    if (n > 0 && text[n - 1] == ',')
        text[--n] = '\0';
}

static void take(const sgp_km_post *post, int32_t metres, sgp_number_row *row) {
    row->is_exact = post->metres == metres;
    row->gap = abs(post->metres - metres);
    row->point = post->point;
    show(post->metres, row->shown, sizeof row->shown);
}

static sgp_number_row find(const sgp_km_posts *posts, const sgp_shapes *shapes, int32_t street,
                           int32_t metres) {
    sgp_number_row row = {.street = street};
    size_t at = first_from(posts, street, metres);
    const sgp_km_post *high = at < count_of(posts) ? post_at(posts, at) : NULL;
    const sgp_km_post *low = at > 0 ? post_at(posts, at - 1) : NULL;
    high = high && high->street == street ? high : NULL;
    low = low && low->street == street ? low : NULL;
    if (low && (!high || metres - low->metres <= high->metres - metres))
        take(low, metres, &row);
    else if (high)
        take(high, metres, &row);
    if (row.is_exact || !low || !high)
        return row;
    row.low = low->metres;
    row.high = high->metres;
    row.span_m = (int32_t)lround(sgp_distance_m(low->point, high->point));
    row.is_between = sgp_shapes_between(
        shapes, street, low->point, high->point,
        ((double)metres - low->metres) / ((double)high->metres - low->metres), &row.between);
    return row;
}

sgp_err sgp_km_posts_find(const sgp_km_posts *posts, const sgp_shapes *shapes,
                          const sgp_gazetteer_ask *ask, sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_things[0] && ask->number_value >= 0 && err == SGP_OK; i++) {
        const sgp_number_row row = find(posts, shapes, ask->things[0][i].id, ask->number_value);
        err = sgp_buffer_append(rows, &row, sizeof row);
    }
    return err;
}
