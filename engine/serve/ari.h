/* What a telephone exchange in the shape of Asterisk's REST Interface (ARI) says, as JSON.
 *
 * Only what concerns a call that comes in is read: a channel enters our application
 * (StasisStart), changes its state, is held, leaves (StasisEnd) or ends (ChannelDestroyed); a
 * recording is finished; another program has taken our application's name. Everything else is
 * OTHER. Field by field after the public description of ARI's events and of GET /channels, by
 * jansson.
 *
 * What an exchange sends comes from a network: texts are cut to their bounds and freed of what is
 * not plain, so that a strange name of a line never keeps a call from ringing; only a channel
 * without a usable id is refused, since nothing could be done with it. Knows no engine; no state;
 * any thread.
 */
#ifndef SGP_SERVE_ARI_H
#define SGP_SERVE_ARI_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/core.h"
#include "sigap/error.h"

enum {
    SGP_ARI_NUMBER_BYTES = 64,
    SGP_ARI_EVENT_BYTES = 64 * 1024,       /* of one event */
    SGP_ARI_ANSWER_BYTES = 8 * 1024 * 1024 /* of one answer: thousands of channels */
};

typedef enum sgp_ari_kind {
    SGP_ARI_OTHER, /* does not concern us */
    SGP_ARI_CAME,
    SGP_ARI_STATE,
    SGP_ARI_HELD,
    SGP_ARI_RESUMED,
    SGP_ARI_GONE,
    SGP_ARI_RECORDED,
    SGP_ARI_REPLACED /* by another program with the same application's name */
} sgp_ari_kind;

typedef struct sgp_ari_channel {
    char id[SGP_CHANNEL_BYTES];
    char line[SGP_CODE_BYTES];         /* first argument of Stasis(), or what was dialled */
    char number[SGP_ARI_NUMBER_BYTES]; /* of the caller; "" = withheld. Personal. */
    bool is_up;                        /* somebody, or something, has answered */
    char application[64];              /* that it is in, as far as it was said */
} sgp_ari_channel;

typedef struct sgp_ari_event {
    sgp_ari_kind kind;
    sgp_ari_channel channel;        /* of RECORDED only its id; of REPLACED nothing */
    char recording[SGP_NAME_BYTES]; /* of RECORDED */
    char bridge[SGP_CHANNEL_BYTES]; /* of RECORDED: of this bridge, and then of no channel */
    bool is_destroyed;              /* of GONE: the channel is no more, not only out of our hands */
    int cause;                      /* and why, by Q.850; 0 = not said */
} sgp_ari_event;

/* SGP_E_FORMAT with a sentence that holds nothing of the text: it is no JSON, no object, or names
 * no usable channel. */
sgp_err sgp_ari_read_event(const char *json, size_t length, sgp_ari_event *event,
                           sgp_fault *fault) SGP_MUST_USE;

/* The answer to GET /channels: `visit` for each, which it may copy. A channel without a usable id
 * is passed over. SGP_E_FORMAT as above. */
typedef void (*sgp_ari_visit)(void *ctx, const sgp_ari_channel *channel);
sgp_err sgp_ari_read_channels(const char *json, size_t length, sgp_ari_visit visit, void *ctx,
                              sgp_fault *fault) SGP_MUST_USE;

#endif
