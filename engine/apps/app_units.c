/* `sigap units`: all units with status, incident and age of position. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/incident_table.h"
#include "apps/options.h"
#include "apps/print.h"
#include "apps/shift_told.h"
#include "base/clock.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap units - units with status and position\n"
    "\n"
    "USAGE\n"
    "  sigap units [--free] [--on-duty] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line a unit: code, what it does now, on which incident, the kind of\n"
    "  vehicle, its station, when its crew's shift ends where that is within the hour,\n"
    "  and where it was when. A position older than two minutes away from the station\n"
    "  is shown in yellow as silent, overtime and a crew that is absent in red, and so\n"
    "  are a crew on scene that does not say that all is well and a handover that is\n"
    "  overdue (with --json: welfare_alarms and offload_alarms of the unit).\n"
    "\n"
    "OPTIONS\n"
    "  --free             only units that can be sent now\n"
    "  --on-duty          leave out units that are off duty\n"
    "\n" SGP_HELP_CONNECTION "  1 also where no unit fits\n";

enum { OPTION_FREE = 256, OPTION_ON_DUTY };
static const struct option own_options[] = {
    {"free", no_argument, NULL, OPTION_FREE}, {"on-duty", no_argument, NULL, OPTION_ON_DUTY}, {0}};

static sgp_colour status_colour(int status) {
    switch (status) {
    case SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE:
        return SGP_GREEN;
    case SIGAP__V1__UNIT_STATUS__UNIT_OFF_DUTY:
        return SGP_DIM;
    case SIGAP__V1__UNIT_STATUS__UNIT_ORDERED:
    case SIGAP__V1__UNIT_STATUS__UNIT_EN_ROUTE:
        return SGP_RED;
    default:
        return SGP_YELLOW;
    }
}

/* Where it is sent to wait, and how far that has come. */
static const char *post_text(sgp_language language, const Sigap__V1__Post *post, char *out,
                             size_t capacity) {
    static const sgp_text keys[] = {[SIGAP__V1__POST_STATE__POST_ORDERED] = SGP_TEXT_POST_ORDERED,
                                    [SIGAP__V1__POST_STATE__POST_ACCEPTED] = SGP_TEXT_POST_ACCEPTED,
                                    [SIGAP__V1__POST_STATE__POST_THERE] = SGP_TEXT_POST_THERE,
                                    [SIGAP__V1__POST_STATE__POST_DECLINED] =
                                        SGP_TEXT_POST_DECLINED};
    char number[24];
    if ((unsigned)post->state >= sizeof keys / sizeof *keys)
        return "";
    snprintf(number, sizeof number, "%llu", (unsigned long long)post->move_up_id);
    return sgp_text_fill(out, capacity, language, keys[post->state], "place", post->name, "number",
                         number, NULL);
}

/* The job that it is on; NULL: none, or it is not known. */
static const Sigap__V1__Assignment *job_of(const sgp_incident_list *jobs,
                                           const Sigap__V1__Unit *unit) {
    for (size_t i = 0; unit->assignment_id != 0 && i < jobs->n_assignments; i++)
        if (jobs->assignments[i]->id == unit->assignment_id)
            return jobs->assignments[i];
    return NULL;
}

static void status_cell(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__Unit *unit,
                        const Sigap__V1__Assignment *job) {
    char text[256];
    const char *status = sgp_unit_status_text(o->language, (int)unit->status);
    if (unit->distress_at_ms != 0)
        sgp_sheet_cell(sheet, SGP_RED, "%s", sgp_text_get(o->language, SGP_TEXT_STATUS_DISTRESS));
    else if (unit->out_of_service)
        sgp_sheet_cell(sheet, SGP_RED, "%s",
                       sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_UNIT_OUT_OF_SERVICE,
                                     "reason", unit->service_reason, NULL));
    else if (job != NULL && sgp_assignment_alarm_text(o->language, job, status, text, sizeof text))
        sgp_sheet_cell(sheet, SGP_RED, "%s", text);
    else
        sgp_sheet_cell(sheet, status_colour((int)unit->status), "%s", status);
}

static json_t *json_of(const Sigap__V1__Unit *unit, const Sigap__V1__Assignment *job) {
    json_t *made = sgp_message_to_json(&unit->base);
    if (made != NULL && job != NULL && job->welfare_alarms > 0)
        json_object_set_new(made, "welfare_alarms", json_integer(job->welfare_alarms));
    if (made != NULL && job != NULL && job->offload_alarms > 0)
        json_object_set_new(made, "offload_alarms", json_integer(job->offload_alarms));
    return made;
}

static void age_cell(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__Unit *unit,
                     int64_t age_ms) {
    char age[64], text[128];
    sgp_duration_text(o->language, age_ms, age, sizeof age);
    if (age_ms > 120000 && unit->on_duty)
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_AGE_SILENT, "age", age, NULL);
    else
        snprintf(text, sizeof text, "%s", age);
    sgp_sheet_cell(sheet, age_ms > 120000 ? SGP_YELLOW : SGP_PLAIN, "%s", text);
}

static void add_row(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__Unit *unit,
                    const Sigap__V1__Assignment *job, int64_t now_ms) {
    char end[128];
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", unit->code);
    status_cell(o, sheet, unit, job);
    if (unit->incident_id != 0)
        sgp_sheet_cell(sheet, SGP_PLAIN, "#%" PRIu64, unit->incident_id);
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_unit_kind_text(o->language, (int)unit->kind));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", unit->station);
    bool is_over = sgp_shift_end_text(o->language, unit, now_ms, end, sizeof end);
    sgp_sheet_cell(sheet, is_over ? SGP_RED : SGP_YELLOW, "%s", end);
    if (unit->position == NULL) {
        sgp_sheet_cell(sheet, SGP_DIM, "-");
        sgp_sheet_cell(sheet, SGP_DIM, "-");
        return;
    }
    sgp_sheet_cell(sheet, SGP_DIM, "%.6f,%.6f", unit->position->lon, unit->position->lat);
    int64_t age_ms = now_ms > unit->position_at_ms ? now_ms - unit->position_at_ms : 0;
    char post[256];
    if (unit->post != NULL && unit->post->state != SIGAP__V1__POST_STATE__POST_NONE)
        sgp_sheet_cell(sheet,
                       unit->post->state == SIGAP__V1__POST_STATE__POST_DECLINED ? SGP_YELLOW
                                                                                 : SGP_PLAIN,
                       "%s", post_text(o->language, unit->post, post, sizeof post));
    else if (unit->at_station)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_text_get(o->language, SGP_TEXT_AT_STATION));
    else
        age_cell(o, sheet, unit, age_ms);
}

int app_units(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "units", help);
    bool only_free = false, only_on_duty = false;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        if (c == OPTION_FREE)
            only_free = true;
        else
            only_on_duty = true;
    }
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "no operands are expected, not '%s'", argv[optind]);

    sgp_fault fault = {0};
    sgp_client *client = NULL;
    if (sgp_options_connect(&o, o.token, &client, NULL, &fault) != SGP_OK)
        return sgp_complain(&o, &fault);
    const char *headers[] = {sgp_text_get(o.language, SGP_TEXT_COLUMN_UNIT),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_STATUS),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_INCIDENT),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_KIND),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_STATION),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_SHIFT),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_POINT),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_AGE)};
    sgp_sheet *sheet = NULL;
    json_t *list = json_array();
    sgp_err err = list == NULL ? SGP_E_MEMORY : sgp_sheet_create(headers, 8, &sheet);
    sgp_incident_list jobs = {0};
    if (err == SGP_OK)
        err = sgp_incident_list_fetch(client, false, 0, &jobs, &fault);
    size_t n = 0;
    int64_t now_ms = sgp_wall_ms();
    for (uint32_t after = 0; err == SGP_OK;) {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        Sigap__V1__ListUnits ask = SIGAP__V1__LIST_UNITS__INIT;
        ask.after_number = after;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_UNITS;
        request.list_units = &ask;
        Sigap__V1__Frame *reply = NULL;
        err = sgp_client_request(client, &request, 0, &reply, &fault);
        if (err != SGP_OK)
            break;
        uint32_t next = 0;
        if (reply->body_case == SIGAP__V1__FRAME__BODY_UNIT_PAGE) {
            const Sigap__V1__UnitPage *page = reply->unit_page;
            for (size_t i = 0; i < page->n_units; i++) {
                const Sigap__V1__Unit *unit = page->units[i];
                if ((only_free && unit->status != SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE) ||
                    (only_on_duty && !unit->on_duty))
                    continue;
                n++;
                if (o.json)
                    json_array_append_new(list, json_of(unit, job_of(&jobs, unit)));
                else
                    add_row(&o, sheet, unit, job_of(&jobs, unit), now_ms);
            }
            next = page->next_after_number;
        }
        sigap__v1__frame__free_unpacked(reply, NULL);
        if (next <= after)
            break;
        after = next;
    }
    sgp_client_close(client);
    int exit_code = n > 0 ? 0 : 1;
    if (err != SGP_OK) {
        fault.code = err;
        exit_code = sgp_complain(&o, &fault);
    } else if (o.json) {
        int printed = sgp_print_json(json_pack("{s:O}", "units", list));
        exit_code = printed != 0 ? printed : exit_code;
    } else if (n > 0) {
        sgp_sheet_print(sheet, stdout);
    } else {
        puts(sgp_text_get(o.language,
                          only_free || only_on_duty ? SGP_TEXT_NOTHING_FOUND : SGP_TEXT_NO_UNITS));
    }
    json_decref(list);
    sgp_incident_list_free(&jobs);
    sgp_sheet_destroy(sheet);
    return exit_code;
}
