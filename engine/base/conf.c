#include "base/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening -------------------------------------------------------------- */

/* The line of the first @include, 0 = none. A little stricter than libconfig: also within texts
 * that span lines, where it means nothing. */
static unsigned find_include(const char *text) {
    unsigned line = 1;
    for (const char *at = text; *at; line++) {
        const char *word = at + strspn(at, " \t");
        if (strncmp(word, "@include", 8) == 0)
            return line;
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return 0;
}

sgp_err sgp_conf_parse(sgp_conf *conf, const char *name, const char *text, sgp_fault *fault) {
    *conf = (sgp_conf){.name = name, .fault = fault};
    config_init(&conf->config);
    unsigned line = find_include(text);
    if (line)
        conf->err = sgp_fail(fault, SGP_E_CONFIG, "%s:%u: @include is not possible in this file",
                             name, line);
    else if (config_read_string(&conf->config, text) != CONFIG_TRUE)
        conf->err = sgp_fail(fault, SGP_E_CONFIG, "%s:%d: %s", name,
                             config_error_line(&conf->config), config_error_text(&conf->config));
    return conf->err;
}

sgp_err sgp_conf_read_file(const char *path, char **out, sgp_fault *fault) {
    FILE *file = fopen(path, "re");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    char *text = malloc(SGP_CONF_BYTES_MAX + 1);
    size_t n = text ? fread(text, 1, SGP_CONF_BYTES_MAX + 1, file) : 0;
    sgp_err err = SGP_OK;
    if (!text)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for %s", path);
    else if (ferror(file))
        err = sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    else if (n > SGP_CONF_BYTES_MAX)
        err =
            sgp_fail(fault, SGP_E_TOO_LARGE, "%s: larger than %d bytes", path, SGP_CONF_BYTES_MAX);
    else if (memchr(text, '\0', n))
        err = sgp_fail(fault, SGP_E_FORMAT, "%s: is no text, it holds a zero byte", path);
    fclose(file);
    if (err) {
        free(text);
        return err;
    }
    text[n] = '\0';
    *out = text;
    return SGP_OK;
}

void sgp_conf_close(sgp_conf *conf) {
    config_destroy(&conf->config);
}

/* ---- sentences ------------------------------------------------------------ */

void sgp_conf_mistake(sgp_conf *conf, const sgp_setting *at, const char *format, ...) {
    if (conf->err)
        return;
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *file = at ? config_setting_source_file(at) : NULL;
    unsigned line = at ? config_setting_source_line(at) : 0;
    file = file ? file : conf->name;
    conf->err = line > 0 ? sgp_fail(conf->fault, SGP_E_CONFIG, "%s:%u: %s", file, line, text)
                         : sgp_fail(conf->fault, SGP_E_CONFIG, "%s: %s", file, text);
}

const char *sgp_conf_name_of(const sgp_setting *setting) {
    const char *name = config_setting_name(setting);
    return name ? name : "an entry";
}

sgp_setting *sgp_conf_child(const sgp_setting *group, const char *key) {
    return group ? config_setting_get_member((sgp_setting *)(uintptr_t)group, key) : NULL;
}

void sgp_conf_check_keys(sgp_conf *conf, const sgp_setting *group, const char *known) {
    if (!group || conf->err)
        return;
    if (!config_setting_is_group(group)) {
        sgp_conf_mistake(conf, group, "%s must be a group: { ... }", sgp_conf_name_of(group));
        return;
    }
    for (int i = 0; i < config_setting_length(group); i++) {
        const sgp_setting *child = config_setting_get_elem(group, (unsigned)i);
        char padded[80];
        snprintf(padded, sizeof padded, " %.70s ", sgp_conf_name_of(child));
        if (!strstr(known, padded))
            sgp_conf_mistake(conf, child, "unknown key \"%s\"; known here:%s",
                             sgp_conf_name_of(child), known);
    }
}

/* ---- values --------------------------------------------------------------- */

const char *sgp_conf_text(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                          size_t capacity) {
    const sgp_setting *value = sgp_conf_child(group, key);
    if (!value) {
        if (required)
            sgp_conf_mistake(conf, group, "the key \"%s\" is missing", key);
        return NULL;
    }
    const char *text = config_setting_get_string(value);
    if (!text) {
        sgp_conf_mistake(conf, value, "%s must be a text: \"...\"", key);
        return NULL;
    }
    if (required && *text == '\0')
        sgp_conf_mistake(conf, value, "%s is empty", key);
    if (strlen(text) >= capacity)
        sgp_conf_mistake(conf, value, "%s is longer than %zu bytes", key, capacity - 1);
    return conf->err ? NULL : text;
}

void sgp_conf_copy(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                   char *out, size_t capacity) {
    const char *text = sgp_conf_text(conf, group, key, required, capacity);
    if (text)
        snprintf(out, capacity, "%s", text);
}

static bool number_value(const sgp_setting *setting, double *value) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
        *value = config_setting_get_int(setting);
        return true;
    case CONFIG_TYPE_INT64:
        *value = (double)config_setting_get_int64(setting);
        return true;
    case CONFIG_TYPE_FLOAT:
        *value = config_setting_get_float(setting);
        return true;
    default:
        return false;
    }
}

double sgp_conf_value(sgp_conf *conf, const sgp_setting *setting, const char *key, double low,
                      double high, double otherwise) {
    double value;
    if (!number_value(setting, &value))
        sgp_conf_mistake(conf, setting, "%s must be a number", key);
    else if (!(value >= low && value <= high))
        sgp_conf_mistake(conf, setting, "%s must be between %g and %g", key, low, high);
    else
        return value;
    return otherwise;
}

double sgp_conf_number(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                       double low, double high, double otherwise) {
    const sgp_setting *setting = sgp_conf_child(group, key);
    if (setting)
        return sgp_conf_value(conf, setting, key, low, high, otherwise);
    if (required)
        sgp_conf_mistake(conf, group, "the key \"%s\" is missing", key);
    return otherwise;
}

bool sgp_conf_boolean(sgp_conf *conf, const sgp_setting *group, const char *key, bool otherwise) {
    const sgp_setting *value = sgp_conf_child(group, key);
    if (!value)
        return otherwise;
    if (config_setting_type(value) != CONFIG_TYPE_BOOL) {
        sgp_conf_mistake(conf, value, "%s must be true or false", key);
        return otherwise;
    }
    return config_setting_get_bool(value) != 0;
}

/* ---- lists ---------------------------------------------------------------- */

static size_t count(sgp_conf *conf, const sgp_setting *list, const char *key, size_t limit) {
    size_t n = (size_t)config_setting_length(list);
    if (n > limit)
        sgp_conf_mistake(conf, list, "%s has %zu entries, more than %zu", key, n, limit);
    return conf->err ? 0 : n;
}

const sgp_setting *sgp_conf_groups(sgp_conf *conf, const sgp_setting *group, const char *key,
                                   size_t limit, size_t *n) {
    const sgp_setting *list = sgp_conf_child(group, key);
    *n = 0;
    if (!list || conf->err)
        return NULL;
    if (!config_setting_is_list(list)) {
        sgp_conf_mistake(conf, list, "%s must be a list of groups: ( { ... }, { ... } )", key);
        return NULL;
    }
    *n = count(conf, list, key, limit);
    return list;
}

const sgp_setting *sgp_conf_texts(sgp_conf *conf, const sgp_setting *group, const char *key,
                                  size_t limit, size_t *n) {
    const sgp_setting *list = sgp_conf_child(group, key);
    *n = 0;
    if (!list || conf->err)
        return NULL;
    if (!config_setting_is_list(list) && !config_setting_is_array(list)) {
        sgp_conf_mistake(conf, list, "%s must be a list of texts: [ \"...\", \"...\" ]", key);
        return NULL;
    }
    *n = count(conf, list, key, limit);
    return list;
}

const char *sgp_conf_nth_text(sgp_conf *conf, const sgp_setting *list, size_t nth) {
    const char *text = config_setting_get_string_elem(list, (int)nth);
    if (!text)
        sgp_conf_mistake(conf, config_setting_get_elem(list, (unsigned)nth),
                         "%s must hold texts: [ \"...\", \"...\" ]", sgp_conf_name_of(list));
    return text ? text : "";
}
