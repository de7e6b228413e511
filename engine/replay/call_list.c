#include "replay/call_list.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { COLUMNS_MAX = 128, CELL_BYTES = SGP_SEAT_BYTES, BLOCK_BYTES = 65536, HEADER_BYTES = 32 };

/* ---- the list -------------------------------------------------------------- */

sgp_err sgp_call_list_add(sgp_call_list *list, const sgp_past_call *call) {
    if (list->n == SGP_CALL_LIST_MAX)
        return SGP_E_FULL;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 1024;
        sgp_past_call *calls = realloc(list->calls, capacity * sizeof *calls);
        if (!calls)
            return SGP_E_MEMORY;
        list->calls = calls;
        list->capacity = capacity;
    }
    list->calls[list->n++] = *call;
    return SGP_OK;
}

static int by_time_then_key(const void *left, const void *right) {
    const sgp_past_call *a = left, *b = right;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

void sgp_call_list_sort(sgp_call_list *list) {
    if (list->n > 1)
        qsort(list->calls, list->n, sizeof *list->calls, by_time_then_key);
}

void sgp_call_list_clear(sgp_call_list *list) {
    list->n = list->n_transfers = 0;
}

void sgp_call_list_free(sgp_call_list *list) {
    free(list->calls);
    free(list->transfers);
    *list = (sgp_call_list){0};
}

/* ---- one cell -------------------------------------------------------------- */

bool sgp_time_parse(const char *text, int32_t utc_offset_s, int64_t *at_ms) {
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%d", &tm);
    if (!rest || (*rest != ' ' && *rest != 'T'))
        return false;
    const char *clock = rest + 1;
    rest = strptime(clock, "%H:%M:%S", &tm);
    if (!rest && !(rest = strptime(clock, "%H:%M", &tm)))
        return false;
    int64_t milliseconds = 0;
    if (*rest == '.' || *rest == ',') {
        int64_t unit = 100;
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
            milliseconds += (*rest - '0') * unit;
    }
    int64_t offset_s = utc_offset_s;
    if (*rest == 'Z') {
        offset_s = 0;
        rest++;
    } else if (*rest == '+' || *rest == '-') {
        int hours, minutes, length = 0;
        if (sscanf(rest + 1, "%2d:%2d%n", &hours, &minutes, &length) != 2 || length != 5 ||
            hours > 14 || minutes > 59)
            return false;
        offset_s = (hours * 3600 + minutes * 60) * (*rest == '-' ? -1 : 1);
        rest += 1 + length;
    }
    *at_ms = ((int64_t)timegm(&tm) - offset_s) * 1000 + milliseconds;
    return *rest == '\0' && *at_ms > 0;
}

static bool parse_degrees(const char *text, double most, double *degrees) {
    char *end;
    *degrees = strtod(text, &end);
    return end != text && *end == '\0' && *degrees >= -most && *degrees <= most;
}

static bool parse_priority(const char *text, sgp_priority *priority) {
    const char *digit = text[0] == 'P' || text[0] == 'p' ? text + 1 : text;
    if (digit[0] < '1' || digit[0] > '4' || digit[1])
        return false;
    *priority = (sgp_priority)(digit[0] - '0');
    return true;
}

static bool parse_yes(const char *text, int8_t *yes) {
    static const char *const words[2][4] = {{"0", "no", "tidak", "false"},
                                            {"1", "yes", "ya", "true"}};
    for (int8_t answer = 0; answer < 2; answer++)
        for (int i = 0; i < 4; i++)
            if (strcasecmp(text, words[answer][i]) == 0) {
                *yes = answer;
                return true;
            }
    return false;
}

static bool parse_outcome(const char *text, uint8_t *outcome) {
    *outcome = SGP_OUTCOME_SERVED;
    if (strcasecmp(text, sgp_outcome_str(SGP_OUTCOME_REAL)) == 0) /* a word for calls */
        return true;
    for (int i = SGP_OUTCOME_SERVED; i < SGP_OUTCOME_REAL; i++)
        if (strcasecmp(text, sgp_outcome_str((sgp_outcome)i)) == 0) {
            *outcome = (uint8_t)i;
            return true;
        }
    return false;
}

/* ---- rows ------------------------------------------------------------------ */

typedef enum column {
    COLUMN_OTHER,
    COLUMN_TIME,
    COLUMN_LON,
    COLUMN_LAT,
    COLUMN_COMPLAINT,
    COLUMN_PRIORITY,
    COLUMN_SCENE,
    COLUMN_TRANSPORT,
    COLUMN_OUTCOME,
    COLUMN_ID,
    COLUMN_DAYS,
    COLUMN_HOURS,
    COLUMN_SQUARE,
    COLUMN_KIND,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_PICK_UP,
    COLUMN_NEEDS,
    COLUMNS
} column;

static const char *const column_names[COLUMNS] = {
    [COLUMN_OTHER] = "?",         [COLUMN_TIME] = "time",           [COLUMN_LON] = "lon",
    [COLUMN_LAT] = "lat",         [COLUMN_COMPLAINT] = "complaint", [COLUMN_PRIORITY] = "priority",
    [COLUMN_SCENE] = "scene_s",   [COLUMN_TRANSPORT] = "transport", [COLUMN_OUTCOME] = "outcome",
    [COLUMN_ID] = "id",           [COLUMN_DAYS] = "days",           [COLUMN_HOURS] = "hours",
    [COLUMN_SQUARE] = "square_m", [COLUMN_KIND] = "kind",           [COLUMN_FROM] = "from",
    [COLUMN_TO] = "to",           [COLUMN_PICK_UP] = "pick_up",     [COLUMN_NEEDS] = "needs",
};

typedef struct reading {
    const char *name;
    int32_t utc_offset_s;
    sgp_call_list *list;
    sgp_fault *fault;
    sgp_err err;
    column columns[COLUMNS_MAX];
    size_t n_columns, at;
    size_t row; /* from 1; the first names the columns */
    bool any;   /* a cell of this row was not empty */
    sgp_past_call call;
    sgp_past_transfer transfer;
    bool is_transfer;
    bool has[COLUMNS];
    double lon, lat;
} reading;

static void mistake(reading *r, sgp_err err, const char *name, const char *what, const char *cell) {
    if (!r->err)
        r->err = sgp_fail(r->fault, err, "%s, row %zu, column %s: %s%s%s%s", r->name, r->row, name,
                          what, cell ? ": \"" : "", cell ? cell : "", cell ? "\"" : "");
}

static void read_header(reading *r, const char *cell) {
    if (r->at == COLUMNS_MAX) {
        mistake(r, SGP_E_FORMAT, cell, "there are too many columns", NULL);
        return;
    }
    r->columns[r->at] = COLUMN_OTHER;
    for (int i = COLUMN_TIME; i < COLUMNS; i++)
        if (strcasecmp(cell, column_names[i]) == 0) {
            for (size_t k = 0; k < r->at; k++)
                if (r->columns[k] == (column)i)
                    mistake(r, SGP_E_FORMAT, cell, "this column is there twice", NULL);
            r->columns[r->at] = (column)i;
        }
}

static bool read_number(const char *cell, double most, double *number) {
    char *end;
    *number = strtod(cell, &end);
    return end != cell && *end == '\0' && *number >= 0 && *number <= most;
}

static bool read_key(const char *cell, uint64_t *key) {
    char *end;
    errno = 0;
    *key = strtoull(cell, &end, 10);
    return cell[0] >= '0' && cell[0] <= '9' && *end == '\0' && errno == 0;
}

/* How roughly a call is told: a whole number from 1 to `most`. */
static void read_rough(reading *r, column c, const char *cell, uint64_t most, int32_t *rough) {
    uint64_t number;
    if (read_key(cell, &number) && number >= 1 && number <= most) {
        *rough = (int32_t)number;
        return;
    }
    char what[64];
    snprintf(what, sizeof what, "not a whole number from 1 to %llu", (unsigned long long)most);
    mistake(r, SGP_E_FORMAT, column_names[c], what, cell);
}

static void read_code(reading *r, column c, const char *cell, char code[SGP_CODE_BYTES]) {
    if (strlen(cell) >= SGP_CODE_BYTES)
        mistake(r, SGP_E_FORMAT, column_names[c], "longer than a code can be", cell);
    else
        strcpy(code, cell);
}

static void read_time(reading *r, column c, const char *cell, int64_t *at_ms) {
    if (!sgp_time_parse(cell, r->utc_offset_s, at_ms))
        mistake(r, SGP_E_FORMAT, column_names[c], "not a time such as 2026-03-14 07:05:00", cell);
}

static void read_transfer_cell(reading *r, column c, const char *cell) {
    switch (c) {
    case COLUMN_KIND:
        r->is_transfer = strcasecmp(cell, "transfer") == 0;
        if (!r->is_transfer && strcasecmp(cell, "call") != 0)
            mistake(r, SGP_E_FORMAT, column_names[c], "neither call nor transfer", cell);
        break;
    case COLUMN_FROM:
        read_code(r, c, cell, r->transfer.from);
        break;
    case COLUMN_TO:
        read_code(r, c, cell, r->transfer.to);
        break;
    case COLUMN_PICK_UP:
        read_time(r, c, cell, &r->transfer.pick_up_at_ms);
        break;
    default:
        if (!sgp_seat_parse(cell, &r->transfer.seat))
            mistake(r, SGP_E_FORMAT, column_names[c],
                    "not kinds of units and skills such as AMBULANCE_ADVANCED VENTILATOR", cell);
        break;
    }
}

static void read_cell(reading *r, column c, const char *cell) {
    sgp_past_call *call = &r->call;
    const char *name = column_names[c];
    double seconds;
    r->has[c] = true;
    switch (c) {
    case COLUMN_TIME:
        read_time(r, c, cell, &call->at_ms);
        break;
    case COLUMN_LON:
        if (!parse_degrees(cell, 180, &r->lon))
            mistake(r, SGP_E_FORMAT, name, "not a longitude in degrees", cell);
        break;
    case COLUMN_LAT:
        if (!parse_degrees(cell, 90, &r->lat))
            mistake(r, SGP_E_FORMAT, name, "not a latitude in degrees", cell);
        break;
    case COLUMN_COMPLAINT:
        read_code(r, c, cell, call->complaint);
        break;
    case COLUMN_PRIORITY:
        if (!parse_priority(cell, &call->priority))
            mistake(r, SGP_E_FORMAT, name, "not one of P1 to P4", cell);
        break;
    case COLUMN_SCENE:
        if (!read_number(cell, 86400, &seconds))
            mistake(r, SGP_E_FORMAT, name, "not seconds between 0 and 86400", cell);
        else
            call->scene_ms = (int32_t)(seconds * 1000 + 0.5);
        break;
    case COLUMN_TRANSPORT:
        if (!parse_yes(cell, &call->transport))
            mistake(r, SGP_E_FORMAT, name, "neither yes nor no", cell);
        break;
    case COLUMN_OUTCOME:
        if (!parse_outcome(cell, &call->outcome))
            mistake(r, SGP_E_FORMAT, name, "not an outcome such as SERVED or PRANK", cell);
        break;
    case COLUMN_ID:
        if (!read_key(cell, &call->key))
            mistake(r, SGP_E_FORMAT, name, "not a whole number", cell);
        break;
    case COLUMN_DAYS:
        read_rough(r, c, cell, SGP_ROUGH_DAYS_MAX, &call->rough.days);
        break;
    case COLUMN_HOURS:
        read_rough(r, c, cell, 24, &call->rough.hours);
        break;
    case COLUMN_SQUARE:
        read_rough(r, c, cell, SGP_ROUGH_SQUARE_MAX_M, &call->rough.square_m);
        break;
    case COLUMN_OTHER:
    case COLUMNS:
        break;
    default:
        read_transfer_cell(r, c, cell);
        break;
    }
}

static void on_cell(void *bytes, size_t length, void *ctx) {
    reading *r = ctx;
    size_t at = r->at;
    char cell[CELL_BYTES];
    bool known = r->row == 1 || (at < r->n_columns && r->columns[at] != COLUMN_OTHER);
    const char *text = bytes ? bytes : "";
    /* A spreadsheet's mark that the file is UTF-8 is no part of the first name. */
    if (r->row == 1 && at == 0 && length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!r->err && known) {
        if (length >= sizeof cell) {
            if (r->row > 1)
                mistake(r, SGP_E_FORMAT, column_names[r->columns[at]], "the cell is too long",
                        NULL);
            length = sizeof cell - 1;
        }
        memcpy(cell, text, length);
        cell[length] = '\0';
        if (strlen(cell) != length)
            mistake(r, SGP_E_FORMAT, "?", "there is a zero byte", NULL);
        else if (r->row == 1)
            read_header(r, cell);
        else if (length > 0)
            read_cell(r, r->columns[at], cell);
    }
    r->any = r->any || length > 0;
    r->at++;
}

static void begin_row(reading *r) {
    r->row++;
    r->at = 0;
    r->any = false;
    memset(r->has, 0, sizeof r->has);
    r->lon = r->lat = 0;
    r->call = (sgp_past_call){.scene_ms = -1, .transport = -1};
    r->transfer = (sgp_past_transfer){0};
    r->is_transfer = false;
}

static void need_cells(reading *r, column first, column last) {
    for (int i = first; i <= (int)last; i++)
        if (!r->has[i])
            mistake(r, SGP_E_FORMAT, column_names[i], "it is empty", NULL);
}

/* The patient of a transfer is where its hospital is, which the reader does not know. */
static void check_transfer(reading *r) {
    static const int64_t year_ms = INT64_C(366) * 86400000;
    const sgp_past_transfer *transfer = &r->transfer;
    need_cells(r, COLUMN_FROM, COLUMN_TO);
    if (r->has[COLUMN_FROM] && strcmp(transfer->from, transfer->to) == 0)
        mistake(r, SGP_E_FORMAT, column_names[COLUMN_TO], "the patient is there already",
                transfer->to);
    if (transfer->pick_up_at_ms && transfer->pick_up_at_ms < r->call.at_ms)
        mistake(r, SGP_E_RANGE, column_names[COLUMN_PICK_UP], "before it was asked for", NULL);
    if (transfer->pick_up_at_ms > r->call.at_ms + year_ms)
        mistake(r, SGP_E_RANGE, column_names[COLUMN_PICK_UP], "more than a year after `time`",
                NULL);
    r->call.transport = 1;
    r->call.outcome = SGP_OUTCOME_SERVED;
}

static void add_row(reading *r) {
    need_cells(r, COLUMN_TIME, r->is_transfer ? COLUMN_TIME : COLUMN_LAT);
    if (r->is_transfer)
        check_transfer(r);
    if (!r->has[COLUMN_ID])
        r->call.key = r->row - 1;
    if (!r->err && sgp_point_from_degrees(r->lon, r->lat, &r->call.point))
        mistake(r, SGP_E_RANGE, "lon", "not a place on earth", NULL);
    sgp_err err = r->err           ? SGP_OK
                  : r->is_transfer ? sgp_call_list_add_transfer(r->list, &r->call, &r->transfer)
                                   : sgp_call_list_add(r->list, &r->call);
    if (err)
        r->err = sgp_fail(r->fault, err, "%s, row %zu: %s", r->name, r->row, sgp_err_message(err));
}

static void on_row(int end, void *ctx) {
    (void)end;
    reading *r = ctx;
    if (r->err)
        return;
    if (r->row == 1) {
        r->n_columns = r->at;
        static const column needed[] = {COLUMN_TIME, COLUMN_LON, COLUMN_LAT};
        for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
            bool found = false;
            for (size_t k = 0; k < r->n_columns; k++)
                found = found || r->columns[k] == needed[i];
            if (!found)
                mistake(r, SGP_E_FORMAT, column_names[needed[i]], "the first line does not name it",
                        NULL);
        }
    } else if (r->any) {
        add_row(r);
    }
    begin_row(r);
}

/* A first row that begins with nothing has no mark of its own: libcsv passes empty lines over. */
static sgp_err parse(reading *r, struct csv_parser *csv, const char *text, size_t length) {
    if (csv_parse(csv, text, length, on_cell, on_row, r) != length && !r->err)
        return sgp_fail(r->fault, csv_error(csv) == CSV_ENOMEM ? SGP_E_MEMORY : SGP_E_FORMAT,
                        "%s, row %zu: %s", r->name, r->row, csv_strerror(csv_error(csv)));
    return r->err;
}

static sgp_err finish(reading *r, struct csv_parser *csv, sgp_err err) {
    if (!err && csv_fini(csv, on_cell, on_row, r) != 0)
        err = sgp_fail(r->fault, SGP_E_FORMAT, "%s: a quotation is not closed", r->name);
    err = err ? err : r->err;
    if (!err && r->row < 2)
        err = sgp_fail(r->fault, SGP_E_FORMAT, "%s: the file is empty", r->name);
    csv_free(csv);
    if (!err)
        sgp_call_list_sort(r->list);
    return err;
}

static sgp_err begin(reading *r, struct csv_parser *csv) {
    begin_row(r);
    return csv_init(csv, CSV_STRICT | CSV_STRICT_FINI) == 0 ? SGP_OK : SGP_E_MEMORY;
}

sgp_err sgp_call_list_parse(const char *name, const char *text, size_t length, int32_t utc_offset_s,
                            sgp_call_list *list, sgp_fault *fault) {
    reading r = {.name = name, .utc_offset_s = utc_offset_s, .list = list, .fault = fault};
    struct csv_parser csv;
    sgp_err err = begin(&r, &csv);
    return err ? err : finish(&r, &csv, parse(&r, &csv, text, length));
}

sgp_err sgp_call_list_read(const char *path, int32_t utc_offset_s, sgp_call_list *list,
                           sgp_fault *fault) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s cannot be read: %s", path, strerror(errno));
    reading r = {.name = path, .utc_offset_s = utc_offset_s, .list = list, .fault = fault};
    struct csv_parser csv;
    char *block = malloc(BLOCK_BYTES);
    sgp_err err = block ? begin(&r, &csv) : SGP_E_MEMORY;
    if (err) {
        free(block);
        fclose(file);
        return err;
    }
    size_t length;
    while (!err && (length = fread(block, 1, BLOCK_BYTES, file)) > 0)
        err = parse(&r, &csv, block, length);
    if (!err && ferror(file))
        err = sgp_fail(fault, SGP_E_IO, "%s cannot be read: %s", path, strerror(errno));
    err = finish(&r, &csv, err);
    free(block);
    fclose(file);
    return err;
}
