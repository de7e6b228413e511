/* What to ask the caller, and what to tell. */
#include <inttypes.h>
#include <string.h>

#include "console/page.h"

enum { INDENT = 2 };

static const char *answer_to(const Sigap__V1__Incident *incident, const char *question) {
    for (size_t i = 0; incident != NULL && i < incident->n_answers; i++)
        if (strcmp(incident->answers[i]->question, question) == 0)
            return incident->answers[i]->answer;
    return NULL;
}

int sgp_script_at(const Sigap__V1__Guide *guide, const Sigap__V1__Incident *incident,
                  int question) {
    if (guide == NULL || guide->n_questions == 0)
        return -1;
    if (question >= 0)
        return question < (int)guide->n_questions ? question : (int)guide->n_questions - 1;
    for (size_t i = 0; i < guide->n_questions; i++)
        if (answer_to(incident, guide->questions[i]->code) == NULL)
            return (int)i;
    return (int)guide->n_questions - 1;
}

/* "[2] tidak → P1" */
static void tell_choices(sgp_page *p, const Sigap__V1__GuideQuestion *question) {
    char text[512];
    for (size_t i = 0; i < question->n_answers && i < 9; i++) {
        const Sigap__V1__GuideAnswer *answer = question->answers[i];
        snprintf(text, sizeof text, "[%zu] %s%s%s%s%s", i + 1, answer->text,
                 answer->at_least != 0 ? " → " : "",
                 answer->at_least != 0 ? sgp_priority_text(p->language, (int)answer->at_least) : "",
                 answer->becomes[0] != '\0' ? " → " : "",
                 answer->becomes[0] != '\0' ? sgp_complaint_text(p->language, answer->becomes)
                                            : "");
        sgp_page_line(p, 3 * INDENT, SGP_INK_BOLD, text);
    }
}

static void tell_question(sgp_page *p, const Sigap__V1__GuideQuestion *question,
                          const char *answered, bool asked) {
    char text[512];
    const char *words = answered;
    for (size_t i = 0; answered != NULL && i < question->n_answers; i++)
        if (strcmp(question->answers[i]->code, answered) == 0)
            words = question->answers[i]->text;
    snprintf(text, sizeof text, "%s%s%s", question->text, answered != NULL ? " → " : "",
             answered != NULL ? words : "");
    int from = p->row;
    sgp_page_line(p, INDENT,
                  asked              ? SGP_INK_BOLD | SGP_INK_UNDERLINE
                  : answered != NULL ? SGP_INK_DIM
                                     : SGP_INK_PLAIN,
                  text);
    if (!asked)
        return;
    sgp_page_mark(p, from);
    tell_choices(p, question);
    p->marked = -1; /* scrolling is the reader's */
}

static void tell_instruction(sgp_page *p, const Sigap__V1__GuideInstruction *one) {
    char text[768];
    snprintf(text, sizeof text, "%s%s%s", one->title, one->draft ? " · " : "",
             one->draft ? sgp_text_get(p->language, SGP_TEXT_CON_SCRIPT_DRAFT) : "");
    sgp_page_line(p, 0, (one->draft ? SGP_INK_YELLOW : SGP_INK_GREEN) | SGP_INK_BOLD, text);
    for (size_t i = 0; i < one->n_steps; i++) {
        snprintf(text, sizeof text, "%zu. %s", i + 1, one->steps[i]);
        sgp_page_line(p, INDENT, SGP_INK_PLAIN, text);
    }
}

int sgp_screen_script(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                      const Sigap__V1__Guide *guide, int question, bool focus, int scroll) {
    const Sigap__V1__Incident *incident = sgp_model_incident(model);
    char title[256], number[24];
    sgp_page p;
    if (area.rows < 2)
        return 0;
    snprintf(number, sizeof number, "%" PRIu64, model->incident);
    sgp_text_fill(
        title, sizeof title, model->language, SGP_TEXT_CON_SCRIPT_TITLE, "incident", number,
        "complaint",
        incident != NULL ? sgp_complaint_text(model->language, incident->complaint) : "",
        "priority",
        incident != NULL ? sgp_priority_text(model->language, (int)incident->priority) : "", NULL);
    sgp_screen_title(canvas, area, title, focus);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    if (guide == NULL)
        sgp_page_line(&p, INDENT, SGP_INK_DIM,
                      sgp_text_get(model->language, SGP_TEXT_CON_SCRIPT_NONE));
    int at = sgp_script_at(guide, incident, question);
    for (size_t i = 0; guide != NULL && i < guide->n_questions; i++)
        tell_question(&p, guide->questions[i], answer_to(incident, guide->questions[i]->code),
                      focus && (int)i == at);
    for (size_t i = 0; guide != NULL && i < guide->n_instructions; i++)
        tell_instruction(&p, guide->instructions[i]);
    return sgp_page_end(&p, canvas, area, scroll);
}
