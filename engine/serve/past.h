/* The last hours, moment by moment, for the wall's scrubber and for what the public is shown late.
 *
 *   stretch ── whole moment, what is other soon after, what is other then, ...
 *   stretch ── whole moment, ...
 *
 * A moment holds where each unit is, what it does and how old its position is, and all open
 * incidents; see Moment in proto/sigap/v1/wall.proto, which is how it is kept and told. A stretch
 * begins with a whole moment and ends when it has become long, so that one answer holds it. Beyond
 * the hours to keep, or beyond the bytes, the oldest stretch is forgotten.
 *
 * Exact to the moment: positions to 1e-6 degree (0.1 m), states as they were. A position's age is
 * told anew when the position, the status or the age itself is other by more than a minute, so that
 * units that stand still cost nothing. A unit at its base is told there, with age 0.
 *
 * In memory alone: a restart begins anew, and who asks hears from when on it is kept. Measured: see
 * README.md. Not thread-safe. */
#ifndef SGP_SERVE_PAST_H
#define SGP_SERVE_PAST_H

#include "sigap/core.h"
#include "sigap/v1/wall.pb-c.h"

enum {
    SGP_PAST_STRETCH_MS = 600000,
    SGP_PAST_STRETCH_BYTES = 48 * 1024, /* or twice its whole moment, where that is more */
    SGP_PAST_STRETCHES = 8192,
    SGP_PAST_AGE_STEP_S = 60,
    SGP_PAST_INCIDENTS_MAX = 2048 /* of one moment; the oldest open ones */
};
#define SGP_PAST_NO_POSITION UINT32_MAX /* as an age */

typedef struct sgp_past sgp_past;

/* Moments `every_ms` apart at least, for `keep_ms`, within so many bytes. SGP_E_MEMORY. */
sgp_err sgp_past_create(int64_t every_ms, int64_t keep_ms, size_t bytes,
                        sgp_past **past) SGP_MUST_USE;
void sgp_past_destroy(sgp_past *past);

/* Keeps the world as it is now, where the last moment is old enough. Cost: a walk over units and
 * incidents. SGP_E_MEMORY: this moment is not kept. */
sgp_err sgp_past_note(sgp_past *past, const sgp_world *world, int64_t now_ms) SGP_MUST_USE;

size_t sgp_past_bytes(const sgp_past *past);
/* 0: nothing is kept. */
int64_t sgp_past_from_ms(const sgp_past *past);
int64_t sgp_past_until_ms(const sgp_past *past);

/* The stretch in which `at_ms` lies, 0 = none, only what is kept; free with sigap__v1__past__free_unpacked. NULL: no memory. */
Sigap__V1__Past *sgp_past_stretch(const sgp_past *past, int64_t at_ms);

/* A whole moment, put together. */
typedef struct sgp_past_unit {
    bool known; /* was there at all */
    int32_t lon_e6, lat_e6;
    uint32_t status;
    int64_t positioned_at_ms; /* 0 = no position is known */
} sgp_past_unit;
typedef struct sgp_past_moment {
    int64_t at_ms;
    sgp_past_unit *units; /* [n_units] by index */
    uint32_t n_units;
    Sigap__V1__PastIncident **incidents; /* [n_incidents] by id */
    size_t n_incidents;
    Sigap__V1__Past *stretch; /* owns the incidents */
} sgp_past_moment;
/* The newest moment at or before `at_ms`. SGP_E_NOT_FOUND: none is kept; SGP_E_MEMORY. */
sgp_err sgp_past_at(const sgp_past *past, int64_t at_ms, sgp_past_moment *moment) SGP_MUST_USE;
void sgp_past_moment_clear(sgp_past_moment *moment);

#endif
