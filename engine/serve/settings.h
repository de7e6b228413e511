/* The engine's configuration, sigap.conf, read through libconfig.
 *
 * Every mistake is told as "file:line: sentence"; a key that the engine does not
 * know is a mistake, so that a misspelt clock never passes in silence. Relative
 * paths count from the working directory; `@include` counts from the folder of
 * the configuration file. See sigap.conf.example for all keys.
 * Texts live as long as the settings. Loading changes the working directory for a
 * moment: before any thread starts.
 */
#ifndef SGP_SERVE_SETTINGS_H
#define SGP_SERVE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "serve/coverage_survey.h"
#include "serve/live_roads.h"
#include "serve/osrm_settings.h"
#include "serve/roles.h"
#include "serve/token.h"
#include "serve/wall_settings.h"
#include "sigap/core.h"

enum {
    SGP_EXCHANGES_MAX = 8,
    SGP_LINES_MAX = 64,
    SGP_USERS_MAX = 16384,
    SGP_JURISDICTION_MAX_M = 100000
};

/* Where callers usually are: among like names those nearby are preferred. */
typedef struct sgp_jurisdiction {
    sgp_point point;
    int32_t radius_m; /* 0 = nowhere in particular */
} sgp_jurisdiction;

typedef struct sgp_user {
    char name[SGP_CODE_BYTES];
    sgp_role role;
    uint8_t token_hash[SGP_TOKEN_HASH];
    char unit[SGP_CODE_BYTES];     /* of a crew; "" otherwise */
    char agency[SGP_CODE_BYTES];   /* that a partner speaks for; "" = none */
    char hospital[SGP_CODE_BYTES]; /* that a user of the role hospital speaks for; "" = none */
    sgp_jurisdiction jurisdiction; /* the user's jurisdiction */
    char telephone[64]; /* of a call-taker, as the exchange calls it; "" = the room connects */
    uint64_t device;    /* that the token was given to (accounts.c); 0 = the configuration's own */
} sgp_user;

/* A telephone exchange in the shape of Asterisk's ARI. */
typedef struct sgp_exchange_settings {
    char name[SGP_CODE_BYTES];
    char host[256];
    uint16_t port;
    char path[128]; /* "/ari" */
    char user[64];
    char password[80];
    char application[64];
    bool record; /* calls that are answered */
} sgp_exchange_settings;

/* What a line that callers dial is called. */
typedef struct sgp_line_settings {
    char code[SGP_CODE_BYTES];
    char name[SGP_NAME_BYTES];
} sgp_line_settings;

enum { SGP_LINK_BYTES = 200 }; /* of pages.address */

typedef struct sgp_settings {
    char *path;     /* of the file itself */
    char *graph;    /* graph file of the city */
    char *database; /* libpq conninfo; "" = without a database */

    char *socket; /* private unix socket; "" = none */
    char *tls_address;
    uint16_t tls_port; /* 0 = no TLS listener */
    char *certificate, *private_key;
    char *http_address;
    uint16_t http_port; /* 0 = no HTTP listener */
    bool http_tls;
    sgp_osrm_settings osrm;

    char *journal, *key_file;
    uint32_t snapshot_every; /* events */

    sgp_log_level log_level;
    sgp_clocks clocks;
    char *cameras;            /* file of street cameras; "" = none */
    int32_t tile_cache_bytes; /* of the map's tiles in memory */
    char *pages_folder;       /* of the browser pages; "" = none */
    char *pages_address; /* by which they are reached from outside, for links; "" = not known */
    char *plans; /* folder of response plans; "default" = those that come with Sigap, "" = none */
    char *roster_crew, *roster_shifts; /* CSV files (plans/roster_file.h); "" = no roster */
    int32_t desk_grace_ms;             /* who lost the line keeps so long what he has in hand */
    int32_t desk_decide_ms;            /* target from a place to its first order; 0 = none */
    int32_t phone_held_ms;             /* a phone's position waits so long for its call */
    int32_t locate_valid_ms;           /* a locate-me token waits for its first position */
    int32_t locate_updates_ms;         /* and then takes more of them */
    char *aml_form_key;                /* that signs location forms; "" = they are not signed */
    sgp_jurisdiction jurisdiction;     /* the jurisdiction of all who have none of their own */
    int32_t order_repeat_ms, order_repeat_most_ms; /* until a crew's device has its order */
    char *tracker_key;                             /* of /v1/tracker; "" = there is no such door */
    struct sgp_tracker_settings {
        char id[64];
        char unit[SGP_CODE_BYTES];
    } * trackers;
    size_t n_trackers;
    sgp_exchange_settings *exchanges;
    size_t n_exchanges;
    sgp_line_settings *lines;
    size_t n_lines;
    sgp_road_settings roads;
    sgp_coverage_settings coverage;
    sgp_wall_settings wall;
    sgp_user *users;
    size_t n_users;
    sgp_unit *units; /* as UNIT_REGISTERED wants them */
    size_t n_units;
    sgp_hospital *hospitals;
    size_t n_hospitals;
} sgp_settings;

/* SGP_E_CONFIG: the fault names file, line and what is wrong. SGP_E_IO: cannot be read. */
sgp_err sgp_settings_load(const char *path, sgp_settings *settings, sgp_fault *fault) SGP_MUST_USE;
/* The group `clocks` of the file anew, while threads run; those that it includes are not looked at.
 * Unchanged where it has none. */
sgp_err sgp_settings_load_clocks(const char *path, sgp_clocks *clocks,
                                 sgp_fault *fault) SGP_MUST_USE;
void sgp_settings_free(sgp_settings *settings);

/* Who has this token? NULL: nobody. Takes the same time whoever it is. */
const sgp_user *sgp_settings_user(const sgp_settings *settings, const char *token);

#endif
