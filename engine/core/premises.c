#include "core/premises.h"

#include <string.h>

#include "core/event_check.h"
#include "core/place.h"
#include "core/proto_read.h"
#include "core/proto_write.h"

/* ---- which place --------------------------------------------------------------- */

bool sgp_premise_concerns(const sgp_premise *premise, const sgp_incident *incident,
                          int64_t now_ms) {
    if (!incident->has_place || (premise->until_ms && premise->until_ms <= now_ms))
        return false;
    if (premise->label[0] && strcmp(premise->label, incident->place.label) == 0)
        return true;
    return sgp_points_within(premise->point, incident->place.point, premise->radius_m);
}

uint32_t sgp_world_premises(const sgp_world *world) {
    return world->n_premises;
}

const sgp_premise *sgp_world_premise(const sgp_world *world, uint32_t nth) {
    return nth < world->n_premises ? &world->premises[nth] : NULL;
}

static uint32_t position_of(const sgp_world *world, sgp_id id) {
    uint32_t at = 0;
    while (at < world->n_premises && world->premises[at].id != id)
        at++;
    return at;
}

const sgp_premise *sgp_world_premise_by_id(const sgp_world *world, sgp_id id) {
    return sgp_world_premise(world, position_of(world, id));
}

/* ---- events ---------------------------------------------------------------------- */

static void take_out(sgp_world *world, uint32_t at) {
    world->n_premises--;
    memmove(world->premises + at, world->premises + at + 1,
            (world->n_premises - at) * sizeof *world->premises);
}

/* Whoever is on the way to such a place hears the order again. */
static sgp_err tell_crews(sgp_step *step, const sgp_premise *premise) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < world->open_incidents && !err; i++)
        if (sgp_premise_concerns(premise, &world->open[i]->view, step->event->at_ms))
            err = sgp_incident_tell_crews(step, world->open[i]);
    return err;
}

/* Nobody else has changed it since it was read. */
static sgp_err check_version(sgp_step *step, const sgp_premise *known, uint64_t version) {
    if (version == 0 || version == known->version)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE,
                    "premise note %llu was changed meanwhile by %s; read it again",
                    (unsigned long long)known->id, known->actor[0] ? known->actor : "the engine");
}

sgp_err sgp_premise_set(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_premise *told = &step->event->u.premise;
    uint32_t at = position_of(world, told->id);
    sgp_err err = SGP_OK;
    if (told->id && at == world->n_premises)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no premise note %llu",
                        (unsigned long long)told->id);
    if (told->until_ms && told->until_ms <= step->event->at_ms)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the premise note would have expired already");
    if (told->id && (err = check_version(step, &world->premises[at], told->version)))
        return err;
    if (!told->id) {
        uint32_t stay = 0;
        for (uint32_t i = 0; i < world->n_premises; i++)
            stay +=
                !world->premises[i].until_ms || world->premises[i].until_ms > step->event->at_ms;
        if (stay == SGP_PREMISES_MAX)
            return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d premise notes",
                            SGP_PREMISES_MAX);
        for (uint32_t i = world->n_premises; i-- > 0;)
            if (world->premises[i].until_ms && world->premises[i].until_ms <= step->event->at_ms)
                take_out(world, i);
        err = SGP_ROOM_U32(world->premises, world->n_premises, world->premises_capacity);
        if (err)
            return err;
        at = world->n_premises++;
    }
    sgp_premise *premise = &world->premises[at];
    sgp_id id = told->id ? told->id : step->event->seq;
    *premise = *told;
    premise->id = id;
    premise->version = step->event->seq;
    memcpy(premise->actor, step->event->actor, sizeof premise->actor);
    step->reply.closure = id;
    return tell_crews(step, premise);
}

sgp_err sgp_premise_removed(sgp_step *step) {
    sgp_world *world = step->world;
    uint32_t at = position_of(world, step->event->u.premise.id);
    if (at == world->n_premises)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no premise note %llu",
                        (unsigned long long)step->event->u.premise.id);
    sgp_premise gone = world->premises[at];
    sgp_err err = check_version(step, &gone, step->event->u.premise.version);
    if (err)
        return err;
    take_out(world, at);
    step->reply.closure = gone.id;
    return tell_crews(step, &gone);
}

/* ---- messages --------------------------------------------------------------------- */

bool sgp_put_premise(Sigap__V1__Premise *message, const sgp_premise *premise) {
    message->id = premise->id;
    message->kind = (Sigap__V1__PremiseKind)premise->kind;
    message->radius_m = premise->radius_m;
    message->until_at_ms = premise->until_ms;
    message->version = premise->version;
    return sgp_put_point(&message->point, premise->point) &&
           sgp_put_text(&message->label, premise->label) &&
           sgp_put_text(&message->set_by, premise->actor);
}

sgp_err sgp_read_premise(const Sigap__V1__Premise *message, sgp_premise *premise,
                         sgp_fault *fault) {
    *premise = (sgp_premise){.id = message->id,
                             .kind = (sgp_premise_kind)message->kind,
                             .radius_m = message->radius_m,
                             .until_ms = message->until_at_ms,
                             .version = message->version};
    sgp_err err =
        sgp_read_point(message->point, &premise->point, "the point of the premise note", fault);
    if (!err)
        err = sgp_read_text(message->label, premise->label, sizeof premise->label, "the label",
                            fault);
    if (!err)
        err = sgp_read_text(message->set_by, premise->actor, sizeof premise->actor, "who set it",
                            fault);
    return err;
}

bool sgp_premises_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->premises, world->n_premises, sizeof(void *));
    for (uint32_t i = 0; i < world->n_premises && ok; i++) {
        Sigap__V1__Premise *message = sgp_message_make(&sigap__v1__premise__descriptor);
        snapshot->premises[snapshot->n_premises++] = message;
        ok = message && sgp_put_premise(message, &world->premises[i]);
    }
    return ok;
}

sgp_err sgp_premises_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_id last = 0;
    sgp_err err = sgp_read_number((int64_t)snapshot->n_premises, 0, SGP_PREMISES_MAX,
                                  "the number of premise notes", fault);
    for (size_t i = 0; i < snapshot->n_premises && !err; i++) {
        sgp_event check = {.kind = SGP_EVENT_PREMISE_SET, .at_ms = 1};
        err = sgp_read_premise(snapshot->premises[i], &check.u.premise, fault);
        if (!err)
            err = sgp_event_check(&check, fault);
        if (!err && (check.u.premise.id <= last || check.u.premise.id > world->seq))
            err = sgp_fail(fault, SGP_E_CORRUPT,
                           "the snapshot is damaged: a premise note has a wrong number");
        if (!err)
            err = SGP_ROOM_U32(world->premises, world->n_premises, world->premises_capacity);
        last = check.u.premise.id;
        if (!err)
            world->premises[world->n_premises++] = check.u.premise;
    }
    return err;
}
