/* Points in links and geo: URIs. libevent takes the link apart and undoes its percent
 * signs; what each part means is known here.
 *
 * Sources: RFC 5870 (geo:); Google's "Maps URLs" and the links its application shares;
 * OpenStreetMap's "Browsing" links (mlat, mlon, #map=); Apple's "Map Links"; Waze's "Deep
 * Links". A pin is told before what a screen showed.
 */
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gis/coordinates_parts.h"

enum {
    VALUE_BYTES = 256,       /* longer values of a link are no coordinates */
    VIEW_RADIUS_M = 500,     /* where a link does not say how far it was zoomed in */
    VIEW_RADIUS_MOST = 50000 /* where it was zoomed out */
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- where a link begins and ends ---------------------------------------------------- */

static bool begins_link(const char *at) {
    /* People copy links without their scheme; then only hosts that share places count. */
    static const char *const BEGINNINGS[] = {
        "http://",
        "https://",
        "maps.app.goo.gl/",
        "goo.gl/",
        "maps.google.",
        "www.google.",
        "google.com/",
        "google.co.id/",
        "maps.apple.com/",
        "waze.com/",
        "www.waze.com/",
        "osm.org/",
        "openstreetmap.org/",
        "www.openstreetmap.org/",
    };
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        if (strncasecmp(at, BEGINNINGS[i], strlen(BEGINNINGS[i])) == 0)
            return true;
    return strncasecmp(at, "geo:", 4) == 0 && at[4] != '\0' && strchr("-+0123456789", at[4]);
}

bool sgp_coordinates_next_link(const char *text, size_t from, size_t *begin, size_t *end) {
    for (size_t at = from; text[at]; at++) {
        if ((at > 0 && is_alphanumeric(text[at - 1])) || !begins_link(text + at))
            continue;
        size_t stop = at;
        bool has_bracket = false;
        while (text[stop] && !is_space(text[stop]) && !strchr("<>\"", text[stop]))
            has_bracket |= text[stop++] == '(';
        /* A sentence goes on behind the link: "(https://…)." */
        while (stop > at + 4 && strchr(has_bracket ? ".,;" : ".,;)]}", text[stop - 1]))
            stop--;
        *begin = at;
        *end = stop;
        return true;
    }
    return false;
}

/* ---- parts of a link ------------------------------------------------------------------ */

/* Best so far: a lower rank is a surer pin. */
typedef struct best {
    int rank;
    sgp_err err; /* of the first part that was a point outside the world */
    sgp_fault why;
    sgp_coordinates found;
} best;

enum {
    RANK_MARKED, /* the pin itself */
    RANK_ASKED,  /* what was searched for */
    RANK_PATH,
    RANK_VIEW,
    RANK_NONE
};

/* Reads `text` as two numbers, latitude first; behind: where they end. */
static bool offer(best *b, int rank, const char *text, size_t *behind) {
    sgp_coordinates found;
    sgp_fault why;
    if (strlen(text) > SGP_COORDINATES_TEXT_MAX)
        return false;
    sgp_err err = sgp_coordinates_find_numbers(text, true, &found, &why);
    if (err == SGP_E_RANGE && b->err == SGP_OK) {
        b->err = err;
        b->why = why;
    }
    if (err != SGP_OK)
        return false;
    if (behind)
        *behind = found.end;
    if (rank >= b->rank)
        return false;
    found.form = SGP_COORDINATES_LINK;
    found.is_view = rank == RANK_VIEW;
    if (found.is_view)
        found.radius_m = VIEW_RADIUS_M;
    b->rank = rank;
    b->found = found;
    return true;
}

/* A map's tile of 256 pixels is about half of what a telephone shows. */
static void zoom_view(best *b, double zoom) {
    double lat = sgp_lat(b->found.points[0]) * 3.14159265358979 / 180;
    double metres = 40075016.7 * cos(lat) / pow(2, zoom);
    if (!(metres >= 1))
        metres = 1;
    b->found.radius_m = metres > VIEW_RADIUS_MOST ? VIEW_RADIUS_MOST : (int32_t)ceil(metres);
}

/* "@-7.98,112.63,17z" or "…,500m" (seen from that height). */
static void read_view(best *b, const char *segment) {
    size_t behind;
    if (!offer(b, RANK_VIEW, segment + 1, &behind))
        return;
    const char *at = segment + 1 + behind;
    char *end;
    double number = *at == ',' ? strtod(at + 1, &end) : -1;
    if (!(number > 0))
        return;
    if (*end == 'z' || *end == 'Z')
        zoom_view(b, number);
    else if (*end == 'm')
        b->found.radius_m =
            number > 2.0 * VIEW_RADIUS_MOST ? VIEW_RADIUS_MOST : (int32_t)ceil(number / 2);
}

/* "…!3d-7.98!4d112.63": the pin of a shared place; the last one is the place itself. */
static void read_marks(best *b, const char *path) {
    for (const char *at = path; (at = strstr(at, "!3d")); at += 3) {
        char pair[VALUE_BYTES], *end;
        double lat = strtod(at + 3, &end);
        if (end == at + 3 || strncmp(end, "!4d", 3) != 0 || end - at > 40)
            continue;
        const char *second = end + 3;
        double lon = strtod(second, &end);
        if (end == second || end - second > 40 || !isfinite(lat) || !isfinite(lon))
            continue;
        snprintf(pair, sizeof pair, "%.*s,%.*s", (int)(second - 3 - (at + 3)), at + 3,
                 (int)(end - second), second);
        b->rank = b->rank == RANK_MARKED ? RANK_ASKED : b->rank;
        offer(b, RANK_MARKED, pair, NULL);
    }
}

static void read_path(best *b, char *path) {
    read_marks(b, path);
    char *rest;
    for (char *segment = strtok_r(path, "/", &rest); segment; segment = strtok_r(NULL, "/", &rest))
        if (segment[0] == '@')
            read_view(b, segment);
        else if (strncmp(segment, "data=", 5) != 0 && strlen(segment) < VALUE_BYTES)
            offer(b, RANK_PATH, segment, NULL);
}

static const struct {
    const char *key;
    int rank;
} KEYS[] = {
    {"q", RANK_ASKED},          {"query", RANK_ASKED},    {"destination", RANK_ASKED},
    {"daddr", RANK_ASKED},      {"ll", RANK_ASKED},       {"latlng", RANK_ASKED},
    {"coordinate", RANK_ASKED}, {"location", RANK_ASKED}, {"point", RANK_ASKED},
    {"pin", RANK_ASKED},        {"to", RANK_ASKED},       {"address", RANK_ASKED},
    {"center", RANK_VIEW},      {"cp", RANK_VIEW},        {"sll", RANK_VIEW},
    {"map", RANK_VIEW},         {"viewpoint", RANK_VIEW},
};

typedef struct halves {
    char lat[VALUE_BYTES / 4], lon[VALUE_BYTES / 4];
} halves;

static void read_value(best *b, halves *h, const char *key, const char *value) {
    static const char *const LAT[] = {"mlat", "lat", "latitude"};
    static const char *const LON[] = {"mlon", "lon", "lng", "long", "longitude"};
    for (size_t i = 0; i < sizeof LAT / sizeof *LAT; i++)
        if (strcasecmp(key, LAT[i]) == 0 && strlen(value) < sizeof h->lat)
            snprintf(h->lat, sizeof h->lat, "%s", value);
    for (size_t i = 0; i < sizeof LON / sizeof *LON; i++)
        if (strcasecmp(key, LON[i]) == 0 && strlen(value) < sizeof h->lon)
            snprintf(h->lon, sizeof h->lon, "%s", value);
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        if (strcasecmp(key, KEYS[i].key) == 0 && strlen(value) < VALUE_BYTES)
            offer(b, KEYS[i].rank, value, NULL);
}

/* libevent refuses a whole query where one piece has no '='; so it gets them one by one. */
static void read_query(best *b, const char *query) {
    char *copy = strdup(query), *rest;
    halves h = {.lat = ""};
    for (char *piece = copy ? strtok_r(copy, "&", &rest) : NULL; piece;
         piece = strtok_r(NULL, "&", &rest)) {
        struct evkeyvalq pairs;
        if (evhttp_parse_query_str(piece, &pairs) != 0)
            continue;
        for (struct evkeyval *pair = pairs.tqh_first; pair; pair = pair->next.tqe_next)
            read_value(b, &h, pair->key, pair->value);
        evhttp_clear_headers(&pairs);
    }
    free(copy);
    if (h.lat[0] && h.lon[0]) {
        char pair[VALUE_BYTES];
        snprintf(pair, sizeof pair, "lat %s, lon %s", h.lat, h.lon);
        offer(b, RANK_MARKED, pair, NULL);
    }
}

/* "map=17/-7.98/112.63", "17/-7.98/112.63". */
static void read_fragment(best *b, const char *fragment) {
    const char *at = strncmp(fragment, "map=", 4) == 0 ? fragment + 4 : fragment;
    char *end;
    double zoom = strtod(at, &end);
    if (end == at || *end != '/' || strlen(end) >= VALUE_BYTES ||
        !offer(b, RANK_VIEW, end + 1, NULL))
        return;
    if (zoom >= 0 && zoom < 30)
        zoom_view(b, zoom);
}

/* ---- geo: ------------------------------------------------------------------------------- */

/* "-7.98,112.63,400;crs=wgs84;u=35": parameters in any case, wgs84 the only system. */
static sgp_err read_geo_path(best *b, char *path, sgp_fault *fault) {
    char *rest;
    char *numbers = strtok_r(path, ";", &rest);
    double uncertainty = 0;
    for (char *part; numbers && (part = strtok_r(NULL, ";", &rest));) {
        if (strncasecmp(part, "crs=", 4) == 0 && strcasecmp(part + 4, "wgs84") != 0)
            return sgp_fail(fault, SGP_E_RANGE, "geo: in the system \"%.40s\" is not understood",
                            part + 4);
        if (strncasecmp(part, "u=", 2) != 0)
            continue;
        char *end;
        uncertainty = strtod(part + 2, &end);
        if (end == part + 2 || *end != '\0' || !(uncertainty >= 0) || !isfinite(uncertainty))
            return sgp_fail(fault, SGP_E_RANGE, "geo: \"u=%.40s\" is no number of metres",
                            part + 2);
    }
    if (!numbers || !offer(b, RANK_PATH, numbers, NULL))
        return SGP_OK;
    b->found.form = SGP_COORDINATES_GEO_URI;
    uncertainty = ceil(uncertainty > 20e6 ? 20e6 : uncertainty); /* half of the earth */
    if (uncertainty > b->found.radius_m)
        b->found.radius_m = (int32_t)uncertainty;
    return SGP_OK;
}

/* "geo:0,0?q=…" means: look at q, where a point may or may not be. */
static void forget_nowhere(best *b) {
    if (b->rank == RANK_PATH && b->found.points[0].lon_e7 == 0 && b->found.points[0].lat_e7 == 0)
        b->rank = RANK_NONE;
}

/* ---- one link ----------------------------------------------------------------------------- */

static char *decoded(const char *part, int plus_is_space) {
    size_t length;
    return part ? evhttp_uridecode(part, plus_is_space, &length) : NULL;
}

sgp_err sgp_coordinates_of_link(const char *link, sgp_coordinates *found, sgp_fault *fault) {
    char with_scheme[SGP_COORDINATES_TEXT_MAX + 16];
    bool is_geo = strncasecmp(link, "geo:", 4) == 0;
    bool has_scheme = is_geo || strncasecmp(link, "http", 4) == 0;
    if (snprintf(with_scheme, sizeof with_scheme, "%s%s", has_scheme ? "" : "https://", link) >=
        (int)sizeof with_scheme)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "the link is too long");
    struct evhttp_uri *uri = evhttp_uri_parse_with_flags(with_scheme, EVHTTP_URI_NONCONFORMANT);
    if (!uri)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "the link cannot be read");

    best b = {.rank = RANK_NONE, .err = SGP_OK};
    sgp_err err = SGP_OK;
    char *path = decoded(evhttp_uri_get_path(uri), !is_geo);
    char *fragment = decoded(evhttp_uri_get_fragment(uri), 0);
    if (path && is_geo)
        err = read_geo_path(&b, path, fault);
    else if (path)
        read_path(&b, path);
    if (evhttp_uri_get_query(uri)) {
        read_query(&b, evhttp_uri_get_query(uri));
        if (is_geo)
            forget_nowhere(&b);
    }
    if (fragment && !is_geo)
        read_fragment(&b, fragment);
    free(path);
    free(fragment);
    evhttp_uri_free(uri);
    if (err != SGP_OK)
        return err;
    if (b.rank == RANK_NONE && b.err != SGP_OK)
        return sgp_fail(fault, b.err, "%s", b.why.text);
    if (b.rank == RANK_NONE)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "the link carries no point");
    *found = b.found;
    return SGP_OK;
}
