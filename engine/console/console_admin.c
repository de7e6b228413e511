/* Administration: what its pages ask for, streets that are closed after a look at what that is,
 * and roads that are closed by drawing on the map. */
#include <math.h>
#include <string.h>

#include "apps/print.h"
#include "console/console_parts.h"
#include "console/screen_admin.h"
#include "serve/roles.h"

enum { ADMIN_EVERY_MS = 10000 };
static const int circles_m[] = {0, 30, 60, 120, 250, 500, 1000};

/* ---- questions ----------------------------------------------------------------------------- */

static bool is_time(const sgp_console *c, int query) {
    int64_t ago_ms = c->model.own_now_ms - c->asked_at_ms[query];
    return c->asked_at_ms[query] == 0 || ago_ms >= ADMIN_EVERY_MS || ago_ms < 0;
}

static void ask(sgp_console *c, int query, const Sigap__V1__Frame *frame) {
    if (c->host.send(c->host.context, frame, QUERY | (uint64_t)query) == SGP_OK)
        c->asked_at_ms[query] = c->model.own_now_ms;
}

static bool may(const sgp_console *c, Sigap__V1__Frame__BodyCase body) {
    return c->model.role == 0 || sgp_role_may((sgp_role)c->model.role, body);
}

static void ask_users(sgp_console *c, const char *after) {
    Sigap__V1__ListUsers list = SIGAP__V1__LIST_USERS__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    list.after_name = (char *)after;
    frame.body_case = SIGAP__V1__FRAME__BODY_LIST_USERS;
    frame.list_users = &list;
    ask(c, QUERY_USERS, &frame);
}

static void ask_closures(sgp_console *c, uint64_t after) {
    Sigap__V1__ListRoadClosures list = SIGAP__V1__LIST_ROAD_CLOSURES__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    list.after_id = after;
    frame.body_case = SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES;
    frame.list_road_closures = &list;
    ask(c, QUERY_SHUT, &frame);
}

static void ask_shifts(sgp_console *c) {
    Sigap__V1__ListShifts list = SIGAP__V1__LIST_SHIFTS__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_LIST_SHIFTS;
    frame.list_shifts = &list;
    ask(c, QUERY_SHIFTS, &frame);
}

void sgp_console_ask_admin(sgp_console *c) {
    bool shown = c->pane == PANE_ADMIN;
    sgp_admin_page page = c->admin.page;
    /* Commands complete names and numbers of what was listed; a page that is looked at is fresh. */
    if ((shown && page == SGP_ADMIN_USERS) || !c->admin.users.known)
        if (is_time(c, QUERY_USERS) && may(c, SIGAP__V1__FRAME__BODY_LIST_USERS))
            ask_users(c, "");
    if ((shown && page == SGP_ADMIN_CLOSURES) || c->pane == PANE_MAP || !c->admin.closures.known)
        if (is_time(c, QUERY_SHUT) && may(c, SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES))
            ask_closures(c, 0);
    if (shown && page == SGP_ADMIN_CREWS && is_time(c, QUERY_SHIFTS))
        ask_shifts(c);
}

bool sgp_console_admin_answer(sgp_console *c, uint64_t token, Sigap__V1__Frame *frame) {
    char after[64];
    uint64_t closure;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_USER_PAGE:
        if (sgp_admin_take_users(&c->admin, frame, after))
            ask_users(c, after);
        return true;
    case SIGAP__V1__FRAME__BODY_ROAD_CLOSURE_PAGE:
        if (token != (QUERY | QUERY_SHUT))
            return false;
        if (sgp_admin_take_closures(&c->admin, frame, &closure))
            ask_closures(c, closure);
        return true;
    case SIGAP__V1__FRAME__BODY_STRETCHES:
        sgp_admin_take(&c->admin, frame, c->model.own_now_ms);
        sgp_console_tell_stretch(c);
        return true;
    case SIGAP__V1__FRAME__BODY_LOGIN_CODE:
        sgp_admin_take(&c->admin, frame, c->model.own_now_ms);
        c->asked_at_ms[QUERY_USERS] = 0;
        sgp_console_open_admin(c, SGP_ADMIN_USERS);
        return true;
    case SIGAP__V1__FRAME__BODY_SHIFT_PAGE:
        sgp_admin_take(&c->admin, frame, c->model.own_now_ms);
        return true;
    case SIGAP__V1__FRAME__BODY_ERROR:
        if (token != (QUERY | QUERY_STRETCH) && token != (QUERY | QUERY_CODE))
            return false;
        c->admin.closing = SGP_CLOSING_NOT;
        sgp_console_say(c, SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE, frame->error->message);
        return false;
    default:
        return false;
    }
}

void sgp_console_admin_done(sgp_console *c, const Sigap__V1__Frame *asked,
                            const Sigap__V1__Frame *answer) {
    switch (asked->body_case) {
    case SIGAP__V1__FRAME__BODY_RELOAD:
        c->admin.reload_at_ms = c->model.now_ms;
        snprintf(c->admin.reload_fault, sizeof c->admin.reload_fault, "%s",
                 answer->body_case == SIGAP__V1__FRAME__BODY_ERROR ? answer->error->message : "");
        sgp_console_open_admin(c, SGP_ADMIN_PLANS);
        break;
    case SIGAP__V1__FRAME__BODY_CLOSE_ROAD:
    case SIGAP__V1__FRAME__BODY_OPEN_ROAD:
        c->asked_at_ms[QUERY_SHUT] = c->asked_at_ms[QUERY_STATUS] = 0;
        break;
    case SIGAP__V1__FRAME__BODY_SET_USER:
    case SIGAP__V1__FRAME__BODY_REMOVE_DEVICES:
        c->asked_at_ms[QUERY_USERS] = 0;
        break;
    default:
        break;
    }
}

/* ---- pages ----------------------------------------------------------------------------------- */

void sgp_console_open_admin(sgp_console *c, sgp_admin_page page) {
    c->pane = PANE_ADMIN;
    c->admin.page = page;
    c->scroll = 0;
    c->asked_at_ms[QUERY_USERS] = page == SGP_ADMIN_USERS ? 0 : c->asked_at_ms[QUERY_USERS];
    c->asked_at_ms[QUERY_SHUT] = page == SGP_ADMIN_CLOSURES ? 0 : c->asked_at_ms[QUERY_SHUT];
    c->asked_at_ms[QUERY_STATUS] = page == SGP_ADMIN_PLANS ? 0 : c->asked_at_ms[QUERY_STATUS];
}

void sgp_console_next_admin(sgp_console *c) {
    int page = c->pane == PANE_ADMIN ? (int)c->admin.page + 1 : (int)c->admin.page;
    if (page % SGP_ADMIN_PAGES == SGP_ADMIN_USERS && !may(c, SIGAP__V1__FRAME__BODY_LIST_USERS))
        page++;
    sgp_console_open_admin(c, (sgp_admin_page)(page % SGP_ADMIN_PAGES));
}

void sgp_console_ask_code(sgp_console *c, const char *name, bool is_unit) {
    Sigap__V1__AskLoginCode asked = SIGAP__V1__ASK_LOGIN_CODE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    if (is_unit)
        asked.unit_code = (char *)name;
    else
        asked.user = (char *)name;
    frame.body_case = SIGAP__V1__FRAME__BODY_ASK_LOGIN_CODE;
    frame.ask_login_code = &asked;
    ask(c, QUERY_CODE, &frame);
}

/* ---- closing by name ---------------------------------------------------------------------------
 */

static void keep_words(sgp_console *c, const sgp_command *command) {
    sgp_admin_end_closing(&c->admin);
    c->admin.until_ms = command->until_ms;
    snprintf(c->admin.reason, sizeof c->admin.reason, "%s", command->reason);
}

void sgp_console_close_street(sgp_console *c, const sgp_command *command) {
    Sigap__V1__FindStretch find = SIGAP__V1__FIND_STRETCH__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    keep_words(c, command);
    find.street = (char *)command->text;
    find.from = (char *)command->from;
    find.to = (char *)command->to;
    if (c->model.has_here)
        find.near = &c->model.here;
    frame.body_case = SIGAP__V1__FRAME__BODY_FIND_STRETCH;
    frame.find_stretch = &find;
    c->admin.closing = SGP_CLOSING_ASKED;
    ask(c, QUERY_STRETCH, &frame);
    sgp_console_say(c, SGP_INK_DIM, sgp_text_get(c->language, SGP_TEXT_CON_CLOSE_ASKED));
}

/* Which it is, and the question whether that is meant. */
void sgp_console_tell_stretch(sgp_console *c) {
    char what[500], until[80] = "", at[16], text[700];
    const Sigap__V1__Stretch *stretch = sgp_admin_stretch(&c->admin);
    if (stretch == NULL)
        return;
    if (stretch->n_parts == 0) {
        sgp_console_say(c, SGP_INK_RED | SGP_INK_BOLD,
                        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_STRETCH_TOO_LONG,
                                      "street", stretch->street, NULL));
    } else {
        if (c->admin.until_ms != 0) {
            sgp_clock_text(c->admin.until_ms, at)[5] = '\0'; /* without seconds */
            sgp_text_fill(until, sizeof until, c->language, SGP_TEXT_CON_UNTIL, "until", at, NULL);
        }
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
                        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CON_SURE_CLOSE,
                                      "what",
                                      sgp_stretch_text(c->language, stretch, what, sizeof what),
                                      "until", until, NULL));
    }
    c->mode = MODE_STRETCH;
    if (!c->admin.drawing)
        sgp_console_open_admin(c, SGP_ADMIN_CLOSURES);
}

static void leave_closing(sgp_console *c) {
    bool drawn = c->admin.drawing;
    sgp_admin_end_closing(&c->admin);
    c->message[0] = '\0';
    c->mode = drawn ? MODE_DRAW : MODE_COMMAND;
}

void sgp_console_stretch_key(sgp_console *c, const sgp_key *key) {
    const Sigap__V1__Stretch *stretch = sgp_admin_stretch(&c->admin);
    size_t n = c->admin.stretches != NULL ? c->admin.stretches->stretches->n_stretches : 0;
    if (key->code == SGP_KEY_TEXT && !key->pasted && key->text[0] >= '1' && key->text[0] <= '8' &&
        (size_t)(key->text[0] - '1') < n) {
        c->admin.chosen = (size_t)(key->text[0] - '1');
        sgp_console_tell_stretch(c);
    } else if ((key->code == SGP_KEY_UP && c->admin.chosen > 0) ||
               (key->code == SGP_KEY_DOWN && c->admin.chosen + 1 < n)) {
        c->admin.chosen += key->code == SGP_KEY_UP ? (size_t)-1 : 1;
        sgp_console_tell_stretch(c);
    } else if (key->code == SGP_KEY_ENTER && !key->pasted && stretch != NULL &&
               stretch->n_parts > 0) {
        sgp_request request;
        sgp_request_close_stretch(&request, stretch, c->admin.until_ms, c->admin.reason);
        leave_closing(c);
        (void)sgp_console_ask(c, &request, NULL);
    } else if (key->code == SGP_KEY_ESCAPE) {
        leave_closing(c);
    }
}

/* ---- drawing
 * ------------------------------------------------------------------------------------- */

void sgp_console_draw_roads(sgp_console *c, const sgp_command *command) {
    keep_words(c, command);
    c->admin.drawing = true;
    c->pane = PANE_MAP;
    c->mode = MODE_DRAW;
    c->map.follows = false;
    c->map.cross = true;
    /* The map may not have been looked at yet: then its drawing puts the cross in the middle. */
    c->map.cross_lon = c->map.metres > 0 ? c->map.lon : NAN;
    c->map.cross_lat = c->map.lat;
}

static void end_drawing(sgp_console *c) {
    sgp_admin_end_closing(&c->admin);
    c->admin.drawing = c->map.cross = false;
    c->mode = MODE_COMMAND;
}

static void add_point(sgp_console *c) {
    if (c->admin.n_drawn == SGP_DRAWN_MAX || !c->map.cross || isnan(c->map.cross_lon))
        return;
    Sigap__V1__Point *point = &c->admin.drawn[c->admin.n_drawn++];
    sigap__v1__point__init(point);
    point->lon = c->map.cross_lon;
    point->lat = c->map.cross_lat;
}

static void close_circle(sgp_console *c) {
    sgp_request request;
    sgp_request_close_road(&request, 0, c->map.cross_lon, c->map.cross_lat, c->admin.circle_m,
                           c->admin.reason);
    request.closure.until_at_ms = c->admin.until_ms;
    if (sgp_console_ask(c, &request, NULL) != 0)
        c->admin.circle_m = 0;
}

static void find_drawn(sgp_console *c) {
    Sigap__V1__FindStretch find = SIGAP__V1__FIND_STRETCH__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Point *list[SGP_DRAWN_MAX];
    if (c->admin.circle_m > 0) {
        close_circle(c);
        return;
    }
    if (c->admin.n_drawn < 2) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                        sgp_text_get(c->language, SGP_TEXT_CON_DRAW_MORE));
        return;
    }
    for (size_t i = 0; i < c->admin.n_drawn; i++)
        list[i] = &c->admin.drawn[i];
    find.points = list;
    find.n_points = c->admin.n_drawn;
    frame.body_case = SIGAP__V1__FRAME__BODY_FIND_STRETCH;
    frame.find_stretch = &find;
    c->admin.closing = SGP_CLOSING_ASKED;
    ask(c, QUERY_STRETCH, &frame);
    sgp_console_say(c, SGP_INK_DIM, sgp_text_get(c->language, SGP_TEXT_CON_CLOSE_ASKED));
}

static void next_circle(sgp_console *c) {
    size_t at = 0, n = sizeof circles_m / sizeof *circles_m;
    while (at < n && circles_m[at] != c->admin.circle_m)
        at++;
    c->admin.circle_m = circles_m[(at + 1) % n];
    c->admin.n_drawn = c->admin.circle_m > 0 ? 0 : c->admin.n_drawn;
}

void sgp_console_draw_key(sgp_console *c, const sgp_key *key) {
    char letter = key->code == SGP_KEY_TEXT ? key->text[0] : '\0';
    if (key->code == SGP_KEY_UP || key->code == SGP_KEY_DOWN)
        sgp_map_cross(&c->map, 0, key->code == SGP_KEY_DOWN ? 1 : -1);
    else if (key->code == SGP_KEY_LEFT || key->code == SGP_KEY_RIGHT)
        sgp_map_cross(&c->map, key->code == SGP_KEY_RIGHT ? 1 : -1, 0);
    else if (key->code == SGP_KEY_PAGE_UP || key->code == SGP_KEY_PAGE_DOWN)
        sgp_map_cross(&c->map, 0, key->code == SGP_KEY_PAGE_DOWN ? 5 : -5);
    else if (letter == ' ')
        add_point(c);
    else if (letter == 'o')
        next_circle(c);
    else if (letter == '+' || letter == '=' || letter == '-')
        sgp_map_zoom_to_cross(&c->map, letter == '-' ? -1 : 1);
    else if (key->code == SGP_KEY_BACKSPACE || key->code == SGP_KEY_DELETE)
        c->admin.n_drawn -= c->admin.n_drawn > 0;
    else if (key->code == SGP_KEY_ENTER && !key->pasted)
        find_drawn(c);
    else if (key->code == SGP_KEY_ESCAPE || (int)key->code >= SGP_KEY_F1) {
        end_drawing(c);
        if (key->code != SGP_KEY_ESCAPE)
            sgp_console_key(c, key);
    }
}
