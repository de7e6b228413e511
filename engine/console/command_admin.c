/* Commands of administration: pages, users and codes, units, stations and hospitals, closed
 * streets. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apps/clock_option.h"
#include "apps/options.h"
#include "console/admin.h"
#include "console/command_parts.h"
#include "serve/roles.h"

static const sgp_meaning pages[] = {{"unit units", 1 + SGP_ADMIN_UNITS},
                                    {"kru crews crew", 1 + SGP_ADMIN_CREWS},
                                    {"pos stations station", 1 + SGP_ADMIN_STATIONS},
                                    {"rs hospitals", 1 + SGP_ADMIN_HOSPITALS},
                                    {"pengguna users user", 1 + SGP_ADMIN_USERS},
                                    {"rencana plans plan", 1 + SGP_ADMIN_PLANS},
                                    {"penutupan closures", 1 + SGP_ADMIN_CLOSURES}};

static void wrong_word(sgp_reader *r, sgp_text key, const char *word, const char *known) {
    r->command->kind = SGP_COMMAND_WRONG;
    sgp_text_fill(r->command->text, sizeof r->command->text, r->model->language, key, "word", word,
                  "known", known, NULL);
}

static void do_admin(sgp_reader *r) {
    const char *word = sgp_reader_next(r);
    char known[200];
    int page = word != NULL ? sgp_reader_look_up(pages, N(pages), word) : 0;
    if (word != NULL && page == 0) {
        wrong_word(r, SGP_TEXT_CON_BAD_PAGE, word,
                   sgp_reader_known(r->model->language, pages, N(pages), known, sizeof known));
        return;
    }
    r->command->kind = SGP_COMMAND_ADMIN;
    r->command->number = (uint64_t)page; /* 0: the one that was open last */
}

/* ---- users --------------------------------------------------------------------------------- */

static char *roles_text(char *out, size_t capacity) {
    out[0] = '\0';
    for (int role = 1; role <= SIGAP__V1__ROLE__PARTNER; role++) {
        size_t used = strlen(out);
        snprintf(out + used, capacity - used, "%s%s", role > 1 ? " " : "",
                 sgp_role_str((sgp_role)role));
    }
    return out;
}

/* Adds or changes: NAME ROLE [UNIT|HOSPITAL|AGENCY]. */
static void set_role(sgp_reader *r, const Sigap__V1__User *known, const char *name,
                     const char *word) {
    char roles[160];
    sgp_role role;
    if (sgp_role_parse(word, &role) != SGP_OK) {
        wrong_word(r, SGP_TEXT_CON_BAD_ROLE, word, roles_text(roles, sizeof roles));
        return;
    }
    const char *of = "";
    if (r->at < r->n && role == SIGAP__V1__ROLE__CREW) {
        const Sigap__V1__Unit *unit = sgp_reader_unit(r);
        if (unit == NULL)
            return;
        of = unit->code;
    } else if (r->at < r->n) {
        of = sgp_reader_next(r);
    }
    if (!sgp_reader_ends(r))
        return;
    sgp_request_user(r->request, known, name, (int)role, of);
    sgp_reader_done(r);
}

static void do_user(sgp_reader *r) {
    const sgp_admin *admin = r->model->admin;
    const char *name = sgp_reader_next(r), *word;
    if (name == NULL) {
        r->command->kind = SGP_COMMAND_ADMIN;
        r->command->number = 1 + SGP_ADMIN_USERS;
        return;
    }
    /* Whoever changes one must have read him: his version goes with it. */
    if (admin == NULL || !admin->users.known) {
        sgp_reader_wrong(r, SGP_TEXT_CON_USERS_FIRST, "word", name);
        return;
    }
    const Sigap__V1__User *known = sgp_admin_user_by_name(admin, name);
    word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_ROLE);
        return;
    }
    bool off = strcmp(word, "-") == 0, on = strcmp(word, "+") == 0;
    if (!off && !on) {
        set_role(r, known, name, word);
        return;
    }
    if (known == NULL) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_USER, "word", name);
        return;
    }
    if (off && r->at >= r->n) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_REASON);
        return;
    }
    sgp_request_user_enabled(r->request, known, on, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_code(sgp_reader *r) {
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_USER);
        return;
    }
    r->command->kind = SGP_COMMAND_CODE;
    snprintf(r->command->text, sizeof r->command->text, "%s", word);
    /* A unit by its code as spoken, where no user is called so. */
    const sgp_admin *admin = r->model->admin;
    bool is_user = admin != NULL && sgp_admin_user_by_name(admin, word) != NULL;
    if (is_user)
        return;
    sgp_command kept = *r->command;
    const Sigap__V1__Unit *unit = sgp_reader_find_unit(r, word);
    *r->command = kept; /* a name that is no unit may yet be a user */
    if (unit != NULL) {
        snprintf(r->command->text, sizeof r->command->text, "%s", unit->code);
        r->command->number = 1;
    }
}

static void do_revoke(sgp_reader *r) {
    uint64_t device = 0;
    const char *word = sgp_reader_next(r);
    if (word == NULL) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_USER);
        return;
    }
    bool number = sgp_number_parse(word, UINT64_MAX, &device) && device != 0;
    sgp_request_revoke(r->request, number ? "" : word, number ? device : 0);
    sgp_reader_done(r);
}

/* ---- shifts ---------------------------------------------------------------------------------- */

/* "giliran psc1 07:00 15:00 kru-01,kru-02", "giliran psc1 23:00 07:00 kosong", "giliran - 12" */
static void do_shift(sgp_reader *r) {
    int64_t from_ms, until_ms;
    uint64_t number;
    const char *word;
    if (r->at < r->n && strcmp(sgp_reader_rest(r), "-") == 0) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    if (r->at < r->n && strncmp(sgp_reader_rest(r), "- ", 2) == 0) {
        (void)sgp_reader_next(r);
        word = sgp_reader_next(r);
        if (word == NULL || !sgp_number_parse(word, UINT64_MAX, &number) || number == 0) {
            sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
            return;
        }
        sgp_request_no_shift(r->request, number);
        sgp_reader_done(r);
        return;
    }
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        word = sgp_reader_next(r);
        if (word == NULL) {
            sgp_reader_missing(r, SGP_TEXT_CON_WHAT_TIMES);
            return;
        }
        if (!sgp_clock_parse(word, i == 0 ? r->model->now_ms : from_ms, false,
                             i == 0 ? &from_ms : &until_ms)) {
            sgp_reader_wrong(r, SGP_TEXT_CON_BAD_TIME, "word", word);
            return;
        }
    }
    static const sgp_meaning nobody[] = {{"kosong nobody", 1}};
    const char *crew = sgp_reader_rest(r);
    if (*crew == '\0') {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_CREW);
        return;
    }
    if (sgp_reader_look_up(nobody, N(nobody), crew) == 1)
        crew = "";
    if (!sgp_request_shift(r->request, unit->code, from_ms, until_ms, crew))
        sgp_reader_wrong(r, SGP_TEXT_CON_TOO_MANY, "word", crew);
    else
        sgp_reader_done(r);
}

/* ---- the fleet ------------------------------------------------------------------------------- */

/* What stands before the first "key=", without the blanks at its end. */
static bool subject(sgp_reader *r, char *out, size_t capacity, const char **words) {
    const char *rest = sgp_reader_rest(r);
    *words = sgp_fleet_first_key(rest);
    size_t length = (size_t)(*words - rest);
    while (length > 0 && rest[length - 1] == ' ')
        length--;
    if (length == 0 || length >= capacity) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_CODE);
        return false;
    }
    memcpy(out, rest, length);
    out[length] = '\0';
    return true;
}

static void take_entry(sgp_reader *r, const char *words) {
    const sgp_shelf *shelf = &r->model->narrator.board.units;
    sgp_fault fault = {0};
    Sigap__V1__Unit **units = malloc((shelf->n + 1) * sizeof *units);
    if (units == NULL)
        return;
    for (size_t i = 0; i < shelf->n; i++)
        units[i] = (Sigap__V1__Unit *)(uintptr_t)shelf->items[i].message;
    sgp_fleet_edit *edit = &r->request->edit;
    edit->here = r->model->has_here ? &r->model->here : NULL;
    if (sgp_fleet_edit_take(edit, words, units, shelf->n, &fault) == SGP_OK) {
        sgp_request_entry(r->request);
        sgp_reader_done(r);
    } else {
        r->command->kind = SGP_COMMAND_WRONG;
        snprintf(r->command->text, sizeof r->command->text, "%s", fault.text);
    }
    free(units);
}

static void do_entry(sgp_reader *r) {
    char code[96];
    const char *words;
    if (!subject(r, code, sizeof code, &words))
        return;
    const sgp_shelf *shelf = &r->model->narrator.board.units;
    const Sigap__V1__Unit *known = NULL;
    for (size_t i = 0; i < shelf->n && known == NULL; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        known = strcasecmp(unit->code, code) == 0 ? unit : NULL;
    }
    sgp_fleet_edit_unit(&r->request->edit, known, known != NULL ? known->code : code);
    take_entry(r, words);
}

static void do_station(sgp_reader *r) {
    char name[96];
    const char *words;
    uint64_t version = 0;
    if (!subject(r, name, sizeof name, &words))
        return;
    const sgp_shelf *shelf = &r->model->narrator.board.units;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        if (strcasecmp(unit->station, name) != 0)
            continue;
        snprintf(name, sizeof name, "%s", unit->station);
        version = unit->entry_version > version ? unit->entry_version : version;
    }
    sgp_fleet_edit_station(&r->request->edit, name, version);
    take_entry(r, words);
}

static void do_facility(sgp_reader *r) {
    char code[96];
    const char *words;
    if (!subject(r, code, sizeof code, &words))
        return;
    const Sigap__V1__Hospital *known = sgp_board_hospital_by_code(&r->model->narrator.board, code);
    sgp_fleet_edit_hospital(&r->request->edit, known, code);
    take_entry(r, words);
}

static void do_broken(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL)
        return;
    if (r->at >= r->n) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_REASON);
        return;
    }
    sgp_request_service(r->request, unit->code, true, sgp_reader_rest(r), unit->entry_version);
    sgp_reader_done(r);
}

static void do_repaired(sgp_reader *r) {
    const Sigap__V1__Unit *unit = sgp_reader_unit(r);
    if (unit == NULL || !sgp_reader_ends(r))
        return;
    sgp_request_service(r->request, unit->code, false, "", unit->entry_version);
    sgp_reader_done(r);
}

/* ---- roads -------------------------------------------------------------------------------------
 */

typedef enum part { STREET, BETWEEN, AND, UNTIL, BECAUSE, PARTS } part;
static const sgp_meaning part_words[] = {{"antara between", BETWEEN},
                                         {"dan and", AND},
                                         {"sampai until", UNTIL},
                                         {"alasan because karena", BECAUSE}};

static void add_word(char *to, size_t capacity, const char *word, size_t length) {
    size_t used = strlen(to);
    snprintf(to + used, capacity - used, "%s%.*s", used > 0 ? " " : "", (int)length, word);
}

/* "Jalan Semeru antara Jalan Ijen dan Jalan Kawi sampai 18:00 alasan pasar malam": quotes around
 * names are allowed and not needed. "dan" divides only behind "antara", once. */
static bool read_closing(sgp_reader *r, const char *rest) {
    sgp_command *command = r->command;
    char until[64] = "";
    part now = STREET;
    command->text[0] = command->from[0] = command->to[0] = command->reason[0] = '\0';
    command->until_ms = 0;
    while (*(rest += strspn(rest, " ")) != '\0') {
        size_t length = strcspn(rest, " ");
        char word[64];
        snprintf(word, sizeof word, "%.*s", (int)length, rest);
        part found = (part)sgp_reader_look_up(part_words, N(part_words), word);
        bool counts = found != STREET && now != BECAUSE &&
                      (found == AND ? now == BETWEEN && command->from[0] != '\0' : true);
        if (counts) {
            now = found;
        } else {
            const char *text = rest;
            size_t n = length;
            if (now != BECAUSE && n > 0 && *text == '"')
                text++, n--;
            if (now != BECAUSE && n > 0 && text[n - 1] == '"')
                n--;
            char *to = now == STREET    ? command->text
                       : now == BETWEEN ? command->from
                       : now == AND     ? command->to
                       : now == UNTIL   ? until
                                        : command->reason;
            add_word(to,
                     now == STREET || now == BETWEEN || now == AND || now == BECAUSE
                         ? sizeof command->from
                         : sizeof until,
                     text, n);
        }
        rest += length;
    }
    if (until[0] != '\0' && !sgp_clock_parse(until, r->model->now_ms, false, &command->until_ms)) {
        sgp_reader_wrong(r, SGP_TEXT_CON_BAD_TIME, "word", until);
        return false;
    }
    return true;
}

static void do_shut(sgp_reader *r) {
    if (sgp_reader_says_outcome(r)) { /* "tutup iseng": an incident is closed with the same word */
        sgp_reader_close(r);
        return;
    }
    if (!read_closing(r, sgp_reader_rest(r)))
        return;
    if (r->command->text[0] == '\0') {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_STREET);
        return;
    }
    r->command->kind = SGP_COMMAND_STREET;
}

/* "gambar sampai 18:00 alasan pasar" */
static void do_draw(sgp_reader *r) {
    if (!read_closing(r, sgp_reader_rest(r)))
        return;
    if (r->command->text[0] != '\0') {
        char word[512];
        memcpy(word, r->command->text, sizeof word);
        sgp_reader_wrong(r, SGP_TEXT_CON_TOO_MUCH, "word", word);
        return;
    }
    r->command->kind = SGP_COMMAND_DRAW;
}

static void do_unshut(sgp_reader *r) {
    uint64_t number;
    const char *word = sgp_reader_next(r);
    if (word == NULL || !sgp_number_parse(word, UINT64_MAX, &number) || number == 0) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_NUMBER);
        return;
    }
    sgp_request_open_road(r->request, number, 0);
    sgp_reader_done(r);
}

/* ---- the table
 * -------------------------------------------------------------------------------------- */

static const sgp_known_command commands[] = {
    {{"kelola", "admin"},
     "",
     {"kelola [HALAMAN]", "admin [PAGE]"},
     "A",
     SGP_TEXT_CON_HELP_ADMIN,
     do_admin},
    {{"pengguna", "user"},
     "users",
     {"pengguna NAMA PERAN|-|+", "user NAME ROLE|-|+"},
     "NRU",
     SGP_TEXT_CON_HELP_USER,
     do_user},
    {{"kode", "code"},
     "login-code",
     {"kode NAMA|UNIT", "code NAME|UNIT"},
     "M",
     SGP_TEXT_CON_HELP_CODE,
     do_code},
    {{"cabut", "revoke"},
     "",
     {"cabut NAMA|NOMOR", "revoke NAME|NUMBER"},
     "N",
     SGP_TEXT_CON_HELP_REVOKE,
     do_revoke},
    {{"giliran", "shift"},
     "",
     {"giliran UNIT JAM JAM KRU | - N", "shift UNIT FROM TO CREW | - N"},
     "U-",
     SGP_TEXT_CON_HELP_SHIFT,
     do_shift},
    {{"armada", "entry"},
     "",
     {"armada UNIT nama= pos= titik=", "entry UNIT name= station= at="},
     "UFFFFFF",
     SGP_TEXT_CON_HELP_ENTRY,
     do_entry},
    {{"pos", "station"},
     "",
     {"pos NAMA titik= nama=", "station NAME at= name="},
     "PFFFFFF",
     SGP_TEXT_CON_HELP_STATION,
     do_station},
    {{"rumahsakit", "facility"},
     "",
     {"rumahsakit RS nama= bed=", "facility CODE name= beds="},
     "HFFFFFF",
     SGP_TEXT_CON_HELP_FACILITY,
     do_facility},
    {{"rusak", "broken"},
     "",
     {"rusak UNIT ALASAN", "broken UNIT REASON"},
     "U-",
     SGP_TEXT_CON_HELP_BROKEN,
     do_broken},
    {{"pulih", "repaired"},
     "",
     {"pulih UNIT", "repaired UNIT"},
     "U",
     SGP_TEXT_CON_HELP_REPAIRED,
     do_repaired},
    {{"tutup", "shut"},
     "",
     {"tutup JALAN [antara X dan Y]", "shut STREET [between X and Y]"},
     "-",
     SGP_TEXT_CON_HELP_SHUT,
     do_shut},
    {{"gambar", "draw"},
     "",
     {"gambar [sampai JAM] [alasan]", "draw [until TIME] [because]"},
     "-",
     SGP_TEXT_CON_HELP_DRAW,
     do_draw},
    {{"buka", "unshut"},
     "",
     {"buka NOMOR", "unshut NUMBER"},
     "C",
     SGP_TEXT_CON_HELP_UNSHUT,
     do_unshut},
};

const sgp_known_command *sgp_admin_commands(size_t nth) {
    return nth < N(commands) ? &commands[nth] : NULL;
}

/* ---- completion
 * ----------------------------------------------------------------------------------------- */

void sgp_admin_offers(const sgp_model *model, char slot,
                      void (*offer)(void *context, const char *word), void *context) {
    const sgp_admin *admin = model->admin;
    bool english = model->language == SGP_ENGLISH;
    const char *word;
    char text[64];
    switch (slot) {
    case 'A':
        for (size_t i = 0; i < N(pages); i++) {
            snprintf(text, sizeof text, "%s", pages[i].words);
            char *second = strchr(text, ' ');
            *second++ = '\0';
            second[strcspn(second, " ")] = '\0';
            offer(context, english ? second : text);
        }
        break;
    case 'R':
        for (int role = 1; role <= SIGAP__V1__ROLE__PARTNER; role++)
            offer(context, sgp_role_str((sgp_role)role));
        break;
    case 'N':
    case 'M':
        for (size_t i = 0; admin != NULL && sgp_admin_user(admin, i) != NULL; i++)
            offer(context, sgp_admin_user(admin, i)->name);
        break;
    case 'C':
        for (size_t i = 0; admin != NULL && sgp_admin_closure(admin, i) != NULL; i++) {
            snprintf(text, sizeof text, "%" PRIu64, sgp_admin_closure(admin, i)->id);
            offer(context, text);
        }
        break;
    case 'F':
        for (size_t i = 0; (word = sgp_fleet_key(i, english)) != NULL; i++) {
            snprintf(text, sizeof text, "%s=", word);
            offer(context, text);
        }
        break;
    default:
        break;
    }
}
