#include "apps/replay_exact.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "replay/exact.h"

bool sgp_is_journal(const char *path) {
    char head[16] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    return n == sizeof head && memcmp(head, "SQLite format 3", sizeof head) == 0;
}

static int print_exact_json(const sgp_exact *exact, bool equal) {
    json_t *json =
        json_pack("{s:b, s:I, s:I, s:I, s:I}", "equal", equal, "events", (json_int_t)exact->events,
                  "with_digest", (json_int_t)exact->with_digest, "refused",
                  (json_int_t)exact->refused, "snapshot_seq", (json_int_t)exact->snapshot_seq);
    if (json && exact->later[0])
        (void)json_object_set_new(json, "fields_not_recorded_then", json_string(exact->later));
    if (json && !equal)
        (void)json_object_update_new(
            json, json_pack("{s:I, s:s, s:I, s:s}", "differs_at", (json_int_t)exact->differs_at,
                            "kind", exact->kind, "parent", (json_int_t)exact->parent, "difference",
                            exact->difference));
    return json ? sgp_print_json(json) : 3;
}

int sgp_replay_exactly(const sgp_options *options, const char *path) {
    sgp_fault fault = {0};
    sgp_exact exact;
    sgp_err err = sgp_exact_replay(path, NULL, NULL, &exact, &fault);
    bool found = exact.differs_at != 0;
    if (err && !found)
        return sgp_complain(options, &fault);
    if (err)
        fprintf(stderr, "sigap replay: %s\n", fault.text);
    if (options->json)
        return print_exact_json(&exact, !err) ? 3 : err != SGP_OK;
    char from[25], until[25];
    sgp_wall_format(exact.first_ms, from);
    sgp_wall_format(exact.last_ms, until);
    bool english = options->language == SGP_ENGLISH;
    if (exact.events)
        printf(english ? "%" PRIu64 " events equal (%s to %s), %" PRIu64
                         " of them with a digest of all effects, %" PRIu64 " refused as then\n"
                       : "%" PRIu64 " kejadian sama (%s s.d. %s), %" PRIu64
                         " dengan intisari semua akibat, %" PRIu64 " ditolak seperti dahulu\n",
               exact.events, from, until, exact.with_digest, exact.refused);
    if (exact.snapshot_seq)
        printf(english ? "the world after event %" PRIu64 " equals its snapshot\n"
                       : "keadaan setelah kejadian %" PRIu64 " sama dengan cuplikannya\n",
               exact.snapshot_seq);
    if (exact.later[0])
        printf(english ? "recorded by another commit, without these fields: %s\n"
                       : "direkam oleh commit lain, tanpa bidang ini: %s\n",
               exact.later);
    if (err && exact.parent)
        printf(english ? "event %" PRIu64 " was caused by event %" PRIu64 "\n"
                       : "kejadian %" PRIu64 " disebabkan oleh kejadian %" PRIu64 "\n",
               exact.differs_at, exact.parent);
    return err != SGP_OK;
}
