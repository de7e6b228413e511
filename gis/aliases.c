#include "gis/aliases.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 1024 * 1024 };

struct sgp_aliases {
    char *text;
    size_t length;
    config_t file; /* owns the names */
    sgp_alias *list;
    size_t n, room;
};

static sgp_err read_text(const char *path, sgp_aliases *aliases, sgp_fault *fault) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", path, strerror(errno));
    aliases->text = malloc(FILE_BYTES_MAX + 1);
    if (aliases->text)
        aliases->length = fread(aliases->text, 1, FILE_BYTES_MAX + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (!aliases->text)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left while reading %.150s", path);
    if (failed)
        return sgp_fail(fault, SGP_E_IO, "cannot read %.150s", path);
    if (aliases->length > FILE_BYTES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%.150s has more than %d bytes", path,
                        FILE_BYTES_MAX);
    aliases->text[aliases->length] = '\0';
    return SGP_OK;
}

static sgp_err add(sgp_aliases *aliases, sgp_alias alias, sgp_fault *fault) {
    if (aliases->n == aliases->room) {
        size_t room = aliases->room ? 2 * aliases->room : 64;
        sgp_alias *list = realloc(aliases->list, room * sizeof *list);
        if (!list)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory left while reading aliases");
        aliases->list = list;
        aliases->room = room;
    }
    aliases->list[aliases->n++] = alias;
    return SGP_OK;
}

static bool read_degrees(config_setting_t *near, unsigned index, double low, double high,
                         double *value) {
    config_setting_t *element = config_setting_get_elem(near, index);
    if (!element || !config_setting_is_number(element))
        return false;
    *value = config_setting_type(element) == CONFIG_TYPE_FLOAT
                 ? config_setting_get_float(element)
                 : (double)config_setting_get_int(element);
    return *value >= low && *value <= high;
}

/* NULL = all is well. */
static const char *read_nearness(config_setting_t *group, sgp_alias *alias) {
    config_setting_t *near = config_setting_get_member(group, "near");
    config_setting_t *km = config_setting_get_member(group, "km");
    if (!near && !km)
        return NULL;
    if (!near || !km || config_setting_length(near) != 2 ||
        !read_degrees(near, 0, -180, 180, &alias->lon) ||
        !read_degrees(near, 1, -90, 90, &alias->lat))
        return "near = [longitude, latitude] and km go together";
    alias->km = config_setting_type(km) == CONFIG_TYPE_FLOAT ? config_setting_get_float(km)
                                                             : (double)config_setting_get_int(km);
    if (!(alias->km > 0 && alias->km <= 20000))
        return "km is a distance over 0";
    alias->is_near = true;
    return NULL;
}

static sgp_err read_entry(config_setting_t *group, const char *path, sgp_aliases *aliases,
                          sgp_fault *fault) {
    sgp_alias alias = {0};
    const char *wrong = NULL;
    config_setting_t *also = NULL;
    if (!config_setting_is_group(group) ||
        config_setting_lookup_string(group, "name", &alias.name) != CONFIG_TRUE || !*alias.name)
        wrong = "an alias needs the name that the map has";
    else if (!(also = config_setting_get_member(group, "also")) || config_setting_length(also) == 0)
        wrong = "an alias needs also = [ names ]";
    else
        wrong = read_nearness(group, &alias);
    for (int i = 0; !wrong && i < config_setting_length(also); i++) {
        alias.also = config_setting_get_string_elem(also, i);
        /* ';' parts the names of a thing in the database, as it does on the map. */
        if (!alias.also || !*alias.also || strchr(alias.also, ';')) {
            wrong = "also holds names in quotes, without ';'";
        } else {
            sgp_err err = add(aliases, alias, fault);
            if (err != SGP_OK)
                return err;
        }
    }
    return wrong ? sgp_fail(fault, SGP_E_CONFIG, "%.150s:%u: %s", path,
                            config_setting_source_line(group), wrong)
                 : SGP_OK;
}

static sgp_err read_all(const char *path, sgp_aliases *aliases, sgp_fault *fault) {
    sgp_err err = read_text(path, aliases, fault);
    if (err != SGP_OK)
        return err;
    if (strlen(aliases->text) != aliases->length)
        return sgp_fail(fault, SGP_E_CONFIG, "%.150s is no text", path);
    if (config_read_string(&aliases->file, aliases->text) != CONFIG_TRUE)
        return sgp_fail(fault, SGP_E_CONFIG, "%.150s:%d: %s", path,
                        config_error_line(&aliases->file), config_error_text(&aliases->file));
    config_setting_t *list = config_lookup(&aliases->file, "aliases");
    if (!list || !config_setting_is_list(list))
        return sgp_fail(fault, SGP_E_CONFIG, "%.150s has no list 'aliases'", path);
    for (int i = 0; i < config_setting_length(list) && err == SGP_OK; i++)
        err = read_entry(config_setting_get_elem(list, (unsigned)i), path, aliases, fault);
    return err;
}

sgp_err sgp_aliases_read(const char *path, sgp_aliases **result, sgp_fault *fault) {
    sgp_aliases *aliases = calloc(1, sizeof *aliases);
    if (!aliases)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left while reading %.150s", path);
    config_init(&aliases->file);
    sgp_err err = read_all(path, aliases, fault);
    if (err != SGP_OK) {
        sgp_aliases_destroy(aliases);
        return err;
    }
    *result = aliases;
    return SGP_OK;
}

void sgp_aliases_destroy(sgp_aliases *aliases) {
    if (!aliases)
        return;
    config_destroy(&aliases->file);
    free(aliases->text);
    free(aliases->list);
    free(aliases);
}

size_t sgp_aliases_count(const sgp_aliases *aliases) {
    return aliases->n;
}

sgp_alias sgp_aliases_at(const sgp_aliases *aliases, size_t index) {
    return aliases->list[index];
}

const char *sgp_aliases_text(const sgp_aliases *aliases, size_t *length) {
    *length = aliases->length;
    return aliases->text;
}
