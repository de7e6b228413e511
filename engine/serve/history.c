/* Earlier calls: of the same number, and at the same place; and which numbers are marked.
 *
 * The core remembers calls by the number's token, and incidents until they are forgotten; what is
 * shown is put together here. Only roles that may hear callers are told. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/place.h"
#include "serve/engine_parts.h"

enum { NEAR_M = 100, NEAR_MOST_M = 2000, PLACES_MOST = 20, MARKED_MOST = 200 };

/* ---- pieces ---------------------------------------------------------------- */

/* Everything is borrowed from the world; nothing is freed but the arrays. */
static Sigap__V1__EarlierCall earlier_call(const sgp_world *world, const sgp_number_call *from) {
    Sigap__V1__EarlierCall call = SIGAP__V1__EARLIER_CALL__INIT;
    const sgp_incident *incident = sgp_world_incident(world, from->incident);
    call.call_id = from->call;
    call.incident_id = from->incident;
    call.at_ms = from->at_ms;
    call.outcome = (Sigap__V1__Outcome)from->outcome;
    if (incident != NULL) {
        call.complaint = (char *)(uintptr_t)incident->complaint;
        if (incident->has_place)
            call.place = (char *)(uintptr_t)incident->place.label;
    }
    return call;
}

void sgp_history_clear(sgp_history *history) {
    for (size_t i = 0; i < history->message.n_same_place; i++)
        free(history->message.same_place[i]);
    free(history->message.same_place);
    *history = (sgp_history){.message = SIGAP__V1__HISTORY__INIT};
}

/* Newest first; the call itself is none of its own. */
static void add_numbers_calls(const sgp_world *world, const sgp_number *number, sgp_id call,
                              sgp_history *history) {
    Sigap__V1__History *message = &history->message;
    message->has_number = number != NULL;
    message->same_number = history->call_rows;
    for (uint32_t i = number != NULL ? number->n_calls : 0; i-- > 0;) {
        if (number->calls[i].call == call)
            continue;
        size_t at = message->n_same_number++;
        history->calls[at] = earlier_call(world, &number->calls[i]);
        history->call_rows[at] = &history->calls[at];
    }
}

static void add_place(const sgp_incident *here, const sgp_incident *other, sgp_history *history) {
    Sigap__V1__History *message = &history->message;
    Sigap__V1__EarlierIncident *row = malloc(sizeof *row);
    if (row == NULL)
        return; /* the list is a help, not a promise */
    sigap__v1__earlier_incident__init(row);
    row->incident_id = other->id;
    row->opened_at_ms = other->opened_at_ms;
    row->distance_m = sgp_points_distance_m(here->place.point, other->place.point);
    row->complaint = (char *)(uintptr_t)other->complaint;
    row->outcome = (Sigap__V1__Outcome)other->outcome;
    row->calls = other->n_calls;
    row->place = (char *)(uintptr_t)other->place.label;
    if (message->n_same_place == PLACES_MOST) { /* ids ascend: the oldest stands last */
        free(message->same_place[PLACES_MOST - 1]);
        message->n_same_place--;
    }
    memmove(message->same_place + 1, message->same_place,
            message->n_same_place * sizeof *message->same_place);
    message->same_place[0] = row;
    message->n_same_place++;
}

void sgp_history_of_number(const sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES],
                           sgp_id call, sgp_history *history) {
    *history = (sgp_history){.message = SIGAP__V1__HISTORY__INIT};
    add_numbers_calls(world, sgp_world_number_by_token(world, token), call, history);
}

void sgp_history_find(const sgp_world *world, sgp_id incident, sgp_id call, int32_t within_m,
                      sgp_history *history) {
    const sgp_incident *here = sgp_world_incident(world, incident);
    *history = (sgp_history){.message = SIGAP__V1__HISTORY__INIT};
    add_numbers_calls(world, sgp_world_number_of(world, call), call, history);
    if (here == NULL || !here->has_place)
        return;
    history->message.same_place = calloc(PLACES_MOST + 1, sizeof(void *));
    if (history->message.same_place == NULL)
        return;
    for (sgp_id id = sgp_world_next_incident(world, 0); id != 0;
         id = sgp_world_next_incident(world, id)) {
        const sgp_incident *other = sgp_world_incident(world, id);
        if (id != incident && other->has_place &&
            sgp_points_within(here->place.point, other->place.point,
                              within_m > 0 ? within_m : NEAR_M))
            add_place(here, other, history);
    }
}

/* ---- answers ----------------------------------------------------------------- */

void sgp_answer_history(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__GetHistory *asked) {
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    const sgp_call *call = sgp_world_call(world, asked->call_id);
    sgp_id id = asked->call_id != 0 && call != NULL ? call->incident : asked->incident_id;
    const sgp_incident *incident = sgp_world_incident(world, id);
    sgp_fault fault = {0};
    sgp_err err = SGP_OK;
    if (asked->call_id != 0 && call == NULL)
        err = sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no call %llu",
                       (unsigned long long)asked->call_id);
    else if (incident == NULL)
        err =
            sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no incident %llu", (unsigned long long)id);
    else if (asked->within_m < 0 || asked->within_m > NEAR_MOST_M)
        err = sgp_fail(&fault, SGP_E_RANGE, "within_m is not between 0 and %d", NEAR_MOST_M);
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    sgp_history history;
    sgp_history_find(world, id, call != NULL ? call->id : incident->first_call, asked->within_m,
                     &history);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_HISTORY;
    frame.history = &history.message;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    sgp_history_clear(&history);
}

static int by_mark(const void *left, const void *right) {
    const sgp_number *a = *(const sgp_number *const *)left;
    const sgp_number *b = *(const sgp_number *const *)right;
    if (a->marked_at_ms != b->marked_at_ms)
        return a->marked_at_ms > b->marked_at_ms ? -1 : 1;
    return memcmp(a->token, b->token, SGP_CALLER_TOKEN_BYTES);
}

typedef struct marked_row {
    Sigap__V1__MarkedNumber message;
    Sigap__V1__Nuisance nuisance;
    Sigap__V1__EarlierCall calls[SGP_NUMBER_CALLS], *call_rows[SGP_NUMBER_CALLS];
    sgp_personal_copy said;
} marked_row;

static void fill_marked(sgp_engine *engine, const sgp_number *number, marked_row *row) {
    bool erased;
    sigap__v1__marked_number__init(&row->message);
    sigap__v1__nuisance__init(&row->nuisance);
    row->message.nuisance = &row->nuisance;
    row->message.calls = row->call_rows;
    row->message.marked_at_ms = number->marked_at_ms;
    row->message.marked_by = (char *)(uintptr_t)number->marked_by;
    row->nuisance.until_at_ms = number->marked_until_ms;
    row->nuisance.by_hand = number->marked_by[0] != '\0';
    for (uint32_t i = 0; i < number->n_calls; i++) {
        sgp_outcome outcome = number->calls[i].outcome;
        row->calls[i] = earlier_call(engine->world, &number->calls[i]);
        row->call_rows[row->message.n_calls++] = &row->calls[i];
        if (outcome != SGP_OUTCOME_PRANK && outcome != SGP_OUTCOME_SILENT &&
            outcome != SGP_OUTCOME_GHOST)
            continue;
        if (row->nuisance.calls++ == 0)
            row->nuisance.first_at_ms = number->calls[i].at_ms;
        row->nuisance.last_at_ms = number->calls[i].at_ms;
    }
    if (number->n_calls > 0 &&
        sgp_journal_personal(engine->journal, number->calls[number->n_calls - 1].call, &row->said,
                             &erased) == SGP_OK)
        row->message.caller_number = row->said.caller_number;
}

void sgp_answer_marked_numbers(sgp_session *session, uint64_t reply_to) {
    sgp_engine *engine = session->engine;
    uint32_t n = 0, all = sgp_world_numbers(engine->world);
    const sgp_number **marked = calloc(all + 1, sizeof(void *));
    marked_row *rows = calloc(MARKED_MOST, sizeof *rows);
    Sigap__V1__MarkedNumber *list[MARKED_MOST];
    Sigap__V1__MarkedNumberPage page = SIGAP__V1__MARKED_NUMBER_PAGE__INIT;
    for (uint32_t i = 0; marked != NULL && rows != NULL && i < all; i++)
        if (sgp_world_number(engine->world, i)->marked_until_ms > sgp_world_now_ms(engine->world))
            marked[n++] = sgp_world_number(engine->world, i);
    if (n > 1)
        qsort(marked, n, sizeof *marked, by_mark);
    page.numbers = list;
    for (uint32_t i = 0; i < n && i < MARKED_MOST; i++) {
        fill_marked(engine, marked[i], &rows[i]);
        list[page.n_numbers++] = &rows[i].message;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_MARKED_NUMBER_PAGE;
    frame.marked_number_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_numbers; i++)
        sgp_personal_free(&rows[i].said);
    free(rows);
    free(marked);
}
