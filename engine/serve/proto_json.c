#include "serve/proto_json.h"

#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef ProtobufCFieldDescriptor field_t;

/* ---- shapes -------------------------------------------------------------- */

static size_t element_size(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return 4;
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    }
    return 0;
}

/* protobuf-c stores members by offset; these two are the only casts to them. */
static const void *member(const ProtobufCMessage *message, unsigned offset) {
    return (const char *)message + offset;
}
static void *member_of(ProtobufCMessage *message, unsigned offset) {
    return (char *)message + offset;
}

static bool is_in_oneof(const field_t *field) {
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* Is there anything to write for this member? proto3 leaves defaults out. */
static bool is_present(const ProtobufCMessage *message, const field_t *field) {
    const void *at = member(message, field->offset);
    if (is_in_oneof(field))
        return *(const uint32_t *)member(message, field->quantifier_offset) == field->id;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)member(message, field->quantifier_offset) > 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(void *const *)at != NULL;
    case PROTOBUF_C_TYPE_STRING:
        return *(char *const *)at != NULL && **(char *const *)at != '\0';
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)at)->len > 0;
    default: {
        static const char zero[8];
        return memcmp(at, zero, element_size(field->type)) != 0;
    }
    }
}

/* place_text -> placeText. `out` is cut to fit; names of ours are short. */
static void camel_name(const char *name, char *out, size_t capacity) {
    size_t n = 0;
    for (const char *p = name; *p != '\0' && n + 1 < capacity; p++) {
        if (*p == '_' && p[1] >= 'a' && p[1] <= 'z')
            out[n++] = (char)(*++p - 'a' + 'A');
        else
            out[n++] = *p;
    }
    out[n] = '\0';
}

/* ---- writing ------------------------------------------------------------- */

static json_t *integer_text(const char *format, ...) SGP_PRINTF(1, 2);
static json_t *integer_text(const char *format, ...) {
    char text[32];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return json_string(text);
}

static json_t *real_value(double value) {
    if (isnan(value))
        return json_string("NaN");
    if (isinf(value))
        return json_string(value > 0 ? "Infinity" : "-Infinity");
    return json_real(value);
}

static json_t *bytes_value(const ProtobufCBinaryData *bytes) {
    size_t capacity = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(capacity);
    if (text == NULL)
        return NULL;
    sodium_bin2base64(text, capacity, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *value = json_string(text);
    free(text);
    return value;
}

static json_t *element_to_json(const field_t *field, const void *at) {
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return integer_text("%lld", (long long)*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return integer_text("%llu", (unsigned long long)*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return real_value((double)*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return real_value(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM: {
        int number = *(const int *)at;
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value(field->descriptor, number);
        return value != NULL ? json_string(value->name) : json_integer(number);
    }
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(char *const *)at;
        return json_string(text != NULL ? text : "");
    }
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_value(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return sgp_message_to_json(*(ProtobufCMessage *const *)at);
    }
    return NULL;
}

static json_t *array_to_json(const ProtobufCMessage *message, const field_t *field) {
    json_t *array = json_array();
    size_t n = *(const size_t *)member(message, field->quantifier_offset);
    const char *items = *(char *const *)member(message, field->offset);
    for (size_t i = 0; array != NULL && i < n; i++) {
        json_t *element = element_to_json(field, items + i * element_size(field->type));
        if (element == NULL || json_array_append_new(array, element) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

json_t *sgp_message_to_json(const ProtobufCMessage *message) {
    json_t *object = json_object();
    for (unsigned i = 0; object != NULL && i < message->descriptor->n_fields; i++) {
        const field_t *field = &message->descriptor->fields[i];
        if (!is_present(message, field))
            continue;
        char name[64];
        camel_name(field->name, name, sizeof name);
        json_t *value = field->label == PROTOBUF_C_LABEL_REPEATED
                            ? array_to_json(message, field)
                            : element_to_json(field, member(message, field->offset));
        if (value == NULL || json_object_set_new(object, name, value) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

char *sgp_message_to_json_text(const ProtobufCMessage *message) {
    json_t *json = sgp_message_to_json(message);
    if (json == NULL)
        return NULL;
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(json);
    return text;
}

/* ---- reading ------------------------------------------------------------- */

/* Where the reader is, for sentences: names of the members on the way down. */
typedef struct json_path {
    const struct json_path *up;
    const char *name;
    int depth;
} json_path;

static void path_text(const json_path *path, char *out, size_t capacity) {
    if (path->up != NULL && path->up->name != NULL) {
        path_text(path->up, out, capacity);
        size_t n = strlen(out);
        snprintf(out + n, capacity - n, ".%s", path->name);
    } else {
        snprintf(out, capacity, "%s", path->name != NULL ? path->name : "the message");
    }
}

static sgp_err wrong(sgp_fault *fault, const json_path *path, const char *what) {
    char where[128];
    path_text(path, where, sizeof where);
    return sgp_fail(fault, SGP_E_FORMAT, "%s %s", where, what);
}

static sgp_err read_signed(const json_t *json, int64_t low, int64_t high, int64_t *value) {
    if (json_is_integer(json)) {
        *value = json_integer_value(json);
    } else if (json_is_real(json)) {
        double real = json_real_value(json);
        if (!(real >= -9007199254740992.0 && real <= 9007199254740992.0) || real != floor(real))
            return SGP_E_FORMAT;
        *value = (int64_t)real;
    } else if (json_is_string(json)) {
        const char *text = json_string_value(json);
        char *end;
        errno = 0;
        *value = strtoll(text, &end, 10);
        if (errno != 0 || end == text || *end != '\0' || *text == ' ' || *text == '+')
            return SGP_E_FORMAT;
    } else {
        return SGP_E_FORMAT;
    }
    return *value >= low && *value <= high ? SGP_OK : SGP_E_RANGE;
}

static sgp_err read_unsigned(const json_t *json, uint64_t high, uint64_t *value) {
    if (json_is_string(json)) {
        const char *text = json_string_value(json);
        char *end;
        if (*text < '0' || *text > '9')
            return SGP_E_FORMAT;
        errno = 0;
        *value = strtoull(text, &end, 10);
        if (errno != 0 || *end != '\0')
            return SGP_E_FORMAT;
    } else {
        int64_t number;
        sgp_err err = read_signed(json, 0, INT64_MAX, &number);
        if (err != SGP_OK)
            return err;
        *value = (uint64_t)number;
    }
    return *value <= high ? SGP_OK : SGP_E_RANGE;
}

static sgp_err read_real(const json_t *json, double *value) {
    if (json_is_number(json)) {
        *value = json_number_value(json);
    } else if (json_is_string(json)) {
        const char *text = json_string_value(json);
        char *end;
        *value = strtod(text, &end);
        if (end == text || *end != '\0' || *text == ' ')
            return SGP_E_FORMAT;
    } else {
        return SGP_E_FORMAT;
    }
    return isfinite(*value) ? SGP_OK : SGP_E_RANGE;
}

static sgp_err read_bytes(const json_t *json, ProtobufCBinaryData *bytes) {
    if (!json_is_string(json))
        return SGP_E_FORMAT;
    const char *text = json_string_value(json);
    size_t length = json_string_length(json);
    bool url = strpbrk(text, "-_") != NULL;
    bool padded = length > 0 && text[length - 1] == '=';
    int variant =
        url ? (padded ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_URLSAFE_NO_PADDING)
            : (padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    size_t capacity = length / 4 * 3 + 3;
    uint8_t *data = malloc(capacity);
    if (data == NULL)
        return SGP_E_MEMORY;
    size_t n = 0;
    if (sodium_base642bin(data, capacity, text, length, NULL, &n, NULL, variant) != 0) {
        free(data);
        return SGP_E_FORMAT;
    }
    if (n == 0) {
        free(data);
        data = NULL;
    }
    bytes->data = data;
    bytes->len = n;
    return SGP_OK;
}

static sgp_err read_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                            const json_path *path, ProtobufCMessage **message, sgp_fault *fault);

static sgp_err read_element(const field_t *field, const json_t *json, const json_path *path,
                            void *at, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    int64_t number = 0;
    uint64_t natural = 0;
    double real = 0;
    const char *wanted = "must be a whole number within its range";
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        err = read_signed(json, INT32_MIN, INT32_MAX, &number);
        if (err == SGP_OK)
            *(int32_t *)at = (int32_t)number;
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        err = read_unsigned(json, UINT32_MAX, &natural);
        if (err == SGP_OK)
            *(uint32_t *)at = (uint32_t)natural;
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        err = read_signed(json, INT64_MIN, INT64_MAX, &number);
        if (err == SGP_OK)
            *(int64_t *)at = number;
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        err = read_unsigned(json, UINT64_MAX, &natural);
        if (err == SGP_OK)
            *(uint64_t *)at = natural;
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        wanted = "must be a finite number";
        err = read_real(json, &real);
        if (err == SGP_OK && fabs(real) > 3.4028234e38)
            err = SGP_E_RANGE;
        if (err == SGP_OK)
            *(float *)at = (float)real;
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        wanted = "must be a finite number";
        err = read_real(json, &real);
        if (err == SGP_OK)
            *(double *)at = real;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        wanted = "must be true or false";
        if (json_is_boolean(json))
            *(protobuf_c_boolean *)at = json_is_true(json);
        else
            err = SGP_E_FORMAT;
        break;
    case PROTOBUF_C_TYPE_ENUM: {
        wanted = "must be one of its enum's names";
        const ProtobufCEnumValue *value = NULL;
        if (json_is_string(json)) {
            value = protobuf_c_enum_descriptor_get_value_by_name(field->descriptor,
                                                                 json_string_value(json));
        } else if (read_signed(json, INT32_MIN, INT32_MAX, &number) == SGP_OK) {
            value = protobuf_c_enum_descriptor_get_value(field->descriptor, (int)number);
        }
        if (value != NULL)
            *(int *)at = value->value;
        else
            err = SGP_E_FORMAT;
        break;
    }
    case PROTOBUF_C_TYPE_STRING: {
        wanted = "must be a text";
        if (!json_is_string(json)) {
            err = SGP_E_FORMAT;
            break;
        }
        char *copy = strdup(json_string_value(json));
        if (copy == NULL)
            return SGP_E_MEMORY;
        *(char **)at = copy;
        break;
    }
    case PROTOBUF_C_TYPE_BYTES:
        wanted = "must be a base64 text";
        err = read_bytes(json, at);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(field->descriptor, json, path, at, fault);
    }
    if (err == SGP_OK || err == SGP_E_MEMORY)
        return err;
    return wrong(fault, path, wanted);
}

static sgp_err read_array(ProtobufCMessage *message, const field_t *field, const json_t *json,
                          const json_path *path, sgp_fault *fault) {
    if (!json_is_array(json))
        return wrong(fault, path, "must be an array");
    size_t n = json_array_size(json);
    size_t size = element_size(field->type);
    if (n == 0)
        return SGP_OK;
    char *items = calloc(n, size);
    if (items == NULL)
        return SGP_E_MEMORY;
    /* The count grows with the elements, so that freeing a half-read message is safe. */
    size_t *count = member_of(message, field->quantifier_offset);
    *(char **)member_of(message, field->offset) = items;
    for (size_t i = 0; i < n; i++) {
        sgp_err err = read_element(field, json_array_get(json, i), path, items + i * size, fault);
        if (err != SGP_OK)
            return err;
        *count = i + 1;
    }
    return SGP_OK;
}

static sgp_err read_member(ProtobufCMessage *message, const field_t *field, const json_t *json,
                           const json_path *path, sgp_fault *fault) {
    void *at = member_of(message, field->offset);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        if (*(size_t *)member_of(message, field->quantifier_offset) != 0)
            return wrong(fault, path, "is given twice");
        return read_array(message, field, json, path, fault);
    }
    if (is_in_oneof(field)) {
        uint32_t *which = member_of(message, field->quantifier_offset);
        if (*which != 0)
            return wrong(fault, path, "cannot stand beside another body");
        memset(at, 0, element_size(field->type));
        sgp_err err = read_element(field, json, path, at, fault);
        if (err == SGP_OK)
            *which = field->id;
        return err;
    }
    if (is_present(message, field))
        return wrong(fault, path, "is given twice");
    /* An empty text is the default, which protobuf-c keeps in a static. */
    if (field->type == PROTOBUF_C_TYPE_STRING && json_is_string(json) &&
        json_string_length(json) == 0)
        return SGP_OK;
    return read_element(field, json, path, at, fault);
}

static const field_t *find_field(const ProtobufCMessageDescriptor *descriptor, const char *name) {
    const field_t *field = protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
    for (unsigned i = 0; field == NULL && i < descriptor->n_fields; i++) {
        char camel[64];
        camel_name(descriptor->fields[i].name, camel, sizeof camel);
        if (strcmp(camel, name) == 0)
            field = &descriptor->fields[i];
    }
    return field;
}

static sgp_err read_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                            const json_path *path, ProtobufCMessage **out, sgp_fault *fault) {
    if (!json_is_object(json))
        return wrong(fault, path, "must be an object");
    if (path->depth >= SGP_JSON_DEPTH_MAX)
        return wrong(fault, path, "is nested too deeply");
    ProtobufCMessage *message = calloc(1, descriptor->sizeof_message);
    if (message == NULL)
        return SGP_E_MEMORY;
    protobuf_c_message_init(descriptor, message);
    sgp_err err = SGP_OK;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value) {
        json_path here = {path, name, path->depth + 1};
        const field_t *field = find_field(descriptor, name);
        if (field == NULL)
            err = wrong(fault, &here, "is not a known name here");
        else if (!json_is_null(value))
            err = read_member(message, field, value, &here, fault);
        if (err != SGP_OK)
            break;
    }
    if (err != SGP_OK) {
        protobuf_c_message_free_unpacked(message, NULL);
        return err;
    }
    *out = message;
    return SGP_OK;
}

sgp_err sgp_message_from_json(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                              ProtobufCMessage **message, sgp_fault *fault) {
    json_path root = {NULL, NULL, 0};
    return read_message(descriptor, json, &root, message, fault);
}

sgp_err sgp_message_from_json_text(const ProtobufCMessageDescriptor *descriptor, const char *text,
                                   size_t length, ProtobufCMessage **message, sgp_fault *fault) {
    json_error_t error;
    if (length == 0)
        return sgp_fail(fault, SGP_E_FORMAT, "the JSON text is empty");
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        return sgp_fail(fault, SGP_E_FORMAT, "JSON line %d column %d: %s", error.line, error.column,
                        error.text);
    sgp_err err = sgp_message_from_json(descriptor, json, message, fault);
    json_decref(json);
    return err;
}

/* ---- texts --------------------------------------------------------------- */

static bool is_utf8(const char *text) {
    /* jansson refuses to make a string of anything else. */
    json_t *value = json_string(text);
    json_decref(value);
    return value != NULL;
}

sgp_err sgp_message_check_texts(const ProtobufCMessage *message, sgp_fault *fault) {
    for (unsigned i = 0; i < message->n_unknown_fields; i++)
        if (message->unknown_fields[i].tag == 0)
            return sgp_fail(fault, SGP_E_FORMAT, "a field of %s has the number 0",
                            message->descriptor->short_name);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const field_t *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (!is_present(message, field))
            continue;
        size_t n = 1;
        void *const *items = member(message, field->offset);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            n = *(const size_t *)member(message, field->quantifier_offset);
            items = *(void *const *const *)member(message, field->offset);
        }
        for (size_t k = 0; k < n; k++) {
            if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
                sgp_err err = sgp_message_check_texts(items[k], fault);
                if (err != SGP_OK)
                    return err;
            } else if (!is_utf8(items[k])) {
                return sgp_fail(fault, SGP_E_FORMAT, "the text in %s is not UTF-8", field->name);
            }
        }
    }
    return SGP_OK;
}
