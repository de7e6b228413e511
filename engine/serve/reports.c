/* Planners' reports: pages that `sigap replay --html` wrote into a folder.
 *
 * A page of the report opens in a browser by its own address, where a token must not stand. So who
 * may see reports asks for a ticket over the session: a random path, good for one report and ten
 * minutes. The page is sent with a policy of its own (no script, its own style) and sandboxed. */
#include <dirent.h>
#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/wall_parts.h"

enum {
    REPORTS_MAX = 200,
    REPORT_NAME_BYTES = 128,
    REPORT_BYTES_MAX = 64 << 20,
    TICKETS = 64,
    TICKET_BYTES = 16,
    TICKET_TEXT = 2 * TICKET_BYTES + 1,
    TICKET_MS = 600000
};
static const char report_path[] = "/v1/report/";

typedef struct ticket {
    char text[TICKET_TEXT];
    char name[REPORT_NAME_BYTES];
    int64_t until_ms;
} ticket;

struct sgp_report_tickets {
    ticket items[TICKETS];
    uint32_t next; /* the oldest gives way */
};

sgp_report_tickets *sgp_report_tickets_create(void) {
    return calloc(1, sizeof(sgp_report_tickets));
}

void sgp_report_tickets_destroy(sgp_report_tickets *tickets) {
    free(tickets);
}

/* A plain file's name that ends in .html; never a way out of the folder. */
static bool is_report_name(const char *name) {
    size_t length = strlen(name);
    return length > 5 && length < REPORT_NAME_BYTES && name[0] != '.' &&
           strchr(name, '/') == NULL && strcmp(name + length - 5, ".html") == 0;
}

static bool is_text(const char *name) {
    for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++)
        if (*at < ' ' || *at == 127 || *at >= 128)
            return false; /* names that a planner types; others would not survive every tool */
    return true;
}

/* Opens a report; -1: there is no such plain file. */
static int open_report(const sgp_engine *engine, const char *name, struct stat *what) {
    const char *folder = engine->settings->wall.reports;
    if (folder[0] == '\0' || !is_report_name(name))
        return -1;
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -1;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    close(dir);
    if (fd < 0)
        return -1;
    if (fstat(fd, what) != 0 || !S_ISREG(what->st_mode) || what->st_size > REPORT_BYTES_MAX) {
        close(fd);
        return -1;
    }
    return fd;
}

/* ---- the list ---------------------------------------------------------------------- */

typedef struct row {
    Sigap__V1__Report message;
    char name[REPORT_NAME_BYTES];
} row;

static int newest_first(const void *left, const void *right) {
    const row *a = left, *b = right;
    if (a->message.made_at_ms != b->message.made_at_ms)
        return a->message.made_at_ms > b->message.made_at_ms ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* At most `most` of them, in the folder's order. */
static size_t read_folder(const char *folder, row *rows, size_t most) {
    DIR *dir = opendir(folder);
    size_t n = 0;
    for (struct dirent *entry; dir != NULL && n < most && (entry = readdir(dir)) != NULL;) {
        struct stat what;
        if (!is_report_name(entry->d_name) || !is_text(entry->d_name) ||
            fstatat(dirfd(dir), entry->d_name, &what, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(what.st_mode))
            continue;
        sigap__v1__report__init(&rows[n].message);
        memcpy(rows[n].name, entry->d_name, strlen(entry->d_name) + 1);
        rows[n].message.bytes = (uint64_t)what.st_size;
        rows[n].message.made_at_ms =
            (int64_t)what.st_mtim.tv_sec * 1000 + what.st_mtim.tv_nsec / 1000000;
        n++;
    }
    if (dir != NULL)
        closedir(dir);
    return n;
}

void sgp_answer_reports(sgp_session *session, uint64_t reply_to) {
    enum { LOOKED_AT = 4096 };
    sgp_engine *engine = session->engine;
    row *rows = malloc(LOOKED_AT * sizeof *rows);
    Sigap__V1__Report *list[REPORTS_MAX];
    Sigap__V1__ReportPage page = SIGAP__V1__REPORT_PAGE__INIT;
    page.reports = list;
    if (rows == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    size_t n = engine->settings->wall.reports[0] != '\0'
                   ? read_folder(engine->settings->wall.reports, rows, LOOKED_AT)
                   : 0;
    if (n > 0)
        qsort(rows, n, sizeof *rows, newest_first);
    for (; page.n_reports < n && page.n_reports < REPORTS_MAX; page.n_reports++) {
        rows[page.n_reports].message.name = rows[page.n_reports].name;
        list[page.n_reports] = &rows[page.n_reports].message;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_PAGE;
    frame.report_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    free(rows);
}

/* ---- one report ---------------------------------------------------------------------- */

void sgp_open_report(sgp_session *session, uint64_t reply_to, const Sigap__V1__OpenReport *asked) {
    sgp_engine *engine = session->engine;
    struct stat what;
    int fd = open_report(engine, asked->name, &what);
    if (fd < 0) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_NOT_FOUND,
                         "there is no report of that name");
        return;
    }
    close(fd);
    sgp_report_tickets *tickets = engine->wall->tickets;
    ticket *made = &tickets->items[tickets->next++ % TICKETS];
    uint8_t random[TICKET_BYTES];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(made->text, sizeof made->text, random, sizeof random);
    memcpy(made->name, asked->name, strlen(asked->name) + 1);
    made->until_ms = sgp_engine_now_ms(engine) + TICKET_MS;
    char path[sizeof report_path + TICKET_TEXT];
    snprintf(path, sizeof path, "%s%s", report_path, made->text);
    Sigap__V1__ReportOpened opened = SIGAP__V1__REPORT_OPENED__INIT;
    opened.path = path;
    opened.until_at_ms = made->until_ms;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_OPENED;
    frame.report_opened = &opened;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
}

static const ticket *find_ticket(sgp_engine *engine, const char *text) {
    const ticket *found = NULL;
    int64_t now_ms = sgp_engine_now_ms(engine);
    if (strlen(text) != TICKET_TEXT - 1)
        return NULL;
    for (int i = 0; i < TICKETS; i++) {
        const ticket *t = &engine->wall->tickets->items[i];
        if (t->until_ms > now_ms && sodium_memcmp(t->text, text, TICKET_TEXT - 1) == 0)
            found = t;
    }
    return found;
}

bool sgp_report_http(sgp_engine *engine, struct evhttp_request *request, const char *path) {
    size_t head = sizeof report_path - 1;
    if (strncmp(path, report_path, head) != 0)
        return false;
    const ticket *found = find_ticket(engine, path + head);
    struct stat what;
    int fd = found != NULL ? open_report(engine, found->name, &what) : -1;
    struct evbuffer *body = fd >= 0 ? evbuffer_new() : NULL;
    /* The buffer closes the file. */
    if (body == NULL || (what.st_size > 0 && evbuffer_add_file(body, fd, 0, what.st_size) != 0)) {
        if (body != NULL)
            evbuffer_free(body);
        if (fd >= 0)
            close(fd);
        evhttp_send_error(request, 404, "Not found");
        return true;
    }
    if (what.st_size == 0)
        close(fd);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "text/html; charset=utf-8");
    evhttp_add_header(headers, "Content-Security-Policy",
                      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                      "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox");
    evhttp_add_header(headers, "Cache-Control", "private, no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
    sgp_http_reply(request, 200, "OK", body);
    evbuffer_free(body);
    return true;
}
