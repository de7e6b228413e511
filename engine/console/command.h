/* The command line: one line of words -> a request of the engine, an action of the console, or a
 * sentence that says what is wrong with it.
 *
 *     u 12 os            unit 12 is on scene          o psc3        PSC-03 to the chosen incident
 *     c iseng            the chosen one is a prank    o 40 psc3     to incident 40
 *     t p1               its triage is P1             o #40         the best unit to incident 40
 *
 * Commands and their words are known in both languages at once. A unit is named by its code, by
 * the code's letters without hyphens and zeros (psc3), by any letters that only one unit has, or
 * by its number on the board. An incident that is not named is the chosen one; a bare number is
 * an incident only before another word that is needed, "#40" always.
 *
 * Pure: reads the model only. Lines come from keys and may be anything.
 */
#ifndef SGP_CONSOLE_COMMAND_H
#define SGP_CONSOLE_COMMAND_H

#include "console/dossier.h"
#include "console/model.h"
#include "console/request.h"

typedef enum sgp_command_kind {
    SGP_COMMAND_NOTHING,  /* an empty line */
    SGP_COMMAND_WRONG,    /* `text` says why */
    SGP_COMMAND_REQUEST,  /* the request is filled */
    SGP_COMMAND_CHOOSE,   /* incident `number` */
    SGP_COMMAND_FIND,     /* `text` */
    SGP_COMMAND_NEW_CALL, /* with `text` as the place */
    SGP_COMMAND_CLOSE,    /* incident `number` with `outcome` */
    SGP_COMMAND_SEE,      /* sgp_command_see in `number` */
    SGP_COMMAND_TAKE,     /* ring `number`; 0: the oldest */
    SGP_COMMAND_ADMIN,    /* page 1 + sgp_admin_page in `number`; 0: the last one */
    SGP_COMMAND_CODE,     /* a login code for the user `text`; `number` 1: for that unit's */
    SGP_COMMAND_STREET,   /* close the street `text`, perhaps only `from` .. `to` */
    SGP_COMMAND_DRAW,     /* close roads by drawing */
    SGP_COMMAND_RESEND,
    SGP_COMMAND_DROP,
    SGP_COMMAND_QUIT
} sgp_command_kind;

typedef enum sgp_command_see {
    SGP_SEE_HOSPITALS,
    SGP_SEE_TRANSFERS,
    SGP_SEE_STORY,
    SGP_SEE_LOG,
    SGP_SEE_MAP,
    SGP_SEE_UNITS,
    SGP_SEE_HELP,
    SGP_SEE_SCRIPT,
    SGP_SEE_COVERAGE,
    SGP_SEE_RINGS,
    SGP_SEE_SUPERVISOR,
    SGP_SEE_HAND_OVER,
    SGP_SEE_MARKS
} sgp_command_see;

typedef struct sgp_command {
    sgp_command_kind kind;
    uint64_t number;
    int outcome;
    char text[512];
    char from[96], to[96], reason[96]; /* of a closure */
    int64_t until_ms;                  /* 0: until it is opened */
} sgp_command;

/* Fills *command, and *request where it is one. `dossier`: what is known of the chosen incident;
 * NULL: nothing. */
void sgp_command_read(const sgp_model *model, const sgp_dossier *dossier, const char *line,
                      sgp_request *request, sgp_command *command);

/* What the last word of the line may become: at most `most` words, each of them whole. */
enum { SGP_COMPLETION_BYTES = 48 };
size_t sgp_command_complete(const sgp_model *model, const char *line, size_t most,
                            char words[][SGP_COMPLETION_BYTES]);

/* The nth command for the help: how it is written, and what it does. false: no more. */
bool sgp_command_help(sgp_language language, size_t nth, char *form, size_t capacity,
                      const char **what);

/* An outcome by its key on the screen of outcomes ("i" iseng, "p" prank); 0: none. */
Sigap__V1__Outcome sgp_outcome_by_key(sgp_language language, char letter);

#endif
