/* Any bytes as what a tracker sends: JSON of a Traccar server, of Traccar Client, or OsmAnd's
 * parameters. What is read makes sense. The first byte of some inputs picks good words to spoil. */
#include <stdlib.h>
#include <string.h>

#include "serve/tracker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const good[] = {
    "{\"position\":{\"id\":1,\"deviceId\":7,\"protocol\":\"osmand\",\"fixTime\":"
    "\"2026-05-20T14:29:55.250+07:00\",\"valid\":true,\"outdated\":false,\"latitude\":-7.965,"
    "\"longitude\":112.64,\"speed\":13.5,\"course\":359.7,\"accuracy\":8.2,\"attributes\":{}},"
    "\"device\":{\"id\":7,\"name\":\"PSC 1\",\"uniqueId\":\"861234\"}}",
    "{\"location\":{\"timestamp\":\"2026-05-20T14:29:55.000Z\",\"coords\":{\"latitude\":-7.965,"
    "\"longitude\":112.64,\"accuracy\":4,\"speed\":8.1,\"heading\":90}},\"device_id\":"
    "\"48241179\"}",
    "id=48241179&timestamp=1779287395&lat=-7.965&lon=112.64&speed=4.5&bearing=270&accuracy=12.5",
    "deviceid=A-01&location=-7.965,112.64&valid=1&timestamp=2026-05-20%2014%3A29%3A55&heading=1e2"};

static void look_at(const char *text, size_t length) {
    sgp_tracker_word word;
    for (int as_form = 0; as_form < 2; as_form++) {
        sgp_fault fault = {0};
        sgp_err err = as_form ? sgp_tracker_read_form(text, &word, &fault)
                              : sgp_tracker_read_json(text, length, &word, &fault);
        if (err != SGP_OK) {
            if (fault.text[0] == '\0')
                abort();
            continue;
        }
        const sgp_fix *fix = &word.fix;
        if (word.id[0] == '\0' || strlen(word.id) >= sizeof word.id || fix->at_ms < 0 ||
            fix->accuracy_m < 0 || fix->accuracy_m > 100000 || fix->speed_kmh < -1 ||
            fix->speed_kmh > 1000 || fix->heading_deg < -1 || fix->heading_deg > 359 ||
            fix->point.lon_e7 < -1800000000 || fix->point.lon_e7 > 1800000000 ||
            fix->point.lat_e7 < -900000000 || fix->point.lat_e7 > 900000000 ||
            sgp_tracker_stream(word.id) == 0)
            abort();
    }
}

static void look_at_copy(const uint8_t *bytes, size_t length) {
    char *text = malloc(length + 1);
    if (text == NULL)
        return;
    memcpy(text, bytes, length);
    text[length] = '\0';
    look_at(text, length);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > SGP_TRACKER_BODY_MAX)
        return 0;
    look_at_copy(data, size);
    if (size < 2)
        return 0;
    char text[512];
    const char *base = good[data[0] % (sizeof good / sizeof good[0])];
    size_t length = strlen(base);
    memcpy(text, base, length);
    for (size_t i = 1; i + 1 < size && i < 9; i += 2)
        text[data[i] * 2 % length] = (char)data[i + 1];
    look_at_copy((const uint8_t *)text, length);
    return 0;
}
