#include "console/call_form.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "apps/narrator.h"
#include "apps/options.h"
#include "apps/place_table.h"
#include "core/complaint_words.h"
#include "sigap/core.h"

void sgp_call_form_init(sgp_call_form *form, sgp_language language) {
    *form = (sgp_call_form){.language = language, .taken = -1};
}

void sgp_call_form_deinit(sgp_call_form *form) {
    if (form->answer != NULL)
        sigap__v1__frame__free_unpacked(form->answer, NULL);
    form->answer = NULL;
}

void sgp_call_form_clear(sgp_call_form *form) {
    sgp_language language = form->language;
    bool waiting = form->waiting;
    sgp_call_form_deinit(form);
    sgp_call_form_init(form, language);
    form->waiting = waiting; /* its answer still comes */
}

bool sgp_call_form_empty(const sgp_call_form *form) {
    for (int i = 0; i < SGP_FIELDS; i++)
        if (form->fields[i].length > 0)
            return false;
    return form->ring == 0;
}

/* ---- complaints ---------------------------------------------------------------------- */

/* The beginning of what callers say, or of a word of it; a few letters at least. */
static bool is_said(const char *letters, const char *words) {
    size_t length = strlen(letters);
    for (const char *at = words; length > 2 && (at = strcasestr(at, letters)) != NULL; at++)
        if (at == words || at[-1] == ' ')
            return true;
    return false;
}

/* How well the letters fit: 0 = the name begins with them, or callers say just that, 1 = it has
 * them as they are, 2 = it has each word, 3 = only its other names and what callers say do; -1 =
 * not at all. */
static int fit_of(const sgp_call_form *form, const char *code, const char *nemsis) {
    const char *letters = form->fields[SGP_FIELD_COMPLAINT].text;
    const char *name = sgp_complaint_text(form->language, code), *at = strcasestr(name, letters);
    char all[512];
    if (is_said(letters, sgp_complaint_words(code)))
        return 0;
    if (at != NULL)
        return at == name ? 0 : 1;
    if (sgp_letters_in(letters, name))
        return 2;
    snprintf(all, sizeof all, "%s %s %s %s %s", sgp_complaint_name(code, "id"),
             sgp_complaint_name(code, "en"), code, nemsis, sgp_complaint_words(code));
    return sgp_letters_in(letters, all) ? 3 : -1;
}

/* The nth complaint that the letters fit, the best fit first, then the more urgent; NULL: no
 * more. */
static const char *nth_complaint(const sgp_call_form *form, int nth) {
    const char *code, *nemsis;
    for (int fit = 0; fit <= 3; fit++)
        for (int priority = 1; priority <= 4; priority++)
            for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
                if ((int)sgp_complaint_priority(code) == priority &&
                    fit_of(form, code, nemsis) == fit && nth-- == 0)
                    return code;
    return NULL;
}

/* The code that the field means: what was taken, or the only one that fits; NULL: none. */
static const char *complaint_of(const sgp_call_form *form) {
    const char *text = form->fields[SGP_FIELD_COMPLAINT].text, *code, *nemsis;
    if (text[0] == '\0')
        return NULL;
    for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
        if (strcmp(sgp_complaint_text(form->language, code), text) == 0 || strcmp(code, text) == 0)
            return code;
    code = nth_complaint(form, 0);
    return code != NULL && nth_complaint(form, 1) == NULL ? code : NULL;
}

/* ---- keys -------------------------------------------------------------------------------- */

static int n_candidates(const sgp_call_form *form) {
    return form->answer != NULL ? (int)form->answer->place_answer->n_candidates : 0;
}

static int n_choices(const sgp_call_form *form) {
    int n = 0;
    if (form->focus == SGP_FIELD_PLACE)
        return n_candidates(form);
    if (form->focus == SGP_FIELD_COMPLAINT)
        while (nth_complaint(form, n) != NULL)
            n++;
    return n;
}

static void go_to(sgp_call_form *form, int field) {
    form->focus = (sgp_form_field)((field + SGP_FIELDS) % SGP_FIELDS);
    form->marked = form->focus == SGP_FIELD_PLACE && form->taken >= 0 ? form->taken : 0;
}

/* Enter: takes what is marked, and goes on; from the priority on the call can be sent. */
static sgp_form_news enter(sgp_call_form *form) {
    const char *code;
    switch (form->focus) {
    case SGP_FIELD_PLACE:
        if (form->marked < n_candidates(form))
            form->taken = form->marked;
        go_to(form, SGP_FIELD_COMPLAINT);
        return SGP_FORM_NOTHING;
    case SGP_FIELD_COMPLAINT:
        code =
            form->fields[SGP_FIELD_COMPLAINT].length > 0 ? nth_complaint(form, form->marked) : NULL;
        if (code != NULL)
            sgp_editor_set(&form->fields[SGP_FIELD_COMPLAINT],
                           sgp_complaint_text(form->language, code));
        go_to(form, SGP_FIELD_PRIORITY);
        return SGP_FORM_NOTHING;
    default:
        return SGP_FORM_SEND;
    }
}

sgp_form_news sgp_call_form_key(sgp_call_form *form, const sgp_key *key) {
    bool changed = false;
    int n;
    switch ((int)key->code) {
    case SGP_KEY_ENTER:
        return enter(form);
    case SGP_KEY_F1 + 1:
        if (form->focus == SGP_FIELD_PLACE && form->taken < 0 && n_candidates(form) > 0 &&
            strcmp(form->asked, form->fields[SGP_FIELD_PLACE].text) == 0)
            form->taken = form->marked;
        return SGP_FORM_SEND;
    case SGP_KEY_ESCAPE:
        return SGP_FORM_LEAVE;
    case SGP_KEY_TAB:
        go_to(form, (int)form->focus + 1);
        return SGP_FORM_NOTHING;
    case SGP_KEY_BACKTAB:
        go_to(form, (int)form->focus - 1);
        return SGP_FORM_NOTHING;
    case SGP_KEY_UP:
        form->marked -= form->marked > 0;
        return SGP_FORM_NOTHING;
    case SGP_KEY_DOWN:
        n = n_choices(form);
        form->marked += form->marked + 1 < n;
        return SGP_FORM_NOTHING;
    default:
        break;
    }
    (void)sgp_editor_key(&form->fields[form->focus], key, &changed);
    if (changed) {
        form->marked = 0;
        if (form->focus == SGP_FIELD_PLACE)
            form->taken = -1;
    }
    return SGP_FORM_NOTHING;
}

/* ---- candidates ------------------------------------------------------------------------- */

bool sgp_call_form_asks(const sgp_call_form *form) {
    return !form->waiting && form->taken < 0 && form->fields[SGP_FIELD_PLACE].length >= 3 &&
           strcmp(form->asked, form->fields[SGP_FIELD_PLACE].text) != 0;
}

void sgp_call_form_asked(sgp_call_form *form) {
    snprintf(form->asked, sizeof form->asked, "%s", form->fields[SGP_FIELD_PLACE].text);
    form->waiting = true;
}

void sgp_call_form_answer(sgp_call_form *form, Sigap__V1__Frame *answer) {
    form->waiting = false;
    bool usable = answer != NULL && answer->body_case == SIGAP__V1__FRAME__BODY_PLACE_ANSWER &&
                  !answer->place_answer->superseded;
    /* What was taken stays what it was, though its answer is replaced. */
    if (!usable || form->taken >= 0) {
        if (answer != NULL)
            sigap__v1__frame__free_unpacked(answer, NULL);
        return;
    }
    sgp_call_form_deinit(form);
    form->answer = answer;
    if (form->focus == SGP_FIELD_PLACE && form->marked >= n_candidates(form))
        form->marked = 0;
}

/* ---- the request --------------------------------------------------------------------------- */

bool sgp_call_form_request(sgp_call_form *form, sgp_request *call, sgp_request *choice,
                           bool *chooses, sgp_text *why) {
    const char *code = complaint_of(form);
    int priority = sgp_priority_parse(form->fields[SGP_FIELD_PRIORITY].text);
    Sigap__V1__Place *place = form->taken >= 0 && form->taken < n_candidates(form)
                                  ? form->answer->place_answer->candidates[form->taken]
                                  : NULL;
    if (form->fields[SGP_FIELD_PLACE].length == 0 && form->fields[SGP_FIELD_NUMBER].length == 0 &&
        form->ring == 0) {
        *why = SGP_TEXT_CON_FORM_EMPTY;
        return false;
    }
    if (code == NULL && priority == 0) {
        *why = SGP_TEXT_CON_FORM_NO_COMPLAINT;
        return false;
    }
    sgp_request_call(call, form->fields[SGP_FIELD_PLACE].text, place != NULL ? place->point : NULL,
                     place != NULL ? place->uncertainty_m : 0, code != NULL ? code : "", priority,
                     form->fields[SGP_FIELD_NUMBER].text, form->fields[SGP_FIELD_NAME].text,
                     form->fields[SGP_FIELD_NOTE].text);
    call->body.call.ring_id = form->ring;
    *chooses = place != NULL;
    if (place != NULL)
        sgp_request_choose(choice, 0, place);
    return true;
}

void sgp_call_form_draft(const sgp_call_form *form, sgp_request *draft) {
    sgp_request_call(draft, form->fields[SGP_FIELD_PLACE].text, NULL, 0,
                     form->fields[SGP_FIELD_COMPLAINT].text,
                     sgp_priority_parse(form->fields[SGP_FIELD_PRIORITY].text),
                     form->fields[SGP_FIELD_NUMBER].text, form->fields[SGP_FIELD_NAME].text,
                     form->fields[SGP_FIELD_NOTE].text);
    draft->body.call.ring_id = form->ring;
}

void sgp_call_form_take_up(sgp_call_form *form, const Sigap__V1__ReportCall *draft) {
    char priority[8] = "";
    if (draft->priority != 0)
        snprintf(priority, sizeof priority, "%s",
                 sgp_priority_text(form->language, (int)draft->priority));
    form->ring = draft->ring_id;
    sgp_editor_set(&form->fields[SGP_FIELD_PLACE], draft->place_text);
    sgp_editor_set(&form->fields[SGP_FIELD_COMPLAINT], draft->complaint);
    sgp_editor_set(&form->fields[SGP_FIELD_PRIORITY], priority);
    sgp_editor_set(&form->fields[SGP_FIELD_NUMBER], draft->caller_number);
    sgp_editor_set(&form->fields[SGP_FIELD_NAME], draft->caller_name);
    sgp_editor_set(&form->fields[SGP_FIELD_NOTE], draft->narrative);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_candidate(const sgp_call_form *form, sgp_canvas *canvas, int row, sgp_area area,
                           int nth) {
    const Sigap__V1__Place *place = form->answer->place_answer->candidates[nth];
    bool marked = form->focus == SGP_FIELD_PLACE && nth == form->marked, taken = nth == form->taken;
    char text[512], district[256], facts[96];
    sgp_ink ink = (marked ? SGP_INK_REVERSE : 0) | (taken ? SGP_INK_BOLD | SGP_INK_GREEN : 0);
    sgp_canvas_fill(canvas, row, area.column, area.columns, ink);
    sgp_canvas_print(canvas, row, area.column, 3, ink | SGP_INK_BOLD, "%s%s", marked ? "▶" : " ",
                     taken ? "✓" : " ");
    snprintf(facts, sizeof facts, "%s ±%d m %3d%%",
             sgp_place_kind_text(form->language, (int)place->kind), place->uncertainty_m,
             (place->confidence_permille + 5) / 10);
    int right = sgp_columns(facts);
    sgp_canvas_put_right(canvas, row, area.column + area.columns - right - 1, right, ink, facts);
    int room = area.columns - 3 - right - 2;
    int used = sgp_canvas_put(canvas, row, area.column + 3, room, ink | SGP_INK_BOLD,
                              place->label[0] != '\0' ? place->label
                                                      : sgp_place_text(place, text, sizeof text));
    sgp_place_district_text(place, district, sizeof district);
    /* The label often ends with the kelurahan that the districts begin with. */
    size_t same = strlen(place->kelurahan);
    if (same > 0 && strstr(place->label, place->kelurahan) != NULL &&
        strncmp(district, place->kelurahan, same) == 0 && strncmp(district + same, ", ", 2) == 0)
        memmove(district, district + same + 2, strlen(district + same + 2) + 1);
    if (room - used > 8)
        sgp_canvas_put(canvas, row, area.column + 3 + used + 2, room - used - 2, ink, district);
}

static void draw_places(const sgp_call_form *form, sgp_canvas *canvas, sgp_area area) {
    int n = n_candidates(form);
    if (form->focus != SGP_FIELD_PLACE && form->taken >= 0) {
        draw_candidate(form, canvas, area.row, area, form->taken);
        return;
    }
    if (n == 0) {
        sgp_text key = form->waiting ? SGP_TEXT_CON_FORM_LOOKING : SGP_TEXT_CON_FORM_NO_CANDIDATE;
        if (form->fields[SGP_FIELD_PLACE].length >= 3)
            sgp_canvas_put(canvas, area.row, area.column + 3, area.columns - 4, SGP_INK_DIM,
                           sgp_text_get(form->language, key));
        return;
    }
    for (int i = 0; i < n && i < area.rows; i++)
        draw_candidate(form, canvas, area.row + i, area, i);
}

static void draw_complaints(const sgp_call_form *form, sgp_canvas *canvas, sgp_area area) {
    const char *code;
    int first = form->marked >= area.rows ? form->marked - area.rows + 1 : 0;
    for (int i = 0; i < area.rows && (code = nth_complaint(form, first + i)) != NULL; i++) {
        bool marked = first + i == form->marked && form->fields[SGP_FIELD_COMPLAINT].length > 0;
        sgp_ink ink = marked ? SGP_INK_REVERSE : SGP_INK_PLAIN;
        int priority = (int)sgp_complaint_priority(code);
        sgp_canvas_fill(canvas, area.row + i, area.column, area.columns, ink);
        sgp_canvas_put(canvas, area.row + i, area.column, 1, ink | SGP_INK_BOLD,
                       marked ? "▶" : " ");
        sgp_canvas_put(canvas, area.row + i, area.column + 3, 2, sgp_priority_ink(priority),
                       sgp_priority_text(form->language, priority));
        sgp_canvas_put(canvas, area.row + i, area.column + 6, area.columns - 7, ink,
                       sgp_complaint_text(form->language, code));
    }
}

void sgp_call_form_draw(const sgp_call_form *form, sgp_canvas *canvas, sgp_area area) {
    static const sgp_text labels[SGP_FIELDS] = {
        SGP_TEXT_CON_FIELD_PLACE,  SGP_TEXT_CON_FIELD_COMPLAINT, SGP_TEXT_CON_FIELD_PRIORITY,
        SGP_TEXT_CON_FIELD_NUMBER, SGP_TEXT_CON_FIELD_NAME,      SGP_TEXT_CON_FIELD_NOTE};
    enum { LABEL = 12 };
    char title[128];
    size_t used = (size_t)snprintf(title, sizeof title, "%s",
                                   sgp_text_get(form->language, SGP_TEXT_CON_FORM_TITLE));
    if (form->ring != 0 && used < sizeof title)
        snprintf(title + used, sizeof title - used, " ☎ %" PRIu64, form->ring);
    sgp_screen_title(canvas, area, title, true);
    int row = area.row + 1, end = area.row + area.rows;
    for (int i = 0; i < SGP_FIELDS && row < end; i++, row++) {
        bool focus = form->focus == (sgp_form_field)i;
        sgp_canvas_put(canvas, row, area.column + 1, LABEL - 1, focus ? SGP_INK_BOLD : SGP_INK_DIM,
                       sgp_text_get(form->language, labels[i]));
        sgp_editor_draw(&form->fields[i], canvas, row, area.column + LABEL,
                        area.columns - LABEL - 1,
                        focus ? SGP_INK_UNDERLINE | SGP_INK_BOLD : SGP_INK_UNDERLINE, focus);
    }
    sgp_area below = {row + 1, area.column, end - row - 1, area.columns};
    if (below.rows < 1)
        return;
    if (form->focus == SGP_FIELD_COMPLAINT)
        draw_complaints(form, canvas, below);
    else
        draw_places(form, canvas, below);
}
