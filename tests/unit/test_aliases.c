/* The editable names: what is taken, and what each fault is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gis/aliases.h"

static char path[64];

static sgp_err read_text(const char *text, sgp_aliases **aliases, sgp_fault *fault) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return sgp_aliases_read(path, aliases, fault);
}

static void test_aliases_reads_names(void **state) {
    (void)state;
    sgp_aliases *aliases = NULL;
    sgp_fault fault = {0};
    const char *text =
        "aliases = ( { name = \"Jalan Soekarno Hatta\"; also = [\"Suhat\", \"Soehat\"];"
        " near = [112.62, -8.0]; km = 30; },\n { name = \"X\"; also = (\"Y\"); } );";
    if (read_text(text, &aliases, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_aliases_count(aliases), 3);
    sgp_alias second = sgp_aliases_at(aliases, 1);
    assert_string_equal(second.name, "Jalan Soekarno Hatta");
    assert_string_equal(second.also, "Soehat");
    assert_true(second.is_near && second.lon == 112.62 && second.lat == -8 && second.km == 30);
    assert_false(sgp_aliases_at(aliases, 2).is_near);
    size_t length = 0;
    assert_memory_equal(sgp_aliases_text(aliases, &length), text, strlen(text));
    assert_int_equal(length, strlen(text));
    sgp_aliases_destroy(aliases);
    sgp_aliases_destroy(NULL);
}

static void test_aliases_names_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"", "has no list 'aliases'"},
        {"aliases = (", ":1: "},
        {"aliases = ( { also = [\"x\"]; } );", ":1: an alias needs the name"},
        {"aliases = (\n { name = \"\"; also = [\"x\"]; } );", ":2: an alias needs the name"},
        {"aliases = ( 5 );", "an alias needs the name"},
        {"aliases = ( { name = \"x\"; } );", "needs also"},
        {"aliases = ( { name = \"x\"; also = []; } );", "needs also"},
        {"aliases = ( { name = \"x\"; also = [1]; } );", "names in quotes"},
        {"aliases = ( { name = \"x\"; also = [\"a;b\"]; } );", "without ';'"},
        {"aliases = ( { name = \"x\"; also = [\"y\"]; km = 3; } );", "go together"},
        {"aliases = ( { name = \"x\"; also = [\"y\"]; near = [-8.0, 112.6]; km = 3; } );",
         "go together"},
        {"aliases = ( { name = \"x\"; also = [\"y\"]; near = (112.6, -8); km = 0; } );", "over 0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_aliases *aliases = NULL;
        sgp_fault fault = {0};
        assert_int_equal(read_text(rows[i].text, &aliases, &fault), SGP_E_CONFIG);
        if (!strstr(fault.text, rows[i].said) || !strstr(fault.text, path))
            fail_msg("%s: %s", rows[i].text, fault.text);
    }
    sgp_fault fault = {0};
    sgp_aliases *aliases = NULL;
    assert_int_equal(sgp_aliases_read("/nowhere/aliases.conf", &aliases, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nowhere/aliases.conf"));
}

/* The file that ships can be read. */
static void test_aliases_of_the_source(void **state) {
    (void)state;
    sgp_aliases *aliases = NULL;
    sgp_fault fault = {0};
    if (sgp_aliases_read(SIGAP_SOURCE_DIR "/gis/aliases.conf", &aliases, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    bool found = false;
    for (size_t i = 0; i < sgp_aliases_count(aliases); i++)
        found = found || strcmp(sgp_aliases_at(aliases, i).also, "Suhat") == 0;
    assert_true(found);
    sgp_aliases_destroy(aliases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aliases_reads_names),
        cmocka_unit_test(test_aliases_names_what_is_wrong),
        cmocka_unit_test(test_aliases_of_the_source),
    };
    snprintf(path, sizeof path, "/tmp/test-aliases-%d.conf", (int)getpid());
    int code = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return code;
}
