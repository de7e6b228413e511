#include "serve/city_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int64_t first_s = 1577836800; /* 2020-01-01 */
static const int64_t last_s = 3471292800;  /* 2080-01-01 */
static const int64_t day_s = 86400;

static bool set_fixed(const char *zone, sgp_city_time *time) {
    static const struct {
        const char *zone;
        int hours;
    } rows[] = {
        {"UTC", 0},           {"Asia/Jakarta", 7},  {"Asia/Pontianak", 7},
        {"Asia/Makassar", 8}, {"Asia/Jayapura", 9},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].zone, zone) == 0) {
            time->offset_s[0] = rows[i].hours * 3600;
            return true;
        }
    return false;
}

/* A name, not a path out of the folder of zones. */
static bool is_name(const char *zone) {
    size_t length = strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789_+-/");
    return length > 0 && zone[length] == '\0' && zone[0] != '/' && length < SGP_ZONE_BYTES;
}

static bool is_installed(const char *zone) {
    char path[256];
    const char *folder = getenv("TZDIR");
    snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "/usr/share/zoneinfo", zone);
    return access(path, R_OK) == 0;
}

static int32_t offset_at(int64_t wall_s) {
    time_t at = (time_t)wall_s;
    struct tm local;
    return localtime_r(&at, &local) != NULL ? (int32_t)local.tm_gmtoff : 0;
}

/* Days on which the offset differs from the day before; then the second of the change. */
static bool find_changes(sgp_city_time *time) {
    time->offset_s[0] = offset_at(first_s);
    for (int64_t day = first_s; day < last_s; day += day_s) {
        int32_t before = offset_at(day), after = offset_at(day + day_s);
        if (before == after)
            continue;
        int64_t low = day, high = day + day_s; /* the change is in (low, high] */
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            if (offset_at(middle) == before)
                low = middle;
            else
                high = middle;
        }
        if (time->n_changes == SGP_ZONE_CHANGES_MAX)
            return false;
        time->from_ms[time->n_changes++] = high * 1000;
        time->offset_s[time->n_changes] = after;
    }
    return true;
}

static sgp_err read_zone(const char *zone, sgp_city_time *time, sgp_fault *fault) {
    const char *set = getenv("TZ");
    char *before = set != NULL ? strdup(set) : NULL;
    if (set != NULL && before == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the time zone");
    char asked[SGP_ZONE_BYTES + 1];
    snprintf(asked, sizeof asked, ":%s", zone);
    bool good = setenv("TZ", asked, 1) == 0;
    tzset();
    good = good && find_changes(time);
    if (before != NULL)
        good = setenv("TZ", before, 1) == 0 && good;
    else
        unsetenv("TZ");
    tzset();
    free(before);
    return good ? SGP_OK : sgp_fail(fault, SGP_E_FORMAT, "the time zone %s cannot be read", zone);
}

sgp_err sgp_city_time_load(const char *zone, sgp_city_time *out, sgp_fault *fault) {
    sgp_city_time made = {.n_changes = 0};
    if (!is_name(zone))
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "\"%.60s\" is not the name of a time zone; \"Asia/Jakarta\" is", zone);
    snprintf(made.zone, sizeof made.zone, "%s", zone);
    sgp_err err = SGP_OK;
    if (!set_fixed(zone, &made)) {
        if (!is_installed(zone))
            return sgp_fail(fault, SGP_E_NOT_FOUND,
                            "this system knows no time zone %s (package tzdata)", zone);
        err = read_zone(zone, &made, fault);
    }
    if (err == SGP_OK)
        *out = made;
    return err;
}

int32_t sgp_city_time_offset_s(const sgp_city_time *time, int64_t wall_ms) {
    size_t i = 0;
    while (i < time->n_changes && wall_ms >= time->from_ms[i])
        i++;
    return time->offset_s[i];
}

int32_t sgp_city_time_minute(const sgp_city_time *time, int64_t wall_ms) {
    int64_t minute = (wall_ms + (int64_t)sgp_city_time_offset_s(time, wall_ms) * 1000) / 60000;
    /* 1970-01-01 was a Thursday. */
    int64_t of_week = (minute + 3 * 1440) % 10080;
    return (int32_t)(of_week < 0 ? of_week + 10080 : of_week);
}
