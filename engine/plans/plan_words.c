/* Codes and words in configuration files: priorities, kinds, skills, complaints, texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "plans/plan_parts.h"

void sgp_conf_handbook_text(sgp_conf *conf, const sgp_setting *group, const char *indonesian,
                            const char *english, sgp_handbook_text *text) {
    const char *in_indonesian =
        sgp_conf_text(conf, group, indonesian, true, SGP_HANDBOOK_TEXT_BYTES);
    const char *in_english = sgp_conf_text(conf, group, english, true, SGP_HANDBOOK_TEXT_BYTES);
    if (conf->err)
        return;
    if (!sgp_text_is_plain(in_indonesian) || !sgp_text_is_plain(in_english)) {
        sgp_conf_mistake(conf, group,
                         "a text must be UTF-8 in one line, without control characters");
        return;
    }
    text->indonesian = strdup(in_indonesian);
    text->english = strdup(in_english);
    if (!text->indonesian || !text->english)
        conf->err = SGP_E_MEMORY;
}

void sgp_conf_plain(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                    char *out, size_t capacity) {
    sgp_conf_copy(conf, group, key, required, out, capacity);
    if (!conf->err && !sgp_text_is_plain(out))
        sgp_conf_mistake(conf, sgp_conf_child(group, key),
                         "%s must be plain UTF-8 text without control characters", key);
}

void sgp_conf_code(sgp_conf *conf, const sgp_setting *group, const char *key,
                   char code[SGP_CODE_BYTES]) {
    sgp_conf_plain(conf, group, key, true, code, SGP_CODE_BYTES);
}

static sgp_priority parse_priority(const char *name) {
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (strcmp(sgp_priority_str((sgp_priority)p), name) == 0)
            return (sgp_priority)p;
    return SGP_PRIORITY_UNKNOWN;
}

sgp_priority sgp_conf_priority(sgp_conf *conf, const sgp_setting *group, const char *key,
                               bool required) {
    const char *name = sgp_conf_text(conf, group, key, required, SGP_CODE_BYTES);
    if (!name)
        return SGP_PRIORITY_UNKNOWN;
    sgp_priority priority = parse_priority(name);
    if (!priority)
        sgp_conf_mistake(conf, sgp_conf_child(group, key), "%s must be \"P1\" to \"P4\"", key);
    return priority;
}

uint32_t sgp_conf_priorities(sgp_conf *conf, const sgp_setting *group, const char *key,
                             uint32_t otherwise) {
    size_t n;
    const sgp_setting *list = sgp_conf_texts(conf, group, key, SGP_PRIORITIES - 1, &n);
    if (!list)
        return otherwise;
    uint32_t mask = 0;
    for (size_t i = 0; i < n && !conf->err; i++) {
        sgp_priority priority = parse_priority(sgp_conf_nth_text(conf, list, i));
        if (!priority)
            sgp_conf_mistake(conf, config_setting_get_elem(list, (unsigned)i),
                             "%s knows \"P1\" to \"P4\"", key);
        mask |= 1u << priority;
    }
    if (n == 0)
        sgp_conf_mistake(conf, list, "%s is empty", key);
    return mask;
}

/* A mask of the names in the list; `name_of` gives upper-case names for `first` .. `end` - 1. */
static uint32_t mask_of(sgp_conf *conf, const sgp_setting *group, const char *key, int first,
                        int end, const char *(*name_of)(int number), const char *what) {
    size_t n;
    const sgp_setting *list = sgp_conf_texts(conf, group, key, 32, &n);
    uint32_t mask = 0;
    for (size_t i = 0; i < n && !conf->err; i++) {
        const char *name = sgp_conf_nth_text(conf, list, i);
        int found = end;
        for (int number = first; number < end && found == end; number++) {
            const char *upper = name_of(number);
            size_t k = 0;
            while (name[k] &&
                   upper[k] == (name[k] >= 'a' && name[k] <= 'z' ? name[k] - 32 : name[k]))
                k++;
            if (!name[k] && !upper[k])
                found = number;
        }
        if (found == end)
            sgp_conf_mistake(conf, config_setting_get_elem(list, (unsigned)i),
                             "\"%.40s\" is not a %s", name, what);
        else
            mask |= 1u << found;
    }
    return mask;
}

static const char *kind_name(int number) {
    return sgp_unit_kind_str((sgp_unit_kind)number);
}

static const char *skill_name(int number) {
    return sgp_skill_str((sgp_skill)number);
}

static const char *ability_name(int number) {
    return sgp_ability_str((sgp_ability)number);
}

uint32_t sgp_conf_abilities(sgp_conf *conf, const sgp_setting *group, const char *key) {
    return mask_of(conf, group, key, 0, SGP_ABILITIES, ability_name, "ability of a hospital");
}

uint32_t sgp_conf_kinds(sgp_conf *conf, const sgp_setting *group, const char *key) {
    return mask_of(conf, group, key, 1, SGP_UNIT_KINDS, kind_name, "kind of unit");
}

uint32_t sgp_conf_skills(sgp_conf *conf, const sgp_setting *group, const char *key) {
    return mask_of(conf, group, key, 0, SGP_SKILLS, skill_name, "skill");
}

bool sgp_conf_complaints(sgp_conf *conf, const sgp_setting *group, const char *key,
                         const sgp_plan *plan, sgp_complaint_set *set) {
    size_t n;
    const sgp_setting *list = sgp_conf_texts(conf, group, key, SGP_COMPLAINTS_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const char *code = sgp_conf_nth_text(conf, list, i);
        const sgp_complaint *complaint = sgp_plan_complaint(plan, code);
        if (!complaint)
            sgp_conf_mistake(conf, config_setting_get_elem(list, (unsigned)i),
                             "there is no complaint \"%.40s\" in complaints.conf", code);
        else
            sgp_complaint_set_add(set, (uint32_t)(complaint - plan->complaints));
    }
    return list != NULL;
}
