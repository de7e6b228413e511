/* Rows about streets: the street, a number, a gang, a junction. */
#include "place_kinds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

uint32_t draw_below(drawing *d, size_t n) {
    return (uint32_t)sgp_random_below(&d->random, n);
}

bool draw_chance(drawing *d, int percent) {
    return (int)draw_below(d, 100) < percent;
}

uint32_t draw_some_street(drawing *d) {
    return d->streets[draw_below(d, d->n_streets)];
}

static void comment(drawn_row *row, const char *text) {
    snprintf(row->comment, sizeof row->comment, "%s", text);
}

static bool is_main(const map_street *street) {
    static const char *const MAIN[] = {"primary", "secondary", "tertiary", "trunk"};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(street->class, MAIN[i]) == 0)
            return true;
    return false;
}

static bool street_row(drawing *d, drawn_row *row, const map_street *street) {
    if (street->reach_m > 3000 || !drawing_say_street(d, &row->said, street, 25))
        return false;
    row->truths[0] = truth_street(street);
    comment(row, street->name);
    return true;
}

bool draw_street(drawing *d, drawn_row *row) {
    return street_row(d, row, &d->m->streets[draw_some_street(d)]);
}

bool draw_main_street(drawing *d, drawn_row *row) {
    const map_street *street = &d->m->streets[draw_some_street(d)];
    return is_main(street) && street_row(d, row, street);
}

static bool homonyms(drawing *d, drawn_row *row, uint32_t *which) {
    *which = draw_some_street(d);
    const map_street *street = &d->m->streets[*which];
    uint32_t first;
    size_t n = drawing_streets_named(d, street->key, &first);
    if (n < 2 || n > 3)
        return false;
    said_street(&row->said, street->name);
    row->truths[0] = truth_street(street);
    snprintf(row->comment, sizeof row->comment, "%s, one of %zu", street->name, n);
    return true;
}

bool draw_homonym(drawing *d, drawn_row *row) {
    uint32_t which;
    row->limit = 3;
    return homonyms(d, row, &which);
}

bool draw_homonym_near(drawing *d, drawn_row *row) {
    uint32_t which;
    if (!homonyms(d, row, &which))
        return false;
    const map_street *street = &d->m->streets[which];
    for (uint32_t i = 0; i < d->m->n_streets; i++)
        if (i != which && strcmp(d->m->streets[i].key, street->key) == 0 &&
            map_away(d->m->streets[i].middle, street->middle) < 3000)
            return false;
    row->has_near = true;
    row->near = (spot){street->middle.x + (double)draw_below(d, 1200) - 600,
                       street->middle.y + (double)draw_below(d, 1200) - 600};
    return true;
}

static const char *roman(int number) {
    static const char *const ROMAN[] = {"",    "I",    "II", "III", "IV", "V",  "VI",
                                        "VII", "VIII", "IX", "X",   "XI", "XII"};
    return number > 0 && number <= 12 ? ROMAN[number] : "";
}

/* "Jalan Sumbersari Gang 5": as it is, or "Gang 5 Sumbersari", or with a Roman number. */
bool draw_gang(drawing *d, drawn_row *row) {
    const map_street *street = &d->m->streets[draw_below(d, d->m->n_streets)];
    const char *gang = strstr(street->name, " Gang ");
    uint32_t first;
    if (!street->is_gang || !gang || !isdigit((unsigned char)gang[6]))
        return false;
    char of[160], number[16];
    snprintf(of, sizeof of, "%.*s", (int)(gang - street->name), street->name);
    snprintf(number, sizeof number, "%s", gang + 6);
    if (draw_chance(d, 20) && *roman(atoi(number)))
        snprintf(number, sizeof number, "%s", roman(atoi(gang + 6)));
    bool first_gang = draw_chance(d, 50);
    if (!first_gang)
        said_street(&row->said, of);
    said_add(&row->said, SAID_MARKER, "Gang");
    said_add(&row->said, SAID_NUMBER, number);
    if (first_gang) {
        bool jalan = strncmp(of, "Jalan ", 6) == 0 && draw_chance(d, 60);
        said_street(&row->said, jalan ? of + 6 : of);
    }
    if (drawing_streets_named(d, street->key, &first) > 1) {
        said district = {0};
        if (!drawing_say_street(d, &district, street, 0))
            return false;
        for (size_t i = 0; i < district.n; i++)
            if (district.words[i].part == SAID_DISTRICT)
                said_add(&row->said, SAID_DISTRICT, district.words[i].text);
    }
    row->truths[0] = truth_street(street);
    row->truths[0].metres += 20;
    comment(row, street->name);
    return true;
}

/* ---- house numbers --------------------------------------------------------------------- */

static bool say_number(drawing *d, said *s, const map_street *street, int number) {
    said whole = {0};
    if (!drawing_say_street(d, &whole, street, 20))
        return false;
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    bool marked = draw_chance(d, 60), said_now = false;
    for (size_t i = 0; i <= whole.n; i++) {
        bool tail =
            i == whole.n || whole.words[i].part == SAID_DISTRICT ||
            whole.words[i].part == SAID_SIGN ||
            (whole.words[i].part == SAID_MARKER && (strcmp(whole.words[i].text, "Kelurahan") == 0 ||
                                                    strcmp(whole.words[i].text, "Kecamatan") == 0));
        if (tail && !said_now) {
            said_add(s, SAID_MARKER, marked ? "Nomor" : "");
            said_add(s, SAID_NUMBER, text);
            said_now = true;
        }
        if (i < whole.n)
            said_add(s, whole.words[i].part, whole.words[i].text);
    }
    return true;
}

/* A name that ends in a number of its own would make two numbers. */
static bool takes_number(const map_street *street) {
    return strpbrk(street->key, "0123456789") == NULL && street->reach_m < 3000;
}

static bool house_row(drawing *d, drawn_row *row, uint32_t street, int number) {
    snprintf(row->comment, sizeof row->comment, "%s %d", d->m->streets[street].name, number);
    return say_number(d, &row->said, &d->m->streets[street], number);
}

static const map_house *some_house(drawing *d) {
    const map_house *house = &d->m->houses[draw_below(d, d->m->n_houses)];
    bool plain =
        house->street != MAP_NONE && !house->block && isdigit((unsigned char)*house->number);
    return plain && takes_number(&d->m->streets[house->street]) ? house : NULL;
}

bool draw_house(drawing *d, drawn_row *row) {
    const map_house *house = some_house(d);
    return house && truth_house(d->m, house->street, atoi(house->number), &row->truths[0]) &&
           house_row(d, row, house->street, atoi(house->number));
}

bool draw_house_between(drawing *d, drawn_row *row) {
    const map_house *house = some_house(d);
    if (!house)
        return false;
    int number = atoi(house->number) + 2 * (1 + (int)draw_below(d, 5));
    return truth_house_between(d->m, house->street, number, &row->truths[0]) &&
           house_row(d, row, house->street, number);
}

bool draw_house_beyond(drawing *d, drawn_row *row) {
    const map_house *house = some_house(d);
    if (!house)
        return false;
    int number = atoi(house->number) + 2 * (1 + (int)draw_below(d, 3));
    return truth_house_beyond(d->m, house->street, number, &row->truths[0]) &&
           house_row(d, row, house->street, number);
}

/* Abroad the number comes first or last as the country writes it; names are not Indonesian. */
bool draw_house_abroad(drawing *d, drawn_row *row) {
    const map_house *house = some_house(d);
    uint32_t first;
    if (!house || drawing_streets_named(d, d->m->streets[house->street].key, &first) != 1 ||
        !truth_house(d->m, house->street, atoi(house->number), &row->truths[0]))
        return false;
    const char *name = d->m->streets[house->street].name;
    said_add(&row->said, SAID_NAME, name);
    said_add(&row->said, SAID_NUMBER, house->number);
    snprintf(row->comment, sizeof row->comment, "%s %s", name, house->number);
    return true;
}

/* The street first, in a text of its own; then the number, or the kelurahan of one of several. */
bool draw_conversation(drawing *d, drawn_row *row) {
    said first = {0};
    if (draw_chance(d, 60)) {
        const map_house *house = some_house(d);
        if (!house || !truth_house(d->m, house->street, atoi(house->number), &row->truths[0]) ||
            !drawing_say_street(d, &first, &d->m->streets[house->street], 0))
            return false;
        said_add(&row->said, SAID_MARKER, "nomor");
        said_add(&row->said, SAID_NUMBER, house->number);
        comment(row, d->m->streets[house->street].name);
    } else {
        const map_street *street = &d->m->streets[draw_some_street(d)];
        uint32_t ignored;
        said whole = {0};
        if (street->kelurahan == MAP_NONE || street->reach_m > 2000 ||
            drawing_streets_named(d, street->key, &ignored) < 2 ||
            !drawing_say_street(d, &whole, street, 0))
            return false;
        said_street(&first, street->name);
        said_add(&row->said, SAID_MARKER, draw_chance(d, 50) ? "yang di" : "di");
        for (size_t i = 0; i < whole.n; i++)
            if (whole.words[i].part == SAID_DISTRICT)
                said_add(&row->said, SAID_DISTRICT, whole.words[i].text);
        row->truths[0] = truth_street(street);
        comment(row, street->name);
    }
    char text[SAID_TEXT];
    said_text(&first, text);
    snprintf(row->earlier, sizeof row->earlier, "%.*s", (int)sizeof row->earlier - 1, text);
    return true;
}

/* ---- junctions ---------------------------------------------------------------------------- */

/* Two streets that meet, once; MAP_NONE where this throw gave none. */
static bool some_junction(drawing *d, uint32_t *a, uint32_t *b, truth *t, int *arms) {
    const map *m = d->m;
    *a = draw_some_street(d);
    const map_street *street = &m->streets[*a];
    const map_way *way = &m->ways[street->ways[draw_below(d, street->n_ways)]];
    uint32_t list[8];
    size_t n = map_at_node(m, m->refs[way->first_ref + draw_below(d, way->n_refs)], list, 8);
    *b = n > 0 ? list[draw_below(d, n)] : MAP_NONE;
    if (n < 2 || *b == *a || m->streets[*b].is_gang || strcmp(m->streets[*b].key, street->key) == 0)
        return false;
    return truth_junction(m, *a, *b, t, arms);
}

/* Another pair of streets with these names may meet elsewhere. */
static bool meets_once(drawing *d, uint32_t a, uint32_t b) {
    const map *m = d->m;
    truth t;
    int arms;
    for (uint32_t i = 0; i < m->n_streets; i++)
        for (uint32_t k = 0; strcmp(m->streets[i].key, m->streets[a].key) == 0 && k < m->n_streets;
             k++)
            if (strcmp(m->streets[k].key, m->streets[b].key) == 0 && !(i == a && k == b) &&
                truth_junction(m, i, k, &t, &arms))
                return false;
    return true;
}

bool draw_junction(drawing *d, drawn_row *row) {
    uint32_t a, b;
    int arms;
    if (!some_junction(d, &a, &b, &row->truths[0], &arms))
        return false;
    const map_street *one = &d->m->streets[a], *other = &d->m->streets[b];
    /* Half of them between roads that people know. */
    if ((draw_chance(d, 50) && !(is_main(one) && is_main(other))) || !meets_once(d, a, b))
        return false;
    static const char *const BETWEEN[] = {"dan", "dan", "", "", "sama", "-", "ketemu"};
    const char *word = arms == 4 && draw_chance(d, 70)   ? "perempatan"
                       : arms == 3 && draw_chance(d, 70) ? "pertigaan"
                       : draw_chance(d, 60)              ? "simpang"
                                                         : "pojok";
    said_add(&row->said, SAID_RELATION, word);
    bool jalan = draw_chance(d, 40);
    said_street(&row->said,
                jalan || strncmp(one->name, "Jalan ", 6) != 0 ? one->name : one->name + 6);
    said_add(&row->said, SAID_RELATION, BETWEEN[draw_below(d, 7)]);
    said_street(&row->said,
                jalan || strncmp(other->name, "Jalan ", 6) != 0 ? other->name : other->name + 6);
    snprintf(row->comment, sizeof row->comment, "%s / %s", one->name, other->name);
    return true;
}

bool draw_junction_abroad(drawing *d, drawn_row *row) {
    uint32_t a, b;
    int arms;
    if (!some_junction(d, &a, &b, &row->truths[0], &arms) || !meets_once(d, a, b))
        return false;
    said_add(&row->said, SAID_RELATION, arms == 3 ? "pertigaan" : "simpang");
    said_add(&row->said, SAID_NAME, d->m->streets[a].name);
    said_add(&row->said, SAID_RELATION, "dan");
    said_add(&row->said, SAID_NAME, d->m->streets[b].name);
    snprintf(row->comment, sizeof row->comment, "%s / %s", d->m->streets[a].name,
             d->m->streets[b].name);
    return true;
}
