#include "gis/import_parts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "route/osm_pbf.h"

enum { DEFAULT_MEMORY_MB = 512, PATH_BYTES = 512 };

/* ---- before anything is touched ---------------------------------------------------- */

/* City id: BLAKE2b-128 of the import's version, the profiles, the aliases and the bytes of the
 * file. `aliases` may be NULL. */
static sgp_err hash_extract(const char *path, const sgp_profiles *profiles,
                            const sgp_aliases *aliases, sgp_city_id *city, uint64_t *size,
                            sgp_fault *fault) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", path, strerror(errno));
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof city->bytes);
    crypto_generichash_update(&state, (const unsigned char *)SGP_IMPORT_VERSION,
                              sizeof SGP_IMPORT_VERSION);
    /* Whole structs: they are made by calloc, so that even their padding is always the same. */
    crypto_generichash_update(&state, (const unsigned char *)profiles, sizeof *profiles);
    if (aliases) {
        size_t length;
        const char *text = sgp_aliases_text(aliases, &length);
        crypto_generichash_update(&state, (const unsigned char *)text, length);
    }
    static const size_t CHUNK = 1 << 16;
    unsigned char *bytes = malloc(CHUNK);
    ssize_t n = bytes ? 1 : -1;
    *size = 0;
    while (n > 0) {
        n = read(file, bytes, CHUNK);
        if (n > 0) {
            crypto_generichash_update(&state, bytes, (unsigned long long)n);
            *size += (uint64_t)n;
        }
    }
    int reason = errno;
    free(bytes);
    close(file);
    if (n < 0)
        return sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", path, strerror(reason));
    crypto_generichash_final(&state, city->bytes, sizeof city->bytes);
    return SGP_OK;
}

/* "…/porto_portugal.osm.pbf" -> "porto_portugal". The name becomes part of a file
 * name, so only letters, digits, '-', '_' and '.' are kept. */
static sgp_err city_name(const sgp_import_options *options, char name[64], sgp_fault *fault) {
    const char *from = options->name;
    size_t length;
    if (from) {
        length = strlen(from);
    } else {
        const char *slash = strrchr(options->extract, '/');
        from = slash ? slash + 1 : options->extract;
        const char *end = strstr(from, ".osm");
        if (!end)
            end = strstr(from, ".pbf");
        length = end ? (size_t)(end - from) : strlen(from);
        if (length > 63)
            length = 63;
    }
    bool fine = length > 0 && length < 64 && from[0] != '.';
    for (size_t i = 0; i < length && fine; i++) {
        unsigned char c = (unsigned char)from[i];
        bool kept = isalnum(c) || c == '-' || c == '_' || c == '.';
        if (!kept && options->name)
            fine = false;
        else
            name[i] = kept ? (char)c : '_';
    }
    if (!fine)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "'%.60s' is no city name: 1 to 63 letters, digits, '-', '_' or '.'", from);
    name[length] = '\0';
    return SGP_OK;
}

/* mkdir -p */
static sgp_err make_directory(const char *path, sgp_fault *fault) {
    char partial[PATH_BYTES];
    snprintf(partial, sizeof partial, "%s", path);
    for (char *at = partial + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        if (mkdir(partial, 0755) != 0 && errno != EEXIST)
            return sgp_fail(fault, SGP_E_IO, "cannot make the directory %.150s: %s", partial,
                            strerror(errno));
        *at = kept;
        if (!kept)
            return SGP_OK;
    }
}

/* ---- the import -------------------------------------------------------------------- */

typedef struct import {
    const sgp_import_options *options;
    sgp_import_result *result;
    sgp_fault *fault;
    char name[64];
    char style[PATH_BYTES], sql[PATH_BYTES], profiles_path[PATH_BYTES], aliases_path[PATH_BYTES];
    sgp_profiles *profiles;
    sgp_aliases *aliases;
    char new_graph[PATH_BYTES + 8]; /* written first, renamed last */
    uint64_t extract_bytes;
    sgp_osm_graph *graph;
    sgp_graph_parts parts;
    PGconn *connection;
    bool database_there; /* the schema of this very city is complete */
} import;

/* A folder of the user's own need not hold profiles. */
static sgp_err read_profiles(import *work) {
    bool there = access(work->profiles_path, F_OK) == 0;
    const char *turns = work->options->turns;
    sgp_err err =
        sgp_profiles_read(there ? work->profiles_path : NULL, &work->profiles, work->fault);
    if (err == SGP_OK && turns && !sgp_turns_from_str(turns, &work->profiles->turns))
        err = sgp_fail(work->fault, SGP_E_ARGUMENT,
                       "turns are told apart \"nowhere\", \"restrictions\", \"major\" or "
                       "\"everywhere\", not \"%.40s\"",
                       turns);
    return err;
}

/* Nor aliases: those of the source stand in, if they are there. A file that was asked for must
 * be. */
static sgp_err read_aliases(import *work) {
    const char *path = work->options->aliases;
    if (!path)
        path = access(work->aliases_path, F_OK) == 0 ? work->aliases_path
                                                     : SIGAP_SOURCE_DIR "/gis/aliases.conf";
    if (!work->options->aliases && access(path, F_OK) != 0)
        return SGP_OK;
    return sgp_aliases_read(path, &work->aliases, work->fault);
}

/* Only a folder that is there may lack profiles: one that is mistyped would be served by the
 * built-in ones in silence. `length` is that of the path up to its last slash. */
static sgp_err check_folder(const char *path, int length, sgp_fault *fault) {
    char folder[PATH_BYTES];
    struct stat status;
    int written =
        snprintf(folder, sizeof folder, "%.*s", length > 0 ? length : 1, length > 0 ? path : ".");
    if (written >= (int)sizeof folder)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the path of the style file is too long");
    if (stat(folder, &status) != 0)
        return sgp_fail(fault, SGP_E_IO, "cannot open the folder %.150s: %s", folder,
                        strerror(errno));
    return SGP_OK;
}

static sgp_err prepare(import *work) {
    const sgp_import_options *options = work->options;
    sgp_import_result *result = work->result;
    const char *style = options->style ? options->style : SIGAP_SOURCE_DIR "/gis/osm2pgsql.lua";
    const char *slash = strrchr(style, '/');
    int folder = slash ? (int)(slash - style) + 1 : 0;
    int length = snprintf(work->sql, sizeof work->sql, "%.*simport.sql", folder, style);
    int other = snprintf(work->profiles_path, sizeof work->profiles_path, "%.*sprofiles.conf",
                         folder, style);
    int third =
        snprintf(work->aliases_path, sizeof work->aliases_path, "%.*saliases.conf", folder, style);
    if (length >= (int)sizeof work->sql || third >= (int)sizeof work->aliases_path ||
        other >= (int)sizeof work->profiles_path || strlen(style) >= sizeof work->style)
        return sgp_fail(work->fault, SGP_E_TOO_LARGE, "the path of the style file is too long");
    memcpy(work->style, style, strlen(style) + 1);

    sgp_err err = city_name(options, work->name, work->fault);
    if (err == SGP_OK && options->style)
        err = check_folder(options->style, folder, work->fault);
    if (err == SGP_OK)
        err = read_profiles(work);
    /* Of a graph alone too: it is to pair with a database that is filled later. */
    if (err == SGP_OK)
        err = read_aliases(work);
    if (err != SGP_OK)
        return err;
    const char *directory = options->graph_dir ? options->graph_dir : "var/graph";
    length =
        snprintf(result->graph_path, sizeof result->graph_path, "%s/%s.sgr", directory, work->name);
    if (length >= (int)sizeof result->graph_path)
        return sgp_fail(work->fault, SGP_E_TOO_LARGE, "the path of the graph file is too long");
    snprintf(work->new_graph, sizeof work->new_graph, "%s.new", result->graph_path);

    /* The first look: is it an extract at all? Hashing a wrong file would be wasted time. */
    sgp_osm_file *file = NULL;
    err = sgp_osm_file_open(options->extract, &file, work->fault);
    if (err != SGP_OK)
        return err;
    sgp_osm_file_close(file);
    if (!options->graph_only) {
        if (access(work->style, R_OK) != 0 || access(work->sql, R_OK) != 0)
            return sgp_fail(work->fault, SGP_E_IO,
                            "cannot read %.100s and import.sql beside it: %s", work->style,
                            strerror(errno));
        if (!options->conninfo || !*options->conninfo)
            return sgp_fail(work->fault, SGP_E_ARGUMENT, "no database is given");
    }
    err = hash_extract(options->extract, work->profiles, work->aliases, &result->city,
                       &work->extract_bytes, work->fault);
    return err == SGP_OK ? make_directory(directory, work->fault) : err;
}

/* Is the graph file of this very city there and whole, with the names of its database? */
static bool graph_there(import *work) {
    sgp_graph *graph = NULL;
    if (sgp_graph_open(work->result->graph_path, &graph, NULL) != SGP_OK)
        return false;
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    /* A graph that was made without a database is not the one to go with it. */
    bool same = memcmp(&parts->city, &work->result->city, sizeof parts->city) == 0 &&
                (work->options->graph_only || parts->places.texts_length > 0);
    if (same) {
        work->result->vertices = parts->n_vertices;
        work->result->arcs = parts->n_arcs;
        work->result->edges = parts->n_edges;
        work->result->is_sketch = parts->is_sketch;
    }
    sgp_graph_close(graph);
    return same;
}

static void take_counts(import *work, const sgp_city_row *row) {
    work->result->names = row->names;
    work->result->addresses = row->addresses;
    work->result->places = row->places;
    work->result->areas = row->areas;
}

/* Reads the extract into a graph and writes it beside the old one. This comes
 * before the database is touched, so that a damaged file is refused early. */
static sgp_err make_graph(import *work) {
    int64_t begun_us = sgp_monotonic_us();
    sgp_import_result *result = work->result;
    sgp_err err =
        sgp_osm_graph_read(work->options->extract, &result->city, work->name, work->profiles,
                           &work->options->progress, &work->graph, work->fault);
    if (err != SGP_OK)
        return err;
    work->parts = *sgp_osm_graph_parts(work->graph);
    work->parts.created_ms = sgp_wall_ms();
    result->counts = *sgp_osm_graph_counts(work->graph);
    result->vertices = work->parts.n_vertices;
    result->arcs = work->parts.n_arcs;
    result->edges = work->parts.n_edges;
    result->is_sketch = work->parts.is_sketch;
    const sgp_graph_making making = {.method = work->options->order,
                                     .threads = work->options->threads,
                                     .progress = &work->options->progress};
    err = sgp_graph_write(work->new_graph, &work->parts, &making, work->fault);
    result->graph_ms = (sgp_monotonic_us() - begun_us) / 1000;
    return err;
}

/* The names that place a call while the database is away. */
static sgp_err put_names(import *work, const char *schema) {
    sgp_err err =
        sgp_import_report(&work->options->progress, "names for the graph", 0, 1, work->fault);
    if (err == SGP_OK)
        err =
            sgp_import_names(work->connection, schema, &work->parts, work->new_graph, work->fault);
    return err == SGP_OK ? sgp_import_report(&work->options->progress, "names for the graph", 1, 1,
                                             work->fault)
                         : err;
}

static sgp_err fill_database(import *work) {
    int64_t begun_us = sgp_monotonic_us();
    const sgp_import_options *options = work->options;
    sgp_import_result *result = work->result;
    sgp_err err = sgp_staging_begin(work->connection, work->fault);
    if (err != SGP_OK)
        return err;
    sgp_import_child child = {
        .extract = options->extract,
        .style = work->style,
        .conninfo = options->conninfo,
        .memory_mb = options->memory_mb > 0 ? options->memory_mb : DEFAULT_MEMORY_MB,
        .elements = result->counts.nodes + result->counts.ways + result->counts.relations,
        .progress = &options->progress,
    };
    err = sgp_import_child_run(&child, &result->child_peak_memory_kb, work->fault);
    if (err == SGP_OK)
        err = sgp_staging_finish(work->connection, work->sql, work->aliases, &work->parts,
                                 &options->progress, work->fault);
    if (err == SGP_OK)
        err = put_names(work, SGP_STAGING_SCHEMA);
    sgp_city_row row;
    if (err == SGP_OK)
        err = sgp_city_register(work->connection, &work->parts, work->extract_bytes, &row,
                                work->fault);
    if (err == SGP_OK)
        take_counts(work, &row);
    else
        sgp_staging_drop(work->connection);
    result->database_ms = (sgp_monotonic_us() - begun_us) / 1000;
    return err;
}

static sgp_err import_all(import *work) {
    const sgp_import_options *options = work->options;
    sgp_err err = prepare(work);
    if (err != SGP_OK)
        return err;
    bool has_graph = !options->force && graph_there(work);
    if (options->graph_only) {
        if (has_graph) {
            work->result->already_there = true;
            return SGP_OK;
        }
        err = make_graph(work);
    } else {
        /* A file that is refused must not even wake the database, unless this is the
         * second time and there is nothing to do. */
        if (!has_graph)
            err = make_graph(work);
        if (err == SGP_OK)
            err = sgp_import_connect(options->conninfo, &work->connection, work->fault);
        sgp_city_row row;
        if (err == SGP_OK && !options->force) {
            err = sgp_city_find(work->connection, &work->result->city, &row, work->fault);
            work->database_there = err == SGP_OK;
            if (err == SGP_E_NOT_FOUND)
                err = SGP_OK;
            if (work->database_there)
                take_counts(work, &row);
        }
        if (err == SGP_OK && work->database_there)
            err = sgp_city_use(work->connection, &work->result->city, work->name, work->fault);
        if (err == SGP_OK && work->database_there && has_graph) {
            work->result->already_there = true;
            return SGP_OK;
        }
        if (err == SGP_OK && has_graph)
            err = make_graph(work); /* for its bounds and counts; costs little */
        if (err == SGP_OK && !work->database_there)
            err = fill_database(work);
        else if (err == SGP_OK)
            err = put_names(work, row.schema);
    }
    if (err == SGP_OK && rename(work->new_graph, work->result->graph_path) != 0)
        err = sgp_fail(work->fault, SGP_E_IO, "cannot rename %.150s: %s", work->new_graph,
                       strerror(errno));
    return err;
}

sgp_err sgp_import(const sgp_import_options *options, sgp_import_result *result, sgp_fault *fault) {
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium does not start");
    memset(result, 0, sizeof *result);
import work = {.options = options, .result = result, .fault = fault };
    sgp_err err = import_all(&work);
    if (err != SGP_OK && work.new_graph[0])
        unlink(work.new_graph);
    if (work.connection)
        PQfinish(work.connection);
    sgp_osm_graph_destroy(work.graph);
    sgp_profiles_destroy(work.profiles);
    sgp_aliases_destroy(work.aliases);
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        result->peak_memory_kb = used.ru_maxrss;
    return err;
}
