/* Asking the one engine of a system test: logging in, a request and its answer, a request that must
 * be refused. Include cmocka.h first. */
#ifndef SGP_TEST_ENGINE_ASK_H
#define SGP_TEST_ENGINE_ASK_H

#include "engine_child.h"

typedef Sigap__V1__Frame frame_t;

static engine_child child;

/* NULL: without logging in. */
static inline sgp_client *connect_as(const char *token) {
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    if (sgp_client_connect(child.target, &client, &fault) != SGP_OK ||
        (token != NULL && sgp_client_login(client, token, "test", NULL, &fault) != SGP_OK))
        fail_msg("%s", fault.text);
    return client;
}

static inline void free_frame(frame_t *frame) {
    if (frame != NULL)
        sigap__v1__frame__free_unpacked(frame, NULL);
}

static inline frame_t request_of(Sigap__V1__Frame__BodyCase body, void *message) {
    frame_t frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = body;
    frame.ping = message; /* all members of the union are pointers */
    return frame;
}

/* The answer is the caller's. */
static inline frame_t *ask(sgp_client *client, frame_t *request) {
    frame_t *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(client, request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s: %s", sgp_err_str(fault.code), fault.text);
    return reply;
}

/* The sentence of the refusal, good until the next. */
static inline const char *ask_wrong(sgp_client *client, frame_t *request, sgp_err wanted) {
    static sgp_fault fault;
    frame_t *reply = NULL;
    sgp_err err = sgp_client_request(client, request, 0, &reply, &fault);
    assert_null(reply);
    if (err != wanted)
        fail_msg("wanted %s, got %s: %s", sgp_err_str(wanted), sgp_err_str(err), fault.text);
    return fault.text;
}

/* The same by the kind of request and of answer: ASK(client, REPORT_CALL, &call, DONE). */
static inline frame_t *ask_for(sgp_client *client, Sigap__V1__Frame__BodyCase body, void *message,
                               Sigap__V1__Frame__BodyCase wanted) {
    frame_t request = request_of(body, message), *reply = ask(client, &request);
    assert_int_equal(reply->body_case, wanted);
    return reply;
}
#define ASK(client, BODY, message, WANTED)                                                         \
    ask_for(client, SIGAP__V1__FRAME__BODY_##BODY, message, SIGAP__V1__FRAME__BODY_##WANTED)

/* And for what is refused; the sentence, good until the next. */
static inline const char *ask_refused(sgp_client *client, Sigap__V1__Frame__BodyCase body,
                                      void *message, sgp_err wanted) {
    frame_t request = request_of(body, message);
    return ask_wrong(client, &request, wanted);
}
#define ASK_REFUSED(client, BODY, message, wanted)                                                 \
    ask_refused(client, SIGAP__V1__FRAME__BODY_##BODY, message, wanted)

/* The same, and its sentence has these words. */
static inline void ask_refused_with(sgp_client *client, Sigap__V1__Frame__BodyCase body,
                                    void *message, sgp_err wanted, const char *words) {
    const char *sentence = ask_refused(client, body, message, wanted);
    if (!strstr(sentence, words))
        fail_msg("it does not say \"%s\": %s", words, sentence);
}
#define ASK_REFUSED_WITH(client, BODY, message, wanted, words)                                     \
    ask_refused_with(client, SIGAP__V1__FRAME__BODY_##BODY, message, wanted, words)

/* The engine of a group of tests that all use the same one. */
static inline int child_over(void **state) {
    (void)state;
    child_clean(&child);
    return 0;
}

#endif
