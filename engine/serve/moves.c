/* Units that only moved, told to screens together.
 *
 * Thousands of units report every few seconds, and each report sent by itself to each screen would
 * be most of what the engine does. So whoever watches hears of moves SGP_MOVES_MS later at most,
 * all of them in one update, as the units are then; everything else is told at once. The engine
 * notes by unit which event moved it last; that is also how a slow reader (backlog.c) is told later
 * what it missed. */
#include <stdlib.h>

#include "serve/engine_parts.h"

enum { UNITS_OF_A_PAGE = 256 };

static void put_page(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                     Sigap__V1__Unit **units, size_t n) {
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = sgp_world_now_ms(engine->world);
    update.units = units;
    update.n_units = n;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, kind, target, &frame);
    for (size_t i = 0; i < n; i++)
        sigap__v1__unit__free_unpacked(units[i], NULL);
}

static void put_moved(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target, uint64_t since) {
    Sigap__V1__Unit *units[UNITS_OF_A_PAGE];
    size_t n = 0;
    for (uint32_t i = 0; i < sgp_world_units(engine->world); i++) {
        Sigap__V1__Unit *unit =
            engine->moved_seq[i] > since ? sgp_unit_to_proto(engine->world, i) : NULL;
        if (unit == NULL)
            continue;
        units[n++] = unit;
        if (n == UNITS_OF_A_PAGE) {
            put_page(engine, kind, target, units, n);
            n = 0;
        }
    }
    if (n > 0)
        put_page(engine, kind, target, units, n);
}

static void tell(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_engine *engine = ctx;
    uint64_t since = engine->moves_told_seq;
    engine->moves_told_seq = sgp_world_seq(engine->world);
    if (engine->n_watchers > 0)
        put_moved(engine, SGP_TO_MAPS, since, since);
}

void sgp_moves_note(sgp_engine *engine, uint32_t unit) {
    engine->moved_seq[unit] = sgp_world_seq(engine->world);
    if (engine->moves == NULL) {
        engine->moves = evtimer_new(engine->base, tell, engine);
        if (engine->moves == NULL) { /* then at once */
            tell(-1, 0, engine);
            return;
        }
    }
    const struct timeval wait = {SGP_MOVES_MS / 1000, SGP_MOVES_MS % 1000 * 1000};
    if (!evtimer_pending(engine->moves, NULL))
        evtimer_add(engine->moves, &wait);
}

void sgp_moves_answer(sgp_session *session, uint64_t since) {
    put_moved(session->engine, SGP_TO_SESSION, session->id, since);
}
