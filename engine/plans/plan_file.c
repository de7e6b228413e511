#include "plans/plan_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plans/plan_defaults.inc"
#include "plans/plan_parts.h"

static const struct {
    const char *file;
    const unsigned char *text;
    void (*read)(sgp_conf *conf, sgp_loaded_plan *loaded);
} parts[SGP_PLAN_PARTS] = {
    [SGP_PLAN_COMPLAINTS] = {"complaints.conf", default_complaints, sgp_read_complaints},
    [SGP_PLAN_RESPONSES] = {"plans.conf", default_plans, sgp_read_responses},
    [SGP_PLAN_SCRIPTS] = {"scripts.conf", default_scripts, sgp_read_scripts},
    [SGP_PLAN_INSTRUCTIONS] = {"instructions.conf", default_instructions, sgp_read_instructions},
    [SGP_PLAN_CLOCKS] = {"clocks.conf", default_clocks, sgp_read_clocks_file},
};

const char *sgp_plan_part_file(sgp_plan_part part) {
    return parts[part].file;
}

const char *sgp_plan_part_default(sgp_plan_part part) {
    return (const char *)parts[part].text;
}

void sgp_loaded_plan_clear(sgp_loaded_plan *loaded) {
    free(loaded->plan);
    sgp_handbook_destroy(loaded->handbook);
    *loaded = (sgp_loaded_plan){0};
}

static sgp_err parse_part(sgp_plan_part part, const sgp_plan_files *files, sgp_loaded_plan *loaded,
                          sgp_fault *fault) {
    bool given = files->text[part] != NULL;
    const char *name = given ? files->name[part] : parts[part].file;
    sgp_conf conf;
    sgp_err err =
        sgp_conf_parse(&conf, name, given ? files->text[part] : sgp_plan_part_default(part), fault);
    if (!err) {
        parts[part].read(&conf, loaded);
        err = conf.err;
    }
    sgp_conf_close(&conf);
    if (err == SGP_E_MEMORY)
        return sgp_fail(fault, err, "no memory for %s", name);
    return err;
}

sgp_err sgp_plan_parse(const sgp_plan_files *files, sgp_loaded_plan *out, sgp_fault *fault) {
    sgp_loaded_plan loaded = {.plan = sgp_plan_create(), .handbook = sgp_handbook_create()};
    sgp_err err = loaded.plan && loaded.handbook
                      ? SGP_OK
                      : sgp_fail(fault, SGP_E_MEMORY, "no memory for the plan");
    for (int part = 0; part < SGP_PLAN_PARTS && !err; part++)
        err = parse_part((sgp_plan_part)part, files, &loaded, fault);
    if (!err) {
        sgp_handbook_digest(loaded.handbook, loaded.plan, loaded.plan->texts);
        /* The readers see to all of it with line numbers; this is the core's own opinion. */
        err = sgp_plan_check(loaded.plan, fault);
    }
    if (err)
        sgp_loaded_plan_clear(&loaded);
    *out = loaded;
    return err;
}

static sgp_err read_part(const char *folder, sgp_plan_part part, sgp_plan_files *files,
                         sgp_fault *fault) {
    size_t length = strlen(folder) + strlen(parts[part].file) + 2;
    files->name[part] = malloc(length);
    if (!files->name[part])
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the plan");
    snprintf(files->name[part], length, "%s/%s", folder, parts[part].file);
    struct stat about;
    if (stat(files->name[part], &about) != 0)
        return SGP_OK; /* the one that comes with Sigap */
    return sgp_conf_read_file(files->name[part], &files->text[part], fault);
}

sgp_err sgp_plan_load(const char *folder, sgp_loaded_plan *loaded, sgp_fault *fault) {
    *loaded = (sgp_loaded_plan){0};
    sgp_plan_files files = {{NULL}, {NULL}};
    sgp_err err = SGP_OK;
    struct stat about;
    if (folder && *folder && (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode)))
        return sgp_fail(fault, SGP_E_IO, "%s: there is no such folder of plans", folder);
    for (int part = 0; folder && *folder && part < SGP_PLAN_PARTS && !err; part++)
        err = read_part(folder, (sgp_plan_part)part, &files, fault);
    if (!err)
        err = sgp_plan_parse(&files, loaded, fault);
    for (int part = 0; part < SGP_PLAN_PARTS; part++) {
        free(files.name[part]);
        free(files.text[part]);
    }
    return err;
}
