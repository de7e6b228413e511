#include "serve/crew_news.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef struct piece {
    struct piece *next;         /* of all units, by age */
    struct piece *next_of_unit; /* likewise */
    uint64_t told;
    int64_t at_ms;
    uint32_t unit;
    size_t length;
    uint8_t bytes[];
} piece;

/* Of one unit. What is oldest of all is always the oldest of its unit too. */
typedef struct unit_news {
    piece *first, *last;
    uint64_t forgotten; /* the newest number that is not kept any more */
} unit_news;

struct sgp_crew_news {
    piece *first, *last;
    size_t bytes;
    uint32_t n_units;
    unit_news unit[];
};

sgp_err sgp_crew_news_create(uint32_t n_units, uint64_t told, sgp_crew_news **out) {
    sgp_crew_news *news = calloc(1, sizeof *news + n_units * sizeof news->unit[0]);
    if (news == NULL)
        return SGP_E_MEMORY;
    news->n_units = n_units;
    for (uint32_t i = 0; i < n_units; i++)
        news->unit[i].forgotten = told;
    *out = news;
    return SGP_OK;
}

static size_t size_of(const piece *p) {
    return sizeof *p + p->length;
}

static void drop_oldest(sgp_crew_news *news) {
    piece *p = news->first;
    unit_news *unit = &news->unit[p->unit];
    assert(unit->first == p);
    news->first = p->next;
    if (news->first == NULL)
        news->last = NULL;
    unit->first = p->next_of_unit;
    if (unit->first == NULL)
        unit->last = NULL;
    unit->forgotten = p->told;
    news->bytes -= size_of(p);
    sodium_memzero(p->bytes, p->length);
    free(p);
}

void sgp_crew_news_destroy(sgp_crew_news *news) {
    if (news == NULL)
        return;
    while (news->first != NULL)
        drop_oldest(news);
    free(news);
}

void sgp_crew_news_forget(sgp_crew_news *news, uint64_t told) {
    while (news->first != NULL)
        drop_oldest(news);
    for (uint32_t i = 0; i < news->n_units; i++)
        news->unit[i].forgotten = told;
}

void sgp_crew_news_age(sgp_crew_news *news, int64_t now_ms) {
    while (news->first != NULL && now_ms - news->first->at_ms > SGP_NEWS_MS)
        drop_oldest(news);
}

void sgp_crew_news_keep(sgp_crew_news *news, uint32_t unit, uint64_t told, int64_t now_ms,
                        const uint8_t *bytes, size_t length) {
    assert(unit < news->n_units);
    unit_news *of = &news->unit[unit];
    assert(of->last == NULL || of->last->told < told);
    piece *p = malloc(sizeof *p + length);
    if (p == NULL) {
        sgp_crew_news_forget(news, told);
        return;
    }
    *p = (piece){.told = told, .at_ms = now_ms, .unit = unit, .length = length};
    memcpy(p->bytes, bytes, length);
    if (news->last != NULL)
        news->last->next = p;
    else
        news->first = p;
    news->last = p;
    if (of->last != NULL)
        of->last->next_of_unit = p;
    else
        of->first = p;
    of->last = p;
    news->bytes += size_of(p);
    sgp_crew_news_age(news, now_ms);
    while (news->first != NULL && news->bytes > SGP_NEWS_BYTES_MAX)
        drop_oldest(news);
}

bool sgp_crew_news_can_resume(const sgp_crew_news *news, uint32_t unit, uint64_t heard) {
    assert(unit < news->n_units);
    if (heard < news->unit[unit].forgotten)
        return false;
    unsigned missed = 0;
    for (const piece *p = news->unit[unit].first; p != NULL; p = p->next_of_unit)
        if (p->told > heard && ++missed > SGP_NEWS_RESUME_MAX)
            return false;
    return true;
}

const uint8_t *sgp_crew_news_next(const sgp_crew_news *news, uint32_t unit, uint64_t *told,
                                  size_t *length) {
    assert(unit < news->n_units);
    for (const piece *p = news->unit[unit].first; p != NULL; p = p->next_of_unit)
        if (p->told > *told) {
            *told = p->told;
            *length = p->length;
            return p->bytes;
        }
    return NULL;
}

size_t sgp_crew_news_bytes(const sgp_crew_news *news) {
    return news->bytes;
}
