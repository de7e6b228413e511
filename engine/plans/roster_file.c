#include "plans/roster_file.h"

#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/conf.h"
#include "sigap/plan.h"

enum { COLUMNS_MAX = 8, CELL_BYTES = 256, DAY_S = 86400 };

typedef struct reading {
    const sgp_roster_source *source;
    const char *name; /* of the file that is read */
    unsigned line;
    sgp_fault *fault;
    sgp_err err;                /* the first mistake; everything after it is skipped */
    const char *const *columns; /* that there may be, NULL at the end */
    size_t n_columns, n_cells;
    size_t column_of[COLUMNS_MAX]; /* of each cell */
    char cells[COLUMNS_MAX][CELL_BYTES];
    sgp_crew_member *members;
    uint32_t n_members, members_capacity;
    sgp_shift *shifts;
    unsigned *lines; /* [n_shifts] */
    uint32_t n_shifts, shifts_capacity;
} reading;

static void mistake(reading *r, const char *format, ...) SGP_PRINTF(2, 3);
static void mistake(reading *r, const char *format, ...) {
    char text[200];
    va_list arguments;
    if (r->err)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    r->err = r->line ? sgp_fail(r->fault, SGP_E_CONFIG, "%s:%u: %s", r->name, r->line, text)
                     : sgp_fail(r->fault, SGP_E_CONFIG, "%s: %s", r->name, text);
}

/* ---- lines and cells ------------------------------------------------------------- */

static void on_cell(void *bytes, size_t length, void *ctx) {
    reading *r = ctx;
    if (r->n_cells == COLUMNS_MAX)
        mistake(r, "there are more than %d columns", COLUMNS_MAX);
    else if (length >= CELL_BYTES)
        mistake(r, "a cell is longer than %d bytes", CELL_BYTES - 1);
    else if (length && memchr(bytes, '\0', length))
        mistake(r, "there is a zero byte");
    if (r->err)
        return;
    if (length)
        memcpy(r->cells[r->n_cells], bytes, length);
    r->cells[r->n_cells++][length] = '\0';
}

static void on_row(int end, void *ctx) {
    (void)end, (void)ctx;
}

static void take_header(reading *r) {
    bool found[COLUMNS_MAX] = {false};
    for (size_t i = 0; i < r->n_cells && !r->err; i++) {
        size_t c = 0;
        while (r->columns[c] && strcasecmp(r->columns[c], r->cells[i]) != 0)
            c++;
        if (!r->columns[c])
            mistake(r, "unknown column \"%.40s\"", r->cells[i]);
        else if (found[c])
            mistake(r, "the column %s is there twice", r->columns[c]);
        else
            found[r->column_of[i] = c] = true;
    }
    r->n_columns = r->n_cells;
    for (size_t c = 0; r->columns[c]; c++)
        if (!found[c] && (strcmp(r->columns[c], "crew") != 0 || r->source->crew))
            mistake(r, "the column %s is missing", r->columns[c]);
}

/* "" where the line, or the file, has no such cell. */
static const char *cell_of(const reading *r, size_t column) {
    for (size_t i = 0; i < r->n_cells; i++)
        if (r->column_of[i] == column)
            return r->cells[i];
    return "";
}

/* Line by line, since a mistake names its line; so no cell goes over several. */
static void read_line(reading *r, const char *text, size_t length, void (*take_row)(reading *r)) {
    struct csv_parser csv;
    if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for %s", r->name);
        return;
    }
    r->n_cells = 0;
    if (csv_parse(&csv, text, length, on_cell, on_row, r) != length)
        mistake(r, "%s", csv_strerror(csv_error(&csv)));
    else if (csv_fini(&csv, on_cell, on_row, r) != 0)
        mistake(r, "a quotation is not closed");
    csv_free(&csv);
    if (r->err)
        return;
    if (!r->n_columns)
        take_header(r);
    else if (r->n_cells > r->n_columns)
        mistake(r, "there are %zu cells for %zu columns", r->n_cells, r->n_columns);
    else
        take_row(r);
}

static void read_lines(reading *r, const char *name, const char *text, const char *const *columns,
                       void (*take_row)(reading *r)) {
    if (r->err)
        return;
    r->name = name;
    r->line = 0;
    r->columns = columns;
    r->n_columns = 0;
    memset(r->column_of, 0, sizeof r->column_of);
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* a spreadsheet's mark of UTF-8 */
        text += 3;
    while (*text && !r->err) {
        size_t length = strcspn(text, "\n"), kept = length;
        while (kept && (text[kept - 1] == '\r' || text[kept - 1] == ' '))
            kept--;
        r->line++;
        if (kept && text[0] != '#')
            read_line(r, text, kept, take_row);
        text += length + (text[length] == '\n');
    }
    if (!r->err && !r->n_columns) {
        r->line = 0;
        mistake(r, "the file is empty");
    }
}

/* ---- people ------------------------------------------------------------------------ */

static const char *const crew_columns[] = {"code", "skills", NULL};
enum { CREW_CODE, CREW_SKILLS };

static uint32_t read_skills(reading *r, char *words) {
    uint32_t skills = 0;
    char *rest = words;
    for (char *word; (word = strtok_r(rest, " +;", &rest)) != NULL;) {
        int skill = 0;
        while (skill < SGP_SKILLS && strcasecmp(sgp_skill_str((sgp_skill)skill), word) != 0)
            skill++;
        if (skill == SGP_SKILLS)
            mistake(r, "\"%.40s\" is not a skill", word);
        else
            skills |= 1u << skill;
    }
    return skills;
}

static bool room(reading *r, void **array, uint32_t n, uint32_t *capacity, size_t bytes) {
    if (n < *capacity)
        return true;
    uint32_t more = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(*array, more * bytes);
    if (!grown) {
        r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for %s", r->name);
        return false;
    }
    *array = grown;
    *capacity = more;
    return true;
}

/* Keeps members by code. */
static void add_member(reading *r, const char *code, uint32_t skills, bool may_be_there) {
    uint32_t at = 0;
    while (at < r->n_members && strcmp(r->members[at].code, code) < 0)
        at++;
    if (at < r->n_members && strcmp(r->members[at].code, code) == 0) {
        if (!may_be_there)
            mistake(r, "%s is there twice", code);
        return;
    }
    if (r->n_members == SGP_ROSTER_MEMBERS_MAX)
        mistake(r, "there are more than %d people", SGP_ROSTER_MEMBERS_MAX);
    if (r->err ||
        !room(r, (void **)&r->members, r->n_members, &r->members_capacity, sizeof *r->members))
        return;
    memmove(r->members + at + 1, r->members + at, (r->n_members - at) * sizeof *r->members);
    r->members[at] = (sgp_crew_member){.skills = skills};
    snprintf(r->members[at].code, sizeof r->members[at].code, "%s", code);
    r->n_members++;
}

static bool is_code(reading *r, const char *what, const char *code) {
    if (*code && strlen(code) < SGP_CODE_BYTES)
        return true;
    mistake(r, *code ? "%s \"%.40s\" is longer than %d bytes" : "%s is empty", what, code,
            SGP_CODE_BYTES - 1);
    return false;
}

static void take_member(reading *r) {
    char skills[CELL_BYTES];
    const char *code = cell_of(r, CREW_CODE);
    strcpy(skills, cell_of(r, CREW_SKILLS));
    if (is_code(r, "the code", code))
        add_member(r, code, read_skills(r, skills), false);
}

/* ---- times ------------------------------------------------------------------------- */

/* From Monday; in English and Indonesian, by their beginnings. */
static const char *const days[7][2] = {{"mon", "sen"}, {"tue", "sel"}, {"wed", "rab"},
                                       {"thu", "kam"}, {"fri", "jum"}, {"sat", "sab"},
                                       {"sun", "min"}};

typedef struct moment {
    bool has_date;
    int64_t local_s; /* with a date: seconds since 1970 by the city's clock */
    int day;         /* 0 = Monday; -1: every day */
    int minute;      /* of the day */
} moment;

static bool read_clock(const char *text, int *minute) {
    int hour, rest, used = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &rest, &used) != 2 || text[used] || text[0] < '0' ||
        text[0] > '9' || hour > 23 || rest < 0 || rest > 59)
        return false;
    *minute = hour * 60 + rest;
    return true;
}

static bool read_date(const char *text, moment *m) {
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%d", &tm);
    if (!rest || (*rest != ' ' && *rest != 'T') || !read_clock(rest + 1, &m->minute))
        return false;
    int day = tm.tm_mday;
    m->has_date = true;
    m->local_s = (int64_t)timegm(&tm) + m->minute * 60;
    return tm.tm_mday == day && m->local_s > 0; /* not the 31st of April */
}

static bool read_moment(const char *text, moment *m) {
    *m = (moment){.day = -1};
    if (read_clock(text, &m->minute) || read_date(text, m))
        return true;
    size_t length = strcspn(text, " ");
    for (m->day = 0; m->day < 7; m->day++)
        for (int i = 0; i < 2; i++)
            if (length >= 3 && strncasecmp(text, days[m->day][i], 3) == 0)
                return text[length] == ' ' && read_clock(text + length + 1, &m->minute);
    return false;
}

static int64_t to_utc_ms(const reading *r, int64_t local_s) {
    int32_t guess_s = r->source->offset_s(r->source->ctx, local_s * 1000);
    int32_t offset_s = r->source->offset_s(r->source->ctx, (local_s - guess_s) * 1000);
    return (local_s - offset_s) * 1000;
}

/* Monday 5 January 1970 is where what comes again begins: the same on every day that it is read. */
static int64_t since_monday_ms(const reading *r, int day, int minute) {
    int64_t local_s = (int64_t)(4 + (day < 0 ? 0 : day)) * DAY_S + minute * 60;
    return (local_s - r->source->offset_s(r->source->ctx, r->source->now_ms)) * 1000;
}

/* A clock alone after `from` means the next time that it is so late. */
static void set_times(reading *r, const moment *from, const moment *until, sgp_shift *shift) {
    int64_t minutes = until->minute - from->minute;
    if (minutes <= 0)
        minutes += 24 * 60;
    if (from->has_date) {
        shift->from_ms = to_utc_ms(r, from->local_s);
        shift->until_ms =
            to_utc_ms(r, until->has_date ? until->local_s : from->local_s + minutes * 60);
    } else {
        shift->every_days = from->day < 0 ? 1 : 7;
        shift->from_ms = since_monday_ms(r, from->day, from->minute);
        shift->until_ms = shift->from_ms + minutes * 60000;
    }
    if (until->day >= 0 || (until->has_date && !from->has_date))
        mistake(r, "until is a time such as 15:00, or a date and time after a date and time");
}

/* ---- shifts ------------------------------------------------------------------------- */

static const char *const shift_columns[] = {"unit", "from", "until", "crew", NULL};
enum { SHIFT_UNIT, SHIFT_FROM, SHIFT_UNTIL, SHIFT_CREW };

static void read_people(reading *r, char *words, sgp_shift *shift) {
    char *rest = words;
    for (char *word; (word = strtok_r(rest, " +;", &rest)) != NULL && !r->err;) {
        sgp_roster known = {.n_members = r->n_members, .members = r->members};
        if (!is_code(r, "the crew", word))
            return;
        if (shift->n_members == SGP_CREW_PER_UNIT) {
            mistake(r, "there are more than %d people on one unit", SGP_CREW_PER_UNIT);
            return;
        }
        if (!r->source->crew)
            add_member(r, word, SGP_SKILLS_ALL, true);
        else if (!sgp_roster_member(&known, word))
            mistake(r, "%s is not in %s", word, r->source->crew);
        snprintf(shift->members[shift->n_members++], SGP_CODE_BYTES, "%s", word);
    }
}

static void add_shift(reading *r, const sgp_shift *shift) {
    uint32_t capacity = r->shifts_capacity;
    if (r->n_shifts == SGP_ROSTER_SHIFTS_MAX)
        mistake(r, "there are more than %d shifts", SGP_ROSTER_SHIFTS_MAX);
    if (r->err ||
        !room(r, (void **)&r->shifts, r->n_shifts, &r->shifts_capacity, sizeof *r->shifts) ||
        !room(r, (void **)&r->lines, r->n_shifts, &capacity, sizeof *r->lines))
        return;
    r->lines[r->n_shifts] = r->line;
    r->shifts[r->n_shifts++] = *shift;
}

static void take_shift(reading *r) {
    sgp_shift shift = {0};
    moment from, until;
    char people[CELL_BYTES];
    const char *unit = cell_of(r, SHIFT_UNIT);
    if (!is_code(r, "the unit", unit))
        return;
    snprintf(shift.unit, sizeof shift.unit, "%s", unit);
    if (r->source->is_unit && !r->source->is_unit(r->source->ctx, unit))
        mistake(r, "there is no unit \"%s\" in units", unit);
    if (!read_moment(cell_of(r, SHIFT_FROM), &from))
        mistake(r, "from \"%.40s\" is not a time such as 07:00, mon 07:00 or 2026-03-01 07:00",
                cell_of(r, SHIFT_FROM));
    else if (!read_moment(cell_of(r, SHIFT_UNTIL), &until))
        mistake(r, "until \"%.40s\" is not a time such as 15:00 or 2026-03-01 15:00",
                cell_of(r, SHIFT_UNTIL));
    if (r->err)
        return;
    set_times(r, &from, &until, &shift);
    strcpy(people, cell_of(r, SHIFT_CREW));
    read_people(r, people, &shift);
    if (!r->err && shift.n_members == 0 && r->source->crew)
        mistake(r, "nobody is on this shift");
    if (!r->err && shift.n_members == 0) { /* vehicles alone: each is its own crew */
        add_member(r, unit, SGP_SKILLS_ALL, true);
        snprintf(shift.members[shift.n_members++], SGP_CODE_BYTES, "%s", unit);
    }
    sgp_fault fault;
    if (!r->err && sgp_shift_check(&shift, false, &fault))
        mistake(r, "%s", fault.text);
    add_shift(r, &shift);
}

/* ---- at the same time ---------------------------------------------------------------- */

/* Whether two shifts ever are at the same time. Turns of `a` over nine days, from where both have
 * begun, meet every way in which two that come again can lie to each other. */
static bool overlap(const sgp_shift *a, const sgp_shift *b) {
    const int64_t day_ms = (int64_t)DAY_S * 1000;
    int64_t start_ms = (a->from_ms > b->from_ms ? a->from_ms : b->from_ms) - 2 * day_ms;
    sgp_turn turn, other;
    if (!sgp_shift_turn(a, start_ms, &turn))
        turn = (sgp_turn){a, a->from_ms, a->until_ms};
    while (turn.from_ms <= start_ms + 9 * day_ms) {
        if (sgp_shift_turn(b, turn.until_ms - 1, &other) && other.until_ms > turn.from_ms)
            return true;
        if (!a->every_days)
            return false;
        turn.from_ms += a->every_days * day_ms;
        turn.until_ms += a->every_days * day_ms;
    }
    return false;
}

static const char *shared_person(const sgp_shift *a, const sgp_shift *b) {
    for (uint32_t i = 0; i < a->n_members; i++)
        if (sgp_shift_has(b, a->members[i]))
            return a->members[i];
    return NULL;
}

static void check_overlaps(reading *r) {
    for (uint32_t i = 0; i < r->n_shifts && !r->err; i++)
        for (uint32_t k = 0; k < i && !r->err; k++) {
            const sgp_shift *a = &r->shifts[k], *b = &r->shifts[i];
            if (!overlap(a, b) && !overlap(b, a)) /* first: cheaper than comparing names */
                continue;
            bool same_unit = strcmp(a->unit, b->unit) == 0;
            const char *person = same_unit ? NULL : shared_person(a, b);
            if (!same_unit && !person)
                continue;
            r->line = r->lines[i];
            if (same_unit)
                mistake(r, "%s has another shift at the same time in line %u", b->unit,
                        r->lines[k]);
            else
                mistake(r, "%s is on %s at the same time in line %u", person, a->unit, r->lines[k]);
        }
}

static int by_unit_then_time(const void *left, const void *right) {
    const sgp_shift *a = left, *b = right;
    int order = strcmp(a->unit, b->unit);
    if (order != 0)
        return order;
    return a->from_ms < b->from_ms ? -1 : a->from_ms > b->from_ms;
}

/* ---- the whole ------------------------------------------------------------------------ */

static void make(reading *r, sgp_roster **out) {
    sgp_roster *roster = sgp_roster_create(r->n_members, r->n_shifts);
    if (!roster) {
        r->err = sgp_fail(r->fault, SGP_E_MEMORY, "no memory for the roster");
        return;
    }
    const char *slash = strrchr(r->source->shifts, '/');
    snprintf(roster->name, sizeof roster->name, "%.90s", slash ? slash + 1 : r->source->shifts);
    if (r->n_members)
        memcpy(roster->members, r->members, r->n_members * sizeof *r->members);
    if (r->n_shifts) {
        memcpy(roster->shifts, r->shifts, r->n_shifts * sizeof *r->shifts);
        qsort(roster->shifts, r->n_shifts, sizeof *r->shifts, by_unit_then_time);
    }
    sgp_fault fault;
    r->line = 0;
    if (sgp_roster_check(roster, &fault))
        mistake(r, "%s", fault.text);
    if (r->err)
        free(roster);
    else
        *out = roster;
}

sgp_err sgp_roster_parse(const sgp_roster_source *source, const char *shifts_text,
                         const char *crew_text, sgp_roster **roster, sgp_fault *fault) {
    reading r = {.source = source, .fault = fault};
    if (crew_text)
        read_lines(&r, source->crew, crew_text, crew_columns, take_member);
    read_lines(&r, source->shifts, shifts_text, shift_columns, take_shift);
    check_overlaps(&r);
    if (!r.err)
        make(&r, roster);
    free(r.members);
    free(r.shifts);
    free(r.lines);
    return r.err;
}

sgp_err sgp_roster_read(const sgp_roster_source *source, sgp_roster **roster, sgp_fault *fault) {
    char *shifts = NULL, *crew = NULL;
    sgp_err err = sgp_conf_read_file(source->shifts, &shifts, fault);
    if (!err && source->crew)
        err = sgp_conf_read_file(source->crew, &crew, fault);
    if (!err)
        err = sgp_roster_parse(source, shifts, crew, roster, fault);
    free(shifts);
    free(crew);
    return err;
}
