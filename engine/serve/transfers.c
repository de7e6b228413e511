/* Transfers between hospitals: requests become events, and lists of them. */
#include <stdlib.h>

#include "serve/engine_parts.h"

sgp_err sgp_transfer_event(const Sigap__V1__Frame *frame, sgp_event *event, sgp_fault *fault) {
    /* What is asked is written down as it stands, so the journal's decoder reads it. */
    Sigap__V1__Event asked = SIGAP__V1__EVENT__INIT;
    asked.at_ms = 1; /* any time; the loop gives the true one */
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_ASK_TRANSFER:
        asked.body_case = SIGAP__V1__EVENT__BODY_TRANSFER_ASKED;
        asked.transfer_asked = frame->ask_transfer;
        break;
    case SIGAP__V1__FRAME__BODY_CHANGE_TRANSFER:
        asked.body_case = SIGAP__V1__EVENT__BODY_TRANSFER_CHANGED;
        asked.transfer_changed = frame->change_transfer;
        break;
    default:
        asked.body_case = SIGAP__V1__EVENT__BODY_TRANSFER_CANCELLED;
        asked.transfer_cancelled = frame->cancel_transfer;
    }
    return sgp_event_from_proto(&asked, event, fault);
}

void sgp_answer_transfers(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__ListTransfers *asked) {
    enum { LIMIT = 100, LIMIT_MAX = 500 };
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    uint32_t limit = asked->limit == 0          ? LIMIT
                     : asked->limit > LIMIT_MAX ? LIMIT_MAX
                                                : asked->limit;
    Sigap__V1__Transfer *rows[LIMIT_MAX];
    Sigap__V1__TransferPage page = SIGAP__V1__TRANSFER_PAGE__INIT;
    page.transfers = rows;
    page.now_ms = sgp_engine_now_ms(engine);
    sgp_id last = 0;
    for (sgp_id id = asked->after_id; (id = sgp_world_next_transfer(world, id)) != 0;) {
        if (sgp_world_transfer(world, id)->state > SGP_TRANSFER_DUE && !asked->include_over)
            continue;
        if (page.n_transfers == limit) {
            page.next_after_id = last;
            break;
        }
        Sigap__V1__Transfer *row = sgp_transfer_to_proto(world, id, page.now_ms);
        if (row == NULL) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=transfers");
            abort();
        }
        rows[page.n_transfers++] = row;
        last = id;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_TRANSFER_PAGE;
    frame.transfer_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_transfers; i++)
        protobuf_c_message_free_unpacked(&rows[i]->base, NULL);
}
