#define NCURSES_WIDECHAR 1
#include "console/terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* A signal handler has nowhere else to write to. */
static volatile sig_atomic_t resized, ended;
static bool taken, coloured;
static int wake[2] = {-1, -1};

/* What curses holds now: most cells of a big screen stay the same from one second to the next, and
 * handing each of them to curses again is what costs most there. */
static sgp_canvas held;

static void on_signal(int number) {
    int saved = errno;
    if (number == SIGWINCH)
        resized = 1;
    else
        ended = 1;
    (void)!write(wake[1], "!", 1);
    errno = saved;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGINT, SIG_IGN); /* a slip of Ctrl-C must not end a dispatcher's screen */
    signal(SIGTSTP, SIG_IGN);
}

/* Bracketed paste, so that pasted text is never taken for keys. */
static void send_text(const char *text) {
    (void)!write(STDOUT_FILENO, text, strlen(text));
}

sgp_err sgp_terminal_open(bool colours, sgp_fault *fault) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return sgp_fail(fault, SGP_E_IO, "the console needs a terminal to read from and write to");
    if (pipe2(wake, O_NONBLOCK | O_CLOEXEC) != 0)
        return sgp_fail(fault, SGP_E_IO, "no pipe for signals: %s", strerror(errno));
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (screen == NULL)
        return sgp_fail(fault, SGP_E_IO, "TERM=%s is no terminal that is known here",
                        getenv("TERM") != NULL ? getenv("TERM") : "");
    taken = true;
    raw();
    noecho();
    nonl();
    leaveok(stdscr, FALSE);
    coloured = colours && has_colors() && start_color() == OK;
    if (coloured) {
        use_default_colors();
        init_pair(SGP_INK_RED, COLOR_RED, -1);
        init_pair(SGP_INK_YELLOW, COLOR_YELLOW, -1);
        init_pair(SGP_INK_GREEN, COLOR_GREEN, -1);
        init_pair(SGP_INK_CYAN, COLOR_CYAN, -1);
        init_pair(SGP_INK_BLUE, COLOR_BLUE, -1);
    }
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    catch_signals();
    clear();
    refresh();
    send_text("\033[?2004h");
    return SGP_OK;
}

void sgp_terminal_close(void) {
    if (!taken)
        return;
    taken = false;
    send_text("\033[?2004l");
    endwin();
    sgp_canvas_free(&held);
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) & ~O_NONBLOCK);
    close(wake[0]);
    close(wake[1]);
}

void sgp_terminal_size(int *rows, int *columns) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        *rows = size.ws_row;
        *columns = size.ws_col;
        if (*rows != LINES || *columns != COLS)
            resizeterm(*rows, *columns);
    } else {
        *rows = LINES;
        *columns = COLS;
    }
}

bool sgp_terminal_resized(void) {
    bool was = resized != 0;
    resized = 0;
    return was;
}

bool sgp_terminal_ended(void) {
    return ended != 0;
}

static attr_t attributes_of(sgp_ink ink, short *pair) {
    attr_t attributes = A_NORMAL;
    *pair = coloured ? (short)(ink & SGP_INK_COLOUR) : 0;
    if (ink & SGP_INK_BOLD)
        attributes |= A_BOLD;
    if (ink & SGP_INK_REVERSE)
        attributes |= A_REVERSE;
    if (ink & SGP_INK_DIM)
        attributes |= A_DIM;
    if (ink & SGP_INK_UNDERLINE)
        attributes |= A_UNDERLINE;
    return attributes;
}

static void put_cell(int row, int column, const sgp_cell *cell) {
    wchar_t letters[SGP_CELL_BYTES];
    cchar_t one;
    short pair;
    attr_t attributes = attributes_of(cell->ink, &pair);
    if (cell->text[0] == '\0' || mbstowcs(letters, cell->text, SGP_CELL_BYTES) == (size_t)-1)
        wcscpy(letters, L" ");
    if (setcchar(&one, letters, attributes, pair, NULL) == OK)
        (void)mvadd_wch(row, column, &one);
}

static bool same_cell(const sgp_cell *a, const sgp_cell *b) {
    return a->ink == b->ink && a->width == b->width && strcmp(a->text, b->text) == 0;
}

/* A wide character and its right half go together, the old one's as well as the new one's. */
static bool changed(const sgp_cell *now, const sgp_cell *was, int column, int columns) {
    if (!same_cell(&now[column], &was[column]))
        return true;
    if (column > 0 && (now[column].width == 0 || was[column - 1].width == 2) &&
        !same_cell(&now[column - 1], &was[column - 1]))
        return true;
    return column + 1 < columns && (now[column].width == 2 || was[column + 1].width == 0) &&
           !same_cell(&now[column + 1], &was[column + 1]);
}

static bool hold(const sgp_canvas *canvas, bool all) {
    if (!all && held.rows == canvas->rows && held.columns == canvas->columns)
        return true;
    erase();
    return sgp_canvas_resize(&held, canvas->rows, canvas->columns) == SGP_OK;
}

void sgp_terminal_put(const sgp_canvas *canvas, bool all) {
    size_t columns = (size_t)canvas->columns;
    if (!hold(canvas, all))
        return; /* no memory: the next turn tries again */
    for (int row = 0; row < canvas->rows; row++) {
        const sgp_cell *now = &canvas->cells[(size_t)row * columns];
        sgp_cell *was = &held.cells[(size_t)row * columns];
        for (int column = 0; column < canvas->columns; column++)
            if (now[column].width > 0 && changed(now, was, column, canvas->columns))
                put_cell(row, column, &now[column]);
        memcpy(was, now, columns * sizeof *now);
    }
    (void)curs_set(canvas->cursor_row >= 0 ? 1 : 0);
    if (canvas->cursor_row >= 0)
        move(canvas->cursor_row, canvas->cursor_column);
    if (all)
        clearok(stdscr, TRUE);
    refresh();
}

void sgp_terminal_bell(void) {
    beep();
}

bool sgp_terminal_wait(int fd, int timeout_ms) {
    struct pollfd items[3] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = wake[0], .events = POLLIN},
                              {.fd = fd, .events = POLLIN}};
    char bytes[64];
    if (poll(items, 3, timeout_ms) <= 0)
        return false;
    if (items[1].revents != 0)
        (void)!read(wake[0], bytes, sizeof bytes);
    return items[0].revents != 0;
}

ssize_t sgp_terminal_read(uint8_t *bytes, size_t capacity) {
    ssize_t n = read(STDIN_FILENO, bytes, capacity);
    if (n > 0)
        return n;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}
