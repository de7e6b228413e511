/* A telephone that rang before the line broke, and is not told again, does not ring on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console_desk.h"

static void hear_ring(uint64_t id, Sigap__V1__RingState state, const char *number,
                      const char *claimed_by) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Ring ring = SIGAP__V1__RING__INIT, *list = &ring;
    ring.id = id;
    ring.state = state;
    ring.exchange = (char *)"pabx";
    ring.line = (char *)"112";
    ring.has_number = true;
    ring.caller_number = (char *)number;
    ring.claimed_by = (char *)claimed_by;
    ring.rang_at_ms = TOWN_MS - 7000;
    if (state == SIGAP__V1__RING_STATE__RING_ABANDONED)
        ring.ended_at_ms = TOWN_MS;
    update.at_ms = now_ms;
    update.rings = &list;
    update.n_rings = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    hear(town_news(&frame, 0));
}

/* What rang before the line broke and is not told again is over. */
static void test_rings_after_a_broken_line(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    hear_ring(5, SIGAP__V1__RING_STATE__RINGING, "+6280000005", "");
    shows(screen(24, 80), "+6280000005");
    hear(town_down("putus"));
    hear(town_up());
    hear(town_snapshot());
    hides(screen(24, 80), "+6280000005");
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rings_after_a_broken_line),
    };
    sgp_canvas_locale();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
