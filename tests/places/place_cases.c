/* Draws rows of the geocoder's test set from an extract, and works out the expected points of
 * rows that people wrote. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "place_draw.h"
#include "place_lists.h"

static const char HELP[] =
    "Rows of a geocoder's test set, read off an OpenStreetMap extract.\n"
    "\n"
    "  place_cases --set malang|streets|typing|abroad EXTRACT.osm.pbf    rows drawn by --seed\n"
    "  place_cases --said FILE EXTRACT.osm.pbf    rows that people wrote (tests/places/README.md)\n"
    "  place_cases --hidden EXTRACT.osm.pbf    rows drawn afresh; with --data DIR those of the\n"
    "                                          lists of villages and of street cameras too\n"
    "\n"
    "  --seed TEXT   any text, for the hidden half the commit's hash (default 112)\n"
    "  --data DIR    SIGAP_DATA\n"
    "  -o FILE       instead of standard output\n";

/* FNV-1a (Fowler, Noll, Vo). */
static uint64_t seed_of(const char *text) {
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

typedef struct wishes {
    const char *set, *said, *seed, *data, *out;
    bool hidden;
} wishes;

static sgp_err draw(drawing *d, const wishes *w, sgp_fault *fault) {
    if (w->said)
        return lists_said(d, w->said, fault);
    if (w->hidden) {
        drawing_follow(d, draw_malang, n_draw_malang);
        return w->data ? lists_hidden(d, w->data, fault) : SGP_OK;
    }
    if (strcmp(w->set, "malang") == 0)
        drawing_follow(d, draw_malang, n_draw_malang);
    else if (strcmp(w->set, "streets") == 0)
        drawing_follow(d, draw_streets, n_draw_streets);
    else if (strcmp(w->set, "typing") == 0)
        drawing_follow(d, draw_typing, n_draw_typing);
    else if (strcmp(w->set, "abroad") == 0)
        drawing_follow(d, draw_abroad, n_draw_abroad);
    else
        return sgp_fail(fault, SGP_E_ARGUMENT, "there is no set '%s'", w->set);
    return SGP_OK;
}

static sgp_err run(const char *extract, const wishes *w, sgp_fault *fault) {
    map m;
    sgp_err err = map_read(extract, &m, fault);
    FILE *out = err != SGP_OK ? NULL : w->out ? fopen(w->out, "w") : stdout;
    if (err == SGP_OK && !out)
        err = sgp_fail(fault, SGP_E_IO, "%s: cannot be written", w->out);
    if (err == SGP_OK) {
        drawing d;
        drawing_begin(&d, &m, seed_of(w->seed), out);
        err = draw(&d, w, fault);
        fprintf(stderr, "%s: %zu streets, %zu things, %zu house numbers; %zu rows\n", extract,
                m.n_streets, m.n_things, m.n_houses, d.n_rows);
        drawing_free(&d);
        if (w->out && fclose(out) != 0 && err == SGP_OK)
            err = sgp_fail(fault, SGP_E_IO, "%s: cannot be written", w->out);
    }
    map_free(&m);
    return err;
}

int main(int argc, char **argv) {
    static const struct option LONG[] = {{"set", required_argument, NULL, 't'},
                                         {"said", required_argument, NULL, 'w'},
                                         {"hidden", no_argument, NULL, 'h'},
                                         {"seed", required_argument, NULL, 's'},
                                         {"data", required_argument, NULL, 'd'},
                                         {"help", no_argument, NULL, 'H'},
                                         {NULL, 0, NULL, 0}};
    wishes w = {.set = "malang", .seed = "112"};
    for (int option; (option = getopt_long(argc, argv, "o:", LONG, NULL)) != -1;)
        switch (option) {
        case 't':
            w.set = optarg;
            break;
        case 'w':
            w.said = optarg;
            break;
        case 'h':
            w.hidden = true;
            break;
        case 's':
            w.seed = optarg;
            break;
        case 'd':
            w.data = optarg;
            break;
        case 'o':
            w.out = optarg;
            break;
        case 'H':
            fputs(HELP, stdout);
            return 0;
        default:
            fputs(HELP, stderr);
            return 2;
        }
    if (optind + 1 != argc) {
        fputs(HELP, stderr);
        return 2;
    }
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = run(argv[optind], &w, &fault);
    if (err != SGP_OK)
        fprintf(stderr, "place_cases: %s\n", fault.text);
    return sgp_err_exit_code(err);
}
