#include "sigap/fix.h"

#include "core/place.h"

/* Whether a vehicle can have come from one to the other in that time; what each may be off counts
 * for it. */
static bool can_drive(sgp_point from, int32_t from_m, sgp_point to, int32_t to_m, int64_t ms) {
    int64_t metres = SGP_FIX_SLACK_M + from_m + to_m + ms * SGP_FIX_SPEED_MAX_MS / 1000;
    return metres > 20000000 || sgp_points_within(from, to, (int32_t)metres);
}

/* Somewhere else than the one before. Where several say so and agree, that one was wrong. */
static bool is_jump(sgp_fix_stream *s, const sgp_fix *fix) {
    if (!s->at_ms ||
        can_drive(s->point, s->accuracy_m, fix->point, fix->accuracy_m, fix->at_ms - s->at_ms))
        return false;
    bool agrees = s->suspects > 0 && can_drive(s->suspect, 0, fix->point, fix->accuracy_m,
                                               fix->at_ms - s->suspect_at_ms);
    s->suspects = agrees ? s->suspects + 1 : 1;
    s->suspect = fix->point;
    s->suspect_at_ms = fix->at_ms;
    return s->suspects < SGP_FIX_SUSPECTS;
}

sgp_fix_verdict sgp_fix_judge(sgp_fix_stream *stream, uint64_t number, sgp_fix *fix,
                              int64_t now_ms) {
    if (number <= stream->number)
        return SGP_FIX_DUPLICATE;
    stream->number = number;
    if (fix->at_ms > now_ms + SGP_FIX_AHEAD_MS)
        return SGP_FIX_FUTURE;
    if (fix->at_ms < now_ms - SGP_FIX_ANCIENT_MS)
        return SGP_FIX_ANCIENT;
    int64_t after_ms = stream->suspects && stream->suspect_at_ms > stream->at_ms
                           ? stream->suspect_at_ms
                           : stream->at_ms;
    if (fix->at_ms <= after_ms)
        return SGP_FIX_OUT_OF_ORDER;
    if (fix->accuracy_m > SGP_FIX_RADIUS_MAX_M)
        return SGP_FIX_INACCURATE;
    if (is_jump(stream, fix))
        return SGP_FIX_JUMP;
    stream->at_ms = fix->at_ms;
    stream->point = fix->point;
    stream->accuracy_m = fix->accuracy_m;
    stream->suspects = 0;
    stream->suspect_at_ms = 0;
    stream->suspect = (sgp_point){0};
    /* In the stream it keeps its own time, so that those that follow are not all as late as it. */
    if (fix->at_ms > now_ms)
        fix->at_ms = now_ms;
    return fix->at_ms < now_ms - SGP_FIX_LATE_MS ? SGP_FIX_LATE : SGP_FIX_GOOD;
}
