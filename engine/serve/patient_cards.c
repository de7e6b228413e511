/* A patient's card: what the crew measures and does, for whoever takes over.
 *
 * The core has nothing to do with it: a card is a note in the incident's log (NOTE_ADDED), sealed
 * under the incident's key and erased with it. A note's words are kept as the personal fields of a
 * call that cannot be (notes.c): the readable line, as everybody who reads the log sees it, is the
 * narrative; the message itself, as proto-JSON, stands in the name, which a note has none of. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/proto_json.h"

enum { FINDINGS_BYTES = 1000, HANDED_TO_BYTES = 96, LINE_BYTES = 1600, CARDS_MAX = 16 };

typedef struct measure {
    const char *name, *before, *after; /* as Indonesian services write it */
    uint32_t value, least, most;
} measure;
enum { MEASURES = 8 };

static void list_measures(const Sigap__V1__PatientCard *card, measure all[MEASURES]) {
    const measure list[MEASURES] = {
        {"pulse", "N ", "/mnt", card->pulse, 1, 300},
        {"breaths", "RR ", "/mnt", card->breaths, 1, 120},
        {"systolic", "TD ", "", card->systolic, 1, 350},
        {"diastolic", "/", "", card->diastolic, 1, 250},
        {"oxygen_percent", "SpO2 ", "%", card->oxygen_percent, 1, 100},
        {"temperature_tenths", "S ", "", card->temperature_tenths, 200, 460},
        {"coma_scale", "GCS ", "", card->coma_scale, 3, 15},
        {"glucose", "GDS ", "", card->glucose, 1, 1500},
    };
    memcpy(all, list, sizeof list);
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

static sgp_err check_card(const Sigap__V1__PatientCard *card, sgp_fault *fault) {
    measure all[MEASURES];
    bool says = false;
    if (card == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "card is missing");
    list_measures(card, all);
    for (size_t i = 0; i < MEASURES; i++) {
        if (all[i].value != 0 && (all[i].value < all[i].least || all[i].value > all[i].most))
            return sgp_fail(fault, SGP_E_RANGE, "%s is %u, not %u to %u", all[i].name, all[i].value,
                            all[i].least, all[i].most);
        says |= all[i].value != 0;
    }
    if (strlen(card->findings) > FINDINGS_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "findings is longer than %d bytes", FINDINGS_BYTES);
    if (strlen(card->handed_to) > HANDED_TO_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "handed_to is longer than %d bytes",
                        HANDED_TO_BYTES);
    if (!says && is_blank(card->findings) && is_blank(card->handed_to))
        return sgp_fail(fault, SGP_E_ARGUMENT, "the card is empty");
    return SGP_OK;
}

/* One line for the log; what does not fit is left out, which the bounds above do not allow. */
typedef struct line {
    char text[LINE_BYTES];
    size_t length;
} line;

static void add(line *to, const char *format, ...) SGP_PRINTF(2, 3);
static void add(line *to, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(to->text + to->length, sizeof to->text - to->length, format, arguments);
    va_end(arguments);
    if (n > 0)
        to->length +=
            (size_t)n < sizeof to->text - to->length ? (size_t)n : sizeof to->text - 1 - to->length;
}

static void write_line(const char *unit, const Sigap__V1__PatientCard *card, line *to) {
    measure all[MEASURES];
    list_measures(card, all);
    add(to, "%s:", unit);
    for (size_t i = 0; i < MEASURES; i++) {
        bool second = strcmp(all[i].name, "diastolic") == 0;
        if (all[i].value == 0)
            continue;
        if (strcmp(all[i].name, "temperature_tenths") == 0)
            add(to, " S %u,%u", all[i].value / 10, all[i].value % 10);
        else
            add(to, "%s%s%u%s",
                second && card->systolic != 0 ? ""
                : second                      ? " TD -"
                                              : " ",
                all[i].before, all[i].value, all[i].after);
    }
    if (!is_blank(card->findings))
        add(to, " | %s", card->findings);
    if (!is_blank(card->handed_to))
        add(to, " -> %s", card->handed_to);
}

/* The assignment that is meant; a crew's is its own, also when it is over: what was kept on its
 * device may come late. */
static sgp_err find_assignment(const sgp_session *session, sgp_id named, const sgp_assignment **on,
                               sgp_fault *fault) {
    const sgp_world *world = session->engine->world;
    if (named == 0 && session->is_crew)
        named = sgp_world_unit(world, session->unit)->assignment;
    *on = named != 0 ? sgp_world_assignment(world, named) : NULL;
    if (*on == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "there is no assignment %llu",
                        (unsigned long long)named);
    if (session->is_crew && (*on)->unit != session->unit)
        return sgp_fail(fault, SGP_E_PERMISSION, "assignment %llu is not that of %s",
                        (unsigned long long)named, sgp_world_unit(world, session->unit)->code);
    return SGP_OK;
}

sgp_err sgp_patient_card_event(sgp_session *session, Sigap__V1__TellPatientCard *asked,
                               sgp_input *input, sgp_fault *fault) {
    const sgp_assignment *on = NULL;
    sgp_err err = check_card(asked->card, fault);
    if (err == SGP_OK)
        err = find_assignment(session, asked->assignment_id, &on, fault);
    if (err != SGP_OK)
        return err;
    asked->assignment_id = on->id;
    line told = {.length = 0};
    write_line(sgp_world_unit(session->engine->world, on->unit)->code, asked->card, &told);
    input->event.kind = SGP_EVENT_NOTE_ADDED;
    input->event.u.noted.incident = on->incident;
    input->personal.narrative = strdup(told.text);
    input->personal.caller_name = sgp_message_to_json_text(&asked->base);
    memset(&told, 0, sizeof told);
    return input->personal.narrative != NULL && input->personal.caller_name != NULL
               ? SGP_OK
               : sgp_fail(fault, SGP_E_MEMORY, "no memory");
}

/* ---- reading ---------------------------------------------------------------------- */

static sgp_err may_read(const sgp_session *session, const sgp_assignment *on, sgp_fault *fault) {
    if (session->role != SIGAP__V1__ROLE__HOSPITAL)
        return SGP_OK;
    int32_t hospital = sgp_assignment_destination(on);
    if (hospital >= 0 &&
        strcmp(sgp_world_hospital(session->engine->world, (uint32_t)hospital)->code,
               session->hospital) == 0)
        return SGP_OK;
    return sgp_fail(fault, SGP_E_PERMISSION, "the patient of assignment %llu is not meant for %s",
                    (unsigned long long)on->id, session->user);
}

/* The card that this entry of the log holds; NULL: it is none, or of another patient. */
static Sigap__V1__TellPatientCard *read_card(sgp_engine *engine, const sgp_log_entry *entry,
                                             sgp_id assignment, bool *erased) {
    sgp_personal_copy copy = {0};
    ProtobufCMessage *message = NULL;
    sgp_fault fault = {0};
    if (entry->event != SGP_EVENT_NOTE_ADDED)
        return NULL;
    if (sgp_note_words(engine, entry->seq, &copy, erased) == SGP_OK && copy.caller_name != NULL &&
        copy.caller_name[0] == '{' &&
        sgp_message_from_json_text(&sigap__v1__tell_patient_card__descriptor, copy.caller_name,
                                   strlen(copy.caller_name), &message, &fault) != SGP_OK)
        message = NULL;
    sgp_personal_free(&copy);
    Sigap__V1__TellPatientCard *told = (Sigap__V1__TellPatientCard *)message;
    if (told == NULL || (told->assignment_id == assignment && told->card != NULL))
        return told;
    sigap__v1__tell_patient_card__free_unpacked(told, NULL);
    return NULL;
}

void sgp_answer_patient_cards(sgp_session *session, uint64_t reply_to,
                              const Sigap__V1__AskPatientCards *asked) {
    sgp_engine *engine = session->engine;
    const sgp_assignment *on = NULL;
    const sgp_log_entry *log;
    sgp_fault fault = {0};
    sgp_err err = find_assignment(session, asked->assignment_id, &on, &fault);
    if (err == SGP_OK)
        err = may_read(session, on, &fault);
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    Sigap__V1__TellPatientCard *cards[CARDS_MAX];
    Sigap__V1__PatientCards__Told rows[CARDS_MAX], *list[CARDS_MAX];
    Sigap__V1__PatientCards answer = SIGAP__V1__PATIENT_CARDS__INIT;
    answer.assignment_id = on->id;
    answer.cards = list;
    for (uint32_t i = sgp_world_log(engine->world, on->incident, &log);
         i > 0 && answer.n_cards < CARDS_MAX; i--) {
        const sgp_log_entry *entry = &log[i - 1];
        bool erased = false;
        Sigap__V1__TellPatientCard *told = read_card(engine, entry, on->id, &erased);
        answer.erased |= erased;
        if (told == NULL)
            continue;
        size_t n = answer.n_cards++;
        cards[n] = told;
        rows[n] = (Sigap__V1__PatientCards__Told)SIGAP__V1__PATIENT_CARDS__TOLD__INIT;
        rows[n].card = told->card;
        rows[n].at_ms = entry->at_ms;
        rows[n].actor = (char *)(uintptr_t)entry->actor;
        list[n] = &rows[n];
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PATIENT_CARDS;
    frame.patient_cards = &answer;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < answer.n_cards; i++)
        sigap__v1__tell_patient_card__free_unpacked(cards[i], NULL);
}
