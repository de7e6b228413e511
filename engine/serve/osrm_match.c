/* /match: which roads a track of positions drove along. */
#include "serve/osrm_legs.h"

json_t *sgp_osrm_match(sgp_osrm_work *work) {
    sgp_osrm_fail(work->error, "NotImplemented", "The service match is not there yet");
    return NULL;
}
