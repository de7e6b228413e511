#include "serve/day_book.h"

#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "replay/run_reader.h"

enum { DAYS = 2, DAY_MS = 86400000 };

typedef struct day {
    int64_t from_ms, until_ms; /* until_ms: its end */
    int64_t whole_from_ms;
    int64_t stands_ms; /* nothing was taken since; 0 = all is taken */
    sgp_run *run;
    sgp_run_reader *reader;
} day;

struct sgp_day_book {
    const sgp_city_time *clock;
    day days[DAYS]; /* today first */
};

int64_t sgp_midnight_ms(const sgp_city_time *clock, int64_t at_ms) {
    int64_t offset_ms = (int64_t)sgp_city_time_offset_s(clock, at_ms) * 1000;
    int64_t local_ms = at_ms + offset_ms;
    return local_ms - local_ms % DAY_MS - offset_ms;
}

static void clear_day(day *d) {
    sgp_run_reader_destroy(d->reader);
    if (d->run != NULL)
        sgp_run_free(d->run);
    free(d->run);
    *d = (day){0};
}

static sgp_err begin_day(const sgp_day_book *book, int64_t from_ms, day *d) {
    *d = (day){.from_ms = from_ms, .until_ms = from_ms + DAY_MS, .whole_from_ms = from_ms};
    sgp_journal_span span = {.from_ms = d->from_ms,
                             .until_ms = d->until_ms,
                             .utc_offset_s = sgp_city_time_offset_s(book->clock, from_ms)};
    d->run = calloc(1, sizeof *d->run);
    sgp_err err = d->run != NULL ? sgp_run_reader_create(&span, d->run, &d->reader) : SGP_E_MEMORY;
    if (err != SGP_OK)
        clear_day(d);
    return err;
}

static void take(day *d, const Sigap__V1__Update *changes, int64_t at_ms) {
    if (d->run == NULL || d->stands_ms != 0)
        return;
    if (d->run->n_incidents >= SGP_DAY_INCIDENTS_MAX ||
        sgp_run_reader_changes(d->reader, changes, at_ms) != SGP_OK)
        d->stands_ms = at_ms;
}

/* ---- what the world holds ------------------------------------------------------ */

static void take_unit(day *d, const sgp_world *world, uint32_t index, int64_t at_ms) {
    Sigap__V1__Unit *unit = sgp_unit_to_proto(world, index);
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.units = &unit;
    update.n_units = unit != NULL;
    take(d, &update, at_ms);
    protobuf_c_message_free_unpacked(unit ? &unit->base : NULL, NULL);
}

static void take_hospital(day *d, const sgp_world *world, uint32_t index, int64_t at_ms) {
    Sigap__V1__Hospital *hospital = sgp_hospital_to_proto(world, index);
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.hospitals = &hospital;
    update.n_hospitals = hospital != NULL;
    take(d, &update, at_ms);
    protobuf_c_message_free_unpacked(hospital ? &hospital->base : NULL, NULL);
}

static void take_fleet(day *d, const sgp_world *world, int64_t at_ms) {
    for (uint32_t i = 0; i < sgp_world_units(world); i++)
        take_unit(d, world, i, at_ms);
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++)
        take_hospital(d, world, i, at_ms);
}

static void take_incidents(day *d, const sgp_world *world, int64_t at_ms) {
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id)) != 0;) {
        Sigap__V1__Incident *incident = sgp_incident_to_proto(world, id);
        update.incidents = &incident;
        update.n_incidents = incident != NULL;
        take(d, &update, at_ms);
        protobuf_c_message_free_unpacked(incident ? &incident->base : NULL, NULL);
    }
}

static void take_rest(day *d, const sgp_world *world, int64_t at_ms) {
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id)) != 0;) {
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        Sigap__V1__Transfer *transfer = sgp_transfer_to_proto(world, id, at_ms);
        update.transfers = &transfer;
        update.n_transfers = transfer != NULL;
        take(d, &update, at_ms);
        protobuf_c_message_free_unpacked(transfer ? &transfer->base : NULL, NULL);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id)) != 0;) {
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        Sigap__V1__Call *call = sgp_call_to_proto(world, id);
        update.calls = &call;
        update.n_calls = call != NULL;
        take(d, &update, at_ms);
        protobuf_c_message_free_unpacked(call ? &call->base : NULL, NULL);
    }
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id)) != 0;) {
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        Sigap__V1__Assignment *assignment = sgp_assignment_to_proto(world, id);
        update.assignments = &assignment;
        update.n_assignments = assignment != NULL;
        take(d, &update, at_ms);
        protobuf_c_message_free_unpacked(assignment ? &assignment->base : NULL, NULL);
    }
}

/* Where the world has forgotten incidents already: all that were opened after the closing of the
 * oldest closed one that it holds are there. 0: it has forgotten none. */
static int64_t forgotten_until_ms(const sgp_world *world) {
    int64_t oldest_ms = 0;
    uint32_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id)) != 0;) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state != SGP_INCIDENT_CLOSED)
            continue;
        n++;
        if (oldest_ms == 0 || incident->closed_at_ms < oldest_ms)
            oldest_ms = incident->closed_at_ms;
    }
    return n >= SGP_CLOSED_KEPT ? oldest_ms : 0;
}

/* ---- days ------------------------------------------------------------------------ */

sgp_err sgp_day_book_create(const sgp_city_time *clock, const sgp_world *world, int64_t now_ms,
                            sgp_day_book **out) {
    sgp_day_book *book = calloc(1, sizeof *book);
    *out = book;
    if (book == NULL)
        return SGP_E_MEMORY;
    book->clock = clock;
    int64_t midnight_ms = sgp_midnight_ms(clock, now_ms);
    int64_t before_ms = sgp_midnight_ms(clock, midnight_ms - 1);
    sgp_err err = begin_day(book, midnight_ms, &book->days[0]);
    if (err == SGP_OK)
        err = begin_day(book, before_ms, &book->days[1]);
    if (err != SGP_OK) {
        sgp_day_book_destroy(book);
        *out = NULL;
        return err;
    }
    int64_t forgotten_ms = forgotten_until_ms(world);
    for (int i = 0; i < DAYS; i++) {
        day *d = &book->days[i];
        take_fleet(d, world, now_ms);
        take_incidents(d, world, now_ms);
        take_rest(d, world, now_ms);
        if (forgotten_ms > d->whole_from_ms)
            d->whole_from_ms = forgotten_ms;
    }
    return SGP_OK;
}

void sgp_day_book_destroy(sgp_day_book *book) {
    if (book == NULL)
        return;
    for (int i = 0; i < DAYS; i++)
        clear_day(&book->days[i]);
    free(book);
}

/* Today becomes yesterday; after a day without an event even the one before. */
static void turn_page(sgp_day_book *book, const sgp_world *world, int64_t now_ms) {
    while (now_ms >= book->days[0].until_ms) {
        int64_t next_ms = sgp_midnight_ms(book->clock, book->days[0].until_ms + DAY_MS / 2);
        if (now_ms >= next_ms + DAY_MS)
            next_ms = sgp_midnight_ms(book->clock, now_ms);
        day today;
        if (begin_day(book, next_ms, &today) != SGP_OK)
            return; /* tried again with the next event */
        clear_day(&book->days[1]);
        book->days[1] = book->days[0];
        book->days[0] = today;
        take_fleet(&book->days[0], world, now_ms);
    }
}

void sgp_day_book_take(sgp_day_book *book, const sgp_world *world, const Sigap__V1__Update *changes,
                       int64_t at_ms) {
    turn_page(book, world, at_ms);
    for (int i = 0; i < DAYS; i++)
        take(&book->days[i], changes, at_ms);
}

sgp_err sgp_day_book_summary(sgp_day_book *book, const sgp_world *world, uint32_t days_ago,
                             int64_t now_ms, sgp_summary *summary, int64_t *whole_from_ms,
                             sgp_fault *fault) {
    *summary = (sgp_summary){0};
    turn_page(book, world, now_ms);
    day *d = &book->days[days_ago < DAYS ? days_ago : 0];
    int64_t wanted_ms = sgp_midnight_ms(book->clock, now_ms);
    if (days_ago > 0)
        wanted_ms = sgp_midnight_ms(book->clock, wanted_ms - 1);
    if (days_ago >= DAYS || d->run == NULL || d->from_ms != wanted_ms)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "figures are kept of today (0) and yesterday (1)");
    /* Targets are those of now: by them the service measures itself. */
    const sgp_clocks *clocks = sgp_world_clocks(world);
    const sgp_plan *plan = sgp_world_plan(world);
    for (int p = 0; p < SGP_PRIORITIES; p++)
        d->run->target_ms[p] = clocks->target_ms[p];
    d->run->n_targets = plan != NULL ? plan->n_targets : 0;
    if (plan != NULL)
        memcpy(d->run->targets, plan->targets, sizeof plan->targets);
    int64_t until_ms = d->stands_ms != 0 ? d->stands_ms : now_ms;
    sgp_run_reader_finish(d->reader, d->from_ms, until_ms);
    *whole_from_ms = d->whole_from_ms;
    return sgp_summary_make(d->run, summary, fault);
}
