#include "replay/message_difference.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sigap/v1/common.pb-c.h"

enum { PATH_BYTES = 200, VALUE_BYTES = 100, DEPTH_MAX = 32 };

/* A path that grows while the walk goes down. */
typedef struct path {
    char text[PATH_BYTES];
    size_t length;
    int depth;
    const ProtobufCMessageDescriptor *message; /* whose fields are walked */
    sgp_fields_seen *seen;                     /* NULL = every field was known then */
    char *out;
    size_t capacity;
} path;

/* ---- fields that came later --------------------------------------------------- */

static size_t slot_of(const sgp_fields_seen *seen, const void *field) {
    size_t at = ((uintptr_t)field >> 3) * 2654435761u % SGP_FIELDS_SEEN_MAX;
    while (seen->fields[at] && seen->fields[at] != field)
        at = (at + 1) % SGP_FIELDS_SEEN_MAX;
    return at;
}

static void see_field(sgp_fields_seen *seen, const void *field) {
    size_t at = slot_of(seen, field);
    if (seen->fields[at] || seen->n == SGP_FIELDS_SEEN_MAX / 2)
        return;
    seen->fields[at] = field;
    seen->n++;
}

/* Whether the recorder knew nothing of this field, as far as can be seen. */
static bool came_later(path *p, const ProtobufCMessageDescriptor *message,
                       const ProtobufCFieldDescriptor *field) {
    sgp_fields_seen *seen = p->seen;
    if (!seen || seen->fields[slot_of(seen, field)])
        return false;
    for (size_t i = 0; i < seen->n_later; i++)
        if (seen->later[i] == field)
            return true;
    if (seen->n_later == sizeof seen->later / sizeof *seen->later)
        return false;
    seen->later[seen->n_later++] = field;
    size_t used = strlen(seen->names);
    snprintf(seen->names + used, sizeof seen->names - used, "%s%s.%s", used ? " " : "",
             message->short_name, field->name);
    return true;
}

/* ---- differences ---------------------------------------------------------------- */

static size_t append(path *p, const char *name, const char *dot, int64_t index) {
    size_t before = p->length;
    int n = index < 0 ? snprintf(p->text + before, sizeof p->text - before, "%s%s", dot, name)
                      : snprintf(p->text + before, sizeof p->text - before, "%s%s[%" PRId64 "]",
                                 dot, name, index);
    p->length = before + (size_t)n < sizeof p->text ? before + (size_t)n : sizeof p->text - 1;
    return before;
}

static void cut(path *p, size_t length) {
    p->length = length;
    p->text[length] = '\0';
}

/* How one value of a field reads; `at` points at it. */
static void tell_value(const ProtobufCFieldDescriptor *field, const void *at, char *text) {
    int64_t i64;
    uint64_t u64;
    int32_t i32;
    uint32_t u32;
    double d;
    float f;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        memcpy(&i64, at, sizeof i64);
        snprintf(text, VALUE_BYTES, "%" PRId64, i64);
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        memcpy(&u64, at, sizeof u64);
        snprintf(text, VALUE_BYTES, "%" PRIu64, u64);
        break;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        memcpy(&i32, at, sizeof i32);
        snprintf(text, VALUE_BYTES, "%" PRId32, i32);
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        memcpy(&u32, at, sizeof u32);
        snprintf(text, VALUE_BYTES, "%" PRIu32, u32);
        break;
    case PROTOBUF_C_TYPE_ENUM: {
        memcpy(&i32, at, sizeof i32);
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value(field->descriptor, i32);
        snprintf(text, VALUE_BYTES, "%s", value ? value->name : "a number without a name");
        break;
    }
    case PROTOBUF_C_TYPE_BOOL: {
        protobuf_c_boolean b;
        memcpy(&b, at, sizeof b);
        snprintf(text, VALUE_BYTES, "%s", b ? "true" : "false");
        break;
    }
    case PROTOBUF_C_TYPE_DOUBLE:
        memcpy(&d, at, sizeof d);
        snprintf(text, VALUE_BYTES, "%.17g", d);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        memcpy(&f, at, sizeof f);
        snprintf(text, VALUE_BYTES, "%.9g", (double)f);
        break;
    case PROTOBUF_C_TYPE_STRING: {
        const char *string;
        memcpy(&string, at, sizeof string);
        snprintf(text, VALUE_BYTES, "\"%s\"", string ? string : "");
        break;
    }
    case PROTOBUF_C_TYPE_BYTES: {
        ProtobufCBinaryData data;
        memcpy(&data, at, sizeof data);
        size_t n = 0;
        for (size_t i = 0; i < data.len && i < 8; i++)
            n += (size_t)snprintf(text + n, VALUE_BYTES - n, "%02x", data.data[i]);
        snprintf(text + n, VALUE_BYTES - n, "%s (%zu bytes)", data.len > 8 ? "..." : "", data.len);
        break;
    }
    case PROTOBUF_C_TYPE_MESSAGE:
        snprintf(text, VALUE_BYTES, "a message");
        break;
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *field) {
    switch (field->type) {
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
    default:
        return 4;
    }
}

static bool tell(path *p, const char *recorded, const char *now) {
    snprintf(p->out, p->capacity, "%s: recorded %s, now %s", p->text, recorded, now);
    return true;
}

static bool messages_differ(path *p, const ProtobufCMessage *recorded, const ProtobufCMessage *now);

/* Numbers that are written always now and stand for nothing where they are 0: who recorded before
 * there was the field meant this. */
static bool was_meant(const path *p, const ProtobufCFieldDescriptor *field, const void *recorded,
                      const void *now) {
    static const struct {
        const ProtobufCMessageDescriptor *message;
        const char *field;
        uint32_t means;
    } meant[] = {{&sigap__v1__incident__descriptor, "alarm", 1}};
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        uint32_t was, is;
        if (p->message != meant[i].message || strcmp(field->name, meant[i].field) != 0)
            continue;
        memcpy(&was, recorded, sizeof was);
        memcpy(&is, now, sizeof is);
        return was == 0 && is == meant[i].means;
    }
    return false;
}

/* One value of a field that both have. */
static bool values_differ(path *p, const ProtobufCFieldDescriptor *field, const void *recorded,
                          const void *now) {
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *a, *b;
        memcpy(&a, recorded, sizeof a);
        memcpy(&b, now, sizeof b);
        if (!a != !b)
            return tell(p, a ? "there" : "absent", b ? "there" : "absent");
        return a && messages_differ(p, a, b);
    }
    bool equal;
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *a, *b;
        memcpy(&a, recorded, sizeof a);
        memcpy(&b, now, sizeof b);
        equal = strcmp(a ? a : "", b ? b : "") == 0;
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData a, b;
        memcpy(&a, recorded, sizeof a);
        memcpy(&b, now, sizeof b);
        equal = a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
    } else {
        equal = memcmp(recorded, now, size_of(field)) == 0;
    }
    if (equal || was_meant(p, field, recorded, now))
        return false;
    char was[VALUE_BYTES], is[VALUE_BYTES];
    tell_value(field, recorded, was);
    tell_value(field, now, is);
    return tell(p, was, is);
}

/* A list of numbers by priority or the like is written whole now; who recorded before there was the
 * field wrote none of it, and it was 0 for all. */
static bool is_all_zero(const ProtobufCFieldDescriptor *field, const char *values, size_t n) {
    if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_STRING ||
        field->type == PROTOBUF_C_TYPE_BYTES)
        return false;
    for (size_t i = 0; i < n * size_of(field); i++)
        if (values[i])
            return false;
    return true;
}

static bool is_default(const ProtobufCFieldDescriptor *field, const void *at) {
    static const char zeros[sizeof(ProtobufCBinaryData)] = {0};
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *string;
        memcpy(&string, at, sizeof string);
        return !string || !*string;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData data;
        memcpy(&data, at, sizeof data);
        return data.len == 0;
    }
    return memcmp(at, zeros, size_of(field)) == 0;
}

/* Whether the field is the one that its oneof holds; without a oneof it is always there. */
static bool is_held(const ProtobufCFieldDescriptor *field, const char *message) {
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    uint32_t which;
    memcpy(&which, message + field->quantifier_offset, sizeof which);
    return which == field->id;
}

/* What things are listed by: an id that stands first. */
static bool key_of(const ProtobufCMessage *message, uint64_t *key) {
    const ProtobufCFieldDescriptor *first =
        message->descriptor->n_fields ? message->descriptor->fields : NULL;
    if (!first || first->type != PROTOBUF_C_TYPE_UINT64 || first->label != PROTOBUF_C_LABEL_NONE)
        return false;
    memcpy(key, (const char *)message + first->offset, sizeof *key);
    return true;
}

/* It is listed now for something that came later. What else is told of it then was not worth a row
 * before. */
static bool is_listed_for_later(path *p, const ProtobufCMessage *message) {
    for (unsigned i = 1; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *at = (const char *)message;
        size_t n = 1;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            memcpy(&n, at + field->quantifier_offset, sizeof n);
        else if (!is_held(field, at) || is_default(field, at + field->offset))
            n = 0;
        if (n && came_later(p, message->descriptor, field))
            return true;
    }
    return false;
}

/* Things by ascending ids, of which some are listed now for what came later: `kept` are the
 * others. Returns how many. */
static size_t leave_out_later(path *p, const ProtobufCMessage *const *recorded, size_t n_recorded,
                              const ProtobufCMessage *const *now, size_t n_now,
                              const ProtobufCMessage **kept) {
    size_t n = 0;
    for (size_t i = 0; i < n_now; i++) {
        uint64_t is, was = UINT64_MAX;
        bool keyed = key_of(now[i], &is) && (n >= n_recorded || key_of(recorded[n], &was));
        if (!keyed || is >= was || !is_listed_for_later(p, now[i]))
            kept[n++] = now[i];
    }
    return n;
}

static bool rows_differ(path *p, const ProtobufCFieldDescriptor *field, const void *recorded,
                        size_t n_recorded, const void *now, size_t n_now, const char *dot) {
    const char *a = recorded, *b = now;
    size_t both = n_recorded < n_now ? n_recorded : n_now;
    for (size_t i = 0; i < both; i++) {
        size_t before = append(p, field->name, dot, (int64_t)i);
        if (values_differ(p, field, a + i * size_of(field), b + i * size_of(field)))
            return true;
        cut(p, before);
    }
    if (n_recorded == n_now || (n_recorded == 0 && is_all_zero(field, b, n_now)))
        return false;
    char was[VALUE_BYTES], is[VALUE_BYTES];
    append(p, field->name, dot, -1);
    snprintf(was, sizeof was, "%zu of them", n_recorded);
    snprintf(is, sizeof is, "%zu", n_now);
    return tell(p, was, is);
}

static bool lists_differ(path *p, const ProtobufCMessageDescriptor *message,
                         const ProtobufCFieldDescriptor *field, const char *recorded,
                         const char *now, const char *dot) {
    size_t n_recorded, n_now;
    const void *a, *b;
    memcpy(&n_recorded, recorded + field->quantifier_offset, sizeof n_recorded);
    memcpy(&n_now, now + field->quantifier_offset, sizeof n_now);
    memcpy(&a, recorded + field->offset, sizeof a);
    memcpy(&b, now + field->offset, sizeof b);
    if (n_recorded == 0 && n_now > 0 && !is_all_zero(field, b, n_now) &&
        came_later(p, message, field))
        return false;
    bool may_have_later = p->seen && field->type == PROTOBUF_C_TYPE_MESSAGE && n_recorded < n_now;
    const ProtobufCMessage **kept = may_have_later ? malloc(n_now * sizeof *kept) : NULL;
    if (kept) {
        n_now = leave_out_later(p, a, n_recorded, b, n_now, kept);
        b = kept;
    }
    bool differ = rows_differ(p, field, a, n_recorded, b, n_now, dot);
    free(kept);
    return differ;
}

static bool messages_differ(path *p, const ProtobufCMessage *recorded,
                            const ProtobufCMessage *now) {
    if (p->depth == DEPTH_MAX)
        return false;
    p->depth++;
    const char *a = (const char *)recorded, *b = (const char *)now;
    const char *dot = p->length ? "." : "";
    for (unsigned i = 0; i < recorded->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &recorded->descriptor->fields[i];
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            if (lists_differ(p, recorded->descriptor, field, a, b, dot))
                return true;
            continue;
        }
        bool in_recorded = is_held(field, a), in_now = is_held(field, b);
        if (!in_recorded && !in_now)
            continue;
        bool absent = !in_recorded || is_default(field, a + field->offset);
        bool there = in_now && !is_default(field, b + field->offset);
        if (absent && there && came_later(p, recorded->descriptor, field))
            continue;
        size_t before = append(p, field->name, dot, -1);
        p->message = recorded->descriptor;
        if (in_recorded != in_now)
            return tell(p, in_recorded ? "there" : "absent", in_now ? "there" : "absent");
        if (values_differ(p, field, a + field->offset, b + field->offset))
            return true;
        cut(p, before);
    }
    p->depth--;
    return false;
}

/* As deep as messages nest, which come from this program's own decoder. */
void sgp_fields_see(sgp_fields_seen *seen, const ProtobufCMessage *recorded) {
    const char *at = (const char *)recorded;
    for (unsigned i = 0; i < recorded->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &recorded->descriptor->fields[i];
        bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
        const char *values = at + field->offset;
        size_t n = 1;
        if (repeated) {
            memcpy(&n, at + field->quantifier_offset, sizeof n);
            memcpy(&values, at + field->offset, sizeof values);
        } else if (!is_held(field, at) || is_default(field, values)) {
            n = 0;
        }
        if (n > 0)
            see_field(seen, field);
        for (size_t k = 0; field->type == PROTOBUF_C_TYPE_MESSAGE && k < n; k++) {
            const ProtobufCMessage *inner;
            memcpy(&inner, values + k * sizeof inner, sizeof inner);
            if (inner)
                sgp_fields_see(seen, inner);
        }
    }
}

bool sgp_message_difference(const ProtobufCMessage *recorded, const ProtobufCMessage *now,
                            char *text, size_t capacity) {
    return sgp_message_difference_seen(recorded, now, NULL, text, capacity);
}

bool sgp_message_difference_seen(const ProtobufCMessage *recorded, const ProtobufCMessage *now,
                                 sgp_fields_seen *seen, char *text, size_t capacity) {
    path p = {.seen = seen, .out = text, .capacity = capacity};
    text[0] = '\0';
    return messages_differ(&p, recorded, now);
}
