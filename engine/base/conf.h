/* Reading configuration (libconfig) with sentences that name file and line.
 *
 * A reader keeps the first mistake; everything after it is skipped, so that callers read on without
 * asking and look at `err` once. A key that is not known is a mistake: a misspelt clock must never
 * pass in silence. Texts are borrowed from the configuration. Thread-safe with a reader each.
 */
#ifndef SGP_BASE_CONF_H
#define SGP_BASE_CONF_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum { SGP_CONF_BYTES_MAX = 1 << 20 };

typedef config_setting_t sgp_setting;

typedef struct sgp_conf {
    const char *name; /* of the file, for sentences */
    sgp_fault *fault;
    sgp_err err;
    config_t config;
} sgp_conf;

/* Parses a text. `name` is borrowed until close. @include is refused: whoever sends a text must not
 * open files, and a file is read as it is. After an error the reader is still to be closed. */
sgp_err sgp_conf_parse(sgp_conf *conf, const char *name, const char *text,
                       sgp_fault *fault) SGP_MUST_USE;
/* Reads a whole file of at most SGP_CONF_BYTES_MAX into a text that ends with '\0'; free it.
 * SGP_E_IO, SGP_E_TOO_LARGE, SGP_E_FORMAT for a file with a '\0' in it. */
sgp_err sgp_conf_read_file(const char *path, char **text, sgp_fault *fault) SGP_MUST_USE;
void sgp_conf_close(sgp_conf *conf);

/* "file:line: sentence", the file that was included where it was one. `at` NULL: without a line. */
void sgp_conf_mistake(sgp_conf *conf, const sgp_setting *at, const char *format, ...)
    SGP_PRINTF(3, 4);

const char *sgp_conf_name_of(const sgp_setting *setting);
sgp_setting *sgp_conf_child(const sgp_setting *group, const char *key);
/* `known` is a list of keys with a space before and after each. */
void sgp_conf_check_keys(sgp_conf *conf, const sgp_setting *group, const char *known);

/* A text of fewer than `capacity` bytes; NULL where it is absent and may be, or wrong. A required
 * one is not empty. */
const char *sgp_conf_text(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                          size_t capacity);
void sgp_conf_copy(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                   char *out, size_t capacity);
double sgp_conf_number(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                       double low, double high, double otherwise);
/* Of one that is there, an entry of an array say; `key` names it in sentences. */
double sgp_conf_value(sgp_conf *conf, const sgp_setting *setting, const char *key, double low,
                      double high, double otherwise);
bool sgp_conf_boolean(sgp_conf *conf, const sgp_setting *group, const char *key, bool otherwise);

/* The list of groups of that name, of at most `limit`; NULL and *n = 0 where it is absent. */
const sgp_setting *sgp_conf_groups(sgp_conf *conf, const sgp_setting *group, const char *key,
                                   size_t limit, size_t *n);
/* The array or list of texts of that name; NULL and *n = 0 where it is absent. */
const sgp_setting *sgp_conf_texts(sgp_conf *conf, const sgp_setting *group, const char *key,
                                  size_t limit, size_t *n);
/* The nth of them, "" when it is no text, which is then a mistake. */
const char *sgp_conf_nth_text(sgp_conf *conf, const sgp_setting *list, size_t nth);

#endif
