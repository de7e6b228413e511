/* What an ask wants of names: for each required word the readings that are looked for.
 * Private to name_index.c and its tests. */
#ifndef SGP_GIS_NAME_CHOICES_H
#define SGP_GIS_NAME_CHOICES_H

#include "gis/gazetteer.h"

enum {
    SGP_CHOICES_MAX = 13, /* readings of one word that are looked for */
    SGP_CHOICE_GROUPS_MAX = SGP_PHRASE_WORDS_MAX + 1
};

/* Words that stand together for what was said: a name must have them all. */
typedef struct sgp_choice {
    uint8_t n;
    uint32_t words[SGP_READING_WORDS];
    uint32_t names; /* that have them all, at most */
    float likeness;
} sgp_choice;

/* What stands for one required word: any of its choices. */
typedef struct sgp_choice_group {
    size_t n;
    sgp_choice choices[SGP_CHOICES_MAX];
    uint64_t names; /* of all choices, at most */
} sgp_choice_group;

typedef struct sgp_choices {
    size_t n;
    sgp_choice_group groups[SGP_CHOICE_GROUPS_MAX];
} sgp_choices;

/* Words that nobody knows are left out; a word that was said twice is looked for once. */
void sgp_choices_make(sgp_choices *choices, const sgp_vocabulary *vocabulary,
                      const sgp_gazetteer_ask *ask);

#endif
