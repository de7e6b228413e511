/* Appending to a list of effects. Private to engine/core. */
#ifndef SGP_CORE_EFFECTS_H
#define SGP_CORE_EFFECTS_H

#include "sigap/core.h"

/* A new effect at the end, zeroed but for its kind; borrowed until the next one.
 * NULL: out of memory. */
sgp_effect *sgp_effects_add(sgp_effects *effects, sgp_effect_kind kind);

#endif
