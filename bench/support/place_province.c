#include "support/place_province.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_pbf.h"
#include "route/osm_pbf_write.h"

enum { WORD = 48, ACROSS = 8, HOUSES_KEPT = 4, SAME_OF_100 = 33, TAGS = 32, REFS = 2000 };
#define STEP_LON_E7 7000000
#define STEP_LAT_E7 7600000

typedef struct word_list {
    char (*list)[WORD];
    size_t n, room;
} word_list;

struct bench_province {
    char sketch[512];
    uint64_t seed;
    word_list pool;      /* words of names, as often as they occur */
    word_list districts; /* words of district names, sorted, each once */
    uint8_t *used;       /* nodes that a kept way has, by id */
    int64_t last_node, last_way, last_relation, link; /* link: a node of a main road */
    bool counting_more;
    /* of the copy being written */
    size_t copy;
    sgp_osm_writer *writer;
    sgp_fault *fault;
    char texts[TAGS][400];
};

/* ---- words ------------------------------------------------------------------------- */

static uint64_t hash_of(uint64_t seed, const char *text) {
    uint64_t hash = 14695981039346656037u ^ (seed * 0x9E3779B97F4A7C15u);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)tolower((unsigned char)*text)) * 1099511628211u;
    hash ^= hash >> 29;
    hash *= 0xBF58476D1CE4E5B9u;
    return hash ^ (hash >> 32);
}

/* Words that say what a thing is, and not which. */
static bool says_what(const char *word) {
    static const char *const WHAT[] = {
        "jalan",      "gang",      "blok",     "raya",     "masjid",  "musholla",  "mushola",
        "langgar",    "sdn",       "sd",       "smpn",     "smp",     "sma",       "sman",
        "smk",        "smkn",      "tk",       "mi",       "min",     "mts",       "mtsn",
        "negeri",     "indomaret", "alfamart", "spbu",     "apotek",  "puskesmas", "pustu",
        "rs",         "rsud",      "rsi",      "rsia",     "bank",    "bri",       "bni",
        "bca",        "btn",       "unit",     "balai",    "kantor",  "desa",      "kelurahan",
        "kecamatan",  "kabupaten", "kota",     "rw",       "rt",      "dusun",     "perumahan",
        "pasar",      "stasiun",   "terminal", "polsek",   "polres",  "simpang",   "empat",
        "tiga",       "lapangan",  "makam",    "gereja",   "pura",    "km",        "utara",
        "selatan",    "timur",     "barat",    "dalam",    "tengah",  "baru",      "indah",
        "atas",       "bawah",     "dan",      "di",       "warung",  "toko",      "bengkel",
        "dharma",     "wanita",    "aisyiyah", "al",       "an",      "nur",       "ii",
        "iii",        "iv",        "vi",       "vii",      "viii",    "ix",        "pos",
        "kamling",    "pangkalan", "ojek",     "pom",      "bensin",  "taman",     "hotel",
        "perempatan", "pertigaan", "depan",    "belakang", "sebelah", "seberang",  "dekat",
        "antara",     "nomor",     "jl",       "jln",      "gg"};
    for (size_t i = 0; i < sizeof WHAT / sizeof *WHAT; i++)
        if (strcasecmp(word, WHAT[i]) == 0)
            return true;
    return strlen(word) < 3;
}

static void add_word(word_list *words, const char *text, size_t length) {
    if (length == 0 || length >= WORD)
        return;
    if (words->n == words->room) {
        words->room = words->room ? words->room * 2 : 1024;
        words->list = realloc(words->list, words->room * sizeof *words->list);
        if (!words->list)
            abort();
    }
    snprintf(words->list[words->n++], WORD, "%.*s", (int)length, text);
}

static size_t letters(const char *text) {
    size_t n = 0;
    while (isalpha((unsigned char)text[n]) || (unsigned char)text[n] >= 0x80)
        n++;
    return n;
}

static void add_words(word_list *words, const char *name) {
    while (*name) {
        size_t n = letters(name);
        char word[WORD];
        snprintf(word, sizeof word, "%.*s", (int)n, name);
        if (n < WORD && !says_what(word))
            add_word(words, name, n);
        name += n > 0 ? n : 1;
    }
}

static int by_word(const void *left, const void *right) {
    return strcasecmp(left, right);
}

/* What the word is in that copy. */
static void word_of(const bench_province *p, size_t copy, const char *word, char made[2 * WORD]) {
    uint64_t hash = hash_of(p->seed + copy, word);
    const word_list *names = &p->districts;
    bool district = names->n > 0 && bsearch(word, names->list, names->n, WORD, by_word) != NULL;
    snprintf(made, 2 * WORD, "%.*s", WORD - 1, word);
    if (copy == 0 || says_what(word) || p->pool.n == 0 ||
        (int)(hash % 100) < (district ? SAME_OF_100 / 3 : SAME_OF_100))
        return;
    if (!district) {
        snprintf(made, 2 * WORD, "%s", p->pool.list[(hash >> 8) % p->pool.n]);
        return;
    }
    const char *first = names->list[(hash >> 8) % names->n];
    const char *second = names->list[(hash >> 24) % names->n];
    size_t cut = strlen(second) / 2;
    snprintf(made, 2 * WORD, "%.*s%s", (int)(strlen(first) + 1) / 2, first, second + cut);
}

void bench_province_text(const bench_province *p, size_t copy, const char *text, char *said,
                         size_t capacity) {
    size_t n = 0;
    said[0] = '\0';
    while (*text && n < capacity - 1) {
        size_t length = letters(text);
        char word[WORD], made[2 * WORD];
        if (length > 0 && length < WORD) {
            snprintf(word, sizeof word, "%.*s", (int)length, text);
            word_of(p, copy, word, made);
            n += (size_t)snprintf(said + n, capacity - n, "%s", made);
        } else {
            length = length > 0 ? length : 1;
            n += (size_t)snprintf(said + n, capacity - n, "%.*s", (int)length, text);
        }
        text += length;
    }
}

/* ---- looking at the sketch ------------------------------------------------------------ */

static bool is_district(sgp_osm_tags tags) {
    return sgp_osm_tag_value(tags, "boundary") || sgp_osm_tag_value(tags, "place");
}

static void look_at_names(bench_province *p, sgp_osm_tags tags) {
    const char *name = sgp_osm_tag_value(tags, "name");
    if (!name)
        return;
    add_words(&p->pool, name);
    if (!p->counting_more && is_district(tags))
        add_words(&p->districts, name);
}

/* A quarter of the houses, and everything that has a name; not the bare buildings. */
static bool is_kept(const bench_province *p, int64_t id, sgp_osm_tags tags) {
    if (sgp_osm_tag_value(tags, "name"))
        return true;
    if (sgp_osm_tag_value(tags, "addr:housenumber")) {
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)id);
        return hash_of(p->seed, text) % HOUSES_KEPT == 0;
    }
    return !sgp_osm_tag_value(tags, "building");
}

static void mark(bench_province *p, int64_t id) {
    if (id >= 0 && id <= p->last_node)
        p->used[id / 8] |= (uint8_t)(1u << (id % 8));
}

static bool is_used(const bench_province *p, int64_t id) {
    return p->used[id / 8] & (1u << (id % 8));
}

static sgp_err count_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    bench_province *p = ctx;
    (void)point;
    if (!p->counting_more)
        p->last_node = id > p->last_node ? id : p->last_node;
    look_at_names(p, tags);
    return SGP_OK;
}

static sgp_err count_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                         sgp_osm_tags tags) {
    bench_province *p = ctx;
    look_at_names(p, tags);
    if (p->counting_more)
        return SGP_OK;
    p->last_way = id > p->last_way ? id : p->last_way;
    if (!p->used && !(p->used = calloc((size_t)p->last_node / 8 + 1, 1)))
        return SGP_E_MEMORY;
    if (is_kept(p, id, tags))
        for (size_t i = 0; i < n_refs; i++)
            mark(p, refs[i]);
    const char *class = sgp_osm_tag_value(tags, "highway");
    if (p->link == 0 && class && strcmp(class, "primary") == 0 &&
        !sgp_osm_tag_value(tags, "oneway"))
        p->link = refs[0];
    return SGP_OK;
}

static sgp_err count_relation(void *ctx, int64_t id, const sgp_osm_member *members,
                              size_t n_members, sgp_osm_tags tags) {
    bench_province *p = ctx;
    look_at_names(p, tags);
    if (!p->counting_more)
        p->last_relation = id > p->last_relation ? id : p->last_relation;
    for (size_t i = 0; !p->counting_more && i < n_members; i++)
        if (members[i].kind == SGP_OSM_NODE)
            mark(p, members[i].id);
    return SGP_OK;
}

static sgp_err read_all(const char *path, const sgp_osm_visitor *visitor, sgp_fault *fault) {
    sgp_osm_file *file = NULL;
    sgp_err err = sgp_osm_file_open(path, &file, fault);
    if (err == SGP_OK)
        err = sgp_osm_file_read(file, visitor, fault);
    sgp_osm_file_close(file);
    return err;
}

sgp_err bench_province_create(const char *sketch, const char *more, uint64_t seed,
                              bench_province **province, sgp_fault *fault) {
    bench_province *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->seed = seed;
    snprintf(p->sketch, sizeof p->sketch, "%s", sketch);
    sgp_osm_visitor visitor = {
        .ctx = p, .node = count_node, .way = count_way, .relation = count_relation};
    sgp_err err = read_all(sketch, &visitor, fault);
    p->counting_more = true;
    if (err == SGP_OK && more)
        err = read_all(more, &visitor, fault);
    if (p->districts.n > 0)
        qsort(p->districts.list, p->districts.n, WORD, by_word);
    if (err != SGP_OK) {
        bench_province_destroy(p);
        return err;
    }
    *province = p;
    return SGP_OK;
}

void bench_province_destroy(bench_province *p) {
    if (!p)
        return;
    free(p->pool.list);
    free(p->districts.list);
    free(p->used);
    free(p);
}

/* ---- writing ------------------------------------------------------------------------------ */

/* Tags with the copy's names; the texts live until the next call. */
static size_t rename_tags(bench_province *p, sgp_osm_tags tags, sgp_osm_tag made[TAGS]) {
    static const char *const NAMED[] = {"name",     "alt_name",    "short_name",
                                        "old_name", "addr:street", "addr:place"};
    size_t n = tags.count < TAGS ? tags.count : TAGS;
    for (size_t i = 0; i < n; i++) {
        made[i] = tags.list[i];
        for (size_t k = 0; k < sizeof NAMED / sizeof *NAMED; k++)
            if (strcmp(made[i].key, NAMED[k]) == 0) {
                bench_province_text(p, p->copy, made[i].value, p->texts[i], sizeof p->texts[i]);
                made[i].value = p->texts[i];
            }
    }
    return n;
}

static int64_t node_id(const bench_province *p, size_t copy, int64_t id) {
    return (int64_t)copy * (p->last_node + 1) + id;
}

static sgp_err write_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    bench_province *p = ctx;
    sgp_osm_tag made[TAGS];
    bool tagged = tags.count > 0 && is_kept(p, id, tags);
    if (!tagged && !is_used(p, id))
        return SGP_OK;
    /* Rows of towns, the sketch's own place among them. */
    point.lon_e7 += ((int32_t)(p->copy % ACROSS)) * STEP_LON_E7;
    point.lat_e7 -= ((int32_t)(p->copy / ACROSS)) * STEP_LAT_E7;
    size_t n = tagged ? rename_tags(p, tags, made) : 0;
    return sgp_osm_writer_node(p->writer, node_id(p, p->copy, id), point, made, n, p->fault);
}

static sgp_err write_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                         sgp_osm_tags tags) {
    bench_province *p = ctx;
    sgp_osm_tag made[TAGS];
    int64_t moved[REFS];
    if (!is_kept(p, id, tags) || n_refs > REFS)
        return SGP_OK;
    for (size_t i = 0; i < n_refs; i++)
        moved[i] = node_id(p, p->copy, refs[i]);
    size_t n = rename_tags(p, tags, made);
    return sgp_osm_writer_way(p->writer, (int64_t)p->copy * (p->last_way + 2) + id, moved, n_refs,
                              made, n, p->fault);
}

/* A road to the town before, so that the province is one network. */
static sgp_err write_link(bench_province *p) {
    static const sgp_osm_tag ROAD[] = {{"highway", "trunk"}, {"ref", "1"}};
    if (p->copy == 0 || p->link == 0)
        return SGP_OK;
    size_t other = p->copy % ACROSS != 0 ? p->copy - 1 : p->copy - ACROSS;
    int64_t refs[] = {node_id(p, other, p->link), node_id(p, p->copy, p->link)};
    return sgp_osm_writer_way(p->writer, (int64_t)p->copy * (p->last_way + 2) + p->last_way + 1,
                              refs, 2, ROAD, 2, p->fault);
}

static sgp_err write_relation(void *ctx, int64_t id, const sgp_osm_member *members,
                              size_t n_members, sgp_osm_tags tags) {
    bench_province *p = ctx;
    sgp_osm_tag made[TAGS];
    sgp_osm_member *moved = calloc(n_members + 1, sizeof *moved);
    if (!moved)
        abort();
    for (size_t i = 0; i < n_members; i++) {
        moved[i] = members[i];
        moved[i].id = members[i].kind == SGP_OSM_NODE
                          ? node_id(p, p->copy, members[i].id)
                          : (int64_t)p->copy * (p->last_way + 2) + members[i].id;
    }
    size_t n = rename_tags(p, tags, made);
    sgp_err err = sgp_osm_writer_relation(p->writer, (int64_t)p->copy * (p->last_relation + 1) + id,
                                          moved, n_members, made, n, p->fault);
    free(moved);
    return err;
}

sgp_err bench_province_write(bench_province *p, size_t copies, const char *path, sgp_fault *fault) {
    const sgp_osm_visitor parts[] = {{.ctx = p, .node = write_node},
                                     {.ctx = p, .way = write_way},
                                     {.ctx = p, .relation = write_relation}};
    p->fault = fault;
    sgp_err err = sgp_osm_writer_open(path, SGP_OSM_SKETCH_PROGRAM, NULL, NULL, &p->writer, fault);
    for (size_t part = 0; part < 3; part++)
        for (p->copy = 0; err == SGP_OK && p->copy < copies; p->copy++) {
            err = read_all(p->sketch, &parts[part], fault);
            if (err == SGP_OK && part == 1)
                err = write_link(p);
        }
    if (err == SGP_OK)
        err = sgp_osm_writer_finish(p->writer, fault);
    sgp_osm_writer_destroy(p->writer);
    p->writer = NULL;
    return err;
}
