/* Fuzzes the reader of DIMACS graphs. The first byte tells what the rest is:
 *   0  a .gr file beside good coordinates    1  a .co file beside a good graph
 *   2  the good .gr file with bytes changed (two bytes where, one byte what)
 *   3  the good .co file with bytes changed
 * What is read must have parts that the graph writer would accept as they are. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "route/dimacs.h"
#include "route/graph_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EDIT_BYTES = 3 };

static const char good_graph[] = "p sp 5 8\n"
                                 "a 1 2 10\na 2 1 12\na 1 2 12\na 2 3 7\na 3 3 0\n"
                                 "a 1 4 1073741822\na 4 1 5\na 3 2 7\n";
static const char good_coords[] = "p aux sp co 5\n"
                                  "v 1 112600000 -7900000\nv 2 112601000 -7900000\n"
                                  "v 5 -180000000 90000000\nv 3 112602000 -7900000\n"
                                  "v 4 112600000 -7901000\n";

static void must(int holds) {
    if (!holds)
        abort();
}

/* A file that has no name; the caller closes it. */
static int file_of(const void *bytes, size_t length, char path[40]) {
    int fd = memfd_create("dimacs", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    snprintf(path, 40, "/proc/self/fd/%d", fd);
    return fd;
}

static int edited_file(const char *good, const uint8_t *edits, size_t size, char path[40]) {
    char text[sizeof good_graph + sizeof good_coords];
    size_t length = strlen(good);
    memcpy(text, good, length);
    for (; size >= EDIT_BYTES; edits += EDIT_BYTES, size -= EDIT_BYTES)
        text[(size_t)(edits[0] << 8 | edits[1]) % length] = (char)edits[2];
    return file_of(text, length, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    char graph_path[40], coords_path[40];
    int graph_fd, coords_fd;
    switch (data[0] & 3) {
    case 0:
        graph_fd = file_of(data + 1, size - 1, graph_path);
        coords_fd = file_of(good_coords, strlen(good_coords), coords_path);
        break;
    case 1:
        graph_fd = file_of(good_graph, strlen(good_graph), graph_path);
        coords_fd = file_of(data + 1, size - 1, coords_path);
        break;
    case 2:
        graph_fd = edited_file(good_graph, data + 1, size - 1, graph_path);
        coords_fd = file_of(good_coords, strlen(good_coords), coords_path);
        break;
    default:
        graph_fd = file_of(good_graph, strlen(good_graph), graph_path);
        coords_fd = edited_file(good_coords, data + 1, size - 1, coords_path);
        break;
    }
    sgp_dimacs_graph *graph;
    sgp_fault fault = {0};
    sgp_err err = sgp_dimacs_read(graph_path, coords_path, "fuzz", NULL, &graph, &fault);
    if (err == SGP_OK) {
        must(sgp_graph_check(sgp_dimacs_parts(graph), SGP_E_FORMAT, &fault) == SGP_OK);
        sgp_dimacs_destroy(graph);
    } else {
        must(fault.code == err && fault.text[0] != '\0');
    }
    close(graph_fd);
    close(coords_fd);
    return 0;
}
