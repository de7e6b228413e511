/* Reading cameras: CSV by libcsv, GeoJSON by jansson, and what both must hold to. */
#include <csv.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/conf.h"
#include "serve/camera_set.h"

enum { COLUMNS_MAX = 32, CELL_BYTES = 512, GRID_SLICE_US = 1000000 };

/* What a camera is told by; also the names of columns and properties. */
enum { PART_ID, PART_NAME, PART_LON, PART_LAT, PART_HEADING, PART_URL, PART_OWNER, PARTS };
static const char *const part_names[PARTS] = {"id",      "name", "lon",  "lat",
                                              "heading", "url",  "owner"};
enum { REQUIRED = 1 << PART_ID | 1 << PART_NAME | 1 << PART_LON | 1 << PART_LAT };

typedef struct reading {
    const char *file;
    sgp_camera_set *set;
    uint32_t capacity;
    sgp_fault *fault;
    sgp_err err;    /* the first mistake; everything after it is passed over */
    char where[96]; /* "12", or "features[3]" */
    /* CSV: which part each column is, and the cells of a row. */
    size_t n_columns, n_cells;
    int part_of[COLUMNS_MAX];
    char cells[COLUMNS_MAX][CELL_BYTES];
} reading;

static void mistake(reading *r, const char *part, const char *format, ...) SGP_PRINTF(3, 4);
static void mistake(reading *r, const char *part, const char *format, ...) {
    char text[160];
    va_list arguments;
    if (r->err != SGP_OK)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    r->err = sgp_fail(r->fault, SGP_E_CONFIG, "%.100s:%s%s%s %s", r->file, r->where,
                      part[0] != '\0' ? " " : "", part, text);
}

/* ---- one camera -------------------------------------------------------------------- */

/* The part as told; texts "" and numbers NAN where it is not. `name` says where, for a mistake. */
typedef struct told {
    const char *text[PARTS];
    double number[PARTS];
    char name[PARTS][64];
} told;

static void take_text(reading *r, const told *t, int part, char *into, size_t capacity) {
    const char *text = t->text[part];
    if (strlen(text) >= capacity)
        mistake(r, t->name[part], "has more than %zu bytes", capacity - 1);
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            mistake(r, t->name[part], "has a control character in it");
    snprintf(into, capacity, "%s", text);
}

/* A page opens this address when somebody touches it, so it must be of a camera's stream and
 * nothing that runs. */
static void check_url(reading *r, const told *t) {
    static const char *const schemes[] = {"http://", "https://", "rtsp://"};
    static const char refused[] = "\"'<>\\`{}|^ ";
    const char *url = t->text[PART_URL], *host = NULL;
    if (*url == '\0')
        return;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            host = url + strlen(schemes[i]);
    if (host == NULL) {
        mistake(r, t->name[PART_URL], "\"%.40s\" is no http://, https:// or rtsp:// address", url);
        return;
    }
    size_t authority = strcspn(host, "/?#");
    if (authority == 0 || host[0] == ':')
        mistake(r, t->name[PART_URL], "\"%.40s\" names no host", url);
    if (memchr(host, '@', authority) != NULL)
        mistake(r, t->name[PART_URL],
                "holds a user or password, which everybody who sees the camera would read");
    for (const char *at = url; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f || strchr(refused, *at))
            mistake(r, t->name[PART_URL], "has a character that an address cannot have");
}

static void check_numbers(reading *r, const told *t, sgp_camera *camera) {
    double lon = t->number[PART_LON], lat = t->number[PART_LAT], heading = t->number[PART_HEADING];
    if (!(lon >= -180 && lon <= 180))
        mistake(r, t->name[PART_LON], "must be -180 to 180");
    else if (!(lat >= -90 && lat <= 90))
        mistake(r, t->name[PART_LAT], "must be -90 to 90%s",
                fabs(lat) <= 180 && fabs(lon) <= 90 ? "; are lon and lat swapped?" : "");
    else if (sgp_point_from_degrees(lon, lat, &camera->point) != SGP_OK)
        mistake(r, t->name[PART_LON], "is no place on the earth");
    if (isnan(heading))
        camera->heading_deg = -1;
    else if (heading >= 0 && heading < 360)
        camera->heading_deg = (int32_t)lround(heading) % 360;
    else
        mistake(r, t->name[PART_HEADING], "must be 0 to 359, clockwise from north");
}

static void take_camera(reading *r, const told *t) {
    sgp_camera_set *set = r->set;
    if (r->err != SGP_OK)
        return;
    if (set->n == SGP_CAMERAS_MAX) {
        mistake(r, "", "there are more than %d cameras", SGP_CAMERAS_MAX);
        return;
    }
    if (set->n == r->capacity) {
        uint32_t wanted = r->capacity == 0 ? 256 : 2 * r->capacity;
        sgp_camera *more = realloc(set->cameras, wanted * sizeof *more);
        if (more == NULL) {
            r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for the cameras");
            return;
        }
        set->cameras = more;
        r->capacity = wanted;
    }
    sgp_camera *camera = &set->cameras[set->n];
    memset(camera, 0, sizeof *camera);
    if (*t->text[PART_ID] == '\0')
        mistake(r, t->name[PART_ID], "is missing");
    if (*t->text[PART_NAME] == '\0')
        mistake(r, t->name[PART_NAME], "is missing");
    take_text(r, t, PART_ID, camera->id, sizeof camera->id);
    take_text(r, t, PART_NAME, camera->name, sizeof camera->name);
    take_text(r, t, PART_OWNER, camera->owner, sizeof camera->owner);
    take_text(r, t, PART_URL, camera->url, sizeof camera->url);
    check_url(r, t);
    check_numbers(r, t, camera);
    if (r->err == SGP_OK)
        set->n++;
}

/* ---- CSV --------------------------------------------------------------------------- */

static void on_cell(void *bytes, size_t length, void *ctx) {
    reading *r = ctx;
    if (r->err != SGP_OK)
        return;
    if (r->n_cells == COLUMNS_MAX) {
        mistake(r, "", "there are more than %d columns", COLUMNS_MAX);
        return;
    }
    if (length >= CELL_BYTES) {
        mistake(r, "", "column %zu is longer than %d bytes", r->n_cells + 1, CELL_BYTES - 1);
        return;
    }
    char *cell = r->cells[r->n_cells++];
    if (length > 0)
        memcpy(cell, bytes, length);
    cell[length] = '\0';
}

static void on_row(int end, void *ctx) {
    (void)end;
    (void)ctx;
}

static void take_header(reading *r) {
    unsigned found = 0;
    for (size_t i = 0; i < r->n_cells; i++) {
        int part = 0;
        while (part < PARTS && strcasecmp(part_names[part], r->cells[i]) != 0)
            part++;
        if (part == PARTS)
            mistake(r, "",
                    "column %zu: unknown column \"%.40s\"; known: id name lon lat heading"
                    " url owner",
                    i + 1, r->cells[i]);
        else if (found & 1u << part)
            mistake(r, "", "column %zu: %s is there twice", i + 1, part_names[part]);
        else
            found |= 1u << part;
        r->part_of[i] = part;
    }
    for (int part = 0; part < PARTS; part++)
        if ((REQUIRED & 1 << part) != 0 && (found & 1u << part) == 0)
            mistake(r, "", "the column %s is missing", part_names[part]);
    r->n_columns = r->n_cells;
}

/* NAN: the cell is empty. */
static double number_of(reading *r, const told *t, int part) {
    const char *text = t->text[part];
    char *end = NULL;
    if (*text == '\0')
        return NAN;
    double number = strtod(text, &end);
    /* strtod also reads 0x1p3, inf and nan. */
    if (*end != '\0' || text[strspn(text, "+-.0123456789eE")] != '\0' || !isfinite(number))
        mistake(r, t->name[part], "\"%.30s\" is not a number", text);
    return number;
}

static void take_row(reading *r) {
    told t;
    for (int part = 0; part < PARTS; part++) {
        t.text[part] = "";
        t.number[part] = NAN;
        snprintf(t.name[part], sizeof t.name[part], "%s", part_names[part]);
    }
    if (r->n_cells != r->n_columns) {
        mistake(r, "", "there are %zu cells for %zu columns", r->n_cells, r->n_columns);
        return;
    }
    for (size_t i = 0; i < r->n_cells; i++) {
        int part = r->part_of[i];
        t.text[part] = r->cells[i];
        snprintf(t.name[part], sizeof t.name[part], "column %zu (%s)", i + 1, part_names[part]);
    }
    for (int part = PART_LON; part <= PART_HEADING; part++)
        t.number[part] = number_of(r, &t, part);
    take_camera(r, &t);
}

/* Line by line, since a mistake names its line; so no cell goes over several. */
static void take_line(reading *r, const char *text, size_t length) {
    struct csv_parser csv;
    if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for %s", r->file);
        return;
    }
    r->n_cells = 0;
    if (csv_parse(&csv, text, length, on_cell, on_row, r) != length)
        mistake(r, "", "column %zu: %s", r->n_cells + 1, csv_strerror(csv_error(&csv)));
    else if (csv_fini(&csv, on_cell, on_row, r) != 0)
        mistake(r, "", "column %zu: a quotation is not closed", r->n_cells + 1);
    csv_free(&csv);
    if (r->err != SGP_OK)
        return;
    if (r->n_columns == 0)
        take_header(r);
    else
        take_row(r);
}

static void read_csv(reading *r, const char *text) {
    unsigned line = 0;
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* a spreadsheet's mark of UTF-8 */
        text += 3;
    while (*text != '\0' && r->err == SGP_OK) {
        size_t length = strcspn(text, "\n"), kept = length;
        while (kept > 0 && (text[kept - 1] == '\r' || text[kept - 1] == ' '))
            kept--;
        snprintf(r->where, sizeof r->where, "%u:", ++line);
        if (kept > 0 && text[0] != '#')
            take_line(r, text, kept);
        text += length + (text[length] == '\n');
    }
    r->where[0] = '\0';
    if (r->err == SGP_OK && r->n_columns == 0)
        mistake(r, "", "the file is empty");
}

/* ---- GeoJSON ----------------------------------------------------------------------- */

static void take_property(reading *r, told *t, int part, const json_t *value) {
    bool is_text = part != PART_LON && part != PART_LAT && part != PART_HEADING;
    if (value == NULL || json_is_null(value))
        return;
    if (is_text && json_is_string(value))
        t->text[part] = json_string_value(value);
    else if (!is_text && json_is_number(value))
        t->number[part] = json_number_value(value);
    else
        mistake(r, t->name[part], "must be a %s", is_text ? "text" : "number");
}

static void take_feature(reading *r, const json_t *feature) {
    told t;
    const json_t *properties = json_object_get(feature, "properties");
    const json_t *geometry = json_object_get(feature, "geometry");
    const json_t *at = json_object_get(geometry, "coordinates");
    const char *kind = json_string_value(json_object_get(geometry, "type"));
    for (int part = 0; part < PARTS; part++) {
        t.text[part] = "";
        t.number[part] = NAN;
        snprintf(t.name[part], sizeof t.name[part],
                 part == PART_LON || part == PART_LAT ? "geometry (%s)" : "properties.%s",
                 part_names[part]);
    }
    if (kind == NULL || strcmp(kind, "Point") != 0 || json_array_size(at) < 2) {
        mistake(r, "geometry", "must be a Point with its coordinates");
        return;
    }
    take_property(r, &t, PART_LON, json_array_get(at, 0));
    take_property(r, &t, PART_LAT, json_array_get(at, 1));
    const json_t *id = json_object_get(properties, "id");
    take_property(r, &t, PART_ID, id != NULL ? id : json_object_get(feature, "id"));
    take_property(r, &t, PART_NAME, json_object_get(properties, "name"));
    take_property(r, &t, PART_HEADING, json_object_get(properties, "heading"));
    take_property(r, &t, PART_URL, json_object_get(properties, "url"));
    take_property(r, &t, PART_OWNER, json_object_get(properties, "owner"));
    take_camera(r, &t);
}

static void read_geojson(reading *r, const char *text) {
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        snprintf(r->where, sizeof r->where, "%d:%d:", error.line, error.column);
        mistake(r, "", "%.120s", error.text);
        return;
    }
    const json_t *features = json_object_get(root, "features");
    if (!json_is_array(features))
        mistake(r, "", "is no FeatureCollection: there is no list \"features\"");
    for (size_t i = 0; r->err == SGP_OK && i < json_array_size(features); i++) {
        snprintf(r->where, sizeof r->where, " features[%zu]", i);
        take_feature(r, json_array_get(features, i));
    }
    json_decref(root);
}

/* ---- the whole --------------------------------------------------------------------- */

static int by_id(const void *a, const void *b) {
    return strcmp(((const sgp_camera *)a)->id, ((const sgp_camera *)b)->id);
}

static sgp_point point_at(const void *cameras, uint32_t number) {
    return ((const sgp_camera *)cameras)[number].point;
}

static void put_in_order(reading *r) {
    sgp_camera_set *set = r->set;
    if (set->n > 0)
        qsort(set->cameras, set->n, sizeof *set->cameras, by_id);
    r->where[0] = '\0';
    for (uint32_t i = 1; i < set->n; i++)
        if (strcmp(set->cameras[i - 1].id, set->cameras[i].id) == 0)
            mistake(r, "", "the camera \"%s\" is there twice", set->cameras[i].id);
    sgp_point_grid_begin(&set->grid, set->cameras, point_at, set->n);
    for (bool done = false; r->err == SGP_OK && !done;)
        r->err = sgp_point_grid_fill(&set->grid, GRID_SLICE_US, &done);
}

sgp_err sgp_camera_set_parse(const char *name, const char *text, sgp_camera_set *set,
                             sgp_fault *fault) {
    const char *dot = strrchr(name, '.');
    memset(set, 0, sizeof *set);
    reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the cameras");
    r->file = name;
    r->set = set;
    r->fault = fault;
    if (dot != NULL && strcasecmp(dot, ".csv") == 0)
        read_csv(r, text);
    else if (dot != NULL && (strcasecmp(dot, ".json") == 0 || strcasecmp(dot, ".geojson") == 0))
        read_geojson(r, text);
    else
        mistake(r, "", "the file's name must end in .csv, .json or .geojson");
    if (r->err == SGP_OK)
        put_in_order(r);
    sgp_err err = r->err;
    free(r);
    if (err != SGP_OK)
        sgp_camera_set_free(set);
    return err;
}

sgp_err sgp_camera_set_read(const char *path, sgp_camera_set *set, sgp_fault *fault) {
    char *text = NULL;
    memset(set, 0, sizeof *set);
    sgp_err err = sgp_conf_read_file(path, &text, fault);
    if (err == SGP_OK)
        err = sgp_camera_set_parse(path, text, set, fault);
    free(text);
    return err;
}

void sgp_camera_set_free(sgp_camera_set *set) {
    sgp_point_grid_free(&set->grid);
    free(set->cameras);
    memset(set, 0, sizeof *set);
}
