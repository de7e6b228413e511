#include "gis/place_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARAMETER_BYTES = SGP_PLACE_WORDS_MAX * (2 * SGP_PLACE_WORD_BYTES + 3) + 4,
    HOMONYM_APART_M = 300,   /* the same name this far away is another place */
    HOMONYM_PERMILLE = 590,  /* a name that exists more than once is never sure … */
    HOMONYMS_PERMILLE = 450, /* … and one of many even less */
    ADDRESS_M = 15,
    COORDINATES_M = 10,
    STREET_MIN_M = 30,
    STREET_MAX_M = 5000
};

/* The search, word by word:
 *   said   the words as folded as the names are
 *   term   for each the vocabulary's word; one that no name has gives way to the most
 *          similar ones (trigrams, on the vocabulary only: it is small)
 *   hits   names with all words, in the name or its districts; when there is none,
 *          `loose`: names with one of the two rarest words
 *   best   score = weight of what was said and matched / of all that was said,
 *          reduced by what the name has and nobody said
 *   numbered  the house number, or the nearest one, where the thing is a street
 * Words weigh by their rarity. A number that a street's name lacks costs it nothing,
 * because it may be the house's.
 * $1 words, $2 optional, $3 number, $4 its value, $5 $6 near, $7 rows, $8 says_street,
 * $9 name of the city, which says nothing within the city, $10 says_district. */
const char SGP_FIND_SQL[] =
    "WITH said AS ("
    "  SELECT ord, optional,"
    "         regexp_replace(lower(unaccent(w)), '[^[:alnum:]]+', '', 'g') AS word"
    "    FROM unnest($1::text[], $2::boolean[]) WITH ORDINALITY AS u(w, optional, ord)"
    "), known AS ("
    "  SELECT s.*, v.weight FROM said s LEFT JOIN word v USING (word) WHERE s.word <> ''"
    "), term AS ("
    "  SELECT ord, optional, word, weight, 1::real AS likeness FROM known WHERE weight IS NOT NULL"
    "  UNION ALL"
    "  SELECT k.ord, k.optional, v.word, v.weight, (0.4 + 0.6 * v.similar_by)::real"
    "    FROM known k CROSS JOIN LATERAL ("
    "      SELECT v.word, v.weight, similarity(v.word, k.word) AS similar_by FROM word v"
    "       WHERE v.word % k.word ORDER BY 3 DESC, v.n DESC, v.word LIMIT 4) v"
    "   WHERE k.weight IS NULL AND length(k.word) >= 3 AND NOT k.optional"
    "), share AS ("
    "  SELECT k.ord, k.optional, k.word = lower($9) AS is_city,"
    "         coalesce(max(t.weight), 1)::real AS weight"
    "    FROM known k LEFT JOIN term t USING (ord) GROUP BY 1, 2, 3"
    "), choice AS ("
    "  SELECT ord, optional, '(' || string_agg(quote_literal(word), '|') || ')' AS words,"
    "         row_number() OVER (ORDER BY max(weight) DESC, ord) AS rarity"
    "    FROM term GROUP BY ord, optional"
    "), query AS ("
    "  SELECT string_agg(words, '&') FILTER (WHERE NOT optional)::tsquery AS every,"
    "         string_agg(words, '|') FILTER (WHERE rarity <= 2)::tsquery AS some,"
    "         (SELECT array_agg(word) FROM term) AS words FROM choice"
    "), hits AS ("
    "  SELECT n.* FROM name n, query q WHERE n.every @@ q.every AND n.own && q.words"
    "   ORDER BY cardinality(n.own), n.rank, n.id LIMIT 500"
    "), loose AS ("
    "  SELECT n.* FROM name n, query q WHERE NOT EXISTS (SELECT FROM hits)"
    "     AND n.every @@ q.some AND n.own && q.words"
    "   ORDER BY cardinality(n.own), n.rank, n.id LIMIT 500"
    "), scored AS ("
    "  SELECT h.*, m.in_name, m.own_got,"
    "         m.got / m.total * (0.4 + 0.6 * least(m.own_got / h.own_weight, 1))"
    "           * CASE WHEN $8::boolean AND h.kind <> 's' OR $10::boolean AND h.kind <> 'a'"
    "             THEN 0.85 ELSE 1 END AS score"
    "    FROM (SELECT * FROM hits UNION ALL SELECT * FROM loose) h"
    "   CROSS JOIN LATERAL ("
    "     SELECT sum(w.weight * greatest(w.own, w.context, 0)) AS got,"
    "            coalesce(sum(w.weight * w.own), 0) AS own_got,"
    "            coalesce(bool_or(w.optional AND w.own IS NOT NULL), false) AS in_name,"
    "            greatest(sum(w.weight) FILTER (WHERE w.own IS NOT NULL OR w.context IS NOT NULL"
    "              OR NOT (w.is_city OR w.optional AND h.kind = 's')), 0.0001) AS total"
    "       FROM (SELECT s.ord, s.optional, s.is_city, s.weight,"
    "                    max(t.likeness) FILTER (WHERE t.word = ANY (h.own)) AS own,"
    "                    max(t.likeness) FILTER (WHERE t.word = ANY (h.context)) AS context"
    "               FROM share s LEFT JOIN term t USING (ord) GROUP BY 1, 2, 3, 4) w) m"
    "), best AS ("
    "  SELECT * FROM (SELECT DISTINCT ON (kind, thing) * FROM scored WHERE own_got > 0"
    "                  ORDER BY kind, thing, score DESC, id) one"
    "   ORDER BY score DESC, rank, id LIMIT 100"
    "), numbered AS ("
    "  SELECT b.*, a.number_shown, coalesce(a.number = $3, false) AS number_exact,"
    "         abs(a.number_value - $4::int) AS number_gap, coalesce(a.point, b.point) AS at,"
    "         b.kind = 's' AND $3 <> '' AND NOT b.in_name AS wants_number"
    "    FROM best b LEFT JOIN LATERAL ("
    "      SELECT * FROM address a WHERE b.kind IN ('s', 'g') AND $3 <> '' AND NOT b.in_name"
    "         AND a.street = b.thing ORDER BY a.number = $3 DESC,"
    "             abs(a.number_value - $4::int), a.id LIMIT 1) a ON true"
    "), ordered AS ("
    "  SELECT *, score * CASE WHEN NOT wants_number OR number_exact THEN 1"
    "                         WHEN number_shown IS NOT NULL THEN 0.8 ELSE 0.75 END"
    "           * CASE WHEN $5::float8 IS NULL THEN 1 ELSE 0.75 + 0.25 * exp("
    "               -ST_DistanceSphere(at, ST_SetSRID(ST_MakePoint($5::float8, $6::float8), 4326))"
    "               / 2000) END AS order_by FROM numbered"
    ")"
    "SELECT kind, label, wants_number, number_shown, number_exact, number_gap,"
    "       round(ST_X(at) * 1e7)::int, round(ST_Y(at) * 1e7)::int, reach_m,"
    "       coalesce(d.kelurahan, o.kelurahan), coalesce(d.kecamatan, o.kecamatan),"
    "       coalesce(d.kabupaten, o.kabupaten), score"
    "  FROM (SELECT * FROM ordered ORDER BY round(order_by::numeric, 3) DESC, rank, id LIMIT "
    "$7::int) o"
    /* A long street's house may lie in another kelurahan than its middle. */
    "  LEFT JOIN LATERAL district(o.at) d ON o.number_shown IS NOT NULL"
    " ORDER BY round(order_by::numeric, 3) DESC, rank, id";

enum find_column {
    FIND_KIND,
    FIND_LABEL,
    FIND_WANTS_NUMBER,
    FIND_NUMBER_SHOWN,
    FIND_NUMBER_EXACT,
    FIND_NUMBER_GAP,
    FIND_LON,
    FIND_LAT,
    FIND_REACH,
    FIND_KELURAHAN,
    FIND_KECAMATAN,
    FIND_KABUPATEN,
    FIND_SCORE
};

/* $1 $2 the point. One row for the nearest house number, one for the nearest street,
 * one for the districts alone, nearest first. */
const char SGP_REVERSE_SQL[] =
    "WITH here AS (SELECT ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326) AS p)"
    ", house AS ("
    "  SELECT 'n' AS kind, s.name || ' ' || a.number_shown AS label, a.point AS at"
    "    FROM (SELECT a.* FROM here, address a ORDER BY a.point <-> (SELECT p FROM here) LIMIT 1) a"
    "    JOIN street s ON s.id = a.street"
    "), road_here AS ("
    "  SELECT 's', s.name, ST_ClosestPoint(s.geom, (SELECT p FROM here))"
    "    FROM (SELECT s.* FROM street s ORDER BY s.geom <-> (SELECT p FROM here) LIMIT 1) s"
    "), all_here AS ("
    "  SELECT * FROM house UNION ALL SELECT * FROM road_here"
    "  UNION ALL SELECT 'd', '', (SELECT p FROM here)"
    ")"
    "SELECT a.kind, regexp_replace(a.label, '^Jalan ', 'Jl. '), round(ST_X(a.at) * 1e7)::int,"
    "       round(ST_Y(a.at) * 1e7)::int, round(ST_DistanceSphere(a.at, h.p))::int AS away_m,"
    "       d.kelurahan, d.kecamatan, d.kabupaten"
    "  FROM all_here a, here h, LATERAL district(h.p) d"
    " ORDER BY a.kind = 'd', away_m, a.kind";

enum reverse_column {
    REVERSE_KIND,
    REVERSE_LABEL,
    REVERSE_LON,
    REVERSE_LAT,
    REVERSE_AWAY,
    REVERSE_KELURAHAN,
    REVERSE_KECAMATAN,
    REVERSE_KABUPATEN
};

/* ---- asking --------------------------------------------------------------------- */

bool sgp_find_send(PGconn *connection, const sgp_place_text *text, const sgp_point *near,
                   const char *city_name) {
    char words[PARAMETER_BYTES] = "{", optional[4 * SGP_PLACE_WORDS_MAX] = "{";
    char value[16], rows[16], lon[32], lat[32];
    char *w = words + 1, *o = optional + 1;
    for (size_t i = 0; i < text->n_words; i++) {
        *w++ = '"';
        for (const char *at = text->words[i]; *at; at++) {
            if (*at == '"' || *at == '\\')
                *w++ = '\\';
            *w++ = *at;
        }
        *w++ = '"';
        *w++ = ',';
        *o++ = text->optional[i] ? 't' : 'f';
        *o++ = ',';
    }
    /* The last comma makes way for the closing brace. */
    memcpy(text->n_words ? w - 1 : w, "}", 2);
    memcpy(text->n_words ? o - 1 : o, "}", 2);
    snprintf(value, sizeof value, "%d", text->number_value);
    /* Twice what may be shown: near ones and homonyms beyond the end still count
     * against a candidate's confidence. */
    snprintf(rows, sizeof rows, "%d", 2 * SGP_PLACES_MAX);
    if (near) {
        snprintf(lon, sizeof lon, "%.7f", sgp_lon(*near));
        snprintf(lat, sizeof lat, "%.7f", sgp_lat(*near));
    }
    const char *values[SGP_FIND_PARAMETERS] = {words,
                                               optional,
                                               text->number,
                                               value,
                                               near ? lon : NULL,
                                               near ? lat : NULL,
                                               rows,
                                               text->says_street ? "t" : "f",
                                               city_name,
                                               text->says_district ? "t" : "f"};
    return PQsendQueryPrepared(connection, SGP_FIND_STATEMENT, SGP_FIND_PARAMETERS, values, NULL,
                               NULL, 0) == 1;
}

bool sgp_reverse_send(PGconn *connection, sgp_point point) {
    char lon[32], lat[32];
    snprintf(lon, sizeof lon, "%.7f", sgp_lon(point));
    snprintf(lat, sizeof lat, "%.7f", sgp_lat(point));
    const char *values[SGP_REVERSE_PARAMETERS] = {lon, lat};
    return PQsendQueryPrepared(connection, SGP_REVERSE_STATEMENT, SGP_REVERSE_PARAMETERS, values,
                               NULL, NULL, 0) == 1;
}

/* ---- reading -------------------------------------------------------------------- */

/* Copies UTF-8 and never ends in the middle of a character. */
static void copy_text(char *to, size_t capacity, const char *from) {
    size_t length = strlen(from);
    if (length >= capacity) {
        length = capacity - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

static int32_t clip(double value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : (int32_t)lround(value);
}

static int32_t number_at(const PGresult *rows, int row, int column) {
    return (int32_t)strtol(PQgetvalue(rows, row, column), NULL, 10);
}

static bool true_at(const PGresult *rows, int row, int column) {
    return PQgetvalue(rows, row, column)[0] == 't';
}

static void take_districts(const PGresult *rows, int row, int first_column, sgp_place *place) {
    copy_text(place->kelurahan, sizeof place->kelurahan, PQgetvalue(rows, row, first_column));
    copy_text(place->kecamatan, sizeof place->kecamatan, PQgetvalue(rows, row, first_column + 1));
    copy_text(place->kabupaten, sizeof place->kabupaten, PQgetvalue(rows, row, first_column + 2));
}

/* "Jl. Veteran 5" -> "Jl. Veteran 5, Ketawanggede": the finest district that is not
 * the name itself. */
static void label_with_district(sgp_place *place, const char *name) {
    const char *finest = place->kelurahan[0]   ? place->kelurahan
                         : place->kecamatan[0] ? place->kecamatan
                                               : place->kabupaten;
    char label[2 * SGP_LABEL_BYTES];
    if (strcmp(name, finest) == 0)
        finest = place->kecamatan[0] && strcmp(name, place->kecamatan) != 0 ? place->kecamatan
                                                                            : place->kabupaten;
    if (*finest && strcmp(name, finest) != 0)
        snprintf(label, sizeof label, "%.200s, %s", name, finest);
    else
        snprintf(label, sizeof label, "%.300s", name);
    copy_text(place->label, sizeof place->label, label);
}

static void place_street(const PGresult *rows, int row, const sgp_place_text *text, double reach_m,
                         sgp_place *place, double *sure) {
    char name[2 * SGP_LABEL_BYTES];
    const char *street = PQgetvalue(rows, row, FIND_LABEL);
    place->kind = SGP_PLACE_STREET;
    place->uncertainty_m = clip(reach_m, STREET_MIN_M, STREET_MAX_M);
    snprintf(name, sizeof name, "%.200s", street);
    if (true_at(rows, row, FIND_WANTS_NUMBER)) {
        bool has_number = !PQgetisnull(rows, row, FIND_NUMBER_SHOWN);
        const char *shown = PQgetvalue(rows, row, FIND_NUMBER_SHOWN);
        if (true_at(rows, row, FIND_NUMBER_EXACT)) {
            place->kind = SGP_PLACE_ADDRESS;
            place->uncertainty_m = ADDRESS_M;
            snprintf(name, sizeof name, "%.200s %.20s", street, shown);
        } else if (has_number && !PQgetisnull(rows, row, FIND_NUMBER_GAP)) {
            /* Two numbers apart is about one plot of 15 m. */
            int32_t gap = number_at(rows, row, FIND_NUMBER_GAP);
            place->uncertainty_m =
                clip(STREET_MIN_M + 10.0 * gap, STREET_MIN_M, place->uncertainty_m);
            snprintf(name, sizeof name, "%.200s %s (dekat no. %.20s)", street, text->number, shown);
            *sure *= 0.8;
        } else {
            snprintf(name, sizeof name, "%.200s (no. %s tidak ditemukan)", street, text->number);
            *sure *= 0.7;
        }
    }
    label_with_district(place, name);
}

static double score_at(const PGresult *rows, int row) {
    return strtod(PQgetvalue(rows, row, FIND_SCORE), NULL);
}

static sgp_point point_at(const PGresult *rows, int row) {
    return (sgp_point){number_at(rows, row, FIND_LON), number_at(rows, row, FIND_LAT)};
}

/* What of the certainty stays when other places answer to the same words. A rival
 * is another place with nearly the same score; one with 60 % of it does not count. */
static double lessen_by_rivals(const PGresult *rows, int row, int *homonyms) {
    double score = score_at(rows, row), rival = 0;
    *homonyms = 0;
    for (int other = 0; other < PQntuples(rows); other++) {
        if (other == row ||
            sgp_distance_m(point_at(rows, row), point_at(rows, other)) <= HOMONYM_APART_M)
            continue;
        rival = fmax(rival, score_at(rows, other));
        *homonyms += score_at(rows, other) >= 0.97 * score;
    }
    double ratio = score > 0 ? fmin(rival / score, 1) : 0;
    return ratio > 0.6 ? 1 - 0.4 * (ratio - 0.6) / 0.4 : 1;
}

size_t sgp_find_read(const PGresult *rows, const sgp_place_text *text, sgp_place *places,
                     size_t limit) {
    size_t n = 0;
    for (int row = 0; row < PQntuples(rows) && n < limit; row++) {
        sgp_place *place = &places[n++];
        memset(place, 0, sizeof *place);
        double reach_m = number_at(rows, row, FIND_REACH);
        double sure = 0.95 * fmin(score_at(rows, row), 1);
        place->point = point_at(rows, row);
        take_districts(rows, row, FIND_KELURAHAN, place);
        switch (PQgetvalue(rows, row, FIND_KIND)[0]) {
        case 's':
        case 'g':
            place_street(rows, row, text, reach_m, place, &sure);
            break;
        case 'f':
        case 'j':
        case 'k':
            place->kind = SGP_PLACE_FACILITY;
            place->uncertainty_m = clip(reach_m, 20, STREET_MAX_M);
            label_with_district(place, PQgetvalue(rows, row, FIND_LABEL));
            break;
        default:
            place->kind = SGP_PLACE_AREA;
            place->uncertainty_m = clip(reach_m, 100, 100000);
            label_with_district(place, PQgetvalue(rows, row, FIND_LABEL));
        }
        if (text->is_relative) {
            /* "In front of" may be across the road or one house further. */
            place->uncertainty_m += 60;
            sure *= 0.85;
        }
        int homonyms;
        sure *= lessen_by_rivals(rows, row, &homonyms);
        place->confidence_permille = clip(1000 * sure, 0, 1000);
        int32_t most = homonyms == 0 ? 1000 : homonyms < 4 ? HOMONYM_PERMILLE : HOMONYMS_PERMILLE;
        if (place->confidence_permille > most)
            place->confidence_permille = most;
    }
    return n;
}

size_t sgp_reverse_read(const PGresult *rows, sgp_point point, sgp_place *places, size_t limit) {
    /* Beyond these distances a name would mislead more than help. */
    enum { HOUSE_MAX_M = 60, STREET_FAR_M = 500 };
    size_t n = 0;
    for (int row = 0; row < PQntuples(rows) && n < limit; row++) {
        char kind = PQgetvalue(rows, row, REVERSE_KIND)[0];
        int32_t away_m = number_at(rows, row, REVERSE_AWAY);
        bool near =
            (kind == 'n' && away_m <= HOUSE_MAX_M) || (kind == 's' && away_m <= STREET_FAR_M);
        /* The districts alone are the answer when nothing else is near. */
        if (!near && !(kind == 'd' && n == 0))
            continue;
        sgp_place *place = &places[n];
        memset(place, 0, sizeof *place);
        take_districts(rows, row, REVERSE_KELURAHAN, place);
        if (kind == 'd') {
            if (!place->kelurahan[0] && !place->kecamatan[0] && !place->kabupaten[0])
                continue;
            place->kind = SGP_PLACE_AREA;
            place->point = point;
            place->uncertainty_m = COORDINATES_M;
            label_with_district(place, place->kelurahan[0] ? place->kelurahan : place->kecamatan);
        } else {
            place->kind = kind == 'n' ? SGP_PLACE_ADDRESS : SGP_PLACE_STREET;
            place->point =
                (sgp_point){number_at(rows, row, REVERSE_LON), number_at(rows, row, REVERSE_LAT)};
            place->uncertainty_m = clip(away_m + ADDRESS_M, ADDRESS_M, STREET_MAX_M);
            label_with_district(place, PQgetvalue(rows, row, REVERSE_LABEL));
        }
        place->confidence_permille = clip(1000 - 1.5 * away_m, 100, 1000);
        n++;
    }
    return n;
}
