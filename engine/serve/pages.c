/* The pages for browsers, from the files that were read at the start (page_files.h).
 *
 * They hold nothing of the world: what they show they ask for like any other client, with a
 * token. So whoever reaches the address may load them, and no answer waits for the journal. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/page_files.h"

/* Everything comes from here, the map's worker too; nothing is written into a page. data: is for
 * the empty picture by which a page says that it has no icon. */
static const char policy[] =
    "default-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static const char *const page_folders[] = {"/crew", "/caller", "/hospital", "/wall", "/planner"};

/* What a page that is at home in this folder may ask of the device. */
static const char *permissions_of(const char *path) {
    bool knows_where = strncmp(path, "/crew/", 6) == 0 || strncmp(path, "/caller/", 8) == 0;
    return knows_where ? "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
                       : "geolocation=(), camera=(), microphone=(), payment=(), usb=()";
}

static void add_security(struct evhttp_request *request, const sgp_engine *engine,
                         const char *path) {
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Security-Policy", policy);
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    evhttp_add_header(headers, "X-Frame-Options", "DENY");
    evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
    evhttp_add_header(headers, "Cross-Origin-Opener-Policy", "same-origin");
    evhttp_add_header(headers, "Cross-Origin-Resource-Policy", "same-origin");
    evhttp_add_header(headers, "Permissions-Policy", permissions_of(path));
    if (engine->settings->http_tls)
        evhttp_add_header(headers, "Strict-Transport-Security", "max-age=31536000");
}

static void send_text(struct evhttp_request *request, int status, const char *reason,
                      const char *text) {
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    evbuffer_add(body, text, strlen(text));
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "text/plain; charset=utf-8");
    evhttp_add_header(headers, "Cache-Control", "no-store");
    sgp_http_reply(request, status, reason, body);
    evbuffer_free(body);
}

static void send_file(struct evhttp_request *request, const sgp_page_file *file) {
    struct evkeyvalq *asked = evhttp_request_get_input_headers(request);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    bool packed =
        file->packed != NULL && sgp_page_takes_gzip(evhttp_find_header(asked, "Accept-Encoding"));
    char tag[SGP_PAGE_TAG_BYTES + 8];
    snprintf(tag, sizeof tag, "\"%s%s\"", file->tag, packed ? "-gz" : "");
    evhttp_add_header(headers, "ETag", tag);
    evhttp_add_header(headers, "Cache-Control",
                      file->keeps ? "public, max-age=31536000, immutable" : "no-cache");
    if (file->packed != NULL)
        evhttp_add_header(headers, "Vary", "Accept-Encoding");
    if (sgp_page_tag_matches(evhttp_find_header(asked, "If-None-Match"), file->tag)) {
        evhttp_send_reply(request, 304, "Not Modified", NULL);
        return;
    }
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    evhttp_add_header(headers, "Content-Type", file->type);
    if (packed)
        evhttp_add_header(headers, "Content-Encoding", "gzip");
    /* The files outlive every connection, so nothing is copied. */
    evbuffer_add_reference(body, packed ? file->packed : file->bytes,
                           packed ? file->packed_length : file->length, NULL, NULL);
    sgp_http_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

/* The folder of a page that the path lies in; NULL: none. */
static const char *folder_of(const char *path) {
    for (size_t i = 0; i < sizeof page_folders / sizeof page_folders[0]; i++) {
        size_t n = strlen(page_folders[i]);
        if (strncmp(path, page_folders[i], n) == 0 && (path[n] == '\0' || path[n] == '/'))
            return page_folders[i];
    }
    return NULL;
}

static void send_away(struct evhttp_request *request, const char *folder) {
    char place[40];
    snprintf(place, sizeof place, "%s/", folder);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Location", place);
    send_text(request, 308, "Permanent Redirect", "The page is there with a slash at its end.\n");
}

bool sgp_pages_http(sgp_engine *engine, struct evhttp_request *request) {
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    if (path == NULL)
        return false;
    const sgp_page_file *file = sgp_page_files_find(&engine->pages, path, strlen(path));
    const char *folder = file == NULL ? folder_of(path) : NULL;
    if (file == NULL && folder == NULL)
        return false;
    enum evhttp_cmd_type command = evhttp_request_get_command(request);
    add_security(request, engine, file != NULL ? file->path : path);
    if (command != EVHTTP_REQ_GET && command != EVHTTP_REQ_HEAD)
        send_text(request, 405, "Method Not Allowed", "Use GET.\n");
    else if (file != NULL)
        send_file(request, file);
    else if (path[strlen(folder)] == '\0')
        send_away(request, folder);
    else if (engine->pages.n == 0)
        send_text(request, 404, "Not Found",
                  "The pages are not there: ./run build makes them where npm is, and pages.folder"
                  " of the configuration names them.\n");
    else
        send_text(request, 404, "Not Found", "There is no such page.\n");
    return true;
}

/* Dispatch goes on without pages: whatever is wrong with them is said, and no more. */
void sgp_pages_start(sgp_engine *engine) {
    const char *folder = engine->settings->pages_folder;
    if (folder == NULL || *folder == '\0')
        return;
    sgp_fault fault = {0};
    sgp_err err = sgp_page_files_load(folder, &engine->pages, &fault);
    if (err != SGP_OK)
        sgp_log(SGP_LOG_WARN, "no_pages", "reason=%s", SGP_Q(fault.text));
    else
        sgp_log(SGP_LOG_INFO, "pages", "folder=%s files=%zu bytes=%zu left_out=%zu", SGP_Q(folder),
                engine->pages.n, engine->pages.bytes, engine->pages.left_out);
}

void sgp_pages_stop(sgp_engine *engine) {
    sgp_page_files_free(&engine->pages);
}
