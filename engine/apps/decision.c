#include "apps/decision.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "apps/print.h"
#include "sigap/core.h"
#include "sigap/plan.h"

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
        char text[1024], unit[SGP_CODE_BYTES] = "", incident[24], assignment[24], transfer[24],
                         shift[24];
        snprintf(transfer, sizeof transfer, "%" PRIu64, reply->done->transfer_id);
        snprintf(shift, sizeof shift, "%" PRIu64, reply->done->closure_id);
        snprintf(incident, sizeof incident, "%" PRIu64, reply->done->incident_id);
        snprintf(assignment, sizeof assignment, "%" PRIu64, reply->done->assignment_id);
        if (said->unit != NULL)
            snprintf(unit, sizeof unit, "%s", said->unit);
        else if (reply->done->assignment_id != 0)
            unit_of(o, reply->done, unit, sizeof unit);
        puts(sgp_text_fill(text, sizeof text, o->language, said->key, "unit", unit, "incident",
                           incident, "assignment", assignment, "call", word(said->call), "outcome",
                           word(said->outcome), "place", word(said->place), "changes",
                           word(said->changes), "transfer", transfer, "shift", shift, NULL));
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

bool sgp_decision_kinds(sgp_options *o, const char *text, Sigap__V1__UnitKind *kinds, size_t *n) {
    char left[256];
    snprintf(left, sizeof left, "%s", text);
    for (char *word = strtok(left, ","); word != NULL; word = strtok(NULL, ",")) {
        int kind = 1;
        while (kind < SGP_UNIT_KINDS && strcasecmp(word, sgp_unit_kind_str(kind)) != 0)
            kind++;
        if (kind == SGP_UNIT_KINDS || *n == SGP_UNIT_KINDS) {
            o->exit_code = sgp_usage(o, "there is no kind of unit '%s'", word);
            return false;
        }
        kinds[(*n)++] = (Sigap__V1__UnitKind)kind;
    }
    if (*n == 0)
        o->exit_code = sgp_usage(o, "which kinds of unit?");
    return *n > 0;
}

bool sgp_decision_skills(sgp_options *o, const char *text, uint32_t *skills) {
    char left[256];
    snprintf(left, sizeof left, "%s", text);
    for (char *word = strtok(left, ","); word != NULL; word = strtok(NULL, ",")) {
        int skill = 0;
        while (skill < SGP_SKILLS && strcasecmp(word, sgp_skill_str((sgp_skill)skill)) != 0)
            skill++;
        if (skill == SGP_SKILLS) {
            o->exit_code = sgp_usage(o, "there is no skill '%s'", word);
            return false;
        }
        *skills |= 1u << skill;
    }
    return true;
}

bool sgp_decision_number(sgp_options *o, const char *text, const char *what, uint64_t *value) {
    if (sgp_number_parse(text, UINT64_MAX, value) && *value > 0)
        return true;
    o->ended = true;
    o->exit_code = sgp_usage(o, "'%s' is not the number of %s", text, what);
    return false;
}
