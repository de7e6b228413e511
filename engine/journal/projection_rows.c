#include "journal/projection_rows.h"

#include <assert.h>
#include <iconv.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sigap/v1/journal.pb-c.h"

#define POINT_TYPE "geometry(Point,4326)"

static const sgp_table_form forms[SGP_TABLES] = {
    [SGP_TABLE_UNIT] = {"unit",
                        1,
                        19,
                        {{"number", "bigint"},
                         {"code", "text"},
                         {"kind", "text"},
                         {"name", "text"},
                         {"agency", "text"},
                         {"station", "text"},
                         {"station_point", POINT_TYPE},
                         {"on_duty", "boolean"},
                         {"status", "text"},
                         {"position", POINT_TYPE},
                         {"position_at_ms", "bigint"},
                         {"at_station", "boolean"},
                         {"assignment_id", "bigint"},
                         {"incident_id", "bigint"},
                         {"signed_on_at_ms", "bigint"},
                         {"district", "text"},
                         {"lending", "text"},
                         {"version", "bigint"},
                         {"seq", "bigint"}}},
    [SGP_TABLE_HOSPITAL] = {"hospital",
                            1,
                            6,
                            {{"number", "bigint"},
                             {"code", "text"},
                             {"name", "text"},
                             {"point", POINT_TYPE},
                             {"beds", "integer"},
                             {"seq", "bigint"}}},
    [SGP_TABLE_CALL] = {"call",
                        1,
                        10,
                        {{"id", "bigint"},
                         {"incident_id", "bigint"},
                         {"received_at_ms", "bigint"},
                         {"placed_at_ms", "bigint"},
                         {"channel", "text"},
                         {"complaint", "text"},
                         {"priority", "text"},
                         {"looking_up", "boolean"},
                         {"version", "bigint"},
                         {"seq", "bigint"}}},
    [SGP_TABLE_CALL_PLACE] = {"call_place",
                              2,
                              11,
                              {{"call_id", "bigint"},
                               {"rank", "bigint"},
                               {"kind", "text"},
                               {"point", POINT_TYPE},
                               {"uncertainty_m", "integer"},
                               {"confidence_permille", "integer"},
                               {"label", "text"},
                               {"kelurahan", "text"},
                               {"kecamatan", "text"},
                               {"kabupaten", "text"},
                               {"seq", "bigint"}}},
    [SGP_TABLE_INCIDENT] = {"incident",
                            1,
                            30,
                            {{"id", "bigint"},
                             {"state", "text"},
                             {"priority", "text"},
                             {"complaint", "text"},
                             {"place_kind", "text"},
                             {"point", POINT_TYPE},
                             {"uncertainty_m", "integer"},
                             {"confidence_permille", "integer"},
                             {"label", "text"},
                             {"kelurahan", "text"},
                             {"kecamatan", "text"},
                             {"kabupaten", "text"},
                             {"place_confirmed", "boolean"},
                             {"opened_at_ms", "bigint"},
                             {"placed_at_ms", "bigint"},
                             {"first_order_at_ms", "bigint"},
                             {"first_on_scene_at_ms", "bigint"},
                             {"closed_at_ms", "bigint"},
                             {"outcome", "text"},
                             {"calls", "bigint"},
                             {"first_call_id", "bigint"},
                             {"recommendation_id", "bigint"},
                             {"units_wanted", "bigint"},
                             {"diverted", "bigint"},
                             {"aid_asked", "boolean"},
                             {"backup", "bigint"},
                             {"mass_casualty", "boolean"},
                             {"patients", "bigint"},
                             {"version", "bigint"},
                             {"seq", "bigint"}}},
    [SGP_TABLE_ASSIGNMENT] = {"assignment",
                              1,
                              25,
                              {{"id", "bigint"},
                               {"incident_id", "bigint"},
                               {"unit_number", "bigint"},
                               {"unit_code", "text"},
                               {"state", "text"},
                               {"recommendation_id", "bigint"},
                               {"travel_ms", "bigint"},
                               {"by_dispatcher", "boolean"},
                               {"hospital_code", "text"},
                               {"reason", "text"},
                               {"proposed_at_ms", "bigint"},
                               {"ordered_at_ms", "bigint"},
                               {"accepted_at_ms", "bigint"},
                               {"en_route_at_ms", "bigint"},
                               {"on_scene_at_ms", "bigint"},
                               {"transporting_at_ms", "bigint"},
                               {"at_hospital_at_ms", "bigint"},
                               {"handed_over_at_ms", "bigint"},
                               {"closed_at_ms", "bigint"},
                               {"declined_at_ms", "bigint"},
                               {"timed_out_at_ms", "bigint"},
                               {"diverted_at_ms", "bigint"},
                               {"stood_down_at_ms", "bigint"},
                               {"version", "bigint"},
                               {"seq", "bigint"}}},
    [SGP_TABLE_RECOMMENDATION] = {"recommendation",
                                  1,
                                  5,
                                  {{"id", "bigint"},
                                   {"incident_id", "bigint"},
                                   {"at_ms", "bigint"},
                                   {"policy", "text"},
                                   {"seq", "bigint"}}},
    [SGP_TABLE_CANDIDATE] = {"candidate",
                             2,
                             15,
                             {{"recommendation_id", "bigint"},
                              {"rank", "bigint"},
                              {"unit_number", "bigint"},
                              {"unit_code", "text"},
                              {"travel_ms", "bigint"},
                              {"turnout_ms", "bigint"},
                              {"wait_ms", "bigint"},
                              {"walk_ms", "bigint"},
                              {"policy_ms", "bigint"},
                              {"total_ms", "bigint"},
                              {"from_incident_id", "bigint"},
                              {"seat", "bigint"},
                              {"position_age_ms", "bigint"},
                              {"exclusion", "text"},
                              {"seq", "bigint"}}},
    [SGP_TABLE_PERSONAL] = {"personal",
                            1,
                            4,
                            {{"call_id", "bigint"},
                             {"incident_id", "bigint"},
                             {"sealed", "bytea"},
                             {"seq", "bigint"}}},
};

const sgp_table_form *sgp_table_form_of(sgp_table table) {
    return &forms[table];
}

sgp_err sgp_row_append(sgp_buffer *row, const char *text) {
    if (!text)
        return sgp_buffer_append(row, "", 1);
    sgp_err err = sgp_buffer_append(row, "\1", 1);
    return err ? err : sgp_buffer_append(row, text, strlen(text) + 1);
}

const char *sgp_row_next(const uint8_t **at) {
    if (*(*at)++ == 0)
        return NULL;
    const char *text = (const char *)*at;
    *at += strlen(text) + 1;
    return text;
}

/* One row being built; the first failure sticks. */
typedef struct row_builder {
    sgp_buffer *out;
    sgp_err err;
    int n_columns;
} row_builder;

static void put(row_builder *row, const char *text) {
    row->n_columns++;
    if (!row->err)
        row->err = sgp_row_append(row->out, text);
}

static void put_number(row_builder *row, int64_t number) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    put(row, text);
}

/* Ids and times, of which 0 means none. */
static void put_known(row_builder *row, int64_t number) {
    if (number)
        put_number(row, number);
    else
        put(row, NULL);
}

static void put_bool(row_builder *row, protobuf_c_boolean value) {
    put(row, value ? "t" : "f");
}

/* PostgreSQL takes only whole UTF-8, and one refused row would hold up all that
 * follow; bytes that are none become question marks. */
static void put_text(row_builder *row, const char *text) {
    const unsigned char *byte = (const unsigned char *)text;
    while (*byte && *byte < 0x80)
        byte++;
    if (!*byte) {
        put(row, text);
        return;
    }
    size_t left = strlen(text), room = left;
    char *clean = malloc(room + 1), *in = (char *)text, *out = clean;
    iconv_t converter = iconv_open("UTF-8", "UTF-8");
    if (!clean || converter == (iconv_t)-1) {
        row->err = SGP_E_MEMORY;
        put(row, NULL);
    } else {
        while (left && iconv(converter, &in, &left, &out, &room) == (size_t)-1) {
            *out++ = '?';
            in++, left--, room--;
        }
        *out = '\0';
        put(row, clean);
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    free(clean);
}

static void put_name(row_builder *row, const ProtobufCEnumDescriptor *words, int value) {
    const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(words, value);
    if (word)
        put(row, word->name);
    else
        put_number(row, value); /* of a later version */
}

/* PostGIS prints a point as the hexadecimal EWKB: byte order, type with SRID
 * flag, SRID 4326, x, y, and reads the same. */
static void put_point(row_builder *row, const Sigap__V1__Point *point) {
    if (!point || !isfinite(point->lon) || !isfinite(point->lat)) {
        put(row, NULL);
        return;
    }
    uint8_t bytes[25] = {1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0};
    uint64_t coordinates[2];
    memcpy(&coordinates[0], &point->lon, 8);
    memcpy(&coordinates[1], &point->lat, 8);
    for (int i = 0; i < 16; i++)
        bytes[9 + i] = (uint8_t)(coordinates[i / 8] >> (8 * (i % 8)));
    char hex[2 * sizeof bytes + 1];
    sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    for (char *digit = hex; *digit; digit++)
        if (*digit >= 'a')
            *digit = (char)(*digit - 'a' + 'A');
    put(row, hex);
}

static void put_place(row_builder *row, const Sigap__V1__Place *place) {
    if (!place) {
        for (int i = 0; i < 8; i++)
            put(row, NULL);
        return;
    }
    put_name(row, &sigap__v1__place_kind__descriptor, (int)place->kind);
    put_point(row, place->point);
    put_number(row, place->uncertainty_m);
    put_number(row, place->confidence_permille);
    put_text(row, place->label);
    put_text(row, place->kelurahan);
    put_text(row, place->kecamatan);
    put_text(row, place->kabupaten);
}

/* Rows of one record on their way to the sink. */
typedef struct row_stream {
    const sgp_row_sink *sink;
    sgp_buffer *work;
    uint64_t seq;
} row_stream;

static row_builder row_begin(row_stream *stream, uint64_t first) {
    sgp_buffer_clear(stream->work);
    row_builder row = {.out = stream->work};
    put_number(&row, (int64_t)first);
    return row;
}

static sgp_err row_end(row_stream *stream, row_builder *row, sgp_table table, uint64_t first,
                       uint64_t second) {
    put_number(row, (int64_t)stream->seq);
    assert(row->n_columns == forms[table].n_columns);
    if (row->err)
        return row->err;
    return stream->sink->row(stream->sink->ctx, table, (sgp_row_key){first, second},
                             stream->work->data, stream->work->length);
}

static sgp_err unit_row(row_stream *stream, const Sigap__V1__Unit *unit) {
    row_builder row = row_begin(stream, unit->number);
    put_text(&row, unit->code);
    put_name(&row, &sigap__v1__unit_kind__descriptor, (int)unit->kind);
    put_text(&row, unit->name);
    put_text(&row, unit->agency);
    put_text(&row, unit->station);
    put_point(&row, unit->station_point);
    put_bool(&row, unit->on_duty);
    put_name(&row, &sigap__v1__unit_status__descriptor, (int)unit->status);
    put_point(&row, unit->position);
    put_known(&row, unit->position_at_ms);
    put_bool(&row, unit->at_station);
    put_known(&row, (int64_t)unit->assignment_id);
    put_known(&row, (int64_t)unit->incident_id);
    put_known(&row, unit->signed_on_at_ms);
    put_text(&row, unit->district);
    put_name(&row, &sigap__v1__lending__descriptor, (int)unit->lending);
    put_number(&row, (int64_t)unit->version);
    return row_end(stream, &row, SGP_TABLE_UNIT, unit->number, 0);
}

static sgp_err hospital_row(row_stream *stream, const Sigap__V1__Hospital *hospital) {
    row_builder row = row_begin(stream, hospital->number);
    put_text(&row, hospital->code);
    put_text(&row, hospital->name);
    put_point(&row, hospital->point);
    put_number(&row, hospital->beds);
    return row_end(stream, &row, SGP_TABLE_HOSPITAL, hospital->number, 0);
}

static sgp_err call_rows(row_stream *stream, const Sigap__V1__Call *call) {
    row_builder row = row_begin(stream, call->id);
    put_known(&row, (int64_t)call->incident_id);
    put_known(&row, call->received_at_ms);
    put_known(&row, call->placed_at_ms);
    put_text(&row, call->channel);
    put_text(&row, call->complaint);
    put_name(&row, &sigap__v1__priority__descriptor, (int)call->priority);
    put_bool(&row, call->looking_up);
    put_number(&row, (int64_t)call->version);
    sgp_err err = row_end(stream, &row, SGP_TABLE_CALL, call->id, 0);
    if (!err)
        err = stream->sink->list(stream->sink->ctx, SGP_TABLE_CALL_PLACE, call->id, call->n_places);
    for (size_t i = 0; !err && i < call->n_places; i++) {
        row = row_begin(stream, call->id);
        put_number(&row, (int64_t)i);
        put_place(&row, call->places[i]);
        err = row_end(stream, &row, SGP_TABLE_CALL_PLACE, call->id, i);
    }
    return err;
}

static sgp_err incident_row(row_stream *stream, const Sigap__V1__Incident *incident) {
    row_builder row = row_begin(stream, incident->id);
    put_name(&row, &sigap__v1__incident_state__descriptor, (int)incident->state);
    put_name(&row, &sigap__v1__priority__descriptor, (int)incident->priority);
    put_text(&row, incident->complaint);
    put_place(&row, incident->place);
    put_bool(&row, incident->place_confirmed);
    put_known(&row, incident->opened_at_ms);
    put_known(&row, incident->placed_at_ms);
    put_known(&row, incident->first_order_at_ms);
    put_known(&row, incident->first_on_scene_at_ms);
    put_known(&row, incident->closed_at_ms);
    put_name(&row, &sigap__v1__outcome__descriptor, (int)incident->outcome);
    put_number(&row, incident->calls);
    put_known(&row, (int64_t)incident->first_call_id);
    put_known(&row, (int64_t)incident->recommendation_id);
    put_number(&row, incident->units_wanted);
    put_number(&row, incident->diverted);
    put_bool(&row, incident->aid_asked);
    put_number(&row, (int64_t)incident->n_backup);
    put_bool(&row, incident->mass_casualty);
    put_number(&row, incident->patients);
    put_number(&row, (int64_t)incident->version);
    return row_end(stream, &row, SGP_TABLE_INCIDENT, incident->id, 0);
}

static sgp_err assignment_row(row_stream *stream, const Sigap__V1__Assignment *assignment) {
    row_builder row = row_begin(stream, assignment->id);
    put_known(&row, (int64_t)assignment->incident_id);
    put_known(&row, assignment->unit_number);
    put_text(&row, assignment->unit_code);
    put_name(&row, &sigap__v1__assignment_state__descriptor, (int)assignment->state);
    put_known(&row, (int64_t)assignment->recommendation_id);
    put_number(&row, assignment->travel_ms);
    put_bool(&row, assignment->by_dispatcher);
    put_text(&row, assignment->hospital_code);
    put_text(&row, assignment->reason);
    for (int state = SIGAP__V1__ASSIGNMENT_STATE__PROPOSED;
         state <= (int)SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN; state++) {
        int64_t entered_at_ms = 0;
        for (size_t i = 0; i < assignment->n_stamps; i++)
            if ((int)assignment->stamps[i]->state == state)
                entered_at_ms = assignment->stamps[i]->at_ms;
        put_known(&row, entered_at_ms);
    }
    put_number(&row, (int64_t)assignment->version);
    return row_end(stream, &row, SGP_TABLE_ASSIGNMENT, assignment->id, 0);
}

static sgp_err recommendation_rows(row_stream *stream,
                                   const Sigap__V1__Recommendation *recommendation) {
    row_builder row = row_begin(stream, recommendation->id);
    put_known(&row, (int64_t)recommendation->incident_id);
    put_known(&row, recommendation->at_ms);
    put_text(&row, recommendation->policy);
    sgp_err err = row_end(stream, &row, SGP_TABLE_RECOMMENDATION, recommendation->id, 0);
    if (!err)
        err = stream->sink->list(stream->sink->ctx, SGP_TABLE_CANDIDATE, recommendation->id,
                                 recommendation->n_candidates);
    for (size_t i = 0; !err && i < recommendation->n_candidates; i++) {
        const Sigap__V1__Candidate *candidate = recommendation->candidates[i];
        row = row_begin(stream, recommendation->id);
        put_number(&row, (int64_t)i);
        put_known(&row, candidate->unit_number);
        put_text(&row, candidate->unit_code);
        put_number(&row, candidate->travel_ms);
        put_number(&row, candidate->turnout_ms);
        put_number(&row, candidate->wait_ms);
        put_number(&row, candidate->walk_ms);
        put_number(&row, candidate->policy_ms);
        put_number(&row, candidate->total_ms);
        put_known(&row, (int64_t)candidate->from_incident_id);
        put_number(&row, candidate->seat);
        put_number(&row, candidate->position_age_ms);
        put_name(&row, &sigap__v1__exclusion__descriptor, (int)candidate->exclusion);
        err = row_end(stream, &row, SGP_TABLE_CANDIDATE, recommendation->id, i);
    }
    return err;
}

sgp_err sgp_record_rows(uint64_t seq, const uint8_t *record, size_t length, sgp_buffer *work,
                        const sgp_row_sink *sink) {
    Sigap__V1__JournalRecord *message = sigap__v1__journal_record__unpack(NULL, length, record);
    if (!message)
        return SGP_E_CORRUPT;
    row_stream stream = {.sink = sink, .work = work, .seq = seq};
    const Sigap__V1__Update *changes = message->changes;
    sgp_err err = SGP_OK;
    if (changes) {
        for (size_t i = 0; !err && i < changes->n_units; i++)
            err = unit_row(&stream, changes->units[i]);
        for (size_t i = 0; !err && i < changes->n_hospitals; i++)
            err = hospital_row(&stream, changes->hospitals[i]);
        for (size_t i = 0; !err && i < changes->n_calls; i++)
            err = call_rows(&stream, changes->calls[i]);
        for (size_t i = 0; !err && i < changes->n_incidents; i++)
            err = incident_row(&stream, changes->incidents[i]);
        for (size_t i = 0; !err && i < changes->n_assignments; i++)
            err = assignment_row(&stream, changes->assignments[i]);
        for (size_t i = 0; !err && i < changes->n_recommendations; i++)
            err = recommendation_rows(&stream, changes->recommendations[i]);
    }
    sigap__v1__journal_record__free_unpacked(message, NULL);
    return err;
}

sgp_err sgp_personal_row(uint64_t seq, uint64_t call, uint64_t incident, const uint8_t *sealed,
                         size_t length, sgp_buffer *work, const sgp_row_sink *sink) {
    row_stream stream = {.sink = sink, .work = work, .seq = seq};
    row_builder row = row_begin(&stream, call);
    put_known(&row, (int64_t)incident);
    if (sealed) {
        char *hex = malloc(2 * length + 3);
        if (!hex)
            return SGP_E_MEMORY;
        memcpy(hex, "\\x", 2);
        sodium_bin2hex(hex + 2, 2 * length + 1, sealed, length);
        put(&row, hex);
        free(hex);
    } else {
        put(&row, NULL);
    }
    return row_end(&stream, &row, SGP_TABLE_PERSONAL, call, 0);
}
