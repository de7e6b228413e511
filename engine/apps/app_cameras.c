/* `sigap cameras`: street cameras near a point or an incident, along a unit's way, or all; and
 * checking a file of them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/print.h"
#include "serve/camera_set.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap cameras - street cameras of the city\n"
    "\n"
    "USAGE\n"
    "  sigap cameras --near LON,LAT | --incident N | --unit CODE [--within M] [--limit N]\n"
    "  sigap cameras [--after ID] [--limit N]\n"
    "  sigap cameras --check FILE\n"
    "\n"
    "DESCRIPTION\n"
    "  Near a point, or near the place of an incident: first the cameras that look at it,\n"
    "  then those that look around, then those that look away, each by distance. For a unit:\n"
    "  those along its way to where it is going, in the order in which it passes them. With\n"
    "  none of these: all, by their ids.\n"
    "\n"
    "  The engine reads cameras from the file that `cameras` of its configuration names, CSV\n"
    "  (id,name,lon,lat,heading,url,owner; the last three may be left out) or GeoJSON, and\n"
    "  again with 'sigap reload'. --check reads such a file without an engine and tells the\n"
    "  first mistake with its line and column.\n"
    "\n"
    "OPTIONS\n"
    "  --within M         metres of the point (default 1000) or of the way (default 60)\n"
    "  --limit N          at most so many (default 8 near a point, 50 on a way, 500 of all)\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is no camera\n";

enum {
    OPTION_NEAR = 256,
    OPTION_INCIDENT,
    OPTION_UNIT,
    OPTION_WITHIN,
    OPTION_LIMIT,
    OPTION_AFTER,
    OPTION_CHECK
};
static const struct option own_options[] = {{"near", required_argument, NULL, OPTION_NEAR},
                                            {"incident", required_argument, NULL, OPTION_INCIDENT},
                                            {"unit", required_argument, NULL, OPTION_UNIT},
                                            {"within", required_argument, NULL, OPTION_WITHIN},
                                            {"limit", required_argument, NULL, OPTION_LIMIT},
                                            {"after", required_argument, NULL, OPTION_AFTER},
                                            {"check", required_argument, NULL, OPTION_CHECK},
                                            {0}};

typedef struct wish {
    const char *near, *unit, *after, *check;
    uint64_t incident, within_m, limit;
} wish;

static bool read_wish(sgp_options *o, int argc, char **argv, wish *w) {
    for (int c; (c = sgp_options_next(o, argc, argv, own_options)) != -1;) {
        bool good = true;
        if (c == OPTION_NEAR)
            w->near = optarg;
        else if (c == OPTION_UNIT)
            good = sgp_option_text(o, "--unit", w->unit = optarg);
        else if (c == OPTION_AFTER)
            good = sgp_option_text(o, "--after", w->after = optarg);
        else if (c == OPTION_CHECK)
            w->check = optarg;
        else
            good = sgp_decision_number(o, optarg,
                                       c == OPTION_INCIDENT ? "an incident"
                                       : c == OPTION_WITHIN ? "a number of metres"
                                                            : "a number of cameras",
                                       c == OPTION_INCIDENT ? &w->incident
                                       : c == OPTION_WITHIN ? &w->within_m
                                                            : &w->limit);
        if (!good)
            return false;
    }
    return !o->ended;
}

static int check(const sgp_options *o, const char *file) {
    sgp_camera_set set;
    sgp_fault fault = {0};
    char count[16], text[512];
    if (sgp_camera_set_read(file, &set, &fault) != SGP_OK)
        return sgp_complain(o, &fault);
    snprintf(count, sizeof count, "%u", set.n);
    int exit_code = 0;
    if (o->json)
        exit_code = sgp_print_json(json_pack("{s:s,s:i}", "file", file, "cameras", (int)set.n));
    else
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CAMERA_CHECKED, "file", file,
                           "count", count, NULL));
    sgp_camera_set_free(&set);
    return exit_code;
}

/* ---- the list -------------------------------------------------------------------------- */

static void add_row(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__CameraNear *row,
                    bool from_somewhere, bool along) {
    const Sigap__V1__Camera *camera = row->camera;
    char plain[256];
    bool looks = camera->looks_case == SIGAP__V1__CAMERA__LOOKS_HEADING_DEG;
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", sgp_plain_text(camera->id, plain, sizeof plain));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_plain_text(camera->name, plain, sizeof plain));
    if (from_somewhere)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%u m", row->distance_m);
    if (along)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%u m", row->along_m);
    sgp_text way = !looks          ? SGP_TEXT_CAMERA_AROUND
                   : row->faces_it ? SGP_TEXT_CAMERA_FACES
                                   : SGP_TEXT_CAMERA_AWAY;
    if (looks && (along || !from_somewhere))
        sgp_sheet_cell(sheet, SGP_PLAIN, "%u°", camera->heading_deg);
    else
        sgp_sheet_cell(sheet, row->faces_it ? SGP_GREEN : SGP_PLAIN, "%s",
                       sgp_text_get(o->language, way));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_plain_text(camera->url, plain, sizeof plain));
    sgp_sheet_cell(sheet, SGP_DIM, "%s", sgp_plain_text(camera->owner, plain, sizeof plain));
}

static int print_page(const sgp_options *o, const Sigap__V1__CameraPage *page, bool from_somewhere,
                      bool along) {
    char text[256], known[16];
    const char *headers[7];
    size_t n = 0;
    headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_ID);
    headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_NAME);
    if (from_somewhere)
        headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_DISTANCE);
    if (along)
        headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_ALONG);
    headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_LOOKS);
    headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_STREAM);
    headers[n++] = sgp_text_get(o->language, SGP_TEXT_CAMERA_OWNER);
    snprintf(known, sizeof known, "%u", page->known);
    if (page->n_cameras == 0) {
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CAMERA_NONE, "known", known,
                           NULL));
        return 1;
    }
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, n, &sheet) != SGP_OK)
        return 3;
    for (size_t i = 0; i < page->n_cameras; i++)
        add_row(o, sheet, page->cameras[i], from_somewhere, along);
    sgp_sheet_print(sheet, stdout);
    sgp_sheet_destroy(sheet);
    if (page->more)
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CAMERA_MORE, "id",
                           page->cameras[page->n_cameras - 1]->camera->id, NULL));
    return 0;
}

int app_cameras(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "cameras", help);
    wish w = {.after = ""};
    if (!read_wish(&o, argc, argv, &w))
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "'%s' is left over", argv[optind]);
    if ((w.near != NULL) + (w.unit != NULL) + (w.incident > 0) + (*w.after != '\0') +
            (w.check != NULL) >
        1)
        return sgp_usage(&o, "--near, --incident, --unit, --after or --check, not several");
    if (w.check != NULL)
        return check(&o, w.check);
    Sigap__V1__FindCameras asked = SIGAP__V1__FIND_CAMERAS__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__CameraCursor cursor = SIGAP__V1__CAMERA_CURSOR__INIT;
    sgp_fault fault = {0};
    sgp_point at;
    if (w.near != NULL) {
        if (sgp_point_parse(w.near, &at, &fault) != SGP_OK)
            return sgp_complain(&o, &fault);
        point.lon = sgp_lon(at);
        point.lat = sgp_lat(at);
        asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_POINT;
        asked.point = &point;
    } else if (w.unit != NULL) {
        asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_UNIT;
        asked.unit = (char *)w.unit;
    } else if (w.incident > 0) {
        asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_INCIDENT_ID;
        asked.incident_id = w.incident;
    } else {
        cursor.after = (char *)w.after;
        asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_ALL;
        asked.all = &cursor;
    }
    asked.within_m = w.within_m < UINT32_MAX ? (uint32_t)w.within_m : UINT32_MAX;
    asked.limit = w.limit < UINT32_MAX ? (uint32_t)w.limit : UINT32_MAX;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_FIND_CAMERAS;
    request.find_cameras = &asked;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_CAMERA_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    exit_code = o.json ? sgp_print_message_json(&reply->camera_page->base)
                       : print_page(&o, reply->camera_page,
                                    asked.where_case != SIGAP__V1__FIND_CAMERAS__WHERE_ALL,
                                    asked.where_case == SIGAP__V1__FIND_CAMERAS__WHERE_UNIT);
    if (exit_code == 0 && reply->camera_page->n_cameras == 0)
        exit_code = 1;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
