/* Bytes from outside as a CSV of past calls: refused with a sentence or taken within bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_fragments.h"
#include "replay/call_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static void try_text(const char *text, size_t length) {
    sgp_call_list list = {0};
    sgp_fault fault = {0};
    sgp_err err = sgp_call_list_parse("fuzz", text, length, 25200, &list, &fault);
    check(err == SGP_OK || fault.text[0] != '\0');
    for (size_t i = 0; i < list.n; i++) {
        const sgp_past_call *call = &list.calls[i];
        check(call->at_ms > 0 && call->priority < SGP_PRIORITIES);
        check(call->outcome < SGP_OUTCOMES && call->scene_ms >= -1);
        check(strlen(call->complaint) < sizeof call->complaint);
        check(err != SGP_OK || i == 0 || list.calls[i - 1].at_ms <= call->at_ms);
    }
    sgp_call_list_free(&list);
}

/* The bytes as they are, and as pieces of such a file behind a good first line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const pieces[] = {",",
                                         "\n",
                                         "\r\n",
                                         "\"",
                                         "\"\"",
                                         "2026-03-14 07:05:00",
                                         "2026-03-14T07:05:00.250+07:00",
                                         "112.63",
                                         "-7.97",
                                         "P1",
                                         "4",
                                         "yes",
                                         "tidak",
                                         "SERVED",
                                         "prank",
                                         "90.5",
                                         "77",
                                         "breathing",
                                         "2026-01-01 00:00:00,112.6,-7.9,,P2,,,,\n",
                                         "\xef\xbb\xbf",
                                         "Z",
                                         "-",
                                         "1e400",
                                         "nan"};
    static const char first[] = "time,lon,lat,complaint,priority,scene_s,transport,outcome,id\n";
    try_text((const char *)data, size);
    char *text = fuzz_text(data, size, pieces, sizeof pieces / sizeof pieces[0]);
    if (!text)
        return 0;
    size_t length = strlen(text);
    char *file = malloc(sizeof first + length);
    if (file) {
        memcpy(file, first, sizeof first - 1);
        memcpy(file + sizeof first - 1, text, length);
        try_text(file, sizeof first - 1 + length);
    }
    free(file);
    free(text);
    return 0;
}
