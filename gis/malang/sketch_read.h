/* What the readers of data/NAME.conf share (sketch_data.c, sketch_data_town.c). */
#ifndef SGP_SKETCH_READ_H
#define SGP_SKETCH_READ_H

#include <libconfig.h>

#include "gis/malang/sketch.h"

sgp_err sgp_sketch_wrong(sgp_fault *fault, const config_setting_t *at, const char *what);
/* NULL where the key is absent or no text. */
const char *sgp_sketch_text_of(config_setting_t *group, const char *key);
bool sgp_sketch_flag_of(config_setting_t *group, const char *key);
/* 0 where there is no such element. */
double sgp_sketch_number_at(config_setting_t *list, unsigned index);
/* The texts of a list, in an array that the caller frees. */
sgp_err sgp_sketch_read_texts(config_setting_t *list, const char ***texts, size_t *n);

/* Estates, kilometre posts and names of dusun. (sketch_data_town.c) */
sgp_err sgp_sketch_read_town(config_t *file, sgp_sketch_data *data, sgp_fault *fault);
sgp_err sgp_sketch_read_everyday(config_t *file, sgp_sketch_data *data, sgp_fault *fault);
void sgp_sketch_free_town(sgp_sketch_data *data);

#endif
