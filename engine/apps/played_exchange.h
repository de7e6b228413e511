/* A telephone exchange that is played, for tests and demonstrations: calls come in by a script, and
 * an application is told of them as Asterisk's REST Interface (ARI) would.
 *
 * A small HTTP server on a loopback port: GET PATH/events becomes a WebSocket on which StasisStart,
 * ChannelStateChange, ChannelHold, ChannelUnhold, StasisEnd, ChannelDestroyed and RecordingFinished
 * go out; GET PATH/channels lists the channels that the application has; POST
 * PATH/channels/ID/answer, /ring and /record and DELETE PATH/channels/ID do what they say; POST
 * PATH/channels/ID rings a handset up, POST PATH/bridges/ID/addChannel joins it with a caller. A
 * handset picks up soon; one whose endpoint has "busy" in its name is, "nobody" never answers,
 * "hangs-up" and "breaks" do so after a while (the latter the first time only). User and
 * password by Basic. A second application takes the first one's place, which hears
 * ApplicationReplaced.
 *
 * Like a dialplan that tries again every second, a call that comes while no application listens
 * waits, and is handed over when one does; who runs out of patience hangs up. What happens while
 * nobody listens is told to nobody, as with the real one. All numbers are the script's: use none of
 * real people. One thread.
 */
#ifndef SGP_APPS_PLAYED_EXCHANGE_H
#define SGP_APPS_PLAYED_EXCHANGE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sigap/error.h"

enum { SGP_PLAYED_CALLS_MAX = 10000 };

/* One caller. */
typedef struct sgp_played_call {
    int64_t at_ms;   /* from the start of the play */
    char number[32]; /* "" = withheld */
    char line[24];
    int64_t patience_ms; /* hangs up unless it is answered before; 0 = waits for ever */
    int64_t talk_ms;     /* hangs up so long after it was answered; 0 = waits for the other side */
    int64_t hold_after_ms, hold_ms; /* is put on hold so long after that, for so long; 0 = never */
} sgp_played_call;

/* Lines "at_s,number,line,behaviour" with a behaviour of "abandon S", "talk S", "hold AFTER S",
 * each once, in any order, separated by spaces; '#' begins a comment, the first line may be the
 * header. `*calls` is the caller's (free). Faults name the line. */
sgp_err sgp_played_calls_read(const char *path, sgp_played_call **calls, size_t *n,
                              sgp_fault *fault) SGP_MUST_USE;
/* "abandon 8 talk 40" into the call's times. */
sgp_err sgp_played_behaviour(const char *text, sgp_played_call *call,
                             sgp_fault *fault) SGP_MUST_USE;

typedef struct sgp_played_options {
    uint16_t port;    /* 0 = any; then see sgp_played_exchange_port */
    const char *path; /* "/ari" */
    const char *user, *password;
    double speed;    /* 10 = ten times as fast */
    bool when_heard; /* the play begins when the first application listens */
    FILE *told;      /* a line for each thing that happens, without numbers; NULL: none */
} sgp_played_options;

typedef struct sgp_played_count {
    size_t came, handed_over, answered, abandoned, ended;
} sgp_played_count;

typedef struct sgp_played_exchange sgp_played_exchange;

/* Listens, and plays as soon as the base runs, or is heard. `options` and `calls` must outlive it.
 */
sgp_err sgp_played_exchange_create(struct event_base *base, const sgp_played_options *options,
                                   const sgp_played_call *calls, size_t n,
                                   sgp_played_exchange **exchange, sgp_fault *fault) SGP_MUST_USE;
void sgp_played_exchange_destroy(sgp_played_exchange *exchange);
uint16_t sgp_played_exchange_port(const sgp_played_exchange *exchange);
sgp_played_count sgp_played_exchange_count(const sgp_played_exchange *exchange);
/* Every call of the script is over. */
bool sgp_played_exchange_is_over(const sgp_played_exchange *exchange);

#endif
