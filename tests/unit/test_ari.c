/* Events and channels of an exchange, as they come and as they should not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "serve/ari.h"

#define CHANNEL(id, state)                                                                         \
    "{\"id\":\"" id "\",\"state\":\"" state "\",\"caller\":{\"name\":\"Made Up\",\"number\":"      \
    "\"+6280000001\"},\"dialplan\":{\"context\":\"from-trunk\",\"exten\":\"119\",\"priority\":2,"  \
    "\"app_name\":\"Stasis\",\"app_data\":\"sigap,112\"}}"

static sgp_ari_event read_event(const char *json) {
    sgp_ari_event event;
    sgp_fault fault = {.text = ""};
    if (sgp_ari_read_event(json, strlen(json), &event, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return event;
}

static void test_ari_events(void **state) {
    (void)state;
    static const struct {
        const char *type;
        sgp_ari_kind kind;
    } rows[] = {{"StasisStart", SGP_ARI_CAME},      {"ChannelStateChange", SGP_ARI_STATE},
                {"ChannelHold", SGP_ARI_HELD},      {"ChannelUnhold", SGP_ARI_RESUMED},
                {"ChannelDestroyed", SGP_ARI_GONE}, {"StasisEnd", SGP_ARI_GONE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char json[600];
        snprintf(json, sizeof json, "{\"type\":\"%s\",\"application\":\"sigap\",\"channel\":%s}",
                 rows[i].type, CHANNEL("1.2", "Ring"));
        sgp_ari_event event = read_event(json);
        assert_int_equal(event.kind, rows[i].kind);
        assert_string_equal(event.channel.id, "1.2");
        assert_string_equal(event.channel.number, "+6280000001");
        assert_string_equal(event.channel.application, "sigap");
        assert_string_equal(event.channel.line, "112");
        assert_false(event.channel.is_up);
    }
    assert_true(read_event("{\"type\":\"ChannelStateChange\",\"channel\":" CHANNEL("1.2", "Up") "}")
                    .channel.is_up);
    assert_int_equal(read_event("{\"type\":\"ApplicationReplaced\"}").kind, SGP_ARI_REPLACED);
    assert_int_equal(read_event("{\"type\":\"ChannelDtmfReceived\",\"digit\":\"1\"}").kind,
                     SGP_ARI_OTHER);
    assert_int_equal(read_event("{}").kind, SGP_ARI_OTHER);
}

/* The line is what the dialplan gives us, before what was dialled. */
static void test_ari_lines(void **state) {
    (void)state;
    assert_string_equal(
        read_event(
            "{\"type\":\"StasisStart\",\"args\":[\"118\"],\"channel\":" CHANNEL("1.2", "Ring") "}")
            .channel.line,
        "118");
    assert_string_equal(
        read_event("{\"type\":\"StasisStart\",\"args\":[],\"channel\":{\"id\":\"1\","
                   "\"dialplan\":{\"exten\":\"110\"}}}")
            .channel.line,
        "110");
    assert_string_equal(read_event("{\"type\":\"StasisStart\",\"args\":[\""
                                   "123456789012345678901234567890"
                                   "\"],\"channel\":{\"id\":\"1\"}}")
                            .channel.line,
                        "12345678901234567890123"); /* cut */
    assert_string_equal(
        read_event("{\"type\":\"StasisStart\",\"args\":[\"a\\nb\"],\"channel\":{\"id\":\"1\"}}")
            .channel.line,
        "a?b");
}

static void test_ari_recordings(void **state) {
    (void)state;
    sgp_ari_event event =
        read_event("{\"type\":\"RecordingFinished\",\"recording\":{\"name\":\"sigap-7\","
                   "\"target_uri\":\"channel:1.2\",\"state\":\"done\"}}");
    assert_int_equal(event.kind, SGP_ARI_RECORDED);
    assert_string_equal(event.recording, "sigap-7");
    assert_string_equal(event.channel.id, "1.2");
    event = read_event("{\"type\":\"RecordingFinished\",\"recording\":{\"name\":\"sigap-9\","
                       "\"target_uri\":\"bridge:sigap-9\"}}");
    assert_int_equal(event.kind, SGP_ARI_RECORDED);
    assert_string_equal(event.bridge, "sigap-9");
    assert_string_equal(event.channel.id, "");
    assert_int_equal(read_event("{\"type\":\"RecordingFinished\",\"recording\":{\"name\":\"x\","
                                "\"target_uri\":\"endpoint:1\"}}")
                         .kind,
                     SGP_ARI_OTHER);
}

/* Why a channel is no more; leaving our hands is not its end. */
static void test_ari_ends(void **state) {
    (void)state;
    sgp_ari_event event = read_event("{\"type\":\"ChannelDestroyed\",\"cause\":38,"
                                     "\"channel\":" CHANNEL("1.2", "Up") "}");
    assert_true(event.is_destroyed);
    assert_int_equal(event.cause, 38);
    event = read_event("{\"type\":\"ChannelDestroyed\",\"cause\":-7,"
                       "\"channel\":" CHANNEL("1.2", "Up") "}");
    assert_int_equal(event.cause, 0);
    event = read_event("{\"type\":\"StasisEnd\",\"channel\":" CHANNEL("1.2", "Up") "}");
    assert_false(event.is_destroyed);
}

static void test_ari_nonsense(void **state) {
    (void)state;
    static const char *const rows[] = {
        "",
        "{",
        "[]",
        "\"StasisStart\"",
        "{\"type\":\"StasisStart\"}",
        "{\"type\":\"StasisStart\",\"channel\":[]}",
        "{\"type\":\"StasisStart\",\"channel\":{\"id\":\"\"}}",
        "{\"type\":\"StasisStart\",\"channel\":{\"id\":\"a\\u0007b\"}}",
        "{\"type\":\"StasisStart\",\"channel\":{\"id\":7}}",
        "{\"type\":\"RecordingFinished\",\"recording\":{\"name\":\"\",\"target_uri\":\"channel:1\"}"
        "}",
        "{\"type\":\"RecordingFinished\",\"recording\":{\"name\":\"x\",\"target_uri\":\"channel:\"}"
        "}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_ari_event event;
        sgp_fault fault = {.text = ""};
        assert_int_equal(sgp_ari_read_event(rows[i], strlen(rows[i]), &event, &fault),
                         SGP_E_FORMAT);
        assert_true(fault.text[0] != '\0');
    }
}

static void note(void *ctx, const sgp_ari_channel *channel) {
    char *found = ctx;
    strcat(found, channel->id);
    strcat(found, channel->is_up ? "+ " : " ");
}

static void test_ari_channels(void **state) {
    (void)state;
    static const char list[] =
        "[" CHANNEL("1.2", "Up") ",{\"id\":\"\"},7," CHANNEL("1.3", "Ring") "]";
    char found[64] = "";
    sgp_fault fault = {.text = ""};
    assert_int_equal(sgp_ari_read_channels(list, strlen(list), note, found, &fault), SGP_OK);
    assert_string_equal(found, "1.2+ 1.3 ");
    assert_int_equal(sgp_ari_read_channels("{}", 2, note, found, &fault), SGP_E_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ari_events),     cmocka_unit_test(test_ari_lines),
        cmocka_unit_test(test_ari_recordings), cmocka_unit_test(test_ari_ends),
        cmocka_unit_test(test_ari_nonsense),   cmocka_unit_test(test_ari_channels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
