/* A crew's telephone comes back.
 *
 * Whatever is pushed to a crew has a number (Frame.told) of the event behind it and its place among
 * what that event tells, so that numbers grow also over a restart. A login that names the last one
 * heard is told the later ones, in order and once, out of crew_news.h; where they are not kept any
 * more, or nothing is named, what is open follows. CaughtUp ends either and says which it was.
 *
 * The login's event must be durable before it is told anything, and by then all that went before it
 * has been spoken: so the look-up is done when its turn comes in the outbox, not at the login. */
#include <assert.h>
#include <stdlib.h>

#include "serve/engine_parts.h"
#include "serve/frame.h"

enum { PLACE_BITS = 20, PLACES = 1 << PLACE_BITS };

uint64_t sgp_told_upto(const sgp_engine *engine) {
    return sgp_world_seq(engine->world) << PLACE_BITS | (PLACES - 1);
}

uint64_t sgp_told_next(sgp_engine *engine) {
    uint64_t first = sgp_world_seq(engine->world) << PLACE_BITS;
    engine->told = engine->told > first ? engine->told + 1 : first + 1;
    assert(engine->told < sgp_told_upto(engine)); /* no event tells each unit so much */
    return engine->told;
}

static bool is_open(const sgp_assignment *assignment, uint32_t unit) {
    return assignment->unit == unit && assignment->state >= SGP_ASSIGNMENT_ORDERED &&
           assignment->state <= SGP_ASSIGNMENT_HANDED_OVER;
}

/* Behind the world's newest event, for whoever hears it once that is durable. */
static void put_caught_up(sgp_session *session, bool resumed, uint64_t heard) {
    sgp_engine *engine = session->engine;
    uint64_t open[SGP_OPEN_PER_UNIT_MAX];
    Sigap__V1__CaughtUp caught_up = SIGAP__V1__CAUGHT_UP__INIT;
    caught_up.resumed = resumed;
    caught_up.assignments = open;
    for (sgp_id id = 0; (id = sgp_world_next_assignment(engine->world, id)) != 0 &&
                        caught_up.n_assignments < SGP_OPEN_PER_UNIT_MAX;)
        if (is_open(sgp_world_assignment(engine->world, id), session->unit))
            open[caught_up.n_assignments++] = id;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.told = sgp_told_upto(engine);
    frame.body_case = SIGAP__V1__FRAME__BODY_CAUGHT_UP;
    frame.caught_up = &caught_up;
    sgp_outbox_put(engine, resumed ? SGP_TO_RESUME : SGP_TO_SESSION, session->id, &frame);
    if (resumed)
        sgp_outbox_mark(engine, heard);
}

void sgp_answer_orders(sgp_session *session, uint64_t reply_to) {
    sgp_engine *engine = session->engine;
    Sigap__V1__Order *orders[SGP_OPEN_PER_UNIT_MAX];
    Sigap__V1__OrderPage page = SIGAP__V1__ORDER_PAGE__INIT;
    page.orders = orders;
    for (sgp_id id = 0; (id = sgp_world_next_assignment(engine->world, id)) != 0 &&
                        page.n_orders < SGP_OPEN_PER_UNIT_MAX;) {
        const sgp_assignment *assignment = sgp_world_assignment(engine->world, id);
        Sigap__V1__Order *order =
            is_open(assignment, session->unit) ? sgp_order_to_proto(engine->world, id) : NULL;
        if (order == NULL)
            continue;
        order->epoch = engine->epoch;
        order->premises = sgp_premises_of(
            engine, sgp_world_incident(engine->world, assignment->incident), &order->n_premises);
        orders[page.n_orders++] = order;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ORDER_PAGE;
    frame.order_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_orders; i++)
        sigap__v1__order__free_unpacked(orders[i], NULL);
}

static void look_afresh(sgp_session *session, bool caught_up) {
    session->orders_seq = sgp_world_seq(session->engine->world);
    sgp_answer_open_orders(session);
    sgp_answer_open_move_up(session);
    if (caught_up)
        put_caught_up(session, false, 0);
}

void sgp_crew_look(sgp_session *session, const Sigap__V1__Login *login) {
    uint64_t heard = login->heard;
    if (session->kind == SGP_SESSION_HTTP)
        return;
    if (heard != 0 && heard <= sgp_told_upto(session->engine))
        put_caught_up(session, true, heard);
    else
        look_afresh(session, heard != 0 || login->resumes);
}

void sgp_crew_resume(sgp_session *session, uint64_t heard, const uint8_t *caught_up,
                     size_t length) {
    const sgp_crew_news *news = session->engine->news;
    if (!sgp_crew_news_can_resume(news, session->unit, heard)) {
        session->engine->measures.looked_afresh++;
        look_afresh(session, true);
        return;
    }
    session->engine->measures.resumed++;
    /* What later events tell is not in there yet: they are spoken after this. */
    const uint8_t *bytes;
    size_t n;
    while ((bytes = sgp_crew_news_next(news, session->unit, &heard, &n)) != NULL)
        sgp_session_send(session, bytes, n);
    sgp_session_send(session, caught_up, length);
}
