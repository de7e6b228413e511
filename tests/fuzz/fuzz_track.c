/* Whatever stands in a track's file: what is read is a track that the matcher would take. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "apps/track_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    sgp_track_point *track = NULL;
    size_t n = 0;
    sgp_fault fault = {0};
    sgp_err err = sgp_track_read((const char *)data, size, &track, &n, &fault);
    if (err) {
        check(fault.text[0] != '\0' && track == NULL);
        return 0;
    }
    check(n >= 2 && n <= SGP_TRACK_POINTS);
    for (size_t i = 0; i < n; i++) {
        check(i == 0 || track[i].at_ms > track[i - 1].at_ms);
        check(track[i].accuracy_m >= 0 && isfinite(track[i].accuracy_m));
        check(track[i].heading_deg >= -1 && track[i].heading_deg <= 360);
        check(abs(track[i].point.lat_e7) <= 900000000);
    }
    free(track);
    return 0;
}
