/* What the console's pages of administration show beyond the board: users, closures, shifts, the
 * last reload, and a closure that is being made by street or by drawing.
 *
 * Fed with answers of the engine; the screens and the command line only read it. Not thread-safe.
 */
#ifndef SGP_CONSOLE_ADMIN_H
#define SGP_CONSOLE_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/v1/frame.pb-c.h"

typedef enum sgp_admin_page {
    SGP_ADMIN_UNITS,
    SGP_ADMIN_CREWS,
    SGP_ADMIN_STATIONS,
    SGP_ADMIN_HOSPITALS,
    SGP_ADMIN_USERS,
    SGP_ADMIN_PLANS,
    SGP_ADMIN_CLOSURES,
    SGP_ADMIN_PAGES
} sgp_admin_page;

enum { SGP_ADMIN_FRAMES = 64, SGP_DRAWN_MAX = 32 };

/* A list that comes page by page; what is there is shown until the new one is whole. */
typedef struct sgp_admin_list {
    Sigap__V1__Frame *frames[SGP_ADMIN_FRAMES], *coming[SGP_ADMIN_FRAMES];
    size_t n, n_coming;
    bool known;
} sgp_admin_list;

typedef enum sgp_closing {
    SGP_CLOSING_NOT,
    SGP_CLOSING_ASKED, /* which stretches are meant? */
    SGP_CLOSING_CHOICE /* they are told: which, and are you sure? */
} sgp_closing;

typedef struct sgp_admin {
    sgp_admin_page page;
    sgp_admin_list users, closures;
    Sigap__V1__Frame *shifts, *stretches, *status; /* the last answers; NULL: none */
    int64_t status_at_ms;
    char code[16], code_user[64]; /* the last login code */
    int64_t code_until_ms;
    char reload_fault[1024]; /* of the last reload; "": it went well */
    int64_t reload_at_ms;    /* 0: none */

    sgp_closing closing;
    size_t chosen; /* of the stretches */
    int64_t until_ms;
    char reason[96];

    bool drawing;
    Sigap__V1__Point drawn[SGP_DRAWN_MAX];
    size_t n_drawn;
    int circle_m; /* around the cross; 0: points */
} sgp_admin;      /* zero-initialise */

void sgp_admin_free(sgp_admin *admin);

/* Takes a page of a list; ownership passes. Tells where the next page begins, in `after` (a text
 * for users, a number for closures): false: it is whole. */
bool sgp_admin_take_users(sgp_admin *admin, Sigap__V1__Frame *frame, char after[64]);
bool sgp_admin_take_closures(sgp_admin *admin, Sigap__V1__Frame *frame, uint64_t *after);
/* The other answers (ShiftPage, Stretches, Status, LoginCode); ownership passes. */
void sgp_admin_take(sgp_admin *admin, Sigap__V1__Frame *frame, int64_t now_ms);

size_t sgp_admin_n_users(const sgp_admin *admin);
const Sigap__V1__User *sgp_admin_user(const sgp_admin *admin, size_t nth);
const Sigap__V1__User *sgp_admin_user_by_name(const sgp_admin *admin, const char *name);
size_t sgp_admin_n_closures(const sgp_admin *admin);
const Sigap__V1__RoadClosure *sgp_admin_closure(const sgp_admin *admin, size_t nth);
/* The stretch that is chosen; NULL: none is told. */
const Sigap__V1__Stretch *sgp_admin_stretch(const sgp_admin *admin);
void sgp_admin_end_closing(sgp_admin *admin);

#endif
