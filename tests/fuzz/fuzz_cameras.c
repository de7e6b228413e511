/* Camera files that nobody can trust.
 *
 * The first byte says whether the rest is CSV, GeoJSON, or damage done to a good one of either
 * (position, byte, ...), which gets further in than random texts do. Whatever is accepted is in
 * order, on the earth, and opens nothing but a stream; each camera is found where it stands.
 * Whatever is refused is refused with a sentence that names the file, and leaves nothing. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/camera_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char good_csv[] = "id,name,lon,lat,heading,url,owner\n"
                               "B-1,\"Simpang, utara\",112.63,-7.98,350,rtsp://cctv.example/1,D\n"
                               "A-1,Alun-alun,112.631,-7.981,,https://cctv.example/2?a=b,\n";
static const char good_json[] =
    "{\"features\": [{\"id\": \"F\", \"properties\": {\"name\": \"S\", \"heading\": 90.5,"
    " \"url\": \"http://cctv.example/\"}, \"geometry\": {\"type\": \"Point\","
    " \"coordinates\": [112.63, -7.98]}}]}";

static void need(bool holds) {
    if (!holds)
        abort();
}

static void hold_sound(const sgp_camera_set *set) {
    for (uint32_t i = 0; i < set->n && i < 64; i++) {
        const sgp_camera *camera = &set->cameras[i];
        sgp_camera_found found[64];
        sgp_err err = SGP_OK;
        need(i == 0 || strcmp(set->cameras[i - 1].id, camera->id) < 0);
        need(camera->id[0] != '\0' && camera->name[0] != '\0');
        need(camera->heading_deg >= -1 && camera->heading_deg < 360);
        need(abs(camera->point.lon_e7) <= 1800000000 && abs(camera->point.lat_e7) <= 900000000);
        need(camera->url[0] == '\0' || strncasecmp(camera->url, "http://", 7) == 0 ||
             strncasecmp(camera->url, "https://", 8) == 0 ||
             strncasecmp(camera->url, "rtsp://", 7) == 0);
        size_t n = sgp_camera_set_near(set, camera->point, 1, found, 64, &err);
        bool there = n == 64;
        for (size_t k = 0; k < n; k++)
            there = there || found[k].camera == i;
        need(err == SGP_OK && there);
    }
}

static void try_text(const char *name, const char *text) {
    sgp_camera_set set;
    sgp_fault fault = {0};
    sgp_err err = sgp_camera_set_parse(name, text, &set, &fault);
    if (err == SGP_OK)
        hold_sound(&set);
    else
        need(set.n == 0 && set.cameras == NULL && strstr(fault.text, name) != NULL);
    sgp_camera_set_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    bool is_csv = data[0] % 2 == 0, is_damage = data[0] % 4 >= 2;
    const char *good = is_csv ? good_csv : good_json;
    size_t length = is_damage ? strlen(good) : size - 1;
    char *text = malloc(length + 1);
    if (text == NULL)
        return 0;
    memcpy(text, is_damage ? good : (const char *)data + 1, length);
    for (size_t i = 1; is_damage && i + 1 < size; i += 2)
        text[data[i] % length] = (char)data[i + 1];
    text[length] = '\0';
    try_text(is_csv ? "k.csv" : "k.json", text);
    free(text);
    return 0;
}
