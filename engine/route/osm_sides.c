/* On which side people drive, by boxes around countries: rough at land borders,
 * right for every city. */
#include "route/osm_roads.h"

typedef struct box {
    float west, south, east, north; /* degrees */
} box;

static const box left_side[] = {
    {94.9f, -11.2f, 119.0f, 7.5f},      /* Sumatra, Java, Borneo, Malaysia, Singapore */
    {119.0f, -11.2f, 141.1f, 4.9f},     /* Sulawesi to Papua, Timor-Leste */
    {112.0f, -44.0f, 141.1f, -10.6f},   /* western Australia */
    {141.0f, -48.0f, 180.0f, -0.5f},    /* Papua New Guinea, eastern Australia, New Zealand */
    {98.3f, 5.6f, 102.3f, 19.5f},       /* Thailand */
    {102.3f, 12.0f, 105.4f, 17.6f},     /* eastern Thailand */
    {68.0f, 5.8f, 92.3f, 28.5f},        /* India, Sri Lanka, Bangladesh, Nepal, Bhutan */
    {92.3f, 23.8f, 94.2f, 27.5f},       /* Assam */
    {66.7f, 23.5f, 70.0f, 29.5f},       /* Sindh */
    {70.5f, 28.0f, 79.5f, 34.9f},       /* Punjab, Kashmir */
    {129.4f, 30.0f, 135.5f, 36.5f},     /* western Japan */
    {122.9f, 24.0f, 131.4f, 30.0f},     /* Okinawa */
    {135.5f, 33.0f, 142.2f, 41.6f},     /* eastern Japan */
    {139.3f, 41.3f, 146.0f, 45.6f},     /* Hokkaido */
    {113.83f, 22.13f, 114.45f, 22.56f}, /* Hong Kong */
    {113.5f, 22.1f, 113.61f, 22.22f},   /* Macau */
    {-10.8f, 49.85f, 1.9f, 61.0f},      /* Britain, Ireland */
    {32.2f, 34.5f, 34.7f, 35.75f},      /* Cyprus */
    {14.1f, 35.7f, 14.7f, 36.1f},       /* Malta */
    {11.7f, -35.0f, 41.0f, -17.4f},     /* southern Africa */
    {22.0f, -17.4f, 41.0f, -12.5f},     /* Zambia, Mozambique */
    {31.0f, -12.5f, 41.9f, 4.2f},       /* Tanzania, Kenya, Uganda */
    {57.2f, -20.6f, 57.9f, -19.9f},     /* Mauritius */
    {-60.0f, 4.5f, -54.5f, 8.6f},       /* Guyana, Suriname */
    {-78.5f, 17.6f, -76.1f, 18.6f},     /* Jamaica */
    {-61.95f, 10.0f, -60.4f, 11.4f},    /* Trinidad and Tobago */
    {-59.7f, 13.0f, -59.4f, 13.4f},     /* Barbados */
    {-79.3f, 20.9f, -72.7f, 27.3f},     /* Bahamas */
};

/* Inside those boxes, yet on the right. */
static const box right_side[] = {
    {0.0f, 49.0f, 2.0f, 50.72f},      /* Normandy, Picardy */
    {1.45f, 50.6f, 2.6f, 51.05f},     /* Calais */
    {163.5f, -22.9f, 168.3f, -19.4f}, /* New Caledonia */
    {166.4f, -20.4f, 170.3f, -12.9f}, /* Vanuatu */
};

static bool inside(const box *boxes, size_t n, sgp_point point) {
    double lon = sgp_lon(point), lat = sgp_lat(point);
    for (size_t i = 0; i < n; i++) {
        if (lon >= (double)boxes[i].west && lon <= (double)boxes[i].east &&
            lat >= (double)boxes[i].south && lat <= (double)boxes[i].north)
            return true;
    }
    return false;
}

bool sgp_osm_drives_left(sgp_point point) {
    return inside(left_side, sizeof left_side / sizeof *left_side, point) &&
           !inside(right_side, sizeof right_side / sizeof *right_side, point);
}
