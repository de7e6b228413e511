/* What the resolver's files share; private to gis/.
 *
 *     place_resolve.c   the rounds: what is asked, which answers belong to what
 *     place_score.c     words against names
 *     place_draft.c     a place being made: what each word did, rivals, confidence
 *     place_target.c    the target with its landmarks, landmarks by themselves
 *     place_number.c    house numbers of streets
 *     place_km.c        kilometres of roads
 *     place_relation.c  in front of, behind, between: points around a landmark
 *     place_junction.c  where streets meet
 *     place_label.c     what is shown
 */
#ifndef SGP_GIS_PLACE_PARTS_H
#define SGP_GIS_PLACE_PARTS_H

#include "gis/place_resolve.h"
#include "gis/place_score.h"

enum {
    SGP_BAGS_MAX = 16,
    SGP_MARKS_MAX = 3,  /* landmarks of one text */
    SGP_SPLITS_MAX = 6, /* ways to cut "veteran sumbersari" in two streets */
    SGP_DRAFTS_MAX = 96,
    SGP_NEAREST_MAX = 512,
    SGP_PLACE_ROUNDS = 4 /* names, details, what follows from new names, districts */
};

/* A place being made. */
typedef struct sgp_draft {
    sgp_place place;              /* confidence and districts of moved points come last */
    const sgp_named *main, *mark; /* what it is made of; NULL = none */
    bool wants_district;          /* the point is far from the main's own */
    float weight[SGP_QUERY_WORDS_MAX], gain[SGP_QUERY_WORDS_MAX]; /* of the query's words */
    uint32_t read_as[SGP_QUERY_WORDS_MAX];
    float sure;
    bool is_makeshift;  /* shown because nothing better may be there; no rival to others */
    int32_t name_order; /* as text_order, without the house number */
    int32_t text_order; /* how much is explained and how surely, in 1/10,000 */
    int32_t order;      /* the same with nearness */
    int32_t rank;
    uint32_t tie; /* kind and number */
} sgp_draft;

typedef enum sgp_ask_use {
    SGP_USE_NAMES,        /* rows for the bag */
    SGP_USE_NUMBERS,      /* of the target's streets */
    SGP_USE_POSTS,        /* kilometre posts of the target's roads */
    SGP_USE_NEAREST,      /* target's streets x a mark's things */
    SGP_USE_CROSSING,     /* of a split */
    SGP_USE_MEETING,      /* where a split's streets come nearest to each other */
    SGP_USE_JUNCTIONS_BY, /* junctions near candidate `which` of the bag */
    SGP_USE_DISTRICTS
} sgp_ask_use;

typedef struct sgp_asked {
    sgp_ask_use use;
    sgp_bag *bag;
    size_t which; /* candidate, split or mark */
} sgp_asked;

typedef struct sgp_mark {
    sgp_bag *bag;
    sgp_bag *both; /* its words and the target's: "pos kamling RW 2 Jodipan"; NULL = no target */
    sgp_relation relation;
} sgp_mark;

/* Nearest points that round 2 told, of the target's candidates to a mark's. */
typedef struct sgp_nearest {
    sgp_thing street, thing;
    sgp_point point;
    int32_t away_m;
} sgp_nearest;

/* What can be at either side of a junction: streets and gangs. */
#define SGP_CUT_KINDS "sg"

typedef struct sgp_split {
    sgp_bag *left, *right;
    bool is_asked, meets; /* for junctions; and there is one */
} sgp_split;

struct sgp_resolution {
    sgp_place_query query;
    const sgp_vocabulary *vocabulary;
    const sgp_gazetteer *gazetteer; /* NULL = nothing is known without asking */
    char city[SGP_NAME_BYTES];      /* words of its name */
    bool has_near, complete;
    sgp_point near;
    int32_t near_radius_m;

    int round;         /* asked so far */
    bool target_grown; /* by names of a later round */
    size_t n_bags;
    sgp_bag *bags[SGP_BAGS_MAX];
    sgp_bag *target; /* NULL = nothing but landmarks, or a junction */
    size_t n_marks;
    sgp_mark marks[SGP_MARKS_MAX];
    sgp_bag *crossing; /* all words of a junction as one name, or a landmark at it */
    size_t n_splits;
    sgp_split splits[SGP_SPLITS_MAX];
    bool splits_first; /* landmarks wait until it is known whether streets meet */
    size_t n_asks, n_asked_before, n_numbers, n_posts, n_nearest, n_drafts;

    /* From here on nothing is set before it is used: setting it all to zero would cost as
     * much as scoring. */
    sgp_gazetteer_ask asks[SGP_ASKS_MAX];
    sgp_asked asked[SGP_ASKS_MAX], asked_before[SGP_ASKS_MAX];
    sgp_number_row numbers[SGP_ASK_THINGS_MAX];
    sgp_number_row posts[SGP_ASK_THINGS_MAX];
    sgp_nearest nearest[SGP_NEAREST_MAX];
    sgp_draft drafts[SGP_DRAFTS_MAX];
    uint8_t district_draft[SGP_ASK_POINTS_MAX];
};

/* ---- drafts ---------------------------------------------------------------------- */

/* An empty one, or NULL when there are enough. */
sgp_draft *sgp_draft_add(sgp_resolution *resolution);
/* The candidate explains the bag's words, each `factor` as well as it scored. */
void sgp_draft_explain(sgp_draft *draft, const sgp_bag *bag, const sgp_named *candidate,
                       float factor);
/* Nothing explains the bag's words; they weigh `scale` of what they would. */
void sgp_draft_miss(sgp_draft *draft, const sgp_bag *bag, float scale);
/* Point, radius, kind, precision and districts of a candidate itself. */
void sgp_draft_place(sgp_draft *draft, const sgp_named *candidate);
/* What is explained so far, and how surely, in 1/10,000. */
int32_t sgp_draft_weigh(const sgp_draft *draft);
/* Of all that was answered; those of junctions are there already. */
void sgp_drafts_make(sgp_resolution *resolution);
/* Orders the drafts, lets what is there twice go, keeps the best 2 x SGP_PLACES_MAX. */
void sgp_drafts_settle(sgp_resolution *resolution);
size_t sgp_drafts_finish(sgp_resolution *resolution, size_t limit, sgp_place *places,
                         sgp_place_reasons *reasons);

/* ---- parts ----------------------------------------------------------------------- */

int32_t sgp_clip_m(double value, int32_t low, int32_t high);
sgp_place_kind sgp_kind_of(const sgp_resolution *resolution, const sgp_named *candidate);

void sgp_number_drafts(sgp_resolution *resolution, const sgp_named *street, sgp_draft *draft);
bool sgp_wants_number(const sgp_resolution *resolution, const sgp_named *candidate);

/* The road of a street, or of a post at one; 0 = none. Of those a kilometre may be known. */
int32_t sgp_road_of(const sgp_named *candidate);
bool sgp_wants_post(const sgp_resolution *resolution, const sgp_named *candidate);
void sgp_post_drafts(sgp_resolution *resolution, const sgp_named *candidate, sgp_draft *draft);

/* Where "in front of" the candidate is, and how far off that may be. */
typedef struct sgp_spot {
    sgp_point point;
    int32_t uncertainty_m;
    float sure;
} sgp_spot;
sgp_spot sgp_relation_spot(sgp_relation relation, const sgp_named *mark);
sgp_spot sgp_between_spot(const sgp_named *a, const sgp_named *b);
sgp_point sgp_middle(sgp_point a, sgp_point b);
/* How well a landmark fits that is so far from where it should be: 1 .. 0. "dekat" reaches
 * farther than "depan". */
float sgp_nearness(sgp_relation relation, double away_m);

/* `beside` are the phrases that were said beside the crossing ones. */
void sgp_junction_prepare(sgp_resolution *resolution, const sgp_query_phrase *const *crossings,
                          size_t n, const sgp_query_phrase *const *beside, size_t n_beside);
/* Lets go the cuts whose sides name no street, where others do. */
void sgp_junction_prune(sgp_resolution *resolution);
void sgp_junction_ask(sgp_resolution *resolution);
/* Where the streets do not meet: where they come nearest. */
void sgp_junction_follow(sgp_resolution *resolution);
/* Whether two things can be so near each other, as far as their middles and sizes tell. */
bool sgp_may_be_within(const sgp_named *a, const sgp_named *b, int32_t metres);
void sgp_junction_take(sgp_resolution *resolution, const sgp_asked *asked,
                       const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer);
void sgp_junction_drafts(sgp_resolution *resolution);

/* The next ask of this round, or NULL when there are enough. */
sgp_gazetteer_ask *sgp_ask_add(sgp_resolution *resolution, sgp_gazetteer_question question,
                               sgp_ask_use use, sgp_bag *bag, size_t which);
void sgp_ask_names(sgp_resolution *resolution, sgp_bag *bag, const char *kinds);
/* NULL when there are enough. */
sgp_bag *sgp_bag_new(sgp_resolution *resolution);

/* ---- labels ----------------------------------------------------------------------- */

/* "Jalan Veteran" as "Jl. Veteran", into out[capacity], which is returned. */
const char *sgp_short_name(const char *name, char *out, size_t capacity);
/* `name`, and the finest district of the place that is not the name itself. */
void sgp_label(sgp_place *place, const char *name);
const char *sgp_relation_words(sgp_relation relation); /* "depan", "utara" ... */

#endif
