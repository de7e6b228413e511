#include "apps/place_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_LINE = 512 };

sgp_err sgp_place_list_add(sgp_place_list *list, sgp_point point, const char *rest) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        sgp_listed_place *places = realloc(list->places, capacity * sizeof *places);
        if (!places)
            return SGP_E_MEMORY;
        list->places = places;
        list->capacity = capacity;
    }
    char *copy = strdup(rest);
    if (!copy)
        return SGP_E_MEMORY;
    list->places[list->n++] = (sgp_listed_place){point, copy};
    return SGP_OK;
}

static sgp_err read_line(sgp_place_list *list, char *line, sgp_fault *fault) {
    line[strcspn(line, "\r\n")] = '\0';
    char *text = line + strspn(line, " \t");
    if (*text == '\0' || *text == '#')
        return SGP_OK;
    if (list->n == SGP_PLACE_LIST_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "more than %d places", SGP_PLACE_LIST_MAX);
    char *rest = strchr(text, ',');
    rest = rest ? strchr(rest + 1, ',') : NULL;
    if (rest)
        *rest++ = '\0';
    sgp_point point;
    sgp_err err = sgp_point_parse(text, &point, fault);
    if (err)
        return err;
    err = sgp_place_list_add(list, point, rest ? rest + strspn(rest, " \t") : "");
    return err ? sgp_fail(fault, err, "no memory for the places") : SGP_OK;
}

sgp_err sgp_place_list_read(sgp_place_list *list, const char *path, sgp_fault *fault) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "r");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "cannot open '%.100s': %s", path, strerror(errno));
    char line[LONGEST_LINE];
    sgp_err err = SGP_OK;
    sgp_fault wrong = {0};
    size_t number = 0;
    while (!err && fgets(line, sizeof line, file)) {
        number++;
        if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n')
            err = sgp_fail(&wrong, SGP_E_FORMAT, "the line is longer than %d bytes",
                           LONGEST_LINE - 2);
        else
            err = read_line(list, line, &wrong);
    }
    bool failed = ferror(file);
    if (!standard)
        fclose(file);
    if (err)
        return sgp_fail(fault, err, "%.80s, line %zu: %.140s", path, number, wrong.text);
    return failed ? sgp_fail(fault, SGP_E_IO, "reading '%.100s' failed", path) : SGP_OK;
}

void sgp_place_list_free(sgp_place_list *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->places[i].rest);
    free(list->places);
    *list = (sgp_place_list){0};
}
