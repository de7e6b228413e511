/* Remembered answers, so that a repeated request gets the same answer again and
 * changes nothing. The last SGP_REQUESTS_KEPT are kept, the oldest is forgotten
 * first. Look-up is by hash, order is by age: nothing depends on hash order.
 * Private to engine/core. Not thread-safe.
 */
#ifndef SGP_CORE_REPLIES_H
#define SGP_CORE_REPLIES_H

#include "sigap/core.h"

typedef struct sgp_remembered {
    uint8_t request_id[16];
    uint32_t err;
    uint32_t next; /* in the hash chain: slot + 1, 0 = end */
    char *message; /* NULL = none */
    sgp_id call, incident, assignment, recommendation, closure, transfer;
    char actor[SGP_CODE_BYTES]; /* who asked */
} sgp_remembered;

typedef struct sgp_replies {
    sgp_remembered *slots; /* a ring once SGP_REQUESTS_KEPT are filled */
    uint32_t n, capacity;
    uint32_t oldest;   /* slot, when the ring is full; 0 before */
    uint32_t *buckets; /* slot + 1 of the chain's head, 0 = empty */
    uint32_t n_buckets;
} sgp_replies; /* zero-initialise */

/* False when not remembered. */
bool sgp_replies_find(const sgp_replies *replies, const uint8_t request_id[16], sgp_reply *reply);
/* `request_id` must not be remembered yet. */
sgp_err sgp_replies_add(sgp_replies *replies, const uint8_t request_id[16],
                        const sgp_reply *reply) SGP_MUST_USE;
/* The nth oldest, 0 .. n-1. */
const sgp_remembered *sgp_replies_nth(const sgp_replies *replies, uint32_t nth);
void sgp_replies_free(sgp_replies *replies);

#endif
