#include "apps/report_files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/options.h"
#include "base/clock.h"
#include "base/version.h"
#include "replay/report_csv.h"
#include "replay/report_html.h"

bool sgp_report_files_option(sgp_report_files *files, int option, const char *value, sgp_err *err,
                             sgp_fault *fault) {
    uint64_t number;
    switch (option) {
    case SGP_OPTION_HTML:
        files->html = value;
        return true;
    case SGP_OPTION_CSV:
        files->csv_folder = value;
        return true;
    case SGP_OPTION_ANONYMOUS:
        files->anonymous = value;
        return true;
    case SGP_OPTION_ANONYMOUS_K:
        if (sgp_number_parse(value, SGP_ANONYMOUS_K_MAX, &number) && number >= 2)
            files->anonymity.k = (uint32_t)number;
        else
            *err = sgp_fail(fault, SGP_E_ARGUMENT, "--anonymous-k wants 2 to %d, not \"%s\"",
                            SGP_ANONYMOUS_K_MAX, value);
        return true;
    default:
        return false;
    }
}

/* What is written here names places of calls: for the owner alone. */
static sgp_err open_csv(const sgp_report_files *files, const char *name, sgp_new_file *file,
                        sgp_fault *fault) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", files->csv_folder, name) >= (int)sizeof path)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the name of the folder is too long");
    return sgp_new_file_open(file, path, SGP_NEW_FILE_PRIVATE, fault);
}

static sgp_err open_folder(sgp_report_files *files, sgp_fault *fault) {
    if (mkdir(files->csv_folder, 0700) != 0 && errno != EEXIST)
        return sgp_fail(fault, SGP_E_IO, "the folder %s cannot be made: %s", files->csv_folder,
                        strerror(errno));
    sgp_err err = open_csv(files, "calls.csv", &files->calls, fault);
    if (err == SGP_OK)
        err = open_csv(files, "jobs.csv", &files->jobs, fault);
    if (err == SGP_OK)
        err = open_csv(files, "candidates.csv", &files->candidates, fault);
    return err;
}

static sgp_err add_rows(sgp_report_files *files, const sgp_run *run, sgp_fault *fault) {
    bool first = files->calls.stream == NULL;
    sgp_err err = first ? open_folder(files, fault) : SGP_OK;
    if (err != SGP_OK)
        return err;
    err = sgp_csv_calls(run, first, files->calls.stream);
    if (err == SGP_OK)
        err = sgp_csv_jobs(run, first, files->jobs.stream);
    if (err == SGP_OK)
        err = sgp_csv_candidates(run, first, files->candidates.stream);
    if (err == SGP_OK)
        return SGP_OK;
    return sgp_fail(fault, err, "the rows of %s could not be written", files->csv_folder);
}

/* Keeps it where all went well. */
static sgp_err close_file(sgp_new_file *file, sgp_err err, sgp_fault *fault) {
    if (err == SGP_OK)
        return sgp_new_file_keep(file, fault);
    sgp_new_file_drop(file);
    return err == SGP_E_IO ? sgp_fail(fault, err, "%s could not be written", file->path) : err;
}

static sgp_err write_anonymous(sgp_report_files *files, const sgp_run *run, sgp_fault *fault) {
    sgp_new_file out;
    sgp_err err = sgp_new_file_open(&out, files->anonymous, SGP_NEW_FILE_PRIVATE, fault);
    if (err != SGP_OK)
        return err;
    err = sgp_anonymous_calls(run, &files->anonymity, out.stream, &files->anonymous_count, fault);
    files->anonymous_written = err == SGP_OK;
    return close_file(&out, err, fault);
}

sgp_err sgp_report_files_add(sgp_report_files *files, const sgp_run *run, sgp_fault *fault) {
    /* The comparison checks the run, which the writers of rows rely on. */
    sgp_err err = sgp_comparison_add_run(&files->comparison, run, fault);
    if (err == SGP_OK && files->csv_folder != NULL)
        err = add_rows(files, run, fault);
    if (err == SGP_OK && files->anonymous != NULL && !files->anonymous_written)
        err = write_anonymous(files, run, fault);
    return err;
}

static sgp_err write_tables(sgp_report_files *files, sgp_fault *fault) {
    sgp_new_file out, *const rows[] = {&files->calls, &files->jobs, &files->candidates};
    sgp_err err = open_csv(files, "tables.csv", &out, fault);
    if (err == SGP_OK)
        err = close_file(&out, sgp_csv_tables(&files->comparison, out.stream), fault);
    if (err == SGP_OK)
        err = open_csv(files, "outcomes.csv", &out, fault);
    if (err == SGP_OK)
        err = close_file(&out, sgp_csv_outcomes(&files->comparison, out.stream), fault);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && err == SGP_OK; i++)
        if (rows[i]->stream != NULL)
            err = sgp_new_file_keep(rows[i], fault);
    return err;
}

static sgp_err write_page(const sgp_report_files *files, sgp_fault *fault) {
    char made_by[96];
    snprintf(made_by, sizeof made_by, "sigap %s (%s)", sgp_version(), sgp_commit());
    sgp_html_options options = {.language = files->language == SGP_ENGLISH ? "en" : "id",
                                .map = files->map,
                                .made_at_ms = sgp_wall_ms(),
                                .made_by = made_by};
    sgp_new_file out;
    sgp_err err = sgp_new_file_open(&out, files->html, SGP_NEW_FILE_PRIVATE, fault);
    if (err != SGP_OK)
        return err;
    return close_file(&out, sgp_report_html(&files->comparison, &options, out.stream, fault),
                      fault);
}

static void tell_anonymous(const sgp_report_files *files) {
    const sgp_anonymous_count *count = &files->anonymous_count;
    char text[512], published[16], calls[16], left[16], without[16], withheld[16], k[16];
    snprintf(published, sizeof published, "%" PRIu32, count->n_published);
    snprintf(calls, sizeof calls, "%" PRIu32, count->n_calls);
    snprintf(left, sizeof left, "%" PRIu32, count->n_left_out);
    snprintf(without, sizeof without, "%" PRIu32, count->n_without_place);
    snprintf(withheld, sizeof withheld, "%" PRIu32, count->n_complaints_withheld);
    snprintf(k, sizeof k, "%" PRIu32, files->anonymity.k == 0 ? 5 : files->anonymity.k);
    fprintf(stderr, "%s\n",
            sgp_text_fill(text, sizeof text, files->language, SGP_TEXT_REPORT_ANONYMOUS, "file",
                          files->anonymous, "published", published, "calls", calls, "k", k, "left",
                          left, "without", without, "withheld", withheld, NULL));
}

sgp_err sgp_report_files_finish(sgp_report_files *files, sgp_fault *fault) {
    sgp_err err = files->csv_folder != NULL ? write_tables(files, fault) : SGP_OK;
    if (err == SGP_OK && files->html != NULL)
        err = write_page(files, fault);
    if (err == SGP_OK && files->anonymous_written)
        tell_anonymous(files);
    return err;
}

void sgp_report_files_free(sgp_report_files *files) {
    sgp_new_file_drop(&files->calls);
    sgp_new_file_drop(&files->jobs);
    sgp_new_file_drop(&files->candidates);
    sgp_comparison_free(&files->comparison);
}
