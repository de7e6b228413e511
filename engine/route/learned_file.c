/* Learned times on disk: one SQLite file for a profile, a row for each cell, edges named by
 * what OpenStreetMap calls them. A digest over the rows tells damage that SQLite does not see. */
#include <errno.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "route/learned_table.h"

enum {
    APPLICATION = 0x53474c54, /* "SGLT" */
    VERSION = 1,
    BUSY_WAIT_MS = 5000,
    DIGEST_BYTES = 32
};
#define MOST_MS (INT64_C(1) << 50)
#define MOST_MM (INT64_C(1) << 45)

static const char schema[] =
    "PRAGMA application_id = 1397181524;" /* APPLICATION */
    "PRAGMA user_version = 1;"
    "CREATE TABLE about(profile TEXT NOT NULL, digest BLOB NOT NULL) STRICT;"
    "CREATE TABLE drives(way INTEGER NOT NULL, first_node INTEGER NOT NULL,"
    " last_node INTEGER NOT NULL, backward INTEGER NOT NULL, bin INTEGER NOT NULL,"
    " took_ms INTEGER NOT NULL, driven_mm INTEGER NOT NULL,"
    " PRIMARY KEY(way, first_node, last_node, backward, bin)) STRICT, WITHOUT ROWID;";

/* An edge by its OSM names, with its number. */
typedef struct edge_name {
    int64_t way, first_node, last_node;
    uint32_t edge;
} edge_name;

enum { ROW_NUMBERS = 7 };
typedef struct file_row {
    int64_t number[ROW_NUMBERS]; /* the columns of `drives` */
} file_row;

typedef struct learned_file {
    sqlite3 *db;
    const char *path;
    sgp_fault *fault;
} learned_file;

/* ---- names of edges --------------------------------------------------------- */

static uint32_t arc_tail(const sgp_graph_parts *parts, uint32_t arc) {
    uint32_t low = 0, high = parts->n_vertices; /* first_arc[low] <= arc < first_arc[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (parts->first_arc[middle] <= arc)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static edge_name name_of(const sgp_graph_parts *parts, uint32_t number) {
    const sgp_edge *edge = &parts->edges[number];
    edge_name name = {.way = edge->way, .edge = number};
    if (parts->n_point_nodes > 0) {
        name.first_node = parts->point_node[edge->first_point];
        name.last_node = parts->point_node[edge->first_point + edge->n_points - 1];
        return name;
    }
    bool forward = edge->forward_arc != SGP_NONE;
    uint32_t arc = forward ? edge->forward_arc : edge->backward_arc;
    if (arc == SGP_NONE)
        return name; /* nobody drives here, so nobody asks */
    int64_t from = parts->vertex_node[arc_tail(parts, arc)];
    int64_t to = parts->vertex_node[parts->arc_head[arc]];
    name.first_node = forward ? from : to;
    name.last_node = forward ? to : from;
    return name;
}

static int compare_names(const void *left, const void *right) {
    const edge_name *a = left, *b = right;
    if (a->way != b->way)
        return a->way < b->way ? -1 : 1;
    if (a->first_node != b->first_node)
        return a->first_node < b->first_node ? -1 : 1;
    if (a->last_node != b->last_node)
        return a->last_node < b->last_node ? -1 : 1;
    return (a->edge > b->edge) - (a->edge < b->edge);
}

static edge_name *names_make(const sgp_graph_parts *parts) {
    edge_name *names = malloc(((size_t)parts->n_edges + 1) * sizeof *names);
    for (uint32_t e = 0; names && e < parts->n_edges; e++)
        names[e] = name_of(parts, e);
    if (names)
        qsort(names, parts->n_edges, sizeof *names, compare_names);
    return names;
}

/* The first edge of that name: a way that joins the same two nodes twice has two. */
static uint32_t find_edge(const edge_name *names, uint32_t n, const file_row *row) {
    edge_name wanted = {row->number[0], row->number[1], row->number[2], 0};
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_names(&names[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool same = low < n && names[low].way == wanted.way &&
                names[low].first_node == wanted.first_node &&
                names[low].last_node == wanted.last_node;
    return same ? names[low].edge : SGP_NONE;
}

/* ---- the file ------------------------------------------------------------------ */

static sgp_err failed(const learned_file *f, const char *doing) {
    int code = f->db ? sqlite3_errcode(f->db) : SQLITE_NOMEM;
    sgp_err err = code == SQLITE_NOMEM     ? SGP_E_MEMORY
                  : code == SQLITE_CORRUPT ? SGP_E_CORRUPT
                  : code == SQLITE_NOTADB  ? SGP_E_FORMAT
                                           : SGP_E_IO;
    return sgp_fail(f->fault, err, "cannot %s the learned times %s: %s", doing, f->path,
                    f->db ? sqlite3_errmsg(f->db) : "out of memory");
}

static sgp_err open_file(learned_file *f, int flags) {
    if (sqlite3_open_v2(f->path, &f->db, flags, NULL) != SQLITE_OK)
        return failed(f, "open");
    sqlite3_busy_timeout(f->db, BUSY_WAIT_MS);
    return SGP_OK;
}

static sgp_err run(const learned_file *f, const char *sql, const char *doing) {
    return sqlite3_exec(f->db, sql, NULL, NULL, NULL) == SQLITE_OK ? SGP_OK : failed(f, doing);
}

static sgp_err number_of(const learned_file *f, const char *sql, int64_t *number) {
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    if (sqlite3_prepare_v2(f->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        err = failed(f, "read");
    else
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return err;
}

/* *fresh: an SQLite file in which nothing stands yet. */
static sgp_err check_kind(const learned_file *f, bool *fresh) {
    int64_t application = 0, version = 0, tables = 0;
    sgp_err err = number_of(f, "PRAGMA application_id", &application);
    if (!err)
        err = number_of(f, "PRAGMA user_version", &version);
    if (!err)
        err = number_of(f, "SELECT count(*) FROM sqlite_master", &tables);
    if (err)
        return err;
    *fresh = application == 0 && version == 0 && tables == 0;
    if (!*fresh && application != APPLICATION)
        return sgp_fail(f->fault, SGP_E_FORMAT,
                        "%s is another program's SQLite file, it holds no learned times", f->path);
    if (!*fresh && version != VERSION)
        return sgp_fail(f->fault, SGP_E_VERSION,
                        "the learned times %s have version %lld, this program reads version %d",
                        f->path, (long long)version, VERSION);
    return SGP_OK;
}

static const char *profile_of(const sgp_learned *learned) {
    return sgp_graph_get(learned->graph)->profiles[learned->profile].name;
}

static void digest_row(crypto_generichash_state *state, const file_row *row) {
    uint8_t bytes[8 * ROW_NUMBERS]; /* the same on every machine */
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)row->number[i / 8] >> 8 * (i % 8));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

/* Reads the rows in the order of their key into *rows and their digest. */
static sgp_err read_rows(const learned_file *f, file_row **rows, size_t *n,
                         uint8_t digest[DIGEST_BYTES]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(f->db,
                           "SELECT way, first_node, last_node, backward, bin, took_ms, driven_mm "
                           "FROM drives ORDER BY way, first_node, last_node, backward, bin",
                           -1, &statement, NULL) != SQLITE_OK)
        return failed(f, "read");
    size_t capacity = 0;
    sgp_err err = SGP_OK;
    int step = SQLITE_DONE;
    while (!err && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (*n == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            file_row *more = realloc(*rows, capacity * sizeof *more);
            if (!more) {
                err =
                    sgp_fail(f->fault, SGP_E_MEMORY, "no memory for the learned times %s", f->path);
                break;
            }
            *rows = more;
        }
        file_row *row = &(*rows)[(*n)++];
        for (int i = 0; i < ROW_NUMBERS; i++)
            row->number[i] = sqlite3_column_int64(statement, i);
        digest_row(&state, row);
    }
    if (!err && step != SQLITE_DONE)
        err = failed(f, "read");
    sqlite3_finalize(statement);
    crypto_generichash_final(&state, digest, DIGEST_BYTES);
    return err;
}

/* `digest` NULL: not compared. */
static sgp_err check_about(const learned_file *f, const sgp_learned *learned,
                           const uint8_t *digest) {
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    int step = sqlite3_prepare_v2(f->db, "SELECT profile, digest FROM about", -1, &statement,
                                  NULL) == SQLITE_OK
                   ? sqlite3_step(statement)
                   : SQLITE_ERROR;
    if (step == SQLITE_DONE)
        err = sgp_fail(
            f->fault, SGP_E_CORRUPT,
            "the learned times %s are damaged: they do not say of which profile they are", f->path);
    else if (step != SQLITE_ROW)
        err = failed(f, "read");
    else if (digest && (sqlite3_column_bytes(statement, 1) != DIGEST_BYTES ||
                        memcmp(sqlite3_column_blob(statement, 1), digest, DIGEST_BYTES) != 0))
        err = sgp_fail(f->fault, SGP_E_CORRUPT,
                       "the learned times %s are damaged: their digest differs", f->path);
    else if (strcmp((const char *)sqlite3_column_text(statement, 0), profile_of(learned)) != 0)
        err = sgp_fail(f->fault, SGP_E_MISMATCH,
                       "the learned times %s are of the profile %.31s, not of %s", f->path,
                       (const char *)sqlite3_column_text(statement, 0), profile_of(learned));
    sqlite3_finalize(statement);
    return err;
}

static bool row_is_sound(const file_row *row) {
    const int64_t *n = row->number;
    return (n[3] == 0 || n[3] == 1) && n[4] >= 0 && n[4] < SGP_LEARNED_BINS && n[5] >= 0 &&
           n[5] < MOST_MS && n[6] > 0 && n[6] < MOST_MM;
}

static sgp_err take_in(const learned_file *f, sgp_learned *learned, const file_row *rows, size_t n,
                       uint64_t *unknown) {
    const sgp_graph_parts *parts = sgp_graph_get(learned->graph);
    for (size_t i = 0; i < n; i++)
        if (!row_is_sound(&rows[i]))
            return sgp_fail(f->fault, SGP_E_CORRUPT,
                            "the learned times %s are damaged: the row of "
                            "way %lld makes no sense",
                            f->path, (long long)rows[i].number[0]);
    edge_name *names = names_make(parts);
    if (!names || sgp_learned_reserve(learned, n) != SGP_OK) {
        free(names);
        return sgp_fail(f->fault, SGP_E_MEMORY, "no memory for the learned times %s", f->path);
    }
    uint64_t left_out = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t *number = rows[i].number;
        uint32_t edge = find_edge(names, parts->n_edges, &rows[i]);
        uint32_t move = edge << 1 | (uint32_t)number[3];
        if (edge == SGP_NONE || sgp_learned_weight(learned, move) == 0 ||
            sgp_learned_add_cell(learned, move, (int)number[4], number[5], number[6]) != SGP_OK)
            left_out++;
    }
    free(names);
    if (unknown)
        *unknown = left_out;
    return SGP_OK;
}

/* Everything within one read transaction, so that no writer comes between rows and digest. */
static sgp_err read_file(const learned_file *f, sgp_learned *learned, uint64_t *unknown) {
    bool fresh = false;
    file_row *rows = NULL;
    size_t n = 0;
    uint8_t digest[DIGEST_BYTES];
    sgp_err err = run(f, "BEGIN", "read");
    if (!err)
        err = check_kind(f, &fresh);
    if (!err && !fresh) {
        err = read_rows(f, &rows, &n, digest);
        if (!err)
            err = check_about(f, learned, digest);
        if (!err)
            err = take_in(f, learned, rows, n, unknown);
    }
    free(rows);
    return err;
}

sgp_err sgp_learned_load(sgp_learned *learned, const char *path, uint64_t *unknown,
                         sgp_fault *fault) {
    if (unknown)
        *unknown = 0;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return SGP_OK;
    learned_file f = {NULL, path, fault};
    sgp_err err = open_file(&f, SQLITE_OPEN_READONLY);
    if (!err)
        err = read_file(&f, learned, unknown);
    sqlite3_close(f.db);
    return err;
}

/* ---- writing ----------------------------------------------------------------------- */

static sgp_err write_row(const learned_file *f, sqlite3_stmt *statement, const file_row *row) {
    for (int i = 0; i < ROW_NUMBERS; i++)
        sqlite3_bind_int64(statement, i + 1, row->number[i]);
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done ? SGP_OK : failed(f, "write");
}

static sgp_err write_rows(const learned_file *f, const sgp_learned *learned) {
    const sgp_graph_parts *parts = sgp_graph_get(learned->graph);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(f->db,
                           "INSERT INTO drives VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
                           "SET took_ms = took_ms + excluded.took_ms, "
                           "driven_mm = driven_mm + excluded.driven_mm",
                           -1, &statement, NULL) != SQLITE_OK)
        return failed(f, "write");
    sgp_err err = SGP_OK;
    for (uint32_t r = 0; !err && r < learned->n_rows; r++) {
        const sgp_learned_row *row = &learned->rows[r];
        edge_name name = name_of(parts, row->move >> 1);
        for (int bin = 0; !err && bin < SGP_LEARNED_BINS; bin++) {
            const sgp_learned_cell *cell = &learned->cells[bin][r];
            file_row made = {{name.way, name.first_node, name.last_node, row->move & 1, bin,
                              cell->took_ms, cell->driven_mm}};
            if (cell->driven_mm > 0)
                err = write_row(f, statement, &made);
        }
    }
    sqlite3_finalize(statement);
    return err;
}

static sgp_err write_about(const learned_file *f, const sgp_learned *learned) {
    file_row *rows = NULL;
    size_t n = 0;
    uint8_t digest[DIGEST_BYTES];
    sgp_err err = read_rows(f, &rows, &n, digest);
    free(rows);
    if (err)
        return err;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(f->db, "INSERT INTO about VALUES(?, ?)", -1, &statement, NULL) !=
        SQLITE_OK)
        return failed(f, "write");
    sqlite3_bind_text(statement, 1, profile_of(learned), -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 2, digest, DIGEST_BYTES, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE)
        err = failed(f, "write");
    sqlite3_finalize(statement);
    return err;
}

sgp_err sgp_learned_save(const sgp_learned *learned, const char *path, sgp_fault *fault) {
    learned_file f = {NULL, path, fault};
    bool fresh = false;
    sgp_err err = open_file(&f, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!err)
        err = run(&f, "BEGIN IMMEDIATE", "write");
    if (!err)
        err = check_kind(&f, &fresh);
    if (!err && !fresh)
        err = check_about(&f, learned, NULL);
    if (!err)
        err = run(&f, fresh ? schema : "DELETE FROM drives; DELETE FROM about;", "write");
    if (!err)
        err = write_rows(&f, learned);
    if (!err)
        err = write_about(&f, learned);
    if (!err)
        err = run(&f, "COMMIT", "write");
    sqlite3_close(f.db); /* rolls back what was not committed */
    return err;
}
