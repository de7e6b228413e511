/* Commands beyond incidents and orders: what is known of places and numbers, hospitals and their
 * patients, transfers, crews in danger, waiting elsewhere, roads, and what to look at. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apps/clock_option.h"
#include "apps/hospital_told.h"
#include "apps/options.h"
#include "console/command_parts.h"

/* ---- words ------------------------------------------------------------------------------------
 */

static const sgp_meaning premise_kinds[] = {
    {"bahaya hazard", SIGAP__V1__PREMISE_KIND__PREMISE_HAZARD},
    {"akses access", SIGAP__V1__PREMISE_KIND__PREMISE_ACCESS},
    {"pasien patient", SIGAP__V1__PREMISE_KIND__PREMISE_PATIENT},
};
static const sgp_meaning colours[] = {
    {"merah red", SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_RED},
    {"kuning yellow", SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_YELLOW},
    {"hijau green", SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_GREEN},
    {"hitam black", SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_BLACK},
};
static const sgp_meaning yes_or_no[] = {{"terima accept ya yes ok", 1}, {"tolak decline no", 2}};
static const sgp_meaning diversions[] = {
    {"buka open", 1 + SIGAP__V1__DIVERSION__DIVERSION_OPEN},
    {"alih divert", 1 + SIGAP__V1__DIVERSION__DIVERSION_ALL},
    {"tutup closed", 1 + SIGAP__V1__DIVERSION__DIVERSION_CLOSED},
};

static void no_word(sgp_reader *r, const char *word, const sgp_meaning *table, size_t n) {
    char known[200];
    r->command->kind = SGP_COMMAND_WRONG;
    sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language,
                  SGP_TEXT_CON_BAD_WORD, "word", word, "known",
                  sgp_reader_known(r->model->language, table, n, known, sizeof known), NULL);
}

static const Sigap__V1__Hospital *find_hospital(const sgp_reader *r, const char *word) {
    const sgp_shelf *shelf = &r->model->narrator.board.hospitals;
    const Sigap__V1__Hospital *only = NULL;
    size_t n = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Hospital *one = (const Sigap__V1__Hospital *)shelf->items[i].message;
        if (strcasecmp(one->code, word) == 0)
            return one;
        if (strcasestr(one->code, word) != NULL || strcasestr(one->name, word) != NULL) {
            only = one;
            n++;
        }
    }
    return n == 1 ? only : NULL;
}

static const Sigap__V1__Hospital *take_hospital(sgp_reader *r) {
    const char *word = sgp_reader_next(r);
    const Sigap__V1__Hospital *found = word != NULL ? find_hospital(r, word) : NULL;
    if (word == NULL)
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_HOSPITAL);
    else if (found == NULL)
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_HOSPITAL, "word", word);
    return found;
}

/* The assignment of the unit that the line names. */
static const Sigap__V1__Assignment *take_job(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    const Sigap__V1__Assignment *job = unit != NULL ? sgp_unit_assignment(r->model, unit) : NULL;
    if (unit != NULL && job == NULL)
        sgp_reader_no_job(r, unit);
    return job;
}

/* The first call of the named or chosen incident; 0: it says why. */
static uint64_t take_call(sgp_reader *r, size_t needed) {
    if (!sgp_reader_incident(r, needed))
        return 0;
    if (sgp_reader_incident_of(r)->first_call_id == 0)
        sgp_reader_wrong(r, SGP_TEXT_CON_NO_CALL, "", "");
    return sgp_reader_incident_of(r)->first_call_id;
}

static bool need_words(sgp_reader *r) {
    if (r->at < r->n)
        return true;
    sgp_reader_missing(r, SGP_TEXT_CON_WHAT_TEXT);
    return false;
}

/* ---- calls, numbers, places -------------------------------------------------------------------
 */

static void do_note(sgp_reader *r) {
    /* Only "#12" names an incident: a note may begin with a number. */
    if (sgp_reader_incident(r, WORDS_MAX) && need_words(r)) {
        sgp_request_note(r->request, r->incident, sgp_reader_rest(r));
        sgp_reader_done(r);
    }
}

static void do_premise(sgp_reader *r) {
    uint64_t number, version = 0;
    if (r->at + 1 < r->n && strcmp(r->words[r->at], "-") == 0 &&
        sgp_number_parse(r->words[r->at + 1], UINT64_MAX, &number)) {
        const Sigap__V1__IncidentDetail *detail = r->dossier != NULL && r->dossier->detail != NULL
                                                      ? r->dossier->detail->incident_detail
                                                      : NULL;
        for (size_t i = 0; detail != NULL && i < detail->n_premises; i++)
            if (detail->premises[i]->id == number)
                version = detail->premises[i]->version;
        sgp_request_no_premise(r->request, number, version);
        sgp_reader_done(r);
        return;
    }
    if (!sgp_reader_incident(r, WORDS_MAX) || !need_words(r))
        return;
    int kind = sgp_reader_look_up(premise_kinds, N(premise_kinds), r->words[r->at]);
    if (kind != 0)
        r->at++;
    else
        kind = SIGAP__V1__PREMISE_KIND__PREMISE_OTHER;
    if (!need_words(r))
        return;
    sgp_request_premise(r->request, r->incident, kind, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_mark(sgp_reader *r) {
    uint64_t hours = 0, call = take_call(r, 1);
    if (call == 0)
        return;
    const char *word = sgp_reader_next(r);
    bool lift = word != NULL && strcmp(word, "-") == 0;
    if (word != NULL && !lift && (!sgp_number_parse(word, 8760, &hours) || hours == 0)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_NUMBER, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_mark(r->request, call, lift, (int)hours);
    sgp_reader_done(r);
}

static void do_other(sgp_reader *r) {
    uint64_t number, call = take_call(r, WORDS_MAX);
    if (call == 0)
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    if (!sgp_number_parse(word, UINT64_MAX, &number)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_INCIDENT, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_dismiss(r->request, call, number);
    sgp_reader_done(r);
}

static void do_answer(sgp_reader *r) {
    if (!sgp_reader_incident(r, WORDS_MAX))
        return;
    const char *question = sgp_reader_next(r), *answer = sgp_reader_next(r);
    if (question == NULL) {
        r->command->kind = SGP_COMMAND_SEE; /* then it is asked question by question */
        r->command->number = SGP_SEE_SCRIPT;
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_answer_question(r->request, r->incident, question, answer != NULL ? answer : "");
    sgp_reader_done(r);
}

static void do_reply(sgp_reader *r) {
    char agency[WORD_BYTES];
    if (!sgp_reader_incident(r, WORDS_MAX))
        return;
    const char *code = sgp_reader_next(r), *word = sgp_reader_next(r);
    if (code == NULL || word == NULL) {
        sgp_reader_missing(r, code == NULL ? SGP_TEXT_CON_WHAT_AGENCY : SGP_TEXT_CON_WHAT_YES_NO);
        return;
    }
    int said = sgp_reader_look_up(yes_or_no, N(yes_or_no), word);
    if (said == 0) {
        no_word(r, word, yes_or_no, N(yes_or_no));
        return;
    }
    size_t n = strlen(code);
    for (size_t i = 0; i <= n; i++)
        agency[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ? code[i] - 'a' + 'A' : code[i]);
    sgp_request_answer_alert(r->request, r->incident, agency, said == 1, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_locate(sgp_reader *r) {
    uint64_t call = take_call(r, 0);
    if (call == 0 || !sgp_reader_ends(r))
        return;
    sgp_request_locate(r->request, call);
    sgp_reader_done(r);
}

/* ---- telephones ---------------------------------------------------------------------------- */

static const sgp_meaning call_backs[] = {
    {"tersambung reached", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_REACHED},
    {"takdijawab noanswer", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NO_ANSWER},
    {"takperlu notneeded", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NOT_NEEDED},
};

static void do_take(sgp_reader *r) {
    uint64_t number = 0;
    const char *word = sgp_reader_next(r);
    if (word != NULL && !sgp_number_parse(word, UINT64_MAX, &number)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_NUMBER, "word", word);
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    r->command->kind = SGP_COMMAND_TAKE;
    r->command->number = number;
}

static void do_call_back(sgp_reader *r) {
    uint64_t number;
    const char *word = sgp_reader_next(r), *outcome = sgp_reader_next(r);
    if (word == NULL) {
        r->command->kind = SGP_COMMAND_SEE;
        r->command->number = SGP_SEE_RINGS;
        return;
    }
    if (!sgp_number_parse(word, UINT64_MAX, &number)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_NUMBER, "word", word);
        return;
    }
    int state = outcome == NULL ? SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED
                                : sgp_reader_look_up(call_backs, N(call_backs), outcome);
    if (state == 0) {
        no_word(r, outcome, call_backs, N(call_backs));
        return;
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_call_back(r->request, number, state);
    sgp_reader_done(r);
}

/* ---- hospitals --------------------------------------------------------------------------------
 */

static void do_bring(sgp_reader *r) {
    if (r->at >= r->n) {
        r->command->kind = SGP_COMMAND_SEE;
        r->command->number = SGP_SEE_HOSPITALS;
        return;
    }
    const Sigap__V1__Assignment *job = take_job(r);
    if (job == NULL)
        return;
    if (r->at >= r->n) {
        sgp_request_ask_hospital(r->request, job->id);
        sgp_reader_done(r);
        return;
    }
    const Sigap__V1__Hospital *hospital = take_hospital(r);
    if (hospital == NULL || !sgp_reader_ends(r))
        return;
    sgp_request_choose_hospital(r->request, job->id, hospital->code);
    sgp_reader_done(r);
}

static void do_hospital(sgp_reader *r) {
    uint64_t beds;
    const Sigap__V1__Hospital *hospital = take_hospital(r);
    if (hospital == NULL)
        return;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_BEDS);
        return;
    }
    int diversion = sgp_reader_look_up(diversions, N(diversions), word);
    sgp_request_hospital(r->request, hospital->code, hospital->version,
                         diversion != 0 ? sgp_reader_rest(r) : "");
    if (diversion != 0) {
        r->request->body.hospital.who_case = SIGAP__V1__TELL_HOSPITAL__WHO_DIVERSION;
        r->request->body.hospital.diversion = (Sigap__V1__Diversion)(diversion - 1);
    } else if (word[0] == '+' && sgp_number_parse(word + 1, 1000, &beds)) {
        r->request->body.hospital.released = (int32_t)beds;
    } else if (sgp_number_parse(word, 10000, &beds)) {
        r->request->body.hospital.count_case = SIGAP__V1__TELL_HOSPITAL__COUNT_BEDS;
        r->request->body.hospital.beds = (int32_t)beds;
    } else {
        no_word(r, word, diversions, N(diversions));
        return;
    }
    if (diversion != 0 || sgp_reader_ends(r))
        sgp_reader_done(r);
}

static void do_patient(sgp_reader *r) {
    const Sigap__V1__Assignment *job = take_job(r);
    int colour = 0;
    bool told = false;
    uint32_t needs = 0;
    char left[256];
    if (job == NULL)
        return;
    for (const char *word, *wrong; (word = sgp_reader_next(r)) != NULL;) {
        int found = sgp_reader_look_up(colours, N(colours), word);
        if (found != 0) {
            colour = found;
        } else if (sgp_abilities_parse(word, &needs, left, &wrong)) {
            told = true;
        } else {
            no_word(r, word, colours, N(colours));
            return;
        }
    }
    if (colour == 0 && !told) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_PATIENT);
        return;
    }
    sgp_request_patient(r->request, job->id, colour, told, needs);
    sgp_reader_done(r);
}

/* ---- transfers --------------------------------------------------------------------------------
 */

static const Sigap__V1__Transfer *find_transfer(sgp_reader *r, const char *word) {
    uint64_t number;
    const Sigap__V1__Transfer *found = word != NULL && sgp_number_parse(word, UINT64_MAX, &number)
                                           ? (const Sigap__V1__Transfer *)sgp_shelf_get(
                                                 &r->model->narrator.board.transfers, number)
                                           : NULL;
    if (word == NULL)
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
    else if (found == NULL)
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_TRANSFER, "word", word);
    return found;
}

/* Times and units in any order behind it. false: it says what is wrong. */
static bool transfer_words(sgp_reader *r, int64_t *at_ms, const char **unit) {
    for (const char *word; (word = sgp_reader_next(r)) != NULL;) {
        if (sgp_clock_parse(word, r->model->now_ms, false, at_ms))
            continue;
        const Sigap__V1__Unit *found = sgp_reader_find_unit(r, word);
        if (found == NULL)
            return false;
        *unit = found->code;
    }
    return true;
}

static void do_transfer(sgp_reader *r) {
    uint64_t number;
    int64_t at_ms = 0;
    const char *unit = NULL;
    if (r->at >= r->n) {
        r->command->kind = SGP_COMMAND_SEE;
        r->command->number = SGP_SEE_TRANSFERS;
        return;
    }
    if (strcmp(r->words[r->at], "-") == 0) {
        r->at++;
        const Sigap__V1__Transfer *old = find_transfer(r, sgp_reader_next(r));
        if (old == NULL)
            return;
        sgp_request_cancel_transfer(r->request, old->id, old->version, sgp_reader_rest(r));
        sgp_reader_done(r);
        return;
    }
    if (sgp_number_parse(r->words[r->at], UINT64_MAX, &number)) {
        const Sigap__V1__Transfer *old = find_transfer(r, sgp_reader_next(r));
        if (old == NULL || !need_words(r) || !transfer_words(r, &at_ms, &unit))
            return;
        sgp_request_change_transfer(r->request, old->id, old->version, at_ms, unit != NULL,
                                    unit != NULL ? unit : "");
        sgp_reader_done(r);
        return;
    }
    const Sigap__V1__Hospital *from = take_hospital(r),
                              *to = from != NULL ? take_hospital(r) : NULL;
    if (to == NULL || !transfer_words(r, &at_ms, &unit))
        return;
    sgp_request_transfer(r->request, from->code, to->code, at_ms, unit != NULL ? unit : "");
    sgp_reader_done(r);
}

/* ---- crews ------------------------------------------------------------------------------------
 */

static void do_distress(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    sgp_request_distress(r->request, unit->code, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_safe(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    if (r->at >= r->n) { /* never without one */
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_REASON);
        return;
    }
    sgp_request_safe(r->request, unit->code, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_move_up(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    const char *word = r->at < r->n ? r->words[r->at] : NULL;
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_STATION);
        return;
    }
    int said = r->at + 1 == r->n ? sgp_reader_look_up(yes_or_no, N(yes_or_no), word) : 0;
    if (strcmp(word, "-") == 0) {
        r->at++;
        sgp_request_end_move_up(r->request, unit->code, sgp_reader_rest(r));
    } else if (said != 0 && unit->post != NULL) {
        sgp_request_answer_move_up(r->request, unit->code, unit->post->move_up_id, said == 1);
    } else {
        sgp_request_move_up(r->request, unit->code, sgp_reader_rest(r));
    }
    sgp_reader_done(r);
}

/* ---- the city ----------------------------------------------------------------------------------
 */

static bool point_of(const char *word, double *lon, double *lat) {
    char *end;
    *lon = strtod(word, &end);
    if (end == word || *end != ',')
        return false;
    word = end + 1;
    *lat = strtod(word, &end);
    return end != word && *end == '\0' && *lon >= -180 && *lon <= 180 && *lat >= -90 && *lat <= 90;
}

/* "jalan 123456 banjir", "jalan 112.63,-7.97 80 banjir", "jalan - 7" */
static void do_road(sgp_reader *r) {
    uint64_t number = 0, radius = 50;
    double lon = 0, lat = 0;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_ROAD);
        return;
    }
    if (strcmp(word, "-") == 0) {
        word = sgp_reader_next(r);
        if (word == NULL || !sgp_number_parse(word, INT64_MAX, &number)) {
            sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
            return;
        }
        /* Numbers of closures are small, those of OpenStreetMap's ways are not. */
        bool way = r->at < r->n && strcasecmp(r->words[r->at], "way") == 0;
        sgp_request_open_road(r->request, way ? 0 : number, way ? (int64_t)number : 0);
        sgp_reader_done(r);
        return;
    }
    if (!sgp_number_parse(word, INT64_MAX, &number) && !point_of(word, &lon, &lat)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_ROAD, "word", word);
        return;
    }
    if (number == 0 && r->at < r->n && sgp_number_parse(r->words[r->at], 5000, &radius))
        r->at++;
    sgp_request_close_road(r->request, (int64_t)number, lon, lat, (int)radius, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_reload(sgp_reader *r) {
    if (sgp_reader_ends(r)) {
        sgp_request_reload(r->request);
        sgp_reader_done(r);
    }
}

static void do_city(sgp_reader *r) {
    if (sgp_reader_ends(r)) {
        sgp_request_city(r->request);
        sgp_reader_done(r);
    }
}

/* ---- what to look at ----------------------------------------------------------------------------
 */

static void see(sgp_reader *r, sgp_command_see what) {
    r->command->kind = SGP_COMMAND_SEE;
    r->command->number = (uint64_t)what;
}

static void do_story(sgp_reader *r) {
    see(r, SGP_SEE_STORY);
}

static void do_coverage(sgp_reader *r) {
    see(r, SGP_SEE_COVERAGE);
}

static void do_help(sgp_reader *r) {
    see(r, SGP_SEE_HELP);
}

/* ---- the table ----------------------------------------------------------------------------------
 */

static const sgp_known_command commands[] = {
    {{"angkat", "take"}, "", {"angkat [N]", "take [N]"}, "-", SGP_TEXT_CON_HELP_TAKE, do_take},
    {{"dering", "rings"},
     "callback call-back telponbalik",
     {"dering [N [HASIL]]", "rings [N [OUTCOME]]"},
     "-",
     SGP_TEXT_CON_HELP_RINGS,
     do_call_back},
    {{"catat", "note"},
     "",
     {"catat [#N] TEKS", "note [#N] TEXT"},
     "-",
     SGP_TEXT_CON_HELP_NOTE,
     do_note},
    {{"awas", "premise"},
     "",
     {"awas [JENIS] TEKS | - ID", "premise [KIND] TEXT | - ID"},
     "-",
     SGP_TEXT_CON_HELP_PREMISE,
     do_premise},
    {{"tandai", "mark"},
     "",
     {"tandai [N] [JAM|-]", "mark [N] [HOURS|-]"},
     "-",
     SGP_TEXT_CON_HELP_MARK,
     do_mark},
    {{"lain", "other"}, "dismiss", {"lain N", "other N"}, "I", SGP_TEXT_CON_HELP_OTHER, do_other},
    {{"tanya", "ask"},
     "jawab answer guide",
     {"tanya [SOAL JAWAB]", "ask [QUESTION ANSWER]"},
     "-",
     SGP_TEXT_CON_HELP_ASK,
     do_answer},
    {{"balas", "reply"},
     "",
     {"balas INSTANSI terima|tolak", "reply AGENCY accept|decline"},
     "--",
     SGP_TEXT_CON_HELP_REPLY,
     do_reply},
    {{"lacak", "phone"}, "", {"lacak", "phone"}, "", SGP_TEXT_CON_HELP_LOCATE, do_locate},
    {{"rs", "hospital"},
     "hospitals",
     {"rs [UNIT [RS]]", "hospital [UNIT [CODE]]"},
     "UH",
     SGP_TEXT_CON_HELP_BRING,
     do_bring},
    {{"igd", "ed"},
     "beds",
     {"igd RS N|+N|alih|tutup|buka", "ed CODE N|+N|divert|open"},
     "H-",
     SGP_TEXT_CON_HELP_HOSPITAL,
     do_hospital},
    {{"pasien", "patient"},
     "",
     {"pasien UNIT WARNA|MAMPU", "patient UNIT COLOUR|ABILITY"},
     "U-",
     SGP_TEXT_CON_HELP_PATIENT,
     do_patient},
    {{"rujuk", "transfer"},
     "rujukan transfers",
     {"rujuk DARI KE [JAM] [UNIT]", "transfer FROM TO [TIME] [UNIT]"},
     "HHU",
     SGP_TEXT_CON_HELP_TRANSFER,
     do_transfer},
    {{"siaga", "moveup"},
     "move-up",
     {"siaga UNIT POS|-|terima", "moveup UNIT STATION|-|accept"},
     "UP",
     SGP_TEXT_CON_HELP_MOVE_UP,
     do_move_up},
    {{"sos", "distress"},
     "",
     {"sos UNIT [ALASAN]", "distress UNIT [REASON]"},
     "U-",
     SGP_TEXT_CON_HELP_DISTRESS,
     do_distress},
    {{"aman", "safe"},
     "",
     {"aman UNIT ALASAN", "safe UNIT REASON"},
     "U-",
     SGP_TEXT_CON_HELP_SAFE,
     do_safe},
    {{"jalan", "road"},
     "traffic",
     {"jalan WAY|LON,LAT [M] | - N", "road WAY|LON,LAT [M] | - N"},
     "-",
     SGP_TEXT_CON_HELP_ROAD,
     do_road},
    {{"riwayat", "story"}, "log", {"riwayat", "story"}, "", SGP_TEXT_CON_HELP_STORY, do_story},
    {{"cakupan", "coverage"},
     "",
     {"cakupan", "coverage"},
     "",
     SGP_TEXT_CON_HELP_COVERAGE,
     do_coverage},
    {{"muat", "reload"}, "", {"muat", "reload"}, "", SGP_TEXT_CON_HELP_RELOAD, do_reload},
    {{"kota", "switch"}, "", {"kota", "switch"}, "", SGP_TEXT_CON_HELP_CITY, do_city},
    {{"bantuan", "help"}, "?", {"bantuan", "help"}, "", SGP_TEXT_CON_HELP_HELP, do_help},
};

const sgp_known_command *sgp_more_commands(size_t nth) {
    return nth < N(commands) ? &commands[nth] : sgp_desk_commands(nth - N(commands));
}
