#include "apps/narrator.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "apps/advice_told.h"
#include "apps/call_told.h"
#include "apps/print.h"
#include "apps/ring_told.h"
#include "apps/hospital_news.h"
#include "apps/shift_told.h"
#include "base/clock.h"

enum { LINE_BYTES = 1024 };

void sgp_narrator_init(sgp_narrator *narrator, sgp_language language, FILE *out) {
    memset(narrator, 0, sizeof *narrator);
    narrator->language = language;
    narrator->out = out;
    narrator->colours = out != NULL && sgp_colour_wanted(out);
    narrator->duty = true;
    narrator->calls = true;
    narrator->headline = true;
}

void sgp_narrator_deinit(sgp_narrator *narrator) {
    sgp_board_free(&narrator->board);
}

char *sgp_place_text(const Sigap__V1__Place *place, char *out, size_t capacity) {
    if (place == NULL)
        snprintf(out, capacity, "-");
    else if (place->label[0] == '\0' && place->point != NULL)
        snprintf(out, capacity, "%.6f,%.6f", place->point->lon, place->point->lat);
    else if (place->kelurahan[0] == '\0' || strstr(place->label, place->kelurahan) != NULL)
        snprintf(out, capacity, "%s", place->label);
    else
        snprintf(out, capacity, "%s, %s", place->label, place->kelurahan);
    return out;
}

static void add(char *line, size_t capacity, const char *format, ...) SGP_PRINTF(3, 4);

static void add_words(const char *said, char *out, size_t capacity) {
    enum { QUOTED_MAX = 240 };
    char plain[QUOTED_MAX + 1];
    if (said[0] == '\0')
        return;
    sgp_plain_text(said, plain, sizeof plain);
    add(out, capacity, "%s“%s%s”", out[0] != '\0' ? " " : "", plain,
        strlen(said) > QUOTED_MAX ? "…" : "");
}

char *sgp_words_text(const Sigap__V1__CallerDetail *said, char *out, size_t capacity) {
    out[0] = '\0';
    if (said == NULL)
        return out;
    add_words(said->place_text, out, capacity);
    for (size_t i = 0; i < said->n_later_place_texts; i++)
        add_words(said->later_place_texts[i], out, capacity);
    return out;
}

void sgp_narrator_say(const sgp_narrator *narrator, int64_t at_ms,
                      const Sigap__V1__Incident *incident, bool full, const char *text) {
    if (narrator->out == NULL || (narrator->only_incident != 0 &&
                                  (incident == NULL || incident->id != narrator->only_incident)))
        return;
    char clock[16], place[256];
    sgp_clock_text(at_ms, clock);
    const char *plain = sgp_colour_code(narrator->colours, SGP_PLAIN);
    fprintf(narrator->out, "%s%s%s  ", sgp_colour_code(narrator->colours, SGP_DIM), clock, plain);
    if (incident != NULL) {
        fprintf(narrator->out, "%s%s #%" PRIu64 "%s ",
                sgp_colour_code(narrator->colours, sgp_priority_colour((int)incident->priority)),
                sgp_priority_text(narrator->language, (int)incident->priority), incident->id,
                plain);
        if (full) {
            fprintf(narrator->out, "%s%s%s · ", sgp_colour_code(narrator->colours, SGP_BOLD),
                    sgp_complaint_text(narrator->language, incident->complaint), plain);
            if (incident->place != NULL)
                fprintf(narrator->out, "%s%s%s%s",
                        sgp_place_text(incident->place, place, sizeof place),
                        incident->destination_code[0] != '\0' ? " → " : "",
                        incident->destination_code, text[0] == '\0' ? "" : " · ");
        }
    }
    fprintf(narrator->out, "%s\n", text);
    fflush(narrator->out);
}

/* Adds to a line that stays within its bytes. */
static void add(char *line, size_t capacity, const char *format, ...) {
    size_t length = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + length, capacity - length, format, arguments);
    va_end(arguments);
}

/* "; 3 bertugas, 1 posisinya usang" */
static void add_exclusions(sgp_language language, const Sigap__V1__Recommendation *recommendation,
                           char *out, size_t capacity) {
    static const struct {
        Sigap__V1__Exclusion exclusion;
        sgp_text key;
    } reasons[] = {
        {SIGAP__V1__EXCLUSION__EXCLUDED_NOT_YET_FREE, SGP_TEXT_REASON_NOT_YET_FREE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_BUSY, SGP_TEXT_REASON_BUSY},
        {SIGAP__V1__EXCLUSION__EXCLUDED_NOT_DIVERTIBLE, SGP_TEXT_REASON_NOT_DIVERTIBLE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_DECLINED, SGP_TEXT_REASON_DECLINED},
        {SIGAP__V1__EXCLUSION__EXCLUDED_UNREACHABLE, SGP_TEXT_REASON_UNREACHABLE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_STALE_POSITION, SGP_TEXT_REASON_STALE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_NO_POSITION, SGP_TEXT_REASON_NO_POSITION},
        {SIGAP__V1__EXCLUSION__EXCLUDED_WRONG_KIND, SGP_TEXT_REASON_WRONG_KIND},
        {SIGAP__V1__EXCLUSION__EXCLUDED_SKILLS, SGP_TEXT_REASON_SKILLS},
        {SIGAP__V1__EXCLUSION__EXCLUDED_TOO_WIDE, SGP_TEXT_REASON_TOO_WIDE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_NEEDED_ELSEWHERE, SGP_TEXT_REASON_NEEDED_ELSEWHERE},
        {SIGAP__V1__EXCLUSION__EXCLUDED_DISTRESS, SGP_TEXT_REASON_DISTRESS},
        {SIGAP__V1__EXCLUSION__EXCLUDED_PENCILLED_IN, SGP_TEXT_REASON_PENCILLED_IN},
        {SIGAP__V1__EXCLUSION__EXCLUDED_AGENCY, SGP_TEXT_REASON_AGENCY},
        {SIGAP__V1__EXCLUSION__EXCLUDED_NEIGHBOUR, SGP_TEXT_REASON_NEIGHBOUR},
        {SIGAP__V1__EXCLUSION__EXCLUDED_CREW_HOURS, SGP_TEXT_REASON_CREW_HOURS},
        {SIGAP__V1__EXCLUSION__EXCLUDED_CREW_SKILLS, SGP_TEXT_REASON_CREW_SKILLS},
        {SIGAP__V1__EXCLUSION__EXCLUDED_SHIFT_ENDS, SGP_TEXT_REASON_SHIFT_ENDS},
        {SIGAP__V1__EXCLUSION__EXCLUDED_SHIFT_OVER, SGP_TEXT_REASON_SHIFT_OVER},
        {SIGAP__V1__EXCLUSION__EXCLUDED_OFF_DUTY, SGP_TEXT_REASON_OFF_DUTY},
    };
    const char *separator = "; ";
    for (size_t r = 0; r < sizeof reasons / sizeof reasons[0]; r++) {
        unsigned n = 0;
        for (size_t i = 0; i < recommendation->n_candidates; i++)
            n += recommendation->candidates[i]->exclusion == reasons[r].exclusion;
        if (n == 0)
            continue;
        char number[16], text[64];
        snprintf(number, sizeof number, "%u", n);
        add(out, capacity, "%s%s", separator,
            sgp_text_fill(text, sizeof text, language, reasons[r].key, "n", number, NULL));
        separator = ", ";
    }
}

static bool may_go(const Sigap__V1__Candidate *candidate) {
    return candidate->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED && candidate->total_ms >= 0;
}

char *sgp_order_text(sgp_language language, const Sigap__V1__Assignment *assignment,
                     const Sigap__V1__Recommendation *recommendation, char *out, size_t capacity) {
    const Sigap__V1__Candidate *sent = NULL, *best = NULL, *next = NULL;
    unsigned n_free = 0;
    for (size_t i = 0; recommendation != NULL && i < recommendation->n_candidates; i++) {
        const Sigap__V1__Candidate *candidate = recommendation->candidates[i];
        if (candidate->unit_number == assignment->unit_number)
            sent = candidate;
        if (!may_go(candidate))
            continue;
        n_free++;
        if (best == NULL)
            best = candidate;
        if (next == NULL && candidate->unit_number != assignment->unit_number)
            next = candidate;
    }
    char travel[64], turnout[64], total[64], text[256];
    int64_t travel_ms =
        sent != NULL && sent->travel_ms >= 0 ? sent->travel_ms : assignment->travel_ms;
    int64_t turnout_ms = sent != NULL && sent->turnout_ms > 0 ? sent->turnout_ms : 0;
    sgp_duration_text(language, travel_ms, travel, sizeof travel);
    sgp_duration_text(language, turnout_ms, turnout, sizeof turnout);
    sgp_duration_text(language, travel_ms < 0 ? -1 : travel_ms + turnout_ms, total, sizeof total);
    sgp_text_fill(
        out, capacity, language, turnout_ms > 0 ? SGP_TEXT_UNIT_SENT_TURNOUT : SGP_TEXT_UNIT_SENT,
        "unit", assignment->unit_code, "travel", travel, "turnout", turnout, "total", total, NULL);
    if (recommendation == NULL)
        return out;
    if (sent != NULL && sgp_shift_left_text(language, sent->shift_until_ms, recommendation->at_ms,
                                            text, sizeof text)[0] != '\0')
        add(out, capacity, " · %s", text);
    if (sent == best && best != NULL) {
        if (next != NULL) {
            sgp_duration_text(language, next->total_ms, travel, sizeof travel);
            add(out, capacity, " %s",
                sgp_text_fill(text, sizeof text, language, SGP_TEXT_NEXT_BEST, "unit",
                              next->unit_code, "travel", travel, NULL));
        } else {
            add(out, capacity, " %s", sgp_text_get(language, SGP_TEXT_NO_NEXT));
        }
        char number[16];
        snprintf(number, sizeof number, "%u", n_free);
        add(out, capacity, " · %s",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_REASON_FASTEST, "n", number, NULL));
    } else if (best != NULL) {
        sgp_duration_text(language, best->total_ms, travel, sizeof travel);
        add(out, capacity, " · %s",
            sgp_text_fill(text, sizeof text, language,
                          assignment->by_dispatcher ? SGP_TEXT_REASON_CHOSEN
                                                    : SGP_TEXT_REASON_PLANNED,
                          "unit", best->unit_code, "travel", travel, NULL));
    }
    add_exclusions(language, recommendation, out, capacity);
    return out;
}

/* ---- one thing after the other -------------------------------------------------- */

/* Loudly, and again every time that it is raised; also to who looks only at one incident. */
static void tell_distress(const sgp_narrator *n, int64_t at_ms, const Sigap__V1__Unit *old,
                          const Sigap__V1__Unit *now) {
    char text[LINE_BYTES];
    bool was = old != NULL && old->distress_at_ms != 0, is = now->distress_at_ms != 0;
    if (n->out == NULL || was == is ? !is || (was && old->distress_due_ms == now->distress_due_ms)
                                    : false)
        return;
    const Sigap__V1__Incident *incident =
        now->incident_id != 0 ? sgp_board_incident(&n->board, now->incident_id) : NULL;
    sgp_text_fill(text, sizeof text, n->language,
                  is ? SGP_TEXT_DISTRESS_RAISED : SGP_TEXT_DISTRESS_CLEARED, "unit", now->code,
                  NULL);
    if (is && n->colours)
        fputs("\a", n->out);
    sgp_narrator_say(n, at_ms, incident, false, text);
}

/* A crew that does not answer, each time that it is asked. */
static void tell_silence(const sgp_narrator *n, int64_t at_ms, const Sigap__V1__Assignment *old,
                         const Sigap__V1__Assignment *now) {
    char text[LINE_BYTES], times[16];
    if (now->welfare_alarms == 0 || (old != NULL && old->welfare_alarms == now->welfare_alarms))
        return;
    snprintf(times, sizeof times, "%u", now->welfare_alarms);
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_CREW_SILENT, "unit", now->unit_code, "n",
                  times, NULL);
    sgp_narrator_say(n, at_ms, sgp_board_incident(&n->board, now->incident_id), false, text);
}

/* Once for each shift that nobody came for. */
static void tell_absence(const sgp_narrator *n, int64_t at_ms, const Sigap__V1__Unit *old,
                         const Sigap__V1__Unit *now) {
    char text[LINE_BYTES], time[16];
    if (n->out == NULL || now->signed_on == NULL || now->signed_on->absent_until_at_ms == 0 ||
        (old != NULL && old->signed_on != NULL &&
         old->signed_on->absent_until_at_ms == now->signed_on->absent_until_at_ms))
        return;
    sgp_clock_text(now->signed_on->absence_from_at_ms, time);
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_CREW_ABSENT, "unit", now->code, "time",
                  time, NULL);
    sgp_narrator_say(n, at_ms, NULL, false, text);
}

/* Others are on it now. */
static void tell_crew(const sgp_narrator *n, int64_t at_ms, const Sigap__V1__Unit *old,
                      const Sigap__V1__Unit *now) {
    char text[LINE_BYTES], crew[256], before[256] = "";
    if (!n->duty || !n->caught_up || now->signed_on == NULL || now->signed_on->n_crew == 0)
        return;
    sgp_crew_text(now->signed_on->crew, now->signed_on->n_crew, crew, sizeof crew);
    if (old != NULL && old->signed_on != NULL)
        sgp_crew_text(old->signed_on->crew, old->signed_on->n_crew, before, sizeof before);
    if (strcmp(crew, before) == 0)
        return;
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_UNIT_SIGNED_ON, "unit", now->code,
                  "changes", crew, NULL);
    sgp_narrator_say(n, at_ms, NULL, false, text);
}

static void tell_unit(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Unit *old,
                      const Sigap__V1__Unit *now) {
    tell_distress(n, at_ms, old, now);
    tell_absence(n, at_ms, old, now);
    tell_crew(n, at_ms, old, now);
    if (!n->duty || !n->caught_up || old == NULL || old->on_duty == now->on_duty)
        return;
    char text[LINE_BYTES];
    sgp_text_fill(text, sizeof text, n->language,
                  now->on_duty ? SGP_TEXT_UNIT_ON_DUTY : SGP_TEXT_UNIT_OFF_DUTY, "unit", now->code,
                  NULL);
    sgp_narrator_say(n, at_ms, NULL, false, text);
}

/* "1) Jl. Veteran 5, Ketawanggede 2) …" */
static void list_candidates(const Sigap__V1__Call *call, char *out, size_t capacity) {
    out[0] = '\0';
    for (size_t i = 0; i < call->n_places && i < 3; i++) {
        char place[256];
        add(out, capacity, "%s%zu) %s", i == 0 ? "" : "  ", i + 1,
            sgp_place_text(call->places[i], place, sizeof place));
    }
}

static void tell_call(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Call *old,
                      const Sigap__V1__Call *now) {
    const Sigap__V1__Incident *incident = sgp_board_incident(&n->board, now->incident_id);
    if (!n->caught_up || incident == NULL)
        return;
    char warning[LINE_BYTES];
    if ((old == NULL || old->nuisance == NULL) &&
        sgp_nuisance_text(n->language, now, warning, sizeof warning)[0] != '\0')
        sgp_narrator_say(n, at_ms, incident, false, warning);
    char text[LINE_BYTES], number[24], candidates[768], words[512];
    snprintf(number, sizeof number, "%" PRIu64, now->id);
    if (old == NULL && incident->first_call_id != now->id) {
        sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_CALL_ANOTHER, "call", number, NULL);
        sgp_words_text(sgp_board_caller(&n->board, now->id), words, sizeof words);
        if (words[0] != '\0')
            add(text, sizeof text, ": %s", words);
        sgp_narrator_say(n, at_ms, incident, false, text);
    } else if (old != NULL && old->incident_id != now->incident_id) {
        sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_CALL_LINKED, "call", number, NULL);
        sgp_narrator_say(n, at_ms, incident, false, text);
    }
    bool answered = old != NULL && old->looking_up &&
                    (!now->looking_up || (now->provisional && !old->provisional));
    if (!answered || incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING)
        return;
    if (now->n_places == 0) {
        sgp_narrator_say(n, at_ms, incident, true, sgp_text_get(n->language, SGP_TEXT_PLACE_NONE));
        return;
    }
    list_candidates(now, candidates, sizeof candidates);
    snprintf(text, sizeof text, "%s · ", sgp_complaint_text(n->language, incident->complaint));
    size_t length = strlen(text);
    sgp_text_fill(text + length, sizeof text - length, n->language, SGP_TEXT_PLACE_UNSURE,
                  "candidates", candidates, NULL);
    if (now->provisional)
        add(text, sizeof text, " · %s", sgp_text_get(n->language, SGP_TEXT_CALL_PROVISIONAL));
    sgp_narrator_say(n, at_ms, incident, false, text);
}

/* More words of a call that is known already; those that it began with are told with it. */
static void tell_words(sgp_narrator *n, int64_t at_ms, const Sigap__V1__CallerDetail *said) {
    const Sigap__V1__Call *call = sgp_board_call(&n->board, said->call_id);
    if (!n->caught_up || call == NULL || said->n_later_place_texts == 0)
        return;
    char text[LINE_BYTES], number[24], words[512] = "";
    snprintf(number, sizeof number, "%" PRIu64, said->call_id);
    add_words(said->later_place_texts[said->n_later_place_texts - 1], words, sizeof words);
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_CALL_WORDS_ADDED, "call", number,
                  "words", words, NULL);
    sgp_narrator_say(n, at_ms, sgp_board_incident(&n->board, call->incident_id), false, text);
}

static bool same_place(const Sigap__V1__Place *a, const Sigap__V1__Place *b) {
    return a == b ||
           (a != NULL && b != NULL && strcmp(a->label, b->label) == 0 && a->point != NULL &&
            b->point != NULL && a->point->lon == b->point->lon && a->point->lat == b->point->lat);
}

static void tell_incident(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Incident *old,
                          const Sigap__V1__Incident *now, bool ordered_now) {
    char text[LINE_BYTES], place[256];
    if (old == NULL || (old->place == NULL && now->place != NULL)) {
        /* The order's own line tells complaint and place. */
        if (ordered_now)
            return;
        char words[512];
        sgp_words_text(sgp_board_caller(&n->board, now->first_call_id), words, sizeof words);
        snprintf(text, sizeof text, "%s%s%s", sgp_text_get(n->language, SGP_TEXT_CALL_LOCATING),
                 words[0] != '\0' ? ": " : "", words);
        /* A coarse position is no place yet: the words are still looked up. */
        if (old == NULL && !now->place_confirmed && n->calls)
            sgp_narrator_say(n, at_ms, now, true, text);
        /* Where the place is not certain, the call's line tells all candidates. */
        else if (now->place != NULL && now->place_confirmed)
            sgp_narrator_say(n, at_ms, now, true, words);
        return;
    }
    if (old->place != NULL && !same_place(old->place, now->place)) {
        sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_PLACE_CHANGED, "place",
                      sgp_place_text(now->place, place, sizeof place), NULL);
        sgp_narrator_say(n, at_ms, now, false, text);
    }
    if (old->priority != now->priority || strcmp(old->complaint, now->complaint) != 0) {
        sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_TRIAGED, "priority",
                      sgp_priority_text(n->language, (int)now->priority), "complaint",
                      sgp_complaint_text(n->language, now->complaint), NULL);
        sgp_narrator_say(n, at_ms, now, false, text);
    }
}

/* Other services that were called, or have answered, since. */
static void tell_alerts(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Incident *old,
                        const Sigap__V1__Incident *now) {
    if (!n->caught_up)
        return;
    for (size_t i = 0; i < now->n_alerts; i++) {
        const Sigap__V1__Alert *alert = now->alerts[i], *before = NULL;
        for (size_t k = 0; old != NULL && k < old->n_alerts; k++)
            if (strcmp(old->alerts[k]->agency, alert->agency) == 0)
                before = old->alerts[k];
        bool answered = alert->state == SIGAP__V1__ALERT_STATE__ALERT_ACKNOWLEDGED;
        if (before != NULL && (before->state == alert->state || !answered))
            continue;
        char text[LINE_BYTES];
        sgp_text_fill(text, sizeof text, n->language,
                      answered ? SGP_TEXT_NARRATED_ACKNOWLEDGED : SGP_TEXT_NARRATED_ALERT, "agency",
                      alert->agency, NULL);
        sgp_narrator_say(n, at_ms, now, false, text);
    }
}

/* What it may be the same as, where that was not known before. */
static void tell_alike(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Incident *old,
                       const Sigap__V1__Incident *now) {
    if (!n->caught_up || now->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return;
    /* The best one alone: where many call about one fire, the others are the same again. */
    for (size_t i = 0; i < now->n_alike && i < 1; i++) {
        bool known = now->alike[i]->dismissed;
        for (size_t k = 0; old != NULL && k < old->n_alike && !known; k++)
            known = old->alike[k]->incident_id == now->alike[i]->incident_id;
        char text[LINE_BYTES];
        if (!known)
            sgp_narrator_say(
                n, at_ms, now, false,
                sgp_alike_text(n->language, now->alike[i], now->first_call_id, text, sizeof text));
    }
}

/* Told last, after what its units did. */
static void tell_closing(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Incident *old,
                         const Sigap__V1__Incident *now) {
    if (old == NULL || old->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED ||
        now->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return;
    char text[LINE_BYTES], time[64];
    sgp_text_fill(
        text, sizeof text, n->language, SGP_TEXT_INCIDENT_ENDED, "outcome",
        sgp_outcome_text(n->language, (int)now->outcome), "time",
        sgp_duration_text(n->language, now->closed_at_ms - now->opened_at_ms, time, sizeof time),
        NULL);
    sgp_narrator_say(n, at_ms, now, false, text);
}

static void tell_order(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Incident *incident,
                       const Sigap__V1__Assignment *now) {
    char text[LINE_BYTES];
    sgp_order_text(n->language, now, sgp_board_recommendation(&n->board, now->recommendation_id),
                   text, sizeof text);
    add(text, sizeof text, " · %s",
        sgp_text_get(n->language,
                     now->by_dispatcher ? SGP_TEXT_BY_DISPATCHER : SGP_TEXT_BY_ENGINE));
    sgp_narrator_say(n, at_ms, incident, true, text);
}

/* Before the new state takes the place of the old one. */
static void tell_hospital(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Hospital *now) {
    char text[LINE_BYTES];
    if (sgp_diversion_news(n->language, sgp_board_hospital_by_code(&n->board, now->code), now, text,
                           sizeof text))
        sgp_narrator_say(n, at_ms, NULL, false, text);
}

static void tell_advice(sgp_narrator *n, int64_t at_ms, const Sigap__V1__HospitalAdvice *advice) {
    char text[LINE_BYTES];
    /* Once for the advice that a crew asks for and what it then does. */
    if (!sgp_unfit_news(n->language, advice, text, sizeof text))
        return;
    bool again = strcmp(n->last_unfit, text) == 0;
    snprintf(n->last_unfit, sizeof n->last_unfit, "%.*s", (int)sizeof n->last_unfit - 1, text);
    if (!again)
        sgp_narrator_say(n, at_ms, sgp_board_incident(&n->board, advice->incident_id), false, text);
}

/* The sentence of each state, and the interval that it ends. */
static void tell_assignment(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Assignment *old,
                            const Sigap__V1__Assignment *now) {
    tell_silence(n, at_ms, old, now);
    const Sigap__V1__Incident *incident = sgp_board_incident(&n->board, now->incident_id);
    const Sigap__V1__Hospital *hospital = sgp_board_hospital_by_code(&n->board, now->hospital_code);
    const char *hospital_name = hospital != NULL ? hospital->name
                                : now->hospital_code[0] != 0
                                    ? now->hospital_code
                                    : sgp_text_get(n->language, SGP_TEXT_A_HOSPITAL);
    char text[LINE_BYTES];
    if (sgp_offload_news(n->language, old, now, hospital_name, at_ms, text, sizeof text) ||
        sgp_destination_news(n->language, old, now, hospital_name, text, sizeof text))
        sgp_narrator_say(n, at_ms, incident, false, text);
    if (old != NULL && old->state == now->state)
        return;
    sgp_intervals intervals;
    sgp_intervals_of(incident, now, &intervals);
    int64_t ordered_ms = sgp_assignment_at(now, SIGAP__V1__ASSIGNMENT_STATE__ORDERED);
    int64_t interval_ms = ordered_ms > 0 ? at_ms - ordered_ms : -1;
    sgp_text key;
    switch (now->state) {
    case SIGAP__V1__ASSIGNMENT_STATE__ORDERED:
        tell_order(n, at_ms, incident, now);
        return;
    case SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED:
        key = SGP_TEXT_UNIT_ACCEPTED;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__DECLINED:
        key = SGP_TEXT_UNIT_DECLINED;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__TIMED_OUT:
        key = SGP_TEXT_UNIT_TIMED_OUT;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE:
        key = SGP_TEXT_UNIT_EN_ROUTE;
        interval_ms = intervals.turnout_ms;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE:
        key = SGP_TEXT_UNIT_ON_SCENE;
        interval_ms = intervals.travel_ms;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING:
        key = SGP_TEXT_UNIT_TRANSPORTING;
        interval_ms = intervals.scene_ms;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL:
        key = SGP_TEXT_UNIT_AT_HOSPITAL;
        interval_ms = intervals.transport_ms;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER:
        key = SGP_TEXT_UNIT_HANDED_OVER;
        interval_ms = intervals.handover_ms;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__CLOSED:
        key = SGP_TEXT_UNIT_FREE;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN:
        key = SGP_TEXT_UNIT_STOOD_DOWN;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__DIVERTED:
        key = now->by_dispatcher ? SGP_TEXT_UNIT_DIVERTED_BY_HAND : SGP_TEXT_UNIT_DIVERTED;
        break;
    default:
        return;
    }
    char time[64], response[64];
    sgp_text_fill(text, sizeof text, n->language, key, "unit", now->unit_code, "time",
                  sgp_duration_text(n->language, interval_ms, time, sizeof time), "response",
                  sgp_duration_text(n->language, intervals.response_ms, response, sizeof response),
                  "hospital", hospital_name, "reason",
                  now->reason[0] != 0 ? now->reason : sgp_text_get(n->language, SGP_TEXT_NO_REASON),
                  NULL);
    sgp_narrator_say(n, at_ms, incident, false, text);
}

/* Does it name the same two units as the one before, the first within these seconds? Each
 * unit that becomes free makes a fresh recommendation for every waiting incident. One
 * that somebody followed is over: the same names are news again. */
static bool says_nothing_new(const sgp_board *board, const Sigap__V1__Recommendation *now) {
    enum { SAME_MS = 10000 };
    const Sigap__V1__Recommendation *before = NULL;
    for (size_t i = 0; i < board->recommendations.n; i++) {
        const Sigap__V1__Recommendation *other =
            (const Sigap__V1__Recommendation *)board->recommendations.items[i].message;
        if (other->incident_id == now->incident_id && other->id < now->id &&
            (before == NULL || other->id > before->id))
            before = other;
    }
    if (before == NULL)
        return false;
    for (size_t i = 0; i < board->assignments.n; i++)
        if (((const Sigap__V1__Assignment *)board->assignments.items[i].message)
                ->recommendation_id == before->id)
            return false;
    for (size_t i = 0; i < 2; i++) {
        bool had = i < before->n_candidates && may_go(before->candidates[i]);
        bool has = i < now->n_candidates && may_go(now->candidates[i]);
        if (had != has ||
            (has && strcmp(before->candidates[i]->unit_code, now->candidates[i]->unit_code) != 0))
            return false;
    }
    if (now->n_candidates == 0 || !may_go(now->candidates[0]))
        return true;
    int64_t change = now->candidates[0]->total_ms - before->candidates[0]->total_ms;
    return change < SAME_MS && change > -SAME_MS;
}

/* A recommendation that nobody has followed yet is told by itself. */
static void tell_recommendation(sgp_narrator *n, int64_t at_ms,
                                const Sigap__V1__Recommendation *now) {
    if (!n->caught_up || says_nothing_new(&n->board, now))
        return;
    char text[LINE_BYTES], travel[64];
    const Sigap__V1__Incident *incident = sgp_board_incident(&n->board, now->incident_id);
    if (now->n_candidates == 0 || !may_go(now->candidates[0])) {
        snprintf(text, sizeof text, "%s", sgp_text_get(n->language, SGP_TEXT_RECOMMENDED_NONE));
    } else {
        sgp_text_fill(
            text, sizeof text, n->language, SGP_TEXT_RECOMMENDED, "unit",
            now->candidates[0]->unit_code, "travel",
            sgp_duration_text(n->language, now->candidates[0]->total_ms, travel, sizeof travel),
            NULL);
        if (now->n_candidates > 1 && may_go(now->candidates[1])) {
            char next[256];
            add(text, sizeof text, " %s",
                sgp_text_fill(next, sizeof next, n->language, SGP_TEXT_NEXT_BEST, "unit",
                              now->candidates[1]->unit_code, "travel",
                              sgp_duration_text(n->language, now->candidates[1]->total_ms, travel,
                                                sizeof travel),
                              NULL));
        }
    }
    add_exclusions(n->language, now, text, sizeof text);
    sgp_narrator_say(n, at_ms, incident, false, text);
}

static bool ordered_in(const Sigap__V1__Assignment *const *assignments, size_t n,
                       uint64_t incident) {
    for (size_t i = 0; i < n; i++)
        if (assignments[i]->incident_id == incident &&
            assignments[i]->state == SIGAP__V1__ASSIGNMENT_STATE__ORDERED)
            return true;
    return false;
}

/* A new estimate of when to leave is no news. */
/* Who may hear the number gets each ring twice, with it and without. */
static void tell_ring(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Ring *now) {
    char text[LINE_BYTES];
    const Sigap__V1__Ring *old = (const Sigap__V1__Ring *)sgp_shelf_get(&n->board.rings, now->id);
    if (sgp_ring_news_text(n->language, old, now, at_ms, text, sizeof text)[0] != '\0' &&
        n->only_incident == 0)
        sgp_narrator_say(n, at_ms, NULL, sgp_ring_waits(now) || sgp_ring_is_missed(now), text);
}

/* That one is here is worth a line only after it was away. */
static void tell_exchange(sgp_narrator *n, const Sigap__V1__Exchange *exchange) {
    char text[LINE_BYTES];
    if ((exchange->away || n->caught_up) && n->only_incident == 0)
        sgp_narrator_say(n, exchange->since_ms, NULL, exchange->away,
                         sgp_exchange_text(n->language, exchange, text, sizeof text));
}

static void tell_transfer(sgp_narrator *n, int64_t at_ms, const Sigap__V1__Transfer *now) {
    const Sigap__V1__Transfer *old =
        (const Sigap__V1__Transfer *)sgp_shelf_get(&n->board.transfers, now->id);
    if (!n->caught_up ||
        (old != NULL && old->state == now->state && old->pick_up_at_ms == now->pick_up_at_ms &&
         strcmp(old->unit_code, now->unit_code) == 0))
        return;
    static const sgp_text keys[] = {
        [SIGAP__V1__TRANSFER_STATE__TRANSFER_PLANNED] = SGP_TEXT_TOLD_TRANSFER_PLANNED,
        [SIGAP__V1__TRANSFER_STATE__TRANSFER_DUE] = SGP_TEXT_TOLD_TRANSFER_DUE,
        [SIGAP__V1__TRANSFER_STATE__TRANSFER_DONE] = SGP_TEXT_TOLD_TRANSFER_DONE,
        [SIGAP__V1__TRANSFER_STATE__TRANSFER_UNDONE] = SGP_TEXT_TOLD_TRANSFER_UNDONE,
        [SIGAP__V1__TRANSFER_STATE__TRANSFER_CANCELLED] = SGP_TEXT_TOLD_TRANSFER_CANCELLED};
    if ((unsigned)now->state >= sizeof keys / sizeof *keys || now->state == 0)
        return;
    char text[LINE_BYTES], number[24], time[16], unit[64] = "";
    snprintf(number, sizeof number, "%" PRIu64, now->id);
    if (now->unit_code[0] != '\0')
        snprintf(unit, sizeof unit, " (%s)", now->unit_code);
    sgp_text_fill(text, sizeof text, n->language, keys[now->state], "transfer", number, "from",
                  now->from_code, "to", now->to_code, "time",
                  sgp_clock_text(now->pick_up_at_ms, time), "unit", unit, "reason",
                  now->reason[0] != 0 ? now->reason : sgp_text_get(n->language, SGP_TEXT_NO_REASON),
                  NULL);
    const Sigap__V1__Incident *incident =
        now->incident_id != 0 ? sgp_board_incident(&n->board, now->incident_id) : NULL;
    sgp_narrator_say(n, at_ms, incident, false, text);
}

/* ---- the connection ---------------------------------------------------------------- */

static void headline(const sgp_narrator *n) {
    if (n->out == NULL || !n->headline)
        return;
    unsigned n_free = 0, n_open = 0;
    for (size_t i = 0; i < n->board.units.n; i++)
        n_free += ((const Sigap__V1__Unit *)n->board.units.items[i].message)->status ==
                  SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE;
    for (size_t i = 0; i < n->board.incidents.n; i++)
        n_open += ((const Sigap__V1__Incident *)n->board.incidents.items[i].message)->state !=
                  SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
    char units[16], free_units[16], open[16], city[192], text[LINE_BYTES];
    snprintf(units, sizeof units, "%zu", n->board.units.n);
    snprintf(free_units, sizeof free_units, "%u", n_free);
    snprintf(open, sizeof open, "%u", n_open);
    snprintf(city, sizeof city, "%s%s%s%s", n->city, n->city_is_sketch ? " (" : "",
             n->city_is_sketch ? sgp_text_get(n->language, SGP_TEXT_SKETCH) : "",
             n->city_is_sketch ? ")" : "");
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_WATCH_HEADER, "version", n->version,
                  "city", city, "units", units, "free", free_units, "incidents", open, NULL);
    fprintf(n->out, "%s%s%s\n", sgp_colour_code(n->colours, SGP_BOLD), text,
            sgp_colour_code(n->colours, SGP_PLAIN));
    fflush(n->out);
}

void sgp_narrator_connected(sgp_narrator *n, const Sigap__V1__Status *status) {
    snprintf(n->version, sizeof n->version, "%s", status->engine_version);
    snprintf(n->city, sizeof n->city, "%s", status->city);
    n->city_is_sketch = status->city_is_sketch;
    n->caught_up = false;
    for (size_t i = 0; i < n->board.incidents.n; i++)
        n->board.incidents.items[i].seen = false;
    for (size_t i = 0; i < n->board.rings.n; i++)
        n->board.rings.items[i].seen = false;
    if (n->was_caught_up)
        sgp_narrator_say(n, sgp_wall_ms(), NULL, false,
                         sgp_text_get(n->language, SGP_TEXT_RECONNECTED));
}

void sgp_narrator_lost(sgp_narrator *n, const char *reason) {
    char text[LINE_BYTES];
    sgp_text_fill(text, sizeof text, n->language, SGP_TEXT_RECONNECTING, "reason", reason, NULL);
    sgp_narrator_say(n, sgp_wall_ms(), NULL, false, text);
}

/* A snapshot holds open incidents only: what was open before and is not in it
 * was closed meanwhile. */
static void catch_up(sgp_narrator *n, int64_t at_ms) {
    for (size_t i = 0; n->was_caught_up && i < n->board.incidents.n; i++) {
        sgp_shelf_item *item = &n->board.incidents.items[i];
        Sigap__V1__Incident *incident = (Sigap__V1__Incident *)item->message;
        if (item->seen || incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            continue;
        incident->state = SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
        sgp_narrator_say(n, at_ms, incident, false,
                         sgp_text_get(n->language, SGP_TEXT_CLOSED_MEANWHILE));
    }
    /* What rings, and who waits to be called back, is told whole; the rest is over. */
    for (size_t i = n->was_caught_up ? n->board.rings.n : 0; i-- > 0;)
        if (!n->board.rings.items[i].seen)
            sgp_shelf_remove(&n->board.rings, n->board.rings.items[i].id);
    if (!n->was_caught_up)
        headline(n);
    n->caught_up = n->was_caught_up = true;
}

sgp_err sgp_narrator_take(sgp_narrator *n, Sigap__V1__Update *update) {
    enum { THINGS_MAX = 1024 };
    /* Old states live on until everything is told: sentences compare with them. */
    ProtobufCMessage *old_units[THINGS_MAX], *old_calls[THINGS_MAX], *old_incidents[THINGS_MAX],
        *old_assignments[THINGS_MAX];
    const Sigap__V1__Assignment *assignments[THINGS_MAX];
    const Sigap__V1__Incident *incidents[THINGS_MAX];
    const Sigap__V1__Call *calls[THINGS_MAX];
    const Sigap__V1__Unit *units[THINGS_MAX];
    const Sigap__V1__Recommendation *recommendations[THINGS_MAX];
    size_t n_units = 0, n_calls = 0, n_incidents = 0, n_assignments = 0, n_recommendations = 0;
    sgp_err err = SGP_OK;
    /* The first THINGS_MAX of each kind are told; a snapshot page beyond is only kept. */
#define SHELVE(shelf, key, keep_old, list, count)                                                  \
    for (size_t i = 0; i < update->n_##shelf && err == SGP_OK && count < THINGS_MAX; i++) {        \
        list[count] = update->shelf[i];                                                            \
        update->shelf[i] = NULL;                                                                   \
        err = sgp_shelf_put(&n->board.shelf, list[count]->key,                                     \
                            (ProtobufCMessage *)(uintptr_t)list[count], &keep_old[count]);         \
        if (err == SGP_OK)                                                                         \
            count++;                                                                               \
    }
    SHELVE(units, number, old_units, units, n_units)
    SHELVE(calls, id, old_calls, calls, n_calls)
    SHELVE(incidents, id, old_incidents, incidents, n_incidents)
    SHELVE(assignments, id, old_assignments, assignments, n_assignments)
#undef SHELVE
    for (size_t i = 0; i < update->n_callers && err == SGP_OK; i++)
        tell_words(n, update->at_ms > 0 ? update->at_ms : sgp_wall_ms(), update->callers[i]);
    for (size_t i = 0; i < update->n_notes && err == SGP_OK && n->caught_up; i++) {
        char said[LINE_BYTES];
        sgp_narrator_say(n, update->notes[i]->at_ms,
                         sgp_board_incident(&n->board, update->notes[i]->incident_id), false,
                         sgp_note_text(n->language, update->notes[i], said, sizeof said));
    }
    for (size_t i = 0; i < update->n_caller_messages && err == SGP_OK && n->caught_up; i++) {
        char said[LINE_BYTES];
        const Sigap__V1__CallerMessage *one = update->caller_messages[i];
        sgp_narrator_say(n, one->at_ms, sgp_board_incident(&n->board, one->incident_id), false,
                         sgp_caller_news(n->language, one, said, sizeof said));
    }
    for (size_t i = 0; i < update->n_move_up_advice && err == SGP_OK; i++) {
        char said[LINE_BYTES];
        const char *told =
            sgp_advice_told(n->language, update->move_up_advice[i], said, sizeof said);
        if (told != NULL)
            sgp_narrator_say(n, update->at_ms > 0 ? update->at_ms : sgp_wall_ms(), NULL, false,
                             told);
    }
    for (size_t i = 0; i < update->n_recommendations && n_recommendations < THINGS_MAX; i++)
        recommendations[n_recommendations++] = update->recommendations[i];
    for (size_t i = 0; i < update->n_transfers && err == SGP_OK; i++)
        tell_transfer(n, update->at_ms > 0 ? update->at_ms : sgp_wall_ms(), update->transfers[i]);
    int64_t at_ms = update->at_ms > 0 ? update->at_ms : sgp_wall_ms();
    for (size_t i = 0; i < update->n_rings && err == SGP_OK; i++)
        tell_ring(n, at_ms, update->rings[i]);
    for (size_t i = 0; i < update->n_exchanges && err == SGP_OK; i++)
        tell_exchange(n, update->exchanges[i]);
    for (size_t i = 0; n->caught_up && i < update->n_hospitals; i++)
        tell_hospital(n, at_ms, update->hospitals[i]);
    for (size_t i = 0; n->caught_up && i < update->n_hospital_advice; i++)
        tell_advice(n, at_ms, update->hospital_advice[i]);
    if (err == SGP_OK)
        err = sgp_board_take(&n->board, update);

    bool tell = err == SGP_OK && (n->caught_up || n->was_caught_up);
    for (size_t i = 0; tell && i < n_units; i++)
        tell_unit(n, at_ms, (const Sigap__V1__Unit *)old_units[i], units[i]);
    for (size_t i = 0; tell && i < n_incidents; i++)
        if (old_incidents[i] == NULL || ((const Sigap__V1__Incident *)old_incidents[i])->state !=
                                            SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            tell_incident(n, at_ms, (const Sigap__V1__Incident *)old_incidents[i], incidents[i],
                          ordered_in(assignments, n_assignments, incidents[i]->id));
    for (size_t i = 0; tell && i < n_calls; i++)
        tell_call(n, at_ms, (const Sigap__V1__Call *)old_calls[i], calls[i]);
    for (size_t i = 0; tell && i < n_assignments; i++)
        if (n->caught_up || old_assignments[i] != NULL || sgp_assignment_open(assignments[i]))
            tell_assignment(n, at_ms, (const Sigap__V1__Assignment *)old_assignments[i],
                            assignments[i]);
    for (size_t i = 0; tell && i < n_recommendations; i++)
        if (!ordered_in(assignments, n_assignments, recommendations[i]->incident_id))
            tell_recommendation(n, at_ms, recommendations[i]);
    for (size_t i = 0; tell && i < n_incidents; i++)
        tell_alerts(n, at_ms, (const Sigap__V1__Incident *)old_incidents[i], incidents[i]);
    for (size_t i = 0; tell && i < n_incidents; i++)
        tell_alike(n, at_ms, (const Sigap__V1__Incident *)old_incidents[i], incidents[i]);
    for (size_t i = 0; tell && i < n_incidents; i++)
        tell_closing(n, at_ms, (const Sigap__V1__Incident *)old_incidents[i], incidents[i]);

    for (size_t i = 0; i < n_units; i++)
        protobuf_c_message_free_unpacked(old_units[i], NULL);
    for (size_t i = 0; i < n_calls; i++)
        protobuf_c_message_free_unpacked(old_calls[i], NULL);
    for (size_t i = 0; i < n_incidents; i++)
        protobuf_c_message_free_unpacked(old_incidents[i], NULL);
    for (size_t i = 0; i < n_assignments; i++)
        protobuf_c_message_free_unpacked(old_assignments[i], NULL);
    if (update->caught_up && err == SGP_OK)
        catch_up(n, at_ms);
    if (err == SGP_OK && n->caught_up)
        sgp_board_trim(&n->board);
    return err;
}
