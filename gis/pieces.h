/* Runs of bytes, equal ones kept once: the texts and lists of words of a million names, of which
 * most are shared.
 *
 * A piece is known by a number of 32 bits. Its bytes begin at a multiple of four, and a '\0' that
 * is not counted follows them, so that texts can be read in place. Adding takes the same short time
 * however many there are: the table of what is there is cut in parts, which grow one by one.
 *
 * Thread rule: one thread adds; sealed, any number read.
 */
#ifndef SGP_GIS_PIECES_H
#define SGP_GIS_PIECES_H

#include "base/buffer.h"

enum { SGP_PIECE_PARTS = 64 };

typedef struct sgp_piece_part {
    uint32_t *slots; /* number + 1; 0 = empty */
    uint32_t n_slots, n_used;
} sgp_piece_part;

typedef struct sgp_pieces {
    sgp_buffer bytes; /* each piece: its length in 32 bits, its bytes, zeros */
    sgp_piece_part parts[SGP_PIECE_PARTS];
} sgp_pieces; /* zero-initialise */

/* SGP_E_MEMORY; SGP_E_FULL beyond 16 GB. Both leave everything as it was. */
sgp_err sgp_pieces_add(sgp_pieces *pieces, const void *bytes, size_t n,
                       uint32_t *piece) SGP_MUST_USE;
/* No more come: the table goes. */
void sgp_pieces_seal(sgp_pieces *pieces);
void sgp_pieces_free(sgp_pieces *pieces);
/* Bytes held. */
size_t sgp_pieces_size(const sgp_pieces *pieces);

/* Its bytes, valid until the next one is added. */
static inline const void *sgp_pieces_at(const sgp_pieces *pieces, uint32_t piece, size_t *n) {
    const uint32_t *at = (const uint32_t *)(const void *)pieces->bytes.data + piece;
    *n = *at;
    return at + 1;
}

static inline const char *sgp_pieces_text(const sgp_pieces *pieces, uint32_t piece) {
    size_t n;
    return sgp_pieces_at(pieces, piece, &n);
}

#endif
