#include "serve/settings.h"

#include "base/conf.h"
#include "sigap/plan.h"

#include <event2/http.h>
#include <fcntl.h>
#include <libconfig.h>
#include <libgen.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

typedef sgp_setting setting_t;
typedef sgp_conf reader;

/* ---- values -------------------------------------------------------------- */

static char *keep_text(reader *r, const setting_t *group, const char *key, bool required,
                       const char *otherwise) {
    const char *text = sgp_conf_text(r, group, key, required, 4096);
    char *copy = strdup(text != NULL ? text : otherwise);
    if (copy == NULL)
        r->err = SGP_E_MEMORY;
    return copy;
}

static sgp_point read_point(reader *r, const setting_t *group) {
    sgp_point point = {0, 0};
    double lon = sgp_conf_number(r, group, "lon", true, -180, 180, 0);
    double lat = sgp_conf_number(r, group, "lat", true, -90, 90, 0);
    if (r->err == SGP_OK && sgp_point_from_degrees(lon, lat, &point) != SGP_OK)
        sgp_conf_mistake(r, group, "lon and lat are not a point");
    return point;
}

/* Where the operator's callers usually are. */
static sgp_jurisdiction read_jurisdiction(reader *r, const setting_t *group) {
    sgp_jurisdiction near = {.radius_m = 0};
    const setting_t *where = sgp_conf_child(group, "jurisdiction");
    if (where == NULL)
        return near;
    sgp_conf_check_keys(r, where, " lon lat radius_m ");
    near.point = read_point(r, where);
    near.radius_m =
        (int32_t)sgp_conf_number(r, where, "radius_m", true, 1, SGP_JURISDICTION_MAX_M, 0);
    return near;
}

/* ---- parts --------------------------------------------------------------- */

static void read_city(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *city = sgp_conf_child(root, "city");
    if (city == NULL)
        sgp_conf_mistake(r, root, "the group \"city\" is missing");
    sgp_conf_check_keys(r, city, " graph database ");
    s->graph = keep_text(r, city, "graph", true, "");
    s->database = keep_text(r, city, "database", false, "");
}

static void read_listen(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *listen = sgp_conf_child(root, "listen");
    if (listen == NULL)
        sgp_conf_mistake(r, root, "the group \"listen\" is missing");
    sgp_conf_check_keys(r, listen, " socket tls http ");
    s->socket = keep_text(r, listen, "socket", false, "");
    if (s->socket != NULL && strlen(s->socket) > 107)
        sgp_conf_mistake(r, sgp_conf_child(listen, "socket"),
                         "the path of a unix socket has at most 107 bytes; choose a shorter one");

    const setting_t *tls = sgp_conf_child(listen, "tls");
    sgp_conf_check_keys(r, tls, " address port certificate key ");
    s->tls_address = keep_text(r, tls, "address", false, "127.0.0.1");
    s->tls_port = (uint16_t)sgp_conf_number(r, tls, "port", tls != NULL, 1, 65535, 0);
    s->certificate = keep_text(r, tls, "certificate", tls != NULL, "");
    s->private_key = keep_text(r, tls, "key", tls != NULL, "");

    const setting_t *http = sgp_conf_child(listen, "http");
    sgp_conf_check_keys(r, http, " address port tls ");
    s->http_address = keep_text(r, http, "address", false, "127.0.0.1");
    s->http_port = (uint16_t)sgp_conf_number(r, http, "port", http != NULL, 1, 65535, 0);
    s->http_tls = sgp_conf_boolean(r, http, "tls", false);
    if (s->http_tls && tls == NULL)
        sgp_conf_mistake(r, http,
                         "http.tls needs the group listen.tls, for its certificate and key");
    if (r->err == SGP_OK && *s->socket == '\0' && s->tls_port == 0 && s->http_port == 0)
        sgp_conf_mistake(r, listen, "nothing to listen on: give socket, tls or http");
}

static void read_osrm(reader *r, const setting_t *root, sgp_settings *s) {
    sgp_osrm_settings *o = &s->osrm;
    sgp_osrm_settings_default(o);
    const setting_t *osrm = sgp_conf_child(root, "osrm");
    sgp_conf_check_keys(
        r, osrm,
        " open profile max_route_size max_table_size max_nearest_size max_match_size"
        " max_alternatives default_radius_m max_match_radius_m ");
    struct {
        const char *key;
        double low, high;
        uint32_t *value;
    } sizes[] = {{"max_route_size", 2, 5000, &o->max_route_size},
                 {"max_table_size", 1, 1000, &o->max_table_size},
                 {"max_nearest_size", 1, 1000, &o->max_nearest_size},
                 {"max_match_size", 2, 5000, &o->max_match_size},
                 {"max_alternatives", 0, 8, &o->max_alternatives}};
    o->open = sgp_conf_boolean(r, osrm, "open", o->open);
    sgp_conf_copy(r, osrm, "profile", false, o->profile, sizeof o->profile);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        *sizes[i].value = (uint32_t)sgp_conf_number(r, osrm, sizes[i].key, false, sizes[i].low,
                                                    sizes[i].high, *sizes[i].value);
    o->default_radius_m =
        sgp_conf_number(r, osrm, "default_radius_m", false, 0, 1000000, o->default_radius_m);
    o->max_match_radius_m =
        sgp_conf_number(r, osrm, "max_match_radius_m", false, 0, 1000000, o->max_match_radius_m);
}

static void read_journal(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *journal = sgp_conf_child(root, "journal");
    if (journal == NULL)
        sgp_conf_mistake(r, root, "the group \"journal\" is missing");
    sgp_conf_check_keys(r, journal, " path key_file snapshot_every ");
    s->journal = keep_text(r, journal, "path", true, "");
    s->key_file = keep_text(r, journal, "key_file", true, "");
    s->snapshot_every =
        (uint32_t)sgp_conf_number(r, journal, "snapshot_every", false, 100, 10000000, 20000);
}

static void read_log(reader *r, const setting_t *root, sgp_settings *s) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    const setting_t *log = sgp_conf_child(root, "log");
    sgp_conf_check_keys(r, log, " level ");
    const char *level = sgp_conf_text(r, log, "level", false, 16);
    s->log_level = SGP_LOG_INFO;
    if (level == NULL)
        return;
    for (int i = 0; i < 4; i++)
        if (strcmp(level, names[i]) == 0) {
            s->log_level = (sgp_log_level)i;
            return;
        }
    sgp_conf_mistake(r, sgp_conf_child(log, "level"), "level must be debug, info, warn or error");
}

/* Four numbers, one for each of P1 to P4. An incident whose priority is not yet
 * known is treated as P2. */
static void read_by_priority(reader *r, const setting_t *clocks, const char *key, double unit_ms,
                             double high, int32_t *out) {
    const setting_t *list = sgp_conf_child(clocks, key);
    if (list == NULL)
        return;
    if ((!config_setting_is_array(list) && !config_setting_is_list(list)) ||
        config_setting_length(list) != SGP_PRIORITIES - 1) {
        sgp_conf_mistake(r, list, "%s must be four numbers, for P1 to P4: [ 30, 45, 90, 180 ]",
                         key);
        return;
    }
    for (int i = 1; i < SGP_PRIORITIES; i++) {
        const setting_t *number = config_setting_get_elem(list, (unsigned)(i - 1));
        out[i] = (int32_t)lround(sgp_conf_value(r, number, key, 1, high, 1) * unit_ms);
    }
    out[SGP_PRIORITY_UNKNOWN] = out[SGP_P2];
}

static sgp_unit_kind parse_kind(const char *name) {
    char upper[32];
    size_t n = 0;
    for (; name[n] != '\0' && n + 1 < sizeof upper; n++)
        upper[n] = (char)(name[n] >= 'a' && name[n] <= 'z' ? name[n] - 'a' + 'A' : name[n]);
    upper[n] = '\0';
    for (int kind = SGP_UNIT_AMBULANCE_BASIC; kind < SGP_UNIT_KINDS; kind++)
        if (strcmp(sgp_unit_kind_str((sgp_unit_kind)kind), upper) == 0)
            return (sgp_unit_kind)kind;
    return (sgp_unit_kind)0;
}

static const char unit_kinds[] =
    " ambulance_basic ambulance_advanced motorbike command_car fire_engine rescue ";

/* One name, or four for P1 to P4. */
static void read_policies(reader *r, const setting_t *clocks, sgp_clocks *c) {
    const setting_t *list = sgp_conf_child(clocks, "policy");
    if (list == NULL)
        return;
    bool one = config_setting_get_string(list) != NULL;
    if (!one && config_setting_length(list) != SGP_PRIORITIES - 1) {
        sgp_conf_mistake(r, list, "policy must be one name or four, for P1 to P4");
        return;
    }
    for (int i = 1; i < SGP_PRIORITIES; i++) {
        const char *name =
            one ? config_setting_get_string(list) : config_setting_get_string_elem(list, i - 1);
        int policy = 0;
        while (name != NULL && policy < SGP_POLICIES &&
               strcmp(name, sgp_policy_str((sgp_policy)policy)) != 0)
            policy++;
        if (name == NULL || policy == SGP_POLICIES) {
            sgp_conf_mistake(
                r, list,
                "there is no policy \"%s\"; known: closest closest_with_diversion joint"
                " coverage_aware",
                name != NULL ? name : "");
            return;
        }
        c->policy[i] = (sgp_policy)policy;
    }
    c->policy[SGP_PRIORITY_UNKNOWN] = c->policy[SGP_P2];
}

static void read_ms(reader *r, const setting_t *group, const char *key, double unit_ms, double high,
                    int32_t *out) {
    *out =
        (int32_t)lround(sgp_conf_number(r, group, key, false, 0, high, *out / unit_ms) * unit_ms);
}

static void read_duplicates(reader *r, const setting_t *group, sgp_rules *rules) {
    static const char *const reaches[SGP_VAGUENESSES] = {
        [SGP_VAGUE_SPOT] = "duplicate_spot_m",
        [SGP_VAGUE_LINE] = "duplicate_street_m",
        [SGP_VAGUE_AREA] = "duplicate_area_m",
        [SGP_VAGUE_PHONE] = "duplicate_phone_m",
    };
    read_ms(r, group, "duplicate_min", 60000, 1440, &rules->alike_ms);
    rules->alike_m =
        (int32_t)sgp_conf_number(r, group, "duplicate_m", false, 0, 10000, rules->alike_m);
    for (int i = 0; i < SGP_VAGUENESSES; i++)
        rules->alike_reach_m[i] = (int32_t)sgp_conf_number(r, group, reaches[i], false, 0, 10000,
                                                           rules->alike_reach_m[i]);
}

/* "P1" .. "P4", or "any". */
static void read_by_hand(reader *r, const setting_t *group, sgp_rules *rules) {
    const setting_t *item = sgp_conf_child(group, "take_by_hand_for");
    const char *name = item ? config_setting_get_string(item) : NULL;
    if (item == NULL)
        return;
    if (name && strcmp(name, "any") == 0)
        rules->by_hand_for = SGP_PRIORITY_UNKNOWN;
    else if (name && name[0] == 'P' && name[1] >= '1' && name[1] <= '4' && name[2] == '\0')
        rules->by_hand_for = (sgp_priority)(name[1] - '0');
    else
        sgp_conf_mistake(r, item, "take_by_hand_for is \"P1\" to \"P4\", or \"any\"");
}

static void read_rules(reader *r, const setting_t *root, sgp_rules *rules) {
    const setting_t *group = sgp_conf_child(root, "rules");
    sgp_rules_default(rules);
    sgp_conf_check_keys(
        r, group,
        " seats_by_kind patients_first divert_gain_s divert_keep_s divert_times handover_min"
        " clear_min position_en_route_s crew_h aid_after_min walk_m_s walk_max_m"
        " withdraw_surplus mass_reserve joint_gain_s joint_weight take_by_hand_for hospital_by_need"
        " hospital_wish_min beds_stale_h bed_stay_h offload_min offload_again_min"
        " ring_claim_s ring_keep_h ring_target_s ring_target_percent"
        " judge_calls number_keep_days nuisance_count nuisance_window_h nuisance_mark_days"
        " duplicate_min duplicate_m"
        " duplicate_spot_m duplicate_street_m duplicate_area_m duplicate_phone_m"
        " transfer_margin_min transfer_keep_min welfare_min welfare_alone_min"
        " welfare_danger_min welfare_again_min shift_absent_min shift_end_min ");
    rules->hospital_by_need =
        sgp_conf_boolean(r, group, "hospital_by_need", rules->hospital_by_need);
    read_ms(r, group, "hospital_wish_min", 60000, 240, &rules->hospital_wish_ms);
    read_ms(r, group, "beds_stale_h", 3600000, 240, &rules->beds_stale_ms);
    read_ms(r, group, "bed_stay_h", 3600000, 240, &rules->bed_stay_ms);
    read_ms(r, group, "offload_min", 60000, 1440, &rules->offload_ms);
    read_ms(r, group, "offload_again_min", 60000, 1440, &rules->offload_again_ms);
    rules->seats_by_kind = sgp_conf_boolean(r, group, "seats_by_kind", rules->seats_by_kind);
    rules->patients_first = sgp_conf_boolean(r, group, "patients_first", rules->patients_first);
    rules->withdraw_surplus =
        sgp_conf_boolean(r, group, "withdraw_surplus", rules->withdraw_surplus);
    read_ms(r, group, "divert_gain_s", 1000, 3600, &rules->divert_gain_ms);
    read_ms(r, group, "divert_keep_s", 1000, 3600, &rules->divert_keep_ms);
    rules->divert_times =
        (int32_t)sgp_conf_number(r, group, "divert_times", false, 0, 100, rules->divert_times);
    read_ms(r, group, "handover_min", 60000, 240, &rules->handover_ms);
    read_ms(r, group, "clear_min", 60000, 240, &rules->clear_ms);
    read_ms(r, group, "position_en_route_s", 1000, 3600,
            &rules->position_age_ms[SGP_UNIT_EN_ROUTE]);
    read_by_priority(r, group, "crew_h", 3600000, 72, rules->crew_ms);
    read_by_priority(r, group, "aid_after_min", 60000, 1440, rules->aid_after_ms);
    read_ms(r, group, "walk_m_s", 100, 5, &rules->walk_cm_s);
    rules->walk_max_m =
        (int32_t)sgp_conf_number(r, group, "walk_max_m", false, 0, 10000, rules->walk_max_m);
    rules->mass_reserve = (int32_t)sgp_conf_number(r, group, "mass_reserve", false, 0,
                                                   SGP_UNITS_MAX, rules->mass_reserve);
    read_ms(r, group, "joint_gain_s", 1000, 3600, &rules->joint_gain_ms);
    read_by_priority(r, group, "joint_weight", 1, 1000, rules->joint_weight);
    read_duplicates(r, group, rules);
    read_by_hand(r, group, rules);
    read_by_priority(r, group, "welfare_min", 60000, 1440, rules->welfare_ms);
    read_ms(r, group, "welfare_alone_min", 60000, 1440, &rules->welfare_alone_ms);
    read_ms(r, group, "welfare_danger_min", 60000, 1440, &rules->welfare_danger_ms);
    read_ms(r, group, "welfare_again_min", 60000, 60, &rules->welfare_again_ms);
    read_ms(r, group, "shift_absent_min", 60000, 240, &rules->shift_absent_ms);
    read_ms(r, group, "shift_end_min", 60000, 240, &rules->shift_end_ms);
    read_ms(r, group, "transfer_margin_min", 60000, 240, &rules->transfer_margin_ms);
    read_ms(r, group, "transfer_keep_min", 60000, 1440, &rules->transfer_keep_ms);
    read_ms(r, group, "ring_claim_s", 1000, 600, &rules->ring_claim_ms);
    rules->ring_keep_h =
        (int32_t)sgp_conf_number(r, group, "ring_keep_h", false, 0, 8760, rules->ring_keep_h);
    read_ms(r, group, "ring_target_s", 1000, 600, &rules->ring_target_ms);
    rules->ring_target_permille =
        10 * (int32_t)sgp_conf_number(r, group, "ring_target_percent", false, 0, 100,
                                      rules->ring_target_permille / 10);
    rules->judge_calls = sgp_conf_boolean(r, group, "judge_calls", rules->judge_calls);
    rules->number_keep_h = 24 * (int32_t)sgp_conf_number(r, group, "number_keep_days", false, 0,
                                                         3650, rules->number_keep_h / 24);
    rules->nuisance_count = (int32_t)sgp_conf_number(r, group, "nuisance_count", false, 0,
                                                     SGP_NUMBER_CALLS, rules->nuisance_count);
    rules->nuisance_window_h = (int32_t)sgp_conf_number(r, group, "nuisance_window_h", false, 1,
                                                        8760, rules->nuisance_window_h);
    rules->nuisance_mark_h = 24 * (int32_t)sgp_conf_number(r, group, "nuisance_mark_days", false, 1,
                                                           3650, rules->nuisance_mark_h / 24);
}

static void read_clocks(reader *r, const setting_t *root, sgp_settings *s) {
    sgp_clocks *c = &s->clocks;
    sgp_clocks_default(c);
    read_rules(r, root, &c->rules);
    const setting_t *clocks = sgp_conf_child(root, "clocks");
    if (clocks == NULL)
        return;
    sgp_conf_check_keys(
        r, clocks,
        " accept_s target_min turnout_s position_max_age_s confident_permille phone_place_m"
        " order_without_click reorder_after_refusal policy ");
    read_policies(r, clocks, c);
    read_by_priority(r, clocks, "accept_s", 1000, 3600, c->accept_ms);
    read_by_priority(r, clocks, "target_min", 60000, 1440, c->target_ms);

    const setting_t *turnout = sgp_conf_child(clocks, "turnout_s");
    sgp_conf_check_keys(r, turnout, unit_kinds);
    for (int i = 0; r->err == SGP_OK && turnout != NULL && i < config_setting_length(turnout);
         i++) {
        const setting_t *item = config_setting_get_elem(turnout, (unsigned)i);
        sgp_unit_kind kind = parse_kind(sgp_conf_name_of(item));
        c->turnout_ms[kind] =
            (int32_t)lround(sgp_conf_value(r, item, sgp_conf_name_of(item), 0, 3600, 0) * 1000);
    }
    c->position_max_age_ms =
        (int32_t)lround(sgp_conf_number(r, clocks, "position_max_age_s", false, 1, 86400,
                                        c->position_max_age_ms / 1000.0) *
                        1000);
    c->confident_permille = (int32_t)sgp_conf_number(r, clocks, "confident_permille", false, 0,
                                                     1000, c->confident_permille);
    c->phone_place_m =
        (int32_t)sgp_conf_number(r, clocks, "phone_place_m", false, 0, 100000, c->phone_place_m);
    c->reorder_after_refusal =
        sgp_conf_boolean(r, clocks, "reorder_after_refusal", c->reorder_after_refusal);

    const setting_t *click = sgp_conf_child(clocks, "order_without_click");
    if (click == NULL)
        return;
    memset(c->order_without_click, 0, sizeof c->order_without_click);
    if (!config_setting_is_array(click) && !config_setting_is_list(click)) {
        sgp_conf_mistake(r, click, "order_without_click must be a list of priorities: [ \"P1\" ]");
        return;
    }
    for (int i = 0; i < config_setting_length(click); i++) {
        const char *name = config_setting_get_string_elem(click, i);
        if (name == NULL || name[0] != 'P' || name[1] < '1' || name[1] > '4' || name[2] != '\0')
            sgp_conf_mistake(r, click, "order_without_click knows \"P1\" to \"P4\"");
        else
            c->order_without_click[name[1] - '0'] = true;
    }
}

/* ---- callers' phones ------------------------------------------------------- */

static void read_phones(reader *r, const setting_t *root, sgp_settings *s) {
    enum { MINUTE_MS = 60000, DAY_MIN = 1440 };
    const setting_t *phones = sgp_conf_child(root, "phones");
    sgp_conf_check_keys(r, phones, " held_min locate_valid_min locate_updates_min aml_form_key ");
    s->phone_held_ms =
        (int32_t)lround(sgp_conf_number(r, phones, "held_min", false, 1, DAY_MIN, 30) * MINUTE_MS);
    s->locate_valid_ms = (int32_t)lround(
        sgp_conf_number(r, phones, "locate_valid_min", false, 1, DAY_MIN, 15) * MINUTE_MS);
    s->locate_updates_ms = (int32_t)lround(
        sgp_conf_number(r, phones, "locate_updates_min", false, 0, DAY_MIN, 60) * MINUTE_MS);
    s->aml_form_key = keep_text(r, phones, "aml_form_key", false, "");
}

/* ---- crews' devices --------------------------------------------------------- */

/* Which unit carries which tracker. */
static void read_trackers(reader *r, const setting_t *devices, sgp_settings *s) {
    const setting_t *list = sgp_conf_child(devices, "trackers");
    int n = list != NULL ? config_setting_length(list) : 0;
    if (list != NULL && !config_setting_is_list(list)) {
        sgp_conf_mistake(r, list,
                         "trackers must be a list: ( { id = \"861\"; unit = \"A-01\"; } )");
        return;
    }
    s->trackers = n > 0 ? calloc((size_t)n, sizeof *s->trackers) : NULL;
    if (n > 0 && s->trackers == NULL)
        r->err = SGP_E_MEMORY;
    for (int i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_conf_check_keys(r, entry, " id unit ");
        sgp_conf_copy(r, entry, "id", true, s->trackers[i].id, sizeof s->trackers[i].id);
        sgp_conf_copy(r, entry, "unit", true, s->trackers[i].unit, sizeof s->trackers[i].unit);
        s->n_trackers = (size_t)i + 1;
    }
}

static void read_devices(reader *r, const setting_t *root, sgp_settings *s) {
    enum { KEY_LEAST = 16 };
    const setting_t *devices = sgp_conf_child(root, "devices");
    sgp_conf_check_keys(r, devices, " order_repeat_s order_repeat_most_s tracker_key trackers ");
    s->tracker_key = keep_text(r, devices, "tracker_key", false, "");
    if (s->tracker_key != NULL && s->tracker_key[0] != '\0' && strlen(s->tracker_key) < KEY_LEAST)
        sgp_conf_mistake(r, sgp_conf_child(devices, "tracker_key"),
                         "tracker_key has at least %d letters: it is a password", KEY_LEAST);
    read_trackers(r, devices, s);
    s->order_repeat_ms =
        (int32_t)lround(sgp_conf_number(r, devices, "order_repeat_s", false, 1, 3600, 5) * 1000);
    double most = s->order_repeat_ms > 60000 ? s->order_repeat_ms / 1000.0 : 60;
    s->order_repeat_most_ms =
        (int32_t)lround(sgp_conf_number(r, devices, "order_repeat_most_s", false,
                                        s->order_repeat_ms / 1000.0, 3600, most) *
                        1000);
}

static void read_desk(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *desk = sgp_conf_child(root, "desk");
    sgp_conf_check_keys(r, desk, " grace_s decide_s ");
    s->desk_grace_ms =
        (int32_t)lround(sgp_conf_number(r, desk, "grace_s", false, 1, 86400, 180) * 1000);
    s->desk_decide_ms =
        (int32_t)lround(sgp_conf_number(r, desk, "decide_s", false, 0, 86400, 60) * 1000);
}

/* ---- roads --------------------------------------------------------------- */

/* For each kind that is named in the group: the name of a profile. */
static void read_profiles(reader *r, const setting_t *roads, const char *key, bool may_be_empty,
                          char profiles[SGP_UNIT_KINDS][SGP_PROFILE_BYTES]) {
    const setting_t *group = sgp_conf_child(roads, key);
    sgp_conf_check_keys(r, group, unit_kinds);
    for (int i = 0; r->err == SGP_OK && group != NULL && i < config_setting_length(group); i++) {
        const setting_t *item = config_setting_get_elem(group, (unsigned)i);
        sgp_conf_copy(r, group, sgp_conf_name_of(item), !may_be_empty,
                      profiles[parse_kind(sgp_conf_name_of(item))], SGP_PROFILE_BYTES);
    }
}

static void read_lights(reader *r, const setting_t *roads, sgp_road_settings *s) {
    const setting_t *list = sgp_conf_child(roads, "lights");
    if (list == NULL)
        return;
    memset(s->lights, 0, sizeof s->lights);
    if (!config_setting_is_array(list) && !config_setting_is_list(list)) {
        sgp_conf_mistake(r, list, "lights must be a list of priorities: [ \"P1\", \"P2\" ]");
        return;
    }
    for (int i = 0; i < config_setting_length(list); i++) {
        const char *name = config_setting_get_string_elem(list, i);
        if (name == NULL || name[0] != 'P' || name[1] < '1' || name[1] > '4' || name[2] != '\0')
            sgp_conf_mistake(r, list, "lights knows \"P1\" to \"P4\"");
        else
            s->lights[name[1] - '0'] = true;
    }
}

static void read_also(reader *r, const setting_t *roads, sgp_road_settings *s) {
    const setting_t *list = sgp_conf_child(roads, "also");
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    if ((!config_setting_is_array(list) && !config_setting_is_list(list)) || n > SGP_PROFILES_MAX) {
        sgp_conf_mistake(r, list, "also must be a list of at most %d profiles: [ \"motorbike\" ]",
                         SGP_PROFILES_MAX);
        return;
    }
    for (int i = 0; i < n; i++) {
        const char *name = config_setting_get_string_elem(list, i);
        if (name == NULL || *name == '\0' || strlen(name) >= SGP_PROFILE_BYTES)
            sgp_conf_mistake(r, list, "also names profiles of the graph, each with 1 to %d bytes",
                             SGP_PROFILE_BYTES - 1);
        else
            strcpy(s->also[s->n_also++], name);
    }
}

static void read_week(reader *r, const setting_t *roads, sgp_road_settings *s) {
    const char *path = sgp_conf_text(r, roads, "week_table", false, 4096);
    sgp_fault fault = {0};
    if (path == NULL || *path == '\0')
        return;
    s->week = malloc(sizeof *s->week);
    if (s->week == NULL)
        r->err = SGP_E_MEMORY;
    else if (sgp_week_table_load(path, s->week, &fault) != SGP_OK)
        sgp_conf_mistake(r, sgp_conf_child(roads, "week_table"), "week_table: %s", fault.text);
}

static void read_roads(reader *r, const setting_t *root, sgp_settings *settings) {
    sgp_road_settings *s = &settings->roads;
    sgp_road_settings_default(s);
    const setting_t *roads = sgp_conf_child(root, "roads");
    if (roads == NULL)
        return;
    sgp_conf_check_keys(r, roads,
                        " time_zone profiles with_lights lights also week_table learned ");
    const char *zone = sgp_conf_text(r, roads, "time_zone", false, 4096);
    sgp_fault fault = {0};
    if (zone != NULL && sgp_city_time_load(zone, &s->time, &fault) != SGP_OK)
        sgp_conf_mistake(r, sgp_conf_child(roads, "time_zone"), "time_zone: %s", fault.text);
    read_profiles(r, roads, "profiles", false, s->profile);
    read_profiles(r, roads, "with_lights", true, s->with_lights);
    read_lights(r, roads, s);
    read_also(r, roads, s);
    read_week(r, roads, s);
    s->learned_folder = keep_text(r, roads, "learned", false, "");
}

/* ---- coverage ------------------------------------------------------------ */

static void read_coverage(reader *r, const setting_t *root, sgp_settings *settings) {
    sgp_coverage_settings *s = &settings->coverage;
    sgp_coverage_settings_default(s);
    const setting_t *group = sgp_conf_child(root, "coverage");
    if (group == NULL)
        return;
    sgp_conf_check_keys(
        r, group,
        " minutes busy seconds_per_percent most_s move_minutes move_percent advice_percent"
        " advice_fall_percent advice_rest_min advice_most advice_every_s ");
    s->target_ms = (int32_t)(sgp_conf_number(r, group, "minutes", false, 0, 240, 0) * 60000);
    s->busy_permille =
        (int32_t)lround(sgp_conf_number(r, group, "busy", false, 0, 0.95, 0.3) * 1000);
    s->ms_per_permille =
        (int32_t)lround(sgp_conf_number(r, group, "seconds_per_percent", false, 0, 6000, 60) * 100);
    s->most_ms = (int32_t)lround(sgp_conf_number(r, group, "most_s", false, 0, 3600, 300) * 1000);
    s->drive_max_ms =
        (int32_t)lround(sgp_conf_number(r, group, "move_minutes", false, 0, 240, 20) * 60000);
    s->least_gain_ppm =
        (int32_t)lround(sgp_conf_number(r, group, "move_percent", false, 0, 100, 0.1) * 10000);
    sgp_advice_rules *advice = &s->advice;
    advice->gain_ppm =
        (int32_t)lround(sgp_conf_number(r, group, "advice_percent", false, 0, 100, 1) * 10000);
    advice->fall_ppm =
        (int32_t)lround(sgp_conf_number(r, group, "advice_fall_percent", false, 0, 100, 3) * 10000);
    advice->rest_ms =
        (int32_t)lround(sgp_conf_number(r, group, "advice_rest_min", false, 1, 1440, 20) * 60000);
    advice->open_max = (uint32_t)lround(
        sgp_conf_number(r, group, "advice_most", false, 1, SGP_ADVICE_OPEN_MAX, 3));
    s->look_ms =
        (int32_t)lround(sgp_conf_number(r, group, "advice_every_s", false, 1, 3600, 30) * 1000);
}

static void *room_for(reader *r, size_t n, size_t size) {
    void *room = calloc(n > 0 ? n : 1, size);
    if (room == NULL)
        r->err = SGP_E_MEMORY;
    return room;
}

/* ---- telephone exchanges --------------------------------------------------- */

static bool is_word(const char *text) {
    return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-.")] == '\0';
}

/* http://HOST[:PORT][/PATH] */
static void read_exchange_url(reader *r, const setting_t *entry, sgp_exchange_settings *exchange) {
    const char *text = sgp_conf_text(r, entry, "url", true, 512);
    if (text == NULL)
        return;
    struct evhttp_uri *uri = evhttp_uri_parse(text);
    const char *scheme = uri != NULL ? evhttp_uri_get_scheme(uri) : NULL;
    const char *host = uri != NULL ? evhttp_uri_get_host(uri) : NULL;
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    size_t length = path != NULL ? strlen(path) : 0;
    while (length > 0 && path[length - 1] == '/')
        length--;
    if (scheme == NULL || strcmp(scheme, "http") != 0 || host == NULL || *host == '\0' ||
        strlen(host) >= sizeof exchange->host || length >= sizeof exchange->path ||
        evhttp_uri_get_query(uri) != NULL) {
        sgp_conf_mistake(r, sgp_conf_child(entry, "url"), "url must be http://HOST:PORT/ari");
    } else {
        int port = evhttp_uri_get_port(uri);
        snprintf(exchange->host, sizeof exchange->host, "%s", host);
        snprintf(exchange->path, sizeof exchange->path, "%.*s", (int)length, path);
        exchange->port = (uint16_t)(port > 0 && port < 65536 ? port : 8088);
    }
    if (uri != NULL)
        evhttp_uri_free(uri);
}

/* The first line of a file that only its owner reads. */
static void read_password(reader *r, const setting_t *entry, char *out, size_t bytes) {
    const char *path = sgp_conf_text(r, entry, "password_file", true, 4096);
    struct stat about;
    if (path == NULL)
        return;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &about) != 0)
        sgp_conf_mistake(r, sgp_conf_child(entry, "password_file"), "%.120s cannot be read", path);
    else if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        sgp_conf_mistake(r, sgp_conf_child(entry, "password_file"),
                         "%.120s may be read by others; chmod 600 it", path);
    else if (fgets(out, (int)bytes, file) == NULL || out[strcspn(out, "\r\n")] == '\0')
        sgp_conf_mistake(r, sgp_conf_child(entry, "password_file"),
                         "%.120s must begin with a line of fewer than %zu bytes", path, bytes - 2);
    else
        out[strcspn(out, "\r\n")] = '\0';
    if (file != NULL)
        fclose(file);
}

static void read_exchanges(reader *r, const setting_t *root, sgp_settings *s) {
    size_t n;
    const setting_t *list = sgp_conf_groups(r, root, "exchanges", SGP_EXCHANGES_MAX, &n);
    s->exchanges = room_for(r, n, sizeof *s->exchanges);
    for (size_t i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_exchange_settings *exchange = &s->exchanges[i];
        sgp_conf_check_keys(r, entry, " name url user password_file application record ");
        sgp_conf_copy(r, entry, "name", true, exchange->name, sizeof exchange->name);
        read_exchange_url(r, entry, exchange);
        sgp_conf_copy(r, entry, "user", true, exchange->user, sizeof exchange->user);
        read_password(r, entry, exchange->password, sizeof exchange->password);
        sgp_conf_copy(r, entry, "application", false, exchange->application,
                      sizeof exchange->application);
        if (exchange->application[0] == '\0')
            snprintf(exchange->application, sizeof exchange->application, "sigap");
        exchange->record = sgp_conf_boolean(r, entry, "record", false);
        if (r->err == SGP_OK && (!is_word(exchange->name) || !is_word(exchange->application)))
            sgp_conf_mistake(r, entry,
                             "name and application are of letters, digits, '_', '-' and '.'");
        for (size_t k = 0; k < i && r->err == SGP_OK; k++)
            if (strcmp(s->exchanges[k].name, exchange->name) == 0)
                sgp_conf_mistake(r, entry, "the exchange \"%s\" is there twice", exchange->name);
        s->n_exchanges = i + 1;
    }
    list = sgp_conf_groups(r, root, "lines", SGP_LINES_MAX, &n);
    s->lines = room_for(r, n, sizeof *s->lines);
    for (size_t i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_conf_check_keys(r, entry, " code name ");
        sgp_conf_copy(r, entry, "code", true, s->lines[i].code, sizeof s->lines[i].code);
        sgp_conf_copy(r, entry, "name", true, s->lines[i].name, sizeof s->lines[i].name);
        s->n_lines = i + 1;
    }
}

static void read_users(reader *r, const setting_t *root, sgp_settings *s) {
    size_t n;
    const setting_t *list = sgp_conf_groups(r, root, "users", SGP_USERS_MAX, &n);
    s->users = room_for(r, n, sizeof *s->users);
    for (size_t i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_user *user = &s->users[i];
        sgp_conf_check_keys(r, entry,
                            " name role token_hash unit agency hospital jurisdiction telephone ");
        user->jurisdiction = read_jurisdiction(r, entry);
        sgp_conf_copy(r, entry, "name", true, user->name, sizeof user->name);
        const char *role = sgp_conf_text(r, entry, "role", true, 32);
        if (role != NULL && sgp_role_parse(role, &user->role) != SGP_OK)
            sgp_conf_mistake(r, sgp_conf_child(entry, "role"), "\"%s\" is not a role", role);
        const char *hash = sgp_conf_text(r, entry, "token_hash", true, 256);
        if (hash != NULL && sgp_token_hash_parse(hash, user->token_hash) != SGP_OK)
            sgp_conf_mistake(
                r, sgp_conf_child(entry, "token_hash"),
                "token_hash must be the 64 hex digits that sigapd --make-token prints");
        bool is_crew = user->role == SIGAP__V1__ROLE__CREW;
        sgp_conf_copy(r, entry, "unit", is_crew, user->unit, sizeof user->unit);
        if (r->err == SGP_OK && !is_crew && user->unit[0] != '\0')
            sgp_conf_mistake(r, entry, "only the role crew has a unit");
        sgp_conf_copy(r, entry, "agency", false, user->agency, sizeof user->agency);
        if (r->err == SGP_OK && user->role != SIGAP__V1__ROLE__PARTNER && user->agency[0] != '\0')
            sgp_conf_mistake(r, entry, "only the role partner has an agency");
        sgp_conf_copy(r, entry, "hospital", false, user->hospital, sizeof user->hospital);
        if (r->err == SGP_OK && user->role != SIGAP__V1__ROLE__HOSPITAL &&
            user->hospital[0] != '\0')
            sgp_conf_mistake(r, entry, "only the role hospital has a hospital");
        sgp_conf_copy(r, entry, "telephone", false, user->telephone, sizeof user->telephone);
        s->n_users = i + 1;
    }
}

typedef struct station {
    char code[SGP_CODE_BYTES];
    char name[SGP_NAME_BYTES];
    char agency[SGP_NAME_BYTES];
    sgp_point point;
} station;

static const station *find_station(const station *stations, size_t n, const char *code) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(stations[i].code, code) == 0)
            return &stations[i];
    return NULL;
}

/* Whose it is, and what the owner lets it do. */
static void read_ownership(reader *r, const setting_t *entry, sgp_unit *unit) {
    sgp_conf_copy(r, entry, "district", false, unit->district, sizeof unit->district);
    const char *lending = sgp_conf_text(r, entry, "lending", false, 32);
    while (lending != NULL && unit->lending < SGP_LENDINGS &&
           strcmp(lending, sgp_lending_str(unit->lending)) != 0)
        unit->lending++;
    if (unit->lending == SGP_LENDINGS) {
        unit->lending = SGP_LENT_FREELY;
        sgp_conf_mistake(r, sgp_conf_child(entry, "lending"),
                         "\"%s\" is no way of lending; known: freely after_own when_asked",
                         lending);
    }
    const setting_t *serves = sgp_conf_child(entry, "serves");
    if (serves != NULL && !config_setting_is_array(serves) && !config_setting_is_list(serves)) {
        sgp_conf_mistake(r, serves, "serves must be a list of priorities: [ \"P1\" ]");
        return;
    }
    for (int i = 0; serves != NULL && i < config_setting_length(serves); i++) {
        const char *name = config_setting_get_string_elem(serves, i);
        if (name == NULL || name[0] != 'P' || name[1] < '1' || name[1] > '4' || name[2] != '\0')
            sgp_conf_mistake(r, serves, "serves knows \"P1\" to \"P4\"");
        else
            unit->serves |= 1u << (name[1] - '0');
    }
}

static uint32_t read_skills(reader *r, const setting_t *entry) {
    const setting_t *list = sgp_conf_child(entry, "skills");
    uint32_t skills = 0;
    if (list == NULL)
        return 0;
    if (!config_setting_is_array(list) && !config_setting_is_list(list))
        sgp_conf_mistake(r, list, "skills must be a list: [ \"defibrillator\" ]");
    for (int i = 0; r->err == SGP_OK && i < config_setting_length(list); i++) {
        const char *name = config_setting_get_string_elem(list, i);
        int skill = 0;
        while (name != NULL && skill < SGP_SKILLS &&
               strcasecmp(sgp_skill_str((sgp_skill)skill), name) != 0)
            skill++;
        if (name == NULL || skill == SGP_SKILLS)
            sgp_conf_mistake(r, config_setting_get_elem(list, (unsigned)i),
                             "\"%.40s\" is not a skill", name != NULL ? name : "");
        else
            skills |= 1u << skill;
    }
    return skills;
}

/* A list, and for the configurations of before a flag of its own for some of them. */
static uint32_t read_abilities(reader *r, const setting_t *entry) {
    static const struct {
        const char *key;
        sgp_ability ability;
    } flags[] = {{"trauma", SGP_ABILITY_TRAUMA},        {"icu", SGP_ABILITY_INTENSIVE_CARE},
                 {"burns", SGP_ABILITY_BURN},           {"cathlab", SGP_ABILITY_STEMI},
                 {"pediatric", SGP_ABILITY_PAEDIATRIC}, {"maternity", SGP_ABILITY_OBSTETRIC}};
    uint32_t abilities = 0;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (sgp_conf_boolean(r, entry, flags[i].key, false))
            abilities |= 1u << flags[i].ability;
    const setting_t *list = sgp_conf_child(entry, "abilities");
    if (list != NULL && !config_setting_is_array(list) && !config_setting_is_list(list))
        sgp_conf_mistake(r, list, "abilities must be a list: [ \"stroke\" ]");
    for (int i = 0; list != NULL && r->err == SGP_OK && i < config_setting_length(list); i++) {
        const char *name = config_setting_get_string_elem(list, i);
        int ability = 0;
        while (name != NULL && ability < SGP_ABILITIES &&
               strcasecmp(sgp_ability_str((sgp_ability)ability), name) != 0)
            ability++;
        if (name == NULL || ability == SGP_ABILITIES)
            sgp_conf_mistake(
                r, config_setting_get_elem(list, (unsigned)i),
                "\"%.40s\" is not an ability of a hospital; known: trauma stroke stemi"
                " obstetric paediatric neonatal burn dialysis psychiatric intensive_care"
                " surgery isolation",
                name != NULL ? name : "");
        else
            abilities |= 1u << ability;
    }
    return abilities;
}

static void read_unit(reader *r, const setting_t *entry, const station *stations, size_t n_stations,
                      sgp_unit *unit) {
    sgp_conf_check_keys(
        r, entry, " code name kind agency station skills district lending serves note plate ");
    sgp_conf_copy(r, entry, "code", true, unit->code, sizeof unit->code);
    sgp_conf_copy(r, entry, "name", false, unit->name, sizeof unit->name);
    if (unit->name[0] == '\0')
        snprintf(unit->name, sizeof unit->name, "%s", unit->code);
    const char *kind = sgp_conf_text(r, entry, "kind", true, 32);
    unit->kind = kind != NULL ? parse_kind(kind) : SGP_UNIT_AMBULANCE_BASIC;
    if (unit->kind == 0)
        sgp_conf_mistake(r, sgp_conf_child(entry, "kind"), "\"%s\" is not a kind of unit; known:%s",
                         kind, unit_kinds);
    const char *code = sgp_conf_text(r, entry, "station", true, SGP_CODE_BYTES);
    const station *home = code != NULL ? find_station(stations, n_stations, code) : NULL;
    unit->skills = read_skills(r, entry);
    if (r->err != SGP_OK)
        return;
    if (home == NULL) {
        sgp_conf_mistake(r, sgp_conf_child(entry, "station"),
                         "there is no station \"%s\" in stations", code);
        return;
    }
    snprintf(unit->station, sizeof unit->station, "%s", home->name);
    unit->station_point = home->point;
    snprintf(unit->agency, sizeof unit->agency, "%s", home->agency);
    sgp_conf_copy(r, entry, "agency", false, unit->agency, sizeof unit->agency);
    read_ownership(r, entry, unit);
}

static void read_fleet(reader *r, const setting_t *root, sgp_settings *s) {
    size_t n_stations, n;
    const setting_t *list = sgp_conf_groups(r, root, "stations", SGP_UNITS_MAX, &n_stations);
    station *stations = room_for(r, n_stations, sizeof *stations);
    for (size_t i = 0; i < n_stations && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_conf_check_keys(r, entry, " code name lon lat agency kind address phone note ");
        sgp_conf_copy(r, entry, "code", true, stations[i].code, sizeof stations[i].code);
        sgp_conf_copy(r, entry, "name", true, stations[i].name, sizeof stations[i].name);
        sgp_conf_copy(r, entry, "agency", false, stations[i].agency, sizeof stations[i].agency);
        stations[i].point = read_point(r, entry);
        if (r->err == SGP_OK && find_station(stations, i, stations[i].code) != NULL)
            sgp_conf_mistake(r, entry, "the station \"%s\" is there twice", stations[i].code);
    }

    list = sgp_conf_groups(r, root, "units", SGP_UNITS_MAX, &n);
    s->units = room_for(r, n, sizeof *s->units);
    for (size_t i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        read_unit(r, entry, stations, n_stations, &s->units[i]);
        for (size_t k = 0; k < i && r->err == SGP_OK; k++)
            if (strcmp(s->units[k].code, s->units[i].code) == 0)
                sgp_conf_mistake(r, entry, "the unit \"%s\" is there twice", s->units[i].code);
        s->n_units = i + 1;
    }
    free(stations);

    list = sgp_conf_groups(r, root, "hospitals", SGP_HOSPITALS_MAX, &n);
    s->hospitals = room_for(r, n, sizeof *s->hospitals);
    for (size_t i = 0; i < n && r->err == SGP_OK; i++) {
        const setting_t *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_hospital *hospital = &s->hospitals[i];
        sgp_conf_check_keys(
            r, entry,
            " code name lon lat beds agency class abilities trauma icu burns cathlab"
            " pediatric maternity address phone note ");
        sgp_conf_copy(r, entry, "code", true, hospital->code, sizeof hospital->code);
        sgp_conf_copy(r, entry, "name", true, hospital->name, sizeof hospital->name);
        hospital->point = read_point(r, entry);
        hospital->beds = (int32_t)sgp_conf_number(r, entry, "beds", false, 0, 100000, 0);
        hospital->abilities = read_abilities(r, entry);
        for (size_t k = 0; k < i && r->err == SGP_OK; k++)
            if (strcmp(s->hospitals[k].code, hospital->code) == 0)
                sgp_conf_mistake(r, entry, "the hospital \"%s\" is there twice", hospital->code);
        s->n_hospitals = i + 1;
    }
}

static void check_hospitals(reader *r, const setting_t *root, const sgp_settings *s) {
    for (size_t i = 0; i < s->n_users && r->err == SGP_OK; i++) {
        const sgp_user *user = &s->users[i];
        bool found = user->hospital[0] == '\0';
        for (size_t k = 0; k < s->n_hospitals && !found; k++)
            found = strcmp(s->hospitals[k].code, user->hospital) == 0;
        if (!found)
            sgp_conf_mistake(r, config_setting_get_elem(sgp_conf_child(root, "users"), (unsigned)i),
                             "\"%s\" speaks for the hospital \"%s\", which is not in hospitals",
                             user->name, user->hospital);
    }
}

static void check_crews(reader *r, const setting_t *root, const sgp_settings *s) {
    for (size_t i = 0; i < s->n_users && r->err == SGP_OK; i++) {
        const sgp_user *user = &s->users[i];
        bool found = user->unit[0] == '\0';
        for (size_t k = 0; k < s->n_units && !found; k++)
            found = strcmp(s->units[k].code, user->unit) == 0;
        if (!found)
            sgp_conf_mistake(r, config_setting_get_elem(sgp_conf_child(root, "users"), (unsigned)i),
                             "the crew \"%s\" belongs to the unit \"%s\", which is not in units",
                             user->name, user->unit);
    }
}

/* ---- the whole ----------------------------------------------------------- */

static void read_roster(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *roster = sgp_conf_child(root, "roster");
    sgp_conf_check_keys(r, roster, " crew shifts ");
    s->roster_crew = keep_text(r, roster, "crew", roster != NULL, "");
    s->roster_shifts = keep_text(r, roster, "shifts", roster != NULL, "");
}

static void read_pages(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *pages = sgp_conf_child(root, "pages");
    sgp_conf_check_keys(r, pages, " folder address ");
    s->pages_folder = keep_text(r, pages, "folder", false, "");
    s->pages_address = keep_text(r, pages, "address", false, "");
    if (r->err != SGP_OK || s->pages_address[0] == '\0')
        return;
    const char *address = s->pages_address, *host = strstr(address, "://");
    size_t length = strlen(address);
    if ((strncmp(address, "https://", 8) != 0 && strncmp(address, "http://", 7) != 0) ||
        host[3] == '\0' || length > SGP_LINK_BYTES || address[length - 1] == '/' ||
        strpbrk(address, "#? \t") != NULL)
        sgp_conf_mistake(r, sgp_conf_child(pages, "address"),
                         "pages.address begins with https:// (or http://) and has neither # nor ? "
                         "nor / at the end");
}

static void read_tiles(reader *r, const setting_t *root, sgp_settings *s) {
    const setting_t *tiles = sgp_conf_child(root, "tiles");
    sgp_conf_check_keys(r, tiles, " memory_mb ");
    s->tile_cache_bytes =
        (int32_t)sgp_conf_number(r, tiles, "memory_mb", false, 1, 1024, 64) * (1 << 20);
}

static void read_all(reader *r, const setting_t *root, sgp_settings *s) {
    sgp_conf_check_keys(
        r, root,
        " city listen osrm journal log clocks rules plans roster phones desk devices roads"
        " coverage jurisdiction pages tiles cameras users stations units hospitals exchanges"
        " lines wall ");
    read_city(r, root, s);
    read_listen(r, root, s);
    read_osrm(r, root, s);
    read_journal(r, root, s);
    read_log(r, root, s);
    read_clocks(r, root, s);
    s->plans = keep_text(r, root, "plans", false, "");
    read_pages(r, root, s);
    read_tiles(r, root, s);
    s->cameras = keep_text(r, root, "cameras", false, "");
    read_roster(r, root, s);
    read_phones(r, root, s);
    read_devices(r, root, s);
    read_desk(r, root, s);
    read_exchanges(r, root, s);
    read_roads(r, root, s);
    read_coverage(r, root, s);
    sgp_wall_settings_read(r, root, &s->wall);
    s->jurisdiction = read_jurisdiction(r, root);
    read_users(r, root, s);
    read_fleet(r, root, s);
    check_crews(r, root, s);
    check_hospitals(r, root, s);
}

/* libconfig opens relative includes from the working directory and joins an
 * include folder in front of absolute ones, so neither of its own ways serves
 * both: the file is read from within its folder. */
static bool read_from_folder(config_t *config, FILE *file, const char *path) {
    char *copy = strdup(path);
    int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool moved = copy != NULL && before >= 0 && chdir(dirname(copy)) == 0;
    bool good = config_read(config, file) == CONFIG_TRUE;
    if (moved && fchdir(before) != 0)
        abort(); /* every relative path would now mean another file */
    if (before >= 0)
        close(before);
    free(copy);
    return good;
}

sgp_err sgp_settings_load(const char *path, sgp_settings *settings, sgp_fault *fault) {
    memset(settings, 0, sizeof *settings);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "%s: %m", path);
    reader r = {.name = path, .fault = fault};
    config_init(&r.config);
    if (!read_from_folder(&r.config, file, path)) {
        const char *where = config_error_file(&r.config);
        r.err = sgp_fail(fault, SGP_E_CONFIG, "%s:%d: %s", where != NULL ? where : path,
                         config_error_line(&r.config), config_error_text(&r.config));
    } else {
        settings->path = strdup(path);
        read_all(&r, config_root_setting(&r.config), settings);
    }
    fclose(file);
    sgp_conf_close(&r);
    if (r.err == SGP_E_MEMORY)
        (void)sgp_fail(fault, SGP_E_MEMORY, "no memory for the configuration %s", path);
    if (r.err != SGP_OK)
        sgp_settings_free(settings);
    return r.err;
}

sgp_err sgp_settings_load_clocks(const char *path, sgp_clocks *clocks, sgp_fault *fault) {
    char *text;
    sgp_err err = sgp_conf_read_file(path, &text, fault);
    if (err != SGP_OK)
        return err;
    /* Included files are read within their folder, which would move every thread. */
    for (char *at = text; *at != '\0'; at += *at == '\n') {
        size_t length = strcspn(at, "\n");
        if (strncmp(at + strspn(at, " \t"), "@include", 8) == 0)
            memset(at, ' ', length);
        at += length;
    }
    sgp_conf file;
    err = sgp_conf_parse(&file, path, text, fault);
    const setting_t *root = err == SGP_OK ? config_root_setting(&file.config) : NULL;
    if (sgp_conf_child(root, "clocks") != NULL) {
        reader r = {.name = path, .fault = fault};
        sgp_settings settings = {.path = NULL};
        read_clocks(&r, root, &settings);
        err = r.err;
        if (sgp_conf_child(root, "rules") == NULL)
            settings.clocks.rules = clocks->rules;
        if (err == SGP_OK)
            *clocks = settings.clocks;
    }
    sgp_conf_close(&file);
    free(text);
    return err;
}

void sgp_settings_free(sgp_settings *s) {
    free(s->path);
    free(s->graph);
    free(s->database);
    free(s->socket);
    free(s->tls_address);
    free(s->certificate);
    free(s->private_key);
    free(s->http_address);
    free(s->journal);
    free(s->key_file);
    free(s->plans);
    free(s->pages_folder);
    free(s->cameras);
    free(s->pages_address);
    free(s->roster_crew);
    free(s->roster_shifts);
    free(s->aml_form_key);
    free(s->tracker_key);
    free(s->trackers);
    sgp_road_settings_free(&s->roads);
    sgp_wall_settings_free(&s->wall);
    if (s->exchanges != NULL)
        sodium_memzero(s->exchanges, s->n_exchanges * sizeof *s->exchanges);
    free(s->exchanges);
    free(s->lines);
    free(s->users);
    free(s->units);
    free(s->hospitals);
    memset(s, 0, sizeof *s);
}

const sgp_user *sgp_settings_user(const sgp_settings *settings, const char *token) {
    uint8_t hash[SGP_TOKEN_HASH];
    sgp_token_hash(token, hash);
    const sgp_user *found = NULL;
    for (size_t i = 0; i < settings->n_users; i++)
        if (sgp_token_hash_equal(hash, settings->users[i].token_hash))
            found = &settings->users[i];
    return found;
}
