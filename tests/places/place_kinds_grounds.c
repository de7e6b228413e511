/* Rows about districts, housing estates, kilometre posts, codes and coordinates. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/plus_code.h"
#include "place_kinds.h"

static void comment(drawn_row *row, const char *what, const map_thing *thing) {
    snprintf(row->comment, sizeof row->comment, "%s%s", what, thing->name);
}

/* ---- districts --------------------------------------------------------------------- */

/* Things of that key and sort (level 0: a place). */
static size_t count_named(const map *m, const char *key, int level) {
    size_t n = 0;
    for (size_t i = 0; i < m->n_things; i++)
        n += m->things[i].kind == MAP_AREA && strcmp(m->things[i].key, key) == 0 &&
             (level == 0 || m->things[i].level == level);
    return n;
}

/* A village that is a point only has no boundary of its name around it. */
static bool is_village(const map *m, const map_thing *thing) {
    bool place = strcmp(thing->sort, "village") == 0 || strcmp(thing->sort, "town") == 0 ||
                 strcmp(thing->sort, "suburb") == 0;
    uint32_t around = map_district(m, thing->at, 7);
    return thing->kind == MAP_AREA && thing->n_edges == 0 && place && around == MAP_NONE;
}

bool draw_area(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *thing = &m->things[draw_below(d, m->n_things)];
    bool village = is_village(m, thing);
    if (thing->kind != MAP_AREA || !(village || thing->level == 6 || thing->level == 7))
        return false;
    uint32_t kecamatan = map_district(m, thing->at, 6);
    const char *marker = thing->level == 6 ? "Kecamatan" : village ? "Desa" : "Kelurahan";
    bool doubtful = count_named(m, thing->key, 0) > (village ? 1 : 2);
    said_add(&row->said, SAID_MARKER, marker);
    said_add(&row->said, SAID_NAME, thing->name);
    if (thing->level != 6 && kecamatan != MAP_NONE && (doubtful || draw_chance(d, 40))) {
        said_add(&row->said, SAID_DISTRICT, ",");
        if (draw_chance(d, 50))
            said_add(&row->said, SAID_DISTRICT, "Kecamatan");
        said_add(&row->said, SAID_DISTRICT, m->things[kecamatan].name);
    } else if (doubtful && thing->level != 6) {
        return false;
    }
    row->truths[0] = truth_district(thing);
    comment(row, thing->level == 6 ? "kecamatan " : village ? "desa " : "kelurahan ", thing);
    return true;
}

static const map_thing *nearest_village(const map *m, spot at) {
    const map_thing *best = NULL;
    for (size_t i = 0; i < m->n_things; i++) {
        const map_thing *thing = &m->things[i];
        bool village = thing->kind == MAP_AREA && thing->n_edges == 0 &&
                       (strcmp(thing->sort, "village") == 0 || strcmp(thing->sort, "suburb") == 0 ||
                        strcmp(thing->sort, "town") == 0);
        if (village && (!best || map_away(thing->at, at) < map_away(best->at, at)))
            best = thing;
    }
    return best;
}

/* "Dusun Krajan, Desa Sukorejo": nearly every desa has a Krajan, so the desa is said. */
bool draw_dusun(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *thing = &m->things[draw_below(d, m->n_things)];
    if (thing->kind != MAP_AREA || strcmp(thing->sort, "hamlet") != 0)
        return false;
    const map_thing *village = nearest_village(m, thing->at);
    uint32_t kecamatan = map_district(m, thing->at, 6);
    if (!village || kecamatan == MAP_NONE || map_away(village->at, thing->at) > 900)
        return false;
    for (size_t i = 0; i < m->n_things; i++) {
        const map_thing *other = &m->things[i];
        if (other == thing || strcmp(other->key, thing->key) != 0)
            continue;
        const map_thing *of = nearest_village(m, other->at);
        if (of == village || (of && strcmp(of->key, village->key) == 0))
            return false;
    }
    said_add(&row->said, SAID_MARKER, "Dusun");
    said_add(&row->said, SAID_NAME, thing->name);
    if (draw_chance(d, 70))
        said_add(&row->said, SAID_MARKER, "Desa");
    said_add(&row->said, SAID_DISTRICT, village->name);
    if (count_named(m, village->key, 0) > 1 || draw_chance(d, 30)) {
        said_add(&row->said, SAID_MARKER, "Kecamatan");
        said_add(&row->said, SAID_DISTRICT, m->things[kecamatan].name);
    }
    row->truths[0] = truth_district(thing);
    snprintf(row->comment, sizeof row->comment, "%s in %s", thing->name, village->name);
    return true;
}

static int number_in(const char *name) {
    const char *digits = strpbrk(name, "0123456789");
    return digits ? atoi(digits) : -1;
}

/* The form with `first` for each '<' and `second` for each '>'. */
static void fill(char *text, size_t capacity, const char *form, const char *first,
                 const char *second) {
    size_t n = 0;
    text[0] = '\0';
    for (; *form && n < capacity - 1; form++) {
        const char one[2] = {*form, '\0'};
        const char *piece = *form == '<' ? first : *form == '>' ? second : one;
        n += (size_t)snprintf(text + n, capacity - n, "%s", piece);
    }
}

/* The kelurahan always; RT and RW in the spellings that forms and callers have. Where the RT is
 * not mapped, its RW is all that the map knows; where that is not either, the kelurahan. */
bool draw_rt_rw(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *thing = &m->things[draw_below(d, m->n_things)];
    if (thing->kind != MAP_AREA || (thing->level != 8 && thing->level != 9))
        return false;
    uint32_t kelurahan = map_district(m, thing->at, 7);
    uint32_t around = thing->level == 9 ? map_district(m, thing->at, 8) : MAP_NONE;
    if (kelurahan == MAP_NONE || (thing->level == 9 && around == MAP_NONE))
        return false;
    int rt = thing->level == 9 ? number_in(thing->name) : -1;
    int rw = number_in(thing->level == 9 ? m->things[around].name : thing->name);
    row->truths[0] = truth_district(thing);
    row->truths[0].metres = fmax(120, sqrt(thing->area_m2 / 3.14159265) * 1.1);
    static const char *const RT_RW[] = {"RT < RW >",     "RT 0< RW 0>", "RT < / RW >",
                                        "RT.00</RW.00>", "RT 0</RW 0>", "rt< rw>",
                                        "RT 00< RW 00>"};
    static const char *const RW[] = {"RW >", "RW 0>", "RW.00>", "rw>", "RW >"};
    char text[64], first[16], second[16];
    snprintf(first, sizeof first, "%d", rt);
    snprintf(second, sizeof second, "%d", rw);
    fill(text, sizeof text, rt > 0 ? RT_RW[draw_below(d, 7)] : RW[draw_below(d, 5)], first, second);
    said_add(&row->said, SAID_NUMBER, text);
    if (draw_chance(d, 50))
        said_add(&row->said, SAID_MARKER, draw_chance(d, 50) ? "Kelurahan" : "Kel.");
    said_add(&row->said, SAID_NAME, m->things[kelurahan].name);
    snprintf(row->comment, sizeof row->comment, "%s%s%s, %s", rt > 0 ? thing->name : "",
             rt > 0 ? " " : "", rt > 0 ? m->things[around].name : thing->name,
             m->things[kelurahan].name);
    return true;
}

/* ---- estates ------------------------------------------------------------------------- */

static const map_thing *some_estate(drawing *d) {
    const map_thing *thing = &d->m->things[draw_below(d, d->m->n_things)];
    return thing->kind == MAP_ESTATE ? thing : NULL;
}

static void say_estate(drawing *d, said *s, const map_thing *estate) {
    const char *name = estate->name;
    bool marked = strncmp(name, "Perumahan ", 10) == 0;
    if (marked)
        said_add(s, SAID_MARKER, "Perumahan");
    said_add(s, SAID_NAME, marked ? name + 10 : name);
    (void)d;
}

bool draw_estate(drawing *d, drawn_row *row) {
    const map_thing *estate = some_estate(d);
    if (!estate)
        return false;
    say_estate(d, &row->said, estate);
    row->truths[0] = truth_thing(estate);
    comment(row, "", estate);
    return true;
}

/* Block and number of a house, whichever way it is mapped. */
static bool block_of(const map_house *house, char block[16], int *number) {
    const char *slash = strchr(house->number, '/');
    if (house->block) {
        snprintf(block, 16, "%.15s", house->block);
        *number = atoi(house->number);
    } else if (slash && slash - house->number < 16) {
        snprintf(block, 16, "%.*s", (int)(slash - house->number), house->number);
        *number = atoi(slash + 1);
    } else {
        return false;
    }
    return *number > 0;
}

bool draw_estate_house(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *estate = some_estate(d);
    if (!estate)
        return false;
    const map_house *chosen = NULL;
    char block[16] = "", other[16];
    int number = 0, value;
    for (int tries = 0; tries < 20000 && !chosen; tries++) {
        const map_house *house = &m->houses[draw_below(d, m->n_houses)];
        if (block_of(house, block, &number) && map_inside(estate, house->at))
            chosen = house;
    }
    if (!chosen)
        return false;
    truth whole = {chosen->at, 30};
    spot sum = {0, 0};
    double n = 0, reach = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < m->n_houses; i++) {
            const map_house *house = &m->houses[i];
            if (!block_of(house, other, &value) || strcmp(other, block) != 0 ||
                !map_inside(estate, house->at))
                continue;
            if (pass == 0 && value == number && house != chosen)
                return false;
            sum = pass == 0 ? (spot){sum.x + house->at.x, sum.y + house->at.y} : sum;
            n += pass == 0;
            if (pass == 1)
                reach = fmax(reach, map_away(house->at, (spot){sum.x / n, sum.y / n}));
        }
    bool only_block = draw_chance(d, 20);
    if (only_block)
        whole = (truth){{sum.x / n, sum.y / n}, reach + 15};
    row->truths[0] = whole;
    say_estate(d, &row->said, estate);
    static const char *const FORMS[] = {"Blok < No >", "Blok </>", "Blok < nomor >",
                                        "</>",         "<->",      "Blok <->"};
    char text[64], digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    fill(text, sizeof text, only_block ? "Blok <" : FORMS[draw_below(d, 6)], block, digits);
    said_add(&row->said, SAID_NUMBER, text);
    snprintf(row->comment, sizeof row->comment, "%s %s/%d", estate->name, block, number);
    return true;
}

/* ---- posts, codes, coordinates ---------------------------------------------------------- */

bool draw_km_post(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *post = &m->things[draw_below(d, m->n_things)];
    if (post->kind != MAP_POST || !post->distance)
        return false;
    spot on = {0, 0};
    double away;
    uint32_t street = map_nearest_street(m, post->at, false, &on, &away), other;
    uint32_t first;
    if (street == MAP_NONE || away > 30 ||
        drawing_streets_named(d, m->streets[street].key, &first) != 1)
        return false;
    for (size_t i = 0; i < m->n_things; i++)
        if (&m->things[i] != post && m->things[i].kind == MAP_POST &&
            strcmp(m->things[i].distance, post->distance) == 0) {
            other = map_nearest_street(m, m->things[i].at, false, &on, &away);
            if (other == street)
                return false;
        }
    char number[16];
    bool marker_first = draw_chance(d, 60);
    snprintf(number, sizeof number, "%.12s", post->distance);
    if (!marker_first)
        said_street(&row->said, m->streets[street].name);
    said_add(&row->said, SAID_MARKER, draw_chance(d, 70) ? "KM" : "kilometer");
    said_add(&row->said, SAID_NUMBER, number);
    if (marker_first)
        said_street(&row->said, m->streets[street].name);
    row->truths[0] = (truth){post->at, 80};
    snprintf(row->comment, sizeof row->comment, "%s, %s", post->name, m->streets[street].name);
    return true;
}

static sgp_point some_point(drawing *d) {
    const map_street *street = &d->m->streets[draw_below(d, d->m->n_streets)];
    return map_point(d->m, street->middle);
}

bool draw_plus_code(drawing *d, drawn_row *row) {
    sgp_point at = some_point(d);
    char code[SGP_PLUS_CODE_BYTES], shorter[SGP_PLUS_CODE_BYTES], text[64];
    if (sgp_plus_code_encode(sgp_lon(at), sgp_lat(at), 10, code) != SGP_OK)
        return false;
    /* Short ones as people share them: with the town, and near enough to it. */
    bool cut = draw_chance(d, 60) && hypot(sgp_lon(at) - 112.63, sgp_lat(at) + 7.98) < 0.1 &&
               sgp_plus_code_shorten(code, 112.63, -7.98, shorter) == SGP_OK;
    snprintf(text, sizeof text, "%s%s", cut ? shorter : code,
             !cut                 ? ""
             : draw_chance(d, 50) ? " Malang"
                                  : ", Kota Malang");
    said_add(&row->said, SAID_NUMBER, text);
    row->truths[0] = (truth){map_spot(d->m, at), 20};
    return true;
}

bool draw_coordinates(drawing *d, drawn_row *row) {
    sgp_point at = some_point(d);
    double lon = sgp_lon(at), lat = sgp_lat(at), south = fabs(lat);
    char text[128];
    switch (draw_below(d, 8)) {
    case 0:
        snprintf(text, sizeof text, "%.6f, %.6f", lat, lon);
        break;
    case 1:
        snprintf(text, sizeof text, "%.5f %.5f", lon, lat);
        break;
    case 2:
        snprintf(text, sizeof text, "%d°%02d'%04.1f\"S %d°%02d'%04.1f\"E", (int)south,
                 (int)(south * 60) % 60, fmod(south * 3600, 60), (int)lon, (int)(lon * 60) % 60,
                 fmod(lon * 3600, 60));
        break;
    case 3:
        snprintf(text, sizeof text, "S %.5f E %.5f", south, lon);
        break;
    case 4:
        snprintf(text, sizeof text, "https://maps.google.com/?q=%.6f,%.6f", lat, lon);
        break;
    case 5:
        snprintf(text, sizeof text, "geo:%.6f,%.6f", lat, lon);
        break;
    case 6:
        snprintf(text, sizeof text, "%.5f LS %.5f BT", south, lon);
        break;
    default:
        snprintf(text, sizeof text, "https://www.google.com/maps/@%.6f,%.6f,17z", lat, lon);
        break;
    }
    said_add(&row->said, SAID_NUMBER, text);
    row->truths[0] = (truth){map_spot(d->m, at), 15};
    return true;
}

/* ---- what is drawn -------------------------------------------------------------------------- */

/* Garbles: c clean, t typing, 2 two slips, h hearing, d dialect, a abbreviation, m missing,
 * j joined, o torn, x chatter. */
const draw_plan draw_malang[] = {
    {"street", draw_street, 32, "ct2hdamojx"},
    {"street", draw_main_street, 32, "cth2adjmxo"},
    {"homonym", draw_homonym, 10, "ctah"},
    {"homonym_near", draw_homonym_near, 12, "cath"},
    {"gang", draw_gang, 36, "cathmx2d"},
    {"house", draw_house, 30, "cathm2xj"},
    {"house_between", draw_house_between, 14, "cathmx"},
    {"house_beyond", draw_house_beyond, 10, "cathm"},
    {"conversation", draw_conversation, 14, "c"},
    {"junction", draw_junction, 36, "cthdm2cx"},
    {"junction_named", draw_junction_named, 20, "cthdxa"},
    {"facility", draw_facility, 36, "cth2ajxo"},
    {"facility", draw_facility_on, 12, "cat"},
    {"facility_alias", draw_alias, 20, "ccxca"},
    {"in_front", draw_in_front, 18, "cdathx"},
    {"across", draw_across, 12, "cdatx"},
    {"behind", draw_behind, 14, "cdathx"},
    {"beside", draw_beside, 14, "cdathx"},
    {"near", draw_near, 12, "cdathx"},
    {"compass", draw_side, 20, "cdtdx"},
    {"between", draw_between, 12, "cdatx"},
    {"street_landmark", draw_street_landmark, 20, "cathdxm2"},
    {"estate", draw_estate, 12, "cathjm"},
    {"estate_house", draw_estate_house, 26, "cathmx2d"},
    {"rt_rw", draw_rt_rw, 26, "ctchxa"},
    {"area", draw_area, 26, "cathmx2d"},
    {"dusun", draw_dusun, 18, "cathx"},
    {"km_post", draw_km_post, 16, "catmhx"},
    {"plus_code", draw_plus_code, 10, "ccx"},
    {"coordinates", draw_coordinates, 12, "ccccx"},
};
const size_t n_draw_malang = sizeof draw_malang / sizeof *draw_malang;

const draw_plan draw_streets[] = {
    {"street", draw_street, 80, "t2"},
    {"street", draw_street, 40, "chamjodx"},
    {"junction", draw_junction, 20, "cth"},
};
const size_t n_draw_streets = sizeof draw_streets / sizeof *draw_streets;

const draw_plan draw_abroad[] = {
    {"street", draw_street, 10, "ct"},
    {"house", draw_house_abroad, 20, "cct"},
    {"junction", draw_junction_abroad, 12, "cct"},
    {"facility", draw_facility_abroad, 12, "cct"},
    {"in_front", draw_in_front, 6, "c"},
};
const size_t n_draw_abroad = sizeof draw_abroad / sizeof *draw_abroad;

const draw_plan draw_typing[] = {{"street", draw_street, 600, "t2"}};
const size_t n_draw_typing = sizeof draw_typing / sizeof *draw_typing;
