/* A sentence for a move that the engine advises unasked, or that is over. */
#ifndef SGP_APPS_ADVICE_TOLD_H
#define SGP_APPS_ADVICE_TOLD_H

#include <stddef.h>

#include "apps/texts.h"
#include "sigap/v1/frame.pb-c.h"

/* Into text[capacity]; NULL: there is nothing to say. */
const char *sgp_advice_told(sgp_language language, const Sigap__V1__MoveUpAdvice *advice,
                            char *text, size_t capacity);

#endif
