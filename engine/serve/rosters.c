/* Rosters in service: loading them at the start and again while running, crews that sign on, and
 * who is on. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "plans/roster_file.h"
#include "serve/engine_parts.h"

/* ---- loading --------------------------------------------------------------------- */

static bool is_rostered(const sgp_settings *settings) {
    return settings->roster_shifts[0] != '\0';
}

static int32_t offset_s(const void *ctx, int64_t wall_ms) {
    const sgp_settings *settings = ctx;
    return sgp_city_time_offset_s(&settings->roads.time, wall_ms);
}

static bool is_unit(const void *ctx, const char *code) {
    const sgp_settings *settings = ctx;
    for (size_t i = 0; i < settings->n_units; i++)
        if (strcmp(settings->units[i].code, code) == 0)
            return true;
    return false;
}

static sgp_err load(const sgp_settings *settings, int64_t now_ms, sgp_roster **roster,
                    sgp_fault *fault) {
    sgp_roster_source source = {.shifts = settings->roster_shifts,
                                .crew = settings->roster_crew,
                                .now_ms = now_ms,
                                .ctx = settings,
                                .offset_s = offset_s,
                                .is_unit = is_unit};
    return sgp_roster_read(&source, roster, fault);
}

sgp_err sgp_rosters_check(const sgp_settings *settings, sgp_fault *fault) {
    sgp_roster *roster = NULL;
    sgp_err err = is_rostered(settings) ? load(settings, sgp_wall_ms(), &roster, fault) : SGP_OK;
    free(roster);
    return err;
}

/* Does the world plan by this roster? */
static bool is_in_force(const sgp_engine *engine, const sgp_roster *roster) {
    const sgp_roster *known = sgp_world_roster(engine->world);
    uint8_t before[SGP_HASH_BYTES], now[SGP_HASH_BYTES];
    if (known == NULL)
        return false;
    sgp_roster_digest(known, before);
    sgp_roster_digest(roster, now);
    return memcmp(before, now, sizeof now) == 0;
}

sgp_err sgp_rosters_input(const sgp_engine *engine, sgp_input **input, sgp_fault *fault) {
    sgp_roster *roster = NULL;
    *input = NULL;
    if (!is_rostered(engine->settings))
        return SGP_OK;
    sgp_err err = load(engine->settings, sgp_wall_ms(), &roster, fault);
    if (err != SGP_OK || is_in_force(engine, roster)) {
        free(roster);
        return err;
    }
    *input = sgp_input_create(SGP_EVENT_ROSTER_LOADED);
    if (*input == NULL)
        abort();
    (*input)->event.u.roster.roster = roster;
    sgp_log(SGP_LOG_INFO, "roster", "name=%s people=%u shifts=%u", SGP_Q(roster->name),
            roster->n_members, roster->n_shifts);
    return SGP_OK;
}

void sgp_input_forget_roster(sgp_input *input) {
    if (input->event.kind == SGP_EVENT_ROSTER_LOADED || input->event.kind == SGP_EVENT_SHIFT_SET)
        sgp_event_clear(&input->event);
}

/* ---- requests ---------------------------------------------------------------------- */

sgp_err sgp_roster_event(const Sigap__V1__Frame *frame, const char *unit, sgp_event *event,
                         sgp_fault *fault) {
    /* What is asked is written down as it stands, so the journal's decoder reads it. */
    Sigap__V1__Event asked = SIGAP__V1__EVENT__INIT;
    Sigap__V1__SignOnCrew sign_on;
    asked.at_ms = 1; /* any time; the loop gives the true one */
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_SIGN_ON_CREW:
        sign_on = *frame->sign_on_crew;
        sign_on.unit_code = (char *)unit;
        asked.body_case = SIGAP__V1__EVENT__BODY_CREW_SIGNED_ON;
        asked.crew_signed_on = &sign_on;
        break;
    case SIGAP__V1__FRAME__BODY_SET_SHIFT:
        asked.body_case = SIGAP__V1__EVENT__BODY_SHIFT_SET;
        asked.shift_set = frame->set_shift;
        break;
    default:
        asked.body_case = SIGAP__V1__EVENT__BODY_SHIFT_REMOVED;
        asked.shift_removed = frame->remove_shift;
    }
    return sgp_event_from_proto(&asked, event, fault);
}

/* ---- who is on ---------------------------------------------------------------------- */

/* This turn of the shift. */
static Sigap__V1__PlannedShift *turn_to_proto(const sgp_turn *turn) {
    sgp_shift shift = *turn->shift;
    shift.from_ms = turn->from_ms;
    shift.until_ms = turn->until_ms;
    return sgp_shift_to_proto(&shift);
}

static void out_of_memory(void) {
    sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=shifts");
    abort();
}

static Sigap__V1__ShiftPage__Row *row_of(const sgp_world *world, uint32_t index, int64_t at_ms,
                                         bool is_now) {
    const sgp_unit *unit = sgp_world_unit(world, index);
    Sigap__V1__ShiftPage__Row *row = malloc(sizeof *row);
    if (row == NULL)
        out_of_memory();
    sigap__v1__shift_page__row__init(row);
    sgp_turn turn;
    bool ok = (row->unit_code = strdup(unit->code)) != NULL;
    row->kind = (Sigap__V1__UnitKind)unit->kind;
    if (sgp_world_turn_at(world, unit->code, at_ms, &turn)) {
        row->manned = is_now && sgp_unit_is_manned(unit, &turn);
        ok = ok && (row->planned = turn_to_proto(&turn)) != NULL;
    }
    if (sgp_world_turn_after(world, unit->code, at_ms, &turn))
        ok = ok && (row->next = turn_to_proto(&turn)) != NULL;
    if (is_now) {
        row->on_duty = unit->on_duty;
        row->signed_on_at_ms = unit->signed_on_at_ms;
        if (unit->assignment != 0)
            row->incident_id = sgp_world_assignment(world, unit->assignment)->incident;
        row->signed_on = sgp_signed_on_to_proto(unit);
    }
    if (!ok)
        out_of_memory();
    return row;
}

void sgp_answer_shifts(sgp_session *session, uint64_t reply_to,
                       const Sigap__V1__ListShifts *asked) {
    sgp_engine *engine = session->engine;
    const sgp_world *world = engine->world;
    const char *code =
        session->is_crew ? sgp_world_unit(world, session->unit)->code : asked->unit_code;
    if (*code != '\0' && sgp_world_unit_by_code(world, code) == NULL) {
        sgp_fault fault;
        sgp_err err = sgp_fail(&fault, SGP_E_NOT_FOUND, "no unit is called %.40s", code);
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    uint32_t n = sgp_world_units(world);
    Sigap__V1__ShiftPage page = SIGAP__V1__SHIFT_PAGE__INIT;
    page.at_ms = asked->at_ms > 0 ? asked->at_ms : sgp_engine_now_ms(engine);
    page.is_now = asked->at_ms <= 0;
    page.absent_ms = sgp_world_clocks(world)->rules.shift_absent_ms;
    const sgp_roster *roster = sgp_world_roster(world);
    page.roster = (char *)(roster != NULL ? roster->name : "");
    page.rows = calloc(n + 1, sizeof *page.rows);
    if (page.rows == NULL)
        out_of_memory();
    for (uint32_t i = 0; i < n; i++)
        if (*code == '\0' || strcmp(sgp_world_unit(world, i)->code, code) == 0)
            page.rows[page.n_rows++] = row_of(world, i, page.at_ms, page.is_now);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_SHIFT_PAGE;
    frame.shift_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_rows; i++)
        protobuf_c_message_free_unpacked(&page.rows[i]->base, NULL);
    free(page.rows);
}

void sgp_log_absence(const sgp_engine *engine, uint32_t index) {
    const sgp_unit *unit = sgp_world_unit(engine->world, index);
    sgp_log(SGP_LOG_WARN, "crew_is_absent", "unit=%s", SGP_Q(unit->code));
}
