/* The console's pages of administration: pure functions of their arguments, as screen.h. */
#ifndef SGP_CONSOLE_SCREEN_ADMIN_H
#define SGP_CONSOLE_SCREEN_ADMIN_H

#include "console/admin.h"
#include "console/screen.h"

/* Tells how many rows it would take. */
int sgp_screen_admin(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                     const sgp_admin *admin, int scroll);

/* "Jalan Semeru (Kauman, Klojen): 412 m, 5 ruas". Returns `out`. */
char *sgp_stretch_text(sgp_language language, const Sigap__V1__Stretch *stretch, char *out,
                       size_t capacity);
/* What a closure closes: its street, its way, or its circle. Returns `out`. */
char *sgp_closure_text(sgp_language language, const Sigap__V1__RoadClosure *closure, char *out,
                       size_t capacity);

#endif
