#include "apps/hospital_told.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sigap/core.h"

/* ---- words --------------------------------------------------------------------- */

static sgp_text ability_word(int ability) {
    return (sgp_text)(SGP_TEXT_ABILITY_TRAUMA + ability);
}
_Static_assert(SGP_TEXT_ABILITY_ISOLATION - SGP_TEXT_ABILITY_TRAUMA == SGP_ABILITIES - 1,
               "a word for every ability, in their order");

char *sgp_abilities_text(sgp_language language, uint32_t abilities, char *out, size_t capacity) {
    snprintf(out, capacity, "%s", abilities ? "" : "-");
    for (int i = 0; i < SGP_ABILITIES; i++) {
        size_t length = strlen(out);
        if (abilities >> i & 1u)
            snprintf(out + length, capacity - length, "%s%s", length ? ", " : "",
                     sgp_text_get(language, ability_word(i)));
    }
    return out;
}

bool sgp_abilities_parse(const char *text, uint32_t *abilities, char left[256],
                         const char **wrong) {
    *abilities = 0;
    snprintf(left, 256, "%s", text);
    if (strcasecmp(text, "none") == 0)
        return true;
    *wrong = text;
    for (char *word = strtok(left, ","); word != NULL; word = strtok(NULL, ",")) {
        int ability = 0;
        *wrong = word;
        while (ability < SGP_ABILITIES &&
               strcasecmp(word, sgp_ability_str((sgp_ability)ability)) != 0)
            ability++;
        if (ability == SGP_ABILITIES)
            return false;
        *abilities |= 1u << ability;
    }
    return *abilities != 0;
}

const char *sgp_diversion_text(sgp_language language, int diversion) {
    static const sgp_text words[SGP_DIVERSIONS] = {[SGP_DIVERSION_OPEN] = SGP_TEXT_DIVERSION_OPEN,
                                                   [SGP_DIVERSION_SOME] = SGP_TEXT_DIVERSION_SOME,
                                                   [SGP_DIVERSION_ALL] = SGP_TEXT_DIVERSION_ALL,
                                                   [SGP_DIVERSION_CLOSED] =
                                                       SGP_TEXT_DIVERSION_CLOSED};
    return diversion >= 0 && diversion < SGP_DIVERSIONS ? sgp_text_get(language, words[diversion])
                                                        : "?";
}

const char *sgp_colour_of_triage_text(sgp_language language, int colour) {
    static const sgp_text words[SGP_COLOURS] = {[SGP_COLOUR_RED] = SGP_TEXT_COLOUR_RED,
                                                [SGP_COLOUR_YELLOW] = SGP_TEXT_COLOUR_YELLOW,
                                                [SGP_COLOUR_GREEN] = SGP_TEXT_COLOUR_GREEN,
                                                [SGP_COLOUR_BLACK] = SGP_TEXT_COLOUR_BLACK};
    return colour > 0 && colour < SGP_COLOURS ? sgp_text_get(language, words[colour]) : "-";
}

const char *sgp_unfit_text(sgp_language language, int unfit) {
    static const sgp_text words[SGP_UNFITS] = {
        [SGP_UNFIT_NOT] = SGP_TEXT_UNFIT_NOT,
        [SGP_UNFIT_FULL] = SGP_TEXT_UNFIT_FULL,
        [SGP_UNFIT_DIVERTS] = SGP_TEXT_UNFIT_DIVERTS,
        [SGP_UNFIT_LACKS] = SGP_TEXT_UNFIT_LACKS,
        [SGP_UNFIT_CLOSED] = SGP_TEXT_UNFIT_CLOSED,
        [SGP_UNFIT_UNREACHABLE] = SGP_TEXT_UNFIT_UNREACHABLE};
    return unfit >= 0 && unfit < SGP_UNFITS ? sgp_text_get(language, words[unfit]) : "?";
}

/* ---- hospitals ------------------------------------------------------------------ */

static void add_beds(sgp_language language, sgp_sheet *sheet, const Sigap__V1__Hospital *hospital,
                     int64_t now_ms) {
    char age[64];
    if (hospital->free_beds >= 0)
        sgp_sheet_cell(sheet, hospital->free_beds > 0 ? SGP_PLAIN : SGP_RED, "%d",
                       hospital->free_beds);
    else if (hospital->beds_stale)
        sgp_sheet_cell(sheet, SGP_YELLOW, "(%d)", hospital->told_beds);
    else
        sgp_sheet_cell(sheet, SGP_DIM, "?");
    if (hospital->told_beds_at_ms == 0)
        sgp_sheet_cell(sheet, SGP_DIM, "%s", sgp_text_get(language, SGP_TEXT_NEVER_TOLD));
    else
        sgp_sheet_cell(sheet, hospital->beds_stale ? SGP_YELLOW : SGP_PLAIN, "%s",
                       sgp_duration_text(language,
                                         now_ms > hospital->told_beds_at_ms
                                             ? now_ms - hospital->told_beds_at_ms
                                             : 0,
                                         age, sizeof age));
}

static void add_diversion(sgp_language language, sgp_sheet *sheet,
                          const Sigap__V1__Hospital *hospital) {
    char abilities[256], until[16], reason[128];
    sgp_sheet_cell(sheet, hospital->diversion ? SGP_RED : SGP_GREEN, "%s",
                   sgp_diversion_text(language, (int)hospital->diversion));
    char text[512] = "";
    if (hospital->diverts)
        snprintf(text, sizeof text, "%s ",
                 sgp_abilities_text(language, hospital->diverts, abilities, sizeof abilities));
    if (hospital->diverted_until_ms)
        snprintf(text + strlen(text), sizeof text - strlen(text), "→ %.5s ",
                 sgp_clock_text(hospital->diverted_until_ms, until));
    if (hospital->diversion)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
                 sgp_plain_text(hospital->diverted_reason, reason, sizeof reason));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", text);
}

sgp_err sgp_hospital_sheet(sgp_language language, Sigap__V1__Hospital *const *hospitals, size_t n,
                           int64_t now_ms, sgp_sheet **sheet) {
    const char *headers[] = {sgp_text_get(language, SGP_TEXT_COLUMN_HOSPITAL),
                             sgp_text_get(language, SGP_TEXT_COLUMN_FREE_BEDS),
                             sgp_text_get(language, SGP_TEXT_COLUMN_TOLD),
                             sgp_text_get(language, SGP_TEXT_COLUMN_STATE),
                             "",
                             sgp_text_get(language, SGP_TEXT_COLUMN_HOSPITAL_NAME),
                             sgp_text_get(language, SGP_TEXT_COLUMN_ABILITIES)};
    sgp_err err = sgp_sheet_create(headers, sizeof headers / sizeof *headers, sheet);
    for (size_t i = 0; i < n && !err; i++) {
        char abilities[256], name[SGP_NAME_BYTES];
        sgp_sheet_cell(*sheet, SGP_BOLD, "%s", hospitals[i]->code);
        add_beds(language, *sheet, hospitals[i], now_ms);
        add_diversion(language, *sheet, hospitals[i]);
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s",
                       sgp_plain_text(hospitals[i]->name, name, sizeof name));
        sgp_sheet_cell(
            *sheet, SGP_PLAIN, "%s",
            sgp_abilities_text(language, hospitals[i]->abilities, abilities, sizeof abilities));
    }
    return err;
}

/* ---- who is on the way ------------------------------------------------------------ */

static void add_arrival(sgp_language language, sgp_sheet *sheet, const Sigap__V1__Inbound *row,
                        int64_t now_ms) {
    char clock[16], left[64];
    if (row->since_ms) {
        sgp_sheet_cell(sheet, row->offload_alarms ? SGP_RED : SGP_PLAIN, "%.5s",
                       sgp_clock_text(row->since_ms, clock));
        sgp_sheet_cell(sheet, row->offload_alarms ? SGP_RED : SGP_YELLOW, "%s %s",
                       sgp_text_get(language, SGP_TEXT_WAITS_SINCE),
                       sgp_duration_text(language,
                                         now_ms > row->since_ms ? now_ms - row->since_ms : 0, left,
                                         sizeof left));
    } else if (row->arrives_at_ms) {
        sgp_sheet_cell(sheet, SGP_BOLD, "%.5s", sgp_clock_text(row->arrives_at_ms, clock));
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                       sgp_duration_text(
                           language, row->arrives_at_ms > now_ms ? row->arrives_at_ms - now_ms : 0,
                           left, sizeof left));
    } else {
        sgp_sheet_cell(sheet, SGP_DIM, "-");
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    }
}

sgp_err sgp_inbound_sheet(sgp_language language, const Sigap__V1__InboundPage *page, int64_t now_ms,
                          sgp_sheet **sheet) {
    const char *headers[] = {sgp_text_get(language, SGP_TEXT_COLUMN_HOSPITAL),
                             sgp_text_get(language, SGP_TEXT_COLUMN_UNIT),
                             sgp_text_get(language, SGP_TEXT_COLUMN_STATUS),
                             sgp_text_get(language, SGP_TEXT_COLUMN_ARRIVES),
                             sgp_text_get(language, SGP_TEXT_COLUMN_LEFT),
                             sgp_text_get(language, SGP_TEXT_COLUMN_PRIORITY),
                             sgp_text_get(language, SGP_TEXT_COLUMN_COMPLAINT),
                             sgp_text_get(language, SGP_TEXT_COLUMN_TRIAGE),
                             sgp_text_get(language, SGP_TEXT_COLUMN_NEEDS)};
    sgp_err err = sgp_sheet_create(headers, sizeof headers / sizeof *headers, sheet);
    for (size_t i = 0; i < page->n_inbound && !err; i++) {
        const Sigap__V1__Inbound *row = page->inbound[i];
        char needs[256];
        sgp_sheet_cell(*sheet, SGP_BOLD, "%s", row->hospital_code);
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s", row->unit_code);
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s",
                       sgp_assignment_state_text(language, (int)row->state));
        add_arrival(language, *sheet, row, now_ms);
        sgp_sheet_cell(*sheet, sgp_priority_colour((int)row->priority), "%s",
                       sgp_priority_text(language, (int)row->priority));
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s", sgp_complaint_text(language, row->complaint));
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s",
                       sgp_colour_of_triage_text(language, (int)row->colour));
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s",
                       sgp_abilities_text(language, row->needs, needs, sizeof needs));
    }
    return err;
}

/* ---- advice ---------------------------------------------------------------------- */

sgp_err sgp_hospital_advice_sheet(sgp_language language, const Sigap__V1__HospitalAdvice *advice,
                                  sgp_sheet **sheet) {
    const char *headers[] = {sgp_text_get(language, SGP_TEXT_COLUMN_HOSPITAL),
                             sgp_text_get(language, SGP_TEXT_COLUMN_TRAVEL),
                             sgp_text_get(language, SGP_TEXT_COLUMN_FREE_BEDS),
                             sgp_text_get(language, SGP_TEXT_COLUMN_INBOUND),
                             sgp_text_get(language, SGP_TEXT_COLUMN_STATE),
                             sgp_text_get(language, SGP_TEXT_COLUMN_LACKS)};
    sgp_err err = sgp_sheet_create(headers, sizeof headers / sizeof *headers, sheet);
    for (size_t i = 0; i < advice->n_options && !err; i++) {
        const Sigap__V1__HospitalOption *option = advice->options[i];
        bool chosen = strcmp(option->hospital_code, advice->chosen_code) == 0;
        bool fits = option->unfit == SIGAP__V1__UNFIT__UNFIT_NOT;
        char travel[64], lacks[256];
        sgp_sheet_cell(*sheet, chosen || i == 0 ? SGP_BOLD : SGP_PLAIN, "%s%s", chosen ? "» " : "",
                       option->hospital_code);
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%s",
                       sgp_duration_text(language, option->travel_ms, travel, sizeof travel));
        if (option->free_beds >= 0)
            sgp_sheet_cell(*sheet, SGP_PLAIN, "%d", option->free_beds);
        else
            sgp_sheet_cell(*sheet, SGP_DIM, "?");
        sgp_sheet_cell(*sheet, SGP_PLAIN, "%d", option->inbound);
        sgp_sheet_cell(*sheet, fits ? SGP_GREEN : SGP_YELLOW, "%s",
                       sgp_unfit_text(language, (int)option->unfit));
        sgp_sheet_cell(*sheet, fits ? SGP_DIM : SGP_YELLOW, "%s",
                       sgp_abilities_text(language, option->lacks ? option->lacks : option->wishes,
                                          lacks, sizeof lacks));
    }
    return err;
}
