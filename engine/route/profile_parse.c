/* profiles.conf from libconfig's tree into sgp_profiles. Every key is a row of a
 * table: its name, its kind, its place in the struct and its bounds; what no table
 * names is refused. */
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/profile.h"

typedef config_setting_t setting_t;

typedef struct reader {
    const char *called;
    sgp_fault *fault;
    sgp_err err; /* the first mistake; everything after it is skipped */
} reader;

static void mistake(reader *r, const setting_t *at, const char *format, ...) SGP_PRINTF(3, 4);
static void mistake(reader *r, const setting_t *at, const char *format, ...) {
    if (r->err != SGP_OK)
        return;
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    unsigned line = config_setting_source_line(at);
    if (line > 0)
        r->err = sgp_fail(r->fault, SGP_E_CONFIG, "%.100s:%u: %s", r->called, line, text);
    else
        r->err = sgp_fail(r->fault, SGP_E_CONFIG, "%.100s: %s", r->called, text);
}

static const char *name_of(const setting_t *setting) {
    const char *name = config_setting_name(setting);
    return name ? name : "an entry";
}

/* ---- one value ---- */

/* A decimal number times `scale`, rounded; within low .. high before scaling. */
static uint32_t read_number(reader *r, const setting_t *value, const char *key, double low,
                            double high, double scale) {
    double number = 0;
    switch (config_setting_type(value)) {
    case CONFIG_TYPE_INT:
        number = config_setting_get_int(value);
        break;
    case CONFIG_TYPE_INT64:
        number = (double)config_setting_get_int64(value);
        break;
    case CONFIG_TYPE_FLOAT:
        number = config_setting_get_float(value);
        break;
    default:
        mistake(r, value, "%s must be a number", key);
        return 0;
    }
    if (!(number >= low && number <= high)) {
        mistake(r, value, "%s must be between %g and %g", key, low, high);
        return 0;
    }
    return (uint32_t)(number * scale + 0.5);
}

static void read_word(reader *r, const setting_t *value, const char *what,
                      char word[SGP_PROFILE_WORD]) {
    const char *text = config_setting_get_string(value);
    if (!text || !*text)
        mistake(r, value, "%s must be a list of words: \"...\"", what);
    else if (strlen(text) >= SGP_PROFILE_WORD)
        mistake(r, value, "\"%.40s...\" is longer than %d bytes", text, SGP_PROFILE_WORD - 1);
    else
        strcpy(word, text);
}

static void read_words(reader *r, const setting_t *value, const char *key,
                       sgp_profile_words *words) {
    *words = (sgp_profile_words){.n = 0};
    if (!config_setting_is_array(value) && !config_setting_is_list(value)) {
        mistake(r, value, "%s must be a list: [ \"...\", \"...\" ]", key);
        return;
    }
    int n = config_setting_length(value);
    if (n > SGP_PROFILE_KEYS) {
        mistake(r, value, "%s has %d words, at most %d are possible", key, n, SGP_PROFILE_KEYS);
        return;
    }
    for (int i = 0; i < n && r->err == SGP_OK; i++)
        read_word(r, config_setting_get_elem(value, (unsigned)i), key, words->list[words->n++]);
}

/* One ("value", something) of a list; returns the something, or NULL. */
static const setting_t *read_pair(reader *r, const setting_t *pair, const char *key,
                                  char word[SGP_PROFILE_WORD]) {
    if (!config_setting_is_list(pair) || config_setting_length(pair) != 2) {
        mistake(r, pair, "%s must hold pairs: (\"...\", ...)", key);
        return NULL;
    }
    read_word(r, config_setting_get_elem(pair, 0), key, word);
    return config_setting_get_elem(pair, 1);
}

static bool is_list(reader *r, const setting_t *value, const char *key) {
    if (config_setting_is_list(value))
        return r->err == SGP_OK;
    mistake(r, value, "%s must be a list of pairs: ( (\"...\", ...), ... )", key);
    return false;
}

/* Pairs change what the profile had before: a like one's list needs only what differs. */
static void read_shares(reader *r, const setting_t *value, const char *key,
                        sgp_profile_shares *shares) {
    if (!is_list(r, value, key))
        return;
    for (int i = 0; i < config_setting_length(value) && r->err == SGP_OK; i++) {
        sgp_profile_share share = {{0}, 0};
        const setting_t *pair = config_setting_get_elem(value, (unsigned)i);
        const setting_t *percent = read_pair(r, pair, key, share.value);
        if (percent)
            share.percent = (uint8_t)read_number(r, percent, share.value, 0, 200, 1);
        uint32_t at = 0;
        while (at < shares->n && strcmp(shares->list[at].value, share.value) != 0)
            at++;
        if (at == SGP_PROFILE_SHARES)
            mistake(r, pair, "%s has more than %d entries", key, SGP_PROFILE_SHARES);
        if (r->err != SGP_OK)
            return;
        shares->list[at] = share;
        shares->n += at == shares->n;
    }
}

static void read_barriers(reader *r, const setting_t *value, const char *key,
                          sgp_profile_barriers *barriers) {
    static const char *const effects[] = {[SGP_BARRIER_PASSES] = "passes",
                                          [SGP_BARRIER_GATE] = "gate",
                                          [SGP_BARRIER_BLOCKS] = "blocks"};
    if (!is_list(r, value, key))
        return;
    for (int i = 0; i < config_setting_length(value) && r->err == SGP_OK; i++) {
        char word[SGP_PROFILE_WORD] = "";
        const setting_t *pair = config_setting_get_elem(value, (unsigned)i);
        const setting_t *effect = read_pair(r, pair, key, word);
        const char *text = effect ? config_setting_get_string(effect) : NULL;
        uint8_t meant = 0;
        while (meant < 3 && (!text || strcmp(effects[meant], text) != 0))
            meant++;
        uint32_t at = 0;
        while (at < barriers->n && strcmp(barriers->list[at].value, word) != 0)
            at++;
        if (meant == 3)
            mistake(r, pair, "a barrier \"blocks\", is a \"gate\" or \"passes\"");
        if (at == SGP_PROFILE_SHARES)
            mistake(r, pair, "%s has more than %d entries", key, SGP_PROFILE_SHARES);
        if (r->err != SGP_OK)
            return;
        strcpy(barriers->list[at].value, word);
        barriers->list[at].effect = meant;
        barriers->n += at == barriers->n;
    }
}

static void read_classes(reader *r, const setting_t *value, const char *key, uint32_t *classes) {
    *classes = 0;
    if (!config_setting_is_array(value) && !config_setting_is_list(value)) {
        mistake(r, value, "%s must be a list: [ \"...\", \"...\" ]", key);
        return;
    }
    for (int i = 0; i < config_setting_length(value) && r->err == SGP_OK; i++) {
        const char *text = config_setting_get_string_elem(value, i);
        int found = 0;
        while (text && found < SGP_ROAD_CLASSES &&
               strcmp(text, sgp_road_class_str((sgp_road_class)found)) != 0)
            found++;
        if (!text || found == SGP_ROAD_CLASSES)
            mistake(r, value, "%s: \"%.40s\" is no class of road", key, text ? text : "");
        else
            *classes |= UINT32_C(1) << found;
    }
}

/* ---- groups of keys ---- */

typedef enum kind {
    KM_H,    /* uint8_t */
    METRES,  /* -> centimetres; this and the next ones uint32_t */
    TONNES,  /* -> kilograms */
    SECONDS, /* -> milliseconds */
    WALKED,  /* km/h -> metres an hour */
    PERCENT,
    BOOLEAN, /* bool */
    WORDS,
    SHARES,
    BARRIERS,
    CLASSES,
    GROUP /* with its own rows */
} kind;

typedef struct row {
    const char *key;
    kind kind;
    size_t offset;
    const struct row *rows; /* of a group; ends with a row without a key */
    double low, high;       /* of numbers other than seconds and walking */
} row;

#define AT(field) offsetof(sgp_vehicle, field)
#define CLASS(word, number)                                                                        \
    {word, KM_H, AT(road_km_h) + (number), NULL, 1, 200}, {                                        \
        word "_link", KM_H, AT(link_km_h) + (number), NULL, 1, 200                                 \
    }
static const row speed_rows[] = {
    CLASS("motorway", SGP_ROAD_MOTORWAY),
    CLASS("trunk", SGP_ROAD_TRUNK),
    CLASS("primary", SGP_ROAD_PRIMARY),
    CLASS("secondary", SGP_ROAD_SECONDARY),
    CLASS("tertiary", SGP_ROAD_TERTIARY),
    CLASS("unclassified", SGP_ROAD_UNCLASSIFIED),
    CLASS("residential", SGP_ROAD_RESIDENTIAL),
    CLASS("living_street", SGP_ROAD_LIVING_STREET),
    CLASS("service", SGP_ROAD_SERVICE),
    CLASS("track", SGP_ROAD_TRACK),
    CLASS("ferry", SGP_ROAD_CONNECTOR),
    {"driveway", KM_H, AT(driveway_km_h), NULL, 1, 200},
    {"walk", KM_H, AT(walk_km_h), NULL, 1, 200},
    {"slowest", KM_H, AT(slowest_km_h), NULL, 1, 200},
    {"fastest", KM_H, AT(fastest_km_h), NULL, 1, 200},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row limit_rows[] = {
    {"kept_percent", PERCENT, AT(limit_kept_percent), NULL, 50, 300},
    {"near_percent", PERCENT, AT(limit_near_percent), NULL, 0, 200},
    {"raised_percent", PERCENT, AT(limit_raised_percent), NULL, 0, 100},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row narrow_rows[] = {
    {"below_m", METRES, AT(narrow_below_cm), NULL, 0, 20},
    {"percent", PERCENT, AT(narrow_percent), NULL, 1, 100},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row single_lane_rows[] = {
    {"below_m", METRES, AT(single_lane_below_cm), NULL, 0, 20},
    {"percent", PERCENT, AT(single_lane_percent), NULL, 1, 100},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row against_rows[] = {
    {"percent", PERCENT, AT(against_percent), NULL, 0, 100},
    {"seconds", SECONDS, AT(against_ms), NULL, 0, 0},
    {"classes", CLASSES, AT(against_classes), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row restriction_rows[] = {
    {"obeyed", BOOLEAN, AT(obeys_restrictions), NULL, 0, 0},
    {"seconds", SECONDS, AT(restriction_ms), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row node_rows[] = {
    {"signals", SECONDS, AT(signals_ms), NULL, 0, 0},
    {"gate", SECONDS, AT(gate_ms), NULL, 0, 0},
    {"locked_gate", SECONDS, AT(locked_gate_ms), NULL, 0, 0},
    {"toll_booth", SECONDS, AT(toll_booth_ms), NULL, 0, 0},
    {"level_crossing", SECONDS, AT(level_crossing_ms), NULL, 0, 0},
    {"hump", SECONDS, AT(hump_ms), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row turn_rows[] = {
    {"straight", SECONDS, AT(straight_ms), NULL, 0, 0},
    {"near", SECONDS, AT(near_ms), NULL, 0, 0},
    {"across", SECONDS, AT(across_ms), NULL, 0, 0},
    {"sharp", SECONDS, AT(sharp_ms), NULL, 0, 0},
    {"u_turn", SECONDS, AT(u_turn_ms), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row vehicle_rows[] = {
    {"lights", BOOLEAN, AT(lights), NULL, 0, 0},
    {"width_m", METRES, AT(width_cm), NULL, 0, 20},
    {"height_m", METRES, AT(height_cm), NULL, 0, 20},
    {"weight_t", TONNES, AT(weight_kg), NULL, 0, 200},
    {"access", WORDS, AT(access), NULL, 0, 0},
    {"also_on", WORDS, AT(also_on), NULL, 0, 0},
    {"speeds_km_h", GROUP, 0, speed_rows, 0, 0},
    {"limits", GROUP, 0, limit_rows, 0, 0},
    {"surfaces", SHARES, AT(surfaces), NULL, 0, 0},
    {"smoothness", SHARES, AT(smoothness), NULL, 0, 0},
    {"track_types", SHARES, AT(track_types), NULL, 0, 0},
    {"narrow", GROUP, 0, narrow_rows, 0, 0},
    {"single_lane", GROUP, 0, single_lane_rows, 0, 0},
    {"private_percent", PERCENT, AT(private_percent), NULL, 0, 100},
    {"against_oneway", GROUP, 0, against_rows, 0, 0},
    {"restrictions", GROUP, 0, restriction_rows, 0, 0},
    {"nodes_s", GROUP, 0, node_rows, 0, 0},
    {"barriers", BARRIERS, AT(barriers), NULL, 0, 0},
    {"turns_s", GROUP, 0, turn_rows, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
#undef AT
#define AT(field) offsetof(sgp_walking, field)
static const row walking_speed_rows[] = {
    {"street", WALKED, AT(street_m_h), NULL, 0, 0},
    {"footway", WALKED, AT(footway_m_h), NULL, 0, 0},
    {"path", WALKED, AT(path_m_h), NULL, 0, 0},
    {"steps", WALKED, AT(steps_m_h), NULL, 0, 0},
    {"pedestrian", WALKED, AT(pedestrian_m_h), NULL, 0, 0},
    {"track", WALKED, AT(track_m_h), NULL, 0, 0},
    {"cycleway", WALKED, AT(cycleway_m_h), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};
static const row walking_rows[] = {
    {"access", WORDS, AT(access), NULL, 0, 0},
    {"speeds_km_h", GROUP, 0, walking_speed_rows, 0, 0},
    {"barriers", BARRIERS, AT(barriers), NULL, 0, 0},
    {NULL, GROUP, 0, NULL, 0, 0},
};

static const row *row_of(const row *rows, const char *key) {
    while (rows->key && (!key || strcmp(rows->key, key) != 0))
        rows++;
    return rows->key ? rows : NULL;
}

static void read_group(reader *r, const setting_t *group, const row *rows, const char *also,
                       bool whole, void *into);

static void read_value(reader *r, const setting_t *value, const row *of, bool whole, void *into) {
    void *place = (char *)into + of->offset;
    switch (of->kind) {
    case KM_H:
        *(uint8_t *)place = (uint8_t)read_number(r, value, of->key, of->low, of->high, 1);
        return;
    case METRES:
        *(uint32_t *)place = read_number(r, value, of->key, of->low, of->high, 100);
        return;
    case TONNES:
    case WALKED:
        *(uint32_t *)place =
            read_number(r, value, of->key, 0, of->kind == TONNES ? of->high : 20, 1000);
        return;
    case SECONDS:
        *(uint32_t *)place = read_number(r, value, of->key, 0, 3600, 1000);
        return;
    case PERCENT:
        *(uint32_t *)place = read_number(r, value, of->key, of->low, of->high, 1);
        return;
    case BOOLEAN:
        if (config_setting_type(value) != CONFIG_TYPE_BOOL)
            mistake(r, value, "%s must be true or false", of->key);
        else
            *(bool *)place = config_setting_get_bool(value);
        return;
    case WORDS:
        read_words(r, value, of->key, place);
        return;
    case SHARES:
        read_shares(r, value, of->key, place);
        return;
    case BARRIERS:
        read_barriers(r, value, of->key, place);
        return;
    case CLASSES:
        read_classes(r, value, of->key, place);
        return;
    case GROUP:
        read_group(r, value, of->rows, NULL, whole, into);
        return;
    }
}

/* A link without a figure is as quick as its road. */
static bool may_be_missing(const row *of) {
    return strlen(of->key) > 5 && strcmp(of->key + strlen(of->key) - 5, "_link") == 0;
}

/* Reads the keys of a group; those of `rows`, and the one named `also`, which is
 * somebody else's. `whole`: each of them must be there. */
static void read_group(reader *r, const setting_t *group, const row *rows, const char *also,
                       bool whole, void *into) {
    if (!config_setting_is_group(group)) {
        mistake(r, group, "%s must be a group: { ... }", name_of(group));
        return;
    }
    for (int i = 0; i < config_setting_length(group) && r->err == SGP_OK; i++) {
        const setting_t *value = config_setting_get_elem(group, (unsigned)i);
        const row *of = row_of(rows, config_setting_name(value));
        if (of)
            read_value(r, value, of, whole, into);
        else if (!also || strcmp(name_of(value), also) != 0)
            mistake(r, value, "unknown key \"%.40s\" in %.40s", name_of(value), name_of(group));
    }
    for (const row *of = rows; whole && of->key && r->err == SGP_OK; of++) {
        if (!config_setting_get_member(group, of->key) && !may_be_missing(of))
            mistake(r, group, "the key \"%s\" is missing in %.40s", of->key, name_of(group));
    }
}

/* ---- the whole ---- */

static const sgp_vehicle *vehicle_like(reader *r, const setting_t *like,
                                       const sgp_profiles *profiles) {
    const char *name = config_setting_get_string(like);
    for (uint32_t i = 0; name && i < profiles->n_vehicles; i++) {
        if (strcmp(profiles->vehicles[i].name, name) == 0)
            return &profiles->vehicles[i];
    }
    mistake(r, like, "like must name a vehicle further up in the file");
    return NULL;
}

static void check_vehicle(reader *r, const setting_t *group, const sgp_vehicle *vehicle) {
    static const char *const natures[] = {"path",     "footway",   "pedestrian",
                                          "cycleway", "bridleway", "busway"};
    if (vehicle->access.n < 2)
        mistake(r, group, "access needs at least two words: its own and the one for everybody");
    if (vehicle->slowest_km_h > vehicle->fastest_km_h)
        mistake(r, group, "slowest is quicker than fastest");
    for (uint32_t i = 0; i < vehicle->also_on.n; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof natures / sizeof *natures; k++)
            known = known || strcmp(vehicle->also_on.list[i], natures[k]) == 0;
        if (!known)
            mistake(r, group, "also_on: \"%s\" is not closed to vehicles by its nature",
                    vehicle->also_on.list[i]);
    }
}

static void read_vehicle(reader *r, const setting_t *group, sgp_profiles *profiles) {
    if (profiles->n_vehicles == SGP_PROFILES_MAX) {
        mistake(r, group, "more than %d vehicles", SGP_PROFILES_MAX);
        return;
    }
    sgp_vehicle *vehicle = &profiles->vehicles[profiles->n_vehicles];
    const setting_t *like =
        config_setting_is_group(group) ? config_setting_get_member(group, "like") : NULL;
    const sgp_vehicle *model = like ? vehicle_like(r, like, profiles) : NULL;
    if (model)
        memcpy(vehicle, model, sizeof *vehicle);
    if (strlen(name_of(group)) >= sizeof vehicle->name) {
        mistake(r, group, "the name %.40s... is longer than %zu bytes", name_of(group),
                sizeof vehicle->name - 1);
        return;
    }
    memset(vehicle->name, 0, sizeof vehicle->name);
    strcpy(vehicle->name, name_of(group));
    read_group(r, group, vehicle_rows, "like", !model, vehicle);
    for (int c = 0; c < SGP_ROAD_CLASSES; c++) {
        if (vehicle->link_km_h[c] == 0)
            vehicle->link_km_h[c] = vehicle->road_km_h[c];
    }
    if (r->err == SGP_OK)
        check_vehicle(r, group, vehicle);
    profiles->n_vehicles++;
}

static void read_choice(reader *r, const setting_t *value, sgp_profiles *profiles) {
    const char *text = config_setting_get_string(value);
    if (strcmp(name_of(value), "turns") == 0) {
        if (!text || !sgp_turns_from_str(text, &profiles->turns))
            mistake(r, value,
                    "turns must be \"nowhere\", \"restrictions\", \"major\" or \"everywhere\"");
    } else if (text && strcmp(text, "by_place") == 0) {
        profiles->side = SGP_SIDE_BY_PLACE;
    } else if (text && strcmp(text, "left") == 0) {
        profiles->side = SGP_SIDE_LEFT;
    } else if (text && strcmp(text, "right") == 0) {
        profiles->side = SGP_SIDE_RIGHT;
    } else {
        mistake(r, value, "side must be \"by_place\", \"left\" or \"right\"");
    }
}

static void read_all(reader *r, const setting_t *root, sgp_profiles *profiles) {
    static const char *const known[] = {"turns", "side", "vehicles", "foot"};
    for (int i = 0; i < config_setting_length(root) && r->err == SGP_OK; i++) {
        const setting_t *value = config_setting_get_elem(root, (unsigned)i);
        size_t k = 0;
        while (k < 4 && strcmp(name_of(value), known[k]) != 0)
            k++;
        if (k == 4)
            mistake(r, value, "unknown key \"%.40s\"; known here: turns side vehicles foot",
                    name_of(value));
        else if (k < 2)
            read_choice(r, value, profiles);
        else if (k == 3) {
            profiles->has_foot = true;
            read_group(r, value, walking_rows, NULL, true, &profiles->foot);
            if (r->err == SGP_OK && profiles->foot.access.n == 0)
                mistake(r, value, "access needs at least one word");
        }
    }
    for (int k = 0; k < 3; k++) {
        if (!config_setting_get_member(root, known[k]))
            mistake(r, root, "the key \"%s\" is missing", known[k]);
    }
    const setting_t *vehicles = config_setting_get_member(root, "vehicles");
    if (r->err == SGP_OK &&
        (!config_setting_is_group(vehicles) || !config_setting_length(vehicles)))
        mistake(r, vehicles, "vehicles must be a group with at least one vehicle in it");
    for (int i = 0; r->err == SGP_OK && i < config_setting_length(vehicles); i++)
        read_vehicle(r, config_setting_get_elem(vehicles, (unsigned)i), profiles);
}

sgp_err sgp_profiles_parse(const char *text, size_t length, const char *called,
                           sgp_profiles **profiles, sgp_fault *fault) {
    if (length > SGP_PROFILE_TEXT_MAX || memchr(text, '\0', length))
        return sgp_fail(fault, SGP_E_CONFIG, "%.100s: this is not a text of at most 1 MiB", called);
    char *copy = malloc(length + 1);
    sgp_profiles *made = calloc(1, sizeof *made);
    if (!copy || !made) {
        free(copy);
        free(made);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left for the profiles");
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    reader r = {.called = called, .fault = fault, .err = SGP_OK};
    config_t tree;
    config_init(&tree);
    if (config_read_string(&tree, copy) != CONFIG_TRUE)
        r.err = sgp_fail(fault, SGP_E_CONFIG, "%.100s:%d: %.80s", called, config_error_line(&tree),
                         config_error_text(&tree));
    else
        read_all(&r, config_root_setting(&tree), made);
    config_destroy(&tree);
    free(copy);
    if (r.err != SGP_OK) {
        free(made);
        return r.err;
    }
    *profiles = made;
    return SGP_OK;
}
