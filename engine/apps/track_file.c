#include "apps/track_file.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { NUMBERS = 5, LONGEST_LINE = 256 };
static const char *const names[NUMBERS] = {"lon", "lat", "at_ms", "heading_deg", "accuracy_m"};

typedef struct track {
    sgp_track_point *points;
    size_t n, capacity;
} track;

/* `where` names the line or position in faults. NAN: not given. */
static sgp_err add_point(track *t, const double number[NUMBERS], const char *where,
                         sgp_fault *fault) {
    if (t->n == SGP_TRACK_POINTS)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "more than %d positions", SGP_TRACK_POINTS);
    if (t->n == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 256;
        sgp_track_point *points = realloc(t->points, capacity * sizeof *points);
        if (!points)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory for the track");
        t->points = points;
        t->capacity = capacity;
    }
    sgp_track_point made = {.heading_deg = isnan(number[3]) ? -1 : number[3],
                            .accuracy_m = isnan(number[4]) ? 0 : number[4]};
    for (int i = 0; i < 3; i++)
        if (isnan(number[i]))
            return sgp_fail(fault, SGP_E_FORMAT, "%s: %s is missing", where, names[i]);
    if (sgp_point_from_degrees(number[0], number[1], &made.point) != SGP_OK)
        return sgp_fail(fault, SGP_E_RANGE, "%s: %g,%g is no place on earth (lon,lat)", where,
                        number[0], number[1]);
    if (!(number[2] >= 0 && number[2] < 1e15))
        return sgp_fail(fault, SGP_E_RANGE, "%s: %g is no time in Unix milliseconds", where,
                        number[2]);
    if (!(made.heading_deg >= -1 && made.heading_deg <= 360))
        return sgp_fail(fault, SGP_E_RANGE, "%s: the heading %g is not from 0 to 360", where,
                        number[3]);
    if (!(made.accuracy_m >= 0 && made.accuracy_m <= 100000))
        return sgp_fail(fault, SGP_E_RANGE, "%s: the accuracy %g is not from 0 to 100000 m", where,
                        number[4]);
    made.at_ms = (int64_t)number[2];
    if (t->n > 0 && made.at_ms <= t->points[t->n - 1].at_ms)
        return sgp_fail(fault, SGP_E_RANGE, "%s: its time is not later than the one before", where);
    t->points[t->n++] = made;
    return SGP_OK;
}

/* ---- lines ---------------------------------------------------------------------------- */

static sgp_err read_line(track *t, char *line, const char *where, sgp_fault *fault) {
    double number[NUMBERS] = {NAN, NAN, NAN, NAN, NAN};
    char *at = line;
    for (int i = 0; i < NUMBERS; i++) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        at += strspn(at, " \t");
        if (*at != '\0') {
            char *end;
            number[i] = strtod(at, &end);
            if (end == at || end[strspn(end, " \t\r")] != '\0' || !isfinite(number[i]))
                return sgp_fail(fault, SGP_E_FORMAT, "%s: '%.40s' is not a number", where, at);
        }
        if (!comma)
            return add_point(t, number, where, fault);
        at = comma + 1;
    }
    return sgp_fail(fault, SGP_E_FORMAT, "%s: more than %d numbers", where, NUMBERS);
}

static sgp_err read_lines(track *t, const char *bytes, size_t length, sgp_fault *fault) {
    size_t line_number = 0;
    for (size_t begin = 0, end; begin < length; begin = end + 1) {
        const char *newline = memchr(bytes + begin, '\n', length - begin);
        end = newline ? (size_t)(newline - bytes) : length;
        char line[LONGEST_LINE], where[32];
        snprintf(where, sizeof where, "line %zu", ++line_number);
        if (end - begin >= sizeof line)
            return sgp_fail(fault, SGP_E_FORMAT, "%s is too long for a position", where);
        memcpy(line, bytes + begin, end - begin);
        line[end - begin] = '\0';
        line[strcspn(line, "\r")] = '\0';
        const char *text = line + strspn(line, " \t");
        bool title = line_number == 1 && isalpha((unsigned char)*text);
        if (*text == '\0' || *text == '#' || title)
            continue;
        sgp_err err = read_line(t, line, where, fault);
        if (err)
            return err;
    }
    return SGP_OK;
}

/* ---- JSON ------------------------------------------------------------------------------- */

static sgp_err read_value(const json_t *value, double *number, const char *where, const char *name,
                          sgp_fault *fault) {
    if (json_is_number(value))
        *number = json_number_value(value);
    else if (value && !json_is_null(value))
        return sgp_fail(fault, SGP_E_FORMAT, "%s: %s is not a number", where, name);
    return SGP_OK;
}

static sgp_err read_position(track *t, const json_t *position, size_t index, sgp_fault *fault) {
    double number[NUMBERS] = {NAN, NAN, NAN, NAN, NAN};
    char where[40];
    snprintf(where, sizeof where, "position %zu", index + 1);
    if (!json_is_array(position) && !json_is_object(position))
        return sgp_fail(fault, SGP_E_FORMAT, "%s is neither an array nor an object", where);
    for (size_t i = 0; i < NUMBERS; i++) {
        const json_t *value = json_is_array(position) ? json_array_get(position, i)
                                                      : json_object_get(position, names[i]);
        sgp_err err = read_value(value, &number[i], where, names[i], fault);
        if (err)
            return err;
    }
    return add_point(t, number, where, fault);
}

static sgp_err read_json(track *t, const char *bytes, size_t length, sgp_fault *fault) {
    json_error_t error;
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return sgp_fail(fault, SGP_E_FORMAT, "line %d: %s", error.line, error.text);
    const json_t *points = json_is_object(root) ? json_object_get(root, "points") : root;
    sgp_err err = SGP_OK;
    if (!json_is_array(points))
        err = sgp_fail(fault, SGP_E_FORMAT, "there is no array \"points\"");
    for (size_t i = 0; !err && i < json_array_size(points); i++)
        err = read_position(t, json_array_get(points, i), i, fault);
    json_decref(root);
    return err;
}

/* ---- the whole ---------------------------------------------------------------------------- */

sgp_err sgp_track_read(const char *bytes, size_t length, sgp_track_point **points, size_t *n,
                       sgp_fault *fault) {
    track t = {0};
    size_t first = 0;
    while (first < length && isspace((unsigned char)bytes[first]))
        first++;
    bool json = first < length && (bytes[first] == '[' || bytes[first] == '{');
    sgp_err err = json ? read_json(&t, bytes, length, fault) : read_lines(&t, bytes, length, fault);
    if (!err && t.n < 2)
        err = sgp_fail(fault, SGP_E_FORMAT, "a track needs at least two positions, there %s %zu",
                       t.n == 1 ? "is" : "are", t.n);
    if (err) {
        free(t.points);
        return err;
    }
    *points = t.points;
    *n = t.n;
    return SGP_OK;
}

sgp_err sgp_track_file_read(const char *path, sgp_track_point **points, size_t *n,
                            sgp_fault *fault) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "cannot open '%s': %s", path, strerror(errno));
    char *bytes = malloc(SGP_TRACK_BYTES + 1);
    size_t length = bytes ? fread(bytes, 1, SGP_TRACK_BYTES + 1, file) : 0;
    bool failed = ferror(file);
    if (file != stdin)
        fclose(file);
    sgp_fault inside = {0};
    sgp_err err = SGP_OK;
    if (!bytes)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the track");
    else if (failed)
        err = sgp_fail(fault, SGP_E_IO, "reading '%s' failed", path);
    else if (length > SGP_TRACK_BYTES)
        err =
            sgp_fail(fault, SGP_E_TOO_LARGE, "'%s' is larger than %d bytes", path, SGP_TRACK_BYTES);
    else if ((err = sgp_track_read(bytes, length, points, n, &inside)) != SGP_OK)
        (void)sgp_fail(fault, err, "%.100s, %.150s", path, inside.text);
    free(bytes);
    return err;
}
