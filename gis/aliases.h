/* Names that people use and the map does not have: "Suhat" for Jalan Soekarno Hatta, "RKZ" for
 * RS Panti Waluya. An editable file (aliases.conf, libconfig) that every import applies:
 *
 *     aliases = (
 *       { name = "Jalan Soekarno Hatta"; also = ["Suhat", "Soehat"]; near = [112.62, -7.94]; km =
 * 30; },
 *     );
 *
 * `name` is any name that the thing has on the map, in any spelling; every street, facility or
 * area of that name gets the others too, within `km` of `near` (lon, lat; without it everywhere).
 */
#ifndef SGP_GIS_ALIASES_H
#define SGP_GIS_ALIASES_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/error.h"

typedef struct sgp_aliases sgp_aliases;

typedef struct sgp_alias {
    const char *name, *also; /* owned by the aliases */
    bool is_near;
    double lon, lat, km; /* degrees (WGS 84); where is_near */
} sgp_alias;

/* SGP_E_IO: cannot be read. SGP_E_CONFIG: the fault names file, line and what is wrong. */
sgp_err sgp_aliases_read(const char *path, sgp_aliases **aliases, sgp_fault *fault) SGP_MUST_USE;
void sgp_aliases_destroy(sgp_aliases *aliases);

size_t sgp_aliases_count(const sgp_aliases *aliases);
sgp_alias sgp_aliases_at(const sgp_aliases *aliases, size_t index);
/* The file as it was read: an import with other aliases is another city. */
const char *sgp_aliases_text(const sgp_aliases *aliases, size_t *length);

#endif
