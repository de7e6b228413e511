#include "route/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* gis/profiles.conf, put here by the build. */
#include "profiles_conf.inc"

static const char *const turns_names[] = {
    [SGP_TURNS_NOWHERE] = "nowhere",
    [SGP_TURNS_RESTRICTIONS] = "restrictions",
    [SGP_TURNS_MAJOR] = "major",
    [SGP_TURNS_EVERYWHERE] = "everywhere",
};

const char *sgp_turns_str(sgp_turns turns) {
    return turns_names[turns];
}

bool sgp_turns_from_str(const char *text, sgp_turns *turns) {
    for (size_t i = 0; i < sizeof turns_names / sizeof *turns_names; i++) {
        if (strcmp(text, turns_names[i]) == 0) {
            *turns = (sgp_turns)i;
            return true;
        }
    }
    return false;
}

uint32_t sgp_profile_percent(const sgp_profile_shares *shares, const char *value) {
    for (uint32_t i = 0; value && i < shares->n; i++) {
        if (strcmp(shares->list[i].value, value) == 0)
            return shares->list[i].percent;
    }
    return 100;
}

sgp_barrier_effect sgp_profile_barrier(const sgp_profile_barriers *barriers, const char *value) {
    for (uint32_t i = 0; value && i < barriers->n; i++) {
        if (strcmp(barriers->list[i].value, value) == 0)
            return (sgp_barrier_effect)barriers->list[i].effect;
    }
    return SGP_BARRIER_PASSES;
}

bool sgp_profile_has_word(const sgp_profile_words *words, const char *word) {
    for (uint32_t i = 0; i < words->n; i++) {
        if (strcmp(words->list[i], word) == 0)
            return true;
    }
    return false;
}

/* The whole file as a text to free(); NULL with a fault where it cannot be read. */
static char *read_text(const char *path, size_t *length, sgp_fault *fault) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        const char *reason = file < 0 ? strerror(errno) : "it is not a file";
        sgp_err err = sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", path, reason);
        (void)err;
        if (file >= 0)
            close(file);
        return NULL;
    }
    char *text = malloc(SGP_PROFILE_TEXT_MAX);
    size_t used = 0;
    ssize_t n = text ? 1 : -1;
    while (n > 0 && used < SGP_PROFILE_TEXT_MAX) {
        n = read(file, text + used, SGP_PROFILE_TEXT_MAX - used);
        used += n > 0 ? (size_t)n : 0;
    }
    int reason = errno;
    close(file);
    *length = used;
    if (n == 0)
        return text;
    (void)!(n < 0 ? sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", path, strerror(reason))
                  : sgp_fail(fault, SGP_E_TOO_LARGE, "%.150s is larger than 1 MiB", path));
    free(text);
    return NULL;
}

sgp_err sgp_profiles_read(const char *path, sgp_profiles **profiles, sgp_fault *fault) {
    if (!path)
        return sgp_profiles_parse((const char *)built_in, sizeof built_in,
                                  "the built-in profiles.conf", profiles, fault);
    sgp_fault own = {SGP_OK, ""};
    size_t length = 0;
    char *text = read_text(path, &length, &own);
    if (!text)
        return sgp_fail(fault, own.code, "%s", own.text);
    sgp_err err = sgp_profiles_parse(text, length, path, profiles, fault);
    free(text);
    return err;
}

void sgp_profiles_destroy(sgp_profiles *profiles) {
    free(profiles);
}
