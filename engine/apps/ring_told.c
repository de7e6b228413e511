#include "apps/ring_told.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/call_told.h"
#include "apps/print.h"

static const char *numbered(sgp_language language, sgp_text first, sgp_text last, int number) {
    return number < 0 || number > (int)(last - first)
               ? "?"
               : sgp_text_get(language, (sgp_text)((int)first + number));
}

const char *sgp_ring_state_text(sgp_language language, int state) {
    return numbered(language, SGP_TEXT_RING_UNKNOWN, SGP_TEXT_RING_ABANDONED, state);
}

const char *sgp_call_back_text(sgp_language language, int state) {
    return numbered(language, SGP_TEXT_BACK_NONE, SGP_TEXT_BACK_RANG_AGAIN, state);
}

const char *sgp_ring_caller_text(sgp_language language, const Sigap__V1__Ring *ring) {
    if (ring->caller_number[0] != '\0')
        return ring->caller_number;
    return ring->has_number ? "" : sgp_text_get(language, SGP_TEXT_RING_WITHHELD);
}

int64_t sgp_ring_waited_ms(const Sigap__V1__Ring *ring, int64_t now_ms) {
    int64_t until_ms = ring->answered_at_ms > 0 ? ring->answered_at_ms
                       : ring->ended_at_ms > 0  ? ring->ended_at_ms
                                                : now_ms;
    return until_ms > ring->rang_at_ms ? until_ms - ring->rang_at_ms : 0;
}

bool sgp_ring_is_missed(const Sigap__V1__Ring *ring) {
    return ring->state == SIGAP__V1__RING_STATE__RING_ABANDONED &&
           (ring->back_state == SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NONE ||
            ring->back_state == SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED ||
            ring->back_state == SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NO_ANSWER);
}

bool sgp_ring_waits(const Sigap__V1__Ring *ring) {
    return ring->state == SIGAP__V1__RING_STATE__RINGING ||
           ring->state == SIGAP__V1__RING_STATE__RING_CLAIMED;
}

/* ---- sentences --------------------------------------------------------------------- */

static sgp_text key_of_news(const Sigap__V1__Ring *old, const Sigap__V1__Ring *now) {
    switch (now->state) {
    case SIGAP__V1__RING_STATE__RINGING:
        return old == NULL ? SGP_TEXT_TOLD_RING : SGP_TEXT_TOLD_RING_AGAIN;
    case SIGAP__V1__RING_STATE__RING_CLAIMED:
        return SGP_TEXT_TOLD_RING_TAKEN;
    case SIGAP__V1__RING_STATE__RING_ANSWERED:
        return SGP_TEXT_TOLD_RING_ANSWERED;
    case SIGAP__V1__RING_STATE__RING_HELD:
        return SGP_TEXT_TOLD_RING_HELD;
    case SIGAP__V1__RING_STATE__RING_ENDED:
        return SGP_TEXT_TOLD_RING_ENDED;
    default:
        return SGP_TEXT_TOLD_RING_MISSED;
    }
}

char *sgp_ring_news_text(sgp_language language, const Sigap__V1__Ring *old,
                         const Sigap__V1__Ring *now, int64_t now_ms, char *out, size_t capacity) {
    char ring[24], time[40], mark[80] = "", n[16];
    bool same = old != NULL && old->state == now->state;
    bool back = same && old->back_state != now->back_state;
    if (capacity > 0)
        out[0] = '\0';
    if (same && !back)
        return out;
    snprintf(ring, sizeof ring, "%" PRIu64, now->id);
    sgp_duration_text(language, sgp_ring_waited_ms(now, now_ms), time, sizeof time);
    if (now->nuisance != NULL) {
        snprintf(n, sizeof n, "%u", now->nuisance->calls);
        sgp_text_fill(mark, sizeof mark, language, SGP_TEXT_TOLD_RING_MARKED, "n", n, NULL);
    }
    return sgp_text_fill(out, capacity, language,
                         back ? SGP_TEXT_TOLD_RING_BACK : key_of_news(old, now), "ring", ring,
                         "line", now->line, "mark", mark, "time", time, "who",
                         back ? now->back_by : now->claimed_by, "outcome",
                         sgp_call_back_text(language, (int)now->back_state), NULL);
}

const char *sgp_away_reason(sgp_language language, const Sigap__V1__Exchange *exchange) {
    switch (exchange->reason) {
    case SIGAP__V1__AWAY_REASON__AWAY_CONNECTING:
        return sgp_text_get(language, SGP_TEXT_AWAY_CONNECTING);
    case SIGAP__V1__AWAY_REASON__AWAY_UNREACHABLE:
        return sgp_text_get(language, SGP_TEXT_AWAY_UNREACHABLE);
    case SIGAP__V1__AWAY_REASON__AWAY_REFUSED:
        return sgp_text_get(language, SGP_TEXT_AWAY_REFUSED);
    case SIGAP__V1__AWAY_REASON__AWAY_STRANGE:
        return sgp_text_get(language, SGP_TEXT_AWAY_STRANGE);
    case SIGAP__V1__AWAY_REASON__AWAY_BROKEN:
        return sgp_text_get(language, SGP_TEXT_AWAY_BROKEN);
    case SIGAP__V1__AWAY_REASON__AWAY_SILENT:
        return sgp_text_get(language, SGP_TEXT_AWAY_SILENT);
    case SIGAP__V1__AWAY_REASON__AWAY_REPLACED:
        return sgp_text_get(language, SGP_TEXT_AWAY_REPLACED);
    default:
        return exchange->fault;
    }
}

char *sgp_exchange_text(sgp_language language, const Sigap__V1__Exchange *exchange, char *out,
                        size_t capacity) {
    char since[16];
    return sgp_text_fill(out, capacity, language,
                         exchange->away ? SGP_TEXT_EXCHANGE_AWAY : SGP_TEXT_EXCHANGE_HERE, "name",
                         exchange->name, "time", sgp_clock_text(exchange->since_ms, since),
                         "reason", sgp_away_reason(language, exchange), NULL);
}

/* ---- one caller ----------------------------------------------------------------------- */

static void print_mark(sgp_language language, const Sigap__V1__Nuisance *mark, FILE *out) {
    char text[256], n[16], until[32] = "-";
    time_t seconds = (time_t)(mark->until_at_ms / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts) != NULL)
        strftime(until, sizeof until, "%Y-%m-%d %H:%M", &parts);
    snprintf(n, sizeof n, "%u", mark->calls);
    fprintf(out, "! %s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_RING_MARK, "n", n, "until", until,
                          NULL));
}

void sgp_ring_detail_print(sgp_language language, const Sigap__V1__RingDetail *detail, FILE *out) {
    char text[256], point[64], radius[16];
    if (detail->ring->nuisance != NULL)
        print_mark(language, detail->ring->nuisance, out);
    for (size_t i = 0; i < detail->n_positions; i++) {
        const Sigap__V1__Place *place = detail->positions[i]->place;
        if (place == NULL || place->point == NULL)
            continue;
        snprintf(point, sizeof point, "%.6f,%.6f", place->point->lon, place->point->lat);
        snprintf(radius, sizeof radius, "%d", place->uncertainty_m);
        fprintf(out, "%s\n",
                sgp_text_fill(text, sizeof text, language, SGP_TEXT_RING_POSITION, "point", point,
                              "uncertainty", radius, NULL));
    }
    if (detail->history != NULL)
        sgp_history_print(language, detail->history, 100, out);
}

/* ---- tables ----------------------------------------------------------------------------- */

static void add_ring(sgp_language language, sgp_sheet *sheet, const Sigap__V1__Ring *ring,
                     int64_t now_ms) {
    char when[16], waited[40];
    bool missed = sgp_ring_is_missed(ring), waits = sgp_ring_waits(ring);
    const char *who =
        ring->state == SIGAP__V1__RING_STATE__RING_ABANDONED ? ring->back_by : ring->claimed_by;
    sgp_sheet_cell(sheet, SGP_BOLD, "%" PRIu64, ring->id);
    sgp_sheet_cell(sheet, missed || waits ? SGP_RED : SGP_PLAIN, "%s",
                   sgp_ring_state_text(language, (int)ring->state));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", ring->line);
    sgp_sheet_cell(sheet, ring->nuisance != NULL ? SGP_YELLOW : SGP_PLAIN, "%s%s",
                   sgp_ring_caller_text(language, ring), ring->nuisance != NULL ? " !" : "");
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_clock_text(ring->rang_at_ms, when));
    sgp_sheet_cell(
        sheet, waits ? SGP_RED : SGP_PLAIN, "%s",
        sgp_duration_text(language, sgp_ring_waited_ms(ring, now_ms), waited, sizeof waited));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", who[0] != '\0' ? who : "-");
    if (ring->call_id != 0)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%" PRIu64, ring->call_id);
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                   ring->state == SIGAP__V1__RING_STATE__RING_ABANDONED
                       ? sgp_call_back_text(language, (int)ring->back_state)
                       : "");
    sgp_sheet_cell(sheet, SGP_DIM, "%s", ring->recording);
}

void sgp_ring_table_print(sgp_language language, const Sigap__V1__RingPage *page, FILE *out) {
    static const sgp_text keys[] = {
        SGP_TEXT_COLUMN_RING,   SGP_TEXT_COLUMN_STATE, SGP_TEXT_COLUMN_LINE,
        SGP_TEXT_COLUMN_CALLER, SGP_TEXT_COLUMN_RANG,  SGP_TEXT_COLUMN_WAITED,
        SGP_TEXT_COLUMN_WHO,    SGP_TEXT_COLUMN_CALL,  SGP_TEXT_COLUMN_BACK};
    const char *headers[10] = {[9] = ""};
    sgp_sheet *sheet;
    for (size_t i = 0; i < 9; i++)
        headers[i] = sgp_text_get(language, keys[i]);
    if (sgp_sheet_create(headers, 10, &sheet) != SGP_OK)
        return;
    for (size_t i = 0; i < page->n_rings; i++)
        add_ring(language, sheet, page->rings[i], page->now_ms);
    sgp_sheet_print(sheet, out);
    sgp_sheet_destroy(sheet);
}

static void add_time(sgp_language language, sgp_sheet *sheet, bool known, int64_t ms, bool late) {
    char text[40];
    if (known)
        sgp_sheet_cell(sheet, late ? SGP_RED : SGP_PLAIN, "%s",
                       sgp_duration_text(language, ms, text, sizeof text));
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
}

static void add_line(sgp_language language, sgp_sheet *sheet, const Sigap__V1__RingSummary *line,
                     const Sigap__V1__RingPage *page) {
    bool has_target = page->target_ms > 0 && line->answered > 0;
    /* Of those that somebody had to answer: who hung up within the target had no chance. */
    uint64_t permille = has_target ? (uint64_t)line->in_target * 1000 / line->answered : 0;
    bool short_of = has_target && permille < (uint64_t)page->target_permille;
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", line->line_name);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%u", line->rang);
    sgp_sheet_cell(sheet, line->waiting > 0 ? SGP_RED : SGP_PLAIN, "%u", line->waiting);
    add_time(language, sheet, line->waiting > 0, line->longest_wait_ms,
             page->target_ms > 0 && line->longest_wait_ms > page->target_ms);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%u", line->answered);
    if (has_target)
        sgp_sheet_cell(sheet, short_of ? SGP_RED : SGP_PLAIN, "%u (%u%%)", line->in_target,
                       (unsigned)(permille / 10));
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    add_time(language, sheet, line->answered > 0, line->median_ms, false);
    add_time(language, sheet, line->answered > 0, line->p90_ms, false);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%u", line->abandoned);
    sgp_sheet_cell(sheet, line->to_call_back > 0 ? SGP_RED : SGP_PLAIN, "%u", line->to_call_back);
}

void sgp_ring_summary_print(sgp_language language, const Sigap__V1__RingPage *page, FILE *out) {
    static const sgp_text keys[] = {SGP_TEXT_COLUMN_LINE,     SGP_TEXT_COLUMN_ALL_RINGS,
                                    SGP_TEXT_COLUMN_RINGING,  SGP_TEXT_COLUMN_LONGEST,
                                    SGP_TEXT_COLUMN_ANSWERED, SGP_TEXT_COLUMN_IN_TARGET,
                                    SGP_TEXT_COLUMN_MEDIAN,   SGP_TEXT_COLUMN_P90,
                                    SGP_TEXT_COLUMN_MISSED,   SGP_TEXT_COLUMN_TO_CALL_BACK};
    const char *headers[10];
    char text[128], percent[16], time[40];
    sgp_sheet *sheet;
    for (size_t i = 0; i < 10; i++)
        headers[i] = sgp_text_get(language, keys[i]);
    if (sgp_sheet_create(headers, 10, &sheet) != SGP_OK)
        return;
    for (size_t i = 0; i < page->n_summary; i++)
        add_line(language, sheet, page->summary[i], page);
    sgp_sheet_print(sheet, out);
    sgp_sheet_destroy(sheet);
    if (page->target_ms == 0)
        return;
    snprintf(percent, sizeof percent, "%d", page->target_permille / 10);
    sgp_duration_text(language, page->target_ms, time, sizeof time);
    fprintf(out, "%s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_RING_TARGET, "percent", percent,
                          "time", time, NULL));
}
