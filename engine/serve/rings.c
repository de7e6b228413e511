/* Rings: who takes them, lists of them, and their callers' numbers.
 *
 * The core keeps rings by the token of the number; the number itself stands in the journal, sealed
 * under a key of its own like a premise's words (notes.c), and is destroyed when the core forgets
 * the ring. Only sessions whose role may hear callers are told it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

#define RING_BIT (UINT64_C(1) << 60)

/* ---- the number ------------------------------------------------------------------ */

bool sgp_rings_personal(const sgp_event *event, const sgp_input *input, sgp_personal *personal) {
    if (event->kind != SGP_EVENT_RING_CAME || input->personal.caller_number == NULL)
        return false;
    personal->call = personal->incident = RING_BIT | event->seq;
    personal->caller_number = input->personal.caller_number;
    personal->caller_name = personal->place_text = personal->narrative = "";
    return true;
}

char *sgp_ring_number(sgp_engine *engine, sgp_id ring) {
    sgp_personal_copy kept = {0};
    bool erased = false;
    char *number = NULL;
    if (sgp_journal_personal(engine->journal, RING_BIT | ring, &kept, &erased) == SGP_OK &&
        kept.caller_number != NULL && *kept.caller_number != '\0')
        number = strdup(kept.caller_number);
    sgp_personal_free(&kept);
    return number;
}

void sgp_ring_forget_number(sgp_engine *engine, sgp_id ring) {
    sgp_personal_copy copy = {0};
    bool erased = false;
    sgp_err kept = sgp_journal_personal(engine->journal, RING_BIT | ring, &copy, &erased);
    sgp_personal_free(&copy);
    if (kept == SGP_E_NOT_FOUND)
        return;
    sgp_err err = sgp_journal_erase(engine->journal, RING_BIT | ring);
    if (err != SGP_OK && err != SGP_E_NOT_FOUND) {
        sgp_log(SGP_LOG_ERROR, "giving_up", "what=erase code=%s", sgp_err_str(err));
        abort();
    }
}

Sigap__V1__Ring *sgp_ring_message(sgp_engine *engine, sgp_id id, bool hears) {
    Sigap__V1__Ring *row = sgp_ring_to_proto(engine->world, id);
    char *number = row != NULL && hears ? sgp_ring_number(engine, id) : NULL;
    if (number != NULL)
        row->caller_number = number; /* freed with the message */
    return row;
}

static void free_ring(Sigap__V1__Ring *row) {
    if (row == NULL)
        return;
    sodium_memzero(row->caller_number, strlen(row->caller_number));
    sigap__v1__ring__free_unpacked(row, NULL);
}

void sgp_push_ring(sgp_engine *engine, sgp_id id, int64_t at_ms) {
    Sigap__V1__Ring *row = engine->n_watchers > 0 ? sgp_ring_message(engine, id, true) : NULL;
    if (row != NULL && row->caller_number[0] != '\0') {
        Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        update.event_seq = sgp_world_seq(engine->world);
        update.at_ms = at_ms;
        update.rings = &row;
        update.n_rings = 1;
        frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
        frame.update = &update;
        sgp_outbox_put(engine, SGP_TO_HEARERS, 0, &frame);
    }
    free_ring(row);
}

/* ---- requests ---------------------------------------------------------------------- */

void sgp_ring_event(const Sigap__V1__Frame *frame, sgp_event *event) {
    if (frame->body_case == SIGAP__V1__FRAME__BODY_TAKE_RING) {
        event->kind = SGP_EVENT_RING_TAKEN;
        event->u.ring_taken.ring = frame->take_ring->ring_id;
        event->u.ring_taken.give_back = frame->take_ring->give_back;
    } else {
        event->kind = SGP_EVENT_RING_CALL_BACK;
        event->u.ring_back.ring = frame->call_back->ring_id;
        event->u.ring_back.outcome = (sgp_call_back)frame->call_back->outcome;
    }
}

sgp_err sgp_ring_call(const sgp_session *session, sgp_id id, sgp_input *input, sgp_fault *fault) {
    const sgp_ring *ring = sgp_world_ring(session->engine->world, id);
    sgp_event *event = &input->event;
    if (!sgp_role_hears_callers(session->role))
        return sgp_fail(fault, SGP_E_PERMISSION, "the role %s takes no rings; ring_id must be 0",
                        sgp_role_str(session->role));
    event->u.call.ring = id;
    if (ring == NULL || input->personal.caller_number != NULL)
        return SGP_OK; /* the core says that there is none */
    input->personal.caller_number = sgp_ring_number(session->engine, id);
    memcpy(event->u.call.number, ring->number, SGP_CALLER_TOKEN_BYTES);
    return SGP_OK;
}

/* ---- answer times -------------------------------------------------------------------- */

enum { LINES = SGP_LINES_MAX + 1 }; /* the last one is "all others" */

typedef struct line_count {
    Sigap__V1__RingSummary row;
    int64_t *wait_ms; /* of the answered */
} line_count;

static int by_time(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static line_count *line_of(line_count *lines, size_t *n, const char *code) {
    for (size_t i = 0; i < *n; i++)
        if (strcmp(lines[i].row.line, code) == 0)
            return &lines[i];
    if (*n == LINES)
        return &lines[LINES - 1];
    line_count *made = &lines[(*n)++];
    sigap__v1__ring_summary__init(&made->row);
    made->row.line = (char *)(uintptr_t)code;
    return made;
}

static bool count_ring(const sgp_ring *ring, int64_t now_ms, int32_t target_ms, line_count *line) {
    Sigap__V1__RingSummary *row = &line->row;
    row->rang++;
    if (ring->state == SGP_RING_RINGING || ring->state == SGP_RING_CLAIMED) {
        row->waiting++;
        if (now_ms - ring->rang_at_ms > row->longest_wait_ms)
            row->longest_wait_ms = now_ms - ring->rang_at_ms;
    }
    row->abandoned += ring->state == SGP_RING_ABANDONED;
    row->to_call_back += sgp_ring_wants_call_back(ring);
    if (ring->answered_at_ms == 0)
        return true;
    if (line->wait_ms == NULL)
        line->wait_ms = malloc(SGP_RINGS_MAX * sizeof *line->wait_ms);
    if (line->wait_ms == NULL)
        return false;
    int64_t wait_ms = ring->answered_at_ms - ring->rang_at_ms;
    row->in_target += target_ms > 0 && wait_ms <= target_ms;
    line->wait_ms[row->answered++] = wait_ms;
    return true;
}

static const char *name_of_line(const sgp_settings *settings, const char *code) {
    for (size_t i = 0; i < settings->n_lines; i++)
        if (strcmp(settings->lines[i].code, code) == 0)
            return settings->lines[i].name;
    return code;
}

static size_t count_lines(const sgp_engine *engine, int64_t now_ms, line_count *lines) {
    const sgp_world *world = engine->world;
    int32_t target_ms = sgp_world_clocks(world)->rules.ring_target_ms;
    size_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        if (!count_ring(ring, now_ms, target_ms, line_of(lines, &n, ring->line))) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=rings");
            abort();
        }
    }
    for (size_t i = 0; i < n; i++) {
        Sigap__V1__RingSummary *row = &lines[i].row;
        row->line_name = (char *)(uintptr_t)name_of_line(engine->settings, row->line);
        if (row->answered == 0)
            continue;
        qsort(lines[i].wait_ms, row->answered, sizeof *lines[i].wait_ms, by_time);
        /* The smallest time that at least half, nine tenths, did not exceed. */
        row->median_ms = lines[i].wait_ms[(row->answered + 1) / 2 - 1];
        row->p90_ms = lines[i].wait_ms[(row->answered * 9 + 9) / 10 - 1];
    }
    return n;
}

/* ---- answers ---------------------------------------------------------------------------- */

static bool is_wanted(const sgp_ring *ring, const Sigap__V1__ListRings *asked) {
    if (asked->missed)
        return sgp_ring_wants_call_back(ring);
    return asked->include_over || sgp_ring_is_open(ring);
}

static void fill_page(sgp_session *session, const Sigap__V1__ListRings *asked, uint32_t limit,
                      Sigap__V1__RingPage *page) {
    sgp_engine *engine = session->engine;
    bool hears = sgp_role_hears_callers(session->role);
    sgp_id last = 0;
    for (sgp_id id = asked->after_id; (id = sgp_world_next_ring(engine->world, id)) != 0;) {
        if (!is_wanted(sgp_world_ring(engine->world, id), asked))
            continue;
        if (page->n_rings == limit) {
            page->next_after_id = last;
            return;
        }
        Sigap__V1__Ring *row = sgp_ring_message(engine, id, hears);
        if (row == NULL) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=rings");
            abort();
        }
        page->rings[page->n_rings++] = row;
        last = id;
    }
}

void sgp_answer_rings(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListRings *asked) {
    enum { LIMIT = 100, LIMIT_MAX = 200 };
    sgp_engine *engine = session->engine;
    const sgp_rules *rules = &sgp_world_clocks(engine->world)->rules;
    uint32_t limit = asked->limit == 0          ? LIMIT
                     : asked->limit > LIMIT_MAX ? LIMIT_MAX
                                                : asked->limit;
    Sigap__V1__Ring *rows[LIMIT_MAX];
    Sigap__V1__RingPage page = SIGAP__V1__RING_PAGE__INIT;
    page.rings = rows;
    page.now_ms = sgp_engine_now_ms(engine);
    page.target_ms = rules->ring_target_ms;
    page.target_permille = rules->ring_target_permille;
    fill_page(session, asked, limit, &page);
    sgp_exchange_rows exchanges;
    sgp_exchanges_fill(engine, &exchanges);
    page.exchanges = exchanges.list;
    page.n_exchanges = exchanges.n;
    line_count *lines = calloc(LINES, sizeof *lines);
    Sigap__V1__RingSummary *summary[LINES];
    page.n_summary = lines != NULL ? count_lines(engine, page.now_ms, lines) : 0;
    page.summary = summary;
    for (size_t i = 0; i < page.n_summary; i++)
        summary[i] = &lines[i].row;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_RING_PAGE;
    frame.ring_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_summary; i++)
        free(lines[i].wait_ms);
    free(lines);
    for (size_t i = 0; i < page.n_rings; i++)
        free_ring(rows[i]);
}

void sgp_answer_ring(sgp_session *session, uint64_t reply_to, const Sigap__V1__GetRing *asked) {
    sgp_engine *engine = session->engine;
    Sigap__V1__Ring *row = sgp_ring_message(engine, asked->ring_id, true);
    if (row == NULL) {
        sgp_fault fault;
        sgp_err err = sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no ring %llu",
                               (unsigned long long)asked->ring_id);
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    Sigap__V1__RingDetail detail = SIGAP__V1__RING_DETAIL__INIT;
    Sigap__V1__PhoneFix *positions[SGP_FIXES_OF_NUMBER];
    sgp_phone_fix fixes[SGP_FIXES_OF_NUMBER];
    sgp_history history;
    detail.ring = row;
    detail.now_ms = sgp_engine_now_ms(engine);
    sgp_history_of_number(engine->world, sgp_world_ring(engine->world, asked->ring_id)->number,
                          row->call_id, &history);
    detail.history = &history.message;
    detail.positions = positions;
    size_t n = sgp_caller_numbers_peek(engine->numbers, row->caller_number, detail.now_ms, fixes);
    for (size_t i = 0; i < n; i++) {
        Sigap__V1__PhoneFix *fix = sgp_phone_fix_to_proto(&fixes[i]);
        if (fix != NULL)
            positions[detail.n_positions++] = fix;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_RING_DETAIL;
    frame.ring_detail = &detail;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < detail.n_positions; i++)
        sigap__v1__phone_fix__free_unpacked(positions[i], NULL);
    sgp_history_clear(&history);
    sodium_memzero(fixes, sizeof fixes);
    free_ring(row);
}
