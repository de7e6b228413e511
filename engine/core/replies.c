#include "core/replies.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A fixed key keeps the core free of the system's randomness; only the length
 * of hash chains depends on it, never an answer. */
static const uint8_t HASH_KEY[crypto_shorthash_KEYBYTES] = "sigap requests";

static uint32_t bucket_of(const sgp_replies *replies, const uint8_t request_id[16]) {
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, request_id, 16, HASH_KEY);
    uint32_t word;
    memcpy(&word, hash, sizeof word);
    return word & (replies->n_buckets - 1);
}

static const sgp_remembered *find(const sgp_replies *replies, const uint8_t request_id[16]) {
    if (replies->n_buckets == 0)
        return NULL;
    uint32_t at = replies->buckets[bucket_of(replies, request_id)];
    while (at) {
        const sgp_remembered *slot = &replies->slots[at - 1];
        if (memcmp(slot->request_id, request_id, 16) == 0)
            return slot;
        at = slot->next;
    }
    return NULL;
}

bool sgp_replies_find(const sgp_replies *replies, const uint8_t request_id[16], sgp_reply *reply) {
    const sgp_remembered *slot = find(replies, request_id);
    if (!slot)
        return false;
    *reply = (sgp_reply){.err = (sgp_err)slot->err,
                         .call = slot->call,
                         .incident = slot->incident,
                         .assignment = slot->assignment,
                         .recommendation = slot->recommendation,
                         .closure = slot->closure,
                         .transfer = slot->transfer};
    memcpy(reply->actor, slot->actor, sizeof reply->actor);
    if (slot->message)
        strcpy(reply->message, slot->message);
    return true;
}

static void link_slot(sgp_replies *replies, uint32_t slot) {
    uint32_t bucket = bucket_of(replies, replies->slots[slot].request_id);
    replies->slots[slot].next = replies->buckets[bucket];
    replies->buckets[bucket] = slot + 1;
}

static void unlink_slot(sgp_replies *replies, uint32_t slot) {
    uint32_t *at = &replies->buckets[bucket_of(replies, replies->slots[slot].request_id)];
    while (*at != slot + 1)
        at = &replies->slots[*at - 1].next;
    *at = replies->slots[slot].next;
}

static sgp_err grow(sgp_replies *replies) {
    uint32_t capacity = replies->capacity ? replies->capacity * 2 : 64;
    if (capacity > SGP_REQUESTS_KEPT)
        capacity = SGP_REQUESTS_KEPT;
    uint32_t n_buckets = 64;
    while (n_buckets < capacity)
        n_buckets *= 2;
    sgp_remembered *slots = realloc(replies->slots, capacity * sizeof *slots);
    if (!slots)
        return SGP_E_MEMORY;
    replies->slots = slots;
    replies->capacity = capacity;
    uint32_t *buckets = calloc(n_buckets, sizeof *buckets);
    if (!buckets)
        return SGP_E_MEMORY;
    free(replies->buckets);
    replies->buckets = buckets;
    replies->n_buckets = n_buckets;
    for (uint32_t i = 0; i < replies->n; i++)
        link_slot(replies, i);
    return SGP_OK;
}

sgp_err sgp_replies_add(sgp_replies *replies, const uint8_t request_id[16],
                        const sgp_reply *reply) {
    assert(!find(replies, request_id));
    char *message = NULL;
    if (reply->message[0] && !(message = strdup(reply->message)))
        return SGP_E_MEMORY;
    uint32_t slot;
    if (replies->n < SGP_REQUESTS_KEPT) {
        if (replies->n == replies->capacity && grow(replies) != SGP_OK) {
            free(message);
            return SGP_E_MEMORY;
        }
        slot = replies->n++;
    } else {
        slot = replies->oldest;
        unlink_slot(replies, slot);
        free(replies->slots[slot].message);
        replies->oldest = (slot + 1) % SGP_REQUESTS_KEPT;
    }
    sgp_remembered *kept = &replies->slots[slot];
    *kept = (sgp_remembered){.err = (uint32_t)reply->err,
                             .message = message,
                             .call = reply->call,
                             .incident = reply->incident,
                             .assignment = reply->assignment,
                             .recommendation = reply->recommendation,
                             .closure = reply->closure,
                             .transfer = reply->transfer};
    memcpy(kept->request_id, request_id, 16);
    memcpy(kept->actor, reply->actor, sizeof kept->actor);
    link_slot(replies, slot);
    return SGP_OK;
}

const sgp_remembered *sgp_replies_nth(const sgp_replies *replies, uint32_t nth) {
    assert(nth < replies->n);
    return &replies->slots[(replies->oldest + nth) % replies->n];
}

void sgp_replies_free(sgp_replies *replies) {
    for (uint32_t i = 0; i < replies->n; i++)
        free(replies->slots[i].message);
    free(replies->slots);
    free(replies->buckets);
    *replies = (sgp_replies){0};
}
