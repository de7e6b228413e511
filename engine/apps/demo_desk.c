#include "apps/demo_desk.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/random.h"

/* Simulated delays of the dispatcher, and how long a repeated wish waits. */
enum {
    THINK_LEAST_MS = 10000,
    THINK_MOST_MS = 20000,
    RETRY_MS = 20000,
    RANDOM_GAP_LEAST_MS = 15000,
    RANDOM_GAP_MOST_MS = 90000
};
enum { ABOUT_THERE_M = 500 }; /* scenarios tell true places roughly */
/* Real time: how long one request tries to reach an engine that is away, and the
 * pause between tries. */
enum { REACH_US = 60000000, TRY_EVERY_US = 250000 };

/* What the dispatcher has in mind about an open incident. */
typedef struct incident_note {
    uint64_t incident;
    int64_t place_at_us, order_at_us; /* 0 = nothing planned */
} incident_note;

struct sgp_desk {
    sgp_desk_options options;
    sgp_client *client;
    uint64_t random;
    int64_t start_us, next_random_us;
    bool is_random;
    unsigned n_random;
    size_t next_step;
    sgp_desk_call *calls;
    size_t n_calls, calls_capacity;
    incident_note *notes;
    size_t n_notes, notes_capacity;
};

static uint64_t draw(sgp_desk *desk) {
    return sgp_random_next(&desk->random);
}

static int64_t real_us(const sgp_desk *desk, int64_t simulated_ms) {
    return (int64_t)((double)simulated_ms * 1000.0 / desk->options.speed);
}

static int64_t delay_us(sgp_desk *desk, int64_t least_ms, int64_t most_ms) {
    return real_us(desk, least_ms + (int64_t)(draw(desk) % (uint64_t)(most_ms - least_ms + 1)));
}

sgp_err sgp_desk_create(const sgp_desk_options *options, sgp_desk **desk) {
    sgp_desk *d = calloc(1, sizeof *d);
    if (d == NULL)
        return SGP_E_MEMORY;
    d->options = *options;
    d->random = options->seed;
    *desk = d;
    return SGP_OK;
}

void sgp_desk_destroy(sgp_desk *desk) {
    if (desk == NULL)
        return;
    sgp_client_close(desk->client);
    free(desk->calls);
    free(desk->notes);
    free(desk);
}

void sgp_desk_start(sgp_desk *desk, int64_t now_us, bool random) {
    desk->start_us = now_us;
    desk->is_random = random;
    desk->next_step = random ? desk->options.scenario->n_steps : 0;
    desk->next_random_us = now_us;
}

/* ---- asking ------------------------------------------------------------------------- */

static void hang_up(sgp_desk *desk) {
    sgp_client_close(desk->client);
    desk->client = NULL;
}

static bool is_connection_error(sgp_err err) {
    return err == SGP_E_NETWORK || err == SGP_E_TIMEOUT || err == SGP_E_IO;
}

/* Sends until it is answered; *reply is the caller's. The engine's refusal is returned. */
static sgp_err ask_for(sgp_desk *desk, Sigap__V1__Frame *request, Sigap__V1__Frame__BodyCase wanted,
                       Sigap__V1__Frame **reply, sgp_fault *fault) {
    uint8_t id[16];
    sgp_frame_set_id(request, id);
    int64_t give_up_us = sgp_monotonic_us() + REACH_US;
    for (;;) {
        sgp_err err = SGP_OK;
        *reply = NULL;
        if (desk->client == NULL)
            err = sgp_options_connect(desk->options.connection, desk->options.connection->token,
                                      &desk->client, NULL, fault);
        if (err == SGP_OK)
            err = sgp_client_request(desk->client, request, 0, reply, fault);
        if (err == SGP_OK && (*reply)->body_case != wanted) {
            sigap__v1__frame__free_unpacked(*reply, NULL);
            *reply = NULL;
            err = sgp_fail(fault, SGP_E_FORMAT,
                           "the engine answered with something else than was asked for");
        }
        if (err == SGP_OK || !is_connection_error(err) || sgp_monotonic_us() > give_up_us)
            return err;
        hang_up(desk);
        struct timespec pause = {0, TRY_EVERY_US * 1000};
        nanosleep(&pause, NULL);
    }
}

static sgp_err ask(sgp_desk *desk, Sigap__V1__Frame *request, Sigap__V1__Done *done,
                   sgp_fault *fault) {
    Sigap__V1__Frame *reply;
    sgp_err err = ask_for(desk, request, SIGAP__V1__FRAME__BODY_DONE, &reply, fault);
    if (err == SGP_OK) {
        *done = *reply->done;
        sigap__v1__frame__free_unpacked(reply, NULL);
    }
    return err;
}

/* Errors that end the demo; others are told and lived with. */
static sgp_err live_with(sgp_desk *desk, sgp_err err, const Sigap__V1__Incident *incident,
                         const sgp_fault *fault) {
    if (err == SGP_OK)
        return SGP_OK;
    if (err == SGP_E_UNAUTHENTICATED || err == SGP_E_PERMISSION || err == SGP_E_MEMORY ||
        is_connection_error(err))
        return err;
    sgp_narrator_say(desk->options.narrator, sgp_wall_ms(), incident, false, fault->text);
    return SGP_OK;
}

static sgp_err choose_place(sgp_desk *desk, uint64_t incident, Sigap__V1__Place *place,
                            sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__ChoosePlace choose = SIGAP__V1__CHOOSE_PLACE__INIT;
    Sigap__V1__Done done;
    choose.incident_id = incident;
    choose.place = place;
    request.body_case = SIGAP__V1__FRAME__BODY_CHOOSE_PLACE;
    request.choose_place = &choose;
    return ask(desk, &request, &done, fault);
}

static sgp_err close_incident(sgp_desk *desk, uint64_t incident, Sigap__V1__Outcome outcome,
                              sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__CloseIncident close = SIGAP__V1__CLOSE_INCIDENT__INIT;
    Sigap__V1__Done done;
    close.incident_id = incident;
    close.outcome = outcome;
    request.body_case = SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT;
    request.close_incident = &close;
    return ask(desk, &request, &done, fault);
}

static sgp_err order_unit(sgp_desk *desk, uint64_t incident, char *unit, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    Sigap__V1__Done done;
    order.incident_id = incident;
    order.unit_code = unit;
    request.body_case = SIGAP__V1__FRAME__BODY_ORDER_UNIT;
    request.order_unit = &order;
    return ask(desk, &request, &done, fault);
}

/* ---- the script ---------------------------------------------------------------------- */

static sgp_desk_call *call_named(sgp_desk *desk, const char *name) {
    /* The newest of a name, since rounds repeat names. */
    for (size_t i = desk->n_calls; i-- > 0;)
        if (strcmp(desk->calls[i].name, name) == 0)
            return &desk->calls[i];
    return NULL;
}

static bool remember(sgp_desk *desk, const char *name, const Sigap__V1__Done *done) {
    if (desk->n_calls == desk->calls_capacity) {
        size_t capacity = desk->calls_capacity == 0 ? 64 : desk->calls_capacity * 2;
        sgp_desk_call *calls = realloc(desk->calls, capacity * sizeof *calls);
        if (calls == NULL)
            return false;
        desk->calls = calls;
        desk->calls_capacity = capacity;
    }
    sgp_desk_call *call = &desk->calls[desk->n_calls++];
    snprintf(call->name, sizeof call->name, "%s", name);
    call->call = done->call_id;
    call->incident = done->incident_id;
    return true;
}

static sgp_err report_call(sgp_desk *desk, const sgp_scenario_step *step, const char *name,
                           sgp_fault *fault) {
    const sgp_narrator *narrator = desk->options.narrator;
    char text[768], note[SGP_SCENARIO_TEXT_BYTES + 16] = "", place[64];
    Sigap__V1__ReportCall report = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    report.place_text = (char *)step->at;
    if (step->has_point) {
        point.lon = sgp_lon(step->point);
        point.lat = sgp_lat(step->point);
        report.point = &point;
    }
    report.complaint = (char *)step->complaint;
    report.priority = (Sigap__V1__Priority)step->priority;
    report.channel = (char *)"112";
    report.narrative = (char *)step->text;
    const sgp_desk_call *same = step->other[0] != '\0' ? call_named(desk, step->other) : NULL;
    if (same != NULL)
        report.incident_id = same->incident;
    snprintf(place, sizeof place, "%.6f,%.6f", point.lon, point.lat);
    if (step->text[0] != '\0')
        snprintf(note, sizeof note, " (%s)", step->text);
    sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_CALL, "place",
                  step->at[0] != '\0' ? step->at : place, "complaint",
                  sgp_complaint_text(narrator->language, step->complaint), "note", note, NULL);
    sgp_narrator_say(narrator, sgp_wall_ms(), NULL, false, text);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Done done = SIGAP__V1__DONE__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    request.report_call = &report;
    sgp_err err = ask(desk, &request, &done, fault);
    if (err == SGP_OK && !remember(desk, name, &done))
        err = SGP_E_MEMORY;
    return live_with(desk, err, NULL, fault);
}

static sgp_err link_call(sgp_desk *desk, const sgp_scenario_step *step, sgp_fault *fault) {
    sgp_desk_call *call = call_named(desk, step->name);
    const sgp_desk_call *other = call_named(desk, step->other);
    if (call == NULL || other == NULL)
        return SGP_OK;
    char text[256], call_number[24], incident_number[24];
    snprintf(call_number, sizeof call_number, "%" PRIu64, call->call);
    snprintf(incident_number, sizeof incident_number, "%" PRIu64, other->incident);
    const sgp_narrator *narrator = desk->options.narrator;
    sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_LINKS, "call", call_number,
                  "incident", incident_number, NULL);
    sgp_narrator_say(narrator, sgp_wall_ms(), sgp_board_incident(&narrator->board, other->incident),
                     false, text);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__LinkCall link = SIGAP__V1__LINK_CALL__INIT;
    Sigap__V1__Done done;
    link.call_id = call->call;
    link.incident_id = other->incident;
    request.body_case = SIGAP__V1__FRAME__BODY_LINK_CALL;
    request.link_call = &link;
    return live_with(desk, ask(desk, &request, &done, fault), NULL, fault);
}

/* The words of a question and of an answer to it, as the engine's plan has them; the codes where it
 * has none. */
static void tell_answer(sgp_desk *desk, const sgp_scenario_step *step,
                        const Sigap__V1__Incident *incident) {
    const sgp_narrator *narrator = desk->options.narrator;
    const char *asked = step->question, *said = step->text;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__GetGuide get = SIGAP__V1__GET_GUIDE__INIT;
    sgp_fault unknown = {0};
    get.complaint = incident->complaint;
    get.language = (char *)(narrator->language == SGP_ENGLISH ? "en" : "id");
    request.body_case = SIGAP__V1__FRAME__BODY_GET_GUIDE;
    request.get_guide = &get;
    if (ask_for(desk, &request, SIGAP__V1__FRAME__BODY_GUIDE, &reply, &unknown) == SGP_OK) {
        for (size_t q = 0; q < reply->guide->n_questions; q++) {
            const Sigap__V1__GuideQuestion *question = reply->guide->questions[q];
            if (strcmp(question->code, step->question) != 0)
                continue;
            asked = question->text;
            for (size_t a = 0; a < question->n_answers; a++)
                if (strcmp(question->answers[a]->code, step->text) == 0)
                    said = question->answers[a]->text;
        }
    }
    char text[768];
    sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_ASKS, "question", asked,
                  "answer", said, NULL);
    sgp_narrator_say(narrator, sgp_wall_ms(), incident, false, text);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
}

static sgp_err answer_question(sgp_desk *desk, const sgp_scenario_step *step, sgp_fault *fault) {
    const sgp_desk_call *call = call_named(desk, step->name);
    const Sigap__V1__Incident *incident =
        call != NULL ? sgp_board_incident(&desk->options.narrator->board, call->incident) : NULL;
    if (incident == NULL || incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return SGP_OK;
    tell_answer(desk, step, incident);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__AnswerQuestion answer = SIGAP__V1__ANSWER_QUESTION__INIT;
    Sigap__V1__Done done;
    answer.incident_id = call->incident;
    answer.question = (char *)step->question;
    answer.answer = (char *)step->text;
    request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_QUESTION;
    request.answer_question = &answer;
    return live_with(desk, ask(desk, &request, &done, fault), incident, fault);
}

/* Stands down whoever is on the way, then closes: the crew hears the reason. */
static sgp_err cancel_call(sgp_desk *desk, const sgp_scenario_step *step, sgp_fault *fault) {
    const sgp_desk_call *call = call_named(desk, step->name);
    const sgp_narrator *narrator = desk->options.narrator;
    const Sigap__V1__Incident *incident =
        call != NULL ? sgp_board_incident(&narrator->board, call->incident) : NULL;
    if (incident == NULL || incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return SGP_OK;
    char text[SGP_SCENARIO_TEXT_BYTES + 64];
    sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_CANCELS, "reason",
                  step->text, NULL);
    sgp_narrator_say(narrator, sgp_wall_ms(), incident, false, text);
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < incident->n_assignment_ids && err == SGP_OK; i++) {
        const Sigap__V1__Assignment *assignment =
            sgp_board_assignment(&narrator->board, incident->assignment_ids[i]);
        if (assignment == NULL || !sgp_assignment_open(assignment))
            continue;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        Sigap__V1__StandDown stand_down = SIGAP__V1__STAND_DOWN__INIT;
        Sigap__V1__Done done;
        char reason[SGP_NAME_BYTES];
        sgp_pattern_fill(reason, sizeof reason, "{reason}", "reason", step->text, NULL);
        stand_down.assignment_id = assignment->id;
        stand_down.reason = reason;
        request.body_case = SIGAP__V1__FRAME__BODY_STAND_DOWN;
        request.stand_down = &stand_down;
        err = live_with(desk, ask(desk, &request, &done, fault), incident, fault);
    }
    if (err == SGP_OK)
        err = live_with(desk,
                        close_incident(desk, call->incident, SIGAP__V1__OUTCOME__CANCELLED, fault),
                        incident, fault);
    return err;
}

static sgp_err play(sgp_desk *desk, int64_t now_us, sgp_fault *fault) {
    const sgp_scenario *scenario = desk->options.scenario;
    sgp_err err = SGP_OK;
    while (err == SGP_OK && desk->next_step < scenario->n_steps) {
        const sgp_scenario_step *step = &scenario->steps[desk->next_step];
        if (now_us < desk->start_us + real_us(desk, step->at_ms))
            return SGP_OK;
        desk->next_step++;
        err = step->kind == SGP_SCENARIO_CALL     ? report_call(desk, step, step->name, fault)
              : step->kind == SGP_SCENARIO_LINK   ? link_call(desk, step, fault)
              : step->kind == SGP_SCENARIO_ANSWER ? answer_question(desk, step, fault)
                                                  : cancel_call(desk, step, fault);
    }
    if (err != SGP_OK || !desk->is_random || now_us < desk->next_random_us)
        return err;
    /* A call of the script, some time, by chance. */
    size_t nth = (size_t)(draw(desk) % scenario->n_steps);
    desk->next_random_us = now_us + delay_us(desk, RANDOM_GAP_LEAST_MS, RANDOM_GAP_MOST_MS);
    if (scenario->steps[nth].kind != SGP_SCENARIO_CALL || scenario->steps[nth].other[0] != '\0')
        return SGP_OK;
    char name[16];
    snprintf(name, sizeof name, "R%u", ++desk->n_random);
    return report_call(desk, &scenario->steps[nth], name, fault);
}

/* ---- the dispatcher ------------------------------------------------------------------- */

/* Its own incident that waits to be linked to another one needs nobody. */
static bool will_be_linked(sgp_desk *desk, uint64_t incident) {
    const sgp_scenario *scenario = desk->options.scenario;
    for (size_t i = desk->next_step; i < scenario->n_steps; i++) {
        if (scenario->steps[i].kind != SGP_SCENARIO_LINK)
            continue;
        const sgp_desk_call *call = call_named(desk, scenario->steps[i].name);
        if (call != NULL && call->incident == incident)
            return true;
    }
    return false;
}

static const sgp_scenario_step *step_of_call(const sgp_desk *desk, uint64_t call) {
    for (size_t i = 0; i < desk->n_calls; i++) {
        if (desk->calls[i].call != call)
            continue;
        for (size_t s = 0; s < desk->options.scenario->n_steps; s++)
            if (desk->options.scenario->steps[s].kind == SGP_SCENARIO_CALL &&
                strcmp(desk->options.scenario->steps[s].name, desk->calls[i].name) == 0)
                return &desk->options.scenario->steps[s];
    }
    return NULL;
}

static incident_note *note_of(sgp_desk *desk, uint64_t incident) {
    for (size_t i = 0; i < desk->n_notes; i++)
        if (desk->notes[i].incident == incident)
            return &desk->notes[i];
    if (desk->n_notes == desk->notes_capacity) {
        size_t capacity = desk->notes_capacity == 0 ? 64 : desk->notes_capacity * 2;
        incident_note *notes = realloc(desk->notes, capacity * sizeof *notes);
        if (notes == NULL)
            return NULL;
        desk->notes = notes;
        desk->notes_capacity = capacity;
    }
    desk->notes[desk->n_notes] = (incident_note){.incident = incident};
    return &desk->notes[desk->n_notes++];
}

static void forget_notes(sgp_desk *desk) {
    const sgp_board *board = &desk->options.narrator->board;
    size_t kept = 0;
    for (size_t i = 0; i < desk->n_notes; i++) {
        const Sigap__V1__Incident *incident = sgp_board_incident(board, desk->notes[i].incident);
        if (incident != NULL && incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            desk->notes[kept++] = desk->notes[i];
    }
    desk->n_notes = kept;
}

/* Which candidate the caller means, as asking would tell: the first that lies about
 * where the scenario says it truly is, else the nearest to there; the first of all
 * where the scenario does not say. */
static size_t meant_candidate(const Sigap__V1__Call *call, const sgp_scenario_step *step) {
    size_t best = 0;
    double best_m = INFINITY;
    for (size_t i = 0; step != NULL && step->has_near && i < call->n_places; i++) {
        sgp_point point;
        const Sigap__V1__Point *told = call->places[i]->point;
        if (told == NULL || sgp_point_from_degrees(told->lon, told->lat, &point) != SGP_OK)
            continue;
        double metres = sgp_distance_m(step->near, point);
        if (metres <= ABOUT_THERE_M)
            return i;
        if (metres < best_m) {
            best_m = metres;
            best = i;
        }
    }
    return best;
}

static sgp_err settle_place(sgp_desk *desk, const Sigap__V1__Incident *incident,
                            const Sigap__V1__Call *call, sgp_fault *fault) {
    const sgp_narrator *narrator = desk->options.narrator;
    const sgp_scenario_step *step = step_of_call(desk, call->id);
    char text[512], name[256];
    uint64_t id = incident->id;
    if (call->n_places > 0) {
        char nth_text[8];
        size_t nth = meant_candidate(call, step);
        snprintf(nth_text, sizeof nth_text, "%zu", nth + 1);
        sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_CHOOSES, "nth", nth_text,
                      "place", sgp_place_text(call->places[nth], name, sizeof name), NULL);
        sgp_narrator_say(narrator, sgp_wall_ms(), incident, false, text);
        return live_with(desk, choose_place(desk, id, call->places[nth], fault), incident, fault);
    }
    if (step != NULL && step->has_near) {
        Sigap__V1__Place place = SIGAP__V1__PLACE__INIT;
        Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
        point.lon = sgp_lon(step->near);
        point.lat = sgp_lat(step->near);
        place.kind = SIGAP__V1__PLACE_KIND__COORDINATES;
        place.point = &point;
        place.confidence_permille = 1000;
        place.uncertainty_m = 30;
        place.label = (char *)step->at;
        snprintf(name, sizeof name, "%s (%.5f,%.5f)", step->at, point.lon, point.lat);
        sgp_text_fill(text, sizeof text, narrator->language, SGP_TEXT_DEMO_CALLS_BACK, "place",
                      name, NULL);
        sgp_narrator_say(narrator, sgp_wall_ms(), incident, false, text);
        return live_with(desk, choose_place(desk, id, &place, fault), incident, fault);
    }
    sgp_narrator_say(narrator, sgp_wall_ms(), incident, false,
                     sgp_text_get(narrator->language, SGP_TEXT_DEMO_NO_PLACE));
    return live_with(desk, close_incident(desk, id, SIGAP__V1__OUTCOME__SILENT, fault), incident,
                     fault);
}

static bool has_open_assignment(const sgp_board *board, const Sigap__V1__Incident *incident) {
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *assignment =
            sgp_board_assignment(board, incident->assignment_ids[i]);
        if (assignment != NULL && sgp_assignment_open(assignment))
            return true;
    }
    return false;
}

static sgp_err settle_order(sgp_desk *desk, const Sigap__V1__Incident *incident, sgp_fault *fault) {
    const sgp_narrator *narrator = desk->options.narrator;
    const Sigap__V1__Recommendation *recommendation =
        sgp_board_recommendation(&narrator->board, incident->recommendation_id);
    char unit[SGP_CODE_BYTES] = "";
    /* Without a unit the engine takes the best of a fresh recommendation. */
    if (recommendation != NULL && recommendation->n_candidates > 0 &&
        recommendation->candidates[0]->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED) {
        const Sigap__V1__Unit *best =
            sgp_board_unit(&narrator->board, recommendation->candidates[0]->unit_number);
        if (best != NULL && best->status == SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE)
            snprintf(unit, sizeof unit, "%s", best->code);
    }
    sgp_err err = order_unit(desk, incident->id, unit, fault);
    /* Nobody is free, or somebody was quicker: looked at again a little later. */
    if (err == SGP_E_STATE || err == SGP_E_NOT_FOUND)
        return SGP_OK;
    return live_with(desk, err, incident, fault);
}

static sgp_err consider(sgp_desk *desk, int64_t now_us, const Sigap__V1__Incident *incident,
                        sgp_fault *fault) {
    const sgp_board *board = &desk->options.narrator->board;
    if (will_be_linked(desk, incident->id))
        return SGP_OK;
    incident_note *n = note_of(desk, incident->id);
    if (n == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the dispatcher's notes");
    if (!incident->place_confirmed) {
        const Sigap__V1__Call *call = sgp_board_call(board, incident->first_call_id);
        if (call == NULL || call->looking_up)
            return SGP_OK;
        if (n->place_at_us == 0)
            n->place_at_us = now_us + delay_us(desk, THINK_LEAST_MS, THINK_MOST_MS);
        if (now_us < n->place_at_us)
            return SGP_OK;
        n->place_at_us = now_us + real_us(desk, RETRY_MS);
        return settle_place(desk, incident, call, fault);
    }
    if (incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING ||
        has_open_assignment(board, incident)) {
        n->order_at_us = 0;
        return SGP_OK;
    }
    if (n->order_at_us == 0)
        n->order_at_us = now_us + delay_us(desk, THINK_LEAST_MS, THINK_MOST_MS);
    if (now_us < n->order_at_us)
        return SGP_OK;
    n->order_at_us = now_us + real_us(desk, RETRY_MS);
    return settle_order(desk, incident, fault);
}

sgp_err sgp_desk_turn(sgp_desk *desk, int64_t now_us, sgp_fault *fault) {
    sgp_err err = play(desk, now_us, fault);
    const sgp_narrator *narrator = desk->options.narrator;
    if (!narrator->caught_up)
        return err;
    forget_notes(desk);
    for (size_t i = 0; i < narrator->board.incidents.n && err == SGP_OK; i++) {
        const Sigap__V1__Incident *incident =
            (const Sigap__V1__Incident *)narrator->board.incidents.items[i].message;
        if (incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            err = consider(desk, now_us, incident, fault);
    }
    return err;
}

bool sgp_desk_script_done(const sgp_desk *desk) {
    return desk->next_step >= desk->options.scenario->n_steps;
}

bool sgp_desk_any_open(const sgp_desk *desk) {
    const sgp_board *board = &desk->options.narrator->board;
    for (size_t i = 0; i < desk->n_calls; i++) {
        const Sigap__V1__Incident *incident = sgp_board_incident(board, desk->calls[i].incident);
        if (incident == NULL || incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            return true;
    }
    return false;
}

const sgp_desk_call *sgp_desk_calls(const sgp_desk *desk, size_t *n) {
    *n = desk->n_calls;
    return desk->calls;
}
