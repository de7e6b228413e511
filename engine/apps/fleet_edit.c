#include "apps/fleet_edit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "apps/hospital_told.h"
#include "apps/options.h"
#include "sigap/plan.h"

typedef enum fleet_key { KIND, NAME, AGENCY, STATION, AT, DISTRICT, SKILLS, BEDS, KEYS } fleet_key;
static const char *const keys[KEYS][2] = {
    [KIND] = {"jenis", "kind"},     [NAME] = {"nama", "name"}, [AGENCY] = {"instansi", "agency"},
    [STATION] = {"pos", "station"}, [AT] = {"titik", "at"},    [DISTRICT] = {"daerah", "district"},
    [SKILLS] = {"mampu", "skills"}, [BEDS] = {"bed", "beds"},
};
static const struct {
    const char *words[3];
    Sigap__V1__UnitKind kind;
} kinds[] = {
    {{"ambulans", "ambulance", "ambulance_basic"}, SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC},
    {{"gawat", "advanced", "ambulance_advanced"}, SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED},
    {{"motor", "motorbike", "motorbike"}, SIGAP__V1__UNIT_KIND__MOTORBIKE},
    {{"komando", "command", "command_car"}, SIGAP__V1__UNIT_KIND__COMMAND_CAR},
    {{"pemadam", "fire", "fire_engine"}, SIGAP__V1__UNIT_KIND__FIRE_ENGINE},
    {{"penyelamat", "rescue", "rescue"}, SIGAP__V1__UNIT_KIND__RESCUE},
};

const char *sgp_fleet_key(size_t nth, bool english) {
    return nth < KEYS ? keys[nth][english] : NULL;
}

/* The key that the text begins with, and where its value does; KEYS: none. */
static fleet_key key_at(const char *text, const char **value) {
    for (int k = 0; k < KEYS; k++)
        for (int language = 0; language < 2; language++) {
            size_t length = strlen(keys[k][language]);
            if (strncasecmp(text, keys[k][language], length) == 0 && text[length] == '=') {
                *value = text + length + 1;
                return (fleet_key)k;
            }
        }
    return KEYS;
}

const char *sgp_fleet_first_key(const char *text) {
    const char *value;
    for (;;) {
        text += strspn(text, " ");
        if (*text == '\0' || key_at(text, &value) != KEYS)
            return text;
        text += strcspn(text, " ");
    }
}

/* ---- beginning ------------------------------------------------------------------------- */

static void begin(sgp_fleet_edit *edit, const char *code) {
    memset(edit, 0, sizeof *edit);
    sigap__v1__set_fleet__init(&edit->set);
    sigap__v1__point__init(&edit->point);
    snprintf(edit->code, sizeof edit->code, "%s", code);
}

void sgp_fleet_edit_unit(sgp_fleet_edit *edit, const Sigap__V1__Unit *known, const char *code) {
    begin(edit, code);
    sigap__v1__unit__init(&edit->unit);
    if (known != NULL) {
        edit->unit.kind = known->kind;
        edit->unit.name = known->name;
        edit->unit.agency = known->agency;
        edit->unit.station = known->station;
        edit->unit.station_point = known->station_point;
        edit->unit.district = known->district;
        edit->unit.lending = known->lending;
        edit->unit.serves = known->serves;
        edit->unit.skills =
            known->signed_on != NULL ? known->signed_on->vehicle_skills : known->skills;
        edit->set.version = known->entry_version;
    }
    edit->unit.code = edit->code;
    edit->set.what_case = SIGAP__V1__SET_FLEET__WHAT_UNIT;
    edit->set.unit = &edit->unit;
}

void sgp_fleet_edit_hospital(sgp_fleet_edit *edit, const Sigap__V1__Hospital *known,
                             const char *code) {
    begin(edit, code);
    sigap__v1__hospital__init(&edit->hospital);
    if (known != NULL) {
        edit->hospital.name = known->name;
        edit->hospital.point = known->point;
        edit->hospital.beds = known->beds;
        edit->hospital.abilities = known->abilities;
        edit->set.version = known->entry_version;
    }
    edit->hospital.code = edit->code;
    edit->set.what_case = SIGAP__V1__SET_FLEET__WHAT_HOSPITAL;
    edit->set.hospital = &edit->hospital;
}

void sgp_fleet_edit_station(sgp_fleet_edit *edit, const char *name, uint64_t version) {
    begin(edit, name);
    sigap__v1__station_move__init(&edit->station);
    edit->station.name = edit->code;
    edit->set.what_case = SIGAP__V1__SET_FLEET__WHAT_STATION;
    edit->set.station = &edit->station;
    edit->set.version = version;
}

/* ---- values ----------------------------------------------------------------------------- */

static sgp_err keep_text(sgp_fleet_edit *edit, const char *value, char **field, sgp_fault *fault) {
    if (edit->n_texts == SGP_FLEET_TEXTS || strlen(value) >= sizeof edit->texts[0])
        return sgp_fail(fault, SGP_E_TOO_LARGE, "\"%.40s\" is too much", value);
    strcpy(edit->texts[edit->n_texts], value);
    *field = edit->texts[edit->n_texts++];
    return SGP_OK;
}

static sgp_err take_kind(sgp_fleet_edit *edit, const char *value, sgp_fault *fault) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int k = 0; k < 3; k++)
            if (strcasecmp(value, kinds[i].words[k]) == 0) {
                edit->unit.kind = kinds[i].kind;
                return SGP_OK;
            }
    return sgp_fail(fault, SGP_E_FORMAT,
                    "\"%.40s\" is no kind of unit: ambulans gawat motor komando pemadam penyelamat",
                    value);
}

static sgp_err take_point(sgp_fleet_edit *edit, const char *value, sgp_fault *fault) {
    sgp_point point;
    if (strcasecmp(value, "sini") == 0 || strcasecmp(value, "here") == 0) {
        if (edit->here == NULL)
            return sgp_fail(fault, SGP_E_ARGUMENT, "where is here? the map is not open");
        edit->point = *edit->here;
    } else {
        sgp_err err = sgp_point_parse(value, &point, fault);
        if (err != SGP_OK)
            return err;
        edit->point.lon = sgp_lon(point);
        edit->point.lat = sgp_lat(point);
    }
    edit->unit.station_point = edit->hospital.point = edit->station.point = &edit->point;
    return SGP_OK;
}

static sgp_err take_skills(sgp_fleet_edit *edit, const char *value, sgp_fault *fault) {
    char text[256], left[256], *rest = text;
    const char *wrong;
    snprintf(text, sizeof text, "%s", value);
    if (edit->set.what_case == SIGAP__V1__SET_FLEET__WHAT_HOSPITAL) {
        uint32_t abilities = 0;
        for (char *word; (word = strtok_r(rest, " ,", &rest)) != NULL && *value != '-';)
            if (!sgp_abilities_parse(word, &abilities, left, &wrong))
                return sgp_fail(fault, SGP_E_FORMAT, "\"%.40s\" is no ability of a hospital", word);
        edit->hospital.abilities = abilities;
        return SGP_OK;
    }
    edit->unit.skills = 0;
    for (char *word; (word = strtok_r(rest, " ,", &rest)) != NULL && *value != '-';) {
        int skill = 0;
        while (skill < SGP_SKILLS && strcasecmp(word, sgp_skill_str((sgp_skill)skill)) != 0)
            skill++;
        if (skill == SGP_SKILLS)
            return sgp_fail(fault, SGP_E_FORMAT, "\"%.40s\" is no skill of a unit", word);
        edit->unit.skills |= 1u << skill;
    }
    return SGP_OK;
}

static sgp_err take_station(sgp_fleet_edit *edit, const char *value, Sigap__V1__Unit *const *units,
                            size_t n_units, sgp_fault *fault) {
    sgp_err err = keep_text(edit, value, &edit->unit.station, fault);
    bool told = edit->unit.station_point == &edit->point;
    for (size_t i = 0; i < n_units && err == SGP_OK && !told; i++)
        if (strcasecmp(units[i]->station, value) == 0 && units[i]->station_point != NULL) {
            edit->unit.station = units[i]->station; /* as it is written */
            edit->unit.station_point = units[i]->station_point;
            break;
        }
    return err;
}

static sgp_err take_value(sgp_fleet_edit *edit, fleet_key key, const char *value,
                          Sigap__V1__Unit *const *units, size_t n_units, sgp_fault *fault) {
    bool of_unit = edit->set.what_case == SIGAP__V1__SET_FLEET__WHAT_UNIT;
    bool of_hospital = edit->set.what_case == SIGAP__V1__SET_FLEET__WHAT_HOSPITAL;
    uint64_t number;
    if (key == AT)
        return take_point(edit, value, fault);
    if (key == NAME)
        return keep_text(edit, value,
                         of_unit       ? &edit->unit.name
                         : of_hospital ? &edit->hospital.name
                                       : &edit->station.new_name,
                         fault);
    if (key == SKILLS && (of_unit || of_hospital))
        return take_skills(edit, value, fault);
    if (key == BEDS && of_hospital) {
        if (!sgp_number_parse(value, 100000, &number))
            return sgp_fail(fault, SGP_E_FORMAT, "\"%.40s\" is no number of beds", value);
        edit->hospital.beds = (int32_t)number;
        return SGP_OK;
    }
    if (of_unit && key == KIND)
        return take_kind(edit, value, fault);
    if (of_unit && key == AGENCY)
        return keep_text(edit, value, &edit->unit.agency, fault);
    if (of_unit && key == DISTRICT)
        return keep_text(edit, value, &edit->unit.district, fault);
    if (of_unit && key == STATION)
        return take_station(edit, value, units, n_units, fault);
    return sgp_fail(fault, SGP_E_ARGUMENT, "%s= is not for this", keys[key][0]);
}

static sgp_err check_whole(const sgp_fleet_edit *edit, sgp_fault *fault) {
    if (edit->set.what_case == SIGAP__V1__SET_FLEET__WHAT_UNIT) {
        if (edit->unit.kind == 0)
            return sgp_fail(fault, SGP_E_ARGUMENT, "what kind of unit is %s? jenis= (kind=)",
                            edit->code);
        if (edit->unit.station_point == NULL)
            return sgp_fail(fault, SGP_E_ARGUMENT,
                            "where does %s stand? titik=LON,LAT (at=), or pos= (station=) of "
                            "another unit",
                            edit->code);
    }
    if (edit->set.what_case == SIGAP__V1__SET_FLEET__WHAT_HOSPITAL && edit->hospital.point == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "where is %s? titik=LON,LAT (at=)", edit->code);
    return SGP_OK;
}

sgp_err sgp_fleet_edit_take(sgp_fleet_edit *edit, const char *words, Sigap__V1__Unit *const *units,
                            size_t n_units, sgp_fault *fault) {
    words += strspn(words, " ");
    if (*words == '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "nothing is said of %s: nama= titik= ...",
                        edit->code);
    while (*words != '\0') {
        char text[256];
        const char *value, *end;
        fleet_key key = key_at(words, &value);
        if (key == KEYS)
            return sgp_fail(fault, SGP_E_FORMAT,
                            "\"%.*s\" is not understood: nama= jenis= pos= titik= instansi= "
                            "daerah= mampu= bed=",
                            (int)(strcspn(words, " ") > 40 ? 40 : strcspn(words, " ")), words);
        end = sgp_fleet_first_key(value);
        size_t length = (size_t)(end - value);
        while (length > 0 && value[length - 1] == ' ')
            length--;
        if (length >= sizeof text)
            return sgp_fail(fault, SGP_E_TOO_LARGE, "\"%.40s\" is too long", value);
        memcpy(text, value, length);
        text[length] = '\0';
        sgp_err err = take_value(edit, key, text, units, n_units, fault);
        if (err != SGP_OK)
            return err;
        words = end;
    }
    return check_whole(edit, fault);
}
