/* A made-up province: the sketch of Malang many times over, each copy with names of its own.
 *
 * Copy 0 is the sketch as it is. The others lie beside it in rows, joined by a road. What kind of
 * thing a name says (Jalan, Gang, Masjid, Indomaret, SDN, Raya, numbers) stays in all of them; of
 * the words that name it, a third stays, and the others become words drawn from all names of the
 * sketch (and of a second extract), each as often as it occurs there. Names of districts are
 * put together of halves of two district names. So common words are as common as in a real
 * province, names come again and again in other towns, and the vocabulary grows with the towns.
 * The same word becomes the same word everywhere in its copy. Of the house numbers a quarter stays.
 */
#ifndef BENCH_SUPPORT_PLACE_PROVINCE_H
#define BENCH_SUPPORT_PLACE_PROVINCE_H

#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct bench_province bench_province;

/* Reads the words of the sketch, and of `more` (NULL = none). */
sgp_err bench_province_create(const char *sketch, const char *more, uint64_t seed,
                              bench_province **province, sgp_fault *fault) SGP_MUST_USE;
void bench_province_destroy(bench_province *province);
/* The extract of so many copies. */
sgp_err bench_province_write(bench_province *province, size_t copies, const char *path,
                             sgp_fault *fault) SGP_MUST_USE;
/* A text as it would be said in that copy: each word as names there have it. */
void bench_province_text(const bench_province *province, size_t copy, const char *text, char *said,
                         size_t capacity);

#endif
