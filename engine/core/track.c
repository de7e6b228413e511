#include "core/track.h"

#include "core/effects.h"
#include "core/proto_read.h"
#include "core/proto_write.h"

/* The stream as it is known, or in the place of the one that was used longest ago. */
static sgp_fix_stream *stream_of(sgp_unit_node *unit, uint32_t name) {
    sgp_fix_stream *oldest = &unit->streams[0];
    for (int i = 0; i < SGP_STREAMS_PER_UNIT; i++) {
        if (unit->streams[i].stream == name)
            return &unit->streams[i];
        if (unit->streams[i].used_seq < oldest->used_seq)
            oldest = &unit->streams[i];
    }
    *oldest = (sgp_fix_stream){.stream = name};
    return oldest;
}

sgp_err sgp_track_told(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_unit_node *unit = sgp_world_find_unit(step->world, event->u.track.unit);
    if (!unit)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", event->u.track.unit);
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_TRACK);
    if (!effect)
        return SGP_E_MEMORY;
    sgp_fix_stream *stream = stream_of(unit, event->u.track.stream);
    stream->used_seq = event->seq;
    bool has_newest = false;
    sgp_fix newest = {.at_ms = unit->view.has_position ? unit->view.position_at_ms : 0};
    for (uint32_t i = 0; i < event->u.track.n; i++) {
        sgp_fix fix = event->u.track.fixes[i];
        sgp_fix_verdict verdict =
            sgp_fix_judge(stream, event->u.track.first + i, &fix, event->at_ms);
        effect->u.track.counts[verdict]++;
        if (sgp_fix_is_kept(verdict))
            effect->u.track.kept[i / 8] |= (uint8_t)(1u << i % 8);
        if (verdict == SGP_FIX_GOOD && fix.at_ms >= newest.at_ms) {
            newest = fix;
            has_newest = true;
        }
    }
    effect->u.track.unit = unit->view.index;
    effect->u.track.up_to = stream->number;
    effect->u.track.moved = has_newest;
    return has_newest ? sgp_unit_is_at(step, unit, newest.point, newest.at_ms) : SGP_OK;
}

/* ---- snapshots ------------------------------------------------------------------------ */

static bool save_stream(Sigap__V1__UnitStream **field, uint32_t unit,
                        const sgp_fix_stream *stream) {
    Sigap__V1__UnitStream *row = sgp_message_make(&sigap__v1__unit_stream__descriptor);
    *field = row;
    if (!row)
        return false;
    row->unit_number = unit + 1;
    row->stream = stream->stream;
    row->number = stream->number;
    row->at_ms = stream->at_ms;
    row->lon_e7 = stream->point.lon_e7;
    row->lat_e7 = stream->point.lat_e7;
    row->accuracy_m = stream->accuracy_m;
    row->suspect_at_ms = stream->suspect_at_ms;
    row->suspect_lon_e7 = stream->suspect.lon_e7;
    row->suspect_lat_e7 = stream->suspect.lat_e7;
    row->suspects = stream->suspects;
    row->used_seq = stream->used_seq;
    return true;
}

bool sgp_streams_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    size_t n = 0;
    for (uint32_t i = 0; i < world->n_units; i++)
        for (int k = 0; k < SGP_STREAMS_PER_UNIT; k++)
            n += world->units[i].streams[k].stream != 0;
    bool ok = sgp_put_array((void **)&snapshot->streams, n, sizeof(void *));
    for (uint32_t i = 0; i < world->n_units && ok; i++)
        for (int k = 0; k < SGP_STREAMS_PER_UNIT && ok; k++)
            if (world->units[i].streams[k].stream)
                ok = save_stream(&snapshot->streams[snapshot->n_streams++], i,
                                 &world->units[i].streams[k]);
    return ok;
}

static bool is_on_earth(int64_t lon_e7, int64_t lat_e7) {
    return lon_e7 >= -1800000000 && lon_e7 <= 1800000000 && lat_e7 >= -900000000 &&
           lat_e7 <= 900000000;
}

sgp_err sgp_streams_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    for (size_t i = 0; i < snapshot->n_streams; i++) {
        const Sigap__V1__UnitStream *row = snapshot->streams[i];
        sgp_fix_stream *free_one = NULL;
        bool ok = row->unit_number > 0 && row->unit_number <= world->n_units && row->stream &&
                  row->used_seq <= world->seq && row->at_ms >= 0 && row->suspect_at_ms >= 0 &&
                  row->accuracy_m >= 0 && row->accuracy_m <= SGP_FIX_RADIUS_MAX_M &&
                  row->suspects < SGP_FIX_SUSPECTS && is_on_earth(row->lon_e7, row->lat_e7) &&
                  is_on_earth(row->suspect_lon_e7, row->suspect_lat_e7);
        sgp_unit_node *unit = ok ? &world->units[row->unit_number - 1] : NULL;
        for (int k = 0; k < SGP_STREAMS_PER_UNIT && ok; k++) {
            ok = unit->streams[k].stream != row->stream;
            if (!unit->streams[k].stream && !free_one)
                free_one = &unit->streams[k];
        }
        if (!ok || !free_one)
            return sgp_fail(fault, SGP_E_CORRUPT,
                            "the snapshot is damaged: a device of unit number %u is wrong",
                            row->unit_number);
        *free_one = (sgp_fix_stream){
            .stream = row->stream,
            .number = row->number,
            .at_ms = row->at_ms,
            .point = {.lon_e7 = row->lon_e7, .lat_e7 = row->lat_e7},
            .accuracy_m = row->accuracy_m,
            .suspect_at_ms = row->suspect_at_ms,
            .suspect = {.lon_e7 = row->suspect_lon_e7, .lat_e7 = row->suspect_lat_e7},
            .suspects = row->suspects,
            .used_seq = row->used_seq};
    }
    return SGP_OK;
}
