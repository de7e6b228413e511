/* Whatever a telephone exchange sends as an event or as its list of channels: what is read is
 * plain and within its bounds, a channel has an id, and a fault never repeats a run of digits,
 * which could be a number. Seeds: the folder ari beside this file. */
#include <stdlib.h>
#include <string.h>

#include "fuzz_fragments.h"
#include "serve/ari.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

static void check_plain(const char *text, size_t bytes) {
    check(memchr(text, '\0', bytes) != NULL);
    for (; *text != '\0'; text++)
        check(*text >= ' ' && *text < 127);
}

static void check_fault(const sgp_fault *fault) {
    check(fault->text[0] != '\0');
    for (const char *at = fault->text; *at != '\0'; at++)
        check(strspn(at, "0123456789") < 7);
}

static void check_channel(const sgp_ari_channel *channel) {
    check(channel->id[0] != '\0');
    check_plain(channel->id, sizeof channel->id);
    check_plain(channel->line, sizeof channel->line);
    check_plain(channel->number, sizeof channel->number);
    check_plain(channel->application, sizeof channel->application);
}

static void visit(void *ctx, const sgp_ari_channel *channel) {
    ++*(size_t *)ctx;
    check_channel(channel);
}

static void read_both(const char *text, size_t length) {
    sgp_ari_event event;
    sgp_fault fault = {.text = ""};
    size_t n = 0;
    if (sgp_ari_read_event(text, length, &event, &fault) != SGP_OK) {
        check_fault(&fault);
    } else {
        check(event.kind >= SGP_ARI_OTHER && event.kind <= SGP_ARI_REPLACED);
        check_plain(event.bridge, sizeof event.bridge);
        if (event.bridge[0] != '\0')
            check(event.kind == SGP_ARI_RECORDED && event.channel.id[0] == '\0');
        else if (event.kind != SGP_ARI_OTHER && event.kind != SGP_ARI_REPLACED)
            check_channel(&event.channel);
        check(event.cause >= 0 && event.cause < 256);
        check_plain(event.recording, sizeof event.recording);
        check((event.kind == SGP_ARI_RECORDED) == (event.recording[0] != '\0'));
    }
    fault.text[0] = '\0';
    if (sgp_ari_read_channels(text, length, visit, &n, &fault) != SGP_OK)
        check_fault(&fault);
    check(n <= length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const PIECES[] = {
        "{\"type\":\"StasisStart\",\"application\":\"sigap\",\"args\":[\"112\"],\"channel\":",
        "{\"type\":\"ChannelStateChange\",\"channel\":",
        "{\"type\":\"RecordingFinished\",\"recording\":",
        "{\"type\":\"ApplicationReplaced\"",
        "{\"id\":\"1700000000.1\",\"state\":\"Up\",\"caller\":{\"number\":\"0800\"}",
        ",\"dialplan\":{\"app_name\":\"Stasis\",\"app_data\":\"sigap,112,x\",\"exten\":\"112\"}",
        "{\"name\":\"sigap-1\",\"target_uri\":\"channel:1700000000.1\"",
        "\"ChannelHold\"",
        "\"ChannelUnhold\"",
        "\"ChannelDestroyed\"",
        "\"StasisEnd\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"id\"",
        "\"type\"",
        "\"args\"",
        "\"channel\"",
        "\"caller\"",
        "\"number\"",
        "\"dialplan\"",
        "\"app_data\"",
        "\"exten\"",
        "null",
        "1",
        "-1e9",
        "\"112\"",
        "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "\"a,b,,c\"",
        "\"\"",
        " ",
        "\xff"};
    read_both((const char *)data, size);
    char *text = fuzz_text(data, size, PIECES, sizeof PIECES / sizeof *PIECES);
    if (text != NULL)
        read_both(text, strlen(text));
    free(text);
    return 0;
}
