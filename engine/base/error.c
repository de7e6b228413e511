#include "sigap/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    sgp_err code;
    const char *name;
    const char *message;
} errors[] = {
#define SGP_ERROR_ROW(code, value, name, message) {code, name, message},
    SGP_ERRORS(SGP_ERROR_ROW)
#undef SGP_ERROR_ROW
};
enum { N_ERRORS = sizeof errors / sizeof *errors };

const char *sgp_err_str(sgp_err err) {
    for (int i = 0; i < N_ERRORS; i++)
        if (errors[i].code == err)
            return errors[i].name;
    return "UNKNOWN";
}

const char *sgp_err_message(sgp_err err) {
    for (int i = 0; i < N_ERRORS; i++)
        if (errors[i].code == err)
            return errors[i].message;
    return "an unknown error";
}

sgp_err sgp_err_from_str(const char *name) {
    for (int i = 0; i < N_ERRORS; i++)
        if (strcmp(errors[i].name, name) == 0)
            return errors[i].code;
    return SGP_E_FORMAT;
}

sgp_err sgp_fail(sgp_fault *fault, sgp_err code, const char *format, ...) {
    if (fault) {
        fault->code = code;
        va_list args;
        va_start(args, format);
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
    }
    return code;
}

int sgp_err_exit_code(sgp_err err) {
    if (err == SGP_OK)
        return 0;
    return (int)err < 200 ? 2 : 3;
}
