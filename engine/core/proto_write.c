#include "core/proto_write.h"

#include <stdlib.h>
#include <string.h>

void *sgp_message_make(const ProtobufCMessageDescriptor *descriptor) {
    void *message = malloc(descriptor->sizeof_message);
    if (message)
        protobuf_c_message_init(descriptor, message);
    return message;
}

void sgp_message_free(void *message) {
    protobuf_c_message_free_unpacked(message, NULL);
}

void *sgp_message_or_null(void *message, bool ok) {
    if (ok)
        return message;
    sgp_message_free(message);
    return NULL;
}

bool sgp_put_text(char **field, const char *text) {
    if (text[0] == '\0')
        return true; /* a fresh message holds the shared empty string */
    char *copy = strdup(text);
    if (!copy)
        return false;
    *field = copy;
    return true;
}

bool sgp_put_bytes(ProtobufCBinaryData *field, const uint8_t *bytes, size_t length) {
    field->data = malloc(length);
    if (!field->data)
        return false;
    memcpy(field->data, bytes, length);
    field->len = length;
    return true;
}

bool sgp_put_array(void **field, size_t n, size_t item_bytes) {
    *field = n ? calloc(n, item_bytes) : NULL;
    return n == 0 || *field;
}

bool sgp_put_point(Sigap__V1__Point **field, sgp_point point) {
    *field = sgp_message_make(&sigap__v1__point__descriptor);
    if (!*field)
        return false;
    (*field)->lon = sgp_lon(point);
    (*field)->lat = sgp_lat(point);
    return true;
}

bool sgp_put_place(Sigap__V1__Place **field, const sgp_place *place) {
    Sigap__V1__Place *message = sgp_message_make(&sigap__v1__place__descriptor);
    *field = message;
    if (!message)
        return false;
    message->kind = (Sigap__V1__PlaceKind)place->kind;
    message->uncertainty_m = place->uncertainty_m;
    message->confidence_permille = place->confidence_permille;
    message->precision = (Sigap__V1__Precision)place->precision;
    message->from_graph = place->from_graph;
    message->access_walk_m = place->has_access ? place->access_walk_m : 0;
    return sgp_put_point(&message->point, place->point) &&
           (!place->has_access || (sgp_put_point(&message->access, place->access) &&
                                   sgp_put_text(&message->access_street, place->access_street))) &&
           sgp_put_text(&message->label, place->label) &&
           sgp_put_text(&message->kelurahan, place->kelurahan) &&
           sgp_put_text(&message->kecamatan, place->kecamatan) &&
           sgp_put_text(&message->kabupaten, place->kabupaten);
}

bool sgp_put_unit_basics(Sigap__V1__Unit *message, const sgp_unit *unit) {
    message->kind = (Sigap__V1__UnitKind)unit->kind;
    message->skills = unit->skills;
    return sgp_put_text(&message->code, unit->code) && sgp_put_text(&message->name, unit->name) &&
           sgp_put_text(&message->agency, unit->agency) &&
           sgp_put_text(&message->station, unit->station) &&
           sgp_put_point(&message->station_point, unit->station_point) &&
           sgp_put_ownership(message, unit);
}

bool sgp_put_hospital(Sigap__V1__Hospital *message, const sgp_hospital *hospital) {
    message->number = hospital->index + 1;
    message->beds = hospital->beds;
    message->abilities = hospital->abilities;
    return sgp_put_text(&message->code, hospital->code) &&
           sgp_put_text(&message->name, hospital->name) &&
           sgp_put_point(&message->point, hospital->point);
}

static bool put_numbers(int32_t **field, size_t *n_field, const int32_t *numbers, size_t n) {
    if (!sgp_put_array((void **)field, n, sizeof **field))
        return false;
    memcpy(*field, numbers, n * sizeof **field);
    *n_field = n;
    return true;
}

bool sgp_put_phone_fix(Sigap__V1__PhoneFix **field, const sgp_phone_fix *fix) {
    Sigap__V1__PhoneFix *message = sgp_message_make(&sigap__v1__phone_fix__descriptor);
    *field = message;
    if (!message)
        return false;
    message->measured_at_ms = fix->measured_at_ms;
    message->method = (Sigap__V1__PhoneMethod)fix->method;
    return sgp_put_place(&message->place, &fix->place);
}

bool sgp_put_metric_mark(Sigap__V1__MetricSwapped *message, const sgp_metric_mark *mark) {
    return sgp_put_text(&message->profile, mark->profile) &&
           sgp_put_bytes(&message->weights, mark->weights, sizeof mark->weights);
}

bool sgp_put_clocks(Sigap__V1__Clocks *message, const sgp_clocks *clocks) {
    message->position_max_age_ms = clocks->position_max_age_ms;
    message->confident_permille = clocks->confident_permille;
    message->phone_place_m = clocks->phone_place_m;
    message->phone_place_case = SIGAP__V1__CLOCKS__PHONE_PLACE_PHONE_PLACE_M;
    message->reorder_after_refusal = clocks->reorder_after_refusal;
    if (!sgp_put_array((void **)&message->policies, SGP_PRIORITIES, sizeof *message->policies))
        return false;
    message->n_policies = SGP_PRIORITIES;
    for (int i = 0; i < SGP_PRIORITIES; i++)
        message->policies[i] = (Sigap__V1__Policy)clocks->policy[i];
    if (!sgp_put_array((void **)&message->order_without_click, SGP_PRIORITIES,
                       sizeof *message->order_without_click))
        return false;
    message->n_order_without_click = SGP_PRIORITIES;
    for (int i = 0; i < SGP_PRIORITIES; i++)
        message->order_without_click[i] = clocks->order_without_click[i];
    return sgp_put_rules(&message->rules, &clocks->rules) &&
           put_numbers(&message->accept_ms, &message->n_accept_ms, clocks->accept_ms,
                       SGP_PRIORITIES) &&
           put_numbers(&message->target_ms, &message->n_target_ms, clocks->target_ms,
                       SGP_PRIORITIES) &&
           put_numbers(&message->turnout_ms, &message->n_turnout_ms, clocks->turnout_ms,
                       SGP_UNIT_KINDS);
}

sgp_err sgp_message_pack(const ProtobufCMessage *message, sgp_buffer *out) {
    size_t length = protobuf_c_message_get_packed_size(message);
    sgp_err err = sgp_buffer_reserve(out, length);
    if (err)
        return err;
    out->length += protobuf_c_message_pack(message, out->data + out->length);
    return SGP_OK;
}
