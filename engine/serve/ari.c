#include "serve/ari.h"

#include <jansson.h>
#include <string.h>

/* ---- texts ------------------------------------------------------------------ */

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* Letters, digits and what stands in names of lines and numbers; others become '?'. */
static void copy_plain(char *out, size_t bytes, const char *text) {
    static const char also[] = "+*#.-_@:/ ";
    size_t n = 0;
    for (; *text != '\0' && n + 1 < bytes; text++) {
        bool plain = (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
                     (*text >= 'A' && *text <= 'Z') || strchr(also, *text) != NULL;
        out[n++] = plain ? *text : '?';
    }
    out[n] = '\0';
}

/* An id is sent back as it is, so that it must be plain as it is. */
static bool copy_id(char *out, size_t bytes, const char *text) {
    copy_plain(out, bytes, text);
    return *text != '\0' && strcmp(out, text) == 0;
}

/* ---- channels ---------------------------------------------------------------- */

/* The dialplan says "sigap,112": our application, and what it was given. */
static void read_dialplan(const json_t *plan, sgp_ari_channel *channel) {
    const char *data = text_of(plan, "app_data");
    char words[sizeof channel->application + SGP_CODE_BYTES];
    if (strcmp(text_of(plan, "app_name"), "Stasis") == 0) {
        copy_plain(words, sizeof words, data);
        size_t length = strcspn(data, ",");
        if (length < sizeof channel->application)
            copy_plain(channel->application, length + 1, words);
        if (data[length] == ',') {
            const char *line = data + length + 1;
            size_t n = strcspn(line, ",");
            copy_plain(channel->line, n < SGP_CODE_BYTES ? n + 1 : SGP_CODE_BYTES, line);
        }
    }
    if (channel->line[0] == '\0')
        copy_plain(channel->line, sizeof channel->line, text_of(plan, "exten"));
}

static bool read_channel(const json_t *object, sgp_ari_channel *channel) {
    if (!json_is_object(object) || !copy_id(channel->id, sizeof channel->id, text_of(object, "id")))
        return false;
    channel->is_up = strcmp(text_of(object, "state"), "Up") == 0;
    copy_plain(channel->number, sizeof channel->number,
               text_of(json_object_get(object, "caller"), "number"));
    read_dialplan(json_object_get(object, "dialplan"), channel);
    return true;
}

static json_t *load(const char *text, size_t length, size_t most, sgp_fault *fault) {
    json_error_t why;
    if (length > most) {
        (void)sgp_fail(fault, SGP_E_FORMAT, "the exchange sent %zu bytes at once", length);
        return NULL;
    }
    json_t *root = json_loadb(text, length, 0, &why);
    if (root == NULL)
        (void)sgp_fail(fault, SGP_E_FORMAT, "the exchange sent no JSON (byte %d)", why.position);
    return root;
}

/* ---- events -------------------------------------------------------------------- */

static sgp_err read_recording(const json_t *recording, sgp_ari_event *event, sgp_fault *fault) {
    static const char of_channel[] = "channel:", of_bridge[] = "bridge:";
    const char *target = text_of(recording, "target_uri");
    bool is_bridge = strncmp(target, of_bridge, sizeof of_bridge - 1) == 0;
    if (!is_bridge && strncmp(target, of_channel, sizeof of_channel - 1) != 0) {
        event->kind = SGP_ARI_OTHER;
        return SGP_OK;
    }
    const char *id = strchr(target, ':') + 1;
    if (!copy_id(is_bridge ? event->bridge : event->channel.id, SGP_CHANNEL_BYTES, id) ||
        !copy_id(event->recording, sizeof event->recording, text_of(recording, "name")))
        return sgp_fail(fault, SGP_E_FORMAT, "a recording has no usable name or channel");
    return SGP_OK;
}

sgp_err sgp_ari_read_event(const char *text, size_t length, sgp_ari_event *event,
                           sgp_fault *fault) {
    static const struct {
        const char *type;
        sgp_ari_kind kind;
    } types[] = {
        {"StasisStart", SGP_ARI_CAME},           {"ChannelStateChange", SGP_ARI_STATE},
        {"ChannelHold", SGP_ARI_HELD},           {"ChannelUnhold", SGP_ARI_RESUMED},
        {"ChannelDestroyed", SGP_ARI_GONE},      {"StasisEnd", SGP_ARI_GONE},
        {"RecordingFinished", SGP_ARI_RECORDED}, {"ApplicationReplaced", SGP_ARI_REPLACED}};
    *event = (sgp_ari_event){.kind = SGP_ARI_OTHER};
    json_t *root = load(text, length, SGP_ARI_EVENT_BYTES, fault);
    if (root == NULL)
        return SGP_E_FORMAT;
    const char *type = text_of(root, "type");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i].type) == 0)
            event->kind = types[i].kind;
    sgp_err err = SGP_OK;
    if (!json_is_object(root)) {
        err = sgp_fail(fault, SGP_E_FORMAT, "the exchange sent no event");
    } else if (event->kind == SGP_ARI_RECORDED) {
        err = read_recording(json_object_get(root, "recording"), event, fault);
    } else if (event->kind != SGP_ARI_OTHER && event->kind != SGP_ARI_REPLACED) {
        if (!read_channel(json_object_get(root, "channel"), &event->channel))
            err = sgp_fail(fault, SGP_E_FORMAT, "an event names no usable channel");
        const char *line = json_string_value(json_array_get(json_object_get(root, "args"), 0));
        if (event->kind == SGP_ARI_CAME && line != NULL && *line != '\0')
            copy_plain(event->channel.line, sizeof event->channel.line, line);
        copy_plain(event->channel.application, sizeof event->channel.application,
                   text_of(root, "application"));
        json_int_t cause = json_integer_value(json_object_get(root, "cause"));
        event->is_destroyed = strcmp(type, "ChannelDestroyed") == 0;
        event->cause = cause > 0 && cause < 256 ? (int)cause : 0;
    }
    json_decref(root);
    return err;
}

sgp_err sgp_ari_read_channels(const char *text, size_t length, sgp_ari_visit visit, void *ctx,
                              sgp_fault *fault) {
    json_t *root = load(text, length, SGP_ARI_ANSWER_BYTES, fault);
    if (root == NULL)
        return SGP_E_FORMAT;
    bool is_list = json_is_array(root);
    for (size_t i = 0; i < json_array_size(root); i++) {
        sgp_ari_channel channel = {.id = ""};
        if (read_channel(json_array_get(root, i), &channel))
            visit(ctx, &channel);
    }
    json_decref(root);
    return is_list ? SGP_OK
                   : sgp_fail(fault, SGP_E_FORMAT, "the exchange sent no list of channels");
}
