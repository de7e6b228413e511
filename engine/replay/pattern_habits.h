/* What a pattern's file calls each habit: one table for reading and writing. Private to
 * pattern_file.c and pattern_write.c. */
#ifndef SGP_REPLAY_PATTERN_HABITS_H
#define SGP_REPLAY_PATTERN_HABITS_H

#include "replay/whatif.h"

typedef struct sgp_habit_key {
    const char *key;
    size_t offset; /* in sgp_habits */
    double unit;   /* of the file in those of memory: 1000 = seconds */
} sgp_habit_key;

enum { SGP_HABIT_DURATIONS = 9, SGP_HABIT_SHARES = 3 };

static const sgp_habit_key sgp_habit_durations[SGP_HABIT_DURATIONS] = {
    {"locate_s", offsetof(sgp_habits, locate), 1000},
    {"click_s", offsetof(sgp_habits, click), 1000},
    {"answer_s", offsetof(sgp_habits, answer), 1000},
    {"turnout_s", offsetof(sgp_habits, turnout), 1000},
    {"scene_s", offsetof(sgp_habits, scene), 1000},
    {"offload_s", offsetof(sgp_habits, offload), 1000},
    {"tidy_s", offsetof(sgp_habits, tidy), 1000},
    {"look_s", offsetof(sgp_habits, look), 1000},
    {"travel_permille", offsetof(sgp_habits, travel_factor), 1}};

static const sgp_habit_key sgp_habit_shares[SGP_HABIT_SHARES] = {
    {"transport_permille", offsetof(sgp_habits, transport_permille), 1},
    {"decline_permille", offsetof(sgp_habits, decline_permille), 1},
    {"silent_permille", offsetof(sgp_habits, silent_permille), 1}};

#endif
