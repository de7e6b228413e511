/* Rosters from texts that nobody can trust.
 *
 * The first byte says whether the rest is a file of shifts, one of people, or damage done to good
 * ones (position in two bytes, byte, ...), which gets further in than random texts do. Whatever is
 * accepted must be a sound roster that survives the wire and in which nobody is at two places at
 * once; whatever is refused is refused with a sentence that names the file. */
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "core/sign_on.h"
#include "plans/roster_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char good_crew[] = "code,skills\nPRM-1,advanced_life_support obstetric\nSPR-1,\n";
static const char good_shifts[] = "unit,from,until,crew\n"
                                  "A-01,07:00,15:00,PRM-1 SPR-1\n"
                                  "A-01,15:00,23:00,SPR-1\n"
                                  "A-02,sat 19:00,07:00,PRM-1\n"
                                  "A-03,2026-03-01 16:00,2026-03-02 04:00,PRM-1\n";

static void need(bool holds) {
    if (!holds)
        abort();
}

static int32_t offset_s(const void *ctx, int64_t wall_ms) {
    (void)ctx, (void)wall_ms;
    return 7 * 3600;
}

/* Looked at hour by hour for two weeks: nobody is on two units. */
static void hold_sound(const sgp_roster *roster) {
    sgp_fault fault = {0};
    sgp_roster *again;
    uint8_t first[SGP_HASH_BYTES], second[SGP_HASH_BYTES];
    need(sgp_roster_check(roster, &fault) == SGP_OK);
    Sigap__V1__Roster *message = sgp_roster_to_proto(roster);
    need(message != NULL);
    need(sgp_roster_from_proto(message, &again, &fault) == SGP_OK);
    sgp_roster_digest(roster, first);
    sgp_roster_digest(again, second);
    need(memcmp(first, second, sizeof first) == 0);
    sigap__v1__roster__free_unpacked(message, NULL);
    free(again);
    for (int hour = 0; hour < 14 * 24; hour++)
        for (uint32_t i = 0; i < roster->n_shifts && i < 8; i++)
            for (uint32_t k = 0; k < i; k++) {
                const sgp_shift *a = &roster->shifts[i], *b = &roster->shifts[k];
                int64_t at_ms = INT64_C(1772323200000) + hour * INT64_C(3600000);
                sgp_turn one, other;
                if (!sgp_shift_turn(a, at_ms, &one) || one.until_ms <= at_ms ||
                    !sgp_shift_turn(b, at_ms, &other) || other.until_ms <= at_ms)
                    continue;
                need(strcmp(a->unit, b->unit) != 0);
                for (uint32_t m = 0; m < a->n_members; m++)
                    need(!sgp_shift_has(b, a->members[m]));
            }
}

static char *damaged(const char *good, const uint8_t *data, size_t size) {
    char *text = strdup(good);
    need(text != NULL);
    size_t length = strlen(text);
    for (size_t i = 1; i + 2 < size && i < 1 + 3 * 4; i += 3)
        text[(data[i] << 8 | data[i + 1]) % length] = (char)data[i + 2];
    return text;
}

static char *told(const uint8_t *data, size_t size) {
    char *text = malloc(size);
    need(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    sgp_roster_source source = {.shifts = "shifts.csv",
                                .crew = data[0] & 4 ? NULL : "crew.csv",
                                .now_ms = INT64_C(1772323200000),
                                .offset_s = offset_s};
    bool of_crew = data[0] & 1;
    char *tried =
        data[0] & 2 ? told(data, size) : damaged(of_crew ? good_crew : good_shifts, data, size);
    sgp_roster *roster = NULL;
    sgp_fault fault = {0};
    if (sgp_roster_parse(&source, of_crew ? good_shifts : tried,
                         source.crew ? (of_crew ? tried : good_crew) : NULL, &roster,
                         &fault) == SGP_OK) {
        hold_sound(roster);
        free(roster);
    } else {
        need(strstr(fault.text, ".csv") != NULL && roster == NULL);
    }
    free(tried);
    return 0;
}
