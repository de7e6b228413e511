/* A pattern as a libconfig file. Degrees are written to a millionth. */
#include <libconfig.h>
#include <string.h>
#include <time.h>

#include "base/new_file.h"
#include "replay/pattern.h"
#include "replay/pattern_habits.h"

static void put_number(config_setting_t *group, const char *key, double value) {
    config_setting_set_float(config_setting_add(group, key, CONFIG_TYPE_FLOAT), value);
}

static void put_text(config_setting_t *group, const char *key, const char *value) {
    config_setting_set_string(config_setting_add(group, key, CONFIG_TYPE_STRING), value);
}

static void put_list(config_setting_t *group, const char *key, const uint16_t *values, int n) {
    config_setting_t *list = config_setting_add(group, key, CONFIG_TYPE_ARRAY);
    for (int i = 0; i < n; i++)
        config_setting_set_int_elem(list, -1, values[i]);
}

static void put_point(config_setting_t *group, sgp_point at, int32_t radius_m) {
    put_number(group, "lon", sgp_lon(at));
    put_number(group, "lat", sgp_lat(at));
    config_setting_set_int(config_setting_add(group, "radius_m", CONFIG_TYPE_INT), radius_m);
}

static void put_time(const sgp_pattern *p, config_setting_t *group, const char *key,
                     int64_t at_ms) {
    time_t local = (time_t)(at_ms / 1000 + p->utc_offset_s);
    struct tm tm;
    char text_of[32];
    gmtime_r(&local, &tm);
    strftime(text_of, sizeof text_of, "%Y-%m-%d %H:%M:%S", &tm);
    put_text(group, key, text_of);
}

static void put_kinds(config_setting_t *root, const sgp_pattern *p) {
    config_setting_t *list = config_setting_add(root, "kinds", CONFIG_TYPE_LIST);
    for (uint32_t k = 0; k < p->n_kinds; k++) {
        const sgp_call_kind *kind = &p->kinds[k];
        config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
        put_text(group, "complaint", kind->complaint);
        if (kind->priority)
            put_text(group, "priority", sgp_priority_str(kind->priority));
        config_setting_set_int(config_setting_add(group, "weight", CONFIG_TYPE_INT), kind->weight);
        put_list(group, "day", kind->day_permille, 24);
        put_text(group, "where", kind->on_roads ? "roads" : "homes");
    }
}

static void put_places(config_setting_t *root, const sgp_pattern *p) {
    config_setting_t *list = config_setting_add(root, "places", CONFIG_TYPE_LIST);
    for (uint32_t i = 0; i < p->n_places; i++) {
        config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
        if (p->places[i].name[0])
            put_text(group, "name", p->places[i].name);
        put_point(group, p->places[i].point, p->places[i].radius_m);
        config_setting_set_int(config_setting_add(group, "weight", CONFIG_TYPE_INT),
                               p->places[i].weight);
    }
}

static void put_surges(config_setting_t *root, const sgp_pattern *p) {
    config_setting_t *list =
        p->n_surges ? config_setting_add(root, "surges", CONFIG_TYPE_LIST) : NULL;
    for (uint32_t i = 0; i < p->n_surges; i++) {
        const sgp_call_surge *surge = &p->surges[i];
        config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
        put_text(group, "name", surge->place.name);
        put_point(group, surge->place.point, surge->place.radius_m);
        put_time(p, group, "from", surge->from_ms);
        put_time(p, group, "until", surge->until_ms);
        put_number(group, "calls", surge->calls_milli / 1000.0);
        if (surge->kind != SGP_NONE)
            put_text(group, "complaint", p->kinds[surge->kind].complaint);
    }
}

static void put_spells(config_setting_t *root, const sgp_pattern *p) {
    config_setting_t *list =
        p->n_spells ? config_setting_add(root, "roads", CONFIG_TYPE_LIST) : NULL;
    for (uint32_t i = 0; i < p->n_spells; i++) {
        const sgp_road_spell *spell = &p->spells[i];
        config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
        put_point(group, spell->point, spell->radius_m);
        put_time(p, group, "from", spell->from_ms);
        put_time(p, group, "until", spell->until_ms);
        if (spell->permille)
            config_setting_set_int(config_setting_add(group, "permille", CONFIG_TYPE_INT),
                                   spell->permille);
        else
            config_setting_set_bool(config_setting_add(group, "closed", CONFIG_TYPE_BOOL), 1);
    }
}

static void put_habits(config_setting_t *root, const sgp_habits *habits) {
    config_setting_t *group = config_setting_add(root, "habits", CONFIG_TYPE_GROUP);
    for (int i = 0; i < SGP_HABIT_DURATIONS; i++) {
        const sgp_habit_key *habit = &sgp_habit_durations[i];
        const sgp_duration *duration = (const sgp_duration *)((const char *)habits + habit->offset);
        config_setting_t *list = config_setting_add(group, habit->key, CONFIG_TYPE_LIST);
        for (int q = 0; q < SGP_QUANTILES; q++)
            config_setting_set_float_elem(list, -1, duration->ms[q] / habit->unit);
    }
    for (int i = 0; i < SGP_HABIT_SHARES; i++)
        config_setting_set_int(
            config_setting_add(group, sgp_habit_shares[i].key, CONFIG_TYPE_INT),
            *(const int32_t *)(const void *)((const char *)habits + sgp_habit_shares[i].offset));
    config_setting_t *outcomes = config_setting_add(group, "outcomes_permille", CONFIG_TYPE_GROUP);
    for (int i = SGP_OUTCOME_SERVED + 1; i < SGP_OUTCOME_REAL; i++)
        config_setting_set_int(
            config_setting_add(outcomes, sgp_outcome_str((sgp_outcome)i), CONFIG_TYPE_INT),
            habits->outcome_permille[i]);
}

sgp_err sgp_pattern_write(const sgp_pattern *p, const char *path, sgp_fault *fault) {
    static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    config_t config;
    config_init(&config);
    config_setting_t *root = config_root_setting(&config);
    if (p->title[0][0]) {
        config_setting_t *title = config_setting_add(root, "title", CONFIG_TYPE_GROUP);
        put_text(title, "id", p->title[0]);
        put_text(title, "en", p->title[1]);
    }
    put_time(p, root, "from", p->from_ms);
    config_setting_set_int(config_setting_add(root, "days", CONFIG_TYPE_INT), p->days);
    config_setting_set_int(config_setting_add(root, "utc_offset_min", CONFIG_TYPE_INT),
                           p->utc_offset_s / 60);
    put_number(root, "calls_per_day", p->calls_per_day_milli / 1000.0);
    config_setting_t *hours = config_setting_add(root, "hours", CONFIG_TYPE_GROUP);
    for (int day = 0; day < 7; day++)
        put_list(hours, days[day], &p->hour_permille[24 * day], 24);
    put_kinds(root, p);
    put_places(root, p);
    put_surges(root, p);
    put_spells(root, p);
    put_habits(root, &p->habits);
    sgp_new_file file;
    sgp_err err = sgp_new_file_open(&file, path, SGP_NEW_FILE_PRIVATE, fault);
    if (!err) {
        config_write(&config, file.stream);
        err = sgp_new_file_keep(&file, fault);
    }
    config_destroy(&config);
    return err;
}
