#include "replay/anonymous_details.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000, NO_GROUP = UINT32_MAX, COMPLAINTS_MAX = 1000 };

/* How each step rounds, in minutes; 0 = that is not told. What a replay can use goes last. */
typedef struct step {
    int32_t scene, response, transport;
    bool carried, outcome;
} step;
static const step steps[SGP_DETAIL_STEPS] = {{5, 5, 5, true, true},   {10, 10, 10, true, true},
                                             {15, 15, 0, true, true}, {15, 0, 0, true, true},
                                             {30, 0, 0, true, true},  {0, 0, 0, true, true},
                                             {0, 0, 0, false, true},  {0, 0, 0, false, false}};

static int64_t rounded_ms(int64_t ms, int32_t minutes) {
    if (ms < 0 || minutes == 0)
        return -1;
    int64_t round_ms = minutes * (int64_t)MINUTE_MS;
    ms = (ms + round_ms / 2) / round_ms * round_ms;
    return ms > SGP_DETAIL_CUT_MS ? SGP_DETAIL_CUT_MS : ms;
}

static sgp_call_details round_details(const sgp_call_details *exact, const step *s) {
    return (sgp_call_details){.outcome = s->outcome ? exact->outcome : -1,
                              .transport = s->carried ? exact->transport : -1,
                              .scene_ms = rounded_ms(exact->scene_ms, s->scene),
                              .response_ms = rounded_ms(exact->response_ms, s->response),
                              .transport_ms = rounded_ms(exact->transport_ms, s->transport),
                              .round_ms = s->scene * MINUTE_MS};
}

int64_t sgp_details_compare(const sgp_call_details *a, const sgp_call_details *b) {
    int64_t order = (int64_t)a->round_ms - b->round_ms;
    if (order == 0)
        order = (int64_t)a->outcome - b->outcome;
    if (order == 0)
        order = (int64_t)a->transport - b->transport;
    if (order == 0)
        order = a->scene_ms - b->scene_ms;
    if (order == 0)
        order = a->response_ms - b->response_ms;
    return order != 0 ? order : a->transport_ms - b->transport_ms;
}

static int by_place(const sgp_told_call *a, const sgp_told_call *b) {
    return (a->place > b->place) - (a->place < b->place);
}

/* Those that are left first, by what would be told of them; the others by their group. */
static int by_told(const void *left, const void *right) {
    const sgp_told_call *a = left, *b = right;
    if (a->group != b->group)
        return a->group > b->group ? -1 : 1;
    int64_t order = a->group == NO_GROUP ? sgp_details_compare(&a->told, &b->told) : 0;
    return order != 0 ? (order > 0) - (order < 0) : by_place(a, b);
}

bool sgp_told_complaints(const sgp_told_call *calls, uint32_t n, uint32_t wanted) {
    const char *seen[COMPLAINTS_MAX];
    uint32_t n_seen = 0;
    assert(wanted <= COMPLAINTS_MAX);
    for (uint32_t i = 0; i < n && n_seen < wanted; i++) {
        const char *complaint = calls[i].complaint;
        uint32_t s = complaint[0] == '\0' ? n_seen + 1 : 0; /* none is no complaint */
        while (s < n_seen && strcmp(seen[s], complaint) != 0)
            s++;
        if (s == n_seen)
            seen[n_seen++] = complaint;
    }
    return n_seen >= wanted;
}

/* Calls in order of their places. */
static bool is_enough(const sgp_told_call *calls, uint32_t n, uint32_t k, uint32_t diverse) {
    uint32_t places = n > 0;
    for (uint32_t i = 1; i < n; i++)
        places += calls[i - 1].place != calls[i].place;
    return n >= k && places >= k && (diverse == 0 || sgp_told_complaints(calls, n, diverse));
}

/* Groups among the first `left` calls, numbered from `*groups` on; what is left then comes first.
 */
static uint32_t group_step(sgp_told_call *calls, uint32_t left, const step *s, uint32_t k,
                           uint32_t diverse, uint32_t *groups) {
    for (uint32_t i = 0; i < left; i++)
        calls[i].told = round_details(&calls[i].exact, s);
    qsort(calls, left, sizeof *calls, by_told);
    uint32_t grouped = 0;
    for (uint32_t i = 0, end; i < left; i = end) {
        end = i + 1;
        while (end < left && sgp_details_compare(&calls[i].told, &calls[end].told) == 0)
            end++;
        if (!is_enough(calls + i, end - i, k, diverse))
            continue;
        for (uint32_t j = i; j < end; j++)
            calls[j].group = *groups;
        ++*groups;
        grouped += end - i;
    }
    qsort(calls, left, sizeof *calls, by_told);
    return left - grouped;
}

static int places_first(const void *left, const void *right) {
    return by_place(left, right);
}

/* Whoever is left is told nothing more; the groups made last join while these are too few. The
 * calls stand with those left first and then by falling number of their group. */
static void end_with_nothing(sgp_told_call *calls, uint32_t n, uint32_t left, uint32_t k,
                             uint32_t diverse) {
    if (left == 0)
        return;
    for (;;) {
        qsort(calls, left, sizeof *calls, places_first);
        if (left == n || is_enough(calls, left, k, diverse))
            break;
        uint32_t joining = calls[left].group;
        while (left < n && calls[left].group == joining)
            left++;
    }
    for (uint32_t i = 0; i < left; i++)
        calls[i].told = round_details(&calls[i].exact, &steps[SGP_DETAIL_STEPS - 1]);
}

void sgp_tell_details(sgp_told_call *calls, uint32_t n, uint32_t k, uint32_t diverse) {
    uint32_t left = n, groups = 0;
    for (uint32_t i = 0; i < n; i++)
        calls[i].group = NO_GROUP;
    for (int s = 0; s < SGP_DETAIL_STEPS - 1 && left > 0; s++)
        left = group_step(calls, left, &steps[s], k, diverse, &groups);
    qsort(calls, n, sizeof *calls, by_told);
    end_with_nothing(calls, n, left, k, diverse);
}
