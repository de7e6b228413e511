/* Any bytes as proto-JSON of a Frame; what is read must be written and read
 * again as the same. The second byte of some inputs picks good text to spoil. */
#include <stdlib.h>
#include <string.h>

#include "serve/proto_json.h"
#include "sigap/v1/frame.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const good[] = {
    "{\"seq\":\"9\",\"id\":\"AZOd+A==\",\"reportCall\":{\"placeText\":\"Jl. Veteran 5\",\"point\":"
    "{\"lon\":112.6155,\"lat\":-7.9553},\"priority\":\"P1\",\"incidentId\":12}}",
    "{\"tableQuery\":{\"sources\":[{\"lon\":1},{\"lat\":-2e1}],\"targets\":[]}}",
    "{\"status\":{\"engine_version\":\"x\",\"databaseAway\":true,\"sessions\":4294967295}}",
    "{\"findPlace\":{\"text\":\"masjid\",\"earlier\":[\"gang 5\",\"\"],\"nearRadiusM\":800,"
    "\"near\":{\"lon\":1},\"complete\":true,\"explain\":true}}",
    "{\"id\":\"AZOd+A==\",\"narrowPlace\":{\"callId\":\"7\",\"text\":\"dekat masjid\"}}",
    "{\"placeAnswer\":{\"candidates\":[{\"kind\":\"GANG\",\"precision\":\"PRECISION_EXACT\","
    "\"access\":{\"lat\":1},\"accessWalkM\":40,\"accessStreet\":\"Jl. Ijen\"}],\"reasons\":[{"
    "\"shares\":[{\"word\":1,\"readAs\":\"a\",\"permille\":-3}]}],\"superseded\":true,"
    "\"understood\":{\"words\":[{\"from\":3,\"role\":\"WORD_FILLER\"}]}}}",
    "{\"update\":{\"callers\":[{\"callId\":\"1\",\"laterPlaceTexts\":[\"a\",\"b\"]}]}}",
    "{\"update\":{\"eventSeq\":\"1\",\"units\":[{\"kind\":\"RESCUE\"}],\"caught_up\":false}}",
};

static void look_at(const char *text, size_t length) {
    ProtobufCMessage *message = NULL, *again = NULL;
    sgp_fault fault;
    if (sgp_message_from_json_text(&sigap__v1__frame__descriptor, text, length, &message, &fault) !=
        SGP_OK)
        return;
    char *out = sgp_message_to_json_text(message);
    if (out == NULL || sgp_message_from_json_text(&sigap__v1__frame__descriptor, out, strlen(out),
                                                  &again, &fault) != SGP_OK)
        abort();
    char *twice = sgp_message_to_json_text(again);
    if (twice == NULL || strcmp(out, twice) != 0)
        abort();
    free(out);
    free(twice);
    protobuf_c_message_free_unpacked(message, NULL);
    protobuf_c_message_free_unpacked(again, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    look_at((const char *)data, size);
    if (size < 2)
        return 0;
    char text[512];
    const char *base = good[data[0] % (sizeof good / sizeof good[0])];
    size_t length = strlen(base);
    memcpy(text, base, length);
    for (size_t i = 1; i + 1 < size && i < 9; i += 2)
        text[data[i] % length] = (char)data[i + 1];
    look_at(text, length);
    return 0;
}
