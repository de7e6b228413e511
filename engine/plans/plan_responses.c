/* complaints.conf and plans.conf: who is wanted for what. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plans/plan_parts.h"

/* ---- complaints ------------------------------------------------------------ */

typedef struct complaint_row {
    sgp_complaint complaint;
    sgp_handbook_text name;
    const sgp_setting *at;
} complaint_row;

static int by_code(const void *left, const void *right) {
    const complaint_row *a = left, *b = right;
    return strcmp(a->complaint.code, b->complaint.code);
}

static void read_complaint(sgp_conf *conf, const sgp_setting *entry, complaint_row *row) {
    row->at = entry;
    sgp_conf_check_keys(conf, entry, " code nemsis priority id en needs wishes ");
    sgp_conf_code(conf, entry, "code", row->complaint.code);
    sgp_conf_plain(conf, entry, "nemsis", false, row->complaint.nemsis,
                   sizeof row->complaint.nemsis);
    row->complaint.priority = sgp_conf_priority(conf, entry, "priority", true);
    sgp_conf_handbook_text(conf, entry, "id", "en", &row->name);
    row->complaint.needs = sgp_conf_abilities(conf, entry, "needs");
    row->complaint.wishes = sgp_conf_abilities(conf, entry, "wishes");
}

void sgp_read_complaints(sgp_conf *conf, sgp_loaded_plan *loaded) {
    size_t n;
    const sgp_setting *root = config_root_setting(&conf->config);
    sgp_conf_check_keys(conf, root, " complaints ");
    const sgp_setting *list = sgp_conf_groups(conf, root, "complaints", SGP_COMPLAINTS_MAX, &n);
    complaint_row *rows = calloc(n ? n : 1, sizeof *rows);
    if (!rows)
        conf->err = SGP_E_MEMORY;
    for (size_t i = 0; i < n && !conf->err; i++)
        read_complaint(conf, config_setting_get_elem(list, (unsigned)i), &rows[i]);
    if (!conf->err && n > 1)
        qsort(rows, n, sizeof *rows, by_code);
    for (size_t i = 1; i < n && !conf->err; i++)
        if (by_code(&rows[i - 1], &rows[i]) == 0)
            sgp_conf_mistake(conf, rows[i].at, "the complaint \"%s\" is there twice",
                             rows[i].complaint.code);
    /* The names pass to the handbook whatever went wrong, which frees them. */
    for (size_t i = 0; i < n && rows; i++) {
        loaded->plan->complaints[i] = rows[i].complaint;
        loaded->handbook->complaints[i] = rows[i].name;
    }
    if (!conf->err)
        loaded->plan->n_complaints = (uint32_t)n;
    free(rows);
}

/* ---- agencies and seats ----------------------------------------------------- */

static int32_t seconds(double value) {
    return (int32_t)lround(value * 1000);
}

static void read_agencies(sgp_conf *conf, const sgp_setting *root, sgp_plan *plan) {
    size_t n;
    const sgp_setting *list = sgp_conf_groups(conf, root, "agencies", SGP_AGENCIES_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_agency *agency = &plan->agencies[i];
        sgp_conf_check_keys(conf, entry, " code name answer_s ");
        sgp_conf_code(conf, entry, "code", agency->code);
        sgp_conf_plain(conf, entry, "name", true, agency->name, sizeof agency->name);
        agency->answer_ms = seconds(sgp_conf_number(conf, entry, "answer_s", true, 1, 86400, 1));
        if (!conf->err && sgp_plan_agency(plan, agency->code))
            sgp_conf_mistake(conf, entry, "the agency \"%s\" is there twice", agency->code);
        plan->n_agencies = (uint32_t)i + 1;
    }
}

/* One entry of seats makes `count` seats. Those that go along with another one name it by the
 * number of its entry in the list, counted from 1. */
static void read_seat(sgp_conf *conf, const sgp_setting *entry, sgp_plan *plan,
                      sgp_response *response, const uint32_t *first_of_entry, size_t n_before) {
    sgp_conf_check_keys(conf, entry,
                        " kinds instead skills within_min alarm count if_possible with ");
    sgp_seat seat = {.kinds = sgp_conf_kinds(conf, entry, "kinds"),
                     .instead = sgp_conf_kinds(conf, entry, "instead"),
                     .skills = sgp_conf_skills(conf, entry, "skills"),
                     .if_possible = sgp_conf_boolean(conf, entry, "if_possible", false)};
    seat.within_ms = seconds(60 * sgp_conf_number(conf, entry, "within_min", false, 0, 1440, 0));
    seat.alarm = (uint32_t)sgp_conf_number(conf, entry, "alarm", false, 1, SGP_ALARMS, 1);
    uint32_t count =
        (uint32_t)sgp_conf_number(conf, entry, "count", false, 1, SGP_SEATS_PER_RESPONSE, 1);
    uint32_t with =
        (uint32_t)sgp_conf_number(conf, entry, "with", false, 1, SGP_SEATS_PER_RESPONSE, 0);
    if (conf->err)
        return;
    if (seat.kinds == 0)
        sgp_conf_mistake(conf, entry, "a seat needs kinds: [ \"ambulance_basic\" ]");
    if (with > n_before)
        sgp_conf_mistake(conf, sgp_conf_child(entry, "with"),
                         "with is the number of a seat that stands before this one, from 1");
    if (response->n_seats &&
        plan->seats[response->first_seat + response->n_seats - 1].alarm > seat.alarm)
        sgp_conf_mistake(conf, entry,
                         "seats of a lower alarm level stand before those of a higher");
    if (response->n_seats + count > SGP_SEATS_PER_RESPONSE || plan->n_seats + count > SGP_SEATS_MAX)
        sgp_conf_mistake(conf, entry, "there are more than %d seats in a response, or %d in all",
                         SGP_SEATS_PER_RESPONSE, SGP_SEATS_MAX);
    for (uint32_t i = 0; i < count && !conf->err; i++) {
        /* The second of two motorbikes goes along with the second of two ambulances. */
        if (with) {
            uint32_t leader = first_of_entry[with - 1];
            uint32_t n_leaders = first_of_entry[with] - leader;
            seat.with = 1 + leader + (i < n_leaders ? i : n_leaders - 1);
        }
        plan->seats[plan->n_seats++] = seat;
        response->n_seats++;
    }
}

static void read_seats(sgp_conf *conf, const sgp_setting *entry, sgp_plan *plan,
                       sgp_response *response) {
    size_t n;
    uint32_t first_of_entry[SGP_SEATS_PER_RESPONSE + 1] = {0};
    const sgp_setting *list = sgp_conf_groups(conf, entry, "seats", SGP_SEATS_PER_RESPONSE, &n);
    response->first_seat = plan->n_seats;
    for (size_t i = 0; i < n && !conf->err; i++) {
        first_of_entry[i] = response->n_seats;
        read_seat(conf, config_setting_get_elem(list, (unsigned)i), plan, response, first_of_entry,
                  i);
        first_of_entry[i + 1] = response->n_seats;
    }
}

static void read_alerts(sgp_conf *conf, const sgp_setting *entry, sgp_plan *plan,
                        sgp_response *response) {
    size_t n;
    const sgp_setting *list = sgp_conf_groups(conf, entry, "alerts", SGP_ALERTS_PER_RESPONSE, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *alert = config_setting_get_elem(list, (unsigned)i);
        char code[SGP_CODE_BYTES] = "";
        sgp_conf_check_keys(conf, alert, " agency alarm ");
        sgp_conf_code(conf, alert, "agency", code);
        const sgp_agency *agency = sgp_plan_agency(plan, code);
        if (!conf->err && !agency)
            sgp_conf_mistake(conf, alert, "there is no agency \"%s\" in agencies", code);
        response->alerts[i].alarm =
            (uint32_t)sgp_conf_number(conf, alert, "alarm", false, 1, SGP_ALARMS, 1);
        if (!conf->err)
            response->alerts[response->n_alerts++].agency = (uint32_t)(agency - plan->agencies);
    }
}

static void read_response_list(sgp_conf *conf, const sgp_setting *root, sgp_plan *plan) {
    size_t n;
    const sgp_setting *list = sgp_conf_groups(conf, root, "responses", SGP_RESPONSES_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_response *response = &plan->responses[i];
        sgp_conf_check_keys(conf, entry, " code seats alerts ");
        sgp_conf_code(conf, entry, "code", response->code);
        for (size_t k = 0; k < i && !conf->err; k++)
            if (strcmp(plan->responses[k].code, response->code) == 0)
                sgp_conf_mistake(conf, entry, "the response \"%s\" is there twice", response->code);
        read_seats(conf, entry, plan, response);
        read_alerts(conf, entry, plan, response);
        plan->n_responses = (uint32_t)i + 1;
    }
}

/* ---- which complaint gets which response ------------------------------------ */

/* The first line that fits decides, so a line only fills what is still empty. `settled` keeps what
 * a line has settled on "none". */
static void read_plan_line(sgp_conf *conf, const sgp_setting *entry, sgp_plan *plan,
                           bool settled[SGP_COMPLAINTS_MAX][SGP_PRIORITIES]) {
    sgp_conf_check_keys(conf, entry, " complaints priorities response ");
    sgp_complaint_set named = {{0}};
    bool some = sgp_conf_complaints(conf, entry, "complaints", plan, &named);
    uint32_t priorities =
        sgp_conf_priorities(conf, entry, "priorities", (1u << SGP_PRIORITIES) - 2);
    const char *code = sgp_conf_text(conf, entry, "response", true, SGP_CODE_BYTES);
    uint32_t response = 0;
    for (uint32_t i = 0; code && i < plan->n_responses; i++)
        if (strcmp(plan->responses[i].code, code) == 0)
            response = i + 1;
    if (code && !response && strcmp(code, "none") != 0)
        sgp_conf_mistake(conf, sgp_conf_child(entry, "response"),
                         "there is no response \"%s\" in responses, and it is not \"none\"", code);
    bool fills = false;
    for (uint32_t c = 0; c < plan->n_complaints && !conf->err; c++)
        for (int p = SGP_P1; p < SGP_PRIORITIES; p++) {
            if ((some && !sgp_complaint_set_has(&named, c)) || !(priorities >> p & 1) ||
                settled[c][p])
                continue;
            plan->complaints[c].response[p] = response;
            settled[c][p] = fills = true;
        }
    if (!fills)
        sgp_conf_mistake(conf, entry,
                         "this line never decides: lines before it settle all that it names");
}

void sgp_read_responses(sgp_conf *conf, sgp_loaded_plan *loaded) {
    sgp_plan *plan = loaded->plan;
    const sgp_setting *root = config_root_setting(&conf->config);
    bool settled[SGP_COMPLAINTS_MAX][SGP_PRIORITIES] = {{false}};
    size_t n;
    sgp_conf_check_keys(conf, root, " name agencies responses plans ");
    sgp_conf_plain(conf, root, "name", false, plan->name, sizeof plan->name);
    read_agencies(conf, root, plan);
    read_response_list(conf, root, plan);
    const sgp_setting *list =
        sgp_conf_groups(conf, root, "plans", (size_t)SGP_COMPLAINTS_MAX * SGP_PRIORITIES, &n);
    for (size_t i = 0; i < n && !conf->err; i++)
        read_plan_line(conf, config_setting_get_elem(list, (unsigned)i), plan, settled);
}
