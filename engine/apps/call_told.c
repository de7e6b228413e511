#include "apps/call_told.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "apps/print.h"
#include "sigap/core.h"

char *sgp_alike_text(sgp_language language, const Sigap__V1__Alike *alike, uint64_t call, char *out,
                     size_t capacity) {
    static const sgp_text likenesses[] = {SGP_TEXT_LIKE_NOT_SAID, SGP_TEXT_LIKE_SAME,
                                          SGP_TEXT_LIKE_FAMILY, SGP_TEXT_LIKE_NOT_SAID,
                                          SGP_TEXT_LIKE_OTHER};
    char other[24], metres[16], own[24], time[64];
    unsigned like = (unsigned)alike->likeness;
    snprintf(other, sizeof other, "%" PRIu64, alike->incident_id);
    snprintf(metres, sizeof metres, "%d", alike->distance_m);
    snprintf(own, sizeof own, "%" PRIu64, call);
    return sgp_text_fill(
        out, capacity, language, alike->same_number ? SGP_TEXT_ALIKE_NUMBER : SGP_TEXT_ALIKE,
        "other", other, "metres", metres, "time",
        sgp_duration_text(language, alike->apart_ms, time, sizeof time), "why",
        sgp_text_get(language,
                     likenesses[like < sizeof likenesses / sizeof *likenesses ? like : 0]),
        "call", own, NULL);
}

void sgp_alike_print(sgp_language language, const Sigap__V1__Incident *incident, uint64_t call,
                     size_t most, const char *lead, FILE *out) {
    char text[512], more[64] = "", n[24];
    size_t live = 0;
    for (size_t i = 0; i < incident->n_alike; i++)
        live += !incident->alike[i]->dismissed;
    for (size_t i = 0; i < live && i < most; i++) { /* dismissed ones stand last */
        if (i + 1 == most && live > most) {
            snprintf(n, sizeof n, "%zu", live - most);
            sgp_text_fill(more, sizeof more, language, SGP_TEXT_ALIKE_MORE, "n", n, NULL);
        }
        fprintf(out, "%s%s%s\n", lead,
                sgp_alike_text(language, incident->alike[i], call, text, sizeof text), more);
    }
}

/* "22-11 03:14": of things that may be weeks ago. */
static char *day_text(int64_t wall_ms, char out[24]) {
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    if (wall_ms <= 0 || localtime_r(&seconds, &parts) == NULL ||
        strftime(out, 24, "%d-%m-%Y %H:%M", &parts) == 0)
        strcpy(out, "-");
    return out;
}

char *sgp_nuisance_text(sgp_language language, const Sigap__V1__Call *call, char *out,
                        size_t capacity) {
    char number[24], n[16], first[24], last[24], until[24];
    out[0] = '\0';
    if (call->nuisance == NULL)
        return out;
    snprintf(number, sizeof number, "%" PRIu64, call->id);
    snprintf(n, sizeof n, "%u", call->nuisance->calls);
    return sgp_text_fill(out, capacity, language, SGP_TEXT_NUISANCE, "call", number, "n", n,
                         "first", day_text(call->nuisance->first_at_ms, first), "last",
                         day_text(call->nuisance->last_at_ms, last), "until",
                         day_text(call->nuisance->until_at_ms, until), NULL);
}

void sgp_history_print(sgp_language language, const Sigap__V1__History *history, int within_m,
                       FILE *out) {
    char text[256], metres[16], day[24];
    snprintf(metres, sizeof metres, "%d", within_m);
    if (history->n_same_number > 0)
        fprintf(out, "%s\n", sgp_text_get(language, SGP_TEXT_HISTORY_NUMBER));
    for (size_t i = 0; i < history->n_same_number; i++) {
        const Sigap__V1__EarlierCall *call = history->same_number[i];
        fprintf(out, "  %s  #%" PRIu64 " (%" PRIu64 ")  %s  %s  %s\n", day_text(call->at_ms, day),
                call->incident_id, call->call_id, sgp_outcome_text(language, (int)call->outcome),
                call->complaint[0] ? sgp_complaint_text(language, call->complaint) : "",
                call->place);
    }
    if (history->n_same_place > 0)
        fprintf(out, "%s\n",
                sgp_text_fill(text, sizeof text, language, SGP_TEXT_HISTORY_PLACE, "metres", metres,
                              NULL));
    for (size_t i = 0; i < history->n_same_place; i++) {
        const Sigap__V1__EarlierIncident *other = history->same_place[i];
        fprintf(out, "  %s  #%" PRIu64 "  %s  %s  %s (%d m)\n", day_text(other->opened_at_ms, day),
                other->incident_id, sgp_outcome_text(language, (int)other->outcome),
                sgp_complaint_text(language, other->complaint), other->place, other->distance_m);
    }
}

void sgp_marked_print(sgp_language language, const Sigap__V1__MarkedNumber *number, FILE *out) {
    char text[512], n[16], first[24], last[24], until[24], call[24] = "-";
    const Sigap__V1__Nuisance *why = number->nuisance;
    if (why == NULL)
        return;
    snprintf(n, sizeof n, "%u", why->calls);
    if (number->n_calls > 0)
        snprintf(call, sizeof call, "%" PRIu64, number->calls[number->n_calls - 1]->call_id);
    const char *known = number->caller_number[0] != '\0'
                            ? number->caller_number
                            : sgp_text_get(language, SGP_TEXT_NUISANCE_UNKNOWN);
    fprintf(out, "%s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_NUISANCE_ROW, "number", known, "n",
                          n, "first", day_text(why->first_at_ms, first), "last",
                          day_text(why->last_at_ms, last), "who",
                          number->marked_by[0] != '\0'
                              ? number->marked_by
                              : sgp_text_get(language, SGP_TEXT_NUISANCE_RULES),
                          "until", day_text(why->until_at_ms, until), "call", call, NULL));
}

void sgp_warnings_print(sgp_language language, const Sigap__V1__Incident *incident,
                        Sigap__V1__Call *const *calls, size_t n_calls, FILE *out) {
    char text[512], number[24];
    for (size_t i = 0; i < n_calls; i++)
        if (sgp_nuisance_text(language, calls[i], text, sizeof text)[0] != '\0')
            fprintf(out, "! %s\n", text);
    snprintf(number, sizeof number, "%" PRIu64, incident->id);
    if (incident->suspect)
        fprintf(
            out, "! %s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_SUSPECT, "incident", number, NULL));
}

/* Words of people, safe for a terminal. */
static char *plain(const char *text, char out[2100]) {
    sgp_plain_text(text, out, 2100);
    return out;
}

char *sgp_note_text(sgp_language language, const Sigap__V1__Note *note, char *out,
                    size_t capacity) {
    char words[2100];
    return sgp_text_fill(out, capacity, language, SGP_TEXT_NOTE, "who",
                         note->actor[0] ? note->actor : sgp_text_get(language, SGP_TEXT_LOG_ENGINE),
                         "text", plain(note->text, words), NULL);
}

char *sgp_caller_words(sgp_language language, int sign, const char *text, bool erased, char *out,
                       size_t capacity) {
    char words[2100];
    bool known = sign > 0 && sign < SGP_SIGNS;
    const char *button =
        known ? sgp_text_get(language, (sgp_text)(SGP_TEXT_SIGN_SAFE + sign - 1)) : "";
    const char *said = erased ? sgp_text_get(language, SGP_TEXT_LOG_ERASED) : plain(text, words);
    bool has_words = said[0] != '\0';
    snprintf(out, capacity, "%s%s%s%s%s", button, known && has_words ? " " : "",
             has_words ? "“" : "", said, has_words ? "”" : "");
    return out;
}

char *sgp_log_words(sgp_language language, const Sigap__V1__LogEntry *entry, char *out,
                    size_t capacity) {
    char words[2200];
    sgp_caller_words(language, (int)entry->sign, entry->text, entry->erased, words, sizeof words);
    return sgp_text_fill(out, capacity, language,
                         entry->by_caller ? SGP_TEXT_CHAT_FROM : SGP_TEXT_CHAT_TO, "text", words,
                         NULL);
}

char *sgp_caller_news(sgp_language language, const Sigap__V1__CallerMessage *said, char *out,
                      size_t capacity) {
    char words[2200], text[2300], call[24];
    sgp_caller_words(language, (int)said->sign, said->text, said->erased, words, sizeof words);
    sgp_text_fill(text, sizeof text, language,
                  said->by_caller ? SGP_TEXT_CHAT_FROM : SGP_TEXT_CHAT_TO, "text", words, NULL);
    snprintf(call, sizeof call, "%" PRIu64, said->call_id);
    return sgp_text_fill(out, capacity, language, SGP_TEXT_CHAT_NEWS, "call", call, "text", text,
                         NULL);
}

/* Who has the incident in hand; anything else stays. */
static void hand_text(sgp_language language, const Sigap__V1__LogEntry *entry, char *out,
                      size_t capacity) {
    char from[96] = "";
    if (strcmp(entry->event, "INCIDENT_TAKEN") == 0) {
        if (entry->other[0] != '\0')
            sgp_text_fill(from, sizeof from, language, SGP_TEXT_LOG_TAKEN_FROM, "who", entry->other,
                          NULL);
        sgp_text_fill(out, capacity, language,
                      entry->released ? SGP_TEXT_LOG_RELEASED : SGP_TEXT_LOG_TAKEN, "other", from,
                      NULL);
    } else if (strcmp(entry->event, "DESK_HANDED_OVER") == 0) {
        sgp_text_fill(out, capacity, language,
                      entry->other[0] != '\0' ? SGP_TEXT_LOG_HANDED_OVER : SGP_TEXT_LOG_HANDED_BACK,
                      "who", entry->other, NULL);
    }
}

void sgp_log_entry_print(sgp_language language, const Sigap__V1__LogEntry *entry, FILE *out) {
    static const struct {
        const char *event;
        sgp_text key;
    } rows[] = {
        {"CALL_RECEIVED", SGP_TEXT_LOG_CALL},
        {"CALL_PLACED", SGP_TEXT_LOG_PLACED},
        {"CALL_NARROWED", SGP_TEXT_LOG_NARROWED},
        {"CALL_LINKED", SGP_TEXT_LOG_LINKED},
        {"PLACE_CHOSEN", SGP_TEXT_LOG_CHOSEN},
        {"INCIDENT_TRIAGED", SGP_TEXT_LOG_TRIAGED},
        {"QUESTION_ANSWERED", SGP_TEXT_LOG_QUESTION},
        {"AGENCY_ALERTED", SGP_TEXT_LOG_ALERTED},
        {"AGENCY_ANSWERED", SGP_TEXT_LOG_AGENCY},
        {"BACKUP_ASKED", SGP_TEXT_LOG_BACKUP},
        {"AID_ASKED", SGP_TEXT_LOG_AID},
        {"MASS_CASUALTY", SGP_TEXT_LOG_MASS},
        {"ALIKE_DISMISSED", SGP_TEXT_LOG_NOT_ALIKE},
        {"NUMBER_MARKED", SGP_TEXT_LOG_MARKED},
        {"CALL_JUDGED", SGP_TEXT_LOG_JUDGED},
        {"INCIDENT_CLOSED", SGP_TEXT_LOG_CLOSED},
        {"ASSIGNMENT_ADVANCED", SGP_TEXT_LOG_UNIT},
        {"PATIENT_TOLD", SGP_TEXT_LOG_PATIENT},
        {"HOSPITAL_CHOSEN", SGP_TEXT_LOG_HOSPITAL_CHOSEN},
    };
    char clock[16], call[24], text[2200], words[2100];
    const char *who = entry->actor[0] ? entry->actor : sgp_text_get(language, SGP_TEXT_LOG_ENGINE);
    snprintf(call, sizeof call, "%" PRIu64, entry->call_id);
    snprintf(text, sizeof text, "%s", entry->event);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].event, entry->event) == 0)
            sgp_text_fill(text, sizeof text, language, rows[i].key, "call", call, "unit",
                          entry->unit_code, "state",
                          sgp_assignment_state_text(language, (int)entry->state), "outcome",
                          sgp_outcome_text(language, (int)entry->outcome), "priority",
                          sgp_priority_text(language, (int)entry->priority), NULL);
    hand_text(language, entry, text, sizeof text);
    if (strcmp(entry->event, "NOTE_ADDED") == 0)
        snprintf(text, sizeof text, "“%s”",
                 entry->erased ? sgp_text_get(language, SGP_TEXT_LOG_ERASED)
                               : plain(entry->text, words));
    if (strcmp(entry->event, "MESSAGE_SAID") == 0)
        sgp_log_words(language, entry, text, sizeof text);
    fprintf(out, "%s  %-12s %s\n", sgp_clock_text(entry->at_ms, clock), who, text);
}

static const char *premise_kind_text(sgp_language language, int kind) {
    return sgp_text_get(language, (sgp_text)(SGP_TEXT_PREMISE_UNKNOWN +
                                             (kind > 0 && kind < SGP_PREMISE_KINDS ? kind : 0)));
}

char *sgp_premise_text(sgp_language language, const Sigap__V1__Premise *premise, char *out,
                       size_t capacity) {
    char id[24], words[2100];
    snprintf(id, sizeof id, "%" PRIu64, premise->id);
    return sgp_text_fill(out, capacity, language, SGP_TEXT_PREMISE_AT, "id", id, "kind",
                         premise_kind_text(language, (int)premise->kind), "text",
                         plain(premise->text, words), NULL);
}

void sgp_premise_print(sgp_language language, const Sigap__V1__Premise *premise, FILE *out) {
    char id[24], where[256], metres[16], until[24], text[3000], words[2100];
    snprintf(id, sizeof id, "%" PRIu64, premise->id);
    snprintf(metres, sizeof metres, "%d", premise->radius_m);
    snprintf(where, sizeof where, "%s", premise->label);
    if (premise->label[0] == '\0' && premise->point != NULL)
        snprintf(where, sizeof where, "%.6f,%.6f", premise->point->lon, premise->point->lat);
    fprintf(out, "%s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_PREMISE_ROW, "id", id, "kind",
                          premise_kind_text(language, (int)premise->kind), "where", where, "metres",
                          metres, "until", day_text(premise->until_at_ms, until), "text",
                          plain(premise->text, words), NULL));
}
