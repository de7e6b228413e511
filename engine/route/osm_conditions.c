/* Tags that hold at some hours only. */
#include <stdio.h>
#include <string.h>

#include "route/osm_roads.h"

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), own = strlen(end);
    return length >= own && strcmp(text + length - own, end) == 0;
}

bool sgp_osm_has_hours(sgp_osm_tags tags) {
    for (size_t i = 0; i < tags.count; i++) {
        if (ends_with(tags.list[i].key, ":conditional") ||
            strcmp(tags.list[i].key, "opening_hours") == 0)
            return true;
    }
    return false;
}

static bool is_all(const sgp_osm_week *week, uint8_t value) {
    for (size_t i = 0; i < SGP_WEEK_MINUTES; i++) {
        if (week->minutes[i] != value)
            return false;
    }
    return true;
}

/* Copies a clause's value; one that is longer than any word of ours becomes "". */
static void copy_value(char word[SGP_PROFILE_WORD], const char *value, size_t length) {
    word[0] = '\0';
    if (length < SGP_PROFILE_WORD) {
        memcpy(word, value, length);
        word[length] = '\0';
    }
}

/* Applies the clauses of `text` to `closed`, the closed minutes so far. */
static void apply_access(const char *text, sgp_osm_week *closed, sgp_osm_closing *closing) {
    const char *value;
    size_t length;
    sgp_osm_week week;
    sgp_osm_hours reason;
    while (sgp_osm_clause_next(&text, &value, &length, &week, &closing->holidays, &reason)) {
        char word[SGP_PROFILE_WORD];
        copy_value(word, value, length);
        sgp_osm_access access = sgp_osm_access_value(word);
        if (reason == SGP_OSM_HOURS_READ && access == SGP_OSM_ACCESS_UNSAID)
            reason = SGP_OSM_HOURS_MALFORMED;
        if (reason != SGP_OSM_HOURS_READ) {
            closing->unread = reason;
            continue;
        }
        for (size_t i = 0; i < SGP_WEEK_MINUTES; i++) {
            if (week.minutes[i])
                closed->minutes[i] = access == SGP_OSM_ACCESS_NO;
        }
    }
}

/* The first of the words that says something, by hours or always, has the word. */
sgp_osm_access sgp_osm_access_by_hours(sgp_osm_tags tags, const sgp_profile_words *words,
                                       bool by_nature, sgp_osm_closing *closing) {
    sgp_osm_access always = sgp_osm_access_of(tags, words, "");
    if (!sgp_osm_has_hours(tags))
        return always;
    for (uint32_t i = 0; i < words->n; i++) {
        char key[SGP_PROFILE_WORD + 16];
        snprintf(key, sizeof key, "%s:conditional", words->list[i]);
        const char *text = sgp_osm_tag_value(tags, key);
        if (text) {
            sgp_osm_week closed;
            memset(&closed, always == SGP_OSM_ACCESS_NO, sizeof closed);
            apply_access(text, &closed, closing);
            if (is_all(&closed, 1))
                return SGP_OSM_ACCESS_NO;
            bool own = always == SGP_OSM_ACCESS_UNSAID && i + 1 < words->n;
            if (by_nature && own && is_all(&closed, 0)) { /* opened by hours, or nothing said */
                memset(&closed, 1, sizeof closed);
                apply_access(text, &closed, closing);
                if (is_all(&closed, 1))
                    return always;
            }
            closing->forward = closing->backward = closed;
            bool opened =
                always == SGP_OSM_ACCESS_NO || (own && (by_nature || !is_all(&closed, 0)));
            return opened ? SGP_OSM_ACCESS_YES : always;
        }
        if (sgp_osm_access_value(sgp_osm_tag_value(tags, words->list[i])) != SGP_OSM_ACCESS_UNSAID)
            break;
    }
    return always;
}

sgp_osm_turn sgp_osm_turn_clause(sgp_osm_tags tags, const sgp_vehicle *vehicle, const char **at,
                                 sgp_osm_week *week, bool *holidays, sgp_osm_hours *reason) {
    for (uint32_t i = 0; !*at && i < vehicle->access.n; i++) {
        char key[SGP_PROFILE_WORD + 32] = "restriction:conditional";
        if (i + 1 < vehicle->access.n)
            snprintf(key, sizeof key, "restriction:%s:conditional", vehicle->access.list[i]);
        *at = sgp_osm_tag_value(tags, key);
    }
    const char *value;
    size_t length;
    if (!*at || !sgp_osm_clause_next(at, &value, &length, week, holidays, reason))
        return SGP_OSM_TURN_NONE;
    if (*reason != SGP_OSM_HOURS_READ)
        return SGP_OSM_TURN_UNKNOWN;
    if (length > 3 && strncmp(value, "no_", 3) == 0)
        return SGP_OSM_TURN_NO;
    if (length > 5 && strncmp(value, "only_", 5) == 0)
        return SGP_OSM_TURN_ONLY;
    *reason = SGP_OSM_HOURS_MALFORMED;
    return SGP_OSM_TURN_UNKNOWN;
}
