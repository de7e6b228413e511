/* Places of a city for demos and tests on any extract: where ambulances may
 * stand, what callers may say. Blocking; for tools, never for the engine's loop.
 *
 * The order is drawn from the seed (by MD5 of id and seed in the database), so
 * equal seeds on equal imports give equal places. Fewer than asked for is no
 * error: *n says how many there are.
 */
#ifndef SGP_GIS_FACILITIES_H
#define SGP_GIS_FACILITIES_H

#include "sigap/core.h"
#include "sigap/graph.h"

/* Facilities of a kind: "hospital", "clinic", "fire_station", "police", "school",
 * "university", "worship", "market", "mall", "hotel", "station", "fuel", "landmark",
 * …, or "any". The label is the name alone. Errors: SGP_E_DATABASE,
 * SGP_E_NOT_FOUND (the database does not hold the city). */
sgp_err sgp_facilities_read(const char *conninfo, const sgp_city_id *city, const char *kind,
                            uint64_t seed, sgp_place *places, size_t capacity, size_t *n,
                            sgp_fault *fault) SGP_MUST_USE;

/* Named streets, at least 50 m long, at a point on the road; label: the name alone. */
sgp_err sgp_streets_sample(const char *conninfo, const sgp_city_id *city, uint64_t seed,
                           sgp_place *places, size_t capacity, size_t *n,
                           sgp_fault *fault) SGP_MUST_USE;

/* House numbers; label: street and number, as a caller would say it. */
sgp_err sgp_addresses_sample(const char *conninfo, const sgp_city_id *city, uint64_t seed,
                             sgp_place *places, size_t capacity, size_t *n,
                             sgp_fault *fault) SGP_MUST_USE;

#endif
