/* The form of a call that is being taken.
 *
 *     where ──letters──► FindPlace ──► candidates ──Enter──► one is taken
 *     what  ──letters──► complaints that fit ──Enter──► one is taken
 *
 * Candidates come while one types, the best one marked: with its district and how far off it may
 * be. Whatever is taken, the caller's own words go with the call. Nothing is thrown away by
 * leaving the form: it stays a draft until it is sent.
 *
 * Knows no connection: it says which text to look up, and is given the answers. Not thread-safe.
 */
#ifndef SGP_CONSOLE_CALL_FORM_H
#define SGP_CONSOLE_CALL_FORM_H

#include "console/editor.h"
#include "console/request.h"
#include "console/screen.h"

typedef enum sgp_form_field {
    SGP_FIELD_PLACE,
    SGP_FIELD_COMPLAINT,
    SGP_FIELD_PRIORITY,
    SGP_FIELD_NUMBER,
    SGP_FIELD_NAME,
    SGP_FIELD_NOTE,
    SGP_FIELDS
} sgp_form_field;

typedef struct sgp_call_form {
    sgp_language language;
    sgp_editor fields[SGP_FIELDS];
    sgp_form_field focus;
    Sigap__V1__Frame *answer;     /* the newest candidates; NULL: none yet */
    char asked[SGP_EDITOR_BYTES]; /* the text that was last looked up */
    bool waiting;                 /* for an answer */
    int marked;                   /* which candidate or complaint */
    int taken;                    /* which candidate was taken; -1: none */
    uint64_t ring;                /* that the call came by; 0: none */
} sgp_call_form;

typedef enum sgp_form_news {
    SGP_FORM_NOTHING, /* the key was used, or is none of the form's */
    SGP_FORM_SEND,
    SGP_FORM_LEAVE /* keep as a draft */
} sgp_form_news;

void sgp_call_form_init(sgp_call_form *form, sgp_language language);
void sgp_call_form_clear(sgp_call_form *form);
void sgp_call_form_deinit(sgp_call_form *form);
bool sgp_call_form_empty(const sgp_call_form *form);

sgp_form_news sgp_call_form_key(sgp_call_form *form, const sgp_key *key);

/* Is there a text to be looked up now? One question is on its way at a time. */
bool sgp_call_form_asks(const sgp_call_form *form);
void sgp_call_form_asked(sgp_call_form *form);
/* The answer, whose ownership passes; NULL: it failed or was lost. */
void sgp_call_form_answer(sgp_call_form *form, Sigap__V1__Frame *answer);

/* What has been typed so far, to be kept; and typed again. */
void sgp_call_form_draft(const sgp_call_form *form, sgp_request *draft);
void sgp_call_form_take_up(sgp_call_form *form, const Sigap__V1__ReportCall *draft);

/* Fills the call, and the choice of the taken candidate that belongs to it (*chooses). The
 * requests borrow from the form. false: something is missing, and *why says what. */
bool sgp_call_form_request(sgp_call_form *form, sgp_request *call, sgp_request *choice,
                           bool *chooses, sgp_text *why);

void sgp_call_form_draw(const sgp_call_form *form, sgp_canvas *canvas, sgp_area area);

#endif
