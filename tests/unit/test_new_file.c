/* A file is there whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/new_file.h"

typedef struct folder {
    char path[64], file[96], partial[128];
} folder;

static int make(void **state) {
    static folder f;
    strcpy(f.path, "/tmp/sigap-new-file-XXXXXX");
    assert_non_null(mkdtemp(f.path));
    snprintf(f.file, sizeof f.file, "%s/report", f.path);
    snprintf(f.partial, sizeof f.partial, "%s.partial", f.file);
    *state = &f;
    return 0;
}

static int drop(void **state) {
    folder *f = *state;
    unlink(f->file);
    unlink(f->partial);
    return rmdir(f->path);
}

static void write_text(const char *path, const char *text) {
    sgp_new_file file;
    sgp_fault fault = {0};
    assert_int_equal(sgp_new_file_open(&file, path, SGP_NEW_FILE_PRIVATE, &fault), SGP_OK);
    fputs(text, file.stream);
    assert_int_equal(sgp_new_file_keep(&file, &fault), SGP_OK);
}

static void assert_text(const char *path, const char *wanted) {
    char text[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, wanted);
}

static void test_new_file_replaces_at_the_end_only(void **state) {
    folder *f = *state;
    sgp_new_file file;
    sgp_fault fault = {0};
    write_text(f->file, "old");
    assert_int_equal(sgp_new_file_open(&file, f->file, SGP_NEW_FILE_PRIVATE, &fault), SGP_OK);
    fputs("half of the n", file.stream);
    fflush(file.stream);
    assert_text(f->file, "old");
    sgp_new_file_drop(&file);
    sgp_new_file_drop(&file);
    assert_text(f->file, "old");
    assert_int_equal(access(f->partial, F_OK), -1);
    /* What an interrupted one left behind is in nobody's way, nor is it left readable. */
    write_text(f->partial, "left behind");
    chmod(f->partial, 0644);
    write_text(f->file, "new");
    assert_text(f->file, "new");
    assert_int_equal(access(f->partial, F_OK), -1);
    struct stat there;
    assert_int_equal(stat(f->file, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0600);
}

static void test_new_file_follows_links(void **state) {
    folder *f = *state;
    char link[128];
    snprintf(link, sizeof link, "%s/link", f->path);
    write_text(f->file, "old");
    assert_int_equal(symlink(f->file, link), 0);
    write_text(link, "new");
    assert_text(f->file, "new");
    struct stat there;
    assert_int_equal(lstat(link, &there), 0);
    assert_true(S_ISLNK(there.st_mode));
    unlink(link);
}

static void test_new_file_says_what_failed(void **state) {
    (void)state;
    sgp_new_file file;
    sgp_fault fault = {0};
    assert_int_equal(sgp_new_file_open(&file, "/nowhere/at/all", SGP_NEW_FILE_SHARED, &fault),
                     SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nowhere/at/all cannot be written: No such file"));
    assert_null(file.stream);
    /* A device is written to as it is; a full one is an error, not silence. */
    assert_int_equal(sgp_new_file_open(&file, "/dev/full", SGP_NEW_FILE_SHARED, &fault), SGP_OK);
    fputs("text", file.stream);
    assert_int_equal(sgp_new_file_keep(&file, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "No space left"));
    assert_int_equal(access("/dev/full", F_OK), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_new_file_replaces_at_the_end_only, make, drop),
        cmocka_unit_test_setup_teardown(test_new_file_follows_links, make, drop),
        cmocka_unit_test(test_new_file_says_what_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
