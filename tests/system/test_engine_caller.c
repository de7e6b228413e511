/* A caller's own page: who may open it, what it hears and what it never hears, the words between it
 * and the control room, and that all of it survives a kill -9 and is erased with its incident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_ask.h"
#include "journal/journal.h"
#include "sigap/core.h"

#define SECRET "tolong jangan bicara keras"

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "clocks = { order_without_click = []; };\n"
                          "pages = { address = \"https://sigap.example\"; };");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child.pid != 0 ? child_stop(&child, SIGTERM) : 0;
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- asking ----------------------------------------------------------------------- */

static Sigap__V1__Done done_of(sgp_client *client, Sigap__V1__Frame__BodyCase body, void *message) {
    frame_t *reply = ask_for(client, body, message, SIGAP__V1__FRAME__BODY_DONE);
    Sigap__V1__Done done = *reply->done;
    free_frame(reply);
    return done;
}
#define DO(client, BODY, message) done_of(client, SIGAP__V1__FRAME__BODY_##BODY, message)

static Sigap__V1__Done report_call(sgp_client *client) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    point.lon = 112.645;
    point.lat = -7.955;
    call.point = &point;
    call.complaint = (char *)"cardiac_arrest";
    call.priority = SIGAP__V1__PRIORITY__P1;
    return DO(client, REPORT_CALL, &call);
}

static char *new_link(sgp_client *client, uint64_t call, char token[SGP_TOKEN_TEXT]) {
    Sigap__V1__LocateCall locate = SIGAP__V1__LOCATE_CALL__INIT;
    locate.call_id = call;
    frame_t *reply = ASK(client, LOCATE_CALL, &locate, LOCATE_TOKEN);
    const char *start = "https://sigap.example/caller/#";
    assert_memory_equal(reply->locate_token->link, start, strlen(start));
    assert_string_equal(reply->locate_token->link + strlen(start), reply->locate_token->token);
    snprintf(token, SGP_TOKEN_TEXT, "%s", reply->locate_token->token);
    free_frame(reply);
    return token;
}

static void login_of(Sigap__V1__Login *login, const char *token, const char *holder) {
    sigap__v1__login__init(login);
    login->token = (char *)token;
    login->client = (char *)"caller-page";
    login->holder.data = (uint8_t *)holder;
    login->holder.len = strlen(holder);
}

#define PHONE "phone-one-0123456789"
#define OTHER "phone-two-0123456789"

static sgp_client *open_page(const char *token, const char *holder, uint64_t call) {
    Sigap__V1__Login login;
    sgp_client *page = connect_as(NULL);
    char name[32];
    login_of(&login, token, holder);
    frame_t *reply = ASK(page, LOGIN, &login, WELCOME);
    snprintf(name, sizeof name, "phone-%llu", (unsigned long long)call);
    assert_string_equal(reply->welcome->user, name);
    assert_int_equal(reply->welcome->role, SIGAP__V1__ROLE__CALLER);
    free_frame(reply);
    return page;
}

static void cannot_open(const char *token, const char *holder, sgp_err why) {
    Sigap__V1__Login login;
    sgp_client *page = connect_as(NULL);
    login_of(&login, token, holder);
    ASK_REFUSED(page, LOGIN, &login, why);
    sgp_client_close(page);
}

/* Nothing that names who comes, who decides, or where anybody is. */
static void holds_no_names(const frame_t *frame) {
    static const char *const NAMES[] = {"A-01",       "A-02",  "A-03",     "crew-",
                                        "dispatcher", "local", "Pos Satu", "PSC 119"};
    uint8_t bytes[16 * 1024];
    size_t length = sigap__v1__frame__get_packed_size(frame);
    assert_true(length <= sizeof bytes);
    sigap__v1__frame__pack(frame, bytes);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (memmem(bytes, length, NAMES[i], strlen(NAMES[i])) != NULL)
            fail_msg("the page hears %s", NAMES[i]);
}

/* The next push with such a body; others are let by. */
static frame_t *hear(sgp_client *client, Sigap__V1__Frame__BodyCase body, bool is_page) {
    for (int i = 0; i < 100; i++) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        if (sgp_client_next_push(client, 60000, &push, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        if (is_page)
            holds_no_names(push);
        if (push->body_case == body)
            return push;
        free_frame(push);
    }
    fail_msg("it was never pushed");
    return NULL;
}

/* The next view at that stage. */
static frame_t *hear_stage(sgp_client *page, Sigap__V1__CallerStage stage) {
    for (int i = 0; i < 20; i++) {
        frame_t *push = hear(page, SIGAP__V1__FRAME__BODY_CALLER_VIEW, true);
        if (push->caller_view->stage == stage)
            return push;
        free_frame(push);
    }
    fail_msg("the stage %d never came", stage);
    return NULL;
}

static Sigap__V1__Done say(sgp_client *page, const char *text, Sigap__V1__CallerSign sign) {
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    said.text = (char *)text;
    said.sign = sign;
    return DO(page, SAY_TO_DESK, &said);
}

static Sigap__V1__Done say_back(sgp_client *desk, uint64_t call, const char *text) {
    Sigap__V1__SayToCaller said = SIGAP__V1__SAY_TO_CALLER__INIT;
    said.call_id = call;
    said.text = (char *)text;
    return DO(desk, SAY_TO_CALLER, &said);
}

static frame_t *conversation(sgp_client *client, uint64_t call) {
    Sigap__V1__GetConversation get = SIGAP__V1__GET_CONVERSATION__INIT;
    get.call_id = call;
    return ASK(client, GET_CONVERSATION, &get, CONVERSATION);
}

static void advance(sgp_client *desk, uint64_t assignment, Sigap__V1__AssignmentState state) {
    Sigap__V1__AdvanceAssignment message = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    message.assignment_id = assignment;
    message.state = state;
    (void)DO(desk, ADVANCE_ASSIGNMENT, &message);
}

static void close_incident(sgp_client *desk, uint64_t incident) {
    Sigap__V1__CloseIncident close = SIGAP__V1__CLOSE_INCIDENT__INIT;
    close.incident_id = incident;
    close.outcome = SIGAP__V1__OUTCOME__CANCELLED;
    (void)DO(desk, CLOSE_INCIDENT, &close);
}

/* ---- what the page hears -------------------------------------------------------------- */

static void test_page_follows_the_help(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    free_frame(hear(page, SIGAP__V1__FRAME__BODY_CONVERSATION, true));
    frame_t *view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_SEARCHING);
    assert_string_equal(view->caller_view->complaint, "cardiac_arrest");
    assert_int_equal(view->caller_view->units, 0);
    assert_int_equal(view->caller_view->earliest_at_ms, 0);
    free_frame(view);

    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)"A-03";
    (void)DO(desk, SET_DUTY, &duty);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = call.incident_id;
    order.unit_code = (char *)"A-03";
    uint64_t assignment = DO(desk, ORDER_UNIT, &order).assignment_id;
    view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_ASKED);
    assert_int_equal(view->caller_view->unit_kind, SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED);
    assert_int_equal(view->caller_view->earliest_at_ms, 0); /* nobody has said that he comes */
    free_frame(view);

    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = assignment;
    answer.accept = 1;
    (void)DO(desk, ANSWER_ORDER, &answer);
    view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_COMING);
    assert_int_equal(view->caller_view->units, 1);
    free_frame(view);

    /* From the opposite corner: three streets east at 60 s each, three north at 70. */
    advance(desk, assignment, SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__ReportPosition position = SIGAP__V1__REPORT_POSITION__INIT;
    point.lon = 112.630;
    point.lat = -7.970;
    position.unit_code = (char *)"A-03";
    position.point = &point;
    nanosleep(&(struct timespec){0, 20000000}, NULL); /* later than what was reckoned until now */
    int64_t before_ms = sgp_wall_ms();
    (void)DO(desk, REPORT_POSITION, &position);
    const int64_t ride_ms = 3 * 60000 + 3 * 70000;
    for (bool there = false; !there;) { /* at the next look, some seconds later */
        view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_COMING);
        const Sigap__V1__CallerView *told = view->caller_view;
        there = told->reckoned_at_ms >= before_ms && !told->unsure;
        if (there) {
            int64_t truly_ms = told->reckoned_at_ms + ride_ms;
            if (told->earliest_at_ms > truly_ms || truly_ms > told->latest_at_ms)
                fail_msg("%lld is not between %lld and %lld",
                         (long long)(truly_ms - told->reckoned_at_ms),
                         (long long)(told->earliest_at_ms - told->reckoned_at_ms),
                         (long long)(told->latest_at_ms - told->reckoned_at_ms));
            assert_true(told->latest_at_ms - told->earliest_at_ms >= 60000);
            assert_true(told->latest_at_ms - told->earliest_at_ms <= ride_ms);
        }
        free_frame(view);
    }
    advance(desk, assignment, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    free_frame(hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_THERE));
    advance(desk, assignment, SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING);
    free_frame(hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_LEAVING));
    close_incident(desk, call.incident_id);
    view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_ENDED);
    assert_string_equal(view->caller_view->ended, "CLOSED");
    free_frame(view);
    sgp_client_close(page);
    sgp_client_close(desk);
}

/* The first aid of its own complaint, whatever it asks for, and no questions of the call-taker. */
static void test_page_reads_first_aid(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    Sigap__V1__GetGuide get = SIGAP__V1__GET_GUIDE__INIT;
    get.complaint = (char *)"burns";
    get.language = (char *)"en";
    frame_t *reply = ASK(page, GET_GUIDE, &get, GUIDE);
    assert_string_equal(reply->guide->complaint, "cardiac_arrest");
    assert_true(reply->guide->n_instructions > 0);
    assert_int_equal(reply->guide->n_questions, 0);
    free_frame(reply);
    sgp_client_close(page);
    sgp_client_close(desk);
}

static void test_page_may_say_little(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL), *caller = connect_as(child.caller);
    sgp_client *viewer = connect_as(child.viewer);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    Sigap__V1__ListIncidents list = SIGAP__V1__LIST_INCIDENTS__INIT;
    Sigap__V1__ReportCall report = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__GetStatus status = SIGAP__V1__GET_STATUS__INIT;
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    report.place_text = (char *)"Jalan Ijen";
    ASK_REFUSED(page, LIST_INCIDENTS, &list, SGP_E_PERMISSION);
    ASK_REFUSED(page, REPORT_CALL, &report, SGP_E_PERMISSION);
    ASK_REFUSED(page, GET_STATUS, &status, SGP_E_PERMISSION);
    ASK_REFUSED(page, WATCH, &watch, SGP_E_PERMISSION);
    /* And what is the page's is not another's. */
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    Sigap__V1__SayToCaller back = SIGAP__V1__SAY_TO_CALLER__INIT;
    Sigap__V1__GetConversation get = SIGAP__V1__GET_CONVERSATION__INIT;
    Sigap__V1__GetGuide guide = SIGAP__V1__GET_GUIDE__INIT;
    said.text = back.text = (char *)"halo";
    back.call_id = get.call_id = call.call_id;
    guide.complaint = (char *)"burns";
    ASK_REFUSED(caller, SAY_TO_DESK, &said, SGP_E_PERMISSION);
    ASK_REFUSED(caller, GET_CONVERSATION, &get, SGP_E_PERMISSION);
    ASK_REFUSED(caller, GET_GUIDE, &guide, SGP_E_PERMISSION);
    ASK_REFUSED(desk, SAY_TO_DESK, &said, SGP_E_PERMISSION);
    ASK_REFUSED(viewer, SAY_TO_CALLER, &back, SGP_E_PERMISSION);
    ASK_REFUSED(viewer, GET_CONVERSATION, &get, SGP_E_PERMISSION);
    ASK_REFUSED(page, SAY_TO_CALLER, &back, SGP_E_PERMISSION);
    sgp_client_close(page);
    sgp_client_close(viewer);
    sgp_client_close(caller);
    sgp_client_close(desk);
}

/* ---- who may open it --------------------------------------------------------------------- */

static void test_page_link_is_one_phones(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    char token[SGP_TOKEN_TEXT], newer[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk);
    new_link(desk, call.call_id, token);
    cannot_open("wrong", PHONE, SGP_E_UNAUTHENTICATED);
    cannot_open(token, "short", SGP_E_ARGUMENT);
    sgp_client *page = open_page(token, PHONE, call.call_id);
    cannot_open(token, OTHER, SGP_E_UNAUTHENTICATED);
    /* A reload on the same phone, while the old line still hangs. */
    sgp_client *again = open_page(token, PHONE, call.call_id);
    say_back(desk, call.call_id, "halo");
    free_frame(hear(page, SIGAP__V1__FRAME__BODY_CALLER_MESSAGE, true));
    free_frame(hear(again, SIGAP__V1__FRAME__BODY_CALLER_MESSAGE, true));
    /* A newer link ends both. */
    new_link(desk, call.call_id, newer);
    frame_t *view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_ENDED);
    assert_string_equal(view->caller_view->ended, "REPLACED");
    free_frame(view);
    free_frame(hear_stage(again, SIGAP__V1__CALLER_STAGE__STAGE_ENDED));
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    said.text = (char *)"halo";
    ASK_REFUSED(again, SAY_TO_DESK, &said, SGP_E_UNAUTHENTICATED);
    cannot_open(token, PHONE, SGP_E_UNAUTHENTICATED);
    sgp_client_close(page);
    page = open_page(newer, PHONE, call.call_id);
    /* The incident closes: its phone is told so, another learns nothing. */
    close_incident(desk, call.incident_id);
    free_frame(hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_ENDED));
    cannot_open(newer, PHONE, SGP_E_STATE);
    cannot_open(newer, OTHER, SGP_E_UNAUTHENTICATED);
    sgp_client_close(again);
    sgp_client_close(page);
    sgp_client_close(desk);
}

/* One link, opened again and again, takes a few places and not everybody's. */
static void test_page_opened_too_often(void **state) {
    (void)state;
    enum { PAGES = 9 };
    sgp_client *desk = connect_as(NULL), *pages[PAGES];
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk);
    new_link(desk, call.call_id, token);
    for (int i = 0; i < PAGES; i++)
        pages[i] = open_page(token, PHONE, call.call_id);
    frame_t *gone = hear(pages[0], SIGAP__V1__FRAME__BODY_ERROR, true);
    assert_string_equal(gone->error->code, "FULL");
    free_frame(gone);
    say_back(desk, call.call_id, "halo");
    for (int i = 1; i < PAGES; i++)
        free_frame(hear(pages[i], SIGAP__V1__FRAME__BODY_CALLER_MESSAGE, true));
    for (int i = 0; i < PAGES; i++)
        sgp_client_close(pages[i]);
    close_incident(desk, call.incident_id);
    sgp_client_close(desk);
}

/* ---- words --------------------------------------------------------------------------------- */

/* The next update with words for that role; NULL: what comes first has none but the call's count.
 */
static frame_t *hear_words(sgp_client *client) {
    for (int i = 0; i < 50; i++) {
        frame_t *push = hear(client, SIGAP__V1__FRAME__BODY_UPDATE, false);
        if (push->update->n_caller_messages > 0)
            return push;
        free_frame(push);
    }
    fail_msg("no words came");
    return NULL;
}

static uint32_t hear_unread(sgp_client *client, uint64_t call) {
    for (int i = 0; i < 50; i++) {
        frame_t *push = hear(client, SIGAP__V1__FRAME__BODY_UPDATE, false);
        assert_int_equal(push->update->n_caller_messages, 0);
        for (size_t k = 0; k < push->update->n_calls; k++)
            if (push->update->calls[k]->id == call && push->update->calls[k]->chat != NULL &&
                push->update->calls[k]->chat->messages > 0) {
                uint32_t unread = push->update->calls[k]->chat->unread;
                free_frame(push);
                return unread;
            }
        free_frame(push);
    }
    fail_msg("the call was never told");
    return 0;
}

static void test_words_go_both_ways(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL), *viewer = connect_as(child.viewer);
    sgp_client *dispatcher = connect_as(child.dispatcher);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    Sigap__V1__Done call = report_call(desk);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    free_frame(ASK(dispatcher, WATCH, &watch, UPDATE));
    free_frame(ASK(viewer, WATCH, &watch, UPDATE));

    /* Twice with the same id: once. */
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    sgp_uuid id = sgp_uuid_make();
    said.text = (char *)SECRET;
    said.sign = SIGAP__V1__CALLER_SIGN__SIGN_CANNOT_SPEAK;
    for (int i = 0; i < 2; i++) {
        frame_t request = request_of(SIGAP__V1__FRAME__BODY_SAY_TO_DESK, &said);
        request.id.data = id.bytes;
        request.id.len = sizeof id.bytes;
        frame_t *reply = ask(page, &request);
        assert_int_equal(reply->done->repeated_request, i);
        free_frame(reply);
    }
    frame_t *words = hear_words(dispatcher);
    const Sigap__V1__CallerMessage *heard = words->update->caller_messages[0];
    assert_string_equal(heard->text, SECRET);
    assert_true(heard->by_caller);
    assert_int_equal(heard->sign, SIGAP__V1__CALLER_SIGN__SIGN_CANNOT_SPEAK);
    assert_int_equal(heard->call_id, call.call_id);
    assert_int_equal(heard->incident_id, call.incident_id);
    uint64_t seq = heard->seq;
    free_frame(words);
    /* Who may not hear callers sees that something waits, and no words. */
    assert_int_equal(hear_unread(viewer, call.call_id), 1);

    Sigap__V1__ReadMessages read = SIGAP__V1__READ_MESSAGES__INIT;
    read.call_id = call.call_id;
    read.seq = seq;
    (void)DO(dispatcher, READ_MESSAGES, &read);
    assert_int_equal(hear_unread(viewer, call.call_id), 0);
    read.seq = seq + 1000;
    ASK_REFUSED(dispatcher, READ_MESSAGES, &read, SGP_E_RANGE);

    say_back(dispatcher, call.call_id, "Kami dengar Anda. Ketik saja.");
    frame_t *told = hear(page, SIGAP__V1__FRAME__BODY_CALLER_MESSAGE, true);
    while (told->caller_message->by_caller) { /* its own, for its other lines */
        free_frame(told);
        told = hear(page, SIGAP__V1__FRAME__BODY_CALLER_MESSAGE, true);
    }
    assert_string_equal(told->caller_message->text, "Kami dengar Anda. Ketik saja.");
    free_frame(told);
    (void)say(page, "", SIGAP__V1__CALLER_SIGN__SIGN_WORSE);

    frame_t *all = conversation(page, 0);
    holds_no_names(all);
    assert_int_equal(all->conversation->n_messages, 3);
    free_frame(all);
    all = conversation(desk, call.call_id);
    assert_int_equal(all->conversation->n_messages, 3);
    assert_string_equal(all->conversation->messages[1]->actor, "dispatcher");
    assert_int_equal(all->conversation->chat->unread, 1);
    assert_int_equal(all->conversation->chat->last_sign, SIGAP__V1__CALLER_SIGN__SIGN_WORSE);
    free_frame(all);

    /* They stand in the incident's log, in order. */
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    get.incident_id = call.incident_id;
    frame_t *log = ASK(desk, GET_LOG, &get, LOG);
    size_t n = 0;
    for (size_t i = 0; i < log->log->n_entries; i++) {
        const Sigap__V1__LogEntry *entry = log->log->entries[i];
        assert_true(i == 0 || log->log->entries[i - 1]->seq <= entry->seq);
        if (strcmp(entry->event, "MESSAGE_SAID") == 0 && n++ == 0) {
            assert_string_equal(entry->text, SECRET);
            assert_true(entry->by_caller);
        }
    }
    assert_int_equal(n, 3);
    free_frame(log);

    said.text = (char *)"   ";
    said.sign = SIGAP__V1__CALLER_SIGN__SIGN_NONE;
    ASK_REFUSED(page, SAY_TO_DESK, &said, SGP_E_ARGUMENT);
    static char long_text[1100];
    memset(long_text, 'a', sizeof long_text - 1);
    said.text = long_text;
    ASK_REFUSED_WITH(page, SAY_TO_DESK, &said, SGP_E_ARGUMENT, "1000 bytes");
    sgp_client_close(page);
    sgp_client_close(dispatcher);
    sgp_client_close(viewer);
    sgp_client_close(desk);
}

/* Whoever has a link cannot fill the journal with it, and others are heard meanwhile. */
static void test_words_too_often(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(desk), next = report_call(desk);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    sgp_client *other = open_page(new_link(desk, next.call_id, token), OTHER, next.call_id);
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    said.text = (char *)"lagi";
    int refused = 0, sent = 0;
    while (refused == 0 && sent < 200) {
        frame_t request = request_of(SIGAP__V1__FRAME__BODY_SAY_TO_DESK, &said), *reply = NULL;
        sgp_fault fault = {0};
        sgp_err err = sgp_client_request(page, &request, 0, &reply, &fault);
        assert_true(err == SGP_OK || err == SGP_E_FULL);
        refused += err == SGP_E_FULL;
        sent += err == SGP_OK;
        free_frame(reply);
    }
    assert_int_equal(refused, 1);
    assert_true(sent >= 12);
    (void)say(other, "halo", SIGAP__V1__CALLER_SIGN__SIGN_NONE);
    sgp_client_close(other);
    sgp_client_close(page);
    sgp_client_close(desk);
}

/* The page tells where its phone is, without a holder in each position. */
static void test_page_shares_its_position(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__ReportCall report = SIGAP__V1__REPORT_CALL__INIT;
    report.place_text = (char *)"rumah pagar hijau";
    Sigap__V1__Done call = DO(desk, REPORT_CALL, &report);
    sgp_client *page = open_page(new_link(desk, call.call_id, token), PHONE, call.call_id);
    free_frame(hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_WHERE));
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__PhonePoint where = SIGAP__V1__PHONE_POINT__INIT;
    Sigap__V1__ShareMyPosition share = SIGAP__V1__SHARE_MY_POSITION__INIT;
    point.lon = 112.640;
    point.lat = -7.960;
    where.point = &point;
    where.radius_m = 12;
    share.position = &where;
    (void)DO(page, SHARE_MY_POSITION, &share);
    frame_t *view = hear_stage(page, SIGAP__V1__CALLER_STAGE__STAGE_SEARCHING);
    assert_int_equal(view->caller_view->phone_radius_m, 12);
    free_frame(view);
    sgp_client_close(page);
    sgp_client_close(desk);
}

/* ---- a crash, and forgetting ------------------------------------------------------------------
 */

static uint64_t kept_call, kept_incident;
static char kept_token[SGP_TOKEN_TEXT];

static void test_words_survive_a_kill(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    Sigap__V1__Done call = report_call(desk);
    kept_call = call.call_id;
    kept_incident = call.incident_id;
    sgp_client *page = open_page(new_link(desk, kept_call, kept_token), PHONE, kept_call);
    Sigap__V1__SayToDesk said = SIGAP__V1__SAY_TO_DESK__INIT;
    sgp_uuid id = sgp_uuid_make();
    said.text = (char *)SECRET;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SAY_TO_DESK, &said);
    request.id.data = id.bytes;
    request.id.len = sizeof id.bytes;
    free_frame(ask(page, &request));
    sgp_client_close(page);
    sgp_client_close(desk);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);

    cannot_open(kept_token, OTHER, SGP_E_UNAUTHENTICATED);
    desk = connect_as(NULL);
    page = open_page(kept_token, PHONE, kept_call);
    frame_t *reply = ask(page, &request); /* it did not hear the answer */
    assert_true(reply->done->repeated_request);
    free_frame(reply);
    frame_t *all = conversation(desk, kept_call);
    assert_int_equal(all->conversation->n_messages, 1);
    assert_string_equal(all->conversation->messages[0]->text, SECRET);
    assert_int_equal(all->conversation->chat->unread, 1);
    free_frame(all);
    /* And from a snapshot. */
    sgp_client_close(page);
    sgp_client_close(desk);
    assert_int_equal(child_stop(&child, SIGTERM), 0);
    child_start(&child, SIGAPD);
    desk = connect_as(NULL);
    all = conversation(desk, kept_call);
    assert_int_equal(all->conversation->n_messages, 1);
    assert_string_equal(all->conversation->messages[0]->text, SECRET);
    free_frame(all);
    sgp_client_close(desk);
}

static void test_words_are_nowhere_in_plain(void **state) {
    (void)state;
    static const char *const FILES[] = {"journal", "journal-wal", "log"};
    size_t read = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", child.folder, FILES[i]);
        FILE *file = fopen(path, "rb");
        char *bytes = malloc(16 << 20);
        assert_non_null(bytes);
        size_t length = file != NULL ? fread(bytes, 1, 16 << 20, file) : 0;
        if (file != NULL)
            fclose(file);
        read += length;
        assert_null(memmem(bytes, length, SECRET, strlen(SECRET)));
        assert_null(memmem(bytes, length, kept_token, strlen(kept_token)));
        free(bytes);
    }
    assert_true(read > 10000);
}

static void test_words_are_erased_with_their_incident(void **state) {
    (void)state;
    char path[128], key[128];
    snprintf(path, sizeof path, "%s/journal", child.folder);
    snprintf(key, sizeof key, "%s/key", child.folder);
    assert_int_equal(child_stop(&child, SIGTERM), 0);
    sgp_journal *journal = NULL;
    sgp_fault fault = {0};
    sgp_journal_options options = {.path = path, .key_file = key, .commit = "test"};
    if (sgp_journal_open(&options, &journal, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_journal_erase(journal, kept_incident), SGP_OK);
    sgp_journal_close(journal);
    child_start(&child, SIGAPD);
    sgp_client *desk = connect_as(NULL);
    sgp_client *page = open_page(kept_token, PHONE, kept_call);
    for (int i = 0; i < 2; i++) {
        frame_t *all = conversation(i == 0 ? desk : page, kept_call);
        assert_int_equal(all->conversation->n_messages, 1);
        assert_string_equal(all->conversation->messages[0]->text, "");
        assert_true(all->conversation->messages[0]->erased);
        free_frame(all);
    }
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    get.incident_id = kept_incident;
    frame_t *log = ASK(desk, GET_LOG, &get, LOG);
    bool erased = false;
    for (size_t i = 0; i < log->log->n_entries; i++)
        if (strcmp(log->log->entries[i]->event, "MESSAGE_SAID") == 0)
            erased = log->log->entries[i]->erased && log->log->entries[i]->text[0] == '\0';
    assert_true(erased);
    free_frame(log);
    sgp_client_close(page);
    sgp_client_close(desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_follows_the_help),
        cmocka_unit_test(test_page_reads_first_aid),
        cmocka_unit_test(test_page_may_say_little),
        cmocka_unit_test(test_page_link_is_one_phones),
        cmocka_unit_test(test_page_opened_too_often),
        cmocka_unit_test(test_words_go_both_ways),
        cmocka_unit_test(test_words_too_often),
        cmocka_unit_test(test_page_shares_its_position),
        cmocka_unit_test(test_words_survive_a_kill),
        cmocka_unit_test(test_words_are_nowhere_in_plain),
        cmocka_unit_test(test_words_are_erased_with_their_incident),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
