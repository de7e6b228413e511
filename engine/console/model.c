#include "console/model.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/ring_told.h"
#include "console/chat.h"
#include "console/hands.h"

enum { POSITION_MAX_AGE_MS = 300000 };

static void shelf_empty(sgp_shelf *shelf) {
    for (size_t i = 0; i < shelf->n; i++)
        protobuf_c_message_free_unpacked(shelf->items[i].message, NULL);
    free(shelf->items);
    *shelf = (sgp_shelf){0};
}

/* `kept`: the address of a pointer to a message. */
static void forget(void *kept) {
    ProtobufCMessage *message;
    memcpy(&message, kept, sizeof message);
    if (message != NULL)
        protobuf_c_message_free_unpacked(message, NULL);
    memset(kept, 0, sizeof message);
}

/* Takes a message out of its frame; what was there before is forgotten. */
static void replace(void *kept, void *told) {
    forget(kept);
    memcpy(kept, told, sizeof(ProtobufCMessage *));
    memset(told, 0, sizeof(ProtobufCMessage *));
}

sgp_err sgp_model_init(sgp_model *model, sgp_language language) {
    memset(model, 0, sizeof *model);
    model->language = language;
    model->oldest_waiting_ms = -1;
    model->told = open_memstream(&model->told_text, &model->told_size);
    if (model->told == NULL)
        return SGP_E_MEMORY;
    sgp_narrator_init(&model->narrator, language, model->told);
    model->narrator.colours = false;
    model->narrator.headline = false;
    return SGP_OK;
}

void sgp_model_deinit(sgp_model *model) {
    sgp_narrator_deinit(&model->narrator);
    if (model->told != NULL)
        fclose(model->told);
    free(model->told_text);
    for (size_t i = 0; i < SGP_MODEL_LOG_MAX; i++)
        free(model->log[i]);
    free(model->incidents);
    free(model->units);
    shelf_empty(&model->advice);
    shelf_empty(&model->inbound);
    forget(&model->report);
    forget(&model->handovers);
    forget(&model->closures);
    forget(&model->marks);
    memset(model, 0, sizeof *model);
}

/* ---- log ------------------------------------------------------------------------- */

static void log_bytes(sgp_model *model, const char *text, size_t n) {
    char *copy = strndup(text, n);
    if (copy == NULL)
        return; /* a line of the log is the least that one can miss */
    if (model->n_log == SGP_MODEL_LOG_MAX) {
        free(model->log[model->first_log]);
        model->log[model->first_log] = copy;
        model->first_log = (model->first_log + 1) % SGP_MODEL_LOG_MAX;
        return;
    }
    model->log[(model->first_log + model->n_log++) % SGP_MODEL_LOG_MAX] = copy;
}

void sgp_model_log(sgp_model *model, const char *text) {
    sgp_narrator_say(&model->narrator, model->now_ms, NULL, false, text);
}

const char *sgp_model_log_line(const sgp_model *model, size_t nth) {
    if (nth >= model->n_log)
        return NULL;
    return model->log[(model->first_log + model->n_log - 1 - nth) % SGP_MODEL_LOG_MAX];
}

/* Moves what the narrator said into the log. The stream's memory still holds what was longer
 * before: only the first told_size bytes count. */
static void take_told(sgp_model *model) {
    fflush(model->told);
    size_t at = 0;
    while (at < model->told_size) {
        const char *line = model->told_text + at;
        const char *end = memchr(line, '\n', model->told_size - at);
        size_t n = end != NULL ? (size_t)(end - line) : model->told_size - at;
        log_bytes(model, line, n);
        at += n + 1;
    }
    rewind(model->told);
}

/* ---- news ------------------------------------------------------------------------ */

static void set_line(sgp_model *model, sgp_line line, const char *reason) {
    if (model->line != line)
        model->line_since_ms = model->own_now_ms;
    model->line = line;
    snprintf(model->line_reason, sizeof model->line_reason, "%s", reason);
}

static void take_exchanges(sgp_model *model, Sigap__V1__Exchange **list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        while (at < model->n_exchanges && strncmp(model->exchanges[at].name, list[i]->name,
                                                  sizeof model->exchanges[at].name - 1) != 0)
            at++;
        if (at == SGP_MODEL_EXCHANGES_MAX)
            continue;
        model->n_exchanges += at == model->n_exchanges;
        sgp_exchange_state *state = &model->exchanges[at];
        /* Loud when it goes: no telephone rings any more. */
        model->bells += list[i]->away && !state->away && model->narrator.caught_up;
        snprintf(state->name, sizeof state->name, "%s", list[i]->name);
        snprintf(state->fault, sizeof state->fault, "%s",
                 sgp_away_reason(model->language, list[i]));
        state->away = list[i]->away;
        state->since_ms = list[i]->since_ms;
    }
}

static void take_status(sgp_model *model, const Sigap__V1__Status *status) {
    snprintf(model->city_id, sizeof model->city_id, "%s", status->city_id);
    model->database_away = status->database_away && !status->no_database;
    for (size_t i = 0; i < status->n_target_ms && i < 5; i++)
        model->target_ms[i] = status->target_ms[i];
    take_exchanges(model, status->exchanges, status->n_exchanges);
}

static sgp_err keep(sgp_shelf *shelf, uint64_t id, ProtobufCMessage **message) {
    ProtobufCMessage *old, *taken = *message;
    if (taken == NULL)
        return SGP_OK;
    *message = NULL;
    sgp_err err = sgp_shelf_put(shelf, id, taken, &old);
    if (err == SGP_OK && old != NULL)
        protobuf_c_message_free_unpacked(old, NULL);
    return err;
}

/* What is about assignments that are over is forgotten, now and then. */
static void forget_over(const sgp_board *board, sgp_shelf *shelf) {
    enum { MOST = 512 };
    if (shelf->n < MOST)
        return;
    for (size_t i = shelf->n; i-- > 0;) {
        const Sigap__V1__Assignment *one = sgp_board_assignment(board, shelf->items[i].id);
        if (one == NULL || !sgp_assignment_open(one))
            sgp_shelf_remove(shelf, shelf->items[i].id);
    }
}

static sgp_err take_inbound(sgp_model *model, Sigap__V1__Inbound **rows, size_t n) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < n && err == SGP_OK; i++)
        if (rows[i] != NULL)
            err = keep(&model->inbound, rows[i]->assignment_id, (ProtobufCMessage **)&rows[i]);
    forget_over(&model->narrator.board, &model->inbound);
    return err;
}

/* What the narrator does not keep: advice about hospitals, and arrivals. */
static sgp_err take_patients(sgp_model *model, Sigap__V1__Update *update) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < update->n_hospital_advice && err == SGP_OK; i++)
        if (update->hospital_advice[i] != NULL)
            err = keep(&model->advice, update->hospital_advice[i]->assignment_id,
                       (ProtobufCMessage **)&update->hospital_advice[i]);
    forget_over(&model->narrator.board, &model->advice);
    return err == SGP_OK ? take_inbound(model, update->inbound, update->n_inbound) : err;
}

/* What the live updates do not tell: the words of calls from before we watched. */
static sgp_err take_detail(sgp_model *model, Sigap__V1__IncidentDetail *detail) {
    sgp_board *board = &model->narrator.board;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < detail->n_callers && err == SGP_OK; i++)
        err = keep(&board->callers, detail->callers[i]->call_id,
                   (ProtobufCMessage **)&detail->callers[i]);
    for (size_t i = 0; i < detail->n_calls && err == SGP_OK; i++)
        if (sgp_board_call(board, detail->calls[i]->id) == NULL)
            err = keep(&board->calls, detail->calls[i]->id, (ProtobufCMessage **)&detail->calls[i]);
    if (err == SGP_OK && detail->recommendation != NULL)
        err = keep(&board->recommendations, detail->recommendation->id,
                   (ProtobufCMessage **)&detail->recommendation);
    return err;
}

static sgp_err take_frame(sgp_model *model, Sigap__V1__Frame *frame) {
    sgp_err err = SGP_OK;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_UPDATE:
        if (frame->update->event_seq > model->seen_seq)
            model->seen_seq = frame->update->event_seq;
        sgp_hands_look(model, frame->update);
        sgp_chat_hear(model, frame->update);
        take_exchanges(model, frame->update->exchanges, frame->update->n_exchanges);
        err = sgp_narrator_take(&model->narrator, frame->update);
        take_told(model);
        if (err == SGP_OK)
            err = take_patients(model, frame->update);
        if (model->line == SGP_LINE_CATCHING_UP && model->narrator.caught_up)
            set_line(model, SGP_LINE_UP, "");
        break;
    case SIGAP__V1__FRAME__BODY_INBOUND_PAGE:
        err = take_inbound(model, frame->inbound_page->inbound, frame->inbound_page->n_inbound);
        break;
    case SIGAP__V1__FRAME__BODY_HOSPITAL_ADVICE:
        err = keep(&model->advice, frame->hospital_advice->assignment_id,
                   (ProtobufCMessage **)&frame->hospital_advice);
        break;
    case SIGAP__V1__FRAME__BODY_DESK_REPORT:
        replace(&model->report, &frame->desk_report);
        frame->body_case = SIGAP__V1__FRAME__BODY__NOT_SET;
        break;
    case SIGAP__V1__FRAME__BODY_DESK_HANDOVER_PAGE:
        replace(&model->handovers, &frame->desk_handover_page);
        frame->body_case = SIGAP__V1__FRAME__BODY__NOT_SET;
        break;
    case SIGAP__V1__FRAME__BODY_ROAD_CLOSURE_PAGE:
        replace(&model->closures, &frame->road_closure_page);
        frame->body_case = SIGAP__V1__FRAME__BODY__NOT_SET;
        break;
    case SIGAP__V1__FRAME__BODY_MARKED_NUMBER_PAGE:
        replace(&model->marks, &frame->marked_number_page);
        frame->body_case = SIGAP__V1__FRAME__BODY__NOT_SET;
        break;
    case SIGAP__V1__FRAME__BODY_PONG:
        model->skew_ms = frame->pong->now_ms - model->own_now_ms;
        break;
    case SIGAP__V1__FRAME__BODY_STATUS:
        take_status(model, frame->status);
        break;
    case SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL:
        err = take_detail(model, frame->incident_detail);
        break;
    case SIGAP__V1__FRAME__BODY_RECOMMENDATION:
        err = keep(&model->narrator.board.recommendations, frame->recommendation->id,
                   (ProtobufCMessage **)&frame->recommendation);
        break;
    default:
        break;
    }
    return err;
}

sgp_err sgp_model_take(sgp_model *model, const sgp_link_news *news) {
    model->changed = true;
    switch (news->kind) {
    case SGP_LINK_UP:
        snprintf(model->user, sizeof model->user, "%s", news->user);
        model->role = news->role;
        set_line(model, SGP_LINE_CATCHING_UP, "");
        take_status(model, news->frame->status);
        sgp_narrator_connected(&model->narrator, news->frame->status);
        take_told(model);
        return SGP_OK;
    case SGP_LINK_DOWN:
    case SGP_LINK_REFUSED:
        if (model->line == SGP_LINE_UP || model->line == SGP_LINE_CATCHING_UP) {
            sgp_narrator_lost(&model->narrator, news->reason);
            take_told(model);
            model->bells++;
        }
        set_line(model,
                 news->kind == SGP_LINK_REFUSED  ? SGP_LINE_REFUSED
                 : model->narrator.was_caught_up ? SGP_LINE_LOST
                                                 : SGP_LINE_CONNECTING,
                 news->reason);
        return SGP_OK;
    default:
        return take_frame(model, news->frame);
    }
}

/* ---- what things are -------------------------------------------------------------- */

bool sgp_incident_waits(const Sigap__V1__Incident *incident) {
    return incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING ||
           incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_WAITING;
}

int64_t sgp_incident_clock_ms(const sgp_model *model, const Sigap__V1__Incident *incident,
                              int64_t *late_ms) {
    int64_t until_ms = incident->first_on_scene_at_ms > 0 ? incident->first_on_scene_at_ms
                       : incident->closed_at_ms > 0       ? incident->closed_at_ms
                                                          : model->now_ms;
    int64_t elapsed_ms = until_ms > incident->opened_at_ms ? until_ms - incident->opened_at_ms : 0;
    /* An unknown priority may be the worst. */
    int priority = incident->priority >= 1 && incident->priority <= 4 ? (int)incident->priority : 1;
    int64_t target_ms = model->target_ms[priority];
    *late_ms = target_ms > 0 && elapsed_ms > target_ms ? elapsed_ms - target_ms : 0;
    return elapsed_ms;
}

bool sgp_unit_position_stale(const sgp_model *model, const Sigap__V1__Unit *unit) {
    return unit->on_duty && !unit->at_station &&
           (unit->position == NULL || model->now_ms - unit->position_at_ms > POSITION_MAX_AGE_MS);
}

const Sigap__V1__Assignment *sgp_unit_assignment(const sgp_model *model,
                                                 const Sigap__V1__Unit *unit) {
    const Sigap__V1__Assignment *assignment =
        unit->assignment_id == 0
            ? NULL
            : sgp_board_assignment(&model->narrator.board, unit->assignment_id);
    return assignment != NULL && sgp_assignment_open(assignment) ? assignment : NULL;
}

const Sigap__V1__Recommendation *sgp_incident_recommendation(const sgp_model *model,
                                                             const Sigap__V1__Incident *incident) {
    const sgp_shelf *shelf = &model->narrator.board.recommendations;
    for (size_t i = shelf->n; i-- > 0;) {
        const Sigap__V1__Recommendation *one =
            (const Sigap__V1__Recommendation *)shelf->items[i].message;
        if (one->incident_id == incident->id)
            return one;
    }
    return NULL;
}

static bool word_in(const char *word, size_t n, const char *text) {
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (i < n && text[i] != '\0' &&
               tolower((unsigned char)text[i]) == tolower((unsigned char)word[i]))
            i++;
        if (i == n)
            return true;
    }
    return n == 0;
}

bool sgp_letters_in(const char *letters, const char *text) {
    while (*letters != '\0') {
        size_t n = strcspn(letters, " ");
        if (n > 0 && !word_in(letters, n, text))
            return false;
        letters += n;
        letters += *letters == ' ';
    }
    return true;
}

/* ---- rows ------------------------------------------------------------------------- */

static bool room_for(void **rows, size_t *capacity, size_t n, size_t size) {
    if (n <= *capacity)
        return true;
    void *more = realloc(*rows, (n + n / 2) * size);
    if (more == NULL)
        return false;
    *rows = more;
    *capacity = n + n / 2;
    return true;
}

static bool incident_found(const sgp_model *model, const Sigap__V1__Incident *incident) {
    char text[1024], place[256], words[512];
    if (model->find[0] == '\0')
        return true;
    sgp_words_text(sgp_board_caller(&model->narrator.board, incident->first_call_id), words,
                   sizeof words);
    snprintf(text, sizeof text, "#%" PRIu64 " P%d %s %s %s %s", incident->id,
             (int)incident->priority, sgp_complaint_text(model->language, incident->complaint),
             sgp_place_text(incident->place, place, sizeof place),
             incident->place != NULL ? incident->place->kecamatan : "", words);
    return sgp_letters_in(model->find, text);
}

static int order_of(const Sigap__V1__Incident *incident, bool attention) {
    return (attention ? 0 : 10) + (int)incident->priority;
}

static const Sigap__V1__Incident *row_incident(const sgp_model *model,
                                               const sgp_incident_row *row) {
    return sgp_board_incident(&model->narrator.board, row->id);
}

static void count_incident(sgp_model *model, const Sigap__V1__Incident *incident,
                           const sgp_incident_row *row) {
    model->by_priority[incident->priority >= 1 && incident->priority <= 4 ? incident->priority
                                                                          : 0]++;
    model->n_overdue += row->overdue;
    if (row->waits) {
        int64_t age_ms = model->now_ms - incident->opened_at_ms;
        if (age_ms > model->oldest_waiting_ms)
            model->oldest_waiting_ms = age_ms;
    }
}

static void ring_bell(sgp_model *model, const Sigap__V1__Incident *incident,
                      sgp_incident_row *row) {
    bool urgent = incident->priority == SIGAP__V1__PRIORITY__P1 ||
                  incident->priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN;
    if (urgent && !row->rang_new) {
        row->rang_new = true;
        model->bells += model->narrator.caught_up;
    }
    if (row->overdue && !row->rang_overdue) {
        row->rang_overdue = true;
        model->bells += model->narrator.caught_up;
    }
}

static void make_incident_rows(sgp_model *model) {
    const sgp_shelf *shelf = &model->narrator.board.incidents;
    sgp_incident_row *old = model->incidents;
    size_t n_old = model->n_incidents, n = 0, waiting = 0, attention = 0;
    sgp_incident_row *made = calloc(shelf->n + 1, sizeof *made);
    if (made == NULL)
        return; /* the old rows stay; another update comes */
    memset(model->by_priority, 0, sizeof model->by_priority);
    model->n_overdue = 0;
    model->oldest_waiting_ms = -1;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Incident *incident = (const Sigap__V1__Incident *)shelf->items[i].message;
        if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            continue;
        int64_t late_ms;
        sgp_incident_row row = {.id = incident->id, .waits = sgp_incident_waits(incident)};
        for (size_t k = 0; k < n_old; k++)
            if (old[k].id == row.id) {
                row.rang_new = old[k].rang_new;
                row.rang_overdue = old[k].rang_overdue;
            }
        (void)sgp_incident_clock_ms(model, incident, &late_ms);
        row.overdue = late_ms > 0 && incident->first_on_scene_at_ms == 0;
        row.attention = row.waits || row.overdue;
        count_incident(model, incident, &row);
        ring_bell(model, incident, &row);
        /* Ids ascend with age, so an insertion behind equals keeps the oldest first. What is not
         * found stays in memory behind the others, for its bells. */
        size_t at = n;
        while (at > 0 && order_of(row_incident(model, &made[at - 1]), made[at - 1].attention) >
                             order_of(incident, row.attention))
            at--;
        memmove(made + at + 1, made + at, (n - at) * sizeof *made);
        made[at] = row;
        n++;
        waiting += row.waits;
        attention += row.attention;
    }
    free(old);
    model->incidents = made;
    model->n_incidents = n;
    model->n_waiting = waiting;
    model->n_attention = attention;
}

static void make_unit_rows(sgp_model *model) {
    const sgp_shelf *shelf = &model->narrator.board.units;
    if (!room_for((void **)&model->units, &model->units_capacity, shelf->n + 1,
                  sizeof *model->units))
        return;
    model->n_units = model->n_units_free = model->n_units_on_duty = 0;
    /* A crew that calls for help, then who is on duty, then who is not. */
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < shelf->n; i++) {
            const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
            int own = unit->distress_at_ms != 0 ? 0 : unit->on_duty ? 1 : 2;
            if (own != turn)
                continue;
            if (unit->on_duty) {
                model->n_units_on_duty++;
                model->n_units_free += unit->status == SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE;
            }
            char text[512];
            snprintf(text, sizeof text, "%s %s %s %s", unit->code, unit->name, unit->station,
                     sgp_unit_kind_text(model->language, (int)unit->kind));
            if (sgp_letters_in(model->find, text))
                model->units[model->n_units++] = unit->number;
        }
}

/* ---- choosing ---------------------------------------------------------------------- */

bool sgp_model_shows(const sgp_model *model, const sgp_incident_row *row) {
    const Sigap__V1__Incident *incident = row_incident(model, row);
    return incident != NULL && incident_found(model, incident);
}

const Sigap__V1__Incident *sgp_model_incident(const sgp_model *model) {
    return model->incident == 0 ? NULL
                                : sgp_board_incident(&model->narrator.board, model->incident);
}

const Sigap__V1__Unit *sgp_model_unit(const sgp_model *model) {
    return model->unit == 0 ? NULL : sgp_board_unit(&model->narrator.board, model->unit);
}

void sgp_model_move_incident(sgp_model *model, int by) {
    long at = -1, n = 0, step = by < 0 ? -1 : 1;
    for (size_t i = 0; i < model->n_incidents; i++)
        if (model->incidents[i].id == model->incident)
            at = (long)i;
    n = (long)model->n_incidents;
    for (long left = by < 0 ? -by : by; left > 0; left--) {
        long next = at + step;
        while (next >= 0 && next < n && !sgp_model_shows(model, &model->incidents[next]))
            next += step;
        if (next < 0 || next >= n)
            break;
        at = next;
    }
    if (at >= 0 && at < n && sgp_model_shows(model, &model->incidents[at]))
        model->incident = model->incidents[at].id;
}

void sgp_model_move_unit(sgp_model *model, int by) {
    long at = -1;
    for (size_t i = 0; i < model->n_units; i++)
        if (model->units[i] == model->unit)
            at = (long)i;
    at += by;
    if (at >= (long)model->n_units)
        at = (long)model->n_units - 1;
    if (at < 0)
        at = 0;
    if (model->n_units > 0)
        model->unit = model->units[at];
}

bool sgp_model_choose_incident(sgp_model *model, uint64_t id) {
    if (sgp_board_incident(&model->narrator.board, id) == NULL)
        return false;
    model->incident = id;
    return true;
}

void sgp_model_choose_waiting(sgp_model *model, uint64_t other_than) {
    for (size_t i = 0; i < model->n_incidents; i++)
        if (model->incidents[i].waits && model->incidents[i].id != other_than &&
            sgp_model_shows(model, &model->incidents[i])) {
            model->incident = model->incidents[i].id;
            return;
        }
}

void sgp_model_find(sgp_model *model, const char *letters) {
    snprintf(model->find, sizeof model->find, "%s", letters);
    make_unit_rows(model);
    const Sigap__V1__Incident *chosen = sgp_model_incident(model);
    if (chosen != NULL && incident_found(model, chosen))
        return;
    for (size_t i = 0; i < model->n_incidents; i++)
        if (sgp_model_shows(model, &model->incidents[i])) {
            model->incident = model->incidents[i].id;
            return;
        }
}

/* Somebody is always chosen where there is anybody: the first row is the one that matters most. */
static void keep_choice(sgp_model *model) {
    const Sigap__V1__Incident *chosen = sgp_model_incident(model);
    if (chosen == NULL && model->n_incidents > 0)
        model->incident = model->incidents[0].id;
    if (sgp_model_unit(model) == NULL && model->n_units > 0)
        model->unit = model->units[0];
}

const Sigap__V1__Ring *sgp_model_ring(const sgp_model *model, uint64_t id) {
    return (const Sigap__V1__Ring *)sgp_shelf_get(&model->narrator.board.rings, id);
}

/* Telephones: a bell for each that begins to ring. */
static void look_for_rings(sgp_model *model) {
    const sgp_shelf *shelf = &model->narrator.board.rings;
    size_t before = model->n_ringing;
    uint64_t newest = model->newest_ring;
    model->n_ringing = model->n_missed = 0;
    model->ringing = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Ring *ring = (const Sigap__V1__Ring *)shelf->items[i].message;
        model->n_missed += sgp_ring_is_missed(ring);
        if (ring->state != SIGAP__V1__RING_STATE__RINGING)
            continue;
        model->n_ringing++;
        if (model->ringing == 0) /* ids ascend with age */
            model->ringing = ring->id;
        if (ring->id > model->newest_ring)
            model->newest_ring = ring->id;
    }
    if (model->n_ringing > 0 && (model->newest_ring > newest || model->n_ringing > before))
        model->bells += model->narrator.caught_up;
}

/* Crews in danger. Their bell rings until a dispatcher has cleared the call for help. */
static void look_for_distress(sgp_model *model) {
    enum { RING_EVERY_MS = 5000 };
    const sgp_board *board = &model->narrator.board;
    size_t silent = 0;
    int64_t first_ms = 0;
    model->n_distress = 0;
    model->distress = 0;
    for (size_t i = 0; i < board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)board->units.items[i].message;
        const Sigap__V1__Assignment *job = sgp_unit_assignment(model, unit);
        silent += job != NULL && job->welfare_alarms > 0;
        if (unit->distress_at_ms == 0)
            continue;
        model->n_distress++;
        if (first_ms == 0 || unit->distress_at_ms < first_ms) {
            first_ms = unit->distress_at_ms;
            model->distress = unit->number;
        }
    }
    if (silent > model->n_silent)
        model->bells++;
    model->n_silent = silent;
    if (model->n_distress > 0 && (model->own_now_ms - model->distress_rang_ms >= RING_EVERY_MS ||
                                  model->own_now_ms < model->distress_rang_ms)) {
        model->distress_rang_ms = model->own_now_ms;
        model->bells++;
    }
}

void sgp_model_tick(sgp_model *model, int64_t own_now_ms) {
    model->own_now_ms = own_now_ms;
    model->now_ms = own_now_ms + model->skew_ms;
    make_incident_rows(model);
    make_unit_rows(model);
    look_for_rings(model);
    sgp_chat_look(model);
    look_for_distress(model);
    keep_choice(model);
    take_told(model);
    model->changed = false;
}
