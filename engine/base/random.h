/* Seeded randomness that is the same on every machine, for simulations, the
 * sketch and tests: SplitMix64 (Steele, Lea, Flood 2014). Not for secrets: ids,
 * keys and tokens come from libsodium. The state is the caller's; any value is a
 * good seed. */
#ifndef SGP_BASE_RANDOM_H
#define SGP_BASE_RANDOM_H
#include <stdint.h>

/* The next 64 bits. */
uint64_t sgp_random_next(uint64_t *state);
/* A number below `bound` (at least 1); the bias of bound / 2^64 is left in. */
uint64_t sgp_random_below(uint64_t *state, uint64_t bound);
#endif
