/* How far the sketch's main roads lie from points that bear their names. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

/* One line of a comma-separated file into fields, in place; quoted fields may hold commas. */
static size_t cut_fields(char *line, char **fields, size_t room) {
    size_t n = 0;
    char *read = line, *write = line;
    while (n < room) {
        fields[n++] = write;
        bool quoted = *read == '"';
        if (quoted)
            read++;
        for (; *read != '\0' && *read != '\n' && *read != '\r'; read++) {
            if (quoted && read[0] == '"' && read[1] == '"')
                read++;
            else if (quoted && *read == '"') {
                quoted = false;
                continue;
            } else if (!quoted && *read == ',')
                break;
            *write++ = *read;
        }
        bool more = *read == ',';
        read++;
        *write++ = '\0';
        if (!more)
            break;
    }
    return n;
}

/* "JL. L.A Sucipto Arah Timur (Rel)" becomes "lasucipto"; "Jl. Raden Panji…" keeps its title. */
static void plain_name(const char *name, char *plain, size_t room) {
    static const char *const ends[] = {" arah", " depan", " gerbang", "(", " utara", NULL};
    char lower[256];
    size_t n = 0;
    for (; name[n] != '\0' && n + 1 < sizeof lower; n++)
        lower[n] = (char)tolower((unsigned char)name[n]);
    lower[n] = '\0';
    for (size_t i = 0; ends[i] != NULL; i++) {
        char *end = strstr(lower, ends[i]);
        if (end != NULL && (i < 4 || strstr(lower, "merdeka") == NULL))
            *end = '\0';
    }
    const char *read = lower;
    if (strncmp(read, "jalan ", 6) == 0)
        read += 6;
    else if (strncmp(read, "jl", 2) == 0 && (read[2] == '.' || read[2] == ' '))
        read += 3;
    size_t used = 0;
    for (; *read != '\0' && used + 1 < room; read++)
        if (isalnum((unsigned char)*read))
            plain[used++] = *read;
    plain[used] = '\0';
}

static bool bears_name(const sgp_sketch_road *road, const char *plain) {
    char own[256];
    plain_name(road->line.name, own, sizeof own);
    if (strcmp(own, plain) == 0)
        return true;
    char alternatives[1024];
    (void)snprintf(alternatives, sizeof alternatives, "%s", road->alt != NULL ? road->alt : "");
    char *rest = NULL;
    for (char *one = strtok_r(alternatives, ";", &rest); one != NULL;
         one = strtok_r(NULL, ";", &rest)) {
        plain_name(one, own, sizeof own);
        if (strcmp(own, plain) == 0)
            return true;
    }
    return false;
}

static double road_distance(const sgp_sketch_road *road, sgp_xy at) {
    double best = INFINITY;
    for (size_t i = 1; i < road->line.n; i++) {
        sgp_xy a = road->line.at[i - 1], b = road->line.at[i];
        best = fmin(best, sgp_xy_distance(at, sgp_xy_between(a, b, sgp_xy_project(at, a, b))));
    }
    return best;
}

typedef struct road_tally {
    size_t road;
    double sum, worst;
    size_t points;
} road_tally;

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, size_t n) {
    qsort(values, n, sizeof *values, compare_doubles);
    return n == 0       ? INFINITY
           : n % 2 == 1 ? values[n / 2]
                        : (values[n / 2 - 1] + values[n / 2]) / 2.0;
}

sgp_err sgp_sketch_check(const sgp_sketch_data *data, const char *csv, FILE *out, double *median_m,
                         sgp_fault *fault) {
    FILE *file = fopen(csv, "r");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "cannot read %s: %s", csv, strerror(errno));
    road_tally *tallies = sgp_sketch_memory(NULL, data->n_roads + 1, sizeof *tallies);
    memset(tallies, 0, (data->n_roads + 1) * sizeof *tallies);
    double *distances = NULL;
    size_t n = 0, room = 0, unknown = 0;
    char line[2048];
    while (fgets(line, sizeof line, file) != NULL) {
        char *fields[8], plain[256], *end = NULL;
        if (cut_fields(line, fields, 8) < 6)
            continue;
        double lat = strtod(fields[3], &end);
        if (end == fields[3])
            continue;
        double lon = strtod(fields[4], NULL);
        sgp_xy at = sgp_xy_from_degrees(lon, lat);
        plain_name(fields[0], plain, sizeof plain);
        size_t best = SIZE_MAX;
        double best_m = INFINITY;
        for (size_t i = 0; i < data->n_roads; i++) {
            if (!bears_name(&data->roads[i], plain))
                continue;
            double distance = road_distance(&data->roads[i], at);
            if (distance < best_m) {
                best_m = distance;
                best = i;
            }
        }
        if (best == SIZE_MAX) {
            unknown++;
            continue;
        }
        /* A road drawn in several pieces is one road here. */
        for (size_t i = 0; i < best; i++)
            if (strcmp(data->roads[i].line.name, data->roads[best].line.name) == 0)
                best = i;
        tallies[best].points++;
        tallies[best].sum += best_m;
        tallies[best].worst = fmax(tallies[best].worst, best_m);
        SGP_SKETCH_ROOM(distances, n, room);
        distances[n++] = best_m;
    }
    (void)fclose(file);
    fprintf(out, "%-36s %7s %8s %8s\n", "main road of the sketch", "points", "mean_m", "worst_m");
    for (size_t i = 0; i < data->n_roads; i++)
        if (tallies[i].points > 0)
            fprintf(out, "%-36s %7zu %8.0f %8.0f\n", data->roads[i].line.name, tallies[i].points,
                    tallies[i].sum / (double)tallies[i].points, tallies[i].worst);
    *median_m = median_of(distances, n);
    fprintf(out, "%zu points on roads of the sketch, %zu on others; median %.0f m\n", n, unknown,
            *median_m);
    free(distances);
    free(tallies);
    return n > 0 ? SGP_OK
                 : sgp_fail(fault, SGP_E_FORMAT, "%s has no point on a road of the sketch", csv);
}
