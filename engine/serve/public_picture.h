/* What the city shows everybody: some time late, and nothing by which a person, a house or a crew
 * could be told.
 *
 * Redaction happens here and nowhere else, by building the message from counts instead of striking
 * things out of another: no name, code, label, complaint, id or exact point is at hand when it is
 * written. What is given:
 *
 *   incidents   how many in a kelurahan (where the road graph knows none: in a square of
 *               SGP_PUBLIC_SQUARE_E7, about 2.2 km), and whether help is there
 *   units       how many are free and busy in such a square
 *   figures     of groups of at least SGP_PUBLIC_LEAST incidents; where one group of a list is too
 *               small, the next smallest is left out too, so that no difference tells it. A P90 is
 *               told of 20 and more, since of fewer it is nearly somebody's own time.
 *
 * Pure; thread-safe. */
#ifndef SGP_SERVE_PUBLIC_PICTURE_H
#define SGP_SERVE_PUBLIC_PICTURE_H

#include "replay/report_summary.h"
#include "serve/past.h"
#include "sigap/graph.h"

enum {
    SGP_PUBLIC_LEAST = 5,
    SGP_PUBLIC_P90_LEAST = 20,
    SGP_PUBLIC_SQUARE_E7 = 200000 /* 0.02 degree */
};

/* Free with sigap__v1__public_picture__free_unpacked. NULL: no memory. Areas by name, then
 * squares; units by square, from south to north and west to east. */
Sigap__V1__PublicPicture *sgp_public_picture_make(const sgp_past_moment *moment,
                                                  const sgp_graph_parts *city);
/* Free with sigap__v1__public_figures__free_unpacked. NULL: no memory. */
Sigap__V1__PublicFigures *sgp_public_figures_make(const sgp_summary *summary);

#endif
