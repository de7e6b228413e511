#include "apps/decision.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/print.h"
#include "sigap/core.h"

/* The unit of an assignment; the mere word where the engine does not tell. */
static void unit_of(const sgp_options *o, const Sigap__V1__Done *done, char *out, size_t capacity) {
    snprintf(out, capacity, "%s", sgp_unit_kind_text(o->language, 0));
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    Sigap__V1__GetIncident ask = SIGAP__V1__GET_INCIDENT__INIT;
    ask.incident_id = done->incident_id;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &ask;
    if (sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL, &reply) != 0)
        return;
    for (size_t i = 0; i < reply->incident_detail->n_assignments; i++)
        if (reply->incident_detail->assignments[i]->id == done->assignment_id)
            snprintf(out, capacity, "%s", reply->incident_detail->assignments[i]->unit_code);
    sigap__v1__frame__free_unpacked(reply, NULL);
}

static const char *word(const char *text) {
    return text == NULL ? "" : text;
}

int sgp_decision_do(const sgp_options *o, Sigap__V1__Frame *request, const sgp_sentence *said) {
    Sigap__V1__Frame *reply;
    int exit_code = sgp_options_ask(o, request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (exit_code != 0)
        return exit_code;
    if (o->json) {
        exit_code = sgp_print_message_json(&reply->done->base);
    } else {
        char text[1024], unit[SGP_CODE_BYTES] = "", incident[24], assignment[24];
        snprintf(incident, sizeof incident, "%" PRIu64, reply->done->incident_id);
        snprintf(assignment, sizeof assignment, "%" PRIu64, reply->done->assignment_id);
        if (said->unit != NULL)
            snprintf(unit, sizeof unit, "%s", said->unit);
        else if (reply->done->assignment_id != 0)
            unit_of(o, reply->done, unit, sizeof unit);
        puts(sgp_text_fill(text, sizeof text, o->language, said->key, "unit", unit, "incident",
                           incident, "assignment", assignment, "call", word(said->call), "outcome",
                           word(said->outcome), "place", word(said->place), "changes",
                           word(said->changes), NULL));
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

bool sgp_decision_count(sgp_options *o, int n, int least, int most) {
    if (!o->ended && (n < least || n > most)) {
        o->ended = true;
        o->exit_code = sgp_usage(o, n < least ? "an operand is missing" : "too many operands");
    }
    return !o->ended;
}

bool sgp_decision_operands(sgp_options *o, int argc, char **argv, int least, int most) {
    while (sgp_options_next(o, argc, argv, NULL) != -1) {
    }
    return sgp_decision_count(o, argc - optind, least, most);
}

bool sgp_decision_number(sgp_options *o, const char *text, const char *what, uint64_t *value) {
    if (sgp_number_parse(text, UINT64_MAX, value) && *value > 0)
        return true;
    o->ended = true;
    o->exit_code = sgp_usage(o, "'%s' is not the number of %s", text, what);
    return false;
}
