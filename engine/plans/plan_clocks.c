/* clocks.conf: by which clocks the service measures itself. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plans/plan_parts.h"

static sgp_moment read_moment(sgp_conf *conf, const sgp_setting *entry, const char *key) {
    const char *name = sgp_conf_text(conf, entry, key, true, SGP_CODE_BYTES);
    if (!name)
        return SGP_MOMENT_RING;
    for (int moment = SGP_MOMENT_RING; moment < SGP_MOMENTS; moment++) {
        char lower[SGP_CODE_BYTES];
        snprintf(lower, sizeof lower, "%s", sgp_moment_str((sgp_moment)moment));
        for (char *at = lower; *at; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
        if (strcmp(lower, name) == 0)
            return (sgp_moment)moment;
    }
    sgp_conf_mistake(conf, sgp_conf_child(entry, key),
                     "%s must be ring, answer, place, order, en_route, on_scene, leaving, hospital "
                     "or free",
                     key);
    return SGP_MOMENT_RING;
}

static void read_target(sgp_conf *conf, const sgp_setting *entry, const char *preset,
                        sgp_target *target) {
    sgp_conf_check_keys(conf, entry, " from to priorities within_s share mean ");
    snprintf(target->code, sizeof target->code, "%s", preset);
    target->from = read_moment(conf, entry, "from");
    target->to = read_moment(conf, entry, "to");
    target->priorities = sgp_conf_priorities(conf, entry, "priorities", (1u << SGP_PRIORITIES) - 2);
    target->within_ms =
        (int32_t)lround(sgp_conf_number(conf, entry, "within_s", true, 1, 86400, 1) * 1000);
    bool mean = sgp_conf_boolean(conf, entry, "mean", false);
    target->share_permille =
        (int32_t)lround(sgp_conf_number(conf, entry, "share", !mean, 0.001, 1, 0) * 1000);
    if (!conf->err && mean && target->share_permille)
        sgp_conf_mistake(conf, entry, "a target has a share or is a mean, not both");
    if (!conf->err && target->to <= target->from)
        sgp_conf_mistake(conf, entry, "the end of a target comes after its beginning");
}

/* From answering to being there: what the core shows as response target. */
static void take_response_target(const sgp_target *target, int32_t target_ms[SGP_PRIORITIES]) {
    if (target->from != SGP_MOMENT_ANSWER || target->to != SGP_MOMENT_ON_SCENE)
        return;
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if ((target->priorities >> p & 1) && !target_ms[p])
            target_ms[p] = target->within_ms;
}

static void read_preset(sgp_conf *conf, const sgp_setting *preset, bool measured,
                        sgp_loaded_plan *loaded) {
    sgp_plan *plan = loaded->plan;
    size_t n;
    char code[SGP_CODE_BYTES] = "";
    sgp_conf_check_keys(conf, preset, " code targets note ");
    sgp_conf_code(conf, preset, "code", code);
    (void)sgp_conf_text(conf, preset, "note", false, 4096);
    const sgp_setting *list = sgp_conf_groups(conf, preset, "targets", SGP_TARGETS_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_target target = {.within_ms = 0};
        read_target(conf, entry, code, &target);
        if (!measured || conf->err)
            continue;
        if (plan->n_targets == SGP_TARGETS_MAX) {
            sgp_conf_mistake(conf, entry, "more than %d targets are measured by", SGP_TARGETS_MAX);
            return;
        }
        plan->targets[plan->n_targets++] = target;
        take_response_target(&target, loaded->target_ms);
    }
}

static const sgp_setting *find_preset(const sgp_setting *list, size_t n, const char *code) {
    for (size_t i = 0; i < n; i++) {
        const sgp_setting *preset = config_setting_get_elem(list, (unsigned)i);
        const char *name = NULL;
        if (config_setting_is_group(preset) &&
            config_setting_lookup_string(preset, "code", &name) && strcmp(name, code) == 0)
            return preset;
    }
    return NULL;
}

void sgp_read_clocks_file(sgp_conf *conf, sgp_loaded_plan *loaded) {
    enum { PRESETS_MAX = 64 };
    const sgp_setting *root = config_root_setting(&conf->config);
    size_t n_presets, n;
    sgp_conf_check_keys(conf, root, " measure_by presets ");
    const sgp_setting *presets = sgp_conf_groups(conf, root, "presets", PRESETS_MAX, &n_presets);
    /* Those that are not measured by are read too, so that a mistake in them is found now. */
    for (size_t i = 0; i < n_presets && !conf->err; i++)
        read_preset(conf, config_setting_get_elem(presets, (unsigned)i), false, loaded);
    const sgp_setting *list = sgp_conf_texts(conf, root, "measure_by", PRESETS_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const char *code = sgp_conf_nth_text(conf, list, i);
        const sgp_setting *preset = find_preset(presets, n_presets, code);
        if (!preset)
            sgp_conf_mistake(conf, config_setting_get_elem(list, (unsigned)i),
                             "there is no preset \"%.40s\" in presets", code);
        else
            read_preset(conf, preset, true, loaded);
    }
}
