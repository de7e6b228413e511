/* The browser pages as the engine serves them, over plain HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http_ask.h"
#include "tls_child.h"

static engine_child child;
static char dist[64];

static void put(const char *name, const char *text, size_t times) {
    char path[160];
    snprintf(path, sizeof path, "%s/%s", dist, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < times; i++)
        fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int start(void **state) {
    bool with_pages = *state == NULL;
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    maker_folder(dist);
    char path[160], more[256];
    snprintf(path, sizeof path, "%s/crew", dist);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/assets", dist);
    assert_int_equal(mkdir(path, 0700), 0);
    put("crew/index.html", "<p>awak ambulans</p>\n", 50);
    put("assets/map-7QK2LD4A.js", "peta();\n", 500);
    snprintf(more, sizeof more, "pages = { folder = \"%s%s\"; };", dist,
             with_pages ? "" : "/not-there");
    child_prepare(&child, more);
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    child_clean(&child);
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", dist);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? system(command) : 1;
}

static http_told get(const char *path, const char *headers) {
    return http_ask(child.http_port, "GET", path, headers);
}

static void check_status(const char *method, const char *path, int status) {
    http_told told = http_ask(child.http_port, method, path, "");
    if (told.status != status)
        fail_msg("%s %s: %d in place of %d", method, path, told.status, status);
    http_free(&told);
}

static void test_pages_with_their_headers(void **state) {
    (void)state;
    http_told page = get("/crew/", "");
    assert_int_equal(page.status, 200);
    assert_int_equal(page.length, 50 * strlen("<p>awak ambulans</p>\n"));
    assert_string_equal(http_header(&page, "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(http_header(&page, "Cache-Control"), "no-cache");
    assert_string_equal(http_header(&page, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(http_header(&page, "X-Frame-Options"), "DENY");
    assert_string_equal(http_header(&page, "Referrer-Policy"), "no-referrer");
    assert_string_equal(http_header(&page, "Vary"), "Accept-Encoding");
    assert_string_equal(http_header(&page, "Content-Encoding"), "");
    assert_string_equal(http_header(&page, "Strict-Transport-Security"), ""); /* plain HTTP */
    assert_non_null(strstr(http_header(&page, "Permissions-Policy"), "geolocation=(self)"));
    const char *policy = http_header(&page, "Content-Security-Policy");
    assert_non_null(strstr(policy, "default-src 'self'"));
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    assert_null(strstr(policy, "unsafe"));
    assert_null(strchr(policy, '*'));

    /* Its head alone, and not again what is known. */
    http_told head = http_ask(child.http_port, "HEAD", "/crew/?token=no", "");
    assert_int_equal(head.status, 200);
    assert_int_equal(head.length, 0);
    assert_int_equal(atoi(http_header(&head, "Content-Length")), page.length);
    char known[600];
    snprintf(known, sizeof known, "If-None-Match: \"other\", %s\r\n", http_header(&page, "ETag"));
    http_told same = get("/crew/index.html", known);
    assert_int_equal(same.status, 304);
    assert_int_equal(same.length, 0);
    http_free(&same);
    http_free(&head);
    http_free(&page);
}

static void test_assets_are_kept_and_compressed(void **state) {
    (void)state;
    http_told packed = get("/assets/map-7QK2LD4A.js", "Accept-Encoding: gzip, br\r\n");
    assert_int_equal(packed.status, 200);
    assert_string_equal(http_header(&packed, "Content-Encoding"), "gzip");
    assert_string_equal(http_header(&packed, "Content-Type"), "text/javascript; charset=utf-8");
    assert_non_null(strstr(http_header(&packed, "Cache-Control"), "immutable"));
    assert_non_null(strstr(http_header(&packed, "Permissions-Policy"), "geolocation=()"));
    assert_int_equal(atoi(http_header(&packed, "Content-Length")), packed.length);
    assert_true(packed.length < 200);
    assert_memory_equal(packed.body, "\x1f\x8b", 2);
    http_told plain = get("/assets/map-7QK2LD4A.js", "Accept-Encoding: br\r\n");
    assert_int_equal(plain.length, 4000);
    char tag[512];
    snprintf(tag, sizeof tag, "%s", http_header(&plain, "ETag"));
    assert_string_not_equal(tag, http_header(&packed, "ETag"));
    http_free(&plain);
    http_free(&packed);
}

static void test_other_paths(void **state) {
    (void)state;
    http_told away = get("/wall", "");
    assert_int_equal(away.status, 308);
    assert_string_equal(http_header(&away, "Location"), "/wall/");
    http_free(&away);
    check_status("GET", "/wall/", 404);
    check_status("GET", "/crew/other.html", 404);
    check_status("GET", "/crew/../../etc/passwd", 404);
    check_status("GET", "/crew/..%2f..%2fetc/passwd", 404);
    check_status("GET", "/crews", 404);
    check_status("GET", "/", 404);
    check_status("POST", "/crew/", 405);
    check_status("GET", "/healthz", 200);
}

/* A folder that is not there is no reason not to dispatch. */
static void test_without_pages(void **state) {
    (void)state;
    http_told none = get("/crew/", "");
    assert_int_equal(none.status, 404);
    assert_non_null(strstr(none.body, "./run build"));
    assert_string_equal(http_header(&none, "X-Content-Type-Options"), "nosniff");
    http_free(&none);
    check_status("GET", "/assets/map-7QK2LD4A.js", 404);
    check_status("GET", "/readyz", 200);
}

int main(void) {
    static int nothing;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_with_their_headers),
        cmocka_unit_test(test_assets_are_kept_and_compressed),
        cmocka_unit_test(test_other_paths),
    };
    const struct CMUnitTest without[] = {
        cmocka_unit_test_prestate_setup_teardown(test_without_pages, start, stop, &nothing),
    };
    int failed = cmocka_run_group_tests_name("pages", tests, start, stop);
    return failed + cmocka_run_group_tests_name("without pages", without, NULL, NULL);
}
