/* Where units are sent to wait, and the events of it, as messages and back. */
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"

bool sgp_put_post(Sigap__V1__Post **field, const sgp_post *post) {
    if (post->state == SGP_POST_NONE && post->reason[0] == '\0')
        return true;
    Sigap__V1__Post *message = sgp_message_make(&sigap__v1__post__descriptor);
    *field = message;
    if (!message)
        return false;
    message->state = (Sigap__V1__PostState)post->state;
    message->move_up_id = post->id;
    message->ordered_at_ms = post->ordered_at_ms;
    message->there_at_ms = post->there_at_ms;
    message->gain_ppm = post->gain_ppm;
    return sgp_put_text(&message->name, post->name) &&
           sgp_put_text(&message->reason, post->reason) &&
           (post->state == SGP_POST_NONE || sgp_put_point(&message->point, post->point));
}

sgp_err sgp_read_post(const Sigap__V1__Post *message, sgp_post *post, sgp_fault *fault) {
    *post = (sgp_post){.state = SGP_POST_NONE};
    if (!message)
        return SGP_OK;
    sgp_err err =
        sgp_read_number(message->state, 0, SGP_POST_STATES - 1, "the state of a move-up", fault);
    if (!err)
        err = sgp_read_text(message->name, post->name, sizeof post->name, "the place to wait at",
                            fault);
    if (!err)
        err =
            sgp_read_text(message->reason, post->reason, sizeof post->reason, "the reason", fault);
    if (!err && message->state != SIGAP__V1__POST_STATE__POST_NONE)
        err = sgp_read_point(message->point, &post->point, "the point to wait at", fault);
    post->state = (sgp_post_state)message->state;
    post->id = message->move_up_id;
    post->ordered_at_ms = message->ordered_at_ms;
    post->there_at_ms = message->there_at_ms;
    post->gain_ppm = message->gain_ppm;
    return err;
}

/* ---- events ------------------------------------------------------------------ */

#define MAKE(member, type, number)                                                                 \
    (message->body_case = SIGAP__V1__EVENT__BODY_##number,                                         \
     (message->member = sgp_message_make(&sigap__v1__##type##__descriptor)) != NULL)

bool sgp_put_move_up_event(Sigap__V1__Event *message, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_MOVE_UP_ORDERED:
        if (!MAKE(move_up_ordered, move_up_ordered, MOVE_UP_ORDERED))
            return false;
        message->move_up_ordered->gain_ppm = event->u.move_up.gain_ppm;
        message->move_up_ordered->again = event->u.move_up.again;
        return sgp_put_text(&message->move_up_ordered->unit, event->u.move_up.unit) &&
               sgp_put_text(&message->move_up_ordered->name, event->u.move_up.name) &&
               sgp_put_point(&message->move_up_ordered->point, event->u.move_up.point);
    case SGP_EVENT_MOVE_UP_ANSWERED:
        if (!MAKE(move_up_answered, move_up_answered, MOVE_UP_ANSWERED))
            return false;
        message->move_up_answered->move_up_id = event->u.move_up_answer.id;
        message->move_up_answered->accepted = event->u.move_up_answer.accepted;
        return sgp_put_text(&message->move_up_answered->unit, event->u.move_up_answer.unit) &&
               sgp_put_text(&message->move_up_answered->reason, event->u.move_up_answer.reason);
    case SGP_EVENT_MOVE_UP_ENDED:
        if (!MAKE(move_up_ended, move_up_ended, MOVE_UP_ENDED))
            return false;
        return sgp_put_text(&message->move_up_ended->unit, event->u.move_up_end.unit) &&
               sgp_put_text(&message->move_up_ended->reason, event->u.move_up_end.reason);
    default:
        return false;
    }
}

#define READ_TEXT(from, to, what) sgp_read_text(from, to, sizeof(to), what, fault)

sgp_err sgp_read_move_up_event(const Sigap__V1__Event *message, sgp_event *event,
                               sgp_fault *fault) {
    sgp_err err;
    switch (message->body_case) {
    case SIGAP__V1__EVENT__BODY_MOVE_UP_ORDERED:
        event->kind = SGP_EVENT_MOVE_UP_ORDERED;
        event->u.move_up.gain_ppm = message->move_up_ordered->gain_ppm;
        event->u.move_up.again = message->move_up_ordered->again;
        err = READ_TEXT(message->move_up_ordered->unit, event->u.move_up.unit, "the unit's code");
        if (!err)
            err = READ_TEXT(message->move_up_ordered->name, event->u.move_up.name,
                            "the name of the place");
        return err ? err
                   : sgp_read_point(message->move_up_ordered->point, &event->u.move_up.point,
                                    "the point to wait at", fault);
    case SIGAP__V1__EVENT__BODY_MOVE_UP_ANSWERED:
        event->kind = SGP_EVENT_MOVE_UP_ANSWERED;
        event->u.move_up_answer.id = message->move_up_answered->move_up_id;
        event->u.move_up_answer.accepted = message->move_up_answered->accepted;
        err = READ_TEXT(message->move_up_answered->unit, event->u.move_up_answer.unit,
                        "the unit's code");
        return err ? err
                   : READ_TEXT(message->move_up_answered->reason, event->u.move_up_answer.reason,
                               "the reason");
    case SIGAP__V1__EVENT__BODY_MOVE_UP_ENDED:
        event->kind = SGP_EVENT_MOVE_UP_ENDED;
        err = READ_TEXT(message->move_up_ended->unit, event->u.move_up_end.unit, "the unit's code");
        return err ? err
                   : READ_TEXT(message->move_up_ended->reason, event->u.move_up_end.reason,
                               "the reason");
    default:
        return sgp_read_hospital_event(message, event, fault);
    }
}
