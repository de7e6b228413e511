#include "console/screen_admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/hospital_told.h"
#include "apps/print.h"
#include "apps/shift_told.h"
#include "console/page.h"
#include "serve/roles.h"

enum { CELLS_MAX = 8 };

/* A row of a table: texts in columns that begin at the shares (per mille) of the width. */
static void row(sgp_page *page, sgp_ink ink, const int *share, size_t n, const char *const *texts) {
    int width = page->canvas.columns - 1;
    for (size_t i = 0; i < n; i++) {
        int from = 1 + (width - 1) * share[i] / 1000,
            to = i + 1 < n ? 1 + (width - 1) * share[i + 1] / 1000 : width;
        sgp_canvas_put(&page->canvas, page->row, from, to - from - (i + 1 < n), ink, texts[i]);
    }
    page->row++;
}

static void headings(sgp_page *page, const int *share, size_t n, const sgp_text *keys) {
    const char *texts[CELLS_MAX];
    for (size_t i = 0; i < n; i++) {
        texts[i] = sgp_text_get(page->language, keys[i]);
        texts[i] += texts[i][0] == '>'; /* alignment of the printed tables */
    }
    row(page, SGP_INK_DIM | SGP_INK_UNDERLINE, share, n, texts);
}

static void hint(sgp_page *page, sgp_text key) {
    page->row++;
    sgp_page_lines(page, 1, SGP_INK_CYAN, sgp_text_get(page->language, key));
}

/* "12:30", or "24-11 12:30" on another day; "" for 0. */
static const char *when(int64_t at_ms, int64_t now_ms, char *out, size_t capacity) {
    return at_ms == 0 ? "" : sgp_shift_time(at_ms, now_ms, out, capacity);
}

/* ---- units and stations -------------------------------------------------------------------- */

static const Sigap__V1__Unit *nth_unit(const sgp_model *model, size_t nth) {
    const sgp_shelf *shelf = &model->narrator.board.units;
    return nth < shelf->n ? (const Sigap__V1__Unit *)shelf->items[nth].message : NULL;
}

static void units(sgp_page *page) {
    static const int share[] = {0, 150, 400, 640, 860};
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_UNIT, SGP_TEXT_COLUMN_KIND,
                                    SGP_TEXT_COLUMN_STATION, SGP_TEXT_COLUMN_STATE,
                                    SGP_TEXT_COLUMN_CHANGED_BY};
    const Sigap__V1__Unit *unit;
    headings(page, share, 5, keys);
    for (size_t i = 0; (unit = nth_unit(page->model, i)) != NULL; i++) {
        char state[128];
        if (unit->out_of_service)
            snprintf(state, sizeof state, "✖ %s", unit->service_reason);
        else
            snprintf(state, sizeof state, "%s",
                     sgp_unit_status_text(page->language, (int)unit->status));
        const char *texts[] = {unit->code, sgp_unit_kind_text(page->language, (int)unit->kind),
                               unit->station, state,
                               *unit->entry_by ? unit->entry_by : "sigap.conf"};
        row(page,
            unit->out_of_service ? SGP_INK_RED
            : unit->on_duty      ? 0
                                 : SGP_INK_DIM,
            share, 5, texts);
    }
    hint(page, SGP_TEXT_CON_HINT_UNITS);
}

static void stations(sgp_page *page) {
    static const int share[] = {0, 380, 620};
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_STATION, SGP_TEXT_COLUMN_POINT,
                                    SGP_TEXT_COLUMN_UNIT};
    const Sigap__V1__Unit *unit, *other;
    headings(page, share, 3, keys);
    for (size_t i = 0; (unit = nth_unit(page->model, i)) != NULL; i++) {
        char point[64] = "", all[400] = "";
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = strcmp(nth_unit(page->model, k)->station, unit->station) != 0;
        for (size_t k = i; first && (other = nth_unit(page->model, k)) != NULL; k++) {
            size_t used = strlen(all);
            if (strcmp(other->station, unit->station) == 0)
                snprintf(all + used, sizeof all - used, "%s%s", used > 0 ? " " : "", other->code);
        }
        if (!first)
            continue;
        if (unit->station_point != NULL)
            snprintf(point, sizeof point, "%.5f,%.5f", unit->station_point->lon,
                     unit->station_point->lat);
        const char *texts[] = {unit->station, point, all};
        row(page, 0, share, 3, texts);
    }
    hint(page, SGP_TEXT_CON_HINT_STATIONS);
}

/* ---- crews ------------------------------------------------------------------------------------
 */

static void crews(sgp_page *page) {
    static const int share[] = {0, 150, 440, 720};
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_UNIT, SGP_TEXT_COLUMN_CREW,
                                    SGP_TEXT_COLUMN_PLANNED, SGP_TEXT_COLUMN_NEXT};
    const sgp_admin *admin = page->model->admin;
    const Sigap__V1__ShiftPage *told = admin->shifts != NULL ? admin->shifts->shift_page : NULL;
    char text[200];
    if (told == NULL) {
        sgp_page_line(page, 1, SGP_INK_DIM,
                      sgp_text_get(page->language, SGP_TEXT_CON_ADMIN_NOT_KNOWN));
        return;
    }
    sgp_page_line(page, 1, SGP_INK_DIM,
                  sgp_text_fill(text, sizeof text, page->language, SGP_TEXT_CON_ROSTER, "name",
                                told->roster[0] != '\0' ? told->roster : "-", NULL));
    headings(page, share, 4, keys);
    for (size_t i = 0; i < told->n_rows; i++) {
        const Sigap__V1__ShiftPage__Row *one = told->rows[i];
        char crew[160] = "-", now[200] = "-", next[200] = "-";
        if (one->signed_on != NULL && one->signed_on->n_crew > 0)
            sgp_crew_text(one->signed_on->crew, one->signed_on->n_crew, crew, sizeof crew);
        if (one->planned != NULL)
            sgp_shift_text(page->language, one->planned, page->model->now_ms, now, sizeof now);
        if (one->next != NULL)
            sgp_shift_text(page->language, one->next, page->model->now_ms, next, sizeof next);
        const char *texts[] = {one->unit_code, crew, now, next};
        bool missing = one->planned != NULL && !one->manned;
        row(page, missing ? SGP_INK_YELLOW : one->on_duty ? 0 : SGP_INK_DIM, share, 4, texts);
    }
    hint(page, SGP_TEXT_CON_HINT_CREWS);
}

/* ---- hospitals ----------------------------------------------------------------------------------
 */

static void hospitals(sgp_page *page) {
    static const int share[] = {0, 140, 440, 540, 860};
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_HOSPITAL, SGP_TEXT_CON_COLUMN_NAME,
                                    SGP_TEXT_CON_COLUMN_BEDS, SGP_TEXT_CON_COLUMN_ABILITIES,
                                    SGP_TEXT_COLUMN_CHANGED_BY};
    const sgp_shelf *shelf = &page->model->narrator.board.hospitals;
    headings(page, share, 5, keys);
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Hospital *hospital = (const Sigap__V1__Hospital *)shelf->items[i].message;
        char beds[24], abilities[300];
        snprintf(beds, sizeof beds, "%d", hospital->beds);
        sgp_abilities_text(page->language, hospital->abilities, abilities, sizeof abilities);
        const char *texts[] = {hospital->code, hospital->name, beds, abilities,
                               *hospital->entry_by ? hospital->entry_by : "sigap.conf"};
        row(page, 0, share, 5, texts);
    }
    hint(page, SGP_TEXT_CON_HINT_HOSPITALS);
}

/* ---- users
 * --------------------------------------------------------------------------------------- */

static void users(sgp_page *page) {
    static const int share[] = {0, 250, 400, 560, 760, 860};
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_USER,       SGP_TEXT_COLUMN_ROLE,
                                    SGP_TEXT_COLUMN_SPEAKS_FOR, SGP_TEXT_COLUMN_STATE,
                                    SGP_TEXT_COLUMN_DEVICES,    SGP_TEXT_COLUMN_CHANGED_BY};
    const sgp_admin *admin = page->model->admin;
    const Sigap__V1__User *user;
    char text[256], until[16], spaced[16];
    if (admin->code[0] != '\0' && admin->code_until_ms > page->model->now_ms) {
        snprintf(spaced, sizeof spaced, "%.4s %.4s", admin->code, admin->code + 4);
        sgp_page_line(page, 1, SGP_INK_GREEN | SGP_INK_BOLD | SGP_INK_REVERSE,
                      sgp_text_fill(text, sizeof text, page->language, SGP_TEXT_LOGIN_CODE, "code",
                                    spaced, "user", admin->code_user, "until",
                                    sgp_clock_text(admin->code_until_ms, until), NULL));
        page->row++;
    }
    if (!admin->users.known) {
        sgp_page_line(page, 1, SGP_INK_DIM,
                      sgp_text_get(page->language, SGP_TEXT_CON_ADMIN_NOT_KNOWN));
        return;
    }
    headings(page, share, 6, keys);
    for (size_t i = 0; (user = sgp_admin_user(admin, i)) != NULL; i++) {
        char devices[24], state[160];
        snprintf(devices, sizeof devices, "%zu", user->n_devices);
        if (user->disabled)
            snprintf(state, sizeof state, "✖ %s", user->reason);
        else
            snprintf(state, sizeof state, "%s",
                     user->sessions > 0 ? sgp_text_get(page->language, SGP_TEXT_USER_HERE)
                     : user->code_until_at_ms > page->model->now_ms
                         ? sgp_text_get(page->language, SGP_TEXT_CON_CODE_OPEN)
                         : "-");
        const char *texts[] = {user->name,
                               sgp_role_str(user->role),
                               *user->unit_code       ? user->unit_code
                               : *user->hospital_code ? user->hospital_code
                                                      : user->agency,
                               state,
                               devices,
                               user->configured ? "sigap.conf" : user->changed_by};
        row(page,
            user->disabled       ? SGP_INK_RED
            : user->sessions > 0 ? SGP_INK_GREEN
                                 : 0,
            share, 6, texts);
    }
    hint(page, SGP_TEXT_CON_HINT_USERS);
}

/* ---- plans and traffic
 * ------------------------------------------------------------------------------ */

static void plans(sgp_page *page) {
    const sgp_admin *admin = page->model->admin;
    const Sigap__V1__Status *status = admin->status != NULL ? admin->status->status : NULL;
    char text[400], time[32], number[24], age[64];
    if (admin->reload_at_ms != 0) {
        const char *at = sgp_clock_text(admin->reload_at_ms, time);
        bool well = admin->reload_fault[0] == '\0';
        sgp_page_line(page, 1, well ? SGP_INK_GREEN | SGP_INK_BOLD : SGP_INK_RED | SGP_INK_BOLD,
                      sgp_text_fill(text, sizeof text, page->language,
                                    well ? SGP_TEXT_CON_RELOADED : SGP_TEXT_CON_RELOAD_WRONG, "at",
                                    at, NULL));
        sgp_page_lines(page, 3, SGP_INK_RED, admin->reload_fault);
        page->row++;
    }
    sgp_page_heading(page, SGP_TEXT_CON_ROADS_NOW);
    if (status == NULL) {
        sgp_page_line(page, 1, SGP_INK_DIM,
                      sgp_text_get(page->language, SGP_TEXT_CON_ADMIN_NOT_KNOWN));
        return;
    }
    int64_t since_ms = page->model->own_now_ms - admin->status_at_ms;
    if (status->picture_age_ms < 0) {
        sgp_page_line(page, 1, 0, sgp_text_get(page->language, SGP_TEXT_CON_NO_PICTURE));
    } else {
        snprintf(number, sizeof number, "%" PRIu64, status->picture_roads);
        sgp_duration_text(page->language, status->picture_age_ms + since_ms, age, sizeof age);
        sgp_page_line(page, 1, 0,
                      sgp_text_fill(text, sizeof text, page->language, SGP_TEXT_CON_PICTURE, "who",
                                    status->picture_by, "roads", number, "age", age, NULL));
    }
    snprintf(number, sizeof number, "%u", status->closures_in_force);
    sgp_page_line(
        page, 1, 0,
        sgp_text_fill(text, sizeof text, page->language, SGP_TEXT_CON_IN_FORCE, "n", number, NULL));
    for (size_t i = 0; i < status->n_road_metrics; i++) {
        const Sigap__V1__RoadMetric *metric = status->road_metrics[i];
        sgp_duration_text(page->language, metric->age_ms + since_ms, age, sizeof age);
        sgp_page_line(page, 1, SGP_INK_DIM,
                      sgp_text_fill(text, sizeof text, page->language, SGP_TEXT_CON_METRIC,
                                    "profile", metric->profile, "age", age, NULL));
    }
    hint(page, SGP_TEXT_CON_HINT_PLANS);
}

/* ---- closures
 * ------------------------------------------------------------------------------------------ */

char *sgp_stretch_text(sgp_language language, const Sigap__V1__Stretch *stretch, char *out,
                       size_t capacity) {
    char length[24], roads[24], area[240] = "", away[80] = "", metres[24];
    snprintf(length, sizeof length, "%" PRId64, stretch->length_m);
    snprintf(roads, sizeof roads, "%u", stretch->n_roads);
    if (stretch->area[0] != '\0')
        snprintf(area, sizeof area, " (%s)", stretch->area);
    if (stretch->away_m > 0) {
        snprintf(metres, sizeof metres, "%" PRId64, stretch->away_m);
        sgp_text_fill(away, sizeof away, language, SGP_TEXT_STRETCH_AWAY, "away", metres, NULL);
    }
    return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_STRETCH, "street",
                         stretch->street[0] != '\0' ? stretch->street
                                                    : sgp_text_get(language, SGP_TEXT_CON_NAMELESS),
                         "area", area, "length", length, "roads", roads, "away", away, NULL);
}

char *sgp_closure_text(sgp_language language, const Sigap__V1__RoadClosure *closure, char *out,
                       size_t capacity) {
    if (closure->street[0] != '\0')
        snprintf(out, capacity, "%s", closure->street);
    else if (closure->way != 0)
        snprintf(out, capacity, "way %" PRId64, closure->way);
    else if (closure->point != NULL)
        snprintf(out, capacity, "%.5f,%.5f ±%d m", closure->point->lon, closure->point->lat,
                 closure->radius_m);
    else
        snprintf(out, capacity, "%s", sgp_text_get(language, SGP_TEXT_CON_NAMELESS));
    return out;
}

static void choices(sgp_page *page) {
    const sgp_admin *admin = page->model->admin;
    char text[500];
    const Sigap__V1__Stretches *told = admin->stretches->stretches;
    sgp_page_heading(page, SGP_TEXT_CON_WHICH_STRETCH);
    for (size_t i = 0; i < told->n_stretches; i++) {
        char line[520];
        snprintf(line, sizeof line, "%zu %s%s", i + 1, told->stretches[i]->n_parts == 0 ? "✖ " : "",
                 sgp_stretch_text(page->language, told->stretches[i], text, sizeof text));
        if (i == admin->chosen)
            sgp_page_mark(page, page->row);
        sgp_page_line(page, 2, i == admin->chosen ? SGP_INK_BOLD | SGP_INK_YELLOW : 0, line);
    }
    page->row++;
}

static void closures(sgp_page *page) {
    static const int share[] = {0, 80, 370, 450, 590, 850};
    static const sgp_text keys[] = {SGP_TEXT_CON_COLUMN_NUMBER,    SGP_TEXT_CON_COLUMN_ROAD,
                                    SGP_TEXT_CON_COLUMN_STRETCHES, SGP_TEXT_CON_COLUMN_UNTIL,
                                    SGP_TEXT_CON_COLUMN_REASON,    SGP_TEXT_COLUMN_WHO};
    const sgp_admin *admin = page->model->admin;
    const Sigap__V1__RoadClosure *closure;
    if (admin->closing == SGP_CLOSING_CHOICE && admin->stretches != NULL)
        choices(page);
    if (!admin->closures.known) {
        sgp_page_line(page, 1, SGP_INK_DIM,
                      sgp_text_get(page->language, SGP_TEXT_CON_ADMIN_NOT_KNOWN));
        return;
    }
    headings(page, share, 6, keys);
    for (size_t i = 0; (closure = sgp_admin_closure(admin, i)) != NULL; i++) {
        char number[24], what[200], roads[24], until[32];
        snprintf(number, sizeof number, "%" PRIu64, closure->id);
        snprintf(roads, sizeof roads, "%u", closure->n_roads);
        sgp_closure_text(page->language, closure, what, sizeof what);
        const char *texts[] = {
            number,
            what,
            roads,
            closure->until_at_ms == 0
                ? sgp_text_get(page->language, SGP_TEXT_CON_UNTIL_OPENED)
                : when(closure->until_at_ms, page->model->now_ms, until, sizeof until),
            closure->reason,
            closure->closed_by};
        row(page, closure->in_force ? SGP_INK_RED : SGP_INK_DIM, share, 6, texts);
    }
    if (sgp_admin_n_closures(admin) == 0)
        sgp_page_line(page, 1, SGP_INK_DIM, sgp_text_get(page->language, SGP_TEXT_CON_NO_CLOSURES));
    hint(page, SGP_TEXT_CON_HINT_CLOSURES);
}

/* ---- all
 * ---------------------------------------------------------------------------------------------------
 */

static const sgp_text names[SGP_ADMIN_PAGES] = {[SGP_ADMIN_UNITS] = SGP_TEXT_CON_ADMIN_UNITS,
                                                [SGP_ADMIN_CREWS] = SGP_TEXT_CON_ADMIN_CREWS,
                                                [SGP_ADMIN_STATIONS] = SGP_TEXT_CON_ADMIN_STATIONS,
                                                [SGP_ADMIN_HOSPITALS] =
                                                    SGP_TEXT_CON_ADMIN_HOSPITALS,
                                                [SGP_ADMIN_USERS] = SGP_TEXT_CON_ADMIN_USERS,
                                                [SGP_ADMIN_PLANS] = SGP_TEXT_CON_ADMIN_PLANS,
                                                [SGP_ADMIN_CLOSURES] = SGP_TEXT_CON_ADMIN_CLOSURES};

int sgp_screen_admin(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                     const sgp_admin *admin, int scroll) {
    static void (*const pages[SGP_ADMIN_PAGES])(sgp_page *) = {
        [SGP_ADMIN_UNITS] = units,       [SGP_ADMIN_CREWS] = crews,
        [SGP_ADMIN_STATIONS] = stations, [SGP_ADMIN_HOSPITALS] = hospitals,
        [SGP_ADMIN_USERS] = users,       [SGP_ADMIN_PLANS] = plans,
        [SGP_ADMIN_CLOSURES] = closures};
    char title[300];
    sgp_page page;
    size_t used = (size_t)snprintf(title, sizeof title, "%s  ",
                                   sgp_text_get(model->language, SGP_TEXT_CON_ADMIN_TITLE));
    for (int i = 0; i < SGP_ADMIN_PAGES && used < sizeof title; i++)
        used += (size_t)snprintf(title + used, sizeof title - used,
                                 i == (int)admin->page ? "[%s] " : "%s ",
                                 sgp_text_get(model->language, names[i]));
    sgp_screen_title(canvas, area, title, true);
    if (!sgp_page_begin(&page, area, model))
        return 0;
    pages[admin->page](&page);
    return sgp_page_end(&page, canvas, area, scroll);
}
