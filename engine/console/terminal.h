/* The real terminal: puts a canvas on it, and hands on the bytes that it sends. The only file
 * that knows curses.
 *
 * Curses compares with what the terminal shows already and sends the difference only, so a clock
 * that ticks costs a few bytes over a slow line. Bytes of keys are not read by curses: see keys.h.
 *
 * One per process. SIGWINCH, SIGTERM, SIGHUP and SIGINT wake sgp_terminal_wait.
 */
#ifndef SGP_CONSOLE_TERMINAL_H
#define SGP_CONSOLE_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "console/canvas.h"

/* Takes the terminal. colours: use them where the terminal has any. SGP_E_IO: standard input or
 * output is none, or it is not known. */
sgp_err sgp_terminal_open(bool colours, sgp_fault *fault) SGP_MUST_USE;
/* Gives it back as it was; harmless when it was not taken. */
void sgp_terminal_close(void);

void sgp_terminal_size(int *rows, int *columns);
/* Was it resized since the last asking? */
bool sgp_terminal_resized(void);
/* Is the program asked to end (SIGTERM, SIGHUP)? */
bool sgp_terminal_ended(void);

/* `all`: as if nothing were known of what it shows. */
void sgp_terminal_put(const sgp_canvas *canvas, bool all);
void sgp_terminal_bell(void);

/* Waits for keys, for `fd`, for a signal, or for so long; tells whether keys are there. */
bool sgp_terminal_wait(int fd, int timeout_ms);
/* Bytes of keys; 0: none now; -1: the terminal is gone. Does not wait. */
ssize_t sgp_terminal_read(uint8_t *bytes, size_t capacity);

#endif
