#include "serve/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

typedef struct stretch {
    int64_t from_ms, until_ms;
    sgp_buffer bytes; /* of a Past that has moments alone */
    size_t whole;     /* of its first moment */
} stretch;

/* A unit as the newest moment of the newest stretch has it. */
typedef struct seen_unit {
    bool known;
    int32_t lon_e6, lat_e6;
    uint32_t status;
    int64_t positioned_ms; /* 0 = no position */
} seen_unit;

/* An incident likewise, with the bytes that said so. */
typedef struct seen_incident {
    sgp_id id;
    uint8_t *bytes;
    size_t length;
    bool open;
} seen_incident;

struct sgp_past {
    int64_t every_ms, keep_ms;
    size_t bytes_max, bytes;
    stretch *stretches[SGP_PAST_STRETCHES]; /* [n] oldest first, from `first`, round */
    uint32_t first, n;
    seen_unit units[SGP_UNITS_MAX];
    seen_incident *incidents; /* [n_incidents] by id */
    size_t n_incidents, capacity;
    /* Room to write a moment in. */
    uint32_t numbers[SGP_UNITS_MAX], statuses[SGP_UNITS_MAX], ages_s[SGP_UNITS_MAX];
    int32_t lon_e6[SGP_UNITS_MAX], lat_e6[SGP_UNITS_MAX];
};

static stretch *nth(const sgp_past *past, uint32_t i) {
    return past->stretches[(past->first + i) % SGP_PAST_STRETCHES];
}

static stretch *newest(const sgp_past *past) {
    return past->n > 0 ? nth(past, past->n - 1) : NULL;
}

static void free_stretch(stretch *s) {
    sgp_buffer_free(&s->bytes);
    free(s);
}

static void forget_oldest(sgp_past *past) {
    stretch *oldest = nth(past, 0);
    past->bytes -= oldest->bytes.length;
    free_stretch(oldest);
    past->first = (past->first + 1) % SGP_PAST_STRETCHES;
    past->n--;
}

static void forget_seen(sgp_past *past) {
    memset(past->units, 0, sizeof past->units);
    for (size_t i = 0; i < past->n_incidents; i++)
        free(past->incidents[i].bytes);
    past->n_incidents = 0;
}

/* ---- writing ---------------------------------------------------------------- */

/* 1e-7 degree to 1e-6, to the nearest. */
static int32_t to_e6(int32_t e7) {
    return (e7 >= 0 ? e7 + 5 : e7 - 5) / 10;
}

static seen_unit look_at(const sgp_world *world, uint32_t index, int64_t now_ms) {
    const sgp_unit *unit = sgp_world_unit(world, index);
    seen_unit now = {.known = true, .status = (uint32_t)sgp_world_unit_status(world, index)};
    sgp_point point = unit->at_station ? sgp_unit_base(unit) : unit->position;
    if (unit->at_station || unit->has_position) {
        now.lon_e6 = to_e6(point.lon_e7);
        now.lat_e6 = to_e6(point.lat_e7);
        now.positioned_ms = unit->at_station ? now_ms : unit->position_at_ms;
    }
    return now;
}

static uint32_t age_s(const seen_unit *unit, int64_t now_ms) {
    if (unit->positioned_ms == 0)
        return SGP_PAST_NO_POSITION;
    int64_t age = (now_ms - unit->positioned_ms) / 1000;
    return age < 0 ? 0 : age >= SGP_PAST_NO_POSITION ? SGP_PAST_NO_POSITION - 1 : (uint32_t)age;
}

static bool is_other(const seen_unit *was, const seen_unit *now) {
    return !was->known || was->lon_e6 != now->lon_e6 || was->lat_e6 != now->lat_e6 ||
           was->status != now->status || (was->positioned_ms == 0) != (now->positioned_ms == 0) ||
           now->positioned_ms - was->positioned_ms >= SGP_PAST_AGE_STEP_S * 1000;
}

static void write_units(sgp_past *past, const sgp_world *world, Sigap__V1__Moment *moment) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SGP_UNITS_MAX; i++) {
        seen_unit *was = &past->units[i], now = look_at(world, i, moment->at_ms);
        if (!is_other(was, &now))
            continue;
        past->numbers[n] = i + 1;
        past->lon_e6[n] = now.lon_e6 - was->lon_e6;
        past->lat_e6[n] = now.lat_e6 - was->lat_e6;
        past->statuses[n] = now.status;
        past->ages_s[n] = age_s(&now, moment->at_ms);
        *was = now;
        n++;
    }
    moment->unit_numbers = past->numbers;
    moment->lon_e6 = past->lon_e6;
    moment->lat_e6 = past->lat_e6;
    moment->statuses = past->statuses;
    moment->ages_s = past->ages_s;
    moment->n_unit_numbers = moment->n_lon_e6 = moment->n_lat_e6 = moment->n_statuses =
        moment->n_ages_s = n;
}

/* What one incident looks like; false: not open. `units` has room for all of it. */
static bool fill_incident(const sgp_world *world, const sgp_incident *from,
                          Sigap__V1__PastIncident *to, uint32_t *units) {
    if (from->state == SGP_INCIDENT_CLOSED)
        return false;
    sigap__v1__past_incident__init(to);
    to->id = from->id;
    to->state = (Sigap__V1__IncidentState)from->state;
    to->priority = (Sigap__V1__Priority)from->priority;
    if (from->has_place) {
        to->lon_e6 = to_e6(from->place.point.lon_e7);
        to->lat_e6 = to_e6(from->place.point.lat_e7);
        to->label = (char *)(uintptr_t)from->place.label;
    }
    to->complaint = (char *)(uintptr_t)from->complaint;
    to->opened_at_ms = from->opened_at_ms;
    to->unit_numbers = units;
    for (uint32_t i = 0; i < from->n_assignments; i++) {
        const sgp_assignment *a = sgp_world_assignment(world, from->assignments[i]);
        if (a != NULL && a->state < SGP_ASSIGNMENT_CLOSED)
            units[to->n_unit_numbers++] = a->unit + 1;
    }
    return true;
}

/* Where the incident is or would be among those that were seen. */
static size_t place_of(const sgp_past *past, sgp_id id) {
    size_t low = 0, high = past->n_incidents;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (past->incidents[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static seen_incident *seen_of(sgp_past *past, sgp_id id) {
    size_t at = place_of(past, id);
    if (at < past->n_incidents && past->incidents[at].id == id)
        return &past->incidents[at];
    if (past->n_incidents == past->capacity) {
        size_t capacity = past->capacity == 0 ? 64 : 2 * past->capacity;
        seen_incident *more = realloc(past->incidents, capacity * sizeof *more);
        if (more == NULL)
            return NULL;
        past->incidents = more;
        past->capacity = capacity;
    }
    memmove(&past->incidents[at + 1], &past->incidents[at],
            (past->n_incidents - at) * sizeof *past->incidents);
    past->incidents[at] = (seen_incident){.id = id};
    past->n_incidents++;
    return &past->incidents[at];
}

/* A copy of the message where it is other than was said before; *changed NULL: it is not. */
static sgp_err note_incident(sgp_past *past, const Sigap__V1__PastIncident *message,
                             Sigap__V1__PastIncident **changed) {
    *changed = NULL;
    seen_incident *seen = seen_of(past, message->id);
    size_t length = sigap__v1__past_incident__get_packed_size(message);
    uint8_t *bytes = malloc(length + 1);
    if (seen == NULL || bytes == NULL) {
        free(bytes);
        return SGP_E_MEMORY;
    }
    sigap__v1__past_incident__pack(message, bytes);
    seen->open = true;
    if (seen->bytes != NULL && seen->length == length && memcmp(seen->bytes, bytes, length) == 0) {
        free(bytes);
        return SGP_OK;
    }
    free(seen->bytes);
    seen->bytes = bytes;
    seen->length = length;
    *changed = sigap__v1__past_incident__unpack(NULL, length, bytes);
    return *changed != NULL ? SGP_OK : SGP_E_MEMORY;
}

typedef struct incident_lists {
    Sigap__V1__PastIncident *changed[SGP_PAST_INCIDENTS_MAX];
    uint64_t ended[SGP_PAST_INCIDENTS_MAX];
} incident_lists;

/* Those that were seen open and are not any more; they are forgotten. */
static void write_ended(sgp_past *past, Sigap__V1__Moment *moment) {
    size_t kept = 0;
    for (size_t i = 0; i < past->n_incidents; i++) {
        seen_incident *seen = &past->incidents[i];
        if (seen->open || moment->n_ended == SGP_PAST_INCIDENTS_MAX) {
            past->incidents[kept++] = *seen;
            continue;
        }
        moment->ended[moment->n_ended++] = seen->id;
        free(seen->bytes);
    }
    past->n_incidents = kept;
}

static sgp_err write_incidents(sgp_past *past, const sgp_world *world, Sigap__V1__Moment *moment,
                               incident_lists *lists) {
    moment->incidents = lists->changed;
    moment->ended = lists->ended;
    for (size_t i = 0; i < past->n_incidents; i++)
        past->incidents[i].open = false;
    size_t n = 0;
    sgp_err err = SGP_OK;
    for (sgp_id id = 0; err == SGP_OK && n < SGP_PAST_INCIDENTS_MAX &&
                        (id = sgp_world_next_incident(world, id)) != 0;) {
        Sigap__V1__PastIncident message;
        uint32_t units[SGP_UNITS_PER_INCIDENT_MAX];
        if (!fill_incident(world, sgp_world_incident(world, id), &message, units))
            continue;
        n++;
        err = note_incident(past, &message, &lists->changed[moment->n_incidents]);
        moment->n_incidents += err == SGP_OK && lists->changed[moment->n_incidents] != NULL;
    }
    if (err == SGP_OK)
        write_ended(past, moment);
    return err;
}

static sgp_err begin_stretch(sgp_past *past, int64_t now_ms) {
    stretch *s = calloc(1, sizeof *s);
    if (s == NULL)
        return SGP_E_MEMORY;
    s->from_ms = s->until_ms = now_ms;
    if (past->n == SGP_PAST_STRETCHES)
        forget_oldest(past);
    past->stretches[(past->first + past->n) % SGP_PAST_STRETCHES] = s;
    past->n++;
    forget_seen(past);
    return SGP_OK;
}

static bool is_long(const stretch *s, int64_t now_ms) {
    size_t most = 2 * s->whole > SGP_PAST_STRETCH_BYTES ? 2 * s->whole : SGP_PAST_STRETCH_BYTES;
    return now_ms - s->from_ms >= SGP_PAST_STRETCH_MS || s->bytes.length >= most;
}

/* The moment behind those of the newest stretch, as bytes of a Past. */
static sgp_err append(sgp_past *past, Sigap__V1__Moment *moment) {
    stretch *s = newest(past);
    Sigap__V1__Past one = SIGAP__V1__PAST__INIT;
    one.moments = &moment;
    one.n_moments = 1;
    size_t length = sigap__v1__past__get_packed_size(&one);
    sgp_err err = sgp_buffer_reserve(&s->bytes, length);
    if (err != SGP_OK)
        return err;
    sigap__v1__past__pack(&one, s->bytes.data + s->bytes.length);
    s->bytes.length += length;
    past->bytes += length;
    if (s->whole == 0)
        s->whole = length;
    s->until_ms = moment->at_ms;
    return SGP_OK;
}

static void drop_newest(sgp_past *past) {
    stretch *s = newest(past);
    past->bytes -= s->bytes.length;
    free_stretch(s);
    past->n--;
    forget_seen(past);
}

sgp_err sgp_past_note(sgp_past *past, const sgp_world *world, int64_t now_ms) {
    stretch *s = newest(past);
    if (s != NULL && now_ms - s->until_ms < past->every_ms)
        return SGP_OK;
    incident_lists *lists = malloc(sizeof *lists);
    if (lists == NULL)
        return SGP_E_MEMORY;
    sgp_err err = s == NULL || is_long(s, now_ms) ? begin_stretch(past, now_ms) : SGP_OK;
    Sigap__V1__Moment moment = SIGAP__V1__MOMENT__INIT;
    moment.at_ms = now_ms;
    if (err == SGP_OK) {
        write_units(past, world, &moment);
        err = write_incidents(past, world, &moment, lists);
        if (err == SGP_OK)
            err = append(past, &moment);
        if (err != SGP_OK) /* what was seen and what was written are no longer the same */
            drop_newest(past);
    }
    for (size_t i = 0; i < moment.n_incidents; i++)
        sigap__v1__past_incident__free_unpacked(lists->changed[i], NULL);
    free(lists);
    while (past->n > 1 &&
           (past->bytes > past->bytes_max || nth(past, 0)->until_ms < now_ms - past->keep_ms))
        forget_oldest(past);
    return err;
}

/* ---- reading ---------------------------------------------------------------- */

size_t sgp_past_bytes(const sgp_past *past) {
    return past->bytes;
}

int64_t sgp_past_from_ms(const sgp_past *past) {
    return past->n > 0 ? nth(past, 0)->from_ms : 0;
}

int64_t sgp_past_until_ms(const sgp_past *past) {
    return past->n > 0 ? newest(past)->until_ms : 0;
}

Sigap__V1__Past *sgp_past_stretch(const sgp_past *past, int64_t at_ms) {
    uint32_t low = 0, high = past->n; /* the first that begins after it */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (nth(past, middle)->from_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t which = low > 0 ? low - 1 : 0;
    static const uint8_t none[1];
    const stretch *s = past->n > 0 && at_ms != 0 ? nth(past, which) : NULL;
    Sigap__V1__Past *told = sigap__v1__past__unpack(NULL, s != NULL ? s->bytes.length : 0,
                                                    s != NULL ? s->bytes.data : none);
    if (told == NULL)
        return NULL;
    told->kept_from_at_ms = sgp_past_from_ms(past);
    told->kept_until_at_ms = sgp_past_until_ms(past);
    told->next_at_ms = which + 1 < past->n ? nth(past, which + 1)->from_ms : 0;
    told->every_ms = past->every_ms;
    return told;
}

static void take_units(sgp_past_moment *moment, const Sigap__V1__Moment *from) {
    for (size_t k = 0; k < from->n_unit_numbers; k++) {
        uint32_t index = from->unit_numbers[k] - 1;
        if (index >= SGP_UNITS_MAX)
            continue;
        sgp_past_unit *unit = &moment->units[index];
        unit->known = true;
        unit->lon_e6 += from->lon_e6[k];
        unit->lat_e6 += from->lat_e6[k];
        unit->status = from->statuses[k];
        unit->positioned_at_ms = from->ages_s[k] == SGP_PAST_NO_POSITION
                                     ? 0
                                     : from->at_ms - (int64_t)from->ages_s[k] * 1000;
        moment->n_units = index >= moment->n_units ? index + 1 : moment->n_units;
    }
}

static void take_incidents(sgp_past_moment *moment, const Sigap__V1__Moment *from) {
    size_t kept = 0;
    for (size_t i = 0; i < moment->n_incidents; i++) {
        uint64_t id = moment->incidents[i]->id;
        bool gone = false;
        for (size_t k = 0; k < from->n_ended && !gone; k++)
            gone = from->ended[k] == id;
        for (size_t k = 0; k < from->n_incidents && !gone; k++)
            gone = from->incidents[k]->id == id; /* said anew below */
        if (!gone)
            moment->incidents[kept++] = moment->incidents[i];
    }
    for (size_t k = 0; k < from->n_incidents; k++) {
        size_t at = kept++;
        for (; at > 0 && moment->incidents[at - 1]->id > from->incidents[k]->id; at--)
            moment->incidents[at] = moment->incidents[at - 1];
        moment->incidents[at] = from->incidents[k];
    }
    moment->n_incidents = kept;
}

sgp_err sgp_past_at(const sgp_past *past, int64_t at_ms, sgp_past_moment *moment) {
    *moment = (sgp_past_moment){0};
    if (past->n == 0 || nth(past, 0)->from_ms > at_ms)
        return SGP_E_NOT_FOUND;
    moment->stretch = sgp_past_stretch(past, at_ms);
    size_t most = 1;
    for (size_t i = 0; moment->stretch != NULL && i < moment->stretch->n_moments; i++)
        most += moment->stretch->moments[i]->n_incidents;
    moment->units = calloc(SGP_UNITS_MAX, sizeof *moment->units);
    moment->incidents = calloc(most, sizeof(Sigap__V1__PastIncident *));
    if (moment->stretch == NULL || moment->units == NULL || moment->incidents == NULL) {
        sgp_past_moment_clear(moment);
        return SGP_E_MEMORY;
    }
    for (size_t i = 0; i < moment->stretch->n_moments; i++) {
        const Sigap__V1__Moment *from = moment->stretch->moments[i];
        if (from->at_ms > at_ms)
            break;
        take_units(moment, from);
        take_incidents(moment, from);
        moment->at_ms = from->at_ms;
    }
    return SGP_OK;
}

void sgp_past_moment_clear(sgp_past_moment *moment) {
    free(moment->units);
    free(moment->incidents);
    if (moment->stretch != NULL)
        sigap__v1__past__free_unpacked(moment->stretch, NULL);
    *moment = (sgp_past_moment){0};
}

/* ---- life -------------------------------------------------------------------- */

sgp_err sgp_past_create(int64_t every_ms, int64_t keep_ms, size_t bytes, sgp_past **past) {
    *past = calloc(1, sizeof **past);
    if (*past == NULL)
        return SGP_E_MEMORY;
    (*past)->every_ms = every_ms;
    (*past)->keep_ms = keep_ms;
    (*past)->bytes_max = bytes;
    return SGP_OK;
}

void sgp_past_destroy(sgp_past *past) {
    if (past == NULL)
        return;
    while (past->n > 0)
        forget_oldest(past);
    forget_seen(past);
    free(past->incidents);
    free(past);
}
