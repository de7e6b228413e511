/* What the files of the command line share. Private to them. */
#ifndef SGP_CONSOLE_COMMAND_PARTS_H
#define SGP_CONSOLE_COMMAND_PARTS_H

#include "console/command.h"

enum { WORDS_MAX = 8, WORD_BYTES = 128 };
#define N(table) (sizeof(table) / sizeof(table)[0])

typedef struct sgp_reader {
    const sgp_model *model;
    const sgp_dossier *dossier; /* NULL: none */
    sgp_request *request;
    sgp_command *command;
    char words[WORDS_MAX][WORD_BYTES];
    const char *rest[WORDS_MAX + 1]; /* the line from this word on */
    size_t n, at;
    uint64_t incident; /* named or chosen; 0: neither */
} sgp_reader;

typedef struct sgp_meaning {
    const char *words; /* separated by blanks: Indonesian first */
    int value;
} sgp_meaning;

typedef struct sgp_known_command {
    const char *names[2]; /* Indonesian, English */
    const char *more;     /* other names, separated by blanks */
    const char *forms[2];
    const char *slots; /* of each word: U unit, S status, O outcome, T triage, K kind, H hospital,
                          I incident, P station, W who works, - anything; of
                          command_admin.c: A page, N user, M user or unit, R role, F key=,
                          C closure */
    sgp_text help;
    void (*run)(sgp_reader *r);
} sgp_known_command;

/* command_more.c: hospitals, patients, notes, numbers, transfers, roads, crews. NULL: no more. */
const sgp_known_command *sgp_more_commands(size_t nth);
/* command_desk.c and command_chat.c, likewise. */
const sgp_known_command *sgp_desk_commands(size_t nth);
const sgp_known_command *sgp_chat_commands(size_t nth);
/* command_admin.c: users, the fleet, closed streets; and what the words of its slots may become. */
const sgp_known_command *sgp_admin_commands(size_t nth);
void sgp_admin_offers(const sgp_model *model, char slot,
                      void (*offer)(void *context, const char *word), void *context);

/* What the line says is wrong; what it lacks. */
void sgp_reader_wrong(sgp_reader *r, sgp_text key, const char *name, const char *value);
void sgp_reader_missing(sgp_reader *r, sgp_text what);
/* Closes an incident; and whether the words say so: "[N] OUTCOME" and no more. */
void sgp_reader_close(sgp_reader *r);
bool sgp_reader_says_outcome(const sgp_reader *r);
/* The request is filled. */
void sgp_reader_done(sgp_reader *r);

const char *sgp_reader_next(sgp_reader *r); /* NULL: no more words */
const char *sgp_reader_rest(const sgp_reader *r);
bool sgp_reader_ends(sgp_reader *r); /* or says what is too much */
int sgp_reader_look_up(const sgp_meaning *table, size_t n, const char *text);
char *sgp_reader_known(sgp_language language, const sgp_meaning *table, size_t n, char *out,
                       size_t capacity);
/* NULL: it says why. */
const Sigap__V1__Unit *sgp_reader_unit(sgp_reader *r);
const Sigap__V1__Unit *sgp_reader_find_unit(sgp_reader *r, const char *word);
void sgp_reader_no_job(sgp_reader *r, const Sigap__V1__Unit *unit);
/* Takes the incident that the line names, or the chosen one. `needed`: how many words must follow a
 * bare number for it to be one. */
bool sgp_reader_incident(sgp_reader *r, size_t needed);
const Sigap__V1__Incident *sgp_reader_incident_of(const sgp_reader *r);

#endif
