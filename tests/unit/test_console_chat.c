/* Words of a caller's page at the console: a bell, a line at the top until they are read, the
 * incident's own page with quick answers, and what `text` and `read` send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console/chat.h"
#include "console_desk.h"

/* The call of incident 3 has said something; 0 unread: it was read. */
static void hear_words(uint64_t seq, const char *text, Sigap__V1__CallerSign sign,
                       uint32_t unread) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Call call = SIGAP__V1__CALL__INIT, *calls = &call;
    Sigap__V1__Chat chat = SIGAP__V1__CHAT__INIT;
    Sigap__V1__CallerMessage said = SIGAP__V1__CALLER_MESSAGE__INIT, *list = &said;
    call.id = 33;
    call.incident_id = 3;
    call.chat = &chat;
    chat.messages = 1;
    chat.unread = unread;
    chat.last_seq = seq;
    chat.last_at_ms = TOWN_MS - 5000;
    said.seq = seq;
    said.call_id = 33;
    said.incident_id = 3;
    said.by_caller = true;
    said.sign = sign;
    said.text = (char *)text;
    said.at_ms = TOWN_MS - 5000;
    update.at_ms = now_ms;
    update.calls = &calls;
    update.n_calls = 1;
    update.caller_messages = &list;
    update.n_caller_messages = unread > 0;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    hear(town_news(&frame, 0));
}

static void test_words_stand_at_the_top_until_read(void **state) {
    (void)state;
    begin_up(SGP_ENGLISH);
    (void)sgp_console_bells(console);
    hear_words(70, "I am in the bathroom\033[2J", SIGAP__V1__CALLER_SIGN__SIGN_CANNOT_SPEAK, 1);
    shows(screen(24, 120), "WORDS OF A CALLER 1");
    shows(screen(24, 120), "CANNOT SPEAK");
    shows(screen(24, 120), "I am in the bathroom");
    assert_int_equal(sgp_console_bells(console), 1);
    wait_ms(2000); /* once for each word */
    assert_int_equal(sgp_console_bells(console), 0);
    hear_words(71, "he is at the door", SIGAP__V1__CALLER_SIGN__SIGN_NONE, 2);
    shows(screen(24, 120), "WORDS OF A CALLER 2");
    assert_int_equal(sgp_console_bells(console), 1);

    type("read #3\r");
    const town_sent *last = town_last(&sent, SIGAP__V1__FRAME__BODY_READ_MESSAGES);
    assert_non_null(last);
    assert_int_equal(last->frame->read_messages->call_id, 33);
    assert_int_equal(last->frame->read_messages->seq, 71);
    type("text #3 2\r");
    last = town_last(&sent, SIGAP__V1__FRAME__BODY_SAY_TO_CALLER);
    assert_non_null(last);
    assert_int_equal(last->frame->say_to_caller->call_id, 33);
    assert_string_equal(last->frame->say_to_caller->text, sgp_quick_answer(SGP_ENGLISH, 2));
    type("text #3 2 people?\r");
    last = town_last(&sent, SIGAP__V1__FRAME__BODY_SAY_TO_CALLER);
    assert_string_equal(last->frame->say_to_caller->text, "2 people?");
    hear_words(72, "", SIGAP__V1__CALLER_SIGN__SIGN_NONE, 0);
    hides(screen(24, 120), "WORDS OF A CALLER");
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_stand_at_the_top_until_read),
    };
    sgp_canvas_locale();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
