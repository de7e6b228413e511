/* The crew's end of a bad line (DEVICE.md): what the crew says and where the unit is, in a queue on
 * disk until the engine has it, and what was heard of orders.
 *
 * It sends nothing itself: whoever has a line asks for the next frame, sends it, and tells the
 * answer. One frame is under way at a time; acknowledgements of orders go first, then words in
 * the order in which they were said, then positions. Everything is on disk (SQLite, FULL) before a
 * function returns. Not thread-safe.
 */
#ifndef SGP_SERVE_DEVICE_H
#define SGP_SERVE_DEVICE_H

#include "serve/order_memory.h"
#include "sigap/error.h"
#include "sigap/fix.h"

typedef struct sgp_device sgp_device;

/* Opens or makes the queue. NULL: in memory alone, for crews that are only played. SGP_E_IO. */
sgp_err sgp_device_open(const char *path, sgp_device **device, sgp_fault *fault) SGP_MUST_USE;
void sgp_device_close(sgp_device *device); /* NULL is harmless */

/* A frame that is no answer came: what it means for orders, and its acknowledgement goes into the
 * queue. *heard is SGP_HEARD_NOTHING for all others. */
sgp_err sgp_device_hear(sgp_device *device, const Sigap__V1__Frame *frame, int64_t now_ms,
                        sgp_order_heard *heard, sgp_fault *fault) SGP_MUST_USE;

/* The crew says something: a request that changes state, at `now_ms` of the device's clock. It gets
 * an id; AnswerOrder and AdvanceAssignment get the time too. `said` stays the caller's. */
sgp_err sgp_device_say(sgp_device *device, Sigap__V1__Frame *said, int64_t now_ms,
                       sgp_fault *fault) SGP_MUST_USE;
/* The unit was there, in the order of time, by the device's clock: numbered and kept. */
sgp_err sgp_device_was_at(sgp_device *device, const sgp_fix *fixes, uint32_t n,
                          sgp_fault *fault) SGP_MUST_USE;

/* The next frame to send, on the heap; NULL: one is under way, or nothing waits. */
sgp_err sgp_device_next(sgp_device *device, int64_t now_ms, Sigap__V1__Frame **frame,
                        sgp_fault *fault) SGP_MUST_USE;
/* The frame under way was answered: SGP_OK and the answer, or the code of its Error. An error that
 * another try may mend keeps it; any other is the engine's last word. *kept tells which. */
sgp_err sgp_device_answered(sgp_device *device, sgp_err answer, const Sigap__V1__Frame *reply,
                            bool *kept, sgp_fault *fault) SGP_MUST_USE;
/* The line broke, or is a new one: what was under way goes out again. */
void sgp_device_line_broke(sgp_device *device);

/* How much waits. */
typedef struct sgp_device_waiting {
    uint64_t words, fixes;
} sgp_device_waiting;
sgp_device_waiting sgp_device_waits(sgp_device *device);
/* What was heard of orders, borrowed. */
const sgp_order_memory *sgp_device_orders(const sgp_device *device);

#endif
