/* sigap match: which roads a track drove along. */
#include "apps/apps.h"
#include "apps/texts.h"
#include "apps/track_file.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static const char help[] =
    "NAME\n"
    "    sigap match - the roads that a track of positions drove along\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap match --graph FILE.sgr [--profile NAME] [--tidy] [--gap SECONDS] [--json] TRACK\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints the likeliest roads, in order, with how much of each was driven and how\n"
    "    sure the match is. A track breaks into pieces where it is silent for long or\n"
    "    where no drive leads on.\n"
    "\n"
    "    TRACK is a file with one position a line ('-' is standard input),\n"
    "\n"
    "        lon,lat,unix_ms[,heading[,accuracy]]\n"
    "\n"
    "    in decimal degrees (WGS 84, longitude first), Unix milliseconds that rise, degrees\n"
    "    from north (only while moving) and metres (one standard deviation; 5 where it is not\n"
    "    said). Empty lines, lines that begin with '#' and a first line of titles are skipped.\n"
    "    Or JSON: [[lon, lat, unix_ms, heading, accuracy], ...], or {\"points\": [...]} with\n"
    "    positions like those or {\"lon\", \"lat\", \"at_ms\", \"heading_deg\", \"accuracy_m\"}.\n"
    "    At most 10000 positions.\n"
    "\n"
    "OPTIONS\n"
    "    -g, --graph FILE     the road graph, made by 'sigap import'\n"
    "    -p, --profile NAME   whose roads (default: the graph's first profile)\n"
    "    -t, --tidy           leave out positions of a standing vehicle\n"
    "        --gap SECONDS    a longer silence breaks the track (default 60; 0 = never)\n"
    "    -j, --json           print one JSON object: graph, sketch, positions (matched, and\n"
    "                         then lon, lat, off_m, edge, backward, piece) and pieces\n"
    "                         (first_position, last_position, confidence, length_m, duration_s,\n"
    "                         roads: name, way, length_m, and moves: edge and backward)\n"
    "    --language id|en     language of the text (SIGAP_LANGUAGE; default id)\n"
    "    -h, --help           print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 matched   1 no road fits any of it   2 usage or input error   3 a file failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap match --graph var/graph/malang.sgr --tidy ambulance-7.csv\n";

typedef struct options {
    const char *graph, *profile, *track;
    sgp_match_options match;
    bool json;
    sgp_language language;
} options;

/* A track and what was made of it. */
typedef struct drive {
    sgp_graph *graph;
    const sgp_graph_parts *parts;
    sgp_track_point *track;
    size_t n;
    sgp_match match;
} drive;

/* A stretch of one name, or of none. */
typedef struct road {
    const char *name;
    int64_t way; /* the first one's */
    double metres;
} road;

static int usage_error(const char *what) {
    fprintf(stderr, "sigap match: %s\nTry 'sigap match --help'.\n", what);
    return 2;
}

static bool read_gap(const char *text, int64_t *gap_ms) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= 1e9))
        return false;
    *gap_ms = seconds > 0 ? (int64_t)(seconds * 1000) : -1;
    return seconds == 0 || *gap_ms > 0;
}

static int read_options(int argc, char **argv, options *o, bool *done) {
    static const struct option known[] = {
        {"graph", required_argument, NULL, 'g'},    {"profile", required_argument, NULL, 'p'},
        {"tidy", no_argument, NULL, 't'},           {"gap", required_argument, NULL, 'G'},
        {"json", no_argument, NULL, 'j'},           {"help", no_argument, NULL, 'h'},
        {"language", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0},
    };
    *o = (options){.language = SGP_INDONESIAN};
    const char *language = getenv("SIGAP_LANGUAGE");
    if (language && !sgp_language_parse(language, &o->language))
        o->language = SGP_INDONESIAN; /* only --language insists */
    *done = true;
    optind = 0; /* scan anew: the program around has used getopt already */
    for (int c; (c = getopt_long(argc, argv, "g:p:tjh", known, NULL)) != -1;) {
        switch (c) {
        case 'g':
            o->graph = optarg;
            break;
        case 'p':
            o->profile = optarg;
            break;
        case 't':
            o->match.tidy = true;
            break;
        case 'G':
            if (!read_gap(optarg, &o->match.gap_ms))
                return usage_error("--gap is a number of seconds, 0 = never");
            break;
        case 'j':
            o->json = true;
            break;
        case 'l':
            if (!sgp_language_parse(optarg, &o->language))
                return usage_error("--language is id or en");
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            fputs("Try 'sigap match --help'.\n", stderr);
            return 2;
        }
    }
    if (!o->graph)
        return usage_error("--graph FILE.sgr is missing");
    if (argc - optind != 1)
        return usage_error("exactly one TRACK is needed");
    o->track = argv[optind];
    *done = false;
    return 0;
}

/* ---- what was driven --------------------------------------------------------------------- */

static double driven_m(const drive *d, const sgp_matched_point *point) {
    uint32_t move = d->match.moves[point->first_move];
    uint32_t length = d->parts->edges[move >> 1].length_mm;
    return (move & 1 ? length - point->snap.offset_mm : point->snap.offset_mm) / 1000.0;
}

/* Metres driven on move number `m` of a piece: all of it but at the piece's ends. */
static double move_m(const drive *d, const sgp_matched_piece *piece, size_t m) {
    double metres = d->parts->edges[d->match.moves[m] >> 1].length_mm / 1000.0;
    if (m + 1 == piece->first_move + piece->n_moves)
        metres = driven_m(d, &d->match.points[piece->last_point]);
    if (m == piece->first_move)
        metres -= driven_m(d, &d->match.points[piece->first_point]);
    return metres > 0 ? metres : 0;
}

/* The next road of a piece from move *m on; false after the last. */
static bool next_road(const drive *d, const sgp_matched_piece *piece, size_t *m, road *r) {
    size_t end = piece->first_move + piece->n_moves;
    if (*m == end)
        return false;
    const sgp_edge *edge = &d->parts->edges[d->match.moves[*m] >> 1];
    *r = (road){d->parts->names + edge->name, edge->way, 0};
    for (; *m < end; ++*m) {
        const sgp_edge *next = &d->parts->edges[d->match.moves[*m] >> 1];
        if (strcmp(d->parts->names + next->name, r->name) != 0)
            break;
        r->metres += move_m(d, piece, *m);
    }
    return true;
}

static double piece_m(const drive *d, const sgp_matched_piece *piece) {
    double metres = 0;
    for (size_t m = 0; m < piece->n_moves; m++)
        metres += move_m(d, piece, piece->first_move + m);
    return metres;
}

/* ---- printing ------------------------------------------------------------------------------ */

static void print_piece(const drive *d, const options *o, size_t number) {
    const sgp_matched_piece *piece = &d->match.pieces[number];
    char line[256], text[5][32], travel[64];
    snprintf(text[0], 32, "%zu", number + 1);
    snprintf(text[1], 32, "%zu", piece->first_point + 1);
    snprintf(text[2], 32, "%zu", piece->last_point + 1);
    snprintf(text[3], 32, "%.0f", piece_m(d, piece));
    snprintf(text[4], 32, "%.0f", 100 * piece->confidence);
    sgp_duration_text(o->language,
                      d->track[piece->last_point].at_ms - d->track[piece->first_point].at_ms,
                      travel, sizeof travel);
    printf("\n%s\n%8s  %s\n",
           sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_MATCH_PIECE, "piece", text[0],
                         "from", text[1], "to", text[2], "metres", text[3], "travel", travel,
                         "percent", text[4], NULL),
           sgp_text_get(o->language, SGP_TEXT_ROUTE_COLUMN_METRES),
           sgp_text_get(o->language, SGP_TEXT_ROUTE_COLUMN_STREET));
    size_t m = piece->first_move;
    for (road r; next_road(d, piece, &m, &r);)
        printf("%8.0f  %s\n", r.metres,
               r.name[0] ? r.name : sgp_text_get(o->language, SGP_TEXT_ROUTE_NO_NAME));
}

static size_t count_matched(const drive *d) {
    size_t matched = 0;
    for (size_t i = 0; i < d->n; i++)
        matched += d->match.points[i].matched;
    return matched;
}

static void print_text(const drive *d, const options *o) {
    char line[256], text[2][32];
    if (d->parts->is_sketch)
        puts(sgp_text_get(o->language, SGP_TEXT_ROUTE_SKETCH_NOTE));
    snprintf(text[0], 32, "%zu", count_matched(d));
    snprintf(text[1], 32, "%zu", d->n);
    puts(sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_MATCH_SUMMARY, "matched", text[0],
                       "positions", text[1], "city", d->parts->name, NULL));
    for (size_t i = 0; i < d->match.n_pieces; i++)
        print_piece(d, o, i);
}

/* A name that is not UTF-8 is shown as none; JSON could not carry it. */
static json_t *json_name(const char *name) {
    json_t *text = json_string(name);
    return text ? text : json_string("");
}

static json_t *json_position(const sgp_matched_point *point) {
    if (!point->matched)
        return json_pack("{s:b}", "matched", 0);
    return json_pack("{s:b,s:f,s:f,s:f,s:I,s:b,s:I}", "matched", 1, "lon",
                     sgp_lon(point->snap.road), "lat", sgp_lat(point->snap.road), "off_m",
                     point->snap.on_foot_mm / 1000.0, "edge", (json_int_t)point->snap.edge,
                     "backward", point->snap.directions == SGP_AGAINST, "piece",
                     (json_int_t)point->piece);
}

static json_t *json_piece(const drive *d, const sgp_matched_piece *piece) {
    json_t *roads = json_array(), *moves = json_array();
    size_t m = piece->first_move;
    for (road r; next_road(d, piece, &m, &r);)
        json_array_append_new(roads, json_pack("{s:o,s:I,s:f}", "name", json_name(r.name), "way",
                                               (json_int_t)r.way, "length_m", r.metres));
    for (size_t i = 0; i < piece->n_moves; i++) {
        uint32_t move = d->match.moves[piece->first_move + i];
        json_array_append_new(moves, json_pack("{s:I,s:b}", "edge", (json_int_t)(move >> 1),
                                               "backward", (int)(move & 1)));
    }
    int64_t ms = d->track[piece->last_point].at_ms - d->track[piece->first_point].at_ms;
    return json_pack("{s:I,s:I,s:f,s:f,s:f,s:o,s:o}", "first_position",
                     (json_int_t)piece->first_point, "last_position", (json_int_t)piece->last_point,
                     "confidence", piece->confidence, "length_m", piece_m(d, piece), "duration_s",
                     (double)ms / 1000, "roads", roads, "moves", moves);
}

static void print_json(const drive *d) {
    json_t *positions = json_array(), *pieces = json_array();
    for (size_t i = 0; i < d->n; i++)
        json_array_append_new(positions, json_position(&d->match.points[i]));
    for (size_t i = 0; i < d->match.n_pieces; i++)
        json_array_append_new(pieces, json_piece(d, &d->match.pieces[i]));
    json_t *root = json_pack("{s:o,s:b,s:o,s:o}", "graph", json_name(d->parts->name), "sketch",
                             d->parts->is_sketch, "positions", positions, "pieces", pieces);
    json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(root);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Names the profiles that there are. */
static sgp_err no_profile(const sgp_graph_parts *p, const char *name, sgp_fault *fault) {
    char known[160] = "";
    for (uint32_t i = 0; i < p->n_profiles; i++) {
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", p->profiles[i].name);
    }
    return sgp_fail(fault, SGP_E_NOT_FOUND, "%s has no profile '%.40s'; it has %s", p->name, name,
                    known);
}

static sgp_err match(drive *d, options *o, sgp_fault *fault) {
    sgp_err err = sgp_graph_open(o->graph, &d->graph, fault);
    if (err)
        return err;
    d->parts = sgp_graph_get(d->graph);
    if (o->profile) {
        o->match.profile = sgp_graph_profile(d->parts, o->profile);
        if (o->match.profile == SGP_NONE)
            return no_profile(d->parts, o->profile, fault);
    }
    err = sgp_track_file_read(o->track, &d->track, &d->n, fault);
    if (err)
        return err;
    sgp_matcher *matcher = NULL;
    err = sgp_matcher_create(d->graph, NULL, &matcher);
    if (!err)
        err = sgp_matcher_match(matcher, d->track, d->n, &o->match, &d->match);
    sgp_matcher_destroy(matcher);
    return err ? sgp_fail(fault, err, "%s", sgp_err_message(err)) : SGP_OK;
}

int app_match(int argc, char **argv) {
    options o;
    bool done;
    int code = read_options(argc, argv, &o, &done);
    if (done)
        return code;
    drive d = {0};
    sgp_fault fault = {0};
    sgp_err err = match(&d, &o, &fault);
    if (err) {
        fprintf(stderr, "sigap match: %s\n", fault.text);
        code = sgp_err_exit_code(err);
    } else {
        if (o.json)
            print_json(&d);
        else
            print_text(&d, &o);
        code = d.match.n_pieces > 0 ? 0 : 1;
    }
    sgp_match_free(&d.match);
    free(d.track);
    sgp_graph_close(d.graph);
    return code;
}
