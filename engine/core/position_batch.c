#include "core/position_batch.h"

#include <assert.h>
#include <stdlib.h>

#include "core/proto_write.h"

enum { STEP_E7 = 100, HEADING_STEP = 3, ACCURACY_MAX_M = 100000, SPEED_MAX_KMH = 1000 };

static const char *const parts[] = {"late_ms", "lon", "lat", "accuracy_m", "speed", "heading"};

/* ---- reading --------------------------------------------------------------------------- */

/* Every array has one for each position, or none where that is allowed. */
static sgp_err check_lengths(const Sigap__V1__PositionBatch *b, sgp_fault *fault) {
    size_t n = b->n_lon;
    const size_t lengths[] = {b->n_late_ms,    b->n_lon,   b->n_lat,
                              b->n_accuracy_m, b->n_speed, b->n_heading};
    if (n == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the batch has no positions");
    if (n > SGP_TRACK_FIXES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%zu positions in one batch; at most %d fit", n,
                        SGP_TRACK_FIXES_MAX);
    for (int i = 0; i < 6; i++) {
        size_t wanted = i == 0 ? n - 1 : n;
        bool may_lack = i == 0 || i > 2;
        if (lengths[i] != wanted && (lengths[i] != 0 || !may_lack))
            return sgp_fail(fault, SGP_E_ARGUMENT, "%s has %zu entries for %zu positions", parts[i],
                            lengths[i], n);
    }
    return SGP_OK;
}

static sgp_err read_one(const Sigap__V1__PositionBatch *b, size_t i, int64_t lon, int64_t lat,
                        sgp_fix *fix, sgp_fault *fault) {
    if (lon < -18000000 || lon > 18000000 || lat < -9000000 || lat > 9000000)
        return sgp_fail(fault, SGP_E_RANGE, "position %zu of the batch is not on the earth", i + 1);
    fix->point = (sgp_point){.lon_e7 = (int32_t)lon * STEP_E7, .lat_e7 = (int32_t)lat * STEP_E7};
    uint32_t accuracy = b->n_accuracy_m ? b->accuracy_m[i] : 0;
    uint32_t speed = b->n_speed ? b->speed[i] : 0, heading = b->n_heading ? b->heading[i] : 0;
    if (accuracy > ACCURACY_MAX_M || speed > SPEED_MAX_KMH + 1 || heading > 360 / HEADING_STEP)
        return sgp_fail(fault, SGP_E_RANGE,
                        "accuracy, speed or heading of position %zu of the batch is too large",
                        i + 1);
    fix->accuracy_m = (int32_t)accuracy;
    fix->speed_kmh = (int16_t)((int32_t)speed - 1);
    fix->heading_deg = (int16_t)(heading ? ((int32_t)heading - 1) * HEADING_STEP : -1);
    return SGP_OK;
}

sgp_err sgp_batch_read(const Sigap__V1__PositionBatch *b, sgp_fix fixes[SGP_TRACK_FIXES_MAX],
                       uint32_t *n, sgp_fault *fault) {
    sgp_err err = check_lengths(b, fault);
    if (err)
        return err;
    if (b->stream == 0 || b->first == 0 || b->first > UINT64_MAX / 2)
        return sgp_fail(fault, SGP_E_ARGUMENT, "stream and first count from 1");
    if (b->first_at_ms < 0 || b->first_at_ms > INT64_MAX / 4)
        return sgp_fail(fault, SGP_E_RANGE, "first_at_ms is no time");
    int64_t lon = 0, lat = 0, at_ms = b->first_at_ms;
    for (size_t i = 0; i < b->n_lon; i++) {
        lon += b->lon[i];
        lat += b->lat[i];
        int64_t gap_ms = i == 0 ? 0 : (int64_t)b->step_ms + (b->n_late_ms ? b->late_ms[i - 1] : 0);
        if (gap_ms > SGP_BATCH_GAP_MAX_MS || gap_ms < -SGP_BATCH_GAP_MAX_MS ||
            (at_ms += gap_ms) < 0)
            return sgp_fail(fault, SGP_E_RANGE,
                            "position %zu of the batch is too far from the one before it", i + 1);
        fixes[i].at_ms = at_ms;
        err = read_one(b, i, lon, lat, &fixes[i], fault);
        if (err)
            return err;
    }
    *n = (uint32_t)b->n_lon;
    return SGP_OK;
}

/* ---- writing --------------------------------------------------------------------------- */

static int32_t round_to_step(int32_t e7) {
    return (e7 + (e7 < 0 ? -STEP_E7 / 2 : STEP_E7 / 2)) / STEP_E7;
}

static bool put_points(Sigap__V1__PositionBatch *b, const sgp_fix *fixes, uint32_t n) {
    if (!sgp_put_array((void **)&b->lon, n, sizeof *b->lon) ||
        !sgp_put_array((void **)&b->lat, n, sizeof *b->lat))
        return false;
    b->n_lon = b->n_lat = n;
    for (uint32_t i = 0; i < n; i++) {
        b->lon[i] = round_to_step(fixes[i].point.lon_e7);
        b->lat[i] = round_to_step(fixes[i].point.lat_e7);
    }
    for (uint32_t i = n; i-- > 1;) {
        b->lon[i] -= b->lon[i - 1];
        b->lat[i] -= b->lat[i - 1];
    }
    return true;
}

static bool put_times(Sigap__V1__PositionBatch *b, const sgp_fix *fixes, uint32_t n) {
    int64_t step_ms = n > 1 ? fixes[1].at_ms - fixes[0].at_ms : 0;
    bool even = true;
    b->first_at_ms = fixes[0].at_ms;
    b->step_ms = step_ms > 0 ? (uint32_t)step_ms : 0;
    for (uint32_t i = 1; i < n; i++)
        even = even && fixes[i].at_ms - fixes[i - 1].at_ms == (int64_t)b->step_ms;
    if (even)
        return true;
    if (!sgp_put_array((void **)&b->late_ms, n - 1, sizeof *b->late_ms))
        return false;
    b->n_late_ms = n - 1;
    for (uint32_t i = 1; i < n; i++) {
        int64_t gap_ms = fixes[i].at_ms - fixes[i - 1].at_ms;
        assert(gap_ms <= SGP_BATCH_GAP_MAX_MS && gap_ms >= -SGP_BATCH_GAP_MAX_MS);
        b->late_ms[i - 1] = (int32_t)(gap_ms - (int64_t)b->step_ms);
    }
    return true;
}

typedef uint32_t (*value_of)(const sgp_fix *fix);

static uint32_t accuracy_of(const sgp_fix *fix) {
    return fix->accuracy_m > ACCURACY_MAX_M ? ACCURACY_MAX_M : (uint32_t)fix->accuracy_m;
}

static uint32_t speed_of(const sgp_fix *fix) {
    return fix->speed_kmh > SPEED_MAX_KMH ? SPEED_MAX_KMH + 1u : (uint32_t)(fix->speed_kmh + 1);
}

static uint32_t heading_of(const sgp_fix *fix) {
    return fix->heading_deg < 0 ? 0 : 1 + (uint32_t)fix->heading_deg % 360 / HEADING_STEP;
}

/* Nothing at all where none is known. */
static bool put_values(uint32_t **field, size_t *length, const sgp_fix *fixes, uint32_t n,
                       value_of value) {
    bool any = false;
    for (uint32_t i = 0; i < n; i++)
        any = any || value(&fixes[i]) != 0;
    if (!any)
        return true;
    if (!sgp_put_array((void **)field, n, sizeof **field))
        return false;
    *length = n;
    for (uint32_t i = 0; i < n; i++)
        (*field)[i] = value(&fixes[i]);
    return true;
}

bool sgp_batch_put(Sigap__V1__PositionBatch *b, const sgp_fix *fixes, uint32_t n) {
    assert(n > 0 && n <= SGP_TRACK_FIXES_MAX);
    return put_points(b, fixes, n) && put_times(b, fixes, n) &&
           put_values(&b->accuracy_m, &b->n_accuracy_m, fixes, n, accuracy_of) &&
           put_values(&b->speed, &b->n_speed, fixes, n, speed_of) &&
           put_values(&b->heading, &b->n_heading, fixes, n, heading_of);
}
