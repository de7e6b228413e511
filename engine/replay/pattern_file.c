/* Patterns and scenarios from libconfig files. */
#include <errno.h>
#include <libconfig.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/pattern.h"
#include "replay/pattern_habits.h"

typedef struct reader {
    const char *path;
    sgp_fault *fault;
    sgp_err err;
} reader;

/* Only the first mistake is told: it is the one to mend. */
static void mistake(reader *r, const config_setting_t *at, const char *format, ...)
    SGP_PRINTF(3, 4);
static void mistake(reader *r, const config_setting_t *at, const char *format, ...) {
    if (r->err)
        return;
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *file = config_setting_source_file(at);
    r->err = sgp_fail(r->fault, SGP_E_CONFIG, "%s:%u: %s", file ? file : r->path,
                      config_setting_source_line(at), text);
}

static void check_keys(reader *r, const config_setting_t *group, const char *known) {
    if (!config_setting_is_group(group)) {
        mistake(r, group, "%s must be a group: { ... }", config_setting_name(group));
        return;
    }
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *item = config_setting_get_elem(group, (unsigned)i);
        char word[80];
        snprintf(word, sizeof word, " %s ", config_setting_name(item));
        if (!strstr(known, word))
            mistake(r, item, "the key \"%s\" is not known here; there are%s",
                    config_setting_name(item), known);
    }
}

static double number_of(reader *r, const config_setting_t *item, double low, double high) {
    double value = 0;
    switch (config_setting_type(item)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        value = (double)config_setting_get_int64(item);
        break;
    case CONFIG_TYPE_FLOAT:
        value = config_setting_get_float(item);
        break;
    default:
        mistake(r, item, "this must be a number");
        return low;
    }
    if (!(value >= low && value <= high))
        mistake(r, item, "this must be between %g and %g", low, high);
    return value;
}

static double number(reader *r, const config_setting_t *group, const char *key, bool required,
                     double low, double high, double otherwise) {
    const config_setting_t *item = config_setting_get_member(group, key);
    if (!item) {
        if (required)
            mistake(r, group, "the key \"%s\" is missing", key);
        return otherwise;
    }
    return number_of(r, item, low, high);
}

static void text(reader *r, const config_setting_t *group, const char *key, bool required,
                 char *out, size_t capacity) {
    const config_setting_t *item = config_setting_get_member(group, key);
    if (!item) {
        if (required)
            mistake(r, group, "the key \"%s\" is missing", key);
        return;
    }
    const char *value = config_setting_get_string(item);
    if (!value)
        mistake(r, item, "%s must be a text in quotes", key);
    else if (strlen(value) >= capacity)
        mistake(r, item, "%s has at most %zu bytes", key, capacity - 1);
    else
        strcpy(out, value);
}

static sgp_point point(reader *r, const config_setting_t *group) {
    sgp_point p = {0, 0};
    double lon = number(r, group, "lon", true, -180, 180, 0);
    double lat = number(r, group, "lat", true, -90, 90, 0);
    if (!r->err && sgp_point_from_degrees(lon, lat, &p) != SGP_OK)
        mistake(r, group, "lon and lat are not a point");
    return p;
}

static int64_t when(reader *r, const config_setting_t *group, const char *key,
                    int32_t utc_offset_s) {
    char value[48] = "";
    int64_t at_ms = 1000;
    text(r, group, key, true, value, sizeof value);
    if (!r->err && !sgp_time_parse(value, utc_offset_s, &at_ms))
        mistake(r, config_setting_get_member(group, key),
                "\"%s\" is not a time such as \"2026-03-14 18:00\"", value);
    return at_ms;
}

/* A list of exactly n numbers. */
static bool numbers(reader *r, const config_setting_t *list, int n, double low, double high,
                    double *out) {
    if ((!config_setting_is_array(list) && !config_setting_is_list(list)) ||
        config_setting_length(list) != n) {
        mistake(r, list, "this must be a list of %d numbers", n);
        return false;
    }
    for (int i = 0; i < n; i++)
        out[i] = number_of(r, config_setting_get_elem(list, (unsigned)i), low, high);
    return !r->err;
}

static const config_setting_t *list_of(reader *r, const config_setting_t *root, const char *key,
                                       bool required, int most, int *n) {
    const config_setting_t *list = config_setting_get_member(root, key);
    *n = 0;
    if (!list) {
        if (required)
            mistake(r, root, "the list \"%s\" is missing", key);
        return NULL;
    }
    *n = config_setting_length(list);
    if (!config_setting_is_list(list) || *n > most) {
        mistake(r, list, "%s must be a list of at most %d groups: ( { ... }, { ... } )", key, most);
        *n = 0;
    }
    return list;
}

/* ---- parts ------------------------------------------------------------------ */

/* every_day < working_day, weekend < monday .. sunday, as in week.conf. */
static void read_hours(reader *r, const config_setting_t *root, sgp_pattern *p) {
    static const struct {
        const char *key;
        int first, last;
    } rows[] = {{"every_day", 0, 6}, {"working_day", 0, 4}, {"weekend", 5, 6},  {"monday", 0, 0},
                {"tuesday", 1, 1},   {"wednesday", 2, 2},   {"thursday", 3, 3}, {"friday", 4, 4},
                {"saturday", 5, 5},  {"sunday", 6, 6}};
    for (int h = 0; h < SGP_WEEK_HOURS; h++)
        p->hour_permille[h] = 1000;
    const config_setting_t *hours = config_setting_get_member(root, "hours");
    if (!hours)
        return;
    check_keys(r, hours,
               " every_day working_day weekend monday tuesday wednesday thursday friday saturday "
               "sunday ");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !r->err; i++) {
        const config_setting_t *row = config_setting_get_member(hours, rows[i].key);
        double permille[24];
        if (!row || !numbers(r, row, 24, 0, 20000, permille))
            continue;
        for (int day = rows[i].first; day <= rows[i].last; day++)
            for (int h = 0; h < 24; h++)
                p->hour_permille[24 * day + h] = (uint16_t)lround(permille[h]);
    }
}

static void read_kind(reader *r, const config_setting_t *group, sgp_call_kind *kind) {
    char word[16] = "";
    check_keys(r, group, " complaint priority weight day where ");
    text(r, group, "complaint", true, kind->complaint, sizeof kind->complaint);
    kind->weight = (int32_t)number(r, group, "weight", true, 1, 1000000, 1);
    text(r, group, "priority", false, word, sizeof word);
    if (word[0] && (word[0] != 'P' || word[1] < '1' || word[1] > '4' || word[2]))
        mistake(r, group, "priority is one of \"P1\" to \"P4\"");
    else if (word[0])
        kind->priority = (sgp_priority)(word[1] - '0');
    word[0] = '\0';
    text(r, group, "where", false, word, sizeof word);
    kind->on_roads = strcmp(word, "roads") == 0;
    if (word[0] && !kind->on_roads && strcmp(word, "homes") != 0)
        mistake(r, group, "where is \"homes\" or \"roads\"");
    for (int h = 0; h < 24; h++)
        kind->day_permille[h] = 1000;
    const config_setting_t *day = config_setting_get_member(group, "day");
    double permille[24];
    if (day && numbers(r, day, 24, 0, 20000, permille))
        for (int h = 0; h < 24; h++)
            kind->day_permille[h] = (uint16_t)lround(permille[h]);
}

static void read_kinds(reader *r, const config_setting_t *root, sgp_pattern *p) {
    int n;
    const config_setting_t *list = list_of(r, root, "kinds", true, SGP_PATTERN_KINDS_MAX, &n);
    for (int i = 0; i < n && !r->err; i++)
        read_kind(r, config_setting_get_elem(list, (unsigned)i), &p->kinds[p->n_kinds++]);
    for (int h = 0; h < 24 && list && !r->err; h++) {
        int64_t sum = 0;
        for (uint32_t k = 0; k < p->n_kinds; k++)
            sum += (int64_t)p->kinds[k].weight * p->kinds[k].day_permille[h];
        if (sum == 0)
            mistake(r, list, "at %02d:00 there is no kind of call at all", h);
    }
}

static void read_place(reader *r, const config_setting_t *group, bool weighted,
                       sgp_call_place *place) {
    text(r, group, "name", false, place->name, sizeof place->name);
    place->point = point(r, group);
    place->radius_m = (int32_t)number(r, group, "radius_m", true, 1, 100000, 1);
    place->weight = weighted ? (int32_t)number(r, group, "weight", true, 0, 1000000000, 1) : 0;
}

static void read_places(reader *r, const config_setting_t *root, sgp_pattern *p) {
    int n;
    const config_setting_t *list = list_of(r, root, "places", true, SGP_PATTERN_PLACES_MAX, &n);
    p->places = calloc((size_t)n + 1, sizeof *p->places);
    if (!p->places) {
        r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for %d places", n);
        return;
    }
    int64_t sum = 0;
    for (int i = 0; i < n && !r->err; i++) {
        const config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        check_keys(r, group, " name lon lat radius_m weight ");
        if (!r->err)
            read_place(r, group, true, &p->places[p->n_places++]);
        sum += p->places[i].weight;
    }
    if (!r->err && list && sum == 0)
        mistake(r, list, "no place has any weight");
}

static uint32_t kind_named(reader *r, const config_setting_t *group, const sgp_pattern *p) {
    char complaint[SGP_CODE_BYTES] = "";
    text(r, group, "complaint", false, complaint, sizeof complaint);
    if (!complaint[0])
        return SGP_NONE;
    for (uint32_t k = 0; k < p->n_kinds; k++)
        if (strcmp(p->kinds[k].complaint, complaint) == 0)
            return k;
    mistake(r, group, "no kind has the complaint \"%s\"", complaint);
    return SGP_NONE;
}

static void read_span(reader *r, const config_setting_t *group, const sgp_pattern *p,
                      int64_t *from_ms, int64_t *until_ms) {
    *from_ms = when(r, group, "from", p->utc_offset_s);
    *until_ms = when(r, group, "until", p->utc_offset_s);
    if (!r->err && *until_ms <= *from_ms)
        mistake(r, group, "it ends before it begins");
    if (!r->err && *until_ms - *from_ms > INT64_C(366) * 86400000)
        mistake(r, group, "it lasts longer than a year");
}

static void read_surges(reader *r, const config_setting_t *root, sgp_pattern *p) {
    int n;
    const config_setting_t *list = list_of(r, root, "surges", false, SGP_PATTERN_SURGES_MAX, &n);
    for (int i = 0; i < n && !r->err; i++) {
        const config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_call_surge *surge = &p->surges[p->n_surges++];
        check_keys(r, group, " name lon lat radius_m from until calls complaint ");
        read_place(r, group, false, &surge->place);
        read_span(r, group, p, &surge->from_ms, &surge->until_ms);
        surge->calls_milli = (int32_t)lround(number(r, group, "calls", true, 0, 100000, 0) * 1000);
        surge->kind = kind_named(r, group, p);
    }
}

static void read_spells(reader *r, const config_setting_t *root, sgp_pattern *p) {
    int n;
    const config_setting_t *list = list_of(r, root, "roads", false, SGP_ROAD_SPELLS_MAX, &n);
    for (int i = 0; i < n && !r->err; i++) {
        const config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
        sgp_road_spell *spell = &p->spells[p->n_spells++];
        check_keys(r, group, " name lon lat radius_m from until permille closed ");
        spell->point = point(r, group);
        spell->radius_m = (int32_t)number(r, group, "radius_m", true, 1, 100000, 1);
        read_span(r, group, p, &spell->from_ms, &spell->until_ms);
        int closed = 0;
        config_setting_lookup_bool(group, "closed", &closed);
        spell->permille =
            (uint16_t)number(r, group, "permille", !closed, SGP_FACTOR_LEAST, SGP_FACTOR_MOST, 0);
        if (closed && spell->permille)
            mistake(r, group, "a road is either closed or slower, not both");
    }
}

/* { PRANK = 12; SILENT = 30; ... }: of 1000 calls; the others are served. */
static void read_outcomes(reader *r, const config_setting_t *habits_group, sgp_habits *habits) {
    const config_setting_t *group = config_setting_get_member(habits_group, "outcomes_permille");
    if (!group)
        return;
    char known[24 * SGP_OUTCOMES] = " ";
    double sum = 0;
    for (int i = SGP_OUTCOME_SERVED + 1; i < SGP_OUTCOME_REAL; i++) {
        const char *name = sgp_outcome_str((sgp_outcome)i);
        habits->outcome_permille[i] = (int32_t)number(r, group, name, false, 0, 1000, 0);
        sum += habits->outcome_permille[i];
        strcat(strcat(known, name), " ");
    }
    check_keys(r, group, known);
    if (sum > 1000)
        mistake(r, group, "these are more than 1000 of 1000 calls");
}

static void read_habits(reader *r, const config_setting_t *root, sgp_habits *habits) {
    sgp_habits_default(habits);
    const config_setting_t *group = config_setting_get_member(root, "habits");
    if (!group)
        return;
    check_keys(
        r, group,
        " locate_s click_s answer_s turnout_s scene_s offload_s tidy_s look_s travel_permille"
        " transport_permille decline_permille silent_permille outcomes_permille ");
    for (int i = 0; i < SGP_HABIT_DURATIONS; i++) {
        const sgp_habit_key *habit = &sgp_habit_durations[i];
        const config_setting_t *list = config_setting_get_member(group, habit->key);
        sgp_duration *duration = (sgp_duration *)((char *)habits + habit->offset);
        double quantiles[SGP_QUANTILES];
        if (!list || !numbers(r, list, SGP_QUANTILES, 0, 86400, quantiles))
            continue;
        for (int q = 0; q < SGP_QUANTILES; q++) {
            duration->ms[q] = (int32_t)lround(quantiles[q] * habit->unit);
            if (q && quantiles[q] < quantiles[q - 1])
                mistake(r, list, "the quantiles of %s must not fall", habit->key);
        }
    }
    for (int i = 0; i < SGP_HABIT_SHARES; i++) {
        int32_t *permille = (int32_t *)(void *)((char *)habits + sgp_habit_shares[i].offset);
        *permille = (int32_t)number(r, group, sgp_habit_shares[i].key, false, 0, 1000, *permille);
    }
    read_outcomes(r, group, habits);
}

static void read_all(reader *r, const config_setting_t *root, sgp_pattern *p) {
    check_keys(r, root,
               " title from days utc_offset_min calls_per_day hours kinds places surges roads"
               " habits ");
    const config_setting_t *title = config_setting_get_member(root, "title");
    if (title) {
        check_keys(r, title, " id en ");
        text(r, title, "id", true, p->title[0], sizeof p->title[0]);
        text(r, title, "en", true, p->title[1], sizeof p->title[1]);
    }
    p->utc_offset_s = (int32_t)number(r, root, "utc_offset_min", false, -840, 840, 420) * 60;
    p->from_ms = when(r, root, "from", p->utc_offset_s);
    p->days = (int32_t)number(r, root, "days", true, 1, SGP_PATTERN_DAYS_MAX, 1);
    p->calls_per_day_milli =
        (int32_t)lround(number(r, root, "calls_per_day", true, 0, 100000, 0) * 1000);
    read_hours(r, root, p);
    read_kinds(r, root, p);
    if (!r->err)
        read_places(r, root, p);
    read_surges(r, root, p);
    read_spells(r, root, p);
    read_habits(r, root, &p->habits);
}

sgp_err sgp_pattern_read(const char *path, sgp_pattern *pattern, sgp_fault *fault) {
    *pattern = (sgp_pattern){0};
    config_t config;
    config_init(&config);
    /* @include counts from the folder of this file. */
    const char *slash = strrchr(path, '/');
    char folder[1024] = ".";
    if (slash && (size_t)(slash - path) < sizeof folder)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    config_set_include_dir(&config, slash == path ? "/" : folder);
    sgp_err err = SGP_OK;
    if (config_read_file(&config, path) != CONFIG_TRUE) {
        if (config_error_type(&config) == CONFIG_ERR_FILE_IO)
            err = sgp_fail(fault, SGP_E_IO, "%s cannot be read: %s", path, strerror(errno));
        else
            err = sgp_fail(fault, SGP_E_CONFIG, "%s:%d: %s",
                           config_error_file(&config) ? config_error_file(&config) : path,
                           config_error_line(&config), config_error_text(&config));
    } else {
        reader r = {.path = path, .fault = fault};
        read_all(&r, config_root_setting(&config), pattern);
        err = r.err;
    }
    config_destroy(&config);
    if (err)
        sgp_pattern_free(pattern);
    return err;
}
