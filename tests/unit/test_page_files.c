/* The pages' files are read once; what is served later is only what was found then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "serve/page_files.h"

static char folder[64];

static int make(void **state) {
    (void)state;
    strcpy(folder, "/tmp/sigap-pages-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int drop(void **state) {
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void put(const char *name, const char *text, size_t times) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < times; i++)
        fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static const sgp_page_file *find(const sgp_page_files *files, const char *path) {
    return sgp_page_files_find(files, path, strlen(path));
}

static void test_page_files_are_found_by_their_names_only(void **state) {
    (void)state;
    put("crew/index.html", "<p>awak</p>\n", 40);
    put("assets/map-7QK2LD4A.js", "peta();\n", 100);
    put("assets/map-lowercas.js", "peta();\n", 1);
    put("assets/bell.mp3", "ring", 10);
    put(".secret/token.txt", "x", 1);
    put(".env", "x", 1);
    put("assets/notes.c", "int x;", 1);
    put("assets/a b.js", "x", 1);
    char link[128];
    snprintf(link, sizeof link, "%s/crew/passwd.txt", folder);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    snprintf(link, sizeof link, "%s/etc", folder);
    assert_int_equal(symlink("/etc", link), 0);

    sgp_page_files files;
    sgp_fault fault = {0};
    assert_int_equal(sgp_page_files_load(folder, &files, &fault), SGP_OK);
    assert_int_equal(files.n, 4);
    assert_int_equal(files.left_out, 6);
    const sgp_page_file *page = find(&files, "/crew/");
    assert_non_null(page);
    assert_ptr_equal(page, find(&files, "/crew/index.html"));
    assert_true(page->is_page && !page->keeps);
    assert_string_equal(page->type, "text/html; charset=utf-8");
    assert_true(find(&files, "/assets/map-7QK2LD4A.js")->keeps);
    assert_false(find(&files, "/assets/map-lowercas.js")->keeps);
    assert_null(find(&files, "/assets/map-lowercas.js")->packed); /* too short to gain by it */
    assert_null(find(&files, "/assets/bell.mp3")->packed);

    static const char *const others[] = {"",
                                         "/",
                                         "/crew",
                                         "/crew/passwd.txt",
                                         "/etc/passwd",
                                         "/.env",
                                         "/../../etc/passwd",
                                         "/crew/../crew/index.html",
                                         "/crew/index.html/",
                                         "/crew//index.html",
                                         "crew/index.html",
                                         "/crew/%69ndex.html"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(find(&files, others[i]));
    char long_path[400];
    memset(long_path, 'a', sizeof long_path);
    long_path[0] = '/';
    assert_null(sgp_page_files_find(&files, long_path, sizeof long_path));

    /* What is kept compressed is the very file. */
    uint8_t plain[8192];
    z_stream stream = {.next_in = page->packed,
                       .avail_in = (uInt)page->packed_length,
                       .next_out = plain,
                       .avail_out = sizeof plain};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, page->length);
    assert_memory_equal(plain, page->bytes, page->length);
    inflateEnd(&stream);

    /* The tag follows the content. */
    char tag[SGP_PAGE_TAG_BYTES];
    strcpy(tag, page->tag);
    sgp_page_files_free(&files);
    put("crew/index.html", "<p>kru</p>\n", 40);
    assert_int_equal(sgp_page_files_load(folder, &files, &fault), SGP_OK);
    assert_string_not_equal(tag, find(&files, "/crew/")->tag);
    sgp_page_files_free(&files);
}

static void test_page_files_hold_to_their_bounds(void **state) {
    (void)state;
    sgp_page_files files;
    sgp_fault fault = {0};
    assert_int_equal(sgp_page_files_load("/nowhere/at/all", &files, &fault), SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "/nowhere/at/all"));
    assert_int_equal(sgp_page_files_load(folder, &files, &fault), SGP_OK);
    assert_int_equal(files.n, 0);
    assert_null(find(&files, "/crew/"));
    sgp_page_files_free(&files);

    put("small.js", "x", 1);
    put("large.js", "x", 1);
    char path[128];
    snprintf(path, sizeof path, "%s/large.js", folder);
    assert_int_equal(truncate(path, SGP_PAGE_FILE_BYTES_MAX + 1), 0);
    assert_int_equal(sgp_page_files_load(folder, &files, &fault), SGP_E_TOO_LARGE);
    assert_non_null(strstr(fault.text, "/large.js"));
    assert_int_equal(files.n, 0);
    assert_null(files.files);
}

static void test_page_tags_in_a_list(void **state) {
    (void)state;
    assert_true(sgp_page_tag_matches("\"abc\"", "abc"));
    assert_true(sgp_page_tag_matches("W/\"abc\"", "abc"));
    assert_true(sgp_page_tag_matches("\"x\", W/\"y\" ,\"abc-gz\"", "abc"));
    assert_true(sgp_page_tag_matches("*", "abc"));
    assert_false(sgp_page_tag_matches(NULL, "abc"));
    assert_false(sgp_page_tag_matches("", "abc"));
    assert_false(sgp_page_tag_matches("abc", "abc"));
    assert_false(sgp_page_tag_matches("\"abcd\", \"ab\"", "abc"));
    assert_false(sgp_page_tag_matches("\"abc", "abc"));
    assert_false(sgp_page_tag_matches(",,, W/,\"", "abc"));
}

static void test_page_takes_gzip(void **state) {
    (void)state;
    assert_true(sgp_page_takes_gzip("gzip"));
    assert_true(sgp_page_takes_gzip("gzip, deflate, br, zstd"));
    assert_true(sgp_page_takes_gzip("br, GZIP;q=0.5"));
    assert_false(sgp_page_takes_gzip(NULL));
    assert_false(sgp_page_takes_gzip(""));
    assert_false(sgp_page_takes_gzip("br, deflate"));
    assert_false(sgp_page_takes_gzip("gzip;q=0"));
    assert_false(sgp_page_takes_gzip("gzip ; q=0.000, br"));
    assert_false(sgp_page_takes_gzip("xgzip, gzipped"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page_files_are_found_by_their_names_only, make, drop),
        cmocka_unit_test_setup_teardown(test_page_files_hold_to_their_bounds, make, drop),
        cmocka_unit_test(test_page_tags_in_a_list),
        cmocka_unit_test(test_page_takes_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
