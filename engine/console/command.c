#include "console/command.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apps/options.h"
#include "sigap/core.h"

enum { WORDS_MAX = 8, WORD_BYTES = 128 };

typedef struct reader {
    const sgp_model *model;
    sgp_request *request;
    sgp_command *command;
    char words[WORDS_MAX][WORD_BYTES];
    const char *rest[WORDS_MAX + 1]; /* the line from this word on */
    size_t n, at;
    uint64_t incident; /* named or chosen; 0: neither */
} reader;

/* ---- sentences ---------------------------------------------------------------------- */

static void wrong(reader *r, sgp_text key, const char *name, const char *value) {
    r->command->kind = SGP_COMMAND_WRONG;
    sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language, key, name, value,
                  NULL);
}

static void missing(reader *r, sgp_text what) {
    wrong(r, SGP_TEXT_CON_MISSING, "what", sgp_text_get(r->model->language, what));
}

/* ---- words that mean something -------------------------------------------------------- */

typedef struct meaning {
    const char *words; /* separated by blanks: Indonesian first */
    int value;
} meaning;

enum { STATUS_ON = 100, STATUS_OFF };
static const meaning statuses[] = {
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
};
static const meaning outcomes[] = {
    {"iseng prank", SIGAP__V1__OUTCOME__PRANK},
    {"bisu silent", SIGAP__V1__OUTCOME__SILENT},
    {"hantu ghost", SIGAP__V1__OUTCOME__GHOST},
    {"ganda dup", SIGAP__V1__OUTCOME__DUPLICATE},
    {"info info", SIGAP__V1__OUTCOME__INFORMATION},
    {"tertangani served", SIGAP__V1__OUTCOME__SERVED},
    {"batal cancel", SIGAP__V1__OUTCOME__CANCELLED},
};
static const meaning kinds[] = {
    {"ambulans ambulance", SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC},
    {"gawat advanced", SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED},
    {"motor motorbike", SIGAP__V1__UNIT_KIND__MOTORBIKE},
    {"komando command", SIGAP__V1__UNIT_KIND__COMMAND_CAR},
    {"pemadam fire", SIGAP__V1__UNIT_KIND__FIRE_ENGINE},
    {"penyelamat rescue", SIGAP__V1__UNIT_KIND__RESCUE},
};
#define N(table) (sizeof(table) / sizeof(table)[0])

/* The nth word of a meaning, "" past the last. */
static size_t nth_word(const char *words, size_t nth, const char **word) {
    for (; nth > 0 && *words != '\0'; nth--) {
        words += strcspn(words, " ");
        words += *words == ' ';
    }
    *word = words;
    return strcspn(words, " ");
}

static int look_up(const meaning *table, size_t n, const char *text) {
    for (size_t i = 0; i < n; i++) {
        const char *word;
        for (size_t k = 0, length; (length = nth_word(table[i].words, k, &word)) > 0; k++)
            if (strlen(text) == length && strncasecmp(word, text, length) == 0)
                return table[i].value;
    }
    return 0;
}

/* The words of one language, for a sentence. */
static char *known_words(sgp_language language, const meaning *table, size_t n, char *out,
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
        {'x', 'x', SIGAP__V1__OUTCOME__CANCELLED},
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

static const Sigap__V1__Unit *find_unit(reader *r, const char *word) {
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
        wrong(r, SGP_TEXT_CON_BAD_UNIT, "word", word);
    }
    return NULL;
}

/* ---- the words of a line ------------------------------------------------------------- */

static void split(reader *r, const char *line) {
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

static const char *next_word(reader *r) {
    return r->at < r->n ? r->words[r->at++] : NULL;
}

static const char *rest_of_line(const reader *r) {
    return r->rest[r->at < r->n ? r->at : r->n];
}

static bool ends(reader *r) {
    if (r->at >= r->n)
        return true;
    wrong(r, SGP_TEXT_CON_TOO_MUCH, "word", r->words[r->at]);
    return false;
}

/* Takes the incident that the line names, or the chosen one. `needed`: how many words must
 * follow a bare number for it to be one. */
static bool take_incident(reader *r, size_t needed) {
    uint64_t number;
    r->incident = r->model->incident;
    if (r->at < r->n) {
        const char *word = r->words[r->at];
        bool named = word[0] == '#';
        if ((named || r->n - r->at > needed) && sgp_number_parse(word, UINT64_MAX, &number)) {
            r->at++;
            r->incident = number;
            if (sgp_board_incident(&r->model->narrator.board, number) == NULL) {
                wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
                return false;
            }
            return true;
        }
    }
    if (r->incident == 0) {
        wrong(r, SGP_TEXT_CON_NO_INCIDENT, "", "");
        return false;
    }
    return true;
}

static const Sigap__V1__Incident *incident_of(const reader *r) {
    return sgp_board_incident(&r->model->narrator.board, r->incident);
}

static void done(reader *r) {
    r->command->kind = SGP_COMMAND_REQUEST;
}

static const Sigap__V1__Unit *take_unit(reader *r) {
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_UNIT);
        return NULL;
    }
    return find_unit(r, word);
}

/* ---- commands --------------------------------------------------------------------- */

static void no_job(reader *r, const Sigap__V1__Unit *unit) {
    wrong(r, SGP_TEXT_CON_NO_JOB, "unit", unit->code);
}

static void do_unit(reader *r) {
    char known[160];
    const Sigap__V1__Unit *unit = take_unit(r);
    if (unit == NULL)
        return;
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_STATUS);
        return;
    }
    int status = look_up(statuses, N(statuses), word);
    if (status == 0) {
        r->command->kind = SGP_COMMAND_WRONG;
        sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language,
                      SGP_TEXT_CON_BAD_STATUS, "word", word, "known",
                      known_words(r->model->language, statuses, N(statuses), known, sizeof known),
                      NULL);
        return;
    }
    const Sigap__V1__Assignment *job = sgp_unit_assignment(r->model, unit);
    const char *hospital = "";
    if (status == STATUS_ON || status == STATUS_OFF) {
        if (ends(r)) {
            sgp_request_duty(r->request, unit->code, status == STATUS_ON);
            done(r);
        }
        return;
    }
    if (job == NULL) {
        no_job(r, unit);
        return;
    }
    if (status == SIGAP__V1__ASSIGNMENT_STATE__DECLINED) {
        sgp_request_answer(r->request, job->id, false, rest_of_line(r));
        done(r);
        return;
    }
    if (status == SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING && r->at < r->n) {
        hospital = next_word(r);
        for (size_t i = 0; i < r->model->narrator.board.hospitals.n; i++) {
            const Sigap__V1__Hospital *one =
                (const Sigap__V1__Hospital *)r->model->narrator.board.hospitals.items[i].message;
            if (strcasecmp(one->code, hospital) == 0)
                hospital = one->code;
        }
    }
    if (!ends(r))
        return;
    if (status == SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED)
        sgp_request_answer(r->request, job->id, true, "");
    else
        sgp_request_advance(r->request, job->id, (Sigap__V1__AssignmentState)status, hospital);
    done(r);
}

static void order(reader *r, bool divert) {
    if (!take_incident(r, 1))
        return;
    const char *code = "";
    if (r->at < r->n || divert) {
        const Sigap__V1__Unit *unit = take_unit(r);
        if (unit == NULL)
            return;
        code = unit->code;
    }
    if (!ends(r))
        return;
    sgp_request_order(r->request, r->incident, code, divert);
    done(r);
}

static void do_order(reader *r) {
    order(r, false);
}

static void do_divert(reader *r) {
    order(r, true);
}

static void do_stand_down(reader *r) {
    const Sigap__V1__Unit *unit = take_unit(r);
    if (unit == NULL)
        return;
    const Sigap__V1__Assignment *job = sgp_unit_assignment(r->model, unit);
    if (job == NULL) {
        no_job(r, unit);
        return;
    }
    sgp_request_stand_down(r->request, job->id, rest_of_line(r));
    done(r);
}

static void do_close(reader *r) {
    char known[160];
    if (!take_incident(r, 1))
        return;
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_OUTCOME);
        return;
    }
    int outcome = look_up(outcomes, N(outcomes), word);
    if (outcome == 0) {
        r->command->kind = SGP_COMMAND_WRONG;
        sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language,
                      SGP_TEXT_CON_BAD_OUTCOME, "word", word, "known",
                      known_words(r->model->language, outcomes, N(outcomes), known, sizeof known),
                      NULL);
        return;
    }
    if (!ends(r))
        return;
    sgp_request_close(r->request, r->incident, (Sigap__V1__Outcome)outcome);
    done(r);
}

static bool is_complaint(const char *word) {
    const char *code, *nemsis;
    for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
        if (strcasecmp(code, word) == 0 || strcmp(nemsis, word) == 0)
            return true;
    return false;
}

static void do_triage(reader *r) {
    if (!take_incident(r, 1))
        return;
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_TRIAGE);
        return;
    }
    uint64_t units;
    if (sgp_priority_parse(word) != 0)
        sgp_request_triage(r->request, r->incident, sgp_priority_parse(word), "", 0);
    else if (word[0] == '+' && sgp_number_parse(word + 1, 50, &units) && units > 0)
        sgp_request_triage(r->request, r->incident, 0, "",
                           incident_of(r)->units_wanted + (unsigned)units);
    else if (is_complaint(word))
        sgp_request_triage(r->request, r->incident, 0, word, 0);
    else {
        wrong(r, SGP_TEXT_CON_BAD_TRIAGE, "word", word);
        return;
    }
    if (ends(r))
        done(r);
}

static void do_place(reader *r) {
    uint64_t number;
    if (!take_incident(r, 1))
        return;
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    const Sigap__V1__Call *call =
        sgp_board_call(&r->model->narrator.board, incident_of(r)->first_call_id);
    if (!sgp_number_parse(word, 100, &number) || call == NULL || number == 0 ||
        number > call->n_places) {
        wrong(r, SGP_TEXT_CON_NO_CHOICE, "n", word);
        return;
    }
    if (!ends(r))
        return;
    sgp_request_choose(r->request, r->incident, call->places[number - 1]);
    done(r);
}

static void do_say(reader *r) {
    if (!take_incident(r, 1))
        return;
    if (incident_of(r)->first_call_id == 0) {
        wrong(r, SGP_TEXT_CON_NO_CALL, "", "");
        return;
    }
    if (r->at >= r->n) {
        missing(r, SGP_TEXT_CON_WHAT_TEXT);
        return;
    }
    sgp_request_narrow(r->request, incident_of(r)->first_call_id, rest_of_line(r));
    done(r);
}

static void do_link(reader *r) {
    uint64_t number;
    const char *word = next_word(r);
    const Sigap__V1__Incident *chosen = sgp_model_incident(r->model);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    if (chosen == NULL || chosen->first_call_id == 0) {
        wrong(r, chosen == NULL ? SGP_TEXT_CON_NO_INCIDENT : SGP_TEXT_CON_NO_CALL, "", "");
        return;
    }
    if (!sgp_number_parse(word, UINT64_MAX, &number) ||
        sgp_board_incident(&r->model->narrator.board, number) == NULL || number == chosen->id) {
        wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
        return;
    }
    if (!ends(r))
        return;
    sgp_request_link(r->request, chosen->first_call_id, number);
    done(r);
}

static void do_backup(reader *r) {
    if (!take_incident(r, 1))
        return;
    int kind = 0;
    uint64_t units = 1;
    for (const char *word; (word = next_word(r)) != NULL;) {
        int found = look_up(kinds, N(kinds), word);
        if (found != 0) {
            kind = found;
        } else if (!sgp_number_parse(word, 50, &units) || units == 0) {
            wrong(r, SGP_TEXT_CON_BAD_KIND, "word", word);
            return;
        }
    }
    sgp_request_backup(r->request, r->incident, kind, (unsigned)units);
    done(r);
}

static void do_aid(reader *r) {
    if (!take_incident(r, 0))
        return;
    bool ended = false;
    if (r->at < r->n && strcmp(r->words[r->at], "-") == 0) {
        ended = true;
        r->at++;
    }
    if (!ends(r))
        return;
    sgp_request_aid(r->request, r->incident, ended);
    done(r);
}

static void do_mass(reader *r) {
    uint64_t patients = 0;
    if (!take_incident(r, 1))
        return;
    const char *word = next_word(r);
    if (word != NULL && !sgp_number_parse(word, 10000, &patients)) {
        wrong(r, SGP_TEXT_CON_BAD_NUMBER, "word", word);
        return;
    }
    if (!ends(r))
        return;
    sgp_request_mass(r->request, r->incident, (unsigned)patients);
    done(r);
}

static void do_alert(reader *r) {
    if (!take_incident(r, 1))
        return;
    const char *word = next_word(r);
    if (word == NULL) {
        missing(r, SGP_TEXT_CON_WHAT_AGENCY);
        return;
    }
    char code[WORD_BYTES];
    size_t n = strlen(word);
    for (size_t i = 0; i <= n; i++)
        code[i] = (char)((unsigned char)word[i] < 0x80 ? toupper((unsigned char)word[i]) : word[i]);
    sgp_request_alert(r->request, r->incident, code, rest_of_line(r));
    done(r);
}

static void do_advise(reader *r) {
    if (!take_incident(r, 0) || !ends(r))
        return;
    sgp_request_advise(r->request, r->incident);
    done(r);
}

static void local(reader *r, sgp_command_kind kind) {
    r->command->kind = kind;
    snprintf(r->command->text, sizeof r->command->text, "%s", rest_of_line(r));
}

static void do_new(reader *r) {
    local(r, SGP_COMMAND_NEW_CALL);
}

static void do_find(reader *r) {
    local(r, SGP_COMMAND_FIND);
}

static void do_resend(reader *r) {
    local(r, SGP_COMMAND_RESEND);
}

static void do_drop(reader *r) {
    local(r, SGP_COMMAND_DROP);
}

static void do_quit(reader *r) {
    local(r, SGP_COMMAND_QUIT);
}

static void choose(reader *r, const char *word) {
    uint64_t number;
    if (!sgp_number_parse(word, UINT64_MAX, &number) ||
        sgp_board_incident(&r->model->narrator.board, number) == NULL) {
        wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
        return;
    }
    if (!ends(r))
        return;
    r->command->kind = SGP_COMMAND_CHOOSE;
    r->command->number = number;
}

static void do_incident(reader *r) {
    const char *word = next_word(r);
    if (word == NULL)
        missing(r, SGP_TEXT_CON_WHAT_NUMBER);
    else
        choose(r, word);
}

typedef struct command {
    const char *names[2]; /* Indonesian, English */
    const char *more;     /* other names, separated by blanks */
    const char *forms[2];
    const char *slots; /* of each word: U unit, S status, O outcome, T triage, K kind, H hospital,
                          I incident, - anything */
    sgp_text help;
    void (*run)(reader *r);
} command;

static const command commands[] = {
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
     "close tutup",
     {"c [N] HASIL", "c [N] OUTCOME"},
     "O",
     SGP_TEXT_CON_HELP_CLOSE,
     do_close},
    {{"t", "t"},
     "triage triase",
     {"t [N] P1|KELUHAN|+1", "t [N] P1|COMPLAINT|+1"},
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

static const command *find_command(const char *name) {
    for (size_t i = 0; i < N(commands); i++) {
        if (strcasecmp(commands[i].names[0], name) == 0 ||
            strcasecmp(commands[i].names[1], name) == 0)
            return &commands[i];
        const char *word;
        for (size_t k = 0, length; (length = nth_word(commands[i].more, k, &word)) > 0; k++)
            if (strlen(name) == length && strncasecmp(word, name, length) == 0)
                return &commands[i];
    }
    return NULL;
}

void sgp_command_read(const sgp_model *model, const char *line, sgp_request *request,
                      sgp_command *out) {
    reader r = {.model = model, .request = request, .command = out};
    *out = (sgp_command){.kind = SGP_COMMAND_NOTHING};
    uint64_t number;
    if (line[0] == '/') {
        out->kind = SGP_COMMAND_FIND;
        snprintf(out->text, sizeof out->text, "%s", line + 1);
        return;
    }
    split(&r, line);
    const char *name = next_word(&r);
    if (name == NULL)
        return;
    if (sgp_number_parse(name, UINT64_MAX, &number)) {
        choose(&r, name);
        return;
    }
    const command *found = find_command(name);
    if (found == NULL)
        wrong(&r, SGP_TEXT_CON_BAD_COMMAND, "word", name);
    else
        found->run(&r);
}

bool sgp_command_help(sgp_language language, size_t nth, char *form, size_t capacity,
                      const char **what) {
    if (nth >= N(commands))
        return false;
    snprintf(form, capacity, "%s", commands[nth].forms[language == SGP_ENGLISH]);
    *what = sgp_text_get(language, commands[nth].help);
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

static void offer_table(offers *o, sgp_language language, const meaning *table, size_t n) {
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
    case 'I':
        for (size_t i = 0; i < model->n_incidents; i++) {
            snprintf(number, sizeof number, "%" PRIu64, model->incidents[i].id);
            offer(o, number, strlen(number));
        }
        break;
    default:
        break;
    }
}

size_t sgp_command_complete(const sgp_model *model, const char *line, size_t most,
                            char words[][SGP_COMPLETION_BYTES]) {
    reader r = {.model = model};
    if (line[0] == '/')
        return 0;
    split(&r, line);
    size_t length = strlen(line);
    bool begins_new = length > 0 && line[length - 1] == ' ';
    size_t at = begins_new ? r.n : r.n - (r.n > 0); /* which word is being typed */
    offers o = {.begun = at < r.n ? r.words[at] : "", .most = most, .words = words};
    if (at == 0) {
        for (size_t i = 0; i < N(commands) && o.begun[0] != '\0'; i++) {
            const char *name = commands[i].names[model->language == SGP_ENGLISH];
            offer(&o, name, strlen(name));
        }
        return o.n;
    }
    const command *found = find_command(r.words[0]);
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
