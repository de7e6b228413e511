/* How manoeuvres are said. One table; a sentence stands in both languages or in none.
 *
 *   [...]       left out where the road has no name
 *   {name}      of the road
 *   {compass}   the direction in which one departs
 *   {exit}      of the roundabout: "2", "2nd"
 *
 * A row with ANY serves the modifiers that have no row of their own. */
#include "sigap/guide.h"

#include <stdio.h>
#include <string.h>

enum { INDONESIAN, ENGLISH, LANGUAGES };

#define ANY SGP_MODIFIERS

typedef struct guide_row {
    sgp_manoeuvre manoeuvre;
    sgp_modifier modifier;
    const char *text[LANGUAGES];
} guide_row;

#define ROW(manoeuvre, modifier, indonesian, english)                                              \
    {                                                                                              \
        SGP_MANOEUVRE_##manoeuvre, modifier, {                                                     \
            indonesian, english                                                                    \
        }                                                                                          \
    }
#define UTURN SGP_MODIFIER_UTURN
#define SHARP_RIGHT SGP_MODIFIER_SHARP_RIGHT
#define RIGHT SGP_MODIFIER_RIGHT
#define SLIGHT_RIGHT SGP_MODIFIER_SLIGHT_RIGHT
#define STRAIGHT SGP_MODIFIER_STRAIGHT
#define SLIGHT_LEFT SGP_MODIFIER_SLIGHT_LEFT
#define LEFT SGP_MODIFIER_LEFT
#define SHARP_LEFT SGP_MODIFIER_SHARP_LEFT

static const guide_row rows[] = {
    ROW(DEPART, ANY, "Berangkat ke arah {compass}[ di {name}]", "Head {compass}[ on {name}]"),

    ROW(TURN, UTURN, "Putar balik[ ke {name}]", "Make a U-turn[ onto {name}]"),
    ROW(TURN, SHARP_RIGHT, "Belok tajam ke kanan[ ke {name}]", "Turn sharp right[ onto {name}]"),
    ROW(TURN, RIGHT, "Belok kanan[ ke {name}]", "Turn right[ onto {name}]"),
    ROW(TURN, SLIGHT_RIGHT, "Serong kanan[ ke {name}]", "Turn slightly right[ onto {name}]"),
    ROW(TURN, STRAIGHT, "Lurus[ ke {name}]", "Go straight[ onto {name}]"),
    ROW(TURN, SLIGHT_LEFT, "Serong kiri[ ke {name}]", "Turn slightly left[ onto {name}]"),
    ROW(TURN, LEFT, "Belok kiri[ ke {name}]", "Turn left[ onto {name}]"),
    ROW(TURN, SHARP_LEFT, "Belok tajam ke kiri[ ke {name}]", "Turn sharp left[ onto {name}]"),
    ROW(TURN, ANY, "Belok[ ke {name}]", "Turn[ onto {name}]"),

    ROW(CONTINUE, UTURN, "Putar balik[ di {name}]", "Make a U-turn[ on {name}]"),
    ROW(CONTINUE, SHARP_RIGHT, "Belok tajam ke kanan[, tetap di {name}]",
        "Turn sharp right[ to stay on {name}]"),
    ROW(CONTINUE, RIGHT, "Belok kanan[, tetap di {name}]", "Turn right[ to stay on {name}]"),
    ROW(CONTINUE, SLIGHT_RIGHT, "Serong kanan[, tetap di {name}]",
        "Bear right[ to stay on {name}]"),
    ROW(CONTINUE, STRAIGHT, "Lurus terus[ di {name}]", "Continue straight[ on {name}]"),
    ROW(CONTINUE, SLIGHT_LEFT, "Serong kiri[, tetap di {name}]", "Bear left[ to stay on {name}]"),
    ROW(CONTINUE, LEFT, "Belok kiri[, tetap di {name}]", "Turn left[ to stay on {name}]"),
    ROW(CONTINUE, SHARP_LEFT, "Belok tajam ke kiri[, tetap di {name}]",
        "Turn sharp left[ to stay on {name}]"),
    ROW(CONTINUE, ANY, "Terus[ di {name}]", "Continue[ on {name}]"),

    ROW(NEW_NAME, UTURN, "Putar balik[ ke {name}]", "Make a U-turn[ onto {name}]"),
    ROW(NEW_NAME, SHARP_RIGHT, "Ikuti jalan tajam ke kanan[ ke {name}]",
        "Follow the road sharp right[ onto {name}]"),
    ROW(NEW_NAME, RIGHT, "Ikuti jalan ke kanan[ ke {name}]",
        "Follow the road to the right[ onto {name}]"),
    ROW(NEW_NAME, SLIGHT_RIGHT, "Ikuti jalan agak ke kanan[ ke {name}]",
        "Follow the road slightly right[ onto {name}]"),
    ROW(NEW_NAME, SLIGHT_LEFT, "Ikuti jalan agak ke kiri[ ke {name}]",
        "Follow the road slightly left[ onto {name}]"),
    ROW(NEW_NAME, LEFT, "Ikuti jalan ke kiri[ ke {name}]",
        "Follow the road to the left[ onto {name}]"),
    ROW(NEW_NAME, SHARP_LEFT, "Ikuti jalan tajam ke kiri[ ke {name}]",
        "Follow the road sharp left[ onto {name}]"),
    ROW(NEW_NAME, ANY, "Terus[ ke {name}]", "Continue[ onto {name}]"),

    ROW(MERGE, SLIGHT_RIGHT, "Bergabung ke kanan[ ke {name}]", "Merge right[ onto {name}]"),
    ROW(MERGE, RIGHT, "Bergabung ke kanan[ ke {name}]", "Merge right[ onto {name}]"),
    ROW(MERGE, SHARP_RIGHT, "Bergabung ke kanan[ ke {name}]", "Merge right[ onto {name}]"),
    ROW(MERGE, SLIGHT_LEFT, "Bergabung ke kiri[ ke {name}]", "Merge left[ onto {name}]"),
    ROW(MERGE, LEFT, "Bergabung ke kiri[ ke {name}]", "Merge left[ onto {name}]"),
    ROW(MERGE, SHARP_LEFT, "Bergabung ke kiri[ ke {name}]", "Merge left[ onto {name}]"),
    ROW(MERGE, ANY, "Bergabung[ ke {name}]", "Merge[ onto {name}]"),

    ROW(ON_RAMP, SLIGHT_RIGHT, "Ambil jalan masuk di kanan[ ke {name}]",
        "Take the ramp on the right[ onto {name}]"),
    ROW(ON_RAMP, RIGHT, "Belok kanan ke jalan masuk[ ke {name}]",
        "Turn right onto the ramp[ to {name}]"),
    ROW(ON_RAMP, SHARP_RIGHT, "Belok tajam ke kanan ke jalan masuk[ ke {name}]",
        "Turn sharp right onto the ramp[ to {name}]"),
    ROW(ON_RAMP, SLIGHT_LEFT, "Ambil jalan masuk di kiri[ ke {name}]",
        "Take the ramp on the left[ onto {name}]"),
    ROW(ON_RAMP, LEFT, "Belok kiri ke jalan masuk[ ke {name}]",
        "Turn left onto the ramp[ to {name}]"),
    ROW(ON_RAMP, SHARP_LEFT, "Belok tajam ke kiri ke jalan masuk[ ke {name}]",
        "Turn sharp left onto the ramp[ to {name}]"),
    ROW(ON_RAMP, ANY, "Ambil jalan masuk[ ke {name}]", "Take the ramp[ onto {name}]"),

    ROW(OFF_RAMP, SLIGHT_RIGHT, "Keluar lewat jalan di kanan[ ke {name}]",
        "Take the exit on the right[ onto {name}]"),
    ROW(OFF_RAMP, RIGHT, "Keluar ke kanan[ ke {name}]", "Take the exit to the right[ onto {name}]"),
    ROW(OFF_RAMP, SHARP_RIGHT, "Keluar tajam ke kanan[ ke {name}]",
        "Take the exit sharp right[ onto {name}]"),
    ROW(OFF_RAMP, SLIGHT_LEFT, "Keluar lewat jalan di kiri[ ke {name}]",
        "Take the exit on the left[ onto {name}]"),
    ROW(OFF_RAMP, LEFT, "Keluar ke kiri[ ke {name}]", "Take the exit to the left[ onto {name}]"),
    ROW(OFF_RAMP, SHARP_LEFT, "Keluar tajam ke kiri[ ke {name}]",
        "Take the exit sharp left[ onto {name}]"),
    ROW(OFF_RAMP, ANY, "Ambil jalan keluar[ ke {name}]", "Take the exit[ onto {name}]"),

    ROW(FORK, SLIGHT_RIGHT, "Di percabangan ambil kanan[ ke {name}]",
        "Keep right at the fork[ onto {name}]"),
    ROW(FORK, RIGHT, "Di percabangan ambil kanan[ ke {name}]",
        "Keep right at the fork[ onto {name}]"),
    ROW(FORK, SHARP_RIGHT, "Di percabangan belok tajam ke kanan[ ke {name}]",
        "Turn sharp right at the fork[ onto {name}]"),
    ROW(FORK, SLIGHT_LEFT, "Di percabangan ambil kiri[ ke {name}]",
        "Keep left at the fork[ onto {name}]"),
    ROW(FORK, LEFT, "Di percabangan ambil kiri[ ke {name}]", "Keep left at the fork[ onto {name}]"),
    ROW(FORK, SHARP_LEFT, "Di percabangan belok tajam ke kiri[ ke {name}]",
        "Turn sharp left at the fork[ onto {name}]"),
    ROW(FORK, UTURN, "Putar balik[ ke {name}]", "Make a U-turn[ onto {name}]"),
    ROW(FORK, ANY, "Di percabangan ambil tengah[ ke {name}]",
        "Keep to the middle at the fork[ onto {name}]"),

    ROW(END_OF_ROAD, SLIGHT_RIGHT, "Di ujung jalan serong kanan[ ke {name}]",
        "At the end of the road turn slightly right[ onto {name}]"),
    ROW(END_OF_ROAD, RIGHT, "Di ujung jalan belok kanan[ ke {name}]",
        "At the end of the road turn right[ onto {name}]"),
    ROW(END_OF_ROAD, SHARP_RIGHT, "Di ujung jalan belok tajam ke kanan[ ke {name}]",
        "At the end of the road turn sharp right[ onto {name}]"),
    ROW(END_OF_ROAD, SLIGHT_LEFT, "Di ujung jalan serong kiri[ ke {name}]",
        "At the end of the road turn slightly left[ onto {name}]"),
    ROW(END_OF_ROAD, LEFT, "Di ujung jalan belok kiri[ ke {name}]",
        "At the end of the road turn left[ onto {name}]"),
    ROW(END_OF_ROAD, SHARP_LEFT, "Di ujung jalan belok tajam ke kiri[ ke {name}]",
        "At the end of the road turn sharp left[ onto {name}]"),
    ROW(END_OF_ROAD, UTURN, "Di ujung jalan putar balik[ ke {name}]",
        "At the end of the road make a U-turn[ onto {name}]"),
    ROW(END_OF_ROAD, ANY, "Di ujung jalan terus[ ke {name}]",
        "At the end of the road continue[ onto {name}]"),

    ROW(ROUNDABOUT, ANY, "Di bundaran, ambil jalan keluar ke-{exit}[ ke {name}]",
        "At the roundabout take the {exit} exit[ onto {name}]"),
    ROW(EXIT_ROUNDABOUT, ANY, "Keluar dari bundaran[ ke {name}]",
        "Leave the roundabout[ onto {name}]"),

    ROW(ARRIVE, RIGHT, "Tiba di tujuan, di sebelah kanan",
        "You have arrived; the destination is on the right"),
    ROW(ARRIVE, LEFT, "Tiba di tujuan, di sebelah kiri",
        "You have arrived; the destination is on the left"),
    ROW(ARRIVE, ANY, "Tiba di tujuan", "You have arrived at the destination"),
};

/* A roundabout in which the journey ends has no exit to name. */
static const char *const enter_roundabout[LANGUAGES] = {"Masuk ke bundaran[ {name}]",
                                                        "Enter the roundabout[ {name}]"};

static const char *const compass[LANGUAGES][8] = {
    {"utara", "timur laut", "timur", "tenggara", "selatan", "barat daya", "barat", "barat laut"},
    {"north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"},
};

static const char *pattern_of(const sgp_guide_step *step, int language) {
    if (step->manoeuvre == SGP_MANOEUVRE_ROUNDABOUT && step->exit == 0)
        return enter_roundabout[language];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].manoeuvre == step->manoeuvre &&
            (rows[i].modifier == step->modifier || rows[i].modifier == ANY))
            return rows[i].text[language];
    return rows[0].text[language]; /* no manoeuvre has that number */
}

typedef struct sentence {
    char *text;
    size_t capacity, length;
    bool full;
} sentence;

static bool is_inside_character(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static void append(sentence *s, const char *text, size_t length) {
    if (s->full)
        return;
    size_t room = s->capacity - 1 - s->length;
    if (length > room) {
        s->full = true;
        length = room;
        while (length > 0 && is_inside_character(text[length]))
            length--;
    }
    memcpy(s->text + s->length, text, length);
    s->length += length;
}

static void append_exit(sentence *s, int language, unsigned exit) {
    char text[16];
    const char *ending = "";
    if (language == ENGLISH) {
        bool teen = exit % 100 >= 11 && exit % 100 <= 13;
        ending = teen || exit % 10 > 3 || exit % 10 == 0 ? "th"
                 : exit % 10 == 1                        ? "st"
                 : exit % 10 == 2                        ? "nd"
                                                         : "rd";
    }
    snprintf(text, sizeof text, "%u%s", exit, ending);
    append(s, text, strlen(text));
}

static void append_gap(sentence *s, const sgp_guide_step *step, int language, const char *gap,
                       size_t length) {
    if (strncmp(gap, "{name}", length) == 0)
        append(s, step->name, strlen(step->name));
    else if (strncmp(gap, "{exit}", length) == 0)
        append_exit(s, language, step->exit);
    else {
        const char *where = compass[language][(step->bearing_after % 360 * 2 + 45) / 90 % 8];
        append(s, where, strlen(where));
    }
}

char *sgp_guide_text(const sgp_guide_step *step, const char *language, char *text,
                     size_t capacity) {
    if (capacity == 0)
        return text;
    int tongue = language && strcmp(language, "en") == 0 ? ENGLISH : INDONESIAN;
    bool has_name = step->name && step->name[0] != '\0';
    sentence s = {.text = text, .capacity = capacity};
    for (const char *at = pattern_of(step, tongue); *at;) {
        size_t length = strcspn(at, "[]{");
        append(&s, at, length);
        at += length;
        if (*at == '[' && !has_name)
            at = strchr(at, ']') + 1;
        else if (*at == '[' || *at == ']')
            at++;
        else if (*at == '{') {
            length = strcspn(at, "}") + 1;
            append_gap(&s, step, tongue, at, length);
            at += length;
        }
    }
    text[s.length] = '\0';
    return text;
}

const char *sgp_manoeuvre_str(sgp_manoeuvre manoeuvre) {
    static const char *const names[SGP_MANOEUVRES] = {
        "depart",   "turn", "continue",    "new name",   "merge",           "on ramp",
        "off ramp", "fork", "end of road", "roundabout", "exit roundabout", "arrive"};
    return (unsigned)manoeuvre < SGP_MANOEUVRES ? names[manoeuvre] : "turn";
}

const char *sgp_modifier_str(sgp_modifier modifier) {
    static const char *const names[SGP_MODIFIERS] = {
        "",         "uturn",       "sharp right", "right",     "slight right",
        "straight", "slight left", "left",        "sharp left"};
    return (unsigned)modifier < SGP_MODIFIERS ? names[modifier] : "";
}
