/* Words that people write: the log of an incident, and what is known of a place.
 *
 * The core keeps that there are words and where they belong; the words stand in the journal, sealed
 * like a caller's: a note under its incident's key, a premise note under a key of its own, which is
 * destroyed when the note is removed. They are kept as the personal fields of a call that cannot
 * be: its number is the event's or the premise's, with a high bit. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum { NOTE_BYTES = 2000, WORDS_IN_LOG = 300 };
#define NOTE_BIT (UINT64_C(1) << 62)
#define PREMISE_BIT (UINT64_C(1) << 61)

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

static sgp_err keep_words(const char *text, sgp_input *input, sgp_fault *fault) {
    if (is_blank(text))
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is empty");
    if (strlen(text) > NOTE_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is longer than %d bytes", NOTE_BYTES);
    input->personal.narrative = strdup(text);
    return input->personal.narrative != NULL ? SGP_OK : sgp_fail(fault, SGP_E_MEMORY, "no memory");
}

bool sgp_notes_personal(const sgp_event *event, const sgp_reply *reply, const sgp_input *input,
                        sgp_personal *personal) {
    if (input->personal.narrative == NULL)
        return false;
    if (event->kind == SGP_EVENT_NOTE_ADDED) {
        personal->call = NOTE_BIT | event->seq;
        personal->incident = event->u.noted.incident;
    } else if (event->kind == SGP_EVENT_PREMISE_SET) {
        personal->call = PREMISE_BIT | reply->closure;
        personal->incident = PREMISE_BIT | reply->closure;
    } else {
        return false;
    }
    personal->narrative = input->personal.narrative;
    personal->caller_name = input->personal.caller_name; /* of a patient's card, see there */
    return true;
}

/* The words kept under that number; "" where they are erased. Free the copy. */
static const char *words_of(sgp_engine *engine, uint64_t number, sgp_personal_copy *copy,
                            bool *erased) {
    *erased = false;
    return sgp_journal_personal(engine->journal, number, copy, erased) == SGP_OK ? copy->narrative
                                                                                 : "";
}

sgp_err sgp_note_words(sgp_engine *engine, uint64_t seq, sgp_personal_copy *copy, bool *erased) {
    *erased = false;
    return sgp_journal_personal(engine->journal, NOTE_BIT | seq, copy, erased);
}

/* ---- the log --------------------------------------------------------------------- */

sgp_err sgp_note_event(const Sigap__V1__AddNote *asked, sgp_input *input, sgp_fault *fault) {
    input->event.kind = SGP_EVENT_NOTE_ADDED;
    input->event.u.noted.incident = asked->incident_id;
    return keep_words(asked->text, input, fault);
}

static void fill_entry(const sgp_engine *engine, const sgp_log_entry *from,
                       Sigap__V1__LogEntry *entry) {
    sigap__v1__log_entry__init(entry);
    entry->seq = from->seq;
    entry->at_ms = from->at_ms;
    entry->actor = (char *)(uintptr_t)from->actor;
    entry->event = (char *)(uintptr_t)sgp_event_kind_str(from->event);
    if (from->event == SGP_EVENT_ASSIGNMENT_ADVANCED) {
        entry->assignment_id = from->subject;
        entry->state = (Sigap__V1__AssignmentState)from->number;
        if (from->unit != 0)
            entry->unit_code =
                (char *)(uintptr_t)sgp_world_unit(engine->world, from->unit - 1)->code;
        return;
    }
    entry->other = (char *)(uintptr_t)from->other;
    entry->released = from->event == SGP_EVENT_INCIDENT_TAKEN && from->number != 0;
    if (from->event == SGP_EVENT_PATIENT_TOLD || from->event == SGP_EVENT_HOSPITAL_CHOSEN) {
        entry->assignment_id = from->subject;
        return;
    }
    entry->call_id = from->subject;
    if (from->event == SGP_EVENT_INCIDENT_CLOSED || from->event == SGP_EVENT_CALL_JUDGED)
        entry->outcome = (Sigap__V1__Outcome)from->number;
    else if (from->event == SGP_EVENT_INCIDENT_TRIAGED)
        entry->priority = (Sigap__V1__Priority)from->number;
}

void sgp_push_note(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    if (engine->n_watchers == 0 || input == NULL || input->personal.narrative == NULL)
        return;
    Sigap__V1__Note note = SIGAP__V1__NOTE__INIT, *list = &note;
    note.incident_id = event->u.noted.incident;
    note.seq = event->seq;
    note.at_ms = event->at_ms;
    note.actor = (char *)(uintptr_t)event->actor;
    note.text = input->personal.narrative;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = event->seq;
    update.at_ms = event->at_ms;
    update.notes = &list;
    update.n_notes = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_HEARERS, 0, &frame);
}

static int by_seq(const void *left, const void *right) {
    const Sigap__V1__LogEntry *a = *(Sigap__V1__LogEntry *const *)left,
                              *b = *(Sigap__V1__LogEntry *const *)right;
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;
    return a < b ? -1 : a > b; /* as they stood */
}

/* How many of a call's words its incident's log tells: all calls share a bound, so that a log
 * always fits into one frame. GetConversation has all that are remembered. */
static uint32_t words_told(const sgp_world *world, sgp_id incident) {
    const sgp_message *said;
    uint32_t calls = 0;
    for (sgp_id call = 0; (call = sgp_world_next_call_of(world, incident, call)) != 0;)
        calls += sgp_world_messages(world, call, &said) > 0;
    return calls > 0 ? WORDS_IN_LOG / calls : 0;
}

/* The words of the callers' pages (messages.c) stand in the log, and cannot push anything out of
 * it: the core keeps them apart. The newest of each call; as many entries as there is room for. */
static void add_messages(sgp_engine *engine, sgp_id incident, Sigap__V1__Log *log,
                         Sigap__V1__LogEntry *entries, sgp_personal_copy *copies) {
    uint32_t most = words_told(engine->world, incident);
    for (sgp_id call = 0; (call = sgp_world_next_call_of(engine->world, incident, call)) != 0;) {
        const sgp_message *said;
        uint32_t n = sgp_world_messages(engine->world, call, &said);
        for (uint32_t i = n > most ? n - most : 0; i < n; i++) {
            size_t at = log->n_entries++;
            bool erased;
            sigap__v1__log_entry__init(&entries[at]);
            entries[at].seq = said[i].seq;
            entries[at].at_ms = said[i].at_ms;
            entries[at].actor = (char *)(uintptr_t)said[i].actor;
            entries[at].event = (char *)(uintptr_t)sgp_event_kind_str(SGP_EVENT_MESSAGE_SAID);
            entries[at].call_id = call;
            entries[at].by_caller = said[i].by_caller;
            entries[at].sign = said[i].sign;
            if (sgp_message_words(engine, said[i].seq, &copies[at], &erased) == SGP_OK)
                entries[at].text = copies[at].narrative;
            entries[at].erased = erased;
            log->entries[at] = &entries[at];
        }
    }
}

void sgp_answer_log(sgp_session *session, uint64_t reply_to, sgp_id incident) {
    sgp_engine *engine = session->engine;
    const sgp_log_entry *from;
    if (sgp_world_incident(engine->world, incident) == NULL) {
        sgp_fault fault;
        sgp_err err = sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no incident %llu",
                               (unsigned long long)incident);
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    uint32_t n = sgp_world_log(engine->world, incident, &from), most = n + WORDS_IN_LOG;
    Sigap__V1__LogEntry *entries = calloc(most + 1, sizeof *entries);
    Sigap__V1__LogEntry **list = calloc(most + 1, sizeof *list);
    sgp_personal_copy *copies = calloc(most + 1, sizeof *copies);
    bool has_room = entries != NULL && list != NULL && copies != NULL;
    Sigap__V1__Log log = SIGAP__V1__LOG__INIT;
    log.incident_id = incident;
    log.entries = list;
    for (uint32_t i = 0; has_room && i < n; i++) {
        fill_entry(engine, &from[i], &entries[i]);
        if (from[i].event == SGP_EVENT_NOTE_ADDED) {
            bool erased;
            entries[i].text =
                (char *)(uintptr_t)words_of(engine, NOTE_BIT | from[i].seq, &copies[i], &erased);
            entries[i].erased = erased;
        }
        list[log.n_entries++] = &entries[i];
    }
    if (has_room) {
        add_messages(engine, incident, &log, entries, copies);
        qsort(list, log.n_entries, sizeof *list, by_seq);
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOG;
    frame.log = &log;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (uint32_t i = 0; copies != NULL && i < most; i++)
        sgp_personal_free(&copies[i]);
    free(copies);
    free(list);
    free(entries);
}

/* ---- premises ---------------------------------------------------------------------- */

sgp_err sgp_premise_event(sgp_session *session, const Sigap__V1__SetPremise *asked,
                          sgp_input *input, sgp_fault *fault) {
    sgp_premise *premise = &input->event.u.premise;
    const sgp_world *world = session->engine->world;
    const sgp_premise *known = sgp_world_premise_by_id(world, asked->id);
    const sgp_incident *incident = sgp_world_incident(world, asked->incident_id);
    input->event.kind = SGP_EVENT_PREMISE_SET;
    if (asked->id != 0 && known == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "there is no premise note %llu",
                        (unsigned long long)asked->id);
    if (known != NULL)
        *premise = *known; /* what is not said stays */
    premise->id = asked->id;
    premise->version = asked->version;
    if (asked->incident_id != 0 && (incident == NULL || !incident->has_place))
        return sgp_fail(fault, SGP_E_STATE, "incident %llu has no place",
                        (unsigned long long)asked->incident_id);
    sgp_err err = SGP_OK;
    if (asked->incident_id != 0)
        premise->point = incident->place.point;
    else if (asked->point != NULL)
        err = sgp_point_check(session->engine, asked->point->lon, asked->point->lat,
                              &premise->point, fault);
    else if (known == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "where is it? point or incident_id is missing");
    if (err != SGP_OK)
        return err;
    if (strlen(asked->label) >= sizeof premise->label)
        return sgp_fail(fault, SGP_E_ARGUMENT, "label is longer than %zu bytes",
                        sizeof premise->label - 1);
    if (asked->label[0] != '\0')
        memcpy(premise->label, asked->label, strlen(asked->label) + 1);
    if (asked->kind != 0 || known == NULL)
        premise->kind = asked->kind != 0 ? (sgp_premise_kind)asked->kind : SGP_PREMISE_OTHER;
    if (asked->radius_m != 0 || known == NULL)
        premise->radius_m = asked->radius_m != 0 ? asked->radius_m : 50;
    if (asked->until_at_ms != 0)
        premise->until_ms = asked->until_at_ms > 0 ? asked->until_at_ms : 0;
    /* Words that are not told anew stay. */
    if (known != NULL && is_blank(asked->text))
        return SGP_OK;
    return keep_words(asked->text, input, fault);
}

void sgp_remove_premise_event(const Sigap__V1__RemovePremise *asked, sgp_event *event) {
    event->kind = SGP_EVENT_PREMISE_REMOVED;
    event->u.premise.id = asked->id;
    event->u.premise.version = asked->version;
}

void sgp_premise_forget_words(sgp_engine *engine, sgp_id premise) {
    sgp_personal_copy copy = {0};
    bool erased = false;
    sgp_err kept = sgp_journal_personal(engine->journal, PREMISE_BIT | premise, &copy, &erased);
    sgp_personal_free(&copy);
    if (kept == SGP_E_NOT_FOUND)
        return;
    sgp_err err = sgp_journal_erase(engine->journal, PREMISE_BIT | premise);
    if (err != SGP_OK && err != SGP_E_NOT_FOUND)
        sgp_log(SGP_LOG_ERROR, "premise_not_erased", "premise=%llu code=%s",
                (unsigned long long)premise, sgp_err_str(err));
    /* Orders that crews were told may have the words. */
    if (engine->news != NULL)
        sgp_crew_news_forget(engine->news, sgp_told_upto(engine));
}

void sgp_premises_forget_expired(sgp_engine *engine, int64_t now_ms, sgp_id except) {
    for (uint32_t i = 0; i < sgp_world_premises(engine->world); i++) {
        const sgp_premise *premise = sgp_world_premise(engine->world, i);
        if (premise->until_ms != 0 && premise->until_ms <= now_ms && premise->id != except)
            sgp_premise_forget_words(engine, premise->id);
    }
}

/* On the heap, with its words. */
static Sigap__V1__Premise *told_premise(sgp_engine *engine, const sgp_premise *premise) {
    sgp_personal_copy copy = {0};
    bool erased;
    Sigap__V1__Premise *message = sgp_premise_to_proto(premise);
    if (message == NULL)
        return NULL;
    const char *words = words_of(engine, PREMISE_BIT | premise->id, &copy, &erased);
    char *text = strdup(words);
    sgp_personal_free(&copy);
    if (text == NULL) {
        sigap__v1__premise__free_unpacked(message, NULL);
        return NULL;
    }
    message->text = text;
    return message;
}

Sigap__V1__Premise **sgp_premises_of(sgp_engine *engine, const sgp_incident *incident, size_t *n) {
    enum { MOST = 16 }; /* of one order */
    const sgp_world *world = engine->world;
    Sigap__V1__Premise **list = NULL;
    *n = 0;
    for (uint32_t i = 0; incident != NULL && i < sgp_world_premises(world) && *n < MOST; i++) {
        const sgp_premise *premise = sgp_world_premise(world, i);
        if (!sgp_premise_concerns(premise, incident, sgp_world_now_ms(world)))
            continue;
        if (list == NULL)
            list = calloc(MOST, sizeof *list);
        if (list != NULL && (list[*n] = told_premise(engine, premise)) != NULL)
            (*n)++;
    }
    return list;
}

void sgp_answer_premises(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__ListPremises *asked) {
    enum { PAGE = 100 };
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    Sigap__V1__PremisePage page = SIGAP__V1__PREMISE_PAGE__INIT;
    Sigap__V1__Premise *list[PAGE];
    page.premises = list;
    for (uint32_t i = 0; i < sgp_world_premises(world); i++) {
        const sgp_premise *premise = sgp_world_premise(world, i);
        if (premise->id <= asked->after_id ||
            (premise->until_ms != 0 && premise->until_ms <= sgp_world_now_ms(world)))
            continue;
        if (page.n_premises == PAGE) {
            page.next_after_id = list[PAGE - 1]->id;
            break;
        }
        if ((list[page.n_premises] = told_premise(engine, premise)) != NULL)
            page.n_premises++;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PREMISE_PAGE;
    frame.premise_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_premises; i++)
        sigap__v1__premise__free_unpacked(list[i], NULL);
}
