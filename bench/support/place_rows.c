#include "support/place_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 32, FILE_MAX = 64 * 1024 * 1024 };

typedef enum column {
    QUERY,
    EXPECTED,
    EXPECTED_LAT,
    EXPECTED_LON,
    METRES,
    LAT,
    LON,
    LIMIT,
    KIND,
    GARBLE,
    EARLIER,
    COLUMNS
} column;

static const struct {
    const char *name;
    column is;
} NAMES[] = {
    {"query", QUERY},
    {"expected_coordinate", EXPECTED},
    {"expected_lat", EXPECTED_LAT},
    {"expected_lon", EXPECTED_LON},
    {"expected_metres", METRES},
    {"expected_meters", METRES},
    {"metres", METRES},
    {"meters", METRES},
    {"metre", METRES},
    {"m", METRES},
    {"tolerance", METRES},
    {"tolerance_m", METRES},
    {"lat", LAT},
    {"lon", LON},
    {"limit", LIMIT},
    {"kind", KIND},
    {"garble", GARBLE},
    {"earlier", EARLIER},
};

/* ---- CSV ---------------------------------------------------------------------- */

typedef struct csv {
    const char *path;
    char *at; /* the file's text, taken apart in place */
    char between;
    size_t line;
    char *fields[FIELDS_MAX];
    size_t n_fields;
} csv;

/* One field; *ends tells whether the line ends after it. */
static char *read_field(csv *c, bool *ends) {
    char *from = c->at, *to = c->at, *begin = c->at;
    bool quoted = *from == '"';
    if (quoted)
        from++;
    for (; *from; from++) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                quoted = false;
                continue;
            }
            from++;
        } else if (!quoted && (*from == c->between || *from == '\n')) {
            break;
        } else if (!quoted && *from == '\r' && from[1] == '\n') {
            continue;
        }
        c->line += *from == '\n';
        *to++ = *from;
    }
    *ends = *from != c->between;
    c->at = *from ? from + 1 : from;
    c->line += *from == '\n';
    *to = '\0';
    return begin;
}

/* False at the end of the file. A field beyond FIELDS_MAX is passed over. */
static bool read_line(csv *c) {
    if (!*c->at)
        return false;
    c->n_fields = 0;
    for (bool ends = false; !ends;) {
        char *field = read_field(c, &ends);
        if (c->n_fields < FIELDS_MAX)
            c->fields[c->n_fields++] = field;
    }
    return true;
}

static sgp_err read_file(const char *path, char **text, sgp_fault *fault) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    size_t capacity = 1 << 16, n = 0, got;
    *text = malloc(capacity + 1);
    while (*text && (got = fread(*text + n, 1, capacity - n, file)) > 0) {
        n += got;
        if (n == capacity && n < FILE_MAX) {
            capacity *= 2;
            char *more = realloc(*text, capacity + 1);
            if (!more)
                free(*text);
            *text = more;
        }
    }
    bool failed = ferror(file) != 0 || !*text || n >= FILE_MAX;
    fclose(file);
    if (failed) {
        free(*text);
        return sgp_fail(fault, SGP_E_IO, "%s: cannot be read, or is over 64 MB", path);
    }
    (*text)[n] = '\0';
    return SGP_OK;
}

/* ---- rows ---------------------------------------------------------------------- */

static sgp_err wrong(const csv *c, size_t line, const char *what, const char *field,
                     sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_FORMAT, "%s:%zu: %s: '%.80s'", c->path, line, what, field);
}

static bool number(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    while (*end == ' ')
        end++;
    return end != text && *end == '\0';
}

static bool point_of(const char *lat, const char *lon, sgp_point *point) {
    double y, x;
    return number(lat, &y) && number(lon, &x) && sgp_point_from_degrees(x, y, point) == SGP_OK;
}

static bool expect(bench_place_row *row, const char *lat, const char *lon, const char *metres) {
    size_t i = row->n_expected;
    if (i == BENCH_PLACE_EXPECTED || !point_of(lat, lon, &row->expected[i]) ||
        !number(metres, &row->tolerance_m[i]) || !(row->tolerance_m[i] >= 0.0))
        return false;
    row->n_expected++;
    return true;
}

/* "lat,lon,metres|lat,lon,metres" */
static bool expect_all(bench_place_row *row, const char *text) {
    char copy[512];
    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy)
        return false;
    char *rest = copy;
    for (char *one; (one = strsep(&rest, "|")) != NULL;) {
        char *lat = strsep(&one, ","), *lon = strsep(&one, ","), *metres = one;
        if (!lon || !metres || !expect(row, lat, lon, metres))
            return false;
    }
    return true;
}

static bool earlier_texts(bench_place_row *row, const char *text) {
    char *copy = strdup(text), *rest = copy;
    for (char *one; rest && (one = strsep(&rest, "|")) != NULL;) {
        one += strspn(one, " ");
        if (!*one)
            continue;
        if (row->n_earlier == BENCH_PLACE_EARLIER) {
            free(copy);
            return false;
        }
        row->earlier[row->n_earlier++] = strdup(one);
    }
    free(copy);
    return true;
}

static void free_row(bench_place_row *row) {
    free(row->query);
    for (size_t i = 0; i < row->n_earlier; i++)
        free(row->earlier[i]);
}

typedef struct columns {
    int at[COLUMNS]; /* -1 = the file has none */
    bool point_is_expected;
} columns;

static const char *field_of(const csv *c, const columns *cols, column which) {
    int at = cols->at[which];
    return at >= 0 && (size_t)at < c->n_fields ? c->fields[at] : "";
}

static const char *fill_row(const csv *c, const columns *cols, bench_place_row *row) {
    const char *lat = field_of(c, cols, LAT), *lon = field_of(c, cols, LON);
    const char *metres = field_of(c, cols, METRES), *limit = field_of(c, cols, LIMIT);
    const char *kind = field_of(c, cols, KIND);
    row->query = strdup(field_of(c, cols, QUERY));
    if (!row->query || !*row->query)
        return "the query is empty";
    bool good = cols->at[EXPECTED] >= 0   ? expect_all(row, field_of(c, cols, EXPECTED))
                : cols->point_is_expected ? expect(row, lat, lon, metres)
                                          : expect(row, field_of(c, cols, EXPECTED_LAT),
                                                   field_of(c, cols, EXPECTED_LON), metres);
    if (!good)
        return "no expected point with metres (at most 4 of them)";
    if (!cols->point_is_expected && (*lat || *lon)) {
        if (!point_of(lat, lon, &row->near))
            return "lat, lon to search around make no point";
        row->has_near = true;
    }
    double most = 1.0;
    if (*limit && (!number(limit, &most) || most < 1.0 || most > 10.0))
        return "limit is not 1 to 10";
    row->limit = (int)most;
    snprintf(row->kind, sizeof row->kind, "%.*s", BENCH_PLACE_WORD - 1, *kind ? kind : "place");
    snprintf(row->garble, sizeof row->garble, "%.*s", BENCH_PLACE_WORD - 1,
             field_of(c, cols, GARBLE));
    if (!earlier_texts(row, field_of(c, cols, EARLIER)))
        return "more than 4 earlier texts";
    return NULL;
}

static sgp_err read_header(csv *c, columns *cols, sgp_fault *fault) {
    size_t first = strcspn(c->at, ",;\t\n");
    c->between = c->at[first] == '\n' || !c->at[first] ? ',' : c->at[first];
    for (int i = 0; i < COLUMNS; i++)
        cols->at[i] = -1;
    if (!read_line(c))
        return wrong(c, 1, "the file is empty", "", fault);
    for (size_t f = 0; f < c->n_fields; f++)
        for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
            if (strcmp(c->fields[f] + strspn(c->fields[f], " "), NAMES[i].name) == 0)
                cols->at[NAMES[i].is] = (int)f;
    if (cols->at[QUERY] < 0)
        return wrong(c, 1, "no column 'query'", c->fields[0], fault);
    cols->point_is_expected = cols->at[EXPECTED] < 0 && cols->at[EXPECTED_LAT] < 0;
    bool point = cols->at[EXPECTED_LAT] >= 0 && cols->at[EXPECTED_LON] >= 0;
    bool plain = cols->at[LAT] >= 0 && cols->at[LON] >= 0;
    if (cols->at[EXPECTED] < 0 && !((point || plain) && cols->at[METRES] >= 0))
        return wrong(c, 1, "neither 'expected_coordinate' nor lat, lon and metres are columns",
                     c->fields[0], fault);
    return SGP_OK;
}

static bench_place_row *room(bench_place_rows *rows) {
    if (rows->n == rows->capacity) {
        rows->capacity = rows->capacity ? rows->capacity * 2 : 256;
        rows->list = realloc(rows->list, rows->capacity * sizeof *rows->list);
        if (!rows->list)
            abort();
    }
    rows->list[rows->n] = (bench_place_row){0};
    return &rows->list[rows->n];
}

sgp_err bench_place_rows_read(const char *path, bench_place_rows *rows, sgp_fault *fault) {
    char *text = NULL;
    sgp_err err = read_file(path, &text, fault);
    if (err != SGP_OK)
        return err;
    csv c = {.path = path, .at = text, .line = 1};
    if (strncmp(c.at, "\xEF\xBB\xBF", 3) == 0)
        c.at += 3;
    columns cols = {.point_is_expected = false};
    err = read_header(&c, &cols, fault);
    while (err == SGP_OK) {
        size_t line = c.line;
        if (!read_line(&c))
            break;
        if (c.n_fields == 1 && !*c.fields[0])
            continue;
        bench_place_row *row = room(rows);
        const char *fault_text = fill_row(&c, &cols, row);
        if (fault_text) {
            err = wrong(&c, line, fault_text, c.fields[0], fault);
            free_row(row);
            break;
        }
        row->line = line;
        rows->n++;
    }
    free(text);
    return err;
}

void bench_place_rows_free(bench_place_rows *rows) {
    for (size_t i = 0; i < rows->n; i++)
        free_row(&rows->list[i]);
    free(rows->list);
    *rows = (bench_place_rows){0};
}

double bench_place_miss_m(const bench_place_row *row, sgp_point point, bool *hit) {
    double least = -1.0;
    *hit = false;
    for (size_t i = 0; i < row->n_expected; i++) {
        double away = sgp_distance_m(row->expected[i], point);
        if (least < 0.0 || away < least)
            least = away;
        *hit = *hit || away <= row->tolerance_m[i];
    }
    return least;
}
