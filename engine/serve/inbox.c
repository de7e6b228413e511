#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

sgp_input *sgp_input_create(sgp_event_kind kind) {
    sgp_input *input = calloc(1, sizeof *input);
    if (input != NULL) {
        input->event.kind = kind;
        input->heading_deg = -1;
    }
    return input;
}

/* What a caller said does not linger in freed memory. */
static void forget_text(char *text) {
    if (text != NULL)
        sodium_memzero(text, strlen(text));
    free(text);
}

void sgp_input_destroy(sgp_input *input) {
    if (input == NULL)
        return;
    forget_text(input->personal.caller_number);
    forget_text(input->personal.caller_name);
    forget_text(input->personal.place_text);
    forget_text(input->personal.narrative);
    sodium_memzero(input->locate_token, sizeof input->locate_token);
    sodium_memzero(input->secret, sizeof input->secret);
    sgp_city_close(input->city);
    free(input->coverage);
    sgp_input_forget_plans(input);
    sgp_input_forget_roster(input);
    sgp_input_forget_fixes(input);
    free(input);
}

void sgp_inbox_put(sgp_engine *engine, sgp_input *input) {
    input->next = NULL;
    *engine->inputs_end = input;
    engine->inputs_end = &input->next;
    engine->n_inputs++;
    sgp_engine_wake(engine);
}

sgp_input *sgp_inbox_take(sgp_engine *engine) {
    sgp_input *input = engine->inputs;
    if (input == NULL)
        return NULL;
    engine->inputs = input->next;
    if (engine->inputs == NULL)
        engine->inputs_end = &engine->inputs;
    engine->n_inputs--;
    input->next = NULL;
    return input;
}
