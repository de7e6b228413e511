/* Errors: one enum, one table, one way of telling a person what was wrong.
 *
 * Fallible functions return sgp_err and are marked SGP_MUST_USE; results come
 * by out pointer and are untouched on error unless the function says so. Where
 * a bare code would leave the user guessing, the function also takes an
 * sgp_fault (NULL is allowed) and writes one plain sentence into it.
 *
 * Ranges: 1-99 the input was wrong, 100-199 a bound was reached, 200-299 the
 * world outside failed. A bug is an assertion, never one of these.
 */
#ifndef SIGAP_ERROR_H
#define SIGAP_ERROR_H

#if defined(__GNUC__)
#define SGP_MUST_USE __attribute__((warn_unused_result))
#define SGP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SGP_MUST_USE
#define SGP_PRINTF(text, first)
#endif

#define SGP_ERRORS(X)                                                                              \
    X(SGP_OK, 0, "OK", "done")                                                                     \
    X(SGP_E_ARGUMENT, 1, "INVALID_ARGUMENT", "an argument is missing or makes no sense")           \
    X(SGP_E_FORMAT, 2, "MALFORMED", "the input is not in the expected format")                     \
    X(SGP_E_VERSION, 3, "WRONG_VERSION", "the input was made by another version")                  \
    X(SGP_E_RANGE, 4, "OUT_OF_RANGE", "a value is outside its range")                              \
    X(SGP_E_STATE, 5, "WRONG_STATE", "not possible in the present state")                          \
    X(SGP_E_NOT_FOUND, 6, "NOT_FOUND", "no such thing")                                            \
    X(SGP_E_PERMISSION, 7, "PERMISSION_DENIED", "this role may not do that")                       \
    X(SGP_E_UNAUTHENTICATED, 8, "UNAUTHENTICATED", "the token is unknown or missing")              \
    X(SGP_E_MISMATCH, 9, "MISMATCH", "two things that belong together do not match")               \
    X(SGP_E_CORRUPT, 10, "CORRUPT", "the data is damaged")                                         \
    X(SGP_E_CONFIG, 11, "BAD_CONFIGURATION", "the configuration is wrong")                         \
    X(SGP_E_FULL, 100, "FULL", "a bound was reached")                                              \
    X(SGP_E_TOO_LARGE, 101, "TOO_LARGE", "larger than allowed")                                    \
    X(SGP_E_MEMORY, 102, "OUT_OF_MEMORY", "no memory left")                                        \
    X(SGP_E_IO, 200, "IO_ERROR", "reading or writing failed")                                      \
    X(SGP_E_DATABASE, 201, "DATABASE_ERROR", "the database failed or is away")                     \
    X(SGP_E_NETWORK, 202, "NETWORK_ERROR", "the connection failed")                                \
    X(SGP_E_CRYPTO, 203, "CRYPTO_ERROR", "encryption or decryption failed")                        \
    X(SGP_E_TIMEOUT, 204, "TIMED_OUT", "no answer in time")

typedef enum sgp_err {
#define SGP_ERROR_ENUM(code, value, name, message) code = value,
    SGP_ERRORS(SGP_ERROR_ENUM)
#undef SGP_ERROR_ENUM
} sgp_err;

/* One sentence about what went wrong; owned by the caller. */
typedef struct sgp_fault {
    sgp_err code;
    char text[256];
} sgp_fault;

/* Upper-case name for wires and logs ("NOT_FOUND"); "UNKNOWN" for other numbers. */
const char *sgp_err_str(sgp_err err);

/* The general sentence of an error. */
const char *sgp_err_message(sgp_err err);

/* The code of an upper-case name; SGP_E_FORMAT for a name that is none. */
sgp_err sgp_err_from_str(const char *name);

/* Fills `fault` (NULL: nothing) with code and a printf-formatted sentence, cut
 * to fit, and returns `code`, so that `return sgp_fail(fault, SGP_E_IO, ...)` reads well. */
sgp_err sgp_fail(sgp_fault *fault, sgp_err code, const char *format, ...) SGP_PRINTF(3, 4);

/* Program exit code for an error: 0 done, 2 usage or input error, 3 environment.
 * (1, "the answer is no", is never an error.) */
int sgp_err_exit_code(sgp_err err);

#endif
