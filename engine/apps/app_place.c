/* `sigap place`: what a call-taker gets when typing where it is. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/print.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap place - find a place as a call-taker would\n"
    "\n"
    "USAGE\n"
    "  sigap place [--near LON,LAT] [--limit N] TEXT...\n"
    "  sigap place LON,LAT\n"
    "\n"
    "DESCRIPTION\n"
    "  Looks up an address, street, junction, landmark or area and prints all\n"
    "  candidates, best first, each with its kind, its kelurahan, the radius within\n"
    "  which it may truly be, and how sure the engine is. With coordinates it tells\n"
    "  the nearest address instead. Words need no quotes.\n"
    "\n"
    "OPTIONS\n"
    "  --near LON,LAT     prefer candidates near this point\n"
    "  --limit N          at most N candidates, 1 to 10 (default 10)\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nothing was found\n"
    "\n"
    "EXAMPLES\n"
    "  sigap place Jl. Veteran 5\n"
    "  sigap place depan Stasiun Malang Kota Baru\n"
    "  sigap place 112.6146,-7.9563\n";

enum { OPTION_NEAR = 256, OPTION_LIMIT };
static const struct option own_options[] = {{"near", required_argument, NULL, OPTION_NEAR},
                                            {"limit", required_argument, NULL, OPTION_LIMIT},
                                            {0}};

static void print_candidates(const sgp_options *o, const Sigap__V1__PlaceAnswer *answer) {
    const char *headers[] = {">",
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_KIND),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_PLACE),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_KELURAHAN),
                             NULL,
                             NULL,
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_POINT)};
    char uncertainty[48], confidence[48];
    snprintf(uncertainty, sizeof uncertainty, ">%s",
             sgp_text_get(o->language, SGP_TEXT_COLUMN_UNCERTAINTY));
    snprintf(confidence, sizeof confidence, ">%s",
             sgp_text_get(o->language, SGP_TEXT_COLUMN_CONFIDENCE));
    headers[4] = uncertainty;
    headers[5] = confidence;
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, 7, &sheet) != SGP_OK)
        return;
    for (size_t i = 0; i < answer->n_candidates; i++) {
        const Sigap__V1__Place *place = answer->candidates[i];
        sgp_sheet_cell(sheet, SGP_DIM, "%zu", i + 1);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_place_kind_text(o->language, (int)place->kind));
        sgp_sheet_cell(sheet, SGP_BOLD, "%s", place->label);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s%s%s", place->kelurahan,
                       place->kelurahan[0] != '\0' && place->kecamatan[0] != '\0' ? ", " : "",
                       place->kecamatan);
        sgp_sheet_cell(sheet, SGP_PLAIN, "±%d m", place->uncertainty_m);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%d%%", (place->confidence_permille + 5) / 10);
        if (place->point != NULL)
            sgp_sheet_cell(sheet, SGP_DIM, "%.6f,%.6f", place->point->lon, place->point->lat);
        else
            sgp_sheet_cell(sheet, SGP_DIM, "-");
    }
    sgp_sheet_print(sheet, stdout);
    sgp_sheet_destroy(sheet);
}

int app_place(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "place", help);
    sgp_fault fault = {0};
    Sigap__V1__Point near = SIGAP__V1__POINT__INIT;
    bool has_near = false;
    uint64_t limit = 10;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        sgp_point point;
        switch (c) {
        case OPTION_NEAR:
            if (sgp_point_parse(optarg, &point, &fault) != SGP_OK)
                return sgp_complain(&o, &fault);
            near.lon = sgp_lon(point);
            near.lat = sgp_lat(point);
            has_near = true;
            break;
        case OPTION_LIMIT:
            if (!sgp_number_parse(optarg, 10, &limit) || limit == 0)
                return sgp_usage(&o, "--limit is a number from 1 to 10, not '%s'", optarg);
            break;
        }
    }
    if (o.ended)
        return o.exit_code;
    if (optind >= argc)
        return sgp_usage(&o, "which place? Give a text or lon,lat");
    char text[1001] = "";
    for (int i = optind; i < argc; i++) {
        size_t length = strlen(text);
        if (length + strlen(argv[i]) + 2 > sizeof text)
            return sgp_usage(&o, "the text is longer than 1000 bytes");
        snprintf(text + length, sizeof text - length, "%s%s", i == optind ? "" : " ", argv[i]);
    }

    if (!sgp_option_text(&o, "the place", text))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    Sigap__V1__ReversePlace reverse = SIGAP__V1__REVERSE_PLACE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    if (sgp_looks_like_point(text)) {
        sgp_point parsed;
        if (sgp_point_parse(text, &parsed, &fault) != SGP_OK)
            return sgp_complain(&o, &fault);
        point.lon = sgp_lon(parsed);
        point.lat = sgp_lat(parsed);
        reverse.point = &point;
        request.body_case = SIGAP__V1__FRAME__BODY_REVERSE_PLACE;
        request.reverse_place = &reverse;
    } else {
        find.text = text;
        find.near = has_near ? &near : NULL;
        find.limit = (uint32_t)limit;
        request.body_case = SIGAP__V1__FRAME__BODY_FIND_PLACE;
        request.find_place = &find;
    }
    Sigap__V1__Frame *reply;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_PLACE_ANSWER, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__PlaceAnswer *answer = reply->place_answer;
    if (o.json)
        exit_code = sgp_print_message_json(&answer->base);
    else if (answer->n_candidates > 0)
        print_candidates(&o, answer);
    else if (!answer->database_away)
        puts(sgp_text_get(o.language, SGP_TEXT_NOTHING_FOUND));
    if (answer->database_away && answer->n_candidates == 0)
        fprintf(stderr, "sigap place: %s\n", sgp_text_get(o.language, SGP_TEXT_DATABASE_AWAY));
    if (exit_code == 0 && answer->n_candidates == 0)
        exit_code = answer->database_away ? 3 : 1;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
