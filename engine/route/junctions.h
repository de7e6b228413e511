/* Where streets meet: the crossings, roundabouts and mouths of gangs of a road graph.
 *
 * A caller says "perempatan Veteran - Sumbersari". What is one junction to a caller is often
 * several nodes of the map:
 *
 *          |     |                            --o
 *      ----o-----o----   four nodes where     /     \
 *          |     |       two dual streets    o       o     four nodes on a roundabout
 *      ----o-----o----   cross                \     /
 *          |     |                               o--
 *
 * so nodes are joined to one junction where
 *   - a roundabout leads from one to the other (the whole roundabout is one junction),
 *   - the same two names meet at both, SGP_JUNCTION_SAME_M or less apart, or
 *   - an edge of SGP_JUNCTION_SAME_M or less joins the two carriageways of one street, whichever
 *     its own name (judged by the two carriageways running in opposite directions).
 * Vertices of one expanded crossing are one node from the start.
 *
 * Arms are the directions in which one sees a road leave: the two carriageways of a dual street
 * on one side are one arm, and so are a way on foot and the road that it runs along. Driveways,
 * ramps and tracks without a name are no arms, nor are ways on foot without a name.
 *
 * What is told: every junction with two names or more, and those of one name with three arms or
 * more. Where one street becomes another is a junction of two arms.
 *
 * Pure; thread-safe. Allocates scratch memory of some 40 bytes for each end of an edge and frees
 * it. Time: sorting all ends.
 */
#ifndef SGP_ROUTE_JUNCTIONS_H
#define SGP_ROUTE_JUNCTIONS_H

#include <stddef.h>

#include "sigap/graph.h"

enum { SGP_JUNCTION_SAME_M = 40 };

typedef enum sgp_junction_kind {
    SGP_JUNCTION_CROSSING,
    SGP_JUNCTION_ROUNDABOUT,
    SGP_JUNCTION_MOUTH /* only a way that the first profile cannot drive branches off */
} sgp_junction_kind;
const char *sgp_junction_kind_str(sgp_junction_kind kind);

typedef struct sgp_junction {
    sgp_point point; /* of a roundabout its middle, else the middle of the nodes */
    uint32_t first_name, n_names;
    uint8_t kind; /* sgp_junction_kind */
    uint8_t arms; /* at most 255 */
} sgp_junction;

typedef struct sgp_junctions {
    sgp_junction *items; /* [n] by latitude, longitude, names */
    size_t n;
    /* Byte offsets into the graph's names; those of one junction each once, in the order of their
     * texts. Names of the same text are one name, told by its first offset. */
    uint32_t *names;
    size_t n_names;
} sgp_junctions;

/* The parts of an opened graph, or those that are about to be written. SGP_E_MEMORY: nothing to
 * release. */
sgp_err sgp_junctions_find(const sgp_graph_parts *parts, sgp_junctions *junctions) SGP_MUST_USE;
void sgp_junctions_free(sgp_junctions *junctions);

#endif
