#include "apps/scenario.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 24 };

typedef struct reader {
    const char *name;
    unsigned line;
    sgp_scenario *scenario;
    sgp_fault *fault;
} reader;

static sgp_err wrong(const reader *r, const char *what, const char *word) {
    return sgp_fail(r->fault, SGP_E_FORMAT, "%s, line %u: %s%s%s%s", r->name, r->line, what,
                    word != NULL ? " '" : "", word != NULL ? word : "", word != NULL ? "'" : "");
}

/* Splits a line in place into words; "quoted words" keep their spaces. */
static sgp_err split(const reader *r, char *line, char *words[WORDS_MAX], size_t *n) {
    *n = 0;
    for (char *p = line;;) {
        while (isspace((unsigned char)*p))
            p++;
        if (*p == '\0' || *p == '#')
            return SGP_OK;
        if (*n == WORDS_MAX)
            return wrong(r, "too many words", NULL);
        if (*p == '"') {
            char *end = strchr(p + 1, '"');
            if (end == NULL)
                return wrong(r, "a quotation mark is missing", NULL);
            *end = '\0';
            words[(*n)++] = p + 1;
            p = end + 1;
            continue;
        }
        words[(*n)++] = p;
        while (*p != '\0' && !isspace((unsigned char)*p))
            p++;
        if (*p != '\0')
            *p++ = '\0';
    }
}

static sgp_err copy(const reader *r, const char *what, const char *word, char *out,
                    size_t capacity) {
    if (word[0] == '\0' || strlen(word) >= capacity)
        return wrong(r, what, word);
    strcpy(out, word);
    return SGP_OK;
}

static const sgp_scenario_step *call_named(const sgp_scenario *scenario, const char *name) {
    for (size_t i = 0; i < scenario->n_steps; i++)
        if (scenario->steps[i].kind == SGP_SCENARIO_CALL &&
            strcmp(scenario->steps[i].name, name) == 0)
            return &scenario->steps[i];
    return NULL;
}

static sgp_err read_point(const reader *r, const char *word, sgp_point *point) {
    sgp_fault fault;
    if (sgp_point_parse(word, point, &fault) == SGP_OK)
        return SGP_OK;
    return wrong(r, fault.text, NULL);
}

static sgp_err read_pair(const reader *r, const char *key, const char *value,
                         sgp_scenario_step *step) {
    if (strcmp(key, "at") == 0)
        return copy(r, "this place is empty or too long:", value, step->at, sizeof step->at);
    if (strcmp(key, "note") == 0)
        return copy(r, "this note is empty or too long:", value, step->text, sizeof step->text);
    if (strcmp(key, "complaint") == 0)
        return copy(r, "this complaint is empty or too long:", value, step->complaint,
                    sizeof step->complaint);
    if (strcmp(key, "point") == 0) {
        step->has_point = true;
        return read_point(r, value, &step->point);
    }
    if (strcmp(key, "near") == 0) {
        step->has_near = true;
        return read_point(r, value, &step->near);
    }
    if (strcmp(key, "priority") == 0) {
        if (value[0] != 'P' || value[1] < '1' || value[1] > '4' || value[2] != '\0')
            return wrong(r, "a priority is P1, P2, P3 or P4, not", value);
        step->priority = value[1] - '0';
        return SGP_OK;
    }
    if (strcmp(key, "same") == 0) {
        if (call_named(r->scenario, value) == NULL)
            return wrong(r, "no earlier call is named", value);
        return copy(r, "this name is too long:", value, step->other, sizeof step->other);
    }
    return wrong(r, "a call has no", key);
}

static sgp_err read_call(const reader *r, char *words[], size_t n, sgp_scenario_step *step) {
    step->kind = SGP_SCENARIO_CALL;
    if (n < 3)
        return wrong(r, "a call needs a name", NULL);
    sgp_err err = copy(r, "this name is too long:", words[2], step->name, sizeof step->name);
    if (err == SGP_OK && call_named(r->scenario, step->name) != NULL)
        err = wrong(r, "two calls are named", step->name);
    for (size_t i = 3; i < n && err == SGP_OK; i += 2)
        err = i + 1 < n ? read_pair(r, words[i], words[i + 1], step)
                        : wrong(r, "nothing follows", words[i]);
    if (err == SGP_OK && step->at[0] == '\0' && !step->has_point && step->other[0] == '\0')
        err = wrong(r, "a call needs `at` or `point`", NULL);
    if (err == SGP_OK && step->complaint[0] == '\0' && step->other[0] == '\0')
        err = wrong(r, "a call needs a complaint", NULL);
    return err;
}

static sgp_err read_answer(const reader *r, char *words[], sgp_scenario_step *step) {
    step->kind = SGP_SCENARIO_ANSWER;
    sgp_err err = copy(r, "this name is too long:", words[2], step->name, sizeof step->name);
    if (err == SGP_OK && call_named(r->scenario, step->name) == NULL)
        err = wrong(r, "no earlier call is named", step->name);
    if (err == SGP_OK)
        err = copy(r, "this question is empty or too long:", words[3], step->question,
                   sizeof step->question);
    return err != SGP_OK
               ? err
               : copy(r, "this answer is empty or too long:", words[4], step->text, SGP_CODE_BYTES);
}

static sgp_err read_step(const reader *r, char *words[], size_t n) {
    sgp_scenario *scenario = r->scenario;
    unsigned minutes, seconds;
    int length = 0;
    if (sscanf(words[0], "%3u:%2u%n", &minutes, &seconds, &length) != 2 ||
        words[0][length] != '\0' || seconds > 59)
        return wrong(r, "expected title, decline or a time as 04:30, not", words[0]);
    if (scenario->n_steps == SGP_SCENARIO_STEPS_MAX)
        return sgp_fail(r->fault, SGP_E_FULL, "%s, line %u: more than %d steps", r->name, r->line,
                        SGP_SCENARIO_STEPS_MAX);
    sgp_scenario_step step = {.at_ms = ((int64_t)minutes * 60 + seconds) * 1000};
    if (scenario->n_steps > 0 && step.at_ms < scenario->steps[scenario->n_steps - 1].at_ms)
        return wrong(r, "this is earlier than the step before:", words[0]);
    sgp_err err;
    if (n >= 2 && strcmp(words[1], "call") == 0) {
        err = read_call(r, words, n, &step);
    } else if (n == 4 && (strcmp(words[1], "link") == 0 || strcmp(words[1], "cancel") == 0)) {
        bool link = words[1][0] == 'l';
        step.kind = link ? SGP_SCENARIO_LINK : SGP_SCENARIO_CANCEL;
        err = copy(r, "this name is too long:", words[2], step.name, sizeof step.name);
        if (err == SGP_OK && call_named(scenario, step.name) == NULL)
            err = wrong(r, "no earlier call is named", step.name);
        if (err == SGP_OK && link && call_named(scenario, words[3]) == NULL)
            err = wrong(r, "no earlier call is named", words[3]);
        if (err == SGP_OK)
            err = link ? copy(r, "this name is too long:", words[3], step.other, sizeof step.other)
                       : copy(r, "this reason is empty or too long:", words[3], step.text,
                              sizeof step.text);
    } else if (n == 5 && strcmp(words[1], "answer") == 0) {
        err = read_answer(r, words, &step);
    } else {
        err = wrong(r,
                    "expected call NAME ..., link NAME NAME, answer NAME QUESTION ANSWER or cancel "
                    "NAME \"REASON\"",
                    NULL);
    }
    if (err == SGP_OK)
        scenario->steps[scenario->n_steps++] = step;
    return err;
}

static sgp_err read_line(const reader *r, char *line) {
    sgp_scenario *scenario = r->scenario;
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, "title ", 6) == 0) {
        const char *title = line + 6 + strspn(line + 6, " ");
        return copy(r, "this title is empty or too long:", title, scenario->title,
                    sizeof scenario->title);
    }
    char *words[WORDS_MAX];
    size_t n;
    sgp_err err = split(r, line, words, &n);
    if (err != SGP_OK || n == 0)
        return err;
    if (strcmp(words[0], "decline") != 0)
        return read_step(r, words, n);
    if (n != 3)
        return wrong(r, "expected decline UNIT \"REASON\"", NULL);
    if (scenario->n_declines == SGP_SCENARIO_DECLINES_MAX)
        return wrong(r, "too many crews decline", NULL);
    err = copy(r, "this unit's code is too long:", words[1],
               scenario->declines[scenario->n_declines].unit, sizeof scenario->declines[0].unit);
    if (err == SGP_OK)
        err = copy(r, "this reason is empty or too long:", words[2],
                   scenario->declines[scenario->n_declines].reason,
                   sizeof scenario->declines[0].reason);
    if (err == SGP_OK)
        scenario->n_declines++;
    return err;
}

static sgp_err read_stream(const char *name, FILE *file, sgp_scenario *scenario, sgp_fault *fault) {
    memset(scenario, 0, sizeof *scenario);
    snprintf(scenario->title, sizeof scenario->title, "%s", name);
    reader r = {.name = name, .scenario = scenario, .fault = fault};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    sgp_err err = SGP_OK;
    while (err == SGP_OK && (length = getline(&line, &capacity, file)) >= 0) {
        r.line++;
        err = strlen(line) == (size_t)length ? read_line(&r, line)
                                             : wrong(&r, "this is no text", NULL);
    }
    free(line);
    if (err == SGP_OK && ferror(file))
        err = sgp_fail(fault, SGP_E_IO, "cannot read %s: %s", name, strerror(errno));
    if (err == SGP_OK && sgp_scenario_calls(scenario) == 0)
        err = sgp_fail(fault, SGP_E_FORMAT, "%s holds no call", name);
    return err;
}

sgp_err sgp_scenario_read(const char *path, sgp_scenario *scenario, sgp_fault *fault) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "cannot read the scenario %s: %s", path, strerror(errno));
    sgp_err err = read_stream(path, file, scenario, fault);
    fclose(file);
    return err;
}

sgp_err sgp_scenario_parse(const char *name, const char *text, size_t length,
                           sgp_scenario *scenario, sgp_fault *fault) {
    if (length == 0)
        return sgp_fail(fault, SGP_E_FORMAT, "%s holds no call", name);
    FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to read %s", name);
    sgp_err err = read_stream(name, file, scenario, fault);
    fclose(file);
    return err;
}

size_t sgp_scenario_calls(const sgp_scenario *scenario) {
    size_t n = 0;
    for (size_t i = 0; i < scenario->n_steps; i++)
        n += scenario->steps[i].kind == SGP_SCENARIO_CALL;
    return n;
}

int64_t sgp_scenario_end_ms(const sgp_scenario *scenario) {
    return scenario->n_steps == 0 ? 0 : scenario->steps[scenario->n_steps - 1].at_ms;
}

/* ---- for any city ------------------------------------------------------------------ */

/* What is said when; the places are dealt from those of the city. */
static const struct {
    int at_s;
    const char *name, *complaint;
    sgp_text note;
    bool by_point; /* the exchange knows the coordinates, the caller says nothing */
} calls[] = {
    {4, "A", "fall", SGP_TEXT_NOTE_A, false},
    {20, "B", "cardiac_arrest", SGP_TEXT_NOTE_B, false},
    {24, "C", "traffic_accident", SGP_TEXT_NOTE_C, false},
    {38, "C2", "traffic_accident", SGP_TEXT_NOTE_C2, false},
    {75, "D", "breathing", SGP_TEXT_NOTE_D, false},
    {80, "E", "childbirth", SGP_TEXT_NOTE_E, true},
    {150, "F", "stroke", SGP_TEXT_NOTE_F, false},
    {205, "G", "fever", SGP_TEXT_NOTE_G, false},
    {210, "H", "chest_pain", SGP_TEXT_NOTE_H, true},
    {280, "I", "seizure", SGP_TEXT_NOTE_I, false},
    {340, "J", "traffic_accident", SGP_TEXT_NOTE_J, false},
    {345, "K", "unconscious", SGP_TEXT_NOTE_K, false},
    {420, "L", "burn", SGP_TEXT_NOTE_L, false},
    {500, "M", "bleeding", SGP_TEXT_NOTE_M, true},
    {560, "N", "poisoning", SGP_TEXT_NOTE_N, false},
    {640, "O", "diabetes", SGP_TEXT_NOTE_O, false},
    {720, "P", "abdominal_pain", SGP_TEXT_NOTE_P, false},
    {840, "Q", "injury", SGP_TEXT_NOTE_Q, false},
};
enum { N_CALLS = sizeof calls / sizeof calls[0] };

static sgp_scenario_step *add_step(sgp_scenario *scenario, sgp_scenario_kind kind, int at_s,
                                   const char *name) {
    sgp_scenario_step *step = &scenario->steps[scenario->n_steps++];
    memset(step, 0, sizeof *step);
    step->kind = kind;
    step->at_ms = (int64_t)at_s * 1000;
    snprintf(step->name, sizeof step->name, "%s", name);
    return step;
}

static int by_time(const void *a, const void *b) {
    const sgp_scenario_step *x = a, *y = b;
    return x->at_ms != y->at_ms ? (x->at_ms < y->at_ms ? -1 : 1) : (int)x->kind - (int)y->kind;
}

sgp_err sgp_scenario_generate(const sgp_place *places, size_t n_places, const char *unit,
                              const sgp_point *station, const char *city, uint64_t seed,
                              sgp_language language, sgp_scenario *scenario, sgp_fault *fault) {
    memset(scenario, 0, sizeof *scenario);
    if (n_places == 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "the city has no named place to call from");
    snprintf(scenario->title, sizeof scenario->title, "%s", city);
    bool declines = unit != NULL && station != NULL;
    for (size_t i = 0; i < N_CALLS; i++) {
        sgp_scenario_step *step =
            add_step(scenario, SGP_SCENARIO_CALL, calls[i].at_s, calls[i].name);
        /* The second caller speaks of the first one's place. */
        bool repeats = strcmp(calls[i].name, "C2") == 0;
        const sgp_place *place = &places[(seed + i - repeats) % n_places];
        snprintf(step->complaint, sizeof step->complaint, "%s", calls[i].complaint);
        snprintf(step->text, sizeof step->text, "%s", sgp_text_get(language, calls[i].note));
        if (i == 0 && declines) {
            step->has_point = true;
            step->point = *station;
        } else if (calls[i].by_point) {
            step->has_point = true;
            step->point = place->point;
        } else {
            /* A name that fills the step's text is cut at the end of a character. */
            size_t length = strlen(place->label);
            if (length >= sizeof step->at)
                length = sizeof step->at - 1;
            while (length > 0 && ((unsigned char)place->label[length] & 0xc0) == 0x80)
                length--;
            memcpy(step->at, place->label, length);
            step->at[length] = '\0';
            step->has_near = true;
            step->near = place->point;
            if (step->at[0] == '\0') {
                step->has_point = true;
                step->point = place->point;
            }
        }
    }
    sgp_scenario_step *link = add_step(scenario, SGP_SCENARIO_LINK, 45, "C2");
    snprintf(link->other, sizeof link->other, "C");
    sgp_scenario_step *cancel = add_step(scenario, SGP_SCENARIO_CANCEL, 205 + 70, "G");
    snprintf(cancel->text, sizeof cancel->text, "%s", sgp_text_get(language, SGP_TEXT_NOTE_CANCEL));
    qsort(scenario->steps, scenario->n_steps, sizeof scenario->steps[0], by_time);
    if (declines) {
        scenario->n_declines = 1;
        snprintf(scenario->declines[0].unit, sizeof scenario->declines[0].unit, "%s", unit);
        snprintf(scenario->declines[0].reason, sizeof scenario->declines[0].reason, "%s",
                 sgp_text_get(language, SGP_TEXT_DECLINE_DEFAULT));
    }
    return SGP_OK;
}
