/* Telephones that ring: rings, take, call-back. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/ring_told.h"
#include "base/clock.h"

/* ---- rings -------------------------------------------------------------------- */

static const char rings_help[] =
    "sigap rings - telephones that ring, missed ones, answer times\n"
    "\n"
    "USAGE\n"
    "  sigap rings [--all | --missed | --summary] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  Without options: what rings or is being talked to, oldest first, after the\n"
    "  exchanges that are away. A '!' behind a number: it is marked because of pranks.\n"
    "  With --missed: who hung up before anybody answered and waits to be called back.\n"
    "  With --summary: by line, how many rang and how soon they were answered, against\n"
    "  the target of sigap.conf (rules.ring_target_s), over what the engine still\n"
    "  remembers (rules.ring_keep_h, at most 4,096).\n"
    "\n"
    "OPTIONS\n"
    "  --all              also those that are over\n"
    "  --missed           who waits to be called back\n"
    "  --summary          answer times by line\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is nothing to list\n";

static bool ask_page(const sgp_options *o, Sigap__V1__ListRings *ask, int *exit_code,
                     Sigap__V1__Frame **reply) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_RINGS;
    request.list_rings = ask;
    *exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_RING_PAGE, reply);
    return *exit_code == 0;
}

static int show_rings(const sgp_options *o, const Sigap__V1__RingPage *page, bool missed,
                      bool summary) {
    char text[400];
    size_t n = summary ? page->n_summary : page->n_rings;
    if (o->json) {
        int printed = sgp_print_message_json(&page->base);
        return printed != 0 ? printed : n > 0 ? 0 : 1;
    }
    for (size_t i = 0; i < page->n_exchanges; i++)
        if (page->exchanges[i]->away)
            printf("%s\n", sgp_exchange_text(o->language, page->exchanges[i], text, sizeof text));
    if (n == 0) {
        puts(sgp_text_get(o->language, summary  ? SGP_TEXT_NO_RINGS_YET
                                       : missed ? SGP_TEXT_NO_MISSED
                                                : SGP_TEXT_NO_RINGS));
        return 1;
    }
    if (summary)
        sgp_ring_summary_print(o->language, page, stdout);
    else
        sgp_ring_table_print(o->language, page, stdout);
    return 0;
}

int app_rings(int argc, char **argv) {
    static const struct option own[] = {{"all", no_argument, NULL, 'a'},
                                        {"missed", no_argument, NULL, 'm'},
                                        {"summary", no_argument, NULL, 's'},
                                        {0}};
    enum { PAGES_MAX = 32, PAGE_ROWS = 200 };
    sgp_options o;
    sgp_options_init(&o, "rings", rings_help);
    Sigap__V1__ListRings ask = SIGAP__V1__LIST_RINGS__INIT;
    int c, chosen = 0, exit_code = 0;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (chosen != 0 && chosen != c)
            return sgp_usage(&o, "one of --all, --missed and --summary");
        chosen = c;
    }
    if (!sgp_decision_count(&o, argc - optind, 0, 0))
        return o.exit_code;
    ask.limit = PAGE_ROWS;
    ask.missed = chosen == 'm';
    ask.include_over = chosen == 'a';
    Sigap__V1__Frame *replies[PAGES_MAX];
    Sigap__V1__Ring **rows = calloc(PAGES_MAX * PAGE_ROWS, sizeof *rows);
    Sigap__V1__RingPage all = SIGAP__V1__RING_PAGE__INIT;
    size_t n = 0, n_rows = 0;
    do {
        if (rows == NULL || !ask_page(&o, &ask, &exit_code, &replies[n]))
            break;
        const Sigap__V1__RingPage *page = replies[n++]->ring_page;
        all = *page; /* exchanges and summary of the newest */
        for (size_t i = 0; i < page->n_rings && i < PAGE_ROWS; i++)
            rows[n_rows++] = page->rings[i];
        ask.after_id = page->next_after_id;
    } while (ask.after_id != 0 && n < PAGES_MAX && chosen != 's');
    all.rings = rows;
    all.n_rings = n_rows;
    all.next_after_id = 0;
    if (rows == NULL)
        exit_code = 3;
    else if (exit_code == 0)
        exit_code = show_rings(&o, &all, ask.missed, chosen == 's');
    for (size_t i = 0; i < n; i++)
        sigap__v1__frame__free_unpacked(replies[i], NULL);
    free(rows);
    return exit_code;
}

/* ---- take ------------------------------------------------------------------------ */

static const char take_help[] =
    "sigap take - take a ringing telephone, and make a call of it\n"
    "\n"
    "USAGE\n"
    "  sigap take [RING] [--at PLACE] [--complaint CODE] [--priority P] [--no-call]\n"
    "  sigap take RING --give-back\n"
    "\n"
    "DESCRIPTION\n"
    "  Claims the ring (the oldest that rings where none is named), has the exchange\n"
    "  connect it, shows what is known of the number (mark, earlier calls, where its\n"
    "  phone is), and reports the call with that number. Where another was first, it is\n"
    "  said who. A claimed ring that the exchange has not connected in time\n"
    "  (rules.ring_claim_s) rings for everybody again.\n"
    "\n"
    "  Without --complaint the call is an incident of priority P3 until it is triaged\n"
    "  (`sigap triage`), so that nobody is sent before somebody knows what for; `sigap\n"
    "  narrow` adds what the caller says about where.\n"
    "\n"
    "OPTIONS\n"
    "  --at PLACE         the caller's words for the place\n"
    "  --complaint CODE   `sigap call --help` lists them\n"
    "  --priority P1..P4  default: by the complaint, P3 without one\n"
    "  --no-call          take it and report nothing yet\n"
    "  --give-back        let a ring that you claimed ring for everybody again\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nothing rings, or the caller hung up first\n";

enum { LOOK_MS = 150, PATIENCE_MS = 120000 };

typedef struct taking {
    sgp_options o;
    sgp_client *client;
    sgp_fault fault;
    Sigap__V1__ReportCall report;
    bool no_call, give_back;
    uint64_t ring;
} taking;

static sgp_err ask(taking *t, Sigap__V1__Frame *request, Sigap__V1__Frame__BodyCase expected,
                   Sigap__V1__Frame **reply) {
    sgp_err err = sgp_client_request(t->client, request, 0, reply, &t->fault);
    if (err == SGP_OK && (*reply)->body_case != expected) {
        sigap__v1__frame__free_unpacked(*reply, NULL);
        err = sgp_fail(&t->fault, SGP_E_FORMAT, "the engine answered something else");
    }
    return err;
}

/* SGP_E_NOT_FOUND, without a fault: nothing rings. */
static sgp_err find_oldest(taking *t) {
    Sigap__V1__ListRings list = SIGAP__V1__LIST_RINGS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    list.limit = 200;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_RINGS;
    request.list_rings = &list;
    sgp_err err = ask(t, &request, SIGAP__V1__FRAME__BODY_RING_PAGE, &reply);
    if (err != SGP_OK)
        return err;
    for (size_t i = 0; i < reply->ring_page->n_rings && t->ring == 0; i++)
        if (reply->ring_page->rings[i]->state == SIGAP__V1__RING_STATE__RINGING)
            t->ring = reply->ring_page->rings[i]->id;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return t->ring != 0 ? SGP_OK : SGP_E_NOT_FOUND;
}

static sgp_err send_take(taking *t) {
    Sigap__V1__TakeRing take = SIGAP__V1__TAKE_RING__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    take.ring_id = t->ring;
    take.give_back = t->give_back;
    request.body_case = SIGAP__V1__FRAME__BODY_TAKE_RING;
    request.take_ring = &take;
    sgp_err err = ask(t, &request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (err == SGP_OK)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return err;
}

static sgp_err get_ring(taking *t, Sigap__V1__Frame **reply) {
    Sigap__V1__GetRing get = SIGAP__V1__GET_RING__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    get.ring_id = t->ring;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_RING;
    request.get_ring = &get;
    return ask(t, &request, SIGAP__V1__FRAME__BODY_RING_DETAIL, reply);
}

/* Waits until the exchange has connected the ring, or it is clear that it will not. The detail is
 * the caller's. */
static sgp_err wait_connected(taking *t, Sigap__V1__Frame **reply) {
    int64_t end_us = sgp_monotonic_us() + PATIENCE_MS * INT64_C(1000);
    for (;;) {
        struct timespec pause = {0, LOOK_MS * 1000000};
        sgp_err err = get_ring(t, reply);
        if (err != SGP_OK ||
            (*reply)->ring_detail->ring->state != SIGAP__V1__RING_STATE__RING_CLAIMED ||
            sgp_monotonic_us() >= end_us)
            return err;
        sigap__v1__frame__free_unpacked(*reply, NULL);
        nanosleep(&pause, NULL);
    }
}

static sgp_err report(taking *t, Sigap__V1__Frame **reply) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    t->report.ring_id = t->ring;
    if (t->report.complaint[0] == '\0' &&
        t->report.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN)
        t->report.priority = SIGAP__V1__PRIORITY__P3;
    request.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    request.report_call = &t->report;
    return ask(t, &request, SIGAP__V1__FRAME__BODY_DONE, reply);
}

static void say(const taking *t, sgp_text key, const Sigap__V1__Ring *ring, int64_t now_ms) {
    char text[256], id[24], time[40] = "";
    if (t->o.json)
        return;
    snprintf(id, sizeof id, "%" PRIu64, t->ring);
    if (ring != NULL)
        sgp_duration_text(t->o.language, sgp_ring_waited_ms(ring, now_ms), time, sizeof time);
    puts(sgp_text_fill(text, sizeof text, t->o.language, key, "ring", id, "time", time, NULL));
    fflush(stdout);
}

/* From the connected ring to its call; the exit code. */
static int make_call(taking *t, const Sigap__V1__RingDetail *detail, sgp_err *err) {
    Sigap__V1__Frame *done = NULL;
    char text[256], call[24], incident[24];
    if (!t->o.json) {
        say(t, SGP_TEXT_RING_CONNECTED, detail->ring, detail->now_ms);
        printf("%s  %s\n", detail->ring->line, sgp_ring_caller_text(t->o.language, detail->ring));
        sgp_ring_detail_print(t->o.language, detail, stdout);
    }
    if (t->no_call)
        return t->o.json ? sgp_print_message_json(&detail->base) : 0;
    *err = report(t, &done);
    if (*err != SGP_OK)
        return 0;
    int exit_code = 0;
    if (t->o.json) {
        exit_code = sgp_print_message_json(&done->done->base);
    } else {
        snprintf(call, sizeof call, "%" PRIu64, done->done->call_id);
        snprintf(incident, sizeof incident, "%" PRIu64, done->done->incident_id);
        puts(sgp_text_fill(text, sizeof text, t->o.language, SGP_TEXT_CALL_TAKEN, "call", call,
                           "incident", incident, NULL));
    }
    sigap__v1__frame__free_unpacked(done, NULL);
    return exit_code;
}

static int take(taking *t) {
    Sigap__V1__Frame *reply = NULL;
    int exit_code = 1;
    sgp_err err = sgp_options_connect(&t->o, t->o.token, &t->client, NULL, &t->fault);
    if (err == SGP_OK && t->ring == 0 && (err = find_oldest(t)) == SGP_E_NOT_FOUND) {
        sgp_client_close(t->client);
        fprintf(t->o.json ? stderr : stdout, "%s\n",
                sgp_text_get(t->o.language, SGP_TEXT_NO_RINGS));
        return 1;
    }
    if (err == SGP_OK)
        err = send_take(t);
    if (err == SGP_OK)
        say(t, t->give_back ? SGP_TEXT_RING_GIVEN_BACK : SGP_TEXT_RING_TAKEN, NULL, 0);
    if (err == SGP_OK && t->give_back)
        exit_code = 0;
    else if (err == SGP_OK)
        err = wait_connected(t, &reply);
    if (err == SGP_OK && reply != NULL) {
        const Sigap__V1__RingDetail *detail = reply->ring_detail;
        if (detail->ring->state == SIGAP__V1__RING_STATE__RING_ABANDONED)
            say(t, SGP_TEXT_RING_HUNG_UP, NULL, 0);
        else if (sgp_ring_waits(detail->ring))
            say(t, SGP_TEXT_RING_NOT_CONNECTED, NULL, 0);
        else
            exit_code = make_call(t, detail, &err);
        sigap__v1__frame__free_unpacked(reply, NULL);
    }
    if (err != SGP_OK) {
        t->fault.code = err;
        exit_code = sgp_complain(&t->o, &t->fault);
    }
    sgp_client_close(t->client);
    return exit_code;
}

int app_take(int argc, char **argv) {
    static const struct option own[] = {
        {"at", required_argument, NULL, 'a'},       {"complaint", required_argument, NULL, 'c'},
        {"priority", required_argument, NULL, 'p'}, {"no-call", no_argument, NULL, 'n'},
        {"give-back", no_argument, NULL, 'b'},      {0}};
    taking t = {.report = SIGAP__V1__REPORT_CALL__INIT};
    sgp_options_init(&t.o, "take", take_help);
    int c;
    while ((c = sgp_options_next(&t.o, argc, argv, own)) != -1) {
        if (c == 'a') {
            t.report.place_text = optarg;
            if (!sgp_option_text(&t.o, "--at", optarg))
                return t.o.exit_code;
        } else if (c == 'c') {
            t.report.complaint = optarg;
            if (!sgp_option_text(&t.o, "--complaint", optarg))
                return t.o.exit_code;
        } else if (c == 'p') {
            t.report.priority = (Sigap__V1__Priority)sgp_priority_parse(optarg);
            if (t.report.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN)
                return sgp_usage(&t.o, "--priority is P1, P2, P3 or P4, not '%s'", optarg);
        } else if (c == 'n') {
            t.no_call = true;
        } else {
            t.give_back = true;
        }
    }
    if (!sgp_decision_count(&t.o, argc - optind, t.give_back ? 1 : 0, 1))
        return t.o.exit_code;
    if (optind < argc && !sgp_decision_number(&t.o, argv[optind], "a ring", &t.ring))
        return t.o.exit_code;
    return take(&t);
}

/* ---- call-back -------------------------------------------------------------------- */

static const char call_back_help[] =
    "sigap call-back - call back who hung up before anybody answered\n"
    "\n"
    "USAGE\n"
    "  sigap call-back RING [--outcome reached|no-answer|not-needed]\n"
    "\n"
    "DESCRIPTION\n"
    "  Without an outcome: you are doing it; the number is shown, and whoever else tries\n"
    "  within a quarter of an hour hears that. Then again with the outcome. No answer\n"
    "  leaves it on the list of missed calls (`sigap rings --missed`), to be tried\n"
    "  again. What the caller has to say is reported with `sigap call --ring RING`.\n"
    "\n"
    "OPTIONS\n"
    "  --outcome WORD     reached, no-answer, or not-needed\n"
    "\n" SGP_HELP_CONNECTION;

static bool parse_outcome(const char *text, Sigap__V1__CallBackState *outcome) {
    static const struct {
        const char *word;
        Sigap__V1__CallBackState state;
    } words[] = {{"reached", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_REACHED},
                 {"no-answer", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NO_ANSWER},
                 {"not-needed", SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NOT_NEEDED}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, text) == 0) {
            *outcome = words[i].state;
            return true;
        }
    return false;
}

/* The number to dial. */
static int show_number(const sgp_options *o, uint64_t ring) {
    Sigap__V1__GetRing get = SIGAP__V1__GET_RING__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    char text[256], id[24];
    get.ring_id = ring;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_RING;
    request.get_ring = &get;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_RING_DETAIL, &reply);
    if (exit_code != 0)
        return exit_code;
    snprintf(id, sizeof id, "%" PRIu64, ring);
    if (o->json) {
        exit_code = sgp_print_message_json(&reply->ring_detail->base);
    } else {
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_RING_DIAL, "ring", id, "number",
                           sgp_ring_caller_text(o->language, reply->ring_detail->ring), NULL));
        sgp_ring_detail_print(o->language, reply->ring_detail, stdout);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_call_back(int argc, char **argv) {
    static const struct option own[] = {{"outcome", required_argument, NULL, 'o'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "call-back", call_back_help);
    Sigap__V1__CallBack back = SIGAP__V1__CALL_BACK__INIT;
    back.outcome = SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        if (!parse_outcome(optarg, &back.outcome))
            return sgp_usage(&o, "--outcome is reached, no-answer or not-needed, not '%s'", optarg);
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_decision_number(&o, argv[optind], "a ring", &back.ring_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_CALL_BACK;
    request.call_back = &back;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (exit_code != 0)
        return exit_code;
    char text[256], id[24];
    snprintf(id, sizeof id, "%" PRIu64, back.ring_id);
    if (back.outcome == SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED)
        exit_code = show_number(&o, back.ring_id);
    else if (o.json)
        exit_code = sgp_print_message_json(&reply->done->base);
    else
        puts(sgp_text_fill(text, sizeof text, o.language, SGP_TEXT_RING_BACK_NOTED, "ring", id,
                           "outcome", sgp_call_back_text(o.language, (int)back.outcome), NULL));
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
