/* What a hospital has taken over lately, and that it knows of who is coming.
 *
 * The figures are of the assignments that the world still holds: closed incidents are forgotten in
 * their order of closing, so the answer says since when it is whole. What was before is in the
 * database. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum { TOLD_MAX = 200, DAY_MS = 24 * 3600 * 1000 };

sgp_err sgp_see_inbound_event(sgp_session *session, const Sigap__V1__SeeInbound *asked,
                              sgp_event *event, sgp_fault *fault) {
    const sgp_world *world = session->engine->world;
    const sgp_assignment *on = sgp_world_assignment(world, asked->assignment_id);
    int32_t hospital = on != NULL ? sgp_assignment_destination(on) : -1;
    event->kind = SGP_EVENT_INBOUND_SEEN;
    event->u.seen.assignment = asked->assignment_id;
    if (hospital < 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "assignment %llu brings nobody to a hospital",
                        (unsigned long long)asked->assignment_id);
    const char *code = sgp_world_hospital(world, (uint32_t)hospital)->code;
    return sgp_hospital_of(session, code, event->u.seen.hospital, fault);
}

static int by_wait(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int latest_first(const void *left, const void *right) {
    const Sigap__V1__Handover *a = left, *b = right;
    if (a->handed_over_ms != b->handed_over_ms)
        return a->handed_over_ms > b->handed_over_ms ? -1 : 1;
    return a->assignment_id > b->assignment_id ? -1 : a->assignment_id < b->assignment_id;
}

static bool fill(const sgp_world *world, const sgp_assignment *on, int32_t hospital,
                 int64_t since_ms, Sigap__V1__Handover *row) {
    int64_t there_ms = on->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL];
    int64_t over_ms = on->at_ms[SGP_ASSIGNMENT_HANDED_OVER];
    if (on->hospital != hospital || there_ms == 0 || over_ms < since_ms || over_ms == 0)
        return false;
    const sgp_incident *incident = sgp_world_incident(world, on->incident);
    sigap__v1__handover__init(row);
    row->assignment_id = on->id;
    row->unit_code = (char *)(uintptr_t)sgp_world_unit(world, on->unit)->code;
    row->complaint = (char *)(uintptr_t)incident->complaint;
    row->priority = (Sigap__V1__Priority)incident->priority;
    row->colour = (Sigap__V1__ColourOfTriage)on->colour;
    row->at_hospital_ms = there_ms;
    row->handed_over_ms = over_ms;
    row->offload_alarms = on->offload_alarms;
    return true;
}

/* How many assignments there are at most: the rows are that many. */
static size_t count(const sgp_world *world) {
    size_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id)) != 0;)
        n++;
    return n;
}

/* Before the oldest incident that is remembered, others may have been forgotten. */
static int64_t known_since(const sgp_world *world) {
    sgp_id first = sgp_world_next_incident(world, 0);
    return first > 1 ? sgp_world_incident(world, first)->opened_at_ms : 0;
}

void sgp_answer_handovers(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__AskHandovers *asked) {
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    sgp_fault fault = {0};
    char code[SGP_CODE_BYTES];
    sgp_err err = sgp_hospital_of(session, asked->hospital_code, code, &fault);
    const sgp_hospital *hospital = err == SGP_OK ? sgp_world_hospital_by_code(world, code) : NULL;
    if (err == SGP_OK && hospital == NULL)
        err = sgp_fail(&fault, SGP_E_NOT_FOUND, "no hospital is called %s", code);
    size_t most = count(world) + 1, n = 0;
    Sigap__V1__Handover *rows = err == SGP_OK ? calloc(most, sizeof *rows) : NULL;
    Sigap__V1__Handover **list = err == SGP_OK ? calloc(most, sizeof *list) : NULL;
    int64_t *waits = err == SGP_OK ? calloc(most, sizeof *waits) : NULL;
    if (err == SGP_OK && (rows == NULL || list == NULL || waits == NULL))
        err = sgp_fail(&fault, SGP_E_MEMORY, "no memory for the answer");
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
    } else {
        int64_t since_ms =
            asked->since_ms > 0 ? asked->since_ms : sgp_engine_now_ms(engine) - DAY_MS;
        for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id)) != 0;)
            n += fill(world, sgp_world_assignment(world, id), (int32_t)hospital->index, since_ms,
                      &rows[n]);
        qsort(rows, n, sizeof *rows, latest_first);
        for (size_t i = 0; i < n; i++) {
            list[i] = &rows[i];
            waits[i] = rows[i].handed_over_ms - rows[i].at_hospital_ms;
        }
        qsort(waits, n, sizeof *waits, by_wait);
        Sigap__V1__HandoverPage page = SIGAP__V1__HANDOVER_PAGE__INIT;
        page.hospital_code = code;
        page.handovers = list;
        page.n_handovers = n < TOLD_MAX ? n : TOLD_MAX;
        page.count = (uint32_t)n;
        /* Of an even number, the mean of the two in the middle. */
        page.median_ms = n == 0 ? -1 : (waits[(n - 1) / 2] + waits[n / 2]) / 2;
        page.longest_ms = n == 0 ? -1 : waits[n - 1];
        page.known_since_ms = known_since(world);
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_HANDOVER_PAGE;
        frame.handover_page = &page;
        sgp_outbox_answer(engine, session->id, reply_to, &frame);
    }
    free(rows);
    free(list);
    free(waits);
}
