/* Reads the week table: how much slower roads of a class are by the hour. gis/week.conf
 * explains the format to those who write one. */
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sigap/traffic.h"

enum { DAY_HOURS = 24, WEEK_DAYS = 7 };

/* What a key says which days; later ones overrule those before, so the more particular
 * stands last. */
static const struct {
    const char *name;
    int first_day, last_day; /* Monday is 0 */
} day_keys[] = {
    {"every_day", 0, 6}, {"working_day", 0, 4}, {"weekend", 5, 6},  {"monday", 0, 0},
    {"tuesday", 1, 1},   {"wednesday", 2, 2},   {"thursday", 3, 3}, {"friday", 4, 4},
    {"saturday", 5, 5},  {"sunday", 6, 6},
};
enum { N_DAY_KEYS = sizeof day_keys / sizeof *day_keys };

static sgp_err mistake(const char *path, const config_setting_t *at, sgp_fault *fault,
                       const char *format, ...) SGP_PRINTF(4, 5);
static sgp_err mistake(const char *path, const config_setting_t *at, sgp_fault *fault,
                       const char *format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *file = config_setting_source_file(at);
    return sgp_fail(fault, SGP_E_CONFIG, "%s:%u: %s", file ? file : path,
                    config_setting_source_line(at), text);
}

static sgp_err read_hours(const char *path, const config_setting_t *list, uint16_t hours[DAY_HOURS],
                          sgp_fault *fault) {
    const char *day = config_setting_name(list);
    if (!config_setting_is_array(list) && !config_setting_is_list(list))
        return mistake(path, list, fault, "%s must be a list of %d numbers", day, DAY_HOURS);
    if (config_setting_length(list) != DAY_HOURS)
        return mistake(path, list, fault, "%s has %d numbers, it must have %d, one for each hour",
                       day, config_setting_length(list), DAY_HOURS);
    for (unsigned hour = 0; hour < DAY_HOURS; hour++) {
        const config_setting_t *number = config_setting_get_elem(list, hour);
        if (config_setting_type(number) != CONFIG_TYPE_INT)
            return mistake(path, number, fault, "hour %u of %s must be a whole number", hour, day);
        int permille = config_setting_get_int(number);
        if (permille < SGP_FACTOR_LEAST || permille > SGP_FACTOR_MOST)
            return mistake(path, number, fault, "hour %u of %s is %d, it must be from %d to %d",
                           hour, day, permille, SGP_FACTOR_LEAST, SGP_FACTOR_MOST);
        hours[hour] = (uint16_t)permille;
    }
    return SGP_OK;
}

static sgp_err read_class(const char *path, const config_setting_t *group,
                          uint16_t permille[SGP_WEEK_HOURS], sgp_fault *fault) {
    if (!config_setting_is_group(group))
        return mistake(path, group, fault, "%s must be a group: { ... }",
                       config_setting_name(group));
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *child = config_setting_get_elem(group, (unsigned)i);
        int k = 0;
        while (k < N_DAY_KEYS && strcmp(day_keys[k].name, config_setting_name(child)) != 0)
            k++;
        if (k == N_DAY_KEYS)
            return mistake(path, child, fault,
                           "unknown key \"%s\"; known here: every_day, working_day, weekend, "
                           "monday .. sunday",
                           config_setting_name(child));
    }
    for (int k = 0; k < N_DAY_KEYS; k++) {
        const config_setting_t *list =
            config_setting_get_member((config_setting_t *)group, day_keys[k].name);
        uint16_t hours[DAY_HOURS];
        sgp_err err = list ? read_hours(path, list, hours, fault) : SGP_OK;
        if (err)
            return err;
        for (int day = day_keys[k].first_day; list && day <= day_keys[k].last_day; day++)
            memcpy(&permille[day * DAY_HOURS], hours, sizeof hours);
    }
    return SGP_OK;
}

static sgp_err read_root(const char *path, const config_setting_t *root, sgp_week_table *table,
                         sgp_fault *fault) {
    sgp_err err = SGP_OK;
    for (int i = 0; !err && i < config_setting_length(root); i++) {
        const config_setting_t *group = config_setting_get_elem(root, (unsigned)i);
        int c = 0;
        while (c < SGP_ROAD_CLASSES &&
               strcmp(sgp_road_class_str((sgp_road_class)c), config_setting_name(group)) != 0)
            c++;
        err = c < SGP_ROAD_CLASSES ? read_class(path, group, table->permille[c], fault)
                                   : mistake(path, group, fault, "unknown road class \"%s\"",
                                             config_setting_name(group));
    }
    return err;
}

sgp_err sgp_week_table_load(const char *path, sgp_week_table *table, sgp_fault *fault) {
    FILE *file = fopen(path, "re");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %m", path);
    config_t config;
    config_init(&config);
    sgp_week_table made;
    sgp_week_table_plain(&made);
    sgp_err err = config_read(&config, file) == CONFIG_TRUE
                      ? read_root(path, config_root_setting(&config), &made, fault)
                      : sgp_fail(fault, SGP_E_CONFIG, "%s:%d: %s", path, config_error_line(&config),
                                 config_error_text(&config));
    config_destroy(&config);
    fclose(file);
    if (!err)
        *table = made;
    return err;
}
