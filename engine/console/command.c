#include "console/command_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apps/clock_option.h"
#include "apps/options.h"
#include "sigap/core.h"

/* ---- sentences ---------------------------------------------------------------------- */

void sgp_reader_wrong(sgp_reader *r, sgp_text key, const char *name, const char *value) {
    r->command->kind = SGP_COMMAND_WRONG;
    sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language, key, name, value,
                  NULL);
}

void sgp_reader_missing(sgp_reader *r, sgp_text what) {
    sgp_reader_wrong(r, SGP_TEXT_CON_MISSING, "what", sgp_text_get(r->model->language, what));
}

/* ---- words that mean something -------------------------------------------------------- */

enum { STATUS_ON = 100, STATUS_OFF, STATUS_WELL };
static const sgp_meaning statuses[] = {
    {"terima ac accept", SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED},
    {"jalan er", SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE},
    {"lokasi os", SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE},
    {"bawa tr", SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING},
    {"rs ah", SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL},
    {"serah ho", SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER},
    {"bebas free", SIGAP__V1__ASSIGNMENT_STATE__CLOSED},
    {"tolak decline", SIGAP__V1__ASSIGNMENT_STATE__DECLINED},
    {"masuk on", STATUS_ON},
    {"lepas off", STATUS_OFF},
    {"aman well", STATUS_WELL},
};
static const sgp_meaning outcomes[] = {
    {"iseng prank", SIGAP__V1__OUTCOME__PRANK},
    {"bisu silent", SIGAP__V1__OUTCOME__SILENT},
    {"hantu ghost", SIGAP__V1__OUTCOME__GHOST},
    {"ganda dup", SIGAP__V1__OUTCOME__DUPLICATE},
    {"putus abandoned", SIGAP__V1__OUTCOME__ABANDONED},
    {"info info", SIGAP__V1__OUTCOME__INFORMATION},
    {"nyata real", SIGAP__V1__OUTCOME__REAL},
    {"tertangani served", SIGAP__V1__OUTCOME__SERVED},
    {"batal cancel", SIGAP__V1__OUTCOME__CANCELLED},
};
static const sgp_meaning kinds[] = {
    {"ambulans ambulance", SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC},
    {"gawat advanced", SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED},
    {"motor motorbike", SIGAP__V1__UNIT_KIND__MOTORBIKE},
    {"komando command", SIGAP__V1__UNIT_KIND__COMMAND_CAR},
    {"pemadam fire", SIGAP__V1__UNIT_KIND__FIRE_ENGINE},
    {"penyelamat rescue", SIGAP__V1__UNIT_KIND__RESCUE},
};

/* The nth word of a sgp_meaning, "" past the last. */
static size_t nth_word(const char *words, size_t nth, const char **word) {
    for (; nth > 0 && *words != '\0'; nth--) {
        words += strcspn(words, " ");
        words += *words == ' ';
    }
    *word = words;
    return strcspn(words, " ");
}

int sgp_reader_look_up(const sgp_meaning *table, size_t n, const char *text) {
    for (size_t i = 0; i < n; i++) {
        const char *word;
        for (size_t k = 0, length; (length = nth_word(table[i].words, k, &word)) > 0; k++)
            if (strlen(text) == length && strncasecmp(word, text, length) == 0)
                return table[i].value;
    }
    return 0;
}

/* The words of one language, for a sentence. */
char *sgp_reader_known(sgp_language language, const sgp_meaning *table, size_t n, char *out,
                       size_t capacity) {
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *word;
        size_t length = nth_word(table[i].words, language == SGP_ENGLISH, &word),
               used = strlen(out);
        snprintf(out + used, capacity - used, "%s%.*s", i > 0 ? " " : "", (int)length, word);
    }
    return out;
}

Sigap__V1__Outcome sgp_outcome_by_key(sgp_language language, char letter) {
    static const struct {
        char id, en;
        Sigap__V1__Outcome outcome;
    } keys[] = {
        {'i', 'p', SIGAP__V1__OUTCOME__PRANK},       {'b', 's', SIGAP__V1__OUTCOME__SILENT},
        {'h', 'g', SIGAP__V1__OUTCOME__GHOST},       {'d', 'd', SIGAP__V1__OUTCOME__DUPLICATE},
        {'f', 'i', SIGAP__V1__OUTCOME__INFORMATION}, {'t', 'r', SIGAP__V1__OUTCOME__SERVED},
        {'x', 'x', SIGAP__V1__OUTCOME__CANCELLED},   {'p', 'a', SIGAP__V1__OUTCOME__ABANDONED},
        {'n', 'l', SIGAP__V1__OUTCOME__REAL},
    };
    for (size_t i = 0; i < N(keys); i++)
        if ((language == SGP_ENGLISH ? keys[i].en : keys[i].id) == letter)
            return keys[i].outcome;
    return SIGAP__V1__OUTCOME__OUTCOME_NONE;
}

/* ---- units ------------------------------------------------------------------------ */

/* "PSC-003" -> "psc3": letters and digits, small, numbers without zeros before them. */
static void bare_code(const char *code, char *out, size_t capacity) {
    size_t n = 0;
    bool in_number = false;
    for (; *code != '\0' && n + 1 < capacity; code++) {
        unsigned char c = (unsigned char)*code;
        if (!isalnum(c) && c < 0x80)
            continue;
        if (c == '0' && !in_number && isdigit((unsigned char)code[1]))
            continue;
        in_number = isdigit(c) != 0;
        out[n++] = (char)tolower(c);
    }
    out[n] = '\0';
}

const Sigap__V1__Unit *sgp_reader_find_unit(sgp_reader *r, const char *word) {
    const sgp_shelf *shelf = &r->model->narrator.board.units;
    const Sigap__V1__Unit *only = NULL;
    char bare[WORD_BYTES], own[WORD_BYTES], several[160] = "";
    bare_code(word, bare, sizeof bare);
    size_t n_like = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        if (strcasecmp(unit->code, word) == 0)
            return unit;
    }
    for (size_t i = 0; i < shelf->n && bare[0] != '\0'; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        bare_code(unit->code, own, sizeof own);
        if (strcmp(own, bare) == 0)
            return unit;
        if (strstr(own, bare) != NULL && !isdigit((unsigned char)bare[0])) {
            only = unit;
            size_t used = strlen(several);
            if (n_like++ < 6)
                snprintf(several + used, sizeof several - used, "%s%s", used > 0 ? " " : "",
                         unit->code);
        }
    }
    uint64_t number;
    if (sgp_number_parse(word, UINT32_MAX, &number) && word[0] != '#')
        only = sgp_board_unit(&r->model->narrator.board, number), n_like = only != NULL;
    if (n_like == 1)
        return only;
    if (n_like > 1) {
        r->command->kind = SGP_COMMAND_WRONG;
        sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language,
                      SGP_TEXT_CON_MANY_UNITS, "word", word, "units", several, NULL);
    } else {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_UNIT, "word", word);
    }
    return NULL;
}

/* ---- the words of a line ------------------------------------------------------------- */

static void split(sgp_reader *r, const char *line) {
    for (;;) {
        line += strspn(line, " ");
        r->rest[r->n] = line;
        if (*line == '\0' || r->n == WORDS_MAX)
            return;
        size_t length = strcspn(line, " ");
        size_t kept = length < WORD_BYTES ? length : WORD_BYTES - 1;
        memcpy(r->words[r->n], line, kept);
        r->words[r->n++][kept] = '\0';
        line += length;
    }
}

const char *sgp_reader_next(sgp_reader *r) {
    return r->at < r->n ? r->words[r->at++] : NULL;
}

const char *sgp_reader_rest(const sgp_reader *r) {
    return r->rest[r->at < r->n ? r->at : r->n];
}

bool sgp_reader_ends(sgp_reader *r) {
    if (r->at >= r->n)
        return true;
    sgp_reader_wrong(r, SGP_TEXT_CON_TOO_MUCH, "word", r->words[r->at]);
    return false;
}

/* Takes the incident that the line names, or the chosen one. `needed`: how many words must
 * follow a bare number for it to be one. */
bool sgp_reader_incident(sgp_reader *r, size_t needed) {
    uint64_t number;
    r->incident = r->model->incident;
    if (r->at < r->n) {
        const char *word = r->words[r->at];
        bool named = word[0] == '#';
        if ((named || r->n - r->at > needed) && sgp_number_parse(word, UINT64_MAX, &number)) {
            r->at++;
            r->incident = number;
            if (sgp_board_incident(&r->model->narrator.board, number) == NULL) {
                sgp_reader_wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
                return false;
            }
            return true;
        }
    }
    if (r->incident == 0) {
        sgp_reader_wrong(r, SGP_TEXT_CON_NO_INCIDENT, "", "");
        return false;
    }
    return true;
}

const Sigap__V1__Incident *sgp_reader_incident_of(const sgp_reader *r) {
    return sgp_board_incident(&r->model->narrator.board, r->incident);
}

void sgp_reader_done(sgp_reader *r) {
    r->command->kind = SGP_COMMAND_REQUEST;
}

const Sigap__V1__Unit *sgp_reader_unit(sgp_reader *r) {
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_UNIT);
        return NULL;
    }
    return sgp_reader_find_unit(r, word);
}

/* ---- commands --------------------------------------------------------------------- */

void sgp_reader_no_job(sgp_reader *r, const Sigap__V1__Unit *unit) {
    sgp_reader_wrong(r, SGP_TEXT_CON_NO_JOB, "unit", unit->code);
}

static void do_unit(sgp_reader *r) {
    char known[160];
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_STATUS);
        return;
    }
    int status = sgp_reader_look_up(statuses, N(statuses), word);
    if (status == 0) {
        r->command->kind = SGP_COMMAND_WRONG;
        sgp_text_fill(
            r->command->text, sizeof r->command->text, r->model->language, SGP_TEXT_CON_BAD_STATUS,
            "word", word, "known",
            sgp_reader_known(r->model->language, statuses, N(statuses), known, sizeof known), NULL);
        return;
    }
    const Sigap__V1__Assignment *job = sgp_unit_assignment(r->model, unit);
    const char *hospital = "";
    if (status == STATUS_ON || status == STATUS_OFF) {
        if (sgp_reader_ends(r)) {
            sgp_request_duty(r->request, unit->code, status == STATUS_ON);
            sgp_reader_done(r);
        }
        return;
    }
    if (status == STATUS_WELL) {
        if (sgp_reader_ends(r)) {
            sgp_request_well(r->request, unit->code);
            sgp_reader_done(r);
        }
        return;
    }
    if (job == NULL) {
        sgp_reader_no_job(r, unit);
        return;
    }
    if (status == SIGAP__V1__ASSIGNMENT_STATE__DECLINED) {
        sgp_request_answer(r->request, job->id, false, sgp_reader_rest(r));
        sgp_reader_done(r);
        return;
    }
    int64_t said_ms = 0;
    if (r->at < r->n && sgp_clock_parse(r->words[r->n - 1], r->model->now_ms, true, &said_ms))
        r->n--; /* when it was so */
    if (status == SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING && r->at < r->n) {
        hospital = sgp_reader_next(r);
        for (size_t i = 0; i < r->model->narrator.board.hospitals.n; i++) {
            const Sigap__V1__Hospital *one =
                (const Sigap__V1__Hospital *)r->model->narrator.board.hospitals.items[i].message;
            if (strcasecmp(one->code, hospital) == 0)
                hospital = one->code;
        }
    }
    if (!sgp_reader_ends(r))
        return;
    if (status == SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED)
        sgp_request_answer(r->request, job->id, true, "");
    else
        sgp_request_advance(r->request, job->id, (Sigap__V1__AssignmentState)status, hospital);
    sgp_request_said(r->request, said_ms);
    sgp_reader_done(r);
}

static void order(sgp_reader *r, bool divert) {
    if (!sgp_reader_incident(r, 1))
        return;
    const char *code = "";
    if (r->at < r->n || divert) {
        const Sigap__V1__Unit *unit = sgp_reader_unit(r);
        if (unit == NULL)
            return;
        code = unit->code;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_order(r->request, r->incident, code, divert);
    sgp_reader_done(r);
}

static void do_order(sgp_reader *r) {
    order(r, false);
}

static void do_divert(sgp_reader *r) {
    order(r, true);
}

static void do_stand_down(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    const Sigap__V1__Assignment *job = sgp_unit_assignment(r->model, unit);
    if (job == NULL) {
        sgp_reader_no_job(r, unit);
        return;
    }
    sgp_request_stand_down(r->request, job->id, sgp_reader_rest(r));
    sgp_reader_done(r);
}

bool sgp_reader_says_outcome(const sgp_reader *r) {
    for (size_t i = r->at; i < r->n && i < r->at + 2; i++)
        if (sgp_reader_look_up(outcomes, N(outcomes), r->words[i]) != 0)
            return i + 1 == r->n;
    return false;
}

void sgp_reader_close(sgp_reader *r) {
    char known[160];
    if (!sgp_reader_incident(r, 1))
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_OUTCOME);
        return;
    }
    int outcome = sgp_reader_look_up(outcomes, N(outcomes), word);
    if (outcome == 0) {
        r->command->kind = SGP_COMMAND_WRONG;
        sgp_text_fill(
            r->command->text, sizeof r->command->text, r->model->language, SGP_TEXT_CON_BAD_OUTCOME,
            "word", word, "known",
            sgp_reader_known(r->model->language, outcomes, N(outcomes), known, sizeof known), NULL);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    r->command->kind = SGP_COMMAND_CLOSE;
    r->command->number = r->incident;
    r->command->outcome = outcome;
}

static bool is_complaint(const char *word) {
    const char *code, *nemsis;
    for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
        if (strcasecmp(code, word) == 0 || strcmp(nemsis, word) == 0)
            return true;
    return false;
}

static void do_triage(sgp_reader *r) {
    if (!sgp_reader_incident(r, 1))
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_TRIAGE);
        return;
    }
    uint64_t units;
    if (sgp_priority_parse(word) != 0)
        sgp_request_triage(r->request, r->incident, sgp_priority_parse(word), "", 0);
    else if (word[0] == '+' && sgp_number_parse(word + 1, 50, &units) && units > 0)
        sgp_request_triage(r->request, r->incident, 0, "",
                           sgp_reader_incident_of(r)->units_wanted + (unsigned)units);
    else if (word[0] == '*' && sgp_number_parse(word + 1, 10, &units) && units > 0)
        sgp_request_alarm(r->request, r->incident, (unsigned)units);
    else if (is_complaint(word))
        sgp_request_triage(r->request, r->incident, 0, word, 0);
    else {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_TRIAGE, "word", word);
        return;
    }
    if (sgp_reader_ends(r))
        sgp_reader_done(r);
}

static void do_place(sgp_reader *r) {
    uint64_t number;
    if (!sgp_reader_incident(r, 1))
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    const Sigap__V1__Call *call =
        sgp_board_call(&r->model->narrator.board, sgp_reader_incident_of(r)->first_call_id);
    if (!sgp_number_parse(word, 100, &number) || call == NULL || number == 0 ||
        number > call->n_places) {
        sgp_reader_wrong(r, SGP_TEXT_CON_NO_CHOICE, "n", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_choose(r->request, r->incident, call->places[number - 1]);
    sgp_reader_done(r);
}

static void do_say(sgp_reader *r) {
    if (!sgp_reader_incident(r, 1))
        return;
    if (sgp_reader_incident_of(r)->first_call_id == 0) {
        sgp_reader_wrong(r, SGP_TEXT_CON_NO_CALL, "", "");
        return;
    }
    if (r->at >= r->n) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_TEXT);
        return;
    }
    sgp_request_narrow(r->request, sgp_reader_incident_of(r)->first_call_id, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_link(sgp_reader *r) {
    uint64_t number;
    const char *word = sgp_reader_next(r);
    const Sigap__V1__Incident *chosen = sgp_model_incident(r->model);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    if (chosen == NULL || chosen->first_call_id == 0) {
        sgp_reader_wrong(r, chosen == NULL ? SGP_TEXT_CON_NO_INCIDENT : SGP_TEXT_CON_NO_CALL, "",
                         "");
        return;
    }
    if (!sgp_number_parse(word, UINT64_MAX, &number) ||
        sgp_board_incident(&r->model->narrator.board, number) == NULL || number == chosen->id) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_link(r->request, chosen->first_call_id, number);
    sgp_reader_done(r);
}

static void do_backup(sgp_reader *r) {
    if (!sgp_reader_incident(r, 1))
        return;
    int kind = 0;
    uint64_t units = 1;
    for (const char *word; (word = sgp_reader_next(r)) != NULL;) {
        int found = sgp_reader_look_up(kinds, N(kinds), word);
        if (found != 0) {
            kind = found;
        } else if (!sgp_number_parse(word, 50, &units) || units == 0) {
            sgp_reader_wrong(r, SGP_TEXT_CON_BAD_KIND, "word", word);
            return;
        }
    }
    sgp_request_backup(r->request, r->incident, kind, (unsigned)units);
    sgp_reader_done(r);
}

static void do_aid(sgp_reader *r) {
    if (!sgp_reader_incident(r, 0))
        return;
    bool ended = false;
    if (r->at < r->n && strcmp(r->words[r->at], "-") == 0) {
        ended = true;
        r->at++;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_aid(r->request, r->incident, ended);
    sgp_reader_done(r);
}

static void do_mass(sgp_reader *r) {
    uint64_t patients = 0;
    if (!sgp_reader_incident(r, 1))
        return;
    const char *word = sgp_reader_next(r);
    if (word != NULL && !sgp_number_parse(word, 10000, &patients)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_NUMBER, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_mass(r->request, r->incident, (unsigned)patients);
    sgp_reader_done(r);
}

static void do_alert(sgp_reader *r) {
    if (!sgp_reader_incident(r, 1))
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_AGENCY);
        return;
    }
    char code[WORD_BYTES];
    size_t n = strlen(word);
    for (size_t i = 0; i <= n; i++)
        code[i] = (char)((unsigned char)word[i] < 0x80 ? toupper((unsigned char)word[i]) : word[i]);
    sgp_request_alert(r->request, r->incident, code, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_advise(sgp_reader *r) {
    if (!sgp_reader_incident(r, 0) || !sgp_reader_ends(r))
        return;
    sgp_request_advise(r->request, r->incident);
    sgp_reader_done(r);
}

static void local(sgp_reader *r, sgp_command_kind kind) {
    r->command->kind = kind;
    snprintf(r->command->text, sizeof r->command->text, "%s", sgp_reader_rest(r));
}

static void do_new(sgp_reader *r) {
    local(r, SGP_COMMAND_NEW_CALL);
}

static void do_find(sgp_reader *r) {
    local(r, SGP_COMMAND_FIND);
}

static void do_resend(sgp_reader *r) {
    local(r, SGP_COMMAND_RESEND);
}

static void do_drop(sgp_reader *r) {
    local(r, SGP_COMMAND_DROP);
}

static void do_quit(sgp_reader *r) {
    local(r, SGP_COMMAND_QUIT);
}

static void choose(sgp_reader *r, const char *word) {
    uint64_t number;
    if (!sgp_number_parse(word, UINT64_MAX, &number) ||
        sgp_board_incident(&r->model->narrator.board, number) == NULL) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    r->command->kind = SGP_COMMAND_CHOOSE;
    r->command->number = number;
}

static void do_incident(sgp_reader *r) {
    const char *word = sgp_reader_next(r);
    if (word == NULL)
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
    else
        choose(r, word);
}

static const sgp_known_command commands[] = {
    {{"u", "u"},
     "unit",
     {"u UNIT STATUS", "u UNIT STATUS"},
     "USH",
     SGP_TEXT_CON_HELP_UNIT,
     do_unit},
    {{"o", "o"},
     "order perintah",
     {"o [N] [UNIT]", "o [N] [UNIT]"},
     "U",
     SGP_TEXT_CON_HELP_ORDER,
     do_order},
    {{"alih", "d"},
     "divert",
     {"alih [N] UNIT", "d [N] UNIT"},
     "U",
     SGP_TEXT_CON_HELP_DIVERT,
     do_divert},
    {{"tarik", "sd"},
     "stand-down",
     {"tarik UNIT [ALASAN]", "sd UNIT [REASON]"},
     "U",
     SGP_TEXT_CON_HELP_STAND_DOWN,
     do_stand_down},
    {{"c", "c"},
     "close",
     {"c [N] HASIL", "c [N] OUTCOME"},
     "O",
     SGP_TEXT_CON_HELP_CLOSE,
     sgp_reader_close},
    {{"t", "t"},
     "triage triase",
     {"t [N] P1|KELUHAN|+1|*2", "t [N] P1|COMPLAINT|+1|*2"},
     "T",
     SGP_TEXT_CON_HELP_TRIAGE,
     do_triage},
    {{"tempat", "place"},
     "l",
     {"tempat [N] CALON", "place [N] NTH"},
     "-",
     SGP_TEXT_CON_HELP_PLACE,
     do_place},
    {{"kata", "say"}, "w", {"kata TEKS", "say TEXT"}, "-", SGP_TEXT_CON_HELP_SAY, do_say},
    {{"gabung", "link"}, "", {"gabung N", "link N"}, "I", SGP_TEXT_CON_HELP_LINK, do_link},
    {{"bantu", "b"},
     "backup",
     {"bantu [JENIS] [JUMLAH]", "b [KIND] [COUNT]"},
     "K",
     SGP_TEXT_CON_HELP_BACKUP,
     do_backup},
    {{"tetangga", "aid"}, "", {"tetangga [-]", "aid [-]"}, "", SGP_TEXT_CON_HELP_AID, do_aid},
    {{"massal", "mass"},
     "",
     {"massal [PASIEN]", "mass [PATIENTS]"},
     "-",
     SGP_TEXT_CON_HELP_MASS,
     do_mass},
    {{"panggil", "alert"},
     "a",
     {"panggil INSTANSI", "alert AGENCY"},
     "-",
     SGP_TEXT_CON_HELP_ALERT,
     do_alert},
    {{"saran", "advise"}, "r", {"saran", "advise"}, "", SGP_TEXT_CON_HELP_ADVISE, do_advise},
    {{"baru", "new"}, "n", {"baru [TEMPAT]", "new [PLACE]"}, "-", SGP_TEXT_CON_HELP_NEW, do_new},
    {{"k", "i"},
     "incident kejadian",
     {"k N  /  N", "i N  or  N"},
     "I",
     SGP_TEXT_CON_HELP_INCIDENT,
     do_incident},
    {{"cari", "find"}, "f", {"/HURUF", "/LETTERS"}, "-", SGP_TEXT_CON_HELP_FIND, do_find},
    {{"kirim", "resend"}, "", {"kirim", "resend"}, "", SGP_TEXT_CON_HELP_RESEND, do_resend},
    {{"buang", "drop"}, "", {"buang", "drop"}, "", SGP_TEXT_CON_HELP_DROP, do_drop},
    {{"keluar", "quit"}, "q exit", {"keluar", "quit"}, "", SGP_TEXT_CON_HELP_QUIT, do_quit},
};

/* Of both tables; NULL past the last. */
static const sgp_known_command *nth_command(size_t nth) {
    return nth < N(commands) ? &commands[nth] : sgp_more_commands(nth - N(commands));
}

static const sgp_known_command *find_command(const char *name) {
    const sgp_known_command *one;
    for (size_t i = 0; (one = nth_command(i)) != NULL; i++) {
        if (strcasecmp(one->names[0], name) == 0 || strcasecmp(one->names[1], name) == 0)
            return one;
        const char *word;
        for (size_t k = 0, length; (length = nth_word(one->more, k, &word)) > 0; k++)
            if (strlen(name) == length && strncasecmp(word, name, length) == 0)
                return one;
    }
    return NULL;
}

void sgp_command_read(const sgp_model *model, const sgp_dossier *dossier, const char *line,
                      sgp_request *request, sgp_command *out) {
    sgp_reader r = {.model = model, .dossier = dossier, .request = request, .command = out};
    *out = (sgp_command){.kind = SGP_COMMAND_NOTHING};
    uint64_t number;
    if (line[0] == '/') {
        out->kind = SGP_COMMAND_FIND;
        snprintf(out->text, sizeof out->text, "%s", line + 1);
        return;
    }
    split(&r, line);
    const char *name = sgp_reader_next(&r);
    if (name == NULL)
        return;
    if (sgp_number_parse(name, UINT64_MAX, &number)) {
        choose(&r, name);
        return;
    }
    const sgp_known_command *found = find_command(name);
    if (found == NULL)
        sgp_reader_wrong(&r, SGP_TEXT_CON_BAD_COMMAND, "word", name);
    else
        found->run(&r);
}

bool sgp_command_help(sgp_language language, size_t nth, char *form, size_t capacity,
                      const char **what) {
    const sgp_known_command *one = nth_command(nth);
    if (one == NULL)
        return false;
    snprintf(form, capacity, "%s", one->forms[language == SGP_ENGLISH]);
    *what = sgp_text_get(language, one->help);
    return true;
}

/* ---- completion --------------------------------------------------------------------- */

typedef struct offers {
    const char *begun;
    size_t n, most;
    char (*words)[SGP_COMPLETION_BYTES];
} offers;

static void offer(offers *o, const char *word, size_t length) {
    if (o->n >= o->most || length >= SGP_COMPLETION_BYTES || length < strlen(o->begun) ||
        strncasecmp(word, o->begun, strlen(o->begun)) != 0)
        return;
    for (size_t i = 0; i < o->n; i++)
        if (strlen(o->words[i]) == length && strncasecmp(o->words[i], word, length) == 0)
            return;
    memcpy(o->words[o->n], word, length);
    o->words[o->n++][length] = '\0';
}

static void offer_word(void *context, const char *word) {
    offer(context, word, strlen(word));
}

static void offer_table(offers *o, sgp_language language, const sgp_meaning *table, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *word;
        size_t length = nth_word(table[i].words, language == SGP_ENGLISH, &word);
        offer(o, word, length);
    }
}

static void offer_units(offers *o, const sgp_model *model) {
    const sgp_shelf *shelf = &model->narrator.board.units;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        offer(o, unit->code, strlen(unit->code));
    }
}

static void offer_slot(offers *o, const sgp_model *model, char slot) {
    const char *code, *nemsis;
    char number[24];
    switch (slot) {
    case 'U':
        offer_units(o, model);
        break;
    case 'S':
        offer_table(o, model->language, statuses, N(statuses));
        break;
    case 'O':
        offer_table(o, model->language, outcomes, N(outcomes));
        break;
    case 'K':
        offer_table(o, model->language, kinds, N(kinds));
        break;
    case 'T':
        for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
            offer(o, code, strlen(code));
        break;
    case 'H':
        for (size_t i = 0; i < model->narrator.board.hospitals.n; i++) {
            code = ((const Sigap__V1__Hospital *)model->narrator.board.hospitals.items[i].message)
                       ->code;
            offer(o, code, strlen(code));
        }
        break;
    case 'P': /* stations */
        for (size_t i = 0; i < model->narrator.board.units.n; i++) {
            code = ((const Sigap__V1__Unit *)model->narrator.board.units.items[i].message)->station;
            offer(o, code, strlen(code));
        }
        break;
    case 'W': /* who is at work, as far as a supervisor's report told; and who has something */
        for (size_t i = 0; model->report != NULL && i < model->report->n_at_work; i++)
            offer(o, model->report->at_work[i]->user, strlen(model->report->at_work[i]->user));
        for (size_t i = 0; i < model->narrator.board.incidents.n; i++) {
            code = ((const Sigap__V1__Incident *)model->narrator.board.incidents.items[i].message)
                       ->taken_by;
            offer(o, code, strlen(code));
        }
        break;
    case 'I':
        for (size_t i = 0; i < model->n_incidents; i++) {
            snprintf(number, sizeof number, "%" PRIu64, model->incidents[i].id);
            offer(o, number, strlen(number));
        }
        break;
    default:
        sgp_admin_offers(model, slot, offer_word, o);
        if (slot == 'M')
            offer_units(o, model);
        break;
    }
}

size_t sgp_command_complete(const sgp_model *model, const char *line, size_t most,
                            char words[][SGP_COMPLETION_BYTES]) {
    sgp_reader r = {.model = model};
    if (line[0] == '/')
        return 0;
    split(&r, line);
    size_t length = strlen(line);
    bool begins_new = length > 0 && line[length - 1] == ' ';
    size_t at = begins_new ? r.n : r.n - (r.n > 0); /* which word is being typed */
    offers o = {.begun = at < r.n ? r.words[at] : "", .most = most, .words = words};
    if (at == 0) {
        const sgp_known_command *one;
        for (size_t i = 0; (one = nth_command(i)) != NULL && o.begun[0] != '\0'; i++) {
            const char *name = one->names[model->language == SGP_ENGLISH];
            offer(&o, name, strlen(name));
        }
        return o.n;
    }
    const sgp_known_command *found = find_command(r.words[0]);
    if (found == NULL)
        return 0;
    /* A number before the first word names the incident. */
    uint64_t number;
    if (at > 1 && found->slots[0] != 'I' && strcmp(found->slots, "USH") != 0 &&
        sgp_number_parse(r.words[1], UINT64_MAX, &number))
        at--;
    if (at - 1 < strlen(found->slots))
        offer_slot(&o, model, found->slots[at - 1]);
    return o.n;
}
