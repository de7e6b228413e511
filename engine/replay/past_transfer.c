/* Transfers between hospitals in a list of calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "replay/call_list.h"

sgp_err sgp_call_list_add_transfer(sgp_call_list *list, const sgp_past_call *call,
                                   const sgp_past_transfer *transfer) {
    if (list->n_transfers == list->transfers_capacity) {
        size_t capacity = list->transfers_capacity ? list->transfers_capacity * 2 : 64;
        sgp_past_transfer *more = realloc(list->transfers, capacity * sizeof *more);
        if (!more)
            return SGP_E_MEMORY;
        list->transfers = more;
        list->transfers_capacity = capacity;
    }
    sgp_past_call with = *call;
    with.transfer = (uint32_t)list->n_transfers + 1;
    sgp_err err = sgp_call_list_add(list, &with);
    if (!err)
        list->transfers[list->n_transfers++] = *transfer;
    return err;
}

const sgp_past_transfer *sgp_past_transfer_of(const sgp_call_list *list,
                                              const sgp_past_call *call) {
    return call->transfer ? &list->transfers[call->transfer - 1] : NULL;
}

static const sgp_hospital *hospital_called(const sgp_hospital *hospitals, size_t n,
                                           const char *code) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(hospitals[i].code, code) == 0)
            return &hospitals[i];
    return NULL;
}

sgp_err sgp_call_list_find_hospitals(sgp_call_list *list, const sgp_hospital *hospitals, size_t n,
                                     sgp_fault *fault) {
    for (size_t i = 0; i < list->n; i++) {
        const sgp_past_transfer *transfer = sgp_past_transfer_of(list, &list->calls[i]);
        if (!transfer)
            continue;
        const sgp_hospital *from = hospital_called(hospitals, n, transfer->from);
        const char *missing = !from                                          ? transfer->from
                              : !hospital_called(hospitals, n, transfer->to) ? transfer->to
                                                                             : NULL;
        if (missing)
            return sgp_fail(fault, SGP_E_NOT_FOUND,
                            "transfer %llu: no hospital of the configuration is called %s",
                            (unsigned long long)list->calls[i].key, missing);
        list->calls[i].point = from->point;
    }
    return SGP_OK;
}

void sgp_call_list_drop_transfers(sgp_call_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (!list->calls[i].transfer)
            list->calls[kept++] = list->calls[i];
    list->n = kept;
    list->n_transfers = 0;
}

/* ---- which unit may take the patient ---------------------------------------- */

bool sgp_seat_parse(const char *text, sgp_backup *seat) {
    char words[SGP_SEAT_BYTES], *rest = words;
    *seat = (sgp_backup){0};
    if (snprintf(words, sizeof words, "%s", text) >= (int)sizeof words)
        return false;
    for (const char *word; (word = strsep(&rest, " ")) != NULL;) {
        sgp_backup before = *seat;
        for (int kind = 1; kind < SGP_UNIT_KINDS; kind++)
            if (strcasecmp(word, sgp_unit_kind_str((sgp_unit_kind)kind)) == 0)
                seat->kinds |= 1u << kind;
        for (int skill = 0; skill < SGP_SKILLS; skill++)
            if (strcasecmp(word, sgp_skill_str((sgp_skill)skill)) == 0)
                seat->skills |= 1u << skill;
        if (*word && before.kinds == seat->kinds && before.skills == seat->skills)
            return false;
    }
    return true;
}

char *sgp_seat_text(const sgp_backup *seat, char text[SGP_SEAT_BYTES]) {
    size_t used = 0;
    text[0] = '\0';
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++)
        if (seat->kinds >> kind & 1)
            used += (size_t)snprintf(text + used, SGP_SEAT_BYTES - used, "%s%s", used ? " " : "",
                                     sgp_unit_kind_str((sgp_unit_kind)kind));
    for (int skill = 0; skill < SGP_SKILLS; skill++)
        if (seat->skills >> skill & 1)
            used += (size_t)snprintf(text + used, SGP_SEAT_BYTES - used, "%s%s", used ? " " : "",
                                     sgp_skill_str((sgp_skill)skill));
    return text;
}
