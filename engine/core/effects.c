#include <stdlib.h>

#include "core/effects.h"

void sgp_effects_clear(sgp_effects *effects) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == SGP_EFFECT_RECOMMENDED)
            free(effects->items[i].u.recommended.candidates);
        else if (effects->items[i].kind == SGP_EFFECT_HOSPITALS)
            free(effects->items[i].u.hospitals.options);
    effects->n = 0;
}

void sgp_effects_free(sgp_effects *effects) {
    sgp_effects_clear(effects);
    free(effects->items);
    *effects = (sgp_effects){0};
}

sgp_effect *sgp_effects_add(sgp_effects *effects, sgp_effect_kind kind) {
    if (effects->n == effects->capacity) {
        size_t capacity = effects->capacity ? effects->capacity * 2 : 16;
        sgp_effect *items = realloc(effects->items, capacity * sizeof *items);
        if (!items)
            return NULL;
        effects->items = items;
        effects->capacity = capacity;
    }
    sgp_effect *effect = &effects->items[effects->n++];
    *effect = (sgp_effect){.kind = kind};
    return effect;
}
