/* Batches of positions on the wire: differences of small whole numbers, five to six bytes for a
 * position in a drive of one every five seconds. Points have steps of 1e-5 degree, a metre;
 * headings steps of 3 degrees. Pure; thread-safe.
 */
#ifndef SGP_CORE_POSITION_BATCH_H
#define SGP_CORE_POSITION_BATCH_H

#include "sigap/fix.h"
#include "sigap/v1/device.pb-c.h"

enum { SGP_BATCH_GAP_MAX_MS = 1 << 30 }; /* from one to the next, either way */

/* The positions with the times of the device's clock. SGP_E_TOO_LARGE: more than
 * SGP_TRACK_FIXES_MAX; SGP_E_ARGUMENT, SGP_E_RANGE: the fault names what is wrong. */
sgp_err sgp_batch_read(const Sigap__V1__PositionBatch *batch, sgp_fix fixes[SGP_TRACK_FIXES_MAX],
                       uint32_t *n, sgp_fault *fault) SGP_MUST_USE;
/* Fills the positions of an initialised batch, on the heap (freed with the message); points are
 * rounded to the steps of the wire. 1 to SGP_TRACK_FIXES_MAX with gaps within the bound, each time
 * from 0 to INT64_MAX / 4 (an assertion). false: no memory. */
bool sgp_batch_put(Sigap__V1__PositionBatch *batch, const sgp_fix *fixes, uint32_t n);

#endif
