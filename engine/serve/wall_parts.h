/* Shared by wall.c and reports.c. */
#ifndef SGP_SERVE_WALL_PARTS_H
#define SGP_SERVE_WALL_PARTS_H

#include "serve/day_book.h"
#include "serve/engine_parts.h"
#include "serve/past.h"
#include "serve/wall.h"

enum {
    SGP_FIGURES_EVERY_MS = 2000,  /* figures are reckoned at most so often */
    SGP_PUBLIC_FIGURES_KEPT = 64, /* waiting to be old enough */
    SGP_DAYS_KEPT = 2
};

/* An encoded message and when it was made. */
typedef struct sgp_kept_message {
    int64_t at_ms;
    uint8_t *bytes;
    size_t length;
} sgp_kept_message;

typedef struct sgp_wall {
    sgp_past *past;
    sgp_day_book *book;
    sgp_kept_message figures[SGP_DAYS_KEPT];
    /* Figures of a while ago, oldest first, from `first`, round; the picture as it is told now. */
    sgp_kept_message waiting[SGP_PUBLIC_FIGURES_KEPT];
    uint32_t first_waiting, n_waiting;
    sgp_kept_message picture;
    char *picture_json;
    sgp_report_tickets *tickets;
} sgp_wall;

#endif
