#include "serve/road_lessons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

enum { PATH_BYTES = 4200 };

typedef struct subject {
    sgp_learned *learned; /* NULL = not taught */
    bool unsaved, unused;
} subject;

struct sgp_road_lessons {
    const sgp_graph *graph;
    const sgp_graph_parts *parts;
    const sgp_city_time *time;
    char *folder;
    sgp_matcher *matcher; /* made with the first track */
    subject subjects[SGP_PROFILES_MAX];
    int64_t saved_at_us;
    sgp_lesson_count count; /* but for `roads` */
};

static const char *name_of(const sgp_road_lessons *l, uint32_t profile) {
    return l->parts->profiles[profile].name;
}

/* ---- files --------------------------------------------------------------- */

static void path_of(const sgp_road_lessons *l, uint32_t profile, char path[PATH_BYTES]) {
    snprintf(path, PATH_BYTES, "%s/%s.sqlite", l->folder, name_of(l, profile));
}

/* On an error what was learned before stays. */
static sgp_err load(sgp_road_lessons *l, uint32_t profile, sgp_fault *fault) {
    char path[PATH_BYTES];
    uint64_t unknown = 0;
    sgp_learned *learned = NULL;
    path_of(l, profile, path);
    sgp_err err = sgp_learned_create(l->graph, profile, &learned);
    if (err != SGP_OK)
        return sgp_fail(fault, err, "no memory for what %s taught", path);
    err = sgp_learned_load(learned, path, &unknown, fault);
    if (err != SGP_OK) {
        sgp_learned_destroy(learned);
        return err;
    }
    if (unknown > 0)
        sgp_log(SGP_LOG_INFO, "learned_unknown", "profile=%s roads=%llu",
                SGP_Q(name_of(l, profile)), (unsigned long long)unknown);
    sgp_learned_destroy(l->subjects[profile].learned);
    l->subjects[profile] = (subject){.learned = learned, .unused = true};
    return SGP_OK;
}

void sgp_road_lessons_load(sgp_road_lessons *l) {
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        sgp_fault fault = {0};
        if (l->subjects[p].learned != NULL && load(l, p, &fault) != SGP_OK)
            sgp_log(SGP_LOG_ERROR, "learned_not_loaded", "profile=%s reason=%s",
                    SGP_Q(name_of(l, p)), SGP_Q(fault.text));
    }
}

void sgp_road_lessons_save(sgp_road_lessons *l, int64_t now_us, bool always) {
    if (!always && now_us - l->saved_at_us < SGP_LESSONS_SAVE_US)
        return;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        subject *s = &l->subjects[p];
        if (!s->unsaved)
            continue;
        char path[PATH_BYTES];
        sgp_fault fault = {0};
        path_of(l, p, path);
        l->saved_at_us = now_us;
        if (sgp_learned_save(s->learned, path, &fault) == SGP_OK)
            s->unsaved = false;
        else
            sgp_log(SGP_LOG_ERROR, "learned_not_saved", "profile=%s reason=%s",
                    SGP_Q(name_of(l, p)), SGP_Q(fault.text));
    }
}

/* ---- life ---------------------------------------------------------------- */

sgp_err sgp_road_lessons_create(const sgp_graph *graph, const sgp_city_time *time,
                                const char *folder, const bool profiles[SGP_PROFILES_MAX],
                                sgp_road_lessons **out, sgp_fault *fault) {
    sgp_road_lessons *l = calloc(1, sizeof *l);
    if (l == NULL || (l->folder = strdup(folder)) == NULL) {
        free(l);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for what drives teach");
    }
    l->graph = graph;
    l->parts = sgp_graph_get(graph);
    l->time = time;
    l->saved_at_us = -SGP_LESSONS_SAVE_US;
    sgp_err err = SGP_OK;
    if (mkdir(folder, 0750) != 0 && errno != EEXIST)
        err =
            sgp_fail(fault, SGP_E_IO, "the folder of learned times %s cannot be made: %m", folder);
    for (uint32_t p = 0; p < l->parts->n_profiles && err == SGP_OK; p++)
        if (profiles[p])
            err = load(l, p, fault);
    if (err != SGP_OK) {
        sgp_road_lessons_destroy(l);
        return err;
    }
    *out = l;
    return SGP_OK;
}

void sgp_road_lessons_destroy(sgp_road_lessons *l) {
    if (l == NULL)
        return;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++)
        sgp_learned_destroy(l->subjects[p].learned);
    sgp_matcher_destroy(l->matcher);
    free(l->folder);
    free(l);
}

/* ---- teaching ------------------------------------------------------------ */

const sgp_learned *sgp_road_lessons_learned(const sgp_road_lessons *l, uint32_t profile) {
    return l != NULL && profile < SGP_PROFILES_MAX ? l->subjects[profile].learned : NULL;
}

bool sgp_road_lessons_is_news(const sgp_road_lessons *l, uint32_t profile) {
    return l != NULL && l->subjects[profile].unused;
}

void sgp_road_lessons_used(sgp_road_lessons *l, uint32_t profile) {
    if (l != NULL)
        l->subjects[profile].unused = false;
}

static int32_t minute_of_week(void *ctx, int64_t at_ms) {
    return sgp_city_time_minute(ctx, at_ms);
}

static sgp_err match(sgp_road_lessons *l, uint32_t profile, const sgp_track_point *track, size_t n,
                     sgp_match *found) {
    sgp_match_options options = {.profile =
                                     profile}; /* not tidied: standing shows what waiting was */
    sgp_err err = SGP_OK;
    if (l->matcher == NULL)
        err = sgp_matcher_create(l->graph, NULL, &l->matcher);
    return err != SGP_OK ? err : sgp_matcher_match(l->matcher, track, n, &options, found);
}

void sgp_road_lessons_teach(sgp_road_lessons *l, uint32_t profile, const sgp_track_point *track,
                            size_t n) {
    subject *s = &l->subjects[profile];
    sgp_match found = {0};
    if (s->learned == NULL || match(l, profile, track, n, &found) != SGP_OK ||
        found.n_pieces == 0) {
        l->count.unmatched++;
        sgp_match_free(&found);
        return;
    }
    sgp_learned_count before = sgp_learned_counts(s->learned);
    /* The zone is only read; the matcher's callback wants a pointer to non-const. */
    sgp_match_teach(l->graph, track, &found, minute_of_week, (void *)(uintptr_t)l->time,
                    s->learned);
    sgp_match_free(&found);
    sgp_learned_count after = sgp_learned_counts(s->learned);
    l->count.matched++;
    l->count.taught += after.drives - before.drives;
    l->count.refused += after.dropped - before.dropped;
    if (after.drives != before.drives)
        s->unsaved = s->unused = true;
}

sgp_lesson_count sgp_road_lessons_count(const sgp_road_lessons *l) {
    sgp_lesson_count count = l->count;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++)
        if (l->subjects[p].learned != NULL)
            count.roads += sgp_learned_counts(l->subjects[p].learned).moves;
    return count;
}
