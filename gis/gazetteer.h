/* Where names are looked up: the database's tables, or the graph file's names while it is
 * away. The resolver asks both through this one interface.
 *
 * A look-up is one or two rounds of asks. Round 1 asks for names; round 2 for what follows from
 * them: house numbers, junctions, the point of a street nearest to a landmark. All asks of a
 * round go out together and are answered together, in one callback, in the order asked.
 *
 * All points are WGS 84; lengths are metres. Answers are borrowed until the callback returns.
 */
#ifndef SGP_GIS_GAZETTEER_H
#define SGP_GIS_GAZETTEER_H

#include "gis/place_query.h"
#include "gis/vocabulary.h"
#include "sigap/geo.h"

/* What a name names; the letters are those of the table `name`. */
typedef enum sgp_thing_kind {
    SGP_THING_STREET = 's',
    SGP_THING_GANG = 'g', /* a street too: its id is in the same table */
    SGP_THING_FACILITY = 'f',
    SGP_THING_JUNCTION = 'j', /* a crossing with a name of its own; a facility's row */
    SGP_THING_KM_POST = 'k',  /* a facility's row */
    SGP_THING_AREA = 'a',
    SGP_THING_ESTATE = 'e', /* an area's row */
    SGP_THING_RT_RW = 'r'   /* an area's row; own words "rt 3", "rw 5" */
} sgp_thing_kind;
/* A block of an estate is a street or gang whose context has the estate. */

typedef struct sgp_thing {
    sgp_thing_kind kind;
    int32_t id; /* within its table: street, facility or area; > 0 */
} sgp_thing;

/* One name that answers to the words asked for. Its texts are there as long as the gazetteer, its
 * lists of words until the callback returns. */
typedef struct sgp_name_row {
    sgp_thing thing;
    const char *label; /* as shown: "Jl. Veteran", "RSUD Dr. Saiful Anwar" */
    /* Words by sgp_vocabulary_words. */
    const uint32_t *own;     /* of the name itself, in order */
    const uint32_t *context; /* of its districts, of the street that it faces or branches off, of
                                its estate */
    uint16_t n_own, n_context;
    const char *sort; /* "hospital", "residential", "kelurahan" ...; "" = unknown */
    float own_weight; /* sum of the weights of its own words */
    int32_t reach_m;  /* radius: footprint, or half the street's length */
    int32_t rank;     /* among equals, the smaller first */
    sgp_point point;
    const char *kelurahan, *kecamatan, *kabupaten; /* "" = unknown */
    /* Of a facility (or estate): the street that it faces, the point of that street in front of
     * it, its entrance (its point where none is mapped), and its footprint's extent. */
    bool has_front;
    int32_t front_street;   /* 0 = it has no name */
    const char *front_name; /* of that street; NULL = not told */
    sgp_point front, entrance;
    sgp_point south_west, north_east;
} sgp_name_row;

typedef enum sgp_gazetteer_question {
    SGP_ASK_NAMES,          /* names that have these words */
    SGP_ASK_NAMES_NEAR,     /* the same, within radius_m of any of the points */
    SGP_ASK_COMPLETE,       /* names by words of which the last is unfinished */
    SGP_ASK_NUMBER,         /* a house number of the streets things[0][] */
    SGP_ASK_KM_POSTS,       /* the kilometre number_value (in metres) of the streets things[0][] */
    SGP_ASK_JUNCTIONS,      /* where a street of things[0][] meets one of things[1][] */
    SGP_ASK_JUNCTIONS_NEAR, /* junctions within radius_m of the points, nearest first; at least
                               those of the streets things[0][], where any are given */
    SGP_ASK_NEAREST_ON, /* for each of things[0][] x things[1][]: the point of the first nearest to
                           the second, where within radius_m */
    SGP_ASK_DISTRICTS,  /* districts of the points */
    SGP_ASK_AROUND      /* nearest house number and nearest street of points[0] */
} sgp_gazetteer_question;

enum {
    SGP_ASKS_MAX = 24,
    SGP_ASK_THINGS_MAX = 16,
    SGP_ASK_POINTS_MAX = 16,
    SGP_ASK_READINGS_MAX = 96,
    SGP_NAME_ROWS_MAX = 120
};

typedef struct sgp_gazetteer_ask {
    sgp_gazetteer_question question;
    /* NAMES, NAMES_NEAR, COMPLETE. Every run of the phrase that `required` marks must be in the
     * name or its context by one of its readings; where no name has them all, names with the
     * rarest ones are answered. */
    const sgp_reading *readings; /* caller keeps ownership until the answer */
    size_t n_readings;
    uint32_t required;      /* bit i: word i of the phrase */
    bool own_only;          /* NAMES: all of them of the name itself, or no answer at all */
    const char *unfinished; /* COMPLETE: the last word's letters so far */
    const char *kinds;      /* letters of sgp_thing_kind that are wanted, NULL = all */
    int32_t limit;          /* rows, at most SGP_NAME_ROWS_MAX */
    /* Prefer (NAMES) or demand (NAMES_NEAR) the neighbourhood. */
    sgp_point points[SGP_ASK_POINTS_MAX];
    size_t n_points;
    int32_t radius_m;
    sgp_thing things[2][SGP_ASK_THINGS_MAX];
    size_t n_things[2];
    char number[SGP_NUMBER_BYTES], block[SGP_NUMBER_BYTES];
    int32_t number_value;
    uint8_t arms; /* JUNCTIONS_NEAR: at least so many arms */
} sgp_gazetteer_ask;

typedef struct sgp_number_row { /* for one street of the ask */
    int32_t street;
    bool is_exact;
    char shown[SGP_NUMBER_BYTES]; /* the exact or nearest number as written on the map; "" = none */
    int32_t gap;                  /* |nearest - asked| */
    sgp_point point;              /* of the exact or nearest one */
    bool is_between;              /* the same side of the street has lower and higher ones: */
    int32_t low, high;
    sgp_point between; /* interpolated along the street */
    int32_t span_m;    /* from low to high; of an exact one how far others of that number are */
} sgp_number_row;

typedef struct sgp_junction_row {
    int32_t street_a, street_b; /* as asked: a of things[0], b of things[1]; of any for NEAR */
    const char *name_a, *name_b;
    sgp_point point;
    uint8_t arms;
    bool is_roundabout;
    int32_t away_m; /* from the nearest of the points; 0 without */
} sgp_junction_row;

typedef struct sgp_nearest_row {
    uint8_t first, second; /* indices into things[0], things[1] */
    sgp_point point;       /* on the first */
    int32_t away_m;        /* from the second's footprint */
} sgp_nearest_row;

typedef struct sgp_district_row { /* one for each point, in order */
    const char *kelurahan, *kecamatan, *kabupaten;
} sgp_district_row;

typedef struct sgp_around_row {
    sgp_thing_kind kind; /* STREET; with a number: a house */
    const char *street, *number;
    sgp_point point;
    int32_t away_m;
} sgp_around_row;

typedef struct sgp_gazetteer_answer { /* the array that fits the question */
    const sgp_name_row *names;
    const sgp_number_row *numbers; /* of houses, or of posts: then low and high are metres */
    const sgp_junction_row *junctions;
    const sgp_nearest_row *nearest;
    const sgp_district_row *districts;
    const sgp_around_row *around;
    size_t n;
} sgp_gazetteer_answer;

/* err SGP_OK and one answer for each ask; SGP_E_DATABASE away, SGP_E_TIMEOUT, SGP_E_FULL:
 * answers NULL. */
typedef void (*sgp_gazetteer_done)(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers,
                                   size_t n);

typedef struct sgp_gazetteer {
    void *self;
    /* NULL while it is not ready. */
    const sgp_vocabulary *(*vocabulary)(const void *self);
    /* The city's name, "" = none: its word says nothing within the city. */
    const char *(*city_name)(const void *self);
    /* Takes a copy of the asks but not of readings. The answer comes from the loop, or, of a
     * gazetteer in memory, before this returns. *ticket (may be NULL) drops it. */
    sgp_err (*ask)(void *self, const sgp_gazetteer_ask *asks, size_t n, sgp_gazetteer_done done,
                   void *ctx, uint64_t *ticket);
    /* No answer will come for this ticket any more; unknown ones are let be. */
    void (*drop)(void *self, uint64_t ticket);
    /* Whether a name has all required words as its own, known at once and without asking.
     * NULL: it is not known without asking. */
    bool (*is_named)(const void *self, const sgp_gazetteer_ask *ask);
} sgp_gazetteer;

#endif
