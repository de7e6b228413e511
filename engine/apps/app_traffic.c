/* `sigap traffic`: tell the engine how the roads are now. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "base/clock.h"
#include "base/ids.h"
#include "serve/proto_json.h"

enum {
    PAGE_ROADS = 3000, /* entries of one page: well below a frame of 64 KiB */
    CLASSES_MAX = 16
};

static const char help[] =
    "sigap traffic - tell the engine how the roads are now\n"
    "\n"
    "USAGE\n"
    "  sigap traffic --picture FILE.csv [--class CLASS=PERMILLE ...]\n"
    "  sigap traffic --close WAY | --close-at LON,LAT [--radius M]\n"
    "                [--in MINUTES] [--for MINUTES] [--reason TEXT]\n"
    "  sigap traffic --open WAY | --open-number NUMBER\n"
    "  sigap traffic --list [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  A picture says how long every road takes now, in permille of the time that the\n"
    "  graph has stored: 1500 is half as long again, 100 to 20000, 0 is closed. What it\n"
    "  does not name goes as stored. It replaces the picture before, takes effect whole,\n"
    "  and is forgotten by a restart. FILE has one road a line:\n"
    "\n"
    "      way,direction,factor_permille\n"
    "      23456789,both,1500\n"
    "      34567890,forward,2500\n"
    "\n"
    "  way is the number of an OpenStreetMap way; direction is both, forward (as the way\n"
    "  is drawn) or backward. \"-\" reads standard input.\n"
    "\n"
    "  Closed roads are closed to everybody until they are opened or their time is over,\n"
    "  also across restarts.\n"
    "\n"
    "OPTIONS\n"
    "  --picture FILE     send a picture\n"
    "  --class C=P        factor of all roads of a class (primary=1200), under FILE\n"
    "  --close WAY        close the roads of a way\n"
    "  --close-at POINT   close all roads within --radius (metres, default 30) of POINT\n"
    "  --in MINUTES       not at once, but after so many minutes\n"
    "  --for MINUTES      for so long; otherwise until it is opened\n"
    "  --reason TEXT      why\n"
    "  --open WAY         open every closure of a way\n"
    "  --open-number N    open one closure, as listed\n"
    "  --list             what is closed\n"
    "\n" SGP_HELP_CONNECTION "  1 also where --list finds nothing\n";

enum {
    OPTION_PICTURE = 256,
    OPTION_CLASS,
    OPTION_CLOSE,
    OPTION_CLOSE_AT,
    OPTION_RADIUS,
    OPTION_IN,
    OPTION_FOR,
    OPTION_REASON,
    OPTION_OPEN,
    OPTION_OPEN_NUMBER,
    OPTION_LIST
};
static const struct option own_options[] = {
    {"picture", required_argument, NULL, OPTION_PICTURE},
    {"class", required_argument, NULL, OPTION_CLASS},
    {"close", required_argument, NULL, OPTION_CLOSE},
    {"close-at", required_argument, NULL, OPTION_CLOSE_AT},
    {"radius", required_argument, NULL, OPTION_RADIUS},
    {"in", required_argument, NULL, OPTION_IN},
    {"for", required_argument, NULL, OPTION_FOR},
    {"reason", required_argument, NULL, OPTION_REASON},
    {"open", required_argument, NULL, OPTION_OPEN},
    {"open-number", required_argument, NULL, OPTION_OPEN_NUMBER},
    {"list", no_argument, NULL, OPTION_LIST},
    {0}};

/* What was asked for; `action` is the option that says so. */
typedef struct traffic {
    int action;
    const char *file;
    Sigap__V1__ClassFactor classes[CLASSES_MAX], *class_list[CLASSES_MAX];
    char class_name[CLASSES_MAX][24];
    size_t n_classes;
    uint64_t number, radius_m, in_minutes, for_minutes;
    const char *point, *reason;
} traffic;

/* ---- pictures ------------------------------------------------------------- */

typedef struct page {
    Sigap__V1__RoadFactor roads[PAGE_ROADS], *list[PAGE_ROADS];
    size_t n;
    uint32_t number;
} page;

static bool parse_direction(const char *text, Sigap__V1__RoadDirection *direction) {
    static const char *const names[] = {"both", "forward", "backward"};
    for (int i = 0; i < 3; i++)
        if (strcmp(names[i], text) == 0) {
            *direction = (Sigap__V1__RoadDirection)i;
            return true;
        }
    return false;
}

/* One line of the file into a road; the fault names the line. */
static sgp_err parse_line(const char *file, size_t line, char *text, Sigap__V1__RoadFactor *road,
                          sgp_fault *fault) {
    char *fields[3];
    size_t n = 0;
    text[strcspn(text, "\r\n")] = '\0';
    for (char *rest = text; rest != NULL && n < 3; n++) {
        fields[n] = rest;
        rest = strchr(rest, ',');
        if (rest != NULL && n < 2)
            *rest++ = '\0';
        else if (rest != NULL)
            return sgp_fail(fault, SGP_E_FORMAT, "%s:%zu: more than three fields", file, line);
    }
    if (n < 3)
        return sgp_fail(fault, SGP_E_FORMAT,
                        "%s:%zu: way,direction,factor_permille is missing something", file, line);
    uint64_t way, permille;
    sigap__v1__road_factor__init(road);
    if (!sgp_number_parse(fields[0], INT64_MAX, &way) || way == 0)
        return sgp_fail(fault, SGP_E_FORMAT, "%s:%zu: '%.40s' is not the number of a way", file,
                        line, fields[0]);
    if (!parse_direction(fields[1], &road->direction))
        return sgp_fail(fault, SGP_E_FORMAT, "%s:%zu: '%.40s' is not both, forward or backward",
                        file, line, fields[1]);
    if (!sgp_number_parse(fields[2], 20000, &permille) || (permille > 0 && permille < 100))
        return sgp_fail(fault, SGP_E_RANGE,
                        "%s:%zu: '%.40s' is not a factor of 100 to 20000, nor 0 for closed", file,
                        line, fields[2]);
    road->way = (int64_t)way;
    road->pace_case = SIGAP__V1__ROAD_FACTOR__PACE_PERMILLE;
    road->permille = (uint32_t)permille;
    return SGP_OK;
}

static sgp_err send_page(sgp_client *client, const traffic *t, page *p, const sgp_uuid *picture,
                         bool last, Sigap__V1__Frame **reply, sgp_fault *fault) {
    Sigap__V1__TrafficPicture message = SIGAP__V1__TRAFFIC_PICTURE__INIT;
    sgp_uuid id = *picture;
    message.picture_id = (ProtobufCBinaryData){sizeof id.bytes, id.bytes};
    message.page = p->number;
    message.last = last;
    message.roads = p->list;
    message.n_roads = p->n;
    if (p->number == 0) {
        message.n_classes = t->n_classes;
        message.classes = (Sigap__V1__ClassFactor **)(uintptr_t)t->class_list;
    }
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_TRAFFIC_PICTURE;
    request.traffic_picture = &message;
    sgp_err err = sgp_client_request(client, &request, 0, reply, fault);
    p->n = 0;
    p->number++;
    return err;
}

/* Reads and sends page by page; a mistake in the file ends it before the picture is whole, so
 * that it never takes effect. */
static sgp_err send_file(sgp_client *client, const traffic *t, FILE *file, page *p,
                         Sigap__V1__Frame **reply, sgp_fault *fault) {
    char text[256];
    sgp_uuid picture = sgp_uuid_make();
    size_t line = 0;
    sgp_err err = SGP_OK;
    while (err == SGP_OK && fgets(text, sizeof text, file) != NULL) {
        line++;
        if (strchr(text, '\n') == NULL && !feof(file))
            return sgp_fail(fault, SGP_E_FORMAT, "%s:%zu: the line is too long", t->file, line);
        if (line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0) /* of a table calculation */
            memmove(text, text + 3, strlen(text + 3) + 1);
        if (text[strspn(text, " \t\r\n")] == '\0' || (line == 1 && strncmp(text, "way,", 4) == 0))
            continue;
        if (p->n == PAGE_ROADS) {
            err = send_page(client, t, p, &picture, false, reply, fault);
            if (err != SGP_OK)
                break;
            sigap__v1__frame__free_unpacked(*reply, NULL);
            *reply = NULL;
        }
        p->list[p->n] = &p->roads[p->n];
        err = parse_line(t->file, line, text, &p->roads[p->n], fault);
        p->n++;
    }
    if (err == SGP_OK && ferror(file))
        err = sgp_fail(fault, SGP_E_IO, "%s: %s", t->file, strerror(errno));
    return err != SGP_OK ? err : send_page(client, t, p, &picture, true, reply, fault);
}

static int send_picture(const sgp_options *o, const traffic *t) {
    sgp_fault fault = {0};
    bool is_stdin = strcmp(t->file, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(t->file, "re");
    page *p = calloc(1, sizeof *p);
    sgp_client *client = NULL;
    Sigap__V1__Frame *reply = NULL;
    sgp_err err = SGP_OK;
    if (file == NULL)
        err = sgp_fail(&fault, SGP_E_IO, "%s: %s", t->file, strerror(errno));
    else if (p == NULL)
        err = sgp_fail(&fault, SGP_E_MEMORY, "no memory for the picture");
    if (err == SGP_OK)
        err = sgp_options_connect(o, o->token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = send_file(client, t, file, p, &reply, &fault);
    if (err == SGP_OK && reply->body_case != SIGAP__V1__FRAME__BODY_TRAFFIC_TAKEN)
        err = sgp_fail(&fault, SGP_E_FORMAT, "the engine answered something else");
    int exit_code = 0;
    if (err != SGP_OK) {
        exit_code = sgp_complain(o, &fault);
    } else if (o->json) {
        exit_code = sgp_print_message_json(&reply->traffic_taken->base);
    } else {
        char text[256], roads[24], unknown[24];
        snprintf(roads, sizeof roads, "%" PRIu64, reply->traffic_taken->roads);
        snprintf(unknown, sizeof unknown, "%" PRIu64, reply->traffic_taken->unknown);
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_PICTURE_TAKEN, "roads", roads,
                           "unknown", unknown, NULL));
    }
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    sgp_client_close(client);
    free(p);
    if (file != NULL && !is_stdin)
        fclose(file);
    return exit_code;
}

/* ---- closures ------------------------------------------------------------- */

static int ask_done(const sgp_options *o, Sigap__V1__Frame *request, sgp_text said) {
    Sigap__V1__Frame *reply;
    int exit_code = sgp_options_ask(o, request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (exit_code != 0)
        return exit_code;
    if (o->json) {
        exit_code = sgp_print_message_json(&reply->done->base);
    } else {
        char text[256], number[24];
        snprintf(number, sizeof number, "%" PRIu64, reply->done->closure_id);
        puts(sgp_text_fill(text, sizeof text, o->language, said, "closure", number, NULL));
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int close_road(const sgp_options *o, const traffic *t) {
    Sigap__V1__RoadClosure closure = SIGAP__V1__ROAD_CLOSURE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    if (t->action == OPTION_CLOSE) {
        closure.way = (int64_t)t->number;
    } else {
        sgp_point at;
        sgp_fault fault = {0};
        if (sgp_point_parse(t->point, &at, &fault) != SGP_OK)
            return sgp_complain(o, &fault);
        point.lon = sgp_lon(at);
        point.lat = sgp_lat(at);
        closure.point = &point;
        closure.radius_m = (int32_t)t->radius_m;
    }
    if (t->in_minutes > 0 || t->for_minutes > 0) {
        int64_t from_ms = sgp_wall_ms() + (int64_t)t->in_minutes * 60000;
        closure.from_at_ms = t->in_minutes > 0 ? from_ms : 0;
        closure.until_at_ms = t->for_minutes > 0 ? from_ms + (int64_t)t->for_minutes * 60000 : 0;
    }
    closure.reason = (char *)(t->reason != NULL ? t->reason : "");
    Sigap__V1__CloseRoad ask = SIGAP__V1__CLOSE_ROAD__INIT;
    ask.closure = &closure;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CLOSE_ROAD;
    request.close_road = &ask;
    return ask_done(o, &request, SGP_TEXT_ROAD_CLOSED);
}

static int open_road(const sgp_options *o, const traffic *t) {
    Sigap__V1__OpenRoad ask = SIGAP__V1__OPEN_ROAD__INIT;
    if (t->action == OPTION_OPEN)
        ask.way = (int64_t)t->number;
    else
        ask.closure_id = t->number;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_OPEN_ROAD;
    request.open_road = &ask;
    return ask_done(o, &request, SGP_TEXT_ROAD_OPENED);
}

static void print_closure(const sgp_options *o, const Sigap__V1__RoadClosure *closure) {
    char place[128] = "-", from[25] = "", until[25] = "-";
    if (closure->street[0] != '\0')
        snprintf(place, sizeof place, "%s", closure->street);
    else if (closure->way != 0)
        snprintf(place, sizeof place, "way %" PRId64, closure->way);
    else if (closure->point != NULL)
        snprintf(place, sizeof place, "%.5f,%.5f +%d m", closure->point->lon, closure->point->lat,
                 closure->radius_m);
    sgp_wall_format(closure->from_at_ms, from);
    if (closure->until_at_ms != 0)
        sgp_wall_format(closure->until_at_ms, until);
    printf("#%-6" PRIu64 " %-28s %-8s %-24s %-24s %s\n", closure->id, place,
           sgp_text_get(o->language,
                        closure->in_force ? SGP_TEXT_CLOSURE_NOW : SGP_TEXT_CLOSURE_LATER),
           from, until, closure->reason);
}

static int list_closures(const sgp_options *o) {
    json_t *all = json_array();
    uint64_t after = 0;
    size_t n = 0;
    int exit_code = 0;
    do {
        Sigap__V1__ListRoadClosures ask = SIGAP__V1__LIST_ROAD_CLOSURES__INIT;
        ask.after_id = after;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES;
        request.list_road_closures = &ask;
        exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_ROAD_CLOSURE_PAGE, &reply);
        if (exit_code != 0)
            break;
        for (size_t i = 0; i < reply->road_closure_page->n_closures; i++, n++) {
            if (o->json)
                json_array_append_new(
                    all, sgp_message_to_json(&reply->road_closure_page->closures[i]->base));
            else
                print_closure(o, reply->road_closure_page->closures[i]);
        }
        after = reply->road_closure_page->next_after_id;
        sigap__v1__frame__free_unpacked(reply, NULL);
    } while (after != 0);
    if (exit_code == 0 && o->json)
        exit_code = sgp_print_json(json_incref(all));
    else if (exit_code == 0 && n == 0)
        puts(sgp_text_get(o->language, SGP_TEXT_NO_CLOSURE));
    json_decref(all);
    return exit_code != 0 ? exit_code : n == 0 ? 1 : 0;
}

/* ---- options -------------------------------------------------------------- */

static bool read_class(sgp_options *o, traffic *t, const char *text) {
    const char *equals = strchr(text, '=');
    uint64_t permille;
    if (equals == NULL || equals == text || equals - text >= (long)sizeof t->class_name[0] ||
        !sgp_number_parse(equals + 1, 20000, &permille) || t->n_classes == CLASSES_MAX) {
        o->ended = true;
        o->exit_code = sgp_usage(o, "--class wants CLASS=PERMILLE, at most %d times, not '%s'",
                                 CLASSES_MAX, text);
        return false;
    }
    Sigap__V1__ClassFactor *factor = &t->classes[t->n_classes];
    sigap__v1__class_factor__init(factor);
    snprintf(t->class_name[t->n_classes], sizeof t->class_name[0], "%.*s", (int)(equals - text),
             text);
    factor->road_class = t->class_name[t->n_classes];
    factor->permille = (uint32_t)permille;
    t->class_list[t->n_classes++] = factor;
    return true;
}

static bool read_number(sgp_options *o, const char *option, const char *text, uint64_t largest,
                        uint64_t *number) {
    if (sgp_number_parse(text, largest, number) && *number > 0)
        return true;
    o->ended = true;
    o->exit_code =
        sgp_usage(o, "--%s wants a number from 1 to %" PRIu64 ", not '%s'", option, largest, text);
    return false;
}

static void set_action(sgp_options *o, traffic *t, int action) {
    if (t->action != 0 && t->action != action) {
        o->ended = true;
        o->exit_code = sgp_usage(o, "one thing at a time: --picture, --close, --open or --list");
    }
    t->action = action;
}

static void read_option(sgp_options *o, traffic *t, int c) {
    enum { YEAR_MINUTES = 366 * 1440 };
    switch (c) {
    case OPTION_PICTURE:
        t->file = optarg;
        set_action(o, t, c);
        break;
    case OPTION_CLASS:
        (void)read_class(o, t, optarg);
        break;
    case OPTION_CLOSE:
    case OPTION_OPEN:
    case OPTION_OPEN_NUMBER:
        if (read_number(o,
                        c == OPTION_CLOSE  ? "close"
                        : c == OPTION_OPEN ? "open"
                                           : "open-number",
                        optarg, INT64_MAX / 4, &t->number))
            set_action(o, t, c);
        break;
    case OPTION_CLOSE_AT:
        t->point = optarg;
        set_action(o, t, c);
        break;
    case OPTION_RADIUS:
        (void)read_number(o, "radius", optarg, 5000, &t->radius_m);
        break;
    case OPTION_IN:
        (void)read_number(o, "in", optarg, YEAR_MINUTES, &t->in_minutes);
        break;
    case OPTION_FOR:
        (void)read_number(o, "for", optarg, YEAR_MINUTES, &t->for_minutes);
        break;
    case OPTION_REASON:
        t->reason = optarg;
        (void)sgp_option_text(o, "--reason", optarg);
        break;
    case OPTION_LIST:
        set_action(o, t, c);
        break;
    default:
        break;
    }
}

int app_traffic(int argc, char **argv) {
    sgp_options o;
    traffic t = {.radius_m = 30};
    int c;
    sgp_options_init(&o, "traffic", help);
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1 && !o.ended)
        read_option(&o, &t, c);
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "'%s' is one operand too many", argv[optind]);
    switch (t.action) {
    case OPTION_PICTURE:
        return send_picture(&o, &t);
    case OPTION_CLOSE:
    case OPTION_CLOSE_AT:
        return close_road(&o, &t);
    case OPTION_OPEN:
    case OPTION_OPEN_NUMBER:
        return open_road(&o, &t);
    case OPTION_LIST:
        return list_closures(&o);
    default:
        return sgp_usage(&o, "say what: --picture, --close, --close-at, --open or --list");
    }
}
