/* Plans from texts that nobody can trust.
 *
 * The first byte says which of the five files the rest is, or, from 128 on, of which of those that
 * come with Sigap it is the damage (position in two bytes, byte, ...), which gets further in than
 * random texts do. The other files are those that come with Sigap. Whatever is accepted must be a
 * sound plan that survives the wire; whatever is refused is refused with a sentence that names the
 * file. */
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "plans/plan_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 forgets the text that it was reading when a text never ends. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:strbuf_append";
}

static void need(bool holds) {
    if (!holds)
        abort();
}

static void hold_sound(const sgp_plan *plan) {
    sgp_fault fault = {0};
    sgp_plan *again;
    uint8_t first[SGP_HASH_BYTES], second[SGP_HASH_BYTES];
    need(sgp_plan_check(plan, &fault) == SGP_OK);
    Sigap__V1__Plan *message = sgp_plan_to_proto(plan);
    need(message != NULL);
    need(sgp_plan_from_proto(message, &again, &fault) == SGP_OK);
    sgp_plan_digest(plan, first);
    sgp_plan_digest(again, second);
    need(memcmp(first, second, sizeof first) == 0);
    sigap__v1__plan__free_unpacked(message, NULL);
    free(again);
}

static char *text_of(const uint8_t *data, size_t size, sgp_plan_part part) {
    if (data[0] < 128) {
        char *text = malloc(size);
        need(text != NULL);
        memcpy(text, data + 1, size - 1);
        text[size - 1] = '\0';
        return text;
    }
    char *text = strdup(sgp_plan_part_default(part));
    need(text != NULL);
    size_t length = strlen(text);
    for (size_t i = 1; i + 2 < size && i < 1 + 3 * 4; i += 3)
        text[(data[i] << 8 | data[i + 1]) % length] = (char)data[i + 2];
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    sgp_plan_files files = {{NULL}, {NULL}};
    sgp_plan_part part = (sgp_plan_part)(data[0] % SGP_PLAN_PARTS);
    files.name[part] = (char[]){"tried.conf"};
    files.text[part] = text_of(data, size, part);
    sgp_loaded_plan loaded;
    sgp_fault fault = {0};
    if (sgp_plan_parse(&files, &loaded, &fault) == SGP_OK)
        hold_sound(loaded.plan);
    else
        need(strstr(fault.text, ".conf") != NULL && loaded.plan == NULL);
    sgp_loaded_plan_clear(&loaded);
    free(files.text[part]);
    return 0;
}
