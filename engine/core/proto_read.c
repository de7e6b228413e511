#include "core/proto_read.h"

#include <string.h>

#include "core/text.h"

sgp_err sgp_read_text(const char *value, char *out, size_t out_bytes, const char *field,
                      sgp_fault *fault) {
    size_t length = strlen(value);
    if (length >= out_bytes)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%s has %zu bytes; at most %zu fit", field, length,
                        out_bytes - 1);
    if (!sgp_text_is_plain(value))
        return sgp_fail(fault, SGP_E_FORMAT,
                        "%s is not plain UTF-8 text without control characters", field);
    memset(out, 0, out_bytes);
    memcpy(out, value, length);
    return SGP_OK;
}

sgp_err sgp_read_number(int64_t value, int64_t low, int64_t high, const char *field,
                        sgp_fault *fault) {
    if (value >= low && value <= high)
        return SGP_OK;
    return sgp_fail(fault, SGP_E_RANGE, "%s %lld is outside %lld..%lld", field, (long long)value,
                    (long long)low, (long long)high);
}

sgp_err sgp_read_point(const Sigap__V1__Point *message, sgp_point *point, const char *field,
                       sgp_fault *fault) {
    if (!message)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is missing", field);
    if (sgp_point_from_degrees(message->lon, message->lat, point) == SGP_OK)
        return SGP_OK;
    const char *hint =
        message->lon >= -90 && message->lon <= 90 && message->lat >= -180 && message->lat <= 180
            ? "; are lon and lat swapped?"
            : "";
    return sgp_fail(fault, SGP_E_RANGE, "%s %.7g,%.7g is outside -180..180, -90..90 degrees%s",
                    field, message->lon, message->lat, hint);
}

sgp_err sgp_place_from_proto(const Sigap__V1__Place *message, sgp_place *place, sgp_fault *fault) {
    *place = (sgp_place){0};
    sgp_err err = sgp_read_point(message->point, &place->point, "the point of the place", fault);
    if (!err)
        err =
            sgp_read_number(message->kind, 0, SGP_PLACE_KINDS - 1, "the kind of the place", fault);
    if (!err)
        err =
            sgp_read_number(message->uncertainty_m, 0, 1000000, "the uncertainty in metres", fault);
    if (!err)
        err = sgp_read_number(message->confidence_permille, 0, 1000, "the confidence in permille",
                              fault);
    if (!err)
        err = sgp_read_text(message->label, place->label, sizeof place->label,
                            "the label of the place", fault);
    if (!err)
        err = sgp_read_text(message->kelurahan, place->kelurahan, sizeof place->kelurahan,
                            "the kelurahan of the place", fault);
    if (!err)
        err = sgp_read_text(message->kecamatan, place->kecamatan, sizeof place->kecamatan,
                            "the kecamatan of the place", fault);
    if (!err)
        err = sgp_read_text(message->kabupaten, place->kabupaten, sizeof place->kabupaten,
                            "the kabupaten of the place", fault);
    if (!err)
        err = sgp_read_number(message->precision, 0, SGP_PRECISIONS - 1,
                              "the precision of the place", fault);
    if (!err && message->access)
        err = sgp_read_point(message->access, &place->access, "the access to the place", fault);
    if (!err)
        err = sgp_read_number(message->access_walk_m, 0, 1000000, "the metres on foot to the place",
                              fault);
    if (!err && message->access)
        err = sgp_read_text(message->access_street, place->access_street,
                            sizeof place->access_street, "the street of the access", fault);
    if (err)
        return err;
    /* A bare point is a place given by coordinates. */
    place->kind = message->kind ? (sgp_place_kind)message->kind : SGP_PLACE_COORDINATES;
    place->uncertainty_m = message->uncertainty_m;
    place->confidence_permille = message->confidence_permille;
    place->precision = (sgp_precision)message->precision;
    place->from_graph = message->from_graph;
    place->has_access = message->access != NULL;
    place->access_walk_m = place->has_access ? message->access_walk_m : 0;
    return SGP_OK;
}

sgp_err sgp_read_unit(const Sigap__V1__Unit *message, sgp_unit *unit, sgp_fault *fault) {
    *unit = (sgp_unit){0};
    sgp_err err =
        sgp_read_text(message->code, unit->code, sizeof unit->code, "the unit's code", fault);
    if (!err && unit->code[0] == '\0')
        err = sgp_fail(fault, SGP_E_ARGUMENT, "the unit's code is missing");
    if (!err)
        err = sgp_read_number(message->kind, 1, SGP_UNIT_KINDS - 1, "the kind of unit", fault);
    if (!err)
        err = sgp_read_text(message->name, unit->name, sizeof unit->name, "the unit's name", fault);
    if (!err)
        err = sgp_read_text(message->agency, unit->agency, sizeof unit->agency, "the unit's agency",
                            fault);
    if (!err)
        err = sgp_read_text(message->station, unit->station, sizeof unit->station,
                            "the unit's station", fault);
    if (!err)
        err = sgp_read_point(message->station_point, &unit->station_point,
                             "the point of the unit's station", fault);
    if (!err)
        err = sgp_read_number(message->skills, 0, SGP_SKILLS_ALL, "the unit's skills", fault);
    unit->kind = (sgp_unit_kind)message->kind;
    unit->skills = message->skills;
    return err ? err : sgp_read_ownership(message, unit, fault);
}

sgp_err sgp_read_hospital(const Sigap__V1__Hospital *message, sgp_hospital *hospital,
                          sgp_fault *fault) {
    *hospital = (sgp_hospital){.beds = message->beds, .abilities = message->abilities};
    sgp_err err = sgp_read_text(message->code, hospital->code, sizeof hospital->code,
                                "the hospital's code", fault);
    if (!err && hospital->code[0] == '\0')
        err = sgp_fail(fault, SGP_E_ARGUMENT, "the hospital's code is missing");
    if (!err)
        err = sgp_read_text(message->name, hospital->name, sizeof hospital->name,
                            "the hospital's name", fault);
    if (!err)
        err = sgp_read_point(message->point, &hospital->point, "the hospital's point", fault);
    if (!err)
        err = sgp_read_number(message->beds, 0, 100000, "the number of beds", fault);
    return err;
}

sgp_err sgp_read_phone_fix(const Sigap__V1__PhoneFix *message, sgp_phone_fix *fix,
                           sgp_fault *fault) {
    *fix = (sgp_phone_fix){.method = SGP_PHONE_METHOD_UNKNOWN};
    if (!message || !message->place)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the phone's position is missing");
    sgp_err err = sgp_place_from_proto(message->place, &fix->place, fault);
    if (!err)
        err = sgp_read_number(message->method, 0, SGP_PHONE_METHODS - 1,
                              "the method of the position", fault);
    fix->measured_at_ms = message->measured_at_ms;
    fix->method = (sgp_phone_method)message->method;
    return err;
}

sgp_err sgp_read_metric_mark(const Sigap__V1__MetricSwapped *message, sgp_metric_mark *mark,
                             sgp_fault *fault) {
    if (message->weights.len != sizeof mark->weights)
        return sgp_fail(fault, SGP_E_FORMAT, "the digest of weights has %zu bytes, not %zu",
                        message->weights.len, sizeof mark->weights);
    memcpy(mark->weights, message->weights.data, sizeof mark->weights);
    return sgp_read_text(message->profile, mark->profile, sizeof mark->profile, "the profile",
                         fault);
}

sgp_err sgp_read_clocks(const Sigap__V1__Clocks *message, sgp_clocks *clocks, sgp_fault *fault) {
    sgp_clocks_default(clocks);
    if (message->n_accept_ms > SGP_PRIORITIES || message->n_target_ms > SGP_PRIORITIES ||
        message->n_order_without_click > SGP_PRIORITIES || message->n_policies > SGP_PRIORITIES)
        return sgp_fail(fault, SGP_E_RANGE, "the clocks have more than %d priorities",
                        SGP_PRIORITIES);
    if (message->n_turnout_ms > SGP_UNIT_KINDS)
        return sgp_fail(fault, SGP_E_RANGE, "the clocks have more than %d kinds of unit",
                        SGP_UNIT_KINDS);
    for (size_t i = 0; i < message->n_accept_ms; i++)
        clocks->accept_ms[i] = message->accept_ms[i];
    for (size_t i = 0; i < message->n_target_ms; i++)
        clocks->target_ms[i] = message->target_ms[i];
    for (size_t i = 0; i < message->n_turnout_ms; i++)
        clocks->turnout_ms[i] = message->turnout_ms[i];
    for (size_t i = 0; i < message->n_order_without_click; i++)
        clocks->order_without_click[i] = message->order_without_click[i];
    for (size_t i = 0; i < message->n_policies; i++)
        clocks->policy[i] = (sgp_policy)message->policies[i];
    clocks->position_max_age_ms = message->position_max_age_ms;
    clocks->confident_permille = message->confident_permille;
    if (message->phone_place_case == SIGAP__V1__CLOCKS__PHONE_PLACE_PHONE_PLACE_M)
        clocks->phone_place_m = message->phone_place_m;
    clocks->reorder_after_refusal = message->reorder_after_refusal;
    return message->rules ? sgp_read_rules(message->rules, &clocks->rules, fault) : SGP_OK;
}

bool sgp_number_is_none(const uint8_t token[SGP_CALLER_TOKEN_BYTES]) {
    static const uint8_t none[SGP_CALLER_TOKEN_BYTES];
    return memcmp(token, none, sizeof none) == 0;
}

sgp_err sgp_read_number_token(const ProtobufCBinaryData *bytes,
                              uint8_t token[SGP_CALLER_TOKEN_BYTES], sgp_fault *fault) {
    memset(token, 0, SGP_CALLER_TOKEN_BYTES);
    if (bytes->len != 0 && bytes->len != SGP_CALLER_TOKEN_BYTES)
        return sgp_fail(fault, SGP_E_FORMAT, "the token of a number has %zu bytes, not %d",
                        bytes->len, SGP_CALLER_TOKEN_BYTES);
    if (bytes->len)
        memcpy(token, bytes->data, SGP_CALLER_TOKEN_BYTES);
    return SGP_OK;
}
