#include "gis/name_choices.h"

#include <string.h>

enum {
    COMPLETIONS = 12,  /* words that an unfinished one may become */
    READINGS_MAX = 12, /* of one word */
    NEAR_BEST_MAX = 4,
    MANY = 3000 /* names: what is unlikely must not bring so many */
};
/* A reading this much less likely than the best is looked for only where it brings few names. */
#define LIKENESS_APART 0.1f
#define COMPLETED_LIKENESS 0.9f

static sgp_choice make_choice(const sgp_vocabulary *vocabulary, const uint32_t *words, size_t n,
                              float likeness) {
    sgp_choice made = {.n = (uint8_t)n, .names = UINT32_MAX, .likeness = likeness};
    for (size_t i = 0; i < n; i++) {
        uint32_t names = (uint32_t)sgp_vocabulary_word_at(vocabulary, words[i]).count;
        made.words[i] = words[i];
        made.names = names < made.names ? names : made.names;
    }
    return made;
}

/* Keeps the likeliest, in order; of equals the rarer. */
static void add_choice(sgp_choice_group *group, sgp_choice added) {
    size_t at = group->n < READINGS_MAX ? group->n++ : READINGS_MAX;
    for (; at > 0 && (group->choices[at - 1].likeness < added.likeness ||
                      (group->choices[at - 1].likeness == added.likeness &&
                       group->choices[at - 1].names > added.names));
         at--)
        if (at < READINGS_MAX)
            group->choices[at] = group->choices[at - 1];
    if (at < READINGS_MAX)
        group->choices[at] = added;
}

/* Leaves out what is unlikely and would bring many names; the best one stays. */
static void limit_choices(sgp_choice_group *group) {
    size_t kept = 0;
    float best = group->n > 0 ? group->choices[0].likeness : 0;
    group->names = 0;
    for (size_t i = 0; i < group->n; i++) {
        const sgp_choice *choice = &group->choices[i];
        bool near_best =
            best < 0.99f && choice->likeness >= best - LIKENESS_APART && kept < NEAR_BEST_MAX;
        if (i > 0 && !near_best && group->names + choice->names > MANY)
            continue;
        group->names += choice->names;
        group->choices[kept++] = *choice;
    }
    group->n = kept;
}

static bool same_choice(const sgp_choice *a, const sgp_choice *b) {
    return a->n == b->n && memcmp(a->words, b->words, a->n * sizeof *a->words) == 0;
}

/* "alun alun": a word said twice is looked for once, and gives way as one. */
static bool is_there_already(const sgp_choices *choices, const sgp_choice_group *group) {
    for (size_t i = 0; i < choices->n; i++) {
        const sgp_choice_group *other = &choices->groups[i];
        size_t same = 0;
        while (same < group->n && same < other->n &&
               same_choice(&group->choices[same], &other->choices[same]))
            same++;
        if (same == group->n && same == other->n)
            return true;
    }
    return false;
}

static void take_required(sgp_choices *choices, const sgp_vocabulary *vocabulary,
                          const sgp_gazetteer_ask *ask) {
    for (uint8_t word = 0; word < 32 && choices->n < SGP_CHOICE_GROUPS_MAX - 1; word++) {
        if (!(ask->required >> word & 1))
            continue;
        sgp_choice_group *group = &choices->groups[choices->n];
        group->n = 0;
        for (size_t i = 0; i < ask->n_readings; i++) {
            const sgp_reading *reading = &ask->readings[i];
            if (reading->first <= word && word < reading->first + reading->n_said)
                add_choice(group, make_choice(vocabulary, reading->words, reading->n_words,
                                              reading->likeness));
        }
        limit_choices(group);
        choices->n += group->n > 0 && !is_there_already(choices, group);
    }
}

static void take_unfinished(sgp_choices *choices, const sgp_vocabulary *vocabulary,
                            const char *unfinished) {
    sgp_choice_group *group = &choices->groups[choices->n];
    uint32_t ids[COMPLETIONS], id;
    size_t n = sgp_vocabulary_complete(vocabulary, unfinished, ids, COMPLETIONS);
    group->n = 0;
    group->names = 0;
    if (sgp_vocabulary_find(vocabulary, unfinished, &id))
        group->choices[group->n++] = make_choice(vocabulary, &id, 1, 1);
    for (size_t i = 0; i < n; i++)
        group->choices[group->n++] = make_choice(vocabulary, &ids[i], 1, COMPLETED_LIKENESS);
    for (size_t i = 0; i < group->n; i++)
        group->names += group->choices[i].names;
    choices->n += group->n > 0;
}

void sgp_choices_make(sgp_choices *choices, const sgp_vocabulary *vocabulary,
                      const sgp_gazetteer_ask *ask) {
    choices->n = 0;
    take_required(choices, vocabulary, ask);
    if (ask->question == SGP_ASK_COMPLETE && ask->unfinished)
        take_unfinished(choices, vocabulary, ask->unfinished);
}
