/* What a crew's device remembers of orders: the highest epoch that it has heard, and how much of
 * each matter it has. So it takes each word once, however often it is told, and none of an engine
 * that has been replaced. Pure; plain data, to be kept as it is. */
#ifndef SGP_SERVE_ORDER_MEMORY_H
#define SGP_SERVE_ORDER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/v1/frame.pb-c.h"

enum { SGP_ORDER_MATTERS = 64 };

typedef enum sgp_order_heard {
    SGP_HEARD_NOTHING, /* the frame is no order, or of an engine that counts none */
    SGP_HEARD_NEW,     /* to be shown, and acknowledged */
    SGP_HEARD_AGAIN,   /* to be acknowledged */
    SGP_HEARD_OLD      /* to be refused: its epoch is lower than one that was heard */
} sgp_order_heard;

/* The same of Order, OrderWithdrawn, Destination and MoveUpOrder. */
typedef struct sgp_order_word {
    uint64_t assignment; /* 0: a move-up */
    uint64_t epoch, told_seq;
} sgp_order_word;

typedef struct sgp_order_memory {
    uint64_t epoch;
    uint32_t n; /* of the matters, the one that was heard longest ago first */
    struct {
        uint64_t assignment, told_seq;
        uint32_t kinds; /* of messages that came with that told_seq: bits by kind */
        bool has_order; /* not a destination alone */
    } matters[SGP_ORDER_MATTERS];
} sgp_order_memory;

/* What the frame tells; false: nothing of orders. */
bool sgp_order_word_of(const Sigap__V1__Frame *frame, sgp_order_word *word);
/* Takes the frame in. Where it is not SGP_HEARD_NOTHING, `received` becomes what to answer (the
 * caller adds the time and an id); its told_seq 0: nothing, since a destination says little before
 * its order has come. */
sgp_order_heard sgp_order_memory_hear(sgp_order_memory *memory, const Sigap__V1__Frame *frame,
                                      Sigap__V1__OrderReceived *received);

#endif
