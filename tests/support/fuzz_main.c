/* Runs a fuzz target without libFuzzer, so that every ordinary test run does it
 * too: each seed file as it is, then mutated seeds and random inputs from a
 * generator with a fixed start, the same on every machine.
 *
 *   fuzz_X [SEED_FOLDER|SEED_FILE]...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RUNS = 4000, MOST_SEEDS = 256, LONGEST = 64 * 1024 };

typedef struct seed {
    uint8_t *bytes;
    size_t length;
} seed;

static seed seeds[MOST_SEEDS];
static size_t n_seeds;

static uint64_t random_state = UINT64_C(0x5169617031313931);
static uint32_t below(uint32_t bound) {
    return (uint32_t)sgp_random_below(&random_state, bound);
}

static void read_seed(const char *path) {
    FILE *file = n_seeds < MOST_SEEDS ? fopen(path, "rb") : NULL;
    if (!file)
        return;
    uint8_t *bytes = malloc(LONGEST);
    if (bytes) {
        size_t length = fread(bytes, 1, LONGEST, file);
        seeds[n_seeds++] = (seed){bytes, length};
    }
    fclose(file);
}

static void read_seeds(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) {
        read_seed(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[4096];
        if (entry->d_name[0] != '.' &&
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name)
            read_seed(name);
    }
    closedir(folder);
}

/* Changes a few places of `bytes`, and its length now and then. */
static size_t mutate(uint8_t *bytes, size_t length) {
    static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '\n', '{', '"'};
    for (uint32_t change = 1 + below(8); change > 0 && length > 0; change--) {
        uint8_t *place = &bytes[below((uint32_t)length)];
        switch (below(4)) {
        case 0:
            *place ^= (uint8_t)(1u << below(8));
            break;
        case 1:
            *place = (uint8_t)below(256);
            break;
        case 2:
            *place = telling[below(sizeof telling)];
            break;
        default: {
            uint8_t *from = &bytes[below((uint32_t)length)];
            uint8_t *later = from > place ? from : place;
            memmove(place, from, 1 + below((uint32_t)(bytes + length - later)));
            break;
        }
        }
    }
    return below(4) ? length : below((uint32_t)length + 1);
}

int main(int argc, char **argv) {
    static uint8_t input[LONGEST];
    for (int i = 1; i < argc; i++)
        read_seeds(argv[i]);
    LLVMFuzzerTestOneInput(input, 0);
    for (size_t i = 0; i < n_seeds; i++)
        LLVMFuzzerTestOneInput(seeds[i].bytes, seeds[i].length);
    for (int run = 0; run < RUNS; run++) {
        size_t length;
        if (n_seeds > 0 && below(4)) {
            const seed *s = &seeds[below((uint32_t)n_seeds)];
            memcpy(input, s->bytes, s->length);
            length = mutate(input, s->length);
        } else {
            length = below(below(8) ? 64 : 4096);
            for (size_t i = 0; i < length; i++)
                input[i] = (uint8_t)below(256);
        }
        /* A copy of just this length lets the sanitizer see a read past its end. */
        uint8_t *exact = malloc(length ? length : 1);
        if (!exact)
            return 3;
        memcpy(exact, input, length);
        LLVMFuzzerTestOneInput(exact, length);
        free(exact);
    }
    printf("%zu seeds, %d inputs\n", n_seeds, RUNS);
    for (size_t i = 0; i < n_seeds; i++)
        free(seeds[i].bytes);
    return 0;
}
