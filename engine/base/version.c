#include "base/version.h"

const char *sgp_version(void) {
    return SIGAP_VERSION;
}

const char *sgp_commit(void) {
    return SIGAP_COMMIT;
}
