/* Parts of the chosen incident's page that the engine was asked for: what warns, what is known of
 * the place, hospitals for its patients, answers, notes, what was before. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/call_told.h"
#include "apps/hospital_told.h"
#include "apps/print.h"
#include "console/page.h"

enum { INDENT = 2, ALIKE_MOST = 3, OPTIONS_MOST = 4, NOTES_MOST = 4, WITHIN_M = 100 };

/* ---- what warns --------------------------------------------------------------------------- */

void sgp_page_warnings(sgp_page *p, const Sigap__V1__Incident *incident) {
    const sgp_board *board = &p->model->narrator.board;
    char text[512], number[24];
    for (size_t i = 0; i < board->calls.n; i++) {
        const Sigap__V1__Call *call = (const Sigap__V1__Call *)board->calls.items[i].message;
        if (call->incident_id == incident->id &&
            sgp_nuisance_text(p->language, call, text, sizeof text)[0] != '\0')
            sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD, text);
    }
    if (incident->suspect) {
        snprintf(number, sizeof number, "%" PRIu64, incident->id);
        sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD,
                      sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_SUSPECT, "incident",
                                    number, NULL));
    }
    if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return;
    for (size_t i = 0, told = 0; i < incident->n_alike && told < ALIKE_MOST; i++) {
        if (incident->alike[i]->dismissed)
            continue;
        if (told++ == 0)
            sgp_page_line(p, 0, SGP_INK_YELLOW | SGP_INK_BOLD,
                          sgp_text_get(p->language, SGP_TEXT_CON_ALIKE));
        sgp_page_line(p, INDENT, SGP_INK_YELLOW,
                      sgp_alike_text(p->language, incident->alike[i], incident->first_call_id, text,
                                     sizeof text));
    }
}

void sgp_page_premises(sgp_page *p) {
    char text[2200];
    if (p->dossier == NULL || p->dossier->detail == NULL)
        return;
    const Sigap__V1__IncidentDetail *detail = p->dossier->detail->incident_detail;
    for (size_t i = 0; i < detail->n_premises; i++) {
        bool hazard = detail->premises[i]->kind == SIGAP__V1__PREMISE_KIND__PREMISE_HAZARD;
        sgp_page_line(p, INDENT,
                      hazard ? SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE
                             : SGP_INK_YELLOW | SGP_INK_BOLD,
                      sgp_premise_text(p->language, detail->premises[i], text, sizeof text));
    }
}

/* ---- hospitals for its patients -------------------------------------------------------------- */

static void tell_option(sgp_page *p, const Sigap__V1__HospitalOption *option, bool chosen) {
    char text[512], time[24], lacks[256], beds[24] = "?";
    if (option->free_beds >= 0)
        snprintf(beds, sizeof beds, "%d", option->free_beds);
    snprintf(text, sizeof text, "%s%-9s %s · ", chosen ? "★ " : "  ", option->hospital_code,
             option->travel_ms < 0
                 ? sgp_unfit_text(p->language, SIGAP__V1__UNFIT__UNFIT_UNREACHABLE)
                 : sgp_short_time(option->travel_ms, time, sizeof time));
    size_t used = strlen(text);
    char inbound[16];
    snprintf(inbound, sizeof inbound, "%d", option->inbound);
    sgp_text_fill(text + used, sizeof text - used, p->language, SGP_TEXT_CON_HOSPITAL_FACTS, "beds",
                  beds, "inbound", inbound, NULL);
    used = strlen(text);
    if (option->unfit != SIGAP__V1__UNFIT__UNFIT_NOT)
        snprintf(text + used, sizeof text - used, " · %s%s%s",
                 sgp_unfit_text(p->language, (int)option->unfit), option->lacks != 0 ? ": " : "",
                 option->lacks != 0
                     ? sgp_abilities_text(p->language, option->lacks, lacks, sizeof lacks)
                     : "");
    sgp_page_line(p, INDENT,
                  option->unfit != SIGAP__V1__UNFIT__UNFIT_NOT ? SGP_INK_DIM
                  : chosen                                     ? SGP_INK_BOLD
                                                               : SGP_INK_PLAIN,
                  text);
}

static void tell_advice(sgp_page *p, const Sigap__V1__Assignment *one,
                        const Sigap__V1__HospitalAdvice *advice) {
    char title[384], needs[192], age[24], arrival[24];
    const char *chosen =
        one->hospital_code[0] != '\0' ? one->hospital_code : one->proposed_hospital_code;
    const Sigap__V1__Inbound *inbound =
        (const Sigap__V1__Inbound *)sgp_shelf_get(&p->model->inbound, one->id);
    sgp_abilities_text(p->language, advice != NULL ? advice->needs : one->needs, needs,
                       sizeof needs);
    sgp_text_fill(title, sizeof title, p->language, SGP_TEXT_CON_PATIENT_OF, "unit", one->unit_code,
                  "needs", needs, NULL);
    size_t used = strlen(title);
    if (one->colour != 0)
        used += (size_t)snprintf(title + used, sizeof title - used, " · %s",
                                 sgp_colour_of_triage_text(p->language, (int)one->colour));
    if (one->hospital_code[0] != '\0' && used < sizeof title)
        used += (size_t)snprintf(title + used, sizeof title - used, " → %s", one->hospital_code);
    if (inbound != NULL && inbound->arrives_at_ms > 0 && used < sizeof title)
        used += (size_t)snprintf(
            title + used, sizeof title - used, " %s",
            sgp_short_time(inbound->arrives_at_ms - p->model->now_ms, arrival, sizeof arrival));
    if (advice != NULL && used < sizeof title)
        snprintf(title + used, sizeof title - used, " (%s)",
                 sgp_short_time(p->model->now_ms - advice->at_ms, age, sizeof age));
    sgp_page_line(p, 0, SGP_INK_DIM | SGP_INK_UNDERLINE, title);
    for (size_t i = 0, told = 0; advice != NULL && i < advice->n_options && told < OPTIONS_MOST;
         i++, told++)
        tell_option(p, advice->options[i],
                    chosen[0] != '\0' ? strcmp(advice->options[i]->hospital_code, chosen) == 0
                                      : i == 0);
}

void sgp_page_hospitals(sgp_page *p, const Sigap__V1__Incident *incident) {
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *one =
            sgp_board_assignment(&p->model->narrator.board, incident->assignment_ids[i]);
        if (one == NULL || one->state < SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE ||
            one->state > SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL)
            continue;
        const Sigap__V1__HospitalAdvice *advice =
            (const Sigap__V1__HospitalAdvice *)sgp_shelf_get(&p->model->advice, one->id);
        if (advice != NULL || one->hospital_code[0] != '\0')
            tell_advice(p, one, advice);
    }
}

/* ---- what was said and done -------------------------------------------------------------------
 */

void sgp_page_answers(sgp_page *p, const Sigap__V1__Incident *incident) {
    const Sigap__V1__Guide *guide =
        p->dossier != NULL ? sgp_dossier_guide(p->dossier, incident->complaint) : NULL;
    char text[512];
    for (size_t i = 0; i < incident->n_answers; i++) {
        const char *question = incident->answers[i]->question,
                   *answer = incident->answers[i]->answer;
        for (size_t q = 0; guide != NULL && q < guide->n_questions; q++) {
            const Sigap__V1__GuideQuestion *one = guide->questions[q];
            if (strcmp(one->code, incident->answers[i]->question) != 0)
                continue;
            question = one->text;
            for (size_t a = 0; a < one->n_answers; a++)
                if (strcmp(one->answers[a]->code, incident->answers[i]->answer) == 0)
                    answer = one->answers[a]->text;
        }
        if (i == 0)
            sgp_page_heading(p, SGP_TEXT_CON_ANSWERS);
        snprintf(text, sizeof text, "%s → %s", question, answer);
        sgp_page_line(p, INDENT, SGP_INK_PLAIN, text);
    }
}

/* What others print for a terminal, as text; free() it. NULL: no memory. */
static char *entry_text(sgp_language language, const Sigap__V1__LogEntry *entry) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    sgp_log_entry_print(language, entry, out);
    fclose(out);
    return text;
}

void sgp_page_notes(sgp_page *p) {
    const Sigap__V1__Log *log = p->dossier != NULL ? sgp_dossier_log(p->dossier) : NULL;
    size_t notes = 0, told = 0;
    for (size_t i = 0; log != NULL && i < log->n_entries; i++)
        notes += strcmp(log->entries[i]->event, "NOTE_ADDED") == 0;
    for (size_t i = 0; log != NULL && i < log->n_entries; i++) {
        if (strcmp(log->entries[i]->event, "NOTE_ADDED") != 0 || notes - told++ > NOTES_MOST)
            continue;
        if (told == 1 || notes - told + 1 == NOTES_MOST)
            sgp_page_heading(p, SGP_TEXT_CON_NOTES);
        char *text = entry_text(p->language, log->entries[i]);
        sgp_page_lines(p, INDENT, SGP_INK_CYAN, text != NULL ? text : "");
        free(text);
    }
}

void sgp_page_history(sgp_page *p) {
    const Sigap__V1__History *history = p->dossier != NULL ? sgp_dossier_history(p->dossier) : NULL;
    char *text = NULL;
    size_t size;
    FILE *out = history != NULL ? open_memstream(&text, &size) : NULL;
    if (out == NULL)
        return;
    sgp_history_print(p->language, history, WITHIN_M, out);
    fclose(out);
    sgp_page_lines(p, 0, SGP_INK_DIM, text != NULL ? text : "");
    free(text);
}

/* ---- the whole log ----------------------------------------------------------------------------
 */

int sgp_screen_story(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                     const Sigap__V1__Log *log, int scroll) {
    char title[128], number[24];
    sgp_page p;
    if (area.rows < 2)
        return 0;
    snprintf(number, sizeof number, "%" PRIu64, model->incident);
    sgp_screen_title(canvas, area,
                     sgp_text_fill(title, sizeof title, model->language, SGP_TEXT_CON_STORY_TITLE,
                                   "incident", number, NULL),
                     true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    /* The newest first: at three in the morning nobody scrolls. */
    for (size_t i = log != NULL ? log->n_entries : 0; i-- > 0;) {
        char *text = entry_text(model->language, log->entries[i]);
        bool note = strcmp(log->entries[i]->event, "NOTE_ADDED") == 0 ||
                    strcmp(log->entries[i]->event, "MESSAGE_SAID") == 0;
        sgp_page_lines(&p, 1, note ? SGP_INK_CYAN | SGP_INK_BOLD : SGP_INK_PLAIN,
                       text != NULL ? text : "");
        free(text);
    }
    return sgp_page_end(&p, canvas, area, scroll);
}
